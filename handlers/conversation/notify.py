"""Messages to other people about a change.

They are stored with the change in one transaction; the sender of reminders sends them.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

from sqlmodel.ext.asyncio.session import AsyncSession

from handlers.conversation.request import Request
from locales.answer import Answer, to_json
from models.chats import find_private_chats
from models.notices import queue_message


async def notify_people(
    session: AsyncSession,
    request: Request,
    people: Iterable[int],
    message: Answer,
    *,
    token: str,
    wait: timedelta | None = None,
    again: str | None = None,
    sender_too: bool = False,
) -> int:
    """Store `message` for the private chats of `people` (ids); return how many chats get it.

    The sender of the request is left out unless `sender_too`. `token` makes it one message a chat.
    `wait`: the earliest time to send it, from now. `again`: if the message with this token was sent
    already, store a second one with this name.
    """
    ids = [
        person
        for person in dict.fromkeys(people)
        if sender_too or person != request.sender.person_id
    ]
    not_before = request.now + wait if wait is not None else None
    count = 0
    for chat in await find_private_chats(session, ids):
        for name in (token, f"{token}:{again}") if again else (token,):
            queued = await queue_message(
                session,
                chat.id,
                to_json(message),
                token=name,
                now=request.now,
                today=request.today,
                not_before=not_before,
            )
            if queued:
                count += 1
                break
    return count
