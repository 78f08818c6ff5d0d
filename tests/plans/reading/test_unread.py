"""Rows and text boxes that became no task are listed with their place."""

from language.agencies.directory import load_standard_directory
from plans.format import UnreadRow
from plans.reading.document import read_document
from plans.tables.blocks import Block, Document, TableCell, TextLine, make_table
from tests.support.papers import HEADER, HEADING, ROWS


def list_unread(*blocks: Block) -> list[UnreadRow]:
    """Read blocks under a letterhead and return what was not read."""
    document = Document((*map(TextLine, HEADING), *blocks), "docx")
    return read_document(document, load_standard_directory()).plan.unread


def table_of(*rows: list[str]) -> Block:
    return make_table([[TableCell(text) for text in row] for row in rows])


TASKS = table_of(HEADER, *ROWS)


def test_table_of_tasks_leaves_nothing() -> None:
    assert list_unread(TASKS) == []


def test_dated_rows_of_another_table_are_listed() -> None:
    other = table_of(["Đợt", "Việc"], ["Trước ngày 20/4/2031", "Đo vòng thân cây"], ["", "Nghỉ"])
    (row,) = list_unread(TASKS, other)
    assert (row.where, row.text) == ("bảng 2, dòng 2", "Trước ngày 20/4/2031 – Đo vòng thân cây")


def test_duty_beside_an_agency_is_listed() -> None:
    other = table_of(["Nơi", "Việc"], ["Sở Tài chính", "Kiểm tra sổ chi của các xã"], ["Tổng", "2"])
    assert [row.where for row in list_unread(TASKS, other)] == ["bảng 2, dòng 2"]


def test_place_and_day_above_a_signature_are_not_listed() -> None:
    signed = table_of(HEADER, *ROWS, ["", "", "Bến Tre, ngày 02 tháng 01 năm 2031", "", "", ""])
    assert list_unread(signed) == []


def test_figures_and_people_are_not_listed() -> None:
    figures = table_of(["Xã", "Số cây", "Tỷ lệ (%)"], ["Xã Bình An", "1.200", "91,5"])
    people = table_of(["Họ và tên", "Đơn vị"], ["Nguyễn Văn Bình", "Sở Tài chính"])
    assert list_unread(TASKS, figures, people) == []


def test_letterhead_is_not_listed() -> None:
    letterhead = table_of(
        ["UBND TỈNH BẾN TRE\nSố: 77/KH-UBND", "Bến Tre, ngày 05 tháng 01 năm 2031"]
    )
    assert list_unread(letterhead, TASKS) == []


def test_duty_in_a_text_box_is_listed() -> None:
    box = TextLine("Sở Y tế báo cáo UBND tỉnh trước ngày 01/10/2031.", aside=True)
    assert [row.text for row in list_unread(TASKS, box)] == [box.text]


def test_duty_behind_the_signature_is_listed() -> None:
    lines = ["Nơi nhận:", "- Như trên.", "GHI CHÚ", "Các xã gửi số liệu trước ngày 05/11/2031."]
    assert [row.text for row in list_unread(TASKS, *map(TextLine, lines))] == lines[-1:]
