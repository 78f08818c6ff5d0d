"""A message as every channel hands it in. It knows no types of a channel."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Literal

from language.text import drop_controls
from locales.answer import Answer, say
from locales.user_error import UserError
from scheduler.delivery import DeliveryError

_log = logging.getLogger(__name__)

ChatKind = Literal["private", "group"]
Event = Literal["added", "removed", "moved", "blocked", "unblocked"]
LONGEST_MESSAGE = 4096  # characters of one message that are read


@dataclass(frozen=True, slots=True)
class IncomingFile:
    """A file that somebody sent: its name, size in bytes, and how to fetch its content.

    `fetch` raises a DeliveryError if the channel does not give it. `picture`: a photo, which is
    never read as a plan.
    """

    name: str
    size: int
    fetch: Callable[[], Awaitable[bytes]]
    picture: bool = False

    async def load_content(self) -> bytes:
        """Return the content. Raises UserError if the channel does not give it."""
        try:
            return await self.fetch()
        except DeliveryError as error:
            _log.warning("a file cannot be fetched: %s", error)
            raise UserError(say("file-not-fetched")) from error


@dataclass(slots=True)
class Receipt:
    """What became of a message from the inbox.

    `changed`: it changed the registry. `menu`: the commands that fit the sender's roles since, for
    a channel that shows them in a private chat; empty for the channel's own, None for a group.
    """

    changed: bool = False
    menu: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class Incoming:
    """One message, press of a button, file or event of a chat.

    `chat` and `sender` are the channel's own addresses as strings. `text` is as typed, a command
    with its slash and without the bot's name; `action` is that of a pressed button. A channel hands
    in only what is meant for the bot: a command, a mention of it, a reply to it, or any private
    message. `event`: the bot was added to a group, removed, the group moved to `moved_to`, or a
    person blocked or unblocked the bot.
    `update` is unique for a channel, so that one that comes twice is recognised. `now` is zoned;
    `sent_at` is the channel's own time of the message, if it has one. `receipt`: the message comes
    from the inbox, which tries again if the registry fails. `edited`: it corrects the message with
    the same id. `takes_files`: files can be sent in answer to it.
    """

    channel: str
    chat: str
    chat_kind: ChatKind
    chat_title: str
    sender: str
    sender_name: str
    now: datetime
    text: str = ""
    action: str | None = None
    file: IncomingFile | None = None
    other: bool = False  # a sticker, photo, voice ...: nothing that can be read
    # The channel's id of the message, or of the one that holds the pressed button.
    message: str | None = None
    topic: str | None = None
    event: Event | None = None
    moved_to: str | None = None
    update: str | None = None
    sent_at: datetime | None = None
    edited: bool = False
    after_gap: bool = False
    takes_files: bool = True
    receipt: Receipt | None = field(default=None, compare=False)

    def clean_words(self) -> Incoming:
        """Return the message with its words as they may be stored and shown.

        This is where text of people comes in: names and words lose controls, direction marks and
        half characters, and no message is longer than LONGEST_MESSAGE.
        """
        file = self.file
        return replace(
            self,
            text=drop_controls(self.text[:LONGEST_MESSAGE]).strip(),
            sender_name=drop_controls(self.sender_name).strip(),
            chat_title=drop_controls(self.chat_title).strip(),
            file=replace(file, name=drop_controls(file.name)) if file is not None else None,
        )

    @property
    def said_at(self) -> datetime:
        """Return when the message was sent, never later than now."""
        return min(self.sent_at, self.now) if self.sent_at is not None else self.now


Progress = Callable[[Answer], Awaitable[None]]
"""Show how far long work is; each answer takes the place of the last one."""

Respond = Callable[[Incoming, Progress], Awaitable[Answer | None]]
"""The router, as a channel sees it: None if the bot stays silent."""


async def ignore_progress(_: Answer) -> None:
    """Do nothing: nobody watches."""
