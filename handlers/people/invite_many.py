"""Invitations to many agencies at once: `/moi tất cả`, `/moi cấp xã`, or a list in Excel.

The answer is one workbook: who has joined, whose code waits, and a new code for the others.
"""

from __future__ import annotations

import asyncio
import tempfile
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import NamedTuple

from sqlalchemy import func
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from handlers.conversation import drafts, words
from handlers.conversation.incoming import IncomingFile
from handlers.conversation.quotas import LARGEST_FILE
from handlers.conversation.request import Request
from handlers.conversation.rights import Action
from handlers.people import identity
from handlers.people.codes import make_invitation, make_link
from language.agencies.directory import Directory
from language.text import fold, normalise
from locales.answer import Answer, File, Sentence, make_answer, say
from models.agencies import Agency, AgencySuccessor
from models.people import Invitation, Person, Post, PostRole, match_active_posts
from plans.documents.faults import DocumentError
from plans.reading.sandbox import read_cells_in_sandbox
from plans.registry.agencies import AgencyWriter
from reports.invitations import SHEET_NAME, InvitationRow, write_invitation_sheet

SHEET_DAYS = 30  # days that the codes of a sheet last
MOST_INVITED = 1000  # agencies of one sheet
MOST_NAMED = 12  # agencies named in the message beside the sheet
LONGEST_NAME = 120  # characters of an agency's name

Post_ = tuple[int | None, str]  # an agency's id, None for the province, and a role


@dataclass(frozen=True)
class WantedPost:
    """An agency as it is written in a list, and the role that somebody of it is to have.

    The province itself is no agency: its leaders belong to none.
    """

    agency: str
    role: PostRole

    @property
    def is_of_province(self) -> bool:
        """Whether a leader of the province itself is meant."""
        return means_province(self.role, self.agency)


class PostList(NamedTuple):
    """The agencies and roles of a list, and the places of cells that could not be read."""

    posts: list[WantedPost]
    formulas: list[str]


def means_province(role: PostRole, agency: str) -> bool:
    """Return whether a leader is meant of the province itself, which is no agency here."""
    return role == PostRole.LEADER and words.is_one_of("invite", "province", agency)


def fit_leader_role(role: PostRole, agency: str) -> PostRole:
    """Return the role that "lãnh đạo" of `agency` means: the head, unless of the province."""
    is_of_agency = role == PostRole.LEADER and not means_province(role, agency)
    return PostRole.HEAD if is_of_agency else role


@dataclass
class SheetResult:
    """The rows of a sheet, and what the message beside it says of them."""

    rows: list[InvitationRow] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)  # "joined", "waiting", "new", "unclear"
    unjoined: list[str] = field(default_factory=list)
    unclear: list[str] = field(default_factory=list)
    added: int = 0  # agencies that were not in the registry


# --- who is meant ---


async def list_agency_names(
    session: AsyncSession, request: Request, collective: str | None
) -> list[str]:
    """Return the agencies of the registry that can join, by name, communes last.

    With `collective` only its members. A collective itself and an agency that was merged into
    another are left out.
    """
    directory = (await request.app.load_registry_names(session)).directory
    merged = select(AgencySuccessor.agency_id).where(AgencySuccessor.since <= request.today)
    statement = select(Agency.name).where(
        col(Agency.collective).is_(False), col(Agency.id).not_in(merged)
    )
    names = [
        name
        for name in await session.exec(statement)
        if collective is None or collective in directory.find_collectives(name)
    ]
    return sorted(names, key=lambda name: (directory.find_kind(name) == "commune", fold(name)))


