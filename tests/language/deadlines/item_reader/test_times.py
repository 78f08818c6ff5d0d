"""Times with what belongs to them: months, years, the other end of a range, references."""

import pytest

from language.deadlines import read_deadline_cell
from language.deadlines.context import get_doubt_text
from tests.support.milestones import short


@pytest.mark.parametrize("number", ["9001:2015", "9001/2015", "9001-2015", "9001.2015"])
def test_a_year_at_the_end_of_a_longer_number_is_none(number: str) -> None:
    assert short(f"đạt chuẩn {number} trong tháng 6") == ["period 2026-06-01..2026-06-30"]
    assert short(f"đạt chuẩn {number}") == ["doubt"]
    assert short("2015") == ["period 2015-01-01..2015-12-31"]


@pytest.mark.parametrize("text", ["/2026", ":2026", ".2026"])
def test_the_year_of_a_torn_day_is_no_year(text: str) -> None:
    assert short(text) == ["doubt"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("từ ngày 15 - 20/6", ["period 2026-06-15..2026-06-20"]),
        ("từ tháng 4 - 6", ["period 2026-04-01..2026-06-30"]),
        ("từ quý II - III", ["period 2026-04-01..2026-09-30"]),
        ("từ năm 2027-2028", ["period 2027-01-01..2028-12-31"]),
        ("từ 10.3 - 25.4", ["period 2026-03-10..2026-04-25"]),
        (
            "từ ngày 15 đến ngày 20 các tháng 3, 6",
            ["period 2026-03-15..2026-03-20", "period 2026-06-15..2026-06-20"],
        ),
        ("từ tháng 4, 6", ["ongoing 2026-04-01", "ongoing 2026-06-01"]),
        ("từ tháng 4, 5", ["ongoing 2026-04-01"]),
        ("từ quý II", ["ongoing 2026-04-01"]),
    ],
)
def test_from_before_both_ends_of_a_range_is_the_range(text: str, expected: list[str]) -> None:
    assert short(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("ngày 25 các tháng 3, 6, 9", ["2026-03-25", "2026-06-25", "2026-09-25"]),
        ("ngày 10, 25 các tháng 3, 6", ["2026-03-10", "2026-03-25", "2026-06-10", "2026-06-25"]),
        (
            "ngày 10 và 25 các tháng 3, 6 năm 2027",
            ["2027-03-10", "2027-03-25", "2027-06-10", "2027-06-25"],
        ),
        ("ngày 25 của tháng 3", ["2026-03-25"]),
        ("ngày 25, tháng 3", ["2026-03-25"]),
        ("ngày 25 tháng cuối quý I, quý II", ["2026-03-25", "2026-06-25"]),
        ("ngày cuối cùng của quý III", ["2026-09-30"]),
        ("ngày cuối cùng, quý III/2027", ["2027-09-30"]),
    ],
)
def test_a_day_alone_is_of_the_months_behind_it(text: str, expected: list[str]) -> None:
    assert short(text) == [f"date {day}" for day in expected]


@pytest.mark.parametrize(
    "text",
    [
        "trước ngày 31 tháng cuối quý II",
        "ngày 30 các tháng 2, 3",
        "từ ngày 31 tháng cuối quý 2 đến",
    ],
)
def test_a_day_that_none_of_its_months_has_is_a_doubt(text: str) -> None:
    (found,) = read_deadline_cell(text, 2026)
    assert found.doubt == get_doubt_text("impossible")


def test_a_day_alone_is_of_no_quarter_behind_it() -> None:
    assert short("ngày 25 quý III") == ["doubt", "period 2026-07-01..2026-09-30"]


