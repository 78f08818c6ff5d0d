"""A case: one assignment with its task, plan and agency, as commands and buttons work on it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from handlers.conversation.refusals import refuse_button
from handlers.conversation.request import Handler, Request
from handlers.conversation.rights import Action
from locales.answer import Answer, Sentence, make_answer, say
from locales.phrases import describe_last_day, shorten_text
from models.agencies import Agency, find_agency_with_successors, load_successors
from models.assignments import OPEN, Assignment, Report, Status, match_in_force
from models.people import Person, PostRole, find_post_holders
from models.plans import Plan, Task, TaskState
from plans.format import TaskRow

TITLE_LENGTH = 160  # characters of a task's title in a message about it
MOST_DIGITS = 18  # of an id in a button; more is no id


def name_task(task: Task | TaskRow) -> dict[str, str]:
    """Return the values `key` and `title` that name a task in a sentence."""
    return {"key": task.key, "title": shorten_text(task.title, TITLE_LENGTH)}


@dataclass
class AssignmentCase:
    """One assignment and what it belongs to.

    `agency_ids`: the agency and those that it was merged into; they answer for it.
    """

    assignment: Assignment
    task: Task
    plan: Plan
    agency: str | None
    agency_ids: frozenset[int | None]

    @property
    def id(self) -> int:
        """Return the assignment's id."""
        return self.assignment.id

    def may_do(self, request: Request, action: Action) -> bool:
        """Return whether the sender may do `action` with this assignment."""
        return request.may_do(action, *self.agency_ids)

    def describe_task(self) -> Sentence:
        """Return the number and title of the task."""
        return say("case-task", **name_task(self.task))

    def agency_name(self) -> str | Sentence:
        """Return the agency's name."""
        return self.agency or say("no-agency")

    def describe_due_day(self, request: Request) -> Sentence:
        """Return the last day with its weekday, and the days left of what is open.

        What was reported is measured by the day of the report, however late it is confirmed.
        """
        day, done = self.assignment.last_day, self.assignment.done_on
        if day is None:
            return say("when-undated")
        if self.assignment.status in OPEN:
            return describe_last_day(day, request.today)
        late = done is not None and done > day
        return describe_last_day(day, done) if done and late else say("day-alone", day=day)

    def describe_case(self, request: Request) -> list[Sentence]:
        """Return what a message is about: the task, the agency, the last day."""
        return [
            self.describe_task(),
            say("case-agency", agency=self.agency_name(), when=self.describe_due_day(request)),
        ]


def parse_id(text: str) -> int | None:
    """Return the id that a button carries; None for anything else."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= MOST_DIGITS else None


async def find_case(session: AsyncSession, assignment_id: int | None) -> AssignmentCase | None:
    """Return an assignment with all it belongs to.

    None if there is none, or if the assignments of the members have replaced it.
    """
    if assignment_id is None:
        return None
    found = await find_cases(session, col(Assignment.id) == assignment_id)
    return found[0] if found else None


async def find_cases_of_task(session: AsyncSession, task_id: int) -> list[AssignmentCase]:
    """Return the assignments in force of a task: earliest last day first, undated ones last."""
    return await find_cases(session, col(Assignment.task_id) == task_id)


async def find_cases(
    session: AsyncSession, *conditions: ColumnElement[bool]
) -> list[AssignmentCase]:
    """Return the assignments in force that meet the conditions, all in one query.

    Earliest last day first, undated ones last. The conditions may be on task and plan, too.
    """
    rows = await session.exec(
        select(Assignment, Task, Plan, Agency.name)
        .join(Task, col(Task.id) == Assignment.task_id)
        .join(Plan, col(Plan.id) == Assignment.plan_id)
        .join(Agency, col(Agency.id) == Assignment.agency_id, isouter=True)
        .where(match_in_force(), *conditions)
        .order_by(col(Assignment.last_day).is_(None), col(Assignment.last_day), col(Assignment.id))
        .execution_options(populate_existing=True)
    )
    found = list(rows)
    if not found:
        return []
    successors = await load_successors(session)
    return [
        AssignmentCase(
            assignment,
            task,
            plan,
            agency,
            find_agency_with_successors(successors, assignment.agency_id),
        )
        for assignment, task, plan, agency in found
    ]


def make_button_handler(
    work: Callable[[AsyncSession, AssignmentCase, Request], Awaitable[Answer]],
) -> Handler:
    """Return the handler of a button that names an assignment.

    It calls `work` with the case in one transaction.
    """

    async def handle_button(request: Request) -> Answer:
        """Call `work` with the case that the button names."""
        async with request.write() as session:
            case = await find_case(session, parse_id(request.args))
            return refuse_button() if case is None else await work(session, case, request)

    return handle_button


def find_next_case(
    cases: Sequence[AssignmentCase], statuses: Sequence[Status] = OPEN
) -> AssignmentCase | None:
    """Return the first of `cases` whose status is one of `statuses`.

    `cases` stand in the order of `find_cases_of_task`: it is the one with the earliest last day.
    """
    return next((case for case in cases if case.assignment.status in statuses), None)


def explain_refusal(case: AssignmentCase, request: Request, action: Action) -> Answer | None:
    """Return why the sender may not do `action` here; None if they may."""
    if case.plan.closed_on is not None:
        return make_answer(say("case-plan-closed"))
    if case.task.state == TaskState.CANCELLED:
        return make_answer(say("case-cancelled", key=case.task.key))
    if case.may_do(request, action):
        return None
    return make_answer(say(f"may-not-{action.value.replace('_', '-')}", agency=case.agency_name()))


async def find_supervisors(session: AsyncSession, plan: Plan, request: Request) -> list[int]:
    """Return the ids of the people who supervise a plan.

    The supervisors of its supervising agency; without one all supervisors, else the admins.
    """
    if plan.supervisor_id is not None:
        own = await find_post_holders(
            session, [PostRole.SUPERVISOR], request.today, [plan.supervisor_id]
        )
        if own:
            return [person.id for person in own]
    for role in (PostRole.SUPERVISOR, PostRole.ADMIN):
        people = await find_post_holders(session, [role], request.today)
        if people:
            return [person.id for person in people]
    return []


async def needs_confirmation(session: AsyncSession, plan: Plan, request: Request) -> bool:
    """Return whether a supervisor confirms reports of this plan.

    As the plan is set; if it is not, as soon as a supervisor has joined.
    """
    if plan.confirmation is not None:
        return plan.confirmation
    return bool(await find_post_holders(session, [PostRole.SUPERVISOR], request.today))


async def find_agency_people(
    session: AsyncSession, case: AssignmentCase, request: Request
) -> list[int]:
    """Return the ids of the focal points and heads of the agencies that answer for the case."""
    agencies = [agency for agency in case.agency_ids if agency is not None]
    people = await find_post_holders(
        session, [PostRole.FOCAL_POINT, PostRole.HEAD], request.today, agencies
    )
    return [person.id for person in people]


async def find_last_report(session: AsyncSession, assignment_id: int) -> Report | None:
    """Return the newest report of completion of an assignment."""
    return (
        await session.exec(
            select(Report)
            .where(Report.assignment_id == assignment_id)
            .order_by(col(Report.id).desc())
            .limit(1)
        )
    ).first()


async def find_person_name(session: AsyncSession, person_id: int | None) -> str | Sentence:
    """Return a person's name; "người đã rời" if their data were erased."""
    person = await session.get(Person, person_id) if person_id is not None else None
    return person.name if person is not None and person.name else say("person-gone")
