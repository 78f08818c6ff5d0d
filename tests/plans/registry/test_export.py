"""A plan that goes into the registry comes out the same."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

import pytest

from models.storage.database import Database
from plans import plan_json
from tests.support.plan_files import (
    PLAN,
    drop_empty,
    export_only_plan,
    import_plan,
)


async def test_a_plan_comes_out_as_it_went_in(database: Database) -> None:
    await import_plan(database, plan_json.parse_plan(json.dumps(PLAN)))
    assert drop_empty(await export_only_plan(database)) == drop_empty(PLAN)


@pytest.mark.parametrize("number", ["000", "002", "003"])
async def test_real_plans_come_out_as_they_went_in(
    sqlite: Database, shared: Path, number: str
) -> None:
    given = json.loads((shared / "gold" / f"{number}.json").read_text(encoding="utf-8"))
    await import_plan(sqlite, plan_json.parse_plan(json.dumps(given)))
    assert drop_empty(await export_only_plan(sqlite)) == drop_empty(given)


async def test_the_printed_day_is_read_from_the_cell(sqlite: Database) -> None:
    await import_plan(sqlite, plan_json.parse_plan(json.dumps(PLAN)))
    milestone = (await export_only_plan(sqlite))["tasks"][0]["milestones"][0]
    assert milestone["printed_day"] == "2026-10-15"


def make_tracker(**fields: Any) -> dict[str, Any]:
    """Return the plan with what a tracker says of its first task."""
    plan = copy.deepcopy(PLAN)
    plan["tasks"][0].update(fields)
    return plan


@pytest.mark.parametrize(
    "fields",
    [
        {"status": "in_progress", "status_text": "Đang lấy ý kiến"},
        {"status": "suspended", "status_text": "Tạm dừng chờ vốn"},
        {"status": "cancelled", "status_text": "Hủy"},
        {"done_on": "2026-02-20", "status_text": "Xong ngày 20/02/2026"},
        {"other_times": [{"label": "Bắt đầu", "text": "05/01/2026", "day": "2026-01-05"}]},
    ],
)
async def test_what_a_tracker_says_comes_out_again(
    sqlite: Database, fields: dict[str, Any]
) -> None:
    given = make_tracker(**fields)
    await import_plan(sqlite, plan_json.parse_plan(json.dumps(given)))
    assert drop_empty(await export_only_plan(sqlite)) == drop_empty(given)
    again = await import_plan(sqlite, plan_json.parse_plan(json.dumps(given)))
    assert again.is_up_to_date


async def test_a_document_without_a_status_undoes_none(sqlite: Database) -> None:
    given = make_tracker(status="suspended", status_text="Tạm dừng")
    await import_plan(sqlite, plan_json.parse_plan(json.dumps(given)))
    again = await import_plan(sqlite, plan_json.parse_plan(json.dumps(PLAN)))
    assert again.is_up_to_date
