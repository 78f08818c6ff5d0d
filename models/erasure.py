"""Erasing personal data, on request or some days after a person left (docs/du-lieu-ca-nhan.md).

What the person did stays on record, by the number of the person.
"""

import re
from datetime import datetime, timedelta
from typing import Any

from sqlmodel import col, delete, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models.audit import record_change
from models.channels.accounts import Account, list_accounts
from models.channels.choices import ChoiceSet
from models.chats import Chat
from models.dialogues import Asked, Draft
from models.inbox import InboxRow
from models.notices import Notice, NoticeStatus
from models.people import Attempt, Person
from models.preferences import read_preference
from models.web_access import LinkKind, WebLink, WebSession

LEAVER_KEPT_DAYS = 30  # from leaving to erasing, unless an admin set another term
LEAVER_KEPT_DAYS_PREFERENCE = "days_left_people_are_kept"
MESSAGES_PER_BATCH = 500  # messages looked through at a time
ERASED_PREFIX = "erased:"  # begins the address of a person whose data were erased


async def erase_person(session: AsyncSession, person: Person, now: datetime) -> None:
    """Erase name, address, dialogues, questions, sessions and links of a person."""
    for channel, address in await list_accounts(session, person):
        for table in (Draft, Asked, InboxRow):
            await session.exec(
                delete(table).where(col(table.channel) == channel, col(table.sender) == address)
            )
        await session.exec(
            delete(Attempt).where(col(Attempt.channel) == channel, col(Attempt.address) == address)
        )
    await session.exec(delete(Account).where(col(Account.person_id) == person.id))
    await session.exec(delete(WebSession).where(col(WebSession.person_id) == person.id))
    await session.exec(
        delete(WebLink).where(
            col(WebLink.person_id) == person.id, col(WebLink.kind) != LinkKind.LEADER
        )
    )
    await _erase_from_messages(session, person)
    for chat in await session.exec(select(Chat).where(Chat.person_id == person.id)):
        await session.exec(
            delete(ChoiceSet).where(
                col(ChoiceSet.channel) == chat.channel, col(ChoiceSet.chat) == chat.address
            )
        )
        chat.address, chat.title = f"{ERASED_PREFIX}{chat.id}", ""
        chat.unreachable_since = chat.unreachable_since or now
        session.add(chat)
    person.address, person.name = f"{ERASED_PREFIX}{person.id}", ""
    session.add(person)
    record_change(session, now, "erase", "person", person.id)
    await session.flush()


async def _erase_from_messages(session: AsyncSession, person: Person) -> None:
    """Empty the messages that were sent to the person, and those to others that hold the name."""
    own = set(await session.exec(select(Chat.id).where(Chat.person_id == person.id)))
    name = re.compile(rf"(?<!\w){re.escape(person.name)}(?!\w)") if person.name else None
    ends = (NoticeStatus.SENT, NoticeStatus.FAILED, NoticeStatus.DROPPED)
    statement = (
        select(Notice)
        .where(col(Notice.body).is_not(None), col(Notice.status).in_(ends))
        .order_by(col(Notice.id))
        .limit(MESSAGES_PER_BATCH)
    )
    last = 0
    while batch := list(await session.exec(statement.where(col(Notice.id) > last))):
        last = batch[-1].id
        for notice in batch:
            if notice.chat_id in own or (name is not None and _has_match(name, notice.body)):
                notice.body = None
                session.add(notice)
        await session.flush()


def _has_match(pattern: re.Pattern[str], value: Any) -> bool:
    """Return whether `pattern` is found in a string within a JSON value."""
    if isinstance(value, str):
        return pattern.search(value) is not None
    if isinstance(value, dict | list):
        parts = value.values() if isinstance(value, dict) else value
        return any(_has_match(pattern, part) for part in parts)
    return False


async def erase_people_who_left(session: AsyncSession, now: datetime) -> int:
    """Erase the people who left longer ago than the term (LEAVER_KEPT_DAYS). Return how many."""
    term = await read_preference(session, LEAVER_KEPT_DAYS_PREFERENCE)
    days = int(term) if term is not None else LEAVER_KEPT_DAYS
    leavers = await session.exec(
        select(Person).where(
            col(Person.left_at) <= now - timedelta(days=days),
            ~col(Person.address).startswith(ERASED_PREFIX),
        )
    )
    people = list(leavers)
    for person in people:
        await erase_person(session, person, now)
    return len(people)
