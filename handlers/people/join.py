"""Joining (`/start`): a person comes in with the code of an invitation."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import col, select, update
from sqlmodel.ext.asyncio.session import AsyncSession

from handlers.conversation.notify import notify_people
from handlers.conversation.quotas import count_wrong_code, may_try_code
from handlers.conversation.request import Handler, Request
from handlers.conversation.rights import AGENCY_ROLES
from handlers.people import identity, welcome
from handlers.people.codes import hash_code
from locales.answer import Answer, make_answer, say
from models.agencies import Agency
from models.assignments import enrol_agency
from models.audit import record_change
from models.dialogues import QUESTIONS_KEPT_FOR
from models.people import Invitation, Person, Post, PostRole, list_posts


async def start_chat(request: Request) -> Answer:
    """Answer `/start`, with or without a joining code."""
    if request.args:
        if request.incoming.chat_kind != "private":
            return make_answer(say("join-in-private"))
        return await join_with_code(request, request.args)
    if request.sender.posts:
        async with request.write() as session:  # so that the person can be written to
            await identity.remember_chat(session, request.incoming, request.sender.person_id)
        return await welcome.show_start(request)
    return await identity.answer_stranger(request)


async def join_with_code(request: Request, code: str) -> Answer:
    """Let the sender in with `code`: with a post; the agency enrols; the inviter gets a message.

    Wrong codes are counted.
    """
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
        agency_id = invitation.agency_id
        agency = await session.get(Agency, agency_id) if agency_id is not None else None
        post = identity.describe_post(role, agency.name if agency else None)
        if await _has_post(session, request, role, agency_id):
            return make_answer(say("join-already", role=post))
        if not await _take_use(session, invitation, request.now):
            return make_answer(say("join-expired"))  # before anything is kept of the sender
        person = await identity.find_or_add_person(session, request.incoming)
        name = request.incoming.sender_name or request.incoming.sender
        person.name = name[: identity.LONGEST_NAME]
        session.add(person)
        await _add_post(session, request, person, role, agency, invitation)
    request.app.forget_names()
    what = "agency" if role == PostRole.FOCAL_POINT else role.value.replace("_", "-")
    return make_answer(
        say("welcome", name=person.name, role=post),
        say(f"welcome-{what}"),
        say("welcome-data", days=QUESTIONS_KEPT_FOR.days),
    )


async def _has_post(
    session: AsyncSession, request: Request, role: PostRole, agency_id: int | None
) -> bool:
    """Return whether the sender has this role of their own, not in somebody's absence."""
    person_id = request.sender.person_id
    posts = await list_posts(session, person_id, request.today) if person_id is not None else []
    return any(
        p.role == role and p.agency_id == agency_id and p.stands_in_for is None for p, _ in posts
    )


async def _take_use(session: AsyncSession, invitation: Invitation, now: datetime) -> bool:
    """Take one use of the invitation; return False if it has none left or is over.

    Of two people at once, one gets the last use.
    """
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
    """Store the post and the chat of who has joined, enrol the agency, and tell the inviter."""
    post = Post(
        person_id=person.id,
        role=role,
        agency_id=agency.id if agency else None,
        made_at=request.now,
    )
    session.add(post)
    await session.flush()
    await identity.remember_chat(session, request.incoming, person.id)
    record_change(
        session,
        request.now,
        "join",
        "post",
        post.id,
        person_id=person.id,
        after={
            "person": person.id,
            "role": role,
            "agency": post.agency_id,
            "invitation": invitation.id,
        },
    )
    if agency is not None and role in AGENCY_ROLES:
        count = await enrol_agency(session, agency, request.today, request.now)
        if count:
            record_change(
                session,
                request.now,
                "enrol",
                "agency",
                agency.id,
                person_id=person.id,
                after={"enrolled_on": request.today.isoformat(), "assignments": count},
            )
    if invitation.made_by is not None:
        name = identity.describe_post(role, agency.name if agency else None)
        message = make_answer(say("told-joined", name=person.name, role=name))
        await notify_people(
            session, request, [invitation.made_by], message, token=f"joined:{post.id}"
        )


COMMANDS: dict[str, Handler] = {"start": start_chat}
