"""Sends the notices that are due: claim one, make its message, deliver it, store how it ended.

A claim is a conditional update with a lease. If a notice is still claimed when its lease has run
out, its message may have arrived: it is `uncertain` and is sent again, marked. Each failure has its
own way (docs/dev/reminders.md rules 15 and 16).
"""

from __future__ import annotations

import asyncio
import logging
import random
import secrets
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any

from sqlalchemy import Update, func, literal
from sqlmodel import col, select, update
from sqlmodel.ext.asyncio.session import AsyncSession

from locales.answer import Answer, make_answer, say
from models.chats import Chat, find_other_chat, move_chat
from models.notices import (
    DIGEST,
    ESCALATION,
    MESSAGE,
    MISSED,
    MORNING,
    FailureReason,
    Notice,
    NoticeStatus,
)
from models.storage.database import Database
from models.storage.faults import REGISTRY_FAULTS
from models.storage.fields import Moment
from models.storage.processes import make_lease_moment
from models.storage.statements import run_statement
from scheduler import hours, message
from scheduler.audience import notify_admins
from scheduler.defaults import LEASE
from scheduler.delivery import (
    BadMarkup,
    Delivery,
    Moved,
    NotDelivered,
    QuotaSpent,
    Rejected,
    SentMessage,
    ServerFault,
    TooFast,
    TopicMissing,
    Uncertain,
    Unreachable,
    explain_failure,
    find_reason,
)
from scheduler.due_sql import (
    DUE_NOTICES,
    NEXT_MOMENT,
    SHARED_NEXT_MOMENT,
    UNLOCKED_DUE_NOTICES,
)
from scheduler.lease import deliver_under_lease
from scheduler.planning import waiting
from scheduler.rules import Defaults, Rules, load_rules

SIDE_BY_SIDE = 24  # notices on their way at the same time; a crash concerns no more
BATCHES = 4  # a claim is for at least this part of them, or there would be one a notice
KINDS = (MESSAGE, ESCALATION, MORNING, MISSED, DIGEST)
"""Kinds of notices in the order in which they go out; the first one at any hour."""

GIVE_UP = timedelta(hours=24)  # of sending time; then a notice has failed
FIRST_WAIT, LONGEST_WAIT = 2.0, 900.0  # seconds between two tries: doubled each time
QUOTA_WAIT = 6 * 3600.0  # seconds until a chat is tried again whose channel's quota is spent
JITTER = 0.5  # part of a wait that is left to chance, so that not all come back at once

_RELEASED: dict[str, Any] = {"claimed_by": None, "lease_until": None}
"""The values of a notice that no sender holds."""

_WAITING = (NoticeStatus.PENDING, NoticeStatus.UNCERTAIN)

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Claim:
    """A notice that this sender alone may send until its lease runs out, as it was when claimed."""

    notice: Notice
    chat: Chat


