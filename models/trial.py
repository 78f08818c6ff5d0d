"""What a trial leaves in the registry: the sample plan and the people of the terminal.

Not for loading the sample (`handlers.plans.sample`).
"""

from __future__ import annotations

from datetime import datetime

from sqlmodel import col, delete, select, update
from sqlmodel.ext.asyncio.session import AsyncSession

from models.audit import record_change
from models.chats import Chat
from models.erasure import ERASED_PREFIX, erase_person
from models.notices import Notice, NoticeStatus
from models.people import Person, end_membership
from models.plans import Plan
from models.storage.statements import run_statement
from models.web_access import LinkKind, revoke_links

TERMINAL = "terminal"  # the channel of people who try the bot at the command line


_TERMINAL_PEOPLE = select(Person).where(
    Person.channel == TERMINAL, ~col(Person.address).startswith(ERASED_PREFIX)
)


async def holds_trial(session: AsyncSession) -> bool:
    """Return whether the registry holds the sample plan, or people of the terminal."""
    person = (await session.exec(_TERMINAL_PEOPLE)).first()
    return person is not None or await find_sample(session) is not None


async def find_sample(session: AsyncSession) -> Plan | None:
    """Return the sample plan if the registry holds it."""
    return (await session.exec(select(Plan).where(col(Plan.sample).is_(True)))).first()


async def delete_sample(session: AsyncSession, plan: Plan) -> None:
    """Delete the sample plan, and all its tasks with it, and unbind groups from it."""
    for chat in await session.exec(select(Chat).where(Chat.plan_id == plan.id)):
        chat.scope = chat.plan_id = None
        session.add(chat)
    await session.flush()
    await session.exec(delete(Plan).where(col(Plan.id) == plan.id))


async def delete_trial(session: AsyncSession, now: datetime) -> bool:
    """Delete the sample plan, and erase the people of the terminal.

    Return whether the plan was there. Plans that were imported meanwhile stay.
    """
    for person in list(await session.exec(_TERMINAL_PEOPLE)):
        chats = select(Chat.id).where(Chat.person_id == person.id)
        waiting = update(Notice).where(
            col(Notice.chat_id).in_(chats),
            col(Notice.status).in_((NoticeStatus.PENDING, NoticeStatus.UNCERTAIN)),
        )
        await run_statement(session, waiting.values(status=NoticeStatus.DROPPED, ended_at=now))
        await end_membership(session, person, now)
        await revoke_links(session, now, person.id, LinkKind.LEADER)
        await erase_person(session, person, now)
    sample = await find_sample(session)
    if sample is None:
        return False
    record_change(session, now, "remove_sample", "plan", sample.id, before={"title": sample.title})
    await delete_sample(session, sample)
    return True
