"""The Zalo channel against the strict local server: what comes in and what goes out."""

from __future__ import annotations

import asyncio
import sqlite3
import zoneinfo
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy.exc import OperationalError

from bot.channels import poll_lease
from bot.channels.channel import StartFault
from bot.channels.webhook import PostingAddress
from bot.channels.zalo import polling
from bot.channels.zalo.channel import Zalo
from bot.channels.zalo.client import ZaloClient
from bot.channels.zalo.events import read_message
from handlers.conversation.incoming import Incoming, Progress
from locales.answer import Answer, Button, File, make_answer, say
from models import inbox
from models.channels.handouts import find_handout
from models.channels.usage import read_usage
from models.chats import Chat
from models.storage.database import Database
from scheduler import rules
from scheduler.delivery import (
    DeliveryError,
    NotDelivered,
    QuotaSpent,
    Rejected,
    ServerFault,
    Uncertain,
    Unreachable,
)
from scheduler.sender import NoticeSender
from tests.support.zaloapi import ZaloApi

ZONE = zoneinfo.ZoneInfo("Asia/Ho_Chi_Minh")
Responder = Callable[[Incoming], Awaitable[Answer | None]]


def words(text: str, *labels: str) -> Answer:
    """An answer with `text` and a button for each label, whose action is `do:label`."""
    buttons = [[Button(say("plain", text=label), f"do:{label}") for label in labels]]
    return make_answer(say("plain", text=text), buttons=buttons)


class Listener:
    """A router for tests: keeps what came in and answers what `reply` makes of it."""

    def __init__(self, reply: Responder | None = None) -> None:
        self.incoming: list[Incoming] = []
        self._reply = reply

    async def __call__(self, incoming: Incoming, progress: Progress) -> Answer | None:
        self.incoming.append(incoming)
        if self._reply is not None:
            return await self._reply(incoming)
        return words(incoming.text or incoming.action or "?")


def make_channel(server: ZaloApi, listener: Listener, database: Database, **more: Any) -> Zalo:
    client = ZaloClient(more.pop("token", server.token), server.url)
    options = {"monthly": 3000, **more}
    return Zalo(client, listener, lambda: datetime.now(ZONE), database, **options)


@asynccontextmanager
async def running(
    server: ZaloApi, listener: Listener, database: Database, **more: Any
) -> AsyncIterator[Zalo]:
    channel = make_channel(server, listener, database, **more)
    await channel.start()
    try:
        yield channel
    finally:
        await channel.finish()
        await channel.close()


@pytest.fixture
async def server() -> AsyncIterator[ZaloApi]:
    async with ZaloApi() as api:
        api.person("an", "Nguyễn Văn An")
        api.person("binh", "Trần Bình")
        api.group("nhom", "Tổ công tác")
        yield api


@pytest.fixture
def quick_polls(monkeypatch: pytest.MonkeyPatch) -> None:
    """After a failure the bot polls again in a moment."""
    monkeypatch.setattr(polling, "BACKOFF", (0.02,))


async def test_a_question_is_answered(server: ZaloApi, sqlite: Database) -> None:
    listener = Listener()
    async with running(server, listener, sqlite):
        await server.says("an", "việc tuần này")
        assert await server.wait_for("an", 1) == ["việc tuần này"]
    (incoming,) = listener.incoming
    assert (incoming.channel, incoming.chat, incoming.chat_kind) == ("zalo", "an", "private")
    assert (incoming.sender, incoming.sender_name) == ("an", "Nguyễn Văn An")
    assert incoming.update


async def test_a_group_is_answered_when_it_names_the_bot(server: ZaloApi, sqlite: Database) -> None:
    listener = Listener()
    async with running(server, listener, sqlite):
        await server.says("nhom", "ăn trưa chưa?", "an")
        await server.says("nhom", "@Nhắc việc việc quá hạn", "an")
        await server.wait_for("nhom", 1)
    (incoming,) = listener.incoming
    assert (incoming.text, incoming.chat_kind, incoming.sender) == ("việc quá hạn", "group", "an")