async def read_posts_from_file(request: Request, sent: IncomingFile) -> PostList | Sentence:
    """Return the agencies and roles of a list in Excel or Word, or why there are none."""
    if sent.size > LARGEST_FILE:
        return say("file-too-large", megabytes=LARGEST_FILE // 1_000_000)
    content = await sent.load_content()
    async with request.read() as session:
        directory = (await request.app.load_registry_names(session)).directory
    with tempfile.TemporaryDirectory(prefix="nhacviec-") as folder:
        path = Path(folder) / f"list{Path(sent.name).suffix[:8]}"
        await asyncio.to_thread(path.write_bytes, content)
        try:
            cells = await asyncio.to_thread(read_cells_in_sandbox, path)
        except DocumentError as fault:
            return fault.sentence
    posts = [post for table in cells.tables for post in _read_posts(table, directory)]
    if not posts:
        return _describe_formulas(cells.formulas) or say("invite-list-empty")
    if len(posts) > MOST_INVITED:
        return say("invite-list-long", most=MOST_INVITED)
    return PostList(list(dict.fromkeys(posts)), cells.formulas)


def _describe_formulas(places: Sequence[str]) -> Sentence | None:
    """Return which cells hold formulas without a value; None if there are none."""
    if not places:
        return None
    more = max(0, len(places) - MOST_NAMED)
    return say("invite-list-formulas", places=tuple(places[:MOST_NAMED]), more=more)


def _read_posts(table: Sequence[Sequence[str]], directory: Directory) -> list[WantedPost]:
    """Return the agencies and roles of a table.

    Their columns are those with such a heading, else those with the most agencies and roles.
    """
    width = max(map(len, table), default=0)
    first, agency = 0, None
    for number, row in enumerate(table):
        places = [i for i, cell in enumerate(row) if words.is_one_of("invite", "agency_head", cell)]
        if places:
            first, agency = number + 1, places[0]
            break
    rows = [[*row, *[""] * (width - len(row))] for row in table[first:]]

    def count_roles(place: int) -> int:
        return sum(words.find_entry("roles", row[place]) is not None for row in rows)

    def count_agencies(place: int) -> int:
        return sum(bool(directory.find_agency(row[place]).names) for row in rows if row[place])

    if agency is None:
        agency = max(range(width), key=count_agencies, default=None)
        if agency is None or not count_agencies(agency):
            return []
        rows = [row for row in rows if directory.find_agency(row[agency]).names]
    others = [place for place in range(width) if place != agency]
    role = max(others, key=count_roles, default=None)
    posts = []
    for row in rows:
        name = normalise(row[agency])[:LONGEST_NAME]
        if any(letter.isalpha() for letter in name):
            entry = words.find_entry("roles", row[role]) if role is not None else None
            wanted = PostRole(entry or PostRole.FOCAL_POINT)
            posts.append(WantedPost(name, fit_leader_role(wanted, name)))
    return posts


# --- what is made ---


async def invite_many(
    request: Request,
    wanted: Sequence[WantedPost],
    until: date | None = None,
    *,
    renew: bool,
    formulas: Sequence[str] = (),
) -> Answer:
    """Make the sheet of these agencies and roles, with a code for whoever has none.

    `renew`: codes that were not used are replaced. The codes end on `until`, or after SHEET_DAYS.
    `formulas`: the places of cells of a list that could not be read.
    """
    if not request.may_do(Action.INVITE):
        return make_answer(say("may-not-invite"))
    if request.incoming.chat_kind != "private":
        return make_answer(say("invite-sheet-in-private"))
    if not request.incoming.takes_files:  # nobody would see the codes
        return make_answer(say("invite-sheet-not-allowed"))
    if not wanted:
        return make_answer(say("invite-nobody"), say("invite-list-how"))
    until = until or request.today + timedelta(days=SHEET_DAYS)
    async with request.write() as session:
        result = await _make_rows(session, request, wanted, until, renew=renew)
        await drafts.delete_draft(request, session)
    if result.added:
        request.app.forget_names()
    bot_name = request.app.options.bot_name
    content = await asyncio.to_thread(write_invitation_sheet, result.rows, bot_name)
    blocks = _describe_result(result, until)
    unread = _describe_formulas(formulas)
    blocks += [unread] if unread is not None else []
    return make_answer(*blocks, files=[File(SHEET_NAME, content)])


async def _make_rows(
    session: AsyncSession,
    request: Request,
    wanted: Sequence[WantedPost],
    until: date,
    *,
    renew: bool,
) -> SheetResult:
    """Make a row of each agency and role, and the codes that are missing."""
    directory = (await request.app.load_registry_names(session)).directory
    writer = AgencyWriter(session, directory, request.today)
    await writer.load_agencies()
    known = set(writer.list_names().values())
    joined, waiting = await _load_joined(session, request), await _load_waiting(session, request)
    result, done = SheetResult(), set[Post_]()
    for post in wanted:
        name = _find_name(directory, known, post, request.today)
        role = identity.describe_role(post.role)
        if isinstance(name, Sentence):
            result.counts["unclear"] += 1
            result.unclear.append(post.agency)
            result.rows.append(InvitationRow(post.agency, role, name))
            continue
        agency_id: int | None = None
        if not post.is_of_province:
            agency_id = (await writer.ensure_agency(name)).id
            result.added += name not in known
            known.add(name)
        key = (agency_id, str(post.role))
        if key in done:
            continue
        done.add(key)
        if key in joined:
            result.counts["joined"] += 1
            state = say("invitation-joined")
            result.rows.append(InvitationRow(name, role, state, joined_on=joined[key]))
            continue
        result.unjoined.append(name)
        if key in waiting and not renew:
            result.counts["waiting"] += 1
            made, ends = waiting[key]
            state = say("invitation-waits", day=made, until=ends, agency=name, role=role)
            result.rows.append(InvitationRow(name, role, state))
            continue
        if key in waiting:
            await revoke_invitations(session, request, agency_id, post.role)
        expires = datetime.combine(until, time(23, 59, 59), tzinfo=request.now.tzinfo)
        by = request.sender.person_id
        code = await make_invitation(session, agency_id, post.role, 1, expires, by, request.now)
        result.counts["new"] += 1
        link = make_link(request.app.options.bot_name, code)
        state = say("invitation-new", until=until)
        result.rows.append(InvitationRow(name, role, state, code, link))
    return result


def _find_name(
    directory: Directory, known: set[str], post: WantedPost, today: date
) -> str | Sentence:
    """Return the canonical name of an agency in a list, or why it is not clear.

    A name that is like no other is that of a new agency.
    """
    text = post.agency
    if post.is_of_province:
        return text
    if text in known and not directory.is_collective(text):
        return text
    found = directory.find_agency(text, today)
    if len(found.names) == 1 and found.how != "slip":
        name = found.names[0]
        return say("invitation-collective") if directory.is_collective(name) else name
    near = found.names or found.candidates or found.nearest
    role = identity.describe_role(post.role)
    return say("invitation-unclear", names=near, agency=text, role=role) if near else text


async def _load_joined(session: AsyncSession, request: Request) -> dict[Post_, date]:
    """Return since when each agency has somebody in each role."""
    statement = (
        select(Post.agency_id, Post.role, func.min(Post.made_at))
        .join(Person, col(Person.id) == Post.person_id)
        .where(
            col(Person.left_at).is_(None),
            match_active_posts(request.today),
        )
        .group_by(col(Post.agency_id), col(Post.role))
    )
    return {
        (agency, role): at.astimezone(request.now.tzinfo).date()
        for agency, role, at in await session.exec(statement)
    }


async def _load_waiting(session: AsyncSession, request: Request) -> dict[Post_, tuple[date, date]]:
    """Return when the newest unused code of each agency and role was made, and when it ends."""
    statement = (
        select(Invitation)
        .where(
            col(Invitation.uses_left) > 0,
            col(Invitation.expires_at) > request.now,
        )
        .order_by(col(Invitation.id))
    )
    zone = request.now.tzinfo
    return {
        (row.agency_id, row.role): (
            row.made_at.astimezone(zone).date(),
            row.expires_at.astimezone(zone).date(),
        )
        for row in await session.exec(statement)
    }


async def revoke_invitations(
    session: AsyncSession, request: Request, agency_id: int | None, role: PostRole
) -> int:
    """End the unused codes of an agency and role; return how many there were."""
    statement = select(Invitation).where(
        Invitation.agency_id == agency_id,
        Invitation.role == role,
        col(Invitation.uses_left) > 0,
        col(Invitation.expires_at) > request.now,
    )
    rows = list(await session.exec(statement))
    for row in rows:
        row.uses_left = 0
        session.add(row)
        request.record_change(session, "revoke_invite", "invitation", row.id)
    await session.flush()
    return len(rows)


def _describe_result(result: SheetResult, until: date) -> list[Sentence]:
    """Return what the message beside the sheet says."""
    counts = result.counts
    blocks = [
        say(
            "invite-sheet",
            new=counts["new"],
            waiting=counts["waiting"],
            joined=counts["joined"],
            until=until,
        )
    ]
    if result.added:
        blocks.append(say("invite-sheet-added", count=result.added))
    for message, names in (
        ("invite-sheet-unjoined", result.unjoined),
        ("invite-sheet-unclear", result.unclear),
    ):
        if names:
            more = len(names) - MOST_NAMED
            blocks.append(say(message, names=tuple(names[:MOST_NAMED]), more=max(more, 0)))
    if counts["new"]:
        blocks.append(say("invite-sheet-keep"))
    return blocks
