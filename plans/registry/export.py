"""Turn plans and tasks of the registry into the plan format."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models.agencies import Agency, TaskAgency
from models.assignments import (
    Assignment,
    Status,
    match_in_force,
)
from models.milestones import Deadline, TaskMilestone, read_milestone_row
from models.plans import Plan, Role, Section, Task
from plans.format import ConflictRow, MilestoneRow, PlanFile, PlanHead, PlanMilestoneRow, TaskRow
from plans.registry import done_days
from plans.registry.trackers import add_tracker_fields


async def export_plan(session: AsyncSession, plan_id: int) -> PlanFile:
    """Return a plan in the plan format. Raises KeyError if there is no plan with this id."""
    plan = await session.get(Plan, plan_id)
    if plan is None:
        raise KeyError(plan_id)
    order = (col(Task.position), col(Task.id))
    statement = select(Task).where(Task.plan_id == plan_id).order_by(*order)
    tasks = (await session.exec(statement)).all()
    parts = await _load_task_parts(session, plan_id)
    rows = [(task, _make_task_row(task, parts)) for task in tasks]
    return PlanFile(
        plan=PlanHead(**{name: getattr(plan, name) for name in PlanHead.model_fields}),
        tasks=[row for task, row in rows if not task.outside],
        plan_milestones=[
            PlanMilestoneRow(
                lead=row.lead,
                partners=row.partners,
                title=row.title,
                milestone=row.milestones[0],
                doubt=row.doubt,
            )
            for task, row in rows
            if task.outside
        ],
    )


async def export_task(session: AsyncSession, task: Task) -> TaskRow:
    """Return one task of the registry in the plan format."""
    return _make_task_row(task, await _load_task_parts(session, task.plan_id))


@dataclass
class _StoredTaskParts:
    """The rows of a plan that its tasks are made of, by task id (sections by their own id)."""

    sections: dict[int, str]
    links: dict[int, list[tuple[str, str]]]  # role, agency name
    milestones: dict[int, list[TaskMilestone]]
    deadlines: dict[int, list[Deadline]]
    assignments: dict[int, list[tuple[Assignment, str | None]]]


async def _load_task_parts(session: AsyncSession, plan_id: int) -> _StoredTaskParts:
    """Load the rows of a plan that its tasks are made of."""
    parts = _StoredTaskParts({}, {}, {}, {}, {})
    for section in await session.exec(select(Section).where(Section.plan_id == plan_id)):
        parts.sections[section.id] = section.title
    links = (
        select(TaskAgency, Agency.name)
        .join(Agency)
        .join(Task, col(Task.id) == TaskAgency.task_id)
        .where(Task.plan_id == plan_id)
        .order_by(col(TaskAgency.position))
    )
    for link, name in await session.exec(links):
        parts.links.setdefault(link.task_id, []).append((link.role, name))
    milestones = (
        select(TaskMilestone)
        .join(Task)
        .where(Task.plan_id == plan_id)
        .order_by(col(TaskMilestone.position))
    )
    for milestone in await session.exec(milestones):
        parts.milestones.setdefault(milestone.task_id, []).append(milestone)
    dated = (
        select(Deadline).join(Task).where(Task.plan_id == plan_id).order_by(col(Deadline.last_day))
    )
    for deadline in await session.exec(dated):
        parts.deadlines.setdefault(deadline.task_id, []).append(deadline)
    assigned = (
        select(Assignment, Agency.name)
        .join(Agency, isouter=True, onclause=col(Agency.id) == Assignment.agency_id)
        .where(Assignment.plan_id == plan_id, match_in_force())
        .order_by(col(Assignment.id))
    )
    for assignment, name in await session.exec(assigned):
        parts.assignments.setdefault(assignment.task_id, []).append((assignment, name))
    return parts


def _make_task_row(task: Task, parts: _StoredTaskParts) -> TaskRow:
    """Return a task with its agencies, milestones and done days."""
    task_id = task.id
    links = parts.links.get(task_id, [])
    days = parts.deadlines.get(task_id, [])
    milestones = parts.milestones.get(task_id, [])
    row = TaskRow(
        key=task.key,
        section=parts.sections.get(task.section_id or 0),
        title=task.title,
        code=task.code,
        lead=[name for role, name in links if role == Role.LEAD],
        partners=[name for role, name in links if role == Role.PARTNER],
        deliverables=task.deliverables,
        requirement=task.requirement,
        deadline_text=task.deadline_text,
        milestones=[_make_milestone_row(milestone, days) for milestone in milestones],
        doubt=task.doubt,
        conflict=ConflictRow.model_validate(task.conflict) if task.conflict else None,
    )
    row = _add_done_days(task, row, days, milestones, parts.assignments.get(task_id, []))
    return add_tracker_fields(row, task)


def _make_milestone_row(milestone: TaskMilestone, deadlines: list[Deadline]) -> MilestoneRow:
    """Return a milestone with those of the task's `deadlines` that are its own."""
    own = [deadline for deadline in deadlines if deadline.milestone_id == milestone.id]
    return MilestoneRow.from_milestone(read_milestone_row(milestone, own))


def _add_done_days(
    task: Task,
    row: TaskRow,
    days: Sequence[Deadline],
    milestones: Sequence[TaskMilestone],
    assignments: Sequence[tuple[Assignment, str | None]],
) -> TaskRow:
    """Return `row` with the days on which its assignments were done.

    They have the form in which the last import gave them, if it still says the same.
    """
    places = {m.id: place for place, m in enumerate(milestones)}
    by_id = {d.id: d for d in days}
    agencies = list(dict.fromkeys(name for _, name in assignments))
    done: dict[done_days.Piece, date] = {}
    for assignment, name in assignments:
        if assignment.status == Status.DONE and assignment.done_on is not None:
            deadline = by_id[assignment.deadline_id]
            place = None if deadline.milestone_id is None else places[deadline.milestone_id]
            done[place, deadline.last_day, name] = assignment.done_on
    if not done:
        return row
    if task.done_given:
        as_given = done_days.apply_done_form(row, task.done_given)
        if done_days.read_done_days(as_given, agencies) == done:
            return as_given
    return done_days.set_done_days(row, agencies, done)
