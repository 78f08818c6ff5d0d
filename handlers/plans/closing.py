"""Closing a plan (`/ketthuc`): what is unfinished is carried over to another plan or ended, with the reason.

The sample plan is removed the same way.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func
from sqlmodel import col, delete, select
from sqlmodel.ext.asyncio.session import AsyncSession

from handlers.conversation import drafts, words
from handlers.conversation.cases import parse_id
from handlers.conversation.refusals import refuse_button
from handlers.conversation.rights import Action
from handlers.conversation.turn import Handler, Request
from handlers.tasks.store import find_free_key, find_next_position
from locales.answer import Answer, Button, Sentence, make_answer, say
from locales.phrases import shorten_text
from models.assignments import (
    UNFINISHED,
    Assignment,
    Status,
    cancel_assignments,
    match_in_force,
    refresh_tasks,
)
from models.audit import record_change
from models.chats import Chat
from models.milestones import Deadline
from models.plans import Plan, Task
from plans.format import MilestoneRow, TaskRow
from plans.registry.export import export_plan
from plans.registry.writer import PlanWriter

LABEL_LENGTH = 40  # characters on a button
MOST_PLANS = 6  # buttons
LONGEST_REASON = 500  # characters
SHORTEST_REASON = 3
END, CARRY, REMOVE = "end", "carry", "remove"


@dataclass(frozen=True)
class PlanCounts:
    """How a plan stands: its tasks, and those with something unfinished."""

    tasks: int
    unfinished: int


async def count_tasks(session: AsyncSession, plan_id: int) -> PlanCounts:
    """How many tasks a plan has and how many are unfinished or paused."""
    tasks = (
        await session.exec(select(func.count()).select_from(Task).where(Task.plan_id == plan_id))
    ).one()
    left = select(func.count(func.distinct(Assignment.task_id))).where(
        Assignment.plan_id == plan_id,
        match_in_force(),
        col(Assignment.status).in_([*UNFINISHED, Status.SUSPENDED]),
    )
    return PlanCounts(tasks, (await session.exec(left)).one())


def name_plan(plan: Plan) -> str:
    """How a plan is called in a message."""
    return shorten_text(plan.number or plan.title, 80)


async def close_plan(request: Request) -> Answer:
    """`/ketthuc [plan]`: closes a plan, or asks which."""
    if not request.may_do(Action.CLOSE_PLAN):
        return make_answer(say("may-not-close-plan"))
    async with request.write() as session:
        registry = await request.app.load_registry_names(session)
        wanted = words.find_rest_after_any("group", "plan", request.args) or request.args
        plans = [
            p
            for p in (registry.find_plans(wanted) if wanted else registry.plans)
            if p.closed_on is None
        ]
        if not plans:
            return make_answer(say("close-no-plan"))
        if len(plans) == 1 and (wanted or len(registry.plans) == 1):
            return await _ask_how(session, request, plans[0])
        token = await drafts.save_draft(request, "close", {}, session)
    rows = [
        [
            Button(
                say("button-plan", plan=shorten_text(p.number or p.title, LABEL_LENGTH)),
                f"close:{token}:{p.id}",
            )
        ]
        for p in plans[-MOST_PLANS:]
    ]
    return make_answer(say("close-which"), buttons=[*rows, [drafts.make_leave_button(token)]])


async def choose_plan(request: Request) -> Answer:
    """The plan that is to be closed."""
    if await drafts.find_draft_of_button(request, "close") is None:
        return refuse_button()
    async with request.write() as session:
        plan = await _find_open_plan(session, request, parse_id(request.args))
        return plan if isinstance(plan, Answer) else await _ask_how(session, request, plan)


async def _find_open_plan(session: AsyncSession, request: Request, plan_id: Any) -> Plan | Answer:
    if not request.may_do(Action.CLOSE_PLAN):
        return make_answer(say("may-not-close-plan"))
    plan = (
        await session.get(Plan, plan_id, with_for_update=True) if isinstance(plan_id, int) else None
    )
    if plan is None:
        return make_answer(say("close-no-plan"))
    if plan.closed_on is not None:
        return make_answer(say("close-already", plan=name_plan(plan), day=plan.closed_on))
    return plan


async def _ask_how(session: AsyncSession, request: Request, plan: Plan) -> Answer:
    """What becomes of what is unfinished: carried over, ended; a sample plan is removed whole."""
    there = await count_tasks(session, plan.id or 0)
    token = await drafts.save_draft(request, "close", {"plan": plan.id}, session)
    if plan.sample:
        rows = [
            [Button(say("button-remove-sample"), f"closehow:{token}:{REMOVE}")],
            [drafts.make_leave_button(token)],
        ]
        return make_answer(
            say("close-sample", plan=name_plan(plan), count=there.tasks), buttons=rows
        )
    head = say("close-head", plan=name_plan(plan), count=there.tasks, unfinished=there.unfinished)
    if not there.unfinished:
        rows = [
            [Button(say("button-close"), f"closehow:{token}:{END}")],
            [drafts.make_leave_button(token)],
        ]
        return make_answer(head, buttons=rows)
    others = [
        p
        for p in (await request.app.load_registry_names(session)).plans
        if p.closed_on is None and p.id != plan.id
    ]
    rows = [
        [
            Button(
                say("button-carry", plan=shorten_text(p.number or p.title, LABEL_LENGTH)),
                f"closehow:{token}:{CARRY}:{p.id}",
            )
        ]
        for p in others[-MOST_PLANS:]
        if not p.sample
    ]
    rows.append([Button(say("button-end-all", count=there.unfinished), f"closehow:{token}:{END}")])
    more = [] if len(rows) > 1 else [say("close-no-target")]
    return make_answer(
        head, say("close-how"), *more, buttons=[*rows, [drafts.make_leave_button(token)]]
    )


async def choose_how(request: Request) -> Answer:
    """What becomes of what is unfinished: the reason is asked for; a sample plan needs none."""
    draft = await drafts.find_draft_of_button(request, "close")
    how, _, target = request.args.partition(":")
    if draft is None or "plan" not in draft.data or how not in (END, CARRY, REMOVE):
        return refuse_button()
    async with request.write() as session:
        plan = await _find_open_plan(session, request, draft.data["plan"])
        if isinstance(plan, Answer):
            return plan
        if how == REMOVE:
            return await _remove_sample(session, request, plan)
        data = {"plan": plan.id, "how": how, "target": parse_id(target)}
        token = await drafts.save_draft(request, "close", data, session)
    return make_answer(say("close-ask-reason"), buttons=[[drafts.make_leave_button(token)]])


async def take_reason(request: Request) -> Answer:
    """The reason: shown with what will happen, before it does."""
    data = drafts.get_draft_data(request)
    reason = request.incoming.text
    if not reason or reason.endswith("?") or "how" not in data:
        raise drafts.NotForDialogue
    if len(reason) < SHORTEST_REASON:
        return make_answer(
            say("close-ask-reason"), buttons=[[drafts.make_leave_button(data["token"])]]
        )
    async with request.write() as session:
        plan = await _find_open_plan(session, request, data["plan"])
        if isinstance(plan, Answer):
            return plan
        there = await count_tasks(session, plan.id or 0)
        target = await session.get(Plan, data["target"]) if data["target"] else None
        kept = {**data, "reason": reason[:LONGEST_REASON]}
        token = await drafts.save_draft(request, "close", kept, session, yes="closeyes:{}")
    what = _describe_outcome(data["how"], target, there)
    rows = [
        [Button(say("button-close-sure"), f"closeyes:{token}")],
        [drafts.make_leave_button(token)],
    ]
    return make_answer(
        say("close-sure", plan=name_plan(plan)),
        what,
        say("close-reason", reason=kept["reason"]),
        buttons=rows,
    )


def _describe_outcome(how: str, target: Plan | None, there: PlanCounts) -> Sentence:
    if how == CARRY and target is not None:
        return say("close-will-carry", count=there.unfinished, plan=name_plan(target))
    return say("close-will-end", count=there.unfinished)


async def confirm_closing(request: Request) -> Answer:
    """The plan is closed as it was shown, in one transaction."""
    draft = await drafts.find_draft_of_button(request, "close")
    if draft is None or "reason" not in draft.data:
        return refuse_button()
    data = draft.data
    async with request.write() as session:
        await drafts.delete_draft(request, session)
        plan = await _find_open_plan(session, request, data["plan"])
        if isinstance(plan, Answer):
            return plan
        target = await session.get(Plan, data["target"]) if data["how"] == CARRY else None
        if data["how"] == CARRY and (
            target is None or target.closed_on is not None or target.id == plan.id
        ):
            return make_answer(say("close-no-plan"))
        carried = await _carry_over(session, request, plan, target) if target is not None else []
        before = await cancel_assignments(session, request.now, plan_id=plan.id)
        plan.closed_on = request.today
        session.add(plan)
        await session.flush()
        record_change(
            session, request.now, "close_plan", "plan", plan.id, person_id=request.sender.person_id,
            before={"closed_on": None, "assignments": before},
            after={
                "closed_on": request.today.isoformat(),
                "reason": data["reason"],
                "into": target.id if target else None,
                "carried": carried,
            },
        )  # fmt: skip
    request.app.forget_names()
    if target is not None:
        return make_answer(
            say("closed-carried", plan=name_plan(plan), count=len(carried), into=name_plan(target)),
            replace=True,
        )
    return make_answer(say("closed", plan=name_plan(plan)), replace=True)


async def _carry_over(
    session: AsyncSession, request: Request, plan: Plan, target: Plan
) -> list[str]:
    """Adds to `target` what is unfinished of `plan`, each task with its unfinished deadlines; returns their keys."""
    rows = {row.key: row for row in (await export_plan(session, plan.id or 0)).tasks}
    left = await _list_unfinished_tasks(session, plan.id or 0)
    directory = (await request.app.load_registry_names(session)).directory
    writer = PlanWriter(session, directory, request.now, request.today, request.sender.person_id)
    keys = []
    for task, assignments in left:
        if task.key not in rows:
            continue
        key = await find_free_key(session, target.id or 0, words.get_word("task", "carried_key"))
        row = _keep_unfinished_deadlines(rows[task.key], assignments).model_copy(
            update={"key": key}
        )
        task_id = await writer.add_task(
            target.id or 0, row, await find_next_position(session, target)
        )
        await _copy_status(session, task_id, assignments)
        keys.append(key)
    return keys


async def _list_unfinished_tasks(
    session: AsyncSession, plan_id: int
) -> list[tuple[Task, list[tuple[Assignment, Deadline]]]]:
    """The tasks with something unfinished, in the order printed, each with its unfinished assignments."""
    found = await session.exec(
        select(Task, Assignment, Deadline)
        .join(Assignment, col(Assignment.task_id) == Task.id)
        .join(Deadline, col(Deadline.id) == Assignment.deadline_id)
        .where(
            Task.plan_id == plan_id,
            match_in_force(),
            col(Assignment.status).in_([*UNFINISHED, Status.SUSPENDED]),
            col(Task.cancelled_on).is_(None),
        )
        .order_by(col(Task.position), col(Assignment.id))
    )
    by_task: dict[int, tuple[Task, list[tuple[Assignment, Deadline]]]] = {}
    for task, assignment, deadline in found:
        by_task.setdefault(task.id or 0, (task, []))[1].append((assignment, deadline))
    return list(by_task.values())


def _keep_unfinished_deadlines(
    row: TaskRow, assignments: Sequence[tuple[Assignment, Deadline]]
) -> TaskRow:
    """The task with the deadlines alone that somebody has not finished."""
    days = {deadline.last_day for _, deadline in assignments}
    kept = []
    for milestone in row.milestones:
        if not milestone.deadlines:
            kept.append(milestone)
        elif set(milestone.deadlines) & days:
            last = tuple(d for d in milestone.last_days if d in days)
            kept.append(milestone.model_copy(update={"last_days": last}))
    milestones = [MilestoneRow(**{**m.model_dump(), "done_on": None}) for m in kept]
    return row.model_copy(update={"milestones": milestones, "done_on": None})


async def _copy_status(
    session: AsyncSession, task_id: int, assignments: Sequence[tuple[Assignment, Deadline]]
) -> None:
    """The carried assignments stand as the old ones did, with the time that was granted."""
    old = {(a.agency_id, d.last_day): a for a, d in assignments}
    made = await session.exec(
        select(Assignment, Deadline)
        .join(Deadline, col(Deadline.id) == Assignment.deadline_id)
        .where(Assignment.task_id == task_id, match_in_force())
    )
    for assignment, deadline in list(made):
        before = old.get((assignment.agency_id, deadline.last_day))
        if before is not None:
            assignment.status, assignment.last_day = before.status, before.last_day
            assignment.note, assignment.done_on = before.note, before.done_on
            session.add(assignment)
    await session.flush()
    await refresh_tasks(session, [task_id])


async def _remove_sample(session: AsyncSession, request: Request, plan: Plan) -> Answer:
    """Removes the sample plan with all its tasks; groups bound to it are bound no more."""
    if not plan.sample:
        return refuse_button()
    await drafts.delete_draft(request, session)
    for chat in await session.exec(select(Chat).where(Chat.plan_id == plan.id)):
        chat.scope = chat.plan_id = None
        session.add(chat)
    await session.flush()
    record_change(
        session, request.now, "remove_sample", "plan", plan.id, person_id=request.sender.person_id,
        before={"title": plan.title},
    )  # fmt: skip
    await session.exec(delete(Task).where(col(Task.plan_id) == plan.id))
    await session.exec(delete(Plan).where(col(Plan.id) == plan.id))
    request.app.forget_names()
    return make_answer(say("sample-removed"), replace=True)


COMMANDS: dict[str, Handler] = {"ketthuc": close_plan}
ACTIONS: dict[str, Handler] = {
    "close": choose_plan,
    "closehow": choose_how,
    "closeyes": confirm_closing,
}
DIALOGUES: dict[str, Handler] = {"close": take_reason}
