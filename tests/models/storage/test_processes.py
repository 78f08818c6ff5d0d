"""Leases have one holder; moments for sending keep the limits over all processes."""

from __future__ import annotations

import asyncio
import itertools
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import text
from sqlmodel import select

from bot.channels import poll_lease
from bot.channels.poll_lease import PollLease
from bot.channels.telegram import shared_pace
from bot.channels.telegram.rate_limits import RateLimiter
from bot.channels.telegram.shared_pace import SharedPace
from models.storage.database import Database
from models.storage.pace import PaceRules, Slot, SlotEnd
from models.storage.processes import (
    delete_idle_pace,
    end_lease,
    make_lease_moment,
    note_work,
    read_last_work,
    reserve_slots,
    take_lease,
)
from scheduler.delivery import NotDelivered
from tests.support.botapi import TOKEN
from tests.support.fakes import ZONE

LONG, OVER = timedelta(seconds=20), timedelta(seconds=-1)
RULES = PaceRules(30, 0.03, chat_gap=1.0, group_count=3, group_window=60.0, late=3.0)
FAST = PaceRules(5, 0.0, chat_gap=0.0, group_count=3, group_window=60.0, late=3.0)


async def test_a_lease_has_one_holder_until_it_is_over_or_ended(postgresql: Database) -> None:
    assert await take_lease(postgresql, "poll", "one", LONG)
    assert not await take_lease(postgresql, "poll", "two", LONG)
    assert await take_lease(postgresql, "poll", "one", LONG)
    assert await take_lease(postgresql, "other work", "two", LONG)
    await end_lease(postgresql, "poll", "two")  # who does not hold it cannot end it
    assert not await take_lease(postgresql, "poll", "two", LONG)
    await end_lease(postgresql, "poll", "one")
    assert await take_lease(postgresql, "poll", "two", OVER)
    assert await take_lease(postgresql, "poll", "one", LONG)


async def test_of_many_who_want_a_lease_at_once_one_gets_it(postgresql: Database) -> None:
    for _ in range(3):
        names = [f"p{number}" for number in range(8)]
        taken = await asyncio.gather(*(take_lease(postgresql, "poll", n, LONG) for n in names))
        assert sum(taken) == 1
        await end_lease(postgresql, "poll", names[taken.index(True)])


async def test_leases_count_by_the_clock_of_what_the_processes_share(database: Database) -> None:
    """On SQLite that is the clock of the one process, else the registry's."""
    now = datetime(2026, 11, 20, 9, tzinfo=ZONE)
    async with database.read() as session:
        moments = [make_lease_moment(database, now), make_lease_moment(database, now, LONG)]
        found: Any = await session.exec(select(*moments))
    begins, ends = found.one()
    if database.is_sqlite:
        assert (begins, ends) == (now, now + LONG)
    assert ends - begins >= LONG


async def test_when_a_work_last_succeeded_is_known_to_every_process(database: Database) -> None:
    assert await read_last_work(database, "poll") is None
    for hour in (7, 8):
        now = datetime(2026, 11, 20, hour, tzinfo=ZONE)
        await note_work(database, "poll", now)
        assert await read_last_work(database, "poll") == now
    assert await read_last_work(database, "another work") is None


