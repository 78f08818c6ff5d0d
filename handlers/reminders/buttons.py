"""Buttons under a reminder: pick a task of it, see what can be done, be reminded again tomorrow."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from handlers.conversation import cases
from handlers.conversation.rights import Action
from handlers.conversation.turn import Handler, Request
from handlers.reminders.chat_rules import GONE, LONGEST_LABEL, find_chat, load_current_rules
from locales.answer import Answer, Button, make_answer, say
from locales.phrases import shorten_text
from models.assignments import OPEN, Assignment
from models.chats import Chat
from models.notices import MESSAGE, Notice, NoticeLine
from scheduler import audience, message, planner
from scheduler.lines import ReminderLine, load_lines

TASKS_PER_PAGE = 10  # tasks of one page to pick from


@dataclass(frozen=True)
class _ChatNotice:
    """A notice whose button was pressed in its own chat, with what it still has to tell."""

    notice: Notice
    chat: Chat
    lines: list[ReminderLine]
    own_agencies: frozenset[int]


async def _find_notice(
    session: AsyncSession, turn: Request, notice_id: int | None
) -> _ChatNotice | None:
    """The notice of a pressed button; None for one that is not of this chat, or not there."""
    notice = await session.get(Notice, notice_id) if notice_id is not None else None
    chat = await find_chat(session, turn)
    if notice is None or chat is None or notice.chat_id != chat.id or notice.kind == MESSAGE:
        return None
    own = await audience.find_own_agencies(session, chat, turn.today)
    return _ChatNotice(notice, chat, await load_lines(session, notice.id or 0), own)


async def _is_about_case(session: AsyncSession, notice: Notice, case: cases.AssignmentCase) -> bool:
    """Whether the notice told of this case, done since or not: a button may carry any number."""
    line = (
        select(NoticeLine.id)
        .where(NoticeLine.notice_id == notice.id, NoticeLine.assignment_id == case.id)
        .limit(1)
    )
    return (await session.exec(line)).first() is not None


async def offer_tasks(turn: Request) -> Answer:
    """The button "Chọn việc": the tasks of the reminder that are still open, a button each, in pages."""
    notice, page, again = [*turn.args.split(":"), "", ""][:3]
    async with turn.read() as session:
        told = await _find_notice(session, turn, cases.parse_id(notice))
    if told is None:
        return make_answer(toast=say(GONE))
    if not told.lines:
        return make_answer(say("pick-nothing"))
    pages = -(-len(told.lines) // TASKS_PER_PAGE)
    number = min(cases.parse_id(page) or 0, pages - 1)
    shown = told.lines[number * TASKS_PER_PAGE : (number + 1) * TASKS_PER_PAGE]
    rows = [
        [
            Button(
                say(
                    "button-pick-task",
                    key=line.key,
                    day=line.last_day,
                    title=shorten_text(line.title, LONGEST_LABEL),
                ),
                f"pickone:{told.notice.id}:{line.assignment_id}",
            )
        ]
        for line in shown
    ]
    turning = [(number - 1, "button-page-before"), (number + 1, "button-page-after")]
    rows.append(
        [
            Button(say(label), f"pick:{told.notice.id}:{to}:r")
            for to, label in turning
            if 0 <= to < pages
        ]
    )
    said = (
        say("pick-page", count=len(told.lines), page=number + 1, pages=pages)
        if pages > 1
        else say("pick-which")
    )
    return make_answer(said, buttons=rows, replace=again == "r")


async def show_picked_task(turn: Request) -> Answer:
    """A picked task: how it stands now, and what can be done about it."""
    notice, _, assignment = turn.args.partition(":")
    async with turn.read() as session:
        told = await _find_notice(session, turn, cases.parse_id(notice))
        found = (
            await cases.find_case(session, cases.parse_id(assignment)) if told is not None else None
        )
        case = (
            found
            if told is not None
            and found is not None
            and await _is_about_case(session, told.notice, found)
            else None
        )
    if told is None or case is None:
        return make_answer(toast=say(GONE))
    mine = case.may_do(turn, Action.REPORT)
    buttons = message.make_task_buttons(
        case.id, case.task.id or 0, case.assignment.status, mine=mine
    )
    status = say(f"status-{case.assignment.status.replace('_', '-')}")
    return make_answer(
        *case.describe_case(turn), say("pick-status", status=status), buttons=buttons
    )


async def offer_actions_for_all(turn: Request) -> Answer:
    """The button "Tất cả": what can be done about all tasks of the reminder at once."""
    async with turn.read() as session:
        told = await _find_notice(session, turn, cases.parse_id(turn.args))
    if told is None:
        return make_answer(toast=say(GONE))
    mine = [line for line in told.lines if line.agency_id in told.own_agencies]
    if not mine:
        return make_answer(say("pick-nothing"))
    rows = [
        [Button(say("button-got-all"), f"gotall:{told.notice.id}")],
        [Button(say("button-done-all"), f"doneall:{told.notice.id}")],
        [Button(say("button-later-all"), f"laterall:{told.notice.id}")],
    ]
    return make_answer(say("pick-all", count=len(mine)), buttons=rows)


async def remind_tomorrow(turn: Request) -> Answer:
    """The button "Nhắc lại ngày mai": the task comes once more on the next working day."""
    async with turn.write() as session:
        case = await cases.find_case(session, cases.parse_id(turn.args))
        chat = await find_chat(session, turn)
        if case is None or chat is None:
            return make_answer(toast=say(GONE))
        refused = cases.explain_refusal(case, turn, Action.REPORT)
        if refused is not None:
            return refused
        if case.assignment.status not in OPEN or case.assignment.last_day is None:
            status = say(f"status-{case.assignment.status.replace('_', '-')}")
            return make_answer(say("later-not-open", key=case.task.key, status=status))
        day = await _remind_again(session, turn, chat, [case.assignment])
    return make_answer(
        say("later-one", key=case.task.key, day=day), toast=say("later-toast", day=day)
    )


async def remind_all_tomorrow(turn: Request) -> Answer:
    """The button "Nhắc lại tất cả ngày mai"."""
    async with turn.write() as session:
        told = await _find_notice(session, turn, cases.parse_id(turn.args))
        if told is None:
            return make_answer(toast=say(GONE))
        ids = [line.assignment_id for line in told.lines if line.agency_id in told.own_agencies]
        found = (
            (await session.exec(select(Assignment).where(col(Assignment.id).in_(ids)))).all()
            if ids
            else []
        )
        allowed = [
            a
            for a in found
            if turn.may_do(
                Action.REPORT, a.agency_id, a.lead_id, *told.own_agencies & {a.agency_id}
            )
        ]
        if not allowed:
            return make_answer(say("pick-nothing"))
        day = await _remind_again(session, turn, told.chat, allowed)
    return make_answer(
        say("later-all", count=len(allowed), day=day), toast=say("later-toast", day=day)
    )


async def _remind_again(
    session: AsyncSession, turn: Request, chat: Chat, assignments: Sequence[Assignment]
) -> date:
    in_force = await load_current_rules(session, turn)
    day = in_force.calendar.next_working_day(turn.today)
    await planner.remind_again_on(session, chat, assignments, day, turn.now, in_force)
    return day


ACTIONS: dict[str, Handler] = {
    "pick": offer_tasks,
    "pickone": show_picked_task,
    "pickall": offer_actions_for_all,
    "later": remind_tomorrow,
    "laterall": remind_all_tomorrow,
}
