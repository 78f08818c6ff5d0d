"""Roles of people: who has joined (`/nguoi`), giving and ending roles (`/quyen`), handing duties over (`/bangiao`)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from handlers.conversation import cases, days, drafts, words
from handlers.conversation.agency_choice import Choice, agency_row, choose
from handlers.conversation.notify import tell
from handlers.conversation.rights import Action
from handlers.conversation.turn import Handler, Turn
from handlers.people.identity import post_line, post_name
from handlers.people.join import OF_AGENCY, read
from language.text import fold
from locales.answer import Answer, Button, answer, say
from locales.phrases import shortened
from models import preferences
from models.agencies import Agency
from models.assignments import enrol
from models.audit import record
from models.erasure import LEFT_KEPT, LEFT_KEPT_PREFERENCE, erase_left
from models.people import Person, Post, PostRole, only_admin, posts_of

LABEL = 50  # characters on a button
LONGEST_KEPT = 366  # days that data of people who left may be kept
PAGE = 20  # people shown at a time, each with a button
LONGEST_ACTION = 64  # bytes of a button's action (core.telegram.org/bots/api, InlineKeyboardButton)
HANDED = (PostRole.FOCAL_POINT, PostRole.HEAD)
"""Roles whose duties can be handed to another."""

_GONE = "button-out-of-date"


# --- who has joined --------------------------------------------------------------------------------------------------


async def _joined(session: AsyncSession) -> list[Person]:
    return list(await session.exec(select(Person).where(col(Person.left_at).is_(None)).order_by(col(Person.id))))


def _matching(people: Sequence[Person], posts: dict[int, list[tuple[Post, str | None]]], text: str) -> list[Person]:
    """The people whose name, agency or role holds all words of `text`."""
    wanted = fold(text).split()
    found = []
    for person in people:
        held = " ".join(agency or "" for _, agency in posts[person.id or 0])
        if all(word in fold(f"{person.name} {held}").split() for word in wanted):
            found.append(person)
    return found


async def _with_posts(session: AsyncSession, turn: Turn) -> tuple[list[Person], dict[int, list[Any]]]:
    people = await _joined(session)
    return people, {p.id or 0: await posts_of(session, p.id or 0, turn.today) for p in people}


async def list_people(turn: Turn) -> Answer:
    """`/nguoi [name or agency]`: who has joined, with their roles."""
    if not turn.may(Action.PEOPLE):
        return answer(say("may-not-people"))
    async with turn.write() as session:
        await erase_left(session, turn.now)
    return await _page(turn, turn.args, 0)


async def page(turn: Turn) -> Answer:
    """The button of another page of people: `people:offset:filter`."""
    if not turn.may(Action.PEOPLE):
        return answer(say("may-not-people"))
    offset, _, text = turn.args.partition(":")
    return replace(await _page(turn, text, cases.number(offset) or 0), replace=True)


async def _page(turn: Turn, text: str, offset: int) -> Answer:
    """One page of the people whom `text` fits, each with a button."""
    async with turn.read() as session:
        people, posts = await _with_posts(session, turn)
    found = _matching(people, posts, text) if text else people
    if not found:
        return answer(say("people-nobody", name=text[:80]) if text else say("people-none"))
    shown = found[offset : offset + PAGE]
    blocks = [say("people-head", count=len(found))]
    for number, person in enumerate(shown, start=offset + 1):
        roles = tuple(post_line(p, a) for p, a in posts[person.id or 0]) or (say("people-no-role"),)
        blocks.append(say("people-line", number=str(number), name=person.name, roles=roles))
    if len(found) > len(shown):
        blocks.append(say("people-rest", first=offset + 1, last=offset + len(shown), count=len(found)))
    rows = [*_people_buttons(shown), *_turning(f"people:{{}}:{fold(text)}", offset, len(found))]
    return answer(*blocks, say("people-foot"), buttons=rows)


def _people_buttons(people: Sequence[Person]) -> list[list[Button]]:
    names = [Button(say("button-person", name=shortened(p.name, LABEL)), f"person:{p.id}") for p in people]
    return [names[i : i + 2] for i in range(0, len(names), 2)]


def _turning(action: str, offset: int, count: int) -> list[list[Button]]:
    """The buttons of the page before and the page behind; `action` holds {} for the offset."""
    row = []
    if offset > 0:
        row.append(Button(say("button-before"), action.format(max(offset - PAGE, 0))))
    if offset + PAGE < count:
        row.append(Button(say("button-after"), action.format(offset + PAGE)))
    return [row] if row and all(len(b.action.encode()) <= LONGEST_ACTION for b in row) else []


async def term(turn: Turn) -> Answer:
    """`/thoihanluu [days]`: how long the data of people who left are kept; an admin sets it."""
    if not turn.may(Action.PEOPLE):
        return answer(say("may-not-people"))
    wanted = words.bare(turn.args).search(words.pattern("invite", "days")) or words.bare(f"{turn.args} ngay").search(
        words.pattern("invite", "days")
    )
    async with turn.write() as session:
        before = await preferences.value(session, LEFT_KEPT_PREFERENCE)
        if not turn.args:
            return answer(say("term-now", days=before or LEFT_KEPT))
        if wanted is None or not 1 <= int(wanted.group(1)) <= LONGEST_KEPT:
            return answer(say("term-wrong", most=LONGEST_KEPT))
        days_ = int(wanted.group(1))
        await preferences.set_value(session, LEFT_KEPT_PREFERENCE, days_)
        record(
            session, turn.now, "set_term", "preference", person_id=turn.who.person_id,
            before={"days": before}, after={"days": days_},
        )  # fmt: skip
        await erase_left(session, turn.now)
    return answer(say("term-set", days=days_))


# --- /quyen ----------------------------------------------------------------------------------------------------------


async def rights(turn: Turn) -> Answer:
    """`/quyen [name [| agency | role]]`: a person's roles, with buttons to end one or give another."""
    if not turn.may(Action.PEOPLE):
        return answer(say("may-not-people"))
    name, _, wanted = turn.args.partition("|")
    async with turn.read() as session:
        people, posts = await _with_posts(session, turn)
        found = _matching(people, posts, name) if name.strip() else people
        if len(found) == 1 and not wanted.strip():
            return await _card(session, turn, found[0])
    if len(found) == 1:
        return await _post_read(turn, {"person": found[0].id}, wanted)
    return await _page(turn, name.strip(), 0)


