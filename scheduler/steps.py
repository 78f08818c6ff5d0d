"""Which step of which deadline falls on which day (docs/dev/reminders.md rules 4 to 9 and 12).

A step ("before-7", "on-day", "overdue-3") has a reminder on one working day. These functions see
neither registry nor clock. What depends on the assignment itself (when it was made, its status, the
occurrence before it) is decided by the planner.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from language.times.calendars import Calendar
from scheduler.defaults import LONGEST_STEP

ON_DAY = "on-day"
START = "start"  # a period begins
UPDATE = "update"  # nothing has changed for long: the bot asks how it stands
LATER = "later"  # somebody asked to be reminded again
OVERDUE = "overdue"
BEFORE = "before"

MOST_STEPS = 12  # steps that one setting may name
OVERDUE_EVERY = 3  # working days between two overdue steps
OVERDUE_DAYS = 30  # days after the last day until which that goes on; then weekly on Monday
QUIET_DAYS = 15  # working days without a change after which the bot asks
ASK_EVERY = 20  # working days between two such questions to one chat
ASK_AHEAD = 60  # days before the last day from which it asks
LONGEST_CATCH_UP = 92  # days; steps that were missed longer ago are not sent any more
DIGEST_DAYS = 14  # days ahead that a digest counts as coming up

ESCALATIONS: dict[int, str] = {1: "head", 3: "supervisor", 7: "leader"}
"""Whom a missed deadline is escalated to, by working days after the last day."""

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class StepDay:
    """A step and the working day on which it is sent."""

    day: date
    step: str


class StepsError(ValueError):
    """Steps that cannot be set: `text` is the part at fault, `reason` "word", "range" or "many"."""

    def __init__(self, text: str, reason: str) -> None:
        super().__init__(f"{reason}: {text}")
        self.text = text
        self.reason = reason


def read_steps(text: str) -> tuple[int, ...]:
    """Read days before the last day as typed ("30, 14 7"); without doubles, the longest first.

    Raises StepsError: "word" if a part is no number, "range" if it is above LONGEST_STEP, "many" if
    there are more than MOST_STEPS.
    """
    parts = text.replace(",", " ").replace(";", " ").split()
    steps: set[int] = set()
    for part in parts:
        if not (part.isascii() and part.isdigit()):
            raise StepsError(part, "word")
        if int(part) > LONGEST_STEP:
            raise StepsError(part, "range")
        steps.add(int(part))
    if not steps:
        raise StepsError(text, "word")
    if len(steps) > MOST_STEPS:
        raise StepsError(text, "many")
    return tuple(sorted(steps, reverse=True))


def name_before(days: int) -> str:
    """Return the name of the step `days` before the last day."""
    return f"{BEFORE}-{days}" if days else ON_DAY


def name_overdue(days: int) -> str:
    """Return the name of the step `days` (calendar days) after the last day."""
    return f"{OVERDUE}-{days}"


def name_escalation(days: int) -> str:
    """Return the name of the escalation `days` working days after the last day."""
    return f"escalate-{days}"


def name_recurring(kind: str, day: date) -> str:
    """Return the name under which a step that comes back (UPDATE, LATER) is stored.

    It has the step's day, so that each one is sent once.
    """
    return f"{kind}-{day.isoformat()}"


def strip_day(step: str) -> str:
    """Return what people call a stored step: "update" for that of any day."""
    return next((kind for kind in (UPDATE, LATER) if step.startswith(kind)), step)


def read_days(step: str) -> int:
    """Return the number at the end of a step's name."""
    return int(step.rpartition("-")[2])


def rank_step(step: str) -> int:
    """Return how near the last day a step is; of two steps on one day the higher one is sent."""
    kind = step.rpartition("-")[0]
    if kind == BEFORE:
        return -read_days(step)
    if kind == OVERDUE:
        return read_days(step)
    return _STEP_RANKS.get(strip_day(step), _STEP_RANKS[LATER])


_STEP_RANKS = {
    ON_DAY: 0,
    START: -LONGEST_STEP - 1,
    UPDATE: -LONGEST_STEP - 2,
    LATER: -LONGEST_STEP - 3,
}


