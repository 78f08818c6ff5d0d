"""The messages of a month that a channel sent and took, for channels with a quota."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Field, SQLModel, col, func, or_, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models.channels.accounts import Account
from models.people import Person
from models.storage.statements import run_statement


@dataclass(frozen=True, slots=True)
class ChannelQuota:
    """What a channel allows: messages a month, both ways, and people."""

    channel: str
    monthly: int
    people: int


class ChannelUsage(SQLModel, table=True):
    """The messages of one channel in one month ("2026-11"), both ways."""

    __tablename__ = "channel_usage"

    channel: str = Field(primary_key=True)
    month: str = Field(primary_key=True)
    messages: int = 0


def format_month(day: date) -> str:
    """Return the month of `day` as the table holds it."""
    return f"{day:%Y-%m}"


async def count_messages(
    session: AsyncSession, channel: str, day: date, count: int, *, is_sqlite: bool
) -> int:
    """Add `count` messages to the month of `day`; return how many it has then."""
    insert = sqlite.insert if is_sqlite else postgresql.insert
    row = insert(ChannelUsage).values(channel=channel, month=format_month(day), messages=count)
    added = row.on_conflict_do_update(
        index_elements=["channel", "month"],
        set_={"messages": col(ChannelUsage.messages) + row.excluded.messages},
    ).returning(col(ChannelUsage.messages))
    return int((await run_statement(session, added)).scalar_one())


async def read_usage(session: AsyncSession, channel: str, day: date) -> int:
    """Return how many messages the month of `day` has."""
    row = await session.get(ChannelUsage, (channel, format_month(day)))
    return row.messages if row is not None else 0


async def count_people(session: AsyncSession, channel: str) -> int:
    """Return how many people may write by a channel: they joined by it or added it later."""
    by_account = select(Account.person_id).where(Account.channel == channel)
    statement = select(func.count()).where(
        or_(Person.channel == channel, col(Person.id).in_(by_account)),
        col(Person.left_at).is_(None),
    )
    return int((await session.exec(statement)).one())
