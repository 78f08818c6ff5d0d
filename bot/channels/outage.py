"""What people hear while the registry does not work (docs/dev/inbox.md).

A question that needs nothing written is answered from what can be read. Everything else is put off,
and its chat is told so once; it is handled when the registry works again.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from functools import partial
from typing import TypeVar

from bot.channels.inbox import Inbox
from bot.channels.inbox_item import InboxItem
from bot.channels.reply import Reply
from handlers.conversation.incoming import Incoming, Receipt, Respond
from locales.answer import Answer, make_answer, say
from models.inbox import NewUpdate
from models.storage.database import refuse_writes
from models.storage.faults import REGISTRY_FAULTS
from models.storage.outage import describe_fault
from scheduler.delivery import DeliveryError

TELL_AGAIN_SECONDS = 600.0  # between two words to one chat that the registry does not work
MOST_REMEMBERED = 5_000  # updates that were answered without being stored, and chats that were told
MOST_AT_ONCE = 16  # updates answered at the same time
ANSWER_SECONDS = 10.0  # after which something waits for the registry: it is put off

T = TypeVar("T")

_log = logging.getLogger(__name__)


class OutageAnswerer:
    """Answers for one channel what its inbox could not store, and remembers that it did."""

    def __init__(
        self,
        open_reply: Callable[[InboxItem], Awaitable[Reply]],
        respond: Respond,
        inbox: Inbox,
    ) -> None:
        """`respond` is the router."""
        self._open_reply = open_reply
        self._respond = respond
        self._inbox = inbox
        # The answering of each update; its result is whether nothing is left to be done.
        self._met: OrderedDict[str, asyncio.Task[bool]] = OrderedDict()
        self._told: OrderedDict[str, float] = OrderedDict()
        self._free = asyncio.Semaphore(MOST_AT_ONCE)
        self._last: dict[str, asyncio.Task[bool]] = {}

    def answer_unstored(self, updates: Sequence[NewUpdate]) -> None:
        """Answer beside the caller what was not stored; an update that came before is left out."""
        for update in updates:
            if update.update in self._met:
                continue
            task = asyncio.create_task(self._answer_update(update, self._last.get(update.chat)))
            _remember(self._met, update.update, task)
            self._last[update.chat] = task
            task.add_done_callback(partial(self._forget_last, update.chat))

    async def was_answered(self, update: str | None) -> bool:
        """Return whether an update that is stored now, or came again, was answered before."""
        task = self._met.get(update or "")
        return task is not None and await asyncio.shield(task)

    async def stop(self, seconds: float) -> None:
        """Wait up to `seconds` for what is being answered; cancel what is not finished then."""
        under_way = [task for task in self._met.values() if not task.done()]
        if under_way:
            _, late = await asyncio.wait(under_way, timeout=seconds)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)

    async def put_off(self, chat: str, reply: Reply) -> None:
        """Tell a chat that what it said is handled later, unless it was told a while ago."""
        now = time.monotonic()
        if now - self._told.get(chat, float("-inf")) < TELL_AGAIN_SECONDS:
            return
        _remember(self._told, chat, now)
        try:
            await reply.send_note(make_answer(say("registry-busy")))
        except DeliveryError as error:
            _log.info("chat %s was not told that the registry does not work: %s", chat, error)

    def _forget_last(self, chat: str, task: asyncio.Task[bool]) -> None:
        if self._last.get(chat) is task:
            del self._last[chat]

    async def _answer_update(self, update: NewUpdate, before: asyncio.Task[bool] | None) -> bool:
        """Answer one update if that needs nothing written; else put it off, and return False."""
        item = InboxItem(
            0, update.chat, update.body, update.sent_at, self._inbox.now(), is_unstored=True
        )
        if before is not None:
            await asyncio.wait({before})
        try:
            reply = await self._open_reply(item)
            if reply.incoming is not None:
                return await self._answer_or_put_off(update, reply, reply.incoming)
        except DeliveryError as error:
            _log.warning("no answer arrived in chat %s: %s", update.chat, error)
        except REGISTRY_FAULTS:
            pass  # not even the chat is known; it is handled when it can be stored
        except Exception:  # as above
            _log.exception("update %s was not answered", update.update)
        return False

    async def _answer_or_put_off(self, update: NewUpdate, reply: Reply, incoming: Incoming) -> bool:
        try:
            async with self._free, asyncio.timeout(ANSWER_SECONDS):
                if await self._inbox.is_in_line(update):
                    return False
                with refuse_writes():
                    answer = await self._respond(
                        replace(incoming, receipt=Receipt()), _show_nothing
                    )
        except (TimeoutError, *REGISTRY_FAULTS) as error:
            _log.info("update %s is put off: %s", update.update, describe_fault(error))
            await self.put_off(update.chat, reply)
            return False
        await reply.acknowledge(answer)
        if answer is not None:
            try:
                await reply.send(answer, _note_nothing)
            except REGISTRY_FAULTS:  # it cannot be sent without something written
                await self.put_off(update.chat, reply)
                return False
        return True


async def _show_nothing(_: Answer) -> None:
    """Show nothing of how far it is: what takes long is put off."""


async def _note_nothing() -> None:
    """Note nothing before an answer that is sent beside the inbox."""


def _remember(memory: OrderedDict[str, T], key: str, value: T) -> None:
    memory[key] = value
    while len(memory) > MOST_REMEMBERED:
        memory.popitem(last=False)
