"""Erasing what tells who a person was, on request or a set term after they left; what they did stays, by a number."""

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from sqlmodel import col, delete, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models.audit import record_change
from models.chats import Chat
from models.dialogues import Asked, Draft
from models.notices import Notice, NoticeStatus
from models.people import Attempt, Person
from models.preferences import Preference

LEAVER_KEPT_DAYS = 30  # days that a person who left is kept before their data are erased, unless an admin set another term
LEAVER_KEPT_DAYS_PREFERENCE = "days_left_people_are_kept"
MESSAGES_PER_BATCH = 500  # messages looked through at a time
ERASED_PREFIX = "erased:"  # begins the address of a person whose data were erased


async def erase_person(session: AsyncSession, person: Person, now: datetime) -> None:
    """Erases what tells who the person was: name, address, dialogues, questions. What they did stays, by a number."""
    for table in (Draft, Asked):
        await session.exec(
            delete(table).where(
                col(table.channel) == person.channel, col(table.sender) == person.address
            )
        )
    await session.exec(
        delete(Attempt).where(
            col(Attempt.channel) == person.channel, col(Attempt.address) == person.address
        )
    )
    await _erase_from_messages(session, person)
    for chat in await session.exec(select(Chat).where(Chat.person_id == person.id)):
        chat.address, chat.title, chat.unreachable_since = (
            f"{ERASED_PREFIX}{chat.id}",
            "",
            chat.unreachable_since or now,
        )
        session.add(chat)
    person.address, person.name = f"{ERASED_PREFIX}{person.id}", ""
    session.add(person)
    record_change(session, now, "erase", "person", person.id)
    await session.flush()


async def _erase_from_messages(session: AsyncSession, person: Person) -> None:
    """Empties the messages that were sent to the person, and those to others that hold the name."""
    own = set(await session.exec(select(Chat.id).where(Chat.person_id == person.id)))
    named = re.compile(rf"(?<!\w){re.escape(person.name)}(?!\w)") if person.name else None
    over = (NoticeStatus.SENT, NoticeStatus.FAILED, NoticeStatus.DROPPED)
    last = 0
    while True:
        rows = await session.exec(
            select(Notice)
            .where(
                col(Notice.id) > last, col(Notice.body).is_not(None), col(Notice.status).in_(over)
            )
            .order_by(col(Notice.id))
            .limit(MESSAGES_PER_BATCH)
        )
        some = list(rows)
        if not some:
            return
        last = some[-1].id or 0
        for notice in some:
            if notice.chat_id in own or (
                named is not None
                and any(named.search(text) for text in _iterate_strings(notice.body))
            ):
                notice.body = None
                session.add(notice)
        await session.flush()


def _iterate_strings(value: Any) -> Iterator[str]:
    """Every string within a JSON value."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for part in value.values() if isinstance(value, dict) else value:
            yield from _iterate_strings(part)


async def erase_people_who_left(session: AsyncSession, now: datetime) -> int:
    """Erases the data of people who left longer ago than the set term (LEFT_KEPT days). Returns how many."""
    kept = await session.get(Preference, LEAVER_KEPT_DAYS_PREFERENCE)
    days = int(kept.value) if kept is not None else LEAVER_KEPT_DAYS
    gone = await session.exec(
        select(Person).where(
            col(Person.left_at) <= now - timedelta(days=days),
            ~col(Person.address).startswith(ERASED_PREFIX),
        )
    )
    people = list(gone)
    for person in people:
        await erase_person(session, person, now)
    return len(people)
