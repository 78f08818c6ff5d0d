"""What narrows a look-up of tasks, as a `TaskQuery`, and the SQL conditions that it means."""

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
from models.assignments import OPEN, UNFINISHED, Assignment, Status, match_in_force
from models.milestones import Deadline
from models.plans import Role, Task, TaskState

DUE_SOON_DAYS = 30  # days ahead that count as due soon (questions.md rule 4)


@dataclass(frozen=True)
class DayRange:
    """Days that a deadline's last day lies in, both included; `single`: one named day, met by the printed day too."""

    first: date | None = None
    last: date | None = None
    single: bool = False


@dataclass(frozen=True)
class TaskQuery:
    """What narrows a look-up. Ids are the registry's; empty or None narrows nothing.

    `agencies` None: no agency was named; (): one was, that the registry holds nothing of by name. `collectives`: those
    that the agencies belong to, whose tasks are theirs too. `role`: "lead", "partner" or "any". `status`: "unfinished",
    "done", "overdue", "due_soon". `numeral`: a section by the numeral of its keys ("VII", "A.II"). `others`:
    agencies and collectives one of which takes the other part, as a partner of what `agencies` lead or as the lead of
    what they partner; None where that is not asked. `not_enrolled`: none of the agencies is enrolled (`find`
    sees to it).
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
    others: tuple[int, ...] | None = None
    not_enrolled: bool = False


def make_shape(wanted: TaskQuery) -> TaskQuery:
    """`wanted` with a mark for each value that is bound: statements of one shape are one statement."""
    due = wanted.due and DayRange(
        wanted.due.first and date.min, wanted.due.last and date.min, wanted.due.single
    )
    return replace(
        wanted,
        today=date.min,
        plans=wanted.plans and (0,),
        agencies=None if wanted.agencies is None else (0,),
        collectives=wanted.collectives and (0,),
        due=due,
        code=wanted.code and "",
        sections=wanted.sections and (0,),
        numeral=wanted.numeral and ".",
        words=wanted.words and ("",),
        others=None if wanted.others is None else (0,),
    )


def bind_values(wanted: TaskQuery, among: Sequence[int] | None = None) -> dict[str, Any]:
    """What the conditions name: the values of `wanted`, and the tasks that code and words narrow it to."""
    agencies, due = wanted.agencies or (), wanted.due or DayRange()
    return {
        "today": wanted.today,
        "soon": wanted.today + timedelta(days=DUE_SOON_DAYS),
        "plans": wanted.plans,
        "agencies": agencies,
        "agencies_and_collectives": [*agencies, *wanted.collectives],
        "others": wanted.others or (),
        "sections": wanted.sections,
        "numeral": f"{escape_like((wanted.numeral or '').upper())}.%",
        "first": due.first,
        "last": due.last,
        "among": json.dumps(among),
    }


def day_parameter(name: str) -> BindParameter[date]:
    return bindparam(name, type_=Date)


def ids_parameter(name: str) -> BindParameter[int]:
    return bindparam(name, type_=Integer, expanding=True)


def is_on_sqlite(session: AsyncSession) -> bool:
    return session.get_bind().dialect.name == "sqlite"


def escape_like(text: str) -> str:
    """`text` for LIKE with "\\" as the escape: every sign stands for itself."""
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


def match_listed_ids(sqlite: bool) -> ColumnElement[bool]:
    """The condition for the tasks of a JSON list: they may be more than a statement takes values."""
    each = "json_each(:among)" if sqlite else "json_array_elements_text(CAST(:among AS json))"
    return col(Task.id).in_(text(f"SELECT CAST(value AS integer) FROM {each}"))  # noqa: S608  # no input is in it


def build_common_conditions(wanted: TaskQuery) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = [col(Task.outside).is_(False)]
    if wanted.code is None:
        conditions.append(col(Task.state) != TaskState.CANCELLED)
    if wanted.plans:
        # The sum keeps SQLite from walking through a whole plan where agencies or words lead to few tasks.
        narrow = wanted.agencies is not None or wanted.words
        conditions.append(
            (col(Task.plan_id) + 0 if narrow else col(Task.plan_id)).in_(ids_parameter("plans"))
        )
    if wanted.sections:
        conditions.append(col(Task.section_id).in_(ids_parameter("sections")))
    if wanted.numeral:
        conditions.append(
            func.upper(Task.key).like(bindparam("numeral", type_=String), escape="\\")
        )
    if wanted.others is not None:
        conditions.append(
            _match_links("others", Role.LEAD if wanted.role == Role.PARTNER else Role.PARTNER)
        )
    timed = _match_status_and_days(wanted)
    if timed is not None:
        conditions.append(timed)
    return conditions


def match_agencies(wanted: TaskQuery) -> list[ColumnElement[bool]]:
    """The condition for the tasks of the agencies, by name or through a collective."""
    if wanted.agencies is None:
        return []
    conditions = [_match_links("agencies_and_collectives", wanted.role)]
    if wanted.role == Role.PARTNER and wanted.collectives:  # what one leads oneself is not shared
        conditions.append(
            or_(_match_links("agencies", wanted.role), ~_match_links("agencies", Role.LEAD))
        )
    return conditions


def _match_links(agencies: str, role: str) -> ColumnElement[bool]:
    link = select(TaskAgency.task_id).where(col(TaskAgency.agency_id).in_(ids_parameter(agencies)))
    if role != "any":
        link = link.where(TaskAgency.role == role)
    return col(Task.id).in_(link)


_ASSIGNMENT: Any = aliased(
    Assignment
)  # the assignments of a task; made once, for it takes longer than some look-ups


def _match_status_and_days(wanted: TaskQuery) -> ColumnElement[bool] | None:
    """The condition of status and time together: both hold for the same assignment."""
    if wanted.status is None and wanted.due is None:
        return None
    if wanted.status == "done" and wanted.due is None:
        return and_(
            _match_assignment(wanted, _ASSIGNMENT.status == Status.DONE),
            ~_match_assignment(wanted, _ASSIGNMENT.status.in_(UNFINISHED)),
        )
    return _match_assignment(
        wanted, *_match_status(wanted, _ASSIGNMENT), *match_days(wanted, _ASSIGNMENT)
    )


def _match_assignment(wanted: TaskQuery, *conditions: ColumnElement[bool]) -> ColumnElement[bool]:
    """The condition for the tasks with an assignment that counts for `wanted` and meets `conditions`."""
    mine = limit_to_agencies(wanted, _ASSIGNMENT)
    standing = match_in_force(_ASSIGNMENT)
    if mine:  # looked up by agency once, which is quicker than task by task
        return col(Task.id).in_(select(_ASSIGNMENT.task_id).where(standing, *mine, *conditions))
    return exists().where(_ASSIGNMENT.task_id == Task.id, standing, *conditions)


def limit_to_agencies(wanted: TaskQuery, assignment: Any) -> list[ColumnElement[bool]]:
    """Whose assignments count: those of the agencies asked about where they lead, everybody's otherwise.

    A member of a collective that is not enrolled holds no assignment once another member is: what the others still
    have to do is then what it has to do, for nothing is known of it.
    """
    if wanted.agencies is None or wanted.role != Role.LEAD:
        return []
    through = wanted.not_enrolled and wanted.status != "done"
    return [
        or_(
            assignment.agency_id.in_(ids_parameter("agencies_and_collectives")),
            assignment.lead_id.in_(
                ids_parameter("agencies_and_collectives" if through else "agencies")
            ),
        )
    ]


def _match_status(wanted: TaskQuery, assignment: Any) -> list[ColumnElement[bool]]:
    if wanted.status == "done":
        return [assignment.status == Status.DONE]
    if wanted.status == "unfinished":
        return [assignment.status.in_(UNFINISHED)]
    if wanted.status == "overdue":
        return [assignment.status.in_(OPEN), assignment.last_day < day_parameter("today")]
    if wanted.status == "due_soon":
        return [
            assignment.status.in_(OPEN),
            assignment.last_day.between(day_parameter("today"), day_parameter("soon")),
        ]
    return []


def match_days(wanted: TaskQuery, assignment: Any) -> list[ColumnElement[bool]]:
    due = wanted.due
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
