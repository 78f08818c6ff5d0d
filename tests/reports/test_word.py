"""The Word report: what it says, and the layout of Nghị định 30/2020/NĐ-CP in its XML."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.shared import Mm

from models.assignments import Move, make_move
from models.queries.periods import parse_period
from models.queries.task_query import TaskQuery
from models.storage.database import Database
from reports.making import make_file
from reports.orders import FileKind, FileOrder, OrderFault
from reports.word import TEMPLATE
from tests.reports.papers import (
    list_headed_tables,
    measure_run,
    open_paper,
    read_general_table,
)
from tests.support.fakes import Filling, at
from tests.support.registries import copy_registry

TODAY = date(2026, 11, 20)


def _order(database: Database, period: str = "2026-11", **more: Any) -> FileOrder:
    order = FileOrder(
        FileKind.REPORT, database.given_url, TaskQuery(TODAY), "tất cả", at(TODAY, 20)
    )
    return replace(order, period=parse_period(period), **{"agency": "Sở Nội vụ", **more})


async def _fill(database: Database) -> None:
    """Fill in a plan with work that is overdue, due in December, done in November and waiting."""
    async with database.write() as session:
        filling = Filling(session, date(2026, 9, 1))
        law, health = await filling.agency("Sở Tư pháp"), await filling.agency("Sở Y tế <&>")
        await filling.plan(
            "268/KH-UBND", issuer="UBND tỉnh Vân Khê", first_year=2026, last_year=2026
        )
        await filling.task("I.1", [law], date(2026, 11, 10), title="Việc quá hạn {{ 7*7 }}")
        await filling.task("I.2", [law], date(2026, 12, 10), title="Việc sắp đến hạn")
        (done,) = await filling.task("I.3", [health], date(2026, 11, 15), title="Việc đã xong")
        (waits,) = await filling.task("I.4", [health], date(2026, 11, 18), title="Việc chờ")
        await make_move(
            session,
            done,
            Move.FINISH,
            now=at(date(2026, 11, 12)),
            person_id=None,
            done_on=date(2026, 11, 12),
        )
        await make_move(
            session,
            waits,
            Move.REPORT,
            now=at(date(2026, 11, 17)),
            person_id=None,
            done_on=date(2026, 11, 17),
        )


@dataclass(frozen=True)
class Filled:
    """A registry that was filled once, and its report of November."""

    registry: Path
    report: bytes


@pytest.fixture(scope="module")
def once(empty_registry: Path, tmp_path_factory: pytest.TempPathFactory) -> Filled:
    async def make() -> Filled:
        database = copy_registry(empty_registry, tmp_path_factory.mktemp("filled"))
        await _fill(database)
        made = await make_file(_order(database))
        await database.close()
        assert database.path is not None
        return Filled(database.path, made.content)

    return asyncio.run(make())


@pytest.fixture
async def filled(once: Filled, tmp_path: Path) -> AsyncIterator[Database]:
    """A registry of the test's own, filled."""
    database = copy_registry(once.registry, tmp_path)
    yield database
    await database.close()


@pytest.fixture
def paper(once: Filled) -> Any:
    """The report of November, which all tests read."""
    return open_paper(once.report)


async def _make(database: Database, **more: Any) -> Any:
    return open_paper((await make_file(_order(database, **more))).content)


def _text(paper: Any) -> str:
    cells = [cell.text for t in paper.tables for row in t.rows for cell in row.cells]
    return "\n".join([*(p.text for p in paper.paragraphs), *cells])


def test_each_part_holds_its_tasks(paper: Any) -> None:
    tables = {t.rows[0].cells[-1].text: t for t in list_headed_tables(paper)}
    overdue = [[c.text for c in row.cells] for row in tables["Số ngày quá hạn"].rows[1:]]
    assert [(row[1], row[5]) for row in overdue] == [("I.1", "10")]
    assert [row.cells[1].text for row in tables["Còn (ngày)"].rows[1:]] == ["I.2"]
    waiting = [[c.text for c in row.cells] for row in tables["Tình trạng"].rows[1:]]
    assert [(row[1], row[5]) for row in waiting] == [("I.4", "chờ xác nhận")]
    assert len(tables["Kết quả"].rows) == 5  # the appendix holds all four
    assert [p.text for p in paper.paragraphs if p.text.startswith(("I", "V"))] == [
        "I. TÌNH HÌNH CHUNG",
        "II. KẾT QUẢ THEO CƠ QUAN",
        "III. NHIỆM VỤ QUÁ HẠN",
        "IV. NHIỆM VỤ ĐẾN HẠN KỲ TỚI",
        "V. ĐỀ NGHỊ GIA HẠN, BỊ TRẢ LẠI, CHỜ XÁC NHẬN",
    ]


