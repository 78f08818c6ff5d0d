from __future__ import annotations

from datetime import date, timedelta

import pytest

from models.queries.periods import (
    Period,
    PeriodKind,
    find_period,
    make_period,
    parse_period,
)


@pytest.mark.parametrize(
    ("text", "first", "last", "before"),
    [
        ("2026-11", date(2026, 11, 1), date(2026, 11, 30), date(2026, 10, 1)),
        ("2026-1", date(2026, 1, 1), date(2026, 1, 31), date(2025, 12, 1)),
        ("2024-02", date(2024, 2, 1), date(2024, 2, 29), date(2024, 1, 1)),
        ("2026-Q4", date(2026, 10, 1), date(2026, 12, 31), date(2026, 7, 1)),
        ("2026-q1", date(2026, 1, 1), date(2026, 3, 31), date(2025, 10, 1)),
        ("2026-H1", date(2026, 1, 1), date(2026, 6, 30), date(2025, 7, 1)),
        ("2026-H2", date(2026, 7, 1), date(2026, 12, 31), date(2026, 1, 1)),
        ("2026", date(2026, 1, 1), date(2026, 12, 31), date(2025, 1, 1)),
    ],
)
def test_a_written_period_has_its_days_and_the_one_before(
    text: str, first: date, last: date, before: date
) -> None:
    period = parse_period(text)
    assert period is not None
    assert (period.first, period.last, period.previous.first) == (first, last, before)
    assert period.previous.last < period.first
    assert period.following.previous == period


@pytest.mark.parametrize("text", ["", "2026-13", "2026-00", "2026-Q5", "2026-H3", "11/2026", "26"])
def test_what_is_no_period_is_none(text: str) -> None:
    assert parse_period(text) is None


def test_a_week_begins_on_monday() -> None:
    week = find_period(PeriodKind.WEEK, date(2026, 11, 22))
    assert (week.first, week.last) == (date(2026, 11, 16), date(2026, 11, 22))
    assert week.previous.first == date(2026, 11, 9)
    assert (week.number, week.year_before.first) == (47, date(2025, 11, 17))
    assert make_period(PeriodKind.WEEK, 2026, 47) == week


@pytest.mark.parametrize("kind", [k for k in PeriodKind if k is not PeriodKind.NINE_MONTHS])
def test_each_day_lies_in_one_period_and_the_next_one_follows_at_once(kind: PeriodKind) -> None:
    day = timedelta(days=1)
    for number in range(0, 800, 5):
        period = find_period(kind, date(2026, 1, 1) + number * day)
        assert period.first <= date(2026, 1, 1) + number * day <= period.last
        assert period.following.first == period.last + day
        assert period.previous.last == period.first - day
        assert find_period(kind, period.last) == find_period(kind, period.first) == period


@pytest.mark.parametrize(
    ("text", "number"),
    [("2027", 1), ("2027-H2", 2), ("2027-Q3", 3), ("2027-11", 11), ("2027-10", 10)],
)
def test_a_period_knows_which_of_its_year_it_is_and_the_same_of_the_year_before(
    text: str, number: int
) -> None:
    period = parse_period(text)
    assert period is not None
    assert period.number == number
    assert period.year_before == Period(period.kind, period.first.replace(year=2026))


def test_a_year_is_one_period() -> None:
    assert make_period(PeriodKind.YEAR, 2027) == parse_period("2027")


def test_nine_months_are_compared_with_those_of_the_year_before() -> None:
    nine = find_period(PeriodKind.NINE_MONTHS, date(2026, 11, 20))
    assert (nine.first, nine.last) == (date(2026, 1, 1), date(2026, 9, 30))
    assert nine.previous == Period(PeriodKind.NINE_MONTHS, date(2025, 1, 1))
    assert nine.following == find_period(PeriodKind.QUARTER, date(2026, 10, 1))
