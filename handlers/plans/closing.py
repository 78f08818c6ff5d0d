"""Closing a plan (`/ketthuc`): unfinished tasks are carried over or end, for a reason.

The sample plan is removed by the same command.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import func
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from handlers.conversation import drafts
from handlers.conversation.cases import parse_id
from handlers.conversation.refusals import refuse_button
from handlers.conversation.request import Handler, Request
from handlers.conversation.rights import Action
from handlers.plans.carry_over import carry_over
from locales.answer import (
    Answer,
    Button,
    Sentence,
    make_answer,
    make_button,
    pack_action,
    say,
    unpack_action,
)
from models.assignments import (
    UNFINISHED,
    Assignment,
    Status,
    cancel_assignments,
    match_in_force,
)
from models.plans import Plan, Task
from models.trial import delete_sample

LABEL_LENGTH = 40  # characters on a button
MOST_PLANS = 6  # buttons
LONGEST_REASON = 500  # characters
SHORTEST_REASON = 3
END, CARRY, REMOVE = "end", "carry", "remove"


@dataclass(frozen=True)
class PlanCounts:
    """How many tasks a plan has, and how many are unfinished."""

    tasks: int
    unfinished: int


async def count_tasks(session: AsyncSession, plan_id: int) -> PlanCounts:
    """Count the tasks of a plan, and those that are unfinished or paused."""
    tasks = (
        await session.exec(select(func.count()).select_from(Task).where(Task.plan_id == plan_id))
    ).one()
    unfinished = select(func.count(func.distinct(Assignment.task_id))).where(
        Assignment.plan_id == plan_id,
        match_in_force(),
        col(Assignment.status).in_([*UNFINISHED, Status.SUSPENDED]),
    )
    return PlanCounts(tasks, (await session.exec(unfinished)).one())


class ClosingDraft(drafts.DraftData):
    """A plan being closed: how, into which plan its tasks go, and why."""

    plan: int | None = None
    how: str | None = None
    target: int | None = None
    reason: str | None = None


async def close_plan(request: Request) -> Answer:
    """Answer `/ketthuc [plan]`: ask how to close the plan, or which one."""
    if not request.may_do(Action.CLOSE_PLAN):
        return make_answer(say("may-not-close-plan"))
    async with request.write() as session:
        registry = await request.app.load_registry_names(session)
        plans = registry.find_open_plans(request.args)
        if not plans:
            return make_answer(say("close-no-plan"))
        if len(plans) == 1 and (request.args or len(registry.plans) == 1):
            return await _ask_how(session, request, plans[0])
        token = await drafts.save_draft(request, "close", ClosingDraft(), session)
    rows = [
        [_make_plan_button("button-plan", p, pack_action("close", token, p.id))]
        for p in plans[-MOST_PLANS:]
    ]
    return make_answer(say("close-which"), buttons=[*rows, [drafts.make_leave_button(token)]])


def _make_plan_button(label: str, plan: Plan, action: str) -> Button:
    """Return a button with the plan's name."""
    return Button(say(label, plan=plan.shorten_name(LABEL_LENGTH)), action)


async def choose_plan(request: Request) -> Answer:
    """Ask how to close the chosen plan."""
    if await drafts.find_draft_of_button(request, "close") is None:
        return refuse_button()
    async with request.write() as session:
        plan = await _find_open_plan(session, request, parse_id(request.args))
        return plan if isinstance(plan, Answer) else await _ask_how(session, request, plan)


async def _find_open_plan(session: AsyncSession, request: Request, plan_id: Any) -> Plan | Answer:
    """Return the plan with this id, locked, or why it cannot be closed."""
    if not request.may_do(Action.CLOSE_PLAN):
        return make_answer(say("may-not-close-plan"))
    plan = (
        await session.get(Plan, plan_id, with_for_update=True) if isinstance(plan_id, int) else None
    )
    if plan is None:
        return make_answer(say("close-no-plan"))
    if plan.closed_on is not None:
        return make_answer(say("close-already", plan=plan.shorten_name(), day=plan.closed_on))
    return plan


async def _ask_how(session: AsyncSession, request: Request, plan: Plan) -> Answer:
    """Ask what becomes of unfinished tasks; a sample plan is removed whole."""
    counts = await count_tasks(session, plan.id)
    token = await drafts.save_draft(request, "close", ClosingDraft(plan=plan.id), session)
    if plan.sample:
        rows = [
            [make_button(say("button-remove-sample"), "closehow", token, REMOVE)],
            [drafts.make_leave_button(token)],
        ]
        return make_answer(
            say("close-sample", plan=plan.shorten_name(), count=counts.tasks), buttons=rows
        )
    name = plan.shorten_name()
    head = say("close-head", plan=name, count=counts.tasks, unfinished=counts.unfinished)
    if not counts.unfinished:
        rows = [
            [make_button(say("button-close"), "closehow", token, END)],
            [drafts.make_leave_button(token)],
        ]
        return make_answer(head, buttons=rows)
    open_plans = (await request.app.load_registry_names(session)).find_open_plans("")
    others = [p for p in open_plans if p.id != plan.id]
    rows = [
        [_make_plan_button("button-carry", p, pack_action("closehow", token, CARRY, p.id))]
        for p in others[-MOST_PLANS:]
        if not p.sample
    ]
    rows.append(
        [make_button(say("button-end-all", count=counts.unfinished), "closehow", token, END)]
    )
    more = [] if len(rows) > 1 else [say("close-no-target")]
    return make_answer(
        head, say("close-how"), *more, buttons=[*rows, [drafts.make_leave_button(token)]]
    )


