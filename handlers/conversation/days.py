"""Days in dialogues: what a person typed for a day or a deadline, the calendar with the admins' entries, reminders."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from sqlmodel.ext.asyncio.session import AsyncSession

from language import deadlines
from language.milestones import Milestone
from language.times.calendars import Calendar, DayKind
from locales.answer import Said, say
from models import preferences


def single(text: str, today: date) -> tuple[date, ...]:
    """The day that a person typed; several where it is not certain which; none where it is no day."""
    understood = deadlines.typed(text, today)
    return (understood.day,) if understood.day is not None else understood.candidates


def unread(text: str, today: date) -> Said:
    """What is said of a text that is no day: the calendar has no such day, or it was not understood."""
    if impossible(text, today):
        return say("no-such-day", day=text[:80])
    return say("day-not-understood", text=text[:80])


def impossible(text: str, today: date) -> bool:
    """Whether what was typed names a day that the calendar does not have ("30/2")."""
    return deadlines.typed(text, today).reason == "impossible"


def deadline(text: str, today: date, years: tuple[int, int] | None) -> deadlines.Typed:
    """What a person typed as a deadline of a task in a plan of these years ("ngày 05 hàng tháng")."""
    return deadlines.typed(text, today, years)


def printed(text: str, milestones: Sequence[Milestone], years: tuple[int, int] | None, today: date) -> str:
    """How the deadline is kept in the task's cell: as typed where that reads the same later, else as a date."""
    again = deadlines.read(text, years, today)
    if [m.deadlines for m in again] == [m.deadlines for m in milestones]:
        return text
    last = [day for milestone in milestones for day in milestone.deadlines]
    return f"{last[0]:%d/%m/%Y}" if len(last) == 1 else text


async def calendar(session: AsyncSession) -> Calendar:
    """The days off with what admins entered."""
    return Calendar({e.day: DayKind(e.working, e.name) for e in await preferences.days(session)})


def reminders(last_day: date, steps: Iterable[int], today: date, known: Calendar) -> list[date]:
    """The days from `today` on at which the steps before `last_day` remind: moved back from days off, each once."""
    moved = {known.working_on_or_before(last_day - timedelta(days=n)) for n in steps}
    return sorted(day for day in moved if day >= today)
