"""Engines for the many registries of one process of tests.

Each test opens a registry of its own. With engines that know nothing of each other, each of them
would compile the same statements anew; the program's single registry compiles them once. And no
registry of a test outlives a power failure, so none waits for the disk.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, Dialect, Engine, Pool, event
from sqlalchemy.ext.asyncio import AsyncEngine
from sqlalchemy.pool import ConnectionPoolEntry

from models.storage import database
from models.storage.sqlite import TripSavingConnection

MAKER = "create_async_engine"
SPARED = "spared"  # set in the notes of a connection that does not wait for the disk


@dataclass(slots=True)
class _Shared:
    """The dialect of the first engine of a kind, and the statements compiled for it."""

    dialect: Dialect
    initialize: Callable[[Connection], None]
    statements: dict[Any, Any] = field(default_factory=dict)
    is_initialized: bool = False

    def initialize_once(self, connection: Connection) -> None:
        """Let the dialect ask the first connection of all what the database can do."""
        if not self.is_initialized:
            self.initialize(connection)
            self.is_initialized = True


_SHARED: dict[str, _Shared] = {}


def share_statements() -> None:
    """Let the engines of the same kind of database share their dialect and its statements."""
    make: Callable[..., AsyncEngine] = getattr(database, MAKER)

    def make_sharing(url: Any, **options: Any) -> AsyncEngine:
        # A dialect on PostgreSQL remembers the schema in which it connected.
        settings = options["connect_args"].get("server_settings", {})
        return AsyncEngine(_share(make(url, **options).sync_engine, f"{url.drivername} {settings}"))

    setattr(database, MAKER, make_sharing)


def _share(made: Engine, kind: str) -> Engine:
    """Return an engine with the connections of `made`, and the dialect of the first of its kind."""
    shared = _SHARED.setdefault(kind, _Shared(made.dialect, made.dialect.initialize))
    vars(made.dialect)["initialize"] = shared.initialize_once  # each engine's first connection
    return Engine(
        made.pool,
        shared.dialect,
        made.url,
        hide_parameters=made.hide_parameters,
        execution_options={"compiled_cache": shared.statements},
    )


def spare_disk() -> None:
    """Let the connections to SQLite leave it to the system when what they write is on the disk."""
    event.listen(Pool, "checkout", _leave_to_system)


def _leave_to_system(connection: Any, record: ConnectionPoolEntry, _checked_out: object) -> None:
    if isinstance(record.driver_connection, TripSavingConnection) and SPARED not in record.info:
        cursor = connection.cursor()
        cursor.execute("PRAGMA synchronous=OFF")
        cursor.close()
        record.info[SPARED] = True
