"""Assignments one by one, as a status table lists them: each with its task, agencies and state.

The rows are those that `figures` counts, and the suspended ones of the same tasks besides.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import case, func
from sqlalchemy.orm import aliased
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models.agencies import Agency, TaskAgency
from models.assignments import (
    OPEN,
    UNFINISHED,
    Assignment,
    Extension,
    Report,
    Status,
    match_in_force,
)
from models.plans import Plan, Role, Section, Task
from models.queries.figures import Figures, match_classes, match_collective_work
from models.queries.task_query import (
    TaskQuery,
    ids_parameter,
    match_days,
    match_status,
)
from models.queries.work_scope import find_scope

ROWS_AT_ONCE = 2_000  # in memory
SUSPENDED = "suspended"
"""The class of an assignment that no figure counts."""

_LEAD: Any = aliased(Agency)
_LISTED = (*UNFINISHED, Status.DONE, Status.SUSPENDED)


@dataclass(slots=True)
class StatusRow:
    """One assignment of a status table.

    - `agency` is responsible for it; `collective` is the name that the plan has, if the agency
      answers as a member of it. `is_shared`: it comes through a collective.
    - `work_class` is a field of `Figures` ("done_in_time" ...) or "suspended".
    - `wanted_day` is the day until which more time was asked for, undecided.
    - `document` and `document_day` are those of the last report of completion.
    """

    assignment_id: int
    task_id: int
    plan: str
    section: str | None
    key: str
    code: str | None
    title: str
    deliverables: list[str]
    deadline_text: str | None
    agency_id: int | None
    agency: str | None
    collective: str | None
    is_shared: bool
    last_day: date | None
    status: str
    work_class: str
    done_on: date | None
    note: str | None
    document: str | None
    document_day: date | None
    wanted_day: date | None

    def add_to(self, figures: Figures) -> None:
        """Add the assignment to the figures that count it; a suspended one is in none."""
        if self.work_class == SUSPENDED:
            return
        setattr(figures, self.work_class, getattr(figures, self.work_class) + 1)
        figures.reported += self.status == Status.REPORTED
        figures.extension_asked += self.wanted_day is not None and self.status in OPEN

    def count_days_late(self, today: date) -> int:
        """Return how many days after its last day it was done, or is open today; 0 if in time."""
        if self.last_day is None or self.work_class not in ("done_late", "open_late"):
            return 0
        end = self.done_on if self.work_class == "done_late" else today
        return ((end or today) - self.last_day).days


async def stream_status_rows(
    session: AsyncSession,
    query: TaskQuery,
    *,
    worst_first: bool = False,
    most: int | None = None,
) -> AsyncIterator[StatusRow]:
    """Yield the assignments that `query` means, in the plans' order, at most `most`.

    With `worst_first` those that are longest overdue come first, then the next ones due, then
    what is done and what has no day.
    """
    scope = await find_scope(session, query)
    found = (
        select(col(Assignment.id))
        .join(Task, col(Task.id) == Assignment.task_id)
        .where(match_in_force(), col(Assignment.status).in_(_LISTED), *scope.conditions)
        .where(*match_status(scope.query, Assignment), *match_days(scope.query, Assignment))
        .order_by(*(_WORST_FIRST if worst_first else _IN_PLAN))
        .limit(most)
    )
    connection = await session.connection()
    rows = await connection.execute(found, scope.values)
    ids = list(rows.scalars())
    async for row in stream_listed_rows(session, ids, query.today):
        yield row


async def stream_listed_rows(
    session: AsyncSession, ids: Sequence[int], today: date
) -> AsyncIterator[StatusRow]:
    """Yield the assignments with these ids, in their order, as they stand `today`."""
    connection = await session.connection()
    for start in range(0, len(ids), ROWS_AT_ONCE):
        some = ids[start : start + ROWS_AT_ONCE]
        rows = await connection.execute(_SELECT, {"today": today, "listed": some})
        by_id = {row[0]: row for row in rows}
        for assignment_id in some:
            if assignment_id in by_id:  # it may have been deleted since
                yield StatusRow(*by_id[assignment_id])


def _build_statement() -> Any:
    """Return the statement for all columns of a row, without conditions and order."""
    last_report = (
        select(func.max(col(Report.id)))
        .where(col(Report.assignment_id) == Assignment.id)
        .correlate(Assignment)
        .scalar_subquery()
    )
    wanted_day = (
        select(func.max(col(Extension.wanted_day)))
        .where(col(Extension.assignment_id) == Assignment.id, col(Extension.decision).is_(None))
        .correlate(Assignment)
        .scalar_subquery()
    )
    through = case((col(Assignment.lead_id) != col(Assignment.agency_id), _LEAD.name))
    work_class = case(
        (col(Assignment.status) == Status.SUSPENDED, SUSPENDED),
        *((condition, name) for name, condition in match_classes().items()),
    )
    columns: tuple[Any, ...] = (
        *(Assignment.id, Assignment.task_id, func.coalesce(Plan.number, Plan.title)),
        *(Section.title, Task.key, Task.code, Task.title, Task.deliverables, Task.deadline_text),
        *(Assignment.agency_id, Agency.name, through, match_collective_work()),
        *(Assignment.last_day, Assignment.status, work_class, Assignment.done_on, Assignment.note),
        *(Report.number, Report.document_day, wanted_day),
    )
    return (
        select(*columns)
        .join_from(Assignment, Task, col(Task.id) == Assignment.task_id)
        .join(Plan, col(Plan.id) == Task.plan_id)
        .join(Section, col(Section.id) == Task.section_id, isouter=True)
        .join(Agency, col(Agency.id) == Assignment.agency_id, isouter=True)
        .join(_LEAD, _LEAD.id == Assignment.lead_id, isouter=True)
        .join(Report, col(Report.id) == last_report, isouter=True)
        .where(col(Assignment.id).in_(ids_parameter("listed")))
    )


_SELECT = _build_statement()
_BY_DAY = (col(Assignment.last_day).is_(None), col(Assignment.last_day))  # databases differ in NULL
_IN_PLAN = (col(Task.plan_id), col(Task.position), *_BY_DAY, col(Assignment.id))
_WORST_FIRST = (
    *(col(Assignment.status).not_in(UNFINISHED), *_BY_DAY),
    *(col(Task.plan_id), col(Task.position), col(Assignment.id)),
)


async def load_partner_names(session: AsyncSession, query: TaskQuery) -> dict[int, str]:
    """Return the names of the partners of each task of the query's plans, by task id."""
    statement = (
        select(TaskAgency.task_id, Agency.name)
        .join(Agency, col(Agency.id) == TaskAgency.agency_id)
        .where(TaskAgency.role == Role.PARTNER)
        .order_by(col(TaskAgency.task_id), col(TaskAgency.position))
    )
    if query.plans:
        statement = statement.join(Task, col(Task.id) == TaskAgency.task_id).where(
            col(Task.plan_id).in_(query.plans)
        )
    names: dict[int, list[str]] = {}
    for task_id, name in await session.exec(statement):
        names.setdefault(task_id, []).append(name)
    return {task_id: "; ".join(partners) for task_id, partners in names.items()}
