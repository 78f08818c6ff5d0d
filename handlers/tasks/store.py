"""Stores a task that was added or changed in chat, and notifies the agencies."""

from __future__ import annotations

from sqlalchemy import func
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from handlers.conversation import words
from handlers.conversation.cases import name_task
from handlers.conversation.refusals import refuse_dialogue
from handlers.conversation.request import Request
from handlers.tasks.draft import TaskDraft
from handlers.tasks.find import refuse_change
from handlers.tasks.preview import build_row, format_own_plan_title
from handlers.tasks.recipients import find_recipients, notify_agencies, notify_recipients
from handlers.work import undo
from locales.answer import Answer, Sentence, make_answer, make_button, say
from models.audit import Audit
from models.plans import Plan, Task
from plans.format import PlanHead, TaskRow
from plans.registry.compare import make_identity
from plans.registry.export import export_task
from plans.registry.writer import PlanWriter

FIELDS_IN_NOTICE = ("title", "deadline_text", "partners", "deliverables", "requirement")
"""The fields whose change is named in the message to the agencies."""

LAST_POSITION = 900_000  # of a task of the table; those outside it come behind


async def make_writer(session: AsyncSession, request: Request) -> PlanWriter:
    """Return the writer of plans for the sender of the message."""
    directory = (await request.app.load_registry_names(session)).directory
    return PlanWriter(session, directory, request.now, request.today, request.sender.person_id)


async def store_new_task(session: AsyncSession, request: Request, data: TaskDraft) -> Answer:
    """Store a new task under the next free number, and notify its agencies.

    The plan is locked meanwhile, so that of two tasks at once each gets its own number.
    """
    plan_id = data.plan if data.plan else (await ensure_own_plan(session, request)).id
    plan = await session.get(Plan, plan_id, with_for_update=True)
    if plan is None or plan.closed_on is not None:
        return make_answer(say("case-plan-closed"))
    key = await find_free_key(session, plan.id, words.get_word("task", "added_key"))
    row = build_row(data, key)
    writer, position = await make_writer(session, request), await find_next_position(session, plan)
    task_id = await writer.add_task(plan.id, row, position)
    audit = request.record_change(
        session,
        "add_task",
        "task",
        task_id,
        after={"plan": plan.id, "key": key, "row": row.model_dump(mode="json")},
    )
    await session.flush()
    request.app.forget_names()
    await notify_agencies(session, request, task_id, "told-task-added", audit)
    return _confirm_storing(say("task-kept", **name_task(row)), task_id, audit)


async def ensure_own_plan(session: AsyncSession, request: Request) -> Plan:
    """Return the year's plan for tasks outside every plan; make it if there is none."""
    head = PlanHead(
        title=format_own_plan_title(request.today.year),
        first_year=request.today.year,
        last_year=request.today.year,
    )
    plan = (await session.exec(select(Plan).where(Plan.identity == make_identity(head)))).first()
    if plan is None:
        plan = Plan(identity=make_identity(head), imported_at=request.now, **head.model_dump())
        session.add(plan)
        await session.flush()
        request.record_change(
            session,
            "own_plan",
            "plan",
            plan.id,
            after={"title": plan.title},
        )
        request.app.forget_names()
    return plan


async def find_free_key(session: AsyncSession, plan_id: int, group: str) -> str:
    """Return the next free number of a group of keys: BS.1, BS.2 ..."""
    keys = await session.exec(
        select(Task.key).where(Task.plan_id == plan_id, col(Task.key).startswith(f"{group}."))
    )
    numbers = [int(key.rpartition(".")[2]) for key in keys if key.rpartition(".")[2].isdecimal()]
    return f"{group}.{max(numbers, default=0) + 1}"


async def find_next_position(session: AsyncSession, plan: Plan) -> int:
    """Return the position behind the last task of the plan's table."""
    last = await session.exec(
        select(func.max(Task.position)).where(
            Task.plan_id == plan.id, col(Task.position) < LAST_POSITION
        )
    )
    return (last.one() or 0) + 1


async def store_changed_task(session: AsyncSession, request: Request, data: TaskDraft) -> Answer:
    """Store a changed task, and notify its agencies.

    If somebody else changed the task since it was shown, it stays as it is.
    """
    task = await session.get(Task, data.task, with_for_update=True)
    if task is None:
        return refuse_dialogue()
    refusal = await refuse_change(session, task, request)
    if refusal is not None:
        return refusal
    now = (await export_task(session, task)).model_dump(mode="json", exclude={"key"})
    old, new = data.base, data.row
    if {field: now.get(field) for field in old} != old:  # an older draft knows fewer fields
        return make_answer(say("task-changed-meanwhile", key=task.key))
    before = await find_recipients(session, request, task.id)
    audit = await rewrite_task(session, request, task, build_row(data, task.key), "change_task")
    if new["lead"] != old["lead"]:
        token = undo.make_notice_token(audit, "given")
        await notify_recipients(session, request, before, "told-task-given", token)
        await notify_agencies(session, request, task.id, "told-task-added", audit)
    else:
        fields = [f for f in FIELDS_IN_NOTICE if new.get(f) != old.get(f)]
        names = tuple(say(f"task-field-{field.replace('_', '-')}") for field in fields)
        more = [say("case-changed", fields=names)]
        await notify_agencies(session, request, task.id, "told-task-changed", audit, more)
    return _confirm_storing(say("task-changed", **name_task(task)), task.id, audit)


def _confirm_storing(sentence: Sentence, task_id: int | None, audit: Audit) -> Answer:
    """Return that a task was stored, with buttons to show it and to undo that."""
    row = [make_button(say("button-show"), "show", task_id), undo.make_undo_button(audit)]
    return make_answer(sentence, buttons=[row], replace=True)


async def rewrite_task(
    session: AsyncSession, request: Request, task: Task, row: TaskRow, action: str
) -> Audit:
    """Write `row` over a task; return the audit's row.

    The audit holds the task before and after, and its assignments before, for undo.
    """
    before = await undo.take_snapshot(session, task)
    await (await make_writer(session, request)).change_task(task, row)
    after = (await export_task(session, task)).model_dump(mode="json")
    audit = request.record_change(
        session,
        action,
        "task",
        task.id,
        before=before,
        after={"row": after},
    )
    await session.flush()
    request.app.forget_names()
    return audit
