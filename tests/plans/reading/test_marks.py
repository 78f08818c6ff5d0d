"""Tables whose columns stand for agencies or times, and tables of figures."""

import pytest

from language.agencies.directory import load_standard_directory
from plans.format import TaskRow
from plans.reading.document import read_document
from plans.tables.blocks import Document, TableCell, TextLine, make_table
from tests.support.papers import HEADING

ABOVE = "Năm 2032"


def read_table(*rows: list[str], merged: tuple[str, ...] = ()) -> list[TaskRow]:
    """Return the tasks of a table.

    A text of `merged` goes on from the cell left of it, what stands twice at the top from above.
    """
    cells = [
        [
            TableCell(
                text,
                merged_left=place > 0 and text in merged and row[place - 1] == text,
                merged_up=line == 1 and rows[0][place] == text,
            )
            for place, text in enumerate(row)
        ]
        for line, row in enumerate(rows)
    ]
    document = Document((*map(TextLine, HEADING), make_table(cells)), "docx")
    return read_document(document, load_standard_directory()).plan.tasks


def list_days(task: TaskRow) -> list[str]:
    return [str(day) for time in task.milestones for day in time.deadlines]


def test_ticked_agencies_lead_and_help() -> None:
    first, second = read_table(
        ["STT", "Nội dung", "Sở Y tế", "Công an tỉnh", "UBND cấp xã", "Thời gian"],
        ["1", "Mở trạm", "X", "", "x", "Quý I/2031"],
        ["2", "Gác rừng", "", "CT", "PH", "Quý II/2031"],
    )
    assert (first.lead, first.partners) == (["Sở Y tế", "UBND cấp xã"], [])
    assert (second.lead, second.partners) == (["Công an tỉnh"], ["UBND cấp xã"])


def test_words_under_a_time_say_what_is_due_then() -> None:
    (task,) = read_table(
        ["TT", "Nhiệm vụ", "Chủ trì", "Quý I/2031", "Quý II/2031", "Quý III/2031"],
        ["1", "Trạm gác suối", "Sở Y tế", "Lập hồ sơ", "-", "Khởi công xây"],
    )
    assert [time.what for time in task.milestones] == ["Lập hồ sơ", "Khởi công xây"]
    assert list_days(task) == ["2031-03-31", "2031-09-30"]


def test_year_above_a_quarter_counts() -> None:
    above = ["TT", "Nhiệm vụ", "Chủ trì", "Năm 2031", "Năm 2031", ABOVE, ABOVE]
    below = ["TT", "Nhiệm vụ", "Chủ trì", "Quý I", "Quý II", "Quý I", "Quý II"]
    order = [f"({place})" for place in range(1, 8)]
    row = ["1", "Mở kho", "Sở Y tế", "", "", "x", ""]
    (task,) = read_table(above, below, order, row, merged=("Năm 2031", ABOVE))
    assert list_days(task) == ["2032-03-31"]


def test_times_under_one_header_all_bind() -> None:
    (task,) = read_table(
        ["TT", "Nội dung", "Chủ trì", "Thời gian trình", "Thời gian trình"],
        ["TT", "Nội dung", "Chủ trì", "UBND tỉnh", "HĐND tỉnh"],
        ["1", "Đề án suối", "Sở Y tế", "Tháng 5/2031", "Tháng 7/2031"],
        merged=("Thời gian trình",),
    )
    assert [time.what for time in task.milestones] == ["UBND tỉnh", "HĐND tỉnh"]
    assert list_days(task) == ["2031-05-31", "2031-07-31"]


def test_stages_under_their_names_all_bind() -> None:
    (task,) = read_table(
        ["TT", "Tên việc", "Phòng phụ trách", "Duyệt hồ sơ", "Chọn thợ", "Khởi công", "Hoàn thành"],
        ["1", "Trạm gác", "Sở Y tế", "05/01/2031", "Tháng 3/2031", "06/4/2031", "07/9/2031"],
    )
    whats = [time.what for time in task.milestones]
    assert whats[:3] == ["Duyệt hồ sơ", "Chọn thợ", "Khởi công"]
    assert list_days(task) == ["2031-01-05", "2031-03-31", "2031-04-06", "2031-09-07"]


