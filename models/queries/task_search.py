"""Finds tasks by agency, status, days, code, section and words, a page at a time.

Every question about tasks ends here.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any

from sqlalchemy import func, true
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession
from sqlmodel.sql.expression import Select

from models.agencies import Agency
from models.plans import Task
from models.queries.task_query import (
    TaskQuery,
    bind_values,
    build_common_conditions,
    is_on_sqlite,
    make_shape,
    match_agencies,
    match_links,
    match_listed_ids,
)
from models.queries.text_search import Narrowing, match_terms, narrow_tasks
from models.storage.statements import run_statement


@dataclass
class TaskPage:
    """The tasks that were found: ids by name, and ids through a collective.

    Each list has the soonest first and undated tasks last.
    """

    own: list[int] = field(default_factory=list)
    shared: list[int] = field(default_factory=list)

    @property
    def all_ids(self) -> list[int]:
        """Both, the own ones first."""
        return [*self.own, *self.shared]


async def find_tasks(session: AsyncSession, query: TaskQuery) -> TaskPage:
    """Return every task that `query` means (docs/dev/questions.md rules 1 to 7)."""
    query = await note_enrolment(session, query)
    narrowing = await narrow_tasks(session, query)
    page = TaskPage()
    if narrowing.ids != []:
        statement, values = _prepare_listing(session, query, narrowing)
        for task_id, by_name in await session.exec(statement, params=values):
            (page.own if by_name else page.shared).append(task_id)
    return page


async def find_first_tasks(
    session: AsyncSession, query: TaskQuery, most: int
) -> tuple[list[int], int]:
    """Return the ids of the `most` soonest tasks that `query` means, and how many there are."""
    query = await note_enrolment(session, query)
    narrowing = await narrow_tasks(session, query)
    if narrowing.ids == []:
        return [], 0
    listing, values = _prepare_listing(session, query, narrowing)
    counted = listing.with_only_columns(col(Task.id), func.count().over()).limit(most)
    rows: list[Any] = list(await run_statement(session, counted, values))
    return [task_id for task_id, _ in rows], next((count for _, count in rows), 0)


def _prepare_listing(
    session: AsyncSession, query: TaskQuery, narrowing: Narrowing
) -> tuple[Select[int, bool], dict[str, Any]]:
    """Return the statement for the tasks of a narrowed query, soonest first, and its values."""
    statement = _build_listing(
        make_shape(query),
        by_ids=narrowing.ids is not None,
        by_terms=narrowing.terms is not None,
        sqlite=is_on_sqlite(session),
    )
    return statement, {**bind_values(query, narrowing.ids), "query": narrowing.terms}


async def note_enrolment(session: AsyncSession, query: TaskQuery) -> TaskQuery:
    """Return `query` with `not_enrolled` set, if that makes a difference and may be seen."""
    narrowed = query.status is not None or query.due is not None
    if not query.collectives or not narrowed or query.own_only:
        return query
    enrolled = select(Agency.id).where(
        col(Agency.id).in_(query.agencies or ()), col(Agency.enrolled_on).is_not(None)
    )
    is_enrolled = (await session.exec(select(enrolled.exists()))).one()
    return replace(query, not_enrolled=not is_enrolled)


@lru_cache(maxsize=512)
def _build_listing(
    shape: TaskQuery, *, by_ids: bool, by_terms: bool, sqlite: bool
) -> Select[int, bool]:
    """Return the statement for queries of this shape, soonest first.

    Its columns are the id, and whether the task is the agency's by name (not through a collective).
    """
    conditions = [*build_common_conditions(shape), *match_agencies(shape)]
    if by_ids:
        conditions.append(match_listed_ids(sqlite))
    if by_terms:
        conditions.append(match_terms(sqlite=sqlite))
    by_name = match_links("agencies", shape.role) if shape.collectives else true()
    order = (
        col(Task.next_day).is_(None),
        col(Task.next_day),
        col(Task.plan_id),
        col(Task.position),
    )
    return select(col(Task.id), by_name.label("by_name")).where(*conditions).order_by(*order)
