"""The pace that all processes with one bot keep together (docs/dev/inbox.md, "Many processes").

The registry hands out moments for sending, a few at a time; answers to people go before all else.
"""

from __future__ import annotations

import asyncio
import hashlib
import logging
import time
from collections import deque
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from bot.channels.telegram.rate_limits import GROUP_WINDOW, RateWindow
from models.storage.database import Database
from models.storage.faults import REGISTRY_FAULTS
from models.storage.pace import PaceRules, Slot, SlotEnd
from models.storage.processes import delete_idle_pace, reserve_slots
from scheduler.delivery import NotDelivered

FEW = 4  # moments that a process holds at a time
STALE = 1.0  # seconds; a moment that is met later is given up for a new one
LATE = 3.0  # seconds; a message whose end is not told (its process was killed) counts as arrived
MARGIN = 0.02  # seconds added to windows: clocks do not go alike
ALONE = 0.1  # of the allowed rate, that each process keeps while the registry fails
LONGEST_SLEEP = 1.0  # seconds until a chat that is not free is asked for again
CLEAN_SECONDS = 3600.0
PAUSE = 0.02  # seconds between two looks into the registry
HANG_SECONDS = 5.0  # after which the registry counts as out of reach

_log = logging.getLogger(__name__)


@dataclass(slots=True, eq=False)
class _Wish:
    """A message that waits for its moment; `due` is that moment, by the process's own clock.

    `ends_at` is when it counts as ended for the others, None if they do not know of it.
    """

    chat: str
    group: bool
    urgent: bool
    granted: asyncio.Future[None] = field(
        default_factory=lambda: asyncio.get_running_loop().create_future()
    )
    due: float = 0.0
    ends_at: float | None = None


class SharedPace:
    """Lets coroutines wait for a moment that no other process was given.

    The server counts a message somewhere between its moment and its end, so what is held up until a
    second after the end is never too fast, however long the way is.
    """

    def __init__(
        self,
        database: Database,
        token: str,
        window: RateWindow,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """`window` knows the limits; of the bot's `token` only a part of its hash is stored."""
        self._database = database
        self._bot = hashlib.sha256(token.encode()).hexdigest()[:16]
        self._rules = PaceRules(
            max(1, int(window.rate)),
            1.0 / window.rate,
            window.chat_gap + MARGIN,
            window.group_count,
            GROUP_WINDOW + MARGIN,
            LATE,
        )
        self._clock = clock
        self._wishes: dict[bool, deque[_Wish]] = {True: deque(), False: deque()}
        self._ends: list[SlotEnd] = []
        self._holds: list[tuple[str, float]] = []
        self._pump: asyncio.Task[None] | None = None
        self._cleaned = clock()
        self._alone_at = 0.0

    @asynccontextmanager
    async def wait_slot(self, chat: str, *, group: bool, urgent: bool) -> AsyncIterator[None]:
        """Wait for a moment for one message to `chat`; send it within the block.

        While the registry fails, the process keeps a slow pace alone. Raises NotDelivered if it
        hangs: a process that is cut off from it may have lost its leases, and sends nothing.
        """
        was_sent = False
        while not was_sent:
            wish = _Wish(chat, group, urgent)
            self._wishes[urgent].append(wish)
            self._start_pump()
            try:
                await wish.granted
                was_sent = self._clock() - wish.due <= STALE
                if was_sent:
                    yield
            finally:
                self._note_end(wish, was_sent=was_sent)

    def hold_chat(self, chat: str, seconds: float) -> None:
        """Let a chat, or with an empty name all of them, wait in every process."""
        self._holds.append((chat, seconds))
        self._start_pump()

    async def close(self) -> None:
        """Hand out nothing more."""
        if self._pump is not None:
            self._pump.cancel()
            await asyncio.gather(self._pump, return_exceptions=True)

    def _note_end(self, wish: _Wish, *, was_sent: bool) -> None:
        """Note that a message has its answer, has failed, or was given up before it was sent."""
        if wish.ends_at is not None:
            self._ends.append(SlotEnd(wish.chat, wish.ends_at, was_sent))
            self._start_pump()

    def _start_pump(self) -> None:
        if self._pump is None or self._pump.done():
            self._pump = asyncio.create_task(self._hand_out())

    async def _hand_out(self) -> None:
        """Reserve moments for those who wait and note ends, as long as there is any."""
        loop = asyncio.get_running_loop()
        while (wishes := self._take_wishes()) or self._ends or self._holds:
            slots = await self._reserve_slots(wishes)
            begun, last = self._clock(), 0.0
            for wish, slot in zip(wishes, slots, strict=False):
                if slot.is_taken:
                    wish.ends_at = slot.ends_at or None
                    wish.due, last = begun + slot.delay, max(last, slot.delay)
                    loop.call_later(slot.delay, self._grant_wish, wish)
                else:
                    loop.call_later(min(slot.delay, LONGEST_SLEEP), self._ask_again, wish)
            await self._clean_up()
            await asyncio.sleep(max(last - (self._clock() - begun), PAUSE))

    async def _reserve_slots(self, wishes: Sequence[_Wish]) -> list[Slot]:
        """Reserve moments for `wishes`; if that hangs or goes wrong, all of them are given up."""
        chats = [(wish.chat, wish.group) for wish in wishes]
        ends, holds, self._ends, self._holds = self._ends, self._holds, [], []
        work = self._database.start_beside(
            reserve_slots(self._database, self._bot, chats, self._rules, ends=ends, holds=holds)
        )
        try:
            done, _ = await asyncio.wait({work}, timeout=HANG_SECONDS)
            if done:
                return work.result()
        except REGISTRY_FAULTS:  # logged by the registry
            return [self._go_alone() for _ in wishes]
        except Exception:  # whatever it is, those who wait must hear of it
            _log.exception("no moments for sending were reserved")
        finally:
            work.cancel()
        for wish in wishes:
            if not wish.granted.done():
                wish.granted.set_exception(NotDelivered("the registry gave no moment for sending"))
        return []

    def _go_alone(self) -> Slot:
        """Return the next moment at this process's own slow pace."""
        now = self._clock()
        self._alone_at = max(now, self._alone_at) + self._rules.gap / ALONE
        return Slot(self._alone_at - now, is_taken=True)

    def _take_wishes(self) -> list[_Wish]:
        """Take a few of those who wait, answers to people first."""
        taken: list[_Wish] = []
        for urgent in (True, False):
            waiting = self._wishes[urgent]
            while waiting and len(taken) < FEW:
                wish = waiting.popleft()
                if not wish.granted.done():  # given up meanwhile
                    taken.append(wish)
        return taken

    def _grant_wish(self, wish: _Wish) -> None:
        if not wish.granted.done():
            wish.granted.set_result(None)
        else:  # given up meanwhile
            self._note_end(wish, was_sent=False)

    def _ask_again(self, wish: _Wish) -> None:
        if not wish.granted.done():
            self._wishes[wish.urgent].appendleft(wish)
            self._start_pump()

    async def _clean_up(self) -> None:
        if self._clock() - self._cleaned > CLEAN_SECONDS:
            self._cleaned = self._clock()
            try:
                await delete_idle_pace(self._database)
            except REGISTRY_FAULTS:
                _log.debug("the pace of idle chats was not deleted", exc_info=True)
