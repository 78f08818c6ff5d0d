"""Tasks found by agency, status, time, code, section and words: the query behind every question."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import lru_cache

from sqlalchemy import true
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession
from sqlmodel.sql.expression import Select

from models.agencies import Agency
from models.plans import Task
from models.queries.task_query import (
    TaskQuery,
    _match_links,
    bind_values,
    build_common_conditions,
    is_on_sqlite,
    make_shape,
    match_agencies,
    match_listed_ids,
)
from models.queries.text_search import narrow_task_ids


@dataclass
class TaskPage:
    """The tasks found: ids by name and those through a collective, each soonest first, undated last."""

    own: list[int] = field(default_factory=list)
    shared: list[int] = field(default_factory=list)

    @property
    def all_ids(self) -> list[int]:
        """Both, the own ones first."""
        return [*self.own, *self.shared]


async def find_tasks(session: AsyncSession, wanted: TaskQuery) -> TaskPage:
    """Every task that `wanted` means (questions.md rules 1 to 7)."""
    wanted = await _note_enrolment(session, wanted)
    among = await narrow_task_ids(session, wanted)
    if among is not None and not among:
        return TaskPage()
    statement = _build_listing(
        make_shape(wanted), narrowed=among is not None, sqlite=is_on_sqlite(session)
    )
    found = TaskPage()
    for task_id, by_name in await session.exec(statement, params=bind_values(wanted, among)):
        (found.own if by_name else found.shared).append(task_id or 0)
    return found


async def _note_enrolment(session: AsyncSession, wanted: TaskQuery) -> TaskQuery:
    """`wanted`, told whether none of its agencies is enrolled, where that makes a difference."""
    if not wanted.collectives or (wanted.status is None and wanted.due is None):
        return wanted
    enrolled = select(Agency.id).where(
        col(Agency.id).in_(wanted.agencies or ()), col(Agency.enrolled_on).is_not(None)
    )
    return replace(wanted, not_enrolled=(await session.exec(enrolled.limit(1))).first() is None)


@lru_cache(maxsize=512)
def _build_listing(shape: TaskQuery, *, narrowed: bool, sqlite: bool) -> Select[int | None, bool]:
    """The tasks of this shape, soonest first: id, and whether by the agency's own name or through a collective."""
    conditions = [*build_common_conditions(shape), *match_agencies(shape)]
    if narrowed:
        conditions.append(match_listed_ids(sqlite))
    by_name = (
        _match_links("agencies", shape.role)
        if shape.agencies is not None and shape.collectives
        else true()
    )
    order = (
        col(Task.next_day).is_(None),
        col(Task.next_day),
        col(Task.plan_id),
        col(Task.position),
    )
    return select(col(Task.id), by_name.label("by_name")).where(*conditions).order_by(*order)
