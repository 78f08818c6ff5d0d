"""Engines of one process that share what SQLAlchemy compiles.

Each test opens a registry of its own. With engines that know nothing of each other, each of them
would compile the same statements anew; the program's single registry compiles them once.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlalchemy import Engine
from sqlalchemy.ext.asyncio import AsyncEngine

from models.storage import database

MAKER = "create_async_engine"
_FIRST: dict[str, Engine] = {}


def share_statements() -> None:
    """Let the engines of the same kind of database share their dialect and its statements."""
    make: Callable[..., AsyncEngine] = getattr(database, MAKER)

    def make_sharing(url: Any, **options: Any) -> AsyncEngine:
        engine = make(url, **options)
        # A dialect on PostgreSQL remembers the schema in which it connected.
        settings = options["connect_args"].get("server_settings", {})
        _join_first(engine.sync_engine, f"{url.drivername} {settings}")
        return engine

    setattr(database, MAKER, make_sharing)


def _join_first(engine: Engine, kind: str) -> None:
    first = _FIRST.setdefault(kind, engine)
    if first is engine:
        return
    vars(engine.dialect)["initialize"] = first.dialect.initialize  # the first connection calls it
    engine.dialect = engine.pool._dialect = first.dialect
    engine._compiled_cache = first._compiled_cache
