"""Plans as an admin sets them (`/kehoach`): whether reports are confirmed, need evidence, and who watches over it."""

from __future__ import annotations

from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from handlers.conversation import drafts, words
from handlers.conversation.agency_choice import Choice, agency_row, choose
from handlers.conversation.cases import number
from handlers.conversation.rights import Action
from handlers.conversation.turn import Handler, Turn
from handlers.plans.closing import named, stock
from locales.answer import Answer, Button, answer, say
from locales.phrases import shortened
from models.agencies import Agency
from models.audit import record
from models.plans import Plan

LABEL = 40  # characters on a button
MOST_PLANS = 12  # buttons
CONFIRMATION: dict[str, bool | None] = {"yes": True, "no": False, "default": None}
EVIDENCE: dict[str, bool] = {"yes": True, "no": False}
_GONE = "button-out-of-date"


async def plans(turn: Turn) -> Answer:
    """`/kehoach [number]`: the settings of a plan, or the plans to choose from."""
    if not turn.may(Action.PLAN_SETTINGS):
        return answer(say("may-not-set-plan"))
    async with turn.read() as session:
        scene = await turn.house.scene(session)
        wanted = words.begins_with("group", "plan", turn.args) or turn.args
        found = [p for p in (scene.named(wanted) if wanted else scene.plans) if p.closed_on is None]
        if len(found) == 1:
            plan = await session.get(Plan, found[0].id)
            return await _card(session, plan) if plan is not None else answer(say("close-no-plan"))
    if not found:
        return answer(say("close-no-plan"))
    rows = [[Button(say("button-plan", plan=_short(p)), f"plan:{p.id}")] for p in found[-MOST_PLANS:]]
    return answer(say("plan-which"), buttons=rows)


def _short(plan: Plan) -> str:
    return shortened(plan.number or plan.title, LABEL)


async def plan_chosen(turn: Turn) -> Answer:
    """The button of one plan."""
    async with turn.read() as session:
        plan = await _plan(session, turn, turn.args)
        return plan if isinstance(plan, Answer) else await _card(session, plan)


async def _plan(session: AsyncSession, turn: Turn, text: str, *, lock: bool = False) -> Plan | Answer:
    if not turn.may(Action.PLAN_SETTINGS):
        return answer(say("may-not-set-plan"))
    wanted = number(text)
    plan = await session.get(Plan, wanted, with_for_update=lock or None) if wanted is not None else None
    if plan is None:
        return answer(toast=say(_GONE))
    return plan if plan.closed_on is None else answer(say("close-already", plan=named(plan), day=plan.closed_on))


async def _card(session: AsyncSession, plan: Plan) -> Answer:
    there = await stock(session, plan.id or 0)
    agency = await session.get(Agency, plan.supervisor_id) if plan.supervisor_id is not None else None
    blocks = [
        say("plan-head", plan=named(plan), title=shortened(plan.title, 200)),
        say("plan-stock", count=there.tasks, unfinished=there.unfinished),
        say(f"plan-confirmation-{_key(CONFIRMATION, plan.confirmation)}"),
        say(f"plan-evidence-{_key(EVIDENCE, plan.evidence_needed)}"),
        say("plan-supervisor", agency=agency.name) if agency is not None else say("plan-no-supervisor"),
    ]
    return answer(*blocks, buttons=_buttons(plan))


def _key(table: dict[str, Any], value: bool | None) -> str:
    return next(name for name, meant in table.items() if meant is value)


def _buttons(plan: Plan) -> list[list[Button]]:
    """What can be set otherwise than it is."""
    rows = [
        [
            Button(say(f"button-confirmation-{name}"), f"planset:{plan.id}:confirmation:{name}")
            for name, value in CONFIRMATION.items()
            if value is not plan.confirmation
        ]
    ]
    other = _key(EVIDENCE, not plan.evidence_needed)
    rows.append([Button(say(f"button-evidence-{other}"), f"planset:{plan.id}:evidence:{other}")])
    rows.append([Button(say("button-supervisor"), f"planset:{plan.id}:supervisor:ask")])
    return rows


async def set_pressed(turn: Turn) -> Answer:
    """A button that sets something of a plan."""
    text, _, rest = turn.args.partition(":")
    what, _, value = rest.partition(":")
    async with turn.write() as session:
        plan = await _plan(session, turn, text, lock=True)
        if isinstance(plan, Answer):
            return plan
        if what == "confirmation" and value in CONFIRMATION:
            return await _store(session, turn, plan, "confirmation", CONFIRMATION[value])
        if what == "evidence" and value in EVIDENCE:
            return await _store(session, turn, plan, "evidence_needed", EVIDENCE[value])
        if what == "supervisor":
            token = await drafts.keep(turn, "plan", {"plan": plan.id}, session)
            return answer(say("plan-ask-supervisor"), buttons=[[drafts.leave_button(token)]])
    return answer(toast=say(_GONE))


async def _store(session: AsyncSession, turn: Turn, plan: Plan, name: str, value: bool | int | None) -> Answer:
    before = getattr(plan, name)
    setattr(plan, name, value)
    session.add(plan)
    await session.flush()
    record(
        session, turn.now, "set_plan", "plan", plan.id, person_id=turn.who.person_id,
        before={name: before}, after={name: value},
    )  # fmt: skip
    turn.house.names_changed()
    card = await _card(session, plan)
    return answer(say("plan-set"), *card.blocks, buttons=card.buttons)


async def supervisor_said(turn: Turn) -> Answer:
    """The agency that is to watch over a plan."""
    data = drafts.data(turn)
    if not turn.incoming.text or turn.incoming.text.endswith("?"):
        raise drafts.Declined
    return await _supervisor(turn, data, turn.incoming.text, exact=False)


async def supervisor_chosen(turn: Turn) -> Answer:
    """One of the agencies that were offered."""
    draft = await drafts.pressed(turn, "plan")
    names = draft.data.get("choices", []) if draft is not None else []
    if draft is None or not turn.args.isdecimal() or int(turn.args[:4]) >= len(names):
        return answer(toast=say(_GONE))
    return await _supervisor(turn, draft.data, names[int(turn.args[:4])], exact=True)


async def _supervisor(turn: Turn, data: dict[str, Any], text: str, *, exact: bool) -> Answer:
    async with turn.write() as session:
        plan = await _plan(session, turn, str(data["plan"]), lock=True)
        if isinstance(plan, Answer):
            return plan
        found = await choose(session, turn, text, exact=exact)
        if isinstance(found, Choice):
            names = [*found.names, found.typed] if found.may_be_new else [*found.names]
            token = await drafts.keep(turn, "plan", {"plan": plan.id, "choices": names}, session)
            return answer(found.said, buttons=[*found.buttons(f"planby:{token}"), [drafts.leave_button(token)]])
        agency = await agency_row(session, turn, found)
        await drafts.drop(turn, session)
        return await _store(session, turn, plan, "supervisor_id", agency.id)


COMMANDS: dict[str, Handler] = {"kehoach": plans}
ACTIONS: dict[str, Handler] = {"plan": plan_chosen, "planset": set_pressed, "planby": supervisor_chosen}
DIALOGUES: dict[str, Handler] = {"plan": supervisor_said}
