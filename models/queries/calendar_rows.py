"""Assignments with a day as a calendar needs them: also those that were cancelled or replaced."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import func
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models.agencies import Agency
from models.assignments import Assignment, Status
from models.plans import Plan, Role, Task
from models.queries.task_query import TaskQuery, bind_values, ids_parameter, limit_to_agencies

DAYS_KEPT = 400  # past events that a calendar still gets, so that it hears of changes


@dataclass(slots=True)
class CalendarRow:
    """One assignment with a last day; `version` counts its changes."""

    assignment_id: int
    plan_identity: str
    plan: str
    key: str
    title: str
    agency: str | None
    last_day: date
    status: str
    ended_on: date | None
    changed_at: datetime
    version: int

    @property
    def is_withdrawn(self) -> bool:
        """Whether nobody has to do it any more: cancelled, or replaced by other assignments."""
        return self.ended_on is not None or self.status == Status.CANCELLED


async def load_calendar_rows(
    session: AsyncSession, query: TaskQuery, most: int
) -> list[CalendarRow]:
    """Return at most `most` assignments of the query's plans and agencies, the newest day first."""
    columns: tuple[Any, ...] = (
        *(Assignment.id, Plan.identity, func.coalesce(Plan.number, Plan.title), Task.key),
        *(Task.title, Agency.name, Assignment.last_day, Assignment.status, Assignment.ended_on),
        *(Assignment.changed_at, Assignment.version),
    )
    statement = (
        select(*columns)
        .select_from(Assignment)
        .join(Task, col(Task.id) == Assignment.task_id)
        .join(Plan, col(Plan.id) == Task.plan_id)
        .join(Agency, col(Agency.id) == Assignment.agency_id, isouter=True)
        .where(col(Assignment.last_day) >= query.today - timedelta(days=DAYS_KEPT))
        .where(*limit_to_agencies(replace(query, role=Role.LEAD), Assignment))
        .order_by(col(Assignment.last_day).desc(), col(Assignment.id))
        .limit(most)
    )
    if query.plans:
        statement = statement.where(col(Assignment.plan_id).in_(ids_parameter("plans")))
    rows = await (await session.connection()).execute(statement, bind_values(query))
    return [CalendarRow(*row) for row in rows]
