"""SQLite's driver for asyncio: aiosqlite with one trip to the connection's thread a statement.

aiosqlite makes four of each statement (open a cursor, execute, fetch, close), and a trip wakes two sleeping threads:
far longer than most statements take. Rows are always read whole; cursors on the server's side there are none.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

import aiosqlite

_UNUSED_CHUNK = 64  # rows that aiosqlite's own cursors read at a time; unused by ours


class TripSavingCursor:
    """What SQLAlchemy's adapter asks of a cursor: a statement is run and its rows are read in one trip."""

    def __init__(self, connection: TripSavingConnection) -> None:
        self._connection = connection
        self._rows: Sequence[Any] = ()
        self.description: Any = None
        self.rowcount = -1
        self.lastrowid: int | None = None
        self.arraysize = 1

    async def __aenter__(self) -> TripSavingCursor:
        return self

    async def execute(self, operation: str, parameters: Any = ()) -> None:
        """Runs one statement. Raises what sqlite3 raises."""
        await self._connection.run_in_thread(
            self._run_statement, sqlite3.Cursor.execute, operation, parameters
        )

    async def executemany(self, operation: str, parameters: Any) -> None:
        """Runs one statement once for each of `parameters`. Raises what sqlite3 raises."""
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
        """The rows of the statement; they were read with it."""
        return self._rows

    async def close(self) -> None:
        """Nothing is left to close: `execute` closed it."""


class TripSavingConnection(aiosqlite.Connection):
    """aiosqlite's connection and thread, with cursors of ours; to end a transaction that never began costs no trip."""

    begin_first = False  # whether the next statement begins a transaction: a trip less than a statement of its own
    _trips_begun = 0  # trips begun, counted by who asks
    _trips_ended = 0  # trips ended, counted in the connection's thread

    def cursor(self) -> TripSavingCursor:  # type: ignore[override]  # what the adapter asks for, which is less than aiosqlite's
        """A cursor for one statement."""
        return TripSavingCursor(self)

    @property
    def raw_connection(self) -> sqlite3.Connection:
        """The connection of the thread. Raises ValueError once it is closed."""
        return self._conn

    async def run_in_thread(self, function: Callable[..., object], *args: Any) -> None:
        """Runs `function` in the connection's thread."""
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
        """Whether no transaction is open, nor about to be: one who asked may have been cancelled before the answer."""
        return self._trips_begun == self._trips_ended and not self.in_transaction

    async def commit(self) -> None:
        """Keeps what the transaction changed."""
        self.begin_first = False
        if not self._is_outside_transaction:
            await super().commit()

    async def rollback(self) -> None:
        """Undoes what the transaction changed."""
        self.begin_first = False
        if not self._is_outside_transaction:
            await super().rollback()


def connect(path: str, **options: Any) -> TripSavingConnection:
    """A connection to the SQLite file at `path`, to be awaited; `options` are those of `sqlite3.connect`."""
    connection = TripSavingConnection(lambda: sqlite3.connect(path, **options), _UNUSED_CHUNK)
    connection._thread.daemon = True  # as SQLAlchemy does: a program that ends does not wait for it
    return connection
