"""What the bot stores about a person (`/toi`), and leaving it (`/roi`)."""

from __future__ import annotations

from sqlmodel.ext.asyncio.session import AsyncSession

from handlers.conversation import drafts
from handlers.conversation.quotas import LOCAL_CHANNELS
from handlers.conversation.refusals import refuse_button
from handlers.conversation.request import Handler, Request
from handlers.conversation.rights import ActivePost
from handlers.people.identity import describe_post_with_days
from locales.answer import Answer, Button, Sentence, make_answer, make_button, say
from models.dialogues import QUESTIONS_KEPT_FOR
from models.erasure import (
    LEAVER_KEPT_DAYS,
    LEAVER_KEPT_DAYS_PREFERENCE,
    erase_people_who_left,
    erase_person,
)
from models.people import (
    Person,
    PostRole,
    end_membership,
    find_post_holders,
    is_only_admin,
    list_posts,
)
from models.preferences import Preference


async def show_own_data(request: Request) -> Answer:
    """Answer `/toi`: show what the bot stores about the sender."""
    if request.incoming.chat_kind != "private":
        return make_answer(say("me-in-private"))
    if request.sender.person_id is None:
        return make_answer(_describe_stranger(), *_describe_address(request))
    async with request.read() as session:
        person = await session.get_one(Person, request.sender.person_id)
        posts = await list_posts(session, request.sender.person_id, request.today)
    blocks = [
        say("me-head", name=person.name),
        *_describe_address(request),
        say("me-since", day=person.joined_at.astimezone(request.now.tzinfo).date()),
    ]
    blocks += [say("bullet", text=describe_post_with_days(post, agency)) for post, agency in posts]
    blocks += [say("me-no-roles")] if not posts else []
    blocks.append(say("me-kept", days=QUESTIONS_KEPT_FOR.days))
    return make_answer(*blocks, buttons=[[Button(say("button-erase-me"), "eraseme:ask")]])


def _describe_stranger() -> Sentence:
    """Say what may be kept of somebody who has not joined."""
    return say("me-unknown", days=QUESTIONS_KEPT_FOR.days)


def _describe_address(request: Request) -> list[Sentence]:
    """Return the sender's address as ADMINS names it; nothing at the terminal."""
    incoming = request.incoming
    if incoming.channel in LOCAL_CHANNELS:
        return []
    return [say("me-address", channel=incoming.channel.capitalize(), address=incoming.sender)]


class LeavingDraft(drafts.DraftData):
    """A person who wants to "leave", or to have all data erased ("erase")."""

    what: str


async def ask_to_leave(request: Request) -> Answer:
    """Answer `/roi`: ask once more before the person's roles end."""
    return await _ask_again(request, "leave")


async def ask_to_erase(request: Request) -> Answer:
    """Ask once more before the sender's data are erased, for the button "Xoá dữ liệu của tôi"."""
    return await _ask_again(request, "erase")


async def _ask_again(request: Request, what: str) -> Answer:
    """Ask once more, and name the agencies that would have no focal point."""
    if request.sender.person_id is None:
        return make_answer(_describe_stranger())
    async with request.write() as session:
        if await is_only_admin(session, request.sender.person_id):
            return make_answer(say("leave-only-admin"))
        alone = [
            post.agency or ""
            for post in request.sender.agency_posts
            if await _is_only_focal_point(session, request, post)
        ]
        term = await session.get(Preference, LEAVER_KEPT_DAYS_PREFERENCE)
        days = int(term.value) if term is not None else LEAVER_KEPT_DAYS
        token = await drafts.save_draft(
            request, "leaving", LeavingDraft(what=what), session, yes="goodbye:{}"
        )
    blocks = [say("leave-sure", days=days) if what == "leave" else say("erase-sure")]
    if alone:
        blocks.append(say("leave-alone", agencies=tuple(alone)))
    label = say("button-leave-bot") if what == "leave" else say("button-erase-me")
    return make_answer(
        *blocks, buttons=[[make_button(label, "goodbye", token)], [drafts.make_leave_button(token)]]
    )


async def _is_only_focal_point(session: AsyncSession, request: Request, post: ActivePost) -> bool:
    """Return whether the sender is the agency's only focal point."""
    if post.role != PostRole.FOCAL_POINT or post.agency_id is None:
        return False
    others = await find_post_holders(
        session, [PostRole.FOCAL_POINT], request.today, [post.agency_id]
    )
    return all(person.id == request.sender.person_id for person in others)


async def decline_text(request: Request) -> Answer:
    """Decline what is typed: only a yes or the button leaves."""
    raise drafts.NotForDialogue


async def leave_bot(request: Request) -> Answer:
    """End the sender's roles, and erase their data at once or after the set term."""
    draft = await drafts.find_draft_of_button(request, "leaving")
    if draft is None or request.sender.person_id is None:
        return refuse_button()
    erases_now = drafts.read_draft(request, LeavingDraft).what == "erase"
    async with request.write() as session:
        if await is_only_admin(session, request.sender.person_id):
            return make_answer(say("leave-only-admin"))
        person = await session.get_one(Person, request.sender.person_id)
        posts_ended = await end_membership(session, person, request.now)
        request.record_change(session, "leave", "person", person.id, after={"posts": posts_ended})
        await drafts.delete_draft(request, session)
        if erases_now:
            await erase_person(session, person, request.now)
        await erase_people_who_left(session, request.now)
    return make_answer(say("leave-erased" if erases_now else "leave-done"), replace=True)


COMMANDS: dict[str, Handler] = {"toi": show_own_data, "roi": ask_to_leave}
DIALOGUES: dict[str, Handler] = {"leaving": decline_text}
ACTIONS: dict[str, Handler] = {"eraseme": ask_to_erase, "goodbye": leave_bot}
