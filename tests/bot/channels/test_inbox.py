"""The inbox of a channel: each message once, what cannot be handled aside, presses after a gap."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager, nullcontext
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy.exc import OperationalError
from sqlmodel import col, delete, select, update
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.channels import inbox as running
from bot.channels.inbox import AnswerUnsent, HandlingStopped, Inbox
from bot.channels.inbox_item import MOST_TRIES, InboxItem
from bot.channels.poll_lease import PollLease
from models import inbox
from models.inbox import InboxRow, NewUpdate
from models.notices import Notice
from models.people import PostRole
from models.storage import database
from models.storage.database import Database
from models.storage.faults import RegistryLost
from scheduler.defaults import LEASE
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


@pytest.fixture
def shared(sqlite: Database, monkeypatch: pytest.MonkeyPatch) -> Database:
    """A registry that is taken for one of many processes; chats are claimed there as they are."""

    async def claim(
        session: AsyncSession, channel: str, worker: str, lease: timedelta, most: int
    ) -> list[InboxRow]:
        waiting = select(InboxRow).where(
            InboxRow.channel == channel, col(InboxRow.handled_at).is_(None)
        )
        rows = list(await session.exec(waiting.order_by(col(InboxRow.id))))
        holders: dict[str, str | None] = {}
        for row in rows:
            holders.setdefault(row.chat, row.claimed_by)
        free = [chat for chat, holder in holders.items() if holder in (None, worker)]
        chats = sorted(free, key=lambda chat: holders[chat] != worker)[:most]
        claimed = [row for row in rows if row.chat in chats and row.claimed_by != worker]
        for row in claimed:
            row.claimed_by = worker
        session.add_all(claimed)
        return claimed

    monkeypatch.setattr(sqlite, "is_sqlite", False)
    monkeypatch.setattr(inbox, "claim_chats", claim)
    monkeypatch.setattr(running, "SHARED_SWEEP_SECONDS", 60.0)  # longer than a test
    return sqlite


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
    await _check_memory(database, monkeypatch, 40)


async def test_memory_is_bounded_where_many_processes_share_a_registry(
    shared: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    await _check_memory(shared, monkeypatch, 20)


async def _check_memory(database: Database, monkeypatch: pytest.MonkeyPatch, count: int) -> None:
    monkeypatch.setattr(running, "MOST_IN_MEMORY", 4)
    gate, handled = asyncio.Event(), list[int]()

    async def handle(item: InboxItem) -> None:
        await gate.wait()
        handled.append(item.id)

    async with _started(database, handle) as made:
        for number in range(count):
            await made.store([_new(number, chat=str(number % 3))])
        assert made.lanes.job_count <= 8
        gate.set()
        await _until_handled(database)
    assert len(handled) == count
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
    async with _begun(postgresql) as (made, item):
        async with postgresql.write() as session:
            await session.exec(select(InboxRow).with_for_update())  # the note waits for this row
            with monkeypatch.context() as patch:
                patch.setattr(running, "NOTE_SECONDS", 0.05)
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
        assert item.is_sending is not changed
    await made.note_sending(item)
    assert item.is_sending


@pytest.mark.parametrize("changed", [True, False])
async def test_a_note_that_the_registry_refuses_holds_up_what_tells_of_a_change(
    sqlite: Database, changed: bool
) -> None:
    made = Inbox(sqlite, "telegram", lambda: NOW)
    item = InboxItem(1, "1", {}, None, NOW, changed=changed)
    sqlite.lost = RegistryLost(sqlite.describe_place())
    with pytest.raises(NotDelivered) if changed else nullcontext():
        await made.note_sending(item)
    assert item.is_sending is not changed


async def test_a_fault_of_the_program_in_a_note_is_not_hidden(
    sqlite: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail() -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(sqlite, "open_lossy_connection", fail)
    made = Inbox(sqlite, "telegram", lambda: NOW)
    with pytest.raises(ZeroDivisionError):
        await made.note_sending(InboxItem(1, "1", {}, None, NOW))


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


async def _until(is_so: Callable[[], bool]) -> None:
    for _ in range(500):
        if is_so():
            return
        await asyncio.sleep(0.01)
    raise TimeoutError


def _locked() -> OperationalError:
    return OperationalError("", {}, Exception("database is locked"))


class Handler:
    """Handles messages: notes their numbers, and raises `faults` one by one."""

    def __init__(self, *faults: Exception) -> None:
        self.handled: list[int] = []
        self.faults = list(faults)

    async def __call__(self, item: InboxItem) -> None:
        self.handled.append(item.id)
        if self.faults:
            raise self.faults.pop(0)


def _count_reads(monkeypatch: pytest.MonkeyPatch) -> list[list[int]]:
    """Return what is filled with the rows of each look for what waits."""
    reads: list[list[int]] = []
    load = inbox.load_waiting

    async def load_and_note(*given: Any, **more: Any) -> list[InboxRow]:
        rows = await load(*given, **more)
        reads.append([row.id for row in rows])
        return rows

    monkeypatch.setattr(inbox, "load_waiting", load_and_note)
    return reads


async def test_what_comes_while_nothing_waits_is_handled_without_looking_for_it(
    sqlite: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    reads, handle = _count_reads(monkeypatch), Handler()
    async with _started(sqlite, handle) as made:
        await _until(lambda: len(reads) == 2)  # at the start, and the first look
        for number in (1, 2):
            await made.store([_new(number)])
            await _until_handled(sqlite)
        await asyncio.sleep(0.02)
    assert (handle.handled, reads) == ([1, 2], [[], []])


@pytest.mark.parametrize("rows_at_once", [1, 2])
async def test_however_many_wait_each_is_read_once_and_before_what_comes(
    sqlite: Database, monkeypatch: pytest.MonkeyPatch, rows_at_once: int
) -> None:
    monkeypatch.setattr(inbox, "MOST_LOADED_AT_ONCE", rows_at_once)
    await _say(sqlite, 1, 2, 3, 4)
    reads, gate, handled = _count_reads(monkeypatch), asyncio.Event(), list[int]()

    async def handle(item: InboxItem) -> None:
        await gate.wait()
        handled.append(item.id)

    made = Inbox(sqlite, "telegram", lambda: NOW)
    await made.start(handle)
    assert [row for read in reads for row in read] == [1, 2, 3, 4]
    await made.store([_new(5)])
    gate.set()
    await _until_handled(sqlite)
    await made.stop(1)
    assert handled == [1, 2, 3, 4, 5]


async def test_what_comes_does_not_overtake_what_could_not_be_read_before(
    sqlite: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    await _say(sqlite, 1)
    load, is_away, tried, handle = inbox.load_waiting, True, 0, Handler()

    async def fail(*given: Any, **more: Any) -> list[InboxRow]:
        nonlocal tried
        tried += 1
        if is_away:
            raise _locked()
        return await load(*given, **more)

    monkeypatch.setattr(inbox, "load_waiting", fail)
    monkeypatch.setattr(running, "SWEEP_SECONDS", 60.0)  # longer than a test
    made = Inbox(sqlite, "telegram", lambda: NOW, lease=600)
    await made.start(handle)
    await _until(lambda: tried == 2)  # at the start, and the first look
    is_away = False
    await made.store([_new(2)])
    await _until_handled(sqlite)
    await made.stop(1)
    assert handle.handled == [1, 2]


async def test_a_late_message_waits_in_its_row_and_is_not_handled_again(
    sqlite: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(running, "SWEEP_SECONDS", 0.01)
    reads, handled = _count_reads(monkeypatch), list[int]()

    async def handle(item: InboxItem) -> None:
        item.is_late = True
        handled.append(item.id)

    async with _started(sqlite, handle) as made:
        await made.store([_new(1)])
        await _until(lambda: not made.lanes.job_count)
        seen = len(reads)
        await _until(lambda: len(reads) > seen + 2)
        assert (handled, reads[-1]) == ([1], [1])
        await made.mark_late([1])
    assert handled == [1]
    assert [(row.note, row.handled_at is None) for row in await _rows(sqlite)] == [("late", False)]


async def test_an_inbox_ends_that_was_never_started_and_takes_no_more(sqlite: Database) -> None:
    handle, made = Handler(), Inbox(sqlite, "telegram", lambda: NOW)
    await made.stop(0)
    await made.start(handle)
    await made.store([_new(1)])
    await asyncio.sleep(0.02)
    assert (handle.handled, made.count_waiting(AN)) == ([], 0)
    assert [row.handled_at for row in await _rows(sqlite)] == [None]
    await made.stop(0)


async def test_a_second_start_changes_nothing(sqlite: Database) -> None:
    first, second = Handler(), Handler()
    async with _started(sqlite, first) as made:
        await made.start(second)
        await made.store([_new(1)])
        await _until_handled(sqlite)
    assert (first.handled, second.handled) == ([1], [])


async def test_only_what_is_not_stored_is_answered_beside(
    sqlite: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    beside: list[str] = []

    def answer(updates: Sequence[NewUpdate]) -> None:
        beside.extend(one.update for one in updates)

    made = Inbox(sqlite, "telegram", lambda: NOW)
    await made.start(Handler(), answer)
    await made.store([_new(1)])
    assert beside == []
    tried = 0

    async def fail(*_: object) -> dict[str, int]:
        nonlocal tried
        tried += 1
        raise _locked()

    monkeypatch.setattr(inbox, "add_updates", fail)
    with pytest.raises(OperationalError):
        await made.store([_new(2)])
    assert (beside, tried) == (["2"], 1)
    await made.stop(1)


async def test_without_an_answer_beside_a_fault_is_only_told(
    sqlite: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fail(*_: object) -> dict[str, int]:
        raise _locked()

    async with _started(sqlite, Handler()) as made:
        monkeypatch.setattr(inbox, "add_updates", fail)
        with pytest.raises(OperationalError):
            await made.store([_new(1)])


async def test_new_messages_alone_are_counted(sqlite: Database) -> None:
    counted: list[int] = []

    async def count(_: AsyncSession, new: int) -> None:
        counted.append(new)

    made = Inbox(sqlite, "telegram", lambda: NOW, count_new=count)
    for updates in ([_new(1), _new(2)], [_new(2)], [_new(2), _new(3)]):
        await made.store(updates)
    assert counted == [2, 1]


def _note_waits(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Return what is filled with the waits of the inbox, in seconds; they are over at once."""
    waits: list[float] = []

    async def note(_: asyncio.Event, seconds: float) -> None:
        waits.append(seconds)
        await asyncio.sleep(0)

    monkeypatch.setattr(running, "wait_for_event", note)
    monkeypatch.setattr(running, "SWEEP_SECONDS", 1e6)  # told from the other waits
    return waits


