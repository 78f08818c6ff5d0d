"""Roles of people: who has joined (`/nguoi`), giving and ending roles (`/quyen`), handing duties over (`/bangiao`)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from handlers.conversation import cases, drafts, words
from handlers.conversation.agency_choice import AgencyChoice, choose_agency, find_or_add_agency
from handlers.conversation.notify import notify_people
from handlers.conversation.refusals import refuse_button, refuse_dialogue
from handlers.conversation.rights import Action
from handlers.conversation.turn import Handler, Request
from handlers.people.identity import describe_post, describe_post_with_days
from handlers.people.join import AGENCY_ROLES, read_invitation_request
from language.text import fold
from locales.answer import Answer, Button, make_answer, say
from locales.phrases import shorten_text
from models import preferences
from models.agencies import Agency
from models.assignments import enrol_agency
from models.audit import record_change
from models.erasure import LEAVER_KEPT_DAYS, LEAVER_KEPT_DAYS_PREFERENCE, erase_people_who_left
from models.people import Person, Post, PostRole, is_only_admin, list_posts

LABEL_LENGTH = 50  # characters on a button
LONGEST_KEPT = 366  # days that data of people who left may be kept
PAGE_SIZE = 20  # people shown at a time, each with a button
LONGEST_ACTION = 64  # bytes of a button's action (core.telegram.org/bots/api, InlineKeyboardButton)
HAND_OVER_ROLES = (PostRole.FOCAL_POINT, PostRole.HEAD)
"""Roles whose duties can be handed to another."""


# --- who has joined --------------------------------------------------------------------------------------------------


async def _read_people(session: AsyncSession) -> list[Person]:
    return list(
        await session.exec(
            select(Person).where(col(Person.left_at).is_(None)).order_by(col(Person.id))
        )
    )


def _filter_people(
    people: Sequence[Person], posts: dict[int, list[tuple[Post, str | None]]], text: str
) -> list[Person]:
    """The people whose name, agency or role holds all words of `text`."""
    wanted = fold(text).split()
    found = []
    for person in people:
        held = " ".join(agency or "" for _, agency in posts[person.id or 0])
        if all(word in fold(f"{person.name} {held}").split() for word in wanted):
            found.append(person)
    return found


async def _read_people_with_posts(
    session: AsyncSession, request: Request
) -> tuple[list[Person], dict[int, list[Any]]]:
    people = await _read_people(session)
    return people, {p.id or 0: await list_posts(session, p.id or 0, request.today) for p in people}


async def list_people(request: Request) -> Answer:
    """`/nguoi [name or agency]`: who has joined, with their roles."""
    if not request.may_do(Action.PEOPLE):
        return make_answer(say("may-not-people"))
    async with request.write() as session:
        await erase_people_who_left(session, request.now)
    return await _make_people_page(request, request.args, 0)


async def show_people_page(request: Request) -> Answer:
    """The button of another page of people: `people:offset:filter`."""
    if not request.may_do(Action.PEOPLE):
        return make_answer(say("may-not-people"))
    offset, _, text = request.args.partition(":")
    return replace(
        await _make_people_page(request, text, cases.parse_id(offset) or 0), replace=True
    )


async def _make_people_page(request: Request, text: str, offset: int) -> Answer:
    """One page of the people whom `text` fits, each with a button."""
    async with request.read() as session:
        people, posts = await _read_people_with_posts(session, request)
    found = _filter_people(people, posts, text) if text else people
    if not found:
        return make_answer(say("people-nobody", name=text[:80]) if text else say("people-none"))
    shown = found[offset : offset + PAGE_SIZE]
    blocks = [say("people-head", count=len(found))]
    for number, person in enumerate(shown, start=offset + 1):
        roles = tuple(describe_post_with_days(p, a) for p, a in posts[person.id or 0]) or (
            say("people-no-role"),
        )
        blocks.append(say("people-line", number=str(number), name=person.name, roles=roles))
    if len(found) > len(shown):
        blocks.append(
            say("people-rest", first=offset + 1, last=offset + len(shown), count=len(found))
        )
    rows = [
        *_make_person_buttons(shown),
        *make_page_buttons(f"people:{{}}:{fold(text)}", offset, len(found)),
    ]
    return make_answer(*blocks, say("people-foot"), buttons=rows)


def _make_person_buttons(people: Sequence[Person]) -> list[list[Button]]:
    names = [
        Button(say("button-person", name=shorten_text(p.name, LABEL_LENGTH)), f"person:{p.id}")
        for p in people
    ]
    return [names[i : i + 2] for i in range(0, len(names), 2)]


def make_page_buttons(action: str, offset: int, count: int) -> list[list[Button]]:
    """The buttons of the page before and the page behind; `action` holds {} for the offset."""
    row = []
    if offset > 0:
        row.append(Button(say("button-before"), action.format(max(offset - PAGE_SIZE, 0))))
    if offset + PAGE_SIZE < count:
        row.append(Button(say("button-after"), action.format(offset + PAGE_SIZE)))
    return [row] if row and all(len(b.action.encode()) <= LONGEST_ACTION for b in row) else []


async def set_retention(request: Request) -> Answer:
    """`/thoihanluu [days]`: how long the data of people who left are kept; an admin sets it."""
    if not request.may_do(Action.PEOPLE):
        return make_answer(say("may-not-people"))
    wanted = words.make_typed_text(request.args).search(
        words.get_pattern("invite", "days")
    ) or words.make_typed_text(f"{request.args} ngay").search(words.get_pattern("invite", "days"))
    async with request.write() as session:
        before = await preferences.read_preference(session, LEAVER_KEPT_DAYS_PREFERENCE)
        if not request.args:
            return make_answer(say("term-now", days=before or LEAVER_KEPT_DAYS))
        if wanted is None or not 1 <= int(wanted.group(1)) <= LONGEST_KEPT:
            return make_answer(say("term-wrong", most=LONGEST_KEPT))
        days_ = int(wanted.group(1))
        await preferences.set_preference(session, LEAVER_KEPT_DAYS_PREFERENCE, days_)
        record_change(
            session, request.now, "set_term", "preference", person_id=request.sender.person_id,
            before={"days": before}, after={"days": days_},
        )  # fmt: skip
        await erase_people_who_left(session, request.now)
    return make_answer(say("term-set", days=days_))


# --- /quyen ----------------------------------------------------------------------------------------------------------


async def manage_posts(request: Request) -> Answer:
    """`/quyen [name [| agency | role]]`: a person's roles, with buttons to end one or give another."""
    if not request.may_do(Action.PEOPLE):
        return make_answer(say("may-not-people"))
    name, _, wanted = request.args.partition("|")
    async with request.read() as session:
        people, posts = await _read_people_with_posts(session, request)
        found = _filter_people(people, posts, name) if name.strip() else people
        if len(found) == 1 and not wanted.strip():
            return await _make_person_card(session, request, found[0])
    if len(found) == 1:
        return await _add_post_from_text(request, {"person": found[0].id}, wanted)
    return await _make_people_page(request, name.strip(), 0)


