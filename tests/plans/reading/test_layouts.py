"""Plans as provinces lay them out: whatever the columns, the same tasks come out."""

from datetime import datetime
from pathlib import Path

import docx
import openpyxl
import pytest

from locales.answer import say
from locales.fluent import load_sentences
from plans.reading.document import read_document_file
from tests.support.forest import check_forest, tasks_of
from tests.support.papers import HEADER, HEADING, ROWS, add_table, excel, word


def test_word_gives_the_tasks_and_the_heading(tmp_path: Path) -> None:
    reading = read_document_file(word(tmp_path / "a.docx", [HEADER, *ROWS]))
    check_forest(reading)
    head = reading.plan.plan
    assert (head.number, str(head.issued_on), head.issuer) == (
        "77/KH-UBND",
        "2031-01-05",
        "UBND tỉnh Bến Tre",
    )
    assert (head.title, head.first_year) == (
        "KẾ HOẠCH Trồng và giữ rừng tỉnh Bến Tre năm 2031",
        2031,
    )
    assert reading.doubts == []


@pytest.mark.parametrize(
    ("number", "title", "lead", "partners", "product", "time"),
    [
        ("TT", "Nhiệm vụ", "Đơn vị chủ trì", "Đơn vị phối hợp", "Kết quả", "Tiến độ"),
        ("Số TT", "Tên công việc", "Chủ trì", "Phối hợp", "Sản phẩm đầu ra", "Thời hạn"),
        (
            "STT",
            "NỘI DUNG CÔNG VIỆC",
            "CƠ QUAN, ĐƠN VỊ CHỦ TRÌ",
            "CƠ QUAN PHỐI HỢP THỰC HIỆN",
            "KẾT QUẢ/SẢN PHẨM",
            "THỜI GIAN",
        ),
        (
            "TT",
            "Nhiệm vụ, giải pháp",
            "Cơ quan thực hiện",
            "Cơ quan phối hợp",
            "Dự kiến sản phẩm",
            "Thời gian thực hiện",
        ),
        (
            "Stt",
            "Tên nhiệm vụ",
            "Sở, ngành chủ trì",
            "Sở, ngành phối hợp",
            "Kết quả đầu ra",
            "Hoàn thành",
        ),
    ],
)
def test_headers_are_known_by_their_words(
    tmp_path: Path, number: str, title: str, lead: str, partners: str, product: str, time: str
) -> None:
    header = [number, title, lead, partners, product, time]
    check_forest(read_document_file(word(tmp_path / "a.docx", [header, *ROWS])))


@pytest.mark.parametrize("order", [(0, 1, 4, 2, 3, 5), (0, 5, 1, 4, 3, 2), (1, 0, 2, 3, 4, 5)])
def test_columns_stand_in_any_order(tmp_path: Path, order: tuple[int, ...]) -> None:
    rows = [[row[place] for place in order] for row in [HEADER, *ROWS]]
    check_forest(read_document_file(word(tmp_path / "a.docx", rows)))


def test_columns_that_no_task_needs_are_left_out(tmp_path: Path) -> None:
    rows = [[*row[:5], "1.500 triệu đồng" if row[2] else "", row[5]] for row in [HEADER, *ROWS]]
    rows[0][5] = "Kinh phí thực hiện"
    check_forest(read_document_file(word(tmp_path / "a.docx", rows)))


def test_a_header_of_two_rows_with_merged_cells(tmp_path: Path) -> None:
    paper = docx.Document()
    upper = ["STT", "Nội dung", "Cơ quan thực hiện", "", "Sản phẩm", "Thời gian"]
    lower = ["", "", "Chủ trì", "Phối hợp", "", ""]
    add_table(paper, [upper, lower, ["(1)", "(2)", "(3)", "(4)", "(5)", "(6)"], *ROWS])
    table = paper.tables[0]
    table.cell(0, 2).merge(table.cell(0, 3))
    for column in (0, 1, 4, 5):
        table.cell(0, column).merge(table.cell(1, column))
    paper.save(str(tmp_path / "a.docx"))
    check_forest(read_document_file(tmp_path / "a.docx"))


