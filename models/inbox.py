"""The inbox: what people said, stored before it is confirmed to the channel, until it is handled.

A row waits while `handled_at` is None. The rows of one chat are handled in the order of their ids.
"""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    JSON,
    Column,
    Index,
    Interval,
    String,
    UniqueConstraint,
    bindparam,
    exists,
    text,
)
from sqlalchemy import select as select_columns
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Field, SQLModel, col, delete, select, update
from sqlmodel.ext.asyncio.session import AsyncSession

from models.storage.database import Database
from models.storage.fields import Moment, json_column
from models.storage.statements import run_statement

HANDLED_KEPT_FOR = timedelta(days=7)  # how long it is known that an update was handled
LONGEST_BODY = 1_000_000  # characters of a stored body; what is longer is stored without it
MOST_MARKED_AT_ONCE = 200  # rows that one statement marks as handled
MOST_LOADED_AT_ONCE = 500  # rows that one statement reads


class InboxRow(SQLModel, table=True):
    """One update of a channel.

    - `body` is the update as the channel wrote it; it goes when the update was handled.
    - `sent_at` is the channel's own time of the message, None for a press.
    - `changed`: handling it changed the registry; `answer` is what the person is told of that.
    - `sending`: an answer to it was handed to the channel, and may have arrived.
    - `claimed_by` handles the row until `lease_until`; unused on SQLite, which one process has.
    - `after_gap`: a press that came with the first poll after a gap; `sent_at` is the gap's start.
    - `tries`: how often its handling began again and did not come to an end.
    - `note` says how it ended if no answer arrived; behind "aside:" it is a fault's number.
    """

    __tablename__ = "inbox"
    __table_args__ = (
        UniqueConstraint("channel", "update"),
        Index("ix_inbox_message", "channel", "chat", "message"),
        Index(
            "ix_inbox_waiting",
            "channel",
            "id",
            sqlite_where=text("handled_at IS NULL"),
            postgresql_where=text("handled_at IS NULL"),
        ),
    )

    id: int = Field(default=None, primary_key=True)
    channel: str
    update: str
    chat: str
    sender: str
    message: str | None = None
    body: dict[str, Any] | None = Field(default=None, sa_column=json_column())
    sent_at: datetime | None = Field(default=None, sa_column=Column(Moment))
    received_at: datetime = Field(sa_column=Column(Moment, nullable=False))
    changed: bool = False
    sending: bool = False
    after_gap: bool = False
    tries: int = 0
    claimed_by: str | None = None
    lease_until: datetime | None = Field(default=None, sa_column=Column(Moment))
    answer: dict[str, Any] | None = Field(default=None, sa_column=json_column())
    note: str | None = None
    handled_at: datetime | None = Field(default=None, sa_column=Column(Moment, index=True))


@dataclass(frozen=True, slots=True)
class NewUpdate:
    """An update that is to be stored; the fields are those of `InboxRow`."""

    update: str
    chat: str
    sender: str
    message: str | None
    body: Mapping[str, Any]
    sent_at: datetime | None
    after_gap: bool = False


async def add_updates(
    session: AsyncSession, channel: str, updates: Sequence[NewUpdate], now: datetime
) -> dict[str, int]:
    """Store a batch; return the row ids of those that were not there, by update.

    An update that was stored before changes nothing, whether it was handled or not.
    """
    if not updates:
        return {}
    make = sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert
    rows = [
        {
            "channel": channel,
            "update": one.update,
            "chat": one.chat,
            "sender": one.sender,
            "message": one.message,
            "body": dict(one.body),
            "sent_at": one.sent_at,
            "received_at": now,
            "after_gap": one.after_gap,
        }
        for one in updates
    ]
    insert = make(InboxRow).values(rows).on_conflict_do_nothing()
    stored = await run_statement(session, insert.returning(col(InboxRow.update), col(InboxRow.id)))
    return {row.update: row.id for row in stored}


