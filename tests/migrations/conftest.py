"""Fixtures for tests that change the registry's tables."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.support.registries import (
    POSTGRES_URL,
    drop_schema,
    make_postgres_registry,
)


@pytest.fixture(params=["sqlite", "postgresql"])
async def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[str]:
    """The address of a place without a registry."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path}/new/registry.db"
        return
    found = await make_postgres_registry()
    if found is None:
        pytest.skip("no PostgreSQL server answers (TEST_POSTGRES_URL)")
    database, schema = found
    await database.close()
    yield f"{POSTGRES_URL}?schema={schema}"
    await drop_schema(schema)
