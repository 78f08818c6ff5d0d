"""When something comes back: its last days, and the RFC 5545 rule that says the same.

See docs/dev/deadlines.md rules 5 and 6. Not for reading text.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

from language.milestones import Every, Milestone
from language.times.periods import DAYS_OF_UNIT, END, MONTHS_OF_UNIT, find_month_end

UNIT_OF_MONTHS: dict[int, Every] = {1: "month", 3: "quarter", 6: "half-year", 12: "year"}
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
        """The word of the plan format; None for a step without one (every two months)."""
        if self.days:
            return "week" if self.days == 7 else "day"
        return UNIT_OF_MONTHS.get(self.months)


def list_last_days(
    repeat: Repeat,
    years: tuple[int, int],
    *,
    month: int | None,
    day: int,
    shift: int,
    before: bool,
) -> list[date]:
    """Return the last day of every occurrence in the years from `years[0]` to `years[1]`.

    `month` counts within the step: of a quarter 3 is the last month, 4 the month after it. `day` is
    the named day of that month, END its last one. `shift` moves whole months on ("của tháng sau");
    with `before` the named day is exclusive.
    """
    if repeat.days:
        return list(_iterate_days(repeat, years, before))
    step = repeat.months
    found = []
    for index in range(years[0] * 12, years[1] * 12 + 13 - step, step):  # whole steps
        year, zero = divmod(index + (month or step) - 1 + shift, 12)
        found.append(_find_last_day(year, zero + 1, day, before))
    return found


def _find_last_day(year: int, month: int, day: int, before: bool) -> date:
    """Return the last day of "ngày D" or "trước ngày D", at most the last day of the month."""
    end = find_month_end(year, month)
    exclusive = before and (day == END or day <= end.day)
    return end.replace(day=min(day, end.day)) - timedelta(days=exclusive)


def _iterate_days(repeat: Repeat, years: tuple[int, int], before: bool) -> Iterator[date]:
    day, end = date(years[0], 1, 1), date(years[1], 12, 31)
    if repeat.days == 7:
        weekday = 6 if repeat.weekday is None else repeat.weekday
        day += timedelta(days=(weekday - day.weekday()) % 7)
    while day <= end:
        yield day - timedelta(days=1) if before and repeat.days == 7 else day
        day += timedelta(days=repeat.days)


def make_rrule(days: Iterable[date], every: Every | None) -> str | None:
    """Return the RFC 5545 rule whose expansion is `days` (ascending); None for no days.

    DTSTART and UNTIL are the first and the last day. Days at uneven steps are written as RDATE.
    """
    ascending = list(days)
    if not ascending:
        return None
    head = f"DTSTART:{ascending[0]:%Y%m%d}T000000"
    rule = _make_rule(ascending, every)
    if rule is None:
        return head + "\nRDATE:" + ",".join(f"{day:%Y%m%d}T000000" for day in ascending)
    return f"{head}\nRRULE:FREQ={rule};UNTIL={ascending[-1]:%Y%m%d}T000000"


def _make_rule(days: list[date], every: Every | None) -> str | None:
    """Return the FREQ part of the rule; None if no rule gives exactly `days`."""
    step = every or (guess_every(days) if len(days) > 1 else "year")
    if step in DAYS_OF_UNIT:
        if any((b - a).days != DAYS_OF_UNIT[step] for a, b in pairwise(days)):
            return None
        by_day = f";BYDAY={_WEEKDAYS[days[0].weekday()]}" if step == "week" else ""
        return _FREQUENCIES[step] + by_day
    length = MONTHS_OF_UNIT[step] if step else _count_months_between(days[0], days[1])
    if not length or any(_count_months_between(a, b) != length for a, b in pairwise(days)):
        return None
    frequency = _FREQUENCIES[step] if step else f"MONTHLY;INTERVAL={length}"
    by_month = f";BYMONTH={days[0].month}" if step == "year" else ""
    month_day = _make_month_day(days)
    return f"{frequency}{by_month};{month_day}" if month_day else None


def _make_month_day(days: list[date]) -> str | None:
    """Return the part of a rule that names the day of the month: "BYMONTHDAY=-1"."""
    named = max(day.day for day in days)
    if all(day.day == named for day in days) and not (len(days) > 1 and named > 28):
        return f"BYMONTHDAY={named}"
    if all(day == find_month_end(day.year, day.month) for day in days):
        return "BYMONTHDAY=-1"
    if all(day.day == min(named, find_month_end(day.year, day.month).day) for day in days):
        choices = ",".join(str(number) for number in range(28, named + 1))
        return f"BYMONTHDAY={choices};BYSETPOS=-1"
    return None


def _count_months_between(a: date, b: date) -> int:
    return (b.year - a.year) * 12 + b.month - a.month


def guess_every(days: list[date]) -> Every | None:
    """Return the step between `days` (ascending); None if it is uneven or there are under two."""
    gaps = {(b - a).days for a, b in pairwise(days)}
    if gaps == {1}:
        return "day"
    if gaps == {7}:
        return "week"
    steps = {_count_months_between(a, b) for a, b in pairwise(days)}
    if len(steps) != 1:
        return None
    named = max(day.day for day in days)
    same = all(day.day == named or day == find_month_end(day.year, day.month) for day in days)
    return UNIT_OF_MONTHS.get(steps.pop()) if same else None


def complete_milestone(milestone: Milestone) -> Milestone:
    """Return `milestone` with what can be computed from the rest (docs/dev/plan-format.md).

    The `printed_day` of a date is its last day; what comes back gets its `rrule`, and `every` if
    its last days have one step.
    """
    changes: dict[str, object] = {}
    if milestone.kind == "date" and milestone.printed_day is None and milestone.last_day:
        changes["printed_day"] = milestone.last_day
    if milestone.kind == "recurring":
        days = sorted(milestone.last_days)
        every = milestone.every or guess_every(days)
        rrule = milestone.rrule or make_rrule(days, every)
        changes |= {"last_days": tuple(days), "every": every, "rrule": rrule}
    return milestone.model_copy(update=changes) if changes else milestone
