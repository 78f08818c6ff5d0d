"""Writes down what is to be sent on a day (reminders.md, "Never lost, never doubled"): notices and their lines.

Planning is a few statements over all assignments at once, within one transaction; done twice, it changes nothing. Texts
are made when a notice is sent, not here.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import TextClause, text
from sqlmodel import col, delete, select, update
from sqlmodel.ext.asyncio.session import AsyncSession

from models.assignments import Assignment
from models.chats import Chat
from models.notices import MESSAGE, Heartbeat, Notice, NoticeLine, NoticeStatus
from models.storage.database import PAGE_CACHE
from scheduler import audience, hours, planning_sql, steps
from scheduler.audience import Audience, Recipient
from scheduler.planning_sql import run_statement
from scheduler.rules import Rules

PLANNING_HEARTBEAT = "planned"
"""The heartbeat that holds the last day that was planned, and when."""

MORNING, DIGEST, MISSED, ESCALATION = "morning", "digest", "overdue", "escalation"
"""The kinds of notices that the planner writes."""

_OVERDUE_LIST = "list"  # the stream of what is overdue and was never told
_NEVER = datetime(1970, 1, 1, tzinfo=UTC)
_CHUNK = 5_000  # rows of one insert
PLANNING_CACHE = 128_000  # kB of the registry that SQLite keeps while a day is planned
FAR_AHEAD = timedelta(
    days=3
)  # by which a clock may have jumped forward before the last planned day is not believed


@dataclass(frozen=True)
class PlanningResult:
    """What planning a day wrote. `again`: it had been planned before, so that what was written had been missing."""

    day: date
    notices: int = 0
    lines: int = 0
    again: bool = False


async def plan_day(
    session: AsyncSession,
    day: date,
    now: datetime,
    rules: Rules,
    ears: Sequence[Recipient] | None = None,
) -> PlanningResult:
    """Plans `day` within the running transaction of a `write` session; nothing on a day off or before the last planned.

    1. Finds which last days have a step on the days from the last planned one to `day` (steps.py).
    2. Finds the open assignments with these last days, and of each the newest step that was not told.
    3. Writes a notice for each chat and kind, or goes on with one that waits, and the lines.
    `ears` are who is told, `audience.recipients` by default.
    """
    await run_statement(
        session, planning_sql.FIRST_HEARTBEAT, {"name": PLANNING_HEARTBEAT, "at": _NEVER}
    )
    # The row stays locked, so that processes plan one by one.
    beat = await session.get_one(
        Heartbeat, PLANNING_HEARTBEAT, with_for_update=True, populate_existing=True
    )
    previous = _read_believable_day(beat, day)
    window = _find_window(previous, day, rules)
    if not window:
        return PlanningResult(day)
    if ears is None:
        ears = await audience.find_recipients(session, day, rules)
    again = previous == day
    await _lock_notices(session, planning_sql.LOCK_WAITING)
    async with _enlarge_cache(session):
        await _find_targets(session, window, day, previous, beat.at, rules, ears)
        result = await _write_notices(session, window, day, now, rules)
    if not again:  # the moment stays that of the first time, because steps before it are past for what comes later
        await session.merge(Heartbeat(name=PLANNING_HEARTBEAT, at=now, detail=day.isoformat()))
        await session.flush()
    return PlanningResult(day, *result, again)


async def is_missing(session: AsyncSession, day: date, rules: Rules) -> bool:
    """Whether `plan` would write anything for `day`. Only looks, in a `read` session, so that nobody waits for it."""
    beat = await session.get(Heartbeat, PLANNING_HEARTBEAT, populate_existing=True)
    previous = _read_believable_day(beat, day)
    window = _find_window(previous, day, rules)
    if not window or beat is None or previous != day:
        return bool(window)
    ears = await audience.find_recipients(session, day, rules)
    async with _enlarge_cache(session):
        await _find_targets(session, window, day, previous, beat.at, rules, ears)
        slots = steps.find_digest_days(window, rules.calendar)
        looks = [(planning_sql.ANY_TARGET, {}), (planning_sql.OLDER_NOTICES, {"day": day})]
        looks += [(planning_sql.ANY_DIGEST, {"slot": slots[-1]})] if slots else []
        for look, values in looks:
            if (await run_statement(session, look, values)).first() is not None:
                return True
    return False


async def read_last_planned_day(session: AsyncSession, day: date | None = None) -> date | None:
    """The last day that was planned (as it is believed on `day`, where that is given); None before the first."""
    return _read_believable_day(
        await session.get(Heartbeat, PLANNING_HEARTBEAT, populate_existing=True), day or date.max
    )


def _read_believable_day(beat: Heartbeat | None, day: date) -> date | None:
    """The last day that was planned. One far ahead of `day` is not believed: a clock was wrong, or it was a trial.

    Believing it would keep the bot silent until that day comes. What it told is on record and is not told again.
    """
    last = date.fromisoformat(beat.detail) if beat is not None and beat.detail else None
    return None if last is not None and last - day > FAR_AHEAD else last


def _find_window(previous: date | None, day: date, rules: Rules) -> list[date]:
    """The working days whose steps are planned on `day`; none on a day off or before the last planned one."""
    return (
        []
        if previous is not None and day < previous
        else steps.find_working_window(previous, day, rules.calendar)
    )


async def _find_targets(
    session: AsyncSession,
    window: Sequence[date],
    day: date,
    previous: date | None,
    planned_at: datetime,
    rules: Rules,
    ears: Sequence[Recipient],
) -> None:
    """Finds who is to be told what, into tables of the session alone."""
    await _prepare_tables(session)
    await _fill_step_tables(session, window, day, rules, ears)
    await _fill_recipient_tables(session, ears, day, rules)
    planned = {"planned": previous or date.min, "planned_at": planned_at}
    await run_statement(session, planning_sql.FIND_DATED, planned)
    await _find_starts_and_quiet(session, window, planned, rules)
    await run_statement(session, planning_sql.PICK_NEWEST)
    await run_statement(session, planning_sql.PICK_NEVER_TOLD, planned)
    await _analyse_table(session, "due_new")
    for statement in planning_sql.FIND_TARGETS:
        await run_statement(session, statement)


@asynccontextmanager
async def _enlarge_cache(session: AsyncSession) -> AsyncIterator[None]:
    """Planning reads all over the registry at once; with SQLite's usual cache each page would be fetched many times."""
    if session.get_bind().dialect.name != "sqlite":
        yield
        return
    await run_statement(session, text(f"PRAGMA cache_size = -{PLANNING_CACHE}"))
    yield
    # Not after a failure: the connection of a task that was cancelled may be gone, and would never answer.
    await run_statement(session, text(f"PRAGMA cache_size = -{PAGE_CACHE}"))