async def test_a_message_is_tried_again_after_longer_and_longer_waits(
    sqlite: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    waits = _note_waits(monkeypatch)
    made = Inbox(sqlite, "telegram", lambda: NOW, lease=3e7)
    await made.start(Handler(*(AnswerUnsent() for _ in range(9))))
    await made.store([_new(1)])
    await _until_handled(sqlite)
    await made.stop(1)
    tries = [seconds for seconds in waits if seconds < 1e6]
    assert tries == [0.5, 1, 2, 5, 10, 20, 30, 30, 30]


@pytest.mark.parametrize(("lived", "wait"), [(0, 30), (10, 20), (30, 0), (50, 0)])
async def test_the_last_try_waits_until_the_process_has_lived_for_half_a_minute(
    sqlite: Database, monkeypatch: pytest.MonkeyPatch, lived: int, wait: int
) -> None:
    waits = _note_waits(monkeypatch)
    await _say(sqlite, 1)
    now = NOW + timedelta(days=1)
    made = Inbox(sqlite, "telegram", lambda: now)
    now += timedelta(seconds=lived)
    item = InboxItem(1, AN, {}, None, NOW, is_repeat=True, tries=MOST_TRIES - 1)
    async with made.watch_try(item):
        assert waits == [wait]
    assert (item.tries, (await _rows(sqlite))[0].tries) == (0, 0)


async def test_messages_under_suspicion_are_handled_one_at_a_time_others_side_by_side(
    sqlite: Database,
) -> None:
    made, under_way, most = Inbox(sqlite, "telegram", lambda: NOW), 0, 0

    async def run(row_id: int, tries: int, go_on: Callable[[], Awaitable[object]]) -> None:
        nonlocal under_way, most
        item = InboxItem(row_id, str(row_id), {}, None, NOW, is_repeat=True, tries=tries)
        async with made.watch_try(item):
            under_way += 1
            most = max(most, under_way)
            await go_on()
            under_way -= 1

    await asyncio.gather(*(run(row, 1, lambda: asyncio.sleep(0.01)) for row in (1, 2, 3)))
    assert most == 1
    all_begun = asyncio.Barrier(3)
    async with asyncio.timeout(5):
        await asyncio.gather(*(run(row, 0, all_begun.wait) for row in (1, 2, 3)))


@pytest.mark.parametrize(
    ("fault", "tries"),
    [(None, 0), (ValueError(), 0), (asyncio.CancelledError(), 0), (_locked(), 1)],
)
async def test_a_try_that_ends_is_forgotten_but_not_that_meets_faults_of_the_registry(
    sqlite: Database, fault: BaseException | None, tries: int
) -> None:
    await _say(sqlite, 1)
    made = Inbox(sqlite, "telegram", lambda: NOW)
    item = InboxItem(1, AN, {}, None, NOW, is_repeat=True)
    with nullcontext() if fault is None else pytest.raises(type(fault)):
        async with made.watch_try(item):
            assert (await _rows(sqlite))[0].tries == 1
            if fault is not None:
                raise fault
    assert (item.tries, (await _rows(sqlite))[0].tries) == (tries, tries)


async def test_a_message_of_this_process_is_not_counted_when_it_begins(sqlite: Database) -> None:
    await _say(sqlite, 1)
    async with Inbox(sqlite, "telegram", lambda: NOW).watch_try(InboxItem(1, AN, {}, None, NOW)):
        assert (await _rows(sqlite))[0].tries == 0


async def test_faults_are_counted_once_a_try(
    sqlite: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whether it is counted when it begins, as what an earlier process may have begun, or after."""
    monkeypatch.setattr(running, "BACKOFF", (0.01,))
    seen: dict[int, list[int]] = {1: [], 2: []}

    async def handle(item: InboxItem) -> None:
        async with made.watch_try(item):
            seen[item.id].append(item.tries)
            if len(seen[item.id]) == 1:
                raise _locked()

    await _say(sqlite, 1)
    made = Inbox(sqlite, "telegram", lambda: NOW + timedelta(hours=1))
    await made.start(handle)
    await made.store([_new(2, chat="12")])
    await _until_handled(sqlite)
    await made.stop(1)
    assert seen == {1: [1, 2], 2: [0, 1]}


async def test_a_message_that_waits_for_another_try_is_left_at_the_stop(sqlite: Database) -> None:
    handle = Handler(*(AnswerUnsent() for _ in range(100)))
    async with _started(sqlite, handle) as made:
        await made.store([_new(1)])
        await _until(lambda: bool(handle.handled))
    assert handle.handled == [1]
    assert [row.handled_at for row in await _rows(sqlite)] == [None]


async def test_a_message_whose_mark_fails_is_not_handled_twice(
    sqlite: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(running, "BACKOFF", (0.01,))
    opened, faults, handle = sqlite.open_lossy_connection, [_locked()], Handler()

    def fail_once() -> Any:
        if faults:
            raise faults.pop()
        return opened()

    async with _started(sqlite, handle) as made:
        monkeypatch.setattr(sqlite, "open_lossy_connection", fail_once)
        await made.store([_new(1)])
        await _until_handled(sqlite)
    assert (handle.handled, faults) == ([1], [])


@pytest.mark.parametrize(
    ("ages", "tries"),
    [
        ([timedelta(hours=2)] * 9, 4),  # not before the waits have been tried
        ([timedelta(hours=1)] * 5 + [timedelta(hours=1, seconds=1)] * 9, 6),
    ],
)
async def test_an_answer_is_given_up_after_an_hour(
    sqlite: Database, monkeypatch: pytest.MonkeyPatch, ages: list[timedelta], tries: int
) -> None:
    monkeypatch.setattr(running, "BACKOFF", (0.001,) * 3)
    now, tried = NOW, 0

    async def handle(item: InboxItem) -> None:
        nonlocal now, tried
        tried += 1
        now = NOW + ages[tried]
        raise AnswerUnsent

    made = Inbox(sqlite, "telegram", lambda: now)
    await made.start(handle)
    await made.store([_new(1)])
    now = NOW + ages[0]
    await _until_handled(sqlite)
    await made.stop(1)
    assert tried == tries


async def test_what_was_stored_before_this_process_may_have_been_begun(sqlite: Database) -> None:
    moments = [NOW - timedelta(seconds=1), NOW, NOW + timedelta(seconds=1)]
    for update_id, received in enumerate(moments):
        async with sqlite.write() as session:
            await inbox.add_updates(session, "telegram", [_new(update_id)], received)
    repeats: list[bool] = []

    async def handle(item: InboxItem) -> None:
        repeats.append(item.is_repeat)

    made = Inbox(sqlite, "telegram", lambda: NOW)
    await made.start(handle)
    await _until_handled(sqlite)
    await made.stop(1)
    assert repeats == [True, False, False]


async def test_old_rows_are_deleted_at_the_start_and_not_at_every_look(
    sqlite: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(running, "SWEEP_SECONDS", 0.001)
    reads, deletions, clean = _count_reads(monkeypatch), 0, inbox.delete_old_rows

    async def count(session: AsyncSession, now: datetime) -> None:
        nonlocal deletions
        deletions += 1
        await clean(session, now)

    monkeypatch.setattr(inbox, "delete_old_rows", count)
    await _say(sqlite, 1)
    async with sqlite.write() as session:
        await inbox.mark_handled(session, [1], NOW - timedelta(days=8))
    made = Inbox(sqlite, "telegram", lambda: NOW)
    await made.start(Handler())
    await _until(lambda: len(reads) > 4)
    await made.stop(1)
    assert (deletions, await _rows(sqlite)) == (1, [])


async def test_a_lease_is_renewed_three_times_before_it_ends(
    sqlite: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    waits = _note_waits(monkeypatch)
    made = Inbox(sqlite, "telegram", lambda: NOW, lease=6)
    await made.start(Handler())
    await _until(lambda: bool(waits))
    await made.stop(1)
    assert waits[0] == 2


async def test_a_fault_of_the_program_ends_no_look(
    sqlite: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(running, "SWEEP_SECONDS", 0.01)
    load, faults, handle = inbox.load_waiting, [ValueError(), _locked()], Handler()

    async def fail(*given: Any, **more: Any) -> list[InboxRow]:
        if faults and is_up.is_set():
            raise faults.pop()
        return await load(*given, **more)

    is_up = asyncio.Event()
    monkeypatch.setattr(inbox, "load_waiting", fail)
    async with _started(sqlite, handle):
        is_up.set()
        await _until(lambda: not faults)
        await _say(sqlite, 1)
        await _until_handled(sqlite)
    assert handle.handled == [1]


async def test_more_chats_are_claimed_as_soon_as_there_are_few_left(
    shared: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(running, "NEW_CHATS", 2)
    for number in range(1, 6):
        await _say(shared, number, chat=str(number))
    handle = Handler()
    async with _started(shared, handle):
        await _until_handled(shared)
    assert sorted(handle.handled) == [1, 2, 3, 4, 5]


async def test_chats_that_hang_keep_no_others_from_being_claimed(
    shared: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(running, "NEW_CHATS", 1)
    handled: list[int] = []

    async def handle(item: InboxItem) -> None:
        handled.append(item.id)
        await asyncio.Event().wait()

    async with _started(shared, handle, stop_within=0) as made:
        for number in (1, 2, 3):
            await made.store([_new(number, chat=str(number))])
        await _until(lambda: handled == [1, 2, 3])


async def test_what_is_claimed_with_what_comes_is_handled_in_order(shared: Database) -> None:
    await _say(shared, 1, 2)
    reads_nothing, handle = Handler(), Handler()
    async with _started(shared, handle) as made:
        await made.store([_new(3), _new(4)])
        await _until_handled(shared)
    async with _started(shared, reads_nothing):
        await asyncio.sleep(0.01)
    assert (handle.handled, reads_nothing.handled) == ([1, 2, 3, 4], [])


async def test_behind_its_lease_a_message_is_not_tried_again(
    shared: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    tried, loop = 0, asyncio.get_running_loop()
    read_clock = loop.time

    async def claim(*_: object) -> list[InboxRow]:
        raise _locked()

    async def handle(item: InboxItem) -> None:
        nonlocal tried
        tried += 1
        monkeypatch.setattr(inbox, "claim_chats", claim)  # so the lease is not renewed
        monkeypatch.setattr(loop, "time", lambda: read_clock() + LEASE + 1)
        raise AnswerUnsent

    async with _started(shared, handle) as made:
        await made.store([_new(1)])
        await _until(lambda: bool(tried) and not made.lanes.job_count)
    assert tried == 1
    assert [row.handled_at for row in await _rows(shared)] == [None]


async def test_what_another_process_took_over_between_two_tries_is_not_sent_again(
    shared: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(running, "BACKOFF", (0.01,))
    sent: list[int] = []

    async def handle(item: InboxItem) -> None:
        await made.note_sending(item)
        sent.append(item.id)
        async with shared.write() as session:
            await session.exec(update(InboxRow).values(claimed_by="another"))
        raise AnswerUnsent

    async with _started(shared, handle) as made:
        await made.store([_new(1)])
        await _until(lambda: bool(sent) and not made.lanes.job_count)
    assert sent == [1]
    assert [row.handled_at for row in await _rows(shared)] == [None]


@pytest.mark.parametrize("meanwhile", [{"claimed_by": "another"}, {"handled_at": NOW}])
async def test_an_answer_to_what_another_process_has_is_not_sent(
    shared: Database, meanwhile: dict[str, object]
) -> None:
    async with _begun(shared) as (made, item):
        async with shared.write() as session:
            await session.exec(update(InboxRow).values(meanwhile))
        with pytest.raises(HandlingStopped):
            await made.note_sending(item)


@pytest.mark.parametrize("hangs", [True, False])
async def test_a_question_waits_for_a_shared_registry_that_hangs_and_not_for_one_that_fails(
    shared: Database, monkeypatch: pytest.MonkeyPatch, hangs: bool
) -> None:
    monkeypatch.setattr(running, "NOTE_SECONDS", 0.05 if hangs else 60)
    async with _begun(shared) as (made, item):
        if not hangs:
            monkeypatch.setattr(shared, "lost", RegistryLost(shared.describe_place()))
            await made.note_sending(item)
            return
        async with shared.write() as session:
            await session.exec(update(InboxRow).values(tries=0))
            with pytest.raises(NotDelivered):
                await made.note_sending(item)


@pytest.mark.parametrize("faults", [1, 2])
async def test_where_many_processes_store_a_batch_is_stored_again_before_it_is_answered_beside(
    shared: Database, monkeypatch: pytest.MonkeyPatch, faults: int
) -> None:
    waits, beside, add, left = _note_waits(monkeypatch), list[str](), inbox.add_updates, faults

    async def fail(*given: Any) -> dict[str, int]:
        nonlocal left
        if left and given[2]:
            left -= 1
            raise _locked()
        return await add(*given)

    monkeypatch.setattr(inbox, "add_updates", fail)
    monkeypatch.setattr(running, "SHARED_SWEEP_SECONDS", 1e6)
    handle = Handler()
    made = Inbox(shared, "telegram", lambda: NOW, lease=3e7)
    await made.start(handle, lambda updates: beside.extend(one.update for one in updates))
    with nullcontext() if faults == 1 else pytest.raises(OperationalError):
        await made.store([_new(1)])
    if faults == 1:
        await _until_handled(shared)
    await made.stop(1)
    assert [seconds for seconds in waits if seconds < 1e6] == [1]
    assert (beside, handle.handled) == (([], [1]) if faults == 1 else (["1"], []))


async def test_thirty_two_new_chats_are_claimed_at_a_time(shared: Database) -> None:
    for number in range(40):
        await _say(shared, number, chat=str(number))
    made = Inbox(shared, "telegram", lambda: NOW)
    await made.start(Handler())
    assert made.lanes.job_count == 32
    await made.stop(0)


class LoopClock:
    """The clock of the event loop, which stands still but where the test moves it."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        loop = asyncio.get_running_loop()
        self._now = loop.time()
        monkeypatch.setattr(loop, "time", lambda: self._now)

    async def forward(self, seconds: float) -> None:
        self._now += seconds
        for _ in range(9):  # turns of the loop
            await asyncio.sleep(0)


async def test_what_is_not_stored_for_three_seconds_is_answered_beside(
    sqlite: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    beside: list[str] = []
    is_storing, may_store, add = asyncio.Event(), asyncio.Event(), inbox.add_updates

    async def store_slowly(*given: Any) -> dict[str, int]:
        is_storing.set()
        await may_store.wait()
        return await add(*given)

    monkeypatch.setattr(inbox, "add_updates", store_slowly)
    made = Inbox(sqlite, "telegram", lambda: NOW)
    await made.start(Handler(), lambda updates: beside.extend(one.update for one in updates))
    clock = LoopClock(monkeypatch)
    storing = asyncio.create_task(made.store([_new(1)]))
    await is_storing.wait()
    await clock.forward(2.9)
    assert beside == []
    await clock.forward(0.2)
    assert beside == ["1"]
    may_store.set()
    await storing
    await made.stop(0)


async def test_an_answer_waits_two_seconds_for_its_note(
    sqlite: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = Inbox(sqlite, "telegram", lambda: NOW)
    clock = LoopClock(monkeypatch)
    async with sqlite.write():
        noting = asyncio.create_task(
            made.note_sending(InboxItem(1, AN, {}, None, NOW, changed=True))
        )
        await clock.forward(0)
        await clock.forward(1.9)
        assert not noting.done()
        await clock.forward(0.2)
        with pytest.raises(NotDelivered):
            await noting
