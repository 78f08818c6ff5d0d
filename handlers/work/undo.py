"""Undo for ten minutes: takes back the sender's own last change.

If somebody has changed the same thing since, it stays as it is.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from datetime import date, timedelta
from typing import Any

from sqlmodel import col, or_, select, update
from sqlmodel.ext.asyncio.session import AsyncSession

from handlers.conversation import cases
from handlers.conversation.cases import name_task
from handlers.conversation.notify import notify_people
from handlers.conversation.refusals import refuse_button
from handlers.conversation.request import Handler, Request
from handlers.conversation.rights import Action
from locales.answer import Answer, Button, make_answer, make_button, say
from models.assignments import (
    Assignment,
    Move,
    MoveRefused,
    cancel_assignments,
    match_in_force,
    refresh_tasks,
    restore_assignments,
    undo_move,
)
from models.audit import Audit
from models.chats import Chat
from models.milestones import Deadline
from models.notices import MESSAGE, Notice, NoticeStatus
from models.plans import Task
from plans.format import TaskRow
from plans.registry.export import export_task
from plans.registry.writer import PlanWriter

UNDO_PERIOD = timedelta(minutes=10)
UNDO_ACTIONS = frozenset({"undo", "undo_add", "undo_cancel"})
"""The audit's names of a change that takes another one back."""

UndoStep = Callable[[AsyncSession, Request, Audit], Awaitable[Answer]]
"""Takes back the change in a row of the audit. Raises UndoTooLate, MoveRefused."""


class UndoTooLate(Exception):
    """Something was changed since, so the change cannot be taken back any more."""


def make_undo_button(audit: Audit) -> Button:
    """Return the button that takes back the change in `audit`, which is flushed."""
    return make_button(say("button-undo"), "undo", audit.id)


def make_notice_token(audit: Audit, *more: str) -> str:
    """Return the token of the messages about a task's change; `more` tells two of them apart."""
    return ":".join((f"task:{audit.subject_id}:{audit.id}", *more))


async def undo_last(request: Request) -> Answer:
    """Answer `/hoantac`: take back the sender's last change that can be taken back."""
    person_id = request.sender.person_id
    statement = (
        select(Audit)
        .where(
            Audit.person_id == person_id,
            col(Audit.action).in_(list(UNDO_STEPS)),
            col(Audit.at) > request.now - UNDO_PERIOD,
        )
        .order_by(col(Audit.id).desc())
        .limit(1)
    )
    async with request.write() as session:
        row = (await session.exec(statement)).first()
        if row is None or person_id is None:
            return make_answer(say("undo-nothing"))
        return await _take_back_change(session, request, row)


async def undo_by_button(request: Request) -> Answer:
    """Answer the button "Hoàn tác" or "Rút lại"."""
    number, person_id = cases.parse_id(request.args), request.sender.person_id
    async with request.write() as session:
        row = await session.get(Audit, number) if number is not None else None
        own = row is not None and row.person_id is not None and row.person_id == person_id
        if row is None or not own or row.action not in UNDO_STEPS:
            return refuse_button()
        return await _take_back_change(session, request, row)


async def _take_back_change(session: AsyncSession, request: Request, row: Audit) -> Answer:
    """Take back the change in a row of the audit, or say why that is not possible."""
    if request.said_at - row.at > UNDO_PERIOD:
        return make_answer(say("undo-late"))
    if row.subject == "task":
        await session.get(Task, row.subject_id, with_for_update=True)
    of_same = (Audit.subject == row.subject, Audit.subject_id == row.subject_id)
    statement = (
        select(Audit).where(*of_same, col(Audit.id) > row.id).order_by(col(Audit.id)).limit(1)
    )
    later = (await session.exec(statement)).first()
    if later is not None:
        own = later.action in UNDO_ACTIONS and later.person_id == request.sender.person_id
        return make_answer(say("undo-already" if own else "undo-changed"))
    try:
        return await UNDO_STEPS[row.action](session, request, row)
    except (UndoTooLate, MoveRefused):
        return make_answer(say("undo-changed"))


# --- an assignment ------------------------------------------------------------------------------


