"""Notifies the people of the agencies that hold a task of what was done to it."""

from __future__ import annotations

from collections.abc import Sequence

from sqlmodel.ext.asyncio.session import AsyncSession

from handlers.conversation import cases
from handlers.conversation.cases import AssignmentCase
from handlers.conversation.notify import notify_people
from handlers.conversation.turn import Request
from handlers.work import undo
from locales.answer import Button, Sentence, make_answer, say
from models.assignments import (
    Status,
)
from models.audit import Audit
from models.people import PostRole, find_post_holders

TaskRecipients = tuple[AssignmentCase, list[int]]
"""The assignment of a task that a message is about, and the people (ids) who hear of it."""


async def find_recipients(
    session: AsyncSession, turn: Request, task_id: int
) -> TaskRecipients | None:
    """The focal points and heads of the agencies that hold the task's assignments; None where nobody has joined."""
    found = await cases.find_cases_of_task(session, task_id)
    agencies = {agency for case in found for agency in case.agency_ids if agency is not None}
    people = await find_post_holders(
        session, [PostRole.FOCAL_POINT, PostRole.HEAD], turn.today, agencies
    )
    if not found or not people:
        return None
    case = (
        cases.find_next_case(found)
        or cases.find_next_case(found, [Status.SUSPENDED, Status.CANCELLED])
        or found[0]
    )
    return case, [person.id for person in people if person.id is not None]


async def notify_recipients(
    session: AsyncSession,
    turn: Request,
    hearers: TaskRecipients | None,
    message: str,
    token: str,
    more: Sequence[Sentence] = (),
) -> None:
    """Tells `hearers` what was done to their task; `more`: which fields changed, why it was cancelled."""
    if hearers is None:
        return
    case, people = hearers
    due = say("case-due", when=case.describe_due_day(turn))
    button = Button(say("button-show"), f"show:{case.task.id}")
    said = make_answer(
        say(message, name=turn.sender.name), case.describe_task(), *more, due, buttons=[[button]]
    )
    await notify_people(session, turn, people, said, token=token)


async def notify_agencies(
    session: AsyncSession,
    turn: Request,
    task_id: int,
    message: str,
    audit: Audit,
    more: Sequence[Sentence] = (),
) -> None:
    """Tells the agencies that hold the task now; what `audit` tells of can be undone, and they hear of that too."""
    hearers = await find_recipients(session, turn, task_id)
    await notify_recipients(session, turn, hearers, message, undo.make_notice_token(audit), more)
