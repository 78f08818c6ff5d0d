"""The workbook of a plan: doubts in colour, text as text, the same plan when it comes back."""

from datetime import date
from io import BytesIO
from pathlib import Path

import openpyxl
from openpyxl.worksheet.worksheet import Worksheet

from plans import workbook
from plans.reading.document import read_document_file
from plans.reading.doubts import PlanReading
from tests.support.papers import HEADER, ROWS, sheet_of, word

ODD = ["3", "=1+1 và @x", "Đội Lá Xanh", "", "", "Khi nào tiện"]
PROSE = [
    "ỦY BAN NHÂN DÂN",
    "TỈNH BẾN TRE",
    "Số: 9/KH-UBND",
    "Bến Tre, ngày 02 tháng 01 năm 2031",
    "KẾ HOẠCH",
    "Giữ nước ngọt năm 2031",
    "III. TỔ CHỨC THỰC HIỆN",
    "1. Sở Y tế",
    "- Đo độ mặn ở giếng khoan.",
    "+ Ghi sổ từng giếng.",
    "- Báo cáo UBND tỉnh trước ngày 10/5/2031.",
]


def opened(reading: PlanReading) -> Worksheet:
    return sheet_of(
        openpyxl.load_workbook(BytesIO(workbook.write_workbook(reading.plan, reading.doubts)))
    )


def back(reading: PlanReading, folder: Path) -> PlanReading:
    (folder / "back.xlsx").write_bytes(workbook.write_workbook(reading.plan, reading.doubts))
    return read_document_file(folder / "back.xlsx")


def test_it_comes_back_as_the_same_plan(tmp_path: Path) -> None:
    reading = read_document_file(word(tmp_path / "a.docx", [HEADER, *ROWS]))
    again = back(reading, tmp_path)
    assert again.plan == reading.plan
    assert again.doubts == reading.doubts


def test_a_plan_without_a_table_comes_back(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text("\n".join(PROSE), encoding="utf-8")
    reading = read_document_file(path)
    assert [task.key for task in reading.plan.tasks] == ["III.1.1", "III.1.1+1", "III.1.2"]
    assert [
        (task.key, task.title, task.lead, task.milestones)
        for task in back(reading, tmp_path).plan.tasks
    ] == [(task.key, task.title, task.lead, task.milestones) for task in reading.plan.tasks]


def test_deadlines_outside_the_table_come_back(tmp_path: Path) -> None:
    lines = [
        *PROSE[:7],
        "1. Giao Sở Y tế chủ trì, báo cáo UBND tỉnh kết quả trước ngày 20/12/2031.",
    ]
    reading = read_document_file(word(tmp_path / "a.docx", [HEADER, *ROWS], lines))
    assert [str(row.milestone.last_day) for row in reading.plan.plan_milestones] == ["2031-12-19"]
    assert back(reading, tmp_path).plan.plan_milestones == reading.plan.plan_milestones


def test_doubts_are_in_colour_with_their_sentence(tmp_path: Path) -> None:
    sheet = opened(read_document_file(word(tmp_path / "a.docx", [HEADER, *ROWS[:2], ODD])))
    header = [cell.value for cell in sheet[workbook.FIRST_ROW]]
    row = sheet[workbook.FIRST_ROW + 2]
    coloured = {
        header[place] for place, cell in enumerate(row) if cell.fill.fgColor.rgb == "00FFE699"
    }
    assert coloured == {"Cơ quan chủ trì", "Thời hạn hoàn thành", "Điều cần xem lại"}
    assert "Đội Lá Xanh" in str(row[header.index("Điều cần xem lại")].value)


def test_nothing_in_it_is_a_formula(tmp_path: Path) -> None:
    sheet = opened(read_document_file(word(tmp_path / "a.docx", [HEADER, *ROWS[:2], ODD])))
    assert "f" not in {cell.data_type for row in sheet.iter_rows() for cell in row}
    assert "=1+1 và @x" in {cell.value for row in sheet.iter_rows() for cell in row}


def test_a_correction_is_read(tmp_path: Path) -> None:
    book = openpyxl.load_workbook(
        BytesIO(
            workbook.write_workbook(
                read_document_file(word(tmp_path / "a.docx", [HEADER, *ROWS])).plan, []
            )
        )
    )
    sheet = sheet_of(book)
    header = [cell.value for cell in sheet[workbook.FIRST_ROW]]
    sheet.cell(workbook.FIRST_ROW + 1, header.index("Cơ quan chủ trì") + 1).value = "Sở Y tế"
    sheet.cell(workbook.FIRST_ROW + 1, header.index("Thời hạn hoàn thành") + 1).value = "Quý I/2031"
    book.save(tmp_path / "b.xlsx")
    first = read_document_file(tmp_path / "b.xlsx").plan.tasks[0]
    assert (first.lead, str(first.milestones[0].last_day)) == (["Sở Y tế"], "2031-03-31")


TRACKER = [
    ["STT", "Nhiệm vụ", "Cơ quan chủ trì", "Ngày giao", "Thời hạn", "Ngày hoàn thành", "Tình hình"],
    ["1", "Vớt bèo", "Sở Y tế", "05/01/2031", "30/6/2031", "20/6/2031", "Đã hoàn thành"],
    ["2", "Đắp đập", "Sở Y tế", "06/01/2031", "30/9/2031", "", "Đang thực hiện 40%"],
    ["3", "Xả nước", "Sở Y tế", "07/01/2031", "30/7/2031", "", "Tạm dừng chờ mưa"],
    ["4", "Đo mặn", "Sở Y tế", "08/01/2031", "30/8/2031", "", "Đã hủy theo thông báo 7"],
    ["5", "Ghi sổ", "Sở Y tế", "09/01/2031", "30/10/2031", "", "Chưa thực hiện"],
    ["6", "Phát nước", "Sở Y tế", "09/01/2031", "30/5/2031", "", "Đã hoàn thành"],
]


def test_what_a_tracker_says_comes_back(tmp_path: Path) -> None:
    reading = read_document_file(word(tmp_path / "a.docx", TRACKER))
    statuses = {task.status for task in reading.plan.tasks}
    assert statuses == {None, "in_progress", "suspended", "cancelled"}
    again = back(reading, tmp_path)
    assert again.plan == reading.plan
    assert [doubt.key for doubt in again.doubts] == [doubt.key for doubt in reading.doubts]


def test_work_done_without_words_comes_back_done(tmp_path: Path) -> None:
    reading = read_document_file(word(tmp_path / "a.docx", [HEADER, *ROWS]))
    dated = [task for task in reading.plan.tasks if task.milestones]
    dated[0].done_on, dated[1].status = date(2031, 2, 3), "suspended"
    tasks = {task.key: task for task in back(reading, tmp_path).plan.tasks}
    assert tasks[dated[0].key].done_on == date(2031, 2, 3)
    assert tasks[dated[1].key].status == "suspended"
