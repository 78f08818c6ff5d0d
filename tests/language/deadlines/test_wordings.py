"""Wordings of deadlines by the kind of difficulty, each with what it means.

The rules are docs/dev/deadlines.md; test_cell.py has the plain forms.
"""

import pytest

from language.deadlines import read_deadline_cell
from tests.support.milestones import ISSUED_ON, short

NUMBERS_IN_WORDS_ARE_WHOLE = [
    ("hai mươi lăm (25) ngày kể từ ngày ký hợp đồng", ["relative 25 days"]),
    ("sáu mươi ngày kể từ ngày nhận đủ hồ sơ", ["relative 60 days"]),
    ("trong bốn mươi lăm ngày làm việc kể từ khi thụ lý", ["relative 45 days working"]),
    ("một trăm hai mươi ngày kể từ ngày khởi công", ["relative 120 days"]),
    ("trong thời hạn ba mươi mốt ngày kể từ ngày nghiệm thu", ["relative 31 days"]),
    ("chậm nhất mười tám tháng kể từ ngày phê duyệt", ["relative 18 months"]),
    ("năm (05) ngày làm việc kể từ ngày nhận văn bản", ["relative 5 days working"]),
    ("15 (mười lăm) ngày kể từ ngày họp", ["relative 15 days"]),
    ("ngày hai mươi tám tháng mười năm 2026", ["date 2026-10-28"]),
    ("trước ngày ba mươi tháng tư", ["date 2026-04-29"]),
    ("chín mươi ngày kể từ ngày bàn giao", ["relative 90 days"]),
    ("trong tháng hai (02)", ["period 2026-02-01..2026-02-28"]),
]


@pytest.mark.parametrize(("text", "expected"), NUMBERS_IN_WORDS_ARE_WHOLE)
def test_numbers_in_words_are_whole(text: str, expected: list[str]) -> None:
    assert short(text) == expected


TRACKERS_WRITE_SHORT_MONTHS_AND_QUARTERS = [
    ("hết T12", ["date 2026-12-31"]),
    ("xong trước T8", ["date 2026-07-31"]),
    ("trong tuần 2/T7", ["period 2026-07-08..2026-07-14"]),
    ("T9 - T12/2026", ["period 2026-09-01..2026-12-31"]),
    ("T3", ["period 2026-03-01..2026-03-31"]),
    ("cuối T9", ["period 2026-09-21..2026-09-30"]),
    ("đầu Q4", ["period 2026-10-01..2026-10-31"]),
    ("Q3", ["period 2026-07-01..2026-09-30"]),
    ("quý IV.2026", ["period 2026-10-01..2026-12-31"]),
    ("từ T4 đến hết T10", ["period 2026-04-01..2026-10-31"]),
    ("T10/2026 → hết T12/2027", ["period 2026-10-01..2027-12-31"]),
    ("cuối quý III", ["period 2026-09-01..2026-09-30"]),
    ("trước cuối quý III", ["date 2026-09-29"]),
    ("chậm nhất cuối quý II", ["date 2026-06-30"]),
    ("9 tháng cuối năm", ["period 2026-04-01..2026-12-31"]),
    (
        "06 tháng đầu năm và 06 tháng cuối năm",
        ["period 2026-01-01..2026-06-30", "period 2026-07-01..2026-12-31"],
    ),
    ("20 hàng tháng", ["every month 2026-01-20..2026-12-20 x12"]),
    ("5/8/2026-10/8/2026", ["period 2026-08-05..2026-08-10"]),
]


@pytest.mark.parametrize(("text", "expected"), TRACKERS_WRITE_SHORT_MONTHS_AND_QUARTERS)
def test_trackers_write_short_months_and_quarters(text: str, expected: list[str]) -> None:
    assert short(text) == expected


