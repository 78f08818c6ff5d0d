"""Turns of the writers of one process: SQLite lets one write at a time, and makes others poll."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager


class WriteTurns:
    """Lets one writer at a time go on, in their order; short writes may go before all others."""

    def __init__(self) -> None:
        self._is_busy = False
        self._waiting: dict[bool, deque[asyncio.Future[None]]] = {True: deque(), False: deque()}

    @asynccontextmanager
    async def take_turn(self, *, goes_first: bool) -> AsyncIterator[None]:
        """Wait for the turn; it ends with the block."""
        if self._is_busy:
            turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
            self._waiting[goes_first].append(turn)
            try:
                await turn
            except asyncio.CancelledError:
                if not turn.cancelled():  # its turn had come
                    self._pass_on()
                raise
        self._is_busy = True
        try:
            yield
        finally:
            self._pass_on()

    def _pass_on(self) -> None:
        for goes_first in (True, False):
            waiting = self._waiting[goes_first]
            while waiting:
                turn = waiting.popleft()
                if not turn.done():
                    turn.set_result(None)
                    return
        self._is_busy = False
