"""Tasks looked for by agency, status, time, code, section and words: the one query behind every question."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from functools import lru_cache
from itertools import combinations
from typing import Any

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Date,
    Integer,
    String,
    and_,
    bindparam,
    case,
    exists,
    false,
    func,
    or_,
    text,
    true,
)
from sqlalchemy.orm import aliased
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession
from sqlmodel.sql.expression import Select

from language.milestones import Milestone
from language.search import score_text
from models.agencies import Agency, TaskAgency
from models.assignments import OPEN, UNFINISHED, Assignment, Status, match_in_force
from models.milestones import Deadline, TaskMilestone, read_milestone_row
from models.plans import Plan, Role, Section, Task, TaskState

_WORD_CHARACTERS = re.compile(r"\w+")
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
    among = await _narrow_task_ids(session, wanted)
    if among is not None and not among:
        return TaskPage()
    statement = _build_listing(
        _make_shape(wanted), narrowed=among is not None, sqlite=_is_on_sqlite(session)
    )
    found = TaskPage()
    for task_id, by_name in await session.exec(statement, params=_bind_values(wanted, among)):
        (found.own if by_name else found.shared).append(task_id or 0)
    return found


# --- conditions: what they hold depends on which parts of a `Wanted` are set; the values are bound ------------------


def _make_shape(wanted: TaskQuery) -> TaskQuery:
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


def _bind_values(wanted: TaskQuery, among: Sequence[int] | None = None) -> dict[str, Any]:
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
        "numeral": f"{_escape_like((wanted.numeral or '').upper())}.%",
        "first": due.first,
        "last": due.last,
        "among": json.dumps(among),
    }


def _day_parameter(name: str) -> BindParameter[date]:
    return bindparam(name, type_=Date)


def _ids_parameter(name: str) -> BindParameter[int]:
    return bindparam(name, type_=Integer, expanding=True)


def _is_on_sqlite(session: AsyncSession) -> bool:
    return session.get_bind().dialect.name == "sqlite"


def _match_listed_ids(sqlite: bool) -> ColumnElement[bool]:
    """The condition for the tasks of a JSON list: they may be more than a statement takes values."""
    each = "json_each(:among)" if sqlite else "json_array_elements_text(CAST(:among AS json))"
    return col(Task.id).in_(text(f"SELECT CAST(value AS integer) FROM {each}"))  # noqa: S608  # no input is in it


@lru_cache(maxsize=512)
def _build_listing(shape: TaskQuery, *, narrowed: bool, sqlite: bool) -> Select[int | None, bool]:
    """The tasks of this shape, soonest first: id, and whether by the agency's own name or through a collective."""
    conditions = [*_build_common_conditions(shape), *_match_agencies(shape)]
    if narrowed:
        conditions.append(_match_listed_ids(sqlite))
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


def _build_common_conditions(wanted: TaskQuery) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = [col(Task.outside).is_(False)]
    if wanted.code is None:
        conditions.append(col(Task.state) != TaskState.CANCELLED)
    if wanted.plans:
        # The sum keeps SQLite from walking through a whole plan where agencies or words lead to few tasks.
        narrow = wanted.agencies is not None or wanted.words
        conditions.append(
            (col(Task.plan_id) + 0 if narrow else col(Task.plan_id)).in_(_ids_parameter("plans"))
        )
    if wanted.sections:
        conditions.append(col(Task.section_id).in_(_ids_parameter("sections")))
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


def _match_agencies(wanted: TaskQuery) -> list[ColumnElement[bool]]:
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
    link = select(TaskAgency.task_id).where(col(TaskAgency.agency_id).in_(_ids_parameter(agencies)))
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
        wanted, *_match_status(wanted, _ASSIGNMENT), *_match_days(wanted, _ASSIGNMENT)
    )


def _match_assignment(wanted: TaskQuery, *conditions: ColumnElement[bool]) -> ColumnElement[bool]:
    """The condition for the tasks with an assignment that counts for `wanted` and meets `conditions`."""
    mine = _limit_to_agencies(wanted, _ASSIGNMENT)
    standing = match_in_force(_ASSIGNMENT)
    if mine:  # looked up by agency once, which is quicker than task by task
        return col(Task.id).in_(select(_ASSIGNMENT.task_id).where(standing, *mine, *conditions))
    return exists().where(_ASSIGNMENT.task_id == Task.id, standing, *conditions)


