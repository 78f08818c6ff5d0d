"""Answers from the inbox and beside it: marked if they may have arrived, in order, each once."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy.exc import OperationalError
from sqlmodel import select, update

from bot.channels import inbox as running
from bot.channels.answering import AGAIN, InboxAnswerer, mark_again
from bot.channels.inbox import Inbox
from bot.channels.inbox_item import MOST_TRIES, InboxItem
from bot.channels.reply import BeforeSending
from handlers.conversation.incoming import Incoming, Progress
from locales.answer import Answer, Sentence, make_answer, say, to_json
from models import inbox
from models.chats import Chat
from models.inbox import InboxRow, NewUpdate
from models.notices import Notice
from models.people import PostRole
from models.storage.database import Database
from scheduler.delivery import (
    DeliveryError,
    NotDelivered,
    Rejected,
    Uncertain,
    Unreachable,
)
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
        self.note_fault: DeliveryError | None = None
        self.parts = 0  # parts of an answer that arrive though it fails
        self.menus: list[Sequence[str]] = []
        self.menu: tuple[str, ...] | None = None
        self.changes = False  # whether messages change the registry
        self.answer: Answer | None = ANSWER
        self.respond_faults: list[Exception] = []
        self.about: Callable[[int], dict[str, Any]] = lambda _: {}  # what a message is besides
        self.inbox = Inbox(database, "telegram", lambda: datetime.now(ZONE))
        self.answerer = InboxAnswerer("telegram", self.open_reply, self.respond, self.inbox)

    async def open_reply(self, item: InboxItem) -> ChannelReply:
        return ChannelReply(self, item)

    async def respond(self, incoming: Incoming, progress: Progress) -> Answer | None:
        if self.respond_faults:
            raise self.respond_faults.pop()
        if incoming.receipt is not None:
            incoming.receipt.changed, incoming.receipt.menu = self.changes, self.menu
        return self.answer

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
        incoming = Incoming(
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
        self.incoming: Incoming | None = replace(incoming, **channel.about(int(number)))
        self.sent_parts = channel.parts
        self._channel, self._number = channel, number

    async def acknowledge(self, answer: Answer | None) -> None: ...

    async def show_progress(self, answer: Answer) -> None: ...

    def show_menu(self, commands: Sequence[str]) -> None:
        self._channel.menus.append(commands)

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
        if self._channel.note_fault is not None:
            raise self._channel.note_fault


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


@pytest.mark.parametrize("error", [NotDelivered("no connection"), Uncertain("a timeout")])
@pytest.mark.parametrize(
    ("address", "moved_to"), [("11", None), ("12", None), ("12", "12"), ("11", "12")]
)
async def test_what_tells_of_a_change_and_does_not_arrive_goes_out_later_if_the_chat_is_known(
    sqlite: Database, address: str, moved_to: str | None, error: DeliveryError
) -> None:
    async with fill(sqlite, date(2026, 11, 20)) as filling:
        await filling.person("An", PostRole.FOCAL_POINT, await filling.agency("Sở A"), chat="An")
        (chat,) = await filling.session.exec(select(Chat))
        chat.channel, chat.address = "telegram", address
    channel = Channel(sqlite)
    channel.about = lambda _: {"moved_to": moved_to}
    channel.changes, channel.sending = True, lambda: error
    async with channel.run():
        await channel.inbox.store([make_update(1)])
        await channel.until(lambda: channel.inbox.lanes.job_count == 0)
    async with sqlite.read() as session:
        (row,) = await session.exec(select(InboxRow))
        queued = (await session.exec(select(Notice).where(Notice.kind == "message"))).all()
    is_known = address == (moved_to or "11")
    assert row.handled_at is not None
    assert row.note == ("queued" if is_known else None)
    said = to_json(mark_again(ANSWER) if isinstance(error, Uncertain) else ANSWER)
    assert [(n.chat_id, n.body) for n in queued] == ([(chat.id, said)] if is_known else [])


@pytest.mark.parametrize("was_sending", [True, False])
async def test_an_answer_stored_by_an_earlier_process_is_marked_if_it_may_have_arrived(
    sqlite: Database, was_sending: bool
) -> None:
    channel = Channel(sqlite)
    channel.respond_faults = [AssertionError("the registry has the change already")]
    await channel.inbox.store([make_update(1)])
    async with sqlite.write() as session:
        stored = {"changed": True, "answer": to_json(ANSWER), "sending": was_sending}
        await session.exec(update(InboxRow).values(stored))
    async with channel.run():
        await channel.until(lambda: len(channel.sent) == 1)
    assert channel.sent == [("1", mark_again(ANSWER) if was_sending else ANSWER)]


async def test_what_is_posted_comes_again_unless_it_was_answered_beside(
    sqlite: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    locked = OperationalError("", None, Exception("database is locked"))

    async def fail(*_: object) -> dict[str, int]:
        raise locked

    async with Channel(sqlite).run() as channel:
        with monkeypatch.context() as patch:
            patch.setattr(inbox, "add_updates", fail)
            assert not await channel.answerer.store_posted_update(make_update(1))
            channel.respond_faults = [locked]
            with pytest.raises(OperationalError):
                await channel.answerer.store_posted_update(make_update(2))
        assert await channel.answerer.store_posted_update(make_update(2))
        await channel.until(lambda: len(channel.sent) == 2)
    assert [number for number, _ in channel.sent] == ["1", "2"]


@pytest.mark.parametrize(
    ("age", "changes", "more", "is_late"),
    [
        (timedelta(minutes=10), False, {}, False),
        (timedelta(minutes=10, seconds=1), False, {}, True),
        (timedelta(hours=1), True, {}, False),
        (timedelta(hours=1), False, {"event": "added"}, False),
    ],
)
async def test_an_answer_that_tells_of_no_change_comes_too_late_after_ten_minutes(
    sqlite: Database, age: timedelta, changes: bool, more: dict[str, Any], is_late: bool
) -> None:
    channel = Channel(sqlite)
    channel.changes = changes
    channel.about = lambda _: {"now": NOW, "sent_at": NOW - age, **more}
    async with channel.run():
        await channel.inbox.store([make_update(1)])
        await channel.until(lambda: channel.inbox.lanes.job_count == 0)
    assert (len(channel.sent), len(channel.notes)) == ((0, 1) if is_late else (1, 0))


async def test_an_answer_that_may_have_arrived_is_sent_four_times_at_most(
    sqlite: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(running, "BACKOFF", (0.001,))
    channel = Channel(sqlite)
    channel.sending = lambda: Uncertain("a timeout")
    async with channel.run():
        await channel.inbox.store([make_update(1)])
        await channel.until(lambda: channel.inbox.lanes.job_count == 0)
    assert channel.sent == [("1", ANSWER), *3 * [("1", mark_again(ANSWER))]]


@pytest.mark.parametrize("answer", [ANSWER, None])
async def test_what_tells_of_a_change_is_stored_before_it_is_sent(
    sqlite: Database, answer: Answer | None
) -> None:
    channel = Channel(sqlite)
    channel.changes, channel.answer = True, answer
    channel.sending = asyncio.get_running_loop().create_future  # it does not end
    async with channel.run():
        await channel.inbox.store([make_update(1)])
        await channel.until(lambda: bool(channel.sent) or not channel.inbox.lanes.job_count)
    async with sqlite.read() as session:
        (row,) = await session.exec(select(InboxRow))
    assert row.changed
    if answer is None:
        assert (channel.sent, row.handled_at is None) == ([], False)
    else:
        assert (row.answer, row.handled_at) == (to_json(ANSWER), None)


@pytest.mark.parametrize("parts", [0, 1])
async def test_an_answer_of_which_a_part_arrived_is_marked_when_it_is_sent_again(
    sqlite: Database, monkeypatch: pytest.MonkeyPatch, parts: int
) -> None:
    monkeypatch.setattr(running, "BACKOFF", (0.001,))
    channel, faults = Channel(sqlite), [NotDelivered("no connection")]
    channel.parts, channel.sending = parts, lambda: faults.pop() if faults else None
    async with channel.run():
        await channel.inbox.store([make_update(1)])
        await channel.until(lambda: channel.inbox.lanes.job_count == 0)
    assert channel.sent == [("1", ANSWER), ("1", mark_again(ANSWER) if parts else ANSWER)]


@pytest.mark.parametrize("menu", [None, (), ("viec",)])
async def test_a_chat_is_shown_the_menu_of_its_sender_if_it_has_one(
    sqlite: Database, menu: tuple[str, ...] | None
) -> None:
    channel = Channel(sqlite)
    channel.menu = menu
    async with channel.run():
        await channel.inbox.store([make_update(1)])
        await channel.until(lambda: channel.inbox.lanes.job_count == 0)
    assert channel.menus == ([] if menu is None else [menu])


@pytest.mark.parametrize("error", [Rejected("too long"), Unreachable("blocked")])
@pytest.mark.parametrize("changes", [True, False])
async def test_an_answer_that_the_channel_refuses_for_good_is_sent_once(
    sqlite: Database, error: DeliveryError, changes: bool
) -> None:
    channel = Channel(sqlite)
    channel.changes, channel.sending = changes, lambda: error
    async with channel.run():
        await channel.inbox.store([make_update(1)])
        await channel.until(lambda: channel.inbox.lanes.job_count == 0)
    assert channel.sent == [("1", ANSWER)]
    async with sqlite.read() as session:
        (row,) = await session.exec(select(InboxRow))
        assert (await session.exec(select(Notice))).all() == []
    assert (row.note, row.handled_at is None) == (None, False)


async def test_late_messages_wait_in_their_rows_until_their_chat_is_told(
    sqlite: Database,
) -> None:
    first, second = Channel(sqlite), Channel(sqlite)
    first.note_fault = NotDelivered("no connection")
    for channel in (first, second):
        channel.about = lambda _: {"now": NOW, "sent_at": NOW - timedelta(hours=1)}
    async with first.run():
        await first.inbox.store([make_update(1), make_update(2)])
        await first.until(lambda: bool(first.notes))
    async with second.run():
        await second.until(lambda: second.inbox.lanes.job_count == 0)
    told = make_answer(say("answers-late", count=2, texts="“câu hỏi”, “câu hỏi”"))
    assert (first.notes, second.notes) == ([("2", told)], [("2", told)])
    async with sqlite.read() as session:
        assert {row.note for row in await session.exec(select(InboxRow))} == {"late"}


async def test_a_line_about_late_messages_that_the_channel_refuses_is_not_sent_again(
    sqlite: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(running, "BACKOFF", (0.001,))
    channel = Channel(sqlite)
    channel.note_fault = Unreachable("blocked")
    channel.about = lambda _: {"now": NOW, "sent_at": NOW - timedelta(hours=1)}
    async with channel.run():
        await channel.inbox.store([make_update(1)])
        await channel.until(lambda: channel.inbox.lanes.job_count == 0)
    assert len(channel.notes) == 1
    async with sqlite.read() as session:
        assert [row.note for row in await session.exec(select(InboxRow))] == ["late"]


@pytest.mark.parametrize("event", ["removed", "blocked"])
async def test_a_chat_that_the_bot_may_not_write_to_is_sent_nothing(
    sqlite: Database, event: str
) -> None:
    channel = Channel(sqlite)
    channel.about = lambda _: {"event": event}
    async with channel.run():
        await channel.inbox.store([make_update(1)])
        await channel.until(lambda: channel.inbox.lanes.job_count == 0)
    assert (channel.sent, channel.notes) == ([], [])


LONG = "x" * 60


@pytest.mark.parametrize(
    ("texts", "told"),
    [
        (["a", "b", "c"], say("answers-late", count=3, texts="“a”, “b”, “c”")),
        (["a", "", "b", "c", "d"], say("answers-late", count=5, texts="“a”, “b”, “c”, …")),
        ([LONG, LONG + "x"], say("answers-late", count=2, texts=f"“{LONG}”, “{LONG[1:]}…”")),
        (["", ""], say("answers-late-presses", count=2)),
    ],
)
async def test_answers_that_come_too_late_are_summed_up_once_as_the_last_word(
    sqlite: Database, texts: list[str], told: Sentence
) -> None:
    channel = Channel(sqlite)
    late = {"now": NOW, "sent_at": NOW - timedelta(hours=1)}
    channel.about = lambda number: {**late, "text": texts[number]}
    async with channel.run():
        await channel.inbox.store([make_update(number) for number in range(len(texts))])
        await channel.until(lambda: channel.inbox.lanes.job_count == 0)
    assert channel.sent == []
    assert channel.notes == [(str(len(texts) - 1), make_answer(told))]
    async with sqlite.read() as session:
        assert {row.note for row in await session.exec(select(InboxRow))} == {"late"}


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
    for one in (make_update(1), make_update(2)):
        channel.answerer.outage.answer_unstored([one])
        assert not await channel.answerer.outage.was_answered(one.update)
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


async def test_the_inbox_of_a_shared_registry_is_looked_through_every_second(
    sqlite: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    pauses: list[float] = []

    async def note_pause(_event: asyncio.Event, seconds: float) -> None:
        pauses.append(seconds)
        await asyncio.Event().wait()

    async def claim(*_: object) -> list[InboxRow]:
        return []

    monkeypatch.setattr("bot.channels.inbox.wait_for_event", note_pause)
    monkeypatch.setattr(inbox, "claim_chats", claim)
    monkeypatch.setattr(sqlite, "is_sqlite", False)
    async with Channel(sqlite).run() as channel:
        await channel.until(lambda: bool(pauses))
    assert pauses == [1.0]


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