async def person(turn: Turn) -> Answer:
    """The button of one person."""
    if not turn.may(Action.PEOPLE):
        return answer(say("may-not-people"))
    async with turn.read() as session:
        who = await _person(session, turn.args)
        return answer(toast=say(_GONE)) if who is None else await _card(session, turn, who)


async def _person(session: AsyncSession, number: str) -> Person | None:
    wanted = cases.number(number)
    who = await session.get(Person, wanted) if wanted is not None else None
    return who if who is not None and who.left_at is None else None


async def _card(session: AsyncSession, turn: Turn, who: Person) -> Answer:
    held = await posts_of(session, who.id or 0, turn.today)
    blocks = [say("person-head", name=who.name)]
    blocks += [say("bullet", text=post_line(p, a)) for p, a in held] or [say("people-no-role")]
    rows = []
    for post, agency in held:
        name = shortened(agency, LABEL) if agency else None
        rows.append([Button(say("button-end-post", post=post_name(post.role, name)), f"endpost:{post.id}")])
        if post.role in HANDED and post.stands_in_for is None:
            rows.append([Button(say("button-hand-over"), f"hand:{post.id}")])
    rows.append([Button(say("button-add-post"), f"addpost:{who.id}")])
    return answer(*blocks, buttons=rows)


async def end_post(turn: Turn) -> Answer:
    """The button that ends a role; a bot without an admin is never left."""
    if not turn.may(Action.PEOPLE):
        return answer(say("may-not-people"))
    async with turn.write() as session:
        number = cases.number(turn.args)
        post = await session.get(Post, number) if number is not None else None
        if post is None or post.ended_at is not None:
            return answer(toast=say(_GONE))
        if post.role == PostRole.ADMIN and await only_admin(session, post.person_id, post.id):
            return answer(say("post-only-admin"))
        agency = await session.get(Agency, post.agency_id) if post.agency_id is not None else None
        who = await session.get_one(Person, post.person_id)
        name = post_name(post.role, agency.name if agency else None)
        await _end(session, turn, post)
        await tell(
            session, turn, [post.person_id], answer(say("told-post-ended", post=name)), token=f"post:{post.id}:end"
        )
        return answer(say("post-ended", name=who.name, post=name), replace=True)