def test_sections_are_rows_merged_over_the_table(tmp_path: Path) -> None:
    paper = docx.Document()
    rows = [list(row) for row in ROWS]
    rows[0][0:2], rows[3][0:2] = ["I. TRỒNG RỪNG", ""], ["II. GIỮ RỪNG", ""]
    add_table(paper, [HEADER, *rows])
    table = paper.tables[0]
    for row in (1, 4):
        table.cell(row, 0).merge(table.cell(row, 5))
    paper.save(str(tmp_path / "a.docx"))
    check_forest(read_document_file(tmp_path / "a.docx"))


def test_the_section_may_be_headed_by_its_lead_agency(tmp_path: Path) -> None:
    header = ["TT", "Cơ quan chủ trì\nNhiệm vụ", "Kết quả", "Cơ quan phối hợp", "Thời hạn"]
    rows = [
        header,
        ["I", "SỞ TÀI CHÍNH", "SỞ TÀI CHÍNH", "", ""],
        ["1.", "Chi tiền mua cây", "Phiếu chi", "Kho bạc Nhà nước tỉnh", "Tháng 3/2031"],
        ["", "SỞ Y TẾ", "", "", ""],
        ["1.", "Khám sức khỏe người tuần tra", "Sổ khám", "UBND cấp xã", "Tháng 4/2031"],
    ]
    tasks = tasks_of(word(tmp_path / "a.docx", rows))
    assert {key: task.lead for key, task in tasks.items()} == {
        "I.1": ["Sở Tài chính"],
        "II.1": ["Sở Y tế"],
    }


def test_groups_come_first_in_the_key(tmp_path: Path) -> None:
    rows = [
        HEADER,
        ["", "NHÓM VIỆC GẤP", "", "", "", ""],
        *ROWS,
        ["B", "NHÓM VIỆC SAU", "", "", "", ""],
        *ROWS,
    ]
    assert list(tasks_of(word(tmp_path / "a.docx", rows))) == [
        "A.I.1",
        "A.I.2",
        "A.II.1",
        "B.I.1",
        "B.I.2",
        "B.II.1",
    ]


def test_headings_and_rows_numbered_by_points(tmp_path: Path) -> None:
    task = ["Sở Y tế", "", "Báo cáo", "Năm 2031"]
    rows = [
        HEADER,
        ["I", "VIỆC CHUNG", "", "", "", ""],
        ["1", "Vườn ươm", "", "", "", ""],
        ["1.1", "Dựng nhà lưới", *task],
        ["1.2", "Đào giếng", *task],
        ["2", "Phòng cháy cả mùa khô", *task],
        ["a)", "Làm đường băng cản lửa", *task],
    ]
    assert list(tasks_of(word(tmp_path / "a.docx", rows))) == ["I.1.1", "I.1.2", "I.2", "I.2.a"]


def test_headings_may_be_plain_rows_and_totals_are_told_from_tasks(tmp_path: Path) -> None:
    rows = [
        HEADER,
        ["", "Công tác chuẩn bị", "", "", "", ""],
        ["1", "Tổng hợp danh sách", "Sở Y tế", "", "", "Năm 2031"],
        ["", "Tổng vệ sinh", "", "", "", ""],
        ["1", "Tổng cộng sổ sách", "Sở Y tế", "", "", "Năm 2031"],
        ["", "Tổng cộng 2 nhiệm vụ", "", "", "", ""],
    ]
    tasks = tasks_of(word(tmp_path / "a.docx", rows))
    assert {key: (task.section, task.title) for key, task in tasks.items()} == {
        "I.1": ("Công tác chuẩn bị", "Tổng hợp danh sách"),
        "II.1": ("Tổng vệ sinh", "Tổng cộng sổ sách"),
    }


def test_who_leads_beside_who_carries_out(tmp_path: Path) -> None:
    header = ["TT", "Nội dung", "Các đơn vị thực hiện", "Đơn vị chủ trì", "Thời hạn"]
    tasks = tasks_of(
        word(tmp_path / "a.docx", [header, ["1", "Mở kho", "UBND cấp xã", "Sở Y tế", "Năm 2031"]])
    )
    assert (tasks["1"].lead, tasks["1"].partners) == (["Sở Y tế"], ["UBND cấp xã"])


