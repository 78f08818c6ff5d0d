"""Arithmetic of days: months added, the week or month that holds a day, parts of a period.

Not for words: which period a text means is `spans` and `windows`.
"""

import calendar
from datetime import date, timedelta
from functools import lru_cache

from dateutil.relativedelta import relativedelta

PlanYears = tuple[int, int] | int | None  # a plan's first and last year, or its only one
END = 99  # as a day: the last day of its month
MONTHS_OF_UNIT = {"month": 1, "quarter": 3, "half-year": 6, "year": 12}
DAYS_OF_UNIT = {"day": 1, "week": 7}
DAYS_OF_MONTH_PART = {
    "start": (1, 10),
    "middle": (11, 20),
    "end": (21, END),
    "first-half": (1, 15),
    "second-half": (16, END),
}
_DAYS_OF_WEEK_PART = {"start": (0, 1), "middle": (2, 3), "end": (5, 6)}  # from Monday on
_MONTHS_OF_PART = {  # from the first month on
    "quarter": {"start": (0, 0), "middle": (1, 1), "end": (2, 2)},
    "year": {"start": (0, 2), "middle": (3, 8), "end": (9, 11)},
}


def find_only_year(plan_years: PlanYears) -> int | None:
    """Return the year of a plan of one year; None for others."""
    if isinstance(plan_years, tuple):
        return plan_years[0] if plan_years[0] == plan_years[1] else None
    return plan_years


def make_day(year: int | None, month: int | None, day: int) -> date | None:
    """Return the day, END being the month's last; None if the calendar has no such day."""
    if year is None or month is None or not (1 <= month <= 12 and 1 <= year <= 9999 and day >= 1):
        return None
    length = _count_days(year, month)
    if day == END:
        day = length
    return date(year, month, day) if day <= length else None


def find_month_end(year: int, month: int) -> date:
    """Return the last day of the month."""
    return date(year, month, _count_days(year, month))


@lru_cache(maxsize=1024)
def _count_days(year: int, month: int) -> int:
    """Return how many days the month has."""
    return calendar.monthrange(year, month)[1]


def find_week(day: date) -> tuple[date, date]:
    """Return Monday and Sunday of the day's week."""
    monday = day - timedelta(days=day.weekday())
    return monday, monday + timedelta(days=6)


def add_months(day: date, count: int) -> date:
    """Return the same day `count` months on, at most the month's last (Bộ luật Dân sự, Điều 147).

    Raise ValueError beyond the years of `date`.
    """
    return day + relativedelta(months=count)


def move_day(day: date, count: int, unit: str) -> date | None:
    """Return `day` moved by `count` days, weeks, months, quarters or years.

    Return None for hours and for days beyond the calendar.
    """
    try:
        if unit in DAYS_OF_UNIT:
            return day + timedelta(days=count * DAYS_OF_UNIT[unit])
        return None if unit == "hour" else add_months(day, count * MONTHS_OF_UNIT[unit])
    except (OverflowError, ValueError):  # a count of thousands of years
        return None


def find_period_around(day: date, unit: str) -> tuple[date, date] | None:
    """Return the week, month, quarter or year that holds `day`; None for other units."""
    if unit == "week":
        return find_week(day)
    if unit == "month":
        return day.replace(day=1), find_month_end(day.year, day.month)
    if unit == "quarter":
        last = (day.month + 2) // 3 * 3
        return date(day.year, last - 2, 1), find_month_end(day.year, last)
    return (date(day.year, 1, 1), date(day.year, 12, 31)) if unit == "year" else None


_ENDS = {"first-day": 0, "last-day": 1}


def find_days_of_part(whole: tuple[date, date], unit: str, part: str) -> tuple[date, date]:
    """Return the start, middle, end, first or last day of a whole month, week, quarter or year.

    A month has parts of ten days, a week its first days, its middle and its weekend, a quarter its
    months, a year its first and last quarter and what is between (docs/dev/questions.md rule 3).
    """
    first, last = whole
    if part in _ENDS:
        day = whole[_ENDS[part]]
        return day, day
    if unit == "month":
        a, b = DAYS_OF_MONTH_PART[part]
        return first.replace(day=a), last if b == END else first.replace(day=b)
    if unit == "week":
        a, b = _DAYS_OF_WEEK_PART[part]
        return first + timedelta(days=a), first + timedelta(days=b)
    a, b = _MONTHS_OF_PART["quarter" if unit == "quarter" else "year"][part]
    return add_months(first, a), add_months(first, b + 1) - timedelta(days=1)
