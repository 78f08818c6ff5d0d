"""The inbox of a channel: each message once, what cannot be handled aside, presses after a gap."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, nullcontext
from datetime import datetime, timedelta

import pytest
from sqlalchemy.exc import OperationalError
from sqlmodel import delete, select, update
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.channels import inbox as running
from bot.channels.inbox import HandlingStopped, Inbox
from bot.channels.inbox_item import MOST_TRIES, InboxItem
from bot.channels.poll_lease import PollLease
from models import inbox
from models.inbox import InboxRow, NewUpdate
from models.notices import Notice
from models.people import PostRole
from models.storage import database
from models.storage.database import Database
from scheduler.delivery import NotDelivered
from tests.support.fakes import ZONE, fill

NOW = datetime(2026, 11, 20, 9, tzinfo=ZONE)
AN, ADMIN = "11", "1"


def _new(update: int, chat: str = AN) -> NewUpdate:
    return NewUpdate(str(update), chat, chat, None, {"update_id": update}, NOW)


async def _say(database: Database, *updates: int, chat: str = AN) -> None:
    async with database.write() as session:
        await inbox.add_updates(session, "telegram", [_new(u, chat) for u in updates], NOW)


@asynccontextmanager
async def _started(
    database: Database, handle: running.HandleItem, stop_within: float = 1
) -> AsyncIterator[Inbox]:
    made = Inbox(database, "telegram", lambda: datetime.now(ZONE))
    await made.start(handle)
    try:
        yield made
    finally:
        await made.stop(stop_within)


async def _rows(database: Database) -> list[InboxRow]:
    async with database.read() as session:
        return list(await session.exec(select(InboxRow).order_by(InboxRow.id)))  # type: ignore[arg-type]


async def _until_handled(database: Database) -> None:
    for _ in range(250):
        if all(row.handled_at for row in await _rows(database)):
            return
        await asyncio.sleep(0.02)
    raise TimeoutError


async def test_a_message_that_ends_while_the_registry_is_read_is_not_handled_again(
    sqlite: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    handled: list[int] = []
    may_end, was_read = asyncio.Event(), asyncio.Event()

    async def handle(item: InboxItem) -> None:
        await may_end.wait()
        handled.append(item.id)

    load = inbox.load_waiting

    async def read_slowly(*arguments: object, **more: object) -> list[InboxRow]:
        rows = await load(*arguments, **more)  # type: ignore[arg-type]
        if rows and not was_read.is_set() and held.is_set():
            may_end.set()  # it ends after its row was read as waiting
            await asyncio.sleep(0.1)
            was_read.set()
        return rows

    held = asyncio.Event()
    await _say(sqlite, 1)
    async with _started(sqlite, handle) as made:
        held.set()
        monkeypatch.setattr(inbox, "load_waiting", read_slowly)
        await made._load_rows()
        await asyncio.sleep(0.05)
    assert handled == [1]


async def test_a_message_that_is_read_while_it_is_stored_is_handled_once(
    sqlite: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    handled: list[int] = []

    async def handle(item: InboxItem) -> None:
        handled.append(item.id)

    async with _started(sqlite, handle) as made:
        write, reading = sqlite.write, list[asyncio.Task[None]]()

        @asynccontextmanager
        async def write_slowly(**how: bool) -> AsyncIterator[AsyncSession]:
            async with write(**how) as session:
                yield session
            reading.append(asyncio.create_task(made._load_rows()))
            await asyncio.sleep(0.1)

        monkeypatch.setattr(sqlite, "write", write_slowly)
        await made.store([_new(1)])
        await asyncio.gather(*reading)
        await asyncio.sleep(0.05)
    assert handled == [1]


async def test_a_message_that_comes_while_older_ones_are_read_waits_for_them(
    sqlite: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    handled: list[int] = []

    async def handle(item: InboxItem) -> None:
        handled.append(item.id)

    load = inbox.load_waiting

    async def read_slowly(*arguments: object, **more: object) -> list[InboxRow]:
        await asyncio.sleep(0.1)
        return await load(*arguments, **more)  # type: ignore[arg-type]

    await _say(sqlite, 1)
    monkeypatch.setattr(inbox, "load_waiting", read_slowly)
    made = Inbox(sqlite, "telegram", lambda: datetime.now(ZONE))
    starting = asyncio.create_task(made.start(handle))
    await asyncio.sleep(0)
    await made.store([_new(2)])
    await starting
    await _until_handled(sqlite)
    await made.stop(1)
    assert handled == [1, 2]


async def test_what_is_posted_before_the_start_waits_for_it(database: Database) -> None:
    handled: list[int] = []

    async def handle(item: InboxItem) -> None:
        handled.append(item.id)

    made = Inbox(database, "telegram", lambda: datetime.now(ZONE))
    await made.store([_new(1)])
    await asyncio.sleep(0.05)
    assert [row.handled_at for row in await _rows(database)] == [None]
    await made.start(handle)
    await _until_handled(database)
    await made.stop(1)
    assert handled == [1]


async def test_memory_is_bounded_however_much_is_posted(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(running, "MOST_IN_MEMORY", 4)
    gate, handled = asyncio.Event(), list[int]()

    async def handle(item: InboxItem) -> None:
        await gate.wait()
        handled.append(item.id)

    async with _started(database, handle) as made:
        for number in range(40):
            await made.store([_new(number, chat=str(number % 3))])
        assert made.lanes.job_count <= 8
        gate.set()
        await _until_handled(database)
    assert len(handled) == 40
    for chat in range(3):
        ids = [i for i in handled if i % 3 == (chat + 1) % 3]
        assert ids == sorted(ids)


async def test_a_message_under_way_when_processes_are_killed_is_handled_in_quiet(
    sqlite: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Somebody who kills the process again and again does not make an innocent message poison."""
    await _say(sqlite, 1)
    async with sqlite.write() as session:
        row = await session.get_one(InboxRow, 1)
        row.tries = MOST_TRIES - 1
        session.add(row)
    handled: list[int] = []

    async def handle(item: InboxItem) -> None:
        async with made.watch_try(item):
            handled.append(item.id)

    for _ in range(MOST_TRIES):  # processes that are ended soon after their start
        made = Inbox(sqlite, "telegram", lambda: datetime.now(ZONE))
        await made.start(handle)
        await asyncio.sleep(0.05)
        await made.stop(1)
    (row,) = await _rows(sqlite)
    assert (handled, row.tries, row.handled_at) == ([], MOST_TRIES - 1, None)
    monkeypatch.setattr(running, "QUIET_SECONDS", 0.1)
    async with _started(sqlite, handle) as made:
        await _until_handled(sqlite)
    (row,) = await _rows(sqlite)
    assert (handled, row.note) == ([1], None)


