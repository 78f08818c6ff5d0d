"""Times in the middle of a sentence, and those that are none."""

from datetime import date

import pytest

from language.agencies.directory import load_standard_directory
from plans.reading.narrative.sentence_times import (
    find_doubtful_time,
    find_unread_time,
    read_intervals,
    read_times,
)
from plans.reading.row_task import PlanContext

CONTEXT = PlanContext(load_standard_directory(), (2031, 2031), date(2031, 1, 5))


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("Ra quân ngày 19/5/2031.", ["2031-05-19"]),
        ("Trao cây đợt 1 quý II/2031, đợt 2 tháng 11/2031.", ["2031-06-30", "2031-11-30"]),
        ("Hằng năm (trước ngày 15 tháng 12) báo cáo kết quả.", ["2031-12-14"]),
        ("Quý II/2031 mở hội thi, tổng kết trước ngày 5/12/2031.", ["2031-06-30", "2031-12-04"]),
        ("Kiểm tra từ ngày 03/02/2031 đến ngày 10/02/2031 tại rừng.", ["2031-02-10"]),
        ("Theo Quyết định số 7/QĐ-UBND ngày 03/4/2029 của UBND tỉnh.", []),
        ("Nghị định số 20/2028/NĐ-CP ngày 28 tháng 12 năm 2028 của Chính phủ.", []),
        ("Phấn đấu đến năm 2035 đạt 100%.", []),
        ("Đề án giai đoạn 2031-2035.", []),
        ("Mở lớp dạy bơi trong tháng 6, 7/2031.", ["2031-07-31"]),
        ("Mở lớp trong tháng 6 và tháng 7.", ["2031-07-31"]),
        ("Đo vòng thân cây trong quý II, III/2031.", ["2031-09-30"]),
        ("Tuần tra giữa quý II/2031.", ["2031-05-31"]),
        ("Trồng xong ô mẫu đến cuối năm.", ["2031-12-31"]),
        ("Rà soát ô mẫu trước khi kết thúc năm 2031.", ["2031-12-31"]),
        ("Từ nay đến hết năm tuần tra rừng.", ["2031-12-31"]),
        ("6 tháng đầu năm đo xong ô mẫu.", ["2031-06-30"]),
        ("Ôn bài đến hết năm học.", []),
        ("Tuần tra trong tuần 1 tháng 4/2031.", ["2031-04-07"]),
        ("Mở hội thi ngày 15 và 16 tháng 3 năm 2031.", ["2031-03-16"]),
        ("Gác rừng từ tháng 11/2031 - 02/2032.", ["2032-02-29"]),
        ("Nộp sổ ngày 20/3, 20/6, 20/9.", ["2031-03-20", "2031-06-20", "2031-09-20"]),
        ("Nộp sổ trước ngày 05 các tháng 4, 7, 10.", ["2031-04-04", "2031-07-04", "2031-10-04"]),
        ("Cấp cây trong tháng 6/2031, 12 xã nhận trước.", ["2031-06-30"]),
        ("Nộp sổ năm (trước ngày 15 tháng 12) và giữ sổ.", ["2031-12-14"]),
        ("Mở khóa 3 trong tháng 6/2031.", ["2031-06-30"]),
        ("Nộp đơn muộn nhất là cuối tháng 8.", ["2031-08-31"]),
        ("Trồng cây từ nay đến 30/6/2031.", ["2031-06-30"]),
        ("Xem các điểm ngập, nêu cách làm - hạn 15/7/2031", ["2031-07-15"]),
        ("Nộp sổ trướ c ngày 30/4/2031.", ["2031-04-29"]),
        ("Nhập sổ cây năm 2011-2020, xong trước ngày 15/1 2/2031.", ["2031-12-14"]),
        ("Trồng 20 ha, hoàn thành 30/9/2031.", ["2031-09-30"]),
        ("Nộp sổ trước thời điểm 01 tháng 7 năm 2031.", ["2031-06-30"]),
        ("Họp tổ trong tuần thứ hai của tháng 4.", ["2031-04-14"]),
        ("Tiêm đợt 1 tháng 3-4, đợt 2 tháng 9-10 năm 2031.", ["2031-04-30", "2031-10-31"]),
        ("Ươm cây chậm nhất ngày hai mươi tám tháng hai.", ["2031-02-28"]),
        ("Nộp sổ xong ba mươi tháng sáu năm 2031.", ["2031-06-30"]),
        ("Gác rừng cao điểm đến hết 28/02/2031.", ["2031-02-28"]),
        ("Nộp ngày 20/3, trước 8h và ngày 15/6, trước 17h.", ["2031-03-20", "2031-06-15"]),
    ],
)
def test_times_in_a_sentence(text: str, days: list[str]) -> None:
    found = [str(day) for time in read_times(text, CONTEXT)[1] for day in time.deadlines]
    assert found == days


