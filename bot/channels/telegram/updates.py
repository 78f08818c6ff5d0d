"""Reading updates: what the library hands over becomes an `Incoming`, as every channel makes it."""

from __future__ import annotations

import json
import logging
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from telegram import (
    Bot,
    CallbackQuery,
    Chat,
    ChatMember,
    ChatMemberRestricted,
    ChatMemberUpdated,
    Message,
    MessageEntity,
    Update,
    User,
)
from telegram.error import TelegramError

from bot.channels.inbox_item import InboxItem
from bot.channels.telegram import CHANNEL
from bot.channels.telegram.errors import to_delivery_error
from bot.channels.telegram.requests import UPLOAD_SECONDS
from handlers.conversation.incoming import LONGEST_MESSAGE, Event, Incoming, IncomingFile
from models.inbox import LONGEST_BODY, NewUpdate

PHOTO = "anh.jpg"  # name of a photo's file; Telegram gives it none
KEPT_OF_LONG = ("message_id", "date", "chat", "from", "message_thread_id", "is_topic_message")
"""Parts of a message that are stored if the whole is too long."""

_log = logging.getLogger(__name__)


class UpdateReader:
    """Reads the updates of one bot; `me` is its own account, None until the server named it."""

    def __init__(self, bot: Bot, clock: Callable[[], datetime]) -> None:
        self.me: User | None = None
        self._bot = bot
        self._clock = clock

    def make_new_update(
        self, raw: Mapping[str, Any], gap_start: datetime | None = None
    ) -> NewUpdate:
        """Return an update as the inbox stores it, also one that the library cannot read.

        A press has no time of its own: one that came after a gap counts from `gap_start`.
        """
        number = str(raw["update_id"])
        try:
            update = Update.de_json(dict(raw), self._bot)
            chat, user, message = (
                update.effective_chat,
                update.effective_user,
                update.effective_message,
            )
        except Exception:  # a new or broken kind of update must not stop all others
            _log.exception("update %s cannot be read", number)
            return NewUpdate(number, "", "", None, {}, None)
        said = message.edit_date or message.date if message is not None else None
        if update.callback_query is not None:  # the message is the one that holds the button
            said, message = None, None
        sent_at = self._clock() - max(datetime.now(UTC) - said, timedelta()) if said else None
        is_press = update.callback_query is not None
        return NewUpdate(
            number,
            str(chat.id) if chat is not None else "",
            str(user.id) if user is not None else "",
            str(message.message_id) if message is not None else None,
            _shorten_body(raw) if chat is not None else {},
            gap_start if is_press else sent_at,
            after_gap=is_press and gap_start is not None,
        )

    def read_stored(self, item: InboxItem) -> tuple[Update, Incoming | None]:
        """Return a stored update, and what it says; None if it is not meant for the bot."""
        update = Update.de_json(dict(item.body or {}), self._bot)
        incoming = self.read_update(update)
        if incoming is None:
            return update, None
        sent_at = item.sent_at or item.received_at
        edited = update.edited_message is not None
        return update, replace(
            incoming,
            sent_at=sent_at.astimezone(incoming.now.tzinfo),
            edited=edited,
            after_gap=item.after_gap,
        )

    def read_update(self, update: Update) -> Incoming | None:
        """Return `update` as an `Incoming`; None if it is not meant for the bot."""
        if update.callback_query is not None:
            return self._read_press(update.callback_query, update)
        if update.my_chat_member is not None:
            return self._read_membership(update.my_chat_member, update)
        message = update.effective_message
        if message is None:
            return None
        if message.migrate_to_chat_id:
            moved_to = str(message.migrate_to_chat_id)
            return self._make_incoming(update, message.chat, event="moved", moved_to=moved_to)
        return self._read_message(message, update)

    def _make_incoming(self, update: Update, chat: Chat, **more: Any) -> Incoming:
        user, message = update.effective_user, update.effective_message
        hidden = message.sender_chat if message is not None else None
        if hidden is not None and update.callback_query is None:
            # an anonymous admin: the user's account is one that all of them share
            sender, name = str(hidden.id), hidden.effective_name or ""
        elif user is not None:
            sender, name = str(user.id), user.full_name
        else:
            sender, name = str(chat.id), ""
        return Incoming(
            channel=CHANNEL,
            chat=str(chat.id),
            chat_kind="private" if chat.type == Chat.PRIVATE else "group",
            chat_title=chat.effective_name or "",
            sender=sender,
            sender_name=name,
            now=self._clock(),
            update=str(update.update_id),
            **more,
        )

    def _read_press(self, query: CallbackQuery, update: Update) -> Incoming | None:
        if query.message is None or query.data is None:
            return None
        return self._make_incoming(
            update,
            query.message.chat,
            action=query.data,
            message=str(query.message.message_id),
            topic=_read_topic(query.message if isinstance(query.message, Message) else None),
        )

    def _read_membership(self, change: ChatMemberUpdated, update: Update) -> Incoming | None:
        before, now = _is_member(change.old_chat_member), _is_member(change.new_chat_member)
        if before == now:
            return None
        events: dict[tuple[bool, bool], Event] = {
            (True, True): "unblocked",
            (True, False): "blocked",
            (False, True): "added",
            (False, False): "removed",
        }
        event = events[change.chat.type == Chat.PRIVATE, now]
        return self._make_incoming(update, change.chat, event=event)

    def _read_message(self, message: Message, update: Update) -> Incoming | None:
        typed = message.text if message.text is not None else message.caption or ""
        attachment = message.effective_attachment is not None
        if not typed and not attachment and message.text is None:
            return None  # a service message: somebody joined, a title changed ...
        text, for_bot = self._strip_bot_name(message, typed)
        if not for_bot:
            return None
        file = self._read_file(message)
        return self._make_incoming(
            update,
            message.chat,
            text=text,
            file=file,
            other=attachment and file is None and not text,
            message=str(message.message_id),
            topic=_read_topic(message),
        )

    def _read_file(self, message: Message) -> IncomingFile | None:
        """Return the document or photo of the message, the photo in its largest size."""
        if message.document is not None:
            document = message.document
            fetch = self._make_fetch(document.file_id)
            return IncomingFile(document.file_name or "", document.file_size or 0, fetch)
        if message.photo:
            largest = message.photo[-1]
            fetch = self._make_fetch(largest.file_id)
            return IncomingFile(PHOTO, largest.file_size or 0, fetch, picture=True)
        return None

    def _make_fetch(self, file_id: str) -> Callable[[], Awaitable[bytes]]:
        async def download_file() -> bytes:
            try:
                file = await self._bot.get_file(file_id)
                return bytes(await file.download_as_bytearray(read_timeout=UPLOAD_SECONDS))
            except TelegramError as error:
                raise to_delivery_error(error) from None

        return download_file

    def _strip_bot_name(self, message: Message, typed: str) -> tuple[str, bool]:
        """Return the text without the bot's name, and whether it is meant for the bot."""
        name = f"@{(self.me.username if self.me else None) or ''}".lower()
        text, for_bot = typed, message.chat.type == Chat.PRIVATE
        if typed.startswith("/"):
            command, blank, rest = _split_command(typed)
            word, at, to = command.partition("@")
            if at + to and (at + to).lower() != name:
                return typed, False
            text, for_bot = word + blank + rest, True
        else:
            kinds: list[str | None] = [MessageEntity.MENTION]
            mentions = message.parse_entities(kinds) or message.parse_caption_entities(kinds)
            for mention in mentions.values():
                if mention.lower() == name:
                    text, for_bot = text.replace(mention, " ").strip(), True
        return text, for_bot or self._has_mention(message) or self._is_reply_to_bot(message)

    def _has_mention(self, message: Message) -> bool:
        """Whether a mention without a username (a link to the account) is one of the bot."""
        entities = (*message.entities, *message.caption_entities)
        return any(self._is_me(entity.user) for entity in entities)

    def _is_reply_to_bot(self, message: Message) -> bool:
        """Whether the message replies to the bot.

        In a topic every message replies to the note that opened the topic; that is no reply.
        """
        to = message.reply_to_message
        return to is not None and to.forum_topic_created is None and self._is_me(to.from_user)

    def _is_me(self, user: User | None) -> bool:
        return user is not None and self.me is not None and user.id == self.me.id


def _shorten_body(raw: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return an update without what makes it too long to be stored: who wrote what stays."""
    if len(json.dumps(raw)) <= LONGEST_BODY:
        return raw
    kept = {"update_id": raw["update_id"]}
    for kind in ("message", "edited_message"):
        if isinstance(message := raw.get(kind), dict):
            short = {key: message[key] for key in KEPT_OF_LONG if key in message}
            kept[kind] = {**short, "text": str(message.get("text", ""))[:LONGEST_MESSAGE]}
    return kept if len(json.dumps(kept)) <= LONGEST_BODY else {}


def _read_topic(message: Message | None) -> str | None:
    """Return the forum topic of a message; a thread of replies outside a forum is none."""
    if message is None or not message.is_topic_message or message.message_thread_id is None:
        return None
    return str(message.message_thread_id)


def _is_member(member: ChatMember) -> bool:
    if isinstance(member, ChatMemberRestricted):
        return member.is_member
    return member.status not in (ChatMember.LEFT, ChatMember.BANNED)


def _split_command(typed: str) -> tuple[str, str, str]:
    """Return a command, the blank behind it, and the rest."""
    for place, character in enumerate(typed):
        if character.isspace():
            return typed[:place], character, typed[place + 1 :]
    return typed, "", ""
