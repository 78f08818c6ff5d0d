"""Drafts: the dialogue that a person has open in a chat, stored until it ends or is a day old.

One a person and chat, so that two chats of one person, or two people in one group, never mix. Each
step has a token that its buttons carry: a button of an earlier step fits no more.
"""

from __future__ import annotations

import secrets
from dataclasses import replace
from datetime import timedelta
from typing import TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError
from sqlmodel import col, delete, select
from sqlmodel.ext.asyncio.session import AsyncSession

from handlers.conversation import words
from handlers.conversation.refusals import refuse_button
from handlers.conversation.request import DIALOGUE_BEGUN, Handler, Request
from locales.answer import Answer, Button, Sentence, make_answer, make_button, say, unpack_action
from locales.user_error import UserError
from models.dialogues import Draft

LONGEST_KEY = 40  # characters of a task's number that are repeated
DRAFT_LIFETIME = timedelta(days=1)  # a dialogue ends by itself after this
DRAFT_KEPT_FOR = timedelta(days=8)  # for what was said in time and is handled after an outage
SHORTEST_REASON, LONGEST_REASON = 3, 1000  # characters


class DraftData(BaseModel):
    """What a dialogue keeps between its steps: each kind of draft has a model of its own.

    `token` marks the step. `left_message` names what is said if the dialogue is left after
    something was written.
    """

    model_config = ConfigDict(frozen=True)

    token: str = ""
    left_message: str | None = None


Data = TypeVar("Data", bound=DraftData)


class NotForDialogue(Exception):
    """The message does not belong to the open dialogue; it is a question, for example."""


async def find_draft(request: Request) -> Draft | None:
    """Return the sender's open dialogue in this chat; None if there is none or it is too old."""
    incoming = request.incoming
    async with request.read() as session:
        statement = select(Draft).where(
            Draft.channel == incoming.channel,
            Draft.chat == incoming.chat,
            Draft.sender == incoming.sender,
        )
        draft = (await session.exec(statement)).first()
    said = request.incoming.said_at
    return draft if draft is not None and said - draft.changed_at <= DRAFT_LIFETIME else None


async def find_draft_of_button(request: Request, kind: str) -> Draft | None:
    """Return the dialogue that a button belongs to; None if it is over or at another step.

    `request.args` begins with the step's token; the rest stays in `request.args`.
    """
    token, request.args = unpack_action(request.args, 2)
    draft = await find_draft(request)
    if draft is None or draft.kind != kind or draft.data.get("token") != token:
        return None
    request.draft = draft
    return draft


async def save_draft(
    request: Request,
    kind: str,
    data: DraftData,
    session: AsyncSession | None = None,
    *,
    yes: str | None = None,
) -> str:
    """Open or continue a dialogue and return the token for the buttons of this step.

    A person has one dialogue a chat: this one replaces another. It is written within the
    transaction of `session`, or in one of its own. `yes` is the action that a typed "đúng" stands
    for, with {} for the token.
    """
    if session is None:
        async with request.write() as own:
            return await save_draft(request, kind, data, own, yes=yes)
    await delete_draft(request, session)
    await session.exec(delete(Draft).where(col(Draft.changed_at) < request.now - DRAFT_KEPT_FOR))
    token = secrets.token_hex(4)
    incoming = request.incoming
    session.add(
        Draft(
            channel=incoming.channel,
            chat=incoming.chat,
            sender=incoming.sender,
            kind=kind,
            data={
                **data.model_dump(mode="json", exclude_none=True),
                DIALOGUE_BEGUN: request.said_at.isoformat(),
                "token": token,
                "yes": yes.format(token) if yes else None,
            },
            changed_at=request.now,
        )
    )
    await session.flush()
    return token


async def delete_draft(request: Request, session: AsyncSession | None = None) -> None:
    """End the sender's dialogue in this chat."""
    if session is None:
        async with request.write() as own:
            await delete_draft(request, own)
        return
    incoming = request.incoming
    await session.exec(
        delete(Draft).where(
            col(Draft.channel) == incoming.channel,
            col(Draft.chat) == incoming.chat,
            col(Draft.sender) == incoming.sender,
        )
    )


