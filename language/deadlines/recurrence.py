"""Occurrences of what comes back: which last days, in which years, and the RFC 5545 rule that says the same.

Not for reading text; deadlines.md rules 5 and 6.
"""

import calendar
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

from language.milestones import Every, Milestone
from language.times.spans import END, find_month_end

MONTHS_OF_UNIT = {"month": 1, "quarter": 3, "half-year": 6, "year": 12}
_FREQUENCIES: dict[str, str] = {
    "day": "DAILY",
    "week": "WEEKLY",
    "month": "MONTHLY",
    "quarter": "MONTHLY;INTERVAL=3",
    "half-year": "MONTHLY;INTERVAL=6",
    "year": "YEARLY",
}
_WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")


@dataclass(frozen=True, slots=True)
class Repeat:
    """How often: every `months` months, or every `days` days (1 or 7); `weekday` 0 is Monday."""

    months: int = 0
    days: int = 0
    weekday: int | None = None

    @property
    def unit_word(self) -> Every | None:
        """The word of the plan format; None for a step that it has no word for (every two months)."""
        if self.days:
            return "week" if self.days == 7 else "day"
        words: dict[int, Every] = {1: "month", 3: "quarter", 6: "half-year", 12: "year"}
        return words.get(self.months)


def list_last_days(
    repeat: Repeat,
    years: tuple[int, int],
    *,
    month: int | None = None,
    day: int = END,
    shift: int = 0,
    before: bool = False,
) -> list[date]:
    """The last days of every occurrence in the plan's years.

    `month` counts within the step (3 of a quarter is its last month, 4 the month after it), `day` is the named day of
    it (END the last), `shift` moves whole months on ("của tháng sau"), `before` makes the day exclusive.
    """
    if repeat.days:
        return list(_iterate_days(repeat, years, before))
    step = repeat.months
    found = []
    for index in range(years[0] * 12, years[1] * 12 + 12, step):
        year, zero = divmod(index + (month or step) - 1 + shift, 12)
        found.append(_find_last_day(year, zero + 1, day, before))
    return found


def _find_last_day(year: int, month: int, day: int, before: bool) -> date:
    """The last day for "ngày D" or "trước ngày D"; where the month has no day D, its last day."""
    length = calendar.monthrange(year, month)[1]
    if before and day <= length:
        return date(year, month, day) - timedelta(days=1)
    if before and day == END:
        return date(year, month, length - 1)
    return date(year, month, min(day, length))


def _iterate_days(repeat: Repeat, years: tuple[int, int], before: bool) -> Iterator[date]:
    day, end = date(years[0], 1, 1), date(years[1], 12, 31)
    if repeat.days == 7:
        weekday = 6 if repeat.weekday is None else repeat.weekday
        day += timedelta(days=(weekday - day.weekday()) % 7)
    while day <= end:
        yield day - timedelta(days=1) if before and repeat.days == 7 else day
        day += timedelta(days=repeat.days)


def make_rrule(days: Iterable[date], every: Every | None) -> str | None:
    """The RFC 5545 rule whose expansion is `days` (ascending), with DTSTART and UNTIL; None for no days.

    Days that follow no rhythm are written as RDATE, which says them exactly.
    """
    known = list(days)
    if not known:
        return None
    head = f"DTSTART:{known[0]:%Y%m%d}T000000"
    rule = _make_rule(known, every)
    if rule is None:
        return head + "\nRDATE:" + ",".join(f"{day:%Y%m%d}T000000" for day in known)
    return f"{head}\nRRULE:FREQ={rule};UNTIL={known[-1]:%Y%m%d}T000000"


def _make_rule(days: list[date], every: Every | None) -> str | None:
    step = every or (guess_every(days) if len(days) > 1 else "year")
    if step in ("day", "week"):
        length = 7 if step == "week" else 1
        even = all((b - a).days == length for a, b in pairwise(days))
        return (
            (_FREQUENCIES[step] + (f";BYDAY={_WEEKDAYS[days[0].weekday()]}" if length == 7 else ""))
            if even
            else None
        )
    length = MONTHS_OF_UNIT[step] if step else _find_month_step(days)
    if not length or any(_count_months_between(a, b) != length for a, b in pairwise(days)):
        return None
    frequency = _FREQUENCIES[step] if step else f"MONTHLY;INTERVAL={length}"
    by_month = f";BYMONTH={days[0].month}" if step == "year" else ""
    wanted = max(day.day for day in days)
    if all(day.day == wanted for day in days) and not (len(days) > 1 and wanted > 28):
        return f"{frequency}{by_month};BYMONTHDAY={wanted}"
    if all(day == find_month_end(day.year, day.month) for day in days):
        return f"{frequency}{by_month};BYMONTHDAY=-1"
    if all(day.day == min(wanted, calendar.monthrange(day.year, day.month)[1]) for day in days):
        choices = ",".join(str(number) for number in range(28, wanted + 1))
        return f"{frequency}{by_month};BYMONTHDAY={choices};BYSETPOS=-1"
    return None


def _count_months_between(a: date, b: date) -> int:
    return (b.year - a.year) * 12 + b.month - a.month


def _find_month_step(days: list[date]) -> int:
    return _count_months_between(days[0], days[1]) if len(days) > 1 else 0


def guess_every(days: list[date]) -> Every | None:
    """The rhythm of `days` (ascending, at least two) where it is exact; None where it is not."""
    if len(days) < 2:
        return None
    gaps = {(b - a).days for a, b in pairwise(days)}
    if gaps in ({1}, {7}):
        return "day" if gaps == {1} else "week"
    steps = {_count_months_between(a, b) for a, b in pairwise(days)}
    names: dict[int, Every] = {1: "month", 3: "quarter", 6: "half-year", 12: "year"}
    every = names.get(steps.pop()) if len(steps) == 1 else None
    wanted = max(day.day for day in days)
    same = all(day.day == wanted or day == find_month_end(day.year, day.month) for day in days)
    return every if same else None


def complete_milestone(milestone: Milestone) -> Milestone:
    """`milestone` with what the program works out itself where it is missing (plan-format.md).

    A date's `printed_day` falls back to its last day; a recurring one gets its `rrule`, and `every` where the rhythm of
    its last days is exact.
    """
    changes: dict[str, object] = {}
    if milestone.kind == "date" and milestone.printed_day is None and milestone.last_day:
        changes["printed_day"] = milestone.last_day
    if milestone.kind == "recurring" and milestone.last_days:
        days = sorted(milestone.last_days)
        every = milestone.every or guess_every(days)
        changes |= {
            "last_days": tuple(days),
            "every": every,
            "rrule": milestone.rrule or make_rrule(days, every),
        }
    return milestone.model_copy(update=changes) if changes else milestone
