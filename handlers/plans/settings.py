"""Plans as an admin sets them (`/kehoach`): whether reports are confirmed, need evidence, and who watches over it."""

from __future__ import annotations

from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from handlers.conversation import drafts, words
from handlers.conversation.agency_choice import AgencyChoice, choose_agency, find_or_add_agency
from handlers.conversation.cases import parse_id
from handlers.conversation.refusals import refuse_button
from handlers.conversation.rights import Action
from handlers.conversation.turn import Handler, Request
from handlers.plans.closing import count_tasks, name_plan
from locales.answer import Answer, Button, make_answer, say
from locales.phrases import shorten_text
from models.agencies import Agency
from models.audit import record_change
from models.plans import Plan

LABEL_LENGTH = 40  # characters on a button
MOST_PLANS = 12  # buttons
CONFIRMATION: dict[str, bool | None] = {"yes": True, "no": False, "default": None}
EVIDENCE: dict[str, bool] = {"yes": True, "no": False}


async def show_plan_settings(request: Request) -> Answer:
    """`/kehoach [number]`: the settings of a plan, or the plans to choose from."""
    if not request.may_do(Action.PLAN_SETTINGS):
        return make_answer(say("may-not-set-plan"))
    async with request.read() as session:
        registry = await request.app.load_registry_names(session)
        wanted = words.find_rest_after_any("group", "plan", request.args) or request.args
        found = [
            p
            for p in (registry.find_plans(wanted) if wanted else registry.plans)
            if p.closed_on is None
        ]
        if len(found) == 1:
            plan = await session.get(Plan, found[0].id)
            return (
                await _make_card(session, plan)
                if plan is not None
                else make_answer(say("close-no-plan"))
            )
    if not found:
        return make_answer(say("close-no-plan"))
    rows = [
        [Button(say("button-plan", plan=_name_plan(p)), f"plan:{p.id}")]
        for p in found[-MOST_PLANS:]
    ]
    return make_answer(say("plan-which"), buttons=rows)


def _name_plan(plan: Plan) -> str:
    return shorten_text(plan.number or plan.title, LABEL_LENGTH)


async def show_plan(request: Request) -> Answer:
    """The button of one plan."""
    async with request.read() as session:
        plan = await _find_open_plan(session, request, request.args)
        return plan if isinstance(plan, Answer) else await _make_card(session, plan)


async def _find_open_plan(
    session: AsyncSession, request: Request, text: str, *, lock: bool = False
) -> Plan | Answer:
    if not request.may_do(Action.PLAN_SETTINGS):
        return make_answer(say("may-not-set-plan"))
    wanted = parse_id(text)
    plan = (
        await session.get(Plan, wanted, with_for_update=lock or None)
        if wanted is not None
        else None
    )
    if plan is None:
        return refuse_button()
    return (
        plan
        if plan.closed_on is None
        else make_answer(say("close-already", plan=name_plan(plan), day=plan.closed_on))
    )


async def _make_card(session: AsyncSession, plan: Plan) -> Answer:
    there = await count_tasks(session, plan.id or 0)
    agency = (
        await session.get(Agency, plan.supervisor_id) if plan.supervisor_id is not None else None
    )
    blocks = [
        say("plan-head", plan=name_plan(plan), title=shorten_text(plan.title, 200)),
        say("plan-stock", count=there.tasks, unfinished=there.unfinished),
        say(f"plan-confirmation-{_find_key(CONFIRMATION, plan.confirmation)}"),
        say(f"plan-evidence-{_find_key(EVIDENCE, plan.evidence_needed)}"),
        say("plan-supervisor", agency=agency.name)
        if agency is not None
        else say("plan-no-supervisor"),
    ]
    return make_answer(*blocks, buttons=_make_buttons(plan))


def _find_key(table: dict[str, Any], value: bool | None) -> str:
    return next(name for name, meant in table.items() if meant is value)


