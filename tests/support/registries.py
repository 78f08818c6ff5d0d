"""Fresh registries for tests, on SQLite and PostgreSQL."""

from __future__ import annotations

import asyncio
import os
import shutil
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import asyncpg
import pytest

from migrations.upgrade import upgrade
from models.storage.database import Database
from models.tables import METADATA

POSTGRES_URL = os.environ.get("TEST_POSTGRES_URL", "postgresql://postgres@127.0.0.1:5432/test")
_RESTART_IDS = """
    SELECT setval(format('%I.%I', schemaname, sequencename)::regclass, 1, false)
    FROM pg_sequences WHERE schemaname = '{}' AND last_value IS NOT NULL
"""


async def make_postgres_registry() -> tuple[Database, str] | None:
    """Return a database in a schema of its own, and the schema; None if no server answers."""
    schema = f"t_{uuid.uuid4().hex[:12]}"
    try:
        connection = await asyncpg.connect(POSTGRES_URL, timeout=3)
    except (OSError, TimeoutError, asyncpg.PostgresError):
        return None
    await connection.execute(f"CREATE SCHEMA {schema}")
    await connection.close()
    return Database(f"{POSTGRES_URL}?schema={schema}"), schema


async def drop_schema(schema: str) -> None:
    """Remove the schema of a test."""
    connection = await asyncpg.connect(POSTGRES_URL)
    await connection.execute(f"DROP SCHEMA {schema} CASCADE")
    await connection.close()


class PostgresRegistry:
    """One registry on PostgreSQL for many tests, made at the first use and emptied for each."""

    def __init__(self) -> None:
        self.schema: str | None = None

    async def open(self) -> Database | None:
        """Return it without a row; None if no server answers."""
        if self.schema is not None:
            try:
                await self._empty(self.schema)
                return Database(f"{POSTGRES_URL}?schema={self.schema}")
            except asyncpg.UndefinedTableError:  # a test that failed left a table renamed
                await self.drop()
        found = await make_postgres_registry()
        if found is None:
            return None
        database, self.schema = found
        await upgrade(database)
        return database

    async def _empty(self, schema: str) -> None:
        connection = await asyncpg.connect(
            POSTGRES_URL, server_settings={"search_path": schema, "lock_timeout": "10s"}
        )
        deletions = [f'DELETE FROM "{t.name}"' for t in reversed(METADATA.sorted_tables)]
        await connection.execute(";".join([*deletions, _RESTART_IDS.format(schema)]))
        await connection.close()

    async def drop(self) -> None:
        """Remove it; the next use makes it anew."""
        if self.schema is not None:
            await drop_schema(self.schema)
            self.schema = None


@asynccontextmanager
async def open_postgres(postgres: PostgresRegistry) -> AsyncIterator[Database]:
    """Open an empty registry on PostgreSQL; the test is skipped where no server answers."""
    found = await postgres.open()
    if found is None:
        if os.environ.get("CI"):
            pytest.fail(
                f"no PostgreSQL answers at {POSTGRES_URL.rpartition('@')[2]}, and CI must have one"
            )
        pytest.skip("no PostgreSQL server answers (TEST_POSTGRES_URL)")
    yield found
    await found.close()


async def make_sqlite_registry(path: Path) -> None:
    """Write an empty registry to one file, without a journal beside it."""
    database = Database(f"sqlite:///{path}")
    await upgrade(database)
    await close_as_one_file(database)


async def close_as_one_file(database: Database) -> None:
    """Close a registry on SQLite and leave it without a journal beside it, to be copied."""
    async with database.engine.connect() as connection:
        await connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    await database.close()


def copy_registry(template: Path, folder: Path) -> Database:
    """Return a registry in `folder` that is a copy of `template`."""
    return Database(f"sqlite:///{shutil.copy(template, folder / 'registry.db')}")


def fill_copy(template: Path, folder: Path, fill: Callable[[Database], Awaitable[object]]) -> Path:
    """Return a copy of `template` in `folder` that `fill` filled, as a template for others."""

    async def make() -> Path:
        registry = copy_registry(template, folder)
        await fill(registry)
        await close_as_one_file(registry)
        return Path(str(registry.path))

    return asyncio.run(make())