@pytest.mark.parametrize(
    ("text", "every"),
    [
        ("Đôn đốc các xã hằng tháng.", ["month"]),
        ("Báo cáo 02 lần/tháng (ngày 10 và ngày 25).", ["month", "month"]),
        ("Giao ban vào thứ Hai hằng tuần.", ["week"]),
        ("Rà soát hộ trồng rừng hằng năm.", ["year"]),
        ("Mức vốn đối ứng hằng năm.", []),
        ("Lập dự toán hằng năm theo Luật.", []),
    ],
)
def test_intervals_in_a_sentence(text: str, every: list[str]) -> None:
    assert [time.every for time in read_intervals(text, CONTEXT)[1]] == every


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("Nộp số cây hằng tháng (ngày 28).", 28),
        ("Nộp số cây ngày 15 hằng tháng.", 15),
        ("Nộp số cây ngày 15 mỗi tháng.", 15),
    ],
)
def test_day_beside_an_interval_belongs_to_it(text: str, day: int) -> None:
    times = read_times(text, CONTEXT)[1] or read_intervals(text, CONTEXT)[1]
    assert {one.day for time in times for one in time.deadlines} == {day}


def test_time_that_was_not_read_is_told() -> None:
    assert find_unread_time("Tuần tra tháng 3 và tháng 9.") is not None
    assert find_unread_time("Theo Công văn số 7/UBND ngày 3/4/2030 của UBND tỉnh.") is None


@pytest.mark.parametrize(
    "text",
    [
        "Đầu năm 2031 mở lớp tập huấn.",
        "Trồng bù trước Tết Nguyên đán.",
        "Đốt dọn thực bì trong mùa khô.",
        "Cuối năm bình xét tổ giữ rừng.",
        "Trong 02 năm 2031-2032 trồng 500 ha.",
    ],
)
def test_loose_times_are_told(text: str) -> None:
    assert read_times(text, CONTEXT) == (None, [])
    assert find_unread_time(text) or find_doubtful_time(text, CONTEXT)


def test_impossible_day_is_told() -> None:
    found = find_doubtful_time("Nộp hồ sơ trước ngày 31/6/2031.", CONTEXT)
    assert found is not None
    assert found[0] == "trước ngày 31/6/2031"


@pytest.mark.parametrize("text", ["Trồng bù ngay sau khi có mưa.", "Chia vốn ngay khi được giao."])
def test_what_follows_an_event_at_once_is_relative(text: str) -> None:
    (time,) = read_times(text, CONTEXT)[1]
    assert (time.kind, time.days) == ("relative", 0)


@pytest.mark.parametrize("event", ["Luật Phòng, chống rửa tiền có hiệu lực", "có mưa"])
def test_comma_of_a_law_is_part_of_the_event(event: str) -> None:
    (time,) = read_times(f"Tập huấn ngay sau khi {event}, không chờ.", CONTEXT)[1]
    assert time.after == event


def test_what_follows_an_event_is_told() -> None:
    assert find_unread_time("Đo đạc, hoàn thành sau khi được giao đất.") is not None


@pytest.mark.parametrize(
    "text",
    [
        "Cúng rừng vào ngày 15/3 và 15/9 âm lịch.",
        "Cúng rừng ngày 10/3 âm lịch.",
        "Cúng rừng trước ngày 10/3/2031 (âm lịch).",
    ],
)
def test_lunar_days_in_a_sentence_are_told(text: str) -> None:
    assert read_times(text, CONTEXT) == (None, [])
    assert find_doubtful_time(text, CONTEXT) is not None


@pytest.mark.parametrize(
    "text", ["Họp tổ thứ Hai, ngày 20/5/2031.", "Họp tổ ngày 20/5/2031 (thứ Hai)."]
)
def test_weekday_that_contradicts_a_day_in_a_sentence_is_told(text: str) -> None:
    assert find_doubtful_time(text, CONTEXT) is not None


def test_terms_and_intervals_in_words_are_read() -> None:
    assert read_times("Nộp trong ba tháng, kể từ ngày ký.", CONTEXT)[1][0].months == 3
    assert len(read_intervals("Đo cây ba tháng một lần.", CONTEXT)[1][0].deadlines) == 4
