"""Finds the task that a command or a button names, and makes the handlers that work on it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from sqlmodel.ext.asyncio.session import AsyncSession

from handlers.conversation import cases
from handlers.conversation.refusals import refuse_button
from handlers.conversation.request import Handler, Request
from handlers.conversation.rights import Action
from locales.answer import Answer, Button, make_answer, make_button, say
from locales.phrases import shorten_text
from models.plans import Plan, Task, TaskState
from models.queries.task_query import TaskQuery
from models.queries.task_search import find_tasks

MOST_OFFERED = 8  # tasks offered as buttons
LONGEST_LABEL = 40  # characters on a button
LONGEST_ECHO = 80  # characters that are repeated of a text that was not understood
LONGEST_CODE = 40  # characters that are repeated of a task's number


async def find_tasks_by_code(session: AsyncSession, request: Request, code: str) -> list[Task]:
    """Return the tasks of the plans in force that a number or code names, cancelled ones too."""
    names = await request.app.load_registry_names(session)
    plans = tuple(p.id for p in names.list_plans_in_force(request.today))
    if not plans:
        return []
    query = TaskQuery(request.today, plans=plans, code=code.strip().strip("."))
    page = await find_tasks(session, query)
    tasks = [await session.get(Task, task_id) for task_id in page.all_ids]
    return [task for task in tasks if task is not None]


def has_code(task: Task, code: str) -> bool:
    """Return whether `code` is the task's code or number, with or without its group's letter."""
    wanted, key = code.strip(".").upper(), task.key.upper()
    without_group = key[2:] if key[1:2] == "." and "." in wanted else ""
    return wanted in {(task.code or "").upper(), key, without_group}


def _make_task_button(task: Task, action: str) -> Button:
    title = shorten_text(task.title, LONGEST_LABEL)
    return make_button(say("button-task", key=task.key, title=title), action, task.id)


async def _find_one_task(
    session: AsyncSession, request: Request, code: str, action: str
) -> Task | Answer:
    """Return the task that `code` names, or what to say if it names none or several."""
    if not code:
        return make_answer(say("task-which", command=action))
    tasks = await find_tasks_by_code(session, request, code)
    if not tasks:
        return make_answer(say("task-not-found", code=code[:LONGEST_CODE]))
    if len(tasks) > 1:
        rows = [[_make_task_button(task, action)] for task in tasks[:MOST_OFFERED]]
        return make_answer(say("task-several", code=code[:LONGEST_CODE]), buttons=rows)
    return tasks[0]


TaskWork = Callable[[AsyncSession, Request, Task, str], Awaitable[Answer]]
"""What is done with the task that a command or a button names; the text is the command's rest."""


def make_command_handler(action: str, work: TaskWork) -> Handler:
    """Return the handler of a command that names a task, and what is wanted behind a bar."""

    async def run_command(request: Request) -> Answer:
        if not request.may_do(Action.CHANGE_TASK):
            return make_answer(say("may-not-change-task"))
        code, _, rest = request.args.partition("|")
        async with request.write() as session:
            task = await _find_one_task(session, request, code.strip(), action)
            if isinstance(task, Answer):
                return task
            refusal = await refuse_change(session, task, request)
            return refusal or await work(session, request, task, rest.strip())

    return run_command


def make_button_handler(work: TaskWork) -> Handler:
    """Return the handler of the button under a task that does what the command does."""

    async def run_button(request: Request) -> Answer:
        number = cases.parse_id(request.args)
        async with request.write() as session:
            task = await session.get(Task, number) if number is not None else None
            if task is None:
                return refuse_button()
            refusal = await refuse_change(session, task, request)
            return refusal or await work(session, request, task, "")

    return run_button


async def refuse_change(session: AsyncSession, task: Task, request: Request) -> Answer | None:
    """Return why the sender cannot change the task; None if they can."""
    if not request.may_do(Action.CHANGE_TASK):
        return make_answer(say("may-not-change-task"))
    plan = await session.get_one(Plan, task.plan_id)
    if plan.closed_on is not None:
        return make_answer(say("case-plan-closed"))
    if task.state == TaskState.CANCELLED:
        return make_answer(say("case-cancelled", key=task.key))
    return None
