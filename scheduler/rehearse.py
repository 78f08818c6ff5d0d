"""What the reminders would send on some days, without sending (docs/dev/reminders.md rule 21).

The planner and the messages are the real ones, run on a copy of the registry (SQLite) or in a
transaction that is undone (PostgreSQL). The registry does not change.
"""

from __future__ import annotations

import tempfile
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any, cast

import aiosqlite
from sqlalchemy import func
from sqlmodel import col, delete, select, update
from sqlmodel.ext.asyncio.session import AsyncSession

from locales.answer import Answer
from models.agencies import Agency
from models.assignments import Assignment
from models.chats import Chat
from models.notices import MESSAGE, Heartbeat, Notice, NoticeStatus
from models.people import Person, Post, PostRole
from models.plans import Plan
from models.storage.database import Database
from models.storage.statements import run_statement
from scheduler import audience, hours, message
from scheduler.audience import Recipient
from scheduler.lines import Message
from scheduler.planning import planner
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
    """One message that would be sent.

    `at` is HH:MM, `chat` the person's or group's name, `what` the message itself.
    """

    day: date
    at: str
    chat: str
    kind: str
    lines: tuple[RehearsedLine, ...]
    what: Answer

    def as_json(self) -> dict[str, Any]:
        """Return the message as plain JSON values, without its text."""
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
    """Yield every message that would be sent from `first` to `last`, by day, hour and chat.

    Both days are included. `everyone`: as if every responsible agency had one focal point and
    every plan one group, and nothing had been sent before. Assignments made after `first` count as
    made on it.
    """
    messages: list[RehearsedMessage] = []  # yielded when nothing is open any more
    async with _open_scratch_session(database) as session:
        in_force = await load_rules(session, defaults or Defaults())
        await _forget_notices(session, first, in_force, forget=everyone)
        made_up = await _make_up_recipients(session, first, in_force) if everyone else None
        for day in hours.each_day(await _find_first_day(session, first), last):
            of_day = await _rehearse_day(session, day, in_force, made_up)
            messages += of_day if day >= first else []
    for rehearsed in messages:
        yield rehearsed


class _UndoTransaction(Exception):
    """Ends the transaction of a rehearsal."""


@asynccontextmanager
async def _open_scratch_session(database: Database) -> AsyncIterator[AsyncSession]:
    """Open a session in which everything may be changed and nothing is kept.

    On SQLite it is that of a copy: a transaction would keep a running bot from writing.
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
            await cast(aiosqlite.Connection, raw).execute("VACUUM INTO ?", (str(path),))
        copy = Database(f"sqlite:///{path}")
        try:
            async with copy.write() as session:
                yield session
        finally:
            await copy.close()


async def _forget_notices(
    session: AsyncSession, first: date, in_force: Rules, *, forget: bool
) -> None:
    """Forget what was sent from `first` on, or (`forget`) all, and that assignments came later."""
    since = date.min if forget else first
    await run_statement(session, delete(Notice).where(col(Notice.day) >= since))
    planned = await planner.read_last_planned_day(session)
    if planned is not None and (forget or planned >= first):
        earliest = (await session.exec(select(func.min(Notice.day)))).one()
        before = (first - timedelta(days=1)).isoformat() if earliest is not None else None
        heartbeat = update(Heartbeat).where(col(Heartbeat.name) == planner.PLANNING_HEARTBEAT)
        await run_statement(session, heartbeat.values(detail=before))
    made_later = update(Assignment).where(col(Assignment.made_on) > first)
    await run_statement(session, made_later.values(made_on=first))
    morning = in_force.to_moment(first, in_force.remind_at)
    changed_later = update(Assignment).where(col(Assignment.changed_at) > morning)
    await run_statement(session, changed_later.values(changed_at=morning))


async def _find_first_day(session: AsyncSession, first: date) -> date:
    """Return the day to begin with.

    The days since the last planned one are gone through too, or all of them would be caught up.
    """
    planned = await planner.read_last_planned_day(session)
    return min(first, planned + timedelta(days=1)) if planned is not None else first


async def _make_up_recipients(
    session: AsyncSession, first: date, in_force: Rules
) -> frozenset[int]:
    """Invent a focal point for each responsible agency, and a group for each plan.

    Return the ids of their chats.
    """
    responsible = col(Agency.id).in_(select(Assignment.agency_id))
    agencies = select(Agency).where(responsible).order_by(col(Agency.id))
    now = in_force.to_moment(first, in_force.remind_at)
    chats: list[Chat] = []
    for agency in (await session.exec(agencies)).all():
        address, name = f"agency:{agency.id}", agency.name
        person = Person(channel=REHEARSAL_CHANNEL, address=address, name=name, joined_at=now)
        session.add(person)
        await session.flush()
        post = Post(person_id=person.id, role=PostRole.FOCAL_POINT, made_at=now)
        post.agency_id = agency.id
        session.add(post)
        private = Chat(channel=REHEARSAL_CHANNEL, address=address, kind="private", title=name)
        private.person_id = person.id
        chats.append(private)
    plans = select(Plan).where(col(Plan.closed_on).is_(None)).order_by(col(Plan.id))
    chats += [
        Chat(
            channel=REHEARSAL_CHANNEL,
            address=f"plan:{plan.id}",
            kind="group",
            title=plan.full_name,
            scope="plan",
            plan_id=plan.id,
        )
        for plan in (await session.exec(plans)).all()
    ]
    session.add_all(chats)
    await session.flush()
    return frozenset(chat.id for chat in chats)


async def _rehearse_day(
    session: AsyncSession, day: date, in_force: Rules, made_up: frozenset[int] | None
) -> list[RehearsedMessage]:
    recipients: Sequence[Recipient] = await audience.find_recipients(session, day, in_force)
    if made_up is not None:
        recipients = [recipient for recipient in recipients if recipient.chat_id in made_up]
    now = in_force.to_moment(day, in_force.remind_at)
    await planner.plan_day(session, day, now, in_force, recipients)
    statement = (
        select(Notice, Chat)
        .join(Chat, col(Chat.id) == Notice.chat_id)
        .where(
            col(Notice.status).in_((NoticeStatus.PENDING, NoticeStatus.UNCERTAIN)),
            Notice.kind != MESSAGE,
            col(Notice.not_before) < in_force.to_moment(day, hours.CLOSES),
        )
        .order_by(col(Notice.not_before), Chat.title, col(Notice.id))
    )
    messages: list[RehearsedMessage] = []
    if not in_force.calendar.is_working(day):
        return messages
    for notice, chat in (await session.exec(statement)).all():
        built = await message.build_message(session, notice, chat, day, in_force)
        notice.status = NoticeStatus.SENT  # or nothing was left to say
        session.add(notice)
        if built is not None:
            name = await _find_recipient_name(session, chat)
            messages.append(_make_rehearsed_message(notice, name, day, built, in_force))
    await session.flush()
    session.expunge_all()
    return messages


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
