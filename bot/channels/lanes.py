"""Work of one chat in order, of different chats side by side, with a limit on what waits."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable

Job = Callable[[], Awaitable[None]]


class Lanes:
    """Runs jobs: those of one key one after another, those of different keys at the same time."""

    def __init__(self, *, most: int, limit: int) -> None:
        """Below `most` jobs that wait or run there is room; of more than `limit` none is taken."""
        self._most = most
        self._limit = limit
        self._lanes: dict[str, deque[Job]] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._count = 0
        self._changed = asyncio.Event()

    @property
    def job_count(self) -> int:
        """Jobs that wait or run."""
        return self._count

    async def wait_for_room(self) -> None:
        """Wait until there is room for one more job."""
        while self._count >= self._most:
            self._changed.clear()
            await self._changed.wait()

    def put(self, key: str, job: Job) -> bool:
        """Put `job` in the lane of `key`; return False, and drop it, if too many jobs wait or run.

        A job must handle its own errors; what it raises goes to the event loop's handler.
        """
        if self._count >= self._limit:
            return False
        lane = self._lanes.get(key)
        self._count += 1
        if lane is not None:
            lane.append(job)
            return True
        self._lanes[key] = deque([job])
        task = asyncio.create_task(self._run_lane(key))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return True

    def discard_waiting(self) -> None:
        """Drop the jobs that have not begun."""
        for lane in self._lanes.values():
            self._count -= len(lane)
            lane.clear()
        self._changed.set()

    async def drain(self, seconds: float) -> None:
        """Wait up to `seconds` for all jobs; cancel what is not finished then."""
        if self._tasks:
            _, late = await asyncio.wait(self._tasks, timeout=seconds)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)

    async def _run_lane(self, key: str) -> None:
        lane = self._lanes[key]
        try:
            while lane:
                job = lane.popleft()
                try:
                    await job()
                finally:
                    self._count -= 1
                    self._changed.set()
        finally:
            self._count -= len(lane)
            del self._lanes[key]
            self._changed.set()
