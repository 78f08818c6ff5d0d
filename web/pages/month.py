"""The month view: how much ends on each day, days off marked; one day or all overdue as a list."""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import date, timedelta

from starlette.responses import Response

from handlers.conversation.days import load_calendar
from language.times.calendars import Calendar
from language.times.periods import add_months, find_month_end
from models.queries.board import BoardScope, DayCount, count_by_day, count_due, list_due
from web.looks import Look
from web.pages.paging import Pager
from web.pages.task_rows import make_due_rows

LINES_PER_PAGE = 60
WEEKEND = 5  # number of the weekday from which the weekend begins
FIRST_YEAR, LAST_YEAR = 2000, 2099
_MONTH = re.compile(r"(\d{4})-(\d{2})", re.ASCII)
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)


@dataclass(frozen=True)
class DayCell:
    """One day of the month view; `day_off` is the name of a day off within the week."""

    day: date
    count: DayCount
    is_off: bool
    day_off: str | None
    is_today: bool
    is_late: bool


async def show_month(look: Look) -> Response:
    """Show a month; with a day in the address that day's list, or the list of all overdue."""
    plan_ids = [plan.id for plan in look.list_plans()]
    scope = look.viewer.make_scope(plan_ids)
    if look.get_word("xem") == "qua-han":
        yesterday = look.today - timedelta(days=1)
        return await _show_list(look, scope, None, None, yesterday)
    day = _parse_day(look.get_word("ngay"))
    if day is not None:
        return await _show_list(look, scope, day, day, day)
    first = _parse_month(look.get_word("thang")) or look.today.replace(day=1)
    last = find_month_end(first.year, first.month)
    counts = await _count_month(look, scope, first, last)
    days_off = await load_calendar(look.session)
    return look.render(
        "month.html",
        first=first,
        before=_move_month(first, -1),
        after=_move_month(first, 1),
        weeks=_make_weeks(first, counts, days_off, look.today),
        open_count=sum(count.open for count in counts.values()),
        late_count=sum(count.open for day, count in counts.items() if day < look.today),
    )


async def _show_list(
    look: Look, scope: BoardScope, day: date | None, first: date | None, last: date
) -> Response:
    """Show the open assignments whose last day lies in the days."""
    count = await look.look_up_once(
        ("due", scope, first, last), lambda: count_due(look.session, scope, first, last)
    )
    pager = Pager(look, count, LINES_PER_PAGE)
    lines = await list_due(look.session, scope, first, last, LINES_PER_PAGE, pager.first)
    name = (await load_calendar(look.session)).name_of_day_off(day) if day is not None else None
    rows = make_due_rows(lines, look.today)
    return look.render("due.html", day=day, day_off=name, lines=rows, pager=pager)


async def _count_month(
    look: Look, scope: BoardScope, first: date, last: date
) -> dict[date, DayCount]:
    """Return the counts of a month, counted once as long as nothing changes."""
    return await look.look_up_once(
        ("month", scope, first), lambda: count_by_day(look.session, scope, first, last)
    )


def _make_weeks(
    first: date, counts: dict[date, DayCount], days_off: Calendar, today: date
) -> list[list[DayCell | None]]:
    """Return the weeks of a month from Monday on; None for a day of another month."""
    return [
        [
            DayCell(
                day,
                counts.get(day, DayCount()),
                not days_off.is_working(day),
                days_off.name_of_day_off(day) if day.weekday() < WEEKEND else None,
                day == today,
                day < today and counts.get(day, DayCount()).open > 0,
            )
            if day.month == first.month
            else None
            for day in week
        ]
        for week in calendar.Calendar().monthdatescalendar(first.year, first.month)
    ]


def _move_month(first: date, by: int) -> date | None:
    """Return the first day of the month before or after; None beyond the years that are shown."""
    moved = add_months(first, by)
    return moved if FIRST_YEAR <= moved.year <= LAST_YEAR else None


def _parse_month(text: str) -> date | None:
    """Return the first day of a month written "2026-11"; None for anything else."""
    match = _MONTH.fullmatch(text)
    if match is None:
        return None
    year, month = int(match[1]), int(match[2])
    if not (FIRST_YEAR <= year <= LAST_YEAR and 1 <= month <= 12):
        return None
    return date(year, month, 1)


def _parse_day(text: str) -> date | None:
    """Return the day written "2026-11-20"; None for anything else."""
    if not _DAY.fullmatch(text):
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
