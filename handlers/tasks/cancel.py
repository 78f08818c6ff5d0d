"""`/xoa`: cancels a task with a reason; it stays on record.

The dialogue is a draft of kind "task" whose `mode` is "cancel".
"""

from __future__ import annotations

from sqlmodel.ext.asyncio.session import AsyncSession

from handlers.conversation import drafts
from handlers.conversation.cases import name_task
from handlers.conversation.refusals import refuse_button, refuse_dialogue
from handlers.conversation.request import Handler, Request
from handlers.tasks import one_line
from handlers.tasks.draft import TaskDraft
from handlers.tasks.find import make_button_handler, make_command_handler, refuse_change
from handlers.tasks.recipients import notify_agencies
from handlers.work import undo
from locales.answer import Answer, make_answer, make_button, say
from models.assignments import (
    cancel_assignments,
)
from models.audit import Audit
from models.plans import Task


def _read_reason(text: str) -> str:
    """Return the reason in a text, which may begin with "lý do:"; "" if it is too short."""
    field, value = one_line.read_label(text.strip()) or (None, "")
    reason = (value if field == "reason" else text.strip())[: drafts.LONGEST_REASON]
    return reason if len(reason) >= drafts.SHORTEST_REASON else ""


async def ask_cancellation(
    session: AsyncSession, request: Request, task: Task, text: str
) -> Answer:
    """Answer `/xoa II.4 | lý do` or "Hủy nhiệm vụ": ask for the reason, or to confirm it."""
    reason = _read_reason(text)
    data = TaskDraft(mode="cancel", task=task.id, ask="reason", reason=reason)
    yes = "taskoff:{}" if reason else None
    token = await drafts.save_draft(request, "task", data, session, yes=yes)
    rows, task_name = [[drafts.make_leave_button(token)]], say("case-task", **name_task(task))
    if not reason:
        return make_answer(say("cancel-ask-reason"), task_name, buttons=rows)
    rows = [[make_button(say("button-cancel-sure"), "taskoff", token)], *rows]
    return make_answer(say("cancel-sure", reason=reason), task_name, buttons=rows)


async def take_reason(request: Request, data: TaskDraft, text: str) -> Answer:
    """Take a text as the reason that was asked for; ask to confirm it."""
    async with request.write() as session:
        task = await session.get(Task, data.task)
        if task is None:
            return refuse_dialogue()
        refusal = await refuse_change(session, task, request)
        return refusal or await ask_cancellation(session, request, task, text)


async def confirm_cancellation(request: Request) -> Answer:
    """Answer the button "Hủy": cancel the task with the reason that was shown."""
    draft = await drafts.find_draft_of_button(request, "task")
    if draft is None:
        return refuse_button()
    data = drafts.read_draft(request, TaskDraft)
    reason = data.reason
    if data.mode != "cancel" or not reason:
        return refuse_button()
    async with request.write() as session:
        await drafts.delete_draft(request, session)
        task = await session.get(Task, data.task, with_for_update=True)
        if task is None:
            return refuse_dialogue()
        refusal = await refuse_change(session, task, request)
        if refusal is not None:
            return refusal
        audit = await cancel_task(session, request, task, reason)
        more = [say("case-reason", reason=reason)]
        await notify_agencies(session, request, task.id, "told-task-cancelled", audit, more)
        head = say("task-cancelled", reason=reason, **name_task(task))
        return make_answer(head, buttons=[[undo.make_undo_button(audit)]], replace=True)


async def cancel_task(session: AsyncSession, request: Request, task: Task, reason: str) -> Audit:
    """Cancel a task with its unfinished assignments; return the audit's row."""
    task.cancelled_on, task.cancel_reason = request.today, reason
    session.add(task)
    await session.flush()
    before = await cancel_assignments(session, request.now, task_id=task.id)
    await session.refresh(task)
    audit = request.record_change(
        session,
        "cancel_task",
        "task",
        task.id,
        before={"key": task.key, "cancelled_on": None, "assignments": before},
        after={"cancelled_on": request.today.isoformat(), "reason": reason},
    )
    await session.flush()
    return audit


COMMANDS: dict[str, Handler] = {"xoa": make_command_handler("cancel", ask_cancellation)}
ACTIONS: dict[str, Handler] = {
    "taskoff": confirm_cancellation,
    "cancel": make_button_handler(ask_cancellation),
}
