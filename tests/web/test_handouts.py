"""Files by an address: behind a button, for ten minutes, used up by nobody."""

from __future__ import annotations

import httpx

from models.channels.handouts import hand_out
from tests.support.world import World
from tests.web.conftest import URL
from web.application import make_board
from web.context import BoardContext


async def fetch(world: World, method: str, token: str) -> httpx.Response:
    app = make_board(BoardContext(world.app, lambda: world.now, URL))
    transport = httpx.ASGITransport(app=app)
    async with httpx.AsyncClient(transport=transport, base_url=URL) as client:
        return await client.request(method, f"/tep/{token}")


async def hand(world: World, name: str) -> str:
    async with world.database.write() as session:
        return await hand_out(session, name, b"PK-bytes", world.now)


async def test_a_preview_sees_the_button_and_uses_nothing_up(world: World) -> None:
    token = await hand(world, "bảng <b>.xlsx")
    for _ in range(3):
        page = await fetch(world, "GET", token)
        assert "Tải về" in page.text
        assert "<b>" not in page.text
        assert b"PK-bytes" not in page.content
    sent = await fetch(world, "POST", token)
    assert sent.content == b"PK-bytes"
    assert sent.headers["content-disposition"].startswith("attachment")


async def test_a_picture_is_shown_as_it_is(world: World) -> None:
    sent = await fetch(world, "GET", await hand(world, "biểu đồ.png"))
    assert (sent.content, sent.headers["content-type"]) == (b"PK-bytes", "image/png")


async def test_after_ten_minutes_and_by_a_wrong_token_there_is_nothing(world: World) -> None:
    token = await hand(world, "bảng.xlsx")
    assert (await fetch(world, "GET", token[::-1])).status_code == 404
    world.wait(minutes=10)
    assert (await fetch(world, "POST", token)).status_code == 404