def test_one_column_of_times_with_an_unknown_header_is_kept() -> None:
    (task,) = read_table(
        ["TT", "Nội dung", "Chủ trì", "Gửi dự thảo", "Thời hạn"],
        ["1", "Đo rừng", "Sở Y tế", "05/01/2031", "20/7/2031"],
    )
    assert list_days(task) == ["2031-07-20"]
    assert [(time.label, str(time.day)) for time in task.other_times] == [
        ("Gửi dự thảo", "2031-01-05")
    ]


def test_times_whose_headers_begin_alike_bind_together() -> None:
    (task,) = read_table(
        ["TT", "Nội dung", "Chủ trì", "Thời gian trình UBND tỉnh", "Thời gian trình HĐND tỉnh"],
        ["1", "Đề án suối", "Sở Y tế", "Tháng 5/2031", "Tháng 7/2031"],
    )
    assert list_days(task) == ["2031-05-31", "2031-07-31"]


def test_columns_of_times_that_are_coloured_alone_are_told() -> None:
    rows = [["TT", "Nội dung", "Phòng thực hiện", "T1", "T2"], ["1", "Đo rừng", "Sở Y tế", "", ""]]
    table = make_table([[TableCell(text) for text in row] for row in rows])
    document = Document((*map(TextLine, HEADING), table), "docx")
    doubts = read_document(document, load_standard_directory()).doubts
    assert [dict(one.values) for one in doubts if one.message_id == "doubt-empty-times"] == [
        {"first": "Tháng 1", "last": "Tháng 2"}
    ]


def test_a_state_in_unknown_words_counts_as_begun_with_a_doubt() -> None:
    rows = [
        ["STT", "Nhiệm vụ", "Chủ trì", "Hạn", "Tình trạng"],
        ["1", "Mở kho", "Sở Y tế", "10/3/2031", "Xin lùi sang quý sau"],
    ]
    table = make_table([[TableCell(text) for text in row] for row in rows])
    reading = read_document(
        Document((*map(TextLine, HEADING), table), "docx"), load_standard_directory()
    )
    assert reading.plan.tasks[0].status == "in_progress"
    assert "doubt-status" in {doubt.message_id for doubt in reading.doubts}


def test_from_and_to_are_begin_and_end() -> None:
    (task,) = read_table(
        ["TT", "Nội dung", "Chủ trì", "Thời gian", "Thời gian"],
        ["TT", "Nội dung", "Chủ trì", "Từ", "Đến"],
        ["1", "Đo rừng", "Sở Y tế", "01/5/2031", "20/7/2031"],
        merged=("Thời gian",),
    )
    assert list_days(task) == ["2031-07-20"]


def test_before_in_the_header_is_exclusive() -> None:
    (task,) = read_table(
        ["TT", "Nội dung", "Đơn vị thực hiện", "Hoàn thành trước"],
        ["1", "Tu sửa đê bao", "Sở Y tế", "30/4/2031"],
    )
    assert list_days(task) == ["2031-04-29"]


def test_units_and_figures_are_no_tasks() -> None:
    tasks = [["STT", "Việc", "Chủ trì", "Thời gian"], ["1", "Đo rừng", "Sở Y tế", "Quý I/2031"]]
    assert len(read_table(*tasks)) == 1
    costs = make_table(
        [
            [TableCell(text) for text in row]
            for row in (
                ["STT", "Nội dung chi", "Đơn vị", "Số lượng", "Thành tiền"],
                ["1", "Que thử", "Cái", "500", "150"],
                ["2", "In tờ rơi", "Tờ", "200", "40"],
            )
        ]
    )
    aims = make_table(
        [
            [TableCell(text) for text in row]
            for row in (
                ["TT", "Chỉ tiêu", "Đơn vị tính", "Thực hiện 2030", "Kế hoạch 2031"],
                ["1", "Tỷ lệ che phủ", "%", "61", "62,5"],
            )
        ]
    )
    plan = make_table([[TableCell(text) for text in row] for row in tasks])
    document = Document((*map(TextLine, HEADING), plan, costs, aims), "docx")
    assert len(read_document(document, load_standard_directory()).plan.tasks) == 1


