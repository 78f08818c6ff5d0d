"""Tasks looked for by agency, status, time, code, section and words: the one query behind every question."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from itertools import combinations
from typing import Any

from sqlalchemy import ColumnElement, and_, case, exists, false, func, or_, text, true
from sqlalchemy.orm import aliased
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from language.milestones import Milestone
from language.search import score
from models.agencies import Agency, TaskAgency
from models.assignments import OPEN, UNFINISHED, Assignment, Status
from models.milestones import Deadline, TaskMilestone, milestone_of
from models.plans import Plan, Role, Section, Task, TaskState

_WORD = re.compile(r"\w+")
SOON = 30  # days ahead that count as due soon (questions.md rule 4)


@dataclass(frozen=True)
class Window:
    """Days that a deadline's last day lies in, both included; `single`: one named day, met by the printed day too."""

    first: date | None = None
    last: date | None = None
    single: bool = False


@dataclass(frozen=True)
class Wanted:
    """What narrows a look-up. Ids are the registry's; empty or None narrows nothing.

    `agencies` None: no agency was named; (): one was, that the registry holds nothing of by name. `collectives`: those
    that the agencies belong to, whose tasks are theirs too. `role`: "lead", "partner" or "any". `status`: "unfinished",
    "done", "overdue", "due_soon". `numeral`: a section by the numeral of its keys ("VII", "A.II"). `not_enrolled`:
    none of the agencies is enrolled (`find` sees to it).
    """

    today: date
    plans: tuple[int, ...] = ()
    agencies: tuple[int, ...] | None = None
    collectives: tuple[int, ...] = ()
    role: str = Role.LEAD
    status: str | None = None
    due: Window | None = None
    code: str | None = None
    sections: tuple[int, ...] = ()
    numeral: str | None = None
    words: tuple[str, ...] = ()
    not_enrolled: bool = False


@dataclass
class Found:
    """The tasks found: ids by name and those through a collective, each soonest first, undated last."""

    own: list[int] = field(default_factory=list)
    shared: list[int] = field(default_factory=list)

    @property
    def all(self) -> list[int]:
        """Both, the own ones first."""
        return [*self.own, *self.shared]


async def find(session: AsyncSession, wanted: Wanted) -> Found:
    """Every task that `wanted` means (questions.md rules 1 to 7)."""
    wanted = await _with_enrolment(session, wanted)
    narrowed = await _by_code(session, wanted)
    if narrowed is not None and not narrowed:
        return Found()
    base = _common(wanted)
    if narrowed is not None:
        base.append(col(Task.id).in_(narrowed))
    own_condition, shared_condition = _linked(wanted)
    if wanted.words:
        best = await _best_by_words(session, wanted.words, [*base, or_(own_condition, shared_condition)])
        if not best:
            return Found()
        base.append(col(Task.id).in_(best))
    found = Found(own=await _ids(session, wanted, [*base, own_condition]))
    if wanted.agencies is not None and wanted.collectives:
        found.shared = await _ids(session, wanted, [*base, shared_condition])
    return found


def _common(wanted: Wanted) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = [col(Task.outside).is_(False)]
    if wanted.code is None:
        conditions.append(col(Task.state) != TaskState.CANCELLED)
    if wanted.plans:
        # The sum keeps SQLite from walking through a whole plan where agencies or words lead to few tasks.
        narrow = wanted.agencies is not None or wanted.words
        conditions.append((col(Task.plan_id) + 0 if narrow else col(Task.plan_id)).in_(wanted.plans))
    if wanted.sections:
        conditions.append(col(Task.section_id).in_(wanted.sections))
    if wanted.numeral:
        conditions.append(func.upper(Task.key).like(f"{_escaped(wanted.numeral.upper())}.%", escape="\\"))
    timed = _timed(wanted)
    if timed is not None:
        conditions.append(timed)
    return conditions


def _linked(wanted: Wanted) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    """Conditions for the tasks of the agencies by name, and for those through a collective alone."""
    if wanted.agencies is None:
        return true(), false()
    own = _link(wanted.agencies, wanted.role)
    shared = and_(_link(wanted.collectives, wanted.role), ~own)
    if wanted.role == Role.PARTNER:
        shared = and_(shared, ~_link(wanted.agencies, Role.LEAD))
    return own, shared


def _link(agencies: Iterable[int], role: str) -> ColumnElement[bool]:
    link = select(TaskAgency.task_id).where(col(TaskAgency.agency_id).in_(list(agencies)))
    if role != "any":
        link = link.where(TaskAgency.role == role)
    return col(Task.id).in_(link)


