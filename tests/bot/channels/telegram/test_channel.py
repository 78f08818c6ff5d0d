"""The Telegram channel against the strict local server: what comes in and what goes out."""

from __future__ import annotations

import asyncio
import json
import logging
import time
import zoneinfo
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy.exc import OperationalError
from telegram import Bot

from bot.channels.answering import MOST_UNCERTAIN
from bot.channels.inbox_item import InboxItem
from bot.channels.telegram.channel import Telegram
from bot.channels.telegram.errors import BadToken
from bot.channels.telegram.requests import BadProxy, TelegramRequest
from bot.channels.telegram.updates import UpdateReader
from bot.channels.webhook import PostingAddress
from handlers.conversation.incoming import Incoming, Progress
from locales.answer import Answer, Button, File, make_answer, say
from models import inbox
from models.storage.database import Database
from tests.support.botapi import TOKEN, BotApi, FaultKind, Sent

ZONE = zoneinfo.ZoneInfo("Asia/Ho_Chi_Minh")
NOW = datetime(2026, 11, 20, 9, 0, tzinfo=ZONE)
AN, BINH, GROUP = 101, 102, -1001


def words(text: str) -> Answer:
    """An answer with `text`: the sentence for faults shows its value as it is."""
    return make_answer(say("fault", number=text))


class Router:
    """A router for tests: keeps what came in and answers what `reply` makes of it."""

    def __init__(
        self, reply: Callable[[Incoming, Progress], Awaitable[Answer | None]] | None = None
    ) -> None:
        self.incoming: list[Incoming] = []
        self._reply = reply

    async def __call__(self, incoming: Incoming, progress: Progress) -> Answer | None:
        self.incoming.append(incoming)
        if self._reply is None:
            return words(incoming.text or incoming.action or incoming.event or "?")
        return await self._reply(incoming, progress)


REGISTRIES: list[Database] = []  # that of the running test


@pytest.fixture(autouse=True)
def registry(sqlite: Database) -> Iterator[None]:
    REGISTRIES[:] = [sqlite]
    yield
    REGISTRIES.clear()


def make_channel(server: BotApi, router: Router, **more: Any) -> Telegram:
    options = {"api_url": server.url, "rate": 30_000, "database": REGISTRIES[0], **more}
    return Telegram(options.pop("token", server.token), router, lambda: NOW, **options)


@asynccontextmanager
async def running(server: BotApi, router: Router, **more: Any) -> AsyncIterator[Telegram]:
    channel = make_channel(server, router, **more)
    await channel.start()
    try:
        yield channel
    finally:
        await channel.stop()


@pytest.fixture
async def server() -> AsyncIterator[BotApi]:
    async with BotApi() as api:
        api.person(AN, "An")
        api.person(BINH, "Bình")
        api.group(GROUP, "Tổ công tác", topics={7})
        yield api


async def test_a_question_is_answered(server: BotApi) -> None:
    router = Router()
    async with running(server, router):
        server.says(AN, "việc tuần này")
        (sent,) = await server.sent(AN)
    assert "việc tuần này" in sent.text
    (incoming,) = router.incoming
    assert (incoming.channel, incoming.chat, incoming.chat_kind) == ("telegram", str(AN), "private")
    assert (incoming.sender, incoming.sender_name, incoming.now) == (str(AN), "An", NOW)
    assert incoming.update


async def test_what_people_type_is_never_markup(server: BotApi) -> None:
    async with running(server, Router()):
        server.says(AN, "<b> & ' OR 1=1 -- </i> \u202e")
        (sent,) = await server.sent(AN)
    assert "<b> & ' OR 1=1 -- </i>" in sent.text


async def test_a_command_loses_the_bots_name_and_another_bots_is_ignored(server: BotApi) -> None:
    router = Router()
    async with running(server, router):
        server.says(GROUP, "/baocao@other_bot x", AN)
        server.says(GROUP, "/baocao@NhacViec_bot II.3", AN)
        await server.sent(GROUP)
    assert [incoming.text for incoming in router.incoming] == ["/baocao II.3"]