def _make_buttons(plan: Plan) -> list[list[Button]]:
    """What can be set otherwise than it is."""
    rows = [
        [
            Button(say(f"button-confirmation-{name}"), f"planset:{plan.id}:confirmation:{name}")
            for name, value in CONFIRMATION.items()
            if value is not plan.confirmation
        ]
    ]
    other = _find_key(EVIDENCE, not plan.evidence_needed)
    rows.append([Button(say(f"button-evidence-{other}"), f"planset:{plan.id}:evidence:{other}")])
    rows.append([Button(say("button-supervisor"), f"planset:{plan.id}:supervisor:ask")])
    return rows


async def set_by_button(request: Request) -> Answer:
    """A button that sets something of a plan."""
    text, _, rest = request.args.partition(":")
    what, _, value = rest.partition(":")
    async with request.write() as session:
        plan = await _find_open_plan(session, request, text, lock=True)
        if isinstance(plan, Answer):
            return plan
        if what == "confirmation" and value in CONFIRMATION:
            return await _store_setting(session, request, plan, "confirmation", CONFIRMATION[value])
        if what == "evidence" and value in EVIDENCE:
            return await _store_setting(session, request, plan, "evidence_needed", EVIDENCE[value])
        if what == "supervisor":
            token = await drafts.save_draft(request, "plan", {"plan": plan.id}, session)
            return make_answer(
                say("plan-ask-supervisor"), buttons=[[drafts.make_leave_button(token)]]
            )
    return refuse_button()


async def _store_setting(
    session: AsyncSession, request: Request, plan: Plan, name: str, value: bool | int | None
) -> Answer:
    before = getattr(plan, name)
    setattr(plan, name, value)
    session.add(plan)
    await session.flush()
    record_change(
        session, request.now, "set_plan", "plan", plan.id, person_id=request.sender.person_id,
        before={name: before}, after={name: value},
    )  # fmt: skip
    request.app.forget_names()
    card = await _make_card(session, plan)
    return make_answer(say("plan-set"), *card.blocks, buttons=card.buttons)


async def set_supervisor_by_text(request: Request) -> Answer:
    """The agency that is to watch over a plan."""
    data = drafts.get_draft_data(request)
    if not request.incoming.text or request.incoming.text.endswith("?"):
        raise drafts.NotForDialogue
    return await _set_supervisor(request, data, request.incoming.text, exact=False)


async def set_offered_supervisor(request: Request) -> Answer:
    """One of the agencies that were offered."""
    draft = await drafts.find_draft_of_button(request, "plan")
    names = draft.data.get("choices", []) if draft is not None else []
    if draft is None or not request.args.isdecimal() or int(request.args[:4]) >= len(names):
        return refuse_button()
    return await _set_supervisor(request, draft.data, names[int(request.args[:4])], exact=True)


async def _set_supervisor(
    request: Request, data: dict[str, Any], text: str, *, exact: bool
) -> Answer:
    async with request.write() as session:
        plan = await _find_open_plan(session, request, str(data["plan"]), lock=True)
        if isinstance(plan, Answer):
            return plan
        found = await choose_agency(session, request, text, exact=exact)
        if isinstance(found, AgencyChoice):
            names = [*found.names, found.text] if found.may_be_new else [*found.names]
            token = await drafts.save_draft(
                request, "plan", {"plan": plan.id, "choices": names}, session
            )
            return make_answer(
                found.question,
                buttons=[*found.make_buttons(f"planby:{token}"), [drafts.make_leave_button(token)]],
            )
        agency = await find_or_add_agency(session, request, found)
        await drafts.delete_draft(request, session)
        return await _store_setting(session, request, plan, "supervisor_id", agency.id)


COMMANDS: dict[str, Handler] = {"kehoach": show_plan_settings}
ACTIONS: dict[str, Handler] = {
    "plan": show_plan,
    "planset": set_by_button,
    "planby": set_offered_supervisor,
}
DIALOGUES: dict[str, Handler] = {"plan": set_supervisor_by_text}
