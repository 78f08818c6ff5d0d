"""Answering: asks the router what an update is answered with, and sends that."""

from __future__ import annotations

import asyncio
import logging
import secrets
from collections.abc import Awaitable
from dataclasses import dataclass, replace
from datetime import timedelta

from telegram import Bot, CallbackQuery, Update
from telegram.error import BadRequest, TelegramError

from bot.channels.inbox import AnswerUnsent, HandlingStopped, Inbox, InboxItem
from bot.channels.telegram.sending import MessageSender, MessageTarget, make_parts
from bot.channels.telegram.updates import CHANNEL, UpdateReader
from handlers.conversation.incoming import Incoming, Receipt, Respond
from locales.answer import Answer, from_json, make_answer, say, to_json
from locales.fluent import load_sentences
from locales.phrases import shorten_text
from models.chats import find_chat
from models.inbox import mark_handled, store_answer
from models.notices import queue_message
from models.storage.database import REGISTRY_FAULTS
from scheduler.delivery import (
    DeliveryError,
    NotDelivered,
    Rejected,
    ServerFault,
    TooFast,
    Uncertain,
    Unreachable,
)

LONGEST_TOAST = 200  # characters of a word shown at a pressed button
MOST_AT_ONCE = 64  # messages handled at the same time
MOST_WAITING = 50  # messages of a chat; of more, questions are not answered one by one
ANSWER_WITHIN = timedelta(minutes=10)  # an answer that tells of no change comes too late then
MOST_QUOTED, LONGEST_QUOTE = 3, 60  # messages named in the line about late answers; characters
PASSING_ERRORS = (NotDelivered, ServerFault, TooFast)
"""Errors after which an answer that did not arrive may arrive later."""

AGAIN = say("remind-again")

_log = logging.getLogger(__name__)


@dataclass(slots=True)
class ProgressMessage:
    """The one message in which long work shows how far it is; calling it shows an answer there."""

    sender: MessageSender
    target: MessageTarget
    message: int | None = None  # its id, as soon as it was sent

    async def __call__(self, answer: Answer) -> None:
        """Show `answer` in place of the last one, unless the work had to wait for the limits."""
        limiter = self.sender.limiter
        if self.message is not None and (
            limiter.seconds_until_free(self.target.chat, urgent=True) > 0
        ):
            return
        messages = make_parts(answer)
        if not messages:
            return
        try:
            sent = await self.sender.send_part(
                messages[0], self.target, markup=True, urgent=True, instead=self.message
            )
        except DeliveryError as error:
            _log.info("progress was not shown: %s", error)
            return
        self.message = int(sent)


