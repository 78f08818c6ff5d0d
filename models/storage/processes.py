"""What the processes of one registry share: leases that one of them holds, and the pace of sending.

Only PostgreSQL has several processes; there its clock counts, so the machines' clocks may differ.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from sqlalchemy import JSON, Column, ColumnElement, Interval, bindparam, func, literal, text
from sqlmodel import Field, SQLModel

from models.storage.database import Database
from models.storage.fields import Moment, json_column
from models.storage.pace import ALL_CHATS, BotPace, ChatPace, PaceRules, Slot, SlotEnd
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
    """When a bot may send again: over all (`chat` is `ALL_CHATS`) or in one chat.

    `recent` are the ends of the last messages over all or in a group, in seconds since 1970.
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


def make_lease_moment(
    database: Database, now: datetime, ahead: timedelta = timedelta()
) -> ColumnElement[datetime]:
    """Return, for a statement, the moment by which leases count, or one `ahead` of it.

    It is the registry's where several processes share it, else `now`, that of the one process.
    """
    if database.is_sqlite:
        return literal(now + ahead, Moment())
    moment = func.clock_timestamp() + literal(ahead, Interval())
    return func.timezone("utc", moment, type_=Moment())


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


async def reserve_slots(
    database: Database,
    bot: str,
    chats: Sequence[tuple[str, bool]],
    rules: PaceRules,
    *,
    ends: Sequence[SlotEnd] = (),
    holds: Sequence[tuple[str, float]] = (),
) -> list[Slot]:
    """Reserve a moment for a message to each of these chats (address, whether it is a group).

    Before that, note the `ends` of messages, and let the chats of `holds` wait for so many seconds.
    All processes together keep the rules, because the bot's row is locked meanwhile, and a server
    counts a message between its moment and its end. A chat that is not free then gets no slot.
    """
    names = sorted(
        {ALL_CHATS, *(c for c, _ in chats), *(e.chat for e in ends), *(c for c, _ in holds)}
    )
    async with database.write() as session:
        moment = (await run_statement(session, _UTC_NOW)).scalar_one()
        first = [{"bot": bot, "chat": chat, "free_at": moment} for chat in names]
        await run_statement(session, _ADD_PACE, first)
        found = await run_statement(session, _LOCK_PACE, {"bot": bot, "chats": names})
        chats_found = {
            row.chat: ChatPace(row.free_at.timestamp(), tuple(row.recent or ())) for row in found
        }
        now = (await run_statement(session, _UTC_NOW)).scalar_one().timestamp()
        pace = BotPace(chats_found, rules, now)
        for end in ends:
            pace.end_message(end)
        for chat, seconds in holds:
            pace.hold_chat(chat, seconds)
        slots = [pace.reserve_slot(chat, is_group=is_group) for chat, is_group in chats]
        changed = [
            {
                "bot": bot,
                "chat": chat,
                "free_at": datetime.fromtimestamp(new.free_at, UTC),
                "recent": new.recent,
            }
            for chat, new in pace.list_changes().items()
        ]
        if changed:
            await run_statement(session, _SET_PACE, changed)
        return slots


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
_SET_PACE = text(
    "UPDATE pace SET free_at = :free_at, recent = :recent WHERE bot = :bot AND chat = :chat"
).bindparams(bindparam("free_at", type_=Moment()), bindparam("recent", type_=JSON()))
_DELETE_IDLE_PACE = text(
    """DELETE FROM pace WHERE chat <> ''
        AND free_at < clock_timestamp() AT TIME ZONE 'utc' - CAST(:age AS INTERVAL)"""
)
