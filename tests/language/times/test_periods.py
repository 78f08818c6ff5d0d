"""Arithmetic of days: months added, the period that holds a day, parts of a period."""

from datetime import date

import pytest

from language.times.periods import (
    END,
    add_months,
    find_days_of_part,
    find_only_year,
    find_period_around,
    find_week,
    make_day,
    move_day,
)


@pytest.mark.parametrize(
    ("day", "count", "expected"),
    [
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2024, 1, 31), 1, date(2024, 2, 29)),
        (date(2026, 11, 15), 3, date(2027, 2, 15)),
        (date(2026, 3, 31), -1, date(2026, 2, 28)),
    ],
)
def test_months_are_added_up_to_the_end_of_the_month(day: date, count: int, expected: date) -> None:
    assert add_months(day, count) == expected


def test_a_move_beyond_the_calendar_gives_no_day() -> None:
    assert move_day(date(2026, 3, 31), 1, "quarter") == date(2026, 6, 30)
    assert move_day(date(2026, 3, 31), 2, "week") == date(2026, 4, 14)
    assert move_day(date(2026, 3, 31), 1, "hour") is None
    assert move_day(date(2026, 3, 31), 9999, "year") is None
    assert move_day(date(2026, 3, 31), -999_999_999, "day") is None


def test_a_day_that_no_calendar_has_is_none() -> None:
    assert make_day(2026, 2, END) == date(2026, 2, 28)
    assert make_day(2026, 2, 29) is None
    assert make_day(2026, 13, 1) is None
    assert make_day(2026, None, 1) is None


@pytest.mark.parametrize(
    ("unit", "first", "last"),
    [
        ("week", date(2026, 5, 11), date(2026, 5, 17)),
        ("month", date(2026, 5, 1), date(2026, 5, 31)),
        ("quarter", date(2026, 4, 1), date(2026, 6, 30)),
        ("year", date(2026, 1, 1), date(2026, 12, 31)),
    ],
)
def test_the_period_around_a_day(unit: str, first: date, last: date) -> None:
    assert find_period_around(date(2026, 5, 17), unit) == (first, last)
    assert find_period_around(date(2026, 5, 17), "day") is None


@pytest.mark.parametrize(
    ("unit", "part", "first", "last"),
    [
        ("month", "start", date(2026, 4, 1), date(2026, 4, 10)),
        ("month", "end", date(2026, 4, 21), date(2026, 4, 30)),
        ("quarter", "middle", date(2026, 5, 1), date(2026, 5, 31)),
        ("year", "start", date(2026, 1, 1), date(2026, 3, 31)),
        ("year", "middle", date(2026, 4, 1), date(2026, 9, 30)),
        ("year", "end", date(2026, 10, 1), date(2026, 12, 31)),
    ],
)
def test_the_parts_of_a_period(unit: str, part: str, first: date, last: date) -> None:
    whole = find_period_around(date(2026, 4, 15), unit)
    assert whole is not None
    assert find_days_of_part(whole, unit, part) == (first, last)


def test_the_end_of_a_week_is_its_weekend() -> None:
    week = find_week(date(2026, 4, 15))
    assert find_days_of_part(week, "week", "end") == (date(2026, 4, 18), date(2026, 4, 19))


def test_only_a_plan_of_one_year_has_an_only_year() -> None:
    assert find_only_year(2026) == find_only_year((2026, 2026)) == 2026
    assert find_only_year((2026, 2027)) is find_only_year(None) is None
