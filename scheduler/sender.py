"""Sends the notices that are due: claims one, makes its message, hands it to its channel, stores how it ended.

A claim is a conditional update with a lease. What is still claimed when the lease has run out may have arrived: it is
`uncertain` and sent again, marked. Every failure has its own way (reminders.md, "Never lost, never doubled").
"""

from __future__ import annotations

import asyncio
import logging
import random
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import String, Update, bindparam, func, literal, text
from sqlmodel import col, select, update
from sqlmodel.ext.asyncio.session import AsyncSession

from locales.answer import Answer, make_answer, say, to_json
from models.chats import Chat
from models.notices import MESSAGE, Notice, NoticeStatus, queue_message
from models.storage.database import Database
from models.storage.fields import Moment
from scheduler import audience, hours, message, planner
from scheduler.defaults import LEASE
from scheduler.delivery import (
    BadMarkup,
    Delivery,
    Moved,
    NotDelivered,
    Rejected,
    SentMessage,
    ServerFault,
    TooFast,
    TopicMissing,
    Uncertain,
    Unreachable,
    explain_failure,
)
from scheduler.planning_sql import run_statement
from scheduler.rules import Defaults, Rules, load_rules

SIDE_BY_SIDE = (
    24  # notices on their way at the same time; what a crash concerns is at most this many
)
BATCHES = 4  # a claim is for this part of them or more, so that the registry is not asked for each single one
KINDS = (MESSAGE, planner.ESCALATION, planner.MORNING, planner.MISSED, planner.DIGEST)
"""Kinds of notices in the order in which they go out; the first at any hour, the others in sending hours."""

GIVE_UP = timedelta(hours=24)  # of sending time, after which a notice that never got out has failed
FIRST_WAIT, LONGEST_WAIT = 2.0, 900.0  # seconds between two tries: doubled each time
JITTER = 0.5  # part of a wait that is left to chance, so that many do not come back at one instant
LONGEST_ERROR = 300  # characters of an error that are kept

_log = logging.getLogger(__name__)

_DUE_NOTICES = """
    SELECT n.id FROM notice n JOIN chat c ON c.id = n.chat_id
    WHERE n.status IN ('pending','sending','uncertain') AND n.kind = :kind AND n.not_before <= :now
      AND n.status IN ('pending','uncertain')
      AND (c.not_before IS NULL OR c.not_before <= :now)
      AND c.channel IN :channels
    ORDER BY n.not_before
    LIMIT :most
"""
_DUE_TYPES = (
    bindparam("now", type_=Moment()),
    bindparam("kind", type_=String()),
    bindparam("channels", type_=String(), expanding=True),
)
DUE_NOTICES = text(_DUE_NOTICES).bindparams(*_DUE_TYPES)
"""What of one kind may go out now; the first condition is that of the index `ix_notice_due`, word for word."""
UNLOCKED_DUE_NOTICES = text(_DUE_NOTICES + " FOR UPDATE OF n SKIP LOCKED").bindparams(*_DUE_TYPES)
"""The same where other processes may be claiming at this moment."""

NEXT_MOMENT = (
    text(
        """SELECT min(moment) AS moment FROM (
            SELECT CASE WHEN n.status = 'sending' THEN n.lease_until
                        WHEN c.not_before > n.not_before THEN c.not_before ELSE n.not_before END AS moment
            FROM notice n JOIN chat c ON c.id = n.chat_id
            WHERE n.status IN ('pending','sending','uncertain') AND n.not_before <= :until
              AND c.channel IN :channels) waiting
        WHERE moment > :now AND moment <= :until"""
    )
    .bindparams(
        bindparam("now", type_=Moment()),
        bindparam("until", type_=Moment()),
        bindparam("channels", type_=String(), expanding=True),
    )
    .columns(moment=Moment())
)
"""When the next thing comes due that waits, or whose chat must wait, or that somebody claimed and may have lost."""


@dataclass(frozen=True)
class Claim:
    """A notice that this sender alone may send until its lease runs out, as it was when claimed."""

    notice: Notice
    chat: Chat


