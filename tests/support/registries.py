"""Fresh registries for tests, on SQLite and PostgreSQL."""

from __future__ import annotations

import os
import shutil
import uuid
from pathlib import Path

from migrations.upgrade import upgrade
from models.storage.database import Database

POSTGRES_URL = os.environ.get("TEST_POSTGRES_URL", "postgresql://postgres@127.0.0.1:5432/test")


async def make_postgres_registry() -> tuple[Database, str] | None:
    """Return a database in a schema of its own, and the schema; None if no server answers."""
    import asyncpg

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
    import asyncpg

    connection = await asyncpg.connect(POSTGRES_URL)
    await connection.execute(f"DROP SCHEMA {schema} CASCADE")
    await connection.close()


async def make_sqlite_registry(path: Path) -> None:
    """Write an empty registry to one file, without a journal beside it."""
    database = Database(f"sqlite:///{path}")
    await upgrade(database)
    async with database.engine.connect() as connection:
        await connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    await database.close()


def copy_registry(template: Path, folder: Path) -> Database:
    """Return a registry in `folder` that is a copy of `template`."""
    return Database(f"sqlite:///{shutil.copy(template, folder / 'registry.db')}")
