"""Deadlines as a calendar file (.ics) that phones and Outlook take: an all-day event each.

Events, not to-dos: Google and iOS hide those. An event keeps its UID over every change, so that a
calendar that takes the file again moves the event instead of doubling it.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid5

from icalendar import Calendar, Event

from models.assignments import Status
from models.queries.calendar_rows import CalendarRow
from reports.figure_table import translate

MOST_EVENTS = 3_000  # a phone takes no more
REFRESH_EVERY = timedelta(hours=6)  # how often a phone may ask for the feed anew (RFC 7986)
PRODUCT = "-//nhacviec//nhacviec//VI"
SPACE = UUID("8f2f7c1e-57a9-4d0b-9a51-6f2b0d5c3a10")
"""The space of the events' names: a plan's identity and an assignment's id make a UID."""


def write_calendar(rows: Sequence[CalendarRow], name: str, now: datetime) -> bytes:
    """Return the calendar (.ics, UTF-8) called `name`; `now` is zoned.

    What was cancelled, or is no longer the agency's, is an event with STATUS:CANCELLED.
    """
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", name)
    calendar.add("refresh-interval", REFRESH_EVERY, parameters={"VALUE": "DURATION"})
    for row in rows:
        calendar.add_component(_make_event(row, now))
    return bytes(calendar.to_ical())


def _make_event(row: CalendarRow, now: datetime) -> Event:
    """Return the event of one assignment; it ends the day after, as RFC 5545 counts."""
    event = Event()
    event.add("uid", f"{uuid5(SPACE, f'{row.plan_identity}/{row.assignment_id}')}@nhacviec")
    event.add("dtstamp", now.astimezone(UTC).replace(microsecond=0))
    event.add("last-modified", row.changed_at.astimezone(UTC).replace(microsecond=0))
    event.add("sequence", row.version + row.is_withdrawn)
    event.add("dtstart", row.last_day)
    event.add("dtend", row.last_day + timedelta(days=1))
    done = translate("calendar-done") if row.status == Status.DONE else ""
    event.add("summary", translate("calendar-title", key=row.key, title=row.title, done=done))
    event.add(
        "description",
        translate(
            "calendar-text",
            agency=row.agency or translate("no-agency"),
            plan=row.plan,
            status=translate(f"status-{row.status.replace('_', '-')}"),
        ),
    )
    event.add("transp", "TRANSPARENT")
    event.add("status", "CANCELLED" if row.is_withdrawn else "CONFIRMED")
    return event
