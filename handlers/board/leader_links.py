"""`/lienket`: links with which leaders look at the board; made, listed and taken back in chat."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from sqlmodel.ext.asyncio.session import AsyncSession

from handlers.board.open_board import LEADER_PATH
from handlers.conversation import days, words
from handlers.conversation.cases import parse_id
from handlers.conversation.refusals import refuse_button
from handlers.conversation.registry_names import RegistryNames
from handlers.conversation.request import Handler, Request
from handlers.conversation.rights import Action
from locales.answer import Answer, Sentence, make_answer, make_button, say
from locales.phrases import shorten_text
from models.web_access import LinkKind, LinkScope, WebLink, add_link, list_leader_links

DEFAULT_DAYS = 30  # days that a link lasts, unless said
LONGEST_DAYS = 366  # days that it may last
MOST_LINKS = 50  # links that are good at one time
LONGEST_HOLDER = 80  # characters of the name of whoever holds it


@dataclass
class LinkWish:
    """A leader's link as an admin asks for it."""

    holder: str = ""
    until: date | None = None
    scope: LinkScope = LinkScope.PROVINCE
    plan_id: int | None = None
    agency_id: int | None = None
    faults: list[Sentence] = field(default_factory=list)


def read_link_wish(text: str, names: RegistryNames, today: date) -> LinkWish:
    """Read "lãnh đạo tỉnh | 30 ngày | kế hoạch 268": who holds it, how long, what it shows."""
    wish = LinkWish()
    for part in (part.strip() for part in re.split(r"[|;\n]", text) if part.strip()):
        if _take_days(wish, part, today):
            continue
        if not wish.holder:
            wish.holder = part[:LONGEST_HOLDER]
        elif not _take_scope(wish, part, names, today):
            wish.faults.append(say("not-understood-part", text=part[:80]))
    return wish


def _take_days(wish: LinkWish, part: str, today: date) -> bool:
    """Take how long the link lasts from `part`; return False for anything else."""
    end = days.read_end(part, today)
    if isinstance(end, Sentence):
        wish.faults.append(end)
    elif end is not None:
        wish.until = end
    return end is not None


def _take_scope(wish: LinkWish, part: str, names: RegistryNames, today: date) -> bool:
    """Take what the link shows from `part`; return False for anything else."""
    if words.is_one_of("group", "province", part):
        wish.scope = LinkScope.PROVINCE
        return True
    plan_name = words.find_rest_after_any("group", "plan", part)
    plans = names.find_plans(plan_name or part)
    if len(plans) == 1:
        wish.scope, wish.plan_id = LinkScope.PLAN, plans[0].id
        return True
    if plan_name is not None:
        wish.faults.append(say("leader-link-which-plan", plan=plan_name[:80]))
        return True
    found = names.directory.find_agency(part, today)
    if len(found.names) != 1 or found.names[0] not in names.agency_ids:
        return False
    wish.scope, wish.agency_id = LinkScope.AGENCY, names.agency_ids[found.names[0]]
    return True


async def manage_leader_links(request: Request) -> Answer:
    """Answer `/lienket`: list the leaders' links, or make the one that is asked for."""
    if request.incoming.chat_kind != "private":
        return make_answer(say("board-in-private"))
    person_id = request.sender.person_id
    if person_id is None or not request.may_do(Action.BOARD_LINKS):
        return make_answer(say("may-not-board-links"))
    url = request.app.options.board_url
    if url is None:
        return make_answer(say("board-not-served"))
    if not request.args:
        return await _list_links(request)
    async with request.write() as session:
        names = await request.app.load_registry_names(session)
        wish = read_link_wish(request.args, names, request.today)
        until = wish.until or request.today + timedelta(days=DEFAULT_DAYS)
        held = len(await list_leader_links(session, request.now))
        fault = _find_fault(wish, until, held, request.today)
        if fault is not None:
            return make_answer(fault, say("leader-link-example"))
        link, token = await _store_link(session, request, person_id, wish, until)
    return make_answer(
        say(
            "leader-link-made",
            holder=wish.holder,
            scope=_describe_scope(link, names),
            day=until,
        ),
        say("leader-link-pass-on", link=f"{url}{LEADER_PATH}{token}"),
    )


