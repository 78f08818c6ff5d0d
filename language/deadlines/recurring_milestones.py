"""Milestones of what comes back: how often, in which years, its last days.

See docs/dev/deadlines.md rules 5 and 6. The days of a repeat are worked out by `recurrence`.
"""

from datetime import date, timedelta
from typing import NamedTuple

from language.deadlines.context import DeadlineContext, get_doubt_text, make_doubtful_milestone
from language.deadlines.items import MIDNIGHT, Item
from language.deadlines.one_time_milestones import find_edge_doubt, find_working_day
from language.deadlines.recurrence import Repeat, list_last_days, make_rrule
from language.milestones import Milestone
from language.times.periods import END, MONTHS_OF_UNIT, add_months


class _Occurrence(NamedTuple):
    """The day of each step: `day` of the `month` within it, moved on by `shift` months."""

    repeat: Repeat
    month: int | None
    day: int
    shift: int
    before: bool  # the day is exclusive

    def count_months_behind(self) -> int:
        """Return how many months behind its period the day is: "tháng đầu quý sau"."""
        step = self.repeat.months
        return max(0, self.shift) + max(0, (self.month or step) - step)


class _ReferenceSum(NamedTuple):
    """The references of a time: a unit, a month in it, months and years to move on."""

    unit: str | None
    month: int | None
    months: int
    years: int


def make_recurring_milestone(item: Item, what: str | None, context: DeadlineContext) -> Milestone:
    """Return what comes back, with its last days from the day of issue on.

    Without such a day it is a `regulation` with a doubt.
    """
    years = _find_years(item, context)
    if years is None:
        return make_doubtful_milestone("no_year", what)
    occurrence = _find_occurrence(item)
    days = _list_days(item, occurrence, years, context)
    if not days:  # what comes back has days: this one is to be looked at
        return make_doubtful_milestone("past", what)
    every, doubt = occurrence.repeat.unit_word, _find_doubt(item)
    return Milestone(
        what=what,
        kind="recurring",
        every=every,
        last_days=tuple(days),
        rrule=make_rrule(days, every),
        at=item.at,
        doubt=get_doubt_text(doubt) if doubt else None,
    )


def _list_days(
    item: Item, occurrence: _Occurrence, years: tuple[int, int], context: DeadlineContext
) -> list[date]:
    days = list_last_days(
        occurrence.repeat,
        years,
        month=occurrence.month,
        day=occurrence.day,
        shift=occurrence.shift,
        before=occurrence.before and not item.working_ordinal,
    )
    if item.weekday is not None:
        days = [day - timedelta((day.weekday() - item.weekday) % 7) for day in days]
    if item.working_ordinal:
        days = [find_working_day(day, item.working_ordinal, context) for day in days]
        days = [day - timedelta(days=1) for day in days] if occurrence.before else days
    if any(item.within):
        ends = _list_period_ends(occurrence, years) or days
        behind = occurrence.count_months_behind()
        days = [
            day
            for day, end in zip(days, ends, strict=True)
            if _is_within_bounds(day, min(day, end), item, behind, context)
        ]
    return [day for day in days if not context.issued_on or day >= context.issued_on]


def _list_period_ends(occurrence: _Occurrence, years: tuple[int, int]) -> list[date]:
    """Return the last day of the period of each occurrence; none for days and weeks.

    That of "hằng tháng, ngày 10 của tháng sau" is the last day of the month before.
    """
    if occurrence.repeat.days:
        return []
    return list_last_days(occurrence.repeat, years, month=None, day=END, shift=0, before=False)


def _sum_references(item: Item) -> _ReferenceSum:
    unit: str | None = None
    month: int | None = None
    months = years = 0
    for ref in item.references:
        if ref.form["unit"] == "year":
            years += ref.form["shift"]
        else:
            months += ref.form["shift"]
        if unit is None or unit == "year":
            unit, month = ref.form["unit"], ref.form.get("month", month)
    return _ReferenceSum(unit, month, months, years)


def _find_occurrence(item: Item) -> _Occurrence:
    """Return how an item comes back.

    A day with its month comes back yearly; a day alone by the unit that it refers to ("của tháng
    cuối quý"), else by the item's repeat.
    """
    before = (item.until_role if item.until else item.role) == "before"
    before = before and item.at in (None, MIDNIGHT)
    if item.is_every and item.repeat:
        return _Occurrence(item.repeat, None, END, 0, before and item.repeat.days > 0)
    refers = _sum_references(item)
    span = item.until or item.first_span
    shift = refers.months + 12 * refers.years + item.period_shift
    month, day = (span.first_month, span.first_day) if before else (span.last_month, span.last_day)
    if span.has_month:
        if item.until and not refers.years and not item.starts_year_before:
            turns = (item.first_span.first_month or 0) > (span.last_month or 0)
            shift += 12 * turns  # "từ tháng 11 đến tháng 2": the end is in the year after
        return _Occurrence(Repeat(months=12), month, day, shift, before)
    repeat = item.repeat or Repeat(months=12)
    behind = refers.unit == "month" and refers.months > 0 and item.repeat  # of its own period
    if refers.unit and (refers.unit != "year" or refers.month) and not behind:
        repeat = Repeat(months=MONTHS_OF_UNIT[refers.unit])
    month = refers.month or (1 if item.is_start else None)
    return _Occurrence(repeat, month, day, shift, before)


def _find_doubt(item: Item) -> str | None:
    if item.role == "after":
        return "after"
    return "working_day" if item.working_ordinal else find_edge_doubt(item)


def _is_within_bounds(
    day: date, period_end: date, item: Item, behind: int, context: DeadlineContext
) -> bool:
    """Return whether a day lies within the bounds of its repeat: "hằng tuần từ tháng 3".

    Bounds without a year are those of the plan's year, in a plan of several years of each year.
    What is due `behind` months behind its period, which ends on `period_end`, begins with the
    period of the first bound, and may be that much behind the last one.
    """
    begin, end = item.within
    year = context.only_year or day.year
    first = begin.find_days(year) if begin else None
    last = end.find_days(year) if end else None
    if begin and not end and not begin.has_year and context.only_year is None:
        return True  # "từ tháng 3" in a plan of several years: nothing says in which
    if first and period_end < first[0]:
        return False
    return not last or day <= add_months(last[1], behind)


def _find_years(item: Item, context: DeadlineContext) -> tuple[int, int] | None:
    """Return the years in which something comes back: its own ("từ năm 2027"), else the plan's.

    A repeat may refer to another year: "hằng quý của năm sau".
    """
    first, last = item.years
    if context.years is None:
        return (first, last) if first and last else None
    moved = _sum_references(item).years if item.is_every else 0
    first = first or min(context.years[0], last or context.years[0]) + moved
    return first, max(first, last or context.years[1] + moved)