class NoticeSender:
    """Sends what is due; one for each process. Several processes may send from one registry."""

    def __init__(
        self,
        database: Database,
        deliveries: Mapping[str, Delivery],
        defaults: Defaults,
        now: Callable[[], datetime],
        *,
        lease: float = LEASE,
        side_by_side: int = SIDE_BY_SIDE,
        chance: Callable[[], float] = random.random,
        on_progress: Callable[[], Awaitable[None]] | None = None,
    ) -> None:
        """Set up for `deliveries`, by channel; `lease` is in seconds.

        `chance` gives a number from 0 to 1 for the jitter; `on_progress` is called after tries.
        """
        self._database = database
        self._deliveries = dict(deliveries)
        self._defaults = defaults
        self._now = now
        self._lease = timedelta(seconds=lease)
        self._side_by_side = side_by_side
        self._chance = chance
        self._on_progress = on_progress
        self._is_stopping = False
        self.name = secrets.token_hex(6)

    @property
    def is_stopping(self) -> bool:
        """Whether `stop` was called."""
        return self._is_stopping

    def stop(self) -> None:
        """Claim nothing more; what is on its way is finished."""
        self._is_stopping = True

    async def send_due(self) -> int:
        """Send everything that is due now. Return how many notices came to an end.

        It does not raise if a single notice fails.
        """
        under_way: dict[asyncio.Task[bool], int] = {}  # and the ids of their notices
        ended = 0
        expired_at: datetime | None = None
        try:
            while True:
                now = self._now()
                if expired_at is None or now - expired_at >= self._lease / 3:
                    await self._expire_leases(now, list(under_way.values()))
                    expired_at = now
                free = self._side_by_side - len(under_way)
                claim_now = not self._is_stopping and (
                    not under_way or free >= self._side_by_side // BATCHES
                )
                claims = await self._claim_notices(free) if claim_now else []
                for claim in claims:
                    under_way[asyncio.create_task(self._handle_claim(claim))] = claim.notice.id
                if not under_way:
                    return ended
                finished, _ = await asyncio.wait(under_way, return_when=asyncio.FIRST_COMPLETED)
                for task in finished:
                    del under_way[task]
                ended += sum(task.result() for task in finished)
                if self._on_progress is not None:
                    await self._on_progress()
        finally:
            for task in under_way:
                task.cancel()
            await asyncio.gather(*under_way, return_exceptions=True)

    async def seconds_to_next(self, most: float) -> float | None:
        """Return in how many seconds a notice comes due, None if none does within `most`."""
        now = self._now()
        async with self._database.read() as session:
            until = now + timedelta(seconds=most)
            values = {"now": now, "until": until, "channels": list(self._deliveries)}
            statement = NEXT_MOMENT if self._database.is_sqlite else SHARED_NEXT_MOMENT
            moment = (await run_statement(session, statement, values)).scalar()
        return (moment - now).total_seconds() if moment is not None else None

    # --- claiming ---

    async def _expire_leases(self, now: datetime, under_way: Sequence[int]) -> None:
        """Mark notices whose lease ran out as uncertain, so that they are due again.

        Those `under_way` in this process renew their leases, or end by themselves.
        """
        async with self._database.write() as session:
            expired = update(Notice).where(
                col(Notice.status) == NoticeStatus.SENDING,
                col(Notice.lease_until) <= make_lease_moment(self._database, now),
                col(Notice.id).not_in(under_way),
            )
            values = {"status": NoticeStatus.UNCERTAIN, "failure": FailureReason.UNCERTAIN}
            await run_statement(session, expired.values(again=True, **values, **_RELEASED))

    async def _claim_notices(self, most: int) -> list[Claim]:
        """Claim up to `most` due notices.

        If two senders want the same one, the update of one of them changes no row.
        """
        now = self._now()
        async with self._database.write() as session:
            in_force = await load_rules(session, self._defaults)
            due: list[int] = []
            is_sending = hours.is_sending(in_force.to_local(now), in_force.calendar)
            kinds = KINDS if is_sending else KINDS[:1]
            statement = DUE_NOTICES if self._database.is_sqlite else UNLOCKED_DUE_NOTICES
            values = {"now": now, "channels": list(self._deliveries)}
            for kind in kinds:
                of_kind = {**values, "kind": kind, "most": most - len(due)}
                due += (await run_statement(session, statement, of_kind)).scalars()
            if not due:
                return []
            claimed = await run_statement(
                session,
                update(Notice)
                .where(col(Notice.id).in_(due), col(Notice.status).in_(_WAITING))
                .values(
                    status=NoticeStatus.SENDING,
                    claimed_by=self.name,
                    lease_until=make_lease_moment(self._database, now, self._lease),
                    attempts=Notice.attempts + 1,
                    first_tried_at=func.coalesce(Notice.first_tried_at, literal(now, Moment())),
                )
                .returning(col(Notice.id)),
            )
            ids = claimed.scalars().all()
            rows = await session.exec(
                select(Notice, Chat)
                .join(Chat, col(Chat.id) == Notice.chat_id)
                .where(col(Notice.id).in_(ids))
                .order_by(col(Notice.id))
                .execution_options(populate_existing=True)
            )
            return [Claim(notice, chat) for notice, chat in rows]

    # --- sending ---

    async def _handle_claim(self, claim: Claim) -> bool:
        """Send one notice. Return True if it came to an end.

        A notice that fails in an unforeseen way holds up no other one.
        """
        try:
            what = await self._build_answer(claim)
            if what is None:
                await self._store_end(claim, NoticeStatus.DROPPED)
                return True
        except REGISTRY_FAULTS:  # the lease runs out, and another try begins
            return False
        except Exception as fault:  # a fault of the program in one message
            _log.exception("notice %s: its message cannot be made", claim.notice.id)
            await self._store_failure(claim, fault)
            return True
        try:
            return await self._send_answer(claim, what)
        except REGISTRY_FAULTS:  # the lease runs out, and it is sent again with a mark
            return False
        except Exception:
            _log.exception("notice %s: its outcome cannot be stored", claim.notice.id)
            return False

    async def _build_answer(self, claim: Claim) -> Answer | None:
        """Return the message as things stand; lines not meant for the chat now go to others."""
        async with self._database.read() as session:
            in_force = await load_rules(session, self._defaults)
            today = in_force.to_local(self._now()).date()
            lost = await waiting.find_lines_to_withdraw(session, claim.notice, today, in_force)
            if not lost:
                return await _build(session, claim, today, in_force)
        async with self._database.write() as session:
            await waiting.withdraw_lines(session, claim.notice, lost, self._now(), in_force)
            return await _build(session, claim, today, in_force)

    async def _send_answer(self, claim: Claim, what: Answer) -> bool:
        """Deliver, and store the outcome, each failure in its own way. Return True at an end."""
        try:
            sent = await self._deliver_answer(claim, what)
        except TooFast as fault:
            await self._wait_with_notice(claim, fault.retry_after, fault)
        except QuotaSpent as fault:
            await self._wait_for_quota(claim, fault)
        except (NotDelivered, ServerFault, BadMarkup) as fault:  # BadMarkup: of plain text
            return await self._retry_later(claim, fault, NoticeStatus.PENDING)
        except Moved as fault:
            await self._move_chat(claim, fault.address)
        except Unreachable as fault:
            await self._give_up_chat(claim, fault)
            return True
        except (Rejected, TopicMissing) as fault:  # the topic: of a message that names none
            await self._store_failure(claim, fault)
            return True
        except Exception as fault:  # Uncertain, or unforeseen by the channel: it may have arrived
            if not isinstance(fault, Uncertain):
                _log.exception("notice %s: unforeseen failure of the channel", claim.notice.id)
            return await self._retry_later(claim, fault, NoticeStatus.UNCERTAIN)
        else:
            await self._store_end(claim, NoticeStatus.SENT, message=sent.message)
            return True
        return False

    async def _deliver_answer(self, claim: Claim, what: Answer) -> SentMessage:
        """Hand the message to the channel; where its quota is spent, to the person's other chat."""
        try:
            return await self._deliver_to_chat(claim, claim.chat, what)
        except QuotaSpent as spent:
            return await self._deliver_elsewhere(claim, what, spent)

    async def _deliver_elsewhere(
        self, claim: Claim, what: Answer, spent: QuotaSpent
    ) -> SentMessage:
        """Hand the message to the person's chat of another channel.

        Raises `spent` if there is none or that one fails for good: the notice's own chat is fine.
        """
        others = [name for name in self._deliveries if name != claim.chat.channel]
        async with self._database.read() as session:
            other = await find_other_chat(session, claim.chat, others)
        if other is None:
            raise spent
        try:
            return await self._deliver_to_chat(claim, other, what)
        except (Unreachable, QuotaSpent, Rejected, Moved) as fault:
            if isinstance(fault, Unreachable):
                async with self._database.write() as session:
                    await _set_chat(session, other, unreachable_since=self._now())
            raise spent from fault

    async def _deliver_to_chat(self, claim: Claim, chat: Chat, what: Answer) -> SentMessage:
        """Hand the message to the channel of `chat`.

        If its topic is gone it goes without, if the markup is refused it goes as plain text.
        """
        topic, markup, channel = chat.topic, True, self._deliveries[chat.channel]
        while True:
            try:
                sending = channel.deliver(chat.address, what, topic=topic, markup=markup)
                renew = partial(self._renew_lease, claim)
                return await deliver_under_lease(sending, renew, self._lease.total_seconds())
            except TooFast as fault:
                await self._hold_chat(chat, fault.retry_after)
                raise
            except TopicMissing:
                if topic is None:
                    raise
                topic = None
                async with self._database.write() as session:
                    await _set_chat(session, chat, topic=None)
            except BadMarkup as fault:
                if not markup:
                    raise
                _log.warning("notice %s goes as plain text: %s", claim.notice.id, fault)
                markup = False

    async def _renew_lease(self, claim: Claim) -> bool:
        """Renew the lease; return False if the sender holds the notice no more."""
        async with self._database.write() as session:
            until = make_lease_moment(self._database, self._now(), self._lease)
            renewed = self._update_own_notice(claim).values(lease_until=until)
            return (await run_statement(session, renewed)).rowcount > 0

    # --- outcomes ---

    def _update_own_notice(self, claim: Claim) -> Update:
        """Return the update of the notice, for as long as this sender holds it."""
        return update(Notice).where(
            col(Notice.id) == claim.notice.id,
            col(Notice.status) == NoticeStatus.SENDING,
            col(Notice.claimed_by) == self.name,
        )

    async def _store_end(
        self, claim: Claim, status: NoticeStatus, *, message: str | None = None
    ) -> None:
        """Store that the notice was sent or dropped.

        What certainly arrived is not sent again, whoever holds the notice.
        """
        mine = self._update_own_notice(claim)
        if status == NoticeStatus.SENT:
            mine = update(Notice).where(
                col(Notice.id) == claim.notice.id,
                col(Notice.status).not_in((NoticeStatus.SENT, NoticeStatus.FAILED)),
            )
        async with self._database.write() as session:
            values = {"status": status, "message": message, "ended_at": self._now()}
            await run_statement(session, mine.values(**values, lease_until=None, failure=None))

    async def _wait_for_quota(self, claim: Claim, fault: QuotaSpent) -> None:
        """Let the chat wait, and tell the admins once a month for all chats of the channel."""
        now = self._now()
        async with self._database.write() as session:
            in_force = await load_rules(session, self._defaults)
            day = in_force.to_local(now).date()
            channel = claim.chat.channel
            alarm = make_answer(say("alarm-quota-spent", channel=channel.capitalize(), day=day))
            token = f"alarm-quota-{channel}-{day:%Y-%m}"
            await notify_admins(session, alarm, token=token, now=now, in_force=in_force)
        await self._hold_chat(claim.chat, QUOTA_WAIT)
        await self._wait_with_notice(claim, QUOTA_WAIT, fault)

    async def _hold_chat(self, chat: Chat, seconds: float) -> None:
        """Let a chat wait; the other chats go on."""
        async with self._database.write() as session:
            until = self._now() + timedelta(seconds=seconds)
            await _set_chat(session, chat, not_before=until)

    async def _wait_with_notice(self, claim: Claim, seconds: float, fault: Exception) -> None:
        """Let the notice wait, which is no failed try."""
        async with self._database.write() as session:
            until = self._now() + timedelta(seconds=seconds)
            values = {"not_before": until, "attempts": claim.notice.attempts - 1}
            await self._put_back(session, claim, NoticeStatus.PENDING, fault, **values)

    async def _retry_later(self, claim: Claim, fault: Exception, status: NoticeStatus) -> bool:
        """Try again after a wait that grows; fail after a day of sending time. Return True then.

        A notice that took over lines of an earlier day has a day of tries for its own lines; the
        admins are told of the earlier ones meanwhile.
        """
        now = self._now()
        first = claim.notice.first_tried_at or now
        async with self._database.write() as session:
            in_force = await load_rules(session, self._defaults)

            def measure_tried_time(moment: datetime) -> timedelta:
                return hours.measure_sending_time(moment, in_force.to_local(now), in_force.calendar)

            if measure_tried_time(max(first, claim.notice.planned_at)) < GIVE_UP:
                if measure_tried_time(first) >= GIVE_UP:
                    day = in_force.to_local(first).date()
                    alarm = _describe_failure("alarm-notice-late", claim, day, fault)
                    token = f"alarm-late-{claim.chat.id}-{day.isoformat()}"
                    await notify_admins(session, alarm, token=token, now=now, in_force=in_force)
                wait = min(LONGEST_WAIT, FIRST_WAIT * 2 ** min(claim.notice.attempts - 1, 20))
                until = now + timedelta(seconds=wait * (1 - JITTER * self._chance()))
                await self._put_back(session, claim, status, fault, not_before=until)
                return False
        await self._store_failure(claim, fault)
        return True

    async def _put_back(
        self,
        session: AsyncSession,
        claim: Claim,
        status: NoticeStatus,
        fault: Exception,
        **values: Any,
    ) -> None:
        _log.info("notice %s waits: %s: %s", claim.notice.id, type(fault).__name__, fault)
        if status == NoticeStatus.UNCERTAIN:
            values["again"] = True
        values = {**values, "status": status, "failure": find_reason(fault)}
        await run_statement(session, self._update_own_notice(claim).values(**values, **_RELEASED))

    async def _move_chat(self, claim: Claim, address: str) -> None:
        """Give the chat its new address, and send the notice there."""
        async with self._database.write() as session:
            chat = await session.get_one(Chat, claim.chat.id)
            await move_chat(session, chat, address)
            pending = self._update_own_notice(claim).values(
                status=NoticeStatus.PENDING, **_RELEASED
            )
            await run_statement(session, pending)

    async def _give_up_chat(self, claim: Claim, fault: Exception) -> None:
        """Mark the chat as unreachable and hand on what it should have been told."""
        now = self._now()
        async with self._database.write() as session:
            in_force = await load_rules(session, self._defaults)
            await _set_chat(session, claim.chat, unreachable_since=now)
            to_end = update(Notice).where(
                col(Notice.chat_id) == claim.chat.id,
                (col(Notice.id) == claim.notice.id) | col(Notice.status).in_(_WAITING),
            )
            ended = await run_statement(
                session, to_end.values(**_make_failure(fault, now)).returning(col(Notice.id))
            )
            await waiting.hand_on_lines(session, list(ended.scalars()), now, in_force)
            if claim.chat.kind == "group":
                alarm = make_answer(say("alarm-group-lost", chat=claim.chat.title))
                token = f"alarm-chat-{claim.chat.id}"
                await notify_admins(session, alarm, token=token, now=now, in_force=in_force)

    async def _store_failure(self, claim: Claim, fault: Exception) -> None:
        """Store and log that the notice will never arrive, and tell the admins.

        They are not told of the failure of such a message to themselves.
        """
        now = self._now()
        _log.error("notice %s has failed: %s: %s", claim.notice.id, type(fault).__name__, fault)
        async with self._database.write() as session:
            in_force = await load_rules(session, self._defaults)
            failed = await run_statement(
                session, self._update_own_notice(claim).values(**_make_failure(fault, now))
            )
            if failed.rowcount and not claim.notice.token.startswith("alarm-"):
                alarm = _describe_failure("alarm-notice-failed", claim, claim.notice.day, fault)
                token = f"alarm-notice-{claim.notice.id}"
                await notify_admins(session, alarm, token=token, now=now, in_force=in_force)


def _make_failure(fault: Exception, now: datetime) -> dict[str, Any]:
    """Return the values of a notice that has failed."""
    failed = {"status": NoticeStatus.FAILED, "failure": find_reason(fault), "ended_at": now}
    return {**failed, **_RELEASED}


def _describe_failure(message_id: str, claim: Claim, day: date, fault: Exception) -> Answer:
    """Return the message to the admins about a notice that does not arrive."""
    reason = explain_failure(find_reason(fault))
    return make_answer(say(message_id, chat=claim.chat.title, day=day, reason=reason))


async def _set_chat(session: AsyncSession, chat: Chat, **values: Any) -> None:
    await run_statement(session, update(Chat).where(col(Chat.id) == chat.id).values(**values))


async def _build(
    session: AsyncSession, claim: Claim, today: date, in_force: Rules
) -> Answer | None:
    built = await message.build_message(session, claim.notice, claim.chat, today, in_force)
    return built.what if built is not None else None
