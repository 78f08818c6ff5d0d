"""Chats that the bot can write to: private ones and groups, and what a group is bound to."""

from collections.abc import Sequence
from datetime import date, datetime, time

from sqlalchemy import Column, UniqueConstraint
from sqlmodel import Field, SQLModel, col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models.storage.fields import Moment

# What a group is bound to, and what was set in it.
_BINDING = ("scope", "plan_id", "agency_id", "topic", "remind_at", "muted_until")


class Chat(SQLModel, table=True):
    """A chat of a channel.

    - `person_id` is the person of a private chat.
    - `scope` of a group is "province", "agency" or "plan" (with the id beside it), None until an
      admin binds it.
    - `topic` is the forum topic for the digest.
    - `remind_at` and `muted_until` are set in the chat.
    - `unreachable_since`: the bot was blocked or removed.
    - `not_before`: the channel asked to wait until then.
    """

    __table_args__ = (UniqueConstraint("channel", "address"),)

    id: int | None = Field(default=None, primary_key=True)
    channel: str
    address: str
    kind: str  # "private", "group"
    title: str
    person_id: int | None = Field(default=None, foreign_key="person.id", index=True)
    scope: str | None = None
    plan_id: int | None = Field(default=None, foreign_key="plan.id", ondelete="SET NULL")
    agency_id: int | None = Field(default=None, foreign_key="agency.id")
    topic: str | None = None
    remind_at: time | None = None
    muted_until: date | None = None
    unreachable_since: datetime | None = Field(default=None, sa_column=Column(Moment))
    not_before: datetime | None = Field(default=None, sa_column=Column(Moment))


async def find_private_chats(session: AsyncSession, person_ids: Sequence[int]) -> list[Chat]:
    """Return the private chats of these people that the bot can write to."""
    if not person_ids:
        return []
    found = await session.exec(
        select(Chat)
        .where(
            col(Chat.person_id).in_(person_ids),
            Chat.kind == "private",
            col(Chat.unreachable_since).is_(None),
        )
        .order_by(col(Chat.id))
    )
    return list(found)


async def find_chat(session: AsyncSession, channel: str, address: str) -> Chat | None:
    """Return the chat at this address of a channel, None if it is not known."""
    return (
        await session.exec(select(Chat).where(Chat.channel == channel, Chat.address == address))
    ).first()


async def move_chat(session: AsyncSession, chat: Chat, address: str) -> None:
    """Give `chat` its new address.

    If another row has that address already, `chat` takes over what that one is bound to, unless it
    is bound itself.
    """
    other = await find_chat(session, chat.channel, address)
    if other is not None and other.id != chat.id:
        if chat.scope is None:
            for name in _BINDING:
                setattr(chat, name, getattr(other, name))
        # No address of a channel; the row stays for what was sent to it.
        other.address = f"{address} ({other.id})"
        other.scope = None
        session.add(other)
        await session.flush()
    chat.address = address
    chat.unreachable_since = None
    session.add(chat)
    await session.flush()
