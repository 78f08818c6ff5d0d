"""Answering from the inbox: asks the router what a message is answered with, and sends that.

What is the channel's own way of answering is a `Reply`; the rules are in docs/dev/inbox.md.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta
from functools import partial

from bot.channels.inbox import AnswerUnsent, HandlingStopped, Inbox
from bot.channels.inbox_item import InboxItem
from bot.channels.outage import OutageAnswerer
from bot.channels.reply import Reply
from handlers.conversation.incoming import Incoming, Receipt, Respond
from handlers.conversation.refusals import log_fault
from locales.answer import Answer, from_json, make_answer, say, to_json
from locales.phrases import shorten_text
from models.chats import find_chat
from models.inbox import NewUpdate, mark_handled, store_answer
from models.notices import queue_message
from models.storage.faults import REGISTRY_FAULTS
from scheduler.delivery import (
    DeliveryError,
    NotDelivered,
    Rejected,
    ServerFault,
    TooFast,
    Uncertain,
    Unreachable,
)

MOST_AT_ONCE = 64  # messages handled at the same time
MOST_WAITING = 50  # messages of a chat; of more, questions are not answered one by one
ANSWER_WITHIN = timedelta(minutes=10)  # an answer that tells of no change comes too late then
MOST_QUOTED, LONGEST_QUOTE = 3, 60  # messages named in the line about late answers; characters
PASSING_ERRORS = (NotDelivered, ServerFault, TooFast)
"""Errors after which an answer that did not arrive may arrive later."""
MOST_UNCERTAIN = 4  # tries of an answer that may have arrived; the later ones are marked

AGAIN = say("remind-again")

_log = logging.getLogger(__name__)


class InboxAnswerer:
    """Answers what the inbox hands over; nothing that goes wrong with one reaches another chat.

    What tells of a change is stored before it is sent, and goes through the outbox if the channel
    does not take it. Other answers that come too late are summed up in one line; one that may have
    arrived, or arrived in part, is sent again with a mark.
    """

    def __init__(
        self,
        channel: str,
        open_reply: Callable[[InboxItem], Awaitable[Reply]],
        respond: Respond,
        inbox: Inbox,
    ) -> None:
        """`channel` is its name in the registry, `respond` is the router."""
        self._channel = channel
        self._open_reply = open_reply
        self._respond = respond
        self._inbox = inbox
        self.outage = OutageAnswerer(open_reply, respond, inbox)
        self._free = asyncio.Semaphore(MOST_AT_ONCE)
        self._late: dict[str, dict[int, str]] = {}

    async def store_posted_update(self, update: NewUpdate) -> bool:
        """Store an update that the server posts again if this raises a registry's fault.

        Return False if it could not be stored and need not come again: it is a question, and was
        answered without the registry being written.
        """
        try:
            await self._inbox.store([update])
        except REGISTRY_FAULTS:
            if not await self.outage.was_answered(update.update):
                raise
            return False
        return True

    async def handle_item(self, item: InboxItem) -> None:
        """Ask the router and send what it answers. Raises HandlingStopped or a registry's fault."""
        reply = await self._open_reply(item)
        incoming = reply.incoming
        if incoming is None or await self.outage.was_answered(incoming.update):
            await reply.acknowledge(None)
            return
        try:
            answer = await self._find_answer(item, incoming, reply)
        except REGISTRY_FAULTS:
            if item.failures:  # a second try failed, too
                await self.outage.put_off(item.chat, reply)
            raise
        if incoming.event not in ("removed", "blocked"):
            acknowledging = asyncio.create_task(reply.acknowledge(answer))
            try:
                if answer is not None and self._is_too_late(item, incoming):
                    item.is_late = True
                    self._late.setdefault(item.chat, {})[item.id] = incoming.text
                elif answer is not None:
                    await self._send_answer(answer, item, incoming, reply)
            finally:
                await acknowledging
        if self._inbox.count_waiting(item.chat) <= 1:
            await self._sum_up_late(item, reply)

    async def _find_answer(
        self, item: InboxItem, incoming: Incoming, reply: Reply
    ) -> Answer | None:
        """Return the answer: the stored one, or the router's, which is stored if it tells a change.

        It is marked if an earlier process may have sent one.
        """
        if item.answer is not None:
            stored = from_json(item.answer)
            return mark_again(stored) if item.was_sending else stored
        if item.unsent is not None:
            return item.unsent
        receipt = Receipt()
        async with self._free:
            if self._inbox.is_stopping:
                raise HandlingStopped
            try:
                async with self._inbox.watch_try(item):
                    answer = await self._respond(
                        replace(incoming, receipt=receipt), reply.show_progress
                    )
            except (HandlingStopped, *REGISTRY_FAULTS):
                raise
            except Exception:  # whatever the handler met, the person gets an answer
                answer = log_fault(f"message {item.id}")
        if receipt.menu is not None:
            reply.show_menu(receipt.menu)
        if receipt.changed:
            item.changed = True
            item.answer = to_json(answer) if answer is not None else None
            await store_answer(self._inbox.database, item.id, item.answer)
        return mark_again(answer) if answer is not None and item.was_sending else answer

    def _is_too_late(self, item: InboxItem, incoming: Incoming) -> bool:
        """Whether an answer that tells of no change comes too late, or is one of too many."""
        if item.changed or incoming.event is not None:
            return False
        is_old = incoming.now - incoming.said_at > ANSWER_WITHIN
        return is_old or self._inbox.count_waiting(item.chat) > MOST_WAITING

    async def _sum_up_late(self, item: InboxItem, reply: Reply) -> None:
        """Tell a chat in one line which of its messages were not answered, as the last word."""
        chat = item.chat
        late = self._late.get(chat)
        if late is None:
            return
        quoted = [f"“{shorten_text(text, LONGEST_QUOTE)}”" for text in late.values() if text]
        if quoted:
            more = ["…"] if len(quoted) > MOST_QUOTED else []
            listed = ", ".join([*quoted[:MOST_QUOTED], *more])
            answer = make_answer(say("answers-late", count=len(late), texts=listed))
        else:
            answer = make_answer(say("answers-late-presses", count=len(late)))
        if item.uncertain_tries:
            answer = mark_again(answer)
        try:
            await reply.send_note(answer)
        except DeliveryError as error:
            if _may_arrive_later(item, error, is_doubtful=isinstance(error, Uncertain)):
                raise AnswerUnsent from error
            _log.warning("chat %s was not told of late answers: %s", chat, error)
        del self._late[chat]
        await self._inbox.mark_late(list(late))

    async def _send_answer(
        self, answer: Answer, item: InboxItem, incoming: Incoming, reply: Reply
    ) -> None:
        """Send `answer`; what tells of a change and does not arrive goes through the outbox."""
        try:
            await reply.send(answer, partial(self._inbox.note_sending, item))
        except DeliveryError as error:
            if item.changed and not isinstance(error, Unreachable | Rejected):
                await self._queue_answer(item, incoming, answer, error)
                return
            is_doubtful = isinstance(error, Uncertain) or reply.sent_parts > 0
            if _may_arrive_later(item, error, is_doubtful=is_doubtful):
                item.unsent = mark_again(answer) if is_doubtful else answer
                raise AnswerUnsent from error
            kind = type(error).__name__
            _log.warning("no answer arrived in chat %s: %s %s", incoming.chat, kind, error)

    async def _queue_answer(
        self, item: InboxItem, incoming: Incoming, answer: Answer, error: DeliveryError
    ) -> None:
        """Hand an answer to the outbox, which sends it when the channel takes messages again."""
        again = mark_again(answer) if isinstance(error, Uncertain) else answer
        async with self._inbox.database.write() as session:
            chat = await find_chat(session, self._channel, incoming.moved_to or incoming.chat)
            if chat is None:
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


def _may_arrive_later(item: InboxItem, error: DeliveryError, *, is_doubtful: bool) -> bool:
    """Whether an answer is worth another try; one that may have arrived, a few times only."""
    if not isinstance(error, (*PASSING_ERRORS, Uncertain)):
        return False
    item.uncertain_tries += is_doubtful
    return item.uncertain_tries < MOST_UNCERTAIN


def mark_again(answer: Answer) -> Answer:
    """Return `answer` with a mark before it that it may have arrived before."""
    sends_nothing = not answer.blocks and not answer.files
    if sends_nothing or answer.blocks[:1] == (AGAIN,):
        return answer
    return replace(answer, blocks=(AGAIN, *answer.blocks), replace=False)
