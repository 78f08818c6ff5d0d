"""Undo for ten minutes: the sender's own last change is taken back, unless somebody changed the same thing since."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import date, timedelta
from typing import Any

from sqlmodel import col, or_, select, update
from sqlmodel.ext.asyncio.session import AsyncSession

from handlers.conversation import cases
from handlers.conversation.notify import notify_people
from handlers.conversation.rights import Action
from handlers.conversation.turn import Handler, Request
from locales.answer import Answer, Button, make_answer, say
from locales.phrases import shorten_text
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
from models.audit import Audit, record_change
from models.chats import Chat
from models.milestones import Deadline
from models.notices import MESSAGE, Notice, NoticeStatus
from models.plans import Task
from plans.format import TaskRow
from plans.registry.export import export_task
from plans.registry.writer import PlanWriter

UNDO_PERIOD = timedelta(minutes=10)
UNDO_ACTIONS = frozenset({"undo", "undo_add", "undo_cancel"})
"""What the audit calls a change that was taken back."""

_GONE = "button-out-of-date"

UndoStep = Callable[[AsyncSession, Request, Audit], Awaitable[Answer]]


class UndoTooLate(Exception):
    """Something changed since; what was done cannot be taken back any more."""


def make_undo_button(audit: Audit) -> Button:
    """The button that takes back what `audit` (flushed) tells."""
    return Button(say("button-undo"), f"undo:{audit.id}")


def make_notice_token(audit: Audit, *more: str) -> str:
    """The token of the messages that tell others of the task's change in `audit` (flushed); `more` tells two apart."""
    return ":".join((f"task:{audit.subject_id}:{audit.id}", *more))


async def undo_last(turn: Request) -> Answer:
    """`/hoantac`: takes back the sender's last change that can be."""
    async with turn.write() as session:
        row = (
            await session.exec(
                select(Audit)
                .where(
                    Audit.person_id == turn.sender.person_id,
                    col(Audit.action).in_(list(UNDO_STEPS)),
                    col(Audit.at) > turn.now - UNDO_PERIOD,
                )
                .order_by(col(Audit.id).desc())
                .limit(1)
            )
        ).first()
        if row is None or turn.sender.person_id is None:
            return make_answer(say("undo-nothing"))
        return await _take_back_change(session, turn, row)


async def undo_by_button(turn: Request) -> Answer:
    """The button "Hoàn tác" or "Rút lại"."""
    number = cases.parse_id(turn.args)
    async with turn.write() as session:
        row = await session.get(Audit, number) if number is not None else None
        if (
            row is None
            or row.person_id is None
            or row.person_id != turn.sender.person_id
            or row.action not in UNDO_STEPS
        ):
            return make_answer(toast=say(_GONE))
        return await _take_back_change(session, turn, row)


async def _take_back_change(session: AsyncSession, turn: Request, row: Audit) -> Answer:
    if turn.now - row.at > UNDO_PERIOD:
        return make_answer(say("undo-late"))
    if row.subject == "task":
        await session.get(Task, row.subject_id, with_for_update=True)
    statement = (
        select(Audit)
        .where(
            Audit.subject == row.subject, Audit.subject_id == row.subject_id, col(Audit.id) > row.id
        )
        .order_by(col(Audit.id))
        .limit(1)
    )
    later = (await session.exec(statement)).first()
    if later is not None:
        own = later.action in UNDO_ACTIONS and later.person_id == turn.sender.person_id
        return make_answer(say("undo-already" if own else "undo-changed"))
    try:
        return await UNDO_STEPS[row.action](session, turn, row)
    except (UndoTooLate, MoveRefused):
        return make_answer(say("undo-changed"))


# --- an assignment ---------------------------------------------------------------------------------------------------


async def _undo_move(session: AsyncSession, turn: Request, row: Audit) -> Answer:
    """An assignment stands again as before; its report is withdrawn.

    Closing a plan or cancelling a task changes its assignments under the plan's or the task's own row of the audit.
    """
    case = await cases.find_case(session, row.subject_id)
    if case is None or case.assignment.status != (row.after or {}).get("status"):
        raise UndoTooLate
    refused = cases.explain_refusal(case, turn, Action.REPORT)
    if refused is not None:
        return refused
    await undo_move(
        session, case.assignment, row.before or {}, now=turn.now, person_id=turn.sender.person_id
    )
    if row.action in (Move.REPORT, Move.FINISH):
        await _withdraw_report(session, turn, case)
    return make_answer(say("undo-done-status"), *case.describe_case(turn), replace=True)


