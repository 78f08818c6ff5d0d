"""What a monitor asks: beats of the parts, notices by status, how long the oldest has been due."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from sqlmodel import col, func, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models.inbox import InboxRow
from models.notices import Heartbeat, Notice, NoticeStatus

_DUE = (NoticeStatus.PENDING, NoticeStatus.SENDING, NoticeStatus.UNCERTAIN)


@dataclass(frozen=True)
class Vitals:
    """How the bot is doing, by what the registry says.

    `beats`: when each part of the clock last ran; `oldest_due`: since when the oldest notice that
    is due waits, None if none does; `waiting`: updates that are not handled yet.
    """

    beats: dict[str, datetime] = field(default_factory=dict)
    notices: dict[str, int] = field(default_factory=dict)
    oldest_due: datetime | None = None
    waiting: int = 0


async def read_vitals(session: AsyncSession, now: datetime) -> Vitals:
    """Return how the bot is doing at `now`."""
    beats = {beat.name: beat.at for beat in await session.exec(select(Heartbeat))}
    by_status = await session.exec(
        select(Notice.status, func.count(col(Notice.id))).group_by(col(Notice.status))
    )
    notices = dict.fromkeys(map(str, NoticeStatus), 0) | dict(by_status.all())
    oldest = await session.exec(
        select(func.min(col(Notice.not_before))).where(
            col(Notice.status).in_(_DUE), col(Notice.not_before) <= now
        )
    )
    waiting = await session.exec(
        select(func.count(col(InboxRow.id))).where(col(InboxRow.handled_at).is_(None))
    )
    return Vitals(beats, notices, oldest.one(), waiting.one())
