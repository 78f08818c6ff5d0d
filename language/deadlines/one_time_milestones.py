"""Milestones of a time that comes once: a date, a period, a range, what begins on a day.

See docs/dev/deadlines.md rules 1 to 3. Not for what comes back: that is `recurring_milestones`.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta

from language.deadlines.context import DeadlineContext, get_doubt_text, make_doubtful_milestone
from language.deadlines.items import MIDNIGHT, Item
from language.milestones import Milestone
from language.times.periods import DAYS_OF_MONTH_PART, END
from language.times.spans import Span, make_day_span

_ONE_DAY = timedelta(days=1)


def make_one_time_milestones(
    item: Item, what: str | None, context: DeadlineContext
) -> Iterator[Milestone]:
    """Yield a date or a period, and what goes on behind it ("và các năm tiếp theo")."""
    plan_year = context.years[0] if context.years else None
    year = item.last_span.last_year or item.first_span.last_year or plan_year
    if year is None:
        yield make_doubtful_milestone("no_year", what)
        return
    if item.until:
        yield _make_range_milestone(item, item.until, what, year)
        return
    moved = sum(ref.form["shift"] for ref in item.references)  # "từ 01/01 của năm sau"
    days = item.first_span.find_days(year + moved)
    if days is None:
        yield make_doubtful_milestone("impossible", what)
        return
    first, last = days
    if item.working_ordinal:
        first = last = find_working_day(last, item.working_ordinal, context)
    if item.weekday is not None:  # "thứ Sáu cuối cùng của tháng 9"
        last -= timedelta((last.weekday() - item.weekday) % 7)
        if last < first:  # the fifth week has not every day
            yield make_doubtful_milestone("impossible", what)
            return
        first = last
        item = replace(item, spans=[make_day_span(last)])
    yield _make_single_milestone(item, (first, last), what)
    if item.onward and item.role != "from":
        yield Milestone(kind="ongoing", first_day=last + _ONE_DAY)


def find_working_day(day: date, ordinal: int, context: DeadlineContext) -> date:
    """Return the n-th working day from `day` on; for -1 the last one up to `day`."""
    calendar = context.get_calendar()
    if ordinal == -1:
        return calendar.working_day_on_or_before(day)
    return calendar.add_working_days(day - _ONE_DAY, ordinal)


def _make_single_milestone(item: Item, days: tuple[date, date], what: str | None) -> Milestone:
    """Return the milestone of one time with its preposition."""
    (first, last), span = days, item.first_span
    is_day = span.is_day and first == last
    if item.role == "before":
        if _is_end_of_period(span):
            first = last  # "trước cuối tháng 6" bounds the month, not its last ten days
        end = first if item.at not in (None, MIDNIGHT) else first - _ONE_DAY
        printed = first if span.is_day else end
        return Milestone(what=what, kind="date", last_day=end, printed_day=printed, at=item.at)
    if item.role == "from":
        return Milestone(what=what, kind="ongoing", first_day=first, at=item.at)
    if item.role == "after":
        doubt = get_doubt_text("after")
        return Milestone(what=what, kind="ongoing", first_day=last + _ONE_DAY, doubt=doubt)
    if is_day or item.role == "to" or (item.role == "by" and _is_end_of_period(span)):
        return Milestone(what=what, kind="date", last_day=last, printed_day=last, at=item.at)
    edge = find_edge_doubt(item)
    return Milestone(
        what=what,
        kind="period",
        first_day=first,
        last_day=last,
        at=item.at,
        doubt=get_doubt_text(edge) if edge else None,
    )


def _is_end_of_period(span: Span) -> bool:
    """Return whether a span is the last third of a month or the last month of a quarter."""
    if span.unit != "part" or span.first_month != span.last_month:
        return False
    if (span.first_day, span.last_day) == DAYS_OF_MONTH_PART["end"]:
        return True
    is_month = (span.first_day, span.last_day) == (1, END)
    return is_month and span.last_month is not None and span.last_month % 3 == 0


def find_edge_doubt(item: Item) -> str | None:
    """Return the doubt of whole months that stand for "đầu năm"; else None."""
    if not item.is_time or item.until or item.first_span.unit != "part":
        return None
    return "edge" if item.first_span.first_month != item.first_span.last_month else None


def _make_range_milestone(item: Item, until: Span, what: str | None, last_year: int) -> Milestone:
    """Return the period of "từ ... đến ...": an end takes the month or year that it lacks.

    It takes the other end's month, and `last_year`; if the days are then backwards, the year before
    or after (rule 5).
    """
    begin = item.first_span
    if not begin.has_month:
        begin = begin.with_month(until.first_month)
    first_year = begin.first_year or last_year
    turns = [(first_year, last_year)]
    if not until.has_year:
        turns.append((first_year, last_year + 1))
    if not begin.has_year:
        turns.append((first_year - 1, last_year))
    for turn in turns:
        first, last = begin.find_days(turn[0]), until.find_days(turn[1])
        if not first or not last:
            continue
        end = last[0] - _ONE_DAY if item.until_role == "before" else last[1]
        if first[0] <= end:
            guessed = turn != turns[0] and not until.has_year
            return Milestone(
                what=what,
                kind="period",
                first_day=first[0],
                last_day=end,
                at=item.at,
                doubt=get_doubt_text("turn") if guessed else None,
            )
    return make_doubtful_milestone("backwards", what)


def make_from_now_milestone(item: Item, what: str | None, context: DeadlineContext) -> Milestone:
    """Return "từ nay đến ...": from the day of issue; a date if that day is unknown or later."""
    until = item.until or item.first_span
    year = context.only_year or (context.issued_on.year if context.issued_on else None)
    days = until.find_days(year)
    if days is None:
        return make_doubtful_milestone("no_year", what)
    first, last = days
    end = first - _ONE_DAY if item.until_role == "before" else last
    if context.issued_on and context.issued_on <= end:
        return Milestone(what=what, kind="period", first_day=context.issued_on, last_day=end)
    printed = last if first == last else end
    return Milestone(what=what, kind="date", last_day=end, printed_day=printed)