async def _withdraw_report(
    session: AsyncSession, turn: Request, case: cases.AssignmentCase
) -> None:
    """The report is withdrawn; who was told of it already is told of that too."""
    report = await cases.find_last_report(session, case.id)
    if report is None or report.decision is not None:
        return
    report.decision, report.decided_by, report.decided_at = (
        "withdrawn",
        turn.sender.person_id,
        turn.now,
    )
    session.add(report)
    record_change(
        session, turn.now, "report_withdrawn", "report", report.id, person_id=turn.sender.person_id,
        before={"decision": None}, after={"decision": "withdrawn"},
    )  # fmt: skip
    for kind, people in (
        ("report", await cases.find_supervisors(session, case.plan, turn)),
        ("finished", await cases.find_agency_people(session, case, turn)),
    ):
        if await _drop_messages(session, turn, f"{kind}:{report.id}"):
            message = make_answer(
                say("told-withdrawn", name=turn.sender.name, agency=case.agency_name()),
                *case.describe_case(turn),
            )
            await notify_people(session, turn, people, message, token=f"withdrawn:{report.id}")


async def _drop_messages(session: AsyncSession, turn: Request, token: str) -> list[int]:
    """Drops the messages of this token, and those that follow up on it, that wait; the people who got one before."""
    of_it = or_(col(Notice.token) == token, col(Notice.token).startswith(f"{token}:"))
    await session.exec(
        update(Notice)
        .where(of_it, col(Notice.kind) == MESSAGE, col(Notice.status) == NoticeStatus.PENDING)
        .values(status=NoticeStatus.DROPPED, ended_at=turn.now)
        .execution_options(synchronize_session=False)
    )
    told = await session.exec(
        select(Chat.person_id)
        .join(Notice, col(Notice.chat_id) == Chat.id)
        .where(of_it, Notice.kind == MESSAGE, Notice.status != NoticeStatus.DROPPED)
        .order_by(col(Notice.id))
    )
    return [person for person in told if person is not None]


async def _notify_of_undo(
    session: AsyncSession, turn: Request, row: Audit, task: Task, message: str
) -> None:
    """Who was told of a task's change hears that it was taken back."""
    people = await _drop_messages(session, turn, make_notice_token(row))
    if not people:
        return
    named = say("case-task", key=task.key, title=shorten_text(task.title, cases.TITLE_LENGTH))
    case = cases.find_next_case(await cases.find_cases_of_task(session, task.id or 0))
    due = [say("case-due", when=case.describe_due_day(turn))] if case is not None else []
    button = Button(say("button-show"), f"show:{task.id}")
    said = make_answer(say(message, name=turn.sender.name), named, *due, buttons=[[button]])
    await notify_people(session, turn, people, said, token=f"back:{row.id}")


# --- a task ----------------------------------------------------------------------------------------------------------


async def take_snapshot(session: AsyncSession, task: Task) -> dict[str, Any]:
    """A task as it stands, with its assignments that count, as JSON values for the audit."""
    rows = await session.exec(
        select(Assignment, col(Deadline.last_day))
        .join(Deadline, col(Deadline.id) == Assignment.deadline_id)
        .where(Assignment.task_id == task.id, match_in_force())
    )
    held = [
        {
            "id": a.id,
            "agency": a.agency_id,
            "day": day.isoformat() if day else None,
            "last_day": a.last_day.isoformat() if a.last_day else None,
            "version": a.version,
        }
        for a, day in rows
    ]
    return {"row": (await export_task(session, task)).model_dump(mode="json"), "assignments": held}


async def _undo_add(session: AsyncSession, turn: Request, row: Audit) -> Answer:
    """An added task is cancelled; it stays on record."""
    task = await session.get(Task, row.subject_id)
    if (
        task is None
        or task.cancelled_on is not None
        or await _has_change_since(session, task.id or 0, row)
    ):
        raise UndoTooLate
    task.cancelled_on, task.cancel_reason = turn.today, None
    session.add(task)
    await session.flush()
    before = await cancel_assignments(session, turn.now, task_id=task.id)
    record_change(
        session, turn.now, "undo_add", "task", task.id, person_id=turn.sender.person_id,
        before={"cancelled_on": None, "assignments": before}, after={"cancelled_on": turn.today.isoformat()},
    )  # fmt: skip
    await _notify_of_undo(session, turn, row, task, "told-task-add-undone")
    return make_answer(
        say("undo-done-added", key=task.key, title=shorten_text(task.title, cases.TITLE_LENGTH)),
        replace=True,
    )


