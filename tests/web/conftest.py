"""The board over the registry with the small plan, and people who look at it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass, field, replace
from datetime import timedelta

import httpx
import pytest
from starlette.types import ASGIApp

from bot.channels.telegram.mini_app import make_mini_app
from models.people import PostRole
from tests.handlers.conftest import both, template, threads, world
from tests.support.world import ADMIN, World
from web.application import make_board
from web.context import BoardContext, Webhook

__all__ = ["both", "template", "threads", "world"]

URL = "https://bang.example.vn"
BOT_TOKEN = "123456:" + "x" * 35


@dataclass
class Browser:
    """A browser of somebody: keeps cookies, follows nothing by itself."""

    client: httpx.AsyncClient

    async def get(self, path: str, **headers: str) -> httpx.Response:
        return await self.client.get(path, headers=headers)

    async def post(self, path: str, **data: str) -> httpx.Response:
        return await self.client.post(path, data=data)

    async def text(self, path: str) -> str:
        answer = await self.get(path)
        assert answer.status_code == 200, (path, answer.status_code)
        return answer.text


@dataclass
class Board:
    """The board of a world; each `browse` is another browser at its own address."""

    world: World
    app: ASGIApp
    browsers: list[httpx.AsyncClient] = field(default_factory=list)

    def browse(self) -> Browser:
        address = f"10.0.0.{len(self.browsers) + 1}"
        transport = httpx.ASGITransport(app=self.app, client=(address, 40000))
        client = httpx.AsyncClient(transport=transport, base_url=URL)
        self.browsers.append(client)
        return Browser(client)

    async def link(self, who: str) -> str:
        """The path of the link that the bot gives `who` for /web."""
        said = await self.world.says(who, "/web")
        return path_in(said.text, "/vao/")

    async def leader_link(self, words: str = "lãnh đạo tỉnh | 30 ngày") -> str:
        """The path of the link that an admin makes for a leader."""
        said = await self.world.says(ADMIN, f"/lienket {words}")
        return path_in(said.text, "/xem/")

    async def open_for(self, who: str) -> Browser:
        """A browser in which `who` has opened the board."""
        browser = self.browse()
        answer = await browser.post(await self.link(who))
        assert answer.status_code == 303
        return browser


def path_in(text: str, beginning: str) -> str:
    """The path of the address in `text` that begins so."""
    (found,) = [word for word in text.split() if word.startswith(f"{URL}{beginning}")]
    return found.removeprefix(URL)


@pytest.fixture
async def board(world: World) -> AsyncIterator[Board]:
    """The board as people reach it through TLS, as a Mini App of a bot."""
    world.app.options = replace(world.app.options, board_url=URL)
    context = BoardContext(world.app, lambda: world.now, URL, mini_app=make_mini_app(BOT_TOKEN))
    made = Board(world, make_board(context))
    yield made
    for client in made.browsers:
        await client.aclose()


@pytest.fixture
async def viewer(board: Board) -> Browser:
    """A browser in which somebody who sees everything has opened the board."""
    await board.world.joins("9", PostRole.VIEWER)
    return await board.open_for("9")


def make_webhook_board(world: World, webhook: Webhook) -> ASGIApp:
    """The board with a webhook."""
    return make_board(BoardContext(world.app, lambda: world.now, URL, webhooks=(webhook,)))


MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