def _timed(wanted: Wanted) -> ColumnElement[bool] | None:
    """The condition of status and time together: both hold for the same assignment."""
    if wanted.status is None and wanted.due is None:
        return None
    assignment: Any = aliased(Assignment)
    base: list[ColumnElement[bool]] = [assignment.task_id == Task.id, assignment.ended_on.is_(None)]
    base += _of_agencies(wanted, assignment)
    if wanted.status == "done" and wanted.due is None:
        finished = exists().where(*base, assignment.status == Status.DONE)
        return and_(finished, ~exists().where(*base, assignment.status.in_(UNFINISHED)))
    return exists().where(*base, *_of_status(wanted, assignment), *_of_window(wanted, assignment))


def _of_agencies(wanted: Wanted, assignment: Any) -> list[ColumnElement[bool]]:
    """Whose assignments count: those of the agencies asked about where they lead, everybody's otherwise.

    A member of a collective that is not enrolled holds no assignment once another member is: what the others still
    have to do is then what it has to do, for nothing is known of it.
    """
    if wanted.agencies is None or wanted.role != Role.LEAD:
        return []
    through = wanted.collectives if wanted.not_enrolled and wanted.status != "done" else ()
    return [
        or_(
            assignment.agency_id.in_([*wanted.agencies, *wanted.collectives]),
            assignment.lead_id.in_([*wanted.agencies, *through]),
        )
    ]


async def _with_enrolment(session: AsyncSession, wanted: Wanted) -> Wanted:
    """`wanted`, told whether none of its agencies is enrolled, where that makes a difference."""
    if not wanted.collectives or (wanted.status is None and wanted.due is None):
        return wanted
    enrolled = select(Agency.id).where(col(Agency.id).in_(wanted.agencies or ()), col(Agency.enrolled_on).is_not(None))
    return replace(wanted, not_enrolled=(await session.exec(enrolled.limit(1))).first() is None)


def _of_status(wanted: Wanted, assignment: Any) -> list[ColumnElement[bool]]:
    if wanted.status == "done":
        return [assignment.status == Status.DONE]
    if wanted.status == "unfinished":
        return [assignment.status.in_(UNFINISHED)]
    if wanted.status == "overdue":
        return [assignment.status.in_(OPEN), assignment.last_day < wanted.today]
    if wanted.status == "due_soon":
        soon = wanted.today + timedelta(days=SOON)
        return [assignment.status.in_(OPEN), assignment.last_day.between(wanted.today, soon)]
    return []


def _of_window(wanted: Wanted, assignment: Any) -> list[ColumnElement[bool]]:
    due = wanted.due
    if due is None:
        return []
    inside = [assignment.last_day.is_not(None)]
    if due.first is not None:
        inside.append(assignment.last_day >= due.first)
    if due.last is not None:
        inside.append(assignment.last_day <= due.last)
    if not due.single:
        return [and_(*inside)]
    printed = exists().where(col(Deadline.id) == assignment.deadline_id, col(Deadline.printed_day) == due.first)
    return [or_(and_(*inside), printed)]


async def _ids(session: AsyncSession, wanted: Wanted, conditions: Sequence[ColumnElement[bool]]) -> list[int]:
    statement = (
        select(Task.id)
        .where(*conditions)
        .order_by(col(Task.next_day).is_(None), col(Task.next_day), col(Task.plan_id), col(Task.position))
    )
    return [task_id for task_id in (await session.exec(statement)) if task_id is not None]


async def _by_code(session: AsyncSession, wanted: Wanted) -> list[int] | None:
    """Ids of the tasks that a code names: exactly, else the key without its group, else the codes below it."""
    if wanted.code is None:
        return None
    scope = [col(Task.outside).is_(False)]
    if wanted.plans:
        scope.append(col(Task.plan_id).in_(wanted.plans))
    code = wanted.code
    below = _escaped(code)
    for condition in (
        or_(col(Task.code) == code, func.upper(Task.key) == code.upper()),
        col(Task.key).like(f"_.{below}", escape="\\") if "." in code else false(),
        or_(col(Task.code).like(f"{below}.%", escape="\\"), col(Task.key).like(f"{below}.%", escape="\\")),
    ):
        ids = (await session.exec(select(Task.id).where(*scope, condition))).all()
        if ids:
            return [task_id for task_id in ids if task_id is not None]
    return []


FEW = 1000  # tasks that are looked at one by one
LEVELS = 2  # how many of the words may be missing before tasks are counted word by word


