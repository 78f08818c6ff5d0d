"""What the reminders would send on some days, without sending and without changing the registry (reminders.md).

The planner and the messages are those of the real thing, run on a copy of the registry (SQLite) or in a transaction
that is undone (PostgreSQL).
"""

from __future__ import annotations

import tempfile
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from sqlmodel import col, delete, or_, select, update
from sqlmodel.ext.asyncio.session import AsyncSession

from locales.answer import Answer
from models.agencies import Agency, TaskAgency
from models.assignments import Assignment
from models.chats import Chat
from models.notices import MESSAGE, Heartbeat, Notice, NoticeLine, NoticeStatus
from models.people import Person, Post, PostRole
from models.plans import Plan, Role
from models.storage.database import Database
from scheduler import audience, hours, message, planner
from scheduler.audience import Recipient
from scheduler.lines import Message
from scheduler.planning_sql import run_statement
from scheduler.rules import Defaults, Rules, load_rules

REHEARSAL_CHANNEL = "rehearsal"
"""The channel of the chats that are made up for a rehearsal."""


@dataclass(frozen=True)
class RehearsedLine:
    """A line as `--json` prints it."""

    plan: str
    key: str
    agency: str | None
    last_day: date
    step: str


@dataclass(frozen=True)
class RehearsedMessage:
    """One message that would be sent: `at` is HH:MM, `chat` the person's or group's name, `what` the message itself."""

    day: date
    at: str
    chat: str
    kind: str
    lines: tuple[RehearsedLine, ...]
    what: Answer

    def as_json(self) -> dict[str, Any]:
        """The message as plain JSON values, without its text."""
        lines = [{**asdict(line), "last_day": line.last_day.isoformat()} for line in self.lines]
        return {
            "day": self.day.isoformat(),
            "at": self.at,
            "chat": self.chat,
            "kind": self.kind,
            "lines": lines,
        }


async def rehearse_days(
    database: Database,
    first: date,
    last: date,
    *,
    everyone: bool = False,
    defaults: Defaults | None = None,
) -> AsyncIterator[RehearsedMessage]:
    """Every message that would be sent from `first` to `last` (both included), by day, hour and chat.

    `everyone`: as if every agency that leads a task had one focal point and every plan one group, and nothing had been
    told before. Assignments made after `first` count as made on it.
    """
    told: list[
        RehearsedMessage
    ] = []  # handed out at the end, so that whoever stops listening leaves nothing open
    async with _open_scratch_session(database) as session:
        in_force = await load_rules(session, defaults or Defaults())
        await _forget_notices(session, first, in_force, forget=everyone)
        made_up = await _make_up_recipients(session, first, in_force) if everyone else None
        for day in hours.each_day(await _find_first_day(session, first), last):
            of_day = await _rehearse_day(session, day, in_force, made_up)
            told += of_day if day >= first else []
    for rehearsed in told:
        yield rehearsed


class _UndoTransaction(Exception):
    """Ends the transaction of a rehearsal."""


@asynccontextmanager
async def _open_scratch_session(database: Database) -> AsyncIterator[AsyncSession]:
    """A session in which everything may be changed and nothing is kept.

    A transaction on SQLite would keep a running bot from writing all the while, so there it is a copy.
    """
    if not database.is_sqlite:
        try:
            async with database.write() as session:
                yield session
                raise _UndoTransaction
        except _UndoTransaction:
            return
    with tempfile.TemporaryDirectory(prefix="nhacviec-") as folder:
        path = Path(folder) / "rehearsal.db"
        async with database.engine.connect() as connection:
            raw = (await connection.get_raw_connection()).driver_connection
            await raw.execute("VACUUM INTO ?", (str(path),))  # type: ignore[union-attr]  # aiosqlite's connection
        copy = Database(f"sqlite:///{path}")
        try:
            async with copy.write() as session:
                yield session
        finally:
            await copy.close()


async def _forget_notices(
    session: AsyncSession, first: date, in_force: Rules, *, forget: bool
) -> None:
    """Forgets what was told from `first` on (or, with `forget`, ever), and that assignments came later than that."""
    since = date.min if forget else first
    later = select(Notice.id).where(col(Notice.day) >= since)
    await run_statement(session, delete(NoticeLine).where(col(NoticeLine.notice_id).in_(later)))
    await run_statement(session, delete(Notice).where(col(Notice.day) >= since))
    planned = await planner.read_last_planned_day(session)
    if planned is not None and (forget or planned >= first):
        told = (await session.exec(select(Notice.id).limit(1))).first() is not None
        before = (first - timedelta(days=1)).isoformat() if told else None
        await run_statement(
            session,
            update(Heartbeat)
            .where(col(Heartbeat.name) == planner.PLANNING_HEARTBEAT)
            .values(detail=before),
        )
    await run_statement(
        session, update(Assignment).where(col(Assignment.made_on) > first).values(made_on=first)
    )
    morning = in_force.to_moment(first, in_force.remind_at)
    await run_statement(
        session,
        update(Assignment).where(col(Assignment.changed_at) > morning).values(changed_at=morning),
    )


