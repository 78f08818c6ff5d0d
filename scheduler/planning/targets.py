"""Which chat is reminded of what on a day: found by SQL, in temporary tables of the session.

`planning_sql` has the statements and the tables. Not for when a day is planned (`planner`).
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import TextClause, text
from sqlmodel.ext.asyncio.session import AsyncSession

from language.times.calendars import LONGEST_BREAK
from models.chats import Chat
from models.notices import ESCALATION, MISSED, MORNING
from models.storage.database import PAGE_CACHE
from models.storage.statements import run_statement
from scheduler import hours, steps
from scheduler.audience import Audience, Recipient
from scheduler.planning import planning_sql
from scheduler.rules import Rules
from scheduler.steps import StepDay

PLANNING_CACHE = 128_000  # kB of the registry that SQLite keeps while a day is planned
_ROWS_PER_INSERT = 5_000
_ASKS = steps.rank_step(steps.UPDATE)  # any other step of an assignment is told before it
_OVERDUE_LIST = "list"  # the stream of overdue assignments that were never told


@dataclass(frozen=True)
class PlanningDay:
    """The facts of planning a day.

    `window` are the working days whose steps are planned, ascending; `previous` is the last planned
    day, and `planned_at` when it was planned.
    """

    day: date
    window: Sequence[date]
    previous: date | None
    planned_at: datetime
    rules: Rules

    @property
    def digest_day(self) -> date | None:
        """The newest day of the window on which groups get their digest."""
        return max(steps.find_digest_days(self.window, self.rules.calendar), default=None)

    @property
    def past_values(self) -> dict[str, Any]:
        """The values by which statements leave out steps that were past already."""
        return {"planned": self.previous or date.min, "planned_at": self.planned_at}


async def find_targets(
    session: AsyncSession, planning: PlanningDay, recipients: Sequence[Recipient]
) -> None:
    """Fill the table of targets: which chat is told which step of which assignment."""
    await prepare_tables(session)
    await _fill_step_tables(session, planning)
    await fill_recipient_tables(session, recipients, planning.day, planning.rules)
    await run_statement(session, planning_sql.FIND_DATED, planning.past_values)
    await _find_starts_and_quiet(session, planning)
    newest = {"day": planning.day, "asks": _ASKS}
    await run_statement(session, planning_sql.PICK_NEWEST, newest)
    await run_statement(session, planning_sql.PICK_NEVER_SENT, planning.past_values)
    await _analyse_table(session, "due_new")
    for statement in planning_sql.FIND_TARGETS:
        await run_statement(session, statement)
    await _analyse_table(session, "due_target")


async def write_targets(session: AsyncSession, day: date, now: datetime) -> tuple[int, int]:
    """Write notices and lines for the targets. Return how many notices and how many lines."""
    # The token is used only if the day has a notice of the same chat and kind already.
    values = {"day": day, "now": now, "token": now.isoformat()}
    notices = await run_statement(session, planning_sql.NEW_NOTICES, values)
    lines = await run_statement(session, planning_sql.NEW_LINES, {"day": day})
    return count_rows(notices), count_rows(lines)


@asynccontextmanager
async def enlarge_cache(session: AsyncSession) -> AsyncIterator[None]:
    """Let SQLite keep more of the registry for a while.

    Planning reads all over the registry; with the usual cache each page would be read many times.
    """
    if session.get_bind().dialect.name != "sqlite":
        yield
        return
    await run_statement(session, text(f"PRAGMA cache_size = -{PLANNING_CACHE}"))
    yield
    # Not after a failure: the connection of a cancelled task may be gone and would never answer.
    await run_statement(session, text(f"PRAGMA cache_size = -{PAGE_CACHE}"))


async def lock_notices(session: AsyncSession, which: TextClause, values: Any = None) -> None:
    """Lock waiting notices, so that nobody claims one between its first and its last line.

    On SQLite a `write` session has the whole registry to itself.
    """
    if session.get_bind().dialect.name == "postgresql":
        await run_statement(session, which, values)


async def prepare_tables(session: AsyncSession) -> None:
    """Make the temporary tables, or empty those that the connection has from before."""
    look = planning_sql.ARE_TABLES_MADE[session.get_bind().dialect.name]
    are_made = (await run_statement(session, look)).scalar_one()
    for statement in planning_sql.CLEAR_TABLES if are_made else map(text, planning_sql.TABLES):
        await run_statement(session, statement)


async def _analyse_table(session: AsyncSession, table: str) -> None:
    """Let PostgreSQL look at a table that was just filled; it would take it for small."""
    if session.get_bind().dialect.name == "postgresql":
        await run_statement(session, text(f"ANALYZE {table}"))


async def insert_rows(
    session: AsyncSession, statement: TextClause, rows: Sequence[dict[str, Any]]
) -> None:
    """Run `statement` for each of `rows`."""
    for start in range(0, len(rows), _ROWS_PER_INSERT):
        await run_statement(session, statement, list(rows[start : start + _ROWS_PER_INSERT]))


def count_rows(result: Any) -> int:
    """Return how many rows a statement has written."""
    return max(0, int(result.rowcount))


async def _fill_step_tables(session: AsyncSession, planning: PlanningDay) -> None:
    """Fill the tables of plans and tasks with their setting of steps, and of steps by last day.

    A setting is a number for each different list of steps.
    """
    usual = planning.rules.steps
    settings: dict[tuple[int, ...], int] = {usual: 0}
    for select, fill in (
        (planning_sql.OPEN_PLANS, planning_sql.FILL_PLANS),
        (planning_sql.OWN_STEPS, planning_sql.FILL_TASKS),
    ):
        rows = []
        for row in await run_statement(session, select):
            own = tuple(row.steps) if row.steps else usual
            rows.append({"id": row.id, "setting": settings.setdefault(own, len(settings))})
        await insert_rows(session, fill, rows)
    longest = max(max(own) for own in settings)
    until = planning.day + timedelta(days=longest + LONGEST_BREAK)
    dated = await run_statement(session, planning_sql.LAST_DAYS, {"until": until})
    step_rows = [
        row for last_day in dated.scalars() for row in _make_step_rows(planning, last_day, settings)
    ]
    await insert_rows(session, planning_sql.FILL_STEPS, step_rows)
    await _analyse_table(session, "due_step")


def _make_step_rows(
    planning: PlanningDay, last_day: date, settings: dict[tuple[int, ...], int]
) -> Iterable[dict[str, Any]]:
    """Yield the steps of a last day: of each setting, of groups, of each escalation."""
    window, calendar = planning.window, planning.rules.calendar
    day = window[-1]
    for own, setting in settings.items():
        newest = steps.find_newest_step(window, last_day, own, calendar)
        if newest is not None:
            yield _make_step_row(MORNING, MORNING, setting, last_day, newest)
    if last_day >= day:
        return
    overdue = StepDay(day, steps.name_overdue((day - last_day).days))
    yield _make_step_row(_OVERDUE_LIST, MORNING, None, last_day, overdue)
    missed = steps.find_missed_step(window, last_day, calendar)
    if missed is not None:
        yield _make_step_row(Audience.GROUP, MISSED, None, last_day, missed)
    for count, escalation in steps.find_escalations(window, last_day, calendar).items():
        yield _make_step_row(steps.ESCALATIONS[count], ESCALATION, None, last_day, escalation)


def _make_step_row(
    stream: str, kind: str, setting: int | None, last_day: date, step_day: StepDay
) -> dict[str, Any]:
    return {
        "stream": stream,
        "kind": kind,
        "setting": setting,
        "last_day": last_day,
        "day": step_day.day,
        "step": step_day.step,
        "rank": steps.rank_step(step_day.step),
    }


async def _find_starts_and_quiet(session: AsyncSession, planning: PlanningDay) -> None:
    """Find what no last day tells: periods that begin, and assignments long without a change."""
    window, calendar = planning.window, planning.rules.calendar
    starts = steps.find_period_starts(window, calendar)
    first_days = [{"first": first, "day": day} for first, day in starts.items()]
    await insert_rows(session, planning_sql.FILL_STARTS, first_days)
    day = window[-1]
    if day != planning.previous:  # the questions of a day are found once, when it is planned first
        asked = {"asked": steps.find_asking_end(day, calendar)}
        await run_statement(session, planning_sql.FIND_ASKED, asked)
        await run_statement(session, planning_sql.FIND_ASK)
    database = session.get_bind().dialect.name
    offset = planning.rules.to_moment(day, planning.rules.remind_at).utcoffset() or timedelta()
    quiet = {
        "quiet": steps.find_quiet_end(day, calendar).isoformat(),
        "ahead": day + timedelta(days=steps.ASK_AHEAD),
    }
    seconds = {"offset": int(offset.total_seconds())}
    await run_statement(session, planning_sql.SCAN_OPEN[database], {**quiet, **seconds})
    await _analyse_table(session, "due_scan")
    await run_statement(session, planning_sql.FIND_NEXT_DAYS[database])
    start = {"step": steps.START, "rank": steps.rank_step(steps.START)}
    await run_statement(session, planning_sql.FIND_STARTS, {**planning.past_values, **start})
    update = {"step": steps.name_recurring(steps.UPDATE, day), "day": day, "rank": _ASKS}
    await run_statement(
        session, planning_sql.FIND_QUIET, {**planning.past_values, **quiet, **update}
    )


async def fill_recipient_tables(
    session: AsyncSession, recipients: Sequence[Recipient], day: date, rules: Rules
) -> None:
    """Fill the tables of who is told, and from when on each chat may be told."""
    rows = [
        {
            "audience": recipient.audience,
            "agency": recipient.agency_id,
            "plan": recipient.plan_id,
            "chat": recipient.chat_id,
            "awake": recipient.awake,
        }
        for recipient in recipients
    ]
    await insert_rows(session, planning_sql.FILL_RECIPIENTS, rows)
    await _analyse_table(session, "due_recipient")
    settings = {
        row.id: (row.remind_at, row.muted_until)
        for row in await run_statement(session, planning_sql.CHAT_SETTINGS)
    }
    moments = [
        {"chat": chat, "at": _compute_moment(*settings.get(chat, (None, None)), day, rules)}
        for chat in sorted({recipient.chat_id for recipient in recipients})
    ]
    await insert_rows(session, planning_sql.FILL_CHATS, moments)


def find_sending_moment(chat: Chat, day: date, rules: Rules) -> datetime:
    """Return from when on `chat` may get what is planned for `day`.

    That is its own hour, on the first working day after a pause that it asked for.
    """
    return _compute_moment(chat.remind_at, chat.muted_until, day, rules)


def _compute_moment(at: Any, muted_until: date | None, day: date, rules: Rules) -> datetime:
    if muted_until is not None and muted_until >= day:
        day = rules.calendar.next_working_day(muted_until)
    return rules.to_moment(day, hours.move_into_sending_hours(at or rules.remind_at))
