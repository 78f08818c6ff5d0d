"""What a monitor asks: beats of the parts, notices by status, how long the oldest has been due."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlmodel import col, func, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models.inbox import InboxRow
from models.notices import Heartbeat, Notice, NoticeStatus
from models.storage.processes import Lease

POLL = "poll:"  # begins the name of a lease on polling
SENDER = "sender"  # the beat of the clock and its sender; it comes at least every 40 seconds
SENDER_GOOD_FOR = timedelta(seconds=75)
POLL_GOOD_FOR = timedelta(seconds=120)  # a poll takes up to 25 seconds, a pause after faults 30
_DUE = (NoticeStatus.PENDING, NoticeStatus.SENDING, NoticeStatus.UNCERTAIN)


@dataclass(frozen=True)
class Vitals:
    """How the bot is doing, by what the registry says.

    `beats`: when each part of the clock last ran; `oldest_due`: since when the oldest notice that
    is due waits, None if none does; `waiting`: updates that are not handled yet;
    `polls`: when each channel was last asked for updates.
    """

    beats: dict[str, datetime] = field(default_factory=dict)
    notices: dict[str, int] = field(default_factory=dict)
    oldest_due: datetime | None = None
    waiting: int = 0
    polls: dict[str, datetime] = field(default_factory=dict)


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
    polls = {
        lease.name.removeprefix(POLL): lease.worked_at
        for lease in await session.exec(select(Lease))
        if lease.name.startswith(POLL) and lease.worked_at is not None
    }
    return Vitals(beats, notices, oldest.one(), waiting.one(), polls)


def is_sender_late(vitals: Vitals, now: datetime) -> bool:
    """Return whether the sender has not beaten in time."""
    beat = vitals.beats.get(SENDER)
    return beat is None or now - beat > SENDER_GOOD_FOR


def find_late_channel(vitals: Vitals, now: datetime, polled: Collection[str]) -> str | None:
    """Return a channel of `polled` that was not asked in time for updates; None if all were."""
    for name in sorted(polled):
        at = vitals.polls.get(name)
        if at is not None and now - at > POLL_GOOD_FOR:
            return name
    return None
