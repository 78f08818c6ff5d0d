"""Undo for ten minutes: the sender's own last change is taken back, unless somebody changed the same thing since."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import date, timedelta
from typing import Any

from sqlmodel import col, or_, select, update
from sqlmodel.ext.asyncio.session import AsyncSession

from handlers.conversation import cases
from handlers.conversation.notify import tell
from handlers.conversation.rights import Action
from handlers.conversation.turn import Handler, Turn
from locales.answer import Answer, Button, answer, say
from locales.phrases import shortened
from models.assignments import (
    Assignment,
    Move,
    MoveRefused,
    cancel_all,
    put_back,
    refresh,
    restore_all,
)
from models.audit import Audit, record
from models.chats import Chat
from models.milestones import Deadline
from models.notices import MESSAGE, Notice, NoticeStatus
from models.plans import Task
from plans.format import TaskRow
from plans.registry.writer import Writer, task_row

LASTS = timedelta(minutes=10)
UNDONE = frozenset({"undo", "undo_add", "undo_cancel"})
"""What the audit calls a change that was taken back."""

_GONE = "button-out-of-date"

Taker = Callable[[AsyncSession, Turn, Audit], Awaitable[Answer]]


class TooLate(Exception):
    """Something changed since; what was done cannot be taken back any more."""


def button(audit: Audit) -> Button:
    """The button that takes back what `audit` (flushed) tells."""
    return Button(say("button-undo"), f"undo:{audit.id}")


def told_token(audit: Audit, *more: str) -> str:
    """The token of the messages that tell others of the task's change in `audit` (flushed); `more` tells two apart."""
    return ":".join((f"task:{audit.subject_id}:{audit.id}", *more))


async def last(turn: Turn) -> Answer:
    """`/hoantac`: takes back the sender's last change that can be."""
    async with turn.write() as session:
        row = (
            await session.exec(
                select(Audit)
                .where(
                    Audit.person_id == turn.who.person_id,
                    col(Audit.action).in_(list(TAKERS)),
                    col(Audit.at) > turn.now - LASTS,
                )
                .order_by(col(Audit.id).desc())
                .limit(1)
            )
        ).first()
        if row is None or turn.who.person_id is None:
            return answer(say("undo-nothing"))
        return await _take_back(session, turn, row)


async def pressed(turn: Turn) -> Answer:
    """The button "Hoàn tác" or "Rút lại"."""
    number = cases.number(turn.args)
    async with turn.write() as session:
        row = await session.get(Audit, number) if number is not None else None
        if row is None or row.person_id is None or row.person_id != turn.who.person_id or row.action not in TAKERS:
            return answer(toast=say(_GONE))
        return await _take_back(session, turn, row)


async def _take_back(session: AsyncSession, turn: Turn, row: Audit) -> Answer:
    if turn.now - row.at > LASTS:
        return answer(say("undo-late"))
    if row.subject == "task":
        await session.get(Task, row.subject_id, with_for_update=True)
    statement = (
        select(Audit)
        .where(Audit.subject == row.subject, Audit.subject_id == row.subject_id, col(Audit.id) > row.id)
        .order_by(col(Audit.id))
        .limit(1)
    )
    later = (await session.exec(statement)).first()
    if later is not None:
        own = later.action in UNDONE and later.person_id == turn.who.person_id
        return answer(say("undo-already" if own else "undo-changed"))
    try:
        return await TAKERS[row.action](session, turn, row)
    except (TooLate, MoveRefused):
        return answer(say("undo-changed"))


# --- an assignment ---------------------------------------------------------------------------------------------------


async def _move(session: AsyncSession, turn: Turn, row: Audit) -> Answer:
    """An assignment stands again as before; its report is withdrawn.

    Closing a plan or cancelling a task changes its assignments under the plan's or the task's own row of the audit.
    """
    case = await cases.find(session, row.subject_id)
    if case is None or case.assignment.status != (row.after or {}).get("status"):
        raise TooLate
    refused = cases.refusal(case, turn, Action.REPORT)
    if refused is not None:
        return refused
    await put_back(session, case.assignment, row.before or {}, now=turn.now, person_id=turn.who.person_id)
    if row.action in (Move.REPORT, Move.FINISH):
        await _withdraw(session, turn, case)
    return answer(say("undo-done-status"), *case.lines(turn), replace=True)


async def _withdraw(session: AsyncSession, turn: Turn, case: cases.Case) -> None:
    """The report is withdrawn; who was told of it already is told of that too."""
    report = await cases.last_report(session, case.id)
    if report is None or report.decision is not None:
        return
    report.decision, report.decided_by, report.decided_at = "withdrawn", turn.who.person_id, turn.now
    session.add(report)
    record(
        session, turn.now, "report_withdrawn", "report", report.id, person_id=turn.who.person_id,
        before={"decision": None}, after={"decision": "withdrawn"},
    )  # fmt: skip
    for kind, people in (
        ("report", await cases.supervisors(session, case.plan, turn)),
        ("finished", await cases.agency_people(session, case, turn)),
    ):
        if await _heard(session, turn, f"{kind}:{report.id}"):
            message = answer(say("told-withdrawn", name=turn.who.name, agency=case.who()), *case.lines(turn))
            await tell(session, turn, people, message, token=f"withdrawn:{report.id}")


async def _heard(session: AsyncSession, turn: Turn, token: str) -> list[int]:
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