def _escaped(text: str) -> str:
    """`text` for LIKE with "\\" as the escape: every sign stands for itself."""
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


async def _best_by_words(
    session: AsyncSession, words: Sequence[str], conditions: Sequence[ColumnElement[bool]]
) -> list[int]:
    """Ids of the tasks that hold the most of `words` (questions.md rule 6).

    Few tasks are looked at one by one. Of many, those with all of the words are asked for first, then all but one, all
    but two: most questions end there, and it is far quicker than counting every word in every task.
    """
    sqlite = session.get_bind().dialect.name == "sqlite"
    terms = [term for word in dict.fromkeys(words) if (term := _term(word, sqlite))]
    if not terms:
        return []
    few = (await session.exec(select(Task.id, Task.search_text).where(*conditions).limit(FEW + 1))).all()
    if len(few) <= FEW:
        scores = {task_id: score(words, search_text) for task_id, search_text in few if task_id is not None}
        best = max(scores.values(), default=0)
        return [task_id for task_id, hits in scores.items() if hits == best > 0]
    for missing in range(min(LEVELS, len(terms) - 1) + 1):
        found = await _holding(session, _any_of(terms, len(terms) - missing, sqlite), conditions)
        if found:
            return found
    counted: dict[int, int] = {}
    for term in terms:
        for task_id in await _holding(session, term, conditions):
            counted[task_id] = counted.get(task_id, 0) + 1
    best = max(counted.values(), default=0)
    return [task_id for task_id, hits in counted.items() if hits == best]


def _term(word: str, sqlite: bool) -> str:
    """A word, or words side by side, in the full-text language of the database; empty where nothing is left."""
    parts = _WORD.findall(word)
    if sqlite:
        return '"' + " ".join(parts) + '"' if parts else ""
    return "(" + " <-> ".join(parts) + ")" if parts else ""


def _any_of(terms: Sequence[str], count: int, sqlite: bool) -> str:
    """The full-text query for at least `count` of `terms`."""
    both, either = (" AND ", " OR ") if sqlite else (" & ", " | ")
    return either.join("(" + both.join(chosen) + ")" for chosen in combinations(terms, count))


async def _holding(session: AsyncSession, query: str, conditions: Sequence[ColumnElement[bool]]) -> list[int]:
    if session.get_bind().dialect.name == "sqlite":
        match: Any = col(Task.id).in_(text("SELECT rowid FROM task_search WHERE task_search MATCH :query"))
    else:
        match = text("to_tsvector('simple', search_text) @@ to_tsquery('simple', :query)")
    statement = select(Task.id).where(match, *conditions).params(query=query)
    return [task_id for task_id in await session.exec(statement) if task_id is not None]


# --- what an answer shows --------------------------------------------------------------------------------------------


@dataclass
class Seen:
    """One task as an answer shows it: its plan, section, agencies, assignments (with agency names) and deadlines."""

    task: Task
    plan: Plan
    section: str | None = None
    leads: list[str] = field(default_factory=list)
    partners: list[str] = field(default_factory=list)
    assignments: list[tuple[Assignment, str | None]] = field(default_factory=list)

    def next_open(self, agency_ids: Iterable[int] | None = None) -> Assignment | None:
        """The open assignment with the earliest last day, of `agency_ids` where they hold any of this task."""
        held = self.held(agency_ids)
        dated = [a for a in held if a.status in OPEN and a.last_day is not None]
        return min(dated, key=lambda a: a.last_day or date.max, default=None)

    def held(self, agency_ids: Iterable[int] | None = None) -> list[Assignment]:
        """The assignments of `agency_ids`, or all of them where these hold none."""
        wanted = set(agency_ids or ())
        own = [a for a, _ in self.assignments if a.agency_id in wanted or a.lead_id in wanted]
        return own or [a for a, _ in self.assignments]


async def seen(session: AsyncSession, task_ids: Sequence[int]) -> list[Seen]:
    """These tasks with all that an answer shows, in the order of `task_ids`; ids that are no more are left out."""
    if not task_ids:
        return []
    rows = await session.exec(
        select(Task, Plan, Section.title)
        .join(Plan, col(Plan.id) == Task.plan_id)
        .join(Section, col(Section.id) == Task.section_id, isouter=True)
        .where(col(Task.id).in_(task_ids))
    )
    found = {task.id: Seen(task, plan, section) for task, plan, section in rows}
    links = await session.exec(
        select(TaskAgency, Agency.name)
        .join(Agency)
        .where(col(TaskAgency.task_id).in_(task_ids))
        .order_by(col(TaskAgency.position))
    )
    for link, name in links:
        (found[link.task_id].leads if link.role == Role.LEAD else found[link.task_id].partners).append(name)
    held = await session.exec(
        select(Assignment, Agency.name)
        .join(Agency, col(Agency.id) == Assignment.agency_id, isouter=True)
        .where(col(Assignment.task_id).in_(task_ids), col(Assignment.ended_on).is_(None))
        .order_by(col(Assignment.last_day), col(Assignment.id))
    )
    for assignment, agency in held:
        found[assignment.task_id].assignments.append((assignment, agency))
    return [found[task_id] for task_id in task_ids if task_id in found]


