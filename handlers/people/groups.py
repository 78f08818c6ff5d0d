"""Groups: what happens to the bot in them, and binding one to the province, an agency or a plan."""

from __future__ import annotations

from typing import Any

from sqlmodel import select
from sqlmodel.ext.asyncio.session import AsyncSession

from handlers.conversation import drafts, words
from handlers.conversation.agency_choice import Choice, agency_row, choose
from handlers.conversation.rights import Action
from handlers.conversation.turn import Handler, Turn
from handlers.people import identity
from language.text import normalise
from locales.answer import Answer, Button, Said, answer, say
from locales.phrases import shortened
from models import chats
from models.agencies import Agency
from models.audit import record
from models.chats import Chat
from models.people import PostRole
from models.plans import Plan

PROVINCE, AGENCY, PLAN = "province", "agency", "plan"
LABEL = 40  # characters of a plan's name on a button
MOST_PLANS = 10  # buttons
_GONE = "button-out-of-date"


async def event(turn: Turn) -> Answer | None:
    """The bot was added to a group, removed or blocked, or a group moved: the registry's chat follows."""
    incoming = turn.incoming
    what = incoming.event or ""
    async with turn.write() as session:
        stranger = incoming.chat_kind == "private" and turn.who.person_id is None
        if stranger and await chats.find(session, incoming.channel, incoming.chat) is None:
            return None  # nothing is kept of somebody who never joined
        chat = await identity.remember_chat(session, incoming, turn.who.person_id)
        if what in ("removed", "blocked"):
            chat.unreachable_since = turn.now
        elif what == "moved" and incoming.moved_to:
            chat = await _moved(session, chat, incoming.moved_to)
        session.add(chat)
        record(session, turn.now, f"chat_{what}", "chat", chat.id, person_id=turn.who.person_id)
    if what != "added":
        return None
    return answer(say("group-added"))


async def _moved(session: AsyncSession, chat: Chat, address: str) -> Chat:
    """The group lives on at `address`; where a chat was met there already, that one takes over what was bound."""
    there = await chats.find(session, chat.channel, address)
    if there is None:
        chat.address = address
        return chat
    if there.scope is None:
        for name in ("scope", "plan_id", "agency_id", "topic", "remind_at", "muted_until"):
            setattr(there, name, getattr(chat, name))
    chat.scope, chat.plan_id, chat.agency_id = None, None, None
    session.add(chat)
    return there


async def may_ask(turn: Turn) -> bool:
    """Whether questions are answered here: to people who joined, in a bound group to everyone.

    A group that is not bound learns only how to bind it, unless an admin asks in it.
    """
    if turn.house.options.questions_open or turn.who.has(PostRole.ADMIN):
        return True
    if turn.incoming.chat_kind == "private":
        return turn.may(Action.ASK)
    async with turn.read() as session:
        chat = await chats.find(session, turn.incoming.channel, turn.incoming.chat)
    return chat is not None and chat.scope is not None


# --- /gannhom --------------------------------------------------------------------------------------------------------


async def bind(turn: Turn) -> Answer:
    """`/gannhom`: binds the group to what is named, or offers what it can be bound to."""
    if turn.incoming.chat_kind != "group":
        return answer(say("bind-in-group"))
    if not turn.may(Action.BIND_GROUP):
        return answer(say("may-not-bind"))
    said = normalise(turn.args)
    if not said:
        return await _offer(turn)
    if words.is_one_of("group", "unbind", said):
        return await _unbind(turn)
    if words.is_one_of("group", "province", said):
        return await _bind(turn, PROVINCE, None)
    named = words.begins_with("group", "plan", said)
    async with turn.read() as session:
        plans = (await turn.house.scene(session)).named(named or said)
    if len(plans) == 1:
        return await _bind(turn, PLAN, plans[0].id)
    if plans or named:
        return await _offer(turn, say("bind-which-plan", name=(named or said)[:LABEL]))
    return await _bind_to_agency(turn, said)


async def _offer(turn: Turn, first: Said | None = None) -> Answer:
    """What the group can be bound to; `first` says why what was asked for did not do."""
    async with turn.write() as session:
        scene = await turn.house.scene(session)
        chat = await identity.remember_chat(session, turn.incoming, None)
        bound = await scope_of(session, chat)
        token = await drafts.keep(turn, "bind", {}, session)
    rows = [[Button(say("button-province"), f"bind:{token}:{PROVINCE}")]]
    for plan in [p for p in scene.plans if p.closed_on is None][-MOST_PLANS:]:
        name = shortened(plan.number or plan.title, LABEL)
        rows.append([Button(say("button-plan", plan=name), f"bind:{token}:{PLAN}:{plan.id}")])
    if chat.scope is not None:
        rows.append([Button(say("button-unbind"), f"bind:{token}:none")])
    now = say("bind-now", scope=bound) if bound is not None else say("bind-not-yet")
    return answer(
        *([first] if first is not None else []), now, say("bind-ask"), buttons=[*rows, [drafts.leave_button(token)]]
    )


