"""Fixtures for all tests: a fresh registry on SQLite, and on PostgreSQL where one answers."""

from __future__ import annotations

import asyncio
import os
import shutil
import uuid
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from migrations.upgrade import upgrade
from models.storage.database import Database

POSTGRES_URL = os.environ.get("TEST_POSTGRES_URL", "postgresql://postgres@127.0.0.1:5432/test")
SHARED = Path(__file__).resolve().parents[2] / "shared"


async def _postgres() -> tuple[Database, str] | None:
    """A registry in a schema of its own on the PostgreSQL server, None where no server answers."""
    import asyncpg

    schema = f"t_{uuid.uuid4().hex[:12]}"
    try:
        connection = await asyncpg.connect(POSTGRES_URL, timeout=3)
    except (OSError, TimeoutError, asyncpg.PostgresError):
        return None
    await connection.execute(f"CREATE SCHEMA {schema}")
    await connection.close()
    return Database(f"{POSTGRES_URL}?schema={schema}"), schema


async def _drop(schema: str) -> None:
    import asyncpg

    connection = await asyncpg.connect(POSTGRES_URL)
    await connection.execute(f"DROP SCHEMA {schema} CASCADE")
    await connection.close()


async def _make(path: Path) -> None:
    made = Database(f"sqlite:///{path}")
    await upgrade(made)
    async with made.engine.connect() as connection:
        await connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    await made.close()


@pytest.fixture(scope="session")
def empty_registry(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty registry on SQLite, made once and copied."""
    path = tmp_path_factory.mktemp("registry") / "empty.db"
    asyncio.run(_make(path))
    return path


def _copy(template: Path, folder: Path) -> Database:
    return Database(f"sqlite:///{shutil.copy(template, folder / 'registry.db')}")


@pytest.fixture(params=["sqlite", "postgresql"])
async def database(
    request: pytest.FixtureRequest, tmp_path: Path, empty_registry: Path
) -> AsyncIterator[Database]:
    """An empty registry, at the program's version, on each kind of database."""
    if request.param == "sqlite":
        made = _copy(empty_registry, tmp_path)
        yield made
        await made.close()
        return
    found = await _postgres()
    if found is None:
        if os.environ.get("CI"):
            pytest.fail(
                f"no PostgreSQL answers at {POSTGRES_URL.rpartition('@')[2]}, and CI must have one"
            )
        pytest.skip("no PostgreSQL server answers (TEST_POSTGRES_URL)")
    made, schema = found
    await upgrade(made)
    yield made
    await made.close()
    await _drop(schema)


@pytest.fixture
async def sqlite(tmp_path: Path, empty_registry: Path) -> AsyncIterator[Database]:
    """An empty registry on SQLite alone, for tests that are not about the database."""
    made = _copy(empty_registry, tmp_path)
    yield made
    await made.close()


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of real plans and reference answers beside the project; tests skip where it is absent."""
    if not SHARED.is_dir():
        pytest.skip("the folder ../shared with the reference answers is not beside this checkout")
    return SHARED
