"""Answers from the inbox and beside it: marked if they may have arrived, in order, each once."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import date, datetime

import pytest
from sqlalchemy.exc import OperationalError
from sqlmodel import select

from bot.channels import inbox as running
from bot.channels.answering import AGAIN, InboxAnswerer, mark_again
from bot.channels.inbox import Inbox
from bot.channels.inbox_item import MOST_TRIES, InboxItem
from bot.channels.reply import BeforeSending
from handlers.conversation.incoming import Incoming, Progress
from locales.answer import Answer, make_answer, say
from models import inbox
from models.chats import Chat
from models.inbox import InboxRow, NewUpdate
from models.notices import Notice
from models.people import PostRole
from models.storage.database import Database
from scheduler.delivery import DeliveryError, NotDelivered
from tests.support.fakes import ZONE, fill

NOW = datetime(2026, 11, 20, 9, tzinfo=ZONE)
ANSWER = make_answer(say("registry-busy"))
PUT_OFF = say("registry-busy")


def make_update(number: int, chat: str = "11") -> NewUpdate:
    return NewUpdate(str(number), chat, chat, None, {"update_id": number}, None)


class Channel:
    """A channel whose answers are kept; what `sending` returns is awaited or raised by each."""

    def __init__(self, database: Database) -> None:
        self.sent: list[tuple[str, Answer]] = []
        self.notes: list[tuple[str, Answer]] = []
        self.sending: Callable[[], object] = lambda: None
        self.changes = False  # whether messages change the registry
        self.respond_faults: list[Exception] = []
        self.inbox = Inbox(database, "telegram", lambda: datetime.now(ZONE))
        self.answerer = InboxAnswerer("telegram", self.open_reply, self.respond, self.inbox)

    async def open_reply(self, item: InboxItem) -> ChannelReply:
        return ChannelReply(self, item)

    async def respond(self, incoming: Incoming, progress: Progress) -> Answer | None:
        if self.respond_faults:
            raise self.respond_faults.pop()
        if self.changes and incoming.receipt is not None:
            incoming.receipt.changed = True
        return ANSWER

    @asynccontextmanager
    async def run(self) -> AsyncIterator[Channel]:
        answerer = self.answerer
        await self.inbox.start(answerer.handle_item, answerer.outage.answer_unstored)
        try:
            yield self
        finally:
            await self.inbox.stop(0)

    async def until(self, is_so: Callable[[], bool]) -> None:
        for _ in range(500):
            if is_so():
                return
            await asyncio.sleep(0.01)
        raise TimeoutError


class ChannelReply:
    """Answers one message of `Channel`."""

    def __init__(self, channel: Channel, item: InboxItem) -> None:
        number = str((item.body or {})["update_id"])
        self.incoming: Incoming | None = Incoming(
            channel="telegram",
            chat=item.chat,
            chat_kind="private",
            chat_title="",
            sender=item.chat,
            sender_name="An",
            now=datetime.now(ZONE),
            text="câu hỏi",
            update=number,
        )
        self.sent_parts = 0
        self._channel, self._number = channel, number

    async def acknowledge(self, answer: Answer | None) -> None: ...

    async def show_progress(self, answer: Answer) -> None: ...

    def show_menu(self, commands: Sequence[str]) -> None: ...

    async def send(self, answer: Answer, before_sending: BeforeSending) -> None:
        await before_sending()
        self._channel.sent.append((self._number, answer))
        waiting = self._channel.sending()
        if isinstance(waiting, DeliveryError):
            raise waiting
        if isinstance(waiting, asyncio.Future):
            await waiting

    async def send_note(self, answer: Answer) -> None:
        self._channel.notes.append((self._number, answer))


async def test_a_stop_while_a_message_waits_for_quiet_leaves_it_to_the_next_process(
    sqlite: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It was under way when two processes were killed; the stop is no fault of it, or of ours."""
    first = Channel(sqlite)
    await first.inbox.store([make_update(1)])
    async with sqlite.write() as session:
        (row,) = await session.exec(select(InboxRow))
        row.tries = MOST_TRIES - 1
        session.add(row)
    first = Channel(sqlite)
    await first.inbox.start(first.answerer.handle_item)
    await asyncio.sleep(0.05)  # it waits
    await first.inbox.stop(1)
    assert first.sent == []
    monkeypatch.setattr(running, "QUIET_SECONDS", 0.0)
    second = Channel(sqlite)
    async with second.run():
        await second.until(lambda: len(second.sent) == 1)
    assert second.sent == [("1", ANSWER)]