def test_headings_of_bodies_lead_where_no_column_does() -> None:
    body = ["II", "CÔNG AN XÃ", "CÔNG AN XÃ", "CÔNG AN XÃ"]
    tasks = read_table(
        ["STT", "Nhiệm vụ", "Thời gian hoàn thành", "Kết quả"],
        ["I", "PHÒNG Y TẾ", "PHÒNG Y TẾ", "PHÒNG Y TẾ"],
        ["1", "Khám mắt", "Quý I/2031", "Báo cáo"],
        body,
        ["1", "Tập chữa cháy", "Quý III/2031", "Kế hoạch"],
        merged=("PHÒNG Y TẾ", "CÔNG AN XÃ"),
    )
    assert [bool(task.lead) for task in tasks] == [True, True]


def test_signature_under_a_table_is_no_task() -> None:
    (task,) = read_table(
        ["STT", "Nội dung", "Chủ trì", "Thời gian"],
        ["1", "Xây nhà", "Sở Y tế", "Quý I/2031"],
        ["", "Người lập biểu", "", "Thủ trưởng đơn vị"],
    )
    assert task.title == "Xây nhà"


def test_who_signs_below_place_and_day_is_no_task() -> None:
    tasks = read_table(
        ["STT", "Nhiệm vụ", "Chủ trì", "Hạn"],
        ["1", "Mở kho", "Sở Y tế", "10/3/2031"],
        ["", "", "Bến Tre, ngày 02 tháng 01 năm 2031", ""],
        ["", "Trần Văn Năm", "Lê Thị Sáu", ""],
    )
    assert [task.title for task in tasks] == ["Mở kho"]


def test_months_by_their_letter_are_ticked() -> None:
    row = ["1", "Kiểm tra kho", "Sở Y tế", "", "x", "x"]
    (task,) = read_table(["STT", "Nội dung", "Đơn vị thực hiện", "T1", "T3", "T6"], row)
    assert list_days(task) == ["2031-03-31", "2031-06-30"]


def test_days_of_a_column_with_the_month_first_are_doubted() -> None:
    tasks = read_table(
        ["STT", "Nội dung", "Chủ trì", "Hạn"],
        ["1", "Sửa cầu", "Sở Y tế", "03/25/2031"],
        ["2", "Sửa kè", "Sở Y tế", "04/05/2031"],
    )
    assert [[bool(time.doubt) for time in task.milestones] for task in tasks] == [[True], [True]]


def test_numbers_under_a_month_are_months() -> None:
    (task,) = read_table(
        ["STT", "Nội dung", "Cơ quan chủ trì", "Tháng thực hiện", "Tháng thực hiện"],
        ["STT", "Nội dung", "Cơ quan chủ trì", "3", "4"],
        ["1", "Mở trạm", "Sở Y tế", "x", ""],
        merged=("Tháng thực hiện",),
    )
    assert list_days(task) == ["2031-03-31"]


def test_a_month_over_rows_is_their_deadline() -> None:
    tasks = read_table(
        ["STT", "Nội dung", "Cơ quan chủ trì", "Ghi chú"],
        ["I", "THÁNG 3", "", ""],
        ["1", "Mở trạm", "Sở Y tế", ""],
        ["II", "Việc khác", "", ""],
        ["1", "Gác rừng", "Sở Y tế", ""],
    )
    assert [list_days(task) for task in tasks] == [["2031-03-31"], []]


def test_a_bracket_in_a_heading_says_who_leads() -> None:
    (task,) = read_table(
        ["STT", "Nhiệm vụ", "Thời gian", "Kết quả"],
        ["A", "Chăm rừng (Sở Y tế chủ trì)", "", ""],
        ["1", "Mở trạm", "Quý II/2031", "Trạm"],
    )
    assert task.lead == ["Sở Y tế"]


def test_persons_in_charge_lead_where_nobody_else_does() -> None:
    (task,) = read_table(
        ["Tháng", "Nội dung", "Người phụ trách"],
        ["3/2031", "Kiểm tra thư viện", "Tổ Văn phòng"],
    )
    assert (task.lead, list_days(task)) == (["Tổ Văn phòng"], ["2031-03-31"])


def test_one_column_of_both_ends_binds() -> None:
    (task,) = read_table(
        ["STT", "Nội dung", "Thời gian bắt đầu - kết thúc", "Cơ quan thực hiện"],
        ["1", "Mở trạm", "3/2031 - 6/2031", "Sở Y tế"],
    )
    assert list_days(task) == ["2031-06-30"]


