"""Days, periods and ranges that come once: their first and last day, at the edges of the rules."""

from datetime import date

import pytest

from language.deadlines import read_deadline_cell
from language.deadlines.context import get_doubt_text
from tests.support.milestones import ISSUED_ON, Years, short


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("từ ngày 01/7 của năm sau", "ongoing 2027-07-01"),
        ("từ ngày 01/7 của năm trước", "ongoing 2025-07-01"),
        ("từ ngày 01/7 của năm kế hoạch", "ongoing 2026-07-01"),
    ],
)
def test_a_start_may_lie_in_another_year_than_the_plans(text: str, expected: str) -> None:
    assert short(text) == [expected]


def test_a_start_without_a_year_lies_in_the_first_year_of_a_plan() -> None:
    assert short("từ quý II", (2027, 2029)) == ["ongoing 2027-04-01"]
    assert short("từ quý II", None) == ["doubt"]
    assert short("từ quý II/2027", None) == ["ongoing 2027-04-01"]


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("ngày làm việc đầu tiên của tháng 8/2026", "2026-08-03"),
        ("ngày làm việc thứ 3 của tháng 8/2026", "2026-08-05"),
        ("ngày làm việc cuối cùng của tháng 5/2026", "2026-05-29"),
        ("trước ngày làm việc cuối cùng của tháng 5/2026", "2026-05-28"),
    ],
)
def test_working_days_of_a_month_leave_out_the_weekend(text: str, day: str) -> None:
    assert short(text) == [f"date {day}"]


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("trước cuối tháng 6", "2026-06-29"),
        ("trước cuối quý I", "2026-03-30"),
        ("trước cuối quý IV", "2026-12-30"),
        ("trước đầu quý II", "2026-03-31"),
        ("trước giữa quý II", "2026-04-30"),
        ("trước đầu tháng 6", "2026-05-31"),
        ("trước giữa tháng 6", "2026-06-10"),
        ("trước nửa cuối tháng 6", "2026-06-15"),
        ("trước tuần cuối tháng 6", "2026-06-23"),
        ("trước tuần 5 tháng 6", "2026-06-28"),
        ("trước đầu năm 2027", "2026-12-31"),
    ],
)
def test_before_the_end_of_a_period_bounds_the_period_before_a_part_ends_before_it(
    text: str, day: str
) -> None:
    assert short(text) == [f"date {day}"]


def test_the_start_of_a_year_is_doubted_that_of_a_quarter_or_month_is_not() -> None:
    edge = get_doubt_text("edge")
    doubts = {"đầu năm": edge, "đầu quý II": None, "cuối quý II": None, "đầu tháng 6": None}
    assert {text: read_deadline_cell(text, 2026)[0].doubt for text in doubts} == doubts


@pytest.mark.parametrize(
    ("text", "year", "expected"),
    [
        ("từ ngày 14/8 đến ngày 14/8", 2026, "period 2026-08-14..2026-08-14"),
        ("từ tháng 6 đến ngày 15/6", 2026, "period 2026-06-01..2026-06-15"),
        ("từ ngày 05/3 đến trước tháng 6", 2026, "period 2026-03-05..2026-05-31"),
        ("từ ngày 20/6 đến trước ngày 21/6", 2026, "period 2026-06-20..2026-06-20"),
        ("từ tháng 11 đến tháng 02/2026", 2026, "period 2025-11-01..2026-02-28"),
        ("từ tháng 11 đến tháng 02/2027", 2027, "period 2026-11-01..2027-02-28"),
    ],
)
def test_a_range_goes_from_its_first_to_its_last_day(text: str, year: int, expected: str) -> None:
    assert short(text, year) == [expected]
    assert read_deadline_cell(text, year)[0].doubt is None


