"""A registry is created and upgraded; one of a newer program is refused."""

from __future__ import annotations

from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text

import migrations
from migrations.upgrade import read_revision, upgrade
from models.storage.database import Database, RegistryTooNew
from models.tables import METADATA


async def test_an_empty_registry_is_brought_to_the_newest_revision(database: Database) -> None:
    assert await read_revision(database) == migrations.HEAD
    await upgrade(database)
    assert await read_revision(database) == migrations.HEAD


async def test_a_registry_of_a_newer_program_is_refused(database: Database) -> None:
    async with database.write() as session:
        await (await session.connection()).execute(
            text("UPDATE alembic_version SET version_num = '9999'")
        )
    with pytest.raises(RegistryTooNew) as refused:
        await upgrade(database)
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
