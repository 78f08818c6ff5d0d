"""What stands before every page: headers, limits, faults; nothing secret in a log."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator

import httpx
import pytest

from models.people import PostRole
from tests.support.world import World
from tests.web.conftest import Board, Browser, make_webhook_board
from web.context import Webhook
from web.guards import SESSION_LIMIT, STRANGER_LIMIT

EVERYWHERE = ("/", "/co-quan/1", "/lich", "/nhiem-vu/999", "/vao/x", "/xem/x", "/tinh/board.css")


async def test_every_answer_has_the_safe_headers(viewer: Browser) -> None:
    for path in EVERYWHERE:
        headers = (await viewer.get(path)).headers
        assert headers["content-security-policy"].startswith("default-src 'none'; style-src 'self'")
        assert "script-src" not in headers["content-security-policy"]
        assert headers["referrer-policy"] == "no-referrer"
        assert headers["cache-control"] == "no-store"
        assert headers["x-content-type-options"] == "nosniff"


async def test_an_address_without_a_session_gets_sixty_answers_a_minute(board: Board) -> None:
    browser = board.browse()
    statuses = [(await browser.get("/")).status_code for _ in range(STRANGER_LIMIT + 5)]
    assert statuses == [404] * STRANGER_LIMIT + [429] * 5
    assert (await board.browse().get("/")).status_code == 404  # another address


async def test_a_made_up_cookie_is_no_way_round_the_limit(board: Board) -> None:
    browser = board.browse()
    statuses = []
    for number in range(STRANGER_LIMIT + 5):
        browser.client.cookies.set("phien", f"x{number}")
        statuses.append((await browser.get("/")).status_code)
    assert statuses[-5:] == [429] * 5


async def test_a_session_is_not_held_back_by_strangers_at_its_address(board: Board) -> None:
    await board.world.joins("9", PostRole.VIEWER)
    browser = await board.open_for("9")
    assert (await browser.get("/lich")).status_code == 200
    token = browser.client.cookies.get("phien")
    browser.client.cookies.clear()
    for _ in range(STRANGER_LIMIT):
        await browser.get("/khong-co")
    assert (await browser.get("/lich")).status_code == 429
    browser.client.cookies.set("phien", str(token))
    assert (await browser.get("/lich")).status_code == 200


async def test_a_session_has_a_limit_too(viewer: Browser) -> None:
    for _ in range(SESSION_LIMIT + 1):
        last = await viewer.get("/khong-co")
        if last.status_code == 429:
            break
    assert last.status_code in (404, 429)
    statuses = {(await viewer.get("/lich")).status_code for _ in range(2)}
    assert 429 in statuses or last.status_code == 429


async def test_a_large_body_is_refused(board: Board) -> None:
    answer = await board.browse().client.post("/vao/x", content=b"x" * 1_200_000)
    assert answer.status_code == 413


async def test_a_fault_is_a_number_on_the_page_and_in_the_log(
    viewer: Browser, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    async def fail(*_: object, **__: object) -> None:
        raise RuntimeError("secret detail")

    monkeypatch.setattr("web.pages.month.load_calendar", fail)
    answer = await viewer.get("/lich")
    assert answer.status_code == 500
    assert "secret detail" not in answer.text
    (record,) = [r for r in caplog.records if r.levelno == logging.ERROR]
    assert record.getMessage().split()[1] in answer.text


async def test_no_token_is_in_any_log(board: Board, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    await board.world.joins("9", PostRole.VIEWER)
    login, leader = await board.link("9"), await board.leader_link()
    browser = board.browse()
    await browser.get(login)
    await browser.post(login)
    await browser.get("/")
    await board.browse().get(leader)
    secret = [login, leader, str(browser.client.cookies.get("phien"))]
    logged = "\n".join(r.getMessage() for r in caplog.records if not r.name.startswith("httpx"))
    assert not [s for s in secret if s.rpartition("/")[2] in logged]


# --- the webhook ---

TELEGRAM_SECRET = "X-Telegram-Bot-Api-Secret-Token"


async def post(world: World, webhook: Webhook, **more: object) -> httpx.Response:
    transport = httpx.ASGITransport(app=make_webhook_board(world, webhook))
    async with httpx.AsyncClient(transport=transport, base_url="https://x") as client:
        return await client.post(webhook.path, **more)  # type: ignore[arg-type]


async def test_an_update_is_handed_on_with_its_secret(world: World) -> None:
    got: list[tuple[bytes, str | None]] = []

    async def save(body: bytes, secret: str | None) -> bool:
        got.append((body, secret))
        return secret == "s3cret"

    webhook = Webhook("/telegram/abc", TELEGRAM_SECRET, save)
    headers = {TELEGRAM_SECRET: "s3cret"}
    assert (await post(world, webhook, content=b"{}", headers=headers)).status_code == 200
    assert (await post(world, webhook, content=b"{}")).status_code == 403
    assert got == [(b"{}", "s3cret"), (b"{}", None)]


async def test_updates_are_not_counted_and_a_large_one_is_refused(world: World) -> None:
    async def save(body: bytes, secret: str | None) -> bool:
        return True

    webhook = Webhook("/telegram/abc", TELEGRAM_SECRET, save)
    transport = httpx.ASGITransport(app=make_webhook_board(world, webhook))
    async with httpx.AsyncClient(transport=transport, base_url="https://x") as client:
        for _ in range(STRANGER_LIMIT + 5):
            assert (await client.post("/telegram/abc", content=b"{}")).status_code == 200

        async def endless() -> AsyncIterator[bytes]:
            for _ in range(30):
                yield b"x" * 100_000

        assert (await client.post("/telegram/abc", content=endless())).status_code == 413
