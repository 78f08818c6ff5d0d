"""Groups: what happens to the bot in them, and binding one to the province, an agency or a plan."""

from __future__ import annotations

from typing import Any

from sqlmodel import select
from sqlmodel.ext.asyncio.session import AsyncSession

from handlers.conversation import drafts, words
from handlers.conversation.agency_choice import AgencyChoice, choose_agency, find_or_add_agency
from handlers.conversation.refusals import refuse_button
from handlers.conversation.rights import Action
from handlers.conversation.turn import Handler, Request
from handlers.people import identity
from language.text import normalise
from locales.answer import Answer, Button, Sentence, make_answer, say
from locales.phrases import shorten_text
from models import chats
from models.agencies import Agency
from models.audit import record_change
from models.chats import Chat
from models.people import PostRole
from models.plans import Plan

PROVINCE, AGENCY, PLAN = "province", "agency", "plan"
LABEL_LENGTH = 40  # characters of a plan's name on a button
MOST_PLANS = 10  # buttons


async def handle_event(request: Request) -> Answer | None:
    """The bot was added to a group, removed or blocked, or a group moved: the registry's chat follows."""
    incoming = request.incoming
    what = incoming.event or ""
    async with request.write() as session:
        stranger = incoming.chat_kind == "private" and request.sender.person_id is None
        if stranger and await chats.find_chat(session, incoming.channel, incoming.chat) is None:
            return None  # nothing is kept of somebody who never joined
        chat = await identity.remember_chat(session, incoming, request.sender.person_id)
        if what in ("removed", "blocked"):
            chat.unreachable_since = request.now
        elif what == "moved" and incoming.moved_to:
            chat = await _move_chat(session, chat, incoming.moved_to)
        session.add(chat)
        record_change(
            session,
            request.now,
            f"chat_{what}",
            "chat",
            chat.id,
            person_id=request.sender.person_id,
        )
    if what != "added":
        return None
    return make_answer(say("group-added"))


async def _move_chat(session: AsyncSession, chat: Chat, address: str) -> Chat:
    """The group lives on at `address`; where a chat was met there already, that one takes over what was bound."""
    there = await chats.find_chat(session, chat.channel, address)
    if there is None:
        chat.address = address
        return chat
    if there.scope is None:
        for name in ("scope", "plan_id", "agency_id", "topic", "remind_at", "muted_until"):
            setattr(there, name, getattr(chat, name))
    chat.scope, chat.plan_id, chat.agency_id = None, None, None
    session.add(chat)
    return there


async def may_ask(request: Request) -> bool:
    """Whether questions are answered here: to people who joined, in a bound group to everyone.

    A group that is not bound learns only how to bind it, unless an admin asks in it.
    """
    if request.app.options.questions_open or request.sender.has_role(PostRole.ADMIN):
        return True
    if request.incoming.chat_kind == "private":
        return request.may_do(Action.ASK)
    async with request.read() as session:
        chat = await chats.find_chat(session, request.incoming.channel, request.incoming.chat)
    return chat is not None and chat.scope is not None


# --- /gannhom --------------------------------------------------------------------------------------------------------


async def bind_group(request: Request) -> Answer:
    """`/gannhom`: binds the group to what is named, or offers what it can be bound to."""
    if request.incoming.chat_kind != "group":
        return make_answer(say("bind-in-group"))
    if not request.may_do(Action.BIND_GROUP):
        return make_answer(say("may-not-bind"))
    text = normalise(request.args)
    if not text:
        return await _offer_scopes(request)
    if words.is_one_of("group", "unbind", text):
        return await _remove_binding(request)
    if words.is_one_of("group", "province", text):
        return await _store_binding(request, PROVINCE, None)
    named = words.find_rest_after_any("group", "plan", text)
    async with request.read() as session:
        plans = (await request.app.load_registry_names(session)).find_plans(named or text)
    if len(plans) == 1:
        return await _store_binding(request, PLAN, plans[0].id)
    if plans or named:
        return await _offer_scopes(
            request, say("bind-which-plan", name=(named or text)[:LABEL_LENGTH])
        )
    return await _bind_to_agency(request, text)


async def _offer_scopes(request: Request, first: Sentence | None = None) -> Answer:
    """What the group can be bound to; `first` says why what was asked for did not do."""
    async with request.write() as session:
        registry = await request.app.load_registry_names(session)
        chat = await identity.remember_chat(session, request.incoming, None)
        bound = await describe_scope(session, chat)
        token = await drafts.save_draft(request, "bind", {}, session)
    rows = [[Button(say("button-province"), f"bind:{token}:{PROVINCE}")]]
    for plan in [p for p in registry.plans if p.closed_on is None][-MOST_PLANS:]:
        name = shorten_text(plan.number or plan.title, LABEL_LENGTH)
        rows.append([Button(say("button-plan", plan=name), f"bind:{token}:{PLAN}:{plan.id}")])
    if chat.scope is not None:
        rows.append([Button(say("button-unbind"), f"bind:{token}:none")])
    now = say("bind-now", scope=bound) if bound is not None else say("bind-not-yet")
    return make_answer(
        *([first] if first is not None else []),
        now,
        say("bind-ask"),
        buttons=[*rows, [drafts.make_leave_button(token)]],
    )