NAMES_OF_REPORTS_ARE_NO_DEADLINES = [
    ("báo cáo hằng năm trước ngày 15/12 hằng năm", ["every year 2026-12-14..2026-12-14 x1"]),
    ("gửi báo cáo định kỳ 6 tháng đầu năm trước ngày 18/6", ["date 2026-06-17"]),
    (
        "báo cáo định kỳ 6 tháng cuối năm chậm nhất ngày 10/12 hằng năm",
        ["every year 2026-12-10..2026-12-10 x1"],
    ),
    (
        "báo cáo định kỳ hằng quý trước ngày 20 tháng cuối quý",
        ["every quarter 2026-03-19..2026-12-19 x4"],
    ),
    (
        "theo quý nộp chậm nhất ngày cuối tháng đầu quý sau",
        ["every quarter 2026-04-30..2027-01-31 x4"],
    ),
    ("hạn nộp báo cáo lao động cuối năm 2026 là trước ngày 10/12/2026", ["date 2026-12-09"]),
    (
        "định kỳ quý. Hạn nộp: ngày 12 tháng đầu quý sau",
        ["every quarter 2026-04-12..2027-01-12 x4"],
    ),
    (
        "ngày 10 của tháng sau đối với đơn vị kê khai theo tháng",
        ["every month 2026-02-10..2027-01-10 x12"],
    ),
    (
        "báo cáo tháng 12 hằng năm, chốt số liệu đến ngày 31/12",
        ["every year 2026-12-31..2026-12-31 x1"],
    ),
    (
        "02 lần/năm vào tháng 5 và tháng 11",
        ["period 2026-05-01..2026-05-31", "period 2026-11-01..2026-11-30"],
    ),
    ("giáo dục thường xuyên: trước ngày 20/11/2026", ["date 2026-11-19"]),
    (
        "Khai theo từng lần phát sinh: nộp chậm nhất ngày thứ 8 kể từ ngày ký hợp đồng",
        ["relative 8 days"],
    ),
]


@pytest.mark.parametrize(("text", "expected"), NAMES_OF_REPORTS_ARE_NO_DEADLINES)
def test_names_of_reports_are_no_deadlines(text: str, expected: list[str]) -> None:
    assert short(text) == expected


EVERY_CLAUSE_COUNTS = [
    (
        "trước ngày 10/11 hằng năm (hoặc đột xuất khi có yêu cầu)",
        ["every year 2026-11-09..2026-11-09 x1", "regulation"],
    ),
    (
        "ngày 05 hằng tháng và báo cáo đột xuất khi xảy ra sự cố",
        ["every month 2026-01-05..2026-12-05 x12", "regulation"],
    ),
    (
        "ngay sau khi được giao và định kỳ 06 tháng",
        ["relative 0 days", "every half-year 2026-06-30..2026-12-31 x2"],
    ),
    (
        "theo kế hoạch của tỉnh, tổng hợp kết quả trong quý II/2026",
        ["period 2026-04-01..2026-06-30"],
    ),
    ("dự kiến ngày 05/5/2026 (chậm nhất ngày 10/5/2026)", ["date 2026-05-05", "date 2026-05-10"]),
    (
        "hằng tháng (trước ngày 12 hằng tháng), 6 tháng (trước ngày 12/6), "
        "năm (trước ngày 05/12 hằng năm)",
        [
            "every month 2026-01-11..2026-12-11 x12",
            "date 2026-06-11",
            "every year 2026-12-04..2026-12-04 x1",
        ],
    ),
    (
        "bắt đầu từ 8h00 ngày 09/3/2026, kết thúc trước 17h00 ngày 20/3/2026",
        ["ongoing 2026-03-09", "date 2026-03-20"],
    ),
    (
        "bắt đầu từ ngày 02/3 và hoàn thành trước 30/6/2026",
        ["ongoing 2026-03-02", "date 2026-06-29"],
    ),
    (
        "Từ 06/4/2026 - 31/7/2026, báo cáo thứ 5 hằng tuần",
        ["every week 2026-04-09..2026-07-30 x17"],
    ),
    (
        "3 tháng một lần, khi cần họp bất thường",
        ["every quarter 2026-03-31..2026-12-31 x4", "regulation"],
    ),
    (
        "ngay trong ngày nhận hồ sơ hoặc chậm nhất là ngày làm việc tiếp theo",
        ["relative 0 days", "relative 1 days working"],
    ),
    ("thứ Bảy hoặc Chủ nhật hằng tuần", ["every week 2026-01-11..2026-12-27 x51"]),
    ("Hằng tuần, gửi báo cáo trước 16h thứ Sáu", ["every week 2026-01-09..2026-12-25 x51"]),
    (
        "Hằng tuần, họp giao ban vào thứ Hai và thứ Năm",
        ["every week 2026-01-05..2026-12-28 x52", "every week 2026-01-08..2026-12-31 x52"],
    ),
    (
        "Thứ 2, 4 và 6 hằng tuần",
        [
            "every week 2026-01-05..2026-12-28 x52",
            "every week 2026-01-07..2026-12-30 x52",
            "every week 2026-01-09..2026-12-25 x51",
        ],
    ),
    (
        "Trước 15h thứ 2; 4 hằng tuần",
        ["every week 2026-01-05..2026-12-28 x52", "every week 2026-01-07..2026-12-30 x52"],
    ),
    (
        "thứ Hai; thứ Tư hằng tuần",
        ["every week 2026-01-05..2026-12-28 x52", "every week 2026-01-07..2026-12-30 x52"],
    ),
    ("Thứ 6 hoặc 7 hằng tuần", ["every week 2026-01-10..2026-12-26 x51"]),
    (
        "Hằng tuần (trước 16h thứ 3, 5)",
        ["every week 2026-01-06..2026-12-29 x52", "every week 2026-01-08..2026-12-31 x52"],
    ),
    ("Hằng tuần (trước thứ Sáu)", ["every week 2026-01-08..2026-12-24 x51"]),
    ("chỉ đạo thường xuyên, hằng năm", ["ongoing"]),
    (
        "Hàng quý, trước ngày 15/3",
        ["every quarter 2026-03-31..2026-12-31 x4", "date 2026-03-14"],
    ),
    (
        "Hằng tháng, trước 15/3, 15/6",
        ["every month 2026-01-31..2026-12-31 x12", "date 2026-03-14", "date 2026-06-14"],
    ),
]


