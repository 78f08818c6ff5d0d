"""Messages that wait to be sent, the report of a day's notices, and the marks of the clock."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import suppress
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models.chats import Chat
from models.notices import (
    DIGEST,
    MESSAGE,
    MORNING,
    Heartbeat,
    Notice,
    NoticeLine,
    NoticeStatus,
    count_by_status,
    list_outcomes,
    queue_message,
    save_heartbeat,
)
from models.people import Person
from models.storage.database import Database
from tests.support.fakes import fill
from tests.support.world import NOW, TODAY

LATER = NOW + timedelta(hours=1)


async def _add_chat(session: AsyncSession, address: str = "1", **more: Any) -> int:
    chat = Chat(channel="telegram", address=address, kind="private", title="Lê Chi", **more)
    session.add(chat)
    await session.flush()
    return chat.id


async def _add_notice(
    session: AsyncSession,
    chat_id: int,
    token: str,
    status: NoticeStatus,
    *,
    day: date = TODAY,
    kind: str = MESSAGE,
) -> int:
    notice = Notice(
        chat_id=chat_id,
        day=day,
        kind=kind,
        token=token,
        status=status,
        not_before=NOW,
        planned_at=NOW,
    )
    session.add(notice)
    await session.flush()
    return notice.id


@pytest.fixture
async def session(sqlite: Database) -> AsyncIterator[AsyncSession]:
    async with sqlite.write() as opened:
        yield opened


async def _queue(
    session: AsyncSession,
    chat_id: int,
    text: str,
    *,
    token: str = "t",
    now: datetime = NOW,
    not_before: datetime | None = None,
) -> bool:
    body = {"text": text}
    return await queue_message(
        session, chat_id, body, token=token, now=now, today=TODAY, not_before=not_before
    )


async def _list_messages(session: AsyncSession) -> list[tuple[str, datetime]]:
    notices = await session.exec(select(Notice).order_by(col(Notice.id)))
    return [(notice.body["text"], notice.not_before) for notice in notices if notice.body]


async def test_a_later_message_replaces_the_one_that_waits(session: AsyncSession) -> None:
    chat_id = await _add_chat(session)
    assert await _queue(session, chat_id, "một", not_before=LATER)
    assert await _list_messages(session) == [("một", LATER)]
    assert await _queue(session, chat_id, "hai", now=NOW + timedelta(minutes=1))
    assert await _list_messages(session) == [("hai", NOW + timedelta(minutes=1))]
    (notice,) = await session.exec(select(Notice))
    assert (notice.day, notice.kind, notice.planned_at) == (TODAY, MESSAGE, NOW)


async def test_other_chats_tokens_and_kinds_have_messages_of_their_own(
    session: AsyncSession,
) -> None:
    chats = [await _add_chat(session, address) for address in "123"]
    for chat_id, token in ((chats[0], "t"), (chats[2], "t"), (chats[1], "s"), (chats[1], "u")):
        assert await _queue(session, chat_id, "khác", token=token)
    for kind in (DIGEST, MORNING):
        await _add_notice(session, chats[1], "t", NoticeStatus.SENT, kind=kind)
    assert await _queue(session, chats[1], "một")
    assert await _queue(session, chats[1], "hai")
    assert [text for text, _ in await _list_messages(session)] == [*["khác"] * 4, "hai"]


@pytest.mark.parametrize("status", [s for s in NoticeStatus if s != NoticeStatus.PENDING])
async def test_a_message_whose_sending_began_stays_as_it_was(
    session: AsyncSession, status: NoticeStatus
) -> None:
    chat_id = await _add_chat(session)
    await _queue(session, chat_id, "một")
    (notice,) = await session.exec(select(Notice))
    notice.status = status
    session.info.clear()
    assert not await _queue(session, chat_id, "hai", not_before=LATER)
    assert await _list_messages(session) == [("một", NOW)]
    assert not session.info  # nobody is told of a new message


async def test_whoever_sends_is_told_once_the_message_is_kept(sqlite: Database) -> None:
    told: list[str] = []
    sqlite.on_queued = lambda: told.append("queued")
    async with sqlite.write() as session:
        chat_id = await _add_chat(session)
    assert told == []
    async with sqlite.write() as session:
        await _queue(session, chat_id, "một")
        assert told == []
    assert told == ["queued"]
    with suppress(RuntimeError):
        async with sqlite.write() as session:
            await _queue(session, chat_id, "hai")
            raise RuntimeError
    assert told == ["queued"]


async def test_the_report_begins_with_failures_and_with_the_newest_of_them(
    session: AsyncSession,
) -> None:
    chat_id = await _add_chat(session)
    for number in range(2):
        for status in NoticeStatus:
            await _add_notice(session, chat_id, f"{status} {number}", status)
    for days in (-1, 1):
        day = TODAY + timedelta(days=days)
        await _add_notice(session, chat_id, "another day", NoticeStatus.FAILED, day=day)
    order = ("failed", "uncertain", "sending", "pending", "sent")
    every = [f"{status} {number}" for status in order for number in (1, 0)]

    async def list_tokens(offset: int, most: int) -> list[str]:
        return [o.notice.token for o in await list_outcomes(session, TODAY, offset, most)]

    assert await list_tokens(0, 20) == every
    assert await list_tokens(3, 4) == every[3:7]
    assert await list_tokens(9, 4) == every[9:]
    assert await count_by_status(session, TODAY) == dict.fromkeys(NoticeStatus, 2)
    assert await count_by_status(session, TODAY + timedelta(days=2)) == {}


async def test_the_report_names_chat_and_person_and_counts_the_lines(sqlite: Database) -> None:
    async with fill(sqlite, TODAY) as filling:
        made = await filling.task("I.1", [await filling.agency("Sở Tư pháp")], TODAY)
        assignment_id = made[0].id
    async with sqlite.write() as session:
        people = [
            Person(channel="telegram", address=name, name=name, joined_at=NOW)
            for name in ("An", "Bình", "Chi")
        ]
        session.add_all(people)
        await session.flush()
        for chat_id, count in (
            (await _add_chat(session, "1", person_id=people[1].id), 2),
            (await _add_chat(session, "2"), 0),
            (await _add_chat(session, "3", person_id=people[0].id), 3),
        ):
            notice_id = await _add_notice(session, chat_id, "t", NoticeStatus.SENT)
            for number in range(count):
                session.add(
                    NoticeLine(
                        notice_id=notice_id,
                        chat_id=chat_id,
                        assignment_id=assignment_id,
                        step=f"{number}",
                        last_day=TODAY,
                    )
                )
        outcomes = await list_outcomes(session, TODAY, 0, 10)
    assert [(o.chat, o.person, o.lines) for o in outcomes] == [
        ("Lê Chi", "An", 3),
        ("Lê Chi", None, 0),
        ("Lê Chi", "Bình", 2),
    ]


async def test_the_last_mark_of_each_part_of_the_clock_is_kept(database: Database) -> None:
    async with database.write() as session:
        await save_heartbeat(session, "planner", NOW, "kế hoạch")
        await save_heartbeat(session, "sender", NOW)
    async with database.write() as session:
        await save_heartbeat(session, "planner", LATER)
    async with database.read() as session:
        marks = await session.exec(select(Heartbeat).order_by(col(Heartbeat.name)))
        assert [(mark.name, mark.at, mark.detail) for mark in marks] == [
            ("planner", LATER, None),
            ("sender", NOW, None),
        ]
