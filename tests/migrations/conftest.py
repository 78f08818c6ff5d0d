"""Fixtures for tests that change the registry's tables."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from tests.support.registries import PostgresRegistry


@pytest.fixture
async def postgres() -> AsyncIterator[PostgresRegistry]:
    """A registry on PostgreSQL for one test alone."""
    registry = PostgresRegistry()
    yield registry
    await registry.drop()
