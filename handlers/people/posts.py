"""Roles of people: who has joined (`/nguoi`), giving and ending roles (`/quyen`), handing duties over (`/bangiao`)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from handlers.conversation import cases, days, drafts, words
from handlers.conversation.agency_choice import AgencyChoice, choose_agency, find_or_add_agency
from handlers.conversation.notify import notify_people
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

_GONE = "button-out-of-date"


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
    session: AsyncSession, turn: Request
) -> tuple[list[Person], dict[int, list[Any]]]:
    people = await _read_people(session)
    return people, {p.id or 0: await list_posts(session, p.id or 0, turn.today) for p in people}


async def list_people(turn: Request) -> Answer:
    """`/nguoi [name or agency]`: who has joined, with their roles."""
    if not turn.may_do(Action.PEOPLE):
        return make_answer(say("may-not-people"))
    async with turn.write() as session:
        await erase_people_who_left(session, turn.now)
    return await _make_people_page(turn, turn.args, 0)


async def show_people_page(turn: Request) -> Answer:
    """The button of another page of people: `people:offset:filter`."""
    if not turn.may_do(Action.PEOPLE):
        return make_answer(say("may-not-people"))
    offset, _, text = turn.args.partition(":")
    return replace(await _make_people_page(turn, text, cases.parse_id(offset) or 0), replace=True)


async def _make_people_page(turn: Request, text: str, offset: int) -> Answer:
    """One page of the people whom `text` fits, each with a button."""
    async with turn.read() as session:
        people, posts = await _read_people_with_posts(session, turn)
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


async def set_retention(turn: Request) -> Answer:
    """`/thoihanluu [days]`: how long the data of people who left are kept; an admin sets it."""
    if not turn.may_do(Action.PEOPLE):
        return make_answer(say("may-not-people"))
    wanted = words.make_typed_text(turn.args).search(
        words.get_pattern("invite", "days")
    ) or words.make_typed_text(f"{turn.args} ngay").search(words.get_pattern("invite", "days"))
    async with turn.write() as session:
        before = await preferences.read_preference(session, LEAVER_KEPT_DAYS_PREFERENCE)
        if not turn.args:
            return make_answer(say("term-now", days=before or LEAVER_KEPT_DAYS))
        if wanted is None or not 1 <= int(wanted.group(1)) <= LONGEST_KEPT:
            return make_answer(say("term-wrong", most=LONGEST_KEPT))
        days_ = int(wanted.group(1))
        await preferences.set_preference(session, LEAVER_KEPT_DAYS_PREFERENCE, days_)
        record_change(
            session, turn.now, "set_term", "preference", person_id=turn.sender.person_id,
            before={"days": before}, after={"days": days_},
        )  # fmt: skip
        await erase_people_who_left(session, turn.now)
    return make_answer(say("term-set", days=days_))


# --- /quyen ----------------------------------------------------------------------------------------------------------


async def manage_posts(turn: Request) -> Answer:
    """`/quyen [name [| agency | role]]`: a person's roles, with buttons to end one or give another."""
    if not turn.may_do(Action.PEOPLE):
        return make_answer(say("may-not-people"))
    name, _, wanted = turn.args.partition("|")
    async with turn.read() as session:
        people, posts = await _read_people_with_posts(session, turn)
        found = _filter_people(people, posts, name) if name.strip() else people
        if len(found) == 1 and not wanted.strip():
            return await _make_person_card(session, turn, found[0])
    if len(found) == 1:
        return await _add_post_from_text(turn, {"person": found[0].id}, wanted)
    return await _make_people_page(turn, name.strip(), 0)


async def show_person(turn: Request) -> Answer:
    """The button of one person."""
    if not turn.may_do(Action.PEOPLE):
        return make_answer(say("may-not-people"))
    async with turn.read() as session:
        who = await find_person(session, turn.args)
        return (
            make_answer(toast=say(_GONE))
            if who is None
            else await _make_person_card(session, turn, who)
        )


async def find_person(session: AsyncSession, number: str) -> Person | None:
    wanted = cases.parse_id(number)
    who = await session.get(Person, wanted) if wanted is not None else None
    return who if who is not None and who.left_at is None else None


async def _make_person_card(session: AsyncSession, turn: Request, who: Person) -> Answer:
    held = await list_posts(session, who.id or 0, turn.today)
    blocks = [say("person-head", name=who.name)]
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
    rows.append([Button(say("button-add-post"), f"addpost:{who.id}")])
    return make_answer(*blocks, buttons=rows)