async def pressed(turn: Turn) -> Answer:
    """A button under the offer of `/gannhom`."""
    draft = await drafts.pressed(turn, "bind")
    if draft is None:
        return answer(toast=say(_GONE))
    if not turn.may(Action.BIND_GROUP):
        return answer(say("may-not-bind"))
    kind, _, rest = turn.args.partition(":")
    if kind == "none":
        return await _unbind(turn)
    if kind == PROVINCE:
        return await _bind(turn, PROVINCE, None)
    if kind == PLAN and rest.isdecimal():
        return await _bind(turn, PLAN, int(rest[:18]))
    if kind == AGENCY and rest.isdecimal() and int(rest[:4]) < len(draft.data.get("choices", [])):
        return await _bind_to_agency(turn, draft.data["choices"][int(rest[:4])], exact=True)
    return answer(toast=say(_GONE))


async def typed(turn: Turn) -> Answer | None:
    """What was typed in place of a button."""
    turn.args = turn.incoming.text
    if not turn.args or turn.args.endswith("?"):
        raise drafts.Declined
    return await bind(turn)


async def _bind_to_agency(turn: Turn, text: str, *, exact: bool = False) -> Answer:
    async with turn.write() as session:
        found = await choose(session, turn, text, exact=exact)
        if isinstance(found, Choice):
            names = [*found.names, found.typed] if found.may_be_new else [*found.names]
            token = await drafts.keep(turn, "bind", {"choices": names}, session)
            rows = found.buttons(f"bind:{token}:{AGENCY}")
            return answer(found.said, buttons=[*rows, [drafts.leave_button(token)]])
        agency = await agency_row(session, turn, found)
    return await _bind(turn, AGENCY, agency.id)


async def _bind(turn: Turn, scope: str, number: int | None) -> Answer:
    async with turn.write() as session:
        plan = await session.get(Plan, number) if scope == PLAN and number is not None else None
        if scope == PLAN and (plan is None or plan.closed_on is not None):
            return answer(say("bind-no-plan"))
        chat = await identity.remember_chat(session, turn.incoming, None)
        before = _bound(chat)
        chat.scope = scope
        chat.plan_id = number if scope == PLAN else None
        chat.agency_id = number if scope == AGENCY else None
        chat.topic = turn.incoming.topic
        session.add(chat)
        await drafts.drop(turn, session)
        record(
            session, turn.now, "bind", "chat", chat.id, person_id=turn.who.person_id,
            before=before, after=_bound(chat),
        )  # fmt: skip
        said = await scope_of(session, chat)
    topic = [say("bind-topic")] if turn.incoming.topic else []
    return answer(say("bind-done", scope=said or say("nothing")), *topic)


async def _unbind(turn: Turn) -> Answer:
    async with turn.write() as session:
        chat = await identity.remember_chat(session, turn.incoming, None)
        before = _bound(chat)
        chat.scope = chat.plan_id = chat.agency_id = chat.topic = None
        session.add(chat)
        await drafts.drop(turn, session)
        record(
            session, turn.now, "unbind", "chat", chat.id, person_id=turn.who.person_id,
            before=before, after=_bound(chat),
        )  # fmt: skip
    return answer(say("bind-undone"))


def _bound(chat: Chat) -> dict[str, Any]:
    return {"scope": chat.scope, "plan_id": chat.plan_id, "agency_id": chat.agency_id, "topic": chat.topic}


async def scope_of(session: AsyncSession, chat: Chat) -> Said | None:
    """What a group is bound to, in words; None for nothing."""
    if chat.scope == PROVINCE:
        return say("scope-province")
    if chat.scope == AGENCY and chat.agency_id is not None:
        agency = (await session.exec(select(Agency.name).where(Agency.id == chat.agency_id))).first()
        return say("scope-agency", agency=agency or "")
    if chat.scope == PLAN and chat.plan_id is not None:
        plan = await session.get(Plan, chat.plan_id)
        return say("scope-plan", plan=shortened(plan.number or plan.title, 80)) if plan is not None else None
    return None


COMMANDS: dict[str, Handler] = {"gannhom": bind}
ACTIONS: dict[str, Handler] = {"bind": pressed}
DIALOGUES: dict[str, Handler] = {"bind": typed}
