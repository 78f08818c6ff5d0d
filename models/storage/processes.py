"""What the processes of one registry share: leases that one of them holds, and the pace of sending.

Only PostgreSQL has several processes; there its clock counts, so the machines' clocks may differ.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import JSON, Column, ColumnElement, Interval, bindparam, func, literal, text
from sqlmodel import Field, SQLModel

from models.storage.database import Database
from models.storage.fields import Moment, json_column
from models.storage.statements import run_statement

IDLE_PACE_KEPT_FOR = timedelta(hours=1)
MOST_AHEAD = 0.5  # seconds before its moment that a slot is given
AGAIN = 0.1  # seconds until it is worth asking again, when as many as allowed are on their way
ALL_CHATS = ""  # instead of a chat: over all of them together
_SAME = 0.001  # seconds; a moment of the registry has microseconds
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


@dataclass(frozen=True, slots=True)
class PaceRules:
    """What a bot may send: so many messages within a second, and seconds between two of them.

    In a chat seconds between two, in a group so many within `group_window` seconds. A message
    counts from its moment until that long after its end; an end that is not told is `late` seconds
    after its moment.
    """

    count: int
    gap: float
    chat_gap: float
    group_count: int
    group_window: float
    late: float


@dataclass(frozen=True, slots=True)
class Slot:
    """Seconds until a message may go; `is_taken` False: until it is worth asking again.

    `ends_at` is when the message counts as ended unless its end is told, in seconds since 1970.
    """

    delay: float
    is_taken: bool
    ends_at: float = 0.0


@dataclass(frozen=True, slots=True)
class SlotEnd:
    """A message that got its answer or failed, or with `was_sent` False was given up before."""

    chat: str
    ends_at: float
    was_sent: bool = True


@dataclass(slots=True)
class _PaceRow:
    """The row of a chat, or of all of them, while it is locked; moments since 1970."""

    free_at: float
    recent: list[float]
    is_changed: bool = False

    def find_free(self, count: int, window: float) -> float:
        """Return when one more message keeps within `count` in a window."""
        if len(self.recent) < count:
            return self.free_at
        return max(self.free_at, self.recent[-count] + window)

    def add_message(self, ends_at: float, free_at: float, count: int) -> None:
        """Count a message; of the newest `count` their ends are kept."""
        self.recent = sorted([*self.recent, ends_at])[-count:] if count else []
        self.free_at, self.is_changed = free_at, True

    def end_message(self, end: SlotEnd, now: float, gap: float | None = None) -> None:
        """Let a message count from now; what it held up beyond that is free."""
        if end.ends_at in self.recent:
            self.recent.remove(end.ends_at)
            if end.was_sent:
                self.recent = sorted([*self.recent, now])
            self.is_changed = True
        if gap is not None and abs(self.free_at - end.ends_at - gap) < _SAME:
            self.free_at, self.is_changed = now + gap * end.was_sent, True


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
        rows = {row.chat: _PaceRow(row.free_at.timestamp(), row.recent or []) for row in found}
        now = (await run_statement(session, _UTC_NOW)).scalar_one().timestamp()
        for end in ends:
            rows[ALL_CHATS].end_message(end, now)
            rows[end.chat].end_message(end, now, rules.chat_gap)
        for chat, seconds in holds:
            rows[chat].free_at = max(rows[chat].free_at, now + seconds)
            rows[chat].is_changed = True
        slots = [_reserve_slot(rows, chat, is_group, now, rules) for chat, is_group in chats]
        changed = [
            {
                "bot": bot,
                "chat": chat,
                "free_at": datetime.fromtimestamp(row.free_at, UTC),
                "recent": row.recent or None,
            }
            for chat, row in rows.items()
            if row.is_changed
        ]
        if changed:
            await run_statement(session, _SET_PACE, changed)
        return slots


def _reserve_slot(
    rows: dict[str, _PaceRow], chat: str, is_group: bool, now: float, rules: PaceRules
) -> Slot:
    """Reserve a moment for one message, if its chat and all together have room soon."""
    every, one = rows[ALL_CHATS], rows[chat]
    at = max(now, every.find_free(rules.count, 1.0))
    free = one.find_free(rules.group_count, rules.group_window) if is_group else one.free_at
    if free > at:
        return Slot(free - now, is_taken=False)
    if at - now > MOST_AHEAD:
        return Slot(AGAIN, is_taken=False)
    ends_at = at + rules.late
    every.add_message(ends_at, at + rules.gap, rules.count)
    one.add_message(ends_at, ends_at + rules.chat_gap, rules.group_count if is_group else 0)
    return Slot(at - now, is_taken=True, ends_at=ends_at)


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
).bindparams(
    bindparam("free_at", type_=Moment()), bindparam("recent", type_=JSON(none_as_null=True))
)
_DELETE_IDLE_PACE = text(
    """DELETE FROM pace WHERE chat <> ''
        AND free_at < clock_timestamp() AT TIME ZONE 'utc' - CAST(:age AS INTERVAL)"""
)
