"""Chats that the bot can write to: private ones and groups, and what a group is bound to."""

from collections.abc import Sequence
from datetime import date, datetime, time

from sqlalchemy import Column, ColumnElement, UniqueConstraint, exists, func, or_
from sqlalchemy.orm import aliased
from sqlmodel import Field, SQLModel, col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models.people import Person
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

    id: int = Field(default=None, primary_key=True)
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


def match_chosen_chat() -> ColumnElement[bool]:
    """Return the condition that a private chat is the one that its person is to be written to.

    It is that of the channel the person chose, or any other one if that cannot be reached.
    `Person` must be joined.
    """
    chosen = func.coalesce(Person.remind_channel, Person.channel)
    other = aliased(Chat)
    is_reachable = exists().where(
        col(other.person_id) == Person.id,
        col(other.kind) == "private",
        col(other.unreachable_since).is_(None),
        col(other.channel) == chosen,
    )
    return or_(col(Chat.channel) == chosen, ~is_reachable)


async def find_private_chats(session: AsyncSession, person_ids: Sequence[int]) -> list[Chat]:
    """Return the private chats by which the bot writes to these people."""
    if not person_ids:
        return []
    found = await session.exec(
        select(Chat)
        .join(Person, col(Person.id) == Chat.person_id)
        .where(
            match_chosen_chat(),
            col(Chat.person_id).in_(person_ids),
            Chat.kind == "private",
            col(Chat.unreachable_since).is_(None),
        )
        .order_by(col(Chat.id))
    )
    return list(found)


async def find_other_chat(
    session: AsyncSession, chat: Chat, channels: Sequence[str]
) -> Chat | None:
    """Return a private chat of the same person in one of `channels`, None if there is none."""
    if chat.person_id is None or not channels:
        return None
    found = await session.exec(
        select(Chat)
        .where(
            Chat.person_id == chat.person_id,
            Chat.kind == "private",
            Chat.id != chat.id,
            col(Chat.channel).in_(channels),
            col(Chat.unreachable_since).is_(None),
        )
        .order_by(col(Chat.id))
    )
    return found.first()


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