@pytest.mark.parametrize(("text", "expected"), EVERY_CLAUSE_COUNTS)
def test_every_clause_counts(text: str, expected: list[str]) -> None:
    assert short(text) == expected


STARTS_ARE_NO_LAST_DAYS = [
    ("áp dụng từ ngày 01 tháng 01 của năm tiếp theo", ["ongoing 2027-01-01"]),
    ("sớm nhất từ ngày 01/7/2026", ["ongoing 2026-07-01"]),
    ("bắt đầu từ tháng 9/2026", ["ongoing 2026-09-01"]),
    ("từ tháng 3/2026 đến khi hoàn thành", ["ongoing 2026-03-01"]),
]


@pytest.mark.parametrize(("text", "expected"), STARTS_ARE_NO_LAST_DAYS)
def test_starts_are_no_last_days(text: str, expected: list[str]) -> None:
    assert short(text) == expected


WORKING_DAYS_AND_WEEKS_OF_A_MONTH = [
    ("ngày làm việc thứ 3 của tháng", ["every month 2026-01-07..2026-12-03 x12"]),
    ("02 ngày làm việc đầu tiên của tháng tiếp theo", ["every month 2026-02-03..2027-01-05 x12"]),
    ("ngày làm việc cuối cùng của quý", ["every quarter 2026-03-31..2026-12-31 x4"]),
    ("ngày làm việc cuối cùng của tuần", ["every week 2026-01-09..2026-12-25 x51"]),
    (
        "trong 02 ngày làm việc đầu tiên của tuần tiếp theo",
        ["every week 2026-01-06..2026-12-29 x52"],
    ),
    (
        "trong 09 ngày làm việc đầu tiên của tuần",
        ["every week 2026-01-11..2026-12-27 x51"],
    ),
    ("thứ Sáu tuần thứ ba hằng tháng", ["every month 2026-01-16..2026-12-18 x12"]),
    ("thứ Hai tuần đầu tiên của tháng", ["every month 2026-01-05..2026-12-07 x12"]),
    ("mỗi tháng một lần vào tuần đầu của tháng", ["every month 2026-01-07..2026-12-07 x12"]),
    ("tuần cuối hằng tháng", ["every month 2026-01-31..2026-12-31 x12"]),
    ("ngày đầu tiên của quý", ["every quarter 2026-04-01..2026-10-01 x3"]),
    ("10 ngày (không tính ngày nghỉ) kể từ ngày nhận đơn", ["relative 10 days working"]),
    ("trước 10 ngày làm việc, kể từ ngày 15/6/2026", ["relative -10 days working"]),
    ("15-30 ngày kể từ ngày nhận hồ sơ", ["relative 30 days"]),
    ("trong 24 giờ đầu kể từ khi phát hiện", ["relative 1 days"]),
    (
        "trước ngày cuối cùng của tháng hai (02) của năm sau liền kề",
        ["every year 2027-02-27..2027-02-27 x1"],
    ),
    ("trước ngày 31/10 của năm cuối kỳ kế hoạch", ["date 2026-10-30"]),
]


