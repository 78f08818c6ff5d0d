"""Buttons that take on, or report as done, all tasks of one reminder."""

from __future__ import annotations

from contextlib import suppress

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from handlers.conversation import cases, drafts
from handlers.conversation.cases import AssignmentCase
from handlers.conversation.rights import Action
from handlers.conversation.turn import Handler, Request
from handlers.work.report import NO_EVIDENCE, submit_report
from locales.answer import Answer, Button, make_answer, say
from models.assignments import (
    Assignment,
    Move,
    MoveRefused,
    is_move_possible,
    make_move,
    match_in_force,
)
from models.chats import Chat
from models.notices import Notice, NoticeLine

MOST_TASKS_NAMED = 5  # tasks named that "all" could not take


async def _find_cases_of_notice(
    session: AsyncSession, turn: Request, notice_id: int | None
) -> list[AssignmentCase] | None:
    """The cases that a reminder in this chat told of; None where it is no reminder of this chat."""
    notice = await session.get(Notice, notice_id) if notice_id is not None else None
    chat = await session.get(Chat, notice.chat_id) if notice is not None else None
    if (
        notice is None
        or chat is None
        or (chat.channel, chat.address) != (turn.incoming.channel, turn.incoming.chat)
    ):
        return None
    rows = await session.exec(
        select(NoticeLine.assignment_id)
        .join(Assignment, col(Assignment.id) == NoticeLine.assignment_id)
        .where(NoticeLine.notice_id == notice.id, match_in_force())
        .order_by(col(Assignment.last_day), col(Assignment.id))
    )
    ids = list(dict.fromkeys(rows))
    found = [await cases.find_case(session, assignment_id) for assignment_id in ids]
    return [case for case in found if case is not None]


async def receive_all(turn: Request) -> Answer:
    """The button "Đã tiếp nhận tất cả" under a reminder of several tasks."""
    async with turn.write() as session:
        found = await _find_cases_of_notice(session, turn, cases.parse_id(turn.args))
        if found is None:
            return make_answer(toast=say(cases.BUTTON_OUT_OF_DATE))
        taken = 0
        for case in found:
            if cases.explain_refusal(case, turn, Action.REPORT) is not None:
                continue
            with suppress(
                MoveRefused
            ):  # taken on already, by this press or by somebody at the same moment
                await make_move(
                    session,
                    case.assignment,
                    Move.RECEIVE,
                    now=turn.now,
                    person_id=turn.sender.person_id,
                )
                taken += 1
    if not taken:
        return make_answer(say("report-none-to-receive"))
    return make_answer(say("report-all-received", count=taken), toast=say("toast-received"))


async def ask_report_all(turn: Request) -> Answer:
    """The button "Đã hoàn thành tất cả": asked once more, because it is many tasks at one press."""
    async with turn.read() as session:
        found = await _find_cases_of_notice(session, turn, cases.parse_id(turn.args))
        if found is None:
            return make_answer(toast=say(cases.BUTTON_OUT_OF_DATE))
        open_ones = [c for c in found if _can_report(c, turn)]
    if not open_ones:
        return make_answer(say("report-none-to-report"))
    lines = [say("bullet", text=case.describe_task()) for case in open_ones]
    button = Button(say("button-all-done", count=len(open_ones)), f"doneyes:{turn.args}")
    return make_answer(say("report-all-sure", count=len(open_ones)), *lines, buttons=[[button]])


def _can_report(case: AssignmentCase, turn: Request) -> bool:
    return cases.explain_refusal(case, turn, Action.REPORT) is None and is_move_possible(
        case.assignment, Move.REPORT
    )


async def report_all(turn: Request) -> Answer:
    """All tasks of a reminder are reported done; those of a plan that insists on evidence are left and named."""
    async with turn.write() as session:
        found = await _find_cases_of_notice(session, turn, cases.parse_id(turn.args))
        if found is None:
            return make_answer(toast=say(cases.BUTTON_OUT_OF_DATE))
        open_ones = [c for c in found if _can_report(c, turn)]
        left = [c for c in open_ones if c.plan.evidence_needed]
        reported = []
        for case in open_ones:
            if not case.plan.evidence_needed:
                with suppress(MoveRefused):  # somebody was at it at the same moment
                    await submit_report(session, case, turn, NO_EVIDENCE, turn.now)
                    reported.append(case)
        await drafts.delete_draft(turn, session)
    blocks = [say("report-all-done", count=len(reported))] if reported else []
    if left:
        blocks.append(say("report-all-left", count=len(left)))
        blocks += [say("bullet", text=case.describe_task()) for case in left[:MOST_TASKS_NAMED]]
    return make_answer(*(blocks or [say("report-none-to-report")]), replace=bool(reported))


ACTIONS: dict[str, Handler] = {
    "gotall": receive_all,
    "doneall": ask_report_all,
    "doneyes": report_all,
}
