"""The registry's engine and sessions, on SQLite and PostgreSQL.

Not for its tables (modules of `models`) nor for its upgrade (`migrations.upgrade`).
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager, contextmanager, nullcontext
from contextvars import ContextVar
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import Connection, event
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine
from sqlalchemy.pool import NullPool
from sqlmodel.ext.asyncio.session import AsyncSession

from models.storage import faults, sqlite
from models.storage.address import NO_FILE
from models.storage.faults import (
    REGISTRY_FAULTS,
    RegistryError,
    RegistryLost,
    RegistryNotWritable,
    RegistryUnreachable,
    RegistryUrlWrong,
)
from models.storage.outage import Outage
from models.storage.turns import WriteTurns

BUSY_TIMEOUT = 15_000  # ms that SQLite waits for another writer
UPGRADE_TIMEOUT = 600_000  # ms that one process waits for the upgrade that another one runs
PAGE_CACHE = 8_000  # kB of the registry that a SQLite connection keeps at most
HAS_QUEUED_MESSAGE = "queued"  # set in `session.info` by whoever queues a message
CLOSE_SECONDS = 10.0  # for what goes on when the registry is closed
POOL_SIZE = 8  # connections for queries; more questions than that wait for a moment
_PRAGMAS = (
    f"busy_timeout={BUSY_TIMEOUT}",
    "journal_mode=WAL",
    "foreign_keys=ON",
    "synchronous=FULL",
    f"cache_size=-{PAGE_CACHE}",
)
_DRIVERS = {
    "sqlite": "sqlite+aiosqlite",
    "postgresql": "postgresql+asyncpg",
    "postgres": "postgresql+asyncpg",
}

T = TypeVar("T")

_REFUSES_WRITES: ContextVar[bool] = ContextVar("refuses_writes", default=False)


class Database:
    """One registry: `read` gives sessions for queries, `write` sessions that are a transaction."""

    def __init__(self, url: str) -> None:
        """Prepare the registry at `url`; it connects at first use.

        `url` is "sqlite:///data/nhacviec.db" or "postgresql://user@host/name", with "?schema=x"
        behind it if need be. Only `migrations.upgrade` makes a file. Raises RegistryUrlWrong.
        """
        try:
            parsed = make_url(url)
        except (ArgumentError, ValueError) as fault:  # ValueError: a port that is no number
            raise RegistryUrlWrong from fault
        if parsed.drivername.partition("+")[0] not in _DRIVERS:
            raise RegistryUrlWrong
        schema = parsed.query.get("schema")
        self.schema = str(schema) if schema else None
        parsed = parsed.difference_update_query(["schema"])
        driver = _DRIVERS.get(parsed.drivername, parsed.drivername)
        self.given_url = url  # with which another process opens the same registry
        self.is_sqlite = driver.startswith("sqlite")
        if self.is_sqlite:
            if parsed.database in NO_FILE:
                raise RegistryUrlWrong
            parsed = parsed.set(database=str(Path(str(parsed.database)).absolute()))
        self.url = parsed.set(drivername=driver)
        self._connections = sqlite.ConnectionMaker()
        self._connect_args: dict[str, Any] = {"async_creator_fn": self._connections.connect}
        if not self.is_sqlite:
            self._connect_args = {"async_creator_fn": faults.connect_to_postgresql}
            if self.schema:
                self._connect_args["server_settings"] = {"search_path": self.schema}
        self.engine = self._make_engine(POOL_SIZE, _prepare_sqlite_connection)
        # Connections of their own: who reads and waits for a note holds up no writer or note. On
        # SQLite the notes' setting for power failures is another one, too.
        writer = self._make_engine(POOL_SIZE, _prepare_sqlite_connection)
        lossy = self._make_engine(1, _prepare_lossy_connection)
        self._write_engine = writer.execution_options(writes=True)
        self._autocommit_engine = self.engine.execution_options(single=True)
        self._lossy_engine = lossy.execution_options(single=True)
        self._beside: set[asyncio.Task[Any]] = set()
        self._turns = WriteTurns() if self.is_sqlite else None
        self.outage = Outage(self.describe_place())
        # Set while what is at the registry's place is not the registry: no transaction begins.
        self.lost: RegistryLost | None = None
        # Called after a transaction that queued a message.
        self.on_queued: Callable[[], None] | None = None

    def _make_engine(self, pool_size: int, prepare: Callable[[Any, Any], None]) -> AsyncEngine:
        engine = create_async_engine(
            self.url,
            pool_size=pool_size,
            max_overflow=0,
            pool_timeout=60,
            pool_pre_ping=not self.is_sqlite,
            hide_parameters=True,  # what people wrote is not for a log
            connect_args=self._connect_args,
        )
        event.listen(engine.sync_engine, "handle_error", faults.translate_error, retval=True)
        if self.is_sqlite:
            event.listen(engine.sync_engine, "connect", prepare)
            event.listen(engine.sync_engine, "begin", _begin_sqlite_transaction)
        return engine

    @property
    def path(self) -> Path | None:
        """The absolute path of a registry that is a SQLite file."""
        return Path(str(self.url.database)) if self.is_sqlite else None

    def describe_place(self) -> str:
        """Return the registry's place without a password: a file's path, or machine and name."""
        if self.is_sqlite:
            return str(self.url.database)
        place = f"{self.url.host or ''}/{self.url.database or ''}"
        return f"{place} ({self.schema})" if self.schema else place

    @asynccontextmanager
    async def read(self) -> AsyncIterator[AsyncSession]:
        """Open a session for queries alone; what it changes is not kept."""
        with self._note_outage():
            async with AsyncSession(self.engine) as session:
                yield session

    @asynccontextmanager
    async def write(self, *, goes_first: bool = False) -> AsyncIterator[AsyncSession]:
        """Open a session that is one transaction: kept when the block ends, undone if it raises.

        On SQLite it has the only right to write from its start; with `goes_first` it gets it before
        the writers that wait.
        """
        # SQLite's own lock makes writers sleep ever longer, and lets some of them never in.
        _check_writes_allowed()
        with self._note_outage(writes=True):
            async with (
                self._take_turn(goes_first=goes_first),
                AsyncSession(self._write_engine, expire_on_commit=False) as session,
                session.begin(),
            ):
                yield session
        if self.on_queued is not None and session.info.get(HAS_QUEUED_MESSAGE):
            self.on_queued()

    @asynccontextmanager
    async def open_connection(self) -> AsyncIterator[AsyncConnection]:
        """Open a connection for single statements, which is quicker than a session.

        On SQLite each statement is a transaction of its own; on PostgreSQL all of them are kept
        when the block ends.
        """
        with self._note_outage():
            async with self._autocommit_engine.begin() as connection:
                yield connection

    @asynccontextmanager
    async def open_lossy_connection(self) -> AsyncIterator[AsyncConnection]:
        """Open a connection for a small note of the program (the last question of a chat).

        On SQLite a power failure may lose the newest notes; the end of the program does not. Notes
        go before the other writers, so that nobody waits for an answer while many change something.
        """
        _check_writes_allowed()
        with self._note_outage():
            async with (
                self._take_turn(goes_first=True),
                self._lossy_engine.begin() as connection,
            ):
                yield connection

    def _take_turn(self, *, goes_first: bool) -> AbstractAsyncContextManager[None]:
        if self._turns is None:
            return nullcontext()
        return self._turns.take_turn(goes_first=goes_first)

    @contextmanager
    def _note_outage(self, *, writes: bool = False) -> Iterator[None]:
        """Note how a transaction ends. Raises what it raises, or RegistryLost at once."""
        if self.lost is not None:
            raise self.lost
        try:
            yield
        except REGISTRY_FAULTS as fault:
            self.outage.note_fault(fault)
            raise
        if writes:
            self.outage.note_success()

    async def reconnect(self) -> None:
        """Close every connection; the next statement opens what is at the registry's place now."""
        for engine in (self.engine, self._write_engine, self._lossy_engine):
            await engine.dispose()

    def make_upgrade_engine(self) -> AsyncEngine:
        """Return an engine for the upgrade: a transaction of its own has the only right to write.

        It keeps no connection, and waits long for others that upgrade the same registry.
        """
        engine = create_async_engine(
            self.url, poolclass=NullPool, hide_parameters=True, connect_args=self._connect_args
        )
        event.listen(engine.sync_engine, "handle_error", faults.translate_error, retval=True)
        if self.is_sqlite:
            event.listen(engine.sync_engine, "connect", _prepare_upgrade_connection)
            event.listen(engine.sync_engine, "begin", _begin_sqlite_transaction)
        return engine.execution_options(writes=True)

    def start_beside(self, work: Coroutine[Any, Any, T]) -> asyncio.Task[T]:
        """Start what goes on beside whoever asks for it; `close` waits for its end."""
        task = asyncio.create_task(work)
        self._beside.add(task)
        task.add_done_callback(self._beside.discard)
        return task

    async def close(self) -> None:
        """Let what goes on beside end (within 10 s), and close every connection."""
        if self._beside:
            _, late = await asyncio.wait(self._beside, timeout=CLOSE_SECONDS)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)
        await self.reconnect()
        await self._connections.close_all()


