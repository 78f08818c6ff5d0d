"""A quarter on Zalo at the quota of its basic plan, which fifty people use up every month: they are
reminded and ask each working day, and the bot never tries to send a message too many."""

from __future__ import annotations

import json
import time
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlmodel import col, func, select

from bot.channels.webhook import PostingAddress
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
from tests.support.zaloapi import MONTHLY, MOST_PEOPLE, Json, ZaloApi

pytestmark = pytest.mark.prove

FIRST_DAY, DAYS = date(2026, 7, 1), 92
SECRET = "a secret of the webhook"


@dataclass
class Month:
    """What became of one month: messages both ways, questions without an answer, late notices."""

    used: int = 0  # when the last message was sent; people go on writing
    questions: int = 0
    answers: int = 0
    late: int = 0


class PostingServer(ZaloApi):
    """A server that posts to the channel in the same process, and has a quota a month."""

    channel: Zalo
    used_at_sending = 0

    def _keep(self, given: Json, text: str, photo: str | None) -> Json:
        kept = super()._keep(given, text, photo)
        self.used_at_sending = self.used
        return kept

    async def pushes(self, event: Json) -> None:
        assert await self.channel.save_event(json.dumps(event).encode(), SECRET)


async def answer_question(incoming: Incoming, progress: Progress) -> Answer:
    return make_answer(say("plain", text=f"trả lời {incoming.text}"))


@dataclass
class Quarter:
    """The bot's channel and sender, and the people who are reminded and ask."""

    server: PostingServer
    database: Database
    sender: NoticeSender
    clock: TestClock
    chats: dict[str, int]
    months: dict[int, Month] = field(default_factory=dict)

    async def play_day(self, day: date) -> None:
        """Reminds everybody at 07:30; everybody asks in turn; what is queued goes out."""
        self.clock.moment = at(day, 7, 30)
        if day.month not in self.months:
            self.server.used, self.months[day.month] = 0, Month()
        month = self.months[day.month]
        if day.weekday() < 5:
            async with self.database.write() as session:
                for chat in self.chats.values():
                    body = to_json(make_answer(say("plain", text=f"nhắc {day} {chat}")))
                    now = self.clock()
                    await queue_message(session, chat, body, token=f"{day}", now=now, today=day)
        await self.sender.send_due()
        for person in self.chats if day.weekday() < 5 else ():
            month.questions += 1
            before = len(self.server.texts(person))
            await self.server.says(person, "việc quá hạn")
            await self.server.channel._inbox.lanes.drain(10.0)
            month.answers += len(self.server.texts(person)) > before
        await self.sender.send_due()
        month.used = self.server.used_at_sending
        async with self.database.read() as session:
            waiting = select(func.count()).where(col(Notice.status) == NoticeStatus.PENDING)
            month.late = int((await session.exec(waiting)).one())


async def test_the_quota_of_3000_a_month_is_never_passed_in_a_quarter(sqlite: Database) -> None:
    clock = TestClock(at(FIRST_DAY, 7, 30))
    server = PostingServer(clock=lambda: int(datetime.now(UTC).timestamp() * 1000))
    people = [str(number) for number in range(MOST_PEOPLE)]
    async with server:
        async with sqlite.write() as session:
            rows = [Chat(channel="zalo", address=p, kind="private", title=p) for p in people]
            session.add_all(rows)
            await session.flush()
            chats = {server.person(row.address, row.title): row.id for row in rows}
        server.channel = Zalo(
            ZaloClient(server.token, server.url),
            answer_question,
            clock,
            sqlite,
            monthly=MONTHLY,
            webhook=PostingAddress("https://tinh.example/zalo/x", SECRET),
        )
        await server.channel.start()
        sender = NoticeSender(
            sqlite, {"zalo": server.channel}, rules.Defaults(), clock, chance=lambda: 0.0
        )
        quarter = Quarter(server, sqlite, sender, clock, chats)
        begun = time.monotonic()
        for number in range(DAYS):
            await quarter.play_day(FIRST_DAY + timedelta(days=number))
        clock.moment, server.used = at(FIRST_DAY + timedelta(days=DAYS), 7, 30), 0
        await sender.send_due()
        await server.channel.finish()
        await server.channel.close()
    for number, month in quarter.months.items():
        print(f"month {number}: {month}")
    reminders = sum("nhắc 2026" in text for person in people for text in server.texts(person))
    refused = server.calls["sendMessage 429"]
    print(f"{reminders} reminders, {refused} refused, {time.monotonic() - begun:.0f} s")
    assert refused == 0
    assert all(MONTHLY - 100 < month.used <= MONTHLY for month in quarter.months.values())
    async with sqlite.read() as session:
        counted = select(Notice.status, func.count()).group_by(Notice.status)
        assert {status for status, _ in await session.exec(counted)} == {NoticeStatus.SENT}
    working_days = sum((FIRST_DAY + timedelta(days=number)).weekday() < 5 for number in range(DAYS))
    for person in people:
        texts = [text for text in server.texts(person) if "nhắc 2026" in text]
        assert len(set(texts)) == len(texts) == working_days
