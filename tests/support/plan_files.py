"""A plan in the plan format written for the tests, and its way into the registry and out."""

from __future__ import annotations

import copy
import json
from datetime import UTC, date, datetime
from typing import Any

from sqlmodel import select

from language.agencies.directory import load_standard_directory
from models.plans import Plan
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


def make_changed_plan(**tasks: dict[str, Any]) -> PlanFile:
    """PLAN with fields of tasks replaced, by key with "_" for "."."""
    plan = copy.deepcopy(PLAN)
    for task in plan["tasks"]:
        task.update(tasks.get(task["key"].replace(".", "_"), {}))
    return plan_json.parse_plan(json.dumps(plan))


async def import_plan(database: Database, plan: PlanFile, **options: Any) -> Comparison:
    async with database.write() as session:
        comparison = await compare_plan(session, plan)
        if not comparison.is_up_to_date or comparison.gone:
            await PlanWriter(session, load_standard_directory(), NOW, TODAY).write_plan(
                plan, comparison, **options
            )
    return comparison


async def export_only_plan(database: Database) -> dict[str, Any]:
    async with database.read() as session:
        plan = (await session.exec(select(Plan))).one()
        return (await export_plan(session, plan.id)).as_json()


def drop_empty(value: Any) -> Any:
    """JSON without what is null or empty, and without what the program works out itself."""
    if isinstance(value, dict):
        return {
            k: drop_empty(v)
            for k, v in value.items()
            if v is not None and v != [] and k not in ("printed_day", "rrule", "at")
        }
    return [drop_empty(v) for v in value] if isinstance(value, list) else value