@pytest.mark.parametrize(("text", "expected"), WORKING_DAYS_AND_WEEKS_OF_A_MONTH)
def test_working_days_and_weeks_of_a_month(text: str, expected: list[str]) -> None:
    assert short(text) == expected


WHAT_NOBODY_CAN_DATE_IS_A_DOUBT = [
    ("trước mùa mưa lũ hằng năm", ["doubt"]),
    ("kết thúc học kỳ I hằng năm", ["doubt"]),
    ("hai năm một lần", ["doubt"]),
    ("ba tuần một lần", ["doubt"]),
    ("hằng ngày trong thời gian diễn ra lễ hội", ["doubt"]),
    ("nộp ngày cuối cùng của tháng bắt đầu hoạt động", ["doubt"]),
    ("ngày 05 tháng tiếp theo tháng cuối cùng của kỳ báo cáo", ["doubt"]),
    ("sau khi Chính phủ ban hành nghị định", ["doubt"]),
    ("báo cáo sau mỗi đợt kiểm tra", ["doubt"]),
    ("ngày 31/9 hằng năm", ["doubt"]),
    ("trước ngày 30 tháng 02 hằng năm", ["doubt"]),
    ("5 lần/năm", ["doubt"]),
    ("từ khi ký đến khi nghiệm thu", ["doubt"]),
    ("trước ngày 23 tháng Chạp", ["doubt"]),
    ("mùng 10 tháng Giêng hằng năm", ["doubt"]),
    ("trong tháng Giêng năm 2027", ["doubt"]),
    ("trước 10/3 âm lịch hằng năm", ["doubt"]),
]


@pytest.mark.parametrize(("text", "expected"), WHAT_NOBODY_CAN_DATE_IS_A_DOUBT)
def test_what_nobody_can_date_is_a_doubt(text: str, expected: list[str]) -> None:
    assert short(text) == expected


DOUBTS_STAND_BESIDE_A_READING = [
    ("45678", ["date 2025-01-21"]),
    ("ba mươi (20) ngày kể từ ngày nhận hồ sơ", ["relative 20 days"]),
    (
        "số liệu từ ngày 15 tháng trước đến ngày 14 tháng báo cáo",
        ["every month 2026-01-14..2026-12-14 x12"],
    ),
    (
        "kỳ báo cáo bắt đầu từ ngày 01 tháng 01 đến ngày 30 tháng 6",
        ["period 2026-01-01..2026-06-30"],
    ),
    (
        "từ ngày 20 của tháng cuối quý trước đến ngày 19 của tháng cuối quý báo cáo",
        ["every quarter 2026-03-19..2026-12-19 x4"],
    ),
    ("Quý I/2026, sau khi Hội đồng nhân dân thông qua", ["period 2026-01-01..2026-03-31"]),
]


@pytest.mark.parametrize(("text", "expected"), DOUBTS_STAND_BESIDE_A_READING)
def test_doubts_stand_beside_a_reading(text: str, expected: list[str]) -> None:
    assert short(text) == expected
    assert read_deadline_cell(text, 2026, ISSUED_ON)[0].doubt


FEASTS_ARE_DAYS = [
    ("trước Quốc khánh 2/9", ["date 2026-09-01"]),
    ("mít tinh ngày Quốc khánh 2/9", ["date 2026-09-02"]),
]


@pytest.mark.parametrize(("text", "expected"), FEASTS_ARE_DAYS)
def test_feasts_are_days(text: str, expected: list[str]) -> None:
    assert short(text) == expected


ENGLISH_DATES_ARE_DAYS = [
    ("30-Jun-2026", ["date 2026-06-30"]),
    ("Sep 15th, 2026", ["date 2026-09-15"]),
    ("31 December 2026", ["date 2026-12-31"]),
    ("before 5 Aug 2026", ["date 2026-08-05"]),
    ("trước 05-Oct-2026", ["date 2026-10-04"]),
    ("May 2026", ["period 2026-05-01..2026-05-31"]),
]


