"""Invitations (`/moi`): an admin asks for one, and passes its code or link on."""

from __future__ import annotations

import hashlib
import re
import secrets
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from handlers.conversation import days, drafts, words
from handlers.conversation.agency_choice import (
    AgencyDialogue,
    find_agency_or_ask,
    find_chosen_agency,
)
from handlers.conversation.channel_usage import list_channel_usage
from handlers.conversation.refusals import refuse_button
from handlers.conversation.request import Handler, Request
from handlers.conversation.rights import AGENCY_ROLES, Action
from handlers.people import identity
from locales.answer import Answer, Sentence, make_answer, say
from models.agencies import Agency
from models.audit import record_change
from models.people import Invitation, PostRole

ALPHABET = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"  # without I, L, O, 0 and 1, which look alike
CODE_GROUPS, GROUP_LENGTH = 3, 4  # a code is three groups of four: 59 bits
DEFAULT_USES = 1  # people that one invitation lets in, unless said
MOST_USES = 200
DEFAULT_DAYS = 7  # days that an invitation lasts, unless said
LONGEST_DAYS = 366  # days that it may last


# --- codes ---


def make_code() -> str:
    """Return a random code as people read and type it: "K7QM-2XDR-9PWA"."""
    groups = [
        "".join(secrets.choice(ALPHABET) for _ in range(GROUP_LENGTH)) for _ in range(CODE_GROUPS)
    ]
    return "-".join(groups)


def hash_code(code: str) -> str:
    """Return the SHA-256 of a code, which is stored: of its letters and digits alone."""
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
    """Store an invitation for `uses` people until `expires_at`; return its code.

    Only the code's hash is stored. Raises ValueError for a head or focal point without an agency.
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
    until = expires_at.isoformat()
    after = {"role": role, "agency": agency_id, "uses": uses, "until": until}
    record_change(
        session, now, "invite", "invitation", invitation.id, person_id=made_by, after=after
    )
    return code


def make_link(bot_name: str | None, code: str) -> str | None:
    """Return the link that opens the bot with the code; None if the bot's name is not known."""
    return f"https://t.me/{bot_name}?start={code}" if bot_name else None


# --- /moi ---


@dataclass
class InvitationRequest:
    """An invitation as an admin asks for it.

    `agency` is what was typed, None for a role without an agency.
    """

    agency: str | None = None
    role: PostRole | None = None
    uses: int = DEFAULT_USES
    until: date | None = None
    faults: list[Sentence] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        """Return the values for a draft."""
        until = self.until.isoformat() if self.until else None
        return {"agency": self.agency, "role": self.role, "uses": self.uses, "until": until}

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> InvitationRequest:
        """Return the request that `as_json` stored."""
        role = PostRole(data["role"]) if data.get("role") else None
        until = date.fromisoformat(data["until"]) if data.get("until") else None
        return cls(data.get("agency"), role, data.get("uses", DEFAULT_USES), until)


def read_invitation_request(text: str, today: date) -> InvitationRequest:
    """Read "Sở Tư pháp | đầu mối | 3 lượt | đến 30/11", in any order, with bars or commas."""
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
    """Return the parts between bars.

    Without bars, parts behind commas at the end count if they are no part of a name.
    """
    parts = [part.strip() for part in re.split(r"[|;\n]", text) if part.strip()]
    if len(parts) != 1:
        return parts
    pieces = [piece.strip() for piece in text.split(",")]
    behind: list[str] = []
    while len(pieces) > 1 and _take_part(InvitationRequest(), pieces[-1], today):
        behind.insert(0, pieces.pop())
    return [", ".join(pieces), *behind]


def _take_part(details: InvitationRequest, part: str, today: date) -> bool:
    """Take a role, a number of uses or a last day from `part`; return False for anything else."""
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
    elif until is not None and days.is_day_out_of_reach(folded.get_original(until, 1), today):
        details.faults.append(days.explain_unread_day(folded.get_original(until, 1), today))
    else:
        return False
    return True


async def invite_person(request: Request) -> Answer:
    """Answer `/moi`: make an invitation, or ask for whom."""
    if not request.may_do(Action.INVITE):
        return make_answer(say("may-not-invite"))
    if not request.args:
        token = await drafts.save_draft(request, "invite", InvitationRequest().as_json())
        return make_answer(say("invite-ask"), buttons=[[drafts.make_leave_button(token)]])
    return await _complete_invitation(request, read_invitation_request(request.args, request.today))


async def invite_by_text(request: Request) -> Answer:
    """Make the invitation as it was typed in the dialogue."""
    text = drafts.read_reply(request)
    if not request.may_do(Action.INVITE):
        return make_answer(say("may-not-invite"))
    before = InvitationRequest.from_json(drafts.get_draft_data(request))
    details = read_invitation_request(text, request.today)
    details.role = details.role or before.role
    details.uses = details.uses if details.uses != DEFAULT_USES else before.uses
    details.until = details.until or before.until
    return await _complete_invitation(request, details)


async def invite_for_agency(request: Request) -> Answer:
    """Make the invitation for one of the agencies that were offered."""
    chosen = await find_chosen_agency(request, "invite")
    if chosen is None:
        return refuse_button()
    if not request.may_do(Action.INVITE):
        return make_answer(say("may-not-invite"))
    data, name = chosen
    details = InvitationRequest.from_json(data)
    details.agency = name
    return await _complete_invitation(request, details, exact=True)


async def _complete_invitation(
    request: Request, details: InvitationRequest, *, exact: bool = False
) -> Answer:
    """Make the invitation as asked for, or say what is wrong or missing."""
    role = details.role or PostRole.FOCAL_POINT
    until = details.until or request.today + timedelta(days=DEFAULT_DAYS)
    fault = _find_fault(details, role, until, request)
    if fault is not None:
        return make_answer(fault, say("invite-example"))
    async with request.write() as session:
        agency: Agency | None = None
        if details.agency is not None:
            dialogue = AgencyDialogue("invite", details.as_json(), "invpick:{}")
            found = await find_agency_or_ask(
                session, request, details.agency, dialogue, exact=exact
            )
            if isinstance(found, Answer):
                return found
            agency = found
        await drafts.delete_draft(request, session)
        expires = datetime.combine(until, time(23, 59, 59), tzinfo=request.now.tzinfo)
        agency_id = agency.id if agency is not None else None
        code = await make_invitation(
            session, agency_id, role, details.uses, expires, request.sender.person_id, request.now
        )
        usage = await list_channel_usage(session, request)
    post = identity.describe_post(role, agency.name if agency else None)
    answer = format_invitation(request, code, post, details.uses, until)
    return replace(answer, blocks=(*answer.blocks, *usage))


def _find_fault(
    details: InvitationRequest, role: PostRole, until: date, request: Request
) -> Sentence | None:
    """Return what is wrong with the invitation, None if nothing is."""
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


def format_invitation(
    request: Request, code: str, post: Sentence, uses: int, until: date
) -> Answer:
    """Return the invitation as the admin passes it on."""
    address = make_link(request.app.options.bot_name, code)
    blocks = [say("invite-made", who=post, uses=uses, day=until), say("invite-pass-on")]
    blocks.append(
        say("invite-link", link=address, code=code) if address else say("invite-code", code=code)
    )
    return make_answer(*blocks)


COMMANDS: dict[str, Handler] = {"moi": invite_person}
ACTIONS: dict[str, Handler] = {"invpick": invite_for_agency}
DIALOGUES: dict[str, Handler] = {"invite": invite_by_text}
