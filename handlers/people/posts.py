"""Roles of people: who has joined (`/nguoi`), giving and ending roles (`/quyen`).

Also how long data of people who left are kept (`/thoihanluu`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from handlers.conversation import cases, drafts, words
from handlers.conversation.agency_choice import (
    AgencyDialogue,
    AgencyDraft,
    find_agency_or_ask,
    find_chosen_agency,
)
from handlers.conversation.notify import notify_people
from handlers.conversation.refusals import refuse_button, refuse_dialogue
from handlers.conversation.request import Handler, Request
from handlers.conversation.rights import AGENCY_ROLES, Action
from handlers.people.identity import describe_post, describe_post_with_days
from handlers.people.invite import read_invitation_request
from language.text import fold
from locales.answer import (
    Answer,
    Button,
    fits_button,
    make_answer,
    make_button,
    pack_action,
    say,
    unpack_action,
)
from locales.phrases import shorten_text
from models import preferences
from models.agencies import Agency
from models.assignments import enrol_agency
from models.erasure import LEAVER_KEPT_DAYS, LEAVER_KEPT_DAYS_PREFERENCE, erase_people_who_left
from models.people import Person, Post, PostRole, is_only_admin, list_posts

LABEL_LENGTH = 50  # characters on a button
LONGEST_KEPT = 366  # days that data of people who left may be kept
PAGE_SIZE = 20  # people shown at a time, each with a button


# --- who has joined ---


def _filter_people(
    people: Sequence[Person], posts: dict[int, list[tuple[Post, str | None]]], text: str
) -> list[Person]:
    """Return the people whose name or agencies hold all words of `text`."""
    words_of_text = fold(text).split()
    found = []
    for person in people:
        agencies = " ".join(agency or "" for _, agency in posts[person.id])
        words_of_person = fold(f"{person.name} {agencies}").split()
        if all(word in words_of_person for word in words_of_text):
            found.append(person)
    return found


async def _read_people_with_posts(
    session: AsyncSession, request: Request
) -> tuple[list[Person], dict[int, list[Any]]]:
    """Return the people who have joined, and the posts of each by id."""
    statement = select(Person).where(col(Person.left_at).is_(None)).order_by(col(Person.id))
    people = list(await session.exec(statement))
    return people, {p.id: await list_posts(session, p.id, request.today) for p in people}


async def list_people(request: Request) -> Answer:
    """Answer `/nguoi [name or agency]`: who has joined, with their roles."""
    if not request.may_do(Action.PEOPLE):
        return make_answer(say("may-not-people"))
    async with request.write() as session:
        await erase_people_who_left(session, request.now)
    return await _make_people_page(request, request.args, 0)


async def show_people_page(request: Request) -> Answer:
    """Show another page of people, for the button `people:offset:filter`."""
    if not request.may_do(Action.PEOPLE):
        return make_answer(say("may-not-people"))
    offset, text = unpack_action(request.args, 2)
    return replace(
        await _make_people_page(request, text, cases.parse_id(offset) or 0), replace=True
    )


async def _make_people_page(request: Request, text: str, offset: int) -> Answer:
    """Return one page of the people whom `text` fits, each with a button."""
    async with request.read() as session:
        people, posts = await _read_people_with_posts(session, request)
    found = _filter_people(people, posts, text) if text else people
    if not found:
        return make_answer(say("people-nobody", name=text[:80]) if text else say("people-none"))
    shown = found[offset : offset + PAGE_SIZE]
    blocks = [say("people-head", count=len(found))]
    for number, person in enumerate(shown, start=offset + 1):
        roles = tuple(describe_post_with_days(p, a) for p, a in posts[person.id]) or (
            say("people-no-role"),
        )
        blocks.append(say("people-line", number=str(number), name=person.name, roles=roles))
    if len(found) > len(shown):
        blocks.append(
            say("people-rest", first=offset + 1, last=offset + len(shown), count=len(found))
        )
    rows = [
        *_make_person_buttons(shown),
        *make_people_page_buttons(pack_action("people", "{}", fold(text)), offset, len(found)),
    ]
    return make_answer(*blocks, say("people-foot"), buttons=rows)


def _make_person_buttons(people: Sequence[Person]) -> list[list[Button]]:
    """Return a button for each person, two a row."""
    names = [
        make_button(say("button-person", name=shorten_text(p.name, LABEL_LENGTH)), "person", p.id)
        for p in people
    ]
    return [names[i : i + 2] for i in range(0, len(names), 2)]


def make_people_page_buttons(action: str, offset: int, count: int) -> list[list[Button]]:
    """Return the buttons of the pages before and after; `action` holds {} for the offset.

    Return none if the action, with what was typed, is too long for a button.
    """
    pages = [("button-before", max(offset - PAGE_SIZE, 0))] if offset > 0 else []
    if offset + PAGE_SIZE < count:
        pages.append(("button-after", offset + PAGE_SIZE))
    row = [(say(label), action.replace("{}", str(first), 1)) for label, first in pages]
    if not row or not all(fits_button(page) for _, page in row):
        return []
    return [[Button(label, page) for label, page in row]]


async def set_retention(request: Request) -> Answer:
    """Answer `/thoihanluu [days]`: how long the data of people who left are kept."""
    if not request.may_do(Action.PEOPLE):
        return make_answer(say("may-not-people"))
    pattern = words.get_pattern("invite", "days")
    texts = (request.args, f"{request.args} ngay")  # a number alone means days
    matches = [words.make_typed_text(text).search(pattern) for text in texts]
    match = matches[0] or matches[1]
    async with request.write() as session:
        before = await preferences.read_preference(session, LEAVER_KEPT_DAYS_PREFERENCE)
        if not request.args:
            return make_answer(say("term-now", days=before or LEAVER_KEPT_DAYS))
        if match is None or not 1 <= int(match.group(1)) <= LONGEST_KEPT:
            return make_answer(say("term-wrong", most=LONGEST_KEPT))
        days = int(match.group(1))
        await preferences.set_preference(session, LEAVER_KEPT_DAYS_PREFERENCE, days)
        request.record_change(
            session, "set_term", "preference", before={"days": before}, after={"days": days}
        )
        await erase_people_who_left(session, request.now)
    return make_answer(say("term-set", days=days))


# --- /quyen ---


async def manage_posts(request: Request) -> Answer:
    """Answer `/quyen [name [| agency | role]]`: a person's roles, to end one or give another."""
    if not request.may_do(Action.PEOPLE):
        return make_answer(say("may-not-people"))
    name, _, post_text = request.args.partition("|")
    async with request.read() as session:
        people, posts = await _read_people_with_posts(session, request)
        found = _filter_people(people, posts, name) if name.strip() else people
        if len(found) == 1 and not post_text.strip():
            return await _make_person_card(session, request, found[0])
    if len(found) == 1:
        return await _add_post_from_text(request, PostDraft(person=found[0].id), post_text)
    return await _make_people_page(request, name.strip(), 0)


