"""The fault test: Telegram's faults at random in 30 % of the calls, through the real channel and
the real clock."""

from __future__ import annotations

import asyncio
import time
from datetime import datetime, timedelta

import pytest
from sqlmodel import select

from bot.channels.telegram.channel import Telegram
from handlers.conversation.incoming import Incoming, Progress
from locales.answer import Answer
from models.chats import Chat
from models.notices import Notice, NoticeStatus
from models.people import PostRole
from models.storage.database import Database
from scheduler.clock import Clock
from scheduler.rules import Defaults
from tests.prove.processes import FIRST_CHAT, MONDAY, arrived, plan_notices, unfinished
from tests.support.botapi import TOKEN, Allowed, BotApi, FaultKind
from tests.support.fakes import ZONE, at, fill

pytestmark = pytest.mark.prove

PEOPLE = 600
SHARE = 0.3
KINDS: tuple[FaultKind, ...] = (
    "too_fast",
    "server_fault",
    "bad_gateway",
    "hang",
    "deliver_then_hang",
    "drop",
    "deliver_then_drop",
    "bad_markup",
)
BLOCKED, GONE = FIRST_CHAT + 5, FIRST_CHAT + 6
GROUP, MOVED_TO, TOPIC_GROUP, TOPIC = -1001, -1002, -1003, 9
ADMIN = FIRST_CHAT - 1
LEASE = 30.0  # seconds
LONGEST = 420.0  # seconds


async def _silent(incoming: Incoming, progress: Progress) -> Answer | None:
    return None


async def test_faults_in_30_percent_of_the_calls(database: Database) -> None:
    await plan_notices(database, PEOPLE)
    async with fill(database, MONDAY, "telegram") as filling:
        await filling.person("Quản trị", PostRole.ADMIN, chat=str(ADMIN))
        for number, topic in ((GROUP, None), (TOPIC_GROUP, str(TOPIC))):
            chat = Chat(
                channel="telegram",
                address=str(number),
                kind="group",
                title="Nhóm",
                scope="province",
                topic=topic,
            )
            filling.session.add(chat)
            await filling.session.flush()
            filling.session.add(
                Notice(
                    chat_id=chat.id,
                    day=MONDAY,
                    kind="digest",
                    not_before=at(MONDAY, 7, 30),
                    planned_at=at(MONDAY, 7),
                )
            )
    async with BotApi(limits=Allowed.times(10)) as server:
        server.people(ADMIN, PEOPLE + 1)
        server.group(GROUP)
        server.group(TOPIC_GROUP, topics=[TOPIC])
        server.migrates(GROUP, MOVED_TO, tell=False)
        server.closes_topic(TOPIC_GROUP, TOPIC)
        server.blocks(BLOCKED)
        server.vanishes(GONE)
        server.fails_at_random(SHARE, KINDS, seed=2)
        channel = Telegram(TOKEN, _silent, lambda: datetime.now(ZONE), api_url=server.url, rate=200)
        begun = time.monotonic()

        def now() -> datetime:
            return at(MONDAY, 8, 0) + timedelta(seconds=time.monotonic() - begun)

        clock = Clock(database, {"telegram": channel}, Defaults(ZONE), now, lease=LEASE)
        clock.start()
        try:
            while await unfinished(database):
                if time.monotonic() - begun > LONGEST:
                    raise TimeoutError(f"{await unfinished(database)} have no end")
                await asyncio.sleep(0.5)
            server.heals()
            await asyncio.sleep(5)  # what the admins are told
        finally:
            await clock.stop()
            await channel.stop()
        found = arrived(server, PEOPLE)
        told = [sent.text for sent in server.messages(ADMIN)]
        calls = dict(server.counts)
        moved, without_topic = server.messages(MOVED_TO), server.messages(TOPIC_GROUP)
    async with database.read() as session:
        rows = (
            await session.exec(
                select(Chat.address, Notice).join(Notice).where(Notice.kind == "morning")
            )
        ).all()
    failed = {
        address: notice.failure for address, notice in rows if notice.status == NoticeStatus.FAILED
    }
    print(
        f"{time.monotonic() - begun:.0f} s, {calls},"
        f" doubled and marked {len(found.doubled)}, failed {failed}"
    )
    assert set(found.missing) == {BLOCKED, GONE}
    assert {int(address) for address in failed} == {BLOCKED, GONE}
    assert not found.unmarked
    assert moved
    assert without_topic
    assert any("Chưa nhắc được cơ quan chủ trì" in text for text in told)
