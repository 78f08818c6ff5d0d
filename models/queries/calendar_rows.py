"""Assignments with a day as a calendar needs them: also those that were cancelled or replaced."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_, true
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models.agencies import Agency
from models.assignments import Assignment, Status
from models.plans import Plan, Task
from models.queries.task_query import TaskQuery, match_days, match_status
from models.queries.work_scope import find_scope

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
    """Return at most `most` assignments that the query means, the newest day first.

    Of what was withdrawn, all that it meant in whatever state.
    """
    scope = await find_scope(session, query, with_withdrawn=True)
    ended = func.coalesce(Assignment.ended_on, Task.cancelled_on)
    columns: tuple[Any, ...] = (
        *(Assignment.id, Plan.identity, func.coalesce(Plan.number, Plan.title), Task.key),
        *(Task.title, Agency.name, Assignment.last_day, Assignment.status, ended),
        *(Assignment.changed_at, Assignment.version),
    )
    statement = (
        select(*columns)
        .select_from(Assignment)
        .join(Task, col(Task.id) == Assignment.task_id)
        .join(Plan, col(Plan.id) == Task.plan_id)
        .join(Agency, col(Agency.id) == Assignment.agency_id, isouter=True)
        .where(col(Assignment.last_day) >= query.today - timedelta(days=DAYS_KEPT))
        .where(*scope.conditions, *match_days(scope.query, Assignment))
        .where(or_(_match_withdrawn(), and_(true(), *match_status(scope.query, Assignment))))
        .order_by(col(Assignment.last_day).desc(), col(Assignment.id))
        .limit(most)
    )
    rows = await (await session.connection()).execute(statement, scope.values)
    return [CalendarRow(*row) for row in rows]


def _match_withdrawn() -> ColumnElement[bool]:
    """Return the condition `CalendarRow.is_withdrawn`."""
    return or_(
        col(Assignment.ended_on).is_not(None),
        col(Task.cancelled_on).is_not(None),
        col(Assignment.status) == Status.CANCELLED,
    )
