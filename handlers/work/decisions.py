"""A supervisor's word on what an agency sent in: a report of completion, or a request for more time."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

from sqlmodel.ext.asyncio.session import AsyncSession

from handlers.conversation import cases, drafts
from handlers.conversation.cases import Case
from handlers.conversation.notify import tell
from handlers.conversation.rights import Action
from handlers.conversation.turn import Handler, Turn
from locales.answer import Answer, Said, answer, say
from models.assignments import Extension, Report
from models.audit import record

Sent = TypeVar("Sent", Report, Extension)
"""What was sent in; it holds its decision."""

Found = tuple[Sent, Case] | Answer
"""What is decided on, with its case; or what to say instead."""


async def locked(session: AsyncSession, turn: Turn, table: type[Sent], number: Any) -> Found[Sent]:
    """The row that is decided on, held until the transaction ends: of two who decide at once one comes first."""
    row = await session.get(table, number, with_for_update=True) if isinstance(number, int) else None
    case = await cases.find(session, row.assignment_id) if row is not None else None
    if row is None or case is None:
        return answer(toast=say(cases.GONE))
    return cases.refusal(case, turn, Action.CONFIRM) or (row, case)


def button(
    find: Callable[[AsyncSession, Turn, Any], Awaitable[Found[Sent]]],
    work: Callable[[AsyncSession, Turn, Sent, Case], Awaitable[Answer]],
) -> Handler:
    """The handler of a button that names what is decided on: `work` with it, in one transaction."""

    async def pressed(turn: Turn) -> Answer:
        async with turn.write() as session:
            found = await find(session, turn, cases.number(turn.args))
            return found if isinstance(found, Answer) else await work(session, turn, *found)

    return pressed


async def ask_reason(
    session: AsyncSession, turn: Turn, case: Case, question: Said, kind: str, data: dict[str, Any]
) -> Answer:
    """Asks why, in a dialogue of `kind`."""
    token = await drafts.keep(turn, kind, data, session)
    return answer(question, *case.lines(turn), buttons=[[drafts.leave_button(token)]])


async def settle(
    session: AsyncSession,
    turn: Turn,
    row: Report | Extension,
    case: Case,
    decision: str,
    message: Answer,
    after: dict[str, Any],
) -> None:
    """Writes the decision, with `after` in the audit, and tells the person who sent it in and the agency's people."""
    kind = type(row).__name__.lower()
    row.decision, row.decided_by, row.decided_at = decision, turn.who.person_id, turn.now
    session.add(row)
    await session.flush()
    record(
        session, turn.now, f"{kind}_{decision}", kind, row.id, person_id=turn.who.person_id,
        before={"decision": None}, after={"decision": decision, **after},
    )  # fmt: skip
    people = await cases.agency_people(session, case, turn)
    if row.person_id is not None:
        people.append(row.person_id)
    await tell(session, turn, people, message, token=f"decided:{kind}:{row.id}")
