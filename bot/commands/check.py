"""`check`: whether settings, registry and tokens work, and what to do if they do not."""

from __future__ import annotations

from dataclasses import dataclass

import migrations
from bot.channels.channel import StartFault
from bot.channels.telegram.start import probe_bot_name
from bot.settings import Settings
from locales.answer import Sentence, say
from migrations.upgrade import read_revision
from models.storage.database import Database
from models.storage.faults import RegistryError
from scheduler.delivery import DeliveryError


@dataclass(frozen=True)
class Finding:
    """One thing looked at, whether it is good, and the sentence that says so."""

    name: str
    good: bool
    sentence: Sentence


async def run_checks(settings: Settings) -> list[Finding]:
    """Look at everything; change nothing."""
    findings = [Finding("settings", True, say("check-settings"))]
    findings.append(await _check_registry(settings))
    findings.append(await _check_telegram(settings))
    return findings


async def _check_registry(settings: Settings) -> Finding:
    database = Database(settings.database_url.get_secret_value())
    try:
        revision = await read_revision(database)
    except RegistryError as error:
        return Finding("database", False, say(error.message_id, detail=error.detail))
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
    try:
        name = await probe_bot_name(settings)
    except StartFault as error:
        return Finding("telegram", False, error.sentence)
    except DeliveryError:
        return Finding("telegram", False, say("check-no-answer"))
    if name is None:
        return Finding("telegram", True, say("check-no-token"))
    return Finding("telegram", True, say("check-telegram", name=name))
