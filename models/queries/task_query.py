"""What narrows a look-up of tasks, as a `TaskQuery`, and the SQL conditions that it means.

Which conditions there are depends on which fields of the query are set; the values are bound.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Date,
    Integer,
    String,
    and_,
    bindparam,
    exists,
    func,
    or_,
    text,
)
from sqlalchemy.orm import aliased
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models.agencies import TaskAgency
from models.assignments import OPEN, UNFINISHED, Assignment, Extension, Status, match_in_force
from models.milestones import Deadline, TaskMilestone
from models.plans import Role, Task, TaskState

DUE_SOON_DAYS = 30  # docs/dev/questions.md rule 4


@dataclass(frozen=True)
class DayRange:
    """The days of a deadline's last day, both included.

    `single`: the question names one day, so a deadline printed with that day is meant too.
    """

    first: date | None = None
    last: date | None = None
    single: bool = False

    def holds(self, day: date | None) -> bool:
        """Return whether `day` lies in the days; no day does not, even if both ends are open."""
        if day is None:
            return False
        return (self.first or date.min) <= day <= (self.last or date.max)


@dataclass(frozen=True)
class TaskQuery:
    """What narrows a look-up (docs/dev/questions.md rules 1 to 7).

    Ids are the registry's; empty or None narrows nothing.

    - `agencies`: None: no agency was named; (): one was that the registry does not know.
    - `collectives`: those that the agencies belong to; their tasks count as the agencies' own.
    - `role`: "lead", "partner" or "any".
    - `status`: "unfinished", "done", "done_late", "undated", "overdue", "due_soon", "not_received",
      "reported", "returned", "extension_asked", "extension_granted", "extension_refused",
      "suspended" or "cancelled"; "came_in": reported, confirmed or not.
    - `done_in`: the days in which the work was done, if `status` is "done", or reported.
    - `kind`: of a milestone ("recurring", "ongoing", "regulation"); `every`: how often it comes.
    - `numeral`: a section by the numeral of its keys ("VII", "A.II").
    - `parts`: the words of each of several subjects; a task of any of them is meant, unless a task
      holds all `words`.
    - `others`: the other side of the work: partners of what `agencies` lead, or leads of what they
      partner; None: not asked.
    - `together`: the others have the same part as the agencies.
    - `more_codes`: other codes beside `code`; a task of any of them is meant.
    - `not_enrolled`: none of the agencies is enrolled; `find_tasks` sets it.
    - `own_only`: the asker may see the work of `agencies` alone, and that of leads whose partners
      they are.
    - `cancelled`: tasks that were cancelled are meant, too.
    - `tasks`: these tasks alone.
    """

    today: date
    plans: tuple[int, ...] = ()
    agencies: tuple[int, ...] | None = None
    collectives: tuple[int, ...] = ()
    role: str = Role.LEAD
    status: str | None = None
    due: DayRange | None = None
    code: str | None = None
    sections: tuple[int, ...] = ()
    numeral: str | None = None
    words: tuple[str, ...] = ()
    parts: tuple[tuple[str, ...], ...] = ()
    others: tuple[int, ...] | None = None
    together: bool = False
    more_codes: tuple[str, ...] = ()
    done_in: DayRange | None = None
    kind: str | None = None
    every: str | None = None
    not_enrolled: bool = False
    own_only: bool = False
    cancelled: bool = False
    tasks: tuple[int, ...] = ()


_SOME = (0,)  # instead of the ids of a query


def make_shape(query: TaskQuery) -> TaskQuery:
    """Return `query` with a mark for each bound value, so that like queries share a statement."""
    due = query.due and DayRange(
        query.due.first and date.min, query.due.last and date.min, query.due.single
    )
    return replace(
        query,
        today=date.min,
        plans=query.plans and _SOME,
        agencies=None if query.agencies is None else _SOME,
        collectives=query.collectives and _SOME,
        due=due,
        code=query.code and "",
        more_codes=(),
        done_in=query.done_in and DayRange(),
        sections=query.sections and _SOME,
        numeral=query.numeral and ".",
        words=query.words and ("",),
        parts=(),
        others=None if query.others is None else _SOME,
        tasks=query.tasks and _SOME,
    )


def bind_values(query: TaskQuery, among: Sequence[int] | None = None) -> dict[str, Any]:
    """Return the values that the conditions name.

    `among` are the ids of the tasks that code and words narrow the query to.
    """
    agencies, due = query.agencies or (), query.due or DayRange()
    done_in = query.done_in or DayRange()
    return {
        "today": query.today,
        "soon": query.today + timedelta(days=DUE_SOON_DAYS),
        "plans": query.plans,
        "agencies": agencies,
        "agencies_and_collectives": [*agencies, *query.collectives],
        "others": query.others or (),
        "tasks": query.tasks,
        "sections": query.sections,
        "numeral": f"{escape_like((query.numeral or '').upper())}.%",
        "first": due.first,
        "last": due.last,
        "done_first": done_in.first or date.min,
        "done_last": done_in.last or query.today,
        "among": json.dumps(among),
    }


def day_parameter(name: str) -> BindParameter[date]:
    """Return a bound parameter that is a day."""
    return bindparam(name, type_=Date)


def ids_parameter(name: str) -> BindParameter[int]:
    """Return a bound parameter that is a list of ids."""
    return bindparam(name, type_=Integer)


def is_on_sqlite(session: AsyncSession) -> bool:
    """Return whether the session's database is SQLite."""
    return session.get_bind().dialect.name == "sqlite"