class NoticeSender:
    """Sends what is due; one for each process. Any number of processes may send from one registry."""

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
    ) -> None:
        """`deliveries` by channel; `lease` in seconds; `chance` gives a number from 0 to 1 for the jitter."""
        self._database = database
        self._deliveries = dict(deliveries)
        self._defaults = defaults
        self._now = now
        self._lease = timedelta(seconds=lease)
        self._side_by_side = side_by_side
        self._chance = chance
        self._is_stopping = False
        self.name = secrets.token_hex(6)

    @property
    def is_stopping(self) -> bool:
        """Whether it was told to stop."""
        return self._is_stopping

    def stop(self) -> None:
        """Claims nothing more; what is on its way is finished."""
        self._is_stopping = True

    async def send_due(self) -> int:
        """Sends everything that is due now; returns how many notices came to an end. Never raises for a single one."""
        await self._expire_leases()
        under_way: set[asyncio.Task[bool]] = set()
        ended = 0
        try:
            while True:
                free = self._side_by_side - len(under_way)
                claim_now = not self._is_stopping and (
                    not under_way or free >= self._side_by_side // BATCHES
                )
                claims = await self._claim_notices(free) if claim_now else []
                under_way |= {asyncio.create_task(self._handle_claim(claim)) for claim in claims}
                if not under_way:
                    return ended
                finished, under_way = await asyncio.wait(
                    under_way, return_when=asyncio.FIRST_COMPLETED
                )
                ended += sum(task.result() for task in finished)
        finally:
            for task in under_way:
                task.cancel()
            await asyncio.gather(*under_way, return_exceptions=True)

    async def seconds_to_next(self, most: float) -> float | None:
        """In how many seconds something comes due that waits now; None where nothing does within `most` seconds."""
        now = self._now()
        if not self._deliveries:
            return None
        async with self._database.read() as session:
            values = {
                "now": now,
                "until": now + timedelta(seconds=most),
                "channels": list(self._deliveries),
            }
            moment = (await run_statement(session, NEXT_MOMENT, values)).scalar()
        return max(0.0, (moment - now).total_seconds()) if moment is not None else None

    # --- claiming --------------------------------------------------------------------------------------------------

    async def _expire_leases(self) -> None:
        """Notices whose lease ran out may have arrived: they are uncertain, and due."""
        now = self._now()
        async with self._database.write() as session:
            await run_statement(
                session,
                update(Notice)
                .where(col(Notice.status) == NoticeStatus.SENDING, col(Notice.lease_until) <= now)
                .values(
                    status=NoticeStatus.UNCERTAIN,
                    again=True,
                    claimed_by=None,
                    lease_until=None,
                    error="lease ran out",
                ),
            )

    async def _claim_notices(self, most: int) -> list[Claim]:
        """Claims up to `most` due notices. Of two senders that want one, the update of one changes no row."""
        now = self._now()
        async with self._database.write() as session:
            in_force = await load_rules(session, self._defaults)
            due: list[int] = []
            kinds = (
                KINDS if hours.is_sending(in_force.to_local(now), in_force.calendar) else KINDS[:1]
            )
            for kind in kinds if self._deliveries else ():
                values = {
                    "now": now,
                    "kind": kind,
                    "channels": list(self._deliveries),
                    "most": most - len(due),
                }
                found = await run_statement(
                    session,
                    DUE_NOTICES if self._database.is_sqlite else UNLOCKED_DUE_NOTICES,
                    values,
                )
                due += found.scalars()
                if len(due) >= most:
                    break
            if not due:
                return []
            claimed = await run_statement(
                session,
                update(Notice)
                .where(
                    col(Notice.id).in_(due),
                    col(Notice.status).in_((NoticeStatus.PENDING, NoticeStatus.UNCERTAIN)),
                )
                .values(
                    status=NoticeStatus.SENDING,
                    claimed_by=self.name,
                    lease_until=now + self._lease,
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

    # --- sending ---------------------------------------------------------------------------------------------------

    async def _handle_claim(self, claim: Claim) -> bool:
        """Sends one notice; True where it came to an end. One that fails in an unforeseen way holds up no other."""
        try:
            built = await self._build_answer(claim)
            if built is None:
                await self._store_end(claim, NoticeStatus.DROPPED)
                return True
        except (
            Exception
        ) as fault:  # a fault of the program in one message: the others go on, the admins are told
            _log.exception("notice %s: its message cannot be made", claim.notice.id)
            await self._store_failure(claim, fault)
            return True
        try:
            return await self._send_answer(claim, built)
        except (
            Exception
        ):  # the registry did not answer; the lease runs out, and the notice is sent again
            _log.exception("notice %s: its outcome cannot be stored", claim.notice.id)
            return False

    async def _build_answer(self, claim: Claim) -> Answer | None:
        """The message as things stand; what its chat may not hear any more goes to others."""
        async with self._database.read() as session:
            in_force = await load_rules(session, self._defaults)
            today = in_force.to_local(self._now()).date()
            lost = await planner.find_lines_to_withdraw(session, claim.notice, today, in_force)
            if not lost:
                built = await message.build_message(
                    session, claim.notice, claim.chat, today, in_force
                )
        if lost:
            async with self._database.write() as session:
                await planner.withdraw_lines(session, claim.notice, lost, self._now(), in_force)
                built = await message.build_message(
                    session, claim.notice, claim.chat, today, in_force
                )
        return built.what if built is not None else None

    async def _send_answer(self, claim: Claim, what: Answer) -> bool:
        """Delivers and stores the outcome, each failure in its own way."""
        try:
            sent = await self._deliver_answer(claim, what)
        except TooFast as fault:
            await self._wait_for_chat(claim, fault)
        except (
            NotDelivered,
            ServerFault,
            BadMarkup,
        ) as fault:  # of plain text: a whim of the server
            return await self._retry_later(claim, fault, NoticeStatus.PENDING)
        except Moved as fault:
            await self._move_chat(claim, fault.address)
        except Unreachable as fault:
            await self._give_up_chat(claim, fault)
            return True
        except (Rejected, TopicMissing) as fault:  # the topic: of a message that names none
            await self._store_failure(claim, fault)
            return True
        except (
            Exception
        ) as fault:  # Uncertain, and whatever a channel did not foresee: it may have arrived
            if not isinstance(fault, Uncertain):
                _log.exception("notice %s: unforeseen failure of the channel", claim.notice.id)
            return await self._retry_later(claim, fault, NoticeStatus.UNCERTAIN)
        else:
            await self._store_end(claim, NoticeStatus.SENT, message=sent.message)
            return True
        return False

    async def _deliver_answer(self, claim: Claim, what: Answer) -> SentMessage:
        """Hands the message to the channel: without a topic that is gone, as plain text where the markup is refused."""
        delivery = self._deliveries[claim.chat.channel]
        topic, markup = claim.chat.topic, True
        while True:
            try:
                return await self._deliver_under_lease(claim, delivery, what, topic, markup)
            except TopicMissing:
                if topic is None:
                    raise
                topic = None
                await self._set_chat(claim.chat, topic=None)
            except BadMarkup as fault:
                if not markup:
                    raise
                _log.warning(
                    "notice %s: the markup was refused, it goes as plain text: %s",
                    claim.notice.id,
                    fault,
                )
                markup = False

    async def _deliver_under_lease(
        self, claim: Claim, delivery: Delivery, what: Answer, topic: str | None, markup: bool
    ) -> SentMessage:
        """Delivers while the lease is renewed, so that a long message in a slow line is not taken for lost."""
        task = asyncio.ensure_future(
            delivery.deliver(claim.chat.address, what, topic=topic, markup=markup)
        )
        try:
            while True:
                await asyncio.wait((task,), timeout=self._lease.total_seconds() / 3)
                if task.done():
                    return task.result()
                try:
                    await self._renew_lease(claim)
                except (
                    Exception
                ):  # the registry may be back before the answer comes; to break off would lose that
                    _log.exception("notice %s: its lease cannot be renewed", claim.notice.id)
        finally:
            task.cancel()

    async def _renew_lease(self, claim: Claim) -> None:
        async with self._database.write() as session:
            await run_statement(
                session,
                self._update_own_notice(claim).values(lease_until=self._now() + self._lease),
            )

    # --- outcomes --------------------------------------------------------------------------------------------------

    def _update_own_notice(self, claim: Claim) -> Update:
        """The notice, as long as this sender holds it."""
        return update(Notice).where(
            col(Notice.id) == claim.notice.id,
            col(Notice.status) == NoticeStatus.SENDING,
            col(Notice.claimed_by) == self.name,
        )

    async def _store_end(
        self, claim: Claim, status: NoticeStatus, *, message: str | None = None
    ) -> None:
        """Stores that the notice was sent or dropped. What certainly arrived is not sent again, whoever holds it."""
        mine = self._update_own_notice(claim)
        if status == NoticeStatus.SENT:
            mine = update(Notice).where(
                col(Notice.id) == claim.notice.id,
                col(Notice.status).not_in((NoticeStatus.SENT, NoticeStatus.FAILED)),
            )
        async with self._database.write() as session:
            await run_statement(
                session,
                mine.values(
                    status=status,
                    message=message,
                    ended_at=self._now(),
                    lease_until=None,
                    error=None,
                ),
            )

    async def _wait_for_chat(self, claim: Claim, fault: TooFast) -> None:
        """The chat must wait, which is no failed try; the other chats go on."""
        until = self._now() + timedelta(seconds=fault.retry_after)
        async with self._database.write() as session:
            await self._put_back(
                session,
                claim,
                NoticeStatus.PENDING,
                fault,
                not_before=until,
                attempts=claim.notice.attempts - 1,
            )
            await run_statement(
                session, update(Chat).where(col(Chat.id) == claim.chat.id).values(not_before=until)
            )

    async def _retry_later(self, claim: Claim, fault: Exception, status: NoticeStatus) -> bool:
        """Another try after a wait that grows; after a day of sending time it has failed. True where it has.

        A notice that took over what an earlier day left has its own day of tries for what is new in it; the admins hear
        of the earlier one meanwhile.
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
                    said = say(
                        "alarm-notice-late",
                        chat=claim.chat.title,
                        day=day,
                        reason=explain_failure(_shorten_error(fault)),
                    )
                    token = f"alarm-late-{claim.chat.id}-{day.isoformat()}"
                    await notify_admins(
                        session, make_answer(said), token=token, now=now, in_force=in_force
                    )
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
        if status == NoticeStatus.UNCERTAIN:
            values["again"] = True
        await run_statement(
            session,
            self._update_own_notice(claim).values(
                status=status,
                claimed_by=None,
                lease_until=None,
                error=_shorten_error(fault),
                **values,
            ),
        )

    async def _move_chat(self, claim: Claim, address: str) -> None:
        """The group has a new address: the chat goes on under it, and the notice is sent there."""
        async with self._database.write() as session:
            chat = await session.get_one(Chat, claim.chat.id)
            await move_chat(session, chat, address)
            await run_statement(
                session,
                self._update_own_notice(claim).values(
                    status=NoticeStatus.PENDING, claimed_by=None, lease_until=None
                ),
            )

    async def _set_chat(self, chat: Chat, **values: Any) -> None:
        async with self._database.write() as session:
            await run_statement(
                session, update(Chat).where(col(Chat.id) == chat.id).values(**values)
            )

    async def _give_up_chat(self, claim: Claim, fault: Exception) -> None:
        """The chat cannot be reached for good: nothing more is tried, and what it should know is handed on."""
        now = self._now()
        async with self._database.write() as session:
            in_force = await load_rules(session, self._defaults)
            await run_statement(
                session,
                update(Chat).where(col(Chat.id) == claim.chat.id).values(unreachable_since=now),
            )
            ended = await run_statement(
                session,
                update(Notice)
                .where(
                    col(Notice.chat_id) == claim.chat.id,
                    (col(Notice.id) == claim.notice.id)
                    | col(Notice.status).in_((NoticeStatus.PENDING, NoticeStatus.UNCERTAIN)),
                )
                .values(
                    status=NoticeStatus.FAILED,
                    error=_shorten_error(fault),
                    ended_at=now,
                    claimed_by=None,
                    lease_until=None,
                )
                .returning(col(Notice.id)),
            )
            await planner.hand_on_lines(session, list(ended.scalars()), now, in_force)
            if claim.chat.kind == "group":
                await notify_admins(
                    session,
                    make_answer(say("alarm-group-lost", chat=claim.chat.title)),
                    token=f"alarm-chat-{claim.chat.id}",
                    now=now,
                    in_force=in_force,
                )

    async def _store_failure(self, claim: Claim, fault: Exception) -> None:
        """It will never arrive: stored, logged, and the admins are told (unless it was such a word to them)."""
        now = self._now()
        _log.error("notice %s has failed: %s", claim.notice.id, _shorten_error(fault))
        async with self._database.write() as session:
            in_force = await load_rules(session, self._defaults)
            failed = await run_statement(
                session,
                self._update_own_notice(claim).values(
                    status=NoticeStatus.FAILED,
                    error=_shorten_error(fault),
                    ended_at=now,
                    claimed_by=None,
                    lease_until=None,
                ),
            )
            if failed.rowcount and not claim.notice.token.startswith("alarm-"):
                said = say(
                    "alarm-notice-failed",
                    chat=claim.chat.title,
                    day=claim.notice.day,
                    reason=explain_failure(_shorten_error(fault)),
                )
                token = f"alarm-notice-{claim.notice.id}"
                await notify_admins(
                    session, make_answer(said), token=token, now=now, in_force=in_force
                )


def _shorten_error(fault: Exception) -> str:
    return f"{type(fault).__name__}: {fault}"[:LONGEST_ERROR]


async def move_chat(session: AsyncSession, chat: Chat, address: str) -> None:
    """Gives `chat` its new address. A row that the new address has already hands over what it is bound to."""
    other = (
        await session.exec(
            select(Chat).where(Chat.channel == chat.channel, Chat.address == address)
        )
    ).first()
    if other is not None and other.id != chat.id:
        if chat.scope is None:
            chat.scope, chat.plan_id, chat.agency_id = other.scope, other.plan_id, other.agency_id
        other.address = f"{address} ({other.id})"  # no address of a channel; the row stays for what was sent to it
        other.scope = None
        session.add(other)
        await session.flush()
    chat.address = address
    chat.unreachable_since = None
    session.add(chat)
    await session.flush()


async def notify_admins(
    session: AsyncSession, what: Answer, *, token: str, now: datetime, in_force: Rules
) -> None:
    """Queues a word to every admin who can be reached; the same `token` is told once."""
    today = in_force.to_local(now).date()
    for chat_id in await audience.find_admin_chats(session, today):
        await queue_message(session, chat_id, to_json(what), token=token, now=now, today=today)
