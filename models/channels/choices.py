"""Numbered choices of a chat whose channel has no buttons: which number means which action."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Column
from sqlmodel import Field, SQLModel, col, delete, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models.storage.fields import Moment, json_column

KEPT_FOR = timedelta(days=1)  # how long a number may be typed after it was shown
SAME_MOMENT = timedelta(milliseconds=5)  # both times are rounded by the channel


class ChoiceSet(SQLModel, table=True):
    """The choices under one message: `actions` by number (as text).

    `of_notice`: the bot wrote by itself. `shown_at` is the channel's own time of the message.
    """

    __tablename__ = "choice_set"

    id: int = Field(default=None, primary_key=True)
    channel: str
    chat: str = Field(index=True)
    actions: dict[str, Any] = Field(sa_column=json_column(nullable=False))
    of_notice: bool
    shown_at: datetime = Field(sa_column=Column(Moment, nullable=False))


async def list_choices(session: AsyncSession, channel: str, chat: str) -> list[ChoiceSet]:
    """Return the choices that were shown in a chat, the newest first."""
    found = await session.exec(
        select(ChoiceSet)
        .where(ChoiceSet.channel == channel, ChoiceSet.chat == chat)
        .order_by(col(ChoiceSet.shown_at).desc(), col(ChoiceSet.id).desc())
    )
    return list(found)


async def store_choices(
    session: AsyncSession,
    channel: str,
    chat: str,
    actions: Mapping[int, str],
    now: datetime,
    *,
    of_notice: bool,
) -> int:
    """Store the choices of a message that is about to be sent; return their id.

    Those of the chat that nobody may type any more are deleted.
    """
    await session.exec(
        delete(ChoiceSet).where(
            col(ChoiceSet.channel) == channel,
            col(ChoiceSet.chat) == chat,
            col(ChoiceSet.shown_at) < now - KEPT_FOR,
        )
    )
    row = ChoiceSet(
        channel=channel,
        chat=chat,
        actions={str(number): action for number, action in actions.items()},
        of_notice=of_notice,
        shown_at=now,
    )
    session.add(row)
    await session.flush()
    return row.id


async def set_shown_at(session: AsyncSession, choices_id: int, shown_at: datetime) -> None:
    """Store when the message with these choices was shown."""
    row = await session.get(ChoiceSet, choices_id)
    if row is not None:
        row.shown_at = shown_at
        session.add(row)


async def delete_choices(session: AsyncSession, choices_id: int) -> None:
    """Delete the choices of a message that did not arrive."""
    await session.exec(delete(ChoiceSet).where(col(ChoiceSet.id) == choices_id))


async def find_action(
    session: AsyncSession, channel: str, chat: str, number: int, said_at: datetime
) -> str | None:
    """Return what a number meant that was typed at `said_at`: the newest choice shown by then."""
    for row in await list_choices(session, channel, chat):
        action = row.actions.get(str(number))
        if action is not None and -SAME_MOMENT <= said_at - row.shown_at < KEPT_FOR:
            return str(action)
    return None