def test_a_day_that_one_of_its_months_lacks_is_impossible() -> None:
    (found,) = read_deadline_cell("ngày 31 các tháng 3, 6, 8", 2026)
    assert (found.kind, found.doubt) == ("regulation", get_doubt_text("impossible"))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("trước ngày 10/12 các năm 2026, 2028", ["date 2026-12-09", "date 2028-12-09"]),
        ("trước ngày 10/12 trong năm 2028", ["date 2028-12-09"]),
        ("trước ngày 10/12, năm 2028", ["date 2028-12-09"]),
        ("tháng 10 năm 2028", ["period 2028-10-01..2028-10-31"]),
        (
            "tháng 10 các năm 2026, 2028",
            ["period 2026-10-01..2026-10-31", "period 2028-10-01..2028-10-31"],
        ),
        ("ngày 10/12 các năm 2027-2029", ["every year 2027-12-10..2029-12-10 x3"]),
        ("ngày 10/12 trong các năm 2027, 2028", ["every year 2027-12-10..2028-12-10 x2"]),
        ("từ 01/4 đến 20/5 các năm 2026-2028", ["every year 2026-05-20..2028-05-20 x3"]),
        ("từ 01/4 đến 20/5 năm 2027", ["period 2027-04-01..2027-05-20"]),
        (
            "từ 01/4 đến 20/5 các năm 2026, 2028",
            [
                "period 2026-04-01..2026-05-20",
                "period 2026-01-01..2026-12-31",
                "period 2028-01-01..2028-12-31",
            ],
        ),
        ("trước ngày 10/12/2026, năm 2028", ["date 2026-12-09", "period 2028-01-01..2028-12-31"]),
        (
            "trước ngày 10/12 đến năm 2028",
            ["date 2028-12-09", "date 2028-12-31"],
        ),
        (
            "trước ngày 10/12 năm sau các năm 2027, 2028",
            ["every year 2027-12-09..2030-12-09 x4", "period 2027-01-01..2028-12-31"],
        ),
        ("trước ngày 10/12 các năm 2028-2026", ["every year 2026-12-09..2029-12-09 x4", "doubt"]),
        ("ngày 10 các năm 2028", ["doubt", "period 2028-01-01..2028-12-31"]),
        (
            "trước ngày 10/12 nộp năm 2028",
            ["date 2028-12-09", "period 2028-01-01..2028-12-31"],
        ),
    ],
)
def test_a_time_without_a_year_is_of_the_years_behind_it(text: str, expected: list[str]) -> None:
    assert short(text, (2026, 2029)) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("15/6 - 20/6", ["period 2026-06-15..2026-06-20"]),
        ("15/6 đến 20/6", ["period 2026-06-15..2026-06-20"]),
        ("15/6, đến 20/6", ["period 2026-06-15..2026-06-20"]),
        ("15/6 hết ngày 20/6", ["period 2026-06-15..2026-06-20"]),
        ("15/6 đến trước 20/6", ["period 2026-06-15..2026-06-19"]),
        ("từ 15/6 đến trước 17h 20/6", ["period 2026-06-15..2026-06-20"]),
        ("từ 15/6 đến trước 24h 20/6", ["period 2026-06-15..2026-06-20"]),
        ("từ 15/6 đến trước 0h 20/6", ["period 2026-06-15..2026-06-19"]),
        ("từ 15/6 đến 0h 20/6", ["period 2026-06-15..2026-06-20"]),
        ("từ 15/6 đến trước hạn 20/6", ["period 2026-06-15..2026-06-19"]),
        ("15/6, họp đến 20/6", ["date 2026-06-15", "date 2026-06-20"]),
        ("15/6 trước 20/6", ["date 2026-06-15", "date 2026-06-19"]),
        ("từ 15/6 và trước 20/6", ["ongoing 2026-06-15", "date 2026-06-19"]),
        ("trước 15/6 - 20/6", ["date 2026-06-14"]),
        ("trước 15/6 đến 20/6", ["date 2026-06-14", "date 2026-06-20"]),
        ("chậm nhất 15/6 - 20/6", ["date 2026-06-15", "date 2026-06-20"]),
        ("trong 15/6 - 20/6", ["period 2026-06-15..2026-06-20"]),
        ("từ tháng 3 đến tháng 5, 9", ["period 2026-03-01..2026-09-30"]),
        ("từ tháng 3 đến thời điểm 15/6", ["period 2026-03-01..2026-06-15"]),
    ],
)
def test_a_range_has_two_ends(text: str, expected: list[str]) -> None:
    assert short(text) == expected
    assert short(f"họp ngày 16/9, sơ kết {text}") == ["date 2026-09-16", *expected]
    assert short(f"ngày 16/9, họp ngày 17/9, sơ kết {text}")[2:] == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("03/02/2021 - 03/02/2026", ["date 2026-02-03"]),
        ("03/02/2022 - 03/02/2026", ["period 2022-02-03..2026-02-03"]),
        ("03/02 - 03/02/2026", ["period 2026-02-03..2026-02-03"]),
        ("03/02/2021 - 04/02/2026", ["period 2021-02-03..2026-02-04"]),
        ("03/02/2021 - 03/03/2026", ["period 2021-02-03..2026-03-03"]),
        ("tháng 2/2021 - tháng 2/2026", ["period 2021-02-01..2026-02-28"]),
        ("03/02/2021 - tháng 2/2026", ["period 2021-02-03..2026-02-28"]),
    ],
)
def test_a_day_and_the_same_day_five_years_later_are_an_anniversary(
    text: str, expected: list[str]
) -> None:
    assert short(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("từ tháng 3 đến khi hoàn thành", "event_end"),
        ("từ tháng 3 cho đến khi hoàn thành", "event_end"),
        ("từ tháng 3", None),
        ("từ tháng 3 đến tháng 6", None),
        ("từ tháng 3 đến tháng 6 đến khi hoàn thành", None),
        ("tháng 3 đến khi hoàn thành", None),
    ],
)
def test_a_beginning_that_ends_with_an_event_is_doubted(text: str, expected: str | None) -> None:
    doubts = [one.doubt for one in read_deadline_cell(text, 2026)]
    assert doubts == [expected and get_doubt_text(expected)]