async def _tell_back(session: AsyncSession, turn: Turn, row: Audit, task: Task, message: str) -> None:
    """Who was told of a task's change hears that it was taken back."""
    people = await _heard(session, turn, told_token(row))
    if not people:
        return
    named = say("case-task", key=task.key, title=shortened(task.title, cases.TITLE))
    case = cases.next_of(await cases.of_task(session, task.id or 0))
    due = [say("case-due", when=case.due(turn))] if case is not None else []
    button = Button(say("button-show"), f"show:{task.id}")
    said = answer(say(message, name=turn.who.name), named, *due, buttons=[[button]])
    await tell(session, turn, people, said, token=f"back:{row.id}")


# --- a task ----------------------------------------------------------------------------------------------------------


async def snapshot(session: AsyncSession, task: Task) -> dict[str, Any]:
    """A task as it stands, with its assignments that count, as JSON values for the audit."""
    rows = await session.exec(
        select(Assignment, col(Deadline.last_day))
        .join(Deadline, col(Deadline.id) == Assignment.deadline_id)
        .where(Assignment.task_id == task.id, col(Assignment.ended_on).is_(None))
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
    return {"row": (await task_row(session, task)).model_dump(mode="json"), "assignments": held}


async def _added(session: AsyncSession, turn: Turn, row: Audit) -> Answer:
    """An added task is cancelled; it stays on record."""
    task = await session.get(Task, row.subject_id)
    if task is None or task.cancelled_on is not None or await _word_since(session, task.id or 0, row):
        raise TooLate
    task.cancelled_on, task.cancel_reason = turn.today, None
    session.add(task)
    await session.flush()
    before = await cancel_all(session, turn.now, task_id=task.id)
    record(
        session, turn.now, "undo_add", "task", task.id, person_id=turn.who.person_id,
        before={"cancelled_on": None, "assignments": before}, after={"cancelled_on": turn.today.isoformat()},
    )  # fmt: skip
    await _tell_back(session, turn, row, task, "told-task-add-undone")
    return answer(say("undo-done-added", key=task.key, title=shortened(task.title, cases.TITLE)), replace=True)


async def _word_since(session: AsyncSession, task_id: int, row: Audit) -> bool:
    """Whether an assignment of the task was changed after `row`."""
    ids = select(Assignment.id).where(Assignment.task_id == task_id)
    later = await session.exec(
        select(Audit.id)
        .where(Audit.subject == "assignment", col(Audit.subject_id).in_(ids), col(Audit.id) > row.id)
        .limit(1)
    )
    return later.first() is not None


async def _rewritten(session: AsyncSession, turn: Turn, row: Audit) -> Answer:
    """A changed or given task is as before, with the assignments it had."""
    task = await session.get(Task, row.subject_id)
    if task is None or row.before is None or await _word_since(session, task.id or 0, row):
        raise TooLate
    now = (await task_row(session, task)).model_dump(mode="json")
    if row.after is None or now != row.after["row"]:
        raise TooLate
    directory = (await turn.house.scene(session)).directory
    writer = Writer(session, directory, turn.now, turn.today, turn.who.person_id)
    await writer.change_task(task, TaskRow.model_validate(row.before["row"]))
    await _as_before(session, task.id or 0, row.before["assignments"])
    record(
        session, turn.now, "undo", "task", task.id, person_id=turn.who.person_id,
        before={"row": now}, after={"row": row.before["row"]},
    )  # fmt: skip
    await _tell_back(session, turn, row, task, "told-task-undone")
    return answer(say("undo-done-changed", key=task.key, title=shortened(task.title, cases.TITLE)), replace=True)


async def _as_before(session: AsyncSession, task_id: int, held: list[dict[str, Any]]) -> None:
    """Lets the assignments that the change ended go on in place of the new ones, with their reports and days."""
    rows = await session.exec(
        select(Assignment, col(Deadline.last_day))
        .join(Deadline, col(Deadline.id) == Assignment.deadline_id)
        .where(Assignment.task_id == task_id, col(Assignment.ended_on).is_(None))
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
    await refresh(session, [task_id])


async def _cancelled(session: AsyncSession, turn: Turn, row: Audit) -> Answer:
    """A cancelled task is taken up again, its assignments as they were."""
    task = await session.get(Task, row.subject_id)
    if task is None or task.cancelled_on is None:
        raise TooLate
    task.cancelled_on, task.cancel_reason = None, None
    session.add(task)
    await session.flush()
    held = (row.before or {}).get("assignments", {})
    await restore_all(session, held, turn.now)
    await refresh(session, [task.id or 0])
    record(
        session, turn.now, "undo_cancel", "task", task.id, person_id=turn.who.person_id,
        before={"cancelled_on": (row.after or {}).get("cancelled_on")},
        after={"cancelled_on": None, "assignments": held},
    )  # fmt: skip
    await _tell_back(session, turn, row, task, "told-task-undone")
    return answer(say("undo-done-changed", key=task.key, title=shortened(task.title, cases.TITLE)), replace=True)


TAKERS: dict[str, Taker] = {
    Move.RECEIVE: _move,
    Move.PROGRESS: _move,
    Move.REPORT: _move,
    Move.FINISH: _move,
    "add_task": _added,
    "change_task": _rewritten,
    "cancel_task": _cancelled,
}
"""What can be taken back, by the action's name in the audit."""

COMMANDS: dict[str, Handler] = {"hoantac": last}
ACTIONS: dict[str, Handler] = {"undo": pressed}
