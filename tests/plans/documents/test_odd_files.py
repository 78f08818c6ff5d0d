"""Odd Word, Excel and PDF files: what cannot be read is said with its place, never dropped."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
from openpyxl.styles import PatternFill

from plans.documents.faults import LongCellError, NoLettersError, SidewaysError
from plans.documents.opening import load_document
from plans.reading.document import read_document_file
from plans.reading.sandbox import read_in_sandbox
from tests.support import papers

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
MC = 'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'


def change_word(path: Path, change: Callable[[str], str]) -> Path:
    """Write the standard plan as a Word file with its XML changed."""
    papers.word(path, papers.ROWS)
    with zipfile.ZipFile(path) as archive:
        xml = archive.read("word/document.xml").decode()
    target = path.with_name("changed.docx")
    return papers.repack(path, target, {"word/document.xml": change(xml).encode()})


def list_rows(path: Path) -> list[str]:
    """Return the second cell of each row of the first table."""
    return [row.texts[1] for row in load_document(path).tables[0].rows]


def wrap_row(xml: str, title: str, before: str, behind: str) -> str:
    """Put the row with this title into other elements."""
    rows = re.findall(r"<w:tr\b.*?</w:tr>", xml, re.DOTALL)
    row = next(one for one in rows if title in one)
    return xml.replace(row, f"{before}{row}{behind}")


WRAPPERS = {
    "content control": ("<w:sdt><w:sdtContent>", "</w:sdtContent></w:sdt>"),
    "custom XML": ('<w:customXml w:element="row">', "</w:customXml>"),
    "inserted": ('<w:ins w:id="1" w:author="a">', "</w:ins>"),
    "smart tag": ('<w:smartTag w:element="row">', "</w:smartTag>"),
    "alternative": (
        f'<mc:AlternateContent {MC}><mc:Choice Requires="w14">',
        "</mc:Choice><mc:Fallback/></mc:AlternateContent>",
    ),
    "two of them": (
        '<w:customXml w:element="a"><w:sdt><w:sdtContent>',
        "</w:sdtContent></w:sdt></w:customXml>",
    ),
}


@pytest.mark.parametrize("kind", WRAPPERS)
def test_a_row_in_a_wrapper_is_read_once(tmp_path: Path, kind: str) -> None:
    title = "Cấp cây giống đợt đầu"
    path = change_word(tmp_path / "a.docx", lambda xml: wrap_row(xml, title, *WRAPPERS[kind]))
    assert list_rows(path).count(title) == 1
    assert len(list_rows(path)) == len(papers.ROWS)


def test_a_row_deleted_by_its_mark_alone_is_gone(tmp_path: Path) -> None:
    def delete(xml: str) -> str:
        marked = wrap_row(xml, "Cấp cây giống đợt đầu", "@", "")
        return re.sub(r"@(<w:tr\b[^>]*>)", r'\1<w:trPr><w:del w:id="1"/></w:trPr>', marked)

    assert "Cấp cây giống đợt đầu" not in list_rows(change_word(tmp_path / "a.docx", delete))


@pytest.mark.parametrize("name", ["strike", "dstrike", "vanish"])
def test_struck_out_and_hidden_text_is_not_read_but_said(tmp_path: Path, name: str) -> None:
    def strike(xml: str) -> str:
        return re.sub(
            r"<w:r>(<w:t>Cấp cây giống đợt đầu)", rf"<w:r><w:rPr><w:{name}/></w:rPr>\1", xml
        )

    document = load_document(change_word(tmp_path / "a.docx", strike))
    assert "Cấp cây giống đợt đầu" not in document.tables[0].rows[2].texts
    assert "struck-out" in document.notes


def test_text_that_is_set_not_to_be_struck_out_is_read(tmp_path: Path) -> None:
    def leave(xml: str) -> str:
        return re.sub(
            r"<w:r>(<w:t>Cấp cây giống)", r'<w:r><w:rPr><w:strike w:val="0"/></w:rPr>\1', xml
        )

    document = load_document(change_word(tmp_path / "a.docx", leave))
    assert document.notes == ()


@pytest.mark.parametrize(("text", "read"), [("1", "1"), ("Trồng 5 m", "Trồng 5 m2")])
def test_a_raised_digit_is_a_note_behind_a_number_only(
    tmp_path: Path, text: str, read: str
) -> None:
    def raise_digit(xml: str) -> str:
        digit = '<w:r><w:rPr><w:vertAlign w:val="superscript"/></w:rPr><w:t>2</w:t></w:r>'
        return re.sub(
            r"<w:r><w:t>Lập danh sách hộ trồng rừng</w:t></w:r>",
            f"<w:r><w:t>{text}</w:t></w:r>{digit}",
            xml,
        )

    assert read in list_rows(change_word(tmp_path / "a.docx", raise_digit))


def test_formulas_without_a_value_are_said_with_their_cells(tmp_path: Path) -> None:
    rows = [papers.HEADER, ["1", "Đo đất", "Sở Y tế", "", "", "=DATE(2031,3,15)"]]
    path = papers.excel(tmp_path / "a.xlsx", [*rows, ["2", "Vẽ", "Sở Y tế", "", "", "=F2+5"]])
    assert load_document(path).losses == (("formula", "F2"), ("formula", "F3"))


def test_a_workbook_with_another_ending_and_colour_in_its_last_row_is_read(tmp_path: Path) -> None:
    path = papers.excel(tmp_path / "a.xlsx", [papers.HEADER, *papers.ROWS])
    book = openpyxl.load_workbook(path)
    sheet = papers.sheet_of(book)
    sheet.cell(1_048_576, 3).fill = PatternFill("solid", fgColor="FFFF00")
    for row in range(10, 22_000):
        sheet.cell(row, 2).number_format = "0.00"
    odd = tmp_path / "a.dat"
    book.save(odd)
    assert len(load_document(odd).tables[0].rows) == len(papers.ROWS) + 1


def _put(place: int, text: str) -> list[list[str]]:
    """Return the standard rows with another text in the first task's cell at `place`."""
    rows = [list(row) for row in papers.ROWS]
    rows[1][place] = text
    return [papers.HEADER, *rows]


