"""Assignments of a task: written anew from its row, with what people did on the old ones kept.

Not for single moves of an assignment (received, done, extended): see `models.assignments`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel import col, delete, select, update
from sqlmodel.ext.asyncio.session import AsyncSession

from models.agencies import Agency
from models.assignments import Assignment, Status, find_responsible_agencies, match_in_force
from models.milestones import Deadline, TaskMilestone, make_milestone_row
from models.plans import Task
from plans.format import TaskRow
from plans.registry import done_days


@dataclass
class _OldSchedule:
    """What a task had before it is written anew."""

    assignments: list[Assignment]  # in force, not taken over yet
    deadlines: dict[int | None, Deadline]  # by id
    places: dict[int | None, int]  # of its milestones, by id


class AssignmentWriter:
    """Writes milestones, deadlines and assignments within the running transaction of `session`.

    `today` is the day on which assignments are made or end, `now` the moment of their change.
    """

    def __init__(self, session: AsyncSession, now: datetime, today: date) -> None:
        self._session = session
        self._now = now
        self._today = today
        self._responsible: dict[tuple[int | None, ...], list[tuple[int | None, int | None]]] = {}

    async def write_assignments(
        self,
        task: Task,
        row: TaskRow,
        leads: Sequence[Agency],
        names: Mapping[int | None, str],
        *,
        past_done: bool,
    ) -> None:
        """Write milestones, deadlines and assignments of `task` as `row` has them.

        An old assignment of the same agency goes on, with its status and reports; others end.
        `names` are the agencies' names by id. With `past_done`, new work whose last day is before
        today is done on its last day.
        """
        old = await self._load_old_schedule(task)
        pairs = await self._find_responsible(leads)
        agencies = [None if agency_id is None else names[agency_id] for agency_id, _ in pairs]
        done = done_days.read_done_days(row, agencies)
        deadlines = await self._write_deadlines(task.id, row)
        for place, deadline in deadlines:
            for (agency_id, lead_id), name in zip(pairs, agencies, strict=True):
                old_one = _take_assignment(old, agency_id, deadline, place)
                assignment = old_one or Assignment(
                    plan_id=task.plan_id,
                    task_id=task.id,
                    deadline_id=deadline.id,
                    agency_id=agency_id,
                    made_on=self._today,
                    changed_at=self._now,
                )
                _tie_to_deadline(assignment, deadline, old)
                assignment.lead_id = lead_id
                day = done.get((place, deadline.last_day, name))
                if day is None and past_done and old_one is None:
                    day = self._find_past_day(deadline)
                if day is not None and assignment.status != Status.DONE:
                    assignment.status, assignment.done_on = Status.DONE, day
                    assignment.changed_at = self._now
                self._session.add(assignment)
        for assignment in old.assignments:
            assignment.ended_on = self._today
            self._session.add(assignment)
        await self._session.flush()
        await self._delete_old_schedule(old, deadlines[0][1])

    def _find_past_day(self, deadline: Deadline) -> date | None:
        """Return the last day of a deadline before today, None for any other deadline."""
        last_day = deadline.last_day
        return last_day if last_day is not None and last_day < self._today else None

    async def _load_old_schedule(self, task: Task) -> _OldSchedule:
        session = self._session
        in_force = select(Assignment).where(Assignment.task_id == task.id, match_in_force())
        deadlines = select(Deadline).where(Deadline.task_id == task.id)
        milestones = select(TaskMilestone).where(TaskMilestone.task_id == task.id)
        return _OldSchedule(
            assignments=list(await session.exec(in_force)),
            deadlines={deadline.id: deadline for deadline in await session.exec(deadlines)},
            places={row.id: row.position for row in await session.exec(milestones)},
        )

    async def _delete_old_schedule(self, old: _OldSchedule, deadline: Deadline) -> None:
        """Delete the old deadlines and milestones.

        Assignments that ended, now or before, stay on record with their reports. They are tied to
        `deadline`, since they would be deleted together with their own.
        """
        if old.deadlines:
            await self._session.exec(
                update(Assignment)
                .where(col(Assignment.deadline_id).in_(list(old.deadlines)))
                .values(deadline_id=deadline.id)
                .execution_options(synchronize_session=False)
            )
            await self._session.exec(
                delete(Deadline).where(col(Deadline.id).in_(list(old.deadlines)))
            )
        if old.places:
            milestones = delete(TaskMilestone).where(col(TaskMilestone.id).in_(list(old.places)))
            await self._session.exec(milestones)

    async def _find_responsible(
        self, leads: Sequence[Agency]
    ) -> list[tuple[int | None, int | None]]:
        """Return who is responsible under `leads`: pairs of agency id and lead id."""
        key = tuple(lead.id for lead in leads)
        if key not in self._responsible:
            self._responsible[key] = await find_responsible_agencies(self._session, leads)
        return self._responsible[key]

    async def _write_deadlines(
        self, task_id: int, row: TaskRow
    ) -> list[tuple[int | None, Deadline]]:
        """Write milestones and deadlines; return each deadline with its milestone's place.

        There is always at least one deadline: a task without milestones has one without a day.
        """
        deadlines: list[tuple[int | None, Deadline]] = []
        for place, milestone in enumerate(row.milestones):
            stored = make_milestone_row(milestone, task_id, place)
            self._session.add(stored)
            await self._session.flush()
            if not milestone.deadlines:
                deadlines.append((place, Deadline(task_id=task_id, milestone_id=stored.id)))
            for day in milestone.deadlines:
                deadline = Deadline(
                    task_id=task_id,
                    milestone_id=stored.id,
                    first_day=milestone.first_day if milestone.kind == "period" else None,
                    last_day=day,
                    printed_day=milestone.printed_day
                    or (day if milestone.kind == "recurring" else None),
                )
                deadlines.append((place, deadline))
        if not row.milestones:
            deadlines.append((None, Deadline(task_id=task_id)))
        self._session.add_all([deadline for _, deadline in deadlines])
        await self._session.flush()
        return deadlines


def _take_assignment(
    old: _OldSchedule, agency_id: int | None, deadline: Deadline, place: int | None
) -> Assignment | None:
    """Take out of `old` the assignment that goes on as the one for `deadline`, if there is one.

    The same agency and last day come first; else the agency's only one of the milestone at the
    same place, whose day the document moved.
    """
    own = [one for one in old.assignments if one.agency_id == agency_id]
    same = [one for one in own if old.deadlines[one.deadline_id].last_day == deadline.last_day]
    if not same:
        same = [
            one
            for one in own
            if old.places.get(old.deadlines[one.deadline_id].milestone_id) == place
        ]
        same = same if len(same) == 1 else []
    if not same:
        return None
    old.assignments.remove(same[0])
    return same[0]


def _tie_to_deadline(assignment: Assignment, deadline: Deadline, old: _OldSchedule) -> None:
    """Tie an assignment to its deadline; an extension beyond the new last day stays in force."""
    before = old.deadlines.get(assignment.deadline_id)
    day, new_day = assignment.last_day, deadline.last_day
    is_extended = (
        before is not None
        and before.last_day is not None
        and day is not None
        and day > before.last_day
    )
    if not (is_extended and new_day is not None and day is not None and day > new_day):
        assignment.version += assignment.id is not None and day != new_day
        assignment.last_day = new_day
    assignment.first_day = deadline.first_day
    assignment.deadline_id = deadline.id
