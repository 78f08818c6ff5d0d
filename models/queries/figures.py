"""Figures about tasks: how many assignments are in time, late, done or undated."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, and_, case, exists, func, or_, text
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models.agencies import Agency
from models.assignments import OPEN, UNFINISHED, Assignment, Extension, Status, match_in_force
from models.milestones import Deadline, TaskMilestone
from models.plans import Task
from models.queries.task_query import (
    TaskQuery,
    bind_values,
    build_common_conditions,
    day_parameter,
    is_on_sqlite,
    match_agencies,
    match_days,
    match_listed_ids,
    match_status,
)
from models.queries.text_search import narrow_task_ids
from models.queries.work_scope import find_scope


@dataclass
class Figures:
    """Counts of assignments in the four classes of government reporting.

    Those without a date are counted apart (docs/dev/reminders.md rule 3). Those that wait for
    confirmation (`reported`) or for more time (`extension_asked`) are among the open ones.
    """

    done_in_time: int = 0
    done_late: int = 0
    open_in_time: int = 0
    open_late: int = 0
    undated: int = 0
    undated_done: int = 0
    unread: int = 0  # of those without a date and not done: the deadline was not understood
    reported: int = 0
    extension_asked: int = 0

    @property
    def dated_total(self) -> int:
        """The number with a date."""
        return self.done_in_time + self.done_late + self.open_in_time + self.open_late

    @property
    def undated_total(self) -> int:
        """The number without a date, done or not."""
        return self.undated + self.undated_done

    @property
    def done_total(self) -> int:
        """The number with a date that are done."""
        return self.done_in_time + self.done_late

    @property
    def percent_done(self) -> int:
        """The share that is done of what has a date, in percent, rounded down; 0 without any."""
        return 100 * self.done_total // self.dated_total if self.dated_total else 0

    def __add__(self, other: Figures) -> Figures:
        return Figures(**{name: getattr(self, name) + getattr(other, name) for name in vars(self)})


@dataclass
class AgencyFigures:
    """The figures of one agency: work given to it by name, and through a collective.

    Only the first are fit for comparing agencies: who has joined holds work of its collectives,
    who has not holds none. A collective's own work is all `shared`.
    """

    own: Figures = field(default_factory=Figures)
    shared: Figures = field(default_factory=Figures)

    @property
    def total(self) -> Figures:
        """Both together."""
        return self.own + self.shared


def rank_agencies(
    by_agency: Mapping[int | None, AgencyFigures], names: Mapping[int, str]
) -> list[tuple[int | None, AgencyFigures]]:
    """Return the agencies, the worst first: most work overdue, then the least share done.

    Work that comes through a collective does not count; who has no other comes last.
    """

    def make_rank(item: tuple[int | None, AgencyFigures]) -> tuple[bool, int, float, str]:
        own = item[1].own
        share = own.done_total / max(own.dated_total, 1)
        return (not own.dated_total, -own.open_late, share, names.get(item[0] or 0, ""))

    return sorted(by_agency.items(), key=make_rank)


def match_classes() -> dict[str, ColumnElement[bool]]:
    """Return the condition on an assignment for each of the six classes that add up to all.

    What was reported and waits for confirmation is not overdue (docs/dev/reminders.md rule 3). The
    day is the bound parameter "today".
    """
    dated = col(Assignment.last_day).is_not(None)
    done = col(Assignment.status) == Status.DONE
    is_past = col(Assignment.last_day) < day_parameter("today")
    late = and_(col(Assignment.status).in_(OPEN), is_past)
    in_time = col(Assignment.done_on) <= col(Assignment.last_day)
    return {
        "done_in_time": and_(dated, done, in_time),
        "done_late": and_(dated, done, ~in_time),
        "open_in_time": and_(dated, ~done, ~late),
        "open_late": and_(dated, late),
        "undated": and_(~dated, ~done),
        "undated_done": and_(~dated, done),
    }


def match_collective_work() -> ColumnElement[bool]:
    """Return the condition that an assignment, beside its agency, comes through a collective."""
    is_through = or_(col(Assignment.lead_id) != col(Assignment.agency_id), col(Agency.collective))
    return func.coalesce(is_through, False)  # work of nobody has neither


async def count_figures(session: AsyncSession, query: TaskQuery) -> dict[int | None, Figures]:
    """Return the figures of the tasks that `query` means, by agency id.

    The key None stands for work without an agency.
    """
    by_agency = await count_agency_figures(session, query)
    return {agency_id: figures.total for agency_id, figures in by_agency.items()}


async def count_agency_figures(
    session: AsyncSession, query: TaskQuery
) -> dict[int | None, AgencyFigures]:
    """Return the figures as `count_figures` does, what comes through collectives apart."""
    found: dict[int | None, AgencyFigures] = {}
    shared = match_collective_work().label("shared")
    keys = (col(Assignment.agency_id), shared)
    for agency_id, through_collective, counted in await _count_by(session, query, keys):
        figures = found.setdefault(agency_id, AgencyFigures())
        setattr(figures, "shared" if through_collective else "own", counted)
    return found


async def count_figures_by_day(session: AsyncSession, query: TaskQuery) -> dict[date, Figures]:
    """Return the figures of the work that is due on each day, by the day."""
    rows = await _count_by(session, query, (col(Assignment.last_day),))
    return {day: counted for day, counted in rows if day is not None}


async def _count_by(
    session: AsyncSession, query: TaskQuery, keys: Sequence[Any]
) -> list[tuple[Any, ...]]:
    """Return the values of `keys` and the figures of the assignments that have them."""
    classes = match_classes()
    conditions = [
        *classes.values(),
        and_(classes["undated"], _match_unread()),
        col(Assignment.status) == Status.REPORTED,
        match_waiting_extension(),
    ]
    statement = (
        select(*keys, *(_count_matching(one) for one in conditions))
        .select_from(Assignment)
        .join(Agency, col(Agency.id) == Assignment.agency_id, isouter=True)
        .where(match_in_force(), col(Assignment.status).in_([*UNFINISHED, Status.DONE]))
        .group_by(*(text(key.name) for key in keys))
    )
    scope = await find_scope(session, query)
    if scope.reads_tasks:
        statement = statement.join(Task, col(Task.id) == Assignment.task_id)
    statement = statement.where(
        *scope.conditions,
        *match_status(scope.query, Assignment),
        *match_days(scope.query, Assignment),
    )
    rows = await (await session.connection()).execute(statement, scope.values)
    count = len(keys)
    return [(*row[:count], Figures(*row[count:])) for row in rows]


def _count_matching(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return func.sum(case((condition, 1), else_=0))


def match_waiting_extension() -> ColumnElement[bool]:
    """Return the condition that more time was asked for an open assignment and is undecided."""
    asked = select(Extension.assignment_id).where(col(Extension.decision).is_(None))
    return and_(col(Assignment.status).in_(OPEN), col(Assignment.id).in_(asked))


def _match_unread() -> ColumnElement[bool]:
    """Return the condition that an assignment's deadline was not understood."""
    return exists(
        select(Deadline.id)
        .join(TaskMilestone, col(TaskMilestone.id) == Deadline.milestone_id)
        .where(
            Deadline.id == Assignment.deadline_id,
            TaskMilestone.kind == "regulation",
            col(TaskMilestone.doubt).is_not(None),
        )
    )


async def find_printed_days(
    session: AsyncSession, query: TaskQuery
) -> list[tuple[date, date, int]]:
    """Return deadlines that are printed with a day of the window but end before it.

    Each row is the printed day, the last day and how many tasks. "Trước 01/12" ends on 30/11: the
    answer about December says so (docs/dev/questions.md rule 3). An open window has none.
    """
    if query.due is None or query.due.single:
        return []
    among = await narrow_task_ids(session, replace(query, due=None, status=None))
    listed = [] if among is None else [match_listed_ids(is_on_sqlite(session))]
    statement = (
        select(
            col(Deadline.printed_day),
            col(Deadline.last_day),
            func.count(func.distinct(col(Task.id))),
        )
        .join(Task, col(Task.id) == Deadline.task_id)
        .where(
            col(Deadline.printed_day).between(day_parameter("first"), day_parameter("last")),
            col(Deadline.last_day) < day_parameter("first"),
            *build_common_conditions(replace(query, due=None, status=None)),
            *match_agencies(query),
            *listed,
        )
        .group_by(col(Deadline.printed_day), col(Deadline.last_day))
    )
    rows: Any = await session.exec(statement, params=bind_values(query, among))
    return [(printed, last, count) for printed, last, count in rows]