async def show_person(request: Request) -> Answer:
    """The button of one person."""
    if not request.may_do(Action.PEOPLE):
        return make_answer(say("may-not-people"))
    async with request.read() as session:
        person = await find_person(session, request.args)
        return (
            refuse_button() if person is None else await _make_person_card(session, request, person)
        )


async def find_person(session: AsyncSession, number: str) -> Person | None:
    wanted = cases.parse_id(number)
    person = await session.get(Person, wanted) if wanted is not None else None
    return person if person is not None and person.left_at is None else None


async def _make_person_card(session: AsyncSession, request: Request, person: Person) -> Answer:
    held = await list_posts(session, person.id or 0, request.today)
    blocks = [say("person-head", name=person.name)]
    blocks += [say("bullet", text=describe_post_with_days(p, a)) for p, a in held] or [
        say("people-no-role")
    ]
    rows = []
    for post, agency in held:
        name = shorten_text(agency, LABEL_LENGTH) if agency else None
        rows.append(
            [
                Button(
                    say("button-end-post", post=describe_post(post.role, name)),
                    f"endpost:{post.id}",
                )
            ]
        )
        if post.role in HAND_OVER_ROLES and post.stands_in_for is None:
            rows.append([Button(say("button-hand-over"), f"hand:{post.id}")])
    rows.append([Button(say("button-add-post"), f"addpost:{person.id}")])
    return make_answer(*blocks, buttons=rows)


async def end_post(request: Request) -> Answer:
    """The button that ends a role; a bot without an admin is never left."""
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
        await notify_people(
            session,
            request,
            [post.person_id],
            make_answer(say("told-post-ended", post=name)),
            token=f"post:{post.id}:end",
        )
        return make_answer(say("post-ended", name=person.name, post=name), replace=True)


