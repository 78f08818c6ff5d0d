"""The Telegram channel as the settings want it: to be started, or only asked for the bot's name."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

from bot.channels.channel import ServiceParts, StartFault
from bot.channels.telegram.channel import Telegram
from bot.channels.webhook import PostingAddress, derive_secret
from bot.settings import Settings
from handlers.conversation.incoming import Incoming, Progress
from locales.answer import say
from scheduler.delivery import DeliveryError

GROUP_COMMANDS = ("congviec", "nhiemvu", "han", "quahan", "tiendo", "tim", "toi", "help")
"""Commands in the menu of chats that are not private, with messages `menu-...`."""

SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105  # a header's name
TIMEOUT = 5.0  # seconds


def make_telegram(parts: ServiceParts) -> Telegram | None:
    """Return the channel, or None if there is no token. Raises StartFault."""
    settings, context = parts.settings, parts.context
    if settings.telegram_bot_token is None:
        return None

    def keep_bot_name(name: str) -> None:  # invitations made in chat then hold a link
        context.options = replace(context.options, bot_name=name)

    token = settings.telegram_bot_token.get_secret_value()
    address = _find_posting_address(settings, token)
    channel = Telegram(
        token,
        parts.respond,
        parts.now,
        **_list_connection_options(settings),
        rate=settings.send_rate,
        commands=[(name, say(f"menu-{name}")) for name in _list_commands(settings)],
        database=context.database,
        lease=settings.send_lease,
        on_named=keep_bot_name,
        webhook=address,
    )
    if address is not None:
        parts.webhooks.append(address.make_webhook(SECRET_HEADER, channel.save_update))
    return channel


def _find_posting_address(settings: Settings, token: str) -> PostingAddress | None:
    """Return the webhook that is set, None to poll. Raises StartFault if nothing would serve it."""
    url, secret = settings.telegram_webhook_url, settings.telegram_webhook_secret
    if not url:
        return None
    if settings.web_listen is None:
        raise StartFault(say("webhook-needs-listen"))
    derived = derive_secret(token, "telegram-webhook")
    return PostingAddress(url, secret.get_secret_value() if secret is not None else derived)


def _list_commands(settings: Settings) -> tuple[str, ...]:
    if settings.web_listen is None:
        return GROUP_COMMANDS
    return (*GROUP_COMMANDS[:-1], "web", GROUP_COMMANDS[-1])


async def ask_bot_name(settings: Settings) -> str | None:
    """Return the bot's name (without @), or None if there is no token or Telegram gives no name."""
    try:
        return await probe_bot_name(settings)
    except (StartFault, DeliveryError):
        return None  # the code alone is enough to join; `check` says what is wrong


async def probe_bot_name(settings: Settings) -> str | None:
    """Return the bot's name, or None if there is no token. Raises StartFault or a DeliveryError."""
    if settings.telegram_bot_token is None:
        return None
    channel = Telegram(
        settings.telegram_bot_token.get_secret_value(),
        _ignore_message,
        lambda: datetime.now(settings.zone),
        **_list_connection_options(settings),
    )
    return await channel.probe(TIMEOUT)


def _list_connection_options(settings: Settings) -> dict[str, Any]:
    proxy = settings.telegram_proxy
    return {
        "api_url": settings.telegram_api_url,
        "proxy": proxy.get_secret_value() if proxy else None,
    }


async def _ignore_message(_: Incoming, __: Progress) -> None:
    """Do nothing: the channel is only asked who the bot is; it takes no messages."""
