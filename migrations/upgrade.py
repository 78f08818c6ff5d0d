"""Bring a registry to the version of this program. Not for sessions (`models.storage.database`)."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Connection, inspect, text
from sqlalchemy.exc import DBAPIError

import migrations
from models.storage.database import Database, RegistryTooNew, RegistryUnreachable


async def upgrade(database: Database) -> None:
    """Create the registry, or bring it to this program's version.

    Raises RegistryTooNew if a newer program wrote it, RegistryUnreachable if no connection is had.
    """
    try:
        revision = await read_revision(database)
    except (TimeoutError, OSError) as fault:
        raise RegistryUnreachable(database.describe_place()) from fault
    if revision == migrations.HEAD:
        return
    if revision is not None and revision not in migrations.REVISIONS:
        raise RegistryTooNew(revision)
    engine = database.make_unpooled_engine()
    try:
        async with engine.connect() as connection:
            await connection.run_sync(_run_migrations)
    finally:
        await engine.dispose()


async def read_revision(database: Database) -> str | None:
    """Return the revision of the registry, None if it is empty. Raises RegistryUnreachable."""
    try:
        async with database.engine.connect() as connection:
            if not await connection.run_sync(lambda c: inspect(c).has_table("alembic_version")):
                return None
            rows = await connection.execute(text("SELECT version_num FROM alembic_version"))
            revision: str | None = rows.scalar()
            return revision
    except (OSError, TimeoutError, DBAPIError) as fault:
        raise RegistryUnreachable(database.describe_place()) from fault


def _run_migrations(connection: Connection) -> None:
    from alembic import command  # slow to import, and needed once in a registry's life
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(Path(migrations.__file__).parent))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
