"""Columns: a moment comes back in UTC, nothing stays nothing."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from sqlalchemy import text
from sqlalchemy.dialects import postgresql
from sqlalchemy.exc import StatementError
from sqlmodel import select

from models.notices import FailureReason, Heartbeat, Notice
from models.people import Person
from models.preferences import Preference
from models.storage.database import Database
from tests.support.fakes import ZONE


async def test_a_moment_is_stored_in_utc_and_comes_back_as_the_same_moment(
    database: Database,
) -> None:
    moment = datetime(2026, 11, 20, 6, 30, 15, 250_000, ZONE)
    async with database.write() as session:
        session.add(Heartbeat(name="planner", at=moment))
        session.add(Person(channel="telegram", address="1", name="An", joined_at=moment))
    async with database.read() as session:
        (person,) = await session.exec(select(Person))
        assert (person.joined_at, person.left_at) == (moment, None)
        assert person.joined_at.tzinfo is UTC
        stored = await (await session.connection()).execute(text("SELECT at FROM heartbeat"))
        assert str(stored.scalar()).startswith("2026-11-19 23:30:15.25")


async def test_a_moment_without_a_zone_is_refused(sqlite: Database) -> None:
    with pytest.raises(StatementError, match="a moment needs a zone"):
        async with sqlite.write() as session:
            session.add(Heartbeat(name="planner", at=datetime(2026, 11, 20)))


async def test_nothing_is_stored_as_nothing(database: Database) -> None:
    async with database.write() as session:
        session.add(Preference(name="one", value=None))
        session.add(Preference(name="two", value=[]))
    async with database.read() as session:
        found = await (await session.connection()).execute(
            text("SELECT name FROM preference WHERE value IS NULL")
        )
        assert list(found.scalars()) == ["one"]


def test_a_member_is_stored_as_its_text() -> None:
    column = Notice.metadata.tables["notice"].columns["failure"]
    assert column.type.enums == list(FailureReason)  # type: ignore[attr-defined]
    assert column.type.compile(postgresql.dialect()).startswith("VARCHAR")  # type: ignore[no-untyped-call]
    assert column.nullable
