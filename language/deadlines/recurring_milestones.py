"""What comes back made a milestone: its rhythm, the years in which it does, its last days (deadlines.md rules 5 and 6).

Not for the calendar of rhythms: that is `deadline_recurrence`.
"""

from dataclasses import dataclass
from datetime import date

from language.deadlines.context import Context, doubt_text
from language.deadlines.items import Item
from language.deadlines.one_time_milestones import edge_doubt
from language.deadlines.recurrence import MONTHS, Repeat, last_days, rrule_of
from language.milestones import Every, Milestone
from language.times.spans import END, add_months


def recurring(item: Item, what: str | None, context: Context) -> Milestone:
    """What comes back, with its last days in the plan's years, those before the day of issue left out."""
    repeat, month, day, shift, before = _occurrence(item)
    years = _bounded_years(item, context)
    doubt = None
    days: list[date] = []
    if years is None:
        doubt = "no_year"
    else:
        every_day = last_days(repeat, years, month=month, day=day, shift=shift, before=before)
        if item.last_working:
            every_day = [context.days_off().working_on_or_before(d) for d in every_day]
        bounded = [d for d in every_day if _between(d, item, shift, context)]
        days = [d for d in bounded if not context.issued_on or d >= context.issued_on]
        doubt = _doubt_of(item) if days else "past"
    if repeat.days == 7:  # a week may begin in the year before
        days = [d for d in days if years and d.year <= years[1]]
    every: Every | None = repeat.every
    return Milestone(
        what=what,
        kind="recurring",
        every=every,
        last_days=tuple(sorted(days)),
        rrule=rrule_of(sorted(days), every),
        at=item.at,
        doubt=doubt_text(doubt) if doubt else None,
    )


@dataclass(frozen=True, slots=True)
class _Refers:
    """What the references of a time add up to: a unit, a month in it, months and years to move on."""

    unit: str | None
    month: int | None
    months: int
    years: int


def _refers(item: Item) -> _Refers:
    unit: str | None = None
    month: int | None = None
    months = years = 0
    for ref in item.refs:
        if ref.form["unit"] == "year":
            years += ref.form.get("shift", 0)
        else:
            months += ref.form.get("shift", 0)
        if unit is None or unit == "year":
            unit, month = ref.form["unit"], ref.form.get("month", month)
    return _Refers(unit, month, months, years)


def _occurrence(item: Item) -> tuple[Repeat, int | None, int, int, bool]:
    """(rhythm, month in it, day, months to move on, whether the day is exclusive) of what comes back."""
    before = (item.until_role if item.until else item.role) == "before" and not item.at
    if item.kind == "every" and item.repeat:
        return item.repeat, None, END, 0, before and item.repeat.days > 0
    refers = _refers(item)
    span = item.until or item.spans[0]
    shift = refers.months + 12 * refers.years
    month, day = (span.first_month, span.first_day) if before else (span.last_month, span.last_day)
    if span.has_month:
        turned = (
            item.until is not None
            and not refers.years
            and not item.begun_before
            and (item.span.first_month or 0) > (span.last_month or 0)
        )
        return Repeat(months=12), month, day, shift + 12 * turned, before
    if refers.unit and (refers.unit != "year" or refers.month):
        return Repeat(months=MONTHS[refers.unit]), refers.month, day, shift, before
    return item.repeat or Repeat(months=12), refers.month, day, shift, before


def _doubt_of(item: Item) -> str | None:
    if item.role == "after":
        return "after"
    return "working_day" if item.last_working else edge_doubt(item)


def _between(day: date, item: Item, shift: int, context: Context) -> bool:
    """Whether an occurrence lies in what its rhythm is bounded by ("hằng tuần từ tháng 3", "từ tháng 3 đến tháng 10").

    Bounds without a year are those of the plan's year, in a plan of several years of each year. What is due `shift`
    months on is so behind the last bound, too.
    """
    begin, end = item.within
    first = begin.days(context.only_year or day.year) if begin else None
    last = end.days(context.only_year or day.year) if end else None
    if first and not end and begin and not begin.has_year and context.only_year is None:
        return True  # "từ tháng 3" of which year is not said: nothing is left out
    return (not first or day >= first[0]) and (not last or day <= add_months(last[1], max(0, shift)))


def _bounded_years(item: Item, context: Context) -> tuple[int, int] | None:
    """The years in which something comes back: those said with it, else the plan's."""
    first, last = item.years
    if context.years is None:
        return (first, last) if first and last else None
    first, last = first or min(context.years[0], last or context.years[0]), last or context.years[1]
    return first, max(first, last)
