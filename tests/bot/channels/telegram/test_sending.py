"""Delivery for the sender: every failure has its own class, and one bad chat holds up no other."""

from __future__ import annotations

import asyncio
import zoneinfo
from collections.abc import AsyncIterator, Callable
from datetime import datetime
from typing import Any

import pytest

from bot.channels.telegram.channel import Telegram
from handlers.conversation.incoming import Incoming, Progress
from locales.answer import Answer, Button, File, make_answer, say
from scheduler.delivery import (
    BadMarkup,
    Delivery,
    DeliveryError,
    Moved,
    NotDelivered,
    Rejected,
    ServerFault,
    TooFast,
    TopicMissing,
    Uncertain,
    Unreachable,
)
from tests.support.botapi import BotApi

NOW = datetime(2026, 11, 20, 7, 30, tzinfo=zoneinfo.ZoneInfo("Asia/Ho_Chi_Minh"))
AN, BINH, GROUP = 101, 102, -1001
REMINDER = make_answer(
    say("fault", number="II.3 & <b>"), buttons=[[Button(say("weekday", number=1), "received:1")]]
)
LONG = make_answer(*(say("fault", number=f"{number} {'a' * 900}") for number in range(12)))


async def silent(incoming: Incoming, progress: Progress) -> Answer | None:
    return None


@pytest.fixture
async def server() -> AsyncIterator[BotApi]:
    async with BotApi() as api:
        api.people(AN, 2)
        api.group(GROUP, topics={7})
        yield api


@pytest.fixture
async def channel(server: BotApi, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Telegram]:
    monkeypatch.setattr("bot.channels.telegram.requests.ANSWER_SECONDS", 0.1)
    monkeypatch.setattr("bot.channels.telegram.sending.RETRIES", (0.0, 0.0, 0.0))
    made = Telegram(server.token, silent, lambda: NOW, api_url=server.url, rate=30_000)
    yield made
    await made.stop()


async def test_the_channel_is_a_delivery(channel: Telegram, server: BotApi) -> None:
    delivery: Delivery = channel
    sent = await delivery.deliver(str(GROUP), REMINDER, topic="7")
    (message,) = server.messages(GROUP)
    assert sent.message == str(message.message_id)
    assert message.topic == 7
    assert "II.3 & <b>" in message.text
    assert message.entities
    assert [button["callback_data"] for button in message.buttons] == ["received:1"]


async def test_plain_text_has_no_markup(channel: Telegram, server: BotApi) -> None:
    await channel.deliver(str(AN), REMINDER, markup=False)
    (message,) = server.messages(AN)
    assert "II.3 & <b>" in message.text
    assert not message.entities


FAILURES: list[tuple[str, Callable[[BotApi], Any], type[DeliveryError]]] = [
    ("blocked", lambda s: s.blocks(AN), Unreachable),
    ("deactivated", lambda s: s.blocks(AN, "user is deactivated"), Unreachable),
    ("gone", lambda s: s.vanishes(AN), Unreachable),
    ("429", lambda s: s.fails("too_fast", retry_after=7), TooFast),
    ("500", lambda s: s.fails("server_fault"), ServerFault),
    ("502", lambda s: s.fails("bad_gateway"), ServerFault),
    ("hanging", lambda s: s.fails("hang"), Uncertain),
    ("delivered and hanging", lambda s: s.fails("deliver_then_hang"), Uncertain),
    ("broken off", lambda s: s.fails("drop"), Uncertain),
    ("delivered and broken off", lambda s: s.fails("deliver_then_drop"), Uncertain),
    ("markup", lambda s: s.fails("bad_markup"), BadMarkup),
]


@pytest.mark.parametrize(("fail", "error"), [f[1:] for f in FAILURES], ids=[f[0] for f in FAILURES])
async def test_each_failure_has_its_class(
    channel: Telegram, server: BotApi, fail: Callable[[BotApi], Any], error: type[DeliveryError]
) -> None:
    fail(server)
    with pytest.raises(error) as raised:
        await channel.deliver(str(AN), REMINDER)
    assert type(raised.value) is error
    if isinstance(raised.value, TooFast):
        assert raised.value.retry_after == 7
    await channel.deliver(str(BINH), REMINDER)


async def test_a_moved_group_tells_its_new_address(channel: Telegram, server: BotApi) -> None:
    server.migrates(GROUP, -1009, tell=False)
    with pytest.raises(Moved) as raised:
        await channel.deliver(str(GROUP), REMINDER)
    assert raised.value.address == "-1009"


