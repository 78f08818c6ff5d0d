"""Deadlines that a version before read otherwise are found; those that agree are not."""

from __future__ import annotations

import json
from datetime import date

from sqlmodel import select

from language.agencies.directory import load_standard_directory
from models.audit import record_change
from models.milestones import Deadline
from models.plans import Plan, Task
from models.storage.database import Database
from plans import plan_json
from plans.format import MilestoneRow
from plans.registry.export import export_task
from plans.registry.rereading import find_other_readings
from plans.registry.writer import PlanWriter
from tests.support.plan_files import NOW, PLAN, TODAY, import_plan


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


async def test_what_people_typed_raises_no_alarm(sqlite: Database) -> None:
    await import_plan(sqlite, plan_json.parse_plan(json.dumps(PLAN)))
    typed = MilestoneRow(kind="date", last_day=date(2026, 12, 31))
    changes = {"deadline_text": "cuối năm hoặc cuối quý", "milestones": [typed]}
    async with sqlite.write() as session:
        plan_id = (await session.exec(select(Plan.id))).one()
        task = (await session.exec(select(Task).where(Task.key == "I.1"))).one()
        row = (await export_task(session, task)).model_copy(update=changes)
        before = {"row": {"deadline_text": task.deadline_text}}
        writer = PlanWriter(session, load_standard_directory(), NOW, TODAY)
        await writer.change_task(task, row)
        await writer.add_task(plan_id, row.model_copy(update={"key": "BS.1"}), 9)
        after = {"row": row.model_dump(mode="json")}
        record_change(session, NOW, "change_task", "task", task.id, before=before, after=after)
    async with sqlite.read() as session:
        assert await find_other_readings(session) == []