def test_a_period_stands_beside_the_one_before(once: Filled) -> None:
    table = read_general_table(once.report)
    assert table["Hoàn thành đúng hạn"] == ("1", "0", "+1")
    assert table["Hoàn thành trong kỳ"] == ("1", "0", "+1")
    assert table["Chưa hoàn thành, quá hạn"] == ("1", "0", "+1")
    assert table["Chưa hoàn thành, trong hạn"] == ("2", "4", "-2")
    assert table["Chờ xác nhận"] == ("1", "0", "+1")


def test_what_people_wrote_is_text_and_never_the_templates(paper: Any) -> None:
    text = _text(paper)
    assert "Việc quá hạn {{ 7*7 }}" in text
    assert "Sở Y tế <&>" in text
    assert "49" not in text


def test_number_day_and_signer_stay_blank(paper: Any) -> None:
    text = _text(paper)
    assert "Số:        /BC-……" in text
    assert "Vân Khê, ngày        tháng        năm 2026" in text
    assert "UBND TỈNH VÂN KHÊ" in text
    assert "SỞ NỘI VỤ" in text


def test_the_page_is_as_the_decree_says(paper: Any) -> None:
    section = paper.sections[0]
    assert (round(section.page_width.mm), round(section.page_height.mm)) == (210, 297)
    for value, low, high in (
        (section.top_margin, 20, 25),
        (section.bottom_margin, 20, 25),
        (section.left_margin, 30, 35),
        (section.right_margin, 15, 20),
    ):
        assert Mm(low) - 500 <= value <= Mm(high) + 500


def test_the_number_of_the_page_is_in_the_top_margin_but_not_on_page_one(paper: Any) -> None:
    section = paper.sections[0]
    assert section.different_first_page_header_footer
    header = section.header.paragraphs[0]
    assert " PAGE " in "".join(t.text or "" for t in header._p.iter(qn("w:instrText")))
    assert header.alignment == WD_ALIGN_PARAGRAPH.CENTER
    assert "PAGE" not in section.first_page_header._element.xml


@pytest.mark.parametrize(
    ("text", "sizes", "bold", "italic"),
    [
        ("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", (12, 13), True, False),
        ("Độc lập - Tự do - Hạnh phúc", (13, 14), True, False),
        ("UBND TỈNH VÂN KHÊ", (12, 13), False, False),
        ("SỞ NỘI VỤ", (12, 13), True, False),
        ("Số:        /BC-……", (13, 13), False, False),
        ("Vân Khê, ngày        tháng        năm 2026", (13, 14), False, True),
        ("BÁO CÁO", (13, 14), True, False),
        ("Tình hình thực hiện nhiệm vụ tháng 11 năm 2026", (13, 14), True, False),
        ("I. TÌNH HÌNH CHUNG", (13, 14), True, False),
        ("THỦ TRƯỞNG CƠ QUAN", (13, 14), True, False),
        ("Nơi nhận:", (12, 12), True, True),
        ("- Lưu: VT.", (11, 11), False, False),
    ],
)
def test_each_part_has_the_letters_of_the_decree(
    paper: Any, text: str, sizes: tuple[int, int], bold: bool, italic: bool
) -> None:
    inside = [p for t in paper.tables for row in t.rows for c in row.cells for p in c.paragraphs]
    found = [p for p in [*paper.paragraphs, *inside] if p.text == text]
    assert found, text
    for run in found[0].runs:
        font, size = measure_run(run)
        assert font == "Times New Roman"
        assert size is not None
        assert sizes[0] <= size <= sizes[1]
        assert (bool(run.font.bold), bool(run.font.italic)) == (bold, italic)


def test_the_body_is_justified_indented_and_spaced(paper: Any) -> None:
    body = [
        p for p in paper.paragraphs if p.text.startswith(("Tính đến", "Trong tháng", "Số liệu"))
    ]
    assert len(body) == 3
    for paragraph in body:
        layout = paragraph.paragraph_format
        assert paragraph.alignment == WD_ALIGN_PARAGRAPH.JUSTIFY
        assert round(layout.first_line_indent.mm, 1) in (10.0, 12.7)
        assert layout.space_after.pt >= 6
        assert 1.0 <= layout.line_spacing <= 1.5
        assert {measure_run(run) for run in paragraph.runs} <= {
            ("Times New Roman", 13.0),
            ("Times New Roman", 14.0),
        }