async def test_a_missing_topic(channel: Telegram, server: BotApi) -> None:
    server.closes_topic(GROUP, 7)
    with pytest.raises(TopicMissing):
        await channel.deliver(str(GROUP), REMINDER, topic="7")


async def test_a_refused_connection_is_certainly_not_delivered(
    channel: Telegram, server: BotApi
) -> None:
    await server.down()
    with pytest.raises(NotDelivered):
        await channel.deliver(str(AN), REMINDER)
    await server.up()
    await channel.deliver(str(AN), REMINDER)


async def test_a_name_that_does_not_resolve_is_certainly_not_delivered() -> None:
    channel = Telegram("1:x", silent, lambda: NOW, api_url="http://bot-api.invalid")
    with pytest.raises(NotDelivered):
        await channel.deliver(str(AN), REMINDER)
    await channel.stop()


async def test_a_connection_that_went_stale_between_two_messages_is_uncertain_at_worst(
    channel: Telegram, server: BotApi
) -> None:
    await channel.deliver(str(AN), REMINDER)
    await server.down()
    with pytest.raises((NotDelivered, Uncertain)):
        await channel.deliver(str(AN), REMINDER)


async def test_a_wrong_token_is_not_delivered(channel: Telegram, server: BotApi) -> None:
    server.token = "1:other"
    with pytest.raises(NotDelivered):
        await channel.deliver(str(AN), REMINDER)


async def test_an_empty_message_is_rejected(channel: Telegram) -> None:
    with pytest.raises(Rejected):
        await channel.deliver(str(AN), make_answer())


async def test_an_empty_file_is_rejected(channel: Telegram) -> None:
    with pytest.raises(Rejected):
        await channel.deliver(str(AN), make_answer(files=[File("x.txt", b"")]))


async def test_after_429_only_that_chat_waits(channel: Telegram, server: BotApi) -> None:
    server.fails("too_fast", chat=AN, retry_after=300)
    with pytest.raises(TooFast):
        await channel.deliver(str(AN), REMINDER)
    with pytest.raises(TooFast) as raised:
        await channel.deliver(str(AN), REMINDER)
    assert 290 < raised.value.retry_after <= 300
    await channel.deliver(str(BINH), REMINDER)
    assert len([call for call in server.calls if call.method == "sendmessage"]) == 2


async def test_a_chat_that_hangs_holds_up_no_other(channel: Telegram, server: BotApi) -> None:
    server.fails("hang", chat=AN)
    stuck = asyncio.create_task(channel.deliver(str(AN), REMINDER))
    await server.until(lambda: server.calls)
    for _ in range(3):
        await channel.deliver(str(BINH), REMINDER)
    assert not stuck.done()
    with pytest.raises(Uncertain):
        await stuck


async def test_a_later_part_is_tried_again_without_doubling_the_first(
    channel: Telegram, server: BotApi
) -> None:
    server.on_sent = lambda sent: (
        None if len(server.order) != 1 else server.fails("server_fault", times=2)
    )
    server.delay = 0.01
    sent = await channel.deliver(str(AN), LONG)
    messages = server.messages(AN)
    assert len(messages) == 3
    assert sent.message == str(messages[-1].message_id)
    assert len({message.text for message in messages}) == 3
    assert [call.outcome[:3] for call in server.calls if call.method == "sendmessage"].count(
        "500"
    ) == 2


async def test_when_a_later_part_fails_for_good_it_is_uncertain(
    channel: Telegram, server: BotApi
) -> None:
    server.on_sent = lambda sent: server.fails("server_fault", times=None)
    server.delay = 0.01
    with pytest.raises(Uncertain):
        await channel.deliver(str(AN), LONG)


async def test_a_stopped_channel_delivers_nothing(channel: Telegram) -> None:
    await channel.stop()
    with pytest.raises(NotDelivered):
        await channel.deliver(str(AN), REMINDER)


async def test_the_probe_names_the_bot(server: BotApi) -> None:
    assert (
        await Telegram(server.token, silent, lambda: NOW, api_url=server.url).probe()
        == "nhacviec_bot"
    )
    await server.down()
    with pytest.raises(NotDelivered):
        await Telegram(server.token, silent, lambda: NOW, api_url=server.url).probe(0.5)
