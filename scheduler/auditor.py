"""Looks after the planner and the sender: each step has its notice, each notice an end; what is missing is repaired."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from locales.answer import make_answer, say
from models.assignments import Assignment
from models.notices import Heartbeat, Notice, NoticeLine, NoticeStatus
from models.storage.database import Database
from scheduler import hours, planner
from scheduler.rules import Defaults, Rules, load_rules
from scheduler.sender import GIVE_UP, notify_admins

SLACK = timedelta(
    hours=1
)  # of sending time, beyond the sender's own patience, after which a notice is stuck


@dataclass(frozen=True)
class AuditReport:
    """What was found: lines that had been missing and were written, and notices that come to no end."""

    repaired: int = 0
    stuck: int = 0


async def audit_day(database: Database, now: datetime, defaults: Defaults) -> AuditReport:
    """Goes over the day, repairs, and tells the admins once a day.

    Looks first, which holds up nobody however large the registry is, and takes the registry only for what is to be
    written. A step that only came to be since the morning (a report was returned, more time was given) is planned as
    well, but nothing was missing then.
    """
    async with database.read() as session:
        in_force = await load_rules(session, defaults)
        local = in_force.to_local(now)
        day = local.date()
        sending = hours.is_sending(local, in_force.calendar)
        missing = sending and await planner.is_missing(session, day, in_force)
        stuck = await _count_stuck_notices(session, local, in_force)
    if not missing and not stuck:
        return AuditReport()
    async with database.write() as session:
        repaired = await _repair_day(session, local, in_force) if missing else 0
        for count, said in ((repaired, "alarm-repaired"), (stuck, "alarm-stuck")):
            if count:
                what = make_answer(say(said, count=count, day=day))
                await notify_admins(
                    session, what, token=f"{said}-{day.isoformat()}", now=now, in_force=in_force
                )
    return AuditReport(repaired, stuck)


async def _repair_day(session: AsyncSession, local: datetime, in_force: Rules) -> int:
    """Plans the day again; returns how many lines had been missing."""
    before = await session.get(Heartbeat, planner.PLANNING_HEARTBEAT, populate_existing=True)
    planned_at = before.at if before is not None else None
    last = (await session.exec(select(func.max(NoticeLine.id)))).one() or 0
    written = await planner.plan_day(session, local.date(), local, in_force)
    if not written.again or not written.lines or planned_at is None:
        return 0
    missing = (
        select(func.count())
        .select_from(NoticeLine)
        .join(Assignment, col(Assignment.id) == NoticeLine.assignment_id)
        .where(col(NoticeLine.id) > last, col(Assignment.changed_at) < planned_at)
    )
    return (await session.exec(missing)).one()


async def _count_stuck_notices(session: AsyncSession, local: datetime, in_force: Rules) -> int:
    """How many notices should have come to an end long ago."""
    waiting = select(Notice.not_before).where(
        col(Notice.status).in_(
            (NoticeStatus.PENDING, NoticeStatus.SENDING, NoticeStatus.UNCERTAIN)
        ),
        col(Notice.planned_at) <= local - GIVE_UP,
        col(Notice.not_before) <= local,
    )
    moments = (await session.exec(waiting)).all()
    return sum(
        1
        for since in moments
        if hours.measure_sending_time(since, local, in_force.calendar) > GIVE_UP + SLACK
    )
