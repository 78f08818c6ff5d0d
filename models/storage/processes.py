"""What the processes of one registry share: leases that one of them holds, and the pace of sending.

Only PostgreSQL has several processes; there its clock counts, so the machines' clocks may differ.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import JSON, Column, bindparam, text
from sqlmodel import Field, SQLModel, col, update

from models.storage.database import Database
from models.storage.fields import Moment, json_column
from models.storage.statements import run_statement

IDLE_PACE_KEPT_FOR = timedelta(hours=1)
_UTC_NOW = text("SELECT clock_timestamp() AT TIME ZONE 'utc' AS now").columns(now=Moment())


class Lease(SQLModel, table=True):
    """A work that one process does at a time: `holder` does it until `until`.

    `worked_at` is when it last succeeded, by the clock of the process.
    """

    name: str = Field(primary_key=True)
    holder: str | None = None
    until: datetime | None = Field(default=None, sa_column=Column(Moment))
    worked_at: datetime | None = Field(default=None, sa_column=Column(Moment))


class Pace(SQLModel, table=True):
    """When a bot may send again: over all (`chat` empty) or in one chat.

    `recent` are the last moments given in a group, in seconds since 1970.
    """

    bot: str = Field(primary_key=True)
    chat: str = Field(primary_key=True)
    free_at: datetime = Field(sa_column=Column(Moment, nullable=False, index=True))
    recent: list[float] | None = Field(default=None, sa_column=json_column())


_TAKE_LEASE = text(
    """INSERT INTO lease (name, holder, until)
    VALUES (:name, :holder, clock_timestamp() AT TIME ZONE 'utc' + :length)
    ON CONFLICT (name) DO UPDATE SET holder = excluded.holder, until = excluded.until
    WHERE lease.holder IS NULL OR lease.holder = excluded.holder
       OR lease.until <= clock_timestamp() AT TIME ZONE 'utc'
    RETURNING holder"""
)
_END_LEASE = text(
    "UPDATE lease SET holder = NULL, until = NULL WHERE name = :name AND holder = :me"
)
_NOTE_WORK = text(
    """INSERT INTO lease (name, worked_at) VALUES (:name, :now)
    ON CONFLICT (name) DO UPDATE SET worked_at = excluded.worked_at"""
).bindparams(bindparam("now", type_=Moment()))


async def take_lease(database: Database, name: str, holder: str, length: timedelta) -> bool:
    """Take the lease for `length` from now, or renew it; return False if another one holds it."""
    async with database.open_connection() as connection:
        values = {"name": name, "holder": holder, "length": length}
        taken = await connection.execute(_TAKE_LEASE, values)
        return taken.first() is not None


async def end_lease(database: Database, name: str, holder: str) -> None:
    """Give up a lease, so that another process need not wait until it is over."""
    async with database.open_connection() as connection:
        await connection.execute(_END_LEASE, {"name": name, "me": holder})


async def read_last_work(database: Database, name: str) -> datetime | None:
    """Return when the work of a lease last succeeded, in whichever process."""
    async with database.read() as session:
        lease = await session.get(Lease, name)
        return lease.worked_at if lease is not None else None


async def note_work(database: Database, name: str, now: datetime) -> None:
    """Note that the work of a lease succeeded."""
    async with database.open_lossy_connection() as connection:
        await connection.execute(_NOTE_WORK, {"name": name, "now": now})


@dataclass(frozen=True, slots=True)
class PaceRules:
    """What a bot may send: seconds between two messages over all, and between two of a chat.

    In a group so many messages within `group_window` seconds.
    """

    gap: float
    chat_gap: float
    group_count: int
    group_window: float


@dataclass(frozen=True, slots=True)
class Slot:
    """Seconds until a message may go; `is_taken` False: until it is worth asking again."""

    delay: float
    is_taken: bool


async def reserve_slots(
    database: Database, bot: str, chats: Sequence[tuple[str, bool]], rules: PaceRules
) -> list[Slot]:
    """Reserve a moment for a message to each of these chats (address, whether it is a group).

    All processes together keep the rules, because the bot's row is locked meanwhile. A chat that is
    not free then gets no slot.
    """
    names = sorted({"", *(chat for chat, _ in chats)})
    async with database.write() as session:
        moment = (await run_statement(session, _UTC_NOW)).scalar_one()
        now = moment.timestamp()
        first = [{"bot": bot, "chat": chat, "free_at": moment} for chat in names]
        await run_statement(session, _ADD_PACE, first)
        rows = await run_statement(session, _LOCK_PACE, {"bot": bot, "chats": names})
        found = {row.chat: (row.free_at.timestamp(), row.recent) for row in rows}
        slots: list[Slot] = []
        changed: set[str] = set()
        for chat, is_group in chats:
            at = max(now, found[""][0])
            free, recent = found[chat][0], list(found[chat][1] or ())
            if is_group and len(recent) >= rules.group_count:
                free = max(free, recent[-rules.group_count] + rules.group_window)
            if free > at:
                slots.append(Slot(free - now, is_taken=False))
                continue
            recent = [*recent, at][-rules.group_count :] if is_group else []
            found[""] = at + rules.gap, None
            found[chat] = at + rules.chat_gap, recent or None
            changed |= {"", chat}
            slots.append(Slot(at - now, is_taken=True))
        for chat in sorted(changed):
            free, recent = found[chat][0], found[chat][1]
            values = {"free_at": datetime.fromtimestamp(free, UTC), "recent": recent}
            mine = (col(Pace.bot) == bot) & (col(Pace.chat) == chat)
            await run_statement(session, update(Pace).where(mine).values(values))
        return slots


async def hold_pace(database: Database, bot: str, chat: str, seconds: float) -> None:
    """Let a chat, or with an empty `chat` all of them, wait for so long from now."""
    values = {"bot": bot, "chat": chat, "wait": timedelta(seconds=seconds)}
    async with database.open_connection() as connection:
        await connection.execute(_HOLD_PACE, values)


async def delete_idle_pace(database: Database) -> None:
    """Delete the rows of chats that nothing was sent to for a while."""
    async with database.open_connection() as connection:
        await connection.execute(_DELETE_IDLE_PACE, {"age": IDLE_PACE_KEPT_FOR})


_ADD_PACE = text(
    "INSERT INTO pace (bot, chat, free_at) VALUES (:bot, :chat, :free_at) ON CONFLICT DO NOTHING"
).bindparams(bindparam("free_at", type_=Moment()))
_LOCK_PACE = text(
    """SELECT chat, free_at, recent FROM pace WHERE bot = :bot AND chat = ANY(:chats)
    ORDER BY chat FOR UPDATE"""
).columns(free_at=Moment(), recent=JSON())
_HOLD_PACE = text(
    """INSERT INTO pace (bot, chat, free_at)
    VALUES (:bot, :chat, clock_timestamp() AT TIME ZONE 'utc' + :wait)
    ON CONFLICT (bot, chat) DO UPDATE SET free_at = greatest(pace.free_at, excluded.free_at)"""
)
_DELETE_IDLE_PACE = text(
    """DELETE FROM pace WHERE chat <> ''
        AND free_at < clock_timestamp() AT TIME ZONE 'utc' - CAST(:age AS INTERVAL)"""
)
