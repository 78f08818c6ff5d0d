"""Drafts of dialogues: what a person in a chat is in the middle of, kept in the registry until done, left or a day old."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlmodel import col, delete, select

from handlers.turn import Turn
from models.dialogues import Draft

LIFE = timedelta(days=1)  # a dialogue ends by itself after this


async def current(turn: Turn) -> Draft | None:
    """The sender's dialogue in this chat, None where there is none or it is too old."""
    incoming = turn.incoming
    async with turn.read() as session:
        statement = select(Draft).where(
            Draft.channel == incoming.channel, Draft.chat == incoming.chat, Draft.sender == incoming.sender
        )
        draft = (await session.exec(statement)).first()
    return draft if draft is not None and turn.now - draft.changed_at <= LIFE else None


async def keep(turn: Turn, kind: str, data: dict[str, Any]) -> None:
    """Begins or goes on with a dialogue; `data` holds JSON values. One a person and chat: another one takes its place."""
    incoming = turn.incoming
    await drop(turn)
    async with turn.write() as session:
        session.add(
            Draft(
                channel=incoming.channel,
                chat=incoming.chat,
                sender=incoming.sender,
                kind=kind,
                data=data,
                changed_at=turn.now,
            )
        )


async def drop(turn: Turn) -> None:
    """Ends the sender's dialogue in this chat."""
    incoming = turn.incoming
    async with turn.write() as session:
        await session.exec(
            delete(Draft).where(
                col(Draft.channel) == incoming.channel,
                col(Draft.chat) == incoming.chat,
                col(Draft.sender) == incoming.sender,
            )
        )
