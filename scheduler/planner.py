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
from models.database import PAGE_CACHE
from models.notices import MESSAGE, Heartbeat, Notice, NoticeLine, NoticeStatus
from scheduler import audience, hours, planning_sql, steps
from scheduler.audience import Ear, Recipient
from scheduler.planning_sql import run
from scheduler.rules import Rules

PLANNED = "planned"
"""The heartbeat that holds the last day that was planned, and when."""

MORNING, DIGEST, MISSED, ESCALATION = "morning", "digest", "overdue", "escalation"
"""The kinds of notices that the planner writes."""

_LIST = "list"  # the stream of what is overdue and was never told
_NEVER = datetime(1970, 1, 1, tzinfo=UTC)
_CHUNK = 5_000  # rows of one insert
PLANNING_CACHE = 128_000  # kB of the registry that SQLite keeps while a day is planned
FAR_AHEAD = timedelta(days=3)  # by which a clock may have jumped forward before the last planned day is not believed


@dataclass(frozen=True)
class Planned:
    """What planning a day wrote. `again`: it had been planned before, so that what was written had been missing."""

    day: date
    notices: int = 0
    lines: int = 0
    again: bool = False


async def plan(
    session: AsyncSession, day: date, now: datetime, rules: Rules, ears: Sequence[Recipient] | None = None
) -> Planned:
    """Plans `day` within the running transaction of a `write` session; nothing on a day off or before the last planned.

    1. Finds which last days have a step on the days from the last planned one to `day` (steps.py).
    2. Finds the open assignments with these last days, and of each the newest step that was not told.
    3. Writes a notice for each chat and kind, or goes on with one that waits, and the lines.
    `ears` are who is told, `audience.recipients` by default.
    """
    await run(session, planning_sql.FIRST_BEAT, {"name": PLANNED, "at": _NEVER})
    # The row stays locked, so that processes plan one by one.
    beat = await session.get_one(Heartbeat, PLANNED, with_for_update=True, populate_existing=True)
    previous = _believed(beat, day)
    window = _window(previous, day, rules)
    if not window:
        return Planned(day)
    if ears is None:
        ears = await audience.recipients(session, day, rules)
    again = previous == day
    await _lock(session, planning_sql.LOCK_WAITING)
    async with _much_cache(session):
        await _find(session, window, day, previous, beat.at, rules, ears)
        result = await _write(session, window, day, now, rules)
    if not again:  # the moment stays that of the first time, because steps before it are past for what comes later
        await session.merge(Heartbeat(name=PLANNED, at=now, detail=day.isoformat()))
        await session.flush()
    return Planned(day, *result, again)


async def is_missing(session: AsyncSession, day: date, rules: Rules) -> bool:
    """Whether `plan` would write anything for `day`. Only looks, in a `read` session, so that nobody waits for it."""
    beat = await session.get(Heartbeat, PLANNED, populate_existing=True)
    previous = _believed(beat, day)
    window = _window(previous, day, rules)
    if not window or beat is None or previous != day:
        return bool(window)
    ears = await audience.recipients(session, day, rules)
    async with _much_cache(session):
        await _find(session, window, day, previous, beat.at, rules, ears)
        slots = steps.digest_days(window, rules.calendar)
        looks = [(planning_sql.ANY_TARGET, {}), (planning_sql.OLDER, {"day": day})]
        looks += [(planning_sql.ANY_DIGEST, {"slot": slots[-1]})] if slots else []
        for look, values in looks:
            if (await run(session, look, values)).first() is not None:
                return True
    return False


async def last_planned(session: AsyncSession, day: date | None = None) -> date | None:
    """The last day that was planned (as it is believed on `day`, where that is given); None before the first."""
    return _believed(await session.get(Heartbeat, PLANNED, populate_existing=True), day or date.max)


def _believed(beat: Heartbeat | None, day: date) -> date | None:
    """The last day that was planned. One far ahead of `day` is not believed: a clock was wrong, or it was a trial.

    Believing it would keep the bot silent until that day comes. What it told is on record and is not told again.
    """
    last = date.fromisoformat(beat.detail) if beat is not None and beat.detail else None
    return None if last is not None and last - day > FAR_AHEAD else last


def _window(previous: date | None, day: date, rules: Rules) -> list[date]:
    """The working days whose steps are planned on `day`; none on a day off or before the last planned one."""
    return [] if previous is not None and day < previous else steps.working_window(previous, day, rules.calendar)