@asynccontextmanager
async def visit_registry(url: str) -> AsyncIterator[Database]:
    """Open the registry at `url` as it is, and close it. Whatever its fault, raises RegistryError.

    For commands that look into a registry; what runs upgrades it, too.
    """
    database = Database(url)
    try:
        yield database
    except RegistryError:
        raise
    except REGISTRY_FAULTS as fault:
        raise RegistryUnreachable(database.describe_place()) from fault
    finally:
        await database.close()


@contextmanager
def refuse_writes() -> Iterator[None]:
    """Let nothing be written by what runs in the block: it raises RegistryNotWritable at once.

    For what is done while the registry is locked or full, where a writer would wait for long.
    """
    token = _REFUSES_WRITES.set(True)
    try:
        yield
    finally:
        _REFUSES_WRITES.reset(token)


def are_writes_refused() -> bool:
    """Return whether this runs in a block of `refuse_writes`."""
    return _REFUSES_WRITES.get()


def _check_writes_allowed() -> None:
    if are_writes_refused():
        raise RegistryNotWritable


def _prepare_lossy_connection(connection: Any, record: Any) -> None:
    _prepare_sqlite_connection(connection, record)
    cursor = connection.cursor()
    cursor.execute("PRAGMA synchronous=NORMAL")
    cursor.close()


def _prepare_upgrade_connection(connection: Any, record: Any) -> None:
    _prepare_sqlite_connection(connection, record)
    cursor = connection.cursor()
    cursor.execute(f"PRAGMA busy_timeout={UPGRADE_TIMEOUT}")
    cursor.execute("PRAGMA foreign_keys=OFF")  # a table that is made anew is gone for a moment
    cursor.close()


def _prepare_sqlite_connection(connection: Any, _record: Any) -> None:
    connection.isolation_level = None  # transactions are begun by `_begin_sqlite_transaction`
    cursor = connection.cursor()
    for pragma in _PRAGMAS:
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_sqlite_transaction(connection: Connection) -> None:
    # A transaction that reads first and writes later fails at once if another one writes meanwhile;
    # therefore it takes the lock at its beginning.
    options = connection.get_execution_options()
    if options.get("writes"):
        connection.exec_driver_sql("BEGIN IMMEDIATE")
    elif not options.get("single"):
        driver = connection.connection.driver_connection
        if isinstance(driver, sqlite.TripSavingConnection):
            driver.begin_first = True
