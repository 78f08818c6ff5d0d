"""Edited messages: a correction of a message that changed the registry is not run as a new one."""

from __future__ import annotations

from handlers.conversation.request import Request
from locales.answer import Answer, make_answer, say
from models.inbox import find_original


async def refuse_edit(request: Request) -> Answer | None:
    """Say that an edit does not change what the message before it changed.

    None if it changed nothing, or is not known any more: the edited message is answered as it is.
    """
    incoming = request.incoming
    if not incoming.edited or incoming.message is None or incoming.update is None:
        return None
    async with request.read() as session:
        original = await find_original(
            session, incoming.channel, incoming.chat, incoming.message, incoming.update
        )
    if original is None or not original.changed:
        return None
    return make_answer(say("edit-not-taken"))
