"""Joining: an admin makes an invitation, a person comes in with its code or link."""

from __future__ import annotations

import hashlib
import re
import secrets
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlmodel import col, select, update
from sqlmodel.ext.asyncio.session import AsyncSession

from handlers.conversation import days, drafts, words
from handlers.conversation.agency_choice import AgencyChoice, choose_agency, find_or_add_agency
from handlers.conversation.notify import notify_people
from handlers.conversation.quotas import count_wrong_code, may_try_code
from handlers.conversation.refusals import refuse_button
from handlers.conversation.rights import Action
from handlers.conversation.turn import Handler, Request
from handlers.people import identity, welcome
from locales.answer import Answer, Sentence, make_answer, say
from models.agencies import Agency
from models.assignments import enrol_agency
from models.audit import record_change
from models.people import Invitation, Person, Post, PostRole, list_posts

ALPHABET = (
    "ABCDEFGHJKMNPQRSTUVWXYZ23456789"  # without I, L, O, 0, 1, which are taken for each other
)
GROUPS, GROUP = 3, 4  # a code is three groups of four: 59 bits
DEFAULT_USES = 1  # people that one invitation lets in, unless said
MOST_USES = 200
DEFAULT_DAYS = 7  # days that an invitation lasts, unless said
LONGEST_DAYS = 366  # days that it may last
AGENCY_ROLES = frozenset({PostRole.HEAD, PostRole.FOCAL_POINT})


# --- codes -----------------------------------------------------------------------------------------------------------


def make_code() -> str:
    """A random code as people read and type it: "K7QM-2XDR-9PWA"."""
    groups = ["".join(secrets.choice(ALPHABET) for _ in range(GROUP)) for _ in range(GROUPS)]
    return "-".join(groups)


def hash_code(code: str) -> str:
    """What is kept of a code: the SHA-256 of its letters and digits, however it was typed."""
    return hashlib.sha256(re.sub(r"[^A-Z0-9]", "", code.upper()).encode()).hexdigest()


async def make_invitation(
    session: AsyncSession,
    agency_id: int | None,
    role: PostRole,
    uses: int,
    expires_at: datetime,
    made_by: int | None,
    now: datetime,
) -> str:
    """Makes an invitation for `uses` people until `expires_at` and returns its code, which is kept hashed alone.

    Raises ValueError for a head or focal point without an agency.
    """
    if role in AGENCY_ROLES and agency_id is None:
        raise ValueError(f"{role} needs an agency")
    code = make_code()
    invitation = Invitation(
        code_sha256=hash_code(code),
        role=role,
        agency_id=agency_id,
        uses_left=uses,
        expires_at=expires_at,
        made_by=made_by,
        made_at=now,
    )
    session.add(invitation)
    await session.flush()
    record_change(
        session, now, "invite", "invitation", invitation.id, person_id=made_by,
        after={"role": role, "agency": agency_id, "uses": uses, "until": expires_at.isoformat()},
    )  # fmt: skip
    return code


def make_link(bot_name: str | None, code: str) -> str | None:
    """The link that opens the bot with the code; None while the bot's name is not known."""
    return f"https://t.me/{bot_name}?start={code}" if bot_name else None


# --- /moi ------------------------------------------------------------------------------------------------------------


@dataclass
class InvitationRequest:
    """An invitation as it was asked for. `agency` is what was typed, None for a role without an agency."""

    agency: str | None = None
    role: PostRole | None = None
    uses: int = DEFAULT_USES
    until: date | None = None
    faults: list[Sentence] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        """For a draft."""
        until = self.until.isoformat() if self.until else None
        return {"agency": self.agency, "role": self.role, "uses": self.uses, "until": until}

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> InvitationRequest:
        """What `as_json` gave."""
        role = PostRole(data["role"]) if data.get("role") else None
        until = date.fromisoformat(data["until"]) if data.get("until") else None
        return cls(data.get("agency"), role, data.get("uses", DEFAULT_USES), until)


def read_invitation_request(text: str, today: date) -> InvitationRequest:
    """An invitation from "/moi Sở Tư pháp | đầu mối | 3 lượt | đến 30/11", in any order, with bars or commas."""
    details = InvitationRequest()
    for part in _split_parts(text, today):
        if _take_part(details, part, today):
            continue
        if details.agency is None:
            details.agency = part
        else:
            details.faults.append(say("not-understood-part", text=part[:80]))
    return details


def _split_parts(text: str, today: date) -> list[str]:
    """The parts between bars; without bars, what stands behind commas at the end and is no part of a name."""
    parts = [part.strip() for part in re.split(r"[|;\n]", text) if part.strip()]
    if len(parts) != 1:
        return parts
    pieces = [piece.strip() for piece in text.split(",")]
    behind: list[str] = []
    while len(pieces) > 1 and _take_part(InvitationRequest(), pieces[-1], today):
        behind.insert(0, pieces.pop())
    return [", ".join(pieces), *behind]


