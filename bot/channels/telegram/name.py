"""The bot's name on Telegram, asked without starting the channel."""

from __future__ import annotations

from datetime import datetime

from bot.channels.telegram.channel import Telegram
from bot.channels.telegram.errors import BadToken
from bot.channels.telegram.requests import BadProxy
from bot.settings import Settings
from handlers.conversation.incoming import Incoming, Progress
from scheduler.delivery import DeliveryError

TIMEOUT = 5.0  # seconds


async def ask_bot_name(settings: Settings) -> str | None:
    """Return the bot's name (without @), or None if there is no token or Telegram gives no name."""
    try:
        return await probe_bot_name(settings)
    except (BadToken, BadProxy, DeliveryError):
        return None  # the code alone is enough to join; `check` says what is wrong


async def probe_bot_name(settings: Settings) -> str | None:
    """Return the bot's name, or None if there is no token.

    Raises BadToken, BadProxy or a DeliveryError.
    """
    if settings.telegram_bot_token is None:
        return None
    channel = Telegram(
        settings.telegram_bot_token.get_secret_value(),
        _ignore_message,
        lambda: datetime.now(settings.zone),
        api_url=settings.telegram_api_url,
        proxy=settings.telegram_proxy.get_secret_value() if settings.telegram_proxy else None,
    )
    return await channel.probe(TIMEOUT)


async def _ignore_message(_: Incoming, __: Progress) -> None:
    """Do nothing: the channel is only asked who the bot is; it takes no messages."""
