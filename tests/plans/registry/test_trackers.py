"""How work stands, as trackers say it one after the other, with what people did in between."""

from __future__ import annotations

import copy
import json
from datetime import date
from typing import Any

import pytest
from sqlmodel import select

from models.assignments import Assignment, Move, Status, make_move
from models.audit import Audit
from models.plans import Task
from models.storage.database import Database
from plans import plan_json
from plans.format import PlanFile
from tests.support.plan_files import NOW, PLAN, import_plan

TEXTS = {"suspended": "Tạm dừng", "in_progress": "Đang thực hiện", "cancelled": "Hủy"}


def make_tracker(status: str | None = None, **fields: Any) -> PlanFile:
    """Return the plan with what a tracker says of its first task."""
    plan = copy.deepcopy(PLAN)
    if status is not None:
        plan["tasks"][0] |= {"status": status, "status_text": TEXTS[status]}
    plan["tasks"][0].update(fields)
    return plan_json.parse_plan(json.dumps(plan))


async def find_status(database: Database) -> str:
    async with database.read() as session:
        return (await _find_assignment(session)).status


async def _find_assignment(session: Any) -> Assignment:
    of_task = select(Assignment).join(Task).where(Task.key == "I.1")
    found: Assignment = (await session.exec(of_task)).one()
    return found


async def move(database: Database, *moves: Move, **values: date) -> None:
    async with database.write() as session:
        assignment = await _find_assignment(session)
        for one in moves:
            await make_move(session, assignment, one, now=NOW, person_id=None, **values)


@pytest.mark.parametrize("before", ["suspended", "cancelled"])
async def test_work_goes_on_that_a_tracker_takes_up_again(sqlite: Database, before: str) -> None:
    await import_plan(sqlite, make_tracker(before))
    await import_plan(sqlite, make_tracker("in_progress"))
    assert await find_status(sqlite) == Status.IN_PROGRESS
    async with sqlite.read() as session:
        task = (await session.exec(select(Task).where(Task.key == "I.1"))).one()
    assert task.state == "unfinished"
    assert task.next_day == date(2026, 10, 14)
    assert task.cancelled_on is None


async def test_what_people_paused_stays_paused_under_the_same_tracker(sqlite: Database) -> None:
    await import_plan(sqlite, make_tracker("in_progress"))
    await move(sqlite, Move.SUSPEND)
    await import_plan(sqlite, make_tracker("in_progress", requirement="Báo cáo UBND tỉnh"))
    assert await find_status(sqlite) == Status.SUSPENDED


async def test_a_tracker_that_says_the_same_is_up_to_date_whatever_people_did(
    sqlite: Database,
) -> None:
    await import_plan(sqlite, make_tracker("suspended"))
    await move(sqlite, Move.RESUME)
    assert (await import_plan(sqlite, make_tracker("suspended"))).is_up_to_date
    assert await find_status(sqlite) == Status.IN_PROGRESS


async def test_a_done_day_of_people_does_not_make_the_tracker_new(sqlite: Database) -> None:
    await import_plan(sqlite, make_tracker())
    await move(sqlite, Move.FINISH, done_on=date(2026, 2, 18))
    tracker = make_tracker(done_on="2026-02-20")
    await import_plan(sqlite, tracker)
    assert (await import_plan(sqlite, tracker)).is_up_to_date


async def test_a_document_that_is_no_tracker_keeps_what_the_tracker_said(sqlite: Database) -> None:
    other = "Đường truyền, thiết bị"
    await import_plan(
        sqlite, make_tracker("suspended", other_times=[{"label": "Bắt đầu", "text": "05/01/2026"}])
    )
    await move(sqlite, Move.RESUME)
    await import_plan(sqlite, make_tracker(deliverables=[other]))
    assert (await import_plan(sqlite, make_tracker(deliverables=[other]))).is_up_to_date
    await import_plan(sqlite, make_tracker("suspended", deliverables=[other]))
    assert await find_status(sqlite) == Status.IN_PROGRESS


@pytest.mark.parametrize(
    ("status", "after"),
    [("in_progress", Status.IN_PROGRESS), ("suspended", Status.SUSPENDED)],
)
async def test_a_status_of_a_tracker_is_on_record(
    sqlite: Database, status: str, after: Status
) -> None:
    await import_plan(sqlite, make_tracker())
    async with sqlite.read() as session:
        version = (await _find_assignment(session)).version
    await import_plan(sqlite, make_tracker(status))
    async with sqlite.read() as session:
        assignment = await _find_assignment(session)
        (row,) = await session.exec(select(Audit).where(Audit.action == f"import_{status}"))
    assert assignment.status == after
    assert assignment.version == version + 1
    assert row.subject_id == assignment.task_id
    assert row.before == {"assignments": {str(assignment.id): "new"}}


async def test_a_task_that_a_tracker_cancels_is_on_record(sqlite: Database) -> None:
    await import_plan(sqlite, make_tracker())
    await import_plan(sqlite, make_tracker("cancelled"))
    async with sqlite.read() as session:
        assignment = await _find_assignment(session)
        (row,) = await session.exec(select(Audit).where(Audit.action == "cancel"))
    assert row.before == {"assignments": {str(assignment.id): "new"}}
