"""The lease on polling: of several processes of one registry, one asks the channel for updates.

On SQLite one process has the registry, and it always holds the lease. What is remembered on both is
when a poll last succeeded: a press that comes with the first poll after a gap may be as old.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import secrets
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta

from models.storage import processes
from models.storage.database import Database
from models.storage.faults import REGISTRY_FAULTS
from models.storage.processes import note_work, read_last_work, take_lease

LEASE_SECONDS = 20.0
RENEW_SECONDS = 5.0
SAFETY_SECONDS = 4.0  # before the lease is over, its holder stops polling
GAP = timedelta(seconds=60)  # between two polls that succeed; a poll takes up to 25 s
NOTE_WAIT = 1.0  # seconds that the next poll waits for such a note
NOTE_SECONDS = 10.0  # between two notes that polling works

_log = logging.getLogger(__name__)


class PollLease:
    """The lease of one channel, as one process sees it."""

    def __init__(self, database: Database, channel: str, clock: Callable[[], datetime]) -> None:
        """`clock` gives the zoned now; how long the lease lasts, the registry's clock says."""
        self.lost = asyncio.Event()  # set while the process may not poll
        self._held = asyncio.Event()
        self._database = database
        self._name = f"poll:{channel}"
        self._clock = clock
        self._me = secrets.token_hex(6)
        self._held_until = 0.0
        self._renewing: asyncio.Task[None] | None = None
        self._abandoned: set[asyncio.Task[bool]] = set()
        self._worked_at: datetime | None = None
        self._noting: asyncio.Task[None] | None = None
        self._noted = float("-inf")
        self._is_gap = False
        self._gap_start: datetime | None = None
        if database.is_sqlite:
            self._held.set()
        else:
            self.lost.set()

    async def wait_for_turn(self) -> None:
        """Wait until this process may poll."""
        if self._renewing is None and not self._database.is_sqlite:
            self._renewing = asyncio.create_task(self._renew_lease())
        await self._held.wait()

    async def end_lease(self) -> None:
        """Let another process poll at once."""
        if self._renewing is None:
            return
        self._renewing.cancel()
        await asyncio.gather(self._renewing, *self._abandoned, return_exceptions=True)
        self._give_up_poll()
        with contextlib.suppress(*REGISTRY_FAULTS, TimeoutError):
            async with asyncio.timeout(RENEW_SECONDS):
                await processes.end_lease(self._database, self._name, self._me)

    async def find_gap(self) -> datetime | None:
        """Return since when no poll had succeeded, for the updates of a poll; None for no gap.

        What waited at the server comes in several polls; `note_poll` says when the gap is over.
        """
        now = self._clock()
        if self._worked_at is None:
            self._worked_at = await read_last_work(self._database, self._name) or now
        if not self._is_gap and now - self._worked_at > GAP:
            self._is_gap, self._gap_start = True, self._worked_at
        return self._gap_start if self._is_gap else None

    async def note_poll(self, *, is_full: bool) -> None:
        """Note that a poll succeeded; `is_full`: more updates may wait at the server."""
        self._worked_at = self._clock()
        self._is_gap = self._is_gap and is_full
        moment = asyncio.get_running_loop().time()
        if moment - self._noted >= NOTE_SECONDS:
            self._noted = moment
            if self._noting is None or self._noting.done():
                note = note_work(self._database, self._name, self._worked_at)
                self._noting = self._database.start_beside(self._try_to_note(note))
            await asyncio.wait({self._noting}, timeout=NOTE_WAIT)  # a locked file holds up no poll

    async def _try_to_note(self, note: Awaitable[None]) -> None:
        with contextlib.suppress(*REGISTRY_FAULTS):  # the next poll notes it
            await note

    async def _renew_lease(self) -> None:
        """Take the lease, and renew it; whoever cannot may not poll."""
        loop = asyncio.get_running_loop()
        while True:
            begun = loop.time()
            is_held = await self._try_lease()
            if is_held:
                self._held_until = begun + LEASE_SECONDS - SAFETY_SECONDS
                if not self._held.is_set():
                    _log.info("this process polls now")
                    self._worked_at = None  # another one has polled meanwhile
                self._held.set()
                self.lost.clear()
            elif is_held is False or loop.time() >= self._held_until:
                if self._held.is_set():
                    _log.warning("this process polls no more: another one may")
                self._give_up_poll()
            await asyncio.sleep(max(0.0, begun + RENEW_SECONDS - loop.time()))

    async def _try_lease(self) -> bool | None:
        """Return whether the lease is held; None if the registry does not answer in time.

        A registry that is cut off may hold up the call for minutes, and its cancelling, too.
        """
        length = timedelta(seconds=LEASE_SECONDS)
        task = asyncio.create_task(take_lease(self._database, self._name, self._me, length))
        self._abandoned.add(task)
        task.add_done_callback(self._forget_task)
        done, _ = await asyncio.wait({task}, timeout=RENEW_SECONDS)
        if not done:
            task.cancel()
            return None
        return None if task.exception() is not None else task.result()

    def _forget_task(self, task: asyncio.Task[bool]) -> None:
        self._abandoned.discard(task)
        if task.cancelled():
            return
        error = task.exception()  # one of the registry is logged by the registry
        if error is not None and not isinstance(error, REGISTRY_FAULTS):
            _log.warning("the lease on polling is not to be had: %s", error)

    def _give_up_poll(self) -> None:
        self._held.clear()
        self.lost.set()
