"""Reading events: what the platform hands over becomes an `Incoming`, as every channel makes it."""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from bot.channels.inbox_item import InboxItem
from bot.channels.zalo.client import ZaloClient
from handlers.conversation.incoming import Incoming, IncomingFile
from models.inbox import LONGEST_BODY, NewUpdate

CHANNEL = "zalo"  # name of the channel in the registry
PICTURE = "anh.jpg"  # name of a picture's file; Zalo gives it none
GROUP = "GROUP"
TEXT, IMAGE = "message.text.received", "message.image.received"
LONGEST_ID = 200  # characters of an id or name that are kept

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class ZaloMessage:
    """One message as it was read from an event."""

    id: str
    chat: str
    is_group: bool
    sender: str
    sender_name: str
    date: datetime | None
    event: str
    text: str = ""
    picture: str | None = None


@dataclass(slots=True)
class EventReader:
    """Reads the events of one bot; `names` are its own, by which groups call it.

    `takes_files`: files can be handed out in answer.
    """

    client: ZaloClient
    clock: Callable[[], datetime]
    takes_files: bool = True
    names: tuple[str, ...] = field(default=())

    def make_new_update(self, raw: Any) -> NewUpdate | None:
        """Return an event as the inbox stores it; None if it holds no message."""
        message = read_message(raw)
        if message is None:
            _log.warning("an event without a message is left out")
            return None
        body = dict(raw) if len(json.dumps(raw)) <= LONGEST_BODY else {}
        sent_at = None
        if message.date is not None:
            sent_at = self.clock() - max(datetime.now(UTC) - message.date, timedelta())
        return NewUpdate(
            f"{message.chat}:{message.id}",
            message.chat,
            message.sender,
            message.id,
            body,
            sent_at,
        )

    def read_stored(self, item: InboxItem) -> Incoming | None:
        """Return what a stored event says; None if it cannot be read."""
        message = read_message(item.body)
        if message is None:
            return None
        now = self.clock()
        picture = message.picture
        return Incoming(
            channel=CHANNEL,
            chat=message.chat,
            chat_kind="group" if message.is_group else "private",
            chat_title="" if message.is_group else message.sender_name,
            sender=message.sender,
            sender_name=message.sender_name,
            now=now,
            text=self._strip_own_name(message),
            file=IncomingFile(PICTURE, 0, lambda: self.client.fetch_picture(picture), picture=True)
            if picture
            else None,
            other=message.event not in (TEXT, IMAGE),
            message=message.id,
            update=f"{message.chat}:{message.id}",
            takes_files=self.takes_files,
            sent_at=(item.sent_at or item.received_at).astimezone(now.tzinfo),
        )

    def _strip_own_name(self, message: ZaloMessage) -> str:
        """Return the text without the mention that a group calls the bot by."""
        text = message.text
        if message.is_group:
            for name in self.names:
                text = re.sub(rf"@{re.escape(name)}(?!\w)", " ", text, flags=re.IGNORECASE)
        return text.strip()


def read_message(raw: Any) -> ZaloMessage | None:
    """Return the message of an event, in a webhook's envelope or without; None if it has none."""
    event = raw.get("result", raw) if isinstance(raw, Mapping) else None
    message = event.get("message") if isinstance(event, Mapping) else None
    if not isinstance(event, Mapping) or not isinstance(message, Mapping):
        return None
    chat, sender = message.get("chat"), message.get("from")
    if not isinstance(chat, Mapping) or not isinstance(sender, Mapping):
        return None
    number, chat_id, sender_id = (
        _read_id(value) for value in (message.get("message_id"), chat.get("id"), sender.get("id"))
    )
    if not number or not chat_id or not sender_id or sender.get("is_bot") is True:
        return None
    is_image = event.get("event_name") == IMAGE
    text = message.get("caption") if is_image else message.get("text")
    picture = message.get("photo") if is_image else None
    name = sender.get("display_name") or sender.get("name") or ""
    return ZaloMessage(
        number,
        chat_id,
        chat.get("chat_type") == GROUP,
        sender_id,
        str(name)[:LONGEST_ID],
        read_date(message.get("date")),
        str(event.get("event_name", "")),
        text if isinstance(text, str) else "",
        picture if isinstance(picture, str) else None,
    )


def _read_id(value: Any) -> str:
    """Return an id as text; empty if it is none."""
    if isinstance(value, bool) or not isinstance(value, str | int):
        return ""
    return str(value)[:LONGEST_ID]


def read_date(value: Any) -> datetime | None:
    """Return the moment of milliseconds since 1970; None if the value is no such moment."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    try:
        return datetime.fromtimestamp(value / 1000, UTC)
    except (OverflowError, OSError, ValueError):
        return None
