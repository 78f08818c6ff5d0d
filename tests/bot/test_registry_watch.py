"""A registry that vanishes, is replaced, emptied, damaged or locked is told of once."""

from __future__ import annotations

import shutil
import sqlite3
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from sqlalchemy import delete
from sqlmodel import col

from bot.registry_watch import RegistryWatch
from locales.answer import Answer
from locales.fluent import render_pages
from models.chats import Chat
from models.people import Person, Post, PostRole
from models.storage.database import Database
from models.storage.faults import RegistryLost
from models.storage.statements import run_statement
from scheduler.delivery import SentMessage
from tests.support.world import NOW


@dataclass
class Channel:
    """A channel that keeps what is sent over it."""

    name = "telegram"
    sent: list[tuple[str, str]] = field(default_factory=list)

    async def deliver(
        self, chat: str, what: Answer, *, topic: str | None = None, markup: bool = True
    ) -> SentMessage:
        self.sent.append((chat, " ".join(render_pages(what, 4096))))
        return SentMessage(message="1")


@dataclass
class Watched:
    """A registry that somebody joined, watched for an admin of the settings."""

    database: Database
    folder: Path
    channel: Channel = field(default_factory=Channel)

    def __post_init__(self) -> None:
        self.watch = self.start()

    def start(self) -> RegistryWatch:
        watch = RegistryWatch(
            self.database,
            {"telegram": self.channel},
            ("telegram:7", "zalo:8"),
            lambda: NOW,
            self.folder,
        )
        watch._people = watch._read_seen()
        return watch

    async def tells(self, looks: int = 2) -> list[str]:
        """Looks some times, and returns what the admin was told meanwhile."""
        before = len(self.channel.sent)
        for _ in range(looks):
            await self.watch.look()
        assert {chat for chat, _ in self.channel.sent} <= {"7"}
        return [text for _, text in self.channel.sent[before:]]


@pytest.fixture
async def watched(sqlite: Database, tmp_path: Path) -> Watched:
    async with sqlite.write() as session:
        session.add(Person(channel="telegram", address="7", name="An", joined_at=NOW))
    watched = Watched(sqlite, tmp_path / "data")
    assert await watched.tells() == []
    return watched


async def test_a_file_that_is_deleted_and_comes_back(
    watched: Watched, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    path = watched.database.path
    assert path is not None
    path.rename(tmp_path / "elsewhere.db")
    (told,) = await watched.tells(3)
    assert str(path) in told
    assert str(path) in caplog.text
    with pytest.raises(RegistryLost):
        async with watched.database.write():
            pass
    (tmp_path / "elsewhere.db").rename(path)
    (told,) = await watched.tells()
    assert "trở lại" in told


async def test_a_file_that_is_replaced(watched: Watched, tmp_path: Path) -> None:
    path = watched.database.path
    assert path is not None
    shutil.copy(path, tmp_path / "copy.db")
    (tmp_path / "copy.db").replace(path)
    (told,) = await watched.tells()
    assert "thay bằng tệp khác" in told


async def test_people_who_are_all_gone(watched: Watched) -> None:
    async with watched.database.write() as session:
        await run_statement(session, delete(Person).where(col(Person.id) > 0))
    (told,) = await watched.tells()
    assert "không còn người dùng nào" in told


async def test_who_is_admin_no_more_is_not_told(watched: Watched, tmp_path: Path) -> None:
    async with watched.database.write() as session:
        person = Person(channel="telegram", address="9", name="Chi", joined_at=NOW)
        session.add(person)
        await session.flush()
        chat = Chat(channel="telegram", address="9", kind="private", title="", person_id=person.id)
        post = Post(person_id=person.id, role=PostRole.ADMIN, made_at=NOW)
        session.add_all([chat, post])
    await watched.watch.look()
    assert ("telegram", "9") in watched.watch._admins
    async with watched.database.write() as session:
        await session.delete(await session.get_one(Post, post.id))
    assert await watched.tells() == []
    path = watched.database.path
    assert path is not None
    path.unlink()
    assert len(await watched.tells()) == 1


async def test_an_empty_registry_at_the_next_start(
    watched: Watched, empty_registry: Path, tmp_path: Path
) -> None:
    other = Database(f"sqlite:///{shutil.copy(empty_registry, tmp_path / 'other.db')}")
    started = Watched(other, watched.folder)
    (told,) = await started.tells()
    assert str(other.path) in told
    await other.close()


async def test_a_file_that_cannot_be_written_is_told_of_if_it_lasts(
    watched: Watched, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("models.storage.database.BUSY_TIMEOUT", 1)
    await watched.database.reconnect()
    monkeypatch.setattr("models.storage.database._PRAGMAS", ("busy_timeout=1",))
    with sqlite3.connect(str(watched.database.path)) as other:
        other.execute("BEGIN IMMEDIATE")
        assert await watched.tells(1) == []
        (told,) = await watched.tells(2)
        assert "locked" in told
        other.rollback()
    other.close()
    (told,) = await watched.tells(1)
    assert "trở lại" in told


async def test_a_file_that_is_damaged_is_called_so(watched: Watched) -> None:
    path = watched.database.path
    assert path is not None
    await watched.database.close()
    with path.open("r+b") as file:
        file.write(b"x" * 4096)
    (told,) = await watched.tells(1)
    assert "bị hỏng" in told
