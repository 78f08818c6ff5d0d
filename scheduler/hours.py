"""The hours in which messages may go out (docs/dev/reminders.md rule 13); `now` is given."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta, tzinfo

from language.times.calendars import Calendar

OPENS = time(7, 0)
CLOSES = time(18, 0)  # nothing from then on
_DAY = timedelta(days=1)


def move_into_sending_hours(at: time) -> time:
    """Return `at`, moved into the hours in which messages may go out."""
    latest = time(CLOSES.hour - 1, 59)
    return min(max(at, OPENS), latest)


def is_sending(now: datetime, calendar: Calendar) -> bool:
    """Return whether reminders may go out at `now` (with the zone of the people)."""
    return OPENS <= now.time() < CLOSES and calendar.is_working(now.date())


def find_sending_moment(now: datetime, calendar: Calendar) -> datetime:
    """Return `now` if messages may go out then, else when they next may; `now` is local."""
    if is_sending(now, calendar):
        return now
    day = now.date()
    if now.time() >= OPENS or not calendar.is_working(day):
        day = calendar.next_working_day(day)
    return datetime.combine(day, OPENS, now.tzinfo)


def measure_sending_time(first: datetime, now: datetime, calendar: Calendar) -> timedelta:
    """Return how much of the time from `first` to `now` lies in sending hours."""
    total = timedelta()
    for day in each_day(first.astimezone(now.tzinfo).date(), now.date()):
        if calendar.is_working(day):
            opens, closes = _find_opening_hours(day, now.tzinfo)
            total += max(timedelta(), min(now, closes) - max(first, opens))
    return total


def _find_opening_hours(day: date, zone: tzinfo | None) -> tuple[datetime, datetime]:
    return datetime.combine(day, OPENS, zone), datetime.combine(day, CLOSES, zone)


def each_day(first: date, last: date) -> Iterator[date]:
    """Yield the days from `first` to `last`, both included."""
    for number in range((last - first).days + 1):
        yield first + number * _DAY
