"""A plan that goes into the registry comes out the same."""

from __future__ import annotations

import json
from pathlib import Path

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


async def test_the_printed_day_is_read_from_the_cell(database: Database) -> None:
    await import_plan(database, plan_json.parse_plan(json.dumps(PLAN)))
    milestone = (await export_only_plan(database))["tasks"][0]["milestones"][0]
    assert milestone["printed_day"] == "2026-10-15"