def test_a_unit_in_the_header_is_put_before_a_bare_number() -> None:
    (task,) = read_table(
        ["Quý", "Nội dung", "Phòng chủ trì"],
        ["II", "Kiểm tra thư viện", "Phòng Kiểm tra"],
    )
    assert list_days(task) == ["2031-06-30"]


def test_figures_beside_ticks_are_due_in_their_year() -> None:
    tasks = read_table(
        ["STT", "Nội dung", "Cơ quan chủ trì", "Quý I", "Quý II"],
        ["1", "Trồng cây (ha)", "Sở Y tế", "50", "70"],
        ["2", "Mở trạm", "Sở Y tế", "", "x"],
    )
    assert [list_days(task) for task in tasks] == [
        ["2031-03-31", "2031-06-30"],
        ["2031-06-30"],
    ]


def test_both_ends_in_one_column_bind() -> None:
    (task,) = read_table(
        ["Tuần", "Từ ngày - đến ngày", "Nội dung công tác", "Phụ trách"],
        ["2", "05/10 - 11/10", "Mở trạm", "Sở Y tế"],
    )
    assert list_days(task) == ["2031-10-11"]


def test_a_sum_before_a_colon_is_no_task() -> None:
    (task,) = read_table(
        ["TT", "Việc", "Người làm", "Hạn"],
        ["1", "Mở trạm", "Trạm Cây xanh", "5/3/2031"],
        ["", "Cộng: 1 việc", "", ""],
    )
    assert task.lead == ["Trạm Cây xanh"]


@pytest.mark.parametrize(
    ("above", "below"), [("Tháng", "2"), ("Tháng thực hiện", "02"), ("Quý", "III")]
)
def test_bare_numbers_under_a_merged_unit_are_ticked(above: str, below: str) -> None:
    (task,) = read_table(
        ["TT", "Nội dung", "Bộ phận", above, above, above],
        ["TT", "Nội dung", "Bộ phận", "1", below, "4"],
        ["1", "Cân thóc giống", "Tổ kho", "", "x", ""],
        merged=(above,),
    )
    assert list_days(task) == ["2031-09-30" if above == "Quý" else "2031-02-28"]


def test_several_numbers_under_a_month_are_months() -> None:
    tasks = read_table(
        ["TT", "Nội dung", "Bộ phận", "Tháng"],
        ["1", "Cân thóc giống", "Tổ kho", "2, 8"],
        ["2", "Phơi thóc", "Tổ kho", "5 và 11"],
    )
    assert [list_days(task)[-1] for task in tasks] == ["2031-08-31", "2031-11-30"]


@pytest.mark.parametrize(
    ("above", "done"),
    [("Tình hình thực hiện", "Hoàn thành"), ("Đã hoàn thành", "Đúng hạn"), ("Xong", "Xong")],
)
def test_ticked_states_say_how_work_stands(above: str, done: str) -> None:
    header = ["TT", "Việc", "Bộ phận", "Thời hạn", above, "Đang thực hiện", "Chưa thực hiện"]
    below = [*header[:4], done, *header[5:]]
    tasks = read_table(
        header,
        below,
        ["1", "Cân thóc giống", "Tổ kho", "30/4/2031", "x", "", ""],
        ["2", "Phơi thóc", "Tổ kho", "30/5/2031", "", "X", ""],
        ["3", "Xay thóc", "Tổ kho", "30/6/2031", "", "", "x"],
    )
    assert [(str(task.done_on or ""), task.status) for task in tasks] == [
        ("2031-04-30", None),
        ("", "in_progress"),
        ("", None),
    ]
    assert [list_days(task) for task in tasks] == [["2031-04-30"], ["2031-05-30"], ["2031-06-30"]]


@pytest.mark.parametrize("header", ["% hoàn thành", "Tỷ lệ hoàn thành"])
def test_bare_numbers_under_a_share_are_shares(header: str) -> None:
    tasks = read_table(
        ["TT", "Việc", "Bộ phận", "Hạn", header],
        ["1", "Cân thóc giống", "Tổ kho", "30/4/2031", "100"],
        ["2", "Phơi thóc", "Tổ kho", "30/5/2031", "45"],
    )
    assert [(str(task.done_on), task.status) for task in tasks] == [
        ("2031-04-30", None),
        ("None", "in_progress"),
    ]