def test_heads_of_tables_are_repeated_and_rows_stay_whole(paper: Any) -> None:
    tables = list_headed_tables(paper)
    assert len(tables) == 6
    for table in tables:
        assert table.rows[0]._tr.trPr.find(qn("w:tblHeader")) is not None
        assert all(row._tr.trPr.find(qn("w:cantSplit")) is not None for row in table.rows)


def test_all_letters_are_black(paper: Any) -> None:
    xml = paper.element.xml
    colours = {part.split('"')[0] for part in xml.split('<w:color w:val="')[1:]}
    assert colours <= {"000000", "auto"}


async def test_the_appendix_has_at_most_500_tasks_and_says_so(sqlite: Database) -> None:
    async with sqlite.write() as session:
        filling = Filling(session, date(2026, 9, 1))
        agency = await filling.agency("Sở Tư pháp")
        days = [date(2026, 10, 1 + n % 28) for n in range(510)]
        await filling.task("I.1", [agency], *days)
    paper = await _make(sqlite)
    assert len(list_headed_tables(paper)[-1].rows) == 501
    text = "\n".join(paragraph.text for paragraph in paper.paragraphs)
    assert "Phụ lục ghi 500 trong 510 dòng" in text
    assert "Bảng dưới đây ghi 100 trong 510 dòng" in text


async def test_a_period_that_has_not_begun_or_without_work_is_refused(filled: Database) -> None:
    with pytest.raises(OrderFault) as fault:
        await make_file(_order(filled, "2027"))
    assert fault.value.message_id == "report-future"
    order = replace(_order(filled), query=TaskQuery(TODAY, plans=(99,)))
    with pytest.raises(OrderFault) as fault:
        await make_file(order)
    assert fault.value.message_id == "report-nothing"


@pytest.mark.parametrize(
    ("text", "message", "part"),
    [
        ("{{ abstrat }}", "report-template-name", "abstrat"),
        ("{% for x in %}", "report-template-wrong", "{% for x in %}"),
        ("{{ abstract", "report-template-wrong", "abstract"),
        ("{{ ''.__class__.__mro__ }}", "report-template-name", "__class__"),
    ],
)
async def test_a_faulty_template_is_told_with_its_place(
    filled: Database, tmp_path: Path, text: str, message: str, part: str
) -> None:
    paper = Document(str(TEMPLATE))
    paper.paragraphs[0].insert_paragraph_before(text)
    path = tmp_path / "mau.docx"
    paper.save(str(path))
    with pytest.raises(OrderFault) as fault:
        await make_file(_order(filled, template=str(path)))
    assert fault.value.message_id == message
    assert part in str(fault.value.values)


@pytest.mark.parametrize("content", [None, b"", b"no document"])
async def test_a_template_that_is_no_document_is_told(
    filled: Database, tmp_path: Path, content: bytes | None
) -> None:
    path = tmp_path / "mau.docx"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(OrderFault) as fault:
        await make_file(_order(filled, template=str(path)))
    assert fault.value.message_id == "report-template-unreadable"


async def test_a_provinces_own_template_is_used(filled: Database, tmp_path: Path) -> None:
    paper = Document()
    paper.add_paragraph("MẪU RIÊNG: {{ abstract }}")
    path = tmp_path / "mau.docx"
    paper.save(str(path))
    text = _text(await _make(filled, template=str(path)))
    assert text.startswith("MẪU RIÊNG: Tình hình thực hiện nhiệm vụ tháng 11 năm 2026")


@pytest.mark.parametrize(
    ("agency", "points"),  # the width of its widest line in Times New Roman, bold, 12 points
    [("Sở Y tế", 45.6), ("Sở Nội vụ", 61.8), ("Sở Nông nghiệp và Môi trường", 153.1)],
)
async def test_the_rule_below_the_agency_is_a_third_to_a_half_of_its_line(
    filled: Database, agency: str, points: float
) -> None:
    paper = await _make(filled, agency=agency)
    cell = paper.tables[0].rows[0].cells[0]
    layout = cell.paragraphs[2].paragraph_format
    assert cell.width is not None
    assert layout.left_indent is not None
    assert layout.left_indent == layout.right_indent
    assert points / 3 <= cell.width.pt - 2 * layout.left_indent.pt <= points / 2