async def _lock_notices(session: AsyncSession, which: TextClause, values: Any = None) -> None:
    """Locks notices that wait, so that nobody claims one between its first and its last line.

    On SQLite a `write` session has the whole registry to itself.
    """
    if session.get_bind().dialect.name == "postgresql":
        await run_statement(session, which, values)


async def _prepare_tables(session: AsyncSession) -> None:
    for table in planning_sql.TABLES:
        await run_statement(session, text(table))
    for statement in planning_sql.CLEAR_TABLES:
        await run_statement(session, statement)


async def _analyse_table(session: AsyncSession, table: str) -> None:
    """PostgreSQL knows nothing of a table that was just filled, and would take it for small."""
    if session.get_bind().dialect.name == "postgresql":
        await run_statement(session, text(f"ANALYZE {table}"))


async def _insert_rows(
    session: AsyncSession, statement: TextClause, rows: Sequence[dict[str, Any]]
) -> None:
    for start in range(0, len(rows), _CHUNK):
        await run_statement(session, statement, list(rows[start : start + _CHUNK]))


async def _fill_step_tables(
    session: AsyncSession,
    window: Sequence[date],
    day: date,
    rules: Rules,
    ears: Iterable[Recipient],
) -> None:
    """Fills the tables of plans and tasks with their settings of steps, and of the last days that have a step."""
    settings: dict[tuple[int, ...], int] = {rules.steps: 0}

    def number_setting(own: Any) -> int:
        return settings.setdefault(tuple(own) if own else rules.steps, len(settings))

    for found, fill in (
        (planning_sql.OPEN_PLANS, planning_sql.FILL_PLANS),
        (planning_sql.OWN_STEPS, planning_sql.FILL_TASKS),
    ):
        rows = [
            {"id": row.id, "setting": number_setting(row.steps)}
            for row in await run_statement(session, found)
        ]
        await _insert_rows(session, fill, rows)
    last_days = await _find_last_days(session, day, settings)
    streams = {recipient.audience for recipient in ears}
    await _insert_rows(
        session,
        planning_sql.FILL_STEPS,
        list(_make_step_rows(window, last_days, settings, streams, rules)),
    )
    await _analyse_table(session, "due_step")