def _limit_to_agencies(wanted: TaskQuery, assignment: Any) -> list[ColumnElement[bool]]:
    """Whose assignments count: those of the agencies asked about where they lead, everybody's otherwise.

    A member of a collective that is not enrolled holds no assignment once another member is: what the others still
    have to do is then what it has to do, for nothing is known of it.
    """
    if wanted.agencies is None or wanted.role != Role.LEAD:
        return []
    through = wanted.not_enrolled and wanted.status != "done"
    return [
        or_(
            assignment.agency_id.in_(_ids_parameter("agencies_and_collectives")),
            assignment.lead_id.in_(
                _ids_parameter("agencies_and_collectives" if through else "agencies")
            ),
        )
    ]


async def _note_enrolment(session: AsyncSession, wanted: TaskQuery) -> TaskQuery:
    """`wanted`, told whether none of its agencies is enrolled, where that makes a difference."""
    if not wanted.collectives or (wanted.status is None and wanted.due is None):
        return wanted
    enrolled = select(Agency.id).where(
        col(Agency.id).in_(wanted.agencies or ()), col(Agency.enrolled_on).is_not(None)
    )
    return replace(wanted, not_enrolled=(await session.exec(enrolled.limit(1))).first() is None)


def _match_status(wanted: TaskQuery, assignment: Any) -> list[ColumnElement[bool]]:
    if wanted.status == "done":
        return [assignment.status == Status.DONE]
    if wanted.status == "unfinished":
        return [assignment.status.in_(UNFINISHED)]
    if wanted.status == "overdue":
        return [assignment.status.in_(OPEN), assignment.last_day < _day_parameter("today")]
    if wanted.status == "due_soon":
        return [
            assignment.status.in_(OPEN),
            assignment.last_day.between(_day_parameter("today"), _day_parameter("soon")),
        ]
    return []


def _match_days(wanted: TaskQuery, assignment: Any) -> list[ColumnElement[bool]]:
    due = wanted.due
    if due is None:
        return []
    inside = [assignment.last_day.is_not(None)]
    if due.first is not None:
        inside.append(assignment.last_day >= _day_parameter("first"))
    if due.last is not None:
        inside.append(assignment.last_day <= _day_parameter("last"))
    if not due.single:
        return [and_(*inside)]
    printed = exists().where(
        col(Deadline.id) == assignment.deadline_id,
        col(Deadline.printed_day) == _day_parameter("first"),
    )
    return [or_(and_(*inside), printed)]


async def _find_by_code(session: AsyncSession, wanted: TaskQuery) -> list[int] | None:
    """Ids of the tasks that a code names: exactly, else the key without its group, else the codes below it."""
    if wanted.code is None:
        return None
    scope = [col(Task.outside).is_(False)]
    if wanted.plans:
        scope.append(col(Task.plan_id).in_(wanted.plans))
    code = wanted.code
    below = _escape_like(code)
    for condition in (
        or_(col(Task.code) == code, func.upper(Task.key) == code.upper()),
        col(Task.key).like(f"_.{below}", escape="\\") if "." in code else false(),
        or_(
            col(Task.code).like(f"{below}.%", escape="\\"),
            col(Task.key).like(f"{below}.%", escape="\\"),
        ),
    ):
        ids = (await session.exec(select(Task.id).where(*scope, condition))).all()
        if ids:
            return [task_id for task_id in ids if task_id is not None]
    return []


async def _narrow_task_ids(session: AsyncSession, wanted: TaskQuery) -> list[int] | None:
    """Ids of the tasks that code and words narrow a look-up to; None where neither is said."""
    among = await _find_by_code(session, wanted)
    if wanted.words and among != []:
        return await _find_best_by_words(session, wanted, among)
    return among


FEW_TASKS = 1000  # tasks that are looked at one by one
MOST_MISSING_WORDS = 2  # how many of the words may be missing before tasks are counted word by word


def _escape_like(text: str) -> str:
    """`text` for LIKE with "\\" as the escape: every sign stands for itself."""
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


@dataclass
class _WordScope:
    """Where words are looked for: conditions on tasks, and the values that they name."""

    conditions: list[ColumnElement[bool]]
    values: dict[str, Any]