def write_merged_rows(path: Path, more: list[str], merged: tuple[int, ...]) -> Path:
    """Write a plan whose second row is merged with the one above in some columns."""
    paper = docx.Document()
    add_table(paper, [HEADER, *ROWS[:2], more, *ROWS[2:]])
    table = paper.tables[0]
    for column in merged:
        table.cell(2, column).merge(table.cell(3, column))
    paper.save(str(path))
    return path


def test_rows_under_one_number_with_one_lead_are_one_task(tmp_path: Path) -> None:
    more = ["", "", "", "", "Bản đồ", "Trong tháng 5/2031"]
    tasks = tasks_of(write_merged_rows(tmp_path / "a.docx", more, (0, 1, 2, 3)))
    assert "I.1b" not in tasks
    assert tasks["I.1"].deliverables[-1] == "Bản đồ"
    assert tasks["I.1"].deadline_text == "- Trước ngày 15/3/2031 / - Trong tháng 5/2031"
    assert len(tasks["I.1"].milestones) == 2


def test_a_row_under_one_number_with_another_lead_is_a_task(tmp_path: Path) -> None:
    more = ["", "", "Sở Nội vụ", "", "Bản đồ", ""]
    again = tasks_of(write_merged_rows(tmp_path / "a.docx", more, (0, 1, 5)))["I.1b"]
    assert (again.title, again.lead, again.deliverables) == (
        "Lập danh sách hộ trồng rừng",
        ["Sở Nội vụ"],
        ["Bản đồ"],
    )
    assert again.deadline_text == "Trước ngày 15/3/2031"


def test_as_above_is_what_stands_above(tmp_path: Path) -> None:
    rows = [HEADER, *ROWS[:2], ["2", "Gửi giấy mời", "nt", "-nt-", "Giấy mời", "Như trên"]]
    second = tasks_of(word(tmp_path / "a.docx", rows))["I.2"]
    assert (second.lead, second.partners, second.deadline_text) == (
        ["Sở Tài chính"],
        ["UBND cấp xã"],
        "Trước ngày 15/3/2031",
    )


def test_one_column_may_name_leads_and_partners(tmp_path: Path) -> None:
    header = ["TT", "Nhiệm vụ", "Đơn vị chủ trì, phối hợp", "Thời gian"]
    rows = [
        header,
        [
            "1",
            "Mở lớp",
            "Sở Y tế chủ trì, phối hợp với Sở Tài chính và UBND cấp xã tổ chức thực hiện",
            "Tháng 5/2031",
        ],
        ["2", "Phát sách", "- Chủ trì: Công an tỉnh\n- Phối hợp: Sở Y tế", "Tháng 6/2031"],
        ["3", "Chấm thi", "Sở Tài chính\nSở Y tế", "Tháng 7/2031"],
    ]
    tasks = tasks_of(word(tmp_path / "a.docx", rows))
    assert [task.lead for task in tasks.values()] == [
        ["Sở Y tế"],
        ["Công an tỉnh"],
        ["Sở Tài chính"],
    ]
    assert [task.partners for task in tasks.values()] == [
        ["Sở Tài chính", "UBND cấp xã"],
        ["Sở Y tế"],
        ["Sở Y tế"],
    ]


def test_field_of_work_beside_the_task_is_the_section(tmp_path: Path) -> None:
    header = ["TT", "Lĩnh vực", "Nhiệm vụ", "Cơ quan chủ trì", "Thời hạn"]
    rows = [
        header,
        ["1", "Y tế", "Tiêm phòng", "Sở Y tế", "Tháng 2/2031"],
        ["2", "", "Phun thuốc", "Sở Y tế", "Tháng 3/2031"],
    ]
    tasks = tasks_of(word(tmp_path / "a.docx", rows))
    assert {key: (task.section, task.title) for key, task in tasks.items()} == {
        "1": ("Y tế", "Tiêm phòng"),
        "2": ("Y tế", "Phun thuốc"),
    }


def test_several_annexes_keep_their_tasks_apart(tmp_path: Path) -> None:
    paper = docx.Document()
    add_table(paper, [HEADER, *ROWS])
    paper.add_paragraph("Phụ lục II")
    add_table(paper, [HEADER, *ROWS])
    paper.save(str(tmp_path / "a.docx"))
    assert list(tasks_of(tmp_path / "a.docx")) == [
        "I.1",
        "I.2",
        "II.1",
        "PL2.I.1",
        "PL2.I.2",
        "PL2.II.1",
    ]


