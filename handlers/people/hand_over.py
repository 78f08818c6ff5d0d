"""Handing duties over (`/bangiao`): for good, or for days of absence."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from handlers.conversation import cases, days, drafts, words
from handlers.conversation.notify import notify_people
from handlers.conversation.refusals import refuse_button, refuse_dialogue
from handlers.conversation.request import Handler, Request
from handlers.conversation.rights import AGENCY_ROLES, Action
from handlers.people.identity import describe_post
from handlers.people.posts import (
    LABEL_LENGTH,
    PAGE_SIZE,
    find_person,
    give_post,
    make_people_page_buttons,
    store_post_end,
)
from locales.answer import Answer, make_answer, make_button, pack_action, say, unpack_action
from locales.phrases import shorten_text
from models.agencies import Agency
from models.people import Person, Post, PostRole, list_posts


async def start_hand_over(request: Request) -> Answer:
    """Answer `/bangiao`: ask to whom the sender's duties go, or first which of them."""
    if not request.may_do(Action.HAND_OVER):
        return make_answer(say("may-not-hand-over-any"))
    async with request.read() as session:
        own = [
            (post, agency)
            for post, agency in await list_posts(
                session, request.sender.person_id or 0, request.today
            )
            if post.role in AGENCY_ROLES and post.stands_in_for is None
        ]
        if len(own) == 1:
            return await _ask_whom(session, request, own[0][0])
    if not own:
        return make_answer(say("hand-none-admin" if request.may_do(Action.PEOPLE) else "hand-none"))
    rows = [
        [
            make_button(
                describe_post(post.role, shorten_text(agency or "", LABEL_LENGTH)),
                "hand",
                post.id,
            )
        ]
        for post, agency in own
    ]
    return make_answer(say("hand-which"), buttons=rows)


class HandOverDraft(drafts.DraftData):
    """Duties being handed over to a person, for the days of `span` or for good."""

    post: int
    person: int
    span: tuple[date, date] | None = None


async def choose_post(request: Request) -> Answer:
    """Ask to whom the duties of a post go, for the button `hand:post[:offset]`."""
    number, offset = unpack_action(request.args, 2)
    async with request.read() as session:
        post = await _find_post_to_hand_over(session, request, cases.parse_id(number))
        if isinstance(post, Answer):
            return post
        return await _ask_whom(session, request, post, cases.parse_id(offset) or 0)


async def _find_post_to_hand_over(
    session: AsyncSession, request: Request, number: Any
) -> Post | Answer:
    """Return the post with this id if the sender may hand it over, else the refusal.

    Everybody may hand over their own post, an admin anybody's.
    """
    post = await session.get(Post, number) if isinstance(number, int) else None
    if (
        post is None
        or post.ended_at is not None
        or post.role not in AGENCY_ROLES
        or post.stands_in_for is not None
    ):
        return refuse_button()
    if post.person_id != request.sender.person_id and not request.may_do(Action.PEOPLE):
        return make_answer(say("may-not-hand-over"))
    return post


async def _ask_whom(session: AsyncSession, request: Request, post: Post, offset: int = 0) -> Answer:
    """Offer the colleagues of the agency; an admin may choose anybody who has joined."""
    statement = select(Person).where(
        col(Person.left_at).is_(None), col(Person.id) != post.person_id
    )
    if not request.may_do(Action.PEOPLE):
        colleagues = select(Post.person_id).where(
            Post.agency_id == post.agency_id, col(Post.ended_at).is_(None)
        )
        statement = statement.where(col(Person.id).in_(colleagues))
    people = list(await session.exec(statement.order_by(col(Person.id))))
    if not people:
        return make_answer(say("hand-nobody"))
    rows = [
        [
            make_button(
                say("button-person", name=shorten_text(p.name, LABEL_LENGTH)),
                "handto",
                post.id,
                p.id,
            )
        ]
        for p in people[offset : offset + PAGE_SIZE]
    ]
    rows += make_people_page_buttons(pack_action("hand", post.id, "{}"), offset, len(people))
    return make_answer(say("hand-whom"), say("hand-invite-first"), buttons=rows)


async def choose_receiver(request: Request) -> Answer:
    """Ask for how long the duties go to the chosen person."""
    number, receiver = unpack_action(request.args, 2)
    async with request.write() as session:
        post = await _find_post_to_hand_over(session, request, cases.parse_id(number))
        if isinstance(post, Answer):
            return post
        person = await _find_receiver(session, request, post, receiver)
        if person is None:
            return refuse_button()
        data = HandOverDraft(post=post.id, person=person.id)
        token = await drafts.save_draft(request, "handover", data, session)
    rows = [
        [make_button(say("button-for-good"), "handyes", token, "good")],
        [drafts.make_leave_button(token)],
    ]
    return make_answer(say("hand-how-long", name=person.name), buttons=rows)


