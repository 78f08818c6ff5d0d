"""Who is told what on a day: focal points, heads, supervisors, leaders and groups, each with the chat to reach them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models.agencies import Agency, load_predecessors
from models.chats import Chat
from models.people import Person, Post, PostRole, match_active_posts
from models.plans import Plan
from scheduler.rules import Rules


class Audience(StrEnum):
    """In what quality a chat is told something."""

    FOCAL = "focal"
    HEAD = "head"
    SUPERVISOR = "supervisor"
    STAND_IN = "stead"  # told in the stead of an agency that nobody can be reached of
    LEADER = "leader"
    GROUP = "group"


@dataclass(frozen=True, slots=True)
class Recipient:
    """A chat that is told, in one quality, of the assignments of an agency, of a plan, of both or (None) of all.

    `awake` is False for a chat that was muted: it is told later, and counts as not reached until then.
    """

    audience: Audience
    chat_id: int
    agency_id: int | None = None
    plan_id: int | None = None
    awake: bool = True


@dataclass(frozen=True, slots=True)
class _ReachablePost:
    """A post held on the day by somebody who can be reached."""

    post: Post
    chat: Chat


async def find_recipients(
    session: AsyncSession, day: date, rules: Rules, only: int | None = None
) -> list[Recipient]:
    """Everybody who is told something on `day`; chats that cannot be reached are left out.

    With `only`, what the chat of this id may be told: an admin then counts as standing in for every plan.
    """
    held = await _find_reachable_posts(session, day, only)
    predecessors = await load_predecessors(session, day)
    found: list[Recipient] = []
    for ear, role in ((Audience.FOCAL, PostRole.FOCAL_POINT), (Audience.HEAD, PostRole.HEAD)):
        for h in held:
            if h.post.role == role and h.post.agency_id is not None:
                agencies = [h.post.agency_id, *sorted(predecessors.get(h.post.agency_id, ()))]
                found += [
                    Recipient(ear, h.chat.id or 0, agency_id, awake=is_awake(h.chat, day))
                    for agency_id in agencies
                ]
    found += [
        Recipient(Audience.LEADER, h.chat.id or 0, awake=is_awake(h.chat, day))
        for h in held
        if h.post.role == PostRole.LEADER
    ]
    for plan_id, agency_id in await _find_supervising_agencies(session, rules):
        found += _find_supervisors(held, plan_id, agency_id, day)
    groups = select(Chat).where(
        Chat.kind == "group", col(Chat.scope).is_not(None), col(Chat.unreachable_since).is_(None)
    )
    if only is not None:
        groups = groups.where(Chat.id == only)
    for chat in await session.exec(groups):
        if chat.scope == "plan" and chat.plan_id is None:
            continue  # its plan was erased; without one it would count as bound to all
        found.append(
            Recipient(Audience.GROUP, chat.id or 0, *_read_scope(chat), awake=is_awake(chat, day))
        )
    return list(dict.fromkeys(found))


def _read_scope(chat: Chat) -> tuple[int | None, int | None]:
    return (
        chat.agency_id if chat.scope == "agency" else None,
        chat.plan_id if chat.scope == "plan" else None,
    )


def is_awake(chat: Chat, day: date) -> bool:
    """Whether a chat wants to be told things on `day`."""
    return chat.muted_until is None or chat.muted_until < day


def _find_supervisors(
    held: Iterable[_ReachablePost], plan_id: int, agency_id: int | None, day: date
) -> list[Recipient]:
    """Who supervises a plan: supervisors, and focal points of the agency; for want of them the admins stand in."""
    supervising = [
        h
        for h in held
        if (h.post.role == PostRole.SUPERVISOR and h.post.agency_id in (None, agency_id))
        or (
            h.post.role == PostRole.FOCAL_POINT
            and agency_id is not None
            and h.post.agency_id == agency_id
        )
    ]
    stead = supervising or [h for h in held if h.post.role == PostRole.ADMIN]
    return [
        Recipient(ear, h.chat.id or 0, plan_id=plan_id, awake=is_awake(h.chat, day))
        for ear, group in ((Audience.SUPERVISOR, supervising), (Audience.STAND_IN, stead))
        for h in group
    ]


async def _find_supervising_agencies(
    session: AsyncSession, rules: Rules
) -> list[tuple[int, int | None]]:
    """Each plan with the agency that supervises it."""
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
) -> list[_ReachablePost]:
    """The posts held on `day` by people with a private chat (the one of the id `only`) that can be reached.

    A post whose duties were handed over is left out as long as who stands in can be reached.
    """
    statement = (
        select(Post, Chat)
        .join(Person, col(Person.id) == Post.person_id)
        .join(Chat, col(Chat.person_id) == Person.id)
        .where(
            Chat.kind == "private",
            col(Chat.unreachable_since).is_(None),
            col(Person.left_at).is_(None),
            match_active_posts(day),
        )
        .order_by(col(Post.id), col(Chat.id))
    )
    if only is not None:
        statement = statement.where(Chat.id == only)
    held = [_ReachablePost(post, chat) for post, chat in await session.exec(statement)]
    handed_over = {h.post.stands_in_for for h in held if h.post.stands_in_for is not None}
    return [h for h in held if h.post.id not in handed_over]


async def find_admin_chats(session: AsyncSession, day: date) -> list[int]:
    """The private chats of the admins that can be reached."""
    return list(
        dict.fromkeys(
            h.chat.id or 0
            for h in await _find_reachable_posts(session, day)
            if h.post.role == PostRole.ADMIN
        )
    )


async def find_own_agencies(session: AsyncSession, chat: Chat, today: date) -> frozenset[int]:
    """The agencies that the person of a private chat is a focal point of, with those that were merged into them."""
    if chat.person_id is None:
        return frozenset()
    posts = await session.exec(
        select(Post.agency_id).where(
            Post.person_id == chat.person_id,
            Post.role == PostRole.FOCAL_POINT,
            match_active_posts(today),
        )
    )
    own = frozenset(agency_id for agency_id in posts if agency_id is not None)
    predecessors = await load_predecessors(session, today)
    return own.union(*(predecessors.get(agency_id, ()) for agency_id in own))
