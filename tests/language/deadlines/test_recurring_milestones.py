"""Which days come back: those of a month within its step, moved on, within bounds and years."""

from datetime import date

import pytest

from language.deadlines import read_deadline_cell
from language.deadlines.context import get_doubt_text
from language.times.calendars import Calendar, DayKind
from tests.support.milestones import ISSUED_ON, Years, short


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "Báo cáo quý: ngày 05 của tháng sau tháng cuối kỳ báo cáo",
            "every quarter 2026-04-05..2027-01-05 x4",
        ),
        ("ngày 11 của tháng sau", "every month 2026-02-11..2027-01-11 x12"),
        ("thứ Sáu tuần thứ hai hằng tháng", "every month 2026-01-09..2026-12-11 x12"),
        ("trước ngày 18 tháng đầu năm sau", "every year 2027-01-17..2027-01-17 x1"),
        ("ngày 21 của tháng cuối năm", "every year 2026-12-21..2026-12-21 x1"),
        ("ngày 11 tháng đầu quý của năm sau", "every quarter 2027-01-11..2027-10-11 x4"),
        ("ngày 11 của năm sau, tháng cuối quý", "every quarter 2027-03-11..2027-12-11 x4"),
        ("Báo cáo quý: ngày 11 của tháng sau", "every quarter 2026-04-11..2027-01-11 x4"),
        ("Báo cáo tháng: ngày 11 của tháng sau", "every month 2026-02-11..2027-01-11 x12"),
        ("Báo cáo năm: ngày 11 của tháng sau", "every year 2027-01-11..2027-01-11 x1"),
        ("Báo cáo quý: ngày 11/6 của tháng báo cáo", "every year 2026-06-11..2026-06-11 x1"),
        ("hằng quý, ngày 11 của tháng sau", "every quarter 2026-04-11..2027-01-11 x4"),
        ("6 tháng một lần, ngày 11 của tháng sau", "every half-year 2026-07-11..2027-01-11 x2"),
        ("ngày 11 hằng tháng của năm sau", "every month 2027-01-11..2027-12-11 x12"),
        ("hằng tháng của năm tiếp theo", "every month 2027-01-31..2027-12-31 x12"),
        ("hằng quý của năm sau", "every quarter 2027-03-31..2027-12-31 x4"),
        ("thứ Hai hằng tuần của năm sau", "every week 2027-01-04..2027-12-27 x52"),
        ("hằng quý của năm trước", "every quarter 2026-03-31..2026-12-31 x4"),
        ("ngày 15/01 hằng năm của năm sau", "every year 2027-01-15..2027-01-15 x1"),
        ("ngày 16 của năm báo cáo", "every year 2026-12-16..2026-12-16 x1"),
        ("từ ngày 16/12 đến ngày 14/01 năm sau", "every year 2027-01-14..2027-01-14 x1"),
        (
            "từ ngày 15 tháng đầu quý đến ngày 20 tháng cuối quý",
            "every quarter 2026-03-20..2026-12-20 x4",
        ),
    ],
)
def test_what_a_day_refers_to_says_its_step_and_moves_it_on(text: str, expected: str) -> None:
    assert short(text) == [expected]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("trước tháng 6 hằng năm", "every year 2026-05-31..2026-05-31 x1"),
        ("trước quý III hằng năm", "every year 2026-06-30..2026-06-30 x1"),
        ("đến tháng 6 hằng năm", "every year 2026-06-30..2026-06-30 x1"),
        ("từ ngày 11 đến trước ngày 21 hằng tháng", "every month 2026-01-20..2026-12-20 x12"),
        ("trước ngày 21 hằng tháng", "every month 2026-01-20..2026-12-20 x12"),
        ("trước 00 giờ ngày 01/7 hằng năm", "every year 2026-06-30..2026-06-30 x1"),
        ("trước 0h00 ngày 21 hằng tháng", "every month 2026-01-20..2026-12-20 x12"),
        ("trước 0h thứ Sáu hằng tuần", "every week 2026-01-08..2026-12-24 x51"),
        ("trước 24h ngày 30/6 hằng năm", "every year 2026-06-30..2026-06-30 x1"),
        ("trước 17h ngày 21 hằng tháng", "every month 2026-01-21..2026-12-21 x12"),
        ("trước thứ Sáu hằng tuần", "every week 2026-01-08..2026-12-24 x51"),
        ("trước 16h thứ Sáu hằng tuần", "every week 2026-01-09..2026-12-25 x51"),
        ("trước hằng quý", "every quarter 2026-03-31..2026-12-31 x4"),
    ],
)
def test_before_a_day_that_comes_back_is_the_day_before_unless_an_hour_is_named(
    text: str, expected: str
) -> None:
    assert short(text) == [expected]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("từ ngày 14/3 đến ngày 21/3 hằng năm", "every year 2026-03-21..2026-03-21 x1"),
        ("từ ngày 14/3 đến ngày 12/4 hằng năm", "every year 2026-04-12..2026-04-12 x1"),
        ("từ ngày 14/12 đến ngày 12/4 hằng năm", "every year 2027-04-12..2027-04-12 x1"),
    ],
)
def test_a_yearly_span_ends_in_the_year_after_only_if_its_months_turn(
    text: str, expected: str
) -> None:
    assert short(text) == [expected]


@pytest.mark.parametrize(
    ("text", "doubt"),
    [
        ("sau ngày 16 hằng tháng", "after"),
        ("ngày làm việc thứ 4 hằng tháng", "working_day"),
        ("đầu năm", "edge"),
        ("ngày 16 hằng tháng", None),
    ],
)
def test_what_is_unsure_about_a_day_that_comes_back_is_said(text: str, doubt: str | None) -> None:
    found = read_deadline_cell(text, (2026, 2028))
    assert [one.kind for one in found] == ["recurring"]
    assert found[0].doubt == (get_doubt_text(doubt) if doubt else None)