async def _find_last_days(
    session: AsyncSession, day: date, settings: Iterable[tuple[int, ...]]
) -> list[date]:
    """The last days of open assignments that a step may fall on `day` of, ascending."""
    longest = max((max(own) for own in settings if own), default=0)
    until = day + timedelta(days=longest + steps.LONGEST_BREAK)
    return [
        row[0] for row in await run_statement(session, planning_sql.LAST_DAYS, {"until": until})
    ]


def _make_step_rows(
    window: Sequence[date],
    last_days: Iterable[date],
    settings: dict[tuple[int, ...], int],
    streams: set[Audience],
    rules: Rules,
) -> Iterable[dict[str, Any]]:
    """The steps that are told, by last day: of each setting, of the groups' line, of each escalation."""
    day = window[-1]
    for last_day in last_days:
        for own, setting in settings.items():
            fall = steps.find_newest_step(window, last_day, own, rules.calendar)
            if fall is not None:
                yield _make_step_row("morning", MORNING, setting, last_day, fall)
        if last_day >= day:
            continue
        yield _make_step_row(
            _OVERDUE_LIST,
            MORNING,
            None,
            last_day,
            steps.StepDay(day, steps.name_overdue((day - last_day).days)),
        )
        if Audience.GROUP in streams and (
            fall := steps.find_missed_step(window, last_day, rules.calendar)
        ):
            yield _make_step_row(Audience.GROUP, MISSED, None, last_day, fall)
        for count, fall in steps.find_escalations(window, last_day, rules.calendar).items():
            yield _make_step_row(steps.ESCALATIONS[count], ESCALATION, None, last_day, fall)


def _make_step_row(
    stream: str, kind: str, setting: int | None, last_day: date, fall: steps.StepDay
) -> dict[str, Any]:
    return {
        "stream": stream,
        "kind": kind,
        "setting": setting,
        "last_day": last_day,
        "day": fall.day,
        "step": fall.step,
        "rank": steps.rank_step(fall.step),
    }


async def _find_starts_and_quiet(
    session: AsyncSession, window: Sequence[date], planned: dict[str, Any], rules: Rules
) -> None:
    """Finds what no last day tells: periods that begin, and deadlines nothing was heard of for a time."""
    starts = steps.find_period_starts(window, rules.calendar)
    first_days = [{"first": first, "day": told} for first, told in starts.items()]
    await _insert_rows(session, planning_sql.FILL_STARTS, first_days)
    oldest = (await run_statement(session, planning_sql.OLDEST_CHANGE)).scalar()
    if oldest is None:
        return
    unasked = [
        day for day in window if day > planned["planned"]
    ] or window  # a day's questions are found but once
    asked = steps.find_quiet_days(unasked, rules.to_local(oldest).date(), rules.calendar)
    rows = [
        {"word": word.isoformat(), "day": told, "step": steps.name_recurring(steps.UPDATE, told)}
        for word, told in asked.items()
    ]
    await _insert_rows(session, planning_sql.FILL_QUIET, rows)
    await _analyse_table(session, "due_quiet")
    database = session.get_bind().dialect.name
    offset = rules.to_moment(window[-1], rules.remind_at).utcoffset() or timedelta()
    await run_statement(
        session, planning_sql.SCAN_OPEN[database], {"offset": int(offset.total_seconds())}
    )
    await _analyse_table(session, "due_scan")
    await run_statement(session, planning_sql.FIND_NEXT_DAYS[database])
    await run_statement(
        session,
        planning_sql.FIND_STARTS,
        {**planned, "step": steps.START, "rank": steps.rank_step(steps.START)},
    )
    await run_statement(
        session, planning_sql.FIND_QUIET, {**planned, "rank": steps.rank_step(steps.UPDATE)}
    )


async def _fill_recipient_tables(
    session: AsyncSession, ears: Sequence[Recipient], day: date, rules: Rules
) -> None:
    """Fills the tables of who is told, and from when on each chat may be."""
    rows = [
        {
            "ear": r.audience,
            "agency": r.agency_id,
            "plan": r.plan_id,
            "chat": r.chat_id,
            "awake": r.awake,
        }
        for r in ears
    ]
    await _insert_rows(session, planning_sql.FILL_RECIPIENTS, rows)
    await _analyse_table(session, "due_ear")
    wanted = {r.chat_id for r in ears}
    own = {
        row.id: (row.remind_at, row.muted_until)
        for row in await run_statement(session, planning_sql.CHAT_SETTINGS)
    }
    moments = [
        {"chat": chat, "at": _compute_moment(*own.get(chat, (None, None)), day, rules)}
        for chat in sorted(wanted)
    ]
    await _insert_rows(session, planning_sql.FILL_CHATS, moments)