async def add_reply_hint(request: Request, reply: Answer | None) -> Answer | None:
    """In a group, add to a dialogue's question that people must reply to it.

    There the bot receives only what is addressed to it.
    """
    if reply is None or not reply.blocks or request.incoming.chat_kind != "group":
        return reply
    draft = await find_draft(request)
    if draft is None or draft.changed_at != request.now:
        return reply
    return replace(reply, blocks=(*reply.blocks, say("reply-to-this")))


def read_draft(request: Request, model: type[Data]) -> Data:
    """Return the data of the open dialogue, or of the one that a button belongs to.

    Raises NotForDialogue if there is none, UserError if an earlier version wrote what `model` does
    not take.
    """
    if request.draft is None:
        raise NotForDialogue
    return parse_draft(request.draft, model)


def parse_draft(draft: Draft, model: type[Data]) -> Data:
    """Return the data of a draft. Raises UserError as `read_draft`."""
    try:
        return model.model_validate(draft.data)
    except ValidationError as error:
        raise UserError(say("button-out-of-date")) from error


def read_reply(request: Request) -> str:
    """Return what was typed in the dialogue.

    Raises NotForDialogue for a question, a file or nothing: the dialogue waits on.
    """
    text = request.incoming.text
    if request.draft is None or not text or text.endswith("?"):
        raise NotForDialogue
    return text


def read_reason(request: Request, question: Sentence) -> str | Answer:
    """Return the reason that was typed; ask `question` again if it is too short.

    Raises NotForDialogue as `read_reply`.
    """
    text = read_reply(request)
    if len(text) < SHORTEST_REASON:
        token = read_draft(request, DraftData).token
        return make_answer(question, buttons=[[make_leave_button(token)]])
    typed = words.make_typed_text(text)
    because = words.get_pattern("sentences", "because").match(typed.folded)
    reason = typed.get_original(because, 1) if because else ""
    return (reason if len(reason) >= SHORTEST_REASON else text)[:LONGEST_REASON]


def find_button_for_text(draft: Draft, text: str) -> str | None:
    """Return the action of the button that a typed word stands for.

    "đúng" goes on, "thôi" leaves the dialogue.
    """
    if words.is_one_of("answers", "leave", text):
        return f"leave:{draft.data.get('token')}"
    if draft.data.get("yes") and words.is_one_of("answers", "yes", text):
        return str(draft.data["yes"])
    return None


async def leave_dialogue(request: Request) -> Answer:
    """Answer `/huy`: leave the dialogue; nothing of it is written.

    With the number of a task behind it, say which command cancels a task.
    """
    if any(letter.isdigit() for letter in request.args):
        return make_answer(say("cancel-by-command", key=request.args[:LONGEST_KEY]))
    draft = await find_draft(request)
    if draft is None:
        return make_answer(say("draft-none"))
    await delete_draft(request)
    return make_answer(_describe_leaving(draft))


async def leave_by_button(request: Request) -> Answer:
    """Leave the dialogue, for the button of any step."""
    draft = await find_draft(request)
    if draft is None or draft.data.get("token") != request.args:
        return refuse_button()
    await delete_draft(request)
    return make_answer(_describe_leaving(draft), replace=True)


def _describe_leaving(draft: Draft) -> Sentence:
    """Say that the dialogue was left and nothing was written.

    If something was, the draft's data name another sentence under `left_message`. Version 0.1
    named it under `left`, which holds the parts that wait in its drafts of tasks.
    """
    named = draft.data.get("left_message") or draft.data.get("left")
    return say(named if isinstance(named, str) else "draft-left")


def make_leave_button(token: str) -> Button:
    """Return the button that leaves the dialogue of this step."""
    return make_button(say("button-leave"), "leave", token)


COMMANDS: dict[str, Handler] = {"huy": leave_dialogue}
ACTIONS: dict[str, Handler] = {"leave": leave_by_button}