async def test_what_is_neither_text_nor_picture_is_handed_in_as_such(
    server: ZaloApi, sqlite: Database
) -> None:
    listener = Listener()
    async with running(server, listener, sqlite):
        for kind in ("sticker", "voice", "unsupported"):
            await server.sends_other("an", kind)
        await server.wait_for("an", 3)
    assert [incoming.other for incoming in listener.incoming] == [True, True, True]


async def test_a_picture_is_fetched_from_where_the_platform_says(
    server: ZaloApi, sqlite: Database
) -> None:
    listener = Listener()
    async with running(server, listener, sqlite):
        await server.sends_photo("an", "số 15/BC-STP")
        await server.wait_for("an", 1)
        (incoming,) = listener.incoming
        assert incoming.file is not None
        assert incoming.file.picture
        assert (await incoming.file.fetch()).startswith(b"\xff\xd8")
    assert incoming.text == "số 15/BC-STP"


async def test_a_picture_at_a_foreign_plain_address_or_none_is_not_fetched(
    server: ZaloApi,
) -> None:
    client = ZaloClient(server.token, server.url)
    for address in ("http://192.0.2.1/a.jpg", "https://h:99999999/a", "https://[a", "", "\x00"):
        with pytest.raises(NotDelivered):
            await client.fetch_picture(address)
    await client.close()


async def test_buttons_are_numbers_and_a_number_presses(server: ZaloApi, sqlite: Database) -> None:
    async def reply(incoming: Incoming) -> Answer:
        return words(incoming.action or "chọn", "Đã tiếp nhận", "Đã hoàn thành")

    listener = Listener(reply)
    async with running(server, listener, sqlite):
        await server.says("an", "việc của tôi")
        (shown,) = await server.wait_for("an", 1)
        assert shown.endswith("Trả lời bằng số: 1 Đã tiếp nhận · 2 Đã hoàn thành")
        await server.says("an", "số 2")
        await server.wait_for("an", 2)
    assert [i.action for i in listener.incoming] == [None, "do:Đã hoàn thành"]


async def test_numbers_survive_a_restart(server: ZaloApi, sqlite: Database) -> None:
    async def reply(incoming: Incoming) -> Answer:
        return words("chọn", "A", "B")

    async with running(server, Listener(reply), sqlite):
        await server.says("an", "việc")
        await server.wait_for("an", 1)
    listener = Listener()
    async with running(server, listener, sqlite):
        await server.says("an", "2")
        await server.wait_for("an", 2)
    assert listener.incoming[0].action == "do:B"


async def test_a_number_never_answers_for_a_message_that_came_later(
    server: ZaloApi, sqlite: Database
) -> None:
    """A notice has numbers of its own; what was typed before an answer came means the old one."""

    async def reply(incoming: Incoming) -> Answer:
        return words(incoming.action or incoming.text, f"{incoming.text} A", f"{incoming.text} B")

    listener = Listener(reply)
    async with running(server, listener, sqlite) as channel:
        await server.says("an", "một")
        await server.wait_for("an", 1)
        typed_at = server.clock()
        await channel.deliver("an", words("nhắc", "Nhận", "Xong"))
        assert "41 Nhận · 42 Xong" in server.texts("an")[-1]
        await server.says("an", "hai")
        await server.wait_for("an", 3)
        await server.says("an", "1", at=typed_at)
        await server.wait_for("an", 4)
        await server.says("an", "1")
        await server.wait_for("an", 5)
        await server.says("an", "42")
        await server.wait_for("an", 6)
    assert [i.action for i in listener.incoming if i.action] == ["do:một A", "do: A", "do:Xong"]


