"""Keep what a tracker says of a task in the registry: its status, its words, its other times.

Not for what is done: see `done_days`.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models.assignments import UNFINISHED, Assignment, Status, cancel_assignments, match_in_force
from models.plans import Task, TaskState
from plans.format import TaskRow, TaskStatus
from plans.registry.done_days import get_done_form

_FIELDS = ("status", "status_text", "other_times")
_STATUS_BY_STATE: Mapping[str, TaskStatus] = {
    TaskState.CANCELLED: "cancelled",
    TaskState.SUSPENDED: "suspended",
}


def get_given_form(row: TaskRow) -> dict[str, Any] | None:
    """Return how a plan file says that a task stands, as JSON values; None if it does not."""
    tracker = {
        name: value
        for name, value in row.model_dump(mode="json", include=set(_FIELDS)).items()
        if value
    }
    form = get_done_form(row)
    if not tracker:
        return form
    return {**(form or {"task": None, "milestones": []}), "tracker": tracker}


def get_given_status(task: Task) -> str | None:
    """Return the status that the last plan file gave."""
    return ((task.done_given or {}).get("tracker") or {}).get("status")


def add_tracker_fields(row: TaskRow, task: Task) -> TaskRow:
    """Return `row` with the tracker's words as given, and the status as it is now."""
    tracker = (task.done_given or {}).get("tracker") or {}
    status = _STATUS_BY_STATE.get(task.state)
    if status is None and task.state == TaskState.UNFINISHED:
        status = "in_progress" if tracker.get("status") == "in_progress" else None
    if not tracker and status is None:
        return row
    given = {name: tracker[name] for name in _FIELDS[1:] if name in tracker}
    return TaskRow.model_validate({**row.model_dump(), **given, "status": status})


async def apply_status(
    session: AsyncSession, task: Task, row: TaskRow, now: datetime, today: date
) -> None:
    """Bring the unfinished assignments of a task to the status that the tracker gives."""
    if row.status == "cancelled":
        task.cancelled_on = task.cancelled_on or today
        session.add(task)
        await session.flush()
        await cancel_assignments(session, now, task_id=task.id)
        return
    statement = select(Assignment).where(Assignment.task_id == task.id, match_in_force())
    suspended = row.status == "suspended"
    movable = UNFINISHED if suspended else (Status.NEW,)
    for assignment in await session.exec(statement.where(col(Assignment.status).in_(movable))):
        assignment.status = Status.SUSPENDED if suspended else Status.IN_PROGRESS
        assignment.changed_at = now
        session.add(assignment)
    await session.flush()