class UpdateAnswerer:
    """Answers what the inbox hands over; nothing that goes wrong with one reaches another chat.

    What tells of a change is stored before it is sent, and goes through the outbox if the channel
    does not take it. Other answers that come too late are summed up in one line.
    """

    def __init__(
        self,
        bot: Bot,
        reader: UpdateReader,
        sender: MessageSender,
        respond: Respond,
        inbox: Inbox,
    ) -> None:
        """`respond` is the router."""
        self._bot = bot
        self._reader = reader
        self._sender = sender
        self._respond = respond
        self._inbox = inbox
        self._free = asyncio.Semaphore(MOST_AT_ONCE)
        self._late: dict[str, dict[int, str]] = {}

    async def handle_item(self, item: InboxItem) -> None:
        """Ask the router and send what it answers. Raises HandlingStopped or a registry's fault."""
        update, incoming = self._reader.read_stored(item)
        query = update.callback_query
        if incoming is None:
            if query is not None:
                await self._answer_press(query, None)
            return
        progress = ProgressMessage(self._sender, _make_target(incoming, update))
        answer = await self._find_answer(item, incoming, progress)
        sending: list[Awaitable[None]] = []
        if incoming.event not in ("removed", "blocked"):
            if query is not None:
                sending.append(self._answer_press(query, answer))
            if answer is not None and self._is_too_late(item, incoming):
                item.is_late = True
                self._late.setdefault(item.chat, {})[item.id] = incoming.text
            else:
                sending.append(self._send_answer(answer, item, incoming, progress))
        await asyncio.gather(*sending)
        if self._inbox.count_waiting(item.chat) <= 1:
            await self._sum_up_late(item.chat, progress.target)

    async def _find_answer(
        self, item: InboxItem, incoming: Incoming, progress: ProgressMessage
    ) -> Answer | None:
        """Return the answer: the stored one, or the router's, which is stored if it tells a change.

        The stored one is marked, because it may have arrived before.
        """
        if item.answer is not None:
            stored = from_json(item.answer)
            return mark_again(stored) if item.is_repeat else stored
        if item.unsent is not None:
            return item.unsent
        receipt = Receipt()
        async with self._free:
            if self._inbox.is_stopping:
                raise HandlingStopped
            try:
                answer = await self._respond(replace(incoming, receipt=receipt), progress)
            except REGISTRY_FAULTS:
                raise
            except Exception:  # whatever the handler met, the person gets an answer
                answer = _log_fault(f"message {item.id}")
        if receipt.changed:
            item.changed = True
            item.answer = to_json(answer) if answer is not None else None
            await store_answer(self._inbox.database, item.id, item.answer)
        return answer

    def _is_too_late(self, item: InboxItem, incoming: Incoming) -> bool:
        """Whether an answer that tells of no change comes too late, or is one of too many."""
        if item.changed or incoming.event is not None:
            return False
        is_old = incoming.now - incoming.said_at > ANSWER_WITHIN
        return is_old or self._inbox.count_waiting(item.chat) > MOST_WAITING

    async def _sum_up_late(self, chat: str, target: MessageTarget) -> None:
        """Tell a chat in one line which of its messages were not answered, as the last word."""
        late = self._late.get(chat)
        if late is None:
            return
        quoted = [f'"{shorten_text(text, LONGEST_QUOTE)}"' for text in late.values() if text]
        if quoted:
            more = ["…"] if len(quoted) > MOST_QUOTED else []
            listed = ", ".join([*quoted[:MOST_QUOTED], *more])
            answer = make_answer(say("answers-late", count=len(late), texts=listed))
        else:
            answer = make_answer(say("answers-late-presses", count=len(late)))
        try:
            for part in make_parts(answer):
                await self._sender.send_with_retries(part, replace(target, replies_to=None), None)
        except PASSING_ERRORS as error:
            raise AnswerUnsent from error
        except DeliveryError as error:
            _log.warning("chat %s was not told of late answers: %s", chat, error)
        del self._late[chat]
        await self._inbox.mark_late(list(late))

    async def _answer_press(self, query: CallbackQuery, answer: Answer | None) -> None:
        """End the waiting sign on the pressed button, with a short word if the answer has one."""
        toast = None
        if answer is not None and answer.toast:
            toast = load_sentences().to_text(answer.toast)[:LONGEST_TOAST]
        try:
            await self._bot.answer_callback_query(query.id, text=toast)
        except BadRequest:
            _log.debug("a press is too old to be answered")
        except TelegramError as error:
            _log.warning("a press was not answered: %s", error)

    async def _send_answer(
        self, answer: Answer | None, item: InboxItem, incoming: Incoming, progress: ProgressMessage
    ) -> None:
        """Send `answer`: in place of the pressed message or of the progress, or as new messages."""
        if answer is None:
            return
        try:
            messages = make_parts(answer)
        except Exception:  # a sentence that cannot be rendered is a fault like any other
            messages = make_parts(_log_fault("an answer"))
        instead = progress.message
        if instead is None and answer.replace and incoming.action and incoming.message:
            instead = int(incoming.message)
        target = progress.target
        for part in messages:
            try:
                await self._sender.send_with_retries(part, target, instead)
            except DeliveryError as error:
                if item.changed and not isinstance(error, Unreachable | Rejected):
                    await self._queue_answer(item, incoming, answer, error)
                    return
                if isinstance(error, PASSING_ERRORS) and part is messages[0]:
                    item.unsent = answer
                    raise AnswerUnsent from error
                kind = type(error).__name__
                _log.warning("no answer arrived in chat %s: %s %s", target.chat, kind, error)
                return
            instead = None
            target = replace(target, replies_to=None)

    async def _queue_answer(
        self, item: InboxItem, incoming: Incoming, answer: Answer, error: DeliveryError
    ) -> None:
        """Hand an answer to the outbox, which sends it when the channel takes messages again."""
        again = mark_again(answer) if isinstance(error, Uncertain) else answer
        async with self._inbox.database.write() as session:
            chat = await find_chat(session, CHANNEL, incoming.moved_to or incoming.chat)
            if chat is None or chat.id is None:
                _log.warning("no answer arrived in chat %s: %s", incoming.chat, error)
                return
            await queue_message(
                session,
                chat.id,
                to_json(again),
                token=f"answer:{item.id}",
                now=incoming.now,
                today=incoming.now.date(),
            )
            await mark_handled(session, [item.id], incoming.now, "queued")


def mark_again(answer: Answer) -> Answer:
    """Return `answer` with a mark before it that it may have arrived before."""
    if answer.blocks[:1] == (AGAIN,):
        return answer
    return replace(answer, blocks=(AGAIN, *answer.blocks), replace=False)


def _log_fault(place: str) -> Answer:
    """Log the exception that is being handled; return an answer with the number of its line."""
    number = secrets.token_hex(3).upper()
    _log.exception("fault %s in %s", number, place)
    return make_answer(say("fault", number=number))


def _make_target(incoming: Incoming, update: Update) -> MessageTarget:
    """Return the chat and topic of the answer; in a group it replies to the message."""
    chat = incoming.moved_to or incoming.chat
    message = update.effective_message
    is_message = incoming.action is None and incoming.event is None
    if message is None or incoming.chat_kind != "group" or not is_message:
        return MessageTarget(chat, incoming.topic)
    return MessageTarget(chat, incoming.topic, message.message_id)