def escape_like(text: str) -> str:
    """Return `text` for LIKE with "\\" as the escape: every character stands for itself."""
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


def match_listed_ids(sqlite: bool) -> ColumnElement[bool]:
    """Return the condition for tasks of a JSON list, which may be longer than a list of values."""
    each = "json_each(:among)" if sqlite else "json_array_elements_text(CAST(:among AS json))"
    listed = f"SELECT CAST(value AS integer) FROM {each}"  # noqa: S608  # no input is in it
    return col(Task.id).in_(text(listed))


def build_common_conditions(query: TaskQuery) -> list[ColumnElement[bool]]:
    """Return the conditions on tasks from everything but agencies, code and words."""
    conditions: list[ColumnElement[bool]] = [col(Task.outside).is_(False)]
    if query.code is None and not query.cancelled and query.status != "cancelled":
        conditions.append(col(Task.state) != TaskState.CANCELLED)
    if query.plans:
        # The sum keeps SQLite from reading a whole plan if agencies or words lead to few tasks.
        narrow = query.agencies is not None or query.words
        conditions.append(
            (col(Task.plan_id) + 0 if narrow else col(Task.plan_id)).in_(ids_parameter("plans"))
        )
    if query.tasks:
        conditions.append(col(Task.id).in_(ids_parameter("tasks")))
    if query.sections:
        conditions.append(col(Task.section_id).in_(ids_parameter("sections")))
    if query.kind is not None:
        milestones = select(TaskMilestone.task_id).where(TaskMilestone.kind == query.kind)
        if query.every is not None:
            milestones = milestones.where(TaskMilestone.every == query.every)
        conditions.append(col(Task.id).in_(milestones))
    if query.numeral:
        conditions.append(
            func.upper(Task.key).like(bindparam("numeral", type_=String), escape="\\")
        )
    if query.others is not None:
        conditions.append(_match_others(query))
    status_and_days = _match_status_and_days(query)
    if status_and_days is not None:
        conditions.append(status_and_days)
    return conditions


def match_agencies(query: TaskQuery) -> list[ColumnElement[bool]]:
    """Return the condition for the tasks of the agencies, by name or through a collective."""
    if query.agencies is None:
        return []
    conditions = [match_links("agencies_and_collectives", query.role)]
    if query.role == Role.PARTNER:  # what one leads oneself is not shared
        conditions.append(
            or_(match_links("agencies", query.role), ~match_links("agencies", Role.LEAD))
        )
    return conditions


def _match_others(query: TaskQuery) -> ColumnElement[bool]:
    """Return the condition for the part of the others: the other one, or the same if together."""
    other = Role.LEAD if query.role == Role.PARTNER else Role.PARTNER
    return match_links("others", query.role if query.together else other)


def match_links(agencies: str, role: str) -> ColumnElement[bool]:
    """Return the condition that a task has one of the bound `agencies` in this role, or any."""
    link = select(TaskAgency.task_id).where(col(TaskAgency.agency_id).in_(ids_parameter(agencies)))
    if role != "any":
        link = link.where(TaskAgency.role == role)
    return col(Task.id).in_(link)


_REPORT_STATES = {
    "not_received": Status.NEW,
    "reported": Status.REPORTED,
    "returned": Status.RETURNED,
    "suspended": Status.SUSPENDED,
    "cancelled": Status.CANCELLED,
}
_EXTENSION_STATES = {
    "extension_asked": None,
    "extension_granted": "granted",
    "extension_refused": "refused",
}
"""Decisions on the request for more time that a question asks for as a status, by that."""

# The assignments of a task; made once, for it takes longer than some look-ups.
_ASSIGNMENT: Any = aliased(Assignment)


def _match_status_and_days(query: TaskQuery) -> ColumnElement[bool] | None:
    """Return the condition of status and days; both must hold for the same assignment."""
    if query.status is None and query.due is None:
        return None
    if query.status == "done" and query.due is None and query.done_in is None:
        return and_(
            _match_assignment(query, _ASSIGNMENT.status == Status.DONE),
            ~_match_assignment(query, _ASSIGNMENT.status.in_(UNFINISHED)),
        )
    if query.status == "cancelled" and query.due is None:
        return col(Task.state) == TaskState.CANCELLED
    return _match_assignment(
        query, *match_status(query, _ASSIGNMENT), *match_days(query, _ASSIGNMENT)
    )