@pytest.mark.parametrize(
    ("text", "year", "expected"),
    [
        ("từ ngày 18/11 đến ngày 12/01", 2027, "period 2027-11-18..2028-01-12"),
        ("từ tháng 11/2026 đến tháng 02", 2026, "period 2026-11-01..2027-02-28"),
        ("từ ngày 25/11 đến ngày 29/02", 2027, "period 2027-11-25..2028-02-29"),
        ("từ ngày 05/3 đến ngày 29/02", 2028, "period 2027-03-05..2028-02-29"),
    ],
)
def test_a_range_that_would_end_before_it_begins_turns_the_year(
    text: str, year: int, expected: str
) -> None:
    assert short(text, year) == [expected]
    assert read_deadline_cell(text, year)[0].doubt == get_doubt_text("turn")


@pytest.mark.parametrize(
    "text",
    [
        "từ ngày 20/6/2026 đến ngày 10/6/2026",
        "từ ngày 29/02 đến ngày 05/3",
        "từ ngày 05/02 đến ngày 29/02",
    ],
)
def test_a_range_backwards_or_of_days_that_are_none_is_doubted(text: str) -> None:
    assert short(text) == ["doubt"]


@pytest.mark.parametrize(
    ("text", "years", "issued_on", "expected"),
    [
        ("từ nay đến hết quý II", 2026, ISSUED_ON, "period 2026-01-05..2026-06-30"),
        ("từ nay đến hết quý II", (2026, 2028), ISSUED_ON, "period 2026-01-05..2026-06-30"),
        ("từ nay đến hết quý II", 2027, ISSUED_ON, "period 2026-01-05..2027-06-30"),
        ("từ nay đến hết quý II", (2026, 2028), None, "doubt"),
        ("từ nay đến hết quý II/2026", None, None, "date 2026-06-30"),
        ("từ nay đến trước tháng 6", 2026, ISSUED_ON, "period 2026-01-05..2026-05-31"),
        ("từ nay đến trước tháng 6", 2026, None, "date 2026-05-31"),
        ("từ nay đến ngày 05/01", 2026, ISSUED_ON, "period 2026-01-05..2026-01-05"),
        ("từ nay đến ngày 04/01", 2026, ISSUED_ON, "date 2026-01-04"),
    ],
)
def test_from_now_begins_on_the_day_of_issue_if_it_is_known(
    text: str, years: Years, issued_on: date | None, expected: str
) -> None:
    assert short(text, years, issued_on) == [expected]


@pytest.mark.parametrize(
    ("text", "printed"),
    [
        ("từ nay đến trước ngày 10/6", date(2026, 6, 10)),
        ("từ nay đến ngày 10/6", date(2026, 6, 10)),
        ("từ nay đến trước tháng 6", date(2026, 5, 31)),
        ("từ nay đến hết tháng 6", date(2026, 6, 30)),
        ("trước ngày 10/6", date(2026, 6, 10)),
        ("trước tháng 6", date(2026, 5, 31)),
    ],
)
def test_the_day_that_is_printed_is_the_one_that_people_name(text: str, printed: date) -> None:
    assert read_deadline_cell(text, 2026)[0].printed_day == printed


def test_before_midnight_of_a_day_is_the_day_before() -> None:
    (found,) = read_deadline_cell("trước 0 giờ ngày 10/6", 2026)
    assert (found.last_day, found.printed_day) == (date(2026, 6, 9), date(2026, 6, 10))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("đến tuần 2 tháng 6", ["date 2026-06-14"]),
        ("sau tháng 6", ["ongoing 2026-07-01"]),
        ("thứ Tư cuối cùng của tháng 9/2026", ["date 2026-09-30"]),
        ("thứ Năm cuối cùng của tháng 9/2026", ["date 2026-09-24"]),
        ("đến năm 2027 và các năm tiếp theo", ["date 2027-12-31", "ongoing 2028-01-01"]),
        ("từ năm 2026 và các năm tiếp theo", ["ongoing 2026-01-01"]),
    ],
)
def test_a_period_ends_with_its_last_day_and_what_follows_begins_behind_it(
    text: str, expected: list[str]
) -> None:
    assert short(text) == expected
