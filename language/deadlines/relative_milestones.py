"""Milestones of terms counted from an event (docs/dev/deadlines.md rule 9).

Not for terms counted from today: that is `typed_deadline`.
"""

from datetime import date, timedelta
from functools import cache

from language.deadlines.context import DeadlineContext, get_doubt_text
from language.deadlines.items import Term
from language.deadlines.labels import Labels
from language.milestones import Milestone
from language.text import fold
from language.times.calendars import Calendar
from language.times.grammar import load_grammar, load_words
from language.times.periods import add_months


def make_relative_milestone(
    term: Term, what: str | None, labels: Labels, context: DeadlineContext
) -> Milestone:
    """Return the milestone of a term, with its last day if the day of the event is known."""
    after = _trim_event(labels.cut_text(term.after_start, term.after_end) or "")
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
def _load_event_starts() -> tuple[str, ...]:
    words: list[str] = load_grammar()["labels"]["event_first"]
    return tuple(sorted((f"{word} " for word in words), key=len, reverse=True))


def _trim_event(text: str) -> str:
    """Return the event's name of "kể từ ngày họp ít nhất": "họp"."""
    lower = text.lower()
    text = text[next((len(s) for s in _load_event_starts() if lower.startswith(s)), 0) :]
    folded = f" {fold(text)}"
    for end in load_words("labels", "event_last"):
        if folded.endswith(f" {end}"):
            return text[: -len(end)].strip()
    return text.strip()


def _find_event_day(term: Term, after: str, context: DeadlineContext) -> date | None:
    """Return the day of the event if it is printed, or if it is the issue of this very plan."""
    if term.event is None:
        issued = fold(after) in load_words("issue", "events")
        return context.issued_on if issued else None
    days = term.event.find_days(context.only_year)
    return days[0] if days else None


def _compute_term_end(event: date, term: Term, context: DeadlineContext) -> date | None:
    try:
        return count_term(event, term.days, term.months, context.get_calendar(), term.working)
    except (OverflowError, ValueError):  # beyond the calendar's last year
        return None


def count_term(
    event: date, days: int | None, months: int | None, calendar: Calendar, working: bool
) -> date:
    """Return the last day of a term; the event's day is not counted (Bộ luật Dân sự, Điều 147).

    Raise OverflowError or ValueError beyond the calendar's years.
    """
    if months is not None:
        return add_months(event, months)
    count = days or 0
    return calendar.add_working_days(event, count) if working else event + timedelta(days=count)
