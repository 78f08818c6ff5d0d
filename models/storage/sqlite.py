"""The SQLite driver for asyncio: aiosqlite, with one trip to the connection's thread a statement.

aiosqlite makes four trips for each statement (open a cursor, execute, fetch, close). A trip wakes
two sleeping threads, which takes far longer than most statements. Rows are always read whole; there
are no server-side cursors. See docs/dev/decisions/0005-sqlite-driver.md.
"""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from typing import Any
from weakref import WeakSet

import aiosqlite

_UNUSED_CHUNK = 64  # rows that aiosqlite's own cursors read at a time; unused by ours


class TripSavingCursor:
    """A cursor for SQLAlchemy's adapter that runs a statement and reads its rows in one trip."""

    def __init__(self, connection: TripSavingConnection) -> None:
        self._connection = connection
        self._rows: Sequence[Any] = ()
        self.description: Any = None
        self.rowcount: int
        self.lastrowid: int | None = None
        self.arraysize = 1

    async def __aenter__(self) -> TripSavingCursor:
        return self

    async def execute(self, operation: str, parameters: Any = ()) -> None:
        """Run one statement. Raises what sqlite3 raises."""
        await self._connection.run_in_thread(
            self._run_statement, sqlite3.Cursor.execute, operation, parameters
        )

    async def executemany(self, operation: str, parameters: Any) -> None:
        """Run one statement once for each of `parameters`. Raises what sqlite3 raises."""
        await self._connection.run_in_thread(
            self._run_statement, sqlite3.Cursor.executemany, operation, parameters
        )

    def _run_statement(
        self, how: Callable[[sqlite3.Cursor, str, Any], Any], operation: str, parameters: Any
    ) -> None:
        cursor = self._connection.raw_connection.cursor()
        try:
            if self._connection.begin_first:
                self._connection.begin_first = False
                cursor.execute("BEGIN")
            how(cursor, operation, parameters)
            self.description = cursor.description
            self._rows = cursor.fetchall() if cursor.description else ()
            self.rowcount, self.lastrowid = cursor.rowcount, cursor.lastrowid
        finally:
            cursor.close()

    async def fetchall(self) -> Sequence[Any]:
        """Return the rows of the statement; they were read with it."""
        return self._rows

    async def close(self) -> None:
        """Do nothing: `execute` has closed the cursor already."""


class TripSavingConnection(aiosqlite.Connection):
    """aiosqlite's connection and thread, with our cursors.

    Ending a transaction that never began takes no trip.
    """

    begin_first = False  # whether the next statement begins a transaction, in the same trip
    _trips_begun = 0  # counted by the caller
    _trips_ended = 0  # counted in the connection's thread

    def __init__(self, connector: Callable[[], sqlite3.Connection], iter_chunk_size: int) -> None:
        super().__init__(self._open_file, iter_chunk_size)
        self._open = connector
        self._file: sqlite3.Connection | None = None
        self._ended: asyncio.Future[Any] | None = None  # done when the thread is through
        self._thread.daemon = True  # as SQLAlchemy does: a program that ends does not wait for it

    def _open_file(self) -> sqlite3.Connection:
        self._file = self._open()
        return self._file

    def _close_file(self) -> None:
        if self._file is not None:
            self._file.close()

    async def _connect(self) -> aiosqlite.Connection:
        """Open the file; who fails, or is cancelled meanwhile, leaves no thread behind.

        Raises what sqlite3 raises.
        """
        try:
            return await super()._connect()
        except BaseException:
            await self._wait_for_end()
            raise

    def stop(self) -> asyncio.Future[Any] | None:
        """Let the thread close the file and end, after what it was given."""
        if self._ended is None:
            self._tx.put_nowait((None, self._close_file))  # also if its opener was cancelled
            self._ended = super().stop()
        return self._ended

    async def close(self) -> None:
        """Close the file after what was begun. One that is just being opened stays open."""
        if self._connection is not None:
            self.stop()
        await self._wait_for_end()

    async def _wait_for_end(self) -> None:
        """Wait for the last word of a thread that is to end: it needs a loop that is open.

        Who is cancelled meanwhile waits, too.
        """
        cancelled: asyncio.CancelledError | None = None
        while self._ended is not None and not self._ended.done():
            try:
                await asyncio.shield(self._ended)
            except asyncio.CancelledError as error:
                cancelled = error
        if cancelled is not None:
            raise cancelled

    # What the adapter asks for, which is less than aiosqlite's cursor.
    def cursor(self) -> TripSavingCursor:  # type: ignore[override]
        """Return a cursor for one statement."""
        return TripSavingCursor(self)

    @property
    def raw_connection(self) -> sqlite3.Connection:
        """Return the connection of the thread. Raises ValueError once it is closed."""
        return self._conn

    async def run_in_thread(self, function: Callable[..., object], *args: Any) -> None:
        """Run `function` in the connection's thread."""
        run: Callable[..., Awaitable[None]] = self._execute
        self._trips_begun += 1
        await run(self._run_and_count, function, *args)

    def _run_and_count(self, function: Callable[..., object], *args: Any) -> None:
        try:
            function(*args)
        finally:
            self._trips_ended += 1

    @property
    def _is_outside_transaction(self) -> bool:
        """Return whether no transaction is open, nor about to be opened.

        Trips are counted, because whoever began one may have been cancelled before its end.
        """
        return self._trips_begun == self._trips_ended and not self.in_transaction

    async def commit(self) -> None:
        """Keep what the transaction changed."""
        await self._end_transaction(super().commit)

    async def rollback(self) -> None:
        """Undo what the transaction changed."""
        await self._end_transaction(super().rollback)

    async def _end_transaction(self, end: Callable[[], Awaitable[None]]) -> None:
        self.begin_first = False
        if not self._is_outside_transaction:
            await end()


class ConnectionMaker:
    """Makes the connections of one registry, and closes those that nobody else closed."""

    def __init__(self) -> None:
        self._made: WeakSet[TripSavingConnection] = WeakSet()

    def connect(self, path: str, **options: Any) -> TripSavingConnection:
        """Return a connection to the SQLite file at `path`, to be awaited.

        `options` are those of `sqlite3.connect`. A file that is missing is an error: whatever made
        it vanish, an empty one in its place would look like a registry without tasks.
        """
        place = f"{Path(path).absolute().as_uri()}?mode=rw"
        options["uri"] = True
        made = TripSavingConnection(lambda: sqlite3.connect(place, **options), _UNUSED_CHUNK)
        self._made.add(made)
        return made

    async def close_all(self) -> None:
        """Close what a task that was cancelled, or still runs, has left open."""
        await asyncio.gather(*(connection.close() for connection in self._made))