async def end_post(turn: Request) -> Answer:
    """The button that ends a role; a bot without an admin is never left."""
    if not turn.may_do(Action.PEOPLE):
        return make_answer(say("may-not-people"))
    async with turn.write() as session:
        number = cases.parse_id(turn.args)
        post = await session.get(Post, number) if number is not None else None
        if post is None or post.ended_at is not None:
            return make_answer(toast=say(_GONE))
        if post.role == PostRole.ADMIN and await is_only_admin(session, post.person_id, post.id):
            return make_answer(say("post-only-admin"))
        agency = await session.get(Agency, post.agency_id) if post.agency_id is not None else None
        who = await session.get_one(Person, post.person_id)
        name = describe_post(post.role, agency.name if agency else None)
        await store_post_end(session, turn, post)
        await notify_people(
            session,
            turn,
            [post.person_id],
            make_answer(say("told-post-ended", post=name)),
            token=f"post:{post.id}:end",
        )
        return make_answer(say("post-ended", name=who.name, post=name), replace=True)


async def store_post_end(session: AsyncSession, turn: Request, post: Post) -> None:
    post.ended_at = turn.now
    session.add(post)
    await session.flush()
    record_change(
        session, turn.now, "end_post", "post", post.id, person_id=turn.sender.person_id,
        before={"ended": None}, after={"ended": turn.now.isoformat()},
    )  # fmt: skip


async def ask_new_post(turn: Request) -> Answer:
    """The button that gives a person another role: which one is asked for."""
    if not turn.may_do(Action.PEOPLE):
        return make_answer(say("may-not-people"))
    async with turn.write() as session:
        who = await find_person(session, turn.args)
        if who is None:
            return make_answer(toast=say(_GONE))
        token = await drafts.save_draft(turn, "post", {"person": who.id}, session)
    return make_answer(say("post-ask", name=who.name), buttons=[[drafts.make_leave_button(token)]])


async def add_post_by_text(turn: Request) -> Answer:
    """The role that was asked for: "Sở Tư pháp | đầu mối"."""
    return await _add_post_from_text(turn, drafts.get_draft_data(turn), drafts.read_reply(turn))


async def _add_post_from_text(turn: Request, data: dict[str, Any], text: str) -> Answer:
    """Gives the role that `text` says to the person of `data`."""
    wanted = read_invitation_request(text, turn.today)
    if wanted.faults:
        return make_answer(wanted.faults[0])
    role = wanted.role.value if wanted.role else data.get("role") or PostRole.FOCAL_POINT
    return await _add_post(turn, data, wanted.agency, PostRole(role), exact=False)


async def add_post_for_agency(turn: Request) -> Answer:
    """One of the agencies that were offered for a new role."""
    draft = await drafts.find_draft_of_button(turn, "post")
    names = draft.data.get("choices", []) if draft is not None else []
    if draft is None or not turn.args.isdecimal() or int(turn.args[:4]) >= len(names):
        return make_answer(toast=say(_GONE))
    return await _add_post(
        turn, draft.data, names[int(turn.args[:4])], PostRole(draft.data["role"]), exact=True
    )


async def _add_post(
    turn: Request, data: dict[str, Any], agency: str | None, role: PostRole, *, exact: bool
) -> Answer:
    if not turn.may_do(Action.PEOPLE):
        return make_answer(say("may-not-people"))
    if role in AGENCY_ROLES and agency is None:
        return make_answer(say("invite-needs-agency", role=describe_post(role, None)))
    async with turn.write() as session:
        row: Agency | None = None
        if agency is not None:
            found = await choose_agency(session, turn, agency, exact=exact)
            if isinstance(found, AgencyChoice):
                names = [*found.names, found.text] if found.may_be_new else [*found.names]
                kept = {"person": data["person"], "role": role, "choices": names}
                token = await drafts.save_draft(turn, "post", kept, session)
                return make_answer(
                    found.question,
                    buttons=[
                        *found.make_buttons(f"postpick:{token}"),
                        [drafts.make_leave_button(token)],
                    ],
                )
            row = await find_or_add_agency(session, turn, found)
        await drafts.delete_draft(turn, session)
        who = await session.get(Person, data["person"])
        if who is None or who.left_at is not None:
            return make_answer(say(_GONE))
        name = describe_post(role, row.name if row else None)
        held = {
            (p.role, p.agency_id) for p, _ in await list_posts(session, who.id or 0, turn.today)
        }
        if (role, row.id if row else None) in held:
            return make_answer(say("post-held", name=who.name, post=name))
        post = await give_post(session, turn, who, role, row)
        await notify_people(
            session,
            turn,
            [who.id or 0],
            make_answer(say("told-post", post=name)),
            token=f"post:{post.id}",
        )
    return make_answer(say("post-given", name=who.name, post=name))


