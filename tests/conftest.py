"""Fixtures for all tests: a fresh registry on SQLite, and on PostgreSQL where one answers."""

from __future__ import annotations

import asyncio
import gc
import itertools
import os
import tempfile
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from models.storage.database import Database
from tests.support.engines import share_statements, spare_disk
from tests.support.registries import (
    PostgresRegistry,
    copy_registry,
    make_sqlite_registry,
    open_postgres,
)

os.environ["DATA_DIR"] = tempfile.mkdtemp(prefix="nhacviec-")  # of what modules share
share_statements()
spare_disk()
settings.register_profile("untimed", deadline=None)  # a busy machine is no fault of the code
settings.load_profile("untimed")

_DATA_FOLDERS = itertools.count()

KINDS = {"postgres", "process", "browser", "long", "service", "prove"}
"""Marks of tests that need more than Python, or much of it; all others are marked `unit`."""
SERVICES = (
    "bot",
    "handlers/files",
    "plans/documents",
    "reports",
    "scheduler/planning",
    "scheduler/test_clock.py",
    "scheduler/test_rehearse.py",
    "scheduler/test_sender.py",
    "web",
)
"""Folders and modules whose tests run a part of the program as a whole; marked `service`, as are
those that talk with the whole bot (the fixture `world`)."""
SHARED = Path(__file__).resolve().parents[2] / "shared"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        item.add_marker(_choose_kind(item))


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Iterator[None]:
    """Let the collector of garbage pass over modules and tests, which stay: they are many."""
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.enable()


def _choose_kind(item: pytest.Item) -> str:
    """What the test needs: a PostgreSQL server, processes of its own, a browser, or little."""
    given = KINDS.intersection(mark.name for mark in item.iter_markers())
    if given:
        return given.pop()
    callspec = getattr(item, "callspec", None)
    fixtures = getattr(item, "fixturenames", ())
    if "postgresql" in fixtures or (callspec and "postgresql" in callspec.params.values()):
        return "postgres"
    if "page" in fixtures:
        return "browser"
    module = getattr(item, "module", None)
    if hasattr(module, "subprocess") or item.path.stem.endswith("_process"):
        return "process"
    is_service = item.path.relative_to(Path(__file__).parent).as_posix().startswith(SERVICES)
    return "service" if is_service or "world" in fixtures else "unit"


@pytest.fixture(autouse=True)
def _data_folder(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each test's processes keep their data apart, in a folder that they make if they need one."""
    folder = tmp_path_factory.getbasetemp() / f"data-{next(_DATA_FOLDERS)}"
    monkeypatch.setenv("DATA_DIR", str(folder))


@pytest.fixture(scope="session")
def empty_registry(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty registry on SQLite, made once and copied."""
    path = tmp_path_factory.mktemp("registry") / "empty.db"
    asyncio.run(make_sqlite_registry(path))
    return path


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresRegistry]:
    """The registry on PostgreSQL that this process's tests take turns with."""
    registry = PostgresRegistry()
    yield registry
    asyncio.run(registry.drop())


@pytest.fixture(params=["sqlite", "postgresql"])
async def database(
    request: pytest.FixtureRequest,
    tmp_path: Path,
    empty_registry: Path,
    postgres: PostgresRegistry,
) -> AsyncIterator[Database]:
    """An empty registry, at the program's version, on each kind of database."""
    if request.param == "sqlite":
        made = copy_registry(empty_registry, tmp_path)
        yield made
        await made.close()
        return
    async with open_postgres(postgres) as found:
        yield found


@pytest.fixture
async def postgresql(postgres: PostgresRegistry) -> AsyncIterator[Database]:
    """An empty registry on PostgreSQL alone, for what several processes do."""
    async with open_postgres(postgres) as found:
        yield found


@pytest.fixture
async def sqlite(tmp_path: Path, empty_registry: Path) -> AsyncIterator[Database]:
    """An empty registry on SQLite alone, for tests that are not about the database."""
    made = copy_registry(empty_registry, tmp_path)
    yield made
    await made.close()


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of real plans and reference answers; tests skip if it is absent."""
    if not SHARED.is_dir():
        pytest.skip("the folder ../shared with the reference answers is not beside this checkout")
    return SHARED