_TOLD_BY_STATE = frozenset({*_REPORT_STATES, *_EXTENSION_STATES, "due_soon", "done_late"})
"""States of which a line of a list tells what it is true of, not what comes next."""


async def find_meant_assignments(
    session: AsyncSession, query: TaskQuery, task_ids: Sequence[int]
) -> frozenset[int]:
    """Return the assignments of these tasks that are in the state, or done in the days, asked for.

    Empty if the query asks for neither, or for a state that lines need not be narrowed to.
    """
    if query.status not in _TOLD_BY_STATE and query.done_in is None:
        return frozenset()
    statement = select(_ASSIGNMENT.id).where(
        _ASSIGNMENT.task_id.in_(ids_parameter("task_ids")),
        match_in_force(_ASSIGNMENT),
        *limit_to_agencies(query, _ASSIGNMENT),
        *match_status(query, _ASSIGNMENT),
        *match_days(query, _ASSIGNMENT),
    )
    values = {**bind_values(query), "task_ids": task_ids}
    return frozenset(await session.exec(statement, params=values))


def _match_assignment(query: TaskQuery, *conditions: ColumnElement[bool]) -> ColumnElement[bool]:
    """Return the condition for tasks with an assignment that counts and meets `conditions`."""
    mine = limit_to_agencies(query, _ASSIGNMENT)
    in_force = match_in_force(_ASSIGNMENT)
    if mine:  # looked up by agency once, which is quicker than task by task
        return col(Task.id).in_(select(_ASSIGNMENT.task_id).where(in_force, *mine, *conditions))
    return exists().where(_ASSIGNMENT.task_id == Task.id, in_force, *conditions)


def limit_to_agencies(query: TaskQuery, assignment: Any) -> list[ColumnElement[bool]]:
    """Return the condition for the assignments that count.

    If the query asks what agencies lead, these are their own; otherwise all, or with `own_only`
    those of tasks that the agencies lead not at all, besides. A member of a
    collective that is not enrolled has no assignment once another member is enrolled. Nothing is
    known of its work, so what the other members still have to do counts for it too.
    """
    if query.agencies is None:
        return []
    if query.role != Role.LEAD:
        if not query.own_only:
            return []
        own = assignment.agency_id.in_(ids_parameter("agencies_and_collectives"))
        leads = select(TaskAgency.task_id).where(
            col(TaskAgency.agency_id).in_(ids_parameter("agencies_and_collectives")),
            TaskAgency.role == Role.LEAD,
        )
        return [or_(own, assignment.task_id.not_in(leads))]
    has_no_own = query.not_enrolled and query.status not in ("done", "done_late")
    return [
        or_(
            assignment.agency_id.in_(ids_parameter("agencies_and_collectives")),
            assignment.lead_id.in_(
                ids_parameter("agencies_and_collectives" if has_no_own else "agencies")
            ),
        )
    ]


def match_status(query: TaskQuery, assignment: Any) -> list[ColumnElement[bool]]:
    """Return the conditions for assignments of the status that the query asks for."""
    if query.status in ("done", "came_in"):
        sent = assignment.status.in_((Status.REPORTED, Status.DONE))
        done = [assignment.status == Status.DONE if query.status == "done" else sent]
        if query.done_in is not None:
            first, last = day_parameter("done_first"), day_parameter("done_last")
            done.append(assignment.done_on.between(first, last))
        return done
    if query.status == "done_late":
        return [assignment.status == Status.DONE, assignment.done_on > assignment.last_day]
    if query.status == "undated":
        return [assignment.last_day.is_(None)]
    if query.status in _REPORT_STATES:
        return [assignment.status == _REPORT_STATES[query.status]]
    if query.status in _EXTENSION_STATES:
        decision = _EXTENSION_STATES[query.status]
        asked = exists().where(
            col(Extension.assignment_id) == assignment.id, col(Extension.decision) == decision
        )
        return [asked] if decision else [assignment.status.in_(OPEN), asked]
    if query.status == "unfinished":
        return [assignment.status.in_(UNFINISHED)]
    if query.status == "overdue":
        return [assignment.status.in_(OPEN), assignment.last_day < day_parameter("today")]
    if query.status == "due_soon":
        return [
            assignment.status.in_(OPEN),
            assignment.last_day.between(day_parameter("today"), day_parameter("soon")),
        ]
    return []


def match_days(query: TaskQuery, assignment: Any) -> list[ColumnElement[bool]]:
    """Return the condition for assignments whose last day lies in the query's days."""
    due = query.due
    if due is None:
        return []
    inside = [assignment.last_day.is_not(None)]
    if due.first is not None:
        inside.append(assignment.last_day >= day_parameter("first"))
    if due.last is not None:
        inside.append(assignment.last_day <= day_parameter("last"))
    if not due.single:
        return [and_(*inside)]
    printed = exists().where(
        col(Deadline.id) == assignment.deadline_id,
        col(Deadline.printed_day) == day_parameter("first"),
    )
    return [or_(and_(*inside), printed)]