def test_before_a_working_day_is_the_day_before_it_by_the_calendar() -> None:
    storm = Calendar({date(2026, 6, 3): DayKind(False, "Nghỉ tránh bão")})
    for text, day in (
        ("ngày làm việc thứ 3 hằng tháng", date(2026, 6, 4)),
        ("trước ngày làm việc thứ 3 hằng tháng", date(2026, 6, 3)),
    ):
        (found,) = read_deadline_cell(text, 2026, None, storm)
        assert found.last_days[5] == day


@pytest.mark.parametrize(
    ("text", "years", "expected"),
    [
        ("hằng tháng từ tháng 4 đến tháng 6", 2026, "every month 2026-04-30..2026-06-30 x3"),
        ("hằng tuần từ 14/5/2026", 2026, "every week 2026-05-17..2026-12-27 x33"),
        ("ngày 14 hằng tháng từ ngày 14/5/2026", 2026, "every month 2026-05-14..2026-12-14 x8"),
        ("hằng tháng đến tháng 6", 2026, "every month 2026-01-31..2026-06-30 x6"),
        ("hằng tháng từ tháng 4", 2026, "every month 2026-04-30..2026-12-31 x9"),
        # Of several years nothing says in which it begins, but each has its end.
        ("hằng tháng từ tháng 4", (2026, 2027), "every month 2026-01-31..2027-12-31 x24"),
        ("hằng tháng từ tháng 4/2026", (2026, 2027), "every month 2026-04-30..2027-12-31 x21"),
        ("hằng tháng đến tháng 6", (2026, 2027), "every month 2026-01-31..2027-06-30 x12"),
        (
            "hằng tháng từ tháng 4 đến tháng 6",
            (2026, 2027),
            "every month 2026-04-30..2027-06-30 x6",
        ),
    ],
)
def test_what_comes_back_lies_within_its_bounds(text: str, years: Years, expected: str) -> None:
    assert short(text, years) == [expected]


def test_what_is_due_a_month_on_may_be_a_month_behind_the_last_bound() -> None:
    (found,) = read_deadline_cell("ngày 11 tháng sau, hằng tháng đến tháng 6", 2026)
    assert found.last_days[-1] == date(2026, 7, 11)


@pytest.mark.parametrize(
    ("text", "years", "expected"),
    [
        ("hằng năm từ năm 2027", (2026, 2028), "every year 2027-12-31..2028-12-31 x2"),
        ("hằng năm đến năm 2027", (2026, 2028), "every year 2026-12-31..2027-12-31 x2"),
        ("hằng năm từ năm 2031", (2026, 2028), "every year 2031-12-31..2031-12-31 x1"),
        ("hằng năm đến năm 2028", 2026, "every year 2026-12-31..2028-12-31 x3"),
        ("hằng năm 2027 - 2028", None, "every year 2027-12-31..2028-12-31 x2"),
        ("hằng năm từ năm 2027", None, "doubt"),
        ("hằng năm đến năm 2027", None, "doubt"),
        ("hằng năm đến năm 2025", 2026, "doubt"),
    ],
)
def test_named_years_bound_what_comes_back_else_those_of_the_plan(
    text: str, years: Years, expected: str
) -> None:
    assert short(text, years) == [expected]


def test_why_nothing_comes_back_is_said() -> None:
    unknown, past = (
        read_deadline_cell("trước 12/2 hằng năm", years, date(2026, 9, 10))
        for years in (None, 2026)
    )
    assert [one.doubt for one in (*unknown, *past)] == [
        get_doubt_text("no_year"),
        get_doubt_text("past"),
    ]


def test_what_is_due_on_the_day_of_issue_still_comes_back() -> None:
    assert short("ngày 05 hằng tháng", 2026, ISSUED_ON) == [
        "every month 2026-01-05..2026-12-05 x12"
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "hằng tháng từ tháng 3 đến tháng 5, ngày 10 của tháng sau",
            "every month 2026-04-10..2026-06-10 x3",
        ),
        (
            "hằng tháng từ tháng 3, trước ngày 01 của tháng sau",
            "every month 2026-03-31..2026-12-31 x10",
        ),
        (
            "hằng quý từ quý II đến quý III, ngày 10 tháng đầu quý sau",
            "every quarter 2026-07-10..2026-10-10 x2",
        ),
        (
            "hằng quý từ quý II, ngày 10 tháng cuối quý",
            "every quarter 2026-06-10..2026-12-10 x3",
        ),
        (
            "từ 16/4 đến 31/10/2026, định kỳ báo cáo hằng tháng, ngày 05 của tháng sau",
            "every month 2026-05-05..2026-11-05 x7",
        ),
    ],
)
def test_a_day_behind_its_period_is_bound_by_the_period(text: str, expected: str) -> None:
    assert short(text) == [expected]


@pytest.mark.parametrize(
    ("text", "years", "last_days"),
    [
        ("5 tháng/lần", 2026, ["2026-05-31", "2026-10-31"]),
        ("7 tháng/lần", 2026, ["2026-07-31"]),
        ("5 tháng/lần", (2026, 2027), ["2026-05-31", "2026-10-31", "2027-03-31", "2027-08-31"]),
    ],
)
def test_a_step_that_the_plans_last_year_does_not_hold_is_none(
    text: str, years: Years, last_days: list[str]
) -> None:
    (found,) = read_deadline_cell(text, years)
    assert [str(day) for day in found.last_days] == last_days
