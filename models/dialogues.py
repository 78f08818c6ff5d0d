"""Dialogues of a chat: open drafts, the last questions (for paging), and the updates handled."""

import asyncio
from collections import Counter
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Column, Index, UniqueConstraint, text
from sqlalchemy.exc import IntegrityError
from sqlmodel import Field, SQLModel, col, delete, insert
from sqlmodel.ext.asyncio.session import AsyncSession

from models.storage.database import Database
from models.storage.fields import Moment, json_column

UPDATES_KEPT_FOR = timedelta(days=10)  # longer than a message waits in the inbox


class Draft(SQLModel, table=True):
    """An open dialogue of one person in one chat."""

    __table_args__ = (UniqueConstraint("channel", "chat", "sender"),)

    id: int = Field(default=None, primary_key=True)
    channel: str
    chat: str
    sender: str
    kind: str
    data: dict[str, Any] = Field(sa_column=json_column(nullable=False))
    changed_at: datetime = Field(sa_column=Column(Moment, nullable=False))


class Asked(SQLModel, table=True):
    """A question that was answered, as it was understood."""

    __table_args__ = (
        Index("ix_asked_chat_sender", "channel", "chat", "sender", "id"),
        Index("ix_asked_sender", "channel", "sender", "id"),
    )

    id: int = Field(default=None, primary_key=True)
    channel: str
    chat: str
    sender: str
    question: dict[str, Any] = Field(sa_column=json_column(nullable=False))
    asked_at: datetime = Field(sa_column=Column(Moment, nullable=False))


QUESTIONS_KEPT_FOR = timedelta(days=120)  # how long a question's buttons work
MOST_QUESTIONS_AT_ONCE = 100  # questions of one statement
MOST_QUESTIONS = 200  # that are kept of one person
TRIM_EVERY = 20  # questions of a person, between two deletions of the oldest ones
MOST_COUNTED = 20_000  # people whose questions are counted at a time


class QuestionWriter:
    """Stores the questions of a process, in as few statements as possible.

    Questions that come while a statement runs are stored together by the next one.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._counts: dict[tuple[str, str], int] = {}
        self._waiting: list[tuple[dict[str, Any], asyncio.Future[int]]] = []
        self._writing: asyncio.Task[None] | None = None

    async def save_question(self, values: dict[str, Any]) -> int:
        """Store one question (the columns of `Asked`) and return its number once it is written."""
        waiter: asyncio.Future[int] = asyncio.get_running_loop().create_future()
        self._waiting.append((values, waiter))
        if self._writing is None or self._writing.done():
            self._writing = self._database.start_beside(self._write_waiting())
        return await waiter

    async def _write_waiting(self) -> None:
        while self._waiting:
            batch = self._waiting[:MOST_QUESTIONS_AT_ONCE]
            del self._waiting[:MOST_QUESTIONS_AT_ONCE]
            try:
                numbers = await self._insert_rows([values for values, _ in batch])
            except Exception as fault:  # handed to everybody who waits for it
                for _, waiter in batch:
                    if not waiter.done():
                        waiter.set_exception(fault)
                continue
            for (_, waiter), number in zip(batch, numbers, strict=True):
                if not waiter.done():
                    waiter.set_result(number)

    async def _insert_rows(self, rows: list[dict[str, Any]]) -> list[int]:
        async with self._database.open_lossy_connection() as connection:
            for channel, sender, room in self._find_full(rows):
                values = {"channel": channel, "sender": sender, "kept": MOST_QUESTIONS - room}
                await connection.execute(_DELETE_OLDEST, values)
            inserted = await connection.execute(_INSERT_QUESTION, rows)
            return list(inserted.scalars())

    def _find_full(self, rows: list[dict[str, Any]]) -> list[tuple[str, str, int]]:
        """Return the people of whom the oldest questions go now, and for how many there is room.

        How many are stored of a person is not known at first, so it begins with a deletion.
        """
        full = []
        for who, count in Counter((row["channel"], row["sender"]) for row in rows).items():
            self._counts[who] = self._counts.get(who, 0) - count
            if self._counts[who] < 0:
                room = max(TRIM_EVERY, count)
                self._counts[who] = room - count
                full.append((*who, room))
        while len(self._counts) > MOST_COUNTED:
            del self._counts[next(iter(self._counts))]
        return full


_DELETE_OLDEST = text(
    """DELETE FROM asked WHERE channel = :channel AND sender = :sender AND id <= (
        SELECT id FROM asked WHERE channel = :channel AND sender = :sender
        ORDER BY id DESC LIMIT 1 OFFSET :kept)"""
)
_INSERT_QUESTION = insert(Asked).returning(col(Asked.id), sort_by_parameter_order=True)


async def delete_old_questions(session: AsyncSession, now: datetime) -> None:
    """Delete the questions whose term is over."""
    await session.exec(delete(Asked).where(col(Asked.asked_at) < now - QUESTIONS_KEPT_FOR))


class HandledUpdate(SQLModel, table=True):
    """An update of a channel that was handled, so that its repetition changes nothing."""

    __tablename__ = "handled_update"

    channel: str = Field(primary_key=True)
    update: str = Field(primary_key=True)
    at: datetime = Field(sa_column=Column(Moment, nullable=False, index=True))


class Replayed(Exception):
    """An update that the channel has given before, and that changed the registry then."""


async def record_update(session: AsyncSession, channel: str, update: str, now: datetime) -> None:
    """Note that an update was handled, in the transaction of what it changes. Raises Replayed."""
    if await session.get(HandledUpdate, (channel, update)) is not None:
        raise Replayed
    await session.exec(delete(HandledUpdate).where(col(HandledUpdate.at) < now - UPDATES_KEPT_FOR))
    session.add(HandledUpdate(channel=channel, update=update, at=now))
    try:
        await session.flush()
    except IntegrityError as fault:  # another process was at it at the same moment
        raise Replayed from fault