async def test_a_number_that_was_shown_over_a_day_ago_is_only_a_text(
    server: ZaloApi, sqlite: Database
) -> None:
    async def reply(incoming: Incoming) -> Answer:
        return words("chọn", "A")

    listener = Listener(reply)
    async with running(server, listener, sqlite):
        await server.says("an", "việc")
        await server.wait_for("an", 1)
        listener_later = Listener()
        later = Zalo(
            ZaloClient(server.token, server.url),
            listener_later,
            lambda: datetime.now(ZONE) + timedelta(days=1, minutes=1),
            sqlite,
            monthly=3000,
        )
    await later.start()
    await server.says("an", "1")
    await server.wait_for("an", 2)
    await later.finish()
    await later.close()
    assert [(i.text, i.action) for i in listener_later.incoming] == [("1", None)]


async def test_lines_of_a_list_keep_their_numbers(server: ZaloApi, sqlite: Database) -> None:
    async def reply(incoming: Incoming) -> Answer:
        return words(incoming.action or "1. việc\n2. việc", "1", "2", "Sau ▶")

    listener = Listener(reply)
    async with running(server, listener, sqlite):
        await server.says("an", "danh sách")
        (shown,) = await server.wait_for("an", 1)
        assert shown.endswith("Trả lời bằng số: 1–2 xem từng việc · 3 Sau ▶")
        await server.says("an", "3")
        await server.wait_for("an", 2)
    assert listener.incoming[-1].action == "do:Sau ▶"


async def test_long_answers_are_cut_at_two_thousand_characters(
    server: ZaloApi, sqlite: Database
) -> None:
    blocks = [say("plain", text=f"{n}. {'việc ' * 60}") for n in range(20)]

    async def reply(incoming: Incoming) -> Answer:
        return make_answer(*blocks)

    async with running(server, Listener(reply), sqlite):
        await server.says("an", "tất cả")
        texts = await server.wait_for("an", 4)
    assert all(len(text) <= 2000 for text in texts)
    assert "19. việc" in texts[-1]


async def test_a_file_is_named_though_zalo_takes_none(server: ZaloApi, sqlite: Database) -> None:
    async def reply(incoming: Incoming) -> Answer:
        return make_answer(files=[File("bang.xlsx", b"x")])

    async with running(server, Listener(reply), sqlite):
        await server.says("an", "/xuat")
        (text,) = await server.wait_for("an", 1)
    assert "bang.xlsx" in text


async def test_a_file_is_an_address_and_a_chart_a_picture(
    server: ZaloApi, sqlite: Database
) -> None:
    async def reply(incoming: Incoming) -> Answer:
        return make_answer(files=[File("bảng.xlsx", b"x"), File("biểu đồ.png", b"p")])

    url = "https://tinh.example/tep/"
    async with running(server, Listener(reply), sqlite, files_url=url):
        await server.says("an", "/xuat")
        await server.wait_for("an", 2)
    sheet, chart = server.chats["an"].sent
    assert "bảng.xlsx" in sheet.text
    async with sqlite.read() as session:
        handout = await find_handout(session, sheet.text.rpartition("/tep/")[2], server_now())
        later = await find_handout(
            session, sheet.text.rpartition("/tep/")[2], server_now() + timedelta(minutes=11)
        )
    assert handout is not None
    assert (handout.name, handout.content, later) == ("bảng.xlsx", b"x", None)
    assert chart.photo is not None
    assert chart.photo.startswith(url)


def server_now() -> datetime:
    return datetime.now(ZONE)


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        ("quota", QuotaSpent),
        ("forbidden", ServerFault),
        ("timeout", Uncertain),
        ("html", ServerFault),
        ("drop", Uncertain),
        ("deliver_drop", Uncertain),
    ],
)
async def test_each_fault_has_its_meaning(
    server: ZaloApi, sqlite: Database, fault: str, error: type[DeliveryError]
) -> None:
    async with running(server, Listener(), sqlite) as channel:
        await server.says("an", "chào")
        await server.wait_for("an", 1)
        server.next_faults.append(fault)
        with pytest.raises(error):
            await channel.deliver("an", words("nhắc"))


