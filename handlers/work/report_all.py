"""Buttons that take on, or report as done, all tasks of one reminder."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from handlers.conversation import cases, drafts
from handlers.conversation.cases import AssignmentCase
from handlers.conversation.refusals import refuse_button
from handlers.conversation.request import Handler, Request
from handlers.conversation.rights import Action
from handlers.work.report import NO_EVIDENCE, submit_report
from handlers.work.state import move_assignment
from locales.answer import Answer, Sentence, make_answer, make_button, say
from models.assignments import Assignment, Move, MoveRefused, is_move_possible, match_in_force
from models.chats import Chat
from models.notices import Notice, NoticeLine

MOST_TASKS_NAMED = 5  # tasks that "all" left out and that are named


async def _find_cases_of_notice(
    session: AsyncSession, request: Request
) -> list[AssignmentCase] | None:
    """Return the cases of the reminder whose button was pressed, that the sender may report on.

    None if the button carries no reminder of this chat.
    """
    notice_id, incoming = cases.parse_id(request.args), request.incoming
    notice = await session.get(Notice, notice_id) if notice_id is not None else None
    chat = await session.get(Chat, notice.chat_id) if notice is not None else None
    if chat is None or (chat.channel, chat.address) != (incoming.channel, incoming.chat):
        return None
    rows = await session.exec(
        select(NoticeLine.assignment_id)
        .join(Assignment, col(Assignment.id) == NoticeLine.assignment_id)
        .where(NoticeLine.notice_id == notice_id, match_in_force())
        .order_by(col(Assignment.last_day), col(Assignment.id))
    )
    found = [await cases.find_case(session, number) for number in list(dict.fromkeys(rows))]
    return [
        case
        for case in found
        if case is not None and cases.explain_refusal(case, request, Action.REPORT) is None
    ]


def _list_reportable(notice_cases: Sequence[AssignmentCase]) -> list[AssignmentCase]:
    """Return the cases that are open, so that they can be reported done."""
    return [case for case in notice_cases if is_move_possible(case.assignment, Move.REPORT)]


def _list_tasks(task_cases: Sequence[AssignmentCase]) -> list[Sentence]:
    return [say("bullet", text=case.describe_task()) for case in task_cases]


async def receive_all(request: Request) -> Answer:
    """Answer "Đã tiếp nhận tất cả": note that the agency has received all tasks."""
    count = 0
    async with request.write() as session:
        notice_cases = await _find_cases_of_notice(session, request)
        if notice_cases is None:
            return refuse_button()
        for case in notice_cases:
            with suppress(MoveRefused):  # received already, perhaps at this very moment
                await move_assignment(session, request, case.assignment, Move.RECEIVE)
                count += 1
    if not count:
        return make_answer(say("report-none-to-receive"))
    return make_answer(say("report-all-received", count=count))


async def ask_report_all(request: Request) -> Answer:
    """Answer "Đã hoàn thành tất cả": ask once more, because it is many tasks at one press."""
    async with request.read() as session:
        notice_cases = await _find_cases_of_notice(session, request)
    if notice_cases is None:
        return refuse_button()
    open_cases = _list_reportable(notice_cases)
    if not open_cases:
        return make_answer(say("report-none-to-report"))
    count = len(open_cases)
    button = make_button(say("button-all-done", count=count), "doneyes", request.args)
    head = say("report-all-sure", count=count)
    return make_answer(head, *_list_tasks(open_cases), buttons=[[button]])


async def report_all(request: Request) -> Answer:
    """Report all tasks of a reminder done, except those of plans that require evidence."""
    count = 0
    async with request.write() as session:
        notice_cases = await _find_cases_of_notice(session, request)
        if notice_cases is None:
            return refuse_button()
        open_cases = _list_reportable(notice_cases)
        left = [case for case in open_cases if case.plan.evidence_needed]
        for case in open_cases:
            if not case.plan.evidence_needed:
                with suppress(MoveRefused):  # somebody reported it at the same moment
                    await submit_report(session, case, request, NO_EVIDENCE, request.said_at)
                    count += 1
        await drafts.delete_draft(request, session)
    blocks = [say("report-all-done", count=count)] if count else []
    if left:
        blocks.append(say("report-all-left", count=len(left)))
        blocks += _list_tasks(left[:MOST_TASKS_NAMED])
    return make_answer(*(blocks or [say("report-none-to-report")]), replace=bool(count))


ACTIONS: dict[str, Handler] = {
    "gotall": receive_all,
    "doneall": ask_report_all,
    "doneyes": report_all,
}