def find_step(day: date, last_day: date, steps: Iterable[int], calendar: Calendar) -> str | None:
    """Return the step of a deadline on the working day `day`, None if there is none.

    `steps` are days before the last day. A step on a day off moves back to the working day before
    it, so several may fall on `day`; the one nearest the last day is returned
    (docs/dev/reminders.md rule 8).
    """
    if day > last_day and (overdue := _find_overdue_step(day, last_day, calendar)):
        return overdue
    near = [n for n in steps if calendar.working_day_on_or_before(last_day - n * _DAY) == day]
    return name_before(min(near)) if near else None


def _find_overdue_step(day: date, last_day: date, calendar: Calendar) -> str | None:
    late = (day - last_day).days
    if late <= OVERDUE_DAYS and calendar.count_working_days(last_day, day) % OVERDUE_EVERY == 1:
        return name_overdue(late)
    rhythm_ends = last_day + OVERDUE_DAYS * _DAY
    if any(monday > rhythm_ends for monday in list_mondays_for(day, calendar)):
        return name_overdue(late)
    return None


def list_mondays_for(day: date, calendar: Calendar) -> Iterator[date]:
    """Yield the Mondays whose weekly step is sent on the working day `day`.

    These are `day` itself, and the following Mondays that are off and move back to it.
    """
    monday = day + (-day.weekday() % 7) * _DAY
    while calendar.working_day_on_or_before(monday) == day:
        yield monday
        monday += 7 * _DAY


def find_newest_step(
    window: Sequence[date], last_day: date, steps: Sequence[int], calendar: Calendar
) -> StepDay | None:
    """Return the newest step on the working days of `window` (ascending).

    Older ones were missed and are not sent any more (docs/dev/reminders.md rule 9).
    """
    for day in reversed(window):
        step = find_step(day, last_day, steps, calendar)
        if step is not None:
            return StepDay(day, step)
    return None


def find_escalations(
    window: Sequence[date], last_day: date, calendar: Calendar
) -> dict[int, StepDay]:
    """Return the escalations on the days of `window`, by working days after the last day."""
    escalations: dict[int, StepDay] = {}
    for count in ESCALATIONS:
        day = calendar.add_working_days(last_day, count)
        if day in window:
            escalations[count] = StepDay(day, name_escalation(count))
    return escalations


def find_missed_step(window: Sequence[date], last_day: date, calendar: Calendar) -> StepDay | None:
    """Return the step of a group: it falls on the first working day after a missed deadline."""
    day = calendar.next_working_day(last_day)
    return StepDay(day, name_overdue((day - last_day).days)) if day in window else None


def find_period_starts(window: Sequence[date], calendar: Calendar) -> dict[date, date]:
    """Return the first days of the periods whose start is sent on the days of `window`.

    Each comes with the day on which it is sent.
    """
    starts: dict[date, date] = {}
    for day in window:
        starts[day] = day
        before = day - _DAY
        while not calendar.is_working(before):
            starts[before] = day
            before -= _DAY
    return starts


def find_quiet_end(day: date, calendar: Calendar) -> date:
    """Return the last day whose changes are asked about on `day`: QUIET_DAYS lie behind it."""
    return _find_day_before(day, QUIET_DAYS, calendar)


def find_asking_end(day: date, calendar: Calendar) -> date:
    """Return the last day that may have had the question before that of `day`."""
    return _find_day_before(day, ASK_EVERY, calendar)


def _find_day_before(day: date, count: int, calendar: Calendar) -> date:
    """Return the latest day behind which lie `count` working days up to `day`."""
    while count:
        count -= calendar.is_working(day)
        day -= _DAY
    return day


def find_digest_days(window: Sequence[date], calendar: Calendar) -> list[date]:
    """Return the days of `window` on which groups get their digest.

    That is each Monday, or the working day before a Monday that is off.
    """
    return [day for day in window if next(list_mondays_for(day, calendar), None)]


def find_working_window(previous: date | None, day: date, calendar: Calendar) -> list[date]:
    """Return the working days from the last planned day to `day`, both included, ascending.

    The last planned day is looked at again, because a day that was declared off since then moved
    its steps back to it. If no day was planned before, there is only `day`. If `day` is off, the
    window is empty.
    """
    if not calendar.is_working(day):
        return []
    first = day if previous is None else max(previous, day - LONGEST_CATCH_UP * _DAY)
    return [
        d
        for d in (first + n * _DAY for n in range((day - first).days + 1))
        if calendar.is_working(d)
    ]