def test_a_table_cut_in_two_is_one_table(tmp_path: Path) -> None:
    paper = docx.Document()
    add_table(paper, [HEADER, *ROWS[:2]])
    paper.add_paragraph("")
    add_table(paper, ROWS[2:])
    paper.save(str(tmp_path / "a.docx"))
    check_forest(read_document_file(tmp_path / "a.docx"))


def test_sums_and_signatures_are_no_tasks(tmp_path: Path) -> None:
    rows = [
        HEADER,
        *ROWS,
        ["", "Tổng cộng", "", "", "3 sản phẩm", ""],
        ["", "", "", "", "", ""],
        ["", "", "", "", "", "GIÁM ĐỐC"],
        ["", "", "", "", "", "Trần Thị Thử"],
    ]
    check_forest(read_document_file(excel(tmp_path / "a.xlsx", rows)))


def test_numbers_may_be_automatic(tmp_path: Path) -> None:
    paper = docx.Document()
    rows = [list(row) for row in ROWS if row[2]]
    for row in rows:
        row[0] = ""
    add_table(paper, [HEADER, *rows])
    for line in paper.tables[0].rows[1:]:
        line.cells[0].paragraphs[0].style = "List Number"
    number = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
    for paragraph in paper.element.body.iter(f"{number}p"):
        style = paragraph.find(f"{number}pPr/{number}pStyle")
        if style is not None and style.get(f"{number}val") == "ListNumber":
            numbering = paragraph.pPr.get_or_add_numPr()
            numbering.get_or_add_ilvl().val = 0
            numbering.get_or_add_numId().val = 1
    paper.save(str(tmp_path / "a.docx"))
    assert len(tasks_of(tmp_path / "a.docx")) == 3


def test_excel_with_title_rows_merged_cells_and_real_days(tmp_path: Path) -> None:
    rows: list[list[object]] = [
        ["UBND TỈNH BẾN TRE"],
        ["DANH MỤC NHIỆM VỤ NĂM 2031"],
        ["(Kèm theo Kế hoạch số 78/KH-UBND ngày 06/01/2031 của UBND tỉnh Bến Tre)"],
    ]
    rows += [list[object](row) for row in [HEADER, *ROWS]]
    rows[5][5] = datetime(2031, 3, 14)
    reading = read_document_file(
        excel(tmp_path / "a.xlsx", rows, merged=["A1:F1", "A2:F2", "A3:F3", "B5:F5", "B8:F8"])
    )
    check_forest(reading)
    assert (reading.plan.plan.number, str(reading.plan.plan.issued_on)) == (
        "78/KH-UBND",
        "2031-01-06",
    )
    assert reading.rows["I.1"] == 6


def test_hidden_columns_are_not_read_and_said(tmp_path: Path) -> None:
    path = excel(
        tmp_path / "a.xlsx", [[*row[:5], "ghi chú kín", row[5]] for row in [HEADER, *ROWS]]
    )
    book = openpyxl.load_workbook(path)
    book.worksheets[0].column_dimensions["F"].hidden = True
    book.save(path)
    reading = read_document_file(path)
    check_forest(reading)
    assert "doubt-hidden-columns" in {doubt.message_id for doubt in reading.doubts}


def test_other_sheets_are_no_tasks(tmp_path: Path) -> None:
    path = excel(tmp_path / "a.xlsx", [HEADER, *ROWS])
    book = openpyxl.load_workbook(path)
    other = book.create_sheet("Dự toán")
    for row in (
        ["TT", "Nội dung", "Đơn vị tính", "Số lượng", "Đơn giá", "Thành tiền"],
        ["1", "Cuốc", "cái", 5, 9, 45],
    ):
        other.append(row)
    book.save(path)
    check_forest(read_document_file(path))


def test_quarters_that_are_ticked_are_the_deadline(tmp_path: Path) -> None:
    rows = [
        ["TT", "Nội dung", "Đơn vị chủ trì", "Thời gian thực hiện năm 2031", "", "", ""],
        ["", "", "", "Quý I", "Quý II", "Quý III", "Quý IV"],
        ["1", "Mở kho", "Sở Y tế", "x", "", "", ""],
        ["2", "Kiểm kho", "Sở Tài chính", "", "x", "x", ""],
    ]
    areas = ["A1:A2", "B1:B2", "C1:C2", "D1:G1"]
    tasks = tasks_of(excel(tmp_path / "kho năm 2031.xlsx", rows, merged=areas))
    assert {key: task.deadline_text for key, task in tasks.items()} == {
        "1": "Quý I/2031",
        "2": "Quý II/2031, Quý III/2031",
    }