def test_agencies_under_a_merged_header_lead_and_help() -> None:
    above = "Phân công"
    tasks = read_table(
        ["TT", "Công việc", above, above, above, "Thời hạn"],
        ["TT", "Công việc", "Sở Y tế", "Công an tỉnh", "UBND cấp xã", "Thời hạn"],
        ["1", "Xem bếp ăn", "CT", "PH", "", "30/4/2031"],
        ["2", "Gác chợ", "", "PH", "CT", "30/5/2031"],
        merged=(above,),
    )
    assert [(task.lead, task.partners) for task in tasks] == [
        (["Sở Y tế"], ["Công an tỉnh"]),
        (["UBND cấp xã"], ["Công an tỉnh"]),
    ]


def test_figures_beside_a_heading_make_no_task() -> None:
    header = ["TT", "Hoạt động", "Bộ phận", "Thời gian", "Kinh phí", "Trong đó"]
    tasks = read_table(
        header,
        ["A", "Đường vào kho", "", "", "1.200", "700"],
        ["1", "Rải đá", "Tổ kho", "Tháng 3/2031", "1.200", "700"],
        ["B", "Nước ở kho", "", "", "90,5", "10"],
        ["1", "Đào giếng", "Tổ kho", "Tháng 5/2031", "90,5", "10"],
    )
    assert [(task.key, task.section) for task in tasks] == [
        ("A.1", "Đường vào kho"),
        ("B.1", "Nước ở kho"),
    ]


@pytest.mark.parametrize("word", ["Thường xuyên", "Theo quy định"])
def test_words_under_the_beginning_are_the_time(word: str) -> None:
    (task,) = read_table(
        ["TT", "Việc", "Bộ phận", "Bắt đầu", "Kết thúc"], ["1", "Đuổi chim", "Tổ kho", word, ""]
    )
    assert task.deadline_text == word


def test_units_beside_columns_of_figures_are_no_agencies() -> None:
    rows = ["STT", "Việc", "Chủ trì", "Thời gian"], ["1", "Đo kho", "Tổ kho", "Quý I/2031"]
    last_year = [
        ["STT", "Chỉ tiêu", "Đơn vị", "Kế hoạch", "Thực hiện"],
        ["1", "Kho xây mới", "Kho", "12", "14"],
        ["2", "Thóc nhập", "Tấn", "700", "655"],
    ]
    tables = [
        make_table([[TableCell(text) for text in row] for row in one]) for one in (rows, last_year)
    ]
    document = Document((*map(TextLine, HEADING), *tables), "docx")
    assert len(read_document(document, load_standard_directory()).plan.tasks) == 1


def test_title_above_a_table_is_no_deadline() -> None:
    rows = ["Thời gian", "Nội dung", "Bộ phận"], ["16/3/2031", "Trực kho", "Tổ kho"]
    table = make_table([[TableCell(text) for text in row] for row in rows])
    lines = [*HEADING[:4], "PHỤ LỤC", "Lịch trực kho tháng 3 năm 2031"]
    document = Document((*map(TextLine, lines), table), "docx")
    plan = read_document(document, load_standard_directory()).plan
    assert (plan.plan_milestones, len(plan.tasks)) == ([], 1)


@pytest.mark.parametrize("header", ["Thứ, ngày", "Ngày, tháng"])
def test_days_of_a_weekly_schedule_are_times(header: str) -> None:
    (task,) = read_table(
        [header, "Buổi", "Nội dung", "Chủ trì"], ["17/3/2031", "Sáng", "Xem kho thóc", "Tổ kho"]
    )
    assert list_days(task) == ["2031-03-17"]


def test_the_owner_of_a_building_site_leads() -> None:
    (task,) = read_table(
        ["TT", "Tên dự án", "Chủ đầu tư", "Khởi công", "Hoàn thành"],
        ["1", "Kho lạnh", "Ban Quản lý dự án kho", "3/2031", "9/2031"],
    )
    assert (task.lead, list_days(task)) == (["Ban Quản lý dự án kho"], ["2031-09-30"])