async def _undo_move(session: AsyncSession, request: Request, row: Audit) -> Answer:
    """Put an assignment back into its status before; withdraw its report.

    If its plan was closed or its task cancelled since, the status differs, although the audit
    has that under the plan or the task.
    """
    case = await cases.find_case(session, row.subject_id)
    if case is None or case.assignment.status != (row.after or {}).get("status"):
        raise UndoTooLate
    refusal = cases.explain_refusal(case, request, Action.REPORT)
    if refusal is not None:
        return refusal
    person_id = request.sender.person_id
    before = row.before or {}
    await undo_move(session, case.assignment, before, now=request.now, person_id=person_id)
    if row.action in (Move.REPORT, Move.FINISH):
        await _withdraw_report(session, request, case)
    return make_answer(say("undo-done-status"), *case.describe_case(request), replace=True)


async def _withdraw_report(
    session: AsyncSession, request: Request, case: cases.AssignmentCase
) -> None:
    """Withdraw the last report, and notify those who got a message about it."""
    report = await cases.find_last_report(session, case.id)
    if report is None or report.decision is not None:
        return
    report.decision, report.decided_by = "withdrawn", request.sender.person_id
    report.decided_at = request.now
    session.add(report)
    request.record_change(
        session,
        "report_withdrawn",
        "report",
        report.id,
        before={"decision": None},
        after={"decision": "withdrawn"},
    )
    head = say("told-withdrawn", name=request.sender.name, agency=case.agency_name())
    message = make_answer(head, *case.describe_case(request))
    for kind, people in (
        ("report", await cases.find_supervisors(session, case.plan, request)),
        ("finished", await cases.find_agency_people(session, case, request)),
    ):
        if await _drop_messages(session, request, f"{kind}:{report.id}"):
            token = f"withdrawn:{report.id}"
            await notify_people(session, request, people, message, token=token)


async def _drop_messages(session: AsyncSession, request: Request, token: str) -> list[int]:
    """Drop the messages with this token, or one that follows it, that were not sent yet.

    Return the ids of the people who got one already.
    """
    of_it = or_(col(Notice.token) == token, col(Notice.token).startswith(f"{token}:"))
    await session.exec(
        update(Notice)
        .where(of_it, col(Notice.kind) == MESSAGE, col(Notice.status) == NoticeStatus.PENDING)
        .values(status=NoticeStatus.DROPPED, ended_at=request.now)
        .execution_options(synchronize_session=False)
    )
    person_ids = await session.exec(
        select(Chat.person_id)
        .join(Notice, col(Notice.chat_id) == Chat.id)
        .where(of_it, Notice.kind == MESSAGE, Notice.status != NoticeStatus.DROPPED)
        .order_by(col(Notice.id))
    )
    return [person_id for person_id in person_ids if person_id is not None]


# --- a task -------------------------------------------------------------------------------------


async def take_snapshot(session: AsyncSession, task: Task) -> dict[str, Any]:
    """Return a task and its assignments in force as JSON values for the audit."""
    assignments = [
        {
            "id": assignment.id,
            "agency": assignment.agency_id,
            "day": day.isoformat() if day else None,
            "last_day": assignment.last_day.isoformat() if assignment.last_day else None,
            "version": assignment.version,
        }
        for assignment, day in await _load_assignments(session, task.id)
    ]
    row = (await export_task(session, task)).model_dump(mode="json")
    return {"row": row, "assignments": assignments}


async def _load_assignments(
    session: AsyncSession, task_id: int
) -> Sequence[tuple[Assignment, date | None]]:
    """Return a task's assignments in force, each with the last day of its deadline."""
    statement = (
        select(Assignment, col(Deadline.last_day))
        .join(Deadline, col(Deadline.id) == Assignment.deadline_id)
        .where(Assignment.task_id == task_id, match_in_force())
    )
    return (await session.exec(statement)).all()


async def _undo_add(session: AsyncSession, request: Request, row: Audit) -> Answer:
    """Cancel a task that was added; it stays on record."""
    task = await session.get(Task, row.subject_id)
    if task is None or task.cancelled_on is not None:
        raise UndoTooLate
    await _require_no_change(session, task, row)
    task.cancelled_on, task.cancel_reason = request.today, None
    session.add(task)
    await session.flush()
    assignments = await cancel_assignments(session, request.now, task_id=task.id)
    request.record_change(
        session,
        "undo_add",
        "task",
        task.id,
        before={"cancelled_on": None, "assignments": assignments},
        after={"cancelled_on": request.today.isoformat()},
    )
    await _notify_of_undo(session, request, row, task, "told-task-add-undone")
    return make_answer(say("undo-done-added", **name_task(task)), replace=True)


