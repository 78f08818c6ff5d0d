"""The local Bot API server refuses what Telegram refuses."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest

from tests.support.botapi import Allowed, BotApi, Flood, Refused, Remote, parse_html, units

AN, GROUP = 5, -5


@pytest.fixture
async def server() -> AsyncIterator[BotApi]:
    async with BotApi(limits=Allowed()) as api:
        api.person(AN)
        api.group(GROUP)
        yield api


async def call(
    server: BotApi, method: str, token: str | None = None, **given: Any
) -> dict[str, Any]:
    async with (
        aiohttp.ClientSession() as session,
        session.post(f"{server.url}/bot{token or server.token}/{method}", json=given) as response,
    ):
        body: dict[str, Any] = await response.json()
        assert response.status == (200 if body["ok"] else body["error_code"])
        return body


def keyboard(count: int, data: str = "x") -> str:
    return json.dumps(
        {"inline_keyboard": [[{"text": "x", "callback_data": data}] for _ in range(count)]}
    )


@pytest.mark.parametrize(
    ("source", "text", "kinds"),
    [
        ("<b>a</b> &lt;b&gt; &amp;", "a <b> &", ["bold"]),
        ("<b><i>a</i></b>", "a", ["italic", "bold"]),
        ('<a href="https://x/?a=1&amp;b=2">x</a>', "x", ["text_link"]),
        ("&nbsp; &#33; &#x21;", "&nbsp; ! !", []),
        ("<STRONG>x</STRONG>", "x", ["bold"]),
        ("a > b", "a > b", []),
    ],
)
def test_html_is_parsed_as_telegram_does(source: str, text: str, kinds: list[str]) -> None:
    parsed, entities = parse_html(source)
    assert parsed == text
    assert [entity["type"] for entity in entities] == kinds


@pytest.mark.parametrize(
    "source", ["<b>x", "x</b>", "<b><i>x</b></i>", "<p>x</p>", "1 < 2", "<br>", "<span>x</span>"]
)
def test_html_that_telegram_refuses(source: str) -> None:
    with pytest.raises(Refused, match="can't parse entities"):
        parse_html(source)


def test_lengths_are_counted_in_utf_16_units() -> None:
    assert units("ạ😀") == 3


REFUSED: list[tuple[str, dict[str, Any], str]] = [
    ("sendMessage", {"text": "x", "chat_id": 77}, "chat not found"),
    ("sendMessage", {"text": " \n", "chat_id": AN}, "message text is empty"),
    ("sendMessage", {"text": "😀" * 2049, "chat_id": AN}, "message is too long"),
    (
        "sendMessage",
        {"text": "x", "chat_id": AN, "reply_markup": keyboard(101)},
        "reply markup is too long",
    ),
    (
        "sendMessage",
        {"text": "x", "chat_id": AN, "reply_markup": keyboard(1, "ạ" * 22)},
        "BUTTON_DATA_INVALID",
    ),
    (
        "sendMessage",
        {"text": "x", "chat_id": AN, "reply_markup": keyboard(1, "")},
        "BUTTON_DATA_INVALID",
    ),
    (
        "sendMessage",
        {"text": "x", "chat_id": GROUP, "message_thread_id": 3},
        "message thread not found",
    ),
    (
        "editMessageText",
        {"text": "x", "chat_id": AN, "message_id": 999},
        "message to edit not found",
    ),
    ("answerCallbackQuery", {"callback_query_id": "1"}, "query is too old"),
    ("setMyCommands", {"commands": [{"command": "Á", "description": "x"}]}, "BOT_COMMAND_INVALID"),
    ("getFile", {"file_id": "none"}, "wrong file_id"),
]


@pytest.mark.parametrize(("method", "given", "why"), REFUSED)
async def test_what_is_refused(
    server: BotApi, method: str, given: dict[str, Any], why: str
) -> None:
    body = await call(server, method, **given)
    assert body["error_code"] == 400
    assert why in body["description"]


async def test_tags_do_not_count_towards_the_length(server: BotApi) -> None:
    body = await call(
        server, "sendMessage", chat_id=AN, text=f"<b>{'x' * 4096}</b>", parse_mode="HTML"
    )
    assert body["ok"]


async def test_tokens(server: BotApi) -> None:
    assert (await call(server, "getMe", token="1:" + "x" * 30))["error_code"] == 401
    assert (await call(server, "getMe", token="nonsense"))["error_code"] == 404
    assert (await call(server, "getMe"))["result"]["username"] == "nhacviec_bot"


async def test_an_edit_that_changes_nothing(server: BotApi) -> None:
    number = (await call(server, "sendMessage", chat_id=GROUP, text="a"))["result"]["message_id"]
    assert (
        "not modified"
        in (await call(server, "editMessageText", chat_id=GROUP, message_id=number, text="a"))[
            "description"
        ]
    )


async def test_two_pollers_conflict(server: BotApi) -> None:
    first = asyncio.create_task(call(server, "getUpdates", timeout=20))
    await server.until(lambda: server.first_poll_at)
    second = asyncio.create_task(call(server, "getUpdates", timeout=20))
    assert (await first)["error_code"] == 409
    server.says(AN, "x")
    assert len((await second)["result"]) == 1


async def test_updates_come_until_they_are_confirmed(server: BotApi) -> None:
    server.says(AN, "a")
    server.says(AN, "b")
    first = (await call(server, "getUpdates"))["result"]
    assert (await call(server, "getUpdates"))["result"] == first
    rest = (await call(server, "getUpdates", offset=first[0]["update_id"] + 1))["result"]
    assert rest == first[1:]
    assert (await call(server, "getUpdates", offset=first[1]["update_id"] + 1, timeout=0))[
        "result"
    ] == []


async def test_a_second_message_within_a_second_is_too_fast(server: BotApi) -> None:
    assert (await call(server, "sendMessage", chat_id=AN, text="a"))["ok"]
    body = await call(server, "sendMessage", chat_id=AN, text="b")
    assert body["error_code"] == 429
    assert body["parameters"]["retry_after"] == 1


def test_limits_over_all_and_in_groups() -> None:
    flood = Flood(Allowed())
    for number in range(30):
        flood.check(number + 1, number * 0.01)
    with pytest.raises(Refused, match="Too Many"):
        flood.check(31, 0.9)
    flood = Flood(Allowed())
    for number in range(20):
        flood.check(-1, number * 2.0)
    with pytest.raises(Refused) as refused:
        flood.check(-1, 40.0)
    assert refused.value.parameters["retry_after"] == 20
    with pytest.raises(Refused):
        flood.check(-1, 59.0)
    flood.check(-1, 60.0)


async def test_files_over_20_mb_are_not_given(server: BotApi) -> None:
    server.sends_file(AN, "x.pdf", b"1", size=21 * 1024 * 1024)
    (update,) = (await call(server, "getUpdates"))["result"]
    body = await call(server, "getFile", file_id=update["message"]["document"]["file_id"])
    assert "too big" in body["description"]


async def test_random_faults_are_the_same_for_the_same_seed(server: BotApi) -> None:
    async def outcomes() -> list[bool]:
        server.fails_at_random(0.5, ["server_fault"], seed=3, methods=["getMe"])
        return [(await call(server, "getMe"))["ok"] for _ in range(20)]

    first = await outcomes()
    assert first == await outcomes()
    assert True in first
    assert False in first
    server.heals()
    assert (await call(server, "getMe"))["ok"]


@pytest.mark.process
async def test_as_a_process_of_its_own() -> None:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.support.botapi", "--scale", "0", stdout=asyncio.subprocess.PIPE
    )
    try:
        assert process.stdout is not None
        remote = Remote((await process.stdout.readline()).decode().strip())
        await remote.person(number=AN)
        await remote.says(chat=AN, text="x")
        assert await remote.messages(chat=AN) == []
        assert (await remote.stats())["messages"] == 0
        with pytest.raises(RuntimeError, match="TimeoutError"):
            await remote.sent(chat=AN, seconds=0.01)
    finally:
        process.terminate()
        await process.wait()
