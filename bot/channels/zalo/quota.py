"""The monthly quota: messages both ways are counted in the registry, and kept (docs/zalo.md)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.channels.zalo.events import CHANNEL
from locales.answer import make_answer, say, to_json
from models.channels import usage
from models.channels.usage import format_month
from models.notices import queue_message
from models.storage.database import Database
from models.storage.faults import REGISTRY_FAULTS
from scheduler.audience import find_admin_chats
from scheduler.delivery import QuotaSpent

WARNED_AT = (80, 95, 100)  # percent of the quota at which the admins are told
KEPT_FOR_NOTICES = 10  # percent that plain answers leave to reminders and confirmations


@dataclass(slots=True)
class MonthlyQuota:
    """Counts the messages of the month; `monthly` is what the platform allows."""

    database: Database
    clock: Callable[[], datetime]
    monthly: int
    _used: int = 0  # of the month, as it was last counted
    _uncounted: int = 0  # messages that the registry did not take, counted with the next ones

    async def count_messages(self, session: AsyncSession, messages: int) -> int:
        """Count messages in the transaction that stores them; return how many the month has."""
        now = self.clock()
        used = await usage.count_messages(
            session, CHANNEL, now.date(), messages, is_sqlite=self.database.is_sqlite
        )
        await self._warn_at_threshold(session, used - messages, used, now)
        self._used = used
        return used

    async def reserve_messages(self, messages: int, *, is_plain: bool) -> None:
        """Count messages before they are sent, so that those sent side by side pass no limit.

        Raises QuotaSpent, and counts nothing, if so many may not be sent; `is_plain` ones go first.
        What the registry does not take is counted in memory: people hear while it fails, too.
        """
        most = self.monthly - (self.monthly * KEPT_FOR_NOTICES // 100 if is_plain else 0)
        taken, self._uncounted = self._uncounted, 0
        try:
            async with self.database.write() as session:
                used = await self.count_messages(session, taken + messages)
                if used > most:  # raising undoes the count
                    raise QuotaSpent(f"{used - messages} of {self.monthly} messages are used")
        except QuotaSpent:
            self._uncounted += taken
            raise
        except REGISTRY_FAULTS:  # logged by the registry
            self._uncounted += taken
            if self._used + self._uncounted + messages > most:
                raise QuotaSpent(f"{self._used} of {self.monthly} messages are used") from None
            self._uncounted += messages

    async def release_messages(self, messages: int) -> None:
        """Take back what was reserved and not sent."""
        if not messages:
            return
        try:
            async with self.database.write() as session:
                await self.count_messages(session, -messages)
        except REGISTRY_FAULTS:  # as for reserving
            self._uncounted -= messages

    def note_unstored(self, messages: int) -> None:
        """Count messages that were taken while the registry could not be written."""
        self._uncounted += messages

    async def store_uncounted(self) -> None:
        """Write what was counted in memory alone, if the registry takes it."""
        taken, self._uncounted = self._uncounted, 0
        await self.release_messages(-taken)

    async def _warn_at_threshold(
        self, session: AsyncSession, before: int, after: int, now: datetime
    ) -> None:
        """Tell the admins if the count has reached one of the percentages."""
        for percent in WARNED_AT:
            if before * 100 < percent * self.monthly <= after * 100:
                await self._warn_admins(session, percent, after, now)

    async def _warn_admins(
        self, session: AsyncSession, percent: int, used: int, now: datetime
    ) -> None:
        warning = make_answer(
            say("zalo-quota-warning", percent=percent, used=used, monthly=self.monthly)
        )
        for chat_id in await find_admin_chats(session, now.date()):
            await queue_message(
                session,
                chat_id,
                to_json(warning),
                token=f"alarm-zalo-quota-{format_month(now.date())}-{percent}",
                now=now,
                today=now.date(),
            )