async def _end(session: AsyncSession, turn: Turn, post: Post) -> None:
    post.ended_at = turn.now
    session.add(post)
    await session.flush()
    record(
        session, turn.now, "end_post", "post", post.id, person_id=turn.who.person_id,
        before={"ended": None}, after={"ended": turn.now.isoformat()},
    )  # fmt: skip


async def add_post(turn: Turn) -> Answer:
    """The button that gives a person another role: which one is asked for."""
    if not turn.may(Action.PEOPLE):
        return answer(say("may-not-people"))
    async with turn.write() as session:
        who = await _person(session, turn.args)
        if who is None:
            return answer(toast=say(_GONE))
        token = await drafts.keep(turn, "post", {"person": who.id}, session)
    return answer(say("post-ask", name=who.name), buttons=[[drafts.leave_button(token)]])


async def post_said(turn: Turn) -> Answer:
    """The role that was asked for: "Sở Tư pháp | đầu mối"."""
    return await _post_read(turn, drafts.data(turn), drafts.said(turn))


async def _post_read(turn: Turn, data: dict[str, Any], text: str) -> Answer:
    """Gives the role that `text` says to the person of `data`."""
    wanted = read(text, turn.today)
    if wanted.faults:
        return answer(wanted.faults[0])
    role = wanted.role.value if wanted.role else data.get("role") or PostRole.FOCAL_POINT
    return await _post(turn, data, wanted.agency, PostRole(role), exact=False)


async def post_chosen(turn: Turn) -> Answer:
    """One of the agencies that were offered for a new role."""
    draft = await drafts.pressed(turn, "post")
    names = draft.data.get("choices", []) if draft is not None else []
    if draft is None or not turn.args.isdecimal() or int(turn.args[:4]) >= len(names):
        return answer(toast=say(_GONE))
    return await _post(turn, draft.data, names[int(turn.args[:4])], PostRole(draft.data["role"]), exact=True)


async def _post(turn: Turn, data: dict[str, Any], agency: str | None, role: PostRole, *, exact: bool) -> Answer:
    if not turn.may(Action.PEOPLE):
        return answer(say("may-not-people"))
    if role in OF_AGENCY and agency is None:
        return answer(say("invite-needs-agency", role=post_name(role, None)))
    async with turn.write() as session:
        row: Agency | None = None
        if agency is not None:
            found = await choose(session, turn, agency, exact=exact)
            if isinstance(found, Choice):
                names = [*found.names, found.typed] if found.may_be_new else [*found.names]
                kept = {"person": data["person"], "role": role, "choices": names}
                token = await drafts.keep(turn, "post", kept, session)
                return answer(found.said, buttons=[*found.buttons(f"postpick:{token}"), [drafts.leave_button(token)]])
            row = await agency_row(session, turn, found)
        await drafts.drop(turn, session)
        who = await session.get(Person, data["person"])
        if who is None or who.left_at is not None:
            return answer(say(_GONE))
        name = post_name(role, row.name if row else None)
        held = {(p.role, p.agency_id) for p, _ in await posts_of(session, who.id or 0, turn.today)}
        if (role, row.id if row else None) in held:
            return answer(say("post-held", name=who.name, post=name))
        post = await _give(session, turn, who, role, row)
        await tell(session, turn, [who.id or 0], answer(say("told-post", post=name)), token=f"post:{post.id}")
    return answer(say("post-given", name=who.name, post=name))


