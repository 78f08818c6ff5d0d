"""A supervisor's word on what an agency sent in: a report of completion, or a request for more time."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

from sqlmodel.ext.asyncio.session import AsyncSession

from handlers.conversation import cases, drafts
from handlers.conversation.cases import AssignmentCase
from handlers.conversation.notify import notify_people
from handlers.conversation.rights import Action
from handlers.conversation.turn import Handler, Request
from locales.answer import Answer, Sentence, make_answer, say
from models.assignments import Extension, Report
from models.audit import record_change

Sent = TypeVar("Sent", Report, Extension)
"""What was sent in; it holds its decision."""

SubmissionOrAnswer = tuple[Sent, AssignmentCase] | Answer
"""What is decided on, with its case; or what to say instead."""


async def lock_submission(
    session: AsyncSession, turn: Request, table: type[Sent], number: Any
) -> SubmissionOrAnswer[Sent]:
    """The row that is decided on, held until the transaction ends: of two who decide at once one comes first."""
    row = (
        await session.get(table, number, with_for_update=True) if isinstance(number, int) else None
    )
    case = await cases.find_case(session, row.assignment_id) if row is not None else None
    if row is None or case is None:
        return make_answer(toast=say(cases.BUTTON_OUT_OF_DATE))
    return cases.explain_refusal(case, turn, Action.CONFIRM) or (row, case)


def make_decision_handler(
    find: Callable[[AsyncSession, Request, Any], Awaitable[SubmissionOrAnswer[Sent]]],
    work: Callable[[AsyncSession, Request, Sent, AssignmentCase], Awaitable[Answer]],
) -> Handler:
    """The handler of a button that names what is decided on: `work` with it, in one transaction."""

    async def decide_submission(turn: Request) -> Answer:
        async with turn.write() as session:
            found = await find(session, turn, cases.parse_id(turn.args))
            return found if isinstance(found, Answer) else await work(session, turn, *found)

    return decide_submission


async def ask_reason(
    session: AsyncSession,
    turn: Request,
    case: AssignmentCase,
    question: Sentence,
    kind: str,
    data: dict[str, Any],
) -> Answer:
    """Asks why, in a dialogue of `kind`."""
    token = await drafts.save_draft(turn, kind, data, session)
    return make_answer(
        question, *case.describe_case(turn), buttons=[[drafts.make_leave_button(token)]]
    )


async def store_decision(
    session: AsyncSession,
    turn: Request,
    row: Report | Extension,
    case: AssignmentCase,
    decision: str,
    message: Answer,
    after: dict[str, Any],
) -> None:
    """Writes the decision, with `after` in the audit, and tells the person who sent it in and the agency's people."""
    kind = type(row).__name__.lower()
    row.decision, row.decided_by, row.decided_at = decision, turn.sender.person_id, turn.now
    session.add(row)
    await session.flush()
    record_change(
        session, turn.now, f"{kind}_{decision}", kind, row.id, person_id=turn.sender.person_id,
        before={"decision": None}, after={"decision": decision, **after},
    )  # fmt: skip
    people = await cases.find_agency_people(session, case, turn)
    if row.person_id is not None:
        people.append(row.person_id)
    await notify_people(session, turn, people, message, token=f"decided:{kind}:{row.id}")
