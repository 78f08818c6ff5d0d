"""Tasks as an answer shows them: with plan, section, agencies, assignments and milestones."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from language.milestones import Milestone
from models.agencies import Agency, TaskAgency
from models.assignments import OPEN, Assignment, match_in_force
from models.milestones import Deadline, TaskMilestone, read_milestone_row
from models.plans import Plan, Role, Section, Task
from models.queries.task_query import DayRange, ids_parameter


@dataclass
class TaskView:
    """One task as an answer shows it; `assignments` come with the name of their agency."""

    task: Task
    plan: Plan
    section: str | None = None
    leads: list[str] = field(default_factory=list)
    partners: list[str] = field(default_factory=list)
    assignments: list[tuple[Assignment, str | None]] = field(default_factory=list)

    def find_next_open(
        self, agency_ids: Iterable[int] | None = None, due: DayRange | None = None
    ) -> Assignment | None:
        """Return the open assignment with the earliest last day (see `find_assignments`).

        If some lie in the days `due` that are asked about, it is the earliest of these.
        """
        return find_first_open(self.find_assignments(agency_ids), due)

    def find_assignments(self, agency_ids: Iterable[int] | None = None) -> list[Assignment]:
        """Return the assignments of `agency_ids`, or all of them if these have none.

        Those of other members of a collective among `agency_ids` count only without own ones.
        """
        chosen = set(agency_ids or ())
        own = [a for a, _ in self.assignments if a.agency_id in chosen]
        own = own or [a for a, _ in self.assignments if a.lead_id in chosen]
        return own or [a for a, _ in self.assignments]

    def find_agency_name(self, assignment: Assignment) -> str | None:
        """Return the name of the agency that is responsible for an assignment."""
        return next((name for a, name in self.assignments if a.id == assignment.id), None)


def find_first_open(
    assignments: Iterable[Assignment], due: DayRange | None = None
) -> Assignment | None:
    """Return the first open one that has a last day, in the days `due` if one lies in them.

    The assignments come in the order of their last days, as those of a view do.
    """
    dated = [a for a in assignments if a.status in OPEN and a.last_day is not None]
    asked = [a for a in dated if due is not None and due.holds(a.last_day)]
    return next(iter(asked or dated), None)


_TASK_IDS = ids_parameter("task_ids")


_SELECT_TASKS = (
    select(Task, Plan, Section.title)
    .join(Plan, col(Plan.id) == Task.plan_id)
    .join(Section, col(Section.id) == Task.section_id, isouter=True)
    .where(col(Task.id).in_(_TASK_IDS))
)


_SELECT_PARTIES = (
    select(TaskAgency.task_id, TaskAgency.role, Agency.name)
    .join(Agency)
    .where(col(TaskAgency.task_id).in_(_TASK_IDS))
    .order_by(col(TaskAgency.position))
)


_SELECT_ASSIGNMENTS = (
    select(Assignment, Agency.name)
    .join(Agency, col(Agency.id) == Assignment.agency_id, isouter=True)
    .where(col(Assignment.task_id).in_(_TASK_IDS), match_in_force())
    .order_by(col(Assignment.last_day), col(Assignment.id))
)


async def load_task_views(session: AsyncSession, task_ids: Sequence[int]) -> list[TaskView]:
    """Return these tasks with all that an answer shows, in the order of `task_ids`.

    Ids that no task has any more are left out.
    """
    if not task_ids:
        return []
    values = {"task_ids": task_ids}
    views = {
        t.id: TaskView(t, plan, section)
        for t, plan, section in await session.exec(_SELECT_TASKS, params=values)
    }
    for task_id, role, name in await session.exec(_SELECT_PARTIES, params=values):
        (views[task_id].leads if role == Role.LEAD else views[task_id].partners).append(name)
    for assignment, agency in await session.exec(_SELECT_ASSIGNMENTS, params=values):
        views[assignment.task_id].assignments.append((assignment, agency))
    return [views[task_id] for task_id in task_ids if task_id in views]


async def load_milestones(session: AsyncSession, task_id: int) -> list[Milestone]:
    """Return the milestones of a task as they were read, in the order printed."""
    found = await session.exec(
        select(TaskMilestone)
        .where(TaskMilestone.task_id == task_id)
        .order_by(col(TaskMilestone.position))
    )
    rows = found.all()
    days = await session.exec(
        select(Deadline)
        .where(col(Deadline.milestone_id).in_([row.id for row in rows]))
        .order_by(col(Deadline.last_day))
    )
    by_milestone: dict[int | None, list[Deadline]] = {}
    for day in days:
        by_milestone.setdefault(day.milestone_id, []).append(day)
    return [read_milestone_row(row, by_milestone.get(row.id, [])) for row in rows]
