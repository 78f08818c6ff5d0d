"""What comes back made a milestone: its rhythm, the years in which it does, its last days (deadlines.md rules 5 and 6).

Not for the calendar of rhythms: that is `deadline_recurrence`.
"""

from dataclasses import dataclass
from datetime import date

from language.deadlines.context import DeadlineContext, get_doubt_text
from language.deadlines.items import Item
from language.deadlines.one_time_milestones import find_edge_doubt
from language.deadlines.recurrence import MONTHS_OF_UNIT, Repeat, list_last_days, make_rrule
from language.milestones import Every, Milestone
from language.times.spans import END, add_months


def make_recurring_milestone(item: Item, what: str | None, context: DeadlineContext) -> Milestone:
    """What comes back, with its last days in the plan's years, those before the day of issue left out."""
    repeat, month, day, shift, before = _find_occurrence(item)
    years = _find_years(item, context)
    doubt = None
    days: list[date] = []
    if years is None:
        doubt = "no_year"
    else:
        every_day = list_last_days(repeat, years, month=month, day=day, shift=shift, before=before)
        if item.is_last_working_day:
            every_day = [context.get_calendar().working_day_on_or_before(d) for d in every_day]
        bounded = [d for d in every_day if _is_within_bounds(d, item, shift, context)]
        days = [d for d in bounded if not context.issued_on or d >= context.issued_on]
        doubt = _find_doubt(item) if days else "past"
    if repeat.days == 7:  # a week may begin in the year before
        days = [d for d in days if years and d.year <= years[1]]
    every: Every | None = repeat.unit_word
    return Milestone(
        what=what,
        kind="recurring",
        every=every,
        last_days=tuple(sorted(days)),
        rrule=make_rrule(sorted(days), every),
        at=item.at,
        doubt=get_doubt_text(doubt) if doubt else None,
    )


@dataclass(frozen=True, slots=True)
class _ReferenceSum:
    """What the references of a time add up to: a unit, a month in it, months and years to move on."""

    unit: str | None
    month: int | None
    months: int
    years: int


def _sum_references(item: Item) -> _ReferenceSum:
    unit: str | None = None
    month: int | None = None
    months = years = 0
    for ref in item.references:
        if ref.form["unit"] == "year":
            years += ref.form.get("shift", 0)
        else:
            months += ref.form.get("shift", 0)
        if unit is None or unit == "year":
            unit, month = ref.form["unit"], ref.form.get("month", month)
    return _ReferenceSum(unit, month, months, years)


def _find_occurrence(item: Item) -> tuple[Repeat, int | None, int, int, bool]:
    """(rhythm, month in it, day, months to move on, whether the day is exclusive) of what comes back."""
    before = (item.until_role if item.until else item.role) == "before" and not item.at
    if item.kind == "every" and item.repeat:
        return item.repeat, None, END, 0, before and item.repeat.days > 0
    refers = _sum_references(item)
    span = item.until or item.spans[0]
    shift = refers.months + 12 * refers.years
    month, day = (span.first_month, span.first_day) if before else (span.last_month, span.last_day)
    if span.has_month:
        turned = (
            item.until is not None
            and not refers.years
            and not item.starts_year_before
            and (item.first_span.first_month or 0) > (span.last_month or 0)
        )
        return Repeat(months=12), month, day, shift + 12 * turned, before
    if refers.unit and (refers.unit != "year" or refers.month):
        return Repeat(months=MONTHS_OF_UNIT[refers.unit]), refers.month, day, shift, before
    return item.repeat or Repeat(months=12), refers.month, day, shift, before


def _find_doubt(item: Item) -> str | None:
    if item.role == "after":
        return "after"
    return "working_day" if item.is_last_working_day else find_edge_doubt(item)


def _is_within_bounds(day: date, item: Item, shift: int, context: DeadlineContext) -> bool:
    """Whether an occurrence lies in what its rhythm is bounded by ("hằng tuần từ tháng 3", "từ tháng 3 đến tháng 10").

    Bounds without a year are those of the plan's year, in a plan of several years of each year. What is due `shift`
    months on is so behind the last bound, too.
    """
    begin, end = item.within
    first = begin.find_days(context.only_year or day.year) if begin else None
    last = end.find_days(context.only_year or day.year) if end else None
    if first and not end and begin and not begin.has_year and context.only_year is None:
        return True  # "từ tháng 3" of which year is not said: nothing is left out
    return (not first or day >= first[0]) and (
        not last or day <= add_months(last[1], max(0, shift))
    )


def _find_years(item: Item, context: DeadlineContext) -> tuple[int, int] | None:
    """The years in which something comes back: those said with it, else the plan's."""
    first, last = item.years
    if context.years is None:
        return (first, last) if first and last else None
    first, last = first or min(context.years[0], last or context.years[0]), last or context.years[1]
    return first, max(first, last)
