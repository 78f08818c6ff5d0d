"""A quarter on Zalo: the quota is never passed, and 30 % faults lose no notice."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlmodel import col, select

from bot.channels.zalo.channel import Zalo
from bot.channels.zalo.client import ZaloClient
from handlers.conversation.incoming import Incoming, Progress
from locales.answer import Answer, make_answer, say, to_json
from models.chats import Chat
from models.notices import Notice, NoticeStatus, queue_message
from models.storage.database import Database
from scheduler import rules
from scheduler.sender import NoticeSender
from tests.support.fakes import TestClock, at
from tests.support.zaloapi import ZaloApi

pytestmark = pytest.mark.long

PEOPLE = ("an", "binh", "chi", "dung")
FIRST_DAY = date(2026, 7, 1)


async def echo(incoming: Incoming, progress: Progress) -> Answer:
    return make_answer(say("plain", text=incoming.text))


async def fill_chats(database: Database) -> list[int]:
    """Private chats on Zalo of people without another channel."""
    async with database.write() as session:
        chats = [Chat(channel="zalo", address=p, kind="private", title=p) for p in PEOPLE]
        session.add_all(chats)
        await session.flush()
        return [chat.id for chat in chats]


async def queue_day(database: Database, chats: list[int], day: date, now: datetime) -> None:
    async with database.write() as session:
        for chat in chats:
            body = to_json(make_answer(say("plain", text=f"nhắc {day:%d/%m} {chat}")))
            await queue_message(session, chat, body, token=f"day-{day}", now=now, today=day)


async def list_statuses(database: Database) -> list[str]:
    async with database.read() as session:
        return list(await session.exec(select(Notice.status).order_by(col(Notice.id))))


async def test_the_quota_of_a_month_is_never_passed_in_a_quarter(sqlite: Database) -> None:
    """Of 4 messages a month two people want 10 notices, one every sixth day: the rest waits."""
    clock = TestClock(at(FIRST_DAY, 8, 0))
    server = ZaloApi(monthly=4, clock=lambda: int(datetime.now(UTC).timestamp() * 1000))
    async with server:
        for person in PEOPLE:
            server.person(person, person)
        chats = (await fill_chats(sqlite))[:2]
        channel = Zalo(
            ZaloClient(server.token, server.url), echo, clock, sqlite, monthly=server.monthly
        )
        sender = NoticeSender(
            sqlite, {"zalo": channel}, rules.Defaults(), clock, chance=lambda: 0.0
        )
        used, month = [], clock().month
        for number in range(0, 92, 6):
            day = FIRST_DAY + timedelta(days=number)
            clock.moment = at(day, 8, 0)
            if clock().month != month:
                used.append(server.used)
                server.used, month = 0, clock().month
            await queue_day(sqlite, chats, day, clock())
            await sender.send_due()
        used.append(server.used)
        await channel.close()
    assert used == [4, 4, 4]
    assert server.calls["sendMessage 429"] == 0
    statuses = await list_statuses(sqlite)
    assert statuses.count(NoticeStatus.FAILED) == 0
    assert statuses.count(NoticeStatus.SENT) == 12


async def test_thirty_percent_faults_lose_no_notice(sqlite: Database) -> None:
    clock = TestClock(at(date(2026, 10, 19), 8, 0))
    async with ZaloApi() as server:
        for person in PEOPLE:
            server.person(person, person)
        chats = await fill_chats(sqlite)
        for number in range(10):
            day = date(2026, 10, 19) - timedelta(days=number)
            await queue_day(sqlite, chats, day, clock())
        server.break_calls(0.3, ["forbidden", "timeout", "html", "drop", "deliver_drop", "quota"])
        channel = Zalo(ZaloClient(server.token, server.url), echo, clock, sqlite, monthly=3000)
        sender = NoticeSender(
            sqlite, {"zalo": channel}, rules.Defaults(), clock, chance=lambda: 0.0
        )
        for _ in range(60):
            await sender.send_due()
            clock.forward(minutes=20)
        server.break_calls(0, [])
        clock.forward(days=1)
        await sender.send_due()
        await channel.close()
        texts = [text for person in PEOPLE for text in server.texts(person)]
    assert set(await list_statuses(sqlite)) == {NoticeStatus.SENT}
    assert len({text.split("\n")[-1] for text in texts}) == 40
