"""Deadlines that a version before read otherwise are found; those that agree are not."""

from __future__ import annotations

import json
from datetime import date

from sqlmodel import select

from models.milestones import Deadline
from models.storage.database import Database
from plans import plan_json
from plans.registry.rereading import find_other_readings
from tests.support.plan_files import PLAN, import_plan


async def test_deadlines_that_read_as_stored_are_not_listed(sqlite: Database) -> None:
    await import_plan(sqlite, plan_json.parse_plan(json.dumps(PLAN)))
    async with sqlite.read() as session:
        assert await find_other_readings(session) == []


async def test_a_wrong_stored_day_is_listed_with_what_it_reads_now(sqlite: Database) -> None:
    await import_plan(sqlite, plan_json.parse_plan(json.dumps(PLAN)))
    async with sqlite.write() as session:
        deadline = (await session.exec(select(Deadline).where(Deadline.last_day != None))).first()  # noqa: E711
        assert deadline is not None
        right, deadline.last_day = deadline.last_day, date(2045, 12, 31)
        session.add(deadline)
    async with sqlite.read() as session:
        (other,) = await find_other_readings(session)
    assert date(2045, 12, 31) in other.stored
    assert right in other.read
