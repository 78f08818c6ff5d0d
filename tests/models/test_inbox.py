"""Claims of chats: one holder each, in order, until the lease is over; notes on one message."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Interval, bindparam, text
from sqlmodel import col, select, update

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
        for name, number in rows:
            numbers.setdefault(name, []).append(int(number))
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
        new = [NewUpdate("4", "m", "m", None, {"update_id": 4}, NOW)]
        await inbox.add_updates(session, "zalo", new, NOW)
    async with sqlite.read() as session:
        assert await inbox.is_stored_or_waiting(session, "zalo", "4", "b")
        assert await inbox.is_stored_or_waiting(session, "zalo", "5", "m")
        for update_id, chat in (("3", "b"), ("5", "b"), ("3", "n"), ("5", "n")):
            assert not await inbox.is_stored_or_waiting(session, "zalo", update_id, chat)
        for other in ("telegram", "zalo-2"):
            assert not await inbox.is_stored_or_waiting(session, other, "4", "m")
    async with sqlite.write() as session:
        await inbox.mark_handled(session, [1], NOW)
        assert await inbox.is_stored_or_waiting(session, "zalo", "4", "m")
        assert not await inbox.is_stored_or_waiting(session, "zalo", "5", "m")


async def test_what_waits_is_read_of_one_channel_and_holder_in_its_order(sqlite: Database) -> None:
    async with sqlite.write() as session:
        for channel in ("a", "b", "c"):
            new = [NewUpdate(str(u), "m", "m", None, {}, NOW) for u in (9, 8, 7)]
            await inbox.add_updates(session, channel, new, NOW)
        for row_id, holder in ((4, "p1"), (5, "p2"), (6, "p3")):
            one = col(InboxRow.id) == row_id
            await session.exec(update(InboxRow).where(one).values(claimed_by=holder))

    async def load(**more: Any) -> list[int]:
        async with sqlite.read() as session:
            return [row.id for row in await inbox.load_waiting(session, "b", **more)]

    assert await load() == [4, 5, 6]
    assert await load(after=4) == [5, 6]
    assert await load(worker="p2") == [5]
    async with sqlite.write() as session:
        await inbox.mark_handled(session, [5], NOW)
    assert await load() == [4, 6]


Note = Callable[[Database, int], Awaitable[object]]


async def _set_aside(database: Database, row_id: int) -> None:
    async with database.write() as session:
        await inbox.set_aside(session, row_id, NOW, "A1B2C3")


async def _mark_handled(database: Database, row_id: int) -> None:
    async with database.write() as session:
        await inbox.mark_handled(session, [row_id], NOW)


@pytest.mark.parametrize(
    "note",
    [
        lambda database, row: inbox.store_answer(database, row, {"said": 1}),
        inbox.count_try,
        inbox.forget_tries,
        _set_aside,
        _mark_handled,
        lambda database, row: inbox.make_sending_marker(database).mark_row(row),
        lambda database, row: inbox.make_handled_marker(database, lambda: NOW).mark_row(row),
    ],
)
async def test_what_is_noted_of_a_message_is_noted_of_no_other(
    sqlite: Database, note: Note
) -> None:
    await _say(sqlite, "a", 1, 2, 3)
    async with sqlite.write() as session:
        await session.exec(update(InboxRow).values(tries=1))
    before = await _read_all(sqlite)
    await note(sqlite, 2)
    after = await _read_all(sqlite)
    assert [one == other for one, other in zip(before, after, strict=True)] == [True, False, True]


async def _read_all(database: Database) -> list[dict[str, Any]]:
    async with database.read() as session:
        rows = await session.exec(select(InboxRow).order_by(col(InboxRow.id)))
        return [row.model_dump() for row in rows]


async def test_tries_are_counted_one_by_one_until_they_are_forgotten(sqlite: Database) -> None:
    await _say(sqlite, "a", 1)
    (row,) = await _read_all(sqlite)
    assert [row["tries"], row["changed"], row["sending"], row["after_gap"]] == [0, 0, 0, 0]
    assert [await inbox.count_try(sqlite, 1) for _ in range(3)] == [1, 2, 3]
    await inbox.forget_tries(sqlite, 1)
    assert await inbox.count_try(sqlite, 1) == 1
    await inbox.store_answer(sqlite, 1, {"said": 1})
    (row,) = await _read_all(sqlite)
    assert (row["changed"], row["answer"], row["tries"]) == (True, {"said": 1}, 0)
    assert await inbox.count_try(sqlite, 2) == 0  # its person was erased


@pytest.mark.parametrize("holder", ["p1", "p3"])
async def test_a_message_is_not_sent_for_another_holder(sqlite: Database, holder: str) -> None:
    await _say(sqlite, "a", 1, 2, 3)
    async with sqlite.write() as session:
        await session.exec(update(InboxRow).values(claimed_by="p2"))
        other = update(InboxRow).where(col(InboxRow.id) == 2).values(claimed_by=holder)
        await session.exec(other)
        await inbox.mark_handled(session, [3], NOW)
    marker = inbox.make_sending_marker(sqlite, "p2")
    marked = await asyncio.gather(*(marker.mark_row(row_id) for row_id in (1, 2, 3, 4)))
    assert marked == [True, False, False, True]  # the last one is gone with its person
    assert [row["sending"] for row in await _read_all(sqlite)] == [True, False, False]


@pytest.mark.parametrize(("first", "edit"), [("4", "5"), ("9", "10")])
async def test_the_first_version_of_a_message_is_found_by_its_edit(
    sqlite: Database, first: str, edit: str
) -> None:
    async def store(channel: str, chat: str, message: str, update_id: str) -> None:
        new = [NewUpdate(update_id, chat, "11", message, {}, NOW)]
        async with sqlite.write() as session:
            await inbox.add_updates(session, channel, new, NOW)

    async def find() -> tuple[str, str, str | None, str] | None:
        async with sqlite.read() as session:
            row = await inbox.find_original(session, "b", "m", "2", edit)
        return None if row is None else (row.channel, row.chat, row.message, row.update)

    for number, (channel, chat, message) in enumerate(
        [("a", "m", "2"), ("c", "m", "2")]
        + [("b", chat, "2") for chat in ("l", "n")]
        + [("b", "m", message) for message in ("1", "3")]
    ):
        await store(channel, chat, message, f"decoy {number}")
    await store("b", "m", "2", edit)
    assert await find() is None
    await store("b", "m", "2", first)
    await store("b", "m", "2", "later edit")
    assert await find() == ("b", "m", "2", first)
    async with sqlite.write() as session:
        changing = update(InboxRow).where(col(InboxRow.update) == "later edit")
        await session.exec(changing.values(changed=True))
    assert await find() == ("b", "m", "2", "later edit")


async def test_a_batch_tells_which_messages_are_new(sqlite: Database) -> None:
    await _say(sqlite, "a", 1, 2)
    async with sqlite.write() as session:
        assert await inbox.add_updates(session, "telegram", [], NOW) == {}
        new = [NewUpdate(u, "a", "a", None, {}, NOW, after_gap=True) for u in ("2", "3", "4")]
        assert await inbox.add_updates(session, "telegram", new, NOW) == {"3": 3, "4": 4}
        assert await inbox.add_updates(session, "zalo", new[:1], NOW) == {"2": 5}
    assert [row["after_gap"] for row in await _read_all(sqlite)] == [False, False, *3 * [True]]


async def test_a_handled_message_is_known_for_seven_days(sqlite: Database) -> None:
    await _say(sqlite, "a", 1, 2)
    await _mark_handled(sqlite, 1)
    async with sqlite.write() as session:
        await inbox.delete_old_rows(session, NOW + timedelta(days=7))
    assert len(await _read_all(sqlite)) == 2
    async with sqlite.write() as session:
        await inbox.delete_old_rows(session, NOW + timedelta(days=7, seconds=1))
    assert [row["update"] for row in await _read_all(sqlite)] == ["2"]


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
