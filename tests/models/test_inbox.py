"""Claims of chats: one holder each, in order, until the lease is over; what is set aside."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta

from sqlalchemy import Interval, bindparam, text
from sqlmodel import select

from models import inbox
from models.inbox import InboxRow, NewUpdate
from models.storage.database import Database
from models.storage.statements import run_statement
from tests.support.fakes import ZONE

NOW = datetime(2026, 11, 20, 9, tzinfo=ZONE)
LEASE = timedelta(seconds=60)


async def _say(database: Database, chat: str, *updates: int) -> None:
    new = [NewUpdate(str(u), chat, chat, None, {"update_id": u}, NOW) for u in updates]
    async with database.write() as session:
        await inbox.add_updates(session, "telegram", new, NOW)


async def _claim(
    database: Database, worker: str, passed: timedelta = timedelta(), most: int = 100
) -> list[tuple[str, str]]:
    """Claim for a process after so much time has passed."""
    async with database.write() as session:
        earlier = text(
            "UPDATE inbox SET lease_until = lease_until - CAST(:passed AS INTERVAL)"
        ).bindparams(bindparam("passed", type_=Interval()))
        if passed:
            await run_statement(session, earlier, {"passed": passed})
        await inbox.claim_chats(session, "telegram", worker, LEASE, most)
        rows = await inbox.load_waiting(session, "telegram", worker=worker)
        return [(row.chat, row.update) for row in rows]


async def test_a_chat_belongs_to_one_process_with_all_that_waits_in_it(
    postgresql: Database,
) -> None:
    await _say(postgresql, "a", 1, 3)
    await _say(postgresql, "b", 2)
    assert await _claim(postgresql, "first", most=1) == [("a", "1"), ("a", "3")]
    assert await _claim(postgresql, "second") == [("b", "2")]
    await _say(postgresql, "a", 4)
    assert await _claim(postgresql, "second") == [("b", "2")]
    assert await _claim(postgresql, "first") == [("a", "1"), ("a", "3"), ("a", "4")]


async def test_a_chat_whose_messages_are_handled_is_free_for_anybody(postgresql: Database) -> None:
    await _say(postgresql, "a", 1)
    await _claim(postgresql, "first")
    async with postgresql.write() as session:
        row = (await session.exec(select(InboxRow))).one()
        await inbox.mark_handled(session, [row.id], NOW)
    await _say(postgresql, "a", 2)
    assert await _claim(postgresql, "second") == [("a", "2")]


async def test_what_a_process_left_is_taken_over_when_its_lease_is_over(
    postgresql: Database,
) -> None:
    await _say(postgresql, "a", 1, 2)
    await _claim(postgresql, "first")
    assert await _claim(postgresql, "second", LEASE - timedelta(seconds=5)) == []
    later = timedelta(seconds=6)
    assert await _claim(postgresql, "second", later) == [("a", "1"), ("a", "2")]
    assert await _claim(postgresql, "first") == []


async def test_a_lease_that_is_renewed_goes_on(postgresql: Database) -> None:
    await _say(postgresql, "a", 1)
    for _ in range(5):
        assert await _claim(postgresql, "first", LEASE * 0.9) == [("a", "1")]
        assert await _claim(postgresql, "second") == []


async def test_processes_that_claim_at_once_never_share_a_chat(postgresql: Database) -> None:
    updates = iter(range(1, 1_000))
    for _ in range(3):
        for chat in range(20):
            await _say(postgresql, f"chat {chat}", next(updates))
    before: dict[str, set[str]] = {}
    for _ in range(6):
        claims = await asyncio.gather(*(_claim(postgresql, f"p{n}", most=4) for n in range(4)))
        for worker, rows in enumerate(claims):
            for name, _ in rows:
                before.setdefault(name, set()).add(f"p{worker}")
        for chat in range(0, 20, 3):
            await _say(postgresql, f"chat {chat}", next(updates))
    assert all(len(holders) == 1 for holders in before.values())
    for rows in await asyncio.gather(*(_claim(postgresql, f"p{n}", most=100) for n in range(4))):
        numbers: dict[str, list[int]] = {}
        for name, update in rows:
            numbers.setdefault(name, []).append(int(update))
        assert all(found == sorted(found) for found in numbers.values())


async def test_one_process_waits_for_no_claim_of_another(postgresql: Database) -> None:
    await _say(postgresql, "a", 1)
    await _say(postgresql, "b", 2)
    async with postgresql.write() as session:
        await inbox.claim_chats(session, "telegram", "first", LEASE, 1)  # not committed yet
        assert await asyncio.wait_for(_claim(postgresql, "second"), 5) == [("b", "2")]


async def test_a_message_waits_behind_those_of_its_own_chat_and_channel_alone(
    sqlite: Database,
) -> None:
    async with sqlite.write() as session:
        new = [NewUpdate("1", "a", "a", None, {"update_id": 1}, NOW)]
        await inbox.add_updates(session, "zalo", new, NOW)
    async with sqlite.read() as session:
        assert await inbox.is_stored_or_waiting(session, "zalo", "1", "b")
        assert await inbox.is_stored_or_waiting(session, "zalo", "2", "a")
        assert not await inbox.is_stored_or_waiting(session, "zalo", "2", "b")
        for other in ("telegram", "zalo-2"):
            assert not await inbox.is_stored_or_waiting(session, other, "1", "a")


async def test_what_is_set_aside_keeps_its_body_for_days_and_waits_no_more(
    sqlite: Database,
) -> None:
    await _say(sqlite, "a", 1)
    async with sqlite.write() as session:
        (row,) = await inbox.load_waiting(session, "telegram")
        await inbox.set_aside(session, row.id, NOW, "A1B2C3")
    async with sqlite.write() as session:
        assert await inbox.load_waiting(session, "telegram") == []
        kept = (await session.exec(select(InboxRow))).one()
        assert (kept.body, kept.note) == ({"update_id": 1}, "aside:A1B2C3")
        await inbox.delete_old_rows(session, NOW + inbox.HANDLED_KEPT_FOR + timedelta(hours=1))
    async with sqlite.read() as session:
        assert (await session.exec(select(InboxRow))).all() == []
