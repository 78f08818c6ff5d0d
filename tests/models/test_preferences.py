"""What admins set: the last value counts, and what it was before is told."""

from __future__ import annotations

from datetime import timedelta

from models.preferences import DayEntry, list_declared_days, read_preference, set_preference
from models.storage.database import Database
from tests.support.world import TODAY


async def test_the_last_value_counts_and_the_one_before_is_told(sqlite: Database) -> None:
    before = []
    for value in ("07:30", [7, 1], None, 0):
        async with sqlite.write() as session:
            before.append(await set_preference(session, "remind", value))
            await set_preference(session, "other", "x")
        async with sqlite.read() as session:
            assert await read_preference(session, "remind") == value
    assert before == [None, "07:30", [7, 1], None]
    async with sqlite.read() as session:
        assert await read_preference(session, "never set") is None


async def test_declared_days_are_listed_in_their_order(sqlite: Database) -> None:
    days = [TODAY + timedelta(days=number) for number in (2, 0, 1)]
    async with sqlite.write() as session:
        session.add_all(DayEntry(day=day, working=False, name="Nghỉ bù") for day in days)
    async with sqlite.read() as session:
        assert [entry.day for entry in await list_declared_days(session)] == sorted(days)