_CLAIM_CHATS = (
    text(
        """WITH clock AS (SELECT clock_timestamp() AT TIME ZONE 'utc' AS now),
    free AS (
        SELECT i.chat FROM inbox i, clock
        WHERE i.handled_at IS NULL AND i.channel = :channel
          AND (i.claimed_by IS NULL OR i.claimed_by = :worker OR i.lease_until <= clock.now)
          AND NOT EXISTS (
            SELECT 1 FROM inbox o
            WHERE o.handled_at IS NULL AND o.channel = i.channel AND o.chat = i.chat
              AND o.id < i.id)
        ORDER BY i.claimed_by IS DISTINCT FROM :worker, i.id
        LIMIT :most
        FOR UPDATE OF i SKIP LOCKED)
    UPDATE inbox SET claimed_by = :worker, lease_until = clock.now + :lease FROM clock
    WHERE handled_at IS NULL AND channel = :channel AND chat IN (SELECT chat FROM free)
      AND (claimed_by IS DISTINCT FROM :worker OR lease_until < clock.now + :lease * 2 / 3)
    RETURNING id, chat, body, sent_at, received_at, answer, changed, sending, after_gap, tries"""
    )
    .bindparams(
        bindparam("worker", type_=String()),
        bindparam("channel", type_=String()),
        bindparam("lease", type_=Interval()),
    )
    .columns(body=JSON(), answer=JSON(), sent_at=Moment(), received_at=Moment())
)
"""Claims chats by their oldest waiting row, which is the chat's lock: a chat has one holder."""


async def claim_chats(
    session: AsyncSession, channel: str, worker: str, lease: timedelta, most: int
) -> list[Any]:
    """Claim up to `most` chats that wait and that no other process holds, the own ones among them.

    For PostgreSQL: a chat with all its waiting rows belongs to one process until `lease` is over,
    so its order is kept. The registry's clock counts; leases are renewed in the last two thirds.
    Return the rows that were claimed or renewed, with what is needed to handle them, by their ids.
    """
    values = {"worker": worker, "channel": channel, "lease": lease, "most": most}
    claimed = await run_statement(session, _CLAIM_CHATS, values)
    return sorted(claimed.all(), key=lambda row: int(row.id))


async def load_waiting(
    session: AsyncSession, channel: str, after: int = 0, worker: str | None = None
) -> list[InboxRow]:
    """Return the next rows of a channel that wait, in their order, from behind the id `after`.

    With `worker`, those that it has claimed.
    """
    waiting = select(InboxRow).where(
        InboxRow.channel == channel, col(InboxRow.handled_at).is_(None), col(InboxRow.id) > after
    )
    if worker is not None:
        waiting = waiting.where(InboxRow.claimed_by == worker)
    return list(await session.exec(waiting.order_by(col(InboxRow.id)).limit(MOST_LOADED_AT_ONCE)))


async def store_answer(database: Database, row_id: int, answer_json: dict[str, Any] | None) -> None:
    """Store that an update changed the registry, and what the person is told of it."""
    values = {"changed": True, "answer": answer_json, "tries": 0}
    async with database.open_lossy_connection() as connection:
        await connection.execute(update(InboxRow).where(col(InboxRow.id) == row_id).values(values))


async def count_try(database: Database, row_id: int) -> int:
    """Note that the handling of an update begins or has failed; return how often it did."""
    counted = update(InboxRow).where(col(InboxRow.id) == row_id).values(tries=InboxRow.tries + 1)
    async with database.open_lossy_connection() as connection:
        rows = await connection.execute(counted.returning(col(InboxRow.tries)))
        return rows.scalar() or 0


async def forget_tries(database: Database, row_id: int) -> None:
    """Note that the handling of an update came to an end."""
    async with database.open_lossy_connection() as connection:
        row = update(InboxRow).where(col(InboxRow.id) == row_id)
        await connection.execute(row.values(tries=0))


async def set_aside(session: AsyncSession, row_id: int, now: datetime, number: str) -> None:
    """Mark an update that cannot be handled; its body stays for some days, for who looks into it.

    `number` is that of the fault.
    """
    values = {"handled_at": now, "answer": None, "note": f"aside:{number}"}
    await run_statement(session, update(InboxRow).where(col(InboxRow.id) == row_id).values(values))


async def mark_handled(
    session: AsyncSession, row_ids: Sequence[int], now: datetime, note: str | None = None
) -> None:
    """Mark rows as handled; what people wrote in them goes. `note` says how it ended otherwise."""
    values = {**_make_handled_values(now), "note": note}
    done = update(InboxRow).where(col(InboxRow.id).in_(row_ids)).values(values)
    await run_statement(session, done)


