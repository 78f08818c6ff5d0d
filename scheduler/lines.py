"""The lines of reminders: what is read for each assignment, and how a line is written."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, bindparam, func
from sqlmodel import col, or_, select
from sqlmodel.ext.asyncio.session import AsyncSession

from language.text import fold
from locales.answer import Answer, Sentence, make_answer, say
from locales.phrases import join_beside, shorten_text
from models.agencies import Agency
from models.assignments import OPEN, Assignment, Extension, Status, match_in_force
from models.milestones import Deadline, TaskMilestone
from models.notices import Notice, NoticeLine
from models.plans import Plan, Task
from scheduler import steps

LONGEST_TITLE = 110  # characters of a task's title in a line
LONGEST_PLAN = 60  # characters of a plan's name


@dataclass(frozen=True, slots=True)
class ReminderLine:
    """One line of a message: an assignment, the step it is told for, and the text's parts."""

    assignment_id: int
    task_id: int
    plan: str
    key: str
    title: str
    agency_id: int | None
    agency: str | None
    last_day: date
    step: str
    status: str
    plan_full_name: str = ""  # its number, or the whole title
    printed_day: date | None = None
    wanted_day: date | None = None  # more time that was asked for, not decided yet

    @property
    def urgency(self) -> tuple[date, str, int]:
        """The key that lines are sorted by."""
        return (self.last_day, self.plan, self.assignment_id)


@dataclass(frozen=True, slots=True)
class Message:
    """A finished message and its lines."""

    what: Answer
    lines: tuple[ReminderLine, ...] = ()


def mark_repeat(what: Answer, notice: Notice) -> Answer:
    """Return `what` with a mark before it if the notice may have arrived before."""
    if not notice.again:
        return what
    return make_answer(say("remind-again"), *what.blocks, buttons=what.buttons)


async def load_lines(session: AsyncSession, notice_id: int) -> list[ReminderLine]:
    """Return the lines of a notice as the registry is now, most urgent first.

    If a notice has several steps of an assignment, the step nearest its last day counts.
    """
    lines: dict[int, ReminderLine] = {}
    found = await session.exec(_LINES_OF_NOTICE, params={"notice": notice_id})
    for *work, step, wanted_day in found:
        line = make_line(work, step, wanted_day)
        other = lines.get(line.assignment_id)
        if other is None or steps.rank_step(line.step) > steps.rank_step(other.step):
            lines[line.assignment_id] = line
    return sorted(lines.values(), key=lambda line: line.urgency)


def select_open_work() -> Any:
    """Return the statement for open assignments with what a line shows of them.

    Its columns are the assignment, task, plan, agency's name, deadline and the milestone's name.
    """
    columns: Any = (Assignment, Task, Plan, Agency.name, Deadline, TaskMilestone.what)
    return (
        select(*columns)  # the overloads of `select` end at four columns
        .join(Task, col(Task.id) == Assignment.task_id)
        .join(Plan, col(Plan.id) == Assignment.plan_id)
        .join(Deadline, col(Deadline.id) == Assignment.deadline_id)
        .join(TaskMilestone, col(TaskMilestone.id) == Deadline.milestone_id, isouter=True)
        .join(Agency, col(Agency.id) == Assignment.agency_id, isouter=True)
        .where(*match_open_work())
        .execution_options(populate_existing=True)
    )


def _select_lines() -> Any:
    """Return the statement for the lines of the notice `:notice`."""
    more_time = select(func.max(Extension.wanted_day)).where(
        Extension.assignment_id == Assignment.id, col(Extension.decision).is_(None)
    )
    return (
        select_open_work()
        .add_columns(NoticeLine.step, more_time.correlate(Assignment).scalar_subquery())
        .join(NoticeLine, col(NoticeLine.assignment_id) == Assignment.id)
        .join(Notice, col(Notice.id) == NoticeLine.notice_id)
        .where(
            NoticeLine.notice_id == bindparam("notice"),
            NoticeLine.last_day == Assignment.last_day,
        )
        .where(  # what was heard of since is asked about no more
            or_(
                col(NoticeLine.step).not_like(f"{steps.UPDATE}-%"),
                col(Assignment.changed_at) <= Notice.planned_at,
            )
        )
    )


def match_open_work() -> list[ColumnElement[bool]]:
    """Return the conditions of assignments that are told of.

    They are open and in force, and their task and plan have not ended.
    """
    return [
        col(Assignment.status).in_(OPEN),
        match_in_force(),
        col(Task.cancelled_on).is_(None),
        col(Plan.closed_on).is_(None),
    ]


_LINES_OF_NOTICE = _select_lines()
"""Made once: making it takes longer than running it, which is done for each message."""


def make_line(work: Sequence[Any], step: str, wanted_day: date | None = None) -> ReminderLine:
    """Return the line of one row of `select_open_work`."""
    assignment, task, plan, agency, deadline, milestone = work
    is_named_in_title = milestone is None or fold(milestone) in fold(task.title)
    has_plan_day = assignment.last_day == deadline.last_day != deadline.printed_day
    return ReminderLine(
        assignment_id=assignment.id,
        task_id=task.id,
        plan=plan.shorten_name(LONGEST_PLAN),
        plan_full_name=plan.full_name,
        key=task.key,
        title=task.title if is_named_in_title else f"{task.title}: {milestone}",
        agency_id=assignment.agency_id,
        agency=agency,
        last_day=assignment.last_day or date.max,
        step=steps.strip_day(step),
        status=assignment.status,
        printed_day=deadline.printed_day if has_plan_day else None,
        wanted_day=wanted_day,
    )


def format_line(
    line: ReminderLine, today: date, *, agency: bool = False, plan: bool = False
) -> Sentence:
    """Return a line as text (docs/dev/reminders.md rule 13).

    It has the number, the title shortened at a word, the last day with its weekday, the days left,
    and what else must be known. `agency` and `plan` say whether to name these.
    """
    left = (line.last_day - today).days
    when = "remind-late" if left < 0 else "remind-today" if left == 0 else "remind-left"
    parts = [say(when, day=line.last_day, count=abs(left))]
    if line.step == steps.START:
        parts.append(say("remind-start"))
    if line.status == Status.RETURNED:
        parts.append(say("remind-returned"))
    if line.wanted_day is not None:
        parts.append(say("remind-waits", day=line.wanted_day))
    key = say("remind-key", key=line.key)
    if plan:
        key = say("remind-key-plan", key=line.key, plan=line.plan)
    name = say("nothing")
    if agency:
        name = say("remind-agency", agency=line.agency or say("no-agency"))
    title = shorten_text(line.title, LONGEST_TITLE)
    return say("remind-line", key=key, title=title, agency=name, when=join_beside(parts))


def has_several(values: Iterable[str]) -> bool:
    """Return whether there are different values."""
    return len(set(values)) > 1