async def test_a_group_is_answered_on_mention_and_reply_only(server: BotApi) -> None:
    router = Router()
    async with running(server, router):
        server.says(GROUP, "ăn trưa chưa?", AN)
        server.says(GROUP, "@nhacviec_bot việc quá hạn", AN)
        (first,) = await server.sent(GROUP)
        server.says(GROUP, "còn gì nữa?", BINH, reply_to=first)
        await server.sent(GROUP, 2)
    assert [(i.text, i.chat_kind, i.sender) for i in router.incoming] == [
        ("việc quá hạn", "group", str(AN)),
        ("còn gì nữa?", "group", str(BINH)),
    ]
    assert router.incoming[0].chat_title == "Tổ công tác"


async def test_an_answer_goes_to_the_topic_of_the_question(server: BotApi) -> None:
    async with running(server, Router()):
        server.says(GROUP, "/giup", AN, topic=7)
        (sent,) = await server.sent(GROUP)
    assert sent.topic == 7


async def test_an_edited_message_is_handed_on_like_any_other(server: BotApi) -> None:
    router = Router()
    async with running(server, router):
        number = server.says(AN, "viêc")
        await server.sent(AN)
        server.says(AN, "việc", edit=number)
        await server.sent(AN, 2)
    assert [(i.text, i.message) for i in router.incoming] == [
        ("viêc", str(number)),
        ("việc", str(number)),
    ]


async def test_stickers_and_files(server: BotApi) -> None:
    content: list[bytes] = []

    async def reply(incoming: Incoming, progress: Progress) -> Answer:
        if incoming.file is not None:
            content.append(await incoming.file.fetch())
        return words("xem")

    router = Router(reply)
    async with running(server, router):
        server.sends_sticker(AN)
        server.sends_file(AN, "kế hoạch.docx", b"PK...", caption="nhập")
        await server.sent(AN, 2)
    sticker, document = router.incoming
    assert sticker.other
    assert document.file is not None
    assert (document.file.name, document.file.size, document.text) == ("kế hoạch.docx", 5, "nhập")
    assert not document.other
    assert content == [b"PK..."]


async def test_a_photo_is_a_file_in_its_largest_size(server: BotApi) -> None:
    content: list[bytes] = []

    async def reply(incoming: Incoming, progress: Progress) -> Answer:
        assert incoming.file is not None
        content.append(await incoming.file.fetch())
        return words("xem")

    router = Router(reply)
    async with running(server, router):
        server.sends_photo(AN, b"\xff\xd8...", caption="minh chứng")
        await server.sent(AN)
    (photo,) = router.incoming
    assert photo.file is not None
    assert photo.file.picture
    assert (photo.file.name, photo.text, photo.other) == ("anh.jpg", "minh chứng", False)
    assert content == [b"\xff\xd8..."]


async def test_a_press_is_answered_with_its_toast_and_replaces_the_message(server: BotApi) -> None:
    async def reply(incoming: Incoming, progress: Progress) -> Answer:
        if incoming.action is None:
            return make_answer(
                say("fault", number="1"), buttons=[[Button(say("weekday", number=1), "page:2")]]
            )
        return make_answer(say("fault", number="2"), replace=True, toast=say("weekday", number=6))

    router = Router(reply)
    async with running(server, router):
        server.says(AN, "trang")
        (sent,) = await server.sent(AN)
        server.presses(sent, "thứ Ba")
        await server.until(lambda: server.toasts and sent.edits)
    assert router.incoming[1].action == "page:2"
    assert router.incoming[1].message == str(sent.message_id)
    assert [text for _, text in server.toasts] == ["Chủ nhật"]
    assert len(server.messages(AN)) == 1
    assert "2" in sent.text


async def test_a_press_that_changes_nothing_is_no_error(
    server: BotApi, caplog: pytest.LogCaptureFixture
) -> None:
    same = make_answer(
        say("fault", number="1"),
        buttons=[[Button(say("weekday", number=1), "again")]],
        replace=True,
    )

    async def reply(incoming: Incoming, progress: Progress) -> Answer:
        return same

    async with running(server, Router(reply)):
        server.says(AN, "x")
        (sent,) = await server.sent(AN)
        server.presses(sent)
        await server.until(lambda: [c for c in server.calls if c.method == "editmessagetext"])
        await server.until(lambda: server.toasts)
    assert len(server.messages(AN)) == 1
    assert not [record for record in caplog.records if record.levelno >= logging.WARNING]