def _take_part(details: InvitationRequest, part: str, today: date) -> bool:
    """Takes a role, a number of uses or a last day from `said`; False where it is none of these."""
    folded = words.make_typed_text(part)
    role = words.find_entry("roles", part)
    uses = words.get_pattern("invite", "uses").fullmatch(folded.folded)
    lasts = words.get_pattern("invite", "days").fullmatch(folded.folded)
    until = words.get_pattern("invite", "until").fullmatch(folded.folded)
    if role is not None:
        details.role = PostRole(role)
    elif uses is not None:
        details.uses = int(uses.group(1))
    elif lasts is not None:
        details.until = today + timedelta(days=int(lasts.group(1)))
    elif until is not None and (found := days.parse_days(folded.get_original(until, 1), today)):
        details.until = found[0]
    elif until is not None and days.is_impossible_day(folded.get_original(until, 1), today):
        details.faults.append(say("no-such-day", day=folded.get_original(until, 1)[:80]))
    else:
        return False
    return True


async def invite_person(request: Request) -> Answer:
    """`/moi`: makes an invitation, or asks for whom."""
    if not request.may_do(Action.INVITE):
        return make_answer(say("may-not-invite"))
    if not request.args:
        token = await drafts.save_draft(request, "invite", InvitationRequest().as_json())
        return make_answer(say("invite-ask"), buttons=[[drafts.make_leave_button(token)]])
    return await _complete_invitation(request, read_invitation_request(request.args, request.today))


async def invite_by_text(request: Request) -> Answer:
    """For whom an invitation is, as it was asked for."""
    if request.draft is None or not request.incoming.text:
        raise drafts.NotForDialogue
    if not request.may_do(Action.INVITE):
        return make_answer(say("may-not-invite"))
    before = InvitationRequest.from_json(request.draft.data)
    details = read_invitation_request(request.incoming.text, request.today)
    details.role = details.role or before.role
    details.uses = details.uses if details.uses != DEFAULT_USES else before.uses
    details.until = details.until or before.until
    return await _complete_invitation(request, details)


async def invite_for_agency(request: Request) -> Answer:
    """One of the agencies that were offered."""
    draft = await drafts.find_draft_of_button(request, "invite")
    names = draft.data.get("choices", []) if draft is not None else []
    if draft is None or not request.args.isdecimal() or int(request.args[:4]) >= len(names):
        return refuse_button()
    if not request.may_do(Action.INVITE):
        return make_answer(say("may-not-invite"))
    details = InvitationRequest.from_json(draft.data)
    details.agency = names[int(request.args[:4])]
    return await _complete_invitation(request, details, exact=True)


async def _complete_invitation(
    request: Request, details: InvitationRequest, *, exact: bool = False
) -> Answer:
    role = details.role or PostRole.FOCAL_POINT
    until = details.until or request.today + timedelta(days=DEFAULT_DAYS)
    fault = _find_fault(details, role, until, request)
    if fault is not None:
        return make_answer(fault, say("invite-example"))
    async with request.write() as session:
        agency: Agency | None = None
        if details.agency is not None:
            found = await choose_agency(session, request, details.agency, exact=exact)
            if isinstance(found, AgencyChoice):
                return await _offer_agencies(session, request, details, found)
            agency = await find_or_add_agency(session, request, found)
        await drafts.delete_draft(request, session)
        expires = datetime.combine(until, time(23, 59, 59), tzinfo=request.now.tzinfo)
        agency_id = agency.id if agency is not None else None
        code = await make_invitation(
            session, agency_id, role, details.uses, expires, request.sender.person_id, request.now
        )
    return format_invitation(
        request, code, role, agency.name if agency else None, details.uses, until
    )


def _find_fault(
    details: InvitationRequest, role: PostRole, until: date, request: Request
) -> Sentence | None:
    if details.faults:
        return details.faults[0]
    if role in AGENCY_ROLES and details.agency is None:
        return say("invite-needs-agency", role=identity.describe_role(role))
    if not 1 <= details.uses <= MOST_USES:
        return say("invite-wrong-uses", most=MOST_USES)
    if until < request.today:
        return say("invite-past", day=until)
    if (until - request.today).days > LONGEST_DAYS:
        return say("invite-too-long", days=LONGEST_DAYS)
    return None


async def _offer_agencies(
    session: AsyncSession, request: Request, details: InvitationRequest, found: AgencyChoice
) -> Answer:
    names = [*found.names]
    new = found.text if found.may_be_new else None
    choices = [*names, new] if new else names
    token = await drafts.save_draft(
        request, "invite", {**details.as_json(), "choices": choices}, session
    )
    return make_answer(
        found.question,
        buttons=[*found.make_buttons(f"invpick:{token}"), [drafts.make_leave_button(token)]],
    )


def format_invitation(
    request: Request, code: str, role: PostRole, agency: str | None, uses: int, until: date
) -> Answer:
    """The invitation as it is passed on."""
    address = make_link(request.app.options.bot_name, code)
    where = (
        say("invite-for", role=identity.describe_role(role), agency=agency)
        if agency
        else identity.describe_role(role)
    )
    blocks = [say("invite-made", who=where, uses=uses, day=until), say("invite-pass-on")]
    blocks.append(
        say("invite-link", link=address, code=code) if address else say("invite-code", code=code)
    )
    return make_answer(*blocks)


