"""The audit: what was recorded is found by what, whom and since when, and never changed."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlmodel import select

from models.audit import AppendOnly, Audit, has_change, read_last_change, record_change
from models.storage.database import Database
from tests.support.fakes import ZONE

NOW = datetime(2026, 11, 20, 9, tzinfo=ZONE)


async def test_a_change_is_found_by_its_action_its_subject_and_its_day(sqlite: Database) -> None:
    async with sqlite.write() as session:
        assert await read_last_change(session) == 0
        record_change(session, NOW, "chat_added", "chat", 5)
        record_change(session, NOW, "enter", "program")
        for moment in (NOW, NOW - timedelta(days=1)):
            assert await has_change(session, "chat_added", "chat", 5, moment)
        assert await has_change(session, "enter", "program", None, NOW)
        assert not await has_change(session, "chat_added", "chat", 5, NOW + timedelta(seconds=1))
        for action, subject, number in (
            [(action, "chat", 5) for action in ("a", "z")]
            + [("chat_added", subject, 5) for subject in ("a", "z")]
            + [("chat_added", "chat", number) for number in (4, 6, None)]
        ):
            assert not await has_change(session, action, subject, number, NOW)
        assert await read_last_change(session) == 2


async def test_what_was_recorded_is_neither_changed_nor_deleted(sqlite: Database) -> None:
    async with sqlite.write() as session:
        record_change(session, NOW, "enter", "program")
    async with sqlite.read() as session:
        row = (await session.exec(select(Audit))).one()
        row.action = "leave"
        with pytest.raises(AppendOnly):
            await session.flush()
    async with sqlite.read() as session:
        await session.delete((await session.exec(select(Audit))).one())
        with pytest.raises(AppendOnly):
            await session.flush()