async def _give(
    session: AsyncSession,
    turn: Turn,
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
    record(
        session, turn.now, "hand_over" if instead_of else "give_post", "post", post.id, person_id=turn.who.person_id,
        after={
            "person": who.id,
            "role": role,
            "agency": post.agency_id,
            "instead_of": post.stands_in_for,
            "from": first.isoformat() if first else None,
            "until": last.isoformat() if last else None,
        },
    )  # fmt: skip
    if agency is not None and role in OF_AGENCY and await enrol(session, agency, turn.today, turn.now):
        record(
            session, turn.now, "enrol", "agency", agency.id, person_id=turn.who.person_id,
            after={"enrolled_on": turn.today.isoformat()},
        )  # fmt: skip
        turn.house.names_changed()
    return post


# --- /bangiao --------------------------------------------------------------------------------------------------------


async def hand_over(turn: Turn) -> Answer:
    """`/bangiao`: hands the sender's duties to a colleague, for good or for days."""
    if not turn.may(Action.HAND_OVER):
        return answer(say("may-not-hand-over-any"))
    async with turn.read() as session:
        own = [
            (post, agency)
            for post, agency in await posts_of(session, turn.who.person_id or 0, turn.today)
            if post.role in HANDED and post.stands_in_for is None
        ]
        if len(own) == 1:
            return await _ask_whom(session, turn, own[0][0])
    if not own:
        return answer(say("hand-none-admin" if turn.may(Action.PEOPLE) else "hand-none"))
    rows = [[Button(post_name(post.role, shortened(agency or "", LABEL)), f"hand:{post.id}")] for post, agency in own]
    return answer(say("hand-which"), buttons=rows)


async def hand_chosen(turn: Turn) -> Answer:
    """The post whose duties are handed over, and the page of people to choose from: `hand:post[:offset]`."""
    number, _, offset = turn.args.partition(":")
    async with turn.read() as session:
        post = await _handed(session, turn, cases.number(number))
        if isinstance(post, Answer):
            return post
        return await _ask_whom(session, turn, post, cases.number(offset) or 0)


async def _handed(session: AsyncSession, turn: Turn, number: Any) -> Post | Answer:
    """The post that the sender may hand over; or what to say instead. Their own, or, for an admin, anybody's."""
    post = await session.get(Post, number) if isinstance(number, int) else None
    if post is None or post.ended_at is not None or post.role not in HANDED or post.stands_in_for is not None:
        return answer(toast=say(_GONE))
    if post.person_id != turn.who.person_id and not turn.may(Action.PEOPLE):
        return answer(say("may-not-hand-over"))
    return post


async def _ask_whom(session: AsyncSession, turn: Turn, post: Post, offset: int = 0) -> Answer:
    """The colleagues of the agency as buttons; an admin may hand over to anybody who has joined."""
    statement = select(Person).where(col(Person.left_at).is_(None), col(Person.id) != post.person_id)
    if not turn.may(Action.PEOPLE):
        colleagues = select(Post.person_id).where(Post.agency_id == post.agency_id, col(Post.ended_at).is_(None))
        statement = statement.where(col(Person.id).in_(colleagues))
    people = list(await session.exec(statement.order_by(col(Person.id))))
    if not people:
        return answer(say("hand-nobody"))
    rows = [
        [Button(say("button-person", name=shortened(p.name, LABEL)), f"handto:{post.id}:{p.id}")]
        for p in people[offset : offset + PAGE]
    ]
    rows += _turning(f"hand:{post.id}:{{}}", offset, len(people))
    return answer(say("hand-whom"), say("hand-invite-first"), buttons=rows)


async def hand_to(turn: Turn) -> Answer:
    """To whom: for how long is asked for."""
    number, _, who = turn.args.partition(":")
    async with turn.write() as session:
        post = await _handed(session, turn, cases.number(number))
        if isinstance(post, Answer):
            return post
        person_ = await _receiver(session, turn, post, who)
        if person_ is None:
            return answer(toast=say(_GONE))
        token = await drafts.keep(turn, "handover", {"post": post.id, "person": person_.id}, session)
    rows = [[Button(say("button-for-good"), f"handyes:{token}:good")], [drafts.leave_button(token)]]
    return answer(say("hand-how-long", name=person_.name), buttons=rows)


async def _receiver(session: AsyncSession, turn: Turn, post: Post, who: str) -> Person | None:
    """Who may take the duties over: a colleague of the agency, or, where an admin says so, anybody who joined."""
    found = await _person(session, who)
    if found is None or found.id == post.person_id or turn.may(Action.PEOPLE):
        return found if found is not None and found.id != post.person_id else None
    held = await posts_of(session, found.id or 0, turn.today)
    return found if any(p.agency_id == post.agency_id for p, _ in held) else None


async def span_said(turn: Turn) -> Answer:
    """From when to when: repeated with weekdays before it is stored."""
    data = drafts.data(turn)
    text = drafts.said(turn)
    if words.is_one_of("handover", "for_good", text):
        return await _hand(turn, data, None)
    span = _span(text, turn.today)
    if span is None or span[0] > span[1]:
        wrong = say("days-off-wrong-span", first=span[0], last=span[1]) if span else say("hand-span-unclear")
        return answer(wrong, buttons=[[drafts.leave_button(data["token"])]])
    kept = {"post": data["post"], "person": data["person"], "span": [d.isoformat() for d in span]}
    token = await drafts.keep(turn, "handover", kept, yes="handyes:{}:span")
    rows = [[Button(say("button-right"), f"handyes:{token}:span")], [drafts.leave_button(token)]]
    return answer(say("hand-span-right", first=span[0], last=span[1]), buttons=rows)


def _span(text: str, today: date) -> tuple[date, date] | None:
    """The first and the last day of an absence, as typed; a single day is both. None: not understood, or past."""
    typed = words.bare(text)
    match = typed.search(words.pattern("handover", "span"))
    if match is not None and match.end() == len(typed.text):
        first, last = days.single(typed.typed(match, 1), today), days.single(typed.typed(match, 2), today)
        return (first[0], last[0]) if len(first) == 1 and len(last) == 1 and first[0] >= today else None
    one = days.single(text, today)
    return (one[0], one[0]) if len(one) == 1 and one[0] >= today else None


async def hand_sure(turn: Turn) -> Answer:
    """The duties are handed over as was shown."""
    draft = await drafts.pressed(turn, "handover")
    if draft is None:
        return answer(toast=say(_GONE))
    if turn.args == "good":
        return await _hand(turn, draft.data, None)
    if turn.args != "span" or "span" not in draft.data:
        return answer(toast=say(_GONE))
    first, last = (date.fromisoformat(d) for d in draft.data["span"])
    return await _hand(turn, draft.data, (first, last))


async def _hand(turn: Turn, data: dict[str, Any], span: tuple[date, date] | None) -> Answer:
    """Writes the hand-over: a post that stands in for days, or the post itself in other hands."""
    async with turn.write() as session:
        await drafts.drop(turn, session)
        post = await _handed(session, turn, data["post"])
        if isinstance(post, Answer):
            return post
        who = await _receiver(session, turn, post, str(data["person"]))
        if who is None:
            return answer(say(_GONE))
        agency = await session.get(Agency, post.agency_id) if post.agency_id is not None else None
        name = post_name(post.role, agency.name if agency else None)
        first, last = span or (None, None)
        new = await _give(session, turn, who, PostRole(post.role), agency, instead_of=post, first=first, last=last)
        if first is None or last is None:
            new.stands_in_for = None  # the post itself is theirs now; the audit says from whom
            session.add(new)
            await _end(session, turn, post)
            told, said = say("told-handed-for-good", post=name), say("handed-for-good", name=who.name, post=name)
        else:
            told = say("told-handed", post=name, first=first, last=last)
            said = say("handed", name=who.name, post=name, first=first, last=last)
        await tell(session, turn, [who.id or 0, post.person_id], answer(told), token=f"hand:{new.id}")
    return answer(said)


COMMANDS: dict[str, Handler] = {"nguoi": list_people, "quyen": rights, "bangiao": hand_over, "thoihanluu": term}
ACTIONS: dict[str, Handler] = {
    "people": page,
    "person": person,
    "endpost": end_post,
    "addpost": add_post,
    "postpick": post_chosen,
    "hand": hand_chosen,
    "handto": hand_to,
    "handyes": hand_sure,
}
DIALOGUES: dict[str, Handler] = {"post": post_said, "handover": span_said}
