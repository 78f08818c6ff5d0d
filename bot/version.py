"""`--version`: the version of the program, and that of the registry of the settings."""

from __future__ import annotations

from importlib.metadata import PackageNotFoundError, version

import migrations
from bot.settings import Settings
from migrations.upgrade import read_revision
from models.storage.database import visit_registry
from models.storage.faults import RegistryError

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
        async with visit_registry(settings.database_url.get_secret_value()) as database:
            revision = await read_revision(database)
    except RegistryError:
        return read_program_version(), UNKNOWN
    return read_program_version(), revision or migrations.HEAD