async def _find_best_by_words(
    session: AsyncSession, wanted: TaskQuery, among: Sequence[int] | None
) -> list[int]:
    """Ids of the tasks that hold the most of the words (questions.md rule 6), of `among` where that is said.

    Few tasks are looked at one by one. Of many, those with all of the words are asked for first, then all but one, all
    but two: most questions end there, and it is far quicker than counting every word in every task.
    """
    words, sqlite = wanted.words, _is_on_sqlite(session)
    terms = [term for word in dict.fromkeys(words) if (term := _build_term(word, sqlite))]
    if not terms:
        return []
    scope = _WordScope(
        [*_build_common_conditions(wanted), *_match_agencies(wanted)], _bind_values(wanted, among)
    )
    if among is not None:
        scope.conditions.append(_match_listed_ids(sqlite))
    texts = select(Task.id, Task.search_text).where(*scope.conditions).limit(FEW_TASKS + 1)
    few = (await session.exec(texts, params=scope.values)).all()
    if len(few) <= FEW_TASKS:
        scores = {
            task_id: score_text(words, search_text)
            for task_id, search_text in few
            if task_id is not None
        }
        best = max(scores.values(), default=0)
        return [task_id for task_id, hits in scores.items() if hits == best > 0]
    for missing in range(min(MOST_MISSING_WORDS, len(terms) - 1) + 1):
        found = await _find_by_text(
            session, _combine_terms(terms, len(terms) - missing, sqlite), scope
        )
        if found:
            return found
    counted: dict[int, int] = {}
    for term in terms:
        for task_id in await _find_by_text(session, term, scope):
            counted[task_id] = counted.get(task_id, 0) + 1
    best = max(counted.values(), default=0)
    return [task_id for task_id, hits in counted.items() if hits == best]


def _build_term(word: str, sqlite: bool) -> str:
    """A word, or words side by side, in the full-text language of the database; empty where nothing is left."""
    parts = _WORD_CHARACTERS.findall(word)
    if sqlite:
        return '"' + " ".join(parts) + '"' if parts else ""
    return "(" + " <-> ".join(parts) + ")" if parts else ""


def _combine_terms(terms: Sequence[str], count: int, sqlite: bool) -> str:
    """The full-text query for at least `count` of `terms`."""
    both, either = (" AND ", " OR ") if sqlite else (" & ", " | ")
    return either.join("(" + both.join(chosen) + ")" for chosen in combinations(terms, count))


async def _find_by_text(session: AsyncSession, query: str, scope: _WordScope) -> list[int]:
    if _is_on_sqlite(session):
        match: Any = col(Task.id).in_(
            text("SELECT rowid FROM task_search WHERE task_search MATCH :query")
        )
    else:
        match = text("to_tsvector('simple', search_text) @@ to_tsquery('simple', :query)")
    statement = select(Task.id).where(match, *scope.conditions)
    found = await session.exec(statement, params={**scope.values, "query": query})
    return [task_id for task_id in found if task_id is not None]


# --- what an answer shows --------------------------------------------------------------------------------------------


@dataclass
class TaskView:
    """One task as an answer shows it: its plan, section, agencies, assignments (with agency names) and deadlines."""

    task: Task
    plan: Plan
    section: str | None = None
    leads: list[str] = field(default_factory=list)
    partners: list[str] = field(default_factory=list)
    assignments: list[tuple[Assignment, str | None]] = field(default_factory=list)

    def find_next_open(self, agency_ids: Iterable[int] | None = None) -> Assignment | None:
        """The open assignment with the earliest last day, of `agency_ids` where they hold any of this task."""
        held = self.find_assignments(agency_ids)
        dated = [a for a in held if a.status in OPEN and a.last_day is not None]
        return min(dated, key=lambda a: a.last_day or date.max, default=None)

    def find_assignments(self, agency_ids: Iterable[int] | None = None) -> list[Assignment]:
        """The assignments of `agency_ids`, or all of them where these hold none."""
        wanted = set(agency_ids or ())
        own = [a for a, _ in self.assignments if a.agency_id in wanted or a.lead_id in wanted]
        return own or [a for a, _ in self.assignments]


_TASK_IDS = _ids_parameter("task_ids")
_SELECT_TASKS = (
    select(Task, Plan, Section.title)
    .join(Plan, col(Plan.id) == Task.plan_id)
    .join(Section, col(Section.id) == Task.section_id, isouter=True)
    .where(col(Task.id).in_(_TASK_IDS))
)
_SELECT_PARTIES = (
    select(TaskAgency.task_id, TaskAgency.role, Agency.name)
    .join(Agency)
    .where(col(TaskAgency.task_id).in_(_TASK_IDS))
    .order_by(col(TaskAgency.position))
)
_SELECT_ASSIGNMENTS = (
    select(Assignment, Agency.name)
    .join(Agency, col(Agency.id) == Assignment.agency_id, isouter=True)
    .where(col(Assignment.task_id).in_(_TASK_IDS), match_in_force())
    .order_by(col(Assignment.last_day), col(Assignment.id))
)


