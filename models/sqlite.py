"""SQLite's driver for asyncio: aiosqlite with one trip to the connection's thread a statement.

aiosqlite makes four of each statement (open a cursor, execute, fetch, close), and a trip wakes two sleeping threads:
far longer than most statements take. Rows are always read whole; cursors on the server's side there are none.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

import aiosqlite

_CHUNK = 64  # rows that aiosqlite's own cursors read at a time; unused by ours


class Cursor:
    """What SQLAlchemy's adapter asks of a cursor: a statement is run and its rows are read in one trip."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._rows: Sequence[Any] = ()
        self.description: Any = None
        self.rowcount = -1
        self.lastrowid: int | None = None
        self.arraysize = 1

    async def __aenter__(self) -> Cursor:
        return self

    async def execute(self, operation: str, parameters: Any = ()) -> None:
        """Runs one statement. Raises what sqlite3 raises."""
        await self._connection.trip(self._run, sqlite3.Cursor.execute, operation, parameters)

    async def executemany(self, operation: str, parameters: Any) -> None:
        """Runs one statement once for each of `parameters`. Raises what sqlite3 raises."""
        await self._connection.trip(self._run, sqlite3.Cursor.executemany, operation, parameters)

    def _run(self, how: Callable[[sqlite3.Cursor, str, Any], Any], operation: str, parameters: Any) -> None:
        cursor = self._connection.opened.cursor()
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


class Connection(aiosqlite.Connection):
    """aiosqlite's connection and thread, with cursors of ours; to end a transaction that never began costs no trip."""

    begin_first = False  # whether the next statement begins a transaction: a trip less than a statement of its own
    _asked = 0  # trips begun, counted by who asks
    _made = 0  # trips ended, counted in the connection's thread

    def cursor(self) -> Cursor:  # type: ignore[override]  # what the adapter asks for, which is less than aiosqlite's
        """A cursor for one statement."""
        return Cursor(self)

    @property
    def opened(self) -> sqlite3.Connection:
        """The connection of the thread. Raises ValueError once it is closed."""
        return self._conn

    async def trip(self, function: Callable[..., object], *args: Any) -> None:
        """Runs `function` in the connection's thread."""
        run: Callable[..., Awaitable[None]] = self._execute
        self._asked += 1
        await run(self._counted, function, *args)

    def _counted(self, function: Callable[..., object], *args: Any) -> None:
        try:
            function(*args)
        finally:
            self._made += 1

    @property
    def _outside(self) -> bool:
        """Whether no transaction is open, nor about to be: one who asked may have been cancelled before the answer."""
        return self._asked == self._made and not self.in_transaction

    async def commit(self) -> None:
        """Keeps what the transaction changed."""
        self.begin_first = False
        if not self._outside:
            await super().commit()

    async def rollback(self) -> None:
        """Undoes what the transaction changed."""
        self.begin_first = False
        if not self._outside:
            await super().rollback()


def connect(path: str, **options: Any) -> Connection:
    """A connection to the SQLite file at `path`, to be awaited; `options` are those of `sqlite3.connect`."""
    connection = Connection(lambda: sqlite3.connect(path, **options), _CHUNK)
    connection._thread.daemon = True  # as SQLAlchemy does: a program that ends does not wait for it
    return connection
