"""`--version`: the version of the program, and that of the registry of the settings."""

from __future__ import annotations

from importlib.metadata import PackageNotFoundError, version

import migrations
from bot.settings import Settings
from migrations.upgrade import read_revision
from models.storage.database import Database
from models.storage.faults import REGISTRY_FAULTS, RegistryError

PACKAGE = "nhacviec"
UNKNOWN = "–"


def read_program_version() -> str:
    """Return the version of the program; of a tree that was never installed, a dash."""
    try:
        return version(PACKAGE)
    except PackageNotFoundError:
        return UNKNOWN


async def read_versions(settings: Settings) -> tuple[str, str]:
    """Return the versions of program and registry; a registry to be made gets the program's."""
    try:
        database = Database(settings.database_url.get_secret_value())
        revision = await read_revision(database)
        await database.close()
    except (RegistryError, *REGISTRY_FAULTS):
        return read_program_version(), UNKNOWN
    return read_program_version(), revision or migrations.HEAD