async def test_chats_that_cannot_be_written_to_are_unreachable(
    server: ZaloApi, sqlite: Database
) -> None:
    server.close("binh")
    async with running(server, Listener(), sqlite) as channel:
        for chat in ("binh", "ai-do"):
            with pytest.raises(Unreachable):
                await channel.deliver(chat, words("nhắc"))


async def test_an_answer_without_a_word_is_rejected(server: ZaloApi, sqlite: Database) -> None:
    async with running(server, Listener(), sqlite) as channel:
        with pytest.raises(Rejected):
            await channel.deliver("an", make_answer())


async def test_without_a_network_nothing_is_delivered(server: ZaloApi, sqlite: Database) -> None:
    async with running(server, Listener(), sqlite) as channel:
        await server.down()
        with pytest.raises(NotDelivered):
            await channel.deliver("an", words("nhắc"))


async def test_messages_both_ways_are_counted(server: ZaloApi, sqlite: Database) -> None:
    async with running(server, Listener(), sqlite) as channel:
        await server.says("an", "chào")
        await server.wait_for("an", 1)
        await channel.deliver("an", words("nhắc"))
    async with sqlite.read() as session:
        assert await read_usage(session, "zalo", datetime.now(ZONE).date()) == 3
    assert server.used == 3


async def test_the_quota_is_never_passed_and_reminders_go_before_answers(
    server: ZaloApi, sqlite: Database
) -> None:
    """Of 20 messages two are kept: the 18th question is not answered, a reminder still goes."""
    server.monthly = 20
    listener = Listener()
    async with running(server, listener, sqlite, monthly=20) as channel:
        for number in range(9):
            await server.says("an", f"câu {number}")
            await server.wait_for("an", number + 1)
        with pytest.raises(QuotaSpent):
            await channel._sender.send_answer("an", words("trả lời"), is_plain=True)
        await channel.deliver("an", words("nhắc"))
        await channel.deliver("an", words("nhắc"))
        with pytest.raises(QuotaSpent):
            await channel.deliver("an", words("nhắc"))
    assert server.used == 20


async def add_chat(database: Database, address: str) -> None:
    async with database.write() as session:
        session.add(Chat(channel="zalo", address=address, kind="private", title=address))


def make_sender(database: Database, channel: Zalo) -> NoticeSender:
    def now() -> datetime:
        return datetime.now(ZONE) + timedelta(seconds=1)

    return NoticeSender(database, {"zalo": channel}, rules.Defaults(), now)


async def test_who_asks_when_the_quota_is_low_is_told_once(
    server: ZaloApi, sqlite: Database
) -> None:
    await add_chat(sqlite, "an")
    async with running(server, Listener(), sqlite, monthly=20) as channel:
        await channel._quota.reserve_messages(17, is_plain=True)
        for _ in range(2):
            await channel._sender.explain_quota("an")
            await make_sender(sqlite, channel).send_due()
    (text,) = server.texts("an")
    assert "sắp hết" in text


async def test_a_question_asked_when_the_quota_is_spent_is_spoken_of_when_there_are_messages(
    server: ZaloApi, sqlite: Database
) -> None:
    await add_chat(sqlite, "an")
    asked = asyncio.Event()

    async def answer_last(incoming: Incoming) -> Answer:
        if incoming.text == "việc tháng này":
            asked.set()
        return words(incoming.text)

    async with running(server, Listener(answer_last), sqlite, monthly=20) as channel:
        await channel._quota.reserve_messages(20, is_plain=False)
        await server.says("an", "việc tuần này")
        await server.says("an", "việc tháng này")
        async with asyncio.timeout(10):
            await asked.wait()
        await channel._inbox.lanes.drain(5.0)
        assert server.texts("an") == []
        await channel._quota.release_messages(20)
        await make_sender(sqlite, channel).send_due()
    (text,) = server.texts("an")
    assert "vui lòng hỏi lại" in text


