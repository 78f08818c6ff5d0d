"""A registry is created and upgraded, also by processes that are killed or start together; what
cannot be one is refused by its true cause."""

from __future__ import annotations

import asyncio
import json
import re
import sqlite3
import stat
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import text

import migrations
from migrations.upgrade import read_revision, upgrade
from models.notices import save_heartbeat
from models.storage.database import Database
from models.storage.faults import (
    RegistryDamaged,
    RegistryError,
    RegistryForeign,
    RegistryHalfMade,
    RegistryTooNew,
)
from tests.support.registries import drop_schema


async def test_an_empty_registry_is_brought_to_the_newest_revision(database: Database) -> None:
    assert await read_revision(database) == migrations.HEAD
    await upgrade(database)
    assert await read_revision(database) == migrations.HEAD


async def test_a_registry_of_a_newer_program_is_refused(empty_url: str) -> None:
    database = Database(empty_url)
    await upgrade(database)
    async with database.write() as session:
        await (await session.connection()).execute(
            text("UPDATE alembic_version SET version_num = '9999'")
        )
    with pytest.raises(RegistryTooNew) as refused:
        await upgrade(database)
    assert refused.value.detail == "9999"
    await database.close()


def test_the_revisions_named_are_those_of_the_scripts() -> None:
    config = Config()
    config.set_main_option("script_location", str(Path(migrations.__file__).parent))
    scripts = ScriptDirectory.from_config(config)
    assert {script.revision for script in scripts.walk_revisions()} == set(migrations.REVISIONS)
    assert scripts.get_current_head() == migrations.HEAD


def test_no_migration_hangs_on_the_program_that_goes_on_changing() -> None:
    own = (
        r"^\s*(?:from|import) (bot|web|handlers|scheduler|reports|plans|models|language|locales)\b"
    )
    scripts = sorted((Path(migrations.__file__).parent / "versions").glob("0*.py"))
    assert len(scripts) == len(migrations.REVISIONS)
    for script in scripts:
        assert not re.search(own, script.read_text(encoding="utf-8"), flags=re.M), script.name


def run_upgrades(url: str, count: int, *options: str) -> dict[str, Any]:
    """Upgrades in other processes, and returns what is told of them."""
    command = [sys.executable, "-m", "tests.support.killed_upgrades", url, str(count), *options]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    found: dict[str, Any] = json.loads(done.stdout)
    return found | {"told": done.stderr}


def test_a_first_start_that_is_killed_or_one_of_eight_at_once_comes_to_its_end(
    empty_url: str,
) -> None:
    found = run_upgrades(empty_url, 2, "--together", "8")
    assert found["failed"] == [], found["told"]
    assert found["killed"] == 2
    assert found["started"] == 8, found["told"]


async def test_a_schema_that_is_missing_is_made(empty_url: str) -> None:
    if not empty_url.startswith("postgresql"):
        pytest.skip("SQLite has no schemas")
    database = Database(f"{empty_url}_b")
    await upgrade(database)
    assert await read_revision(database) == migrations.HEAD
    await database.close()
    await drop_schema(f"{database.schema}")


async def test_a_command_beside_a_running_bot_leaves_its_log_in_place(sqlite: Database) -> None:
    await upgrade(sqlite)  # the start of a bot on a registry that is there
    async with sqlite.write() as session:
        await save_heartbeat(session, "sender", datetime.now(UTC))
    assert await asyncio.to_thread(_visit_from_outside, sqlite)


def _visit_from_outside(registry: Database) -> bool:
    """Let another process use `registry` and leave. Returns whether its log is there still."""
    visit = "import sqlite3, sys; sqlite3.connect(sys.argv[1]).execute('SELECT 1 FROM task')"
    subprocess.run([sys.executable, "-c", visit, str(registry.path)], check=True)
    return Path(f"{registry.path}-wal").exists()


async def test_only_the_own_account_may_read_the_registry(tmp_path: Path) -> None:
    path = tmp_path / "province" / "data" / "registry.db"
    database = Database(f"sqlite:///{path}")
    await upgrade(database)
    assert await read_revision(database) == migrations.HEAD  # which opens the journal
    places = (path, Path(f"{path}-wal"), path.parent, path.parent.parent)
    modes = {stat.S_IMODE(one.stat().st_mode) for one in places}
    assert modes == {0o600, 0o700}
    path.chmod(0o644)
    await upgrade(database)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    await database.close()


@pytest.mark.parametrize(
    ("statements", "fault"),
    [
        (["CREATE TABLE song (id INTEGER)"], RegistryForeign),
        (["CREATE TABLE person (id INTEGER)"], RegistryForeign),
        (
            [
                "CREATE TABLE alembic_version (version_num TEXT)",
                "INSERT INTO alembic_version VALUES ('ae1027a6acf')",
            ],
            RegistryForeign,
        ),
        (
            ["CREATE TABLE alembic_version (version_num TEXT)", "CREATE TABLE agency (id INTEGER)"],
            RegistryHalfMade,
        ),
    ],
)
async def test_a_file_of_another_kind_is_refused_and_left_as_it_is(
    tmp_path: Path, statements: list[str], fault: type[RegistryError]
) -> None:
    path = tmp_path / "registry.db"
    with sqlite3.connect(path) as connection:
        for statement in statements:
            connection.execute(statement)
    connection.close()
    database = Database(f"sqlite:///{path}")
    with pytest.raises(fault) as refused:
        await upgrade(database)
    assert refused.value.detail == str(path)
    await database.close()
    with sqlite3.connect(path) as connection:
        tables = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
    connection.close()
    assert tables == (sum(one.startswith("CREATE") for one in statements),)


async def test_an_upgrade_that_an_older_program_left_half_done_is_named(
    sqlite: Database,
) -> None:
    async with sqlite.write() as session:
        await (await session.connection()).execute(
            text("UPDATE alembic_version SET version_num = '0001'")
        )
    with pytest.raises(RegistryHalfMade):
        await upgrade(sqlite)


async def test_a_file_that_is_no_database_is_called_damaged(sqlite: Database) -> None:
    await sqlite.close()
    assert sqlite.path is not None
    sqlite.path.write_bytes(b"PK\x03\x04" + b"x" * 8000)
    with pytest.raises(RegistryDamaged):
        await upgrade(sqlite)