async def test_a_message_too_old_to_edit_is_sent_anew(server: BotApi) -> None:
    async def reply(incoming: Incoming, progress: Progress) -> Answer:
        buttons = [[Button(say("weekday", number=1), "next")]]
        return make_answer(
            say("fault", number=incoming.action or "0"), buttons=buttons, replace=True
        )

    async with running(server, Router(reply)):
        server.says(AN, "x")
        (sent,) = await server.sent(AN)
        server.locks(sent)
        server.presses(sent)
        assert len(await server.sent(AN, 2)) == 2


async def test_long_answers_come_in_parts_with_the_buttons_on_the_last(server: BotApi) -> None:
    long = make_answer(
        *(say("fault", number=f"{n} {'😀' * 300}") for n in range(20)),
        buttons=[[Button(say("weekday", number=1), f"b{n}") for n in range(12)] for _ in range(10)],
    )

    async def reply(incoming: Incoming, progress: Progress) -> Answer:
        return long

    async with running(server, Router(reply)):
        server.says(AN, "x")
        sent = await server.until(
            lambda: [m for m in server.messages(AN) if m.markup] and server.messages(AN)
        )
    assert len(sent) > 2
    assert [bool(message.markup) for message in sent] == [*[False] * (len(sent) - 1), True]
    assert len(sent[-1].buttons) == 100


async def test_files_go_with_the_answer(server: BotApi) -> None:
    async def reply(incoming: Incoming, progress: Progress) -> Answer:
        return make_answer(say("fault", number="1"), files=[File("bao-cao.xlsx", b"123")])

    async with running(server, Router(reply)):
        server.says(AN, "x")
        sent = await server.sent(AN, 2)
    assert sent[1].file == ("bao-cao.xlsx", b"123")


async def test_progress_edits_one_message_and_the_answer_takes_its_place(server: BotApi) -> None:
    async def reply(incoming: Incoming, progress: Progress) -> Answer:
        await progress(words("10 %"))
        await server.sent(AN)
        return words("xong")

    async with running(server, Router(reply)):
        server.says(AN, "x")
        await server.until(lambda: server.messages(AN) and server.messages(AN)[0].edits)
    (sent,) = server.messages(AN)
    assert "xong" in sent.text
    assert "10 %" in sent.edits[0]


async def test_one_chat_in_order_different_chats_side_by_side(server: BotApi) -> None:
    gate = asyncio.Event()

    async def reply(incoming: Incoming, progress: Progress) -> Answer:
        if incoming.chat == str(AN):
            await gate.wait()
        return words(incoming.text)

    async with running(server, Router(reply)):
        for number in range(5):
            server.says(AN, f"câu {number}")
        server.says(BINH, "khác")
        await server.sent(BINH)
        assert not server.messages(AN)
        gate.set()
        sent = await server.sent(AN, 5)
    assert [f"câu {number}" in message.text for number, message in enumerate(sent)] == [True] * 5


async def test_an_update_that_comes_twice_is_handled_once(server: BotApi) -> None:
    router = Router()
    async with running(server, router):
        server.says(AN, "một")
        await server.sent(AN)
        server.replays()
        server.says(AN, "hai")
        await server.sent(AN, 2)
    assert [incoming.text for incoming in router.incoming] == ["một", "hai"]


async def test_an_update_that_cannot_be_read_stops_no_other(
    server: BotApi, caplog: pytest.LogCaptureFixture
) -> None:
    async with running(server, Router()):
        server._post("message", {"message_id": 5})
        server.says(AN, "một")
        await server.sent(AN)
    assert "cannot be read" in caplog.text


