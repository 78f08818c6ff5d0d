"""The pace that all processes with one bot keep together (docs/dev/inbox.md, "Many processes").

The registry hands out moments for sending, a few at a time; answers to people go before all else.
"""

from __future__ import annotations

import asyncio
import hashlib
import logging
import time
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from bot.channels.telegram.rate_limits import GROUP_WINDOW, RateWindow
from models.storage.database import Database
from models.storage.faults import REGISTRY_FAULTS
from models.storage.processes import PaceRules, Slot, delete_idle_pace, hold_pace, reserve_slots
from scheduler.delivery import NotDelivered

SHARE = 0.85  # of the allowed rate; the rest makes up for moments that are met late
FEW = 4  # moments that a process holds at a time
STALE = 0.1  # seconds; a moment that is met later is given up for a new one
MARGIN = 0.15  # seconds added to the gap of a chat, for the same reason
SLOW = 0.05  # seconds over the usual time of a request, after which the others wait as long
WEIGHT = 0.1  # of the newest request in the usual time
LONGEST_SLEEP = 1.0  # seconds until a chat that is not free is asked for again
CLEAN_SECONDS = 3600.0
HANG_SECONDS = 5.0  # after which the registry counts as out of reach

_log = logging.getLogger(__name__)


@dataclass(slots=True, eq=False)
class _Wish:
    """A message that waits for its moment; `due` is that moment, by the process's own clock."""

    chat: str
    group: bool
    urgent: bool
    granted: asyncio.Future[None] = field(
        default_factory=lambda: asyncio.get_running_loop().create_future()
    )
    due: float = 0.0


class SharedPace:
    """Lets coroutines wait for a moment that no other process was given."""

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
            1.0 / (window.rate * SHARE),
            window.chat_gap + MARGIN,
            window.group_count,
            GROUP_WINDOW + MARGIN,
        )
        self._clock = clock
        self._wishes: dict[bool, deque[_Wish]] = {True: deque(), False: deque()}
        self._pump: asyncio.Task[None] | None = None
        self._holds: set[asyncio.Task[None]] = set()
        self._usual = 0.0  # seconds that a request takes
        self._cleaned = clock()

    async def wait_slot(self, chat: str, *, group: bool, urgent: bool) -> None:
        """Wait for a moment for one message to `chat`.

        While the registry fails, the process keeps its own pace alone. Raises NotDelivered if it
        hangs: a process that is cut off from it may have lost its leases, and sends nothing.
        """
        while True:
            wish = _Wish(chat, group, urgent)
            self._wishes[urgent].append(wish)
            if self._pump is None or self._pump.done():
                self._pump = asyncio.create_task(self._hand_out())
            await wish.granted
            if self._clock() - wish.due <= STALE:
                return

    def note_end(self, chat: str, seconds: float) -> None:
        """Note that a request took `seconds`: after a slow one the others wait as long.

        What was sent while the server was slow may reach it all at once.
        """
        over = seconds - self._usual
        if self._usual and over > SLOW:
            self.hold_chat("", over)
            self.hold_chat(chat, self._rules.chat_gap)
        self._usual += WEIGHT * (min(seconds, self._usual + SLOW) - self._usual)
        if self._usual == 0.0:
            self._usual = seconds

    def hold_chat(self, chat: str, seconds: float) -> None:
        """Let a chat, or with an empty name all of them, wait in every process."""
        task = asyncio.create_task(self._tell_others(chat, seconds))
        self._holds.add(task)
        task.add_done_callback(self._holds.discard)

    async def close(self) -> None:
        """Hand out nothing more."""
        if self._pump is not None:
            self._pump.cancel()
        await asyncio.gather(*self._holds, return_exceptions=True)

    async def _tell_others(self, chat: str, seconds: float) -> None:
        try:
            await hold_pace(self._database, self._bot, chat, seconds)
        except REGISTRY_FAULTS:
            _log.debug("the other processes were not told to wait", exc_info=True)

    async def _hand_out(self) -> None:
        """Reserve moments for those who wait, as long as somebody does."""
        loop = asyncio.get_running_loop()
        while wishes := self._take_wishes():
            slots = await self._reserve_slots(wishes)
            begun, last = self._clock(), 0.0
            for wish, slot in zip(wishes, slots, strict=False):
                if slot.is_taken:
                    wish.due, last = begun + slot.delay, max(last, slot.delay)
                    loop.call_later(slot.delay, _grant_wish, wish)
                else:
                    loop.call_later(min(slot.delay, LONGEST_SLEEP), self._ask_again, wish)
            await self._clean_up()
            await asyncio.sleep(last - (self._clock() - begun))

    async def _reserve_slots(self, wishes: Sequence[_Wish]) -> list[Slot]:
        """Reserve moments for `wishes`; if that hangs or goes wrong, all of them are given up."""
        chats = [(wish.chat, wish.group) for wish in wishes]
        work = asyncio.create_task(reserve_slots(self._database, self._bot, chats, self._rules))
        try:
            done, _ = await asyncio.wait({work}, timeout=HANG_SECONDS)
            if done:
                return work.result()
        except REGISTRY_FAULTS:  # logged by the registry; at the pace of this process alone
            return [Slot(0.0, is_taken=True) for _ in wishes]
        except Exception:  # whatever it is, those who wait must hear of it
            _log.exception("no moments for sending were reserved")
        finally:
            work.cancel()
        for wish in wishes:
            if not wish.granted.done():
                wish.granted.set_exception(NotDelivered("the registry gave no moment for sending"))
        return []

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

    def _ask_again(self, wish: _Wish) -> None:
        if not wish.granted.done():
            self._wishes[wish.urgent].appendleft(wish)
            if self._pump is None or self._pump.done():
                self._pump = asyncio.create_task(self._hand_out())

    async def _clean_up(self) -> None:
        if self._clock() - self._cleaned > CLEAN_SECONDS:
            self._cleaned = self._clock()
            try:
                await delete_idle_pace(self._database)
            except REGISTRY_FAULTS:
                _log.debug("the pace of idle chats was not deleted", exc_info=True)


def _grant_wish(wish: _Wish) -> None:
    if not wish.granted.done():
        wish.granted.set_result(None)
