"""The plan format goes into the registry and comes out the same; a second import changes what changed, no more."""

from __future__ import annotations

import copy
import json
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import col, select

from language.agencies.directory import load_standard_directory
from models.assignments import Assignment, Status
from models.audit import Audit
from models.plans import Plan, Task
from models.storage.database import Database
from plans import plan_json
from plans.format import PlanFile
from plans.registry.compare import Comparison, compare_plan
from plans.registry.export import export_plan
from plans.registry.writer import PlanWriter

NOW = datetime(2026, 3, 2, 8, tzinfo=UTC)
TODAY = date(2026, 3, 2)

PLAN: dict[str, Any] = {
    "plan": {
        "title": "Kế hoạch chuyển đổi số tỉnh Sông Trăng năm 2026",
        "number": "12/KH-UBND",
        "issued_on": "2026-01-05",
        "issuer": "UBND tỉnh Sông Trăng",
        "first_year": 2026,
        "last_year": 2026,
    },
    "tasks": [
        {
            "key": "I.1",
            "section": "HẠ TẦNG SỐ",
            "title": "Nâng cấp đường truyền số liệu",
            "lead": ["Sở Khoa học và Công nghệ"],
            "partners": ["Sở Tài chính"],
            "deliverables": ["Đường truyền mới"],
            "deadline_text": "Trước ngày 15/10/2026",
            "milestones": [{"what": None, "kind": "date", "last_day": "2026-10-14"}],
        },
        {
            "key": "I.2",
            "section": "HẠ TẦNG SỐ",
            "title": "Báo cáo tình hình hạ tầng",
            "lead": ["Các sở, ban, ngành"],
            "deadline_text": "Hàng quý",
            "milestones": [
                {
                    "kind": "recurring",
                    "every": "quarter",
                    "last_days": ["2026-03-31", "2026-06-30", "2026-09-30", "2026-12-31"],
                    "done_on": {"2026-03-31": "2026-03-30"},
                }
            ],
        },
        {
            "key": "II.1",
            "section": "DỮ LIỆU SỐ",
            "title": "Duy trì cổng dữ liệu mở",
            "lead": ["Sở Tư pháp", "Sở Nội vụ"],
            "deadline_text": "Thường xuyên",
            "milestones": [{"kind": "ongoing"}],
            "done_on": {"Sở Tư pháp": "2026-02-01"},
        },
    ],
    "plan_milestones": [
        {
            "lead": ["Sở Nội vụ"],
            "title": "Tổng hợp, báo cáo UBND tỉnh",
            "milestone": {"kind": "date", "last_day": "2026-12-09"},
        }
    ],
}


def changed(**tasks: dict[str, Any]) -> PlanFile:
    """PLAN with fields of tasks replaced, by key with "_" for "."."""
    plan = copy.deepcopy(PLAN)
    for task in plan["tasks"]:
        task.update(tasks.get(task["key"].replace(".", "_"), {}))
    return plan_json.parse_plan(json.dumps(plan))


async def write(database: Database, plan: PlanFile, **options: Any) -> Comparison:
    async with database.write() as session:
        comparison = await compare_plan(session, plan)
        if not comparison.is_up_to_date or comparison.gone:
            await PlanWriter(session, load_standard_directory(), NOW, TODAY).write_plan(
                plan, comparison, **options
            )
    return comparison


async def exported(database: Database) -> dict[str, Any]:
    async with database.read() as session:
        plan = (await session.exec(select(Plan))).one()
        return (await export_plan(session, plan.id or 0)).as_json()


def plain(value: Any) -> Any:
    """JSON without what is null or empty, and without what the program works out itself."""
    if isinstance(value, dict):
        return {
            k: plain(v)
            for k, v in value.items()
            if v is not None and v != [] and k not in ("printed_day", "rrule", "at")
        }
    return [plain(v) for v in value] if isinstance(value, list) else value


async def test_a_plan_comes_out_as_it_went_in(database: Database) -> None:
    await write(database, plan_json.parse_plan(json.dumps(PLAN)))
    assert plain(await exported(database)) == plain(PLAN)


@pytest.mark.parametrize("number", ["000", "002", "003"])
async def test_real_plans_come_out_as_they_went_in(
    sqlite: Database, shared: Path, number: str
) -> None:
    given = json.loads((shared / "gold" / f"{number}.json").read_text(encoding="utf-8"))
    await write(sqlite, plan_json.parse_plan(json.dumps(given)))
    assert plain(await exported(sqlite)) == plain(given)


async def test_the_printed_day_is_read_from_the_cell(database: Database) -> None:
    await write(database, plan_json.parse_plan(json.dumps(PLAN)))
    milestone = (await exported(database))["tasks"][0]["milestones"][0]
    assert milestone["printed_day"] == "2026-10-15"


