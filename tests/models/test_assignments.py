"""Assignments that are cancelled and taken up again."""

from __future__ import annotations

from datetime import date

from models.assignments import Assignment, Status, cancel_assignments, restore_assignments
from models.storage.database import Database
from tests.support.fakes import Filling, at

TODAY = date(2026, 11, 20)


async def test_only_what_is_still_cancelled_is_taken_up_again(sqlite: Database) -> None:
    async with sqlite.write() as session:
        filling = Filling(session, TODAY)
        agencies = [await filling.agency(name) for name in ("Sở Tư pháp", "Sở Tài chính")]
        one, other = await filling.task("I.1", agencies, TODAY)
        await session.flush()
        before = await cancel_assignments(session, at(TODAY), task_id=one.task_id)
        await session.refresh(other)
        other.status = Status.DONE
        await session.flush()
        gone = str(max(map(int, before)) + 1)  # deleted since
        await restore_assignments(session, {**before, gone: Status.NEW}, at(TODAY))
    async with sqlite.read() as session:
        statuses = [(await session.get_one(Assignment, a.id)).status for a in (one, other)]
    assert statuses == [before[str(one.id)], Status.DONE]
