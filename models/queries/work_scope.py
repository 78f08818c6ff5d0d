"""Which assignments a query means: the one scope of tables, figures, past days and calendars."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import ColumnElement, distinct, func, or_
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models.assignments import Assignment, match_in_force
from models.plans import Role, Task, TaskState
from models.queries.task_query import (
    TaskQuery,
    bind_values,
    build_common_conditions,
    ids_parameter,
    is_on_sqlite,
    limit_to_agencies,
    match_agencies,
    match_listed_ids,
)
from models.queries.task_search import note_enrolment
from models.queries.text_search import narrow_task_ids


@dataclass(frozen=True)
class WorkScope:
    """What of the assignments a query means, but for its state and its days.

    - `query` is the query as it counts: with what is known of enrolment.
    - `conditions` are on assignments, and on their tasks if `reads_tasks`; `values` are bound.
    """

    query: TaskQuery
    conditions: tuple[ColumnElement[bool], ...]
    values: dict[str, Any]
    reads_tasks: bool


async def find_scope(
    session: AsyncSession, query: TaskQuery, *, with_withdrawn: bool = False
) -> WorkScope:
    """Return the scope of `query`.

    State and days are for `match_status` and `match_days`, or for past states; only "done" looks at
    the task as a whole here, as lists do. With `with_withdrawn` tasks that were cancelled count.
    """
    query = await note_enrolment(session, query)
    among = await narrow_task_ids(session, query)
    if among is not None and with_withdrawn:
        among = [*among, *await _find_cancelled(session, query)]
    agencies = _match_responsible(query)
    whole = _is_about_whole_plans(query) and not with_withdrawn
    conditions = _match_plans(query) if whole else _match_tasks(query, with_withdrawn)
    if among is not None:
        conditions.append(match_listed_ids(is_on_sqlite(session)))
    return WorkScope(query, (*conditions, *agencies), bind_values(query, among), not whole)


async def _find_cancelled(session: AsyncSession, query: TaskQuery) -> Sequence[int]:
    """Return the ids of cancelled tasks that code and words would narrow the query to."""
    everything = replace(query, cancelled=True, status=None, due=None, done_in=None)
    among = await narrow_task_ids(session, everything)
    statement = select(Task.id).where(
        match_listed_ids(is_on_sqlite(session)), Task.state == TaskState.CANCELLED
    )
    return (await session.exec(statement, params={"among": json.dumps(among)})).all()


async def count_tasks_with_work(
    session: AsyncSession, query: TaskQuery, tasks: Sequence[int]
) -> int:
    """Return how many of `tasks` have an assignment that `query` means, in whatever state."""
    scope = await find_scope(session, query)
    statement = (
        select(func.count(distinct(col(Assignment.task_id))))
        .join(Task, col(Task.id) == Assignment.task_id)
        .where(match_in_force(), *scope.conditions, col(Assignment.task_id).in_(tasks))
    )
    count: int = (await (await session.connection()).execute(statement, scope.values)).scalar_one()
    return count


def _match_responsible(query: TaskQuery) -> list[ColumnElement[bool]]:
    """Return the conditions for the work of the query's agencies.

    What they lead is told by the assignments; other parts are told by the tasks.
    """
    limits = limit_to_agencies(query, Assignment)
    if query.role == Role.LEAD:
        return limits
    return [*match_agencies(query), *limits]


def _match_plans(query: TaskQuery) -> list[ColumnElement[bool]]:
    """Return the conditions for all work of the query's plans; no task need be read for them."""
    conditions = [match_counted_task()]
    if query.plans:
        conditions.append(col(Assignment.plan_id).in_(ids_parameter("plans")))
    return conditions


def _match_tasks(query: TaskQuery, with_withdrawn: bool) -> list[ColumnElement[bool]]:
    """Return the conditions for the tasks that the query narrows its plans to."""
    done = query.status == "done" and query.due is None and query.done_in is None
    asked = query if done else replace(query, status=None, due=None)
    conditions = build_common_conditions(replace(asked, cancelled=True))
    if not with_withdrawn:  # not even if a code names one
        conditions.append(col(Task.state) != TaskState.CANCELLED)
    return conditions


def _is_about_whole_plans(query: TaskQuery) -> bool:
    """Return whether nothing narrows the tasks of the plans: then none of them need be read."""
    whole = TaskQuery(
        query.today,
        plans=query.plans,
        agencies=query.agencies,
        collectives=query.collectives,
        status=query.status,
        due=query.due,
        done_in=query.done_in,
        not_enrolled=query.not_enrolled,
        own_only=query.own_only,
    )
    return query == whole and query.status != "done"


def match_counted_task() -> ColumnElement[bool]:
    """Return the condition that an assignment is of a task that figures count.

    Few are not, so these are looked up, not the others.
    """
    left_out = select(Task.id).where(
        or_(col(Task.outside).is_(True), col(Task.state) == TaskState.CANCELLED)
    )
    return col(Assignment.task_id).not_in(left_out)