async def show_person(request: Request) -> Answer:
    """Show the roles of one person, for their button."""
    if not request.may_do(Action.PEOPLE):
        return make_answer(say("may-not-people"))
    async with request.read() as session:
        person = await find_person(session, request.args)
        return (
            refuse_button() if person is None else await _make_person_card(session, request, person)
        )


async def find_person(session: AsyncSession, number: str) -> Person | None:
    """Return the person with this id, None for one who left."""
    person_id = cases.parse_id(number)
    person = await session.get(Person, person_id) if person_id is not None else None
    return person if person is not None and person.left_at is None else None


async def _make_person_card(session: AsyncSession, request: Request, person: Person) -> Answer:
    """Return a person's roles, with buttons to end one or give another."""
    posts = await list_posts(session, person.id, request.today)
    blocks = [say("person-head", name=person.name)]
    blocks += [say("bullet", text=describe_post_with_days(p, a)) for p, a in posts] or [
        say("people-no-role")
    ]
    rows = []
    for post, agency in posts:
        name = shorten_text(agency, LABEL_LENGTH) if agency else None
        label = say("button-end-post", post=describe_post(post.role, name))
        rows.append([make_button(label, "endpost", post.id)])
        if post.role in AGENCY_ROLES and post.stands_in_for is None:
            rows.append([make_button(say("button-hand-over"), "hand", post.id)])
    rows.append([make_button(say("button-add-post"), "addpost", person.id)])
    return make_answer(*blocks, buttons=rows)


async def end_post(request: Request) -> Answer:
    """End a role, for its button; the bot's only admin stays."""
    if not request.may_do(Action.PEOPLE):
        return make_answer(say("may-not-people"))
    async with request.write() as session:
        number = cases.parse_id(request.args)
        post = await session.get(Post, number) if number is not None else None
        if post is None or post.ended_at is not None:
            return refuse_button()
        if post.role == PostRole.ADMIN and await is_only_admin(session, post.person_id, post.id):
            return make_answer(say("post-only-admin"))
        agency = await session.get(Agency, post.agency_id) if post.agency_id is not None else None
        person = await session.get_one(Person, post.person_id)
        name = describe_post(post.role, agency.name if agency else None)
        await store_post_end(session, request, post)
        message = make_answer(say("told-post-ended", post=name))
        await notify_people(
            session, request, [post.person_id], message, token=f"post:{post.id}:end"
        )
        return make_answer(say("post-ended", name=person.name, post=name), replace=True)


async def store_post_end(session: AsyncSession, request: Request, post: Post) -> None:
    """End a post, with the change in the audit."""
    post.ended_at = request.now
    session.add(post)
    await session.flush()
    after = {"ended": request.now.isoformat()}
    request.record_change(session, "end_post", "post", post.id, before={"ended": None}, after=after)


