"""What the board shows of assignments: lists by last day, counts by day, who is late how long."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Boolean, ColumnElement, case, func, literal_column, or_
from sqlalchemy import select as select_columns
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models.agencies import Agency, TaskAgency
from models.assignments import OPEN, OPEN_SQL, Assignment, Report, Status, match_in_force
from models.audit import Audit
from models.plans import Plan, Task
from models.queries.figures import match_collective_work
from models.queries.work_scope import match_counted_task

_IS_OPEN: ColumnElement[bool] = literal_column(OPEN_SQL.replace("a.", "assignment."), Boolean())
"""Spelled out, or the databases do not use the index of open assignments."""

_DUE_ORDER = (col(Assignment.last_day), col(Assignment.plan_id), col(Assignment.id))
"""The order of that index."""


@dataclass(frozen=True)
class BoardScope:
    """The plans and agencies whose assignments count; `agencies` None: all.

    `leads`: the agencies that the plan names, so that a collective has what its members do for it.
    """

    plans: tuple[int, ...]
    agencies: tuple[int, ...] | None = None
    leads: tuple[int, ...] = ()


@dataclass(frozen=True)
class DueLine:
    """One assignment in a list of what is due: with its task, plan and agency."""

    task_id: int
    last_day: date
    key: str
    title: str
    plan: str
    agency: str | None


@dataclass(frozen=True)
class DayCount:
    """How many assignments end on one day: open ones, reported ones and done ones."""

    open: int = 0
    reported: int = 0
    done: int = 0

    @property
    def is_zero(self) -> bool:
        """Return whether nothing ends on the day."""
        return not (self.open or self.reported or self.done)


def _match_scope(scope: BoardScope) -> list[ColumnElement[bool]]:
    """Return the conditions for assignments within `scope`, of tasks that figures count.

    The sum keeps SQLite from reading a whole plan for a few days of it.
    """
    conditions = [
        match_in_force(),
        (col(Assignment.plan_id) + 0).in_(scope.plans),
        match_counted_task(),
    ]
    if scope.agencies is not None:
        conditions.append(
            or_(
                col(Assignment.agency_id).in_(scope.agencies),
                col(Assignment.lead_id).in_(scope.leads),
            )
        )
    return conditions


def _match_open(first: date | None, last: date | None) -> list[ColumnElement[bool]]:
    """Return the conditions for open assignments whose last day lies in the days."""
    conditions: list[ColumnElement[bool]] = [_IS_OPEN, col(Assignment.last_day).is_not(None)]
    if first is not None:
        conditions.append(col(Assignment.last_day) >= first)
    if last is not None:
        conditions.append(col(Assignment.last_day) <= last)
    return conditions


async def list_due(
    session: AsyncSession,
    scope: BoardScope,
    first: date | None,
    last: date | None,
    limit: int,
    offset: int = 0,
) -> list[DueLine]:
    """Return open assignments whose last day lies in the days, the earliest first."""
    page = (
        select_columns(col(Assignment.id))
        .where(*_match_scope(scope), *_match_open(first, last))
        .order_by(*_DUE_ORDER)
        .limit(limit)
        .offset(offset)
    )
    columns: tuple[Any, ...] = (
        *(Assignment.task_id, Assignment.last_day, Task.key, Task.title),
        *(func.coalesce(Plan.number, Plan.title), Agency.name),
    )
    statement = (
        select_columns(*columns)
        .select_from(Assignment)
        .join(Task, col(Task.id) == Assignment.task_id)
        .join(Plan, col(Plan.id) == Assignment.plan_id)
        .join(Agency, col(Agency.id) == Assignment.agency_id, isouter=True)
        .where(col(Assignment.id).in_(page))
        .order_by(*_DUE_ORDER)
    )
    rows = await (await session.connection()).execute(statement)
    return [DueLine(*row) for row in rows]


async def count_due(
    session: AsyncSession, scope: BoardScope, first: date | None, last: date | None
) -> int:
    """Return how many open assignments have their last day in the days."""
    found = await session.exec(
        select(func.count(col(Assignment.id))).where(
            *_match_scope(scope), *_match_open(first, last)
        )
    )
    return found.one()


async def find_oldest_late(
    session: AsyncSession, scope: BoardScope, today: date
) -> dict[int | None, date]:
    """Return the earliest last day before `today` of each agency's open assignments, by its id.

    Work that comes through a collective does not count, as in `rank_agencies`.
    """
    rows = await session.exec(
        select(Assignment.agency_id, func.min(col(Assignment.last_day)))
        .join(Agency, col(Agency.id) == Assignment.agency_id, isouter=True)
        .where(
            *_match_scope(scope),
            ~match_collective_work(),
            _IS_OPEN,
            col(Assignment.last_day) < today,
        )
        .group_by(col(Assignment.agency_id))
    )
    return {agency_id: day for agency_id, day in rows if day is not None}


async def count_by_day(
    session: AsyncSession, scope: BoardScope, first: date, last: date
) -> dict[date, DayCount]:
    """Return how many assignments end on each of the days; days without any are left out."""
    sums = [
        func.sum(case((col(Assignment.status).in_(statuses), 1), else_=0))
        for statuses in (OPEN, (Status.REPORTED,), (Status.DONE,))
    ]
    day = col(Assignment.last_day)
    statement = (
        select_columns(day, *sums)
        .where(*_match_scope(scope), day.between(first, last))
        .group_by(day)
    )
    rows = await (await session.connection()).execute(statement)
    return {row[0]: DayCount(*row[1:]) for row in rows}


async def list_parties(session: AsyncSession, task_id: int) -> list[TaskAgency]:
    """Return the agencies that lead a task or take part in it, as printed."""
    found = await session.exec(
        select(TaskAgency)
        .where(TaskAgency.task_id == task_id)
        .order_by(col(TaskAgency.role), col(TaskAgency.position))
    )
    return list(found)


async def list_reports(session: AsyncSession, assignment_ids: Sequence[int]) -> list[Report]:
    """Return the reports of completion of these assignments, the newest first."""
    found = await session.exec(
        select(Report)
        .where(col(Report.assignment_id).in_(assignment_ids))
        .order_by(col(Report.id).desc())
    )
    return list(found)


async def list_changes(
    session: AsyncSession, task_id: int, assignment_ids: Sequence[int], limit: int
) -> list[Audit]:
    """Return what was changed of a task and its assignments, the newest first."""
    found = await session.exec(
        select(Audit)
        .where(
            ((col(Audit.subject) == "task") & (col(Audit.subject_id) == task_id))
            | ((col(Audit.subject) == "assignment") & col(Audit.subject_id).in_(assignment_ids))
        )
        .order_by(col(Audit.id).desc())
        .limit(limit)
    )
    return list(found)


def _match_plan_tasks(scope: BoardScope, section_id: int | None) -> list[ColumnElement[bool]]:
    """Return the conditions for the tasks of the plans, that agencies of the scope have a part in.

    A task outside the table is no row of it; a cancelled one stays in its place.
    """
    conditions: list[ColumnElement[bool]] = [
        col(Task.plan_id).in_(scope.plans),
        col(Task.outside).is_(False),
    ]
    if section_id is not None:
        conditions.append(col(Task.section_id) == section_id)
    if scope.agencies is not None:
        parts = select(TaskAgency.task_id).where(col(TaskAgency.agency_id).in_(scope.agencies))
        conditions.append(col(Task.id).in_(parts))
    return conditions


async def count_plan_tasks(session: AsyncSession, scope: BoardScope, section_id: int | None) -> int:
    """Return how many tasks the plans have, in one section if it is given."""
    found = await session.exec(
        select(func.count(col(Task.id))).where(*_match_plan_tasks(scope, section_id))
    )
    return found.one()


async def list_plan_tasks(
    session: AsyncSession, scope: BoardScope, section_id: int | None, limit: int, offset: int
) -> list[int]:
    """Return the ids of the plans' tasks in the order printed."""
    found = await session.exec(
        select(Task.id)
        .where(*_match_plan_tasks(scope, section_id))
        .order_by(col(Task.plan_id), col(Task.position))
        .limit(limit)
        .offset(offset)
    )
    return list(found)
