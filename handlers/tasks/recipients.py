"""Notifies the people of the agencies that have a task of what was done to it."""

from __future__ import annotations

from collections.abc import Sequence

from sqlmodel.ext.asyncio.session import AsyncSession

from handlers.conversation import cases
from handlers.conversation.cases import AssignmentCase
from handlers.conversation.notify import notify_people
from handlers.conversation.request import Request
from handlers.work import undo
from locales.answer import Sentence, make_answer, make_button, say
from models.assignments import (
    Status,
)
from models.audit import Audit
from models.people import PostRole, find_post_holders

TaskRecipients = tuple[AssignmentCase, list[int]]
"""The assignment of a task that a message is about, and the ids of the people who get it."""


async def find_recipients(
    session: AsyncSession, request: Request, task_id: int
) -> TaskRecipients | None:
    """Return the focal points and heads of the agencies that have the task now.

    None if nobody of them has joined.
    """
    task_cases = await cases.find_cases_of_task(session, task_id)
    agencies = {agency for case in task_cases for agency in case.agency_ids if agency is not None}
    people = await find_post_holders(
        session, [PostRole.FOCAL_POINT, PostRole.HEAD], request.today, agencies
    )
    if not task_cases or not people:
        return None
    case = (
        cases.find_next_case(task_cases)
        or cases.find_next_case(task_cases, [Status.SUSPENDED, Status.CANCELLED])
        or task_cases[0]
    )
    return case, [person.id for person in people]


async def notify_recipients(
    session: AsyncSession,
    request: Request,
    recipients: TaskRecipients | None,
    message: str,
    token: str,
    more: Sequence[Sentence] = (),
) -> None:
    """Notify people of what was done to their task.

    `more` says which fields were changed, or why it was cancelled; `token` makes it one message.
    """
    if recipients is None:
        return
    case, people = recipients
    due = say("case-due", when=case.describe_due_day(request))
    button = make_button(say("button-show"), "show", case.task.id)
    head = say(message, name=request.sender.signed_name)
    notice = make_answer(head, case.describe_task(), *more, due, buttons=[[button]])
    await notify_people(session, request, people, notice, token=token)


async def notify_agencies(
    session: AsyncSession,
    request: Request,
    task_id: int,
    message: str,
    audit: Audit,
    more: Sequence[Sentence] = (),
) -> None:
    """Notify the agencies that have the task now of the change in `audit`.

    If it is undone later, those who got this message are notified of that too.
    """
    recipients = await find_recipients(session, request, task_id)
    token = undo.make_notice_token(audit)
    await notify_recipients(session, request, recipients, message, token, more)