class PostDraft(AgencyDraft):
    """A person who gets another role, and which, once it is known."""

    person: int
    role: PostRole | None = None


async def ask_new_post(request: Request) -> Answer:
    """Ask which other role a person gets."""
    if not request.may_do(Action.PEOPLE):
        return make_answer(say("may-not-people"))
    async with request.write() as session:
        person = await find_person(session, request.args)
        if person is None:
            return refuse_button()
        token = await drafts.save_draft(request, "post", PostDraft(person=person.id), session)
    return make_answer(
        say("post-ask", name=person.name), buttons=[[drafts.make_leave_button(token)]]
    )


async def add_post_by_text(request: Request) -> Answer:
    """Give the role that was typed: "Sở Tư pháp | đầu mối"."""
    data = drafts.read_draft(request, PostDraft)
    return await _add_post_from_text(request, data, drafts.read_reply(request))


async def _add_post_from_text(request: Request, data: PostDraft, text: str) -> Answer:
    """Give the role that `text` names to the person of `data`."""
    details = read_invitation_request(text, request.today)
    if details.faults:
        return make_answer(details.faults[0])
    role = details.role or data.role or PostRole.FOCAL_POINT
    return await _add_post(request, data.person, details.agency, role, exact=False)


async def add_post_for_agency(request: Request) -> Answer:
    """Give the new role for one of the agencies that were offered."""
    chosen = await find_chosen_agency(request, "post", PostDraft)
    if chosen is None:
        return refuse_button()
    data, name = chosen
    return await _add_post(
        request, data.person, name, data.role or PostRole.FOCAL_POINT, exact=True
    )


async def _add_post(
    request: Request, person_id: int, agency: str | None, role: PostRole, *, exact: bool
) -> Answer:
    """Give the role to a person, for the agency that `agency` names."""
    if not request.may_do(Action.PEOPLE):
        return make_answer(say("may-not-people"))
    if role in AGENCY_ROLES and agency is None:
        return make_answer(say("invite-needs-agency", role=describe_post(role, None)))
    async with request.write() as session:
        row: Agency | None = None
        if agency is not None:
            data = PostDraft(person=person_id, role=role)
            dialogue = AgencyDialogue("post", data, "postpick:{}")
            found = await find_agency_or_ask(session, request, agency, dialogue, exact=exact)
            if isinstance(found, Answer):
                return found
            row = found
        await drafts.delete_draft(request, session)
        person = await session.get(Person, person_id)
        if person is None or person.left_at is not None:
            return refuse_dialogue()
        name = describe_post(role, row.name if row else None)
        posts = await list_posts(session, person.id, request.today)
        if any(p.role == role and p.agency_id == (row.id if row else None) for p, _ in posts):
            return make_answer(say("post-held", name=person.name, post=name))
        post = await give_post(session, request, person, role, row)
        message = make_answer(say("told-post", post=name))
        await notify_people(session, request, [person.id], message, token=f"post:{post.id}")
    return make_answer(say("post-given", name=person.name, post=name))


async def give_post(
    session: AsyncSession,
    request: Request,
    person: Person,
    role: PostRole,
    agency: Agency | None,
    *,
    instead_of: Post | None = None,
    first: date | None = None,
    last: date | None = None,
) -> Post:
    """Store a post of a person, and enrol its agency.

    `instead_of`: the post that it stands in for, from the day `first` to `last`.
    """
    post = Post(
        person_id=person.id,
        role=role,
        agency_id=agency.id if agency else None,
        from_day=first,
        until=last,
        stands_in_for=instead_of.id if instead_of else None,
        made_at=request.now,
    )
    session.add(post)
    await session.flush()
    after = {
        "person": person.id,
        "role": role,
        "agency": post.agency_id,
        "instead_of": post.stands_in_for,
        "from": first.isoformat() if first else None,
        "until": last.isoformat() if last else None,
    }
    action = "hand_over" if instead_of else "give_post"
    request.record_change(session, action, "post", post.id, after=after)
    if (
        agency is not None
        and role in AGENCY_ROLES
        and await enrol_agency(session, agency, request.today, request.now)
    ):
        enrolled = {"enrolled_on": request.today.isoformat()}
        request.record_change(session, "enrol", "agency", agency.id, after=enrolled)
        request.app.forget_names()
    return post


COMMANDS: dict[str, Handler] = {
    "nguoi": list_people,
    "quyen": manage_posts,
    "thoihanluu": set_retention,
}
ACTIONS: dict[str, Handler] = {
    "people": show_people_page,
    "person": show_person,
    "endpost": end_post,
    "addpost": ask_new_post,
    "postpick": add_post_for_agency,
}
DIALOGUES: dict[str, Handler] = {"post": add_post_by_text}