@pytest.mark.parametrize("write", [papers.excel, papers.word])
@pytest.mark.parametrize(
    ("place", "text"),
    [
        (1, "Cấp cây giống " * 715),
        (0, "7" * 75),
        (0, ".".join("1" * 40)),
        (0, "Số thứ tự ghi bằng chữ " * 4),
        (4, "Biên bản giao nhận " * 600),
    ],
)
def test_a_very_long_cell_is_read(
    tmp_path: Path, write: Callable[..., Path], place: int, text: str
) -> None:
    plan = read_document_file(write(tmp_path / "a", _put(place, text))).plan
    assert [task.key for task in plan.tasks] == ["I.1", "I.2", "II.1"]
    assert plan.tasks[0].title == (text.strip() if place == 1 else papers.ROWS[1][1])


@pytest.mark.process
@pytest.mark.parametrize(("write", "place"), [(papers.excel, 1), (papers.word, 4)])
def test_a_cell_longer_than_a_field_is_refused_by_this_cause(
    tmp_path: Path, write: Callable[..., Path], place: int
) -> None:
    path = write(tmp_path / "a", _put(place, "Cấp cây giống " * 2000))
    with pytest.raises(LongCellError) as fault:
        read_in_sandbox(path)
    assert fault.value.values == {"characters": 20_000}


def test_a_number_is_read_as_its_format_shows_it(tmp_path: Path) -> None:
    values = {"General": 1.1, "0.00": 1.1, "0%": 1, "0.0%": 0.405}
    path = papers.excel(tmp_path / "a.xlsx", [[value, "Đo"] for value in values.values()])
    book = openpyxl.load_workbook(path)
    for row, form in enumerate(values, start=1):
        papers.sheet_of(book).cell(row, 1).number_format = form
    book.save(path)
    shown = [row.texts[0] for row in load_document(path).tables[0].rows]
    assert shown == ["1.1", "1.10", "100%", "40.5%"]


LINE = "Sở Y tế đo chất lượng nước giếng khoan của các xã vùng cao trước ngày 15/3/2031"


def turn_page(path: Path, number: int) -> Path:
    """Turn the text of one page by a quarter."""
    parts = path.read_bytes().split(b"endstream")
    pages = [place for place, part in enumerate(parts) if b"BT /F1" in part]
    place = pages[number]
    parts[place] = parts[place].replace(b"1 0 0 1 ", b"0 1 -1 0 ")
    path.write_bytes(b"endstream".join(parts))
    return path


def test_a_sideways_page_is_said_with_its_number(tmp_path: Path) -> None:
    pages = [[(60.0, 500.0, LINE)], [(300.0, 50.0, LINE)]]
    document = load_document(turn_page(papers.pdf(tmp_path / "a.pdf", pages), 1))
    assert document.losses == (("page-sideways", "2"),)


def test_a_file_with_sideways_pages_alone_is_refused_by_this_cause(tmp_path: Path) -> None:
    path = turn_page(papers.pdf(tmp_path / "a.pdf", [[(300.0, 50.0, LINE)]]), 0)
    with pytest.raises(SidewaysError):
        load_document(path)


def test_a_font_without_letters_is_refused_by_this_cause(tmp_path: Path) -> None:
    path = papers.pdf(tmp_path / "a.pdf", [[(60.0, 500.0, LINE)]])
    path.write_bytes(path.read_bytes().replace(b"/ToUnicode", b"/NoUnicode"))
    with pytest.raises(NoLettersError):
        load_document(path)