async def test_a_fault_of_the_channel_itself_leaves_the_chat_alive(
    server: BotApi, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    read, broken = UpdateReader.read_stored, [True]

    def read_or_break(reader: UpdateReader, item: InboxItem) -> Any:
        if broken:
            broken.clear()
            raise RuntimeError("a fault of the channel")
        return read(reader, item)

    monkeypatch.setattr(UpdateReader, "read_stored", read_or_break)
    async with running(server, Router()):
        server.says(AN, "một")
        server.says(AN, "hai")
        (sent,) = await server.sent(AN)
    assert "hai" in sent.text
    assert "was not handled" in caplog.text


async def test_a_flood_in_one_chat_is_summed_up_and_others_are_answered(server: BotApi) -> None:
    gate = asyncio.Event()

    async def reply(incoming: Incoming, progress: Progress) -> Answer:
        if incoming.chat == str(AN):
            await gate.wait()
        return words(incoming.text)

    router = Router(reply)
    async with running(server, router):
        for number in range(200):
            server.says(AN, f"câu {number}")
        server.says(BINH, "việc")
        await server.sent(BINH)
        gate.set()
        sent = await server.sent(AN, 51)
        await asyncio.sleep(0.1)
    assert len(router.incoming) == 201
    assert len(server.messages(AN)) == 51
    assert [m.text for m in sent if "chưa trả lời 150 tin của anh/chị: “câu 0”, “câu 1”" in m.text]


async def test_memory_is_bounded_by_taking_no_more_updates(
    server: BotApi, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.channels.inbox.MOST_IN_MEMORY", 10)
    gate = asyncio.Event()

    async def reply(incoming: Incoming, progress: Progress) -> Answer:
        await gate.wait()
        return words(incoming.text)

    async with running(server, Router(reply)):
        for number in range(300):
            server.says(1000 + number, "x")
        await server.until(lambda: server.counts["getupdates 200"] >= 1)
        await asyncio.sleep(0.1)
        assert server.counts["getupdates 200"] <= 2
        monkeypatch.setattr("bot.channels.inbox.SWEEP_SECONDS", 0.01)
        gate.set()
        await server.until(lambda: len(server.order) == 300, seconds=30)


async def test_events_of_chats(server: BotApi) -> None:
    router = Router()
    async with running(server, router):
        server.joins(GROUP)
        server.joins(AN, was="member", now="kicked")
        server.joins(AN, was="kicked", now="member")
        server.joins(GROUP, was="member", now="administrator")
        server.migrates(GROUP, -1009)
        server.joins(-1005, was="member", now="left")
        await server.until(lambda: len(router.incoming) >= 5)
    told = {(i.chat, i.event, i.moved_to) for i in router.incoming}
    assert told == {
        (str(GROUP), "added", None),
        (str(AN), "blocked", None),
        (str(AN), "unblocked", None),
        (str(GROUP), "moved", "-1009"),
        ("-1005", "removed", None),
    }


async def test_a_fault_is_told_with_the_number_that_is_in_the_log(
    server: BotApi, caplog: pytest.LogCaptureFixture
) -> None:
    async def reply(incoming: Incoming, progress: Progress) -> Answer:
        raise RuntimeError("broken")

    async with running(server, Router(reply)):
        server.says(AN, "x")
        (sent,) = await server.sent(AN)
    (record,) = [r for r in caplog.records if r.exc_info]
    number = record.getMessage().split()[1]
    assert number in sent.text


async def test_the_name_of_the_bot_is_told(server: BotApi) -> None:
    names: list[str] = []
    async with running(server, Router(), on_named=names.append):
        pass
    assert names == ["nhacviec_bot"]


async def test_the_menu_is_set(server: BotApi) -> None:
    async with running(server, Router(), commands=[("giup", say("weekday", number=1))]):
        await server.until(lambda: server.menu)
    assert server.menu == [{"command": "giup", "description": "thứ Ba"}]


async def test_a_private_chat_has_the_menu_of_its_persons_roles(server: BotApi) -> None:
    menus: dict[str, tuple[str, ...]] = {"1": ("tiendo",), "2": ("tiendo", "nhap"), "3": ()}

    async def reply(incoming: Incoming, _: Progress) -> Answer:
        assert incoming.receipt is not None
        incoming.receipt.menu = menus[incoming.text]
        return words(incoming.text)

    async with running(server, Router(reply)):
        for count in range(1, 4):
            server.says(AN, "1")
            await server.sent(AN, count)
        await server.until(lambda: server.chat_menus.get(AN) == ["tiendo"])
        server.says(AN, "2")
        await server.until(lambda: server.chat_menus.get(AN) == ["tiendo", "nhap"])
        assert server.counts["setmycommands 200"] == 2
        server.says(AN, "3")
        await server.until(lambda: AN not in server.chat_menus)
    assert server.menu == []


async def test_a_menu_that_was_not_set_is_set_at_a_later_message(
    server: BotApi, caplog: pytest.LogCaptureFixture
) -> None:
    async def reply(incoming: Incoming, _: Progress) -> Answer:
        assert incoming.receipt is not None
        incoming.receipt.menu = ("tiendo",)
        return words(incoming.text)

    server.fails("server_fault", method="setMyCommands")
    async with running(server, Router(reply)):
        for count in range(1, 20):
            server.says(AN, "x")
            await server.sent(AN, count)
            if server.chat_menus:
                break
    assert server.chat_menus == {AN: ["tiendo"]}
    assert "was not set" in caplog.text


async def test_a_wrong_token_is_said_at_start(server: BotApi) -> None:
    channel = make_channel(server, Router(), token=TOKEN[:-1] + "x")
    with pytest.raises(BadToken, match="mã truy cập"):
        await channel.start()


async def test_a_token_is_checked_without_a_start_and_a_server_out_of_reach_says_nothing(
    server: BotApi,
) -> None:
    for channel in (
        make_channel(server, Router()),
        make_channel(server, Router(), api_url="http://127.0.0.1:9"),
    ):
        await channel.check_access()
        await channel.close()
    channel = make_channel(server, Router(), token=TOKEN[:-1] + "x")
    with pytest.raises(BadToken):
        await channel.check_access()
    await channel.close()


async def test_an_answer_that_cannot_be_read_refuses_no_token(
    server: BotApi, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def answer_nonsense(_: Bot) -> None:
        raise TypeError("a user without an id")

    monkeypatch.setattr(Bot, "get_me", answer_nonsense)
    channel = make_channel(server, Router())
    await channel.check_access()
    await channel.close()


async def test_a_token_that_is_revoked_ends_nothing_and_is_told_once(
    server: BotApi, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.channels.telegram.polling.BACKOFF", (0.01,))
    async with running(server, Router()):
        await server.until(lambda: server.first_poll_at)
        server.token = "1:other"
        server.says(AN, "x")
        await server.until(lambda: server.counts["getupdates 401"] > 3)
        server.token = TOKEN
        await server.sent(AN)
        server.says(AN, "y")  # a poll that succeeds
        await server.sent(AN, 2)
    told = [r.getMessage() for r in caplog.records if "từ chối mã truy cập" in r.getMessage()]
    assert len(told) == 1
    assert "Đã kết nối lại" in caplog.text


async def test_a_second_poller_is_told_in_one_line_and_tried_again(
    server: BotApi, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.channels.telegram.polling.BACKOFF", (0.01,))
    async with running(server, Router()) as first:
        await server.until(lambda: server.first_poll_at)
        async with running(server, Router()):
            await server.until(lambda: server.counts["getupdates 409"] > 4)
        server.says(AN, "x")
        await server.sent(AN)
    assert first.name == "telegram"
    lines = [r.getMessage() for r in caplog.records if "cùng mã truy cập" in r.getMessage()]
    assert 1 <= len(lines) <= 2  # one for each of the two


async def test_without_network_it_starts_and_tries_again(
    server: BotApi, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.channels.telegram.polling.BACKOFF", (0.01,))
    await server.down()
    async with running(server, Router()):
        await server.up()
        server.says(AN, "x")
        await server.sent(AN)
    lines = [r.getMessage() for r in caplog.records if "Không kết nối" in r.getMessage()]
    assert len(lines) == 1
    assert "Đã kết nối lại" in caplog.text
    assert TOKEN not in caplog.text


async def test_the_network_that_is_back_is_told_behind_a_webhook_too(
    server: BotApi, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.channels.telegram.polling.BACKOFF", (0.01,))
    await server.down()
    address = PostingAddress("https://tinh.example/telegram/x", "mot-bi-mat")
    async with running(server, Router(), webhook=address):
        await server.up()
        await server.until(lambda: server.webhook == address.url)
        await asyncio.sleep(0.05)
    assert "Đã kết nối lại" in caplog.text


async def test_who_may_not_poll_confirms_nothing(server: BotApi) -> None:
    async with running(server, Router()) as channel:
        server.says(AN, "x")
        await server.sent(AN)
        assert channel._poller is not None
        await channel._poller.stop()
        channel._lease.lost.set()
        polls = server.counts["getupdates 200"]
        await channel._poller.confirm_updates()
        assert server.counts["getupdates 200"] == polls


async def test_a_webhook_is_set_with_its_secret_and_what_is_posted_is_answered_once(
    server: BotApi, sqlite: Database
) -> None:
    router = Router()
    address = PostingAddress("https://tinh.example/telegram/x", "mot-bi-mat")
    update = {
        "update_id": 7,
        "message": {
            "message_id": 1,
            "date": 1,
            "chat": {"id": AN, "type": "private", "first_name": "An"},
            "from": {"id": AN, "is_bot": False, "first_name": "An"},
            "text": "việc tuần này",
        },
    }
    async with running(server, router, webhook=address) as channel:
        assert (server.webhook, server.webhook_secret) == (address.url, address.secret)
        body = json.dumps(update).encode()
        assert not await channel.save_update(body, "sai")
        assert not await channel.save_update(body, None)
        assert await channel.save_update(b"[]", address.secret)
        assert await channel.save_update(b"{", address.secret)
        for _ in range(2):
            assert await channel.save_update(body, address.secret)
        await server.sent(AN)
    assert server.counts["getupdates 200"] == 0
    assert [incoming.text for incoming in router.incoming] == ["việc tuần này"]


async def test_a_forgotten_webhook_is_removed(
    server: BotApi, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.channels.telegram.polling.BACKOFF", (0.01,))
    server.webhook = "https://example.org"
    async with running(server, Router()):
        server.says(AN, "x")
        await server.sent(AN)


async def test_stopping_answers_what_was_taken_and_confirms_it(server: BotApi) -> None:
    gate, taken = asyncio.Event(), asyncio.Event()

    async def reply(incoming: Incoming, progress: Progress) -> Answer:
        taken.set()
        await gate.wait()
        return words("xong")

    async with running(server, Router(reply)):
        server.says(AN, "x")
        await taken.wait()
        asyncio.get_running_loop().call_later(0.01, gate.set)
    assert len(server.messages(AN)) == 1
    again = Router()
    async with running(server, again):
        server.says(AN, "y")
        await server.sent(AN, 2)
    assert [incoming.text for incoming in again.incoming] == ["y"]


async def test_answers_wait_out_a_429_and_survive_faults(
    server: BotApi, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.channels.telegram.sending.RETRIES", (0.0, 0.0, 0.0))
    server.fails("server_fault", method="sendMessage", chat=AN)
    server.fails("bad_markup", method="sendMessage", chat=AN)
    server.fails("bad_gateway", method="sendMessage", chat=AN)
    async with running(server, Router()):
        server.says(AN, "x & y")
        (sent,) = await server.sent(AN)
    assert "x & y" in sent.text
    assert not sent.entities


def test_a_proxy_that_cannot_be_used_is_said() -> None:
    with pytest.raises(BadProxy, match="TELEGRAM_PROXY"):
        Telegram(TOKEN, Router(), lambda: NOW, proxy="nonsense://user:geheim@host")


async def test_a_proxy_is_used(server: BotApi) -> None:
    channel = make_channel(server, Router(), api_url="http://bot-api.invalid", proxy=server.url)
    await channel.start()
    server.says(AN, "x")
    await server.sent(AN)
    await channel.stop()


async def test_what_is_not_finished_at_the_stop_is_handled_after_the_next_start(
    server: BotApi, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.channels.telegram.channel.STOP_SECONDS", 0.01)
    taken, never = asyncio.Event(), asyncio.Event()

    async def reply(incoming: Incoming, progress: Progress) -> Answer | None:
        taken.set()
        await never.wait()
        return None

    async with running(server, Router(reply)):
        server.says(AN, "đã xong II.4")
        server.says(AN, "còn việc gì?")
        await taken.wait()
    after = Router()
    async with running(server, after):
        await server.sent(AN, 2)
    assert [incoming.text for incoming in after.incoming] == ["đã xong II.4", "còn việc gì?"]


async def test_nothing_is_confirmed_while_the_registry_cannot_store_it(
    server: BotApi, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.channels.telegram.polling.BACKOFF", (0.01,))
    store, failures = inbox.add_updates, [1, 2, 3]

    async def store_or_fail(*values: Any) -> Any:
        if failures:
            failures.pop()
            raise OperationalError("INSERT", {}, Exception("database is locked"))
        return await store(*values)

    monkeypatch.setattr(inbox, "add_updates", store_or_fail)

    async def reply(incoming: Incoming, progress: Progress) -> Answer | None:
        if failures:
            raise OperationalError("INSERT", {}, Exception("database is locked"))
        return make_answer(say("plain", text=incoming.text))

    async with running(server, Router(reply)):
        server.says(AN, "đã xong II.4")
        told, sent = await server.sent(AN, 2)
    assert "sẽ được xử lý" in told.text
    assert "II.4" in sent.text


async def test_what_needs_nothing_written_is_answered_once_while_nothing_can_be_stored(
    server: BotApi, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.channels.telegram.polling.BACKOFF", (0.01,))
    store, is_full, tries = inbox.add_updates, True, asyncio.Queue[int]()

    async def store_or_fail(*values: Any) -> Any:
        tries.put_nowait(1)
        if is_full:
            raise OperationalError("INSERT", {}, Exception("database or disk is full"))
        return await store(*values)

    monkeypatch.setattr(inbox, "add_updates", store_or_fail)
    router = Router()
    async with running(server, router):
        for number, text in enumerate(("việc tuần này", "việc tháng này"), start=1):
            server.says(AN, text)
            await server.sent(AN, number)
            await tries.get()
        is_full = False
        server.says(AN, "việc tuần sau")
        await server.sent(AN, 3)
    asked = [incoming.text for incoming in router.incoming]
    assert asked == ["việc tuần này", "việc tháng này", "việc tuần sau"]


async def test_an_answer_that_the_channel_does_not_take_is_sent_later(
    server: BotApi, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.channels.telegram.sending.RETRIES", ())
    monkeypatch.setattr("bot.channels.inbox.BACKOFF", (0.01,))
    server.fails("server_fault", method="sendMessage", times=4)
    router = Router()
    async with running(server, router):
        server.says(AN, "việc tuần này")
        (sent,) = await server.sent(AN)
    assert "việc tuần này" in sent.text
    assert len(router.incoming) == 1


@pytest.mark.parametrize(("how", "arrived"), [("drop", 1), ("deliver_then_drop", 2)])
async def test_an_answer_that_may_have_arrived_is_sent_again_with_a_mark(
    server: BotApi, monkeypatch: pytest.MonkeyPatch, how: FaultKind, arrived: int
) -> None:
    monkeypatch.setattr("bot.channels.inbox.BACKOFF", (0.01,))
    server.fails(how, method="sendMessage", chat=AN)
    router = Router()
    async with running(server, router):
        server.says(AN, "việc tuần này")
        sent = await server.sent(AN, arrived)
    assert "việc tuần này" in sent[-1].text
    assert sent[-1].text.startswith("(gửi lại)")
    assert len(router.incoming) == 1


async def test_an_answer_that_always_may_have_arrived_is_given_up(
    server: BotApi, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.channels.inbox.BACKOFF", (0.01,))
    server.fails("drop", method="sendMessage", chat=AN, times=MOST_UNCERTAIN)
    async with running(server, Router()):
        server.says(AN, "việc tuần này")
        server.says(AN, "việc tháng này")
        (sent,) = await server.sent(AN)
    assert "việc tháng này" in sent.text


async def test_a_long_answer_of_which_a_part_arrived_is_sent_again_whole(
    server: BotApi, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.channels.telegram.sending.RETRIES", ())
    monkeypatch.setattr("bot.channels.inbox.BACKOFF", (0.01,))

    def fail_once(sent: Sent) -> None:
        server.on_sent = None
        server.fails("server_fault", method="sendMessage", chat=AN)

    async def reply_at_length(incoming: Incoming, progress: Progress) -> Answer:
        return make_answer(*(say("plain", text=f"{n} " + "x" * 3000) for n in (1, 2)))

    server.on_sent = fail_once
    async with running(server, Router(reply_at_length)):
        server.says(AN, "việc tuần này")
        first, again, second = await server.sent(AN, 3)
    assert (first.text[0], second.text[0]) == ("1", "2")
    assert again.text.startswith("(gửi lại)\n1 ")


async def test_answers_that_come_too_late_are_summed_up_in_one_line(server: BotApi) -> None:
    old = int(time.time()) - 1200
    async with running(server, Router()):
        for text in ("việc quá hạn", "còn gì nữa không", "hạn tuần sau", "tiến độ kế hoạch"):
            server.says(AN, text, date=old)
        server.says(BINH, "/start@x")
        server.says(BINH, "vừa hỏi")
        await server.sent(BINH)
        (sent,) = await server.sent(AN)
        await asyncio.sleep(0.1)
    assert len(server.messages(AN)) == 1
    assert "chưa trả lời 4 tin" in sent.text
    assert "“việc quá hạn”" in sent.text


async def test_a_line_about_late_answers_that_may_have_arrived_comes_again_marked(
    server: BotApi, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.channels.inbox.BACKOFF", (0.01,))
    server.fails("deliver_then_drop", method="sendMessage", chat=AN)
    async with running(server, Router()):
        server.says(AN, "việc quá hạn", date=int(time.time()) - 1200)
        first, again = await server.sent(AN, 2)
    assert again.text == f"(gửi lại)\n{first.text}"


async def test_the_day_of_a_message_is_the_channels(server: BotApi) -> None:
    router = Router()
    async with running(server, router):
        server.says(AN, "đã xong II.4", date=int(time.time()) - 86400)
        server.says(BINH, "đã xong II.5", date=int(time.time()) + 86400)
        await server.sent(BINH)
        await server.sent(AN)
    said = {incoming.sender: incoming.said_at for incoming in router.incoming}
    assert timedelta(hours=23, minutes=59) < NOW - said[str(AN)] < timedelta(hours=24, minutes=1)
    assert said[str(BINH)] == NOW


async def test_no_reply_of_a_server_ends_the_polling(
    server: BotApi, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.channels.telegram.polling.BACKOFF", (0.01,))
    do_request = TelegramRequest.do_request
    replies = [
        b"<html>login</html>",
        b"[]",
        b'{"ok": true}',
        b'{"ok": true, "result": null}',
        b'{"ok": true, "result": {"a": 1}}',
        b'{"ok": true, "result": [null, 7, "x", [], {}, {"update_id": "y"}, {"update_id": -4}]}',
        b'{"ok": true, "result": [{"update_id": 99999999999999}]}',
        b"\xff\xfe",
        b"",
    ]
    broken = [reply for reply in replies for _ in range(3)]

    async def answer_or_break(request: Any, url: str, *values: Any, **more: Any) -> Any:
        if broken and url.lower().endswith("/getupdates"):
            return 200, broken.pop(0)
        return await do_request(request, url, *values, **more)

    monkeypatch.setattr(TelegramRequest, "do_request", answer_or_break)
    async with running(server, Router()):
        server.says(AN, "còn đó không?")
        await server.sent(AN)
    assert not broken


async def test_empty_replies_at_once_are_followed_by_a_pause(
    server: BotApi, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.channels.telegram.polling.POLL_SECONDS", 0)
    async with running(server, Router()):
        await asyncio.sleep(0.3)
        assert server.counts["getupdates 200"] <= 2