async def find_original(
    session: AsyncSession, channel: str, chat: str, message: str, update_id: str
) -> InboxRow | None:
    """Return the row in which a message first came; `update_id` is that of its correction.

    If one of several versions of a message changed the registry, that one is returned.
    """
    found = await session.exec(
        select(InboxRow)
        .where(
            InboxRow.channel == channel,
            InboxRow.chat == chat,
            InboxRow.message == message,
            InboxRow.update != update_id,
        )
        .order_by(col(InboxRow.changed).desc(), col(InboxRow.id))
        .limit(1)
    )
    return found.first()


async def delete_old_rows(session: AsyncSession, now: datetime) -> None:
    """Delete rows some days after they were handled."""
    old = delete(InboxRow).where(col(InboxRow.handled_at) < now - HANDLED_KEPT_FOR)
    await run_statement(session, old)


async def is_stored_or_waiting(
    session: AsyncSession, channel: str, update_id: str, chat: str
) -> bool:
    """Return whether an update is stored, or others of its chat wait to be handled before it."""
    of_chat = (col(InboxRow.chat) == chat) & col(InboxRow.handled_at).is_(None)
    before = exists().where(
        col(InboxRow.channel) == channel, (col(InboxRow.update) == update_id) | of_chat
    )
    return (await session.exec(select(before))).one()


class RowMarker:
    """Sets values of rows, those of as many rows as possible in one statement.

    Rows that come while a statement runs are marked together by the next one.
    """

    def __init__(
        self,
        database: Database,
        make_values: Callable[[], Mapping[str, Any]],
        holder: str | None = None,
    ) -> None:
        """`make_values` gives what is set by the statement that begins.

        With `holder`, rows that it has not claimed, or that were handled, are left as they are.
        """
        self._database = database
        self._make_values = make_values
        self._holder = holder
        self._waiting: list[tuple[int, asyncio.Future[bool]]] = []
        self._writing: asyncio.Task[None] | None = None

    async def mark_row(self, row_id: int) -> bool:
        """Mark one row; return, once that is written, whether it is not left to another holder."""
        waiter: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
        self._waiting.append((row_id, waiter))
        if self._writing is None or self._writing.done():
            self._writing = self._database.start_beside(self._write_waiting())
        return await waiter

    async def _write_waiting(self) -> None:
        while self._waiting:
            batch = self._waiting[:MOST_MARKED_AT_ONCE]
            del self._waiting[:MOST_MARKED_AT_ONCE]
            fault: Exception | None = None
            left: set[int] = set()
            try:
                left = await self._mark_rows([row for row, _ in batch])
            except Exception as error:  # handed to everybody who waits for it
                fault = error
            for row, waiter in batch:
                if waiter.done():
                    continue
                if fault is None:
                    waiter.set_result(row not in left)
                else:
                    waiter.set_exception(fault)

    async def _mark_rows(self, row_ids: Sequence[int]) -> set[int]:
        """Mark rows in one statement; return the ids of those that are left to another holder.

        A row that is gone, with the person who was erased, is left to nobody.
        """
        rows = update(InboxRow).where(col(InboxRow.id).in_(row_ids))
        async with self._database.open_lossy_connection() as connection:
            if self._holder is None:
                await connection.execute(rows.values(**self._make_values()))
                return set()
            held = rows.where(
                col(InboxRow.handled_at).is_(None), col(InboxRow.claimed_by) == self._holder
            )
            marking = held.values(**self._make_values()).returning(col(InboxRow.id))
            others = set(row_ids) - set((await connection.execute(marking)).scalars())
            if not others:
                return others
            there = select_columns(col(InboxRow.id)).where(col(InboxRow.id).in_(others))
            return set((await connection.execute(there)).scalars())


def make_handled_marker(database: Database, clock: Callable[[], datetime]) -> RowMarker:
    """Return what marks rows as handled, many at once; what people wrote in them goes."""
    return RowMarker(database, lambda: _make_handled_values(clock()))


def _make_handled_values(now: datetime) -> dict[str, Any]:
    return {"handled_at": now, "body": None, "answer": None}


def make_sending_marker(database: Database, holder: str | None = None) -> RowMarker:
    """Return what notes that the answers to messages are handed to the channel.

    With `holder`, only for those that it has claimed and that no other one has handled.
    """
    return RowMarker(database, lambda: {"sending": True}, holder)