async def _has_change_since(session: AsyncSession, task_id: int, row: Audit) -> bool:
    """Whether an assignment of the task was changed after `row`."""
    ids = select(Assignment.id).where(Assignment.task_id == task_id)
    later = await session.exec(
        select(Audit.id)
        .where(
            Audit.subject == "assignment", col(Audit.subject_id).in_(ids), col(Audit.id) > row.id
        )
        .limit(1)
    )
    return later.first() is not None


async def _undo_rewrite(session: AsyncSession, turn: Request, row: Audit) -> Answer:
    """A changed or given task is as before, with the assignments it had."""
    task = await session.get(Task, row.subject_id)
    if task is None or row.before is None or await _has_change_since(session, task.id or 0, row):
        raise UndoTooLate
    now = (await export_task(session, task)).model_dump(mode="json")
    if row.after is None or now != row.after["row"]:
        raise UndoTooLate
    directory = (await turn.app.load_registry_names(session)).directory
    writer = PlanWriter(session, directory, turn.now, turn.today, turn.sender.person_id)
    await writer.change_task(task, TaskRow.model_validate(row.before["row"]))
    await _restore_assignments(session, task.id or 0, row.before["assignments"])
    record_change(
        session, turn.now, "undo", "task", task.id, person_id=turn.sender.person_id,
        before={"row": now}, after={"row": row.before["row"]},
    )  # fmt: skip
    await _notify_of_undo(session, turn, row, task, "told-task-undone")
    return make_answer(
        say("undo-done-changed", key=task.key, title=shorten_text(task.title, cases.TITLE_LENGTH)),
        replace=True,
    )


async def _restore_assignments(
    session: AsyncSession, task_id: int, held: list[dict[str, Any]]
) -> None:
    """Lets the assignments that the change ended go on in place of the new ones, with their reports and days."""
    rows = await session.exec(
        select(Assignment, col(Deadline.last_day))
        .join(Deadline, col(Deadline.id) == Assignment.deadline_id)
        .where(Assignment.task_id == task_id, match_in_force())
    )
    current = {(a.agency_id, day.isoformat() if day else None): a for a, day in rows}
    for old in held:
        before = await session.get(Assignment, old["id"], populate_existing=True)
        made = current.get((old["agency"], old["day"]))
        if before is None or made is None:
            continue
        if before.ended_on is not None:
            before.ended_on, before.deadline_id = None, made.deadline_id
            await session.delete(made)
        before.last_day = date.fromisoformat(old["last_day"]) if old["last_day"] else None
        session.add(before)
    await session.flush()
    await refresh_tasks(session, [task_id])


async def _undo_cancel(session: AsyncSession, turn: Request, row: Audit) -> Answer:
    """A cancelled task is taken up again, its assignments as they were."""
    task = await session.get(Task, row.subject_id)
    if task is None or task.cancelled_on is None:
        raise UndoTooLate
    task.cancelled_on, task.cancel_reason = None, None
    session.add(task)
    await session.flush()
    held = (row.before or {}).get("assignments", {})
    await restore_assignments(session, held, turn.now)
    await refresh_tasks(session, [task.id or 0])
    record_change(
        session, turn.now, "undo_cancel", "task", task.id, person_id=turn.sender.person_id,
        before={"cancelled_on": (row.after or {}).get("cancelled_on")},
        after={"cancelled_on": None, "assignments": held},
    )  # fmt: skip
    await _notify_of_undo(session, turn, row, task, "told-task-undone")
    return make_answer(
        say("undo-done-changed", key=task.key, title=shorten_text(task.title, cases.TITLE_LENGTH)),
        replace=True,
    )


UNDO_STEPS: dict[str, UndoStep] = {
    Move.RECEIVE: _undo_move,
    Move.PROGRESS: _undo_move,
    Move.REPORT: _undo_move,
    Move.FINISH: _undo_move,
    "add_task": _undo_add,
    "change_task": _undo_rewrite,
    "cancel_task": _undo_cancel,
}
"""What can be taken back, by the action's name in the audit."""

COMMANDS: dict[str, Handler] = {"hoantac": undo_last}
ACTIONS: dict[str, Handler] = {"undo": undo_by_button}
