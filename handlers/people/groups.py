"""Groups: events of their chats, and binding one to province, agency or plan (`/gannhom`)."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

from sqlmodel import select
from sqlmodel.ext.asyncio.session import AsyncSession

from handlers.conversation import drafts, words
from handlers.conversation.agency_choice import (
    AgencyDialogue,
    AgencyDraft,
    find_agency_or_ask,
    find_offered_name,
)
from handlers.conversation.incoming import Incoming
from handlers.conversation.refusals import refuse_button
from handlers.conversation.request import AppContext, Handler, Request
from handlers.conversation.rights import Action, Sender
from handlers.people import identity
from language.text import normalise
from locales.answer import (
    Answer,
    Sentence,
    make_answer,
    make_button,
    pack_action,
    say,
    unpack_action,
)
from models import audit, chats
from models.agencies import Agency
from models.chats import Chat
from models.people import PostRole
from models.plans import Plan

PROVINCE, AGENCY, PLAN = "province", "agency", "plan"
LABEL_LENGTH = 40  # characters of a plan's name on a button
MOST_PLANS = 10  # buttons
EVENTS_RECORDED_EVERY = timedelta(days=1)  # of a chat and kind


async def handle_event(request: Request) -> Answer | None:
    """Bring the registry's chat up to date after an event.

    The bot was added to a group, removed or blocked, or a group moved to another address. Nothing
    is kept of what strangers do with chats that nobody bound; of other chats the audit holds the
    first event of a kind in a day.
    """
    incoming = request.incoming
    what = incoming.event or ""
    greeting = make_answer(say("group-added")) if what == "added" else None
    async with request.read() as session:
        chat = await chats.find_chat(session, incoming.channel, incoming.chat)
    if chat is None and (request.sender.person_id is None or incoming.moved_to):
        return greeting
    async with request.write() as session:
        chat = await identity.remember_chat(session, incoming, request.sender.person_id)
        if what in ("removed", "blocked"):
            chat.unreachable_since = request.now
        elif what == "moved" and incoming.moved_to:
            await chats.move_chat(session, chat, incoming.moved_to)
        session.add(chat)
        since = request.now - EVENTS_RECORDED_EVERY
        if not await audit.has_change(session, f"chat_{what}", "chat", chat.id, since):
            request.record_change(session, f"chat_{what}", "chat", chat.id)
    return greeting if chat.scope is None else None


async def may_ask(request: Request) -> bool:
    """Return whether questions are answered here.

    To people who joined; in a bound group to everyone. A group that is not bound learns only how
    to bind it, unless an admin asks in it.
    """
    if request.app.options.questions_open or request.sender.has_role(PostRole.ADMIN):
        return True
    if request.incoming.chat_kind == "private":
        return request.may_do(Action.ASK)
    async with request.read() as session:
        chat = await chats.find_chat(session, request.incoming.channel, request.incoming.chat)
    return chat is not None and chat.scope is not None


async def add_agency_of_group(app: AppContext, incoming: Incoming, sender: Sender) -> Sender:
    """Return the sender of a message with the agency that its group is bound to.

    Only if the settings bind people to their own agency: what is the group's own is its members'.
    """
    if incoming.chat_kind != "group" or not app.options.own_agency_only:
        return sender
    async with app.database.read() as session:
        chat = await chats.find_chat(session, incoming.channel, incoming.chat)
        if chat is None or chat.scope != AGENCY or chat.agency_id is None:
            return sender
        agency = await session.get(Agency, chat.agency_id)
    return replace(sender, group_agency=agency.name) if agency is not None else sender


# --- /gannhom ---


async def bind_group(request: Request) -> Answer:
    """Answer `/gannhom`: bind the group to what is named, or offer what it can be bound to."""
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
    plan_name = words.find_rest_after_any("group", "plan", text)
    async with request.read() as session:
        plans = (await request.app.load_registry_names(session)).find_plans(plan_name or text)
    if len(plans) == 1:
        return await _store_binding(request, PLAN, plans[0].id)
    if plans or plan_name:
        return await _offer_scopes(
            request, say("bind-which-plan", name=(plan_name or text)[:LABEL_LENGTH])
        )
    return await _bind_to_agency(request, text)


async def _offer_scopes(request: Request, first: Sentence | None = None) -> Answer:
    """Offer what the group can be bound to.

    `first` says why the name that was typed did not do.
    """
    async with request.write() as session:
        registry = await request.app.load_registry_names(session)
        chat = await identity.remember_chat(session, request.incoming, None)
        scope = await describe_scope(session, chat)
        token = await drafts.save_draft(request, "bind", AgencyDraft(), session)
    rows = [[make_button(say("button-province"), "bind", token, PROVINCE)]]
    for plan in [p for p in registry.plans if p.closed_on is None][-MOST_PLANS:]:
        name = plan.shorten_name(LABEL_LENGTH)
        rows.append([make_button(say("button-plan", plan=name), "bind", token, PLAN, plan.id)])
    if chat.scope is not None:
        rows.append([make_button(say("button-unbind"), "bind", token, "none")])
    now = say("bind-now", scope=scope) if scope is not None else say("bind-not-yet")
    return make_answer(
        *([first] if first is not None else []),
        now,
        say("bind-ask"),
        buttons=[*rows, [drafts.make_leave_button(token)]],
    )


async def bind_by_button(request: Request) -> Answer:
    """Bind the group, or unbind it, by a button under the offer of `/gannhom`."""
    draft = await drafts.find_draft_of_button(request, "bind")
    if draft is None:
        return refuse_button()
    if not request.may_do(Action.BIND_GROUP):
        return make_answer(say("may-not-bind"))
    kind, rest = unpack_action(request.args, 2)
    if kind == "none":
        return await _remove_binding(request)
    if kind == PROVINCE:
        return await _store_binding(request, PROVINCE, None)
    if kind == PLAN and rest.isdecimal():
        return await _store_binding(request, PLAN, int(rest[:18]))
    name = (
        find_offered_name(drafts.read_draft(request, AgencyDraft), rest) if kind == AGENCY else None
    )
    return refuse_button() if name is None else await _bind_to_agency(request, name, exact=True)


async def bind_by_text(request: Request) -> Answer | None:
    """Bind the group to what was typed in place of a button."""
    request.args = request.incoming.text
    if not request.args or request.args.endswith("?"):
        raise drafts.NotForDialogue
    return await bind_group(request)


async def _bind_to_agency(request: Request, text: str, *, exact: bool = False) -> Answer:
    """Bind the group to the agency that `text` names, or ask which one it is."""
    async with request.write() as session:
        dialogue = AgencyDialogue("bind", AgencyDraft(), pack_action("bind", "{}", AGENCY))
        agency = await find_agency_or_ask(session, request, text, dialogue, exact=exact)
        if isinstance(agency, Answer):
            return agency
    return await _store_binding(request, AGENCY, agency.id)


async def _store_binding(request: Request, scope: str, number: int | None) -> Answer:
    """Bind the group to the province, or to the plan or agency with this id."""
    async with request.write() as session:
        plan = await session.get(Plan, number) if scope == PLAN and number is not None else None
        if scope == PLAN and (plan is None or plan.closed_on is not None):
            return make_answer(say("bind-no-plan"))
        topic = request.incoming.topic
        chat = await _change_binding(session, request, "bind", scope, number, topic)
        scope_text = await describe_scope(session, chat)
    hint = [say("bind-topic")] if topic else []
    return make_answer(say("bind-done", scope=scope_text or say("nothing")), *hint)


async def _remove_binding(request: Request) -> Answer:
    """Bind the group to nothing."""
    async with request.write() as session:
        await _change_binding(session, request, "unbind", None, None, None)
    return make_answer(say("bind-undone"))


async def _change_binding(
    session: AsyncSession,
    request: Request,
    action: str,
    scope: str | None,
    number: int | None,
    topic: str | None,
) -> Chat:
    """Write what the group is bound to, with the change in the audit, and end the dialogue."""
    chat = await identity.remember_chat(session, request.incoming, None)
    before = _describe_binding(chat)
    chat.scope, chat.topic = scope, topic
    chat.plan_id = number if scope == PLAN else None
    chat.agency_id = number if scope == AGENCY else None
    session.add(chat)
    await drafts.delete_draft(request, session)
    after = _describe_binding(chat)
    request.record_change(session, action, "chat", chat.id, before=before, after=after)
    return chat


def _describe_binding(chat: Chat) -> dict[str, Any]:
    """Return what the group is bound to, for the audit."""
    return {
        "scope": chat.scope,
        "plan_id": chat.plan_id,
        "agency_id": chat.agency_id,
        "topic": chat.topic,
    }


async def describe_scope(session: AsyncSession, chat: Chat) -> Sentence | None:
    """Say what a group is bound to; None for nothing."""
    if chat.scope == PROVINCE:
        return say("scope-province")
    if chat.scope == AGENCY and chat.agency_id is not None:
        agency = (
            await session.exec(select(Agency.name).where(Agency.id == chat.agency_id))
        ).first()
        return say("scope-agency", agency=agency or "")
    if chat.scope == PLAN and chat.plan_id is not None:
        plan = await session.get(Plan, chat.plan_id)
        if plan is not None:
            return say("scope-plan", plan=plan.shorten_name())
    return None


COMMANDS: dict[str, Handler] = {"gannhom": bind_group}
ACTIONS: dict[str, Handler] = {"bind": bind_by_button}
DIALOGUES: dict[str, Handler] = {"bind": bind_by_text}
