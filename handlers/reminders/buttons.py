"""Buttons under a reminder: pick a task of it, see what can be done, be reminded again tomorrow.

Reporting all its tasks at once is `handlers.work.report_all`.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from handlers.conversation import cases
from handlers.conversation.refusals import refuse_button
from handlers.conversation.request import Handler, Request
from handlers.conversation.rights import Action
from handlers.reminders.chat_rules import (
    LONGEST_LABEL,
    find_chat,
    load_current_rules,
    make_page_buttons,
)
from handlers.work.state import move_assignment
from locales.answer import Answer, Button, make_answer, make_button, pack_action, say, unpack_action
from locales.phrases import shorten_text
from models.assignments import OPEN, Assignment, Move, MoveRefused
from models.chats import Chat
from models.notices import MESSAGE, Notice, NoticeLine
from scheduler import audience, message, steps
from scheduler.lines import ReminderLine, load_lines
from scheduler.planning import waiting

TASKS_PER_PAGE = 10  # tasks of one page to pick from


@dataclass(frozen=True)
class _ChatNotice:
    """A notice whose button was pressed in its own chat, with the lines that are still open."""

    id: int
    chat: Chat
    lines: list[ReminderLine]
    own_agencies: frozenset[int]

    @property
    def own_lines(self) -> list[ReminderLine]:
        """The lines about tasks of the agencies that the person of the chat works for."""
        return [line for line in self.lines if line.agency_id in self.own_agencies]


async def _find_notice(session: AsyncSession, request: Request, text: str) -> _ChatNotice | None:
    """Return the notice whose id is `text`; None if there is none, or not in this chat."""
    notice_id = cases.parse_id(text)
    notice = await session.get(Notice, notice_id) if notice_id is not None else None
    chat = await find_chat(session, request)
    if notice is None or chat is None or notice.chat_id != chat.id or notice.kind == MESSAGE:
        return None
    own = await audience.find_own_agencies(session, chat, request.today)
    lines = await load_lines(session, notice.id)
    return _ChatNotice(notice.id, chat, lines, own)


async def _find_case(
    session: AsyncSession, notice: _ChatNotice, text: str
) -> cases.AssignmentCase | None:
    """Return the case whose id is `text`, open or not; None if the notice is not about it."""
    case = await cases.find_case(session, cases.parse_id(text))
    if case is None:
        return None
    line = (
        select(NoticeLine.id)
        .where(NoticeLine.notice_id == notice.id, NoticeLine.assignment_id == case.id)
        .limit(1)
    )
    return case if (await session.exec(line)).first() is not None else None


async def offer_tasks(request: Request) -> Answer:
    """Answer the button "Chọn việc": a button for each open task of the reminder, in pages."""
    number, page, again = unpack_action(request.args, 3)
    async with request.read() as session:
        notice = await _find_notice(session, request, number)
    if notice is None:
        return refuse_button()
    if not notice.lines:
        return make_answer(say("pick-nothing"))
    pages = -(-len(notice.lines) // TASKS_PER_PAGE)
    place = min(cases.parse_id(page) or 0, pages - 1)
    rows = [
        [_make_pick_button(notice, line)]
        for line in notice.lines[place * TASKS_PER_PAGE : (place + 1) * TASKS_PER_PAGE]
    ]
    rows.append(make_page_buttons(pack_action("pick", notice.id), place, pages, ":r"))
    head = say("pick-which")
    if pages > 1:
        head = say("pick-page", count=len(notice.lines), page=place + 1, pages=pages)
    return make_answer(head, buttons=rows, replace=again == "r")


def _make_pick_button(notice: _ChatNotice, line: ReminderLine) -> Button:
    title = shorten_text(line.title, LONGEST_LABEL)
    label = say("button-pick-task", key=line.key, day=line.last_day, title=title)
    return make_button(label, "pickone", notice.id, line.assignment_id)


async def show_picked_task(request: Request) -> Answer:
    """Answer the button of a task: how it stands now, and what can be done about it."""
    notice_text, assignment = unpack_action(request.args, 2)
    async with request.read() as session:
        notice = await _find_notice(session, request, notice_text)
        case = await _find_case(session, notice, assignment) if notice is not None else None
    if case is None:
        return refuse_button()
    status = case.assignment.status
    mine = case.may_do(request, Action.REPORT)
    buttons = message.make_task_buttons(case.id, case.task.id, status, mine=mine)
    stands = say("pick-status", status=say(f"status-{status.replace('_', '-')}"))
    return make_answer(*case.describe_case(request), stands, buttons=buttons)


async def offer_actions_for_all(request: Request) -> Answer:
    """Answer the button "Tất cả": what can be done about all tasks of the reminder at once."""
    async with request.read() as session:
        notice = await _find_notice(session, request, request.args)
    if notice is None:
        return refuse_button()
    if not notice.own_lines:
        return make_answer(say("pick-nothing"))
    rows = [
        [make_button(say("button-got-all"), "gotall", notice.id)],
        [make_button(say("button-done-all"), "doneall", notice.id)],
        [make_button(say("button-later-all"), "laterall", notice.id)],
    ]
    return make_answer(say("pick-all", count=len(notice.own_lines)), buttons=rows)


async def offer_asked_tasks(request: Request) -> Answer:
    """List the tasks that the bot asks about, with one answer for all of them."""
    async with request.read() as session:
        notice = await _find_notice(session, request, request.args)
    if notice is None:
        return refuse_button()
    asked = [line for line in notice.own_lines if line.step == steps.UPDATE]
    if not asked:
        return make_answer(say("pick-nothing"))
    rows = [[make_button(say("button-work-all", count=len(asked)), "workall", notice.id)]]
    rows += [[_make_pick_button(notice, line)] for line in asked[:TASKS_PER_PAGE]]
    if len(asked) > TASKS_PER_PAGE:
        rows.append([make_button(say("button-pick"), "pick", notice.id, "0")])
    return make_answer(say("asked-head", count=len(asked)), buttons=rows)


async def note_work_on_asked(request: Request) -> Answer:
    """Note of all tasks that the bot asked about that they are being worked on."""
    count = 0
    async with request.write() as session:
        notice = await _find_notice(session, request, request.args)
        if notice is None:
            return refuse_button()
        for line in notice.own_lines:
            case = await cases.find_case(session, line.assignment_id)
            if line.step != steps.UPDATE or case is None:
                continue
            if cases.explain_refusal(case, request, Action.REPORT) is not None:
                continue
            with suppress(MoveRefused):  # reported meanwhile
                await move_assignment(session, request, case.assignment, Move.PROGRESS)
                count += 1
    return make_answer(say("asked-noted", count=count) if count else say("pick-nothing"))


async def remind_tomorrow(request: Request) -> Answer:
    """Answer "Nhắc lại ngày mai": remind of the task once more on the next working day."""
    async with request.write() as session:
        case = await cases.find_case(session, cases.parse_id(request.args))
        chat = await find_chat(session, request)
        if case is None or chat is None:
            return refuse_button()
        refusal = cases.explain_refusal(case, request, Action.REPORT)
        if refusal is not None:
            return refusal
        key, status = case.task.key, case.assignment.status
        if status not in OPEN or case.assignment.last_day is None:
            sentence = say(f"status-{status.replace('_', '-')}")
            return make_answer(say("later-not-open", key=key, status=sentence))
        day = await _remind_again(session, request, chat, [case.assignment])
    return make_answer(say("later-one", key=key, day=day), toast=say("later-toast", day=day))


async def remind_all_tomorrow(request: Request) -> Answer:
    """Answer "Nhắc lại tất cả ngày mai": remind of all own tasks of the reminder once more."""
    async with request.write() as session:
        notice = await _find_notice(session, request, request.args)
        if notice is None:
            return refuse_button()
        ids = [line.assignment_id for line in notice.own_lines]
        rows = await session.exec(select(Assignment).where(col(Assignment.id).in_(ids)))
        own = [
            a
            for a in rows
            if request.may_do(
                Action.REPORT, a.agency_id, a.lead_id, *notice.own_agencies & {a.agency_id}
            )
        ]
        if not own:
            return make_answer(say("pick-nothing"))
        day = await _remind_again(session, request, notice.chat, own)
    return make_answer(say("later-all", count=len(own), day=day), toast=say("later-toast", day=day))


async def _remind_again(
    session: AsyncSession, request: Request, chat: Chat, assignments: Sequence[Assignment]
) -> date:
    """Plan a notice about the assignments for the next working day; return that day."""
    rules = await load_current_rules(session, request)
    day = rules.calendar.next_working_day(request.today)
    await waiting.remind_again_on(session, chat, assignments, day, request.now, rules)
    return day


ACTIONS: dict[str, Handler] = {
    "pick": offer_tasks,
    "pickone": show_picked_task,
    "pickall": offer_actions_for_all,
    "asked": offer_asked_tasks,
    "workall": note_work_on_asked,
    "later": remind_tomorrow,
    "laterall": remind_all_tomorrow,
}