async def milestones(session: AsyncSession, task_id: int) -> list[Milestone]:
    """The milestones of a task as read, in the order printed."""
    rows = await session.exec(
        select(TaskMilestone).where(TaskMilestone.task_id == task_id).order_by(col(TaskMilestone.position))
    )
    days = await session.exec(select(Deadline).where(Deadline.task_id == task_id).order_by(col(Deadline.last_day)))
    by_milestone: dict[int | None, list[Deadline]] = {}
    for day in days:
        by_milestone.setdefault(day.milestone_id, []).append(day)
    return [milestone_of(row, by_milestone.get(row.id, [])) for row in rows]


# --- figures ---------------------------------------------------------------------------------------------------------


@dataclass
class Figures:
    """Assignments in the four classes of government reporting, and those without a date (reminders.md)."""

    done_in_time: int = 0
    done_late: int = 0
    open_in_time: int = 0
    open_late: int = 0
    undated: int = 0
    undated_done: int = 0

    @property
    def dated(self) -> int:
        """How many have a date."""
        return self.done_in_time + self.done_late + self.open_in_time + self.open_late

    @property
    def done(self) -> int:
        """How many of those are done."""
        return self.done_in_time + self.done_late

    def __add__(self, other: Figures) -> Figures:
        return Figures(**{name: getattr(self, name) + getattr(other, name) for name in vars(self)})


async def figures(session: AsyncSession, wanted: Wanted) -> dict[int | None, Figures]:
    """The figures by agency (id; None for work without an agency) of the tasks that `wanted` means."""
    dated = col(Assignment.last_day).is_not(None)
    finished = col(Assignment.status) == Status.DONE
    in_time = col(Assignment.done_on) <= col(Assignment.last_day)
    classes = {
        "done_in_time": and_(dated, finished, in_time),
        "done_late": and_(dated, finished, ~in_time),
        "open_in_time": and_(dated, ~finished, col(Assignment.last_day) >= wanted.today),
        "open_late": and_(dated, ~finished, col(Assignment.last_day) < wanted.today),
        "undated": and_(~dated, ~finished),
        "undated_done": and_(~dated, finished),
    }
    counted = [func.sum(case((condition, 1), else_=0)) for condition in classes.values()]
    statement = (
        select(Assignment.agency_id, *counted)
        .join(Task, col(Task.id) == Assignment.task_id)
        .where(col(Assignment.ended_on).is_(None), col(Assignment.status).in_([*UNFINISHED, Status.DONE]))
        .where(*_common(replace(wanted, status=None, due=None)))
        .group_by(col(Assignment.agency_id))
    )
    mine = _of_agencies(wanted, Assignment)
    if wanted.agencies is not None and not mine:
        mine = [or_(*_linked(wanted))]
    rows = await (await session.connection()).execute(statement.where(*mine, *_of_window(wanted, Assignment)))
    return {row[0]: Figures(*(int(n or 0) for n in row[1:])) for row in rows}


async def printed_within(session: AsyncSession, wanted: Wanted) -> list[tuple[date, date, int]]:
    """Deadlines whose printed day lies in the window though the last day does not: printed day, last day, how many.

    "Trước 01/12" ends on 30/11: a question about December is told so (questions.md rule 3).
    """
    due = wanted.due
    if due is None or due.single or due.first is None or due.last is None:
        return []
    statement = (
        select(col(Deadline.printed_day), col(Deadline.last_day), func.count(func.distinct(col(Task.id))))
        .join(Task, col(Task.id) == Deadline.task_id)
        .where(
            col(Deadline.printed_day).between(due.first, due.last),
            col(Deadline.last_day) < due.first,
            *_common(replace(wanted, due=None, status=None)),
            or_(*_linked(wanted)),
        )
        .group_by(col(Deadline.printed_day), col(Deadline.last_day))
    )
    return [(p, d, n) for p, d, n in await session.exec(statement) if p is not None and d is not None]