async def test_the_holder_that_cannot_renew_polls_no_more(
    postgresql: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, two = (PollLease(postgresql, "telegram", lambda: datetime.now(ZONE)) for _ in range(2))
    monkeypatch.setattr(poll_lease, "RENEW_SECONDS", 0.05)
    try:
        await asyncio.wait_for(one.wait_for_turn(), 5)
        assert not one.lost.is_set()
        waiting = asyncio.create_task(two.wait_for_turn())
        async with postgresql.open_connection() as connection:  # as if its renewals had not come
            await connection.execute(text("UPDATE lease SET holder = 'somebody'"))
        await asyncio.wait_for(one.lost.wait(), 5)
        assert not waiting.done()
        async with postgresql.open_connection() as connection:
            await connection.execute(text("UPDATE lease SET holder = NULL"))
        again = asyncio.create_task(one.wait_for_turn())
        await asyncio.wait({waiting, again}, timeout=5, return_when=asyncio.FIRST_COMPLETED)
        assert waiting.done() != again.done()
        assert (one.lost.is_set(), two.lost.is_set()) == (waiting.done(), again.done())
    finally:
        again.cancel()
        await asyncio.gather(one.end_lease(), two.end_lease())
        waiting.cancel()


async def test_moments_of_several_processes_are_never_nearer_than_the_gap(
    postgresql: Database,
) -> None:
    chats = [(f"{number}", False) for number in range(12)]

    async def reserve(some: list[tuple[str, bool]]) -> list[Slot]:
        slots = await reserve_slots(postgresql, "bot", some, RULES)
        assert all(slot.is_taken for slot in slots)
        return slots

    found = await asyncio.gather(*(reserve(chats[n::3]) for n in range(3)))
    moments = sorted(slot.ends_at for some in found for slot in some)
    gaps = [later - earlier for earlier, later in itertools.pairwise(moments)]
    assert min(gaps) >= RULES.gap - 0.001
    other = await reserve_slots(postgresql, "another bot", [("1", False)], RULES)
    assert other[0].delay < 0.05


async def test_a_message_counts_until_a_second_after_its_end(postgresql: Database) -> None:
    """However long the way to the server is: it counts a message before its answer comes."""
    chats = [(f"{number}", False) for number in range(FAST.per_second)]
    slots = await reserve_slots(postgresql, "bot", chats, FAST)
    (more,) = await reserve_slots(postgresql, "bot", [("9", False)], FAST)
    assert not more.is_taken
    ends = [SlotEnd(chat, slot.ends_at) for (chat, _), slot in zip(chats, slots, strict=True)]
    (unused,) = await reserve_slots(
        postgresql, "bot", [("9", False)], FAST, ends=[ends[0]._replace(was_sent=False)]
    )
    assert unused.is_taken
    assert unused.delay < 0.05
    ended = await reserve_slots(postgresql, "bot", [("8", False)], FAST, ends=ends[1:])
    assert not ended[0].is_taken  # they arrived less than a second ago
    async with postgresql.open_connection() as connection:
        await connection.execute(text("SELECT pg_sleep(0.6)"))
    (later,) = await reserve_slots(postgresql, "bot", [("8", False)], FAST)
    assert later.is_taken
    assert 0.1 < later.delay <= 0.4


async def test_a_chat_that_is_not_free_gets_no_moment(postgresql: Database) -> None:
    first, again, other = await reserve_slots(
        postgresql, "bot", [("1", False), ("1", False), ("2", False)], RULES
    )
    assert first.is_taken
    assert not again.is_taken
    assert 3.0 < again.delay <= 4.1  # it may still be on its way
    assert other.is_taken
    (ended,) = await reserve_slots(
        postgresql, "bot", [("1", False)], RULES, ends=[SlotEnd("1", first.ends_at)]
    )
    assert 0.9 < ended.delay <= 1.0
    (held,) = await reserve_slots(postgresql, "bot", [("3", False)], RULES, holds=[("3", 30)])
    assert not held.is_taken
    assert 25 < held.delay <= 30


async def test_an_end_does_not_shorten_what_the_server_asked_to_wait(
    postgresql: Database,
) -> None:
    (slot,) = await reserve_slots(postgresql, "bot", [("1", False)], RULES)
    end, hold = SlotEnd("1", slot.ends_at), ("1", 30.0)
    await reserve_slots(postgresql, "bot", [], RULES, holds=[hold])
    (held,) = await reserve_slots(postgresql, "bot", [("1", False)], RULES, ends=[end])
    assert 25 < held.delay <= 30


async def test_a_group_gets_so_many_in_a_minute(postgresql: Database) -> None:
    slots: list[Slot] = []
    ends: list[SlotEnd] = []
    for _ in range(4):
        (slot,) = await reserve_slots(postgresql, "bot", [("-1", True)], FAST, ends=ends)
        slots.append(slot)
        ends = [SlotEnd("-1", slot.ends_at)]
    assert [slot.is_taken for slot in slots] == [True, True, True, False]
    assert 55 < slots[3].delay <= 61


async def test_a_process_without_the_registry_keeps_a_slow_pace_of_its_own(
    postgresql: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fail(*_: object, **__: object) -> list[Slot]:
        raise ConnectionError

    monkeypatch.setattr(shared_pace, "reserve_slots", fail)
    limiter = RateLimiter(30)
    pace = SharedPace(postgresql, TOKEN, limiter.window)
    begun = asyncio.get_running_loop().time()

    async def send(chat: str) -> float:
        async with pace.wait_slot(chat, group=False, urgent=True):
            return asyncio.get_running_loop().time() - begun

    moments = sorted(await asyncio.gather(*(send(f"{number}") for number in range(4))))
    assert moments[-1] - moments[0] >= 3 / (30 * shared_pace.ALONE) - 0.05
    await pace.close()


async def test_idle_chats_are_forgotten(postgresql: Database) -> None:
    await reserve_slots(postgresql, "bot", [("1", False), ("2", False)], RULES)
    async with postgresql.open_connection() as connection:
        old = text("UPDATE pace SET free_at = free_at - interval '2 hours' WHERE chat <> '2'")
        await connection.execute(old)
    await delete_idle_pace(postgresql)
    async with postgresql.open_connection() as connection:
        left = (await connection.execute(text("SELECT chat FROM pace ORDER BY chat"))).scalars()
        assert list(left) == ["", "2"]


async def test_two_limiters_keep_the_rate_together_and_answers_go_first(
    postgresql: Database,
) -> None:
    limiters = []
    for _ in range(2):
        limiter = RateLimiter(30)
        limiter.shared = SharedPace(postgresql, TOKEN, limiter.window)
        limiters.append(limiter)
    loop, sent = asyncio.get_running_loop(), []

    async def send(limiter: RateLimiter, chat: str, *, urgent: bool) -> None:
        async with limiter.wait_turn(chat, group=False, urgent=urgent):
            sent.append((loop.time(), urgent))

    async with asyncio.TaskGroup() as group:
        for number in range(30):
            group.create_task(send(limiters[number % 2], f"{number}", urgent=number >= 24))
    times = [moment for moment, _ in sent]
    assert times[-1] - times[0] >= 29 / 30 * 0.9
    assert max(place for place, (_, urgent) in enumerate(sent) if urgent) < 24
    for limiter in limiters:
        assert limiter.shared is not None
        await limiter.shared.close()


async def test_a_fault_while_moments_are_reserved_stops_no_later_message(
    sqlite: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    faults = [ValueError("unforeseen")]

    async def reserve(*given: Any, **_: object) -> list[Slot]:
        if faults:
            raise faults.pop()
        return [Slot(0.0, is_taken=True) for _ in given[2]]

    monkeypatch.setattr(shared_pace, "reserve_slots", reserve)
    pace = SharedPace(sqlite, TOKEN, RateLimiter(30).window)
    async with asyncio.timeout(2):
        with pytest.raises(NotDelivered):
            await pace.wait_slot("1", group=False, urgent=True).__aenter__()
        async with pace.wait_slot("1", group=False, urgent=True):
            pass
    await pace.close()
