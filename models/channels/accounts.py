"""Further accounts of people: one person may write by several channels."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BindParameter, Column, ColumnElement, UniqueConstraint
from sqlmodel import Field, SQLModel, and_, col, delete, or_, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models.people import Person
from models.storage.fields import Moment


class Account(SQLModel, table=True):
    """An account of a person beside the one they joined with.

    Until the person has written from it, `channel` and `address` are None, and the SHA-256 of the
    code that proves it is theirs is kept until `expires_at`.
    """

    __table_args__ = (UniqueConstraint("channel", "address"),)

    id: int = Field(default=None, primary_key=True)
    person_id: int = Field(foreign_key="person.id", index=True)
    channel: str | None = None
    address: str | None = None
    code_sha256: str | None = Field(default=None, unique=True)
    expires_at: datetime | None = Field(default=None, sa_column=Column(Moment))


class AccountTaken(Exception):
    """An account that a person has already; `is_own`: the one whose code was typed there."""

    def __init__(self, is_own: bool) -> None:
        super().__init__(is_own)
        self.is_own = is_own


def match_account(
    channel: str | BindParameter[str], address: str | BindParameter[str]
) -> ColumnElement[bool]:
    """Return the condition that a person has this account, as the first one or a further one."""
    further = select(Account.person_id).where(
        col(Account.channel) == channel, col(Account.address) == address
    )
    first = and_(col(Person.channel) == channel, col(Person.address) == address)
    return or_(first, col(Person.id).in_(further))


async def find_account_owner(session: AsyncSession, channel: str, address: str) -> Person | None:
    """Return the person who has this account, a member before one who left; None if nobody."""
    found = await session.exec(
        select(Person)
        .where(match_account(channel, address))
        .order_by(col(Person.left_at).is_not(None), col(Person.id))
    )
    return found.first()


async def offer_account(
    session: AsyncSession, person_id: int, code_sha256: str, expires_at: datetime
) -> None:
    """Store a code with which the person may add an account; an earlier code is void."""
    await session.exec(
        delete(Account).where(col(Account.person_id) == person_id, col(Account.channel).is_(None))
    )
    session.add(Account(person_id=person_id, code_sha256=code_sha256, expires_at=expires_at))
    await session.flush()


async def claim_account(
    session: AsyncSession, code_sha256: str, channel: str, address: str, now: datetime
) -> Person | None:
    """Add this account to the person whose code it is; None if the code is wrong or too old.

    Who left gives the account up. Raises AccountTaken if a member has it.
    """
    row = (await session.exec(select(Account).where(Account.code_sha256 == code_sha256))).first()
    if row is None or row.expires_at is None or row.expires_at <= now:
        return None
    owner = await find_account_owner(session, channel, address)
    if owner is not None and owner.left_at is None:
        raise AccountTaken(owner.id == row.person_id)
    await _free_account(session, channel, address)
    row.channel, row.address, row.code_sha256, row.expires_at = channel, address, None, None
    session.add(row)
    await session.flush()
    return await session.get(Person, row.person_id)


async def _free_account(session: AsyncSession, channel: str, address: str) -> None:
    """Take the account from the people who left with it."""
    await session.exec(
        delete(Account).where(col(Account.channel) == channel, col(Account.address) == address)
    )
    mine = select(Person).where(Person.channel == channel, Person.address == address)
    for person in await session.exec(mine):
        person.address = f"{address} ({person.id})"  # no address of a channel, as of moved chats
        session.add(person)
    await session.flush()


async def list_accounts(session: AsyncSession, person: Person) -> list[tuple[str, str]]:
    """Return channel and address of every account of a person, the first one first."""
    rows = await session.exec(
        select(Account.channel, Account.address)
        .where(Account.person_id == person.id, col(Account.channel).is_not(None))
        .order_by(col(Account.id))
    )
    further = [(channel, address) for channel, address in rows if channel and address]
    return [(person.channel, person.address), *further]
