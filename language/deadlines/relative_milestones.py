"""Terms counted from an event made milestones (deadlines.md rule 9).

Not for terms counted from today: that is `deadline_typed`.
"""

from datetime import date, timedelta
from functools import cache

from language.deadlines.context import DeadlineContext, get_doubt_text
from language.deadlines.items import Term
from language.deadlines.labels import Labels
from language.milestones import Milestone
from language.text import fold
from language.times.grammar import load_grammar
from language.times.spans import add_months

_EVENT_STARTS = (
    "ngày khi ",
    "kể từ ngày ",
    "từ ngày ",
    "ngày mà ",
    "so với ngày ",
    "so với ",
    "ngày ",
    "khi ",
)


@cache
def _load_event_ends() -> tuple[str, ...]:
    return tuple(f" {words}" for words in load_grammar()["labels"]["event_last"])


def make_relative_milestone(
    term: Term, what: str | None, labels: Labels, context: DeadlineContext
) -> Milestone:
    """A term (rule 9): calendar days unless working days are said; the day of the event is not counted."""
    after = labels.cut_text(term.after_start, term.after_end) or ""
    for start in _EVENT_STARTS:
        if after.lower().startswith(start):
            after = after[len(start) :]
            break
    after = next(
        (after[: -len(end)] for end in _load_event_ends() if fold(after).endswith(fold(end))), after
    ).strip()
    event = _find_event_day(term, after, context)
    return Milestone(
        what=what,
        kind="relative",
        days=term.days,
        months=term.months,
        working_days=term.working,
        after=after or None,
        last_day=_compute_term_end(event, term, context) if event else None,
        doubt=None if after else get_doubt_text("no_event"),
    )


@cache
def _load_issue_events() -> frozenset[str]:
    return frozenset(fold(event) for event in load_grammar()["issue"]["events"])


def _find_event_day(term: Term, after: str, context: DeadlineContext) -> date | None:
    """The day of the event where it is known: printed, or the issue of this very plan."""
    if term.event:
        days = (
            term.event.find_days(context.only_year or 0)
            if term.event.has_year or context.only_year
            else None
        )
        return days[0] if days else None
    return context.issued_on if fold(after) in _load_issue_events() else None


def _compute_term_end(event: date, term: Term, context: DeadlineContext) -> date | None:
    try:
        if term.months is not None:
            return add_months(event, term.months)
        if term.working:
            return context.get_calendar().add_working_days(event, term.days or 0)
        return event + timedelta(days=term.days or 0)
    except (OverflowError, ValueError):  # beyond the calendar's last year
        return None
