"""Stores a task that was added or changed in chat, and notifies the agencies."""

from __future__ import annotations

from typing import Any

from sqlalchemy import func
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from handlers.conversation import cases, words
from handlers.conversation.cases import TITLE_LENGTH
from handlers.conversation.turn import Request
from handlers.tasks.find import refuse_change
from handlers.tasks.preview import build_row, format_own_plan_title
from handlers.tasks.recipients import find_recipients, notify_agencies, notify_recipients
from handlers.work import undo
from locales.answer import Answer, Button, make_answer, say
from locales.phrases import shorten_text
from models.audit import Audit, record_change
from models.plans import Plan, Task
from plans.format import PlanHead, TaskRow
from plans.registry.compare import make_identity
from plans.registry.export import export_task
from plans.registry.writer import PlanWriter

FIELDS_IN_NOTICE = ("title", "deadline_text", "partners", "deliverables", "requirement")
"""The fields of a plan file that a change tells of."""
LAST_POSITION = 900_000  # of a task of the table; those outside it come behind


def make_writer(session: AsyncSession, turn: Request, directory: Any) -> PlanWriter:
    return PlanWriter(session, directory, turn.now, turn.today, turn.sender.person_id)


async def store_new_task(session: AsyncSession, turn: Request, data: dict[str, Any]) -> Answer:
    plan_id = data["plan"] if data.get("plan") else (await ensure_own_plan(session, turn)).id
    plan = await session.get(
        Plan, plan_id, with_for_update=True
    )  # of two tasks at once each gets its own number
    if plan is None or plan.closed_on is not None:
        return make_answer(say("case-plan-closed"))
    key = await find_free_key(session, plan.id or 0, words.get_word("task", "added_key"))
    row = build_row(data, key)
    directory = (await turn.app.load_registry_names(session)).directory
    task_id = await make_writer(session, turn, directory).add_task(
        plan.id or 0, row, await find_next_position(session, plan)
    )
    audit = record_change(
        session, turn.now, "add_task", "task", task_id, person_id=turn.sender.person_id,
        after={"plan": plan.id, "key": key, "row": row.model_dump(mode="json")},
    )  # fmt: skip
    await session.flush()
    turn.app.forget_names()
    await notify_agencies(session, turn, task_id, "told-task-added", audit)
    return make_answer(
        say("task-kept", key=key, title=shorten_text(row.title, TITLE_LENGTH)),
        buttons=[[Button(say("button-show"), f"show:{task_id}"), undo.make_undo_button(audit)]],
        replace=True,
    )


async def ensure_own_plan(session: AsyncSession, turn: Request) -> Plan:
    """The year's plan for tasks outside every plan, made where it is missing."""
    head = PlanHead(
        title=format_own_plan_title(turn.today.year),
        first_year=turn.today.year,
        last_year=turn.today.year,
    )
    found = (await session.exec(select(Plan).where(Plan.identity == make_identity(head)))).first()
    if found is None:
        found = Plan(identity=make_identity(head), imported_at=turn.now, **head.model_dump())
        session.add(found)
        await session.flush()
        record_change(
            session, turn.now, "own_plan", "plan", found.id, person_id=turn.sender.person_id,
            after={"title": found.title},
        )  # fmt: skip
        turn.app.forget_names()
    return found


async def find_free_key(session: AsyncSession, plan_id: int, group: str) -> str:
    """The next free number of a group of keys: BS.1, BS.2 ..."""
    keys = await session.exec(
        select(Task.key).where(Task.plan_id == plan_id, col(Task.key).startswith(f"{group}."))
    )
    numbers = [int(key.rpartition(".")[2]) for key in keys if key.rpartition(".")[2].isdecimal()]
    return f"{group}.{max(numbers, default=0) + 1}"


async def find_next_position(session: AsyncSession, plan: Plan) -> int:
    """The place behind the last task of the plan's table."""
    last = await session.exec(
        select(func.max(Task.position)).where(
            Task.plan_id == plan.id, col(Task.position) < LAST_POSITION
        )
    )
    return (last.one() or 0) + 1


async def store_changed_task(session: AsyncSession, turn: Request, data: dict[str, Any]) -> Answer:
    """Stores a changed task, unless somebody else changed it since it was shown."""
    task = await session.get(Task, data["task"], with_for_update=True)
    if task is None:
        return make_answer(say(cases.BUTTON_OUT_OF_DATE))
    barred = await refuse_change(session, task, turn)
    if barred is not None:
        return barred
    now = (await export_task(session, task)).model_dump(mode="json", exclude={"key"})
    if now != data["base"]:
        return make_answer(say("task-changed-meanwhile", key=task.key))
    given = data["row"]["lead"] != data["base"]["lead"]
    before = await find_recipients(session, turn, task.id or 0)
    audit = await rewrite_task(session, turn, task, build_row(data, task.key), "change_task")
    if given:
        await notify_recipients(
            session, turn, before, "told-task-given", undo.make_notice_token(audit, "given")
        )
        await notify_agencies(session, turn, task.id or 0, "told-task-added", audit)
    else:
        fields = [f for f in FIELDS_IN_NOTICE if data["row"].get(f) != data["base"].get(f)]
        changed = say(
            "case-changed", fields=tuple(say(f"task-field-{f.replace('_', '-')}") for f in fields)
        )
        await notify_agencies(session, turn, task.id or 0, "told-task-changed", audit, [changed])
    return make_answer(
        say("task-changed", key=task.key, title=shorten_text(task.title, TITLE_LENGTH)),
        buttons=[[Button(say("button-show"), f"show:{task.id}"), undo.make_undo_button(audit)]],
        replace=True,
    )


async def rewrite_task(
    session: AsyncSession, turn: Request, task: Task, row: TaskRow, action: str
) -> Audit:
    """Writes `row` over a task, with the audit (before and after, and how its assignments stood); returns its row."""
    before = await undo.take_snapshot(session, task)
    directory = (await turn.app.load_registry_names(session)).directory
    await make_writer(session, turn, directory).change_task(task, row)
    after = (await export_task(session, task)).model_dump(mode="json")
    audit = record_change(
        session, turn.now, action, "task", task.id, person_id=turn.sender.person_id,
        before=before, after={"row": after},
    )  # fmt: skip
    await session.flush()
    turn.app.forget_names()
    return audit
