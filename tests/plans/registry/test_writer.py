"""A second import of a plan changes what changed, and keeps what people reported."""

from __future__ import annotations

import copy
import json
from datetime import date

from sqlmodel import col, select

from models.agencies import Agency
from models.assignments import Assignment, Status
from models.plans import Task
from models.storage.database import Database
from plans import plan_json
from tests.support.plan_files import (
    PLAN,
    import_plan,
    make_changed_plan,
)


async def test_a_changed_deadline_keeps_status_and_moves_the_day(database: Database) -> None:
    await import_plan(database, plan_json.parse_plan(json.dumps(PLAN)))
    async with database.write() as session:
        task = (await session.exec(select(Task).where(Task.key == "I.1"))).one()
        assignment = (
            await session.exec(select(Assignment).where(Assignment.task_id == task.id))
        ).one()
        assignment.status = Status.RECEIVED
        session.add(assignment)
    plan = make_changed_plan(
        I_1={
            "deadline_text": "Trước ngày 01/11/2026",
            "milestones": [{"kind": "date", "last_day": "2026-10-31"}],
        }
    )
    comparison = await import_plan(database, plan)
    assert [(c.key, c.fields) for c in comparison.changed] == [
        ("I.1", ("deadline_text", "milestones"))
    ]
    async with database.read() as session:
        task = (await session.exec(select(Task).where(Task.key == "I.1"))).one()
        assignment = (
            await session.exec(select(Assignment).where(Assignment.task_id == task.id))
        ).one()
        assert (assignment.status, assignment.last_day) == (Status.RECEIVED, date(2026, 10, 31))
        assert task.next_day == date(2026, 10, 31)


async def test_an_extension_beyond_the_new_day_stays_in_force(sqlite: Database) -> None:
    await import_plan(sqlite, plan_json.parse_plan(json.dumps(PLAN)))
    async with sqlite.write() as session:
        assignment = (
            await session.exec(select(Assignment).where(Assignment.last_day == date(2026, 10, 14)))
        ).one()
        assignment.last_day = date(2026, 12, 1)
        session.add(assignment)
    await import_plan(
        sqlite,
        make_changed_plan(
            I_1={
                "deadline_text": "Trước ngày 01/11/2026",
                "milestones": [{"kind": "date", "last_day": "2026-10-31"}],
            }
        ),
    )
    async with sqlite.read() as session:
        days = (
            await session.exec(
                select(col(Assignment.last_day)).where(col(Assignment.last_day) > date(2026, 11, 1))
            )
        ).all()
        assert date(2026, 12, 1) in days


async def test_a_task_that_is_gone_stays_unless_it_is_cancelled(sqlite: Database) -> None:
    await import_plan(sqlite, plan_json.parse_plan(json.dumps(PLAN)))
    shorter = copy.deepcopy(PLAN)
    shorter["tasks"] = shorter["tasks"][:2]
    plan = plan_json.parse_plan(json.dumps(shorter))
    comparison = await import_plan(sqlite, plan)
    assert [c.key for c in comparison.gone] == ["II.1"]
    async with sqlite.read() as session:
        assert (
            await session.exec(select(Task).where(Task.key == "II.1"))
        ).one().cancelled_on is None
    await import_plan(sqlite, plan, cancel_gone=True)
    async with sqlite.read() as session:
        assert (
            await session.exec(select(Task).where(Task.key == "II.1"))
        ).one().state == "cancelled"


async def test_assignments_follow_the_leads(sqlite: Database) -> None:
    await import_plan(sqlite, plan_json.parse_plan(json.dumps(PLAN)))
    async with sqlite.read() as session:
        counts = {}
        for task in await session.exec(select(Task)):
            own = select(Assignment).where(Assignment.task_id == task.id)
            counts[task.key] = sorted(one.status for one in await session.exec(own))
    assert counts == {
        "I.1": ["new"],
        "I.2": ["done", "new", "new", "new"],
        "II.1": ["done", "new"],
        "KH.1": ["new"],
    }


async def test_a_name_in_other_capitals_is_no_second_agency(sqlite: Database) -> None:
    for number, lead in (("21/KH-UBND", "Phòng Kinh tế"), ("22/KH-UBND", "Phòng Kinh Tế")):
        plan = make_changed_plan(I_1={"lead": [lead, "Phòng Kinh tế"]})
        await import_plan(
            sqlite,
            plan.model_copy(update={"plan": plan.plan.model_copy(update={"number": number})}),
        )
    async with sqlite.read() as session:
        named = (await session.exec(select(Agency.name))).all()
    assert [name for name in named if name.lower() == "phòng kinh tế"] == ["Phòng Kinh tế"]