async def give_post(
    session: AsyncSession,
    turn: Request,
    who: Person,
    role: PostRole,
    agency: Agency | None,
    *,
    instead_of: Post | None = None,
    first: date | None = None,
    last: date | None = None,
) -> Post:
    post = Post(
        person_id=who.id or 0,
        role=role,
        agency_id=agency.id if agency else None,
        from_day=first,
        until=last,
        stands_in_for=instead_of.id if instead_of else None,
        made_at=turn.now,
    )
    session.add(post)
    await session.flush()
    record_change(
        session, turn.now, "hand_over" if instead_of else "give_post", "post", post.id, person_id=turn.sender.person_id,
        after={
            "person": who.id,
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
        and await enrol_agency(session, agency, turn.today, turn.now)
    ):
        record_change(
            session, turn.now, "enrol", "agency", agency.id, person_id=turn.sender.person_id,
            after={"enrolled_on": turn.today.isoformat()},
        )  # fmt: skip
        turn.app.forget_names()
    return post


# --- /bangiao --------------------------------------------------------------------------------------------------------


async def start_hand_over(turn: Request) -> Answer:
    """`/bangiao`: hands the sender's duties to a colleague, for good or for days."""
    if not turn.may_do(Action.HAND_OVER):
        return make_answer(say("may-not-hand-over-any"))
    async with turn.read() as session:
        own = [
            (post, agency)
            for post, agency in await list_posts(session, turn.sender.person_id or 0, turn.today)
            if post.role in HAND_OVER_ROLES and post.stands_in_for is None
        ]
        if len(own) == 1:
            return await _ask_whom(session, turn, own[0][0])
    if not own:
        return make_answer(say("hand-none-admin" if turn.may_do(Action.PEOPLE) else "hand-none"))
    rows = [
        [
            Button(
                describe_post(post.role, shorten_text(agency or "", LABEL_LENGTH)),
                f"hand:{post.id}",
            )
        ]
        for post, agency in own
    ]
    return make_answer(say("hand-which"), buttons=rows)


async def choose_post(turn: Request) -> Answer:
    """The post whose duties are handed over, and the page of people to choose from: `hand:post[:offset]`."""
    number, _, offset = turn.args.partition(":")
    async with turn.read() as session:
        post = await _find_post_to_hand_over(session, turn, cases.parse_id(number))
        if isinstance(post, Answer):
            return post
        return await _ask_whom(session, turn, post, cases.parse_id(offset) or 0)


async def _find_post_to_hand_over(
    session: AsyncSession, turn: Request, number: Any
) -> Post | Answer:
    """The post that the sender may hand over; or what to say instead. Their own, or, for an admin, anybody's."""
    post = await session.get(Post, number) if isinstance(number, int) else None
    if (
        post is None
        or post.ended_at is not None
        or post.role not in HAND_OVER_ROLES
        or post.stands_in_for is not None
    ):
        return make_answer(toast=say(_GONE))
    if post.person_id != turn.sender.person_id and not turn.may_do(Action.PEOPLE):
        return make_answer(say("may-not-hand-over"))
    return post


async def _ask_whom(session: AsyncSession, turn: Request, post: Post, offset: int = 0) -> Answer:
    """The colleagues of the agency as buttons; an admin may hand over to anybody who has joined."""
    statement = select(Person).where(
        col(Person.left_at).is_(None), col(Person.id) != post.person_id
    )
    if not turn.may_do(Action.PEOPLE):
        colleagues = select(Post.person_id).where(
            Post.agency_id == post.agency_id, col(Post.ended_at).is_(None)
        )
        statement = statement.where(col(Person.id).in_(colleagues))
    people = list(await session.exec(statement.order_by(col(Person.id))))
    if not people:
        return make_answer(say("hand-nobody"))
    rows = [
        [
            Button(
                say("button-person", name=shorten_text(p.name, LABEL_LENGTH)),
                f"handto:{post.id}:{p.id}",
            )
        ]
        for p in people[offset : offset + PAGE_SIZE]
    ]
    rows += make_page_buttons(f"hand:{post.id}:{{}}", offset, len(people))
    return make_answer(say("hand-whom"), say("hand-invite-first"), buttons=rows)


async def choose_receiver(turn: Request) -> Answer:
    """To whom: for how long is asked for."""
    number, _, who = turn.args.partition(":")
    async with turn.write() as session:
        post = await _find_post_to_hand_over(session, turn, cases.parse_id(number))
        if isinstance(post, Answer):
            return post
        person_ = await _find_receiver(session, turn, post, who)
        if person_ is None:
            return make_answer(toast=say(_GONE))
        token = await drafts.save_draft(
            turn, "handover", {"post": post.id, "person": person_.id}, session
        )
    rows = [
        [Button(say("button-for-good"), f"handyes:{token}:good")],
        [drafts.make_leave_button(token)],
    ]
    return make_answer(say("hand-how-long", name=person_.name), buttons=rows)


async def _find_receiver(
    session: AsyncSession, turn: Request, post: Post, who: str
) -> Person | None:
    """Who may take the duties over: a colleague of the agency, or, where an admin says so, anybody who joined."""
    found = await find_person(session, who)
    if found is None or found.id == post.person_id or turn.may_do(Action.PEOPLE):
        return found if found is not None and found.id != post.person_id else None
    held = await list_posts(session, found.id or 0, turn.today)
    return found if any(p.agency_id == post.agency_id for p, _ in held) else None


async def take_absence_days(turn: Request) -> Answer:
    """From when to when: repeated with weekdays before it is stored."""
    data = drafts.get_draft_data(turn)
    text = drafts.read_reply(turn)
    if words.is_one_of("handover", "for_good", text):
        return await _store_hand_over(turn, data, None)
    span = _parse_absence_days(text, turn.today)
    if span is None or span[0] > span[1]:
        wrong = (
            say("days-off-wrong-span", first=span[0], last=span[1])
            if span
            else say("hand-span-unclear")
        )
        return make_answer(wrong, buttons=[[drafts.make_leave_button(data["token"])]])
    kept = {"post": data["post"], "person": data["person"], "span": [d.isoformat() for d in span]}
    token = await drafts.save_draft(turn, "handover", kept, yes="handyes:{}:span")
    rows = [
        [Button(say("button-right"), f"handyes:{token}:span")],
        [drafts.make_leave_button(token)],
    ]
    return make_answer(say("hand-span-right", first=span[0], last=span[1]), buttons=rows)


def _parse_absence_days(text: str, today: date) -> tuple[date, date] | None:
    """The first and the last day of an absence, as typed; a single day is both. None: not understood, or past."""
    typed = words.make_typed_text(text)
    match = typed.search(words.get_pattern("handover", "span"))
    if match is not None and match.end() == len(typed.text):
        first, last = (
            days.parse_days(typed.get_original(match, 1), today),
            days.parse_days(typed.get_original(match, 2), today),
        )
        return (
            (first[0], last[0])
            if len(first) == 1 and len(last) == 1 and first[0] >= today
            else None
        )
    one = days.parse_days(text, today)
    return (one[0], one[0]) if len(one) == 1 and one[0] >= today else None


async def confirm_hand_over(turn: Request) -> Answer:
    """The duties are handed over as was shown."""
    draft = await drafts.find_draft_of_button(turn, "handover")
    if draft is None:
        return make_answer(toast=say(_GONE))
    if turn.args == "good":
        return await _store_hand_over(turn, draft.data, None)
    if turn.args != "span" or "span" not in draft.data:
        return make_answer(toast=say(_GONE))
    first, last = (date.fromisoformat(d) for d in draft.data["span"])
    return await _store_hand_over(turn, draft.data, (first, last))


async def _store_hand_over(
    turn: Request, data: dict[str, Any], span: tuple[date, date] | None
) -> Answer:
    """Writes the hand-over: a post that stands in for days, or the post itself in other hands."""
    async with turn.write() as session:
        await drafts.delete_draft(turn, session)
        post = await _find_post_to_hand_over(session, turn, data["post"])
        if isinstance(post, Answer):
            return post
        who = await _find_receiver(session, turn, post, str(data["person"]))
        if who is None:
            return make_answer(say(_GONE))
        agency = await session.get(Agency, post.agency_id) if post.agency_id is not None else None
        name = describe_post(post.role, agency.name if agency else None)
        first, last = span or (None, None)
        new = await give_post(
            session, turn, who, PostRole(post.role), agency, instead_of=post, first=first, last=last
        )
        if first is None or last is None:
            new.stands_in_for = None  # the post itself is theirs now; the audit says from whom
            session.add(new)
            await store_post_end(session, turn, post)
            told, said = (
                say("told-handed-for-good", post=name),
                say("handed-for-good", name=who.name, post=name),
            )
        else:
            told = say("told-handed", post=name, first=first, last=last)
            said = say("handed", name=who.name, post=name, first=first, last=last)
        await notify_people(
            session, turn, [who.id or 0, post.person_id], make_answer(told), token=f"hand:{new.id}"
        )
    return make_answer(said)


COMMANDS: dict[str, Handler] = {
    "nguoi": list_people,
    "quyen": manage_posts,
    "bangiao": start_hand_over,
    "thoihanluu": set_retention,
}
ACTIONS: dict[str, Handler] = {
    "people": show_people_page,
    "person": show_person,
    "endpost": end_post,
    "addpost": ask_new_post,
    "postpick": add_post_for_agency,
    "hand": choose_post,
    "handto": choose_receiver,
    "handyes": confirm_hand_over,
}
DIALOGUES: dict[str, Handler] = {"post": add_post_by_text, "handover": take_absence_days}