def test_a_number_column_may_have_no_name(tmp_path: Path) -> None:
    check_forest(read_document_file(word(tmp_path / "a.docx", [["", *HEADER[1:]], *ROWS])))


def test_numbers_may_stand_in_the_task(tmp_path: Path) -> None:
    rows = [
        ["Nhiệm vụ", "Chủ trì", "Thời hạn"],
        ["1. Mở kho", "Sở Y tế", "Quý I/2031"],
        ["2. Kiểm kho", "Sở Y tế", "Năm 2031"],
    ]
    tasks = tasks_of(word(tmp_path / "a.docx", rows))
    assert {key: task.title for key, task in tasks.items()} == {"1": "Mở kho", "2": "Kiểm kho"}


def test_a_cell_that_shows_a_month_is_a_month(tmp_path: Path) -> None:
    path = excel(tmp_path / "a.xlsx", [HEADER, [*ROWS[1][:5], datetime(2031, 5, 1)]])
    book = openpyxl.load_workbook(path)
    book.worksheets[0]["F2"].number_format = "mm/yyyy"
    book.save(path)
    (time,) = read_document_file(path).plan.tasks[0].milestones
    assert (str(time.first_day), str(time.last_day)) == ("2031-05-01", "2031-05-31")


@pytest.mark.parametrize(
    ("form", "last_day"),
    [
        ('"Trước "dd/mm/yyyy', "2031-05-19"),
        ('"Trước ngày "dd/m/yyyy;@', "2031-05-19"),
        ('[$-42A]"Đến hết "d/m/yyyy', "2031-05-20"),
        ("dd/mm/yyyy", "2031-05-20"),
    ],
)
def test_the_words_that_a_date_is_shown_with_count(
    tmp_path: Path, form: str, last_day: str
) -> None:
    path = excel(tmp_path / "a.xlsx", [HEADER, [*ROWS[1][:5], datetime(2031, 5, 20)]])
    book = openpyxl.load_workbook(path)
    book.worksheets[0]["F2"].number_format = form
    book.save(path)
    (time,) = read_document_file(path).plan.tasks[0].milestones
    assert str(time.last_day) == last_day


def test_hidden_rows_and_numbers_printed_twice_are_doubted(tmp_path: Path) -> None:
    path = excel(tmp_path / "a.xlsx", [HEADER, ROWS[1], ROWS[1]])
    book = openpyxl.load_workbook(path)
    book.worksheets[0].row_dimensions[3].hidden = True
    book.save(path)
    doubts = {
        (doubt.message_id, doubt.key, doubt.row)
        for doubt in read_document_file(path).doubts
        if doubt.key
    }
    assert doubts == {("doubt-number-twice", "1b", 3), ("doubt-hidden-row", "1b", 3)}


def test_what_is_doubtful_is_said(tmp_path: Path) -> None:
    rows = [
        HEADER,
        ["1", "Phát áo phao", "", "", "Áo", "khi trăng tròn"],
        ["2", "Phát đèn", "Đội Lá Xanh", "", "Đèn", "Trước ngày 01/12/2030"],
        ["3", "Phát sổ", "Sở Y tế", "", "Báo cáo gửi trước ngày 20/6/2031", "Trước ngày 01/5/2031"],
        ["4", "Phát bút", "Sở Y tế", "", "Bút", ""],
    ]
    lines = [*HEADING, "Kế hoạch gồm 9 nhiệm vụ."]
    doubts = {
        (doubt.message_id, doubt.key, doubt.column)
        for doubt in read_document_file(word(tmp_path / "a.docx", rows, lines)).doubts
    }
    assert doubts == {
        ("doubt-count", None, None),
        ("doubt-no-lead", "1", "lead"),
        ("doubt-deadline", "1", "deadline"),
        ("doubt-agency-unknown", "2", "lead"),
        ("doubt-past", "2", "deadline"),
        ("doubt-conflict", "3", "requirement"),
        ("doubt-no-deadline", "4", "deadline"),
    }