async def _find(
    session: AsyncSession,
    window: Sequence[date],
    day: date,
    previous: date | None,
    planned_at: datetime,
    rules: Rules,
    ears: Sequence[Recipient],
) -> None:
    """Finds who is to be told what, into tables of the session alone."""
    await _prepare(session)
    await _tell_settings(session, window, day, rules, ears)
    await _tell_ears(session, ears, day, rules)
    planned = {"planned": previous or date.min, "planned_at": planned_at}
    await run(session, planning_sql.FIND_DATED, planned)
    await _find_undated(session, window, planned, rules)
    await run(session, planning_sql.PICK)
    await run(session, planning_sql.PICK_NEVER_TOLD, planned)
    await _analyse(session, "due_new")
    for statement in planning_sql.TARGETS:
        await run(session, statement)


@asynccontextmanager
async def _much_cache(session: AsyncSession) -> AsyncIterator[None]:
    """Planning reads all over the registry at once; with SQLite's usual cache each page would be fetched many times."""
    if session.get_bind().dialect.name != "sqlite":
        yield
        return
    await run(session, text(f"PRAGMA cache_size = -{PLANNING_CACHE}"))
    yield
    # Not after a failure: the connection of a task that was cancelled may be gone, and would never answer.
    await run(session, text(f"PRAGMA cache_size = -{PAGE_CACHE}"))


async def _lock(session: AsyncSession, which: TextClause, values: Any = None) -> None:
    """Locks notices that wait, so that nobody claims one between its first and its last line.

    On SQLite a `write` session has the whole registry to itself.
    """
    if session.get_bind().dialect.name == "postgresql":
        await run(session, which, values)


async def _prepare(session: AsyncSession) -> None:
    for table in planning_sql.TABLES:
        await run(session, text(table))
    for statement in planning_sql.CLEAR:
        await run(session, statement)


async def _analyse(session: AsyncSession, table: str) -> None:
    """PostgreSQL knows nothing of a table that was just filled, and would take it for small."""
    if session.get_bind().dialect.name == "postgresql":
        await run(session, text(f"ANALYZE {table}"))


async def _insert(session: AsyncSession, statement: TextClause, rows: Sequence[dict[str, Any]]) -> None:
    for start in range(0, len(rows), _CHUNK):
        await run(session, statement, list(rows[start : start + _CHUNK]))


async def _tell_settings(
    session: AsyncSession, window: Sequence[date], day: date, rules: Rules, ears: Iterable[Recipient]
) -> None:
    """Fills the tables of plans and tasks with their settings of steps, and of the last days that have a step."""
    settings: dict[tuple[int, ...], int] = {rules.steps: 0}

    def number(own: Any) -> int:
        return settings.setdefault(tuple(own) if own else rules.steps, len(settings))

    for found, fill in (
        (planning_sql.OPEN_PLANS, planning_sql.FILL_PLANS),
        (planning_sql.OWN_STEPS, planning_sql.FILL_TASKS),
    ):
        rows = [{"id": row.id, "setting": number(row.steps)} for row in await run(session, found)]
        await _insert(session, fill, rows)
    last_days = await _last_days(session, day, settings)
    streams = {recipient.ear for recipient in ears}
    await _insert(session, planning_sql.FILL_STEPS, list(_step_rows(window, last_days, settings, streams, rules)))
    await _analyse(session, "due_step")


async def _last_days(session: AsyncSession, day: date, settings: Iterable[tuple[int, ...]]) -> list[date]:
    """The last days of open assignments that a step may fall on `day` of, ascending."""
    longest = max((max(own) for own in settings if own), default=0)
    until = day + timedelta(days=longest + steps.LONGEST_BREAK)
    return [row[0] for row in await run(session, planning_sql.LAST_DAYS, {"until": until})]


def _step_rows(
    window: Sequence[date],
    last_days: Iterable[date],
    settings: dict[tuple[int, ...], int],
    streams: set[Ear],
    rules: Rules,
) -> Iterable[dict[str, Any]]:
    """The steps that are told, by last day: of each setting, of the groups' line, of each escalation."""
    day = window[-1]
    for last_day in last_days:
        for own, setting in settings.items():
            fall = steps.newest(window, last_day, own, rules.calendar)
            if fall is not None:
                yield _row("morning", MORNING, setting, last_day, fall)
        if last_day >= day:
            continue
        yield _row(_LIST, MORNING, None, last_day, steps.Fall(day, steps.name_overdue((day - last_day).days)))
        if Ear.GROUP in streams and (fall := steps.missed(window, last_day, rules.calendar)):
            yield _row(Ear.GROUP, MISSED, None, last_day, fall)
        for count, fall in steps.escalations(window, last_day, rules.calendar).items():
            yield _row(steps.ESCALATIONS[count], ESCALATION, None, last_day, fall)


def _row(stream: str, kind: str, setting: int | None, last_day: date, fall: steps.Fall) -> dict[str, Any]:
    return {
        "stream": stream,
        "kind": kind,
        "setting": setting,
        "last_day": last_day,
        "day": fall.day,
        "step": fall.step,
        "rank": steps.order(fall.step),
    }


