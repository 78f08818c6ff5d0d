"""A backup of a registry at work is whole, and comes back on either kind of database."""

from __future__ import annotations

import sqlite3
import stat
import threading
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Table
from sqlmodel import col, select

from bot.commands.backup import BackupFault, restore_backup, write_backup
from bot.settings import Settings, load_settings
from handlers.people.codes import make_invitation
from migrations.upgrade import upgrade
from models.audit import Audit
from models.channels.accounts import Account, offer_account
from models.channels.handouts import Handout, hand_out
from models.chats import Chat
from models.notices import Notice, NoticeStatus
from models.people import Invitation, Person, Post, PostRole
from models.storage.database import Database
from models.tables import METADATA
from models.transfer import copy_rows
from models.web_access import WebSession
from tests.prove.processes import url_of
from tests.support.world import NOW, load, small_plan


def settings_of(url: str) -> Settings:
    return load_settings(database_url=url)


async def fill(database: Database) -> None:
    """A plan, people, somebody who stands in, a code, a session and a notice that waits."""
    await load(database, small_plan())
    async with database.write() as session:
        person = Person(channel="telegram", address="7", name="Lê Chi", joined_at=NOW)
        session.add(person)
        await session.flush()
        chat = Chat(channel="telegram", address="7", kind="private", title="Lê Chi")
        post = Post(person_id=person.id, role=PostRole.ADMIN, made_at=NOW)
        session.add_all([chat, post])
        await session.flush()
        session.add(
            Post(
                person_id=person.id,
                role=PostRole.ADMIN,
                made_at=NOW,
                stands_in_for=post.id,
                until=NOW.date(),
            )
        )
        session.add(
            Notice(
                chat_id=chat.id,
                day=NOW.date(),
                kind="message",
                body={"x": ["ế", None]},
                not_before=NOW,
                planned_at=NOW,
            )
        )
        session.add(
            WebSession(token_sha256="x", person_id=person.id, opened_at=NOW, expires_at=NOW)
        )
        await hand_out(session, "bang.xlsx", b"x", NOW)
        session.add(Account(person_id=person.id, channel="zalo", address="9"))
        await session.flush()
        await offer_account(session, person.id, "y", NOW + timedelta(minutes=15))
        await make_invitation(
            session, None, PostRole.VIEWER, 3, NOW + timedelta(days=1), person.id, NOW
        )


def list_keys(table: Table) -> list[Any]:
    return list(table.primary_key.columns)


def find_parts(folder: Path) -> list[Path]:
    """Files that a backup left behind unfinished."""
    return list(folder.glob(".*.part*"))


async def dump(database: Database) -> dict[str, list[Any]]:
    """All rows of all tables."""
    async with database.engine.connect() as connection:
        return {
            table.name: [
                tuple(row)
                for row in await connection.execute(table.select().order_by(*list_keys(table)))
            ]
            for table in METADATA.sorted_tables
        }


async def test_it_goes_from_either_database_to_the_other_and_back(
    database: Database, tmp_path: Path
) -> None:
    await fill(database)
    before = await dump(database)
    settings = settings_of(await url_of(database))
    rows = await write_backup(settings, tmp_path / "backup.db")
    assert rows == sum(map(len, before.values()))
    assert stat.S_IMODE((tmp_path / "backup.db").stat().st_mode) == 0o600
    copy = Database(f"sqlite:///{tmp_path}/backup.db")
    assert await dump(copy) == before
    await copy.close()


async def test_what_is_copied_is_equal_and_goes_on_with_its_numbers(
    database: Database, sqlite: Database, tmp_path: Path
) -> None:
    """From SQLite into either kind of database."""
    source = Database(f"sqlite:///{tmp_path}/source.db")
    await upgrade(source)
    await fill(source)
    assert await copy_rows(source, database) > 0
    assert await dump(database) == await dump(source)
    async with database.write() as session:
        person = Person(channel="telegram", address="8", name="An", joined_at=NOW)
        session.add(person)
        await session.flush()
        assert person.id == 2
    await source.close()


async def test_a_backup_of_a_registry_that_is_written_to_holds_every_confirmed_write(
    sqlite: Database, tmp_path: Path
) -> None:
    confirmed: list[int] = []
    stop = threading.Event()

    def write() -> None:
        with sqlite3.connect(str(sqlite.path), isolation_level=None) as connection:
            connection.execute("PRAGMA busy_timeout=5000")
            while not stop.is_set():
                connection.execute(
                    "INSERT INTO audit (at, action, subject) VALUES ('2026-11-20', 'x', 'y')"
                )
                confirmed.append(len(confirmed) + 1)
        connection.close()

    writer = threading.Thread(target=write)
    writer.start()
    try:
        while len(confirmed) < 50:
            pass
        before = len(confirmed)
        await write_backup(settings_of(f"sqlite:///{sqlite.path}"), tmp_path / "backup.db")
        after = len(confirmed)
    finally:
        stop.set()
        writer.join()
    copy = Database(f"sqlite:///{tmp_path}/backup.db")
    async with copy.read() as session:
        kept = len((await session.exec(select(Audit))).all())
    await copy.close()
    assert after > before
    assert before <= kept <= after + 1


async def test_what_was_open_ends_with_a_restore(sqlite: Database, tmp_path: Path) -> None:
    await fill(sqlite)
    await write_backup(settings_of(f"sqlite:///{sqlite.path}"), tmp_path / "backup.db")
    new = f"sqlite:///{tmp_path}/new/registry.db"
    await restore_backup(settings_of(new), tmp_path / "backup.db")
    restored = Database(new)
    async with restored.read() as session:
        (notice,) = await session.exec(select(Notice))
        assert (notice.status, notice.again) == (NoticeStatus.UNCERTAIN, True)
        assert not (await session.exec(select(WebSession))).all()
        assert not (await session.exec(select(Handout))).all()
        assert list(await session.exec(select(Account.address))) == ["9"]
        assert list(await session.exec(select(col(Invitation.uses_left)))) == [0]
        assert len((await session.exec(select(Post))).all()) == 2
    await restored.close()


async def test_it_is_refused_with_what_to_do(sqlite: Database, tmp_path: Path) -> None:
    await fill(sqlite)
    settings = settings_of(f"sqlite:///{sqlite.path}")
    backup, other = tmp_path / "backup.db", tmp_path / "other.txt"
    other.write_text("x" * 5000)
    await write_backup(settings, backup)
    refused = []
    for work in (
        write_backup(settings, backup),
        write_backup(settings_of(f"sqlite:///{tmp_path}/none.db"), tmp_path / "b.db"),
        write_backup(settings, other / "b.db"),
        restore_backup(settings, backup),
        restore_backup(settings_of(f"sqlite:///{tmp_path}/new.db"), other),
        restore_backup(settings_of(f"sqlite:///{tmp_path}/new.db"), tmp_path / "none"),
        restore_backup(settings_of(f"sqlite:///{tmp_path}/new.db"), tmp_path / ("a" * 300)),
        restore_backup(settings_of(f"sqlite:///{tmp_path}/new.db"), tmp_path),
    ):
        with pytest.raises(BackupFault) as met:
            await work
        refused.append(met.value.sentence.id)
    assert refused == [
        "backup-exists",
        "backup-nothing",
        "backup-unwritable",
        "restore-not-empty",
        "restore-no-backup",
        *["restore-not-copied"] * 3,
    ]
    assert not find_parts(tmp_path)
