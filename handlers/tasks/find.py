"""Finds the task that a command or a button names, and makes the handlers that work on it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence

from sqlmodel.ext.asyncio.session import AsyncSession

from handlers.conversation import cases
from handlers.conversation.rights import Action
from handlers.conversation.turn import Handler, Request
from locales.answer import Answer, Button, make_answer, say
from locales.phrases import shorten_text
from models.plans import Plan, Task, TaskState
from models.queries.task_query import TaskQuery
from models.queries.task_search import find_tasks

MOST_OFFERED = 8  # tasks offered as buttons
LONGEST_LABEL = 40  # characters on a button


async def find_tasks_by_code(session: AsyncSession, turn: Request, code: str) -> list[Task]:
    """The tasks of the plans in force that a number or code names; cancelled ones too."""
    scene = await turn.app.load_registry_names(session)
    plans = tuple(p.id for p in scene.list_plans_in_force(turn.today) if p.id is not None)
    if not plans:
        return []
    found = await find_tasks(
        session, TaskQuery(turn.today, plans=plans, code=code.strip().strip("."))
    )
    tasks = [await session.get(Task, task_id) for task_id in found.all_ids]
    return [task for task in tasks if task is not None]


def _make_task_buttons(tasks: Sequence[Task], action: str) -> list[list[Button]]:
    return [
        [
            Button(
                say("button-task", key=t.key, title=shorten_text(t.title, LONGEST_LABEL)),
                f"{action}:{t.id}",
            )
        ]
        for t in tasks[:MOST_OFFERED]
    ]


async def _find_one_task(
    session: AsyncSession, turn: Request, code: str, action: str
) -> Task | Answer:
    """The task that `code` names, or what to say where it names none or several."""
    if not code:
        return make_answer(say("task-which", command=action))
    tasks = await find_tasks_by_code(session, turn, code)
    if not tasks:
        return make_answer(say("task-not-found", code=code[:40]))
    if len(tasks) > 1:
        return make_answer(
            say("task-several", code=code[:40]), buttons=_make_task_buttons(tasks, action)
        )
    return tasks[0]


TaskWork = Callable[[AsyncSession, Request, Task, str], Awaitable[Answer]]
"""What is done with a task that a command or a button names; the text is what the command says behind its number."""


def make_command_handler(action: str, work: TaskWork) -> Handler:
    """The handler of a command that names a task by its number, and behind a bar what is wanted of it."""

    async def run_command(turn: Request) -> Answer:
        if not turn.may_do(Action.CHANGE_TASK):
            return make_answer(say("may-not-change-task"))
        code, _, rest = turn.args.partition("|")
        async with turn.write() as session:
            task = await _find_one_task(session, turn, code.strip(), action)
            if isinstance(task, Answer):
                return task
            return await refuse_change(session, task, turn) or await work(
                session, turn, task, rest.strip()
            )

    return run_command


def make_button_handler(work: TaskWork) -> Handler:
    """The handler of the button under a task that does what the command does."""

    async def run_button(turn: Request) -> Answer:
        number = cases.parse_id(turn.args)
        async with turn.write() as session:
            task = await session.get(Task, number) if number is not None else None
            if task is None:
                return make_answer(toast=say(cases.BUTTON_OUT_OF_DATE))
            return await refuse_change(session, task, turn) or await work(session, turn, task, "")

    return run_button


async def refuse_change(session: AsyncSession, task: Task, turn: Request) -> Answer | None:
    """Why a task cannot be changed; None where it can."""
    if not turn.may_do(Action.CHANGE_TASK):
        return make_answer(say("may-not-change-task"))
    plan = await session.get_one(Plan, task.plan_id)
    if plan.closed_on is not None:
        return make_answer(say("case-plan-closed"))
    if task.state == TaskState.CANCELLED:
        return make_answer(say("case-cancelled", key=task.key))
    return None