async def store_post_end(session: AsyncSession, request: Request, post: Post) -> None:
    post.ended_at = request.now
    session.add(post)
    await session.flush()
    record_change(
        session, request.now, "end_post", "post", post.id, person_id=request.sender.person_id,
        before={"ended": None}, after={"ended": request.now.isoformat()},
    )  # fmt: skip


async def ask_new_post(request: Request) -> Answer:
    """The button that gives a person another role: which one is asked for."""
    if not request.may_do(Action.PEOPLE):
        return make_answer(say("may-not-people"))
    async with request.write() as session:
        person = await find_person(session, request.args)
        if person is None:
            return refuse_button()
        token = await drafts.save_draft(request, "post", {"person": person.id}, session)
    return make_answer(
        say("post-ask", name=person.name), buttons=[[drafts.make_leave_button(token)]]
    )


async def add_post_by_text(request: Request) -> Answer:
    """The role that was asked for: "Sở Tư pháp | đầu mối"."""
    return await _add_post_from_text(
        request, drafts.get_draft_data(request), drafts.read_reply(request)
    )


async def _add_post_from_text(request: Request, data: dict[str, Any], text: str) -> Answer:
    """Gives the role that `text` says to the person of `data`."""
    wanted = read_invitation_request(text, request.today)
    if wanted.faults:
        return make_answer(wanted.faults[0])
    role = wanted.role.value if wanted.role else data.get("role") or PostRole.FOCAL_POINT
    return await _add_post(request, data, wanted.agency, PostRole(role), exact=False)


async def add_post_for_agency(request: Request) -> Answer:
    """One of the agencies that were offered for a new role."""
    draft = await drafts.find_draft_of_button(request, "post")
    names = draft.data.get("choices", []) if draft is not None else []
    if draft is None or not request.args.isdecimal() or int(request.args[:4]) >= len(names):
        return refuse_button()
    return await _add_post(
        request, draft.data, names[int(request.args[:4])], PostRole(draft.data["role"]), exact=True
    )


async def _add_post(
    request: Request, data: dict[str, Any], agency: str | None, role: PostRole, *, exact: bool
) -> Answer:
    if not request.may_do(Action.PEOPLE):
        return make_answer(say("may-not-people"))
    if role in AGENCY_ROLES and agency is None:
        return make_answer(say("invite-needs-agency", role=describe_post(role, None)))
    async with request.write() as session:
        row: Agency | None = None
        if agency is not None:
            found = await choose_agency(session, request, agency, exact=exact)
            if isinstance(found, AgencyChoice):
                names = [*found.names, found.text] if found.may_be_new else [*found.names]
                kept = {"person": data["person"], "role": role, "choices": names}
                token = await drafts.save_draft(request, "post", kept, session)
                return make_answer(
                    found.question,
                    buttons=[
                        *found.make_buttons(f"postpick:{token}"),
                        [drafts.make_leave_button(token)],
                    ],
                )
            row = await find_or_add_agency(session, request, found)
        await drafts.delete_draft(request, session)
        person = await session.get(Person, data["person"])
        if person is None or person.left_at is not None:
            return refuse_dialogue()
        name = describe_post(role, row.name if row else None)
        held = {
            (p.role, p.agency_id)
            for p, _ in await list_posts(session, person.id or 0, request.today)
        }
        if (role, row.id if row else None) in held:
            return make_answer(say("post-held", name=person.name, post=name))
        post = await give_post(session, request, person, role, row)
        await notify_people(
            session,
            request,
            [person.id or 0],
            make_answer(say("told-post", post=name)),
            token=f"post:{post.id}",
        )
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
    post = Post(
        person_id=person.id or 0,
        role=role,
        agency_id=agency.id if agency else None,
        from_day=first,
        until=last,
        stands_in_for=instead_of.id if instead_of else None,
        made_at=request.now,
    )
    session.add(post)
    await session.flush()
    record_change(
        session, request.now, "hand_over" if instead_of else "give_post", "post", post.id, person_id=request.sender.person_id,
        after={
            "person": person.id,
            "role": role,
            "agency": post.agency_id,
            "instead_of": post.stands_in_for,
            "from": first.isoformat() if first else None,
            "until": last.isoformat() if last else None,
        },
    )  # fmt: skip
    if (
        agency is not None
        and role in AGENCY_ROLES
        and await enrol_agency(session, agency, request.today, request.now)
    ):
        record_change(
            session, request.now, "enrol", "agency", agency.id, person_id=request.sender.person_id,
            after={"enrolled_on": request.today.isoformat()},
        )  # fmt: skip
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