def _find_fault(wish: LinkWish, until: date, held: int, today: date) -> Sentence | None:
    """Return what is wrong with the link asked for, None if nothing is."""
    if wish.faults:
        return wish.faults[0]
    if not wish.holder:
        return say("leader-link-for-whom")
    if until < today:
        return say("leader-link-past", day=until)
    if (until - today).days > LONGEST_DAYS:
        return say("leader-link-too-long", days=LONGEST_DAYS)
    return say("leader-link-too-many", most=MOST_LINKS) if held >= MOST_LINKS else None


async def _store_link(
    session: AsyncSession, request: Request, person_id: int, wish: LinkWish, until: date
) -> tuple[WebLink, str]:
    """Store the link and return it with its token."""
    link = WebLink(
        kind=LinkKind.LEADER,
        token_sha256="",
        person_id=person_id,
        holder=wish.holder,
        scope=wish.scope,
        plan_id=wish.plan_id,
        agency_id=wish.agency_id,
        made_at=request.now,
        expires_at=datetime.combine(until, time(23, 59, 59), tzinfo=request.now.tzinfo),
    )
    token = await add_link(session, link)
    after = {"holder": wish.holder, "scope": wish.scope, "until": until.isoformat()}
    request.record_change(session, "make_link", "web_link", link.id, after=after)
    return link, token


def _describe_scope(link: WebLink, names: RegistryNames) -> Sentence:
    """Return in words what a leader's link shows."""
    if link.scope == LinkScope.PLAN:
        plan = next((p for p in names.plans if p.id == link.plan_id), None)
        return say("leader-link-plan", plan=plan.full_name if plan else "…")
    if link.scope == LinkScope.AGENCY:
        return say("plain", text=names.agency_names.get(link.agency_id or 0, "…"))
    return say("leader-link-province")


async def _list_links(request: Request, *first: Sentence) -> Answer:
    """Return the links that are good, each with a button that takes it back."""
    async with request.read() as session:
        links = await list_leader_links(session, request.now)
        names = await request.app.load_registry_names(session)
    if not links:
        return make_answer(*first, say("leader-link-none"), say("leader-link-example"))
    zone = request.now.tzinfo
    blocks = [*first, say("leader-link-head", count=len(links))]
    rows = []
    for link in links:
        used = (
            say("leader-link-used", at=link.used_at.astimezone(zone))
            if link.used_at is not None
            else say("leader-link-unused")
        )
        blocks.append(
            say(
                "leader-link-line",
                holder=link.holder or "",
                scope=_describe_scope(link, names),
                day=(link.expires_at or request.now).astimezone(zone).date(),
                used=used,
            )
        )
        label = say("button-revoke-link", holder=shorten_text(link.holder or "", 40))
        rows.append([make_button(label, "unlink", link.id)])
    return make_answer(*blocks, say("leader-link-example"), buttons=rows)


async def revoke_leader_link(request: Request) -> Answer:
    """Take back a leader's link, for its button `unlink:id`: it opens nothing from now on."""
    if not request.may_do(Action.BOARD_LINKS):
        return make_answer(say("may-not-board-links"))
    link_id = parse_id(request.args)
    async with request.write() as session:
        link = await session.get(WebLink, link_id) if link_id is not None else None
        if link is None or link.kind != LinkKind.LEADER or link.revoked_at is not None:
            return refuse_button()
        link.revoked_at = request.now
        session.add(link)
        before = {"holder": link.holder}
        request.record_change(session, "revoke_link", "web_link", link.id, before=before)
    return await _list_links(request, say("leader-link-revoked", holder=link.holder or ""))


COMMANDS: dict[str, Handler] = {"lienket": manage_leader_links}
ACTIONS: dict[str, Handler] = {"unlink": revoke_leader_link}
