"""Settings of a plan (`/kehoach`): confirmation and evidence of reports, its supervisor."""

from __future__ import annotations

from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from handlers.conversation import drafts
from handlers.conversation.agency_choice import (
    AgencyDialogue,
    AgencyDraft,
    find_agency_or_ask,
    find_chosen_agency,
)
from handlers.conversation.cases import parse_id
from handlers.conversation.refusals import refuse_button
from handlers.conversation.request import Handler, Request
from handlers.conversation.rights import Action
from handlers.plans.closing import count_tasks
from locales.answer import Answer, Button, make_answer, make_button, say, unpack_action
from locales.phrases import shorten_text
from models.agencies import Agency
from models.plans import Plan

LABEL_LENGTH = 40  # characters on a button
MOST_PLANS = 12  # buttons
CONFIRMATION: dict[str, bool | None] = {"yes": True, "no": False, "default": None}
EVIDENCE: dict[str, bool] = {"yes": True, "no": False}


async def show_plan_settings(request: Request) -> Answer:
    """Answer `/kehoach [number]`: the settings of a plan, or the plans to choose from."""
    if not request.may_do(Action.PLAN_SETTINGS):
        return make_answer(say("may-not-set-plan"))
    async with request.read() as session:
        registry = await request.app.load_registry_names(session)
        found = registry.find_open_plans(request.args)
        if len(found) == 1:
            plan = await session.get(Plan, found[0].id)
            if plan is not None:
                return await _make_card(session, plan)
            return make_answer(say("close-no-plan"))
    if not found:
        return make_answer(say("close-no-plan"))
    rows = [
        [make_button(say("button-plan", plan=p.shorten_name(LABEL_LENGTH)), "plan", p.id)]
        for p in found[-MOST_PLANS:]
    ]
    return make_answer(say("plan-which"), buttons=rows)


async def show_plan(request: Request) -> Answer:
    """Show the settings of one plan, for its button."""
    async with request.read() as session:
        plan = await _find_open_plan(session, request, request.args)
        return plan if isinstance(plan, Answer) else await _make_card(session, plan)


async def _find_open_plan(
    session: AsyncSession, request: Request, text: str, *, lock: bool = False
) -> Plan | Answer:
    """Return the plan with this id, or why its settings cannot be changed."""
    if not request.may_do(Action.PLAN_SETTINGS):
        return make_answer(say("may-not-set-plan"))
    plan_id = parse_id(text)
    if plan_id is None:
        return refuse_button()
    plan = await session.get(Plan, plan_id, with_for_update=lock or None)
    if plan is None:
        return refuse_button()
    if plan.closed_on is not None:
        return make_answer(say("close-already", plan=plan.shorten_name(), day=plan.closed_on))
    return plan


async def _make_card(session: AsyncSession, plan: Plan) -> Answer:
    """Return a plan's settings, with buttons to change them."""
    counts = await count_tasks(session, plan.id)
    supervisor_id = plan.supervisor_id
    agency = await session.get(Agency, supervisor_id) if supervisor_id is not None else None
    blocks = [
        say("plan-head", plan=plan.shorten_name(), title=shorten_text(plan.title, 200)),
        say("plan-stock", count=counts.tasks, unfinished=counts.unfinished),
        say(f"plan-confirmation-{_find_key(CONFIRMATION, plan.confirmation)}"),
        say(f"plan-evidence-{_find_key(EVIDENCE, plan.evidence_needed)}"),
        say("plan-supervisor", agency=agency.name)
        if agency is not None
        else say("plan-no-supervisor"),
    ]
    return make_answer(*blocks, buttons=_make_buttons(plan))


def _find_key(table: dict[str, Any], value: bool | None) -> str:
    """Return the key of a value in a table."""
    return next(key for key, entry in table.items() if entry is value)


def _make_buttons(plan: Plan) -> list[list[Button]]:
    """Return buttons for the values that a setting does not have."""
    rows = [
        [
            make_button(
                say(f"button-confirmation-{name}"), "planset", plan.id, "confirmation", name
            )
            for name, value in CONFIRMATION.items()
            if value is not plan.confirmation
        ]
    ]
    other = _find_key(EVIDENCE, not plan.evidence_needed)
    rows.append(
        [make_button(say(f"button-evidence-{other}"), "planset", plan.id, "evidence", other)]
    )
    rows.append([make_button(say("button-supervisor"), "planset", plan.id, "supervisor", "ask")])
    return rows


class PlanDraft(AgencyDraft):
    """A plan whose supervising agency is asked for."""

    plan: int


async def set_by_button(request: Request) -> Answer:
    """Change a setting by its button, or ask which agency supervises the plan."""
    text, what, value = unpack_action(request.args, 3)
    async with request.write() as session:
        plan = await _find_open_plan(session, request, text, lock=True)
        if isinstance(plan, Answer):
            return plan
        if what == "confirmation" and value in CONFIRMATION:
            return await _store_setting(session, request, plan, "confirmation", CONFIRMATION[value])
        if what == "evidence" and value in EVIDENCE:
            return await _store_setting(session, request, plan, "evidence_needed", EVIDENCE[value])
        if what == "supervisor":
            token = await drafts.save_draft(request, "plan", PlanDraft(plan=plan.id), session)
            return make_answer(
                say("plan-ask-supervisor"), buttons=[[drafts.make_leave_button(token)]]
            )
    return refuse_button()


async def _store_setting(
    session: AsyncSession, request: Request, plan: Plan, name: str, value: bool | int | None
) -> Answer:
    """Store a setting with the change in the audit, and show the plan's settings."""
    before = getattr(plan, name)
    setattr(plan, name, value)
    session.add(plan)
    await session.flush()
    request.record_change(
        session, "set_plan", "plan", plan.id, before={name: before}, after={name: value}
    )
    request.app.forget_names()
    card = await _make_card(session, plan)
    return make_answer(say("plan-set"), *card.blocks, buttons=card.buttons)


async def set_supervisor_by_text(request: Request) -> Answer:
    """Let the agency that was typed supervise the plan."""
    data = drafts.read_draft(request, PlanDraft)
    return await _set_supervisor(request, data.plan, drafts.read_reply(request), exact=False)


async def set_offered_supervisor(request: Request) -> Answer:
    """Let one of the agencies that were offered supervise the plan."""
    chosen = await find_chosen_agency(request, "plan", PlanDraft)
    if chosen is None:
        return refuse_button()
    data, name = chosen
    return await _set_supervisor(request, data.plan, name, exact=True)


async def _set_supervisor(request: Request, plan_id: int, text: str, *, exact: bool) -> Answer:
    """Let the agency that `text` names supervise the plan, or ask which one it is."""
    async with request.write() as session:
        plan = await _find_open_plan(session, request, str(plan_id), lock=True)
        if isinstance(plan, Answer):
            return plan
        dialogue = AgencyDialogue("plan", PlanDraft(plan=plan.id), "planby:{}")
        agency = await find_agency_or_ask(session, request, text, dialogue, exact=exact)
        if isinstance(agency, Answer):
            return agency
        await drafts.delete_draft(request, session)
        return await _store_setting(session, request, plan, "supervisor_id", agency.id)


COMMANDS: dict[str, Handler] = {"kehoach": show_plan_settings}
ACTIONS: dict[str, Handler] = {
    "plan": show_plan,
    "planset": set_by_button,
    "planby": set_offered_supervisor,
}
DIALOGUES: dict[str, Handler] = {"plan": set_supervisor_by_text}
