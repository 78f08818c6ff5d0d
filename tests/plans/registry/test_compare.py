"""The same plan, imported a second time, changes nothing."""

from __future__ import annotations

import copy
import json
from datetime import date

from sqlmodel import col, select

from models.assignments import Assignment, Move, make_move
from models.audit import Audit
from models.plans import Task
from models.storage.database import Database
from plans import plan_json
from plans.format import PlanFile
from tests.support.plan_files import (
    NOW,
    PLAN,
    export_only_plan,
    import_plan,
)


async def test_the_same_plan_again_changes_nothing(database: Database) -> None:
    plan = plan_json.parse_plan(json.dumps(PLAN))
    await import_plan(database, plan)
    again = await import_plan(database, plan)
    assert again.is_up_to_date
    assert again.unchanged == 3
    async with database.read() as session:
        assert len((await session.exec(select(Audit).where(Audit.action == "import"))).all()) == 1


async def test_its_own_export_changes_nothing(sqlite: Database) -> None:
    await import_plan(sqlite, plan_json.parse_plan(json.dumps(PLAN)))
    again = await import_plan(
        sqlite, plan_json.parse_plan(json.dumps(await export_only_plan(sqlite)))
    )
    assert again.is_up_to_date


async def test_other_capitals_of_a_name_change_nothing(sqlite: Database) -> None:
    plan = plan_json.parse_plan(json.dumps(PLAN))
    plan.tasks[0].lead = ["Phòng Kinh tế"]
    await import_plan(sqlite, plan)
    plan.tasks[0].lead = ["Phòng Kinh Tế"]
    assert (await import_plan(sqlite, plan)).is_up_to_date


async def test_deadlines_outside_the_table_are_up_to_date_whatever_is_done(
    sqlite: Database,
) -> None:
    plan = make_plan_with_outside("Tổng hợp, báo cáo UBND tỉnh", "Gửi số liệu quý")
    await import_plan(sqlite, plan)
    async with sqlite.write() as session:
        of_task = select(Assignment).join(Task).where(Task.key == "KH.2")
        assignment = (await session.exec(of_task.order_by(col(Assignment.id)))).all()[0]
        done_on = date(2026, 3, 2)
        await make_move(session, assignment, Move.FINISH, now=NOW, person_id=None, done_on=done_on)
    assert (await import_plan(sqlite, plan)).is_up_to_date


async def test_a_deadline_outside_the_table_that_is_gone_can_be_cancelled(
    sqlite: Database,
) -> None:
    await import_plan(sqlite, make_plan_with_outside("Gửi số liệu quý", "Kiểm tra kho lưu trữ"))
    shorter = make_plan_with_outside("Kiểm tra kho lưu trữ")
    await import_plan(sqlite, shorter)
    again = await import_plan(sqlite, shorter)
    assert again.is_up_to_date
    assert [one.title for one in again.gone] == ["Gửi số liệu quý"]
    await import_plan(sqlite, shorter, cancel_gone=True)
    assert not (await import_plan(sqlite, shorter)).gone


def make_plan_with_outside(*titles: str) -> PlanFile:
    """Return the plan with these deadlines outside its table, each of every quarter."""
    plan = copy.deepcopy(PLAN)
    days = ["2026-06-30", "2026-09-30", "2026-12-31"]
    milestone = {"kind": "recurring", "every": "quarter", "last_days": days}
    plan["plan_milestones"] = [
        {"lead": ["Sở Nội vụ"], "title": title, "milestone": milestone} for title in titles
    ]
    return plan_json.parse_plan(json.dumps(plan))
