"""The supervisor's decision on a report: confirm it, or return it with a reason."""

from __future__ import annotations

from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from handlers.conversation import cases, drafts
from handlers.conversation.cases import AssignmentCase
from handlers.conversation.request import Handler, Request
from handlers.work import decisions
from handlers.work.state import describe_state, move_assignment
from handlers.work.task_buttons import make_case_buttons
from locales.answer import Answer, make_answer, say
from models.assignments import Move, MoveRefused, Report, Status


async def _find_report(
    session: AsyncSession, request: Request, number: Any
) -> decisions.SubmissionOrAnswer[Report]:
    """Return the report that is decided on, with its case; or what to say instead."""
    found = await decisions.lock_submission(session, request, Report, number)
    if isinstance(found, Answer):
        return found
    report, case = found
    if report.decision is not None:
        name = await cases.find_person_name(session, report.decided_by)
        return make_answer(say(f"standing-{report.decision}", task=case.describe_task(), name=name))
    if case.assignment.status != Status.REPORTED:
        return await describe_state(session, case, request)
    return report, case


async def confirm_report(
    session: AsyncSession, request: Request, report: Report, case: AssignmentCase
) -> Answer:
    """Answer the button "Xác nhận": the task is done."""
    try:
        await move_assignment(session, request, case.assignment, Move.CONFIRM)
    except MoveRefused:
        return await describe_state(session, case, request)
    lines = case.describe_case(request)
    message = make_answer(say("told-confirmed", name=request.sender.signed_name), *lines)
    after = {"reason": None}
    await decisions.store_decision(session, request, report, case, "confirmed", message, after)
    return make_answer(say("confirm-done"), *lines, replace=True)


class ReturnDraft(drafts.DraftData):
    """A report that is being returned."""

    report: int


def _read_number(request: Request) -> int:
    return drafts.read_draft(request, ReturnDraft).report


async def ask_return_reason(
    session: AsyncSession, request: Request, report: Report, case: AssignmentCase
) -> Answer:
    """Answer the button "Trả lại": ask for the reason."""
    question, data = say("return-ask-reason"), ReturnDraft(report=report.id)
    return await decisions.ask_reason(session, request, case, question, "return", data)


async def return_report(
    session: AsyncSession, request: Request, report: Report, case: AssignmentCase, reason: str
) -> Answer:
    """Return the report to the agency: the task is open again."""
    try:
        await move_assignment(session, request, case.assignment, Move.RETURN, done_on=None)
    except MoveRefused:
        return await describe_state(session, case, request)
    report.reason = reason
    lines = case.describe_case(request)
    head = say("told-returned", name=request.sender.signed_name, reason=reason)
    message = make_answer(head, *lines, buttons=make_case_buttons(case))
    after = {"reason": reason}
    await decisions.store_decision(session, request, report, case, "returned", message, after)
    return make_answer(say("return-done", reason=reason), *lines)


ACTIONS: dict[str, Handler] = {
    "conf": decisions.make_decision_handler(_find_report, confirm_report),
    "back": decisions.make_decision_handler(_find_report, ask_return_reason),
}
DIALOGUES: dict[str, Handler] = {
    "return": decisions.make_reason_handler(
        _find_report, _read_number, say("return-ask-reason"), return_report
    )
}
