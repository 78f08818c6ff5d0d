"""Periods of reporting: weeks, months, quarters, halves and years, and how they are written."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from language.times.periods import find_month_end

_WRITTEN = re.compile(r"(\d{4})(?:-(?:(\d{1,2})|[Qq]([1-4])|[Hh]([12])))?")


class PeriodKind(StrEnum):
    """How long a period of reporting is."""

    WEEK = "week"
    MONTH = "month"
    QUARTER = "quarter"
    HALF = "half"
    NINE_MONTHS = "nine-months"
    YEAR = "year"


_MONTHS = {
    PeriodKind.MONTH: 1,
    PeriodKind.QUARTER: 3,
    PeriodKind.HALF: 6,
    PeriodKind.NINE_MONTHS: 9,
    PeriodKind.YEAR: 12,
}


@dataclass(frozen=True)
class Period:
    """A week, month, quarter, half or year; the first nine months of a year count as one, too."""

    kind: PeriodKind
    first: date

    @property
    def last(self) -> date:
        """The last day of the period."""
        if self.kind is PeriodKind.WEEK:
            return self.first + timedelta(days=6)
        return find_month_end(self.first.year, self.first.month + _MONTHS[self.kind] - 1)

    @property
    def number(self) -> int:
        """Which of its kind in the year it is, from 1; a week has its ISO number."""
        if self.kind is PeriodKind.WEEK:
            return self.first.isocalendar().week
        return (self.first.month - 1) // _MONTHS[self.kind] + 1

    @property
    def previous(self) -> Period:
        """The period of the same kind before this one; of nine months, those of the year before."""
        if self.kind is PeriodKind.NINE_MONTHS:
            return Period(self.kind, date(self.first.year - 1, 1, 1))
        return find_period(self.kind, self.first - date.resolution)

    @property
    def year_before(self) -> Period:
        """The same period of the year before; of a week, the one 52 weeks before."""
        if self.kind is PeriodKind.WEEK:
            return Period(self.kind, self.first - timedelta(weeks=52))
        return Period(self.kind, self.first.replace(year=self.first.year - 1))

    @property
    def following(self) -> Period:
        """The period of the same kind after this one; after nine months, the last quarter."""
        if self.kind is PeriodKind.NINE_MONTHS:
            return find_period(PeriodKind.QUARTER, self.last + date.resolution)
        return find_period(self.kind, self.last + date.resolution)


def find_period(kind: PeriodKind, day: date) -> Period:
    """Return the period of this kind that holds `day`."""
    if kind is PeriodKind.WEEK:
        return Period(kind, day - timedelta(days=day.weekday()))
    months = _MONTHS[kind]
    start = 1 if kind is PeriodKind.NINE_MONTHS else (day.month - 1) // months * months + 1
    return Period(kind, date(day.year, start, 1))


def make_period(kind: PeriodKind, year: int, number: int = 1) -> Period:
    """Return the period `number` (from 1) of this kind of a year. Raises ValueError."""
    if kind is PeriodKind.WEEK:
        return Period(kind, date.fromisocalendar(year, number, 1))
    return Period(kind, date(year, (number - 1) * _MONTHS[kind] + 1, 1))


def parse_period(text: str) -> Period | None:
    """Parse a period as the command line takes it: 2026-11, 2026-Q4, 2026-H1, 2026."""
    match = _WRITTEN.fullmatch(text.strip())
    if match is None:
        return None
    year, month, quarter, half = match.groups()
    kinds = ((PeriodKind.MONTH, month), (PeriodKind.QUARTER, quarter), (PeriodKind.HALF, half))
    kind, number = next(((k, n) for k, n in kinds if n), (PeriodKind.YEAR, "1"))
    try:
        return make_period(kind, int(year), int(number))
    except ValueError:
        return None