async def test_an_answer_that_may_have_arrived_is_marked_by_the_next_process(
    database: Database,
) -> None:
    """The one under way is marked; what only waited behind it is not."""
    first, second = Channel(database), Channel(database)
    first.sending = asyncio.get_running_loop().create_future  # it ends before its answer came
    async with first.run():
        await first.inbox.store([make_update(1), make_update(2)])
        await first.until(lambda: len(first.sent) == 1)
    if not database.is_sqlite:  # the lease of the one that ended
        async with database.write() as session:
            for row in await session.exec(select(InboxRow)):
                row.claimed_by = None
    async with second.run():
        await second.until(lambda: len(second.sent) == 2)
    marked = replace(ANSWER, blocks=(AGAIN, *ANSWER.blocks))
    assert second.sent == [("1", marked), ("2", ANSWER)]


async def test_what_waits_for_a_locked_registry_is_answered_beside_it_and_once(
    sqlite: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(running, "SLOW_SECONDS", 0.05)
    may_store, store = asyncio.Event(), inbox.add_updates

    async def store_slowly(*given: object) -> dict[str, int]:
        await may_store.wait()
        return await store(*given)  # type: ignore[arg-type]

    monkeypatch.setattr(inbox, "add_updates", store_slowly)
    async with Channel(sqlite).run() as channel:
        storing = asyncio.create_task(channel.inbox.store([make_update(1), make_update(2)]))
        await channel.until(lambda: len(channel.sent) == 2)
        assert [number for number, _ in channel.sent] == ["1", "2"]
        may_store.set()
        await storing
        await channel.until(lambda: channel.inbox.lanes.job_count == 0)
    assert len(channel.sent) == 2
    async with sqlite.read() as session:
        assert all(row.handled_at for row in await session.exec(select(InboxRow)))


async def test_where_many_processes_answer_a_slow_registry_is_waited_for(
    postgresql: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It may store what came all the same, and another process may answer it then."""
    monkeypatch.setattr(running, "SLOW_SECONDS", 0.01)
    monkeypatch.setattr(running, "RETRY_SECONDS", 0.01)
    channel, add, faults = Channel(postgresql), inbox.add_updates, [ConnectionError()]

    async def add_slowly(*given: object) -> dict[str, int]:
        await asyncio.sleep(0.05)
        if given[2] and faults:  # a connection that broke
            raise faults.pop()
        return await add(*given)  # type: ignore[arg-type]

    monkeypatch.setattr(inbox, "add_updates", add_slowly)
    beside: list[str] = []
    await channel.inbox.start(
        channel.answerer.handle_item, lambda updates: beside.extend(one.update for one in updates)
    )
    await channel.inbox.store([make_update(1)])
    await channel.until(lambda: len(channel.sent) == 1)
    await channel.inbox.stop(1)
    assert (beside, faults) == ([], [])


async def test_what_needs_a_locked_registry_is_put_off_with_a_word(
    sqlite: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fail(*_: object) -> dict[str, int]:
        raise OperationalError("", None, Exception("database is locked"))

    monkeypatch.setattr(inbox, "add_updates", fail)
    async with Channel(sqlite).run() as channel:
        locked = OperationalError("", None, Exception("database is locked"))
        channel.respond_faults = [locked]
        with pytest.raises(OperationalError):
            await channel.inbox.store([make_update(1)])
        await channel.until(lambda: bool(channel.notes))
        assert channel.notes == [("1", make_answer(PUT_OFF))]
        assert not await channel.answerer.outage.was_answered("1")


async def test_who_waits_for_a_second_try_is_told_so(
    sqlite: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(running, "BACKOFF", (0.01,))
    locked = OperationalError("", None, Exception("database is locked"))
    async with Channel(sqlite).run() as channel:
        channel.respond_faults = [locked]
        await channel.inbox.store([make_update(1)])
        await channel.until(lambda: len(channel.sent) == 1)
        assert channel.notes == []
        channel.respond_faults = [locked, locked]
        await channel.inbox.store([make_update(2)])
        await channel.until(lambda: len(channel.sent) == 2)
        assert channel.notes == [("2", make_answer(PUT_OFF))]


@pytest.mark.parametrize("is_known", [True, False])
async def test_what_tells_of_a_change_and_does_not_arrive_goes_out_later_if_the_chat_is_known(
    sqlite: Database, is_known: bool
) -> None:
    async with fill(sqlite, date(2026, 11, 20)) as filling:
        await filling.person("An", PostRole.FOCAL_POINT, await filling.agency("Sở A"), chat="An")
        (chat,) = await filling.session.exec(select(Chat))
        chat.channel, chat.address = "telegram", "11" if is_known else "12"
    channel = Channel(sqlite)
    channel.changes, channel.sending = True, lambda: NotDelivered("no connection")
    async with channel.run():
        await channel.inbox.store([make_update(1)])
        await channel.until(lambda: channel.inbox.lanes.job_count == 0)
    async with sqlite.read() as session:
        (row,) = await session.exec(select(InboxRow))
        queued = (await session.exec(select(Notice).where(Notice.kind == "message"))).all()
    assert row.handled_at is not None
    assert row.note == ("queued" if is_known else None)
    assert [notice.chat_id for notice in queued] == ([chat.id] if is_known else [])


async def test_nothing_is_answered_beside_what_waits_in_its_chat_or_is_stored(
    sqlite: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One process that cannot store must not overtake the others, nor answer what they have."""
    async with sqlite.write() as session:
        await inbox.add_updates(session, "telegram", [make_update(1)], NOW)

    async def fail(*_: object) -> dict[str, int]:
        raise OperationalError("", None, Exception("connection is closed"))

    monkeypatch.setattr(inbox, "add_updates", fail)
    channel = Channel(sqlite)
    for update in (make_update(1), make_update(2)):
        channel.answerer.outage.answer_unstored([update])
        assert not await channel.answerer.outage.was_answered(update.update)
    assert channel.sent == []


def test_an_answer_is_marked_as_sent_again_once() -> None:
    marked = mark_again(ANSWER)
    assert marked.blocks == (AGAIN, *ANSWER.blocks)
    assert mark_again(marked) == marked


async def test_the_inbox_looks_oftener_where_other_processes_store(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    pauses: list[float] = []

    async def note_pause(_event: asyncio.Event, seconds: float) -> None:
        pauses.append(seconds)
        await asyncio.Event().wait()

    monkeypatch.setattr("bot.channels.inbox.wait_for_event", note_pause)
    async with Channel(database).run() as channel:
        await channel.until(lambda: bool(pauses))
    assert pauses == [10.0 if database.is_sqlite else 1.0]


@pytest.mark.parametrize("in_time", [True, False])
async def test_what_is_answered_beside_ends_with_the_channel(
    sqlite: Database, in_time: bool
) -> None:
    channel = Channel(sqlite)
    outage = channel.answerer.outage
    is_asking, may_answer = asyncio.Event(), asyncio.Event()

    async def ask(_: InboxItem) -> ChannelReply:
        is_asking.set()
        await may_answer.wait()
        raise NotDelivered

    outage._open_reply = ask
    outage.answer_unstored([make_update(1)])
    await is_asking.wait()
    if in_time:
        asyncio.get_running_loop().call_soon(may_answer.set)
    await outage.stop(60 if in_time else 0)
    (task,) = outage._met.values()
    assert task.done()
    assert task.cancelled() is not in_time
