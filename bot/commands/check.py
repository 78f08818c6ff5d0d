"""`check`: what of the settings, the database and the tokens does not work, and what to do about it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import migrations
from bot.settings import Settings
from handlers.conversation.incoming import Incoming, Progress
from locales.answer import Sentence, say
from migrations.upgrade import read_revision
from models.storage.database import Database, RegistryUnreachable

TIMEOUT = 5.0  # seconds for each look


@dataclass(frozen=True)
class Finding:
    """One thing looked at, whether it is good, and the sentence that says so."""

    name: str
    good: bool
    sentence: Sentence


async def run_checks(settings: Settings) -> list[Finding]:
    """Looks at everything; changes nothing."""
    findings = [Finding("settings", True, say("check-settings"))]
    findings.append(await _check_registry(settings))
    findings.append(await _check_telegram(settings))
    return findings


async def _check_registry(settings: Settings) -> Finding:
    database = Database(settings.database_url.get_secret_value(), create=False)
    try:
        revision = await read_revision(database)
    except RegistryUnreachable:
        return Finding("database", False, say("registry-unreachable"))
    finally:
        await database.close()
    if revision is None:
        return Finding("database", True, say("check-registry-empty"))
    if revision not in migrations.REVISIONS:
        return Finding("database", False, say("registry-too-new", detail=revision))
    if revision != migrations.HEAD:
        return Finding("database", True, say("check-registry-old", revision=revision))
    return Finding(
        "database",
        True,
        say("check-registry", kind="SQLite" if database.is_sqlite else "PostgreSQL"),
    )


async def _check_telegram(settings: Settings) -> Finding:
    if settings.telegram_bot_token is None:
        return Finding("telegram", True, say("check-no-token"))
    from bot.channels.telegram.channel import BadProxy, BadToken
    from scheduler.delivery import DeliveryError

    try:
        name = await _probe_name(settings, settings.telegram_bot_token.get_secret_value())
    except BadToken:
        return Finding("telegram", False, say("telegram-bad-token"))
    except BadProxy as fault:
        return Finding("telegram", False, say("plain", text=str(fault)))
    except DeliveryError:
        return Finding("telegram", False, say("check-no-answer"))
    return Finding("telegram", True, say("check-telegram", name=name))


async def ask_bot_name(settings: Settings) -> str | None:
    """The bot's name on Telegram; None without a token or where Telegram does not tell it now."""
    if settings.telegram_bot_token is None:
        return None
    from bot.channels.telegram.channel import BadProxy, BadToken
    from scheduler.delivery import DeliveryError

    try:
        return await _probe_name(settings, settings.telegram_bot_token.get_secret_value())
    except (BadToken, BadProxy, DeliveryError):
        return None  # the code alone is enough to join; `check` says what is wrong


async def _probe_name(settings: Settings, token: str) -> str:
    from bot.channels.telegram.channel import Telegram

    proxy = settings.telegram_proxy.get_secret_value() if settings.telegram_proxy else None
    channel = Telegram(
        token,
        _ignore_message,
        lambda: datetime.now(settings.zone),
        api_url=settings.telegram_api_url,
        proxy=proxy,
    )
    return await channel.probe(TIMEOUT)


async def _ignore_message(_: Incoming, __: Progress) -> None:
    """The channel is only asked who the bot is; it takes no messages."""