async def test_a_message_that_ended_three_processes_is_set_aside(
    sqlite: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(running, "QUIET_SECONDS", 0.0)
    async with fill(sqlite, NOW.date(), "telegram") as filling:
        agency = await filling.agency("Sở Tư pháp")
        await filling.person("An", PostRole.FOCAL_POINT, agency, chat=AN)
        await filling.person("Quản trị", PostRole.ADMIN, None, chat=ADMIN)
    await _say(sqlite, 1, 2)
    handled: list[int] = []

    async def die(item: InboxItem) -> None:
        """As if the process ended in the middle of the first message."""
        async with made.watch_try(item):
            if item.id == 1:
                dying.set()
                await asyncio.Event().wait()

    async def handle(item: InboxItem) -> None:
        async with made.watch_try(item):
            handled.append(item.id)

    for _ in range(MOST_TRIES):
        dying = asyncio.Event()
        made = Inbox(sqlite, "telegram", lambda: datetime.now(ZONE))
        await made.start(die)
        await dying.wait()
        tries = (await _rows(sqlite))[0].tries
        await made.stop(0)
        async with sqlite.write() as session:  # a kill forgets nothing
            row = await session.get_one(InboxRow, 1)
            row.tries = tries
            session.add(row)
    async with _started(sqlite, handle) as made:
        await _until_handled(sqlite)
    first, second = await _rows(sqlite)
    assert handled == [2]
    assert (first.note or "").startswith("aside:")
    assert first.body == {"update_id": 1}
    assert (second.note, second.body) == (None, None)
    async with sqlite.read() as session:
        told = {n.token: str(n.body) for n in await session.exec(select(Notice))}
    number = (first.note or "").removeprefix("aside:")
    assert {token.split(":")[0] for token in told} == {"aside-to-person", "aside-to-admin"}
    assert all(number in body for body in told.values())


async def test_a_stop_is_no_fault_of_the_message(sqlite: Database) -> None:
    await _say(sqlite, 1)
    for _ in range(MOST_TRIES + 1):
        await _stop_in_the_middle(sqlite)
    (row,) = await _rows(sqlite)
    assert (row.tries, row.handled_at) == (0, None)


async def _stop_in_the_middle(database: Database) -> None:
    begun = asyncio.Event()

    async def handle(item: InboxItem) -> None:
        async with made.watch_try(item):
            begun.set()
            await asyncio.Event().wait()

    made = Inbox(database, "telegram", lambda: datetime.now(ZONE))
    await made.start(handle)
    await begun.wait()
    await made.stop(0)


async def test_a_fault_of_the_registry_is_no_fault_of_the_message(
    sqlite: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(running, "BACKOFF", (0.01,))
    tried = 0

    async def handle(item: InboxItem) -> None:
        nonlocal tried
        tried += 1
        if tried <= 5:
            raise OperationalError("UPDATE", {}, Exception("database is locked"))

    async with _started(sqlite, handle) as made:
        await made.store([_new(1)])
        await _until_handled(sqlite)
    assert tried == 6
    assert [row.note for row in await _rows(sqlite)] == [None]


async def test_behind_its_lease_a_message_is_left_to_another_process(
    postgresql: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(running, "BACKOFF", (0.3,))
    fault = OperationalError("UPDATE", {}, Exception("the server is away"))
    tried = 0

    async def claim(*_: object) -> list[InboxRow]:
        raise fault

    async def handle(item: InboxItem) -> None:
        nonlocal tried
        tried += 1
        monkeypatch.setattr(inbox, "claim_chats", claim)  # so the lease is not renewed
        raise fault

    made = Inbox(postgresql, "telegram", lambda: datetime.now(ZONE), lease=0.2)
    await made.start(handle)
    await made.store([_new(1)])
    for _ in range(100):
        if tried and not made.lanes.job_count:
            break
        await asyncio.sleep(0.02)
    assert (tried, made.lanes.job_count) == (1, 0)
    await made.stop(0)
    assert [row.handled_at for row in await _rows(postgresql)] == [None]


@asynccontextmanager
async def _begun(database: Database) -> AsyncIterator[tuple[Inbox, InboxItem]]:
    """An inbox, and its only message, whose handling has begun and does not end."""
    begun: asyncio.Future[InboxItem] = asyncio.get_running_loop().create_future()

    async def handle(item: InboxItem) -> None:
        begun.set_result(item)
        await asyncio.Event().wait()

    async with _started(database, handle, stop_within=0) as made:
        await made.store([_new(1)])
        yield made, await begun


async def test_an_answer_waits_while_a_registry_of_many_processes_hangs(
    postgresql: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(running, "NOTE_SECONDS", 0.05)
    async with _begun(postgresql) as (made, item):
        async with postgresql.write() as session:
            await session.exec(select(InboxRow).with_for_update())  # the note waits for this row
            with pytest.raises(NotDelivered):
                await made.note_sending(item)
            assert not item.is_sending
        await made.note_sending(item)
        assert item.is_sending


@pytest.mark.parametrize("meanwhile", [{"claimed_by": "another"}, {"handled_at": NOW}])
async def test_what_another_process_took_over_meanwhile_is_not_sent(
    postgresql: Database, meanwhile: dict[str, object]
) -> None:
    """A process that was cut off goes on with what it had begun when it is back."""
    async with _begun(postgresql) as (made, item):
        async with postgresql.write() as session:
            await session.exec(update(InboxRow).values(meanwhile))
        with pytest.raises(HandlingStopped):
            await made.note_sending(item)


async def test_who_is_erased_by_a_message_is_answered(database: Database) -> None:
    """The erasure of a person takes the row of the message that asked for it, too."""
    async with _begun(database) as (made, item):
        async with database.write() as session:
            await session.exec(delete(InboxRow))
        await made.note_sending(item)


@pytest.mark.parametrize("changed", [True, False])
async def test_what_tells_of_a_change_is_not_sent_before_that_is_noted(
    sqlite: Database, monkeypatch: pytest.MonkeyPatch, changed: bool
) -> None:
    """After a kill nobody would know that it may have arrived; a question is answered at once."""
    made = Inbox(sqlite, "telegram", lambda: datetime.now(ZONE))
    await made.store([_new(1)])
    row = (await _rows(sqlite))[0]
    item = InboxItem(row.id, "1", {}, None, datetime.now(ZONE), changed=changed)
    async with sqlite.write() as session:
        await session.exec(update(InboxRow).values(tries=0))
        with monkeypatch.context() as patch:
            patch.setattr(running, "NOTE_SECONDS", 0.05)
            with pytest.raises(NotDelivered) if changed else nullcontext():
                await made.note_sending(item)
    await made.note_sending(item)
    assert item.is_sending


async def test_a_note_that_the_end_of_the_program_cancels_is_no_fault(
    sqlite: Database, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(running, "NOTE_SECONDS", 0)
    monkeypatch.setattr(database, "CLOSE_SECONDS", 0)
    made = Inbox(sqlite, "telegram", lambda: NOW)
    await made.store([_new(1)])
    async with sqlite._take_turn(goes_first=True):  # no note is written
        await made.note_sending(InboxItem(1, "1", {}, None, NOW))
        await sqlite.close()
    assert not caplog.records


async def test_a_message_that_alone_meets_faults_for_a_minute_is_set_aside(
    sqlite: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(running, "BACKOFF", (0.01,))
    minutes = 0

    def clock() -> datetime:
        nonlocal minutes
        minutes += 1
        return NOW + timedelta(minutes=minutes)

    async def handle(item: InboxItem) -> None:
        if item.body == {"update_id": 1}:
            raise OperationalError("SELECT", {}, Exception("too many terms"))

    made = Inbox(sqlite, "telegram", clock)
    await made.start(handle)
    await made.store([_new(1), _new(2)])
    await _until_handled(sqlite)
    await made.stop(1)
    first, second = await _rows(sqlite)
    assert (first.note or "").startswith("aside:")
    assert second.note is None


async def test_what_comes_after_a_gap_counts_from_its_start(sqlite: Database) -> None:
    now = NOW
    before = PollLease(sqlite, "telegram", lambda: now)
    assert await before.find_gap() is None
    await before.note_poll(is_full=False)
    now = NOW + timedelta(hours=2)
    after = PollLease(sqlite, "telegram", lambda: now)
    assert await after.find_gap() == NOW
    await after.note_poll(is_full=True)  # more of what waited comes with the next poll
    assert await after.find_gap() == NOW
    await after.note_poll(is_full=False)
    assert await after.find_gap() is None


async def test_the_network_that_was_away_is_a_gap_of_a_running_process(sqlite: Database) -> None:
    now = NOW
    lease = PollLease(sqlite, "telegram", lambda: now)
    await lease.find_gap()
    await lease.note_poll(is_full=False)
    now = NOW + timedelta(seconds=50)
    assert await lease.find_gap() is None
    await lease.note_poll(is_full=False)
    now = NOW + timedelta(minutes=10)
    assert await lease.find_gap() == NOW + timedelta(seconds=50)
