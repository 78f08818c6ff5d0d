"""Fixtures for the handlers: a registry with a small plan, and people who write to the bot."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from handlers.conversation.request import AppContext, HandlerOptions
from handlers.router import Router
from models.storage.database import Database
from tests.support.joined import Beginning
from tests.support.makers import NearMaker
from tests.support.near_sqlite import run_statements_near
from tests.support.readers import read_near
from tests.support.registries import copy_registry
from tests.support.world import ADMIN, ADMINS, World, load, make_registry, small_plan


@pytest.fixture(autouse=True)
def _read_documents_near(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Documents are read without a child, except in tests that are marked `process`."""
    if request.node.get_closest_marker("process") is None:
        read_near(monkeypatch)


@pytest.fixture(autouse=True)
def _run_statements_near(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """SQLite's connections have no threads, except in tests that ask for them."""
    if "threads" not in request.fixturenames:
        run_statements_near(monkeypatch)


@pytest.fixture
def threads() -> None:
    """Threads for SQLite's connections, as the program has: where one waits for another."""


@pytest.fixture
async def both(threads: None, database: Database, tmp_path: Path) -> World:
    """A world on each kind of database."""
    await load(database, small_plan())
    app = AppContext(database, replace(HandlerOptions(), admins=ADMINS, files=tmp_path / "plans"))
    world = World(database, Router(app), app)
    world.names[ADMIN] = "Quản Trị"
    return world


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A registry with the small plan, made once."""
    path = tmp_path_factory.mktemp("registry") / "template.db"
    asyncio.run(make_registry(path))
    return path


@asynccontextmanager
async def open_world(template: Path, folder: Path) -> AsyncIterator[World]:
    """A copy of the registry `template` in `folder`, and an admin named in the settings."""
    database = copy_registry(template, folder)
    options = replace(
        HandlerOptions(), admins=ADMINS, files=folder / "plans", bot_name="nhacviec_bot"
    )
    app = AppContext(database, options)
    app.files = NearMaker()
    assert database.path is not None
    world = World(database, Router(app), app, beginning=Beginning(template, database.path))
    world.names[ADMIN] = "Quản Trị"
    try:
        yield world
    finally:
        await database.close()


@pytest.fixture
async def world(template: Path, tmp_path: Path) -> AsyncIterator[World]:
    """The registry with the small plan and an admin named in the settings."""
    async with open_world(template, tmp_path) as found:
        yield found