@pytest.mark.parametrize(("text", "expected"), ENGLISH_DATES_ARE_DAYS)
def test_english_dates_are_days(text: str, expected: list[str]) -> None:
    assert short(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "Trong dịp hè 2026",
        "kỳ nghỉ hè năm 2026",
        "Trước thời điểm kết thúc năm học",
        "trước khai giảng năm học 2026-2027",
        "hai tuần đầu tháng 6",
        "02 tuần cuối tháng 6/2026",
        "sau kỳ họp tháng 7",
        "trước kỳ họp HĐND tỉnh tháng 12/2026",
        "10 ngày đầu tháng 4",
        "5 ngày cuối tháng 6/2026",
        "Trước Tết Dương lịch 2027",
        "Jun-26",
    ],
)
def test_loose_times_set_no_day(text: str) -> None:
    (milestone,) = read_deadline_cell(text, 2026, ISSUED_ON)
    assert (milestone.kind, milestone.last_day) == ("regulation", None)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("trước 0 giờ ngày 01/7/2026", ["date 2026-06-30"]),
        ("trước kỳ họp thứ 5 (tháng 7/2026)", ["date 2026-06-30"]),
        ("bắt đầu tháng 3", ["ongoing 2026-03-01"]),
    ],
)
def test_what_stands_before_an_event_ends_before_it(text: str, expected: list[str]) -> None:
    assert short(text) == expected


MONTHS_AND_QUARTERS_IN_ANY_NUMBERS = [
    ("tháng XI năm 2026", ["period 2026-11-01..2026-11-30"]),
    ("trước tháng IV/2026", ["date 2026-03-31"]),
    ("cuối tháng mười một", ["period 2026-11-21..2026-11-30"]),
    ("đầu tháng tư năm 2026", ["period 2026-04-01..2026-04-10"]),
    ("quý thứ ba năm 2026", ["period 2026-07-01..2026-09-30"]),
    ("cuối quý ba", ["period 2026-09-01..2026-09-30"]),
    ("quý cuối năm 2026", ["period 2026-10-01..2026-12-31"]),
    ("Quý II/26", ["period 2026-04-01..2026-06-30"]),
    ("Q3/26", ["period 2026-07-01..2026-09-30"]),
    ("tháng 9/26", ["period 2026-09-01..2026-09-30"]),
    ("nửa đầu quý III/2026", ["doubt"]),
    ("trước 30-4", ["date 2026-04-29"]),
    ("hạn 15.9", ["date 2026-09-15"]),
    ("trước ngày 2l/5/2026", ["date 2026-05-20"]),
    ("Từ quý III-2026", ["ongoing 2026-07-01"]),
    ("trước dịp lễ 30/4-01/5", ["date 2026-04-29"]),
    (
        "thời gian bắt đầu: 05/3/2026; kết thúc: 20/6/2026",
        ["ongoing 2026-03-05", "date 2026-06-20"],
    ),
    ("không sớm hơn ngày 10/6/2026", ["ongoing 2026-06-10"]),
]


@pytest.mark.parametrize(("text", "expected"), MONTHS_AND_QUARTERS_IN_ANY_NUMBERS)
def test_months_and_quarters_are_read_in_any_numbers(text: str, expected: list[str]) -> None:
    assert short(text) == expected


WEEKDAYS_OF_A_MONTH_ARE_COUNTED = [
    ("thứ Ba đầu tiên hằng tháng", ["every month 2026-01-06..2026-12-01 x12"]),
    ("thứ Năm cuối cùng của tháng", ["every month 2026-01-29..2026-12-31 x12"]),
    ("sáng thứ Hai đầu tháng", ["every month 2026-01-05..2026-12-07 x12"]),
    ("trước thứ Sáu cuối cùng của tháng 5/2026", ["date 2026-05-28"]),
    ("14 tháng cuối quý", ["every quarter 2026-03-14..2026-12-14 x4"]),
]


