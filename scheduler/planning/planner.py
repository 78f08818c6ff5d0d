"""Writes down what is to be sent on a day: notices and their lines (docs/dev/reminders.md rule 14).

Planning is a few statements over all assignments at once, within one transaction; done twice, it
changes nothing (docs/dev/decisions/0006-sql-planner.md). Texts are made when a notice is sent.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models.notices import MESSAGE, NEVER, Heartbeat, Notice, NoticeStatus
from models.storage.statements import run_statement
from scheduler import audience, steps
from scheduler.audience import Recipient
from scheduler.planning import planning_sql, targets
from scheduler.planning.targets import PlanningDay
from scheduler.rules import Rules

PLANNING_HEARTBEAT = "planned"
"""The heartbeat that holds the last planned day, and when it was planned."""

LATER_GAP = timedelta(minutes=15)  # between two messages of a chat on what came up in a day
FAR_AHEAD = timedelta(days=3)  # a last planned day further ahead is not believed


@dataclass(frozen=True)
class PlanningResult:
    """What planning a day wrote. `again`: the day had been planned before."""

    day: date
    notices: int = 0
    lines: int = 0
    again: bool = False


async def plan_day(
    session: AsyncSession,
    day: date,
    now: datetime,
    rules: Rules,
    recipients: Sequence[Recipient] | None = None,
) -> PlanningResult:
    """Plan `day` within the running transaction of a `write` session.

    1. Find the last days that have a step on the days from the last planned one to `day`.
    2. Find the open assignments with these last days, and of each the newest step not written yet.
    3. Write a notice for each chat and kind, or use one that waits, and the lines.

    Nothing is planned on a day off or before the last planned day. `recipients` are
    `audience.find_recipients` by default.
    """
    first = {"name": PLANNING_HEARTBEAT, "at": NEVER}
    await run_statement(session, planning_sql.FIRST_HEARTBEAT, first)
    # The row stays locked, so that processes plan one after the other.
    heartbeat = await session.get_one(
        Heartbeat, PLANNING_HEARTBEAT, with_for_update=True, populate_existing=True
    )
    planning = _prepare_day(heartbeat, day, rules)
    if not planning.window:
        return PlanningResult(day)
    if recipients is None:
        recipients = await audience.find_recipients(session, day, rules)
    again = planning.previous == day
    await targets.lock_notices(session, planning_sql.LOCK_WAITING)
    async with targets.enlarge_cache(session):
        await targets.find_targets(session, planning, recipients)
        notices, lines = await _write_notices(session, planning, now)
        await _space_notices(session, day, now)
    if not again:  # its first moment stays: steps before it are past for what is made later
        await session.merge(Heartbeat(name=PLANNING_HEARTBEAT, at=now, detail=day.isoformat()))
        await session.flush()
    return PlanningResult(day, notices, lines, again)


async def has_missing_notices(session: AsyncSession, day: date, rules: Rules) -> bool:
    """Return whether `plan_day` would write anything for `day`.

    It only looks, in a `read` session, so that nobody waits for it.
    """
    heartbeat = await session.get(Heartbeat, PLANNING_HEARTBEAT)
    planning = _prepare_day(heartbeat, day, rules)
    if not planning.window or planning.previous != day:
        return bool(planning.window)
    recipients = await audience.find_recipients(session, day, rules)
    async with targets.enlarge_cache(session):
        await targets.find_targets(session, planning, recipients)
        looks = [(planning_sql.ANY_TARGET, {}), (planning_sql.OLDER_NOTICES, {"day": day})]
        if planning.digest_day is not None:
            looks.append((planning_sql.ANY_DIGEST, {"slot": planning.digest_day}))
        for look, values in looks:
            if (await run_statement(session, look, values)).first() is not None:
                return True
    return False


async def read_last_planned_day(session: AsyncSession, day: date | None = None) -> date | None:
    """Return the last planned day (as it is believed on `day`), None before the first."""
    heartbeat = await session.get(Heartbeat, PLANNING_HEARTBEAT)
    return _read_believable_day(heartbeat, day or date.max)


def _read_believable_day(heartbeat: Heartbeat | None, day: date) -> date | None:
    """Return the last planned day, None if it is far ahead of `day`.

    A clock was wrong then, or it was a trial; the bot would be silent until that day comes. What
    was sent for it is on record and is not sent again.
    """
    last = date.fromisoformat(heartbeat.detail) if heartbeat and heartbeat.detail else None
    return None if last is not None and last - day > FAR_AHEAD else last


def _prepare_day(heartbeat: Heartbeat | None, day: date, rules: Rules) -> PlanningDay:
    """Return the facts of planning `day`; its window is empty before the last planned day."""
    previous = _read_believable_day(heartbeat, day)
    window: list[date] = []
    if previous is None or day >= previous:
        window = steps.find_working_window(previous, day, rules.calendar)
    planned_at = heartbeat.at if heartbeat is not None else NEVER
    return PlanningDay(day, window, previous, planned_at, rules)


async def _write_notices(
    session: AsyncSession, planning: PlanningDay, now: datetime
) -> tuple[int, int]:
    """Write notices and lines for the targets, and the digests. Return how many of both."""
    notices, lines = await targets.write_targets(session, planning.day, now)
    if planning.digest_day is not None:
        values = {"day": planning.day, "now": now, "slot": planning.digest_day}
        digests = await run_statement(session, planning_sql.NEW_DIGESTS, values)
        notices += targets.count_rows(digests)
    await _carry_over_notices(session, planning.day, now)
    return notices, lines


async def _space_notices(session: AsyncSession, day: date, now: datetime) -> None:
    """Let what was planned now wait a while after the last notice of its chat on this day."""
    ended = (
        select(Notice.chat_id, Notice.ended_at)
        .where(Notice.day == day, Notice.status == NoticeStatus.SENT, Notice.kind != MESSAGE)
        .where(col(Notice.ended_at) > now - LATER_GAP)
        .order_by(col(Notice.ended_at))
    )
    last = {chat: moment for chat, moment in await session.exec(ended) if moment is not None}
    planned = select(Notice).where(Notice.planned_at == now, Notice.status == NoticeStatus.PENDING)
    for notice in await session.exec(planned.where(col(Notice.chat_id).in_(list(last)))):
        notice.not_before = max(notice.not_before, last[notice.chat_id] + LATER_GAP)
        session.add(notice)
    await session.flush()


async def _carry_over_notices(session: AsyncSession, day: date, now: datetime) -> None:
    """Put what earlier days left waiting into today's notices of the same chat and kind."""
    older = (await run_statement(session, planning_sql.OLDER_NOTICES, {"day": day})).all()
    pairs = [{"old": pair.old_id, "new": pair.new_id, "now": now} for pair in older]
    for statement in planning_sql.CARRY_OVER:
        await targets.insert_rows(session, statement, pairs)
