"""Figures about tasks: how many assignments are in time, late, done or undated."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import ColumnElement, and_, case, exists, func
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models.assignments import UNFINISHED, Assignment, Status, match_in_force
from models.milestones import Deadline, TaskMilestone
from models.plans import Task
from models.queries.task_query import (
    TaskQuery,
    bind_values,
    build_common_conditions,
    day_parameter,
    is_on_sqlite,
    limit_to_agencies,
    match_agencies,
    match_days,
    match_listed_ids,
)
from models.queries.text_search import narrow_task_ids


@dataclass
class Figures:
    """Counts of assignments in the four classes of government reporting.

    Those without a date are counted apart (docs/dev/reminders.md rule 3).
    """

    done_in_time: int = 0
    done_late: int = 0
    open_in_time: int = 0
    open_late: int = 0
    undated: int = 0
    undated_done: int = 0
    unread: int = 0  # of those without a date and not done: the deadline was not understood

    @property
    def dated_total(self) -> int:
        """The number with a date."""
        return self.done_in_time + self.done_late + self.open_in_time + self.open_late

    @property
    def done_total(self) -> int:
        """The number with a date that are done."""
        return self.done_in_time + self.done_late

    def __add__(self, other: Figures) -> Figures:
        return Figures(**{name: getattr(self, name) + getattr(other, name) for name in vars(self)})


async def count_figures(session: AsyncSession, query: TaskQuery) -> dict[int | None, Figures]:
    """Return the figures of the tasks that `query` means, by agency id.

    The key None stands for work without an agency.
    """
    dated = col(Assignment.last_day).is_not(None)
    finished = col(Assignment.status) == Status.DONE
    in_time = col(Assignment.done_on) <= col(Assignment.last_day)
    classes = {
        "done_in_time": and_(dated, finished, in_time),
        "done_late": and_(dated, finished, ~in_time),
        "open_in_time": and_(dated, ~finished, col(Assignment.last_day) >= day_parameter("today")),
        "open_late": and_(dated, ~finished, col(Assignment.last_day) < day_parameter("today")),
        "undated": and_(~dated, ~finished),
        "undated_done": and_(~dated, finished),
        "unread": and_(~dated, ~finished, _match_unread()),
    }
    sums = [func.sum(case((condition, 1), else_=0)) for condition in classes.values()]
    statement = (
        select(Assignment.agency_id, *sums)
        .join(Task, col(Task.id) == Assignment.task_id)
        .where(match_in_force(), col(Assignment.status).in_([*UNFINISHED, Status.DONE]))
        .where(*build_common_conditions(replace(query, status=None, due=None)))
        .group_by(col(Assignment.agency_id))
    )
    mine = limit_to_agencies(query, Assignment)
    if query.agencies is not None and not mine:
        mine = match_agencies(query)
    among = await narrow_task_ids(session, query)
    if among is not None:
        mine = [*mine, match_listed_ids(is_on_sqlite(session))]
    statement = statement.where(*mine, *match_days(query, Assignment))
    rows = await (await session.connection()).execute(statement, bind_values(query, among))
    return {row[0]: Figures(*(int(n or 0) for n in row[1:])) for row in rows}


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
    answer about December says so (docs/dev/questions.md rule 3).
    """
    due = query.due
    if due is None or due.single or due.first is None or due.last is None:
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
    rows = await session.exec(statement, params=bind_values(query, among))
    return [(p, d, n) for p, d, n in rows if p is not None and d is not None]