async def _find_undated(session: AsyncSession, window: Sequence[date], planned: dict[str, Any], rules: Rules) -> None:
    """Finds what no last day tells: periods that begin, and deadlines nothing was heard of for a time."""
    starts = steps.period_starts(window, rules.calendar)
    first_days = [{"first": first, "day": told} for first, told in starts.items()]
    await _insert(session, planning_sql.FILL_STARTS, first_days)
    oldest = (await run(session, planning_sql.OLDEST_WORD)).scalar()
    if oldest is None:
        return
    unasked = [day for day in window if day > planned["planned"]] or window  # a day's questions are found but once
    asked = steps.quiet_days(unasked, rules.local(oldest).date(), rules.calendar)
    rows = [
        {"word": word.isoformat(), "day": told, "step": steps.name_on(steps.UPDATE, told)}
        for word, told in asked.items()
    ]
    await _insert(session, planning_sql.FILL_QUIET, rows)
    await _analyse(session, "due_quiet")
    database = session.get_bind().dialect.name
    offset = rules.at(window[-1], rules.remind_at).utcoffset() or timedelta()
    await run(session, planning_sql.SCAN[database], {"offset": int(offset.total_seconds())})
    await _analyse(session, "due_scan")
    await run(session, planning_sql.NEXT[database])
    await run(session, planning_sql.FIND_STARTS, {**planned, "step": steps.START, "rank": steps.order(steps.START)})
    await run(session, planning_sql.FIND_QUIET, {**planned, "rank": steps.order(steps.UPDATE)})


async def _tell_ears(session: AsyncSession, ears: Sequence[Recipient], day: date, rules: Rules) -> None:
    """Fills the tables of who is told, and from when on each chat may be."""
    rows = [{"ear": r.ear, "agency": r.agency_id, "plan": r.plan_id, "chat": r.chat_id, "awake": r.awake} for r in ears]
    await _insert(session, planning_sql.FILL_EARS, rows)
    await _analyse(session, "due_ear")
    wanted = {r.chat_id for r in ears}
    own = {row.id: (row.remind_at, row.muted_until) for row in await run(session, planning_sql.WISHES)}
    moments = [{"chat": chat, "at": _moment(*own.get(chat, (None, None)), day, rules)} for chat in sorted(wanted)]
    await _insert(session, planning_sql.FILL_CHATS, moments)


def moment_for(chat: Chat, day: date, rules: Rules) -> datetime:
    """From when on `chat` may get what is planned for `day`: at its own hour, after a pause it asked for."""
    return _moment(chat.remind_at, chat.muted_until, day, rules)


def _moment(at: Any, muted_until: date | None, day: date, rules: Rules) -> datetime:
    if muted_until is not None and muted_until >= day:
        day = rules.calendar.next_working(muted_until)
    return rules.at(day, hours.within(at or rules.remind_at))


async def hand_on(session: AsyncSession, notice_ids: Sequence[int], now: datetime, rules: Rules) -> Planned:
    """Tells others what these notices had to tell a chat that cannot be reached any more.

    The other focal points of the agency are told what they were not told yet; where there is none, whoever supervises
    the plan. Likewise for an escalation: whoever else holds the same quality, or the supervisors.
    """
    day = rules.local(now).date()
    lines = (await run(session, planning_sql.LINES_OF, {"notices": list(notice_ids)})).all()
    return await _tell_others([line for line in lines if line.kind != MISSED], session, day, now, rules)


async def not_for(session: AsyncSession, notice: Notice, day: date, rules: Rules) -> list[int]:
    """The ids of the lines of a notice that its chat may not be told on `day`: its post or its binding is gone."""
    if notice.kind not in (MORNING, ESCALATION, MISSED):  # no other has lines
        return []
    lines = (await run(session, planning_sql.LINES_OF, {"notices": [notice.id]})).all()
    ears = await audience.recipients(session, day, rules, only=notice.chat_id)
    return [line.id for line in lines if not any(r.ear in _ears_of(line) and _concerns(r, line) for r in ears)]


async def withdraw(session: AsyncSession, notice: Notice, line_ids: Sequence[int], now: datetime, rules: Rules) -> None:
    """Takes these lines, of which nothing was told, out of a notice and tells them to others as `hand_on` does."""
    lines = (await run(session, planning_sql.LINES_OF, {"notices": [notice.id]})).all()
    gone = [line for line in lines if line.id in set(line_ids)]
    await run(session, delete(NoticeLine).where(col(NoticeLine.id).in_([line.id for line in gone])))
    others = [line for line in gone if line.kind != MISSED]
    await _tell_others(others, session, rules.local(now).date(), now, rules)