async def _find_receiver(
    session: AsyncSession, request: Request, post: Post, number: str
) -> Person | None:
    """Return the person with this id if they may take the duties over, else None.

    A colleague of the agency; if an admin chooses, anybody who has joined.
    """
    person = await find_person(session, number)
    if person is None or person.id == post.person_id:
        return None
    if request.may_do(Action.PEOPLE):
        return person
    posts = await list_posts(session, person.id, request.today)
    return person if any(p.agency_id == post.agency_id for p, _ in posts) else None


async def take_absence_days(request: Request) -> Answer:
    """Read the days of absence, and show them with weekdays before they are stored."""
    data = drafts.read_draft(request, HandOverDraft)
    text = drafts.read_reply(request)
    if words.is_one_of("handover", "for_good", text):
        return await _store_hand_over(request, data, None)
    span = _parse_absence_days(text, request.today)
    if span is None or span[0] > span[1]:
        wrong = (
            say("days-off-wrong-span", first=span[0], last=span[1])
            if span
            else say("hand-span-unclear")
        )
        return make_answer(wrong, buttons=[[drafts.make_leave_button(data.token)]])
    new = data.model_copy(update={"span": span})
    token = await drafts.save_draft(request, "handover", new, yes="handyes:{}:span")
    rows = [
        [make_button(say("button-right"), "handyes", token, "span")],
        [drafts.make_leave_button(token)],
    ]
    return make_answer(say("hand-span-right", first=span[0], last=span[1]), buttons=rows)


def _parse_absence_days(text: str, today: date) -> tuple[date, date] | None:
    """Return the first and the last day of an absence; a single day is both.

    None if the text was not understood or the absence begins in the past.
    """
    typed = words.make_typed_text(text)
    match = typed.search(words.get_pattern("handover", "span"))
    if match is not None and match.end() == len(typed.text):
        first = days.parse_days(typed.get_original(match, 1), today)
        last = days.parse_days(typed.get_original(match, 2), today)
    else:
        first = last = days.parse_days(text, today)
    if len(first) != 1 or len(last) != 1 or first[0] < today:
        return None
    return first[0], last[0]


async def confirm_hand_over(request: Request) -> Answer:
    """Hand the duties over as they were shown."""
    draft = await drafts.find_draft_of_button(request, "handover")
    if draft is None:
        return refuse_button()
    data = drafts.read_draft(request, HandOverDraft)
    if request.args == "good":
        return await _store_hand_over(request, data, None)
    if request.args != "span" or data.span is None:
        return refuse_button()
    return await _store_hand_over(request, data, data.span)


async def _store_hand_over(
    request: Request, data: HandOverDraft, span: tuple[date, date] | None
) -> Answer:
    """Store the hand-over: for days as a post that stands in, for good as a new post."""
    async with request.write() as session:
        await drafts.delete_draft(request, session)
        post = await _find_post_to_hand_over(session, request, data.post)
        if isinstance(post, Answer):
            return post
        person = await _find_receiver(session, request, post, str(data.person))
        if person is None:
            return refuse_dialogue()
        agency = await session.get(Agency, post.agency_id) if post.agency_id is not None else None
        name = describe_post(post.role, agency.name if agency else None)
        first, last = span or (None, None)
        role = PostRole(post.role)
        new = None if span else await _find_same_post(session, person, post)
        if new is None:
            new = await give_post(
                session, request, person, role, agency, instead_of=post, first=first, last=last
            )
        if first is None or last is None:
            new.stands_in_for = None  # the post itself is theirs now; the audit says from whom
            session.add(new)
            await store_post_end(session, request, post)
            message = say("told-handed-for-good", post=name)
            reply = say("handed-for-good", name=person.name, post=name)
        else:
            message = say("told-handed", post=name, first=first, last=last)
            reply = say("handed", name=person.name, post=name, first=first, last=last)
        people = [person.id, post.person_id]
        await notify_people(session, request, people, make_answer(message), token=f"hand:{new.id}")
    return make_answer(reply)


async def _find_same_post(session: AsyncSession, person: Person, post: Post) -> Post | None:
    """Return the post of the same role and agency that the person has for good, if any."""
    statement = select(Post).where(
        col(Post.person_id) == person.id,
        col(Post.role) == post.role,
        col(Post.agency_id) == post.agency_id,
        col(Post.ended_at).is_(None),
        col(Post.stands_in_for).is_(None),
        col(Post.until).is_(None),
    )
    return (await session.exec(statement)).first()


COMMANDS: dict[str, Handler] = {"bangiao": start_hand_over}
ACTIONS: dict[str, Handler] = {
    "hand": choose_post,
    "handto": choose_receiver,
    "handyes": confirm_hand_over,
}
DIALOGUES: dict[str, Handler] = {"handover": take_absence_days}
