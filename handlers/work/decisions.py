"""What decisions of a supervisor share, on a report of completion or a request for more time."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

from sqlmodel.ext.asyncio.session import AsyncSession

from handlers.conversation import cases, drafts
from handlers.conversation.cases import AssignmentCase
from handlers.conversation.notify import notify_people
from handlers.conversation.refusals import refuse_button
from handlers.conversation.request import Handler, Request
from handlers.conversation.rights import Action
from locales.answer import Answer, Sentence, make_answer
from models.assignments import Extension, Report

Submission = TypeVar("Submission", Report, Extension)
"""What an agency sent in; its row holds the decision."""

SubmissionOrAnswer = tuple[Submission, AssignmentCase] | Answer
"""What is decided on, with its case; or what to say if it cannot be decided."""

FindSubmission = Callable[[AsyncSession, Request, Any], Awaitable[SubmissionOrAnswer[Submission]]]
"""Finds what is decided on, by its id."""


async def lock_submission(
    session: AsyncSession, request: Request, table: type[Submission], number: Any
) -> SubmissionOrAnswer[Submission]:
    """Return the row that is decided on, locked until the transaction ends.

    So of two people who decide at once, one comes first.
    """
    row = None
    if isinstance(number, int):
        row = await session.get(table, number, with_for_update=True)
    case = await cases.find_case(session, row.assignment_id) if row is not None else None
    if row is None or case is None:
        return refuse_button()
    return cases.explain_refusal(case, request, Action.CONFIRM) or (row, case)


def make_decision_handler(
    find: FindSubmission[Submission],
    decide: Callable[[AsyncSession, Request, Submission, AssignmentCase], Awaitable[Answer]],
) -> Handler:
    """Return the handler of a button that carries the id of what is decided on."""

    async def decide_submission(request: Request) -> Answer:
        async with request.write() as session:
            found = await find(session, request, cases.parse_id(request.args))
            return found if isinstance(found, Answer) else await decide(session, request, *found)

    return decide_submission


def make_reason_handler(
    find: FindSubmission[Submission],
    read_number: Callable[[Request], int],
    question: Sentence,
    decide: Callable[[AsyncSession, Request, Submission, AssignmentCase, str], Awaitable[Answer]],
) -> Callable[[Request], Awaitable[Answer]]:
    """Return the handler of the dialogue that asked why.

    `read_number` reads the id of what is decided on from the draft; `question` is asked again if
    the text is too short for a reason.
    """

    async def take_reason(request: Request) -> Answer:
        reason = drafts.read_reason(request, question)
        if isinstance(reason, Answer):
            return reason
        async with request.write() as session:
            await drafts.delete_draft(request, session)
            found = await find(session, request, read_number(request))
            if isinstance(found, Answer):
                return found
            return await decide(session, request, *found, reason)

    return take_reason


async def ask_reason(
    session: AsyncSession,
    request: Request,
    case: AssignmentCase,
    question: Sentence,
    kind: str,
    data: drafts.DraftData,
) -> Answer:
    """Ask for the reason of a decision, in a dialogue of `kind`."""
    token = await drafts.save_draft(request, kind, data, session)
    rows = [[drafts.make_leave_button(token)]]
    return make_answer(question, *case.describe_case(request), buttons=rows)


async def store_decision(
    session: AsyncSession,
    request: Request,
    row: Report | Extension,
    case: AssignmentCase,
    decision: str,
    message: Answer,
    after: dict[str, Any],
) -> None:
    """Write the decision, and notify the person who sent it in and the agency's people.

    The audit gets what is in `after` besides the decision.
    """
    kind = type(row).__name__.lower()
    row.decision, row.decided_by, row.decided_at = decision, request.sender.person_id, request.now
    session.add(row)
    await session.flush()
    request.record_change(
        session,
        f"{kind}_{decision}",
        kind,
        row.id,
        before={"decision": None},
        after={"decision": decision, **after},
    )
    people = await cases.find_agency_people(session, case, request)
    if row.person_id is not None:
        people.append(row.person_id)
    await notify_people(session, request, people, message, token=f"decided:{kind}:{row.id}")