async def _tell_others(lines: Sequence[Any], session: AsyncSession, day: date, now: datetime, rules: Rules) -> Planned:
    if not lines:
        return Planned(day)
    ears = await audience.recipients(session, day, rules)
    await _prepare(session)
    await _tell_ears(session, ears, day, rules)
    rows = [
        {"chat": chat_id, "kind": line.kind, "assignment": line.assignment_id, "step": line.step, "last": line.last_day}
        for line in lines
        for chat_id in _others(line, ears)
    ]
    await _insert(session, planning_sql.FILL_TARGETS, rows)
    await run(session, planning_sql.DROP_TOLD)
    await _lock(session, planning_sql.LOCK_TARGETS, {"day": day})
    values = {"day": day, "now": now, "token": now.isoformat()}
    notices = _count(await run(session, planning_sql.NEW_NOTICES, values))
    return Planned(day, notices, _count(await run(session, planning_sql.NEW_LINES, {"day": day})))


def _others(line: Any, ears: Sequence[Recipient]) -> list[int]:
    """The chats that are told a line of a notice of the kind `line.kind` instead."""
    ear, stead = _ears_of(line)
    same = [r for r in ears if r.ear == ear and _concerns(r, line)]
    if not any(r.awake for r in same):
        same += [r for r in ears if r.ear == stead and _concerns(r, line)]
    return list(dict.fromkeys(r.chat_id for r in same))


def _ears_of(line: Any) -> tuple[Ear, Ear]:
    """In what quality a line is told, and in what quality for want of anybody who has that one."""
    if line.kind == MISSED:
        return (Ear.GROUP, Ear.GROUP)
    if line.kind == MORNING:
        return (Ear.FOCAL, Ear.STEAD)
    return (Ear(steps.ESCALATIONS[int(line.step.rpartition("-")[2])]), Ear.STEAD)


def _concerns(recipient: Recipient, line: Any) -> bool:
    agencies = (None, line.agency_id, line.lead_id) if recipient.ear == Ear.GROUP else (None, line.agency_id)
    return recipient.agency_id in agencies and recipient.plan_id in (None, line.plan_id)


async def remind_on(
    session: AsyncSession, chat: Chat, assignments: Sequence[Assignment], day: date, now: datetime, rules: Rules
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
        at = moment_for(chat, day, rules)
        token = f"{steps.LATER}-{now.isoformat()}"
        notice = Notice(chat_id=chat.id or 0, day=day, kind=MORNING, token=token, not_before=at, planned_at=now)
        session.add(notice)
        await session.flush()
    rows = [
        {
            "notice": notice.id,
            "chat": chat.id,
            "assignment": a.id,
            "step": steps.name_on(steps.LATER, day),
            "last": a.last_day,
        }
        for a in assignments
    ]
    await _insert(session, planning_sql.ADD_LINES, rows)


async def move_waiting(session: AsyncSession, chat: Chat, now: datetime, rules: Rules) -> None:
    """What waits for `chat` goes out when the pause it asked for is over, or at its hour again."""
    today = rules.local(now).date()
    waiting = (
        col(Notice.chat_id) == chat.id,
        col(Notice.status) == NoticeStatus.PENDING,
        col(Notice.kind) != MESSAGE,
    )
    for day in (await session.exec(select(col(Notice.day)).where(*waiting).distinct())).all():
        at = moment_for(chat, max(day, today), rules)
        await run(session, update(Notice).where(*waiting, col(Notice.day) == day).values(not_before=at))


async def _write(
    session: AsyncSession, window: Sequence[date], day: date, now: datetime, rules: Rules
) -> tuple[int, int]:
    """Writes notices and lines for the targets, and the digests; returns how many notices and lines."""
    # Only a day that is planned once more needs another name for a second notice of the same chat and kind.
    values = {"day": day, "now": now, "token": now.isoformat()}
    await _analyse(session, "due_target")
    notices = _count(await run(session, planning_sql.NEW_NOTICES, values))
    lines = _count(await run(session, planning_sql.NEW_LINES, {"day": day}))
    slots = steps.digest_days(window, rules.calendar)
    if slots:
        notices += _count(await run(session, planning_sql.NEW_DIGESTS, {"day": day, "now": now, "slot": slots[-1]}))
    await _carry_over(session, day, now)
    return notices, lines


def _count(result: Any) -> int:
    return max(0, int(result.rowcount))


async def _carry_over(session: AsyncSession, day: date, now: datetime) -> None:
    """Puts what earlier days left waiting into today's notices of the same chat and kind."""
    older = (await run(session, planning_sql.OLDER, {"day": day})).all()
    if not older:
        return
    pairs = [{"old": pair.old_id, "new": pair.new_id, "now": now} for pair in older]
    for statement in planning_sql.CARRY:
        await _insert(session, statement, pairs)
