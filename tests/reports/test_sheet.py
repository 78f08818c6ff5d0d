from __future__ import annotations

from datetime import date, datetime

import pytest

from models.assignments import Report, Status
from models.queries.figures import count_figures
from models.queries.task_query import DayRange, TaskQuery
from models.storage.database import Database
from reports.making import make_file
from reports.orders import FileKind, FileOrder, MadeFile, OrderFault
from tests.reports.sheets import count_table, open_book, read_sums, read_table
from tests.support.fakes import Filling, at
from tests.support.random_registries import fill_at_random

TODAY = date(2026, 11, 20)


def _order(database: Database, query: TaskQuery, about: str = "tất cả") -> FileOrder:
    return FileOrder(FileKind.SHEET, database.given_url, query, about, at(query.today))


async def _make(database: Database, **narrow: object) -> MadeFile:
    return await make_file(_order(database, TaskQuery(TODAY, **narrow)))  # type: ignore[arg-type]


async def _fill(database: Database, *titles: str) -> None:
    async with database.write() as session:
        filling = Filling(session, TODAY)
        agency = await filling.agency("=Sở Tư pháp")
        await filling.plan("01/12")
        for place, title in enumerate(titles):
            await filling.task(f"I.{place}", [agency], date(2026, 11, 10), title=title)


@pytest.mark.parametrize("mark", ["=", "+", "-", "@", "\t", "\r"])
async def test_what_looks_like_a_formula_stays_text(sqlite: Database, mark: str) -> None:
    await _fill(sqlite, f"{mark}cmd|' /C calc'!A0", f"{mark}1")
    content = (await _make(sqlite)).content
    book = open_book(content)
    for sheet in book.worksheets:
        for row in sheet.iter_rows():
            assert [cell.coordinate for cell in row if cell.data_type == "f"] == []
    titles = [row["Nhiệm vụ"] for row in read_table(content)]
    assert titles[1].strip() == f"{mark}1".strip()
    assert "=Sở Tư pháp" in [row[0].value for row in book.worksheets[1].iter_rows()]


async def test_a_days_cell_is_a_day_and_a_number_of_a_document_is_text(sqlite: Database) -> None:
    await _fill(sqlite, "Việc")
    async with sqlite.write() as session:
        session.add(Report(assignment_id=1, reported_at=at(TODAY), number="01/12"))
    (row,) = read_table((await _make(sqlite)).content)
    assert row["Thời hạn hoàn thành"] == datetime(2026, 11, 10)
    assert row["Kế hoạch"] == "01/12"
    assert row["Số, ký hiệu văn bản báo cáo"] == "01/12"
    assert row["Số ngày quá hạn"] == 10


async def test_the_head_stays_in_sight_can_be_filtered_and_is_printed_again(
    sqlite: Database,
) -> None:
    await _fill(sqlite, "Việc", "Việc khác")
    sheet = open_book((await _make(sqlite)).content).worksheets[0]
    assert sheet.freeze_panes == "A2"
    assert sheet.auto_filter.ref == "A1:T3"
    assert sheet.print_title_rows in ("1:1", "$1:$1")
    assert sheet.column_dimensions["F"].width == 60


async def test_the_figures_have_a_chart_of_excels_own(sqlite: Database) -> None:
    await _fill(sqlite, "Việc")
    sheet = open_book((await _make(sqlite)).content).worksheets[1]
    (chart,) = sheet._charts  # type: ignore[attr-defined]
    assert len(chart.series) == 4


async def test_a_filter_of_the_question_is_one_of_the_rows(sqlite: Database) -> None:
    async with sqlite.write() as session:
        filling = Filling(session, TODAY)
        agency = await filling.agency("Sở Tư pháp")
        made = await filling.task("I.1", [agency], date(2026, 11, 10), date(2026, 12, 10))
        made[0].status, made[0].done_on = Status.DONE, date(2026, 11, 9)
    days = [
        row["Thời hạn hoàn thành"].date()
        for row in read_table((await _make(sqlite, status="unfinished")).content)
    ]
    assert days == [date(2026, 12, 10)]
    due = DayRange(date(2026, 11, 1), date(2026, 11, 30))
    (row,) = read_table((await _make(sqlite, due=due)).content)
    assert row["Kết quả"] == "Hoàn thành đúng hạn"
    with pytest.raises(OrderFault) as fault:
        await _make(sqlite, status="overdue")
    assert fault.value.message_id == "file-nothing"


async def test_collective_work_stands_apart_and_is_not_ranked(sqlite: Database) -> None:
    async with sqlite.write() as session:
        filling = Filling(session, TODAY)
        all_ = await filling.agency("Các sở, ban, ngành", collective=True)
        joined, other = await filling.agency("Sở Y tế"), await filling.agency("Sở Tư pháp")
        for assignment in await filling.task("I.1", [joined], *[date(2026, 11, 1)] * 5):
            assignment.lead_id = all_.id
        await filling.task("I.2", [joined], date(2026, 12, 1))
        await filling.task("I.3", [other], date(2026, 11, 1))
    rows = list(open_book((await _make(sqlite)).content).worksheets[1].iter_rows(values_only=True))
    assert rows[3][0] == "Cơ quan"
    assert [row[0] for row in rows[4:6]] == ["Sở Tư pháp", "Sở Y tế"]
    assert rows[5][1:5] == (0, 0, 1, 0)
    assert rows[5][9:] == (5, 0, 5)


@pytest.mark.parametrize("seed", range(3))  # `make prove` has more
async def test_the_rows_the_figures_and_the_registry_say_the_same(
    database: Database, seed: int
) -> None:
    await compare_rows(database, seed)


async def compare_rows(database: Database, seed: int) -> None:
    """Fill a registry at random, and hold its sheet against it."""
    async with database.write() as session:
        await fill_at_random(session, seed, TODAY)
    async with database.read() as session:
        by_agency = await count_figures(session, TaskQuery(TODAY))
    made = await _make(database)
    sums = read_sums(made.content)
    for name, count in count_table(made.content).items():
        assert count == sum(getattr(figures, name) for figures in by_agency.values())
        assert count == sums[name] == made.figures[name]
    for name in ("undated", "undated_done", "reported", "extension_asked"):
        assert made.figures[name] == sum(getattr(f, name) for f in by_agency.values()), name
