"""Reads a period of reporting in what people write: "tháng 11", "quý này", "6 tháng đầu năm"."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta

from handlers.conversation import words
from handlers.conversation.words import TypedText
from language.times.numbers import read_number_words
from language.times.spans import read_quarter
from models.queries.periods import Period, PeriodKind, find_period, make_period

DAYS_AHEAD = 183  # what is further ahead is meant of the year before
DAYS_FOR_LAST_MONTH = 3  # of a month, in which people still report on the one before

_SPOKEN = {
    "tuan": PeriodKind.WEEK,
    "thang": PeriodKind.MONTH,
    "quy": PeriodKind.QUARTER,
    "nam": PeriodKind.YEAR,
}


def read_period(typed: TypedText, today: date) -> tuple[Period | None, TypedText]:
    """Return the period that a text names, and the text without it; None if it names none.

    A month or quarter without a year is this year's, or last year's if it is half a year ahead.
    """
    for name, make in _READERS.items():
        match = typed.search(words.get_pattern("periods", name))
        if match is not None:
            period = make(match, today)
            if period is not None:
                return period, typed.remove_match(match)
    return None, typed


def _make_relative(match: re.Match[str], today: date) -> Period | None:
    period = find_period(_SPOKEN[match[1]], today)
    return period if match[2] == "nay" else period.previous


def _make_nine_months(match: re.Match[str], today: date) -> Period | None:
    return _find_nearest(PeriodKind.NINE_MONTHS, 1, match[1], today)


def _make_half(match: re.Match[str], today: date) -> Period | None:
    if match[1] is None and match[2] is None:
        return find_period(PeriodKind.HALF, today)
    return _find_nearest(PeriodKind.HALF, 2 if match[1] == "cuoi" else 1, match[2], today)


def _make_quarter(match: re.Match[str], today: date) -> Period | None:
    return _find_nearest(PeriodKind.QUARTER, read_quarter(match[1]) or 1, match[2], today)


def _make_month(match: re.Match[str], today: date) -> Period | None:
    return _find_nearest(PeriodKind.MONTH, int(match[1]), match[2], today)


def _make_spoken_month(match: re.Match[str], today: date) -> Period | None:
    number = read_number_words(match[1])
    return _find_nearest(PeriodKind.MONTH, number, match[2], today) if number else None


def _make_year(match: re.Match[str], today: date) -> Period | None:
    return make_period(PeriodKind.YEAR, int(match[1]))


def _make_bare_year(match: re.Match[str], today: date) -> Period | None:
    return find_period(PeriodKind.YEAR, today)


def _find_nearest(kind: PeriodKind, number: int, year: str | None, today: date) -> Period | None:
    """Return the period of this number; without a year, this year's or, if far off, the last."""
    try:
        if year is not None:
            return make_period(kind, int(year), number)
        period = make_period(kind, today.year, number)
        is_near = period.first <= today + timedelta(days=DAYS_AHEAD)
        return period if is_near else make_period(kind, today.year - 1, number)
    except ValueError:
        return None


def find_month(today: date) -> Period:
    """Return the month to report on when none is named.

    In the first days of a month that is the month before.
    """
    return find_period(PeriodKind.MONTH, today - timedelta(days=DAYS_FOR_LAST_MONTH))


_READERS: dict[str, Callable[[re.Match[str], date], Period | None]] = {
    "relative": _make_relative,
    "nine_months": _make_nine_months,
    "half": _make_half,
    "quarter": _make_quarter,
    "spoken_month": _make_spoken_month,
    "month": _make_month,
    "year": _make_year,
    "bare_year": _make_bare_year,
}
