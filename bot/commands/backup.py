"""`backup` and `restore`: the registry into one SQLite file, and back into an empty registry."""

from __future__ import annotations

import asyncio
import contextlib
import secrets
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from pathlib import Path

import migrations
from bot.commands.options import print_sentence
from bot.settings import Settings
from locales.answer import say
from locales.user_error import UserError
from migrations.upgrade import read_revision, upgrade
from models.storage.database import Database
from models.storage.faults import (
    RegistryDamaged,
    RegistryForeign,
    RegistryHalfMade,
    RegistryTooNew,
)
from models.storage.private_files import make_private_file
from models.storage.run_lock import hold_run_lock
from models.transfer import RegistryNotEmpty, copy_rows, count_rows, end_what_was_open

PAGES_AT_ONCE = 2_000  # of a SQLite file, between two lines of progress
LARGE = 20_000  # rows or pages from which the progress is shown


class BackupFault(UserError):
    """A backup or restore that cannot be done, and why."""


async def write_backup(settings: Settings, file: Path) -> int:
    """Write a consistent copy of the registry to `file`; return how many rows it has.

    `file` appears when it is whole and was checked. Raises BackupFault, RegistryError.
    """
    database = Database(settings.database_url.get_secret_value())
    try:
        revision = await read_revision(database)
        if revision is None:
            raise BackupFault(say("backup-nothing", place=database.describe_place()))
        if revision not in migrations.REVISIONS:
            raise RegistryTooNew(revision)
        if database.path is None:
            await upgrade(database)
        with _open_new_file(file) as part:
            if database.path is not None:
                await asyncio.to_thread(_copy_sqlite_file, database.path, part)
            else:
                await _copy_into(database, part)
            copy = Database(f"sqlite:///{part}")
            rows = await count_rows(copy)
            await copy.close()
            await asyncio.to_thread(_finish_file, part)
        return rows
    except (OSError, sqlite3.Error) as fault:
        raise BackupFault(say("backup-unwritable", file=str(file), reason=str(fault))) from fault
    finally:
        await database.close()


@contextlib.contextmanager
def _open_new_file(file: Path) -> Iterator[Path]:
    """Give a hidden file that becomes `file` at the end of the block, unless it raises."""
    if file.exists():
        raise BackupFault(say("backup-exists", file=str(file)))
    part = file.absolute().with_name(f".{file.name}.{secrets.token_hex(4)}.part")
    try:
        make_private_file(part)
        yield part
        part.replace(file)
    finally:
        for suffix in ("", "-wal", "-shm", "-journal"):
            Path(f"{part}{suffix}").unlink(missing_ok=True)


def _copy_sqlite_file(source: Path, target: Path) -> None:
    """Copy a SQLite file that others write to, as it is at one moment."""

    def show(_: int, remaining: int, total: int) -> None:
        if total >= LARGE:
            print_sentence(say("backup-progress", percent=100 * (total - remaining) // total))

    address = f"{source.as_uri()}?mode=rw"
    with (
        contextlib.closing(sqlite3.connect(address, uri=True, isolation_level=None)) as reader,
        contextlib.closing(sqlite3.connect(target)) as writer,
    ):
        reader.execute("PRAGMA busy_timeout=15000")
        reader.execute("BEGIN")  # what others write from now on is left out
        reader.execute("SELECT count(*) FROM sqlite_master").fetchone()
        reader.backup(writer, pages=PAGES_AT_ONCE, progress=show)
        reader.execute("COMMIT")


def _finish_file(path: Path) -> None:
    """Bring a copy into one file and check it. Raises sqlite3.DatabaseError."""
    with contextlib.closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("PRAGMA journal_mode=DELETE")
        (found,) = connection.execute("PRAGMA integrity_check").fetchone()
        if found != "ok":
            raise sqlite3.DatabaseError(str(found))


async def _copy_into(database: Database, path: Path) -> None:
    target = Database(f"sqlite:///{path}")
    try:
        await upgrade(target)
        await copy_rows(database, target, _show_table)
    finally:
        await target.close()


def _show_table(table: str, count: int) -> None:
    if count >= LARGE:
        print_sentence(say("backup-rows", count=count))


async def restore_backup(settings: Settings, file: Path) -> int:
    """Copy a backup into the empty registry of the settings; return how many rows it has.

    Sessions, links and codes end, and what was unsent is sent with a mark. Raises BackupFault,
    RegistryError.
    """
    target = Database(settings.database_url.get_secret_value())
    try:
        with hold_run_lock(target), _open_copy(file) as path:
            source = Database(f"sqlite:///{path}")
            try:
                await _bring_up_to_date(source, file)
                if await read_revision(target) is not None and await count_rows(target):
                    raise BackupFault(say("restore-not-empty", place=target.describe_place()))
                await end_what_was_open(source)
                await upgrade(target)
                rows = await copy_rows(source, target, _show_table)
            except RegistryNotEmpty as fault:
                raise BackupFault(
                    say("restore-not-empty", place=target.describe_place())
                ) from fault
            finally:
                await source.close()
            return rows
    finally:
        await target.close()


async def _bring_up_to_date(backup: Database, file: Path) -> None:
    """Upgrade the copy of a backup; a file that is none is called by its own name."""
    try:
        if await read_revision(backup) is None:
            raise BackupFault(say("restore-no-backup", file=str(file)))
    except (RegistryDamaged, RegistryForeign, RegistryHalfMade) as fault:
        raise BackupFault(say("restore-no-backup", file=str(file))) from fault
    await upgrade(backup)


@contextlib.contextmanager
def _open_copy(file: Path) -> Iterator[Path]:
    """Give a copy of a backup that may be changed; the backup itself stays as it is."""
    with tempfile.TemporaryDirectory(prefix="nhacviec-") as folder:
        path = Path(folder) / "registry.db"
        make_private_file(path)
        try:
            shutil.copyfile(file, path)
        except OSError as fault:  # also if it is a folder, or there is no room for the copy
            raise BackupFault(
                say("restore-not-copied", file=str(file), reason=fault.strerror or "")
            ) from fault
        yield path