@pytest.mark.parametrize(("text", "expected"), WEEKDAYS_OF_A_MONTH_ARE_COUNTED)
def test_weekdays_of_a_month_are_counted(text: str, expected: list[str]) -> None:
    assert short(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Từ năm 2028, trước ngày 10/4 hằng năm", ["every year 2028-04-09..2030-04-09 x3"]),
        ("đến năm 2028, trước 10/4 hằng năm", ["every year 2026-04-09..2028-04-09 x3"]),
    ],
)
def test_years_before_a_yearly_day_bound_it(text: str, expected: list[str]) -> None:
    assert short(text, (2026, 2030)) == expected


YEARS_BEHIND_A_TIME_ARE_ITS_YEARS = [
    ("trước ngày 20/10 các năm 2026 - 2029", ["every year 2026-10-19..2029-10-19 x4"]),
    ("trước 20/10 các năm từ 2027 đến 2029", ["every year 2027-10-19..2029-10-19 x3"]),
    ("trước 20/10 trong giai đoạn 2027-2029", ["every year 2027-10-19..2029-10-19 x3"]),
    ("ngày 20/10 các năm 2026, 2028", ["date 2026-10-20", "date 2028-10-20"]),
    ("trước ngày 20/10 của năm 2027", ["date 2027-10-19"]),
    ("từ 01/4 đến 20/5 của năm 2027", ["period 2027-04-01..2027-05-20"]),
    ("từ tháng 4 đến tháng 5 các năm 2027-2029", ["every year 2027-05-31..2029-05-31 x3"]),
    (
        "trước 20/10, giai đoạn 2027-2029",  # may be another duty
        ["every year 2026-10-19..2030-10-19 x5", "period 2027-01-01..2029-12-31"],
    ),
]


@pytest.mark.parametrize(("text", "expected"), YEARS_BEHIND_A_TIME_ARE_ITS_YEARS)
def test_years_behind_a_time_are_its_years(text: str, expected: list[str]) -> None:
    assert short(text, (2026, 2030)) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Báo cáo quý I, III: trước ngày 15 tháng cuối quý", ["2026-03-14", "2026-09-14"]),
        ("BC quý I, quý II trước ngày 05 tháng đầu quý sau", ["2026-04-04", "2026-07-04"]),
        ("nộp ngày cuối cùng của tháng cuối quý (quý II, III)", ["2026-06-30", "2026-09-30"]),
    ],
)
def test_a_day_of_a_quarter_is_that_of_the_quarters_named(text: str, expected: list[str]) -> None:
    assert short(text) == [f"date {day}" for day in expected]


def test_a_day_of_all_quarters_comes_back() -> None:
    for text in (
        "Báo cáo 6 tháng, quý III: ngày 15 tháng cuối quý",
        "ngày 15 tháng cuối quý (nộp)",
    ):
        assert short(text) == ["every quarter 2026-03-15..2026-12-15 x4"]
    text = "Báo cáo quý III, IV: trước ngày 05 tháng đầu quý sau"
    assert short(text) == ["every quarter 2026-04-04..2027-01-04 x4"]


def test_money_and_anniversaries_are_no_days() -> None:
    assert short("giải ngân 5/10 tỷ đồng trước 20/11") == ["date 2026-11-19"]
    assert short("trước 20/11 chào mừng 5 năm ngày thành lập") == ["date 2026-11-19"]


def test_all_the_time_every_day_is_one_milestone() -> None:
    assert short("Thường xuyên, hằng ngày") == ["ongoing"]
    assert len(short("Thường xuyên, trước 16h hằng ngày")) == 2


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("quý (I, II, III)", ["period 2026-01-01..2026-09-30"]),
        (
            "các quý (I, III)/2026",
            ["period 2026-01-01..2026-03-31", "period 2026-07-01..2026-09-30"],
        ),
        ("tháng (6 và 12)", ["period 2026-06-01..2026-06-30", "period 2026-12-01..2026-12-31"]),
        (
            "Báo cáo quý (I, III) trước ngày 20 tháng cuối quý",
            ["date 2026-03-19", "date 2026-09-19"],
        ),
        ("báo cáo quý (trước ngày 20 tháng cuối quý)", ["every quarter 2026-03-19..2026-12-19 x4"]),
    ],
)
def test_a_list_of_quarters_or_months_may_stand_in_a_bracket(
    text: str, expected: list[str]
) -> None:
    assert short(text) == expected
