"""What a chat is in the middle of: drafts of dialogues, the last questions (for paging), and the updates handled."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Column, Index, UniqueConstraint
from sqlalchemy.exc import IntegrityError
from sqlmodel import Field, SQLModel, col, delete
from sqlmodel.ext.asyncio.session import AsyncSession

from models.fields import Moment, json_column

UPDATES_KEPT = timedelta(days=2)  # a channel gives an update again for at most a day


class Draft(SQLModel, table=True):
    """A dialogue under way of one person in one chat."""

    __table_args__ = (UniqueConstraint("channel", "chat", "sender"),)

    id: int | None = Field(default=None, primary_key=True)
    channel: str
    chat: str
    sender: str
    kind: str
    data: dict[str, Any] = Field(sa_column=json_column(nullable=False))
    changed_at: datetime = Field(sa_column=Column(Moment, nullable=False))


class Asked(SQLModel, table=True):
    """A question that was answered, as understood."""

    __table_args__ = (Index("ix_asked_chat_sender", "channel", "chat", "sender", "id"),)

    id: int | None = Field(default=None, primary_key=True)
    channel: str
    chat: str
    sender: str
    question: dict[str, Any] = Field(sa_column=json_column(nullable=False))
    asked_at: datetime = Field(sa_column=Column(Moment, nullable=False))


class HandledUpdate(SQLModel, table=True):
    """An update of a channel that was handled, so that a replayed one changes nothing twice."""

    __tablename__ = "handled_update"

    channel: str = Field(primary_key=True)
    update: str = Field(primary_key=True)
    at: datetime = Field(sa_column=Column(Moment, nullable=False, index=True))


class Replayed(Exception):
    """The update changed the registry before: a channel gave it twice."""


async def mark_handled(session: AsyncSession, channel: str, update: str, now: datetime) -> None:
    """Notes, within the transaction of what it changes, that an update was handled. Raises Replayed."""
    if await session.get(HandledUpdate, (channel, update)) is not None:
        raise Replayed
    await session.exec(delete(HandledUpdate).where(col(HandledUpdate.at) < now - UPDATES_KEPT))
    session.add(HandledUpdate(channel=channel, update=update, at=now))
    try:
        await session.flush()
    except IntegrityError as fault:  # another process was at it at the same moment
        raise Replayed from fault