async def test_a_message_that_is_stored_at_the_third_try_is_counted_once(
    server: ZaloApi, sqlite: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.channels.zalo.polling.BACKOFF", (0.01,))
    store, failures = inbox.add_updates, [1, 2]

    async def store_or_fail(*values: Any) -> Any:
        stored = await store(*values)
        if failures:
            failures.pop()
            raise OperationalError("INSERT", {}, Exception("database is locked"))
        return stored

    async def report(incoming: Incoming) -> Answer:
        async with sqlite.write():
            return words("Đã ghi")

    monkeypatch.setattr(inbox, "add_updates", store_or_fail)
    async with running(server, Listener(report), sqlite):
        await server.says("an", "đã xong I.1")
        await server.wait_for("an", 2)  # that it is put off, and the answer
    async with sqlite.read() as session:
        assert await read_usage(session, "zalo", server_now().date()) == server.used == 3


async def fail(*_: object, **__: object) -> int:
    """Stand for a statement that the registry does not take."""
    raise OperationalError("UPDATE", {}, Exception("database or disk is full"))


async def test_a_message_that_has_gone_is_no_fault_of_the_registry(
    server: ZaloApi, sqlite: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It would be sent a second time, without a mark."""
    async with running(server, Listener(), sqlite) as channel:
        await server.says("an", "chào")
        await server.wait_for("an", 1)
        monkeypatch.setattr("models.channels.choices.set_shown_at", fail)
        await channel.deliver("an", words("nhắc", "Xong"))
        monkeypatch.setattr("models.channels.usage.count_messages", fail)
        server.next_faults.append("deliver_drop")
        with pytest.raises(Uncertain):
            await channel.deliver("an", words("nhắc"))


async def read_used(database: Database) -> int:
    async with database.read() as session:
        return await read_usage(session, "zalo", datetime.now(ZONE).date())


@contextmanager
def locked(database: Database) -> Iterator[None]:
    """Another program holds the registry's file."""
    other = sqlite3.connect(str(database.path), isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    try:
        yield
    finally:
        other.execute("ROLLBACK")
        other.close()


async def test_a_question_is_answered_while_the_registry_is_locked(
    server: ZaloApi, sqlite: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.channels.inbox.SLOW_SECONDS", 0.05)
    listener = Listener(reply=lambda incoming: _answer(words("3 việc", "Xem")))
    async with running(server, listener, sqlite) as channel:
        with locked(sqlite):
            await server.says("an", "việc tuần này")
            assert await server.wait_for("an", 1) == ["3 việc"]  # without a number
        await channel.deliver("binh", words("nhắc"))
        assert server.texts("an") == ["3 việc"]
        assert await read_used(sqlite) == server.used == 3


async def test_what_cannot_be_stored_is_put_off_with_a_word(
    server: ZaloApi, sqlite: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.channels.inbox.SLOW_SECONDS", 0.05)

    async def report(incoming: Incoming) -> Answer:
        async with sqlite.write():
            return words("Đã ghi")

    async with running(server, Listener(report), sqlite):
        with locked(sqlite):
            for chat in ("an", "binh"):
                await server.says(chat, "đã xong I.1")
            assert "tạm gián đoạn" in (await server.wait_for("an", 1))[0]
            monkeypatch.setattr("bot.channels.inbox.SLOW_SECONDS", 60)  # on a busy machine, too
        assert (await server.wait_for("an", 2))[1] == "Đã ghi"
        assert await server.wait_for("binh", 1) == ["Đã ghi"]


async def test_an_answer_with_a_file_is_put_off_while_nothing_can_be_written(
    server: ZaloApi, sqlite: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.channels.inbox.SLOW_SECONDS", 0.05)
    answer = make_answer(say("plain", text="Bảng"), files=(File("bang.xlsx", b"x"),))
    async with running(
        server,
        Listener(reply=lambda incoming: _answer(answer)),
        sqlite,
        files_url="https://tinh.example/",
    ):
        with locked(sqlite):
            await server.says("an", "bảng")
            assert "tạm gián đoạn" in (await server.wait_for("an", 1))[0]
        assert (await server.wait_for("an", 2))[1].startswith("Bảng")


async def test_admins_are_told_of_a_registry_that_takes_nothing(
    server: ZaloApi, sqlite: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with running(server, Listener(), sqlite, monthly=3) as channel:
        with monkeypatch.context() as broken:
            broken.setattr("models.channels.usage.count_messages", fail)
            await channel.deliver("an", words("đầy"))
            await channel.deliver("an", words("đầy"))
            server.next_faults.append("forbidden")
            with pytest.raises(ServerFault):
                await channel.deliver("an", words("đầy"))
        assert await read_used(sqlite) == 0
        await channel.deliver("an", words("lại được"))
        assert await read_used(sqlite) == 3
        monkeypatch.setattr("models.channels.usage.count_messages", fail)
        with pytest.raises(QuotaSpent):
            await channel.deliver("an", words("quá số tin"))


async def _answer(answer: Answer) -> Answer:
    return answer


@pytest.mark.parametrize("date", [10**30, -(10**30), True, "x", None])
async def test_a_message_that_has_gone_at_no_time_has_gone(
    server: ZaloApi, sqlite: Database, monkeypatch: pytest.MonkeyPatch, date: object
) -> None:
    async def send(given: dict[str, Any]) -> dict[str, Any]:
        return {"message_id": "1", "date": date}

    async with running(server, Listener(), sqlite) as channel:
        monkeypatch.setattr(server, "_on_sendMessage", send)
        assert (await channel.deliver("an", words("nhắc", "Xong"))).message == "1"


async def test_a_button_that_opens_a_page_gets_no_number(server: ZaloApi, sqlite: Database) -> None:
    async def reply(incoming: Incoming) -> Answer:
        page = Button(say("plain", text="Mở bảng"), page="https://tinh.example/")
        return make_answer(
            say("plain", text="chọn"), buttons=[[page, Button(say("plain", text="Xem"), "do:x")]]
        )

    async with running(server, Listener(reply), sqlite):
        await server.says("an", "bảng")
        (text,) = await server.wait_for("an", 1)
    assert text.endswith("Trả lời bằng số: 1 Xem")


async def test_answers_that_name_no_bot_and_unforeseen_faults_end_no_polling(
    server: ZaloApi, sqlite: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.channels.zalo.polling.BACKOFF", (0.01,))
    odd: list[Any] = [[], None, "x", 5]
    name_bot, call = server._on_getMe, ZaloClient.call_method
    faults = [RuntimeError("unforeseen")]

    async def name_badly(given: dict[str, Any]) -> Any:
        return odd.pop() if odd else await name_bot(given)

    async def call_or_break(self: ZaloClient, method: str, *more: Any, **given: Any) -> Any:
        if method == "getUpdates" and faults:
            raise faults.pop()
        return await call(self, method, *more, **given)

    monkeypatch.setattr(server, "_on_getMe", name_badly)
    monkeypatch.setattr(ZaloClient, "call_method", call_or_break)
    async with running(server, Listener(), sqlite):
        await server.says("an", "chào")
        await server.wait_for("an", 1)
    assert not odd
    assert not faults


@pytest.mark.usefixtures("quick_polls")
async def test_an_event_that_cannot_be_stored_keeps_out_no_other(
    server: ZaloApi, sqlite: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    store, faults = inbox.add_updates, [ValueError("no such value")]

    async def store_or_fail(*values: Any) -> Any:
        if faults:
            raise faults.pop()
        return await store(*values)

    monkeypatch.setattr(inbox, "add_updates", store_or_fail)
    async with running(server, Listener(), sqlite):
        await server.says("an", "một")
        await server.says("an", "hai")
        assert await server.wait_for("an", 1) == ["hai"]


async def test_of_two_processes_one_polls_until_it_stops(
    server: ZaloApi,
    postgresql: Database,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    monkeypatch.setattr(poll_lease, "RENEW_SECONDS", 0.5)
    polling: list[ZaloClient] = []
    call = ZaloClient.call_method

    async def note_call(self: ZaloClient, method: str, *more: Any, **given: Any) -> Any:
        if method == "getUpdates":
            polling.append(self)
        return await call(self, method, *more, **given)

    monkeypatch.setattr(ZaloClient, "call_method", note_call)
    async with (
        running(server, Listener(), postgresql) as one,
        running(server, Listener(), postgresql) as two,
    ):
        for number in (1, 2):
            await server.says("an", f"câu {number}")
            await server.wait_for("an", number)
        (client,) = set(polling)
        first, second = (one, two) if client is one._client else (two, one)
        await first.finish()
        await server.says("an", "câu 3")
        await server.wait_for("an", 3)
        assert polling[-1] is second._client
    assert "polls no more" not in caplog.text  # to stop is no trouble


async def test_a_webhook_is_set_and_what_it_posts_is_stored_once(
    server: ZaloApi, sqlite: Database
) -> None:
    listener = Listener()
    hook = PostingAddress("https://tinh.example/zalo/x", "mot-bi-mat-dai")
    event = (
        b'{"ok": true, "result": {"event_name": "message.text.received", "message":'
        b' {"message_id": "m9", "from": {"id": "an", "display_name": "An"},'
        b' "chat": {"id": "an", "chat_type": "PRIVATE"}, "date": 1, "text": "xin chao"}}}'
    )
    async with running(server, listener, sqlite, webhook=hook) as channel:
        assert server.webhook["url"] == hook.url
        assert not await channel.save_event(event, "sai")
        assert not await channel.save_event(event, None)
        assert await channel.save_event(b"{", hook.secret)
        assert await channel.save_event(event, hook.secret)
        assert await channel.save_event(event, hook.secret)
        await server.wait_for("an", 1)
    async with sqlite.read() as session:
        assert await read_usage(session, "zalo", server_now().date()) == 2  # one and its answer
    assert [incoming.text for incoming in listener.incoming] == ["xin chao"]


@pytest.mark.usefixtures("quick_polls")
async def test_a_forgotten_webhook_is_removed_when_the_bot_polls(
    server: ZaloApi, sqlite: Database
) -> None:
    server.webhook = {"url": "http://127.0.0.1:9/x", "secret_token": "mot-bi-mat-dai"}
    async with running(server, Listener(), sqlite) as channel:
        await channel._poller._wait_after_failure(Uncertain("x"), 2)
        while server.webhook:
            await server.wait_for("an", 0)
        await server.says("an", "chào")
        assert await server.wait_for("an", 1)


async def test_a_wrong_token_is_one_sentence(server: ZaloApi, sqlite: Database) -> None:
    channel = make_channel(server, Listener(), sqlite, token="1:khong-dung")
    with pytest.raises(StartFault, match="ZALO_BOT_TOKEN"):
        await channel.check_access()
    with pytest.raises(StartFault, match="ZALO_BOT_TOKEN"):
        await channel.start()


async def test_a_platform_out_of_reach_refuses_no_token(server: ZaloApi, sqlite: Database) -> None:
    channel = make_channel(server, Listener(), sqlite)
    await channel.check_access()
    await server.down()
    await channel.check_access()
    await channel.close()


@pytest.mark.parametrize(
    "raw",
    [
        None,
        [],
        {"result": 5},
        {"message": {"chat": {"id": "a"}, "from": {}}},
        {"message": {"message_id": True, "chat": {"id": "a"}, "from": {"id": "b"}}},
        {"message": {"message_id": "1", "chat": {"id": "a"}, "from": {"id": "b", "is_bot": True}}},
    ],
)
def test_an_event_without_a_message_of_a_person_is_none(raw: Any) -> None:
    assert read_message(raw) is None
