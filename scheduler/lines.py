"""Lines of reminders: what is loaded for each assignment, and how a line is written."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, func
from sqlmodel import col, select
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


LONGEST_PLAN = 60  # characters of a plan's title where it has no number


@dataclass(frozen=True, slots=True)
class ReminderLine:
    """One line of a message: an assignment and the step that is told of it, with what stands in the text."""

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
    plan_full_name: str = ""  # in full where the plan has no number
    printed_day: date | None = None
    wanted_day: date | None = None  # more time that was asked for and not decided on

    @property
    def urgency(self) -> tuple[date, str, int]:
        """What lines are ordered by."""
        return (self.last_day, self.plan, self.assignment_id)


@dataclass(frozen=True, slots=True)
class Message:
    """A finished message and the lines it tells."""

    what: Answer
    lines: tuple[ReminderLine, ...] = ()


def mark_repeat(what: Answer, notice: Notice) -> Answer:
    if not notice.again:
        return what
    return make_answer(say("remind-again"), *what.blocks, buttons=what.buttons)


async def load_lines(session: AsyncSession, notice_id: int) -> list[ReminderLine]:
    """What a notice has to tell now, most urgent first: of each assignment the step nearest its last day."""
    waiting = (
        select(func.max(Extension.wanted_day))
        .where(Extension.assignment_id == Assignment.id, col(Extension.decision).is_(None))
        .correlate(Assignment)
        .scalar_subquery()
    )
    statement = (
        select(
            NoticeLine.step,
            Assignment,
            Task,
            Plan,
            Agency.name,
            Deadline,
            TaskMilestone.what,
            waiting,
        )  # type: ignore[call-overload]  # the overloads end at four columns
        .join(Assignment, col(Assignment.id) == NoticeLine.assignment_id)
        .join(Task, col(Task.id) == Assignment.task_id)
        .join(Plan, col(Plan.id) == Assignment.plan_id)
        .join(Deadline, col(Deadline.id) == Assignment.deadline_id)
        .join(TaskMilestone, col(TaskMilestone.id) == Deadline.milestone_id, isouter=True)
        .join(Agency, col(Agency.id) == Assignment.agency_id, isouter=True)
        .where(
            NoticeLine.notice_id == notice_id,
            NoticeLine.last_day == Assignment.last_day,
            *match_open_work(),
        )
        .execution_options(populate_existing=True)
    )
    found: dict[int, ReminderLine] = {}
    for step, assignment, task, plan, agency, deadline, what, wanted in await session.exec(
        statement
    ):
        line = make_line(step, assignment, task, plan, agency, deadline, what, wanted)
        other = found.get(line.assignment_id)
        if other is None or steps.rank_step(line.step) > steps.rank_step(other.step):
            found[line.assignment_id] = line
    return sorted(found.values(), key=lambda line: line.urgency)


def match_open_work() -> list[ColumnElement[bool]]:
    """What an assignment must be to be spoken of: open, not replaced, its task and plan not ended."""
    return [
        col(Assignment.status).in_(OPEN),
        match_in_force(),
        col(Task.cancelled_on).is_(None),
        col(Plan.closed_on).is_(None),
    ]


def make_line(
    step: str,
    assignment: Assignment,
    task: Task,
    plan: Plan,
    agency: str | None,
    deadline: Deadline,
    what: str | None,
    wanted: date | None,
) -> ReminderLine:
    printed = deadline.printed_day if assignment.last_day == deadline.last_day else None
    return ReminderLine(
        assignment_id=assignment.id or 0,
        task_id=task.id or 0,
        plan=shorten_plan_name(plan),
        plan_full_name=plan.number or plan.title,
        key=task.key,
        title=task.title
        if what is None or fold(what) in fold(task.title)
        else f"{task.title}: {what}",
        agency_id=assignment.agency_id,
        agency=agency,
        last_day=assignment.last_day or date.max,
        step=steps.strip_day(step),
        status=assignment.status,
        printed_day=printed if printed != deadline.last_day else None,
        wanted_day=wanted,
    )


def shorten_plan_name(plan: Plan) -> str:
    """What a plan is called in short: its number, else its title."""
    return plan.number or shorten_text(plan.title, LONGEST_PLAN)


def format_line(
    line: ReminderLine, today: date, *, agency: bool = False, plan: bool = False
) -> Sentence:
    """A line: number, title shortened at a word, last day with weekday, days left, and what else must be known."""
    left = (line.last_day - today).days
    when = "remind-late" if left < 0 else "remind-today" if left == 0 else "remind-left"
    parts = [say(when, day=line.last_day, count=abs(left))]
    if line.step == steps.START:
        parts.append(say("remind-start"))
    if line.status == Status.RETURNED:
        parts.append(say("remind-returned"))
    if line.wanted_day is not None:
        parts.append(say("remind-waits", day=line.wanted_day))
    return say(
        "remind-line",
        key=say("remind-key-plan", key=line.key, plan=line.plan)
        if plan
        else say("remind-key", key=line.key),
        title=shorten_text(line.title, LONGEST_TITLE),
        agency=say("remind-agency", agency=line.agency or say("no-agency"))
        if agency
        else say("nothing"),
        when=join_beside(parts),
    )


def has_several(values: Iterable[str]) -> bool:
    return len(set(values)) > 1
