"""The tables that the migrations make are those of the models."""

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, inspect

from models.storage.database import Database
from models.tables import METADATA


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


async def test_each_table_has_the_key_of_its_model(database: Database) -> None:
    def find_keys(connection: Connection) -> dict[str, set[str]]:
        inspector = inspect(connection)
        return {
            name: set(inspector.get_pk_constraint(name, database.schema)["constrained_columns"])
            for name in METADATA.tables
        }

    expected = {
        name: set(table.primary_key.columns.keys()) for name, table in METADATA.tables.items()
    }
    async with database.engine.connect() as connection:
        assert await connection.run_sync(find_keys) == expected
