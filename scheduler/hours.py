"""When messages may go out: between 07:00 and 18:00 on working days (reminders.md, "One message a morning"). Pure."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta, tzinfo

from language.times.calendars import Calendar

OPENS = time(7, 0)
CLOSES = time(18, 0)  # nothing from then on
_DAY = timedelta(days=1)


def move_into_sending_hours(at: time) -> time:
    """The hour `at`, moved into the hours in which messages may go out."""
    latest = time(CLOSES.hour - 1, 59)
    return min(max(at, OPENS), latest)


def is_sending(now: datetime, calendar: Calendar) -> bool:
    """Whether reminders may go out at `now` (zoned, of the people's zone)."""
    return OPENS <= now.time() < CLOSES and calendar.is_working(now.date())


def next_sending(now: datetime, calendar: Calendar) -> datetime:
    """The first moment from `now` on at which reminders may go out."""
    if is_sending(now, calendar):
        return now
    day = now.date()
    if now.time() >= CLOSES or not calendar.is_working(day):
        day = calendar.next_working_day(day)
    return datetime.combine(day, OPENS, now.tzinfo)


def measure_sending_time(first: datetime, now: datetime, calendar: Calendar) -> timedelta:
    """How much of the time from `first` to `now` reminders could go out in."""
    total = timedelta()
    for day in each_day(first.astimezone(now.tzinfo).date(), now.date()):
        if calendar.is_working(day):
            opens, closes = _find_opening_hours(day, now.tzinfo)
            total += max(timedelta(), min(now, closes) - max(first, opens))
    return total


def _find_opening_hours(day: date, zone: tzinfo | None) -> tuple[datetime, datetime]:
    return datetime.combine(day, OPENS, zone), datetime.combine(day, CLOSES, zone)


def each_day(first: date, last: date) -> Iterator[date]:
    for number in range((last - first).days + 1):
        yield first + number * _DAY
