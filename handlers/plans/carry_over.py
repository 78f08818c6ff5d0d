"""Carrying over: the unfinished tasks of a closed plan become tasks of another plan."""

from __future__ import annotations

from collections.abc import Sequence

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from handlers.conversation import words
from handlers.conversation.request import Request
from handlers.tasks.store import find_free_key, find_next_position
from models.assignments import (
    UNFINISHED,
    Assignment,
    Status,
    match_in_force,
    refresh_tasks,
)
from models.milestones import Deadline
from models.plans import Plan, Task
from plans.format import MilestoneRow, TaskRow
from plans.registry.export import export_plan
from plans.registry.writer import PlanWriter


async def carry_over(
    session: AsyncSession, request: Request, plan: Plan, target: Plan
) -> list[str]:
    """Add the unfinished tasks of `plan` to `target`; return their new keys.

    Each keeps only its unfinished deadlines.
    """
    rows = {row.key: row for row in (await export_plan(session, plan.id)).tasks}
    unfinished = await _list_unfinished_tasks(session, plan.id)
    directory = (await request.app.load_registry_names(session)).directory
    writer = PlanWriter(session, directory, request.now, request.today, request.sender.person_id)
    keys = []
    for task, assignments in unfinished:
        if task.key not in rows:
            continue
        key = await find_free_key(session, target.id, words.get_word("task", "carried_key"))
        row = _keep_unfinished_deadlines(rows[task.key], assignments)
        row = row.model_copy(update={"key": key})
        position = await find_next_position(session, target)
        task_id = await writer.add_task(target.id, row, position)
        await _copy_status(session, task_id, assignments)
        keys.append(key)
    return keys


async def _list_unfinished_tasks(
    session: AsyncSession, plan_id: int
) -> list[tuple[Task, list[tuple[Assignment, Deadline]]]]:
    """Return the tasks with unfinished assignments, and these; in the order printed."""
    rows = await session.exec(
        select(Task, Assignment, Deadline)
        .join(Assignment, col(Assignment.task_id) == Task.id)
        .join(Deadline, col(Deadline.id) == Assignment.deadline_id)
        .where(
            Task.plan_id == plan_id,
            match_in_force(),
            col(Assignment.status).in_([*UNFINISHED, Status.SUSPENDED]),
            col(Task.cancelled_on).is_(None),
        )
        .order_by(col(Task.position), col(Assignment.id))
    )
    by_task: dict[int, tuple[Task, list[tuple[Assignment, Deadline]]]] = {}
    for task, assignment, deadline in rows:
        by_task.setdefault(task.id, (task, []))[1].append((assignment, deadline))
    return list(by_task.values())


def _keep_unfinished_deadlines(
    row: TaskRow, assignments: Sequence[tuple[Assignment, Deadline]]
) -> TaskRow:
    """Return the task with only those deadlines that somebody has not finished."""
    days = {deadline.last_day for _, deadline in assignments}
    milestones = []
    for milestone in row.milestones:
        if not milestone.deadlines:
            milestones.append(milestone)
        elif set(milestone.deadlines) & days:
            last = tuple(d for d in milestone.last_days if d in days)
            milestones.append(milestone.model_copy(update={"last_days": last}))
    undone = [MilestoneRow(**{**m.model_dump(), "done_on": None}) for m in milestones]
    return row.model_copy(update={"milestones": undone, "done_on": None})


async def _copy_status(
    session: AsyncSession, task_id: int, assignments: Sequence[tuple[Assignment, Deadline]]
) -> None:
    """Give the new assignments the status of the old ones, and the time that was granted."""
    old = {(a.agency_id, d.last_day): a for a, d in assignments}
    new_rows = await session.exec(
        select(Assignment, Deadline)
        .join(Deadline, col(Deadline.id) == Assignment.deadline_id)
        .where(Assignment.task_id == task_id, match_in_force())
    )
    for assignment, deadline in list(new_rows):
        before = old.get((assignment.agency_id, deadline.last_day))
        if before is not None:
            assignment.status, assignment.last_day = before.status, before.last_day
            assignment.note, assignment.done_on = before.note, before.done_on
            session.add(assignment)
    await session.flush()
    await refresh_tasks(session, [task_id])
