"""Bring a registry to the version of this program. Not for sessions (`models.storage.database`)."""

from __future__ import annotations

import re
from pathlib import Path

from sqlalchemy import Connection, inspect, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection

import migrations
from models.storage.database import Database
from models.storage.faults import (
    RegistryForeign,
    RegistryHalfMade,
    RegistryTooNew,
    RegistryUnreachable,
)
from models.storage.private_files import make_private_file
from models.tables import METADATA

VERSION_TABLE = "alembic_version"
SEARCH_TEXTS_SINCE = "0004"  # the texts of tasks have been the same from this revision on
_REVISION = re.compile(r"\d{4}")
_READ_REVISION = text("SELECT version_num FROM alembic_version")
_LOCK = text("SELECT pg_advisory_xact_lock(hashtext('nhacviec upgrade'))")


async def upgrade(database: Database, to: str = migrations.HEAD) -> None:
    """Create the registry, or bring it to this program's version, the revision `to`.

    All of it is one transaction under a lock: a process that is killed leaves the registry as it
    was, and of several that start at once one does it. Raises a RegistryError that says why the
    registry cannot be used.
    """
    revision = await read_revision(database)
    if database.path is not None:
        make_private_file(database.path)
    if revision == to:
        return
    if revision is not None and revision not in migrations.REVISIONS:
        raise RegistryTooNew(revision)
    engine = database.make_upgrade_engine()
    try:
        if database.schema is not None:
            async with engine.begin() as connection:
                await _make_schema(connection, database.schema)
        async with engine.begin() as connection:
            if not database.is_sqlite:
                await connection.execute(_LOCK)
            await connection.run_sync(_run_migrations, to)
            if revision is not None and revision < SEARCH_TEXTS_SINCE:
                from migrations.search_texts import write_search_texts  # slow to import, too

                await connection.run_sync(write_search_texts)
    except DBAPIError as fault:
        if "already exists" in str(fault.orig):
            raise RegistryHalfMade(database.describe_place()) from fault
        raise RegistryUnreachable(database.describe_place()) from fault
    except OSError as fault:
        raise RegistryUnreachable(database.describe_place()) from fault
    finally:
        await engine.dispose()


async def read_revision(database: Database) -> str | None:
    """Return the revision of the registry, None if there is none or it is empty.

    Raises RegistryUnreachable, RegistryDamaged, or what tells that it is no registry of ours.
    """
    if database.path is not None and not database.path.exists():
        return None
    try:
        async with database.engine.connect() as connection:
            return await connection.run_sync(_read_revision, database)
    except (OSError, TimeoutError, DBAPIError) as fault:
        raise RegistryUnreachable(database.describe_place()) from fault


def _read_revision(connection: Connection, database: Database) -> str | None:
    tables = set(inspect(connection).get_table_names(schema=database.schema))
    place = database.describe_place()
    ours = tables & set(METADATA.tables)
    revision: str | None = None
    if VERSION_TABLE in tables:
        revision = connection.execute(_READ_REVISION).scalar()
    if revision is not None and not _REVISION.fullmatch(revision):
        raise RegistryForeign(place)
    if revision is None and ours:
        raise RegistryHalfMade(place) if VERSION_TABLE in tables else RegistryForeign(place)
    if revision is None and database.is_sqlite and tables - {VERSION_TABLE}:
        raise RegistryForeign(place)
    if revision == migrations.HEAD and len(ours) < len(METADATA.tables):
        raise RegistryHalfMade(place)
    return revision


async def _make_schema(connection: AsyncConnection, schema: str) -> None:
    await connection.execute(_LOCK)
    name = connection.dialect.identifier_preparer.quote(schema)
    await connection.execute(text(f"CREATE SCHEMA IF NOT EXISTS {name}"))


def _run_migrations(connection: Connection, to: str) -> None:
    from alembic import command  # slow to import, and needed once in a registry's life
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(Path(migrations.__file__).parent))
    config.attributes["connection"] = connection
    command.upgrade(config, to)
