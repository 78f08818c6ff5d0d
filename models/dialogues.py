"""What a chat is in the middle of: drafts of dialogues, and the last questions (for paging and follow-ups)."""

from datetime import datetime
from typing import Any

from sqlalchemy import Column, Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from models.fields import Moment, json_column


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
