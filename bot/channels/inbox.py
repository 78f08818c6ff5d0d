"""The inbox of a channel: stores what people said, then lets each chat's messages be handled.

What is stored is handled in this process or in the next one (docs/dev/inbox.md). Messages of one
chat are handled in order, chats side by side. A message whose handling the registry's fault ended
is tried again; one that a fault of the program ended is not, and one that ends the process, or that
meets a fault of a registry that works, is set aside after three tries.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import secrets
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Sequence
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.channels.inbox_item import MOST_TRIES, InboxItem, is_poison, set_aside
from bot.channels.lanes import Lanes
from bot.channels.waiting import wait_for_event
from models import inbox
from models.inbox import NewUpdate, make_handled_marker, make_sending_marker
from models.storage.database import Database
from models.storage.faults import REGISTRY_FAULTS
from scheduler.defaults import LEASE
from scheduler.delivery import NotDelivered

MOST_IN_MEMORY = 2_000  # messages that wait in memory; no more are fetched then
SWEEP_SECONDS = 10.0  # between two looks for rows that nobody handles
SHARED_SWEEP_SECONDS = 1.0  # the same where other processes may have stored some
QUIET_SECONDS = 30.0  # that a process must live before the last try of a message
NEW_CHATS = 32  # that a process claims at a time, so that others get some of them
FEW = 16  # messages in memory, below which more are fetched if there are more
SLOW_SECONDS = 3.0  # after which what is not stored yet is answered beside
RETRY_SECONDS = 1.0  # until a batch is stored again where there are many processes
NOTE_SECONDS = 2.0  # that an answer waits for the note that it is sent
CLEAN_SECONDS = 3600.0  # between two deletions of old rows
BACKOFF = (0.5, 1.0, 2.0, 5.0, 10.0, 20.0, 30.0)  # seconds between tries of one message
PATIENCE = timedelta(hours=1)  # of the channel's not taking an answer

_log = logging.getLogger(__name__)


HandleItem = Callable[[InboxItem], Awaitable[None]]
"""Handles a message. Raises one of REGISTRY_FAULTS, or AnswerUnsent: it is tried again."""


CountNew = Callable[[AsyncSession, int], Awaitable[object]]
"""Counts updates that are new, in the transaction that stores them."""


AnswerUnstored = Callable[[Sequence[NewUpdate]], None]
"""Answers beside the caller what the registry did not take; the channel keeps it unconfirmed."""


class AnswerUnsent(Exception):
    """The channel did not take the answer now, but may take it later."""


class HandlingStopped(Exception):
    """The message is left to the next start, or to the process that has it now."""


class Inbox:
    """The inbox of one channel in one process."""

    def __init__(
        self,
        database: Database,
        channel: str,
        clock: Callable[[], datetime],
        *,
        lease: float = LEASE,
        count_new: CountNew | None = None,
    ) -> None:
        """`clock` gives the zoned now; `lease` is in seconds, for registries of many processes."""
        self.database = database
        self.lanes = Lanes(most=MOST_IN_MEMORY, limit=2 * MOST_IN_MEMORY)
        self._channel = channel
        self._clock = clock
        self._count_new = count_new
        self._lease, self._lease_seconds = timedelta(seconds=lease), lease
        self._worker = None if database.is_sqlite else secrets.token_hex()
        self._handle: HandleItem | None = None
        self._answer_unstored: AnswerUnstored | None = None
        self._held: set[int] = set()
        self._ended: set[int] = set()  # handled while the rows of the registry were read
        self._loading = asyncio.Lock()
        self._suspects = asyncio.Lock()  # one at a time, so that it is known which ends the process
        self._more = asyncio.Event()
        self._leased_until = float("inf")
        self._has_dropped = True  # whether rows that this process has claimed are not in memory
        self._waiting: Counter[str] = Counter()
        self._handled = make_handled_marker(database, clock)
        self._sending = make_sending_marker(database, self._worker)
        self._sweeping: asyncio.Task[None] | None = None
        self._stopping = asyncio.Event()
        self._begun = clock()
        self._is_behind = True  # whether rows may wait in the registry that are not in memory

    def now(self) -> datetime:
        """Return the moment by the channel's clock, zoned."""
        return self._clock()

    @property
    def is_stopping(self) -> bool:
        """Whether no more messages are begun."""
        return self._stopping.is_set()

    def count_waiting(self, chat: str) -> int:
        """Return how many messages of a chat are not handled yet, the current one included."""
        return self._waiting[chat]

    async def start(
        self, handle: HandleItem, answer_unstored: AnswerUnstored | None = None
    ) -> None:
        """Begin to handle what waits from before, and look for more of it now and then."""
        if self._handle is not None:
            return
        self._handle, self._answer_unstored = handle, answer_unstored
        with contextlib.suppress(*REGISTRY_FAULTS):  # the sweep tries it again
            await self._load_rows()
        self._sweeping = asyncio.create_task(self._sweep_rows())

    async def stop(self, seconds: float) -> None:
        """Begin no more messages; wait up to `seconds` for those that were begun."""
        self._stopping.set()
        if self._sweeping is not None:
            self._sweeping.cancel()
            await asyncio.gather(self._sweeping, return_exceptions=True)
        self.lanes.discard_waiting()
        await self.lanes.drain(seconds)

    async def store(self, updates: Sequence[NewUpdate]) -> None:
        """Store a batch, and let it be handled. Raises what a registry that fails raises.

        What is not stored soon, because the registry is locked or fails, is answered beside. Where
        other processes handle messages, too, only what could not be stored twice: a slow registry
        may still store it, and another process answers it then.
        """
        storing = self.database.start_beside(self._store_batch(updates))
        alone = self._worker is None
        await asyncio.wait({storing}, timeout=SLOW_SECONDS if alone else None)
        if not alone and isinstance(storing.exception(), REGISTRY_FAULTS):
            await wait_for_event(self._stopping, RETRY_SECONDS)
            storing = self.database.start_beside(self._store_batch(updates))
            await asyncio.wait({storing})
        is_failing = not storing.done() or isinstance(storing.exception(), REGISTRY_FAULTS)
        if is_failing and self._answer_unstored is not None:
            self._answer_unstored(updates)
        await storing

    async def _store_batch(self, updates: Sequence[NewUpdate]) -> None:
        async with self._loading:  # so that what is read meanwhile is not put in a lane twice
            self._ended.clear()
            if self._worker is None:
                await self._store_alone(updates)
            else:
                self._is_behind = await self._claim_chats(self._worker, updates)
        if self._worker is None and self._is_behind:
            await self._load_rows()

    async def is_in_line(self, update: NewUpdate) -> bool:
        """Return whether an update is stored already, or others of its chat wait before it."""
        async with self.database.read() as session:
            return await inbox.is_stored_or_waiting(
                session, self._channel, update.update, update.chat
            )

    async def _store_alone(self, updates: Sequence[NewUpdate]) -> None:
        """Store a batch where no other process does; older rows that wait there go first."""
        now = self._clock()
        async with self.database.write(goes_first=True) as session:
            ids = await self._add_updates(session, updates, now)
        for one in () if self._is_behind else updates:
            if (row_id := ids.pop(one.update, None)) is not None:
                item = InboxItem(row_id, one.chat, one.body, one.sent_at, now)
                item.after_gap = one.after_gap
                self._put_items([item])

    async def _add_updates(
        self, session: AsyncSession, updates: Sequence[NewUpdate], now: datetime
    ) -> dict[str, int]:
        """Add a batch; return the row ids of those that were not there, by update."""
        ids = await inbox.add_updates(session, self._channel, updates, now)
        if ids and self._count_new is not None:
            await self._count_new(session, len(ids))
        return ids

    async def note_sending(self, item: InboxItem) -> None:
        """Note that the answer to a message is handed to the channel now, and may arrive.

        So the next process marks its answer as a repetition if this one ends before the message is
        marked as handled. Raises NotDelivered if that cannot be noted and the answer tells of a
        change, or the registry of many processes hangs: another one may have the chat. Raises
        HandlingStopped if another one has it.
        """
        if item.is_sending:
            return
        item.is_sending = True
        note = self.database.start_beside(self._sending.mark_row(item.id))
        done, _ = await asyncio.wait({note}, timeout=NOTE_SECONDS)
        fault = note.exception() if done else None
        if not done:
            note.add_done_callback(_drop_outcome)
        elif fault is not None and not isinstance(fault, REGISTRY_FAULTS):
            raise fault
        if done and fault is None:
            if not note.result():
                raise HandlingStopped
        elif item.changed or (self._worker is not None and not done):
            item.is_sending = False
            raise NotDelivered("the registry does not answer")

    async def mark_late(self, ids: Sequence[int]) -> None:
        """Mark messages whose chat was told that they were not answered."""
        async with self.database.write() as session:
            await inbox.mark_handled(session, ids, self._clock(), "late")
        self._held.difference_update(ids)

    # --- what waits ---

    async def _sweep_rows(self) -> None:
        """Take over what waits, from an earlier process or another one; delete old rows."""
        cleaned = float("-inf")
        loop = asyncio.get_running_loop()
        while not self.is_stopping:
            try:
                await self._load_rows()
                if loop.time() - cleaned > CLEAN_SECONDS:
                    async with self.database.write() as session:
                        await inbox.delete_old_rows(session, self._clock())
                    cleaned = loop.time()
            except REGISTRY_FAULTS:
                pass  # logged by the registry; it may be back at the next look
            except Exception:  # whatever it is, the next look must come
                _log.exception("the inbox was not looked through")
            self._more.clear()
            pause = SWEEP_SECONDS if self._worker is None else SHARED_SWEEP_SECONDS
            await wait_for_event(self._more, min(pause, self._lease_seconds / 3))

    async def _load_rows(self) -> None:
        """Put what waits in the registry, and is not in memory yet, into the lanes."""
        async with self._loading:
            self._ended.clear()
            has_more = False
            if self._worker is not None:
                has_more = self._is_behind = await self._claim_chats(self._worker)
                if not self._has_dropped:
                    return
            self._is_behind = self._has_dropped = True  # until the last row was read
            last = 0
            while self.lanes.job_count < MOST_IN_MEMORY:
                async with self.database.read() as session:
                    rows = await inbox.load_waiting(session, self._channel, last, self._worker)
                if is_end := len(rows) < inbox.MOST_LOADED_AT_ONCE:
                    self._is_behind, self._has_dropped = has_more, False
                self._put_items(_make_item(row, self._begun) for row in rows)
                if is_end:
                    return
                last = rows[-1].id

    async def _claim_chats(self, worker: str, updates: Sequence[NewUpdate] = ()) -> bool:
        """Store `updates`, claim some more chats with what waits in them, and renew the leases.

        Return whether more may wait.
        """
        begun, most = asyncio.get_running_loop().time(), len(self._waiting) + NEW_CHATS
        async with self.database.write() as session:
            await self._add_updates(session, updates, self._clock())
            rows = await inbox.claim_chats(session, self._channel, worker, self._lease, most)
        self._leased_until = begun + self._lease_seconds
        if not self._has_dropped:  # older rows go first: `_load_rows` puts all in their order
            self._put_items(_make_item(row, self._begun) for row in rows)
        return self._has_dropped or len({row.chat for row in rows}) >= NEW_CHATS

    def _put_items(self, items: Iterable[InboxItem]) -> None:
        """Put messages in their chats' lanes, if there is room and they are not or were not there.

        Before the start nobody handles any: what is posted then waits in the registry.
        """
        for item in items:
            if self.is_stopping or item.id in self._held or item.id in self._ended:
                continue
            if self._handle and self.lanes.put(item.chat, partial(self._run_item, item)):
                self._held.add(item.id)
                self._waiting[item.chat] += 1
            else:
                self._is_behind = self._has_dropped = True

    # --- handling ---

    @asynccontextmanager
    async def watch_try(self, item: InboxItem) -> AsyncIterator[None]:
        """Count the handling of a message from before, which may have ended the process, as a try.

        At the end of the block that is forgotten, except after a fault of the registry.
        """
        if not item.is_repeat:
            yield
            return
        async with self._suspects if item.tries else contextlib.nullcontext():
            if item.tries >= MOST_TRIES - 1:
                await self._wait_until_quiet()
            item.tries = await inbox.count_try(self.database, item.id)
            try:
                yield
            except REGISTRY_FAULTS:
                raise
            except BaseException:
                await self._forget_tries(item)
                raise
            await self._forget_tries(item)

    async def _wait_until_quiet(self) -> None:
        """Wait until the process has lived for a while, before the last try of a message.

        A process that somebody else kills again and again does not live so long, so what ends it
        at that try is the message. Raises HandlingStopped if the program stops.
        """
        lived = (self._clock() - self._begun).total_seconds()
        await wait_for_event(self._stopping, max(0.0, QUIET_SECONDS - lived))
        if self.is_stopping:
            raise HandlingStopped

    async def _forget_tries(self, item: InboxItem) -> None:
        item.tries = 0
        with contextlib.suppress(*REGISTRY_FAULTS):
            await inbox.forget_tries(self.database, item.id)

    async def _run_item(self, item: InboxItem) -> None:
        """Handle one message and mark it; try again while the registry fails."""
        loop = asyncio.get_running_loop()
        try:
            # Behind its lease the chat may have another holder.
            while not self.is_stopping and loop.time() <= self._leased_until:
                if await self._try_item(item):
                    return
                item.failures += 1
                item.is_sending = False  # at the next try another process may have it
                delay = BACKOFF[min(item.failures, len(BACKOFF)) - 1]
                await wait_for_event(self._stopping, delay)
            self._has_dropped = True
        finally:
            self._let_go(item)

    def _let_go(self, item: InboxItem) -> None:
        """Forget a message that was handled, or is left to the next start or another process."""
        self._ended.add(item.id)
        if not item.is_late:
            self._held.discard(item.id)
        self._waiting[item.chat] -= 1
        if not self._waiting[item.chat]:
            del self._waiting[item.chat]
        if self._is_behind and self.lanes.job_count < FEW:
            self._more.set()

    async def _try_item(self, item: InboxItem) -> bool:
        """Try to handle a message; return False if it is to be tried again."""
        try:
            if is_poison(item, self._clock()):
                await set_aside(self.database, self._channel, item, self._clock())
                return True
            await self._handle_item(item, give_up=_is_given_up(item, self._clock()))
            if not item.is_late:
                await self._handled.mark_row(item.id)
        except HandlingStopped:
            return True
        except AnswerUnsent:
            return False
        except REGISTRY_FAULTS:  # the registry logs its own
            await self._count_fault(item)
            return False
        return True

    async def _count_fault(self, item: InboxItem) -> None:
        """Count a fault of the registry as the message's own if the registry works otherwise."""
        item.failing_since = item.failing_since or self._clock()
        if item.is_repeat:  # counted when it began
            return
        with contextlib.suppress(*REGISTRY_FAULTS):
            item.tries = await inbox.count_try(self.database, item.id)

    async def _handle_item(self, item: InboxItem, *, give_up: bool) -> None:
        """Let the channel handle a message that was not handled yet."""
        if item.is_done or self._handle is None:
            return
        try:
            await self._handle(item)
        except (HandlingStopped, *REGISTRY_FAULTS):
            raise
        except AnswerUnsent:
            if not give_up:
                raise
            _log.exception("message %d is given up", item.id)
        except Exception:  # whatever it is, the chat's next message must be answered
            _log.exception("message %d was not handled", item.id)
        item.is_done = True


def _drop_outcome(note: asyncio.Task[bool]) -> None:
    if not note.cancelled():
        note.exception()  # asyncio then knows that nobody waits for it


def _is_given_up(item: InboxItem, now: datetime) -> bool:
    return item.failures >= len(BACKOFF) and now - item.received_at > PATIENCE


def _make_item(row: Any, begun: datetime) -> InboxItem:
    return InboxItem(
        row.id,
        row.chat,
        row.body,
        row.sent_at,
        row.received_at,
        row.answer,
        row.changed,
        is_repeat=row.received_at < begun,
        was_sending=row.sending,
        after_gap=row.after_gap,
        tries=row.tries,
    )
