"""Looks after planner and sender: every step has its notice, every notice comes to an end.

What is missing is repaired (docs/dev/reminders.md rule 19).
"""

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
from scheduler import hours
from scheduler.audience import notify_admins
from scheduler.planning import planner
from scheduler.rules import Defaults, Rules, load_rules
from scheduler.sender import GIVE_UP

# Sending time beyond that after which the sender gives up: a notice that still waits is stuck.
SLACK = timedelta(hours=1)


@dataclass(frozen=True)
class AuditReport:
    """How many missing lines were written, and how many notices come to no end."""

    repaired: int = 0
    stuck: int = 0


async def audit_day(database: Database, now: datetime, defaults: Defaults) -> AuditReport:
    """Look over the day, repair it, and tell the admins once a day.

    It looks first, which holds up nobody, and takes the right to write only if something is to be
    written. A step that came up since the morning (a report was returned, more time was given) is
    planned as well, but does not count as missing.
    """
    async with database.read() as session:
        in_force = await load_rules(session, defaults)
        local = in_force.to_local(now)
        day = local.date()
        sending = hours.is_sending(local, in_force.calendar)
        missing = sending and await planner.has_missing_notices(session, day, in_force)
        stuck = await _count_stuck_notices(session, local, in_force)
    if not missing and not stuck:
        return AuditReport()
    async with database.write() as session:
        repaired = await _repair_day(session, local, in_force) if missing else 0
        for count, sentence in ((repaired, "alarm-repaired"), (stuck, "alarm-stuck")):
            if count:
                what = make_answer(say(sentence, count=count, day=day))
                token = f"{sentence}-{day.isoformat()}"
                await notify_admins(session, what, token=token, now=now, in_force=in_force)
    return AuditReport(repaired, stuck)


async def _repair_day(session: AsyncSession, local: datetime, in_force: Rules) -> int:
    """Plan the day again. Return how many lines had been missing."""
    planned = await session.get(Heartbeat, planner.PLANNING_HEARTBEAT)
    last = (await session.exec(select(func.max(NoticeLine.id)))).one() or 0
    result = await planner.plan_day(session, local.date(), local, in_force)
    if planned is None or not result.again:
        return 0
    missing = (
        select(func.count())
        .select_from(NoticeLine)
        .join(Assignment, col(Assignment.id) == NoticeLine.assignment_id)
        .where(col(NoticeLine.id) > last, col(Assignment.changed_at) < planned.at)
    )
    return (await session.exec(missing)).one()


async def _count_stuck_notices(session: AsyncSession, local: datetime, in_force: Rules) -> int:
    """Return how many notices should have come to an end long ago."""
    no_end = (NoticeStatus.PENDING, NoticeStatus.SENDING, NoticeStatus.UNCERTAIN)
    waiting = select(Notice.not_before).where(col(Notice.status).in_(no_end))
    moments = (await session.exec(waiting)).all()
    return sum(
        1
        for since in moments
        if hours.measure_sending_time(since, local, in_force.calendar) > GIVE_UP + SLACK
    )
