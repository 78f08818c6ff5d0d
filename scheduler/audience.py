"""Who is told what on a day: people and groups, each with the chat that reaches them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import NamedTuple

from sqlalchemy import Date, bindparam
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from locales.answer import Answer, to_json
from models.agencies import Agency, load_predecessors
from models.assignments import OPEN, Assignment, match_in_force
from models.chats import Chat, match_chosen_chat
from models.notices import queue_message
from models.people import Person, Post, PostRole, match_active_posts
from models.plans import Plan
from scheduler.rules import Rules

# Made once: making them takes longer than running them, which is done for each message.
_REACHABLE_POSTS = (
    select(Post, Chat)
    .join(Person, col(Person.id) == Post.person_id)
    .join(Chat, col(Chat.person_id) == Person.id)
    .where(
        col(Chat.unreachable_since).is_(None),
        col(Person.left_at).is_(None),
        match_active_posts(bindparam("day", type_=Date())),
        match_chosen_chat(),
    )
    .order_by(col(Post.id), col(Chat.id))
)

_FOCAL_POSTS = select(Post.agency_id).where(
    Post.person_id == bindparam("person"),
    Post.role == PostRole.FOCAL_POINT,
    match_active_posts(bindparam("day", type_=Date())),
)


class Audience(StrEnum):
    """The role in which a chat is told something (docs/dev/reminders.md rules 10 to 12)."""

    FOCAL = "focal"
    HEAD = "head"
    SUPERVISOR = "supervisor"
    STAND_IN = "stand_in"  # for an agency of which nobody can be reached
    LEADER = "leader"
    GROUP = "group"


@dataclass(frozen=True, slots=True)
class Recipient:
    """A chat that is told, in one role, of the assignments of an agency, a plan, both or all.

    None as agency or plan stands for all. `awake` is False if the chat is muted: it is told later,
    and counts as not reached until then.
    """

    audience: Audience
    chat_id: int
    agency_id: int | None = None
    plan_id: int | None = None
    awake: bool = True


class Unreached(NamedTuple):
    """The names of agencies, and of collectives that no agency has joined for."""

    agencies: list[str]
    collectives: list[str]


async def list_unreached_agencies(session: AsyncSession, day: date, rules: Rules) -> Unreached:
    """Return who has open dated work in which no focal point is reached."""
    reached_ids = {
        r.agency_id
        for r in await find_recipients(session, day, rules)
        if r.audience == Audience.FOCAL
    }
    responsible = await session.exec(
        select(Agency)
        .where(
            col(Agency.id).in_(
                select(Assignment.agency_id)
                .join(Plan, col(Plan.id) == Assignment.plan_id)
                .where(
                    col(Assignment.status).in_(OPEN),
                    match_in_force(),
                    col(Assignment.last_day).is_not(None),
                    col(Plan.closed_on).is_(None),
                )
            )
        )
        .order_by(Agency.name)
    )
    unreached = [agency for agency in responsible if agency.id not in reached_ids]
    return Unreached(
        [agency.name for agency in unreached if not agency.collective],
        [agency.name for agency in unreached if agency.collective],
    )


async def find_recipients(
    session: AsyncSession, day: date, rules: Rules, only: int | None = None
) -> list[Recipient]:
    """Return everybody who is told something on `day`, without chats that cannot be reached.

    With `only`, return what the chat of this id may be told; an admin then counts as standing in
    for every plan.
    """
    posts = await _find_reachable_posts(session, day, only)
    predecessors = await load_predecessors(session, day)
    recipients: list[Recipient] = []
    for audience, role in ((Audience.FOCAL, PostRole.FOCAL_POINT), (Audience.HEAD, PostRole.HEAD)):
        for post, chat in posts:
            if post.role == role and post.agency_id is not None:
                agencies = [post.agency_id, *sorted(predecessors.get(post.agency_id, ()))]
                recipients += [_make_recipient(audience, chat, day, own) for own in agencies]
    recipients += [
        _make_recipient(Audience.LEADER, chat, day)
        for post, chat in posts
        if post.role == PostRole.LEADER
    ]
    for plan_id, agency_id in await _find_supervising_agencies(session, rules):
        recipients += _find_supervisors(posts, plan_id, agency_id, day)
    for chat in await _find_groups(session, only):
        agency = chat.agency_id if chat.scope == "agency" else None
        plan = chat.plan_id if chat.scope == "plan" else None
        recipients.append(_make_recipient(Audience.GROUP, chat, day, agency, plan))
    return list(dict.fromkeys(recipients))


def _make_recipient(
    audience: Audience,
    chat: Chat,
    day: date,
    agency_id: int | None = None,
    plan_id: int | None = None,
) -> Recipient:
    return Recipient(audience, chat.id, agency_id, plan_id, is_awake(chat, day))


async def _find_groups(session: AsyncSession, only: int | None) -> list[Chat]:
    """Return the groups that are bound to something and can be reached.

    If a group's plan was erased, the group is left out; it would count as bound to all.
    """
    groups = select(Chat).where(col(Chat.scope).is_not(None), col(Chat.unreachable_since).is_(None))
    if only is not None:
        groups = groups.where(Chat.id == only)
    chats = await session.exec(groups)
    return [chat for chat in chats if chat.scope != "plan" or chat.plan_id is not None]


def is_awake(chat: Chat, day: date) -> bool:
    """Return whether a chat is not muted on `day`."""
    return chat.muted_until is None or chat.muted_until < day


def _find_supervisors(
    posts: Iterable[tuple[Post, Chat]], plan_id: int, agency_id: int | None, day: date
) -> list[Recipient]:
    """Return who supervises a plan (docs/dev/reminders.md rule 10).

    These are supervisors of the agency or of all, and focal points of the agency; if there are
    none, the admins stand in.
    """

    def is_supervising(post: Post) -> bool:
        if post.role == PostRole.SUPERVISOR:
            return post.agency_id in (None, agency_id)
        is_of_agency = agency_id is not None and post.agency_id == agency_id
        return post.role == PostRole.FOCAL_POINT and is_of_agency

    chats = [chat for post, chat in posts if is_supervising(post)]
    admins = [chat for post, chat in posts if post.role == PostRole.ADMIN]
    return [
        _make_recipient(audience, chat, day, plan_id=plan_id)
        for audience, some in ((Audience.SUPERVISOR, chats), (Audience.STAND_IN, chats or admins))
        for chat in some
    ]


async def _find_supervising_agencies(
    session: AsyncSession, rules: Rules
) -> list[tuple[int, int | None]]:
    """Return each open plan with the agency that supervises it."""
    default = (await session.exec(select(Agency.id).where(Agency.name == rules.supervisor))).first()
    plans = await session.exec(
        select(Plan.id, Plan.supervisor_id).where(col(Plan.closed_on).is_(None))
    )
    return [
        (plan_id, supervisor_id or default)
        for plan_id, supervisor_id in plans
        if plan_id is not None
    ]


async def _find_reachable_posts(
    session: AsyncSession, day: date, only: int | None = None
) -> list[tuple[Post, Chat]]:
    """Return the posts of `day` of people with a private chat that can be reached.

    With `only`, the private chat must have this id. A post whose duties were handed over is left
    out as long as the person who stands in can be reached.
    """
    statement, values = _REACHABLE_POSTS, {"day": day}
    if only is not None:
        statement = statement.where(Chat.id == only)
    posts = [(post, chat) for post, chat in await session.exec(statement, params=values)]
    with_stand_in = {post.stands_in_for for post, _ in posts}
    return [(post, chat) for post, chat in posts if post.id not in with_stand_in]


async def find_admin_chats(session: AsyncSession, day: date) -> list[int]:
    """Return the private chats of the admins that can be reached."""
    posts = await _find_reachable_posts(session, day)
    admins = [chat.id for post, chat in posts if post.role == PostRole.ADMIN]
    return list(dict.fromkeys(admins))


async def find_own_agencies(session: AsyncSession, chat: Chat, today: date) -> frozenset[int]:
    """Return the agencies of a chat's focal point, with those that were merged into them.

    For a group it is empty.
    """
    if chat.person_id is None:
        return frozenset()
    posts = await session.exec(_FOCAL_POSTS, params={"person": chat.person_id, "day": today})
    own = frozenset(agency_id for agency_id in posts if agency_id is not None)
    predecessors = await load_predecessors(session, today)
    return own.union(*(predecessors.get(agency_id, ()) for agency_id in own))


async def notify_admins(
    session: AsyncSession, what: Answer, *, token: str, now: datetime, in_force: Rules
) -> None:
    """Queue a message to every admin who can be reached; each `token` is told once."""
    today = in_force.to_local(now).date()
    for chat_id in await find_admin_chats(session, today):
        await queue_message(session, chat_id, to_json(what), token=token, now=now, today=today)