@pytest.mark.parametrize(
    ("text", "is_data"),
    [
        ("từ ngày 15 tháng trước đến ngày 14", True),
        ("từ ngày 20 của tháng cuối quý trước đến ngày 19 của tháng cuối quý", True),
        ("từ ngày 15/12 năm trước đến ngày 14/6", False),
        ("từ ngày 05 của tháng cuối quý đến ngày 14", False),
        ("từ ngày 05 tháng báo cáo đến ngày 14", False),
        ("từ ngày 15/6 đến ngày 14/8", False),
    ],
)
def test_a_range_from_the_month_before_is_what_a_report_covers(text: str, is_data: bool) -> None:
    (found,) = read_deadline_cell(text, 2026)
    assert (found.doubt == get_doubt_text("data")) is is_data


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("từ nay đến 30/9", ["period 2026-01-05..2026-09-30"]),
        ("từ nay - 30/9", ["period 2026-01-05..2026-09-30"]),
        ("từ nay đến khi xong", ["doubt"]),
        ("từ nay, 30/9", ["date 2026-09-30"]),
        ("trong năm", ["period 2026-01-01..2026-12-31"]),
        ("cả năm", ["period 2026-01-01..2026-12-31"]),
        ("đến hết cả năm", ["date 2026-12-31"]),
        (
            "báo cáo quý: trước ngày 15 của tháng cuối kỳ báo cáo",
            ["every quarter 2026-03-14..2026-12-14 x4"],
        ),
        (
            "báo cáo quý: ngày 15 của tháng tiếp theo tháng cuối kỳ báo cáo",
            ["every quarter 2026-04-15..2027-01-15 x4"],
        ),
        ("ngày 15 của tháng cuối kỳ báo cáo", ["doubt"]),
        ("trong tháng cuối quý", ["every quarter 2026-03-31..2026-12-31 x4"]),
        ("trước tháng cuối năm", ["every year 2026-11-30..2026-11-30 x1"]),
        ("trong năm sau", ["every year 2027-12-31..2027-12-31 x1"]),
        ("trong quý sau", ["doubt"]),
        ("trong tháng trước", ["doubt"]),
        ("ngày 15/6/2026 và các năm tiếp theo", ["date 2026-06-15", "ongoing 2026-06-16"]),
        ("ngày 15/6, duy trì các năm tiếp theo", ["date 2026-06-15", "ongoing"]),
        ("ngày 15/6, duy trì các quý tiếp theo", ["date 2026-06-15"]),
        ("duy trì các năm tiếp theo", ["doubt"]),
    ],
)
def test_what_refers_to_the_plan_or_to_another_time(text: str, expected: list[str]) -> None:
    assert short(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("15/6 năm đầu kỳ kế hoạch", "date 2026-06-15"),
        ("15/6 năm cuối kỳ kế hoạch", "date 2029-06-15"),
        ("ngày làm việc thứ 3 của tháng 6/2026", "date 2026-06-03"),
        ("ngày làm việc đầu tiên của tháng 8/2026", "date 2026-08-03"),
        ("ngày làm việc cuối cùng của tháng 5/2026", "date 2026-05-29"),
        ("05 ngày làm việc đầu tiên của tháng 6/2026", "date 2026-06-05"),
        ("ngày đầu tiên của quý", "every quarter 2026-04-01..2029-10-01 x15"),
        ("ngày cuối cùng của quý", "every quarter 2026-03-31..2029-12-31 x16"),
    ],
)
def test_the_nth_day_or_year_is_counted(text: str, expected: str) -> None:
    assert short(text, (2026, 2029)) == [expected]


