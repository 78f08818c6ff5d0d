"""A time that comes once made a milestone: a date, a period, a range, what begins on a day (deadlines.md rules 1 to 3).

Not for what comes back: that is `deadline_occurrences`.
"""

from collections.abc import Iterator
from datetime import date, timedelta

from language.deadlines.context import DeadlineContext, get_doubt_text, make_doubtful_milestone
from language.deadlines.items import Item
from language.milestones import Milestone
from language.times.spans import END, Span


def make_one_time_milestones(
    item: Item, what: str | None, context: DeadlineContext
) -> Iterator[Milestone]:
    """A time that comes once: a date, a period, or what begins on a day and goes on."""
    year = context.only_year or (
        context.years[0] if context.years and item.role == "from" else None
    )
    if year is None and not (item.first_span.has_year or (item.until and item.until.has_year)):
        yield make_doubtful_milestone("no_year", what)
        return
    if item.until:
        yield _make_range_milestone(item, item.until, what, year)
        return
    days = item.first_span.find_days(year or 0)
    if days is None:
        yield make_doubtful_milestone("impossible", what)
        return
    if item.is_last_working_day:
        worked = context.get_calendar().working_day_on_or_before(days[1])
        days = (worked, worked)
    yield _make_single_milestone(item, days, what)
    if item.onward and item.role != "from":
        yield Milestone(kind="ongoing", first_day=days[1] + timedelta(days=1))


def _make_single_milestone(item: Item, days: tuple[date, date], what: str | None) -> Milestone:
    """One time with its preposition (deadlines.md rules 1 to 3)."""
    first, last = days
    if (
        item.role == "before"
        and item.first_span.unit == "part"
        and item.first_span.last_day == END
        and item.first_span.first_day > 1
    ):
        first = last  # "trước cuối tháng 6" bounds the month, not its last ten days
    named_day = item.first_span.unit == "day" and first == last
    if item.role == "before":
        end = first if item.at else first - timedelta(days=1)
        printed = first if item.first_span.unit == "day" else end
        return Milestone(what=what, kind="date", last_day=end, printed_day=printed, at=item.at)
    if item.role == "from":
        return Milestone(what=what, kind="ongoing", first_day=first, at=item.at)
    if item.role == "after":
        return Milestone(
            what=what,
            kind="ongoing",
            first_day=last + timedelta(days=1),
            doubt=get_doubt_text("after"),
        )
    if named_day or item.role == "to":
        return Milestone(what=what, kind="date", last_day=last, printed_day=last, at=item.at)
    doubt = get_doubt_text(edge) if (edge := find_edge_doubt(item)) else None
    return Milestone(
        what=what, kind="period", first_day=first, last_day=last, at=item.at, doubt=doubt
    )


def find_edge_doubt(item: Item) -> str | None:
    """The doubt of whole months that stand for "đầu năm", "đầu quý II"."""
    part = item.kind == "time" and item.until is None and item.first_span.unit == "part"
    return (
        "edge"
        if part and item.first_span.first_day == 1 and item.first_span.last_day == END
        else None
    )


def _make_range_milestone(item: Item, until: Span, what: str | None, year: int | None) -> Milestone:
    """ "từ ... đến ...": the end that lacks a month or a year takes the other's (rule 5)."""
    begin = (
        item.first_span
        if item.first_span.has_month
        else item.first_span.with_month(until.first_month or 0)
    )
    last_year = until.last_year or begin.last_year or year or 0
    first_year = begin.first_year or last_year
    for years in (
        (first_year, last_year),
        (first_year, last_year + 1),
        (first_year - 1, last_year),
    ):
        if (begin.has_year and years[0] != first_year) or (
            until.has_year and years[1] != last_year
        ):
            continue
        a, b = begin.find_days(years[0]), until.find_days(years[1])
        if a and b:
            end = b[0] - timedelta(days=1) if item.until_role == "before" else b[1]
            if a[0] <= end:
                doubt = (
                    get_doubt_text("turn")
                    if years != (first_year, last_year) and not until.has_year
                    else None
                )
                return Milestone(
                    what=what, kind="period", first_day=a[0], last_day=end, at=item.at, doubt=doubt
                )
    return make_doubtful_milestone("backwards", what)


def make_from_now_milestone(item: Item, what: str | None, context: DeadlineContext) -> Milestone:
    """ "từ nay đến ...": from the day of issue; where that is unknown, only the last day is."""
    until = item.until or item.first_span
    year = context.only_year or (context.issued_on.year if context.issued_on else None)
    days = until.find_days(year or 0) if year or until.has_year else None
    if days is None:
        return make_doubtful_milestone("no_year", what)
    last = days[0] - timedelta(days=1) if item.until_role == "before" else days[1]
    if context.issued_on and context.issued_on <= last:
        return Milestone(what=what, kind="period", first_day=context.issued_on, last_day=last)
    return Milestone(
        what=what, kind="date", last_day=last, printed_day=days[0] if days[0] == days[1] else last
    )