def test_every_doubt_has_its_sentence(tmp_path: Path) -> None:
    rows = [HEADER, ["1", "Phát đèn", "Đội Lá Xanh", "", "Đèn", "Trước ngày 01/12/2030"]]
    sentences = [
        load_sentences().to_text(doubt.make_sentence())
        for doubt in read_document_file(word(tmp_path / "a.docx", rows)).doubts
    ]
    past = say("doubt-past", day="30/11/2030", issued="05/01/2031")
    assert load_sentences().to_text(past) in sentences


def test_table_under_a_heading_of_what_was_done_is_none_of_tasks(tmp_path: Path) -> None:
    paper = docx.Document()
    for line in HEADING:
        paper.add_paragraph(line)
    paper.add_paragraph("I. KẾT QUẢ THỰC HIỆN NĂM 2030")
    add_table(paper, [HEADER, ["1", "Phát cây dại", "Sở Y tế", "", "Đã phát", ""]])
    paper.add_paragraph("II. NHIỆM VỤ NĂM 2031")
    add_table(paper, [HEADER, *ROWS[1:3]])
    paper.save(str(tmp_path / "a.docx"))
    assert [task.title for task in tasks_of(tmp_path / "a.docx").values()] == [
        "Lập danh sách hộ trồng rừng",
        "Cấp cây giống đợt đầu",
    ]


def test_heading_in_capitals_leads_as_people_write_it(tmp_path: Path) -> None:
    rows = [
        ["STT", "Nhiệm vụ", "Thời gian", "Kết quả"],
        ["I", "UBND CÁC XÃ, PHƯỜNG", "", ""],
        ["1", "Dựng bảng báo cháy", "Quý II/2031", "Bảng"],
    ]
    (task,) = tasks_of(word(tmp_path / "a.docx", rows)).values()
    assert task.lead == ["UBND cấp xã"]


def test_list_of_who_does_what_is_a_table_of_tasks(tmp_path: Path) -> None:
    rows = [
        ["Đơn vị", "Nhiệm vụ được giao"],
        ["Sở Y tế", "Phun thuốc trong tháng 4/2031"],
        ["Công an tỉnh", "Giữ trật tự"],
        ["Sở Tài chính", "Cấp tiền, xong trước 20/3/2031"],
    ]
    tasks = tasks_of(word(tmp_path / "a.docx", rows))
    assert [task.lead for task in tasks.values()] == [
        ["Sở Y tế"],
        ["Công an tỉnh"],
        ["Sở Tài chính"],
    ]
    days = [[str(time.last_day) for time in task.milestones] for task in tasks.values()]
    assert days == [["2031-04-30"], [], ["2031-03-19"]]


def test_bullets_beside_a_body_are_each_a_task(tmp_path: Path) -> None:
    rows = [
        ["Đơn vị", "Nhiệm vụ được giao"],
        ["Sở Y tế", "- Phun thuốc đợt 1: 10/4/2031\n- Phát màn trong tháng 5/2031"],
        ["Công an tỉnh", "- Giữ trật tự"],
    ]
    reading = read_document_file(word(tmp_path / "a.docx", rows))
    tasks = reading.plan.tasks
    assert [(task.title[:9], task.lead) for task in tasks] == [
        ("Phun thuố", ["Sở Y tế"]),
        ("Phát màn ", ["Sở Y tế"]),
        ("Giữ trật ", ["Công an tỉnh"]),
    ]
    days = [[str(time.last_day) for time in task.milestones] for task in tasks]
    assert days == [["2031-04-10"], ["2031-05-31"], []]
    assert reading.plan.unread == []


@pytest.mark.parametrize("note", ["Kinh phí: ngân sách tỉnh", "Ghi chú: làm gọn trong ngày"])
def test_a_row_of_money_or_notes_belongs_to_the_task_above(tmp_path: Path, note: str) -> None:
    rows = [
        ["STT", "Nhiệm vụ", "Chủ trì", "Thời hạn"],
        ["1", "Trồng rừng", "Sở Y tế", "Quý II/2031"],
        ["", note, "", ""],
    ]
    tasks = tasks_of(word(tmp_path / "a.docx", rows))
    assert [(task.title, task.requirement) for task in tasks.values()] == [("Trồng rừng", note)]