async def _find_first_day(session: AsyncSession, first: date) -> date:
    """The day to begin with: the days since the last planned one are gone through too, or all would be caught up."""
    planned = await planner.read_last_planned_day(session)
    return min(first, planned + timedelta(days=1)) if planned is not None else first


async def _make_up_recipients(
    session: AsyncSession, first: date, in_force: Rules
) -> frozenset[int]:
    """Makes up a focal point of each agency that leads a task, and a group of each plan; returns their chats."""
    leads = select(TaskAgency.agency_id).where(TaskAgency.role == Role.LEAD)
    holders = select(Assignment.agency_id).where(col(Assignment.agency_id).is_not(None))
    agencies = (
        select(Agency)
        .where(or_(col(Agency.id).in_(leads), col(Agency.id).in_(holders)))
        .order_by(col(Agency.id))
    )
    now = in_force.to_moment(first, in_force.remind_at)
    chats: list[Chat] = []
    for agency in (await session.exec(agencies)).all():
        person = Person(
            channel=REHEARSAL_CHANNEL,
            address=f"agency:{agency.id}",
            name=agency.name,
            joined_at=now,
        )
        session.add(person)
        await session.flush()
        session.add(
            Post(
                person_id=person.id or 0,
                role=PostRole.FOCAL_POINT,
                agency_id=agency.id,
                made_at=now,
            )
        )
        chats.append(
            Chat(
                channel=REHEARSAL_CHANNEL,
                address=person.address,
                kind="private",
                title=agency.name,
                person_id=person.id,
            )
        )
    plans = select(Plan).where(col(Plan.closed_on).is_(None)).order_by(col(Plan.id))
    chats += [
        Chat(
            channel=REHEARSAL_CHANNEL,
            address=f"plan:{plan.id}",
            kind="group",
            title=plan.number or plan.title,
            scope="plan",
            plan_id=plan.id,
        )
        for plan in (await session.exec(plans)).all()
    ]
    session.add_all(chats)
    await session.flush()
    return frozenset(chat.id or 0 for chat in chats)


async def _rehearse_day(
    session: AsyncSession, day: date, in_force: Rules, made_up: frozenset[int] | None
) -> list[RehearsedMessage]:
    ears: Sequence[Recipient] = await audience.find_recipients(session, day, in_force)
    if made_up is not None:
        ears = [recipient for recipient in ears if recipient.chat_id in made_up]
    now = in_force.to_moment(day, in_force.remind_at)
    await planner.plan_day(session, day, now, in_force, ears)
    statement = (
        select(Notice, Chat)
        .join(Chat, col(Chat.id) == Notice.chat_id)
        .where(
            col(Notice.status).in_((NoticeStatus.PENDING, NoticeStatus.UNCERTAIN)),
            Notice.kind != MESSAGE,
            col(Notice.not_before) < in_force.to_moment(day, hours.CLOSES),
        )
        .order_by(col(Notice.not_before), Chat.title, col(Notice.id))
        .execution_options(populate_existing=True)
    )
    told: list[RehearsedMessage] = []
    if not in_force.calendar.is_working(day):
        return told
    for notice, chat in (await session.exec(statement)).all():
        built = await message.build_message(session, notice, chat, day, in_force)
        notice.status = NoticeStatus.SENT if built is not None else NoticeStatus.DROPPED
        session.add(notice)
        if built is not None:
            told.append(
                _make_rehearsed_message(
                    notice, await _find_recipient_name(session, chat), day, built, in_force
                )
            )
    await session.flush()
    session.expunge_all()
    return told


async def _find_recipient_name(session: AsyncSession, chat: Chat) -> str:
    person = await session.get(Person, chat.person_id) if chat.person_id is not None else None
    return person.name if person is not None else chat.title


def _make_rehearsed_message(
    notice: Notice, name: str, day: date, built: Message, in_force: Rules
) -> RehearsedMessage:
    lines = tuple(
        RehearsedLine(line.plan_full_name, line.key, line.agency, line.last_day, line.step)
        for line in built.lines
    )
    at = max(in_force.to_local(notice.not_before), in_force.to_moment(day, hours.OPENS))
    return RehearsedMessage(day, f"{at:%H:%M}", name, notice.kind, lines, built.what)
