"""Keep what a tracker says of a task in the registry: its status, its words, its other times.

Not for what is done: see `done_days`.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from models.assignments import UNFINISHED, Status, cancel_assignments, set_statuses
from models.audit import record_change
from models.plans import Task, TaskState
from plans.format import TaskRow, TaskStatus
from plans.registry.done_days import get_done_form

_FIELDS = ("status", "status_text", "other_times")
_STATUS_BY_STATE: Mapping[str, TaskStatus] = {
    TaskState.CANCELLED: "cancelled",
    TaskState.SUSPENDED: "suspended",
}


def get_given_form(row: TaskRow, before: Mapping[str, Any] | None = None) -> dict[str, Any] | None:
    """Return how a plan file says that a task stands, as JSON values; None if it does not.

    Of a file that says nothing of it, `before` stays: what the last one said.
    """
    form = get_done_form(row)
    tracker = {
        name: value
        for name, value in row.model_dump(mode="json", include=set(_FIELDS)).items()
        if value
    }
    if form is None and not (row.status or row.status_text) and before:
        tracker = {**before.get("tracker", {}), **tracker}
        form = {name: before[name] for name in ("task", "milestones")}
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


class StatusWriter:
    """Brings assignments to the status that a tracker gives, on record.

    `person_id` is who imports it.
    """

    def __init__(
        self, session: AsyncSession, now: datetime, today: date, person_id: int | None
    ) -> None:
        self._session = session
        self._now = now
        self._today = today
        self._person_id = person_id

    async def apply_status(
        self, task: Task, row: TaskRow, given: str | None, *, is_new: bool
    ) -> None:
        """Bring the assignments of a task to the status of `row`, unless it is `given` again.

        `given` is the status of the last tracker: only what it suspended or cancelled goes on. A
        task that `is_new` begins with its status; that is no change.
        """
        if row.status is None or row.status == given:
            return
        if row.status == "cancelled":
            task.cancelled_on = task.cancelled_on or self._today
        elif given == "cancelled":
            task.cancelled_on = task.cancel_reason = None
        self._session.add(task)
        await self._session.flush()
        action = f"import_{row.status}"
        if row.status == "cancelled":
            action = "cancel"
            before = await cancel_assignments(self._session, self._now, task_id=task.id)
        else:
            movable = list(UNFINISHED if row.status == "suspended" else (Status.NEW,))
            movable += [Status(given)] if given in ("suspended", "cancelled") else []
            status = Status(row.status)
            before = await set_statuses(self._session, self._now, movable, status, task_id=task.id)
        if before and not is_new:
            record_change(
                self._session,
                self._now,
                action,
                "task",
                task.id,
                person_id=self._person_id,
                before={"assignments": before},
                after={"key": task.key},
            )
