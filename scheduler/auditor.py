"""Looks after the planner and the sender: each step has its notice, each notice an end; what is missing is repaired."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from locales.answer import answer, say
from models.assignments import Assignment
from models.notices import Heartbeat, Notice, NoticeLine, NoticeStatus
from scheduler import hours, planner
from scheduler.rules import Rules
from scheduler.sender import GIVE_UP, tell_admins

SLACK = timedelta(hours=1)  # of sending time, beyond the sender's own patience, after which a notice is stuck


@dataclass(frozen=True)
class Audit:
    """What was found: lines that had been missing and were written, and notices that come to no end."""

    repaired: int = 0
    stuck: int = 0


async def audit(session: AsyncSession, now: datetime, rules: Rules) -> Audit:
    """Goes over the day within the running transaction of a `write` session, repairs, and tells the admins once a day.

    A step that only came to be since the morning (a report was returned, more time was given) is planned as well, but
    nothing was missing then.
    """
    local = rules.local(now)
    repaired = await _repair(session, local, rules) if hours.is_sending(local, rules.calendar) else 0
    stuck = await _stuck(session, local, rules)
    day = local.date()
    for count, said in ((repaired, "alarm-repaired"), (stuck, "alarm-stuck")):
        if count:
            what = answer(say(said, count=count, day=day))
            await tell_admins(session, what, token=f"{said}-{day.isoformat()}", now=now, in_force=rules)
    return Audit(repaired, stuck)


async def _repair(session: AsyncSession, local: datetime, rules: Rules) -> int:
    """Plans the day again; returns how many lines had been missing."""
    before = await session.get(Heartbeat, planner.PLANNED, populate_existing=True)
    planned_at = before.at if before is not None else None
    last = (await session.exec(select(func.max(NoticeLine.id)))).one() or 0
    written = await planner.plan(session, local.date(), local, rules)
    if not written.again or not written.lines or planned_at is None:
        return 0
    missing = (
        select(func.count())
        .select_from(NoticeLine)
        .join(Assignment, col(Assignment.id) == NoticeLine.assignment_id)
        .where(col(NoticeLine.id) > last, col(Assignment.changed_at) < planned_at)
    )
    return (await session.exec(missing)).one()


async def _stuck(session: AsyncSession, local: datetime, rules: Rules) -> int:
    """How many notices should have come to an end long ago."""
    waiting = select(Notice.not_before).where(
        col(Notice.status).in_((NoticeStatus.PENDING, NoticeStatus.SENDING, NoticeStatus.UNCERTAIN)),
        col(Notice.planned_at) <= local - GIVE_UP,
        col(Notice.not_before) <= local,
    )
    moments = (await session.exec(waiting)).all()
    return sum(1 for since in moments if hours.sending_time(since, local, rules.calendar) > GIVE_UP + SLACK)
