"""How much one person may send: messages a minute, wrong joining codes an hour.

Messages are counted in memory (a minute that a restart forgets harms nobody), wrong codes in the
registry.
"""

from __future__ import annotations

from collections import OrderedDict, deque
from datetime import datetime, timedelta
from enum import Enum

from sqlmodel import col, delete, func, select
from sqlmodel.ext.asyncio.session import AsyncSession

from handlers.conversation.incoming import Incoming
from models.people import Attempt

MESSAGES = 20  # of one person in a minute
MINUTE = timedelta(minutes=1)
WRONG_CODES = 5  # of one person in an hour
HOUR = timedelta(hours=1)
LARGEST_FILE = 20 * 1024 * 1024  # bytes
MOST_SENDERS = 20_000  # people counted at a time
LOCAL_CHANNELS = frozenset({"terminal"})  # channels of one person at the machine itself
_CODE = "code"


class Quota(Enum):
    """Whether a message is within the quota."""

    WITHIN = "fine"
    WARN = "warn"  # too many messages: say so once a minute
    SILENT = "silent"


class MessageCounter:
    """The messages of the last minute, by person."""

    def __init__(self) -> None:
        self._sent: OrderedDict[tuple[str, str], deque[datetime]] = OrderedDict()
        self._warnings: dict[tuple[str, str], datetime] = {}

    def count_message(self, incoming: Incoming) -> Quota:
        """Count `incoming` and return whether it is within the quota.

        A message over the limit is not counted: who goes on more slowly is answered again. Adding
        the bot to a group counts, because it is answered, too.
        """
        if incoming.channel in LOCAL_CHANNELS or incoming.event not in (None, "added"):
            return Quota.WITHIN
        sender = (incoming.channel, incoming.sender)
        sent = self._sent.setdefault(sender, deque())
        self._sent.move_to_end(sender)
        while sent and incoming.said_at - sent[0] >= MINUTE:
            sent.popleft()
        if len(sent) < MESSAGES:
            sent.append(incoming.said_at)
            self._forget_oldest()
            return Quota.WITHIN
        warning = self._warnings.get(sender)
        if warning is not None and incoming.said_at - warning < MINUTE:
            return Quota.SILENT
        self._warnings[sender] = incoming.said_at
        return Quota.WARN

    def _forget_oldest(self) -> None:
        """Forget the people who wrote least lately, beyond the most that are counted."""
        while len(self._sent) > MOST_SENDERS:
            sender, _ = self._sent.popitem(last=False)
            self._warnings.pop(sender, None)


async def may_try_code(session: AsyncSession, incoming: Incoming) -> bool:
    """Return whether the sender may try another joining code in this hour."""
    tried = await session.exec(
        select(func.count())
        .select_from(Attempt)
        .where(
            Attempt.channel == incoming.channel,
            Attempt.address == incoming.sender,
            Attempt.kind == _CODE,
            col(Attempt.at) > incoming.now - HOUR,
        )
    )
    return tried.one() < WRONG_CODES


async def count_wrong_code(session: AsyncSession, incoming: Incoming) -> None:
    """Store a wrong code; delete those of earlier hours."""
    await session.exec(
        delete(Attempt).where(col(Attempt.kind) == _CODE, col(Attempt.at) <= incoming.now - HOUR)
    )
    session.add(
        Attempt(channel=incoming.channel, address=incoming.sender, kind=_CODE, at=incoming.now)
    )
