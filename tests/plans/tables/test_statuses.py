"""How work stands in the words of a tracker, and which column of times binds."""

import pytest

from plans.tables.blocks import TableCell, make_table
from plans.tables.columns import find_task_columns
from plans.tables.statuses import read_status


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Đã hoàn thành", "done"),
        ("Xong trước hạn", "done"),
        ("HT", "done"),
        ("HT đúng hạn", "done"),
        ("CHT", "open"),
        ("100%", "done"),
        ("OK", "done"),
        ("Hoàn thành vượt tiến độ", "done"),
        ("Đã nghiệm thu", "done"),
        ("Đã nghiệm thu giai đoạn 1", "in_progress"),
        ("Đã xong 70%", "in_progress"),
        ("Đang soạn thảo", "in_progress"),
        ("Đã trình thẩm định", "in_progress"),
        ("Dự kiến hoàn thành ngày 30/6/2031", "in_progress"),
        ("Chưa hoàn thành", "open"),
        ("Chưa làm", "open"),
        ("Đã hủy", "cancelled"),
        ("Không thực hiện nữa", "cancelled"),
        ("Tạm hoãn theo chỉ đạo", "suspended"),
        ("Hoàn thiện hồ sơ", None),
        ("Bổ sung vốn", None),
    ],
)
def test_a_status_is_read(text: str, kind: str | None) -> None:
    assert read_status(text).kind == kind


def test_a_part_that_is_done_is_not_sure() -> None:
    reading = read_status("Đã hoàn thành dự thảo")
    assert (reading.kind, reading.is_sure) == ("in_progress", False)


@pytest.mark.parametrize(
    ("text", "day", "is_given"),
    [
        ("Xong ngày 05/3/2031", "2031-03-05", True),
        ("Hoàn thành ngày 5 tháng 3 năm 2031", "2031-03-05", True),
        ("Hoàn thành tháng 2/2031", "2031-02-28", False),
        ("Xong trong quý II/2031", "2031-06-30", False),
        ("Hoàn thành ngày 7/4", "2031-04-07", True),
        ("Hoàn thành", None, False),
        ("Hoàn thành (hạn 30/6/2031)", None, False),
        ("Đã hoàn thành trước thời hạn được giao là ngày 30/6/2031", None, False),
        ("Xong trước hạn: tháng 6/2031", None, False),
        ("Hoàn thành (hạn 30/6/2031) ngày 05/6/2031", "2031-06-05", True),
        ("Hoàn thành ngày 05/6/2031, trước hạn 30/6/2031", "2031-06-05", True),
    ],
)
def test_the_day_of_completion_is_read(text: str, day: str | None, is_given: bool) -> None:
    reading = read_status(text, (2031, 2031))
    assert (reading.day and str(reading.day), reading.is_day_given) == (day, is_given)


@pytest.mark.parametrize(
    ("times", "binding"),
    [
        (["Ngày bắt đầu", "Ngày kết thúc"], 1),
        (["Thời gian đề xuất", "Thời hạn"], 1),
        (["Ngày giao", "Hạn xử lý"], 1),
        (["Hạn hoàn thành", "Ngày hoàn thành"], 0),
        (["Thời gian thực hiện", "Thời gian hoàn thành"], 1),
        (["Thời gian dự kiến", "Thời gian thực tế"], 0),
        (["Hạn HT", "Ngày HT"], 0),
        (["Start", "End"], 1),
    ],
)
def test_one_column_of_times_binds(times: list[str], binding: int) -> None:
    header = ["TT", "Nhiệm vụ", "Đơn vị chủ trì", *times]
    row = ["1", "Mở chợ", "Sở Y tế", "05/01/2031", "06/02/2031"]
    table = make_table([[TableCell(text) for text in line] for line in (header, row)])
    columns = find_task_columns(table)
    assert columns is not None
    assert columns.find_columns("deadline") == [3 + binding]
    assert [time.place for time in columns.times] == [4 - binding]


@pytest.mark.parametrize(
    ("text", "kind"),
    [("Done", "done"), ("In progress", "in_progress"), ("Not started", "open")],
)
def test_english_words_of_trackers(text: str, kind: str) -> None:
    assert read_status(text).kind == kind
