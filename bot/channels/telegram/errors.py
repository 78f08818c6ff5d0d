"""What a failure of Telegram means for a delivery (docs/dev/reminders.md)."""

from __future__ import annotations

from telegram.error import (
    BadRequest,
    ChatMigrated,
    EndPointNotFound,
    Forbidden,
    InvalidToken,
    NetworkError,
    TelegramError,
)

from bot import logs
from bot.channels.channel import StartFault
from bot.channels.telegram.requests import FloodError, RequestUnsent, ServerBroken
from locales.answer import say
from scheduler.delivery import (
    BadMarkup,
    DeliveryError,
    Moved,
    NotDelivered,
    Rejected,
    ServerFault,
    TooFast,
    TopicMissing,
    Uncertain,
    Unreachable,
)

# What the server's 400 means, by a piece of its description in lower case; others are Rejected.
REFUSALS: tuple[tuple[str, type[DeliveryError]], ...] = (
    ("message thread not found", TopicMissing),
    ("topic_closed", TopicMissing),
    ("topic_deleted", TopicMissing),
    ("can't parse entities", BadMarkup),
    ("chat not found", Unreachable),
    ("peer_id_invalid", Unreachable),
    ("user not found", Unreachable),
    ("group chat was deactivated", Unreachable),
    ("not enough rights to send", Unreachable),
    ("have no rights to send", Unreachable),
    ("chat_write_forbidden", Unreachable),
    ("chat_restricted", Unreachable),
)


class BadToken(StartFault):
    """The server does not accept the bot's token, so trying again cannot help."""

    def __init__(self) -> None:
        super().__init__(say("telegram-bad-token"))


def to_delivery_error(error: TelegramError) -> DeliveryError:
    """Return the library's `error` as one of `scheduler.delivery`."""
    if isinstance(error, FloodError):
        return TooFast(error.seconds)
    if isinstance(error, ChatMigrated):
        return Moved(str(error.new_chat_id))
    return _choose_kind(error)(logs.mask_secrets(str(error)))


def _choose_kind(error: TelegramError) -> type[DeliveryError]:
    if isinstance(error, Forbidden):
        return Unreachable
    if isinstance(error, BadRequest):
        description = str(error).lower()
        return next((kind for piece, kind in REFUSALS if piece in description), Rejected)
    if isinstance(error, RequestUnsent | InvalidToken | EndPointNotFound):
        return NotDelivered
    if isinstance(error, ServerBroken):
        return ServerFault
    if isinstance(error, NetworkError) and error.__cause__ is None:
        return Rejected  # an HTTP answer that is neither 2xx, 400 nor 5xx
    return Uncertain