async def load_task_views(session: AsyncSession, task_ids: Sequence[int]) -> list[TaskView]:
    """These tasks with all that an answer shows, in the order of `task_ids`; ids that are no more are left out."""
    if not task_ids:
        return []
    named = {"task_ids": task_ids}
    found = {
        t.id: TaskView(t, plan, section)
        for t, plan, section in await session.exec(_SELECT_TASKS, params=named)
    }
    for task_id, role, name in await session.exec(_SELECT_PARTIES, params=named):
        (found[task_id].leads if role == Role.LEAD else found[task_id].partners).append(name)
    for assignment, agency in await session.exec(_SELECT_ASSIGNMENTS, params=named):
        found[assignment.task_id].assignments.append((assignment, agency))
    return [found[task_id] for task_id in task_ids if task_id in found]


async def load_milestones(session: AsyncSession, task_id: int) -> list[Milestone]:
    """The milestones of a task as read, in the order printed."""
    rows = await session.exec(
        select(TaskMilestone)
        .where(TaskMilestone.task_id == task_id)
        .order_by(col(TaskMilestone.position))
    )
    days = await session.exec(
        select(Deadline).where(Deadline.task_id == task_id).order_by(col(Deadline.last_day))
    )
    by_milestone: dict[int | None, list[Deadline]] = {}
    for day in days:
        by_milestone.setdefault(day.milestone_id, []).append(day)
    return [read_milestone_row(row, by_milestone.get(row.id, [])) for row in rows]


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
    def dated_total(self) -> int:
        """How many have a date."""
        return self.done_in_time + self.done_late + self.open_in_time + self.open_late

    @property
    def done_total(self) -> int:
        """How many of those are done."""
        return self.done_in_time + self.done_late

    def __add__(self, other: Figures) -> Figures:
        return Figures(**{name: getattr(self, name) + getattr(other, name) for name in vars(self)})


async def count_figures(session: AsyncSession, wanted: TaskQuery) -> dict[int | None, Figures]:
    """The figures by agency (id; None for work without an agency) of the tasks that `wanted` means."""
    dated = col(Assignment.last_day).is_not(None)
    finished = col(Assignment.status) == Status.DONE
    in_time = col(Assignment.done_on) <= col(Assignment.last_day)
    classes = {
        "done_in_time": and_(dated, finished, in_time),
        "done_late": and_(dated, finished, ~in_time),
        "open_in_time": and_(dated, ~finished, col(Assignment.last_day) >= _day_parameter("today")),
        "open_late": and_(dated, ~finished, col(Assignment.last_day) < _day_parameter("today")),
        "undated": and_(~dated, ~finished),
        "undated_done": and_(~dated, finished),
    }
    counted = [func.sum(case((condition, 1), else_=0)) for condition in classes.values()]
    statement = (
        select(Assignment.agency_id, *counted)
        .join(Task, col(Task.id) == Assignment.task_id)
        .where(
            match_in_force(),
            col(Assignment.status).in_([*UNFINISHED, Status.DONE]),
        )
        .where(*_build_common_conditions(replace(wanted, status=None, due=None)))
        .group_by(col(Assignment.agency_id))
    )
    mine = _limit_to_agencies(wanted, Assignment)
    if wanted.agencies is not None and not mine:
        mine = _match_agencies(wanted)
    among = await _narrow_task_ids(session, wanted)
    if among is not None:
        mine = [*mine, _match_listed_ids(_is_on_sqlite(session))]
    statement = statement.where(*mine, *_match_days(wanted, Assignment))
    rows = await (await session.connection()).execute(statement, _bind_values(wanted, among))
    return {row[0]: Figures(*(int(n or 0) for n in row[1:])) for row in rows}


async def find_printed_days(
    session: AsyncSession, wanted: TaskQuery
) -> list[tuple[date, date, int]]:
    """Deadlines whose printed day lies in the window though the last day does not: printed day, last day, how many.

    "Trước 01/12" ends on 30/11: a question about December is told so (questions.md rule 3).
    """
    due = wanted.due
    if due is None or due.single or due.first is None or due.last is None:
        return []
    among = await _narrow_task_ids(session, replace(wanted, due=None, status=None))
    narrowed = [] if among is None else [_match_listed_ids(_is_on_sqlite(session))]
    statement = (
        select(
            col(Deadline.printed_day),
            col(Deadline.last_day),
            func.count(func.distinct(col(Task.id))),
        )
        .join(Task, col(Task.id) == Deadline.task_id)
        .where(
            col(Deadline.printed_day).between(_day_parameter("first"), _day_parameter("last")),
            col(Deadline.last_day) < _day_parameter("first"),
            *_build_common_conditions(replace(wanted, due=None, status=None)),
            *_match_agencies(wanted),
            *narrowed,
        )
        .group_by(col(Deadline.printed_day), col(Deadline.last_day))
    )
    rows = await session.exec(statement, params=_bind_values(wanted, among))
    return [(p, d, n) for p, d, n in rows if p is not None and d is not None]
