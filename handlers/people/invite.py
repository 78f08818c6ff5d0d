"""Invitations (`/moi`): an admin asks for one, and passes its code or link on.

Those to many agencies at once are made by `invite_many`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta

from sqlmodel.ext.asyncio.session import AsyncSession

from handlers.conversation import days, drafts, words
from handlers.conversation.agency_choice import (
    AgencyDialogue,
    AgencyDraft,
    find_agency_or_ask,
    find_chosen_agency,
)
from handlers.conversation.refusals import refuse_button
from handlers.conversation.request import Handler, Request
from handlers.conversation.rights import AGENCY_ROLES, Action
from handlers.people import identity, invite_many
from handlers.people.channel_usage import list_channel_usage
from handlers.people.codes import make_invitation, make_link
from locales.answer import Answer, Sentence, make_answer, make_button, say
from locales.phrases import shorten_text
from models.agencies import Agency
from models.people import PostRole

DEFAULT_USES = 1  # people that one invitation lets in, unless said
MOST_USES = 200
DEFAULT_DAYS = 7  # days that an invitation lasts, unless said
LONGEST_DAYS = 366  # days that it may last
LABEL_LENGTH = 40  # characters of an agency's name on a button


class InvitationDraft(AgencyDraft):
    """An invitation that lacks something yet."""

    agency: str | None = None
    role: PostRole | None = None
    uses: int = DEFAULT_USES
    until: date | None = None
    renew: bool = False


@dataclass
class InvitationRequest:
    """An invitation as an admin asks for it.

    `agency` is what was typed, None for a role without an agency. `renew`: the unused codes are
    replaced. `everyone`: all agencies are meant.
    """

    agency: str | None = None
    role: PostRole | None = None
    uses: int = DEFAULT_USES
    until: date | None = None
    renew: bool = False
    everyone: bool = False
    faults: list[Sentence] = field(default_factory=list)

    def make_draft(self) -> InvitationDraft:
        """Return what a dialogue keeps of the request."""
        return InvitationDraft(
            agency=self.agency, role=self.role, uses=self.uses, until=self.until, renew=self.renew
        )

    @classmethod
    def from_draft(cls, data: InvitationDraft) -> InvitationRequest:
        """Return the request that `make_draft` kept."""
        return cls(data.agency, data.role, data.uses, data.until, data.renew)


def read_invitation_request(text: str, today: date) -> InvitationRequest:
    """Read "Sở Tư pháp | đầu mối | 3 lượt | đến 30/11", in any order, with bars or commas.

    A role may stand before the agency ("người theo dõi Sở Nội vụ"), and "lại" before all.
    """
    details = InvitationRequest()
    again = words.find_rest_after_any("invite", "renew", text)
    details.renew = again is not None
    for part in _split_parts(text if again is None else again, today):
        if _take_part(details, part, today):
            continue
        agency = _take_role_beside(details, part)
        if words.is_one_of("invite", "everyone", agency):
            details.everyone = True
        elif details.agency is None:
            details.agency = agency
        else:
            details.faults.append(say("not-understood-part", text=part[:80]))
    _fit_leader(details)
    return details


def _take_role_beside(details: InvitationRequest, part: str) -> str:
    """Take the role that begins `part`, or ends it behind "làm"; return the agency."""
    for role in PostRole:
        agency = words.find_rest_after_any("roles", role, part)
        if agency and details.role is None:
            details.role = role
            return words.find_rest_after_any("invite", "of", agency) or agency
    typed = words.make_typed_text(part)
    behind = typed.search(words.get_pattern("invite", "as"))
    entry = words.find_entry("roles", typed.get_original(behind, 2)) if behind is not None else None
    if behind is None or entry is None or details.role is not None:
        return part
    details.role = PostRole(entry)
    return typed.get_original(behind, 1)


def _fit_leader(details: InvitationRequest) -> None:
    """Take the province for no agency of its leaders, and "lãnh đạo Sở X" for the head of X."""
    if details.role == PostRole.LEADER and details.everyone:
        details.role = PostRole.HEAD
    if details.role != PostRole.LEADER or details.agency is None:
        return
    details.role = invite_many.fit_leader_role(details.role, details.agency)
    if details.role == PostRole.LEADER:
        details.agency = None


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
    end = days.read_end(part, today)
    if role is not None:
        details.role = PostRole(role)
    elif uses is not None:
        details.uses = int(uses.group(1))
    elif isinstance(end, Sentence):
        details.faults.append(end)
    else:
        details.until = end or details.until
        return end is not None
    return True


async def invite_person(request: Request) -> Answer:
    """Answer `/moi`: make an invitation, or ask for whom."""
    if not request.may_do(Action.INVITE):
        return make_answer(say("may-not-invite"))
    if request.incoming.file is not None:
        return await invite_from_file(request)
    if not request.args:
        token = await drafts.save_draft(request, "invite", InvitationDraft())
        everyone = make_button(say("button-invite-all"), "inviteall")
        return make_answer(
            say("invite-ask"),
            say("invite-list-how"),
            buttons=[[everyone], [drafts.make_leave_button(token)]],
        )
    return await _complete_invitation(request, read_invitation_request(request.args, request.today))


async def invite_all(request: Request) -> Answer:
    """Answer the button that invites a focal point of every agency."""
    if request.args:
        return refuse_button()
    return await _complete_invitation(request, InvitationRequest(everyone=True))


async def invite_from_file(request: Request) -> Answer:
    """Make the invitations of a list of agencies and roles that was sent as a file."""
    sent = request.incoming.file
    if sent is None:
        raise drafts.NotForDialogue
    if not request.may_do(Action.INVITE):
        return make_answer(say("may-not-invite"))
    wanted = await invite_many.read_posts_from_file(request, sent)
    if isinstance(wanted, Sentence):
        return make_answer(wanted, say("invite-list-how"))
    details = read_invitation_request(request.args, request.today)
    return await invite_many.invite_many(
        request, wanted.posts, details.until, renew=details.renew, formulas=wanted.formulas
    )


async def invite_by_text(request: Request) -> Answer:
    """Make the invitation as it was typed, or those of the list that was sent."""
    if request.incoming.file is not None:
        return await invite_from_file(request)
    text = drafts.read_reply(request)
    if not request.may_do(Action.INVITE):
        return make_answer(say("may-not-invite"))
    before = drafts.read_draft(request, InvitationDraft)
    details = read_invitation_request(text, request.today)
    details.role = details.role or before.role
    details.uses = details.uses if details.uses != DEFAULT_USES else before.uses
    details.until = details.until or before.until
    details.renew = details.renew or before.renew
    return await _complete_invitation(request, details)


async def invite_for_agency(request: Request) -> Answer:
    """Make the invitation for one of the agencies that were offered."""
    chosen = await find_chosen_agency(request, "invite", InvitationDraft)
    if chosen is None:
        return refuse_button()
    if not request.may_do(Action.INVITE):
        return make_answer(say("may-not-invite"))
    data, name = chosen
    details = InvitationRequest.from_draft(data)
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
    if details.everyone:
        return await _invite_members(request, details, None, role)
    collective: str | None = None
    async with request.write() as session:
        agency: Agency | None = None
        if details.agency is not None:
            dialogue = AgencyDialogue("invite", details.make_draft(), "invpick:{}")
            found = await find_agency_or_ask(
                session, request, details.agency, dialogue, exact=exact
            )
            if isinstance(found, Answer):
                return found
            agency = found
            if agency.collective and role in AGENCY_ROLES and not exact:
                collective = agency.name
        if collective is None:
            code = await _store_invitation(session, request, details, role, agency, until)
        usage = await list_channel_usage(session, request)
    if collective is not None:
        return await _invite_members(request, details, collective, role)
    post = identity.describe_post(role, agency.name if agency else None)
    answer = format_invitation(request, code, post, details.uses, until, renewed=details.renew)
    return replace(answer, blocks=(*answer.blocks, *usage))


async def _store_invitation(
    session: AsyncSession,
    request: Request,
    details: InvitationRequest,
    role: PostRole,
    agency: Agency | None,
    until: date,
) -> str:
    """Store the invitation, revoke what it replaces, and end the dialogue; return the code."""
    await drafts.delete_draft(request, session)
    agency_id = agency.id if agency is not None else None
    if details.renew:
        await invite_many.revoke_invitations(session, request, agency_id, role)
    expires = datetime.combine(until, time(23, 59, 59), tzinfo=request.now.tzinfo)
    by = request.sender.person_id
    return await make_invitation(session, agency_id, role, details.uses, expires, by, request.now)


async def _invite_members(
    request: Request, details: InvitationRequest, collective: str | None, role: PostRole
) -> Answer:
    """Invite each agency of a collective (None: of the province) instead of the collective.

    If none is known, say how to name them, and offer to invite for the collective itself.
    """
    async with request.read() as session:
        names = await invite_many.list_agency_names(session, request, collective)
    if not names and collective is not None:
        known = {"role": role, "agency": collective, "choices": (collective,)}
        data = details.make_draft().model_copy(update=known)
        token = await drafts.save_draft(request, "invite", data)
        label = say("button-invite-collective", name=shorten_text(collective, LABEL_LENGTH))
        return make_answer(
            say("invite-collective", name=collective),
            say("invite-list-how"),
            buttons=[
                [make_button(label, "invpick", token, "0")],
                [drafts.make_leave_button(token)],
            ],
        )
    wanted = [invite_many.WantedPost(name, role) for name in names]
    return await invite_many.invite_many(request, wanted, details.until, renew=details.renew)


def _find_fault(
    details: InvitationRequest, role: PostRole, until: date, request: Request
) -> Sentence | None:
    """Return what is wrong with the invitation, None if nothing is."""
    if details.faults:
        return details.faults[0]
    if details.everyone and details.agency is not None:
        return say("not-understood-part", text=details.agency[:80])
    if details.everyone and role not in AGENCY_ROLES:
        return say("invite-everyone-as", role=identity.describe_role(role))
    if role in AGENCY_ROLES and details.agency is None and not details.everyone:
        return say("invite-needs-agency", role=identity.describe_role(role))
    if not 1 <= details.uses <= MOST_USES:
        return say("invite-wrong-uses", most=MOST_USES)
    if until < request.today:
        return say("invite-past", day=until)
    if (until - request.today).days > LONGEST_DAYS:
        return say("invite-too-long", days=LONGEST_DAYS)
    return None


def format_invitation(
    request: Request, code: str, post: Sentence, uses: int, until: date, *, renewed: bool = False
) -> Answer:
    """Return the invitation as the admin passes it on; `renewed`: it replaces the unused ones."""
    address = make_link(request.app.options.bot_name, code)
    blocks = [say("invite-made", who=post, uses=uses, day=until)]
    blocks += [say("invite-renewed")] if renewed else []
    blocks.append(say("invite-pass-on"))
    blocks.append(
        say("invite-link", link=address, code=code) if address else say("invite-code", code=code)
    )
    return make_answer(*blocks)


COMMANDS: dict[str, Handler] = {"moi": invite_person}
ACTIONS: dict[str, Handler] = {"invpick": invite_for_agency, "inviteall": invite_all}
DIALOGUES: dict[str, Handler] = {"invite": invite_by_text}
FILE_DIALOGUES = frozenset({"invite"})