def test_digits_that_contradict_the_words_of_a_day_are_a_doubt() -> None:
    (wrong,) = read_deadline_cell("ngày hai mươi (21) tháng 6", 2026)
    (right,) = read_deadline_cell("ngày hai mươi (20) tháng 6", 2026)
    assert (wrong.doubt, right.doubt) == (get_doubt_text("digits"), None)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("ngày cuối cùng của quý II và quý IV", ["date 2026-06-30", "date 2026-12-31"]),
        ("ngày cuối cùng của các quý I, II", ["date 2026-03-31", "date 2026-06-30"]),
        ("ngày làm việc cuối cùng của năm 2026", ["date 2026-12-31"]),
        ("ngày đầu tiên của năm 2027", ["date 2027-01-01"]),
        ("ngày làm việc thứ 3 của quý III/2026", ["date 2026-07-03"]),
        ("ngày làm việc đầu tiên của quý III, IV", ["date 2026-07-01", "date 2026-10-01"]),
        ("ngày 1 của quý III", ["doubt", "period 2026-07-01..2026-09-30"]),
    ],
)
def test_the_first_and_last_day_may_be_those_of_quarters_and_years(
    text: str, expected: list[str]
) -> None:
    assert short(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "Tháng 5 - tháng 7; tháng 9 - tháng 11",
            ["period 2026-05-01..2026-07-31", "period 2026-09-01..2026-11-30"],
        ),
        (
            "Tháng 5, tháng 9 đến tháng 11",
            ["period 2026-05-01..2026-05-31", "period 2026-09-01..2026-11-30"],
        ),
        ("tháng 5, 9", ["period 2026-05-01..2026-05-31", "period 2026-09-01..2026-09-30"]),
    ],
)
def test_a_month_that_begins_a_range_is_none_of_the_list_before(
    text: str, expected: list[str]
) -> None:
    assert short(text) == expected


def test_a_list_behind_a_range_is_a_doubt() -> None:
    (found,) = read_deadline_cell("tháng 5 - tháng 7, 9", 2026)
    assert found.doubt == get_doubt_text("leftover")
