"""The supervisor's decision on a report: confirm it, or return it with a reason."""

from __future__ import annotations

from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from handlers.conversation import cases, drafts
from handlers.conversation.cases import AssignmentCase
from handlers.conversation.turn import Handler, Request
from handlers.work import decisions
from handlers.work.state import describe_state
from handlers.work.task_buttons import make_case_buttons
from locales.answer import Answer, make_answer, say
from models.assignments import (
    Move,
    MoveRefused,
    Report,
    Status,
    make_move,
)


async def _find_report(
    session: AsyncSession, turn: Request, number: Any
) -> decisions.SubmissionOrAnswer[Report]:
    """The report that a supervisor decides on, with its case; or what to say instead."""
    found = await decisions.lock_submission(session, turn, Report, number)
    if isinstance(found, Answer):
        return found
    report, case = found
    if report.decision is not None:
        name = await cases.find_person_name(session, report.decided_by)
        return make_answer(say(f"standing-{report.decision}", task=case.describe_task(), name=name))
    if case.assignment.status != Status.REPORTED:
        return await describe_state(session, case, turn)
    return report, case


async def confirm_report(
    session: AsyncSession, turn: Request, report: Report, case: AssignmentCase
) -> Answer:
    """The button "Xác nhận" under a report."""
    try:
        await make_move(
            session, case.assignment, Move.CONFIRM, now=turn.now, person_id=turn.sender.person_id
        )
    except MoveRefused:
        return await describe_state(session, case, turn)
    told = make_answer(say("told-confirmed", name=turn.sender.name), *case.describe_case(turn))
    await decisions.store_decision(session, turn, report, case, "confirmed", told, {"reason": None})
    return make_answer(
        say("confirm-done"), *case.describe_case(turn), replace=True, toast=say("toast-confirmed")
    )


async def ask_return_reason(
    session: AsyncSession, turn: Request, report: Report, case: AssignmentCase
) -> Answer:
    """The button "Trả lại" under a report: the reason is asked for."""
    return await decisions.ask_reason(
        session, turn, case, say("return-ask-reason"), "return", {"report": report.id}
    )


async def return_report(turn: Request) -> Answer:
    """The reason for which a report is returned."""
    reason = drafts.read_reason(turn, say("return-ask-reason"))
    if isinstance(reason, Answer):
        return reason
    async with turn.write() as session:
        await drafts.delete_draft(turn, session)
        found = await _find_report(session, turn, drafts.get_draft_data(turn)["report"])
        if isinstance(found, Answer):
            return found
        report, case = found
        try:
            await make_move(
                session,
                case.assignment,
                Move.RETURN,
                now=turn.now,
                person_id=turn.sender.person_id,
                done_on=None,
            )
        except MoveRefused:
            return await describe_state(session, case, turn)
        report.reason = reason
        told = say("told-returned", name=turn.sender.name, reason=reason)
        message = make_answer(told, *case.describe_case(turn), buttons=make_case_buttons(case))
        await decisions.store_decision(
            session, turn, report, case, "returned", message, {"reason": reason}
        )
        return make_answer(say("return-done", reason=reason), *case.describe_case(turn))


ACTIONS: dict[str, Handler] = {
    "conf": decisions.make_decision_handler(_find_report, confirm_report),
    "back": decisions.make_decision_handler(_find_report, ask_return_reason),
}
DIALOGUES: dict[str, Handler] = {"return": return_report}