async def _require_no_change(session: AsyncSession, task: Task, row: Audit) -> None:
    """Raise UndoTooLate if an assignment of the task was changed after `row`."""
    ids = select(Assignment.id).where(Assignment.task_id == task.id)
    of_task = (Audit.subject == "assignment", col(Audit.subject_id).in_(ids))
    statement = select(Audit.id).where(*of_task, col(Audit.id) > row.id).limit(1)
    if (await session.exec(statement)).first() is not None:
        raise UndoTooLate


async def _undo_rewrite(session: AsyncSession, request: Request, row: Audit) -> Answer:
    """Write a task that was changed or given as it was before, with the assignments it had."""
    task = await session.get(Task, row.subject_id)
    if task is None or row.before is None or row.after is None:
        raise UndoTooLate
    await _require_no_change(session, task, row)
    now = (await export_task(session, task)).model_dump(mode="json")
    if now != row.after["row"]:
        raise UndoTooLate
    directory = (await request.app.load_registry_names(session)).directory
    person_id = request.sender.person_id
    writer = PlanWriter(session, directory, request.now, request.today, person_id)
    await writer.change_task(task, TaskRow.model_validate(row.before["row"]))
    await _restore_assignments(session, task.id, row.before["assignments"])
    request.record_change(
        session,
        "undo",
        "task",
        task.id,
        before={"row": now},
        after={"row": row.before["row"]},
    )
    return await _confirm_undo(session, request, row, task)


async def _restore_assignments(
    session: AsyncSession, task_id: int, snapshot: list[dict[str, Any]]
) -> None:
    """Let the assignments that the change ended go on, with their reports and days.

    They take the place of the ones that the change made.
    """
    current = {
        (assignment.agency_id, day.isoformat() if day else None): assignment
        for assignment, day in await _load_assignments(session, task_id)
    }
    for old in snapshot:
        before = await session.get(Assignment, old["id"], populate_existing=True)
        replacement = current.get((old["agency"], old["day"]))
        if before is None or replacement is None:
            continue
        if before.ended_on is not None:
            before.ended_on, before.deadline_id = None, replacement.deadline_id
            await session.delete(replacement)
        before.last_day = date.fromisoformat(old["last_day"]) if old["last_day"] else None
        session.add(before)
    await session.flush()
    await refresh_tasks(session, [task_id])


async def _undo_cancel(session: AsyncSession, request: Request, row: Audit) -> Answer:
    """Take up a task again that was cancelled, with its assignments as they were."""
    task = await session.get(Task, row.subject_id)
    if task is None or task.cancelled_on is None:
        raise UndoTooLate
    task.cancelled_on, task.cancel_reason = None, None
    session.add(task)
    await session.flush()
    assignments = (row.before or {}).get("assignments", {})
    await restore_assignments(session, assignments, request.now)
    await refresh_tasks(session, [task.id])
    request.record_change(
        session,
        "undo_cancel",
        "task",
        task.id,
        before={"cancelled_on": (row.after or {}).get("cancelled_on")},
        after={"cancelled_on": None, "assignments": assignments},
    )
    return await _confirm_undo(session, request, row, task)


async def _confirm_undo(session: AsyncSession, request: Request, row: Audit, task: Task) -> Answer:
    await _notify_of_undo(session, request, row, task, "told-task-undone")
    return make_answer(say("undo-done-changed", **name_task(task)), replace=True)


async def _notify_of_undo(
    session: AsyncSession, request: Request, row: Audit, task: Task, message_id: str
) -> None:
    """Notify those who got a message about the change in `row` that it was taken back."""
    people = await _drop_messages(session, request, make_notice_token(row))
    if not people:
        return
    case = cases.find_next_case(await cases.find_cases_of_task(session, task.id))
    due = [say("case-due", when=case.describe_due_day(request))] if case is not None else []
    head = say(message_id, name=request.sender.signed_name)
    name = say("case-task", **name_task(task))
    rows = [[make_button(say("button-show"), "show", task.id)]]
    message = make_answer(head, name, *due, buttons=rows)
    await notify_people(session, request, people, message, token=f"back:{row.id}")


UNDO_STEPS: dict[str, UndoStep] = {
    Move.RECEIVE: _undo_move,
    Move.PROGRESS: _undo_move,
    Move.REPORT: _undo_move,
    Move.FINISH: _undo_move,
    "add_task": _undo_add,
    "change_task": _undo_rewrite,
    "reread": _undo_rewrite,
    "cancel_task": _undo_cancel,
}
"""What can be taken back, by the action's name in the audit."""

COMMANDS: dict[str, Handler] = {"hoantac": undo_last}
ACTIONS: dict[str, Handler] = {"undo": undo_by_button}
