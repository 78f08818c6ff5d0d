"""`/xoa`: cancels a task with a reason; it stays on record."""

from __future__ import annotations

from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from handlers.conversation import cases, drafts
from handlers.conversation.cases import TITLE_LENGTH
from handlers.conversation.turn import Handler, Request
from handlers.tasks import one_line
from handlers.tasks.find import make_button_handler, make_command_handler, refuse_change
from handlers.tasks.recipients import notify_agencies
from handlers.work import undo
from locales.answer import Answer, Button, make_answer, say
from locales.phrases import shorten_text
from models.assignments import (
    cancel_assignments,
)
from models.audit import Audit, record_change
from models.plans import Task


def _read_reason(text: str) -> str:
    named = one_line.read_label(text.strip())
    return named[1] if named is not None and named[0] == "reason" else text.strip()


async def ask_cancellation(session: AsyncSession, turn: Request, task: Task, text: str) -> Answer:
    """`/xoa II.4 | lý do`, or the button "Hủy nhiệm vụ": cancels a task; it stays on record with the reason."""
    reason = _read_reason(text)[: drafts.LONGEST_REASON]
    reason = reason if len(reason) >= drafts.SHORTEST_REASON else ""
    data: dict[str, Any] = {
        "mode": "cancel",
        "task": task.id,
        "row": {},
        "ask": "reason",
        "reason": reason,
    }
    token = await drafts.save_draft(
        turn, "task", data, session, yes="taskoff:{}" if reason else None
    )
    named = say("case-task", key=task.key, title=shorten_text(task.title, TITLE_LENGTH))
    if not reason:
        return make_answer(
            say("cancel-ask-reason"), named, buttons=[[drafts.make_leave_button(token)]]
        )
    rows = [
        [Button(say("button-cancel-sure"), f"taskoff:{token}")],
        [drafts.make_leave_button(token)],
    ]
    return make_answer(say("cancel-sure", reason=reason), named, buttons=rows)


async def take_reason(turn: Request, data: dict[str, Any], text: str) -> Answer:
    async with turn.write() as session:
        task = await session.get(Task, data["task"])
        if task is None:
            return make_answer(say(cases.BUTTON_OUT_OF_DATE))
        return await refuse_change(session, task, turn) or await ask_cancellation(
            session, turn, task, text
        )


async def confirm_cancellation(turn: Request) -> Answer:
    """The task is cancelled with the reason that was shown."""
    draft = await drafts.find_draft_of_button(turn, "task")
    if draft is None or draft.data["mode"] != "cancel" or not draft.data["reason"]:
        return make_answer(toast=say(cases.BUTTON_OUT_OF_DATE))
    async with turn.write() as session:
        await drafts.delete_draft(turn, session)
        task = await session.get(Task, draft.data["task"], with_for_update=True)
        if task is None:
            return make_answer(say(cases.BUTTON_OUT_OF_DATE))
        barred = await refuse_change(session, task, turn)
        if barred is not None:
            return barred
        audit = await cancel_task(session, turn, task, draft.data["reason"])
        reason = say("case-reason", reason=draft.data["reason"])
        await notify_agencies(session, turn, task.id or 0, "told-task-cancelled", audit, [reason])
        return make_answer(
            say(
                "task-cancelled",
                key=task.key,
                title=shorten_text(task.title, TITLE_LENGTH),
                reason=draft.data["reason"],
            ),
            buttons=[[undo.make_undo_button(audit)]],
            replace=True,
        )


async def cancel_task(session: AsyncSession, turn: Request, task: Task, reason: str) -> Audit:
    """Cancels a task with its unfinished assignments; returns the audit's row."""
    task.cancelled_on, task.cancel_reason = turn.today, reason
    session.add(task)
    await session.flush()
    before = await cancel_assignments(session, turn.now, task_id=task.id)
    await session.refresh(task)
    audit = record_change(
        session, turn.now, "cancel_task", "task", task.id, person_id=turn.sender.person_id,
        before={"key": task.key, "cancelled_on": None, "assignments": before},
        after={"cancelled_on": turn.today.isoformat(), "reason": reason},
    )  # fmt: skip
    await session.flush()
    return audit


COMMANDS: dict[str, Handler] = {"xoa": make_command_handler("cancel", ask_cancellation)}
ACTIONS: dict[str, Handler] = {
    "taskoff": confirm_cancellation,
    "cancel": make_button_handler(ask_cancellation),
}