async def choose_how(request: Request) -> Answer:
    """Ask for the reason; a sample plan needs none."""
    draft = await drafts.find_draft_of_button(request, "close")
    how, target = unpack_action(request.args, 2)
    if draft is None or how not in (END, CARRY, REMOVE):
        return refuse_button()
    plan_id = drafts.read_draft(request, ClosingDraft).plan
    if plan_id is None:
        return refuse_button()
    async with request.write() as session:
        plan = await _find_open_plan(session, request, plan_id)
        if isinstance(plan, Answer):
            return plan
        if how == REMOVE:
            return await _remove_sample(session, request, plan)
        data = ClosingDraft(plan=plan.id, how=how, target=parse_id(target))
        token = await drafts.save_draft(request, "close", data, session)
    return make_answer(say("close-ask-reason"), buttons=[[drafts.make_leave_button(token)]])


async def take_reason(request: Request) -> Answer:
    """Show what closing will do, with the reason, before it is done."""
    data = drafts.read_draft(request, ClosingDraft)
    reason = request.incoming.text
    if not reason or reason.endswith("?") or data.how is None:
        raise drafts.NotForDialogue
    if len(reason) < SHORTEST_REASON:
        return make_answer(
            say("close-ask-reason"), buttons=[[drafts.make_leave_button(data.token)]]
        )
    async with request.write() as session:
        plan = await _find_open_plan(session, request, data.plan)
        if isinstance(plan, Answer):
            return plan
        counts = await count_tasks(session, plan.id)
        target = await session.get(Plan, data.target) if data.target else None
        new = data.model_copy(update={"reason": reason[:LONGEST_REASON]})
        token = await drafts.save_draft(request, "close", new, session, yes="closeyes:{}")
    outcome = _describe_outcome(data.how, target, counts)
    rows = [
        [make_button(say("button-close-sure"), "closeyes", token)],
        [drafts.make_leave_button(token)],
    ]
    return make_answer(
        say("close-sure", plan=plan.shorten_name()),
        outcome,
        say("close-reason", reason=new.reason),
        buttons=rows,
    )


def _describe_outcome(how: str, target: Plan | None, counts: PlanCounts) -> Sentence:
    """Say what becomes of the unfinished tasks."""
    if how == CARRY and target is not None:
        return say("close-will-carry", count=counts.unfinished, plan=target.shorten_name())
    return say("close-will-end", count=counts.unfinished)


async def confirm_closing(request: Request) -> Answer:
    """Close the plan as it was shown, in one transaction."""
    draft = await drafts.find_draft_of_button(request, "close")
    if draft is None:
        return refuse_button()
    data = drafts.read_draft(request, ClosingDraft)
    if data.reason is None:
        return refuse_button()
    async with request.write() as session:
        await drafts.delete_draft(request, session)
        plan = await _find_open_plan(session, request, data.plan)
        if isinstance(plan, Answer):
            return plan
        target = await session.get(Plan, data.target) if data.how == CARRY else None
        if data.how == CARRY and (
            target is None or target.closed_on is not None or target.id == plan.id
        ):
            return make_answer(say("close-no-plan"))
        keys = await carry_over(session, request, plan, target) if target is not None else []
        before = await cancel_assignments(session, request.now, plan_id=plan.id)
        plan.closed_on = request.today
        session.add(plan)
        await session.flush()
        request.record_change(
            session,
            "close_plan",
            "plan",
            plan.id,
            before={"closed_on": None, "assignments": before},
            after={
                "closed_on": request.today.isoformat(),
                "reason": data.reason,
                "into": target.id if target else None,
                "carried": keys,
            },
        )
    request.app.forget_names()
    name = plan.shorten_name()
    if target is not None:
        return make_answer(
            say("closed-carried", plan=name, count=len(keys), into=target.shorten_name()),
            replace=True,
        )
    return make_answer(say("closed", plan=name), replace=True)


async def _remove_sample(session: AsyncSession, request: Request, plan: Plan) -> Answer:
    if not plan.sample:
        return refuse_button()
    await drafts.delete_draft(request, session)
    before = {"title": plan.title}
    request.record_change(session, "remove_sample", "plan", plan.id, before=before)
    await delete_sample(session, plan)
    request.app.forget_names()
    return make_answer(say("sample-removed"), replace=True)


COMMANDS: dict[str, Handler] = {"ketthuc": close_plan}
ACTIONS: dict[str, Handler] = {
    "close": choose_plan,
    "closehow": choose_how,
    "closeyes": confirm_closing,
}
DIALOGUES: dict[str, Handler] = {"close": take_reason}