async def bind_by_button(request: Request) -> Answer:
    """A button under the offer of `/gannhom`."""
    draft = await drafts.find_draft_of_button(request, "bind")
    if draft is None:
        return refuse_button()
    if not request.may_do(Action.BIND_GROUP):
        return make_answer(say("may-not-bind"))
    kind, _, rest = request.args.partition(":")
    if kind == "none":
        return await _remove_binding(request)
    if kind == PROVINCE:
        return await _store_binding(request, PROVINCE, None)
    if kind == PLAN and rest.isdecimal():
        return await _store_binding(request, PLAN, int(rest[:18]))
    if kind == AGENCY and rest.isdecimal() and int(rest[:4]) < len(draft.data.get("choices", [])):
        return await _bind_to_agency(request, draft.data["choices"][int(rest[:4])], exact=True)
    return refuse_button()


async def bind_by_text(request: Request) -> Answer | None:
    """What was typed in place of a button."""
    request.args = request.incoming.text
    if not request.args or request.args.endswith("?"):
        raise drafts.NotForDialogue
    return await bind_group(request)


async def _bind_to_agency(request: Request, text: str, *, exact: bool = False) -> Answer:
    async with request.write() as session:
        found = await choose_agency(session, request, text, exact=exact)
        if isinstance(found, AgencyChoice):
            names = [*found.names, found.text] if found.may_be_new else [*found.names]
            token = await drafts.save_draft(request, "bind", {"choices": names}, session)
            rows = found.make_buttons(f"bind:{token}:{AGENCY}")
            return make_answer(found.question, buttons=[*rows, [drafts.make_leave_button(token)]])
        agency = await find_or_add_agency(session, request, found)
    return await _store_binding(request, AGENCY, agency.id)


async def _store_binding(request: Request, scope: str, number: int | None) -> Answer:
    async with request.write() as session:
        plan = await session.get(Plan, number) if scope == PLAN and number is not None else None
        if scope == PLAN and (plan is None or plan.closed_on is not None):
            return make_answer(say("bind-no-plan"))
        chat = await identity.remember_chat(session, request.incoming, None)
        before = _describe_binding(chat)
        chat.scope = scope
        chat.plan_id = number if scope == PLAN else None
        chat.agency_id = number if scope == AGENCY else None
        chat.topic = request.incoming.topic
        session.add(chat)
        await drafts.delete_draft(request, session)
        record_change(
            session, request.now, "bind", "chat", chat.id, person_id=request.sender.person_id,
            before=before, after=_describe_binding(chat),
        )  # fmt: skip
        text = await describe_scope(session, chat)
    topic = [say("bind-topic")] if request.incoming.topic else []
    return make_answer(say("bind-done", scope=text or say("nothing")), *topic)


async def _remove_binding(request: Request) -> Answer:
    async with request.write() as session:
        chat = await identity.remember_chat(session, request.incoming, None)
        before = _describe_binding(chat)
        chat.scope = chat.plan_id = chat.agency_id = chat.topic = None
        session.add(chat)
        await drafts.delete_draft(request, session)
        record_change(
            session, request.now, "unbind", "chat", chat.id, person_id=request.sender.person_id,
            before=before, after=_describe_binding(chat),
        )  # fmt: skip
    return make_answer(say("bind-undone"))


def _describe_binding(chat: Chat) -> dict[str, Any]:
    return {
        "scope": chat.scope,
        "plan_id": chat.plan_id,
        "agency_id": chat.agency_id,
        "topic": chat.topic,
    }


async def describe_scope(session: AsyncSession, chat: Chat) -> Sentence | None:
    """What a group is bound to, in words; None for nothing."""
    if chat.scope == PROVINCE:
        return say("scope-province")
    if chat.scope == AGENCY and chat.agency_id is not None:
        agency = (
            await session.exec(select(Agency.name).where(Agency.id == chat.agency_id))
        ).first()
        return say("scope-agency", agency=agency or "")
    if chat.scope == PLAN and chat.plan_id is not None:
        plan = await session.get(Plan, chat.plan_id)
        return (
            say("scope-plan", plan=shorten_text(plan.number or plan.title, 80))
            if plan is not None
            else None
        )
    return None


COMMANDS: dict[str, Handler] = {"gannhom": bind_group}
ACTIONS: dict[str, Handler] = {"bind": bind_by_button}
DIALOGUES: dict[str, Handler] = {"bind": bind_by_text}