def find_sending_moment(chat: Chat, day: date, rules: Rules) -> datetime:
    """From when on `chat` may get what is planned for `day`: at its own hour, after a pause it asked for."""
    return _compute_moment(chat.remind_at, chat.muted_until, day, rules)


def _compute_moment(at: Any, muted_until: date | None, day: date, rules: Rules) -> datetime:
    if muted_until is not None and muted_until >= day:
        day = rules.calendar.next_working_day(muted_until)
    return rules.to_moment(day, hours.move_into_sending_hours(at or rules.remind_at))


async def hand_on_lines(
    session: AsyncSession, notice_ids: Sequence[int], now: datetime, rules: Rules
) -> PlanningResult:
    """Tells others what these notices had to tell a chat that cannot be reached any more.

    The other focal points of the agency are told what they were not told yet; where there is none, whoever supervises
    the plan. Likewise for an escalation: whoever else holds the same quality, or the supervisors.
    """
    day = rules.to_local(now).date()
    lines = (
        await run_statement(session, planning_sql.LINES_OF_NOTICES, {"notices": list(notice_ids)})
    ).all()
    return await _notify_others(
        [line for line in lines if line.kind != MISSED], session, day, now, rules
    )


async def find_lines_to_withdraw(
    session: AsyncSession, notice: Notice, day: date, rules: Rules
) -> list[int]:
    """The ids of the lines of a notice that its chat may not be told on `day`: its post or its binding is gone."""
    if notice.kind not in (MORNING, ESCALATION, MISSED):  # no other has lines
        return []
    lines = (
        await run_statement(session, planning_sql.LINES_OF_NOTICES, {"notices": [notice.id]})
    ).all()
    ears = await audience.find_recipients(session, day, rules, only=notice.chat_id)
    return [
        line.id
        for line in lines
        if not any(r.audience in _find_audiences(line) and _is_recipient_of(r, line) for r in ears)
    ]


async def withdraw_lines(
    session: AsyncSession, notice: Notice, line_ids: Sequence[int], now: datetime, rules: Rules
) -> None:
    """Takes these lines, of which nothing was told, out of a notice and tells them to others as `hand_on` does."""
    lines = (
        await run_statement(session, planning_sql.LINES_OF_NOTICES, {"notices": [notice.id]})
    ).all()
    gone = [line for line in lines if line.id in set(line_ids)]
    await run_statement(
        session, delete(NoticeLine).where(col(NoticeLine.id).in_([line.id for line in gone]))
    )
    others = [line for line in gone if line.kind != MISSED]
    await _notify_others(others, session, rules.to_local(now).date(), now, rules)


async def _notify_others(
    lines: Sequence[Any], session: AsyncSession, day: date, now: datetime, rules: Rules
) -> PlanningResult:
    if not lines:
        return PlanningResult(day)
    ears = await audience.find_recipients(session, day, rules)
    await _prepare_tables(session)
    await _fill_recipient_tables(session, ears, day, rules)
    rows = [
        {
            "chat": chat_id,
            "kind": line.kind,
            "assignment": line.assignment_id,
            "step": line.step,
            "last": line.last_day,
        }
        for line in lines
        for chat_id in _find_other_chats(line, ears)
    ]
    await _insert_rows(session, planning_sql.FILL_TARGETS, rows)
    await run_statement(session, planning_sql.DROP_WRITTEN_TARGETS)
    await _lock_notices(session, planning_sql.LOCK_TARGETS, {"day": day})
    values = {"day": day, "now": now, "token": now.isoformat()}
    notices = _count_rows(await run_statement(session, planning_sql.NEW_NOTICES, values))
    return PlanningResult(
        day,
        notices,
        _count_rows(await run_statement(session, planning_sql.NEW_LINES, {"day": day})),
    )