async def test_the_same_plan_again_changes_nothing(database: Database) -> None:
    plan = plan_json.parse_plan(json.dumps(PLAN))
    await write(database, plan)
    again = await write(database, plan)
    assert again.is_up_to_date
    assert again.unchanged == 3
    async with database.read() as session:
        assert len((await session.exec(select(Audit).where(Audit.action == "import"))).all()) == 1


async def test_its_own_export_changes_nothing(database: Database) -> None:
    await write(database, plan_json.parse_plan(json.dumps(PLAN)))
    again = await write(database, plan_json.parse_plan(json.dumps(await exported(database))))
    assert again.is_up_to_date


async def test_a_changed_deadline_keeps_status_and_moves_the_day(database: Database) -> None:
    await write(database, plan_json.parse_plan(json.dumps(PLAN)))
    async with database.write() as session:
        task = (await session.exec(select(Task).where(Task.key == "I.1"))).one()
        assignment = (
            await session.exec(select(Assignment).where(Assignment.task_id == task.id))
        ).one()
        assignment.status = Status.RECEIVED
        session.add(assignment)
    plan = changed(
        I_1={
            "deadline_text": "Trước ngày 01/11/2026",
            "milestones": [{"kind": "date", "last_day": "2026-10-31"}],
        }
    )
    comparison = await write(database, plan)
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


async def test_an_extension_beyond_the_new_day_stays_in_force(database: Database) -> None:
    await write(database, plan_json.parse_plan(json.dumps(PLAN)))
    async with database.write() as session:
        assignment = (
            await session.exec(select(Assignment).where(Assignment.last_day == date(2026, 10, 14)))
        ).one()
        assignment.last_day = date(2026, 12, 1)
        session.add(assignment)
    await write(
        database,
        changed(
            I_1={
                "deadline_text": "Trước ngày 01/11/2026",
                "milestones": [{"kind": "date", "last_day": "2026-10-31"}],
            }
        ),
    )
    async with database.read() as session:
        days = (
            await session.exec(
                select(col(Assignment.last_day)).where(col(Assignment.last_day) > date(2026, 11, 1))
            )
        ).all()
        assert date(2026, 12, 1) in days


async def test_a_task_that_is_gone_stays_unless_it_is_cancelled(database: Database) -> None:
    await write(database, plan_json.parse_plan(json.dumps(PLAN)))
    shorter = copy.deepcopy(PLAN)
    shorter["tasks"] = shorter["tasks"][:2]
    plan = plan_json.parse_plan(json.dumps(shorter))
    comparison = await write(database, plan)
    assert [c.key for c in comparison.gone] == ["II.1"]
    async with database.read() as session:
        assert (
            await session.exec(select(Task).where(Task.key == "II.1"))
        ).one().cancelled_on is None
    await write(database, plan, cancel_gone=True)
    async with database.read() as session:
        assert (
            await session.exec(select(Task).where(Task.key == "II.1"))
        ).one().state == "cancelled"


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("not json", "1:1"),
        ("[]", "$"),
        ('{"plan": {"title": "x"}, "tasks": [{"key": "I.1"}]}', "tasks[0].title"),
        (
            '{"plan": {"title": "x"}, "tasks": [{"key": "I.1", "title": "y", "lead": "z"}]}',
            "tasks[0].lead",
        ),
        (
            '{"plan": {"title": "x"}, "tasks": [{"key": "1", "title": "y", "milestones": [{"kind": "z"}]}]}',
            "tasks[0].milestones[0].kind",
        ),
        (
            '{"plan": {"title": "x"}, "tasks": [{"key": "1", "title": "y"}, {"key": "1", "title": "y"}]}',
            "tasks[1].key",
        ),
        ('{"plan": {"title": "x"}, "nonsense": 1}', "nonsense"),
        (
            '{"plan": {"title": "x"}, "tasks": [{"key": "1", "title": "a\\u0000b"}]}',
            "tasks[0].title",
        ),
        (
            '{"plan": {"title": "x"}, "tasks": [{"key": "1", "title": "y", "milestones":'
            ' [{"kind": "date", "last_day": "0001-01-01"}]}]}',
            "tasks[0].milestones[0]",
        ),
        ('{"plan": {"title": "x", "issued_on": "9999-12-31"}}', "plan.issued_on"),
        ('{"plan": {"title": "x", "first_year": ' + "9" * 5000 + "}}", "$"),
    ],
)
def test_a_fault_is_told_with_its_place(text: str, place: str) -> None:
    with pytest.raises(plan_json.PlanFormatError) as refused:
        plan_json.parse_plan(text)
    assert refused.value.place == place


async def test_assignments_follow_the_leads(database: Database) -> None:
    await write(database, plan_json.parse_plan(json.dumps(PLAN)))
    async with database.read() as session:
        counts = {}
        for task in await session.exec(select(Task)):
            held = await session.exec(select(Assignment).where(Assignment.task_id == task.id))
            counts[task.key] = sorted(a.status for a in held)
    assert counts == {
        "I.1": ["new"],
        "I.2": ["done", "new", "new", "new"],
        "II.1": ["done", "new"],
        "KH.1": ["new"],
    }
