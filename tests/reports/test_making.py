"""Every kind of file is made from SQLite and PostgreSQL alike."""

from __future__ import annotations

from datetime import date

import pytest

from models.queries.periods import PeriodKind, find_period
from models.queries.task_query import TaskQuery
from models.storage.database import Database
from reports.making import make_file
from reports.orders import FileKind, FileOrder
from tests.support.fakes import at
from tests.support.random_registries import fill_at_random

TODAY = date(2026, 11, 20)
BEGINNINGS = {
    FileKind.SHEET: b"PK",
    FileKind.REPORT: b"PK",
    FileKind.PROGRESS_CHART: b"\x89PNG",
    FileKind.TIMELINE_CHART: b"\x89PNG",
    FileKind.CALENDAR: b"BEGIN:VCALENDAR",
    FileKind.COMPARISON: b"",
}


@pytest.mark.parametrize("agencies", [None, (1,)])
async def test_each_kind_is_made_from_either_database(
    database: Database, agencies: tuple[int, ...] | None
) -> None:
    async with database.write() as session:
        plans = await fill_at_random(session, 7, TODAY)
    query = TaskQuery(TODAY, plans=tuple(plan.id or 0 for plan in plans), agencies=agencies)
    assert set(BEGINNINGS) == set(FileKind)
    for kind, beginning in BEGINNINGS.items():
        if agencies and kind in (FileKind.PROGRESS_CHART, FileKind.TIMELINE_CHART):
            continue  # what the sheet and the report ask for, too; painting takes long
        period = find_period(PeriodKind.MONTH, TODAY)
        order = FileOrder(kind, database.given_url, query, "tất cả", at(TODAY), period)
        made = await make_file(order)
        assert made.content.startswith(beginning), kind
        assert made.figures, kind