def _find_other_chats(line: Any, ears: Sequence[Recipient]) -> list[int]:
    """The chats that are told a line of a notice of the kind `line.kind` instead."""
    ear, stead = _find_audiences(line)
    same = [r for r in ears if r.audience == ear and _is_recipient_of(r, line)]
    if not any(r.awake for r in same):
        same += [r for r in ears if r.audience == stead and _is_recipient_of(r, line)]
    return list(dict.fromkeys(r.chat_id for r in same))


def _find_audiences(line: Any) -> tuple[Audience, Audience]:
    """In what quality a line is told, and in what quality for want of anybody who has that one."""
    if line.kind == MISSED:
        return (Audience.GROUP, Audience.GROUP)
    if line.kind == MORNING:
        return (Audience.FOCAL, Audience.STAND_IN)
    return (Audience(steps.ESCALATIONS[int(line.step.rpartition("-")[2])]), Audience.STAND_IN)


def _is_recipient_of(recipient: Recipient, line: Any) -> bool:
    agencies = (
        (None, line.agency_id, line.lead_id)
        if recipient.audience == Audience.GROUP
        else (None, line.agency_id)
    )
    return recipient.agency_id in agencies and recipient.plan_id in (None, line.plan_id)


async def remind_again_on(
    session: AsyncSession,
    chat: Chat,
    assignments: Sequence[Assignment],
    day: date,
    now: datetime,
    rules: Rules,
) -> None:
    """Reminds `chat` of these assignments once more, in its message of `day` (a working day to come)."""
    notice = (
        await session.exec(
            select(Notice)
            .where(Notice.chat_id == chat.id, Notice.day == day, Notice.kind == MORNING)
            .where(Notice.status == NoticeStatus.PENDING)
            .with_for_update()
        )
    ).first()
    if notice is None:
        at = find_sending_moment(chat, day, rules)
        token = f"{steps.LATER}-{now.isoformat()}"
        notice = Notice(
            chat_id=chat.id or 0, day=day, kind=MORNING, token=token, not_before=at, planned_at=now
        )
        session.add(notice)
        await session.flush()
    rows = [
        {
            "notice": notice.id,
            "chat": chat.id,
            "assignment": a.id,
            "step": steps.name_recurring(steps.LATER, day),
            "last": a.last_day,
        }
        for a in assignments
    ]
    await _insert_rows(session, planning_sql.ADD_LINES, rows)


async def move_waiting_notices(
    session: AsyncSession, chat: Chat, now: datetime, rules: Rules
) -> None:
    """What waits for `chat` goes out when the pause it asked for is over, or at its hour again."""
    today = rules.to_local(now).date()
    waiting = (
        col(Notice.chat_id) == chat.id,
        col(Notice.status) == NoticeStatus.PENDING,
        col(Notice.kind) != MESSAGE,
    )
    for day in (await session.exec(select(col(Notice.day)).where(*waiting).distinct())).all():
        at = find_sending_moment(chat, max(day, today), rules)
        await run_statement(
            session, update(Notice).where(*waiting, col(Notice.day) == day).values(not_before=at)
        )


async def _write_notices(
    session: AsyncSession, window: Sequence[date], day: date, now: datetime, rules: Rules
) -> tuple[int, int]:
    """Writes notices and lines for the targets, and the digests; returns how many notices and lines."""
    # Only a day that is planned once more needs another name for a second notice of the same chat and kind.
    values = {"day": day, "now": now, "token": now.isoformat()}
    await _analyse_table(session, "due_target")
    notices = _count_rows(await run_statement(session, planning_sql.NEW_NOTICES, values))
    lines = _count_rows(await run_statement(session, planning_sql.NEW_LINES, {"day": day}))
    slots = steps.find_digest_days(window, rules.calendar)
    if slots:
        notices += _count_rows(
            await run_statement(
                session, planning_sql.NEW_DIGESTS, {"day": day, "now": now, "slot": slots[-1]}
            )
        )
    await _carry_over_notices(session, day, now)
    return notices, lines


def _count_rows(result: Any) -> int:
    return max(0, int(result.rowcount))


async def _carry_over_notices(session: AsyncSession, day: date, now: datetime) -> None:
    """Puts what earlier days left waiting into today's notices of the same chat and kind."""
    older = (await run_statement(session, planning_sql.OLDER_NOTICES, {"day": day})).all()
    if not older:
        return
    pairs = [{"old": pair.old_id, "new": pair.new_id, "now": now} for pair in older]
    for statement in planning_sql.CARRY_OVER:
        await _insert_rows(session, statement, pairs)
