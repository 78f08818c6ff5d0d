"""Days that people type in dialogues, the calendar of days off, and the days of reminders."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, time, timedelta

from sqlmodel.ext.asyncio.session import AsyncSession

from handlers.conversation import words
from language import deadlines
from language.milestones import Milestone
from language.times.calendars import Calendar, DayKind
from locales.answer import Sentence, say
from models import preferences

LONGEST_ECHO = 80  # characters that are repeated of what was typed


def parse_days(text: str, today: date) -> tuple[date, ...]:
    """Return the day that a person typed.

    Several if it is not certain which one is meant, none if the text is no day.
    """
    understood = deadlines.read_typed_deadline(text, today)
    return (understood.only_day,) if understood.only_day is not None else understood.candidates


def explain_unread_day(text: str, today: date) -> Sentence:
    """Say why a text is no day: no such day, past, of the moon calendar, or not understood."""
    return explain_reason(deadlines.read_typed_deadline(text, today).reason, text)


def explain_reason(reason: str | None, text: str, other: str = "day-not-understood") -> Sentence:
    """Say why a text was not read as a day; `other` is the sentence for other reasons."""
    if reason == "impossible":
        return say("no-such-day", day=text[:LONGEST_ECHO])
    unread = {"past": "day-past", "lunar": "day-lunar"}.get(reason or "", other)
    return say(unread, text=text[:LONGEST_ECHO])


def read_end(text: str, today: date) -> date | Sentence | None:
    """Return the day until which "30 ngày" or "đến 30/11" lasts, or why that is no day.

    None for a text that means none.
    """
    typed = words.make_typed_text(text)
    lasts = words.get_pattern("invite", "days").fullmatch(typed.folded)
    if lasts is not None:
        return today + timedelta(days=int(lasts.group(1)))
    until = words.get_pattern("invite", "until").fullmatch(typed.folded)
    if until is None:
        return None
    day = typed.get_original(until, 1)
    if found := parse_days(day, today):
        return found[0]
    return explain_unread_day(day, today) if is_day_out_of_reach(day, today) else None


def is_impossible_day(text: str, today: date) -> bool:
    """Return whether the text names a day that the calendar does not have ("30/2")."""
    return deadlines.read_typed_deadline(text, today).reason == "impossible"


def is_day_out_of_reach(text: str, today: date) -> bool:
    """Return whether the text means a day that cannot be taken: none such, past, or of the moon."""
    return deadlines.read_typed_deadline(text, today).reason in {"impossible", "past", "lunar"}


def parse_deadline(
    text: str, today: date, years: tuple[int, int] | None
) -> deadlines.TypedDeadline:
    """Read a deadline that a person typed for a task of these years ("ngày 05 hàng tháng")."""
    return deadlines.read_typed_deadline(text, today, years)


def make_deadline_text(
    text: str, milestones: Sequence[Milestone], years: tuple[int, int] | None, today: date
) -> str:
    """Return the text of a deadline for the task's cell.

    As typed if it reads the same later; a relative day ("tuần sau") becomes a date.
    """
    again = deadlines.read_deadline_cell(text, years, today)
    if [m.deadlines for m in again] == [m.deadlines for m in milestones]:
        return text
    last = [day for milestone in milestones for day in milestone.deadlines]
    return f"{last[0]:%d/%m/%Y}" if len(last) == 1 else text


async def load_calendar(session: AsyncSession) -> Calendar:
    """Load the calendar of days off, with the days that admins entered."""
    return Calendar(
        {e.day: DayKind(e.working, e.name) for e in await preferences.list_declared_days(session)}
    )


def list_reminder_days(
    last_day: date, steps: Iterable[int], today: date, calendar: Calendar
) -> list[date]:
    """Return the days from `today` on when the steps before `last_day` remind.

    A day off moves to the working day before it (docs/dev/reminders.md); each day stands once.
    """
    moved = {calendar.working_day_on_or_before(last_day - timedelta(days=n)) for n in steps}
    return sorted(day for day in moved if day >= today)


def parse_iso_day(text: str) -> date | None:
    """Return the day that a button carries ("2026-10-15"); None for anything else."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def parse_iso_time(text: str) -> time | None:
    """Return the hour that a button carries ("14:00:00"); None for anything else."""
    try:
        return time.fromisoformat(text).replace(tzinfo=None)
    except ValueError:
        return None
