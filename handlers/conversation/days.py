"""Days in dialogues: what a person typed for a day or a deadline, the calendar with the admins' entries, reminders."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from sqlmodel.ext.asyncio.session import AsyncSession

from language import deadlines
from language.milestones import Milestone
from language.times.calendars import Calendar, DayKind
from locales.answer import Sentence, say
from models import preferences


def parse_days(text: str, today: date) -> tuple[date, ...]:
    """The day that a person typed; several where it is not certain which; none where it is no day."""
    understood = deadlines.read_typed_deadline(text, today)
    return (understood.only_day,) if understood.only_day is not None else understood.candidates


def explain_unread_day(text: str, today: date) -> Sentence:
    """What is said of a text that is no day: the calendar has no such day, or it was not understood."""
    if is_impossible_day(text, today):
        return say("no-such-day", day=text[:80])
    return say("day-not-understood", text=text[:80])


def is_impossible_day(text: str, today: date) -> bool:
    """Whether what was typed names a day that the calendar does not have ("30/2")."""
    return deadlines.read_typed_deadline(text, today).reason == "impossible"


def parse_deadline(
    text: str, today: date, years: tuple[int, int] | None
) -> deadlines.TypedDeadline:
    """What a person typed as a deadline of a task in a plan of these years ("ngày 05 hàng tháng")."""
    return deadlines.read_typed_deadline(text, today, years)


def make_deadline_text(
    text: str, milestones: Sequence[Milestone], years: tuple[int, int] | None, today: date
) -> str:
    """How the deadline is kept in the task's cell: as typed where that reads the same later, else as a date."""
    again = deadlines.read_deadline_cell(text, years, today)
    if [m.deadlines for m in again] == [m.deadlines for m in milestones]:
        return text
    last = [day for milestone in milestones for day in milestone.deadlines]
    return f"{last[0]:%d/%m/%Y}" if len(last) == 1 else text


async def load_calendar(session: AsyncSession) -> Calendar:
    """The days off with what admins entered."""
    return Calendar(
        {e.day: DayKind(e.working, e.name) for e in await preferences.list_declared_days(session)}
    )


def list_reminder_days(
    last_day: date, steps: Iterable[int], today: date, calendar: Calendar
) -> list[date]:
    """The days from `today` on at which the steps before `last_day` remind: moved back from days off, each once."""
    moved = {calendar.working_day_on_or_before(last_day - timedelta(days=n)) for n in steps}
    return sorted(day for day in moved if day >= today)


def parse_iso_day(text: str) -> date | None:
    """Return the day that a button carries ("2026-10-15"); None for anything else."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
