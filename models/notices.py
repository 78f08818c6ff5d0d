"""Notices: what is to be sent, written down before it is sent, and how each ended."""

from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Any, NamedTuple

from sqlalchemy import Column, Index, String, UniqueConstraint, case, func, text
from sqlmodel import Field, SQLModel, col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models.chats import Chat
from models.people import Person
from models.storage.database import HAS_QUEUED_MESSAGE
from models.storage.fields import Moment, enum_column, json_column
from models.storage.statements import make_statement, run_statement


class NoticeStatus(StrEnum):
    """How a notice stands (docs/dev/reminders.md rule 15); DROPPED: nothing was left to say."""

    PENDING = "pending"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"
    UNCERTAIN = "uncertain"
    DROPPED = "dropped"


class FailureReason(StrEnum):
    """Why a message did not arrive; each has its sentence `reason-*`."""

    NOT_DELIVERED = "not-delivered"
    SERVER = "server"
    UNCERTAIN = "uncertain"
    TOO_FAST = "too-fast"
    QUOTA = "quota"
    UNREACHABLE = "unreachable"
    TOPIC = "topic"
    REFUSED = "refused"
    OTHER = "other"


class Notice(SQLModel, table=True):
    """One message to one chat on one day (docs/dev/reminders.md rule 14).

    `kind` is "morning", "digest", "overdue", "escalation", or "message" with a finished answer in
    `body` and a `token` that makes it unique. `again`: it may have arrived before and is marked so.
    """

    __table_args__ = (
        UniqueConstraint("chat_id", "day", "kind", "token"),
        Index(
            "ix_notice_due",
            "kind",
            "not_before",
            sqlite_where=text("status IN ('pending','sending','uncertain')"),
            postgresql_where=text("status IN ('pending','sending','uncertain')"),
        ),
    )

    id: int = Field(default=None, primary_key=True)
    chat_id: int = Field(foreign_key="chat.id", index=True)
    day: date = Field(index=True)
    kind: str
    token: str = ""
    body: dict[str, Any] | None = Field(default=None, sa_column=json_column())
    status: str = NoticeStatus.PENDING
    not_before: datetime = Field(sa_column=Column(Moment, nullable=False))
    planned_at: datetime = Field(sa_column=Column(Moment, nullable=False))
    claimed_by: str | None = None
    lease_until: datetime | None = Field(default=None, sa_column=Column(Moment))
    attempts: int = 0
    first_tried_at: datetime | None = Field(default=None, sa_column=Column(Moment))
    again: bool = False
    message: str | None = None
    failure: FailureReason | None = Field(default=None, sa_column=enum_column(FailureReason))
    ended_at: datetime | None = Field(default=None, sa_column=Column(Moment))


MORNING, DIGEST, MISSED, ESCALATION = "morning", "digest", "overdue", "escalation"
"""The kinds of notices that the planner writes; `scheduler.planning.planning_sql` names them too.

MISSED is what a group gets after a deadline was missed.
"""

MESSAGE = "message"
"""The kind of a notice with a finished answer; it goes out at once, at any hour."""


class NoticeLine(SQLModel, table=True):
    """One assignment and step of a notice; a chat gets each step of a last day once."""

    __tablename__ = "notice_line"
    __table_args__ = (UniqueConstraint("chat_id", "assignment_id", "step", "last_day"),)

    id: int = Field(default=None, primary_key=True)
    notice_id: int = Field(foreign_key="notice.id", index=True, ondelete="CASCADE")
    chat_id: int = Field(foreign_key="chat.id")
    assignment_id: int = Field(foreign_key="assignment.id", index=True, ondelete="CASCADE")
    step: str
    last_day: date


class Heartbeat(SQLModel, table=True):
    """When a part of the clock last ran."""

    name: str = Field(primary_key=True)
    at: datetime = Field(sa_column=Column(Moment, nullable=False))
    detail: str | None = None


NEVER = datetime.fromtimestamp(0, UTC)  # one that every time zone can show
"""The moment of a heartbeat that was not shown yet."""

_SAVE_HEARTBEAT = make_statement(
    """INSERT INTO heartbeat (name, at, detail) VALUES (:name, :at, :detail)
    ON CONFLICT (name) DO UPDATE SET at = excluded.at, detail = excluded.detail""",
    name=String(),
    at=Moment(),
    detail=String(),
)


async def save_heartbeat(
    session: AsyncSession, name: str, at: datetime, detail: str | None = None
) -> None:
    """Note that a part of the clock ran; several processes may do so at the same moment."""
    await run_statement(session, _SAVE_HEARTBEAT, {"name": name, "at": at, "detail": detail})


async def queue_message(
    session: AsyncSession,
    chat_id: int,
    answer_json: dict[str, Any],
    *,
    token: str,
    now: datetime,
    today: date,
    not_before: datetime | None = None,
) -> bool:
    """Write down a finished answer (`locales.answer.to_json`) that a chat is to get.

    It goes out at once, or from `not_before` on. It is written in the running transaction, so it is
    sent if and only if the changes that it tells of are kept. The same `token` in the same chat is
    one message: a later call replaces it until sending begins. Return False if it was sent already;
    nothing is written then.
    """
    found = await session.exec(
        select(Notice)
        .where(Notice.chat_id == chat_id, Notice.kind == MESSAGE, col(Notice.token) == token)
        .with_for_update()  # so that the sender does not claim it meanwhile
    )
    notice = found.first()
    if notice is not None and notice.status != NoticeStatus.PENDING:
        return False
    if notice is None:
        notice = Notice(
            chat_id=chat_id, day=today, kind=MESSAGE, token=token, not_before=now, planned_at=now
        )
    notice.body = answer_json
    notice.not_before = not_before or now
    session.add(notice)
    await session.flush()
    session.info[HAS_QUEUED_MESSAGE] = True
    return True


class Outcome(NamedTuple):
    """One notice as the delivery report shows it: to whom, and how many lines it has."""

    notice: Notice
    chat: str
    person: str | None
    lines: int


async def list_outcomes(session: AsyncSession, day: date, offset: int, most: int) -> list[Outcome]:
    """Return the notices of a day: failures first, then what is on its way, then what was sent.

    At most `most` of them, after `offset` others; the newest first among equals.
    """
    lines = select(func.count()).where(NoticeLine.notice_id == Notice.id)
    places = {status: place for place, status in enumerate(_REPORT_ORDER)}
    order = case(places, value=col(Notice.status))
    rows = await session.exec(
        select(Notice, Chat.title, Person.name, lines.correlate(Notice).scalar_subquery())
        .join(Chat, col(Chat.id) == Notice.chat_id)
        .join(Person, col(Person.id) == Chat.person_id, isouter=True)
        .where(Notice.day == day, col(Notice.status) != NoticeStatus.DROPPED)
        .order_by(order, col(Notice.id).desc())
        .offset(offset)
        .limit(most)
    )
    return [Outcome(notice, title, name, count) for notice, title, name, count in rows]


_REPORT_ORDER = (
    NoticeStatus.FAILED,
    NoticeStatus.UNCERTAIN,
    NoticeStatus.SENDING,
    NoticeStatus.PENDING,
    NoticeStatus.SENT,
)


async def count_by_status(session: AsyncSession, day: date) -> dict[str, int]:
    """Return how many notices of a day have each status."""
    rows = await session.exec(
        select(Notice.status, func.count()).where(Notice.day == day).group_by(Notice.status)
    )
    return {row[0]: row[1] for row in rows}