# --- /start ----------------------------------------------------------------------------------------------------------


async def start_chat(request: Request) -> Answer:
    """The first word of a person, with or without a joining code."""
    if request.args:
        if request.incoming.chat_kind != "private":
            return make_answer(say("join-in-private"))
        return await join_with_code(request, request.args)
    if request.sender.posts:
        async with request.write() as session:  # so that the person can be written to
            await identity.remember_chat(session, request.incoming, request.sender.person_id)
        return await welcome.show_help(request)
    return await identity.answer_stranger(request)


async def join_with_code(request: Request, code: str) -> Answer:
    """Lets the sender in with `code`: a post, the agency enrolled, the inviter told. Wrong codes are counted."""
    async with request.write() as session:
        if not await may_try_code(session, request.incoming):
            return make_answer(say("join-too-many"))
        invitation = (
            await session.exec(select(Invitation).where(Invitation.code_sha256 == hash_code(code)))
        ).first()
        if invitation is None:
            await count_wrong_code(session, request.incoming)
            return make_answer(say("join-wrong-code"))
        role = PostRole(invitation.role)
        agency = (
            await session.get(Agency, invitation.agency_id)
            if invitation.agency_id is not None
            else None
        )
        if await _has_post(session, request.sender.person_id, role, invitation.agency_id, request):
            return make_answer(say("join-already", role=_describe_post(role, agency)))
        if not await _take_use(session, invitation, request.now):
            return make_answer(say("join-expired"))  # before anything is kept of the sender
        person = await _find_or_add_person(session, request)
        await _add_post(session, request, person, role, agency, invitation)
    request.app.forget_names()
    what = (
        say("welcome-agency")
        if role in AGENCY_ROLES
        else say(f"welcome-{role.value.replace('_', '-')}")
    )
    return make_answer(
        say("welcome", name=person.name, role=_describe_post(role, agency)),
        what,
        say("welcome-data"),
    )


def _describe_post(role: PostRole, agency: Agency | None) -> Sentence:
    return (
        say("invite-for", role=identity.describe_role(role), agency=agency.name)
        if agency
        else identity.describe_role(role)
    )


async def _find_or_add_person(session: AsyncSession, request: Request) -> Person:
    """The registry's row of the sender, made where it is missing; one who left comes back."""
    incoming = request.incoming
    statement = select(Person).where(
        Person.channel == incoming.channel, Person.address == incoming.sender
    )
    person = (await session.exec(statement)).first()
    if person is None:
        person = Person(
            channel=incoming.channel, address=incoming.sender, name="", joined_at=request.now
        )
    person.name = (incoming.sender_name or incoming.sender)[: identity.LONGEST_NAME]
    person.left_at = None
    session.add(person)
    await session.flush()
    return person


async def _has_post(
    session: AsyncSession,
    person_id: int | None,
    role: PostRole,
    agency_id: int | None,
    request: Request,
) -> bool:
    posts = await list_posts(session, person_id, request.today) if person_id is not None else []
    return any(
        p.role == role and p.agency_id == agency_id and p.stands_in_for is None for p, _ in posts
    )


async def _take_use(session: AsyncSession, invitation: Invitation, now: datetime) -> bool:
    """Takes one use of the invitation; False where it has none left or is over. Of two at once one gets the last."""
    used = await session.exec(
        update(Invitation)
        .where(
            col(Invitation.id) == invitation.id,
            col(Invitation.uses_left) > 0,
            col(Invitation.expires_at) > now,
        )
        .values(uses_left=Invitation.uses_left - 1)
        .execution_options(synchronize_session=False)
    )
    return bool(used.rowcount == 1)


async def _add_post(
    session: AsyncSession,
    request: Request,
    person: Person,
    role: PostRole,
    agency: Agency | None,
    invitation: Invitation,
) -> None:
    post = Post(
        person_id=person.id or 0,
        role=role,
        agency_id=agency.id if agency else None,
        made_at=request.now,
    )
    session.add(post)
    await session.flush()
    await identity.remember_chat(session, request.incoming, person.id)
    record_change(
        session, request.now, "join", "post", post.id, person_id=person.id,
        after={"person": person.id, "role": role, "agency": post.agency_id, "invitation": invitation.id},
    )  # fmt: skip
    if agency is not None and role in AGENCY_ROLES:
        made = await enrol_agency(session, agency, request.today, request.now)
        if made:
            record_change(
                session, request.now, "enrol", "agency", agency.id, person_id=person.id,
                after={"enrolled_on": request.today.isoformat(), "assignments": made},
            )  # fmt: skip
    if invitation.made_by is not None:
        message = make_answer(
            say("told-joined", name=person.name, role=_describe_post(role, agency))
        )
        await notify_people(
            session, request, [invitation.made_by], message, token=f"joined:{post.id}"
        )


COMMANDS: dict[str, Handler] = {"start": start_chat, "moi": invite_person}
ACTIONS: dict[str, Handler] = {"invpick": invite_for_agency}
DIALOGUES: dict[str, Handler] = {"invite": invite_by_text}
