"""All rows of a registry into another one, whichever databases they are on: backup and restore."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Sequence
from typing import Any

from sqlalchemy import (
    Column,
    Integer,
    RowMapping,
    Table,
    func,
    insert,
    inspect,
    literal,
    select,
    text,
    tuple_,
)
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlmodel import col, delete, update

from models.channels.accounts import Account
from models.channels.handouts import Handout
from models.notices import Notice, NoticeStatus
from models.people import Invitation
from models.storage.database import Database
from models.tables import METADATA
from models.web_access import WebLink, WebSession

ROWS_AT_ONCE = 500

Progress = Callable[[str, int], None]
"""Is told the table that was copied and how many rows it has."""


class RegistryNotEmpty(Exception):
    """A registry that holds something already; nothing is restored into it."""


async def copy_rows(source: Database, target: Database, show: Progress | None = None) -> int:
    """Copy all rows of `source`, as they are at one moment, into the empty `target`.

    Both are at this program's version. It is one transaction, so a copy that is broken off leaves
    the target empty. Return how many rows there are. Raises RegistryNotEmpty.
    """
    total = 0
    async with source.engine.connect() as reader, target.make_upgrade_engine().begin() as writer:
        if not source.is_sqlite:
            await reader.execution_options(isolation_level="REPEATABLE READ")
        for table in METADATA.sorted_tables:
            if (await writer.execute(select(func.count()).select_from(table))).scalar():
                raise RegistryNotEmpty(table.name)
        for table in METADATA.sorted_tables:
            count = 0
            async for rows in _read_batches(reader, table):
                await writer.execute(insert(table), [dict(row) for row in rows])
                count += len(rows)
            if not target.is_sqlite:
                await _continue_numbers(writer, table)
            total += count
            if show is not None:
                show(table.name, count)
        await _check_references(writer, target)
    return total


async def _read_batches(
    reader: AsyncConnection, table: Table
) -> AsyncIterator[Sequence[RowMapping]]:
    """Yield the rows of a table in the order of its key."""
    keys: list[Column[Any]] = list(table.primary_key.columns)
    batch = select(table).order_by(*keys).limit(ROWS_AT_ONCE)
    following = batch
    while rows := (await reader.execute(following)).mappings().all():
        yield rows
        last = tuple_(*(literal(rows[-1][key.name], key.type) for key in keys))
        following = batch.where(tuple_(*keys) > last)


async def _continue_numbers(writer: AsyncConnection, table: Table) -> None:
    """Let PostgreSQL number new rows behind those that were copied."""
    name = writer.dialect.identifier_preparer.format_table(table)
    for column in table.primary_key.columns:
        if isinstance(column.type, Integer):
            sequence = func.pg_get_serial_sequence(name, column.name)
            # Nothing happens without a sequence, or without rows: one of both is NULL then.
            await writer.execute(select(func.setval(sequence, func.max(column))))


async def _check_references(writer: AsyncConnection, target: Database) -> None:
    """Let a copy fail whose rows point to rows that are not there."""
    if target.is_sqlite:
        table = (await writer.execute(text("PRAGMA foreign_key_check"))).scalar()
        if table is not None:
            raise ValueError(f"rows of {table} point to nothing")


async def count_rows(database: Database) -> int:
    """Count the rows of all tables that exist."""
    async with database.engine.connect() as connection:
        present = set(
            await connection.run_sync(lambda c: inspect(c).get_table_names(schema=database.schema))
        )
        total = 0
        for table in METADATA.sorted_tables:
            if table.name in present:
                count = await connection.execute(select(func.count()).select_from(table))
                total += count.scalar_one()
        return total


async def end_what_was_open(database: Database) -> None:
    """End what must not come back with a backup: sessions, links, files, codes; doubt the unsent.

    A notice that waited then may have been sent since: it goes out again with a mark.
    """
    open_states = (NoticeStatus.PENDING, NoticeStatus.SENDING, NoticeStatus.UNCERTAIN)
    doubted = {
        "status": NoticeStatus.UNCERTAIN,
        "again": True,
        "claimed_by": None,
        "lease_until": None,
    }
    async with database.write() as session:
        for table in (WebSession, WebLink, Handout):
            await session.exec(delete(table))
        await session.exec(delete(Account).where(col(Account.channel).is_(None)))
        await session.exec(update(Invitation).values(uses_left=0))
        waiting = update(Notice).where(col(Notice.status).in_(open_states))
        await session.exec(waiting.values(doubted))
