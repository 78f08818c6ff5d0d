"""Sending: answers become messages of Telegram, sent within its limits, again if that can help."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace

from telegram import (
    Bot,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    LinkPreviewOptions,
    ReplyParameters,
    WebAppInfo,
)
from telegram.error import BadRequest, TelegramError

from bot.channels.reply import BeforeSending
from bot.channels.telegram.errors import to_delivery_error
from bot.channels.telegram.rate_limits import RateLimiter
from bot.channels.telegram.requests import UPLOAD_SECONDS
from bot.measures import TOO_FAST
from locales.answer import Answer, Button, File
from locales.fluent import load_sentences, render_pages, strip_markup
from scheduler.delivery import (
    BadMarkup,
    DeliveryError,
    Moved,
    NotDelivered,
    Rejected,
    SentMessage,
    ServerFault,
    TooFast,
    TopicMissing,
    Uncertain,
)

LONGEST_TEXT = 4096  # UTF-16 units of a message after entities are parsed
MOST_BUTTONS, MOST_IN_ROW = 100, 8  # of one message
LONGEST_WAIT = 20.0  # seconds that `deliver` waits for a chat before it raises TooFast
LONGEST_RETRY_AFTER = 300.0  # seconds in all that the server's "retry after" may hold up an answer
RETRIES = (1.0, 2.0, 4.0)  # seconds between tries of an answer, or of a later part of a delivery
NOT_MODIFIED = "message is not modified"

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class MessagePart:
    """One message of an answer: a text (HTML) with its buttons, or a file."""

    text: str = ""
    buttons: InlineKeyboardMarkup | None = None
    file: File | None = None


@dataclass(frozen=True, slots=True)
class MessageTarget:
    """The chat and topic that a message goes to, and the message it answers."""

    chat: str
    topic: str | None = None
    replies_to: int | None = None

    @property
    def is_group(self) -> bool:
        """Whether the chat is a group or channel: their ids are negative on Telegram."""
        return self.chat.startswith("-")


class CannotEdit(Exception):
    """The message is gone, too old or has no text: a new one must be sent."""


def make_parts(answer: Answer) -> list[MessagePart]:
    """Return the messages of `answer`: texts with the buttons on the last one, then the files."""
    texts = render_pages(answer, LONGEST_TEXT)
    keyboard = make_keyboard(answer.buttons)
    messages = [MessagePart(text, keyboard if text is texts[-1] else None) for text in texts]
    return [*messages, *(MessagePart(file=file) for file in answer.files)]


def make_keyboard(rows: Sequence[Sequence[Button]]) -> InlineKeyboardMarkup | None:
    """Return rows of at most 8 buttons, 100 in all.

    If some must go, the last row stays: the buttons that turn the page are there.
    """
    short = [
        list(row[start : start + MOST_IN_ROW])
        for row in rows
        for start in range(0, len(row), MOST_IN_ROW)
    ]
    if sum(map(len, short)) > MOST_BUTTONS:
        _log.warning(
            "an answer has over %d buttons; those before the last row were cut", MOST_BUTTONS
        )
        room = MOST_BUTTONS - len(short[-1])
        *rest, last = short
        short = []
        for row in rest:
            if room > 0:
                short.append(row[:room])
            room -= len(row)
        short.append(last)
    text = load_sentences().to_text
    keys = [[_make_key(text(b.label), b) for b in row] for row in short]
    return InlineKeyboardMarkup(keys) if keys else None


def _make_key(label: str, button: Button) -> InlineKeyboardButton:
    if button.page is not None:
        return InlineKeyboardButton(label, web_app=WebAppInfo(button.page))
    return InlineKeyboardButton(label, callback_data=button.action)


@dataclass(slots=True)
class _Attempt:
    """How a part of an answer to a person is sent the next time."""

    target: MessageTarget
    instead: int | None
    markup: bool = True
    failures: int = 0
    patience: float = LONGEST_RETRY_AFTER

    def adapt_to(self, error: DeliveryError) -> float | None:
        """Change what `error` asks for; return the seconds to wait, None to give up."""
        if isinstance(error, TooFast):  # the limiter waits
            self.patience -= error.retry_after
            return 0.0 if self.patience >= 0 else None
        if isinstance(error, NotDelivered | ServerFault):
            self.failures += 1
            return RETRIES[self.failures - 1] if self.failures <= len(RETRIES) else None
        if isinstance(error, BadMarkup) and self.markup:
            _log.warning("an answer's markup was refused, it goes as plain text: %s", error)
            self.markup = False
        elif isinstance(error, TopicMissing) and self.target.topic is not None:
            self.target = replace(self.target, topic=None)
        elif isinstance(error, Moved):
            self.target = replace(self.target, chat=error.address, replies_to=None)
            self.instead = None
        else:
            return None
        return 0.0


class MessageSender:
    """Sends parts of answers through the library's `Bot`, at the pace that `RateLimiter` allows."""

    def __init__(self, bot: Bot, limiter: RateLimiter) -> None:
        self._bot = bot
        self.limiter = limiter

    async def deliver(self, answer: Answer, target: MessageTarget, *, markup: bool) -> SentMessage:
        """Send `answer` in parts; answers to people go before it. Raises a DeliveryError.

        An error of the first part means that nothing arrived (or, `Uncertain`, at most that part).
        If a later part fails in a way that may pass, it is tried again here, because sending all
        again would double the first ones; if that does not help, `Uncertain` is raised: some of it
        arrived. A chat that must wait over 20 s (because the server asks for it, or so many
        messages wait) raises `TooFast` before anything is sent.
        """
        try:
            messages = make_parts(answer)
        except Exception as error:  # an answer that cannot be rendered must not stop the sender
            _log.exception("a message cannot be rendered")
            raise Rejected("the message cannot be rendered") from error
        if not messages:
            raise Rejected("the message is empty")
        wait = self.limiter.seconds_until_free(target.chat)
        if wait > LONGEST_WAIT:
            raise TooFast(wait)
        last = await self.send_part(messages[0], target, markup=markup, urgent=False)
        for part in messages[1:]:
            last = await self._send_later_part(part, target, markup)
        return SentMessage(last)

    async def send_with_retries(
        self,
        part: MessagePart,
        target: MessageTarget,
        instead: int | None,
        before_sending: BeforeSending | None = None,
    ) -> str:
        """Send a part of an answer to a person, again if that can help; return its id.

        `before_sending` is awaited when the limits allow it, just before it is sent.

        An `Uncertain` part is not sent again here: the inbox sends the answer again, marked. Raises
        a DeliveryError.
        """
        attempt = _Attempt(target, instead)
        while True:
            try:
                return await self.send_part(
                    part,
                    attempt.target,
                    markup=attempt.markup,
                    urgent=True,
                    instead=attempt.instead,
                    before_sending=before_sending,
                )
            except DeliveryError as error:
                delay = attempt.adapt_to(error)
                if delay is None:
                    raise
                await asyncio.sleep(delay)

    async def send_part(
        self,
        part: MessagePart,
        target: MessageTarget,
        *,
        markup: bool,
        urgent: bool,
        instead: int | None = None,
        before_sending: BeforeSending | None = None,
    ) -> str:
        """Send one message when the limits allow it; return its id.

        It takes the place of the message `instead` if Telegram can edit that one. Raises a
        DeliveryError; after `TooFast` the limiter keeps the chat waiting.
        """
        if instead is not None and part.file is None:
            with contextlib.suppress(CannotEdit):
                return await self._call_within_limits(
                    lambda: self._edit_message(part, target, instead, markup),
                    target,
                    urgent,
                    before_sending,
                )
        return await self._call_within_limits(
            lambda: self._send_new(part, target, markup), target, urgent, before_sending
        )

    async def _send_later_part(self, part: MessagePart, target: MessageTarget, markup: bool) -> str:
        """Send a later part of a delivery, again if that can help."""
        tries = iter(RETRIES)
        while True:
            try:
                return await self.send_part(part, target, markup=markup, urgent=False)
            except BadMarkup as error:
                if not markup:
                    raise
                _log.warning("a part's markup was refused, it goes as plain text: %s", error)
                markup = False
            except (NotDelivered, ServerFault, TooFast) as error:
                delay = next(tries, None)
                pause = error.retry_after if isinstance(error, TooFast) else None
                if delay is None or (pause is not None and pause > LONGEST_WAIT):
                    raise Uncertain(f"only a part arrived: {error}") from error
                if pause is None:  # after TooFast the limiter waits
                    await asyncio.sleep(delay)

    async def _call_within_limits(
        self,
        call: Callable[[], Awaitable[str]],
        target: MessageTarget,
        urgent: bool,
        before_sending: BeforeSending | None,
    ) -> str:
        try:
            async with self.limiter.wait_turn(target.chat, group=target.is_group, urgent=urgent):
                if before_sending is not None:
                    await before_sending()
                return await call()
        except TelegramError as error:
            failure = to_delivery_error(error)
            if isinstance(failure, TooFast):
                TOO_FAST.inc()
                self.limiter.hold_chat(target.chat, failure.retry_after, group=target.is_group)
            raise failure from None

    async def _send_new(self, part: MessagePart, target: MessageTarget, markup: bool) -> str:
        chat = _to_chat_id(target.chat)
        topic = int(target.topic) if target.topic else None
        if part.file is not None:
            sent = await self._bot.send_document(
                chat,
                part.file.content,
                filename=part.file.name,
                message_thread_id=topic,
                read_timeout=UPLOAD_SECONDS,
            )
            return str(sent.message_id)
        reply = None
        if target.replies_to:
            reply = ReplyParameters(target.replies_to, allow_sending_without_reply=True)
        sent = await self._bot.send_message(
            chat,
            part.text if markup else strip_markup(part.text),
            parse_mode="HTML" if markup else None,
            reply_markup=part.buttons,
            message_thread_id=topic,
            link_preview_options=LinkPreviewOptions(is_disabled=True),
            reply_parameters=reply,
        )
        return str(sent.message_id)

    async def _edit_message(
        self, part: MessagePart, target: MessageTarget, message: int, markup: bool
    ) -> str:
        try:
            await self._bot.edit_message_text(
                part.text if markup else strip_markup(part.text),
                _to_chat_id(target.chat),
                message,
                parse_mode="HTML" if markup else None,
                reply_markup=part.buttons,
                link_preview_options=LinkPreviewOptions(is_disabled=True),
            )
        except BadRequest as error:
            if NOT_MODIFIED in str(error).lower():
                return str(message)
            if isinstance(to_delivery_error(error), Rejected):
                raise CannotEdit from error
            raise
        return str(message)


def _to_chat_id(chat: str) -> int | str:
    return int(chat) if chat.lstrip("-").isdigit() else chat
