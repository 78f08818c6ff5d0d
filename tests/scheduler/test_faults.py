"""Faults of every kind at random: what can arrive does, each failure ends its own way, no chat
holds up another.

The short form of `tests/prove/test_faults.py`, with a channel in memory.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import date, timedelta

import pytest
from sqlmodel import select

from locales.answer import Answer
from models.chats import Chat
from models.notices import Notice, NoticeStatus
from models.people import PostRole
from models.storage.database import Database
from scheduler import rules
from scheduler.delivery import (
    BadMarkup,
    Moved,
    NotDelivered,
    Rejected,
    ServerFault,
    TooFast,
    TopicMissing,
    Uncertain,
    Unreachable,
)
from scheduler.planning import planner
from scheduler.sender import NoticeSender
from tests.support.fakes import FakeDelivery, TestClock, at, fill

pytestmark = pytest.mark.long

MONDAY = date(2026, 10, 19)
CHATS = 40
SHARE = 0.3  # of the deliveries that fail
BLOCKED, REFUSED, MOVING = "c7", "c9", "c11"
FATES: dict[str, Callable[[], Exception]] = {
    BLOCKED: lambda: Unreachable("bot was blocked by the user"),
    REFUSED: lambda: Rejected("message is too long"),
    MOVING: lambda: Moved("moved"),
}


async def test_all_that_can_arrive_does_and_each_failure_ends_its_own_way(
    database: Database,
) -> None:
    async with fill(database, MONDAY - timedelta(days=3)) as filling:
        interior = await filling.agency("Sở Nội vụ")
        await filling.person("Theo dõi", PostRole.SUPERVISOR, interior, chat="watching")
        await filling.person("Quản trị", PostRole.ADMIN, chat="admin")
        agencies = [await filling.agency(f"UBND xã {n}") for n in range(CHATS)]
        for number, agency in enumerate(agencies):
            await filling.person(f"Người {number}", PostRole.FOCAL_POINT, agency, chat=f"c{number}")
        await filling.task("I.1", agencies, MONDAY)
        chat = (await filling.session.exec(select(Chat).where(Chat.address == "c13"))).one()
        chat.topic = "4"
        filling.session.add(chat)
        in_force = await rules.load_rules(filling.session, rules.Defaults())
        await planner.plan_day(filling.session, MONDAY, at(MONDAY, 6), in_force)
    dice = random.Random(3)
    moved: set[str] = set()

    def before(to: str, what: Answer) -> Exception | None:
        if to in FATES:
            return FATES[to]()
        if to == "c13" and not moved:
            moved.add(to)
            return TopicMissing("message thread not found")
        if dice.random() < SHARE / 2:
            return dice.choice(
                [NotDelivered("refused"), ServerFault("502"), TooFast(3), BadMarkup("can't parse")]
            )
        return None

    def after(to: str, what: Answer) -> Exception | None:
        return Uncertain("read timeout") if dice.random() < SHARE / 2 else None

    channel, clock = FakeDelivery(fault=before, late=after), TestClock(at(MONDAY, 7, 30))
    sender = NoticeSender(database, {"test": channel}, rules.Defaults(), clock, chance=dice.random)
    while (wait := await sender.seconds_to_next(1000)) is not None or await sender.send_due():
        clock.forward(seconds=wait or 0.0)
        await sender.send_due()
    async with database.read() as session:
        rows = (
            await session.exec(
                select(Chat.address, Notice).join(Notice).where(Notice.kind == "morning")
            )
        ).all()
    ended = {address: notice.status for address, notice in rows}
    assert ended.pop(BLOCKED) == NoticeStatus.FAILED
    assert ended.pop(REFUSED) == NoticeStatus.FAILED
    assert set(ended.values()) == {NoticeStatus.SENT}
    for address in ended:
        texts = channel.to(address)
        assert texts
        assert all(text.startswith("(gửi lại)") for text in texts[1:])
    assert channel.to("moved")
    assert any("UBND xã 7" in text for text in channel.to("watching"))
    assert any("không gửi được" in text for text in channel.to("admin"))
