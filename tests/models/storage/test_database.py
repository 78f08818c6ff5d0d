"""The registry is created, upgraded and refused as house.md says."""

from __future__ import annotations

from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError
from sqlmodel import col, select

import migrations
from models.agencies import Agency, AgencyName
from models.storage.database import Database, RegistryTooNew
from models.tables import METADATA


async def test_an_empty_registry_is_brought_to_the_newest_revision(database: Database) -> None:
    assert await database.read_revision() == migrations.HEAD
    await database.upgrade()
    assert await database.read_revision() == migrations.HEAD


async def test_a_registry_of_a_newer_program_is_refused(database: Database) -> None:
    async with database.write() as session:
        await (await session.connection()).execute(
            text("UPDATE alembic_version SET version_num = '9999'")
        )
    with pytest.raises(RegistryTooNew) as refused:
        await database.upgrade()
    assert refused.value.detail == "9999"


async def test_the_migrations_make_just_the_tables_of_the_models(database: Database) -> None:
    def differences(connection: Connection) -> list[object]:
        context = MigrationContext.configure(
            connection,
            opts={
                "include_name": lambda name, kind, _: (
                    not (kind == "table" and str(name).startswith("task_search"))
                ),
                "include_object": lambda _, name, kind, *rest: (
                    not (kind == "index" and name == "ix_task_search")
                ),
            },
        )
        return list(compare_metadata(context, METADATA))

    async with database.engine.connect() as connection:
        assert await connection.run_sync(differences) == []


def test_the_revisions_named_are_those_of_the_scripts() -> None:
    config = Config()
    config.set_main_option("script_location", str(Path(migrations.__file__).parent))
    scripts = ScriptDirectory.from_config(config)
    assert {script.revision for script in scripts.walk_revisions()} == set(migrations.REVISIONS)
    assert scripts.get_current_head() == migrations.HEAD


async def _fail(database: Database) -> None:
    async with database.write() as session:
        session.add(Agency(name="Sở Tư pháp", folded="so tu phap"))
        await session.flush()
        raise RuntimeError


async def test_a_failed_transaction_leaves_nothing(database: Database) -> None:
    with pytest.raises(RuntimeError):
        await _fail(database)
    async with database.read() as session:
        assert (await session.exec(select(Agency))).all() == []


async def test_foreign_keys_are_kept(database: Database) -> None:
    from sqlalchemy.exc import IntegrityError

    with pytest.raises(IntegrityError):
        async with database.write() as session:
            session.add(AgencyName(agency_id=999, name="x", folded="x", kind="synonym"))


async def test_sqlite_runs_with_a_write_ahead_log(sqlite: Database) -> None:
    async with sqlite.engine.connect() as connection:
        assert (await connection.execute(text("PRAGMA journal_mode"))).scalar() == "wal"
        assert (await connection.execute(text("PRAGMA foreign_keys"))).scalar() == 1


async def test_a_session_for_queries_keeps_nothing(database: Database) -> None:
    async with database.read() as session:
        session.add(Agency(name="Sở Y tế", folded="so y te"))
        await session.flush()
    async with database.read() as session:
        assert (await session.exec(select(col(Agency.id)))).all() == []


async def test_a_fault_in_a_statement_does_not_tell_its_values(database: Database) -> None:
    with pytest.raises(DBAPIError) as fault:
        async with database.read() as session:
            await (await session.connection()).execute(
                text("SELECT :told FROM nowhere"), {"told": "chuyện riêng"}
            )
    assert "nowhere" in str(fault.value)
    assert "chuyện riêng" not in str(fault.value)
