"""The board in a real browser: what a leader sees and does, with keys alone, on a telephone too.

With the environment variable AXE_JS (the path of axe.min.js) each page is checked with axe-core;
without it, by the checks below.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import AsyncIterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Literal
from urllib.parse import quote

import pytest
import pytest_asyncio
from playwright.async_api import Browser as Chromium
from playwright.async_api import BrowserContext, Page, Request, async_playwright

from bot.channels.telegram.mini_app import make_mini_app
from models.people import PostRole
from tests.handlers.conftest import open_world
from tests.support.world import ADMIN, World
from tests.web.conftest import BOT_TOKEN
from tests.web.test_entry import sign_launch
from tests.web.test_pages import HOSTILE, make_late, set_title
from web.addresses import ListenAddress
from web.application import make_board
from web.context import BoardContext
from web.server import WebServer, bind_socket

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
AXE = os.environ.get("AXE_JS")
pytestmark = [
    pytest.mark.browser,
    pytest.mark.asyncio(loop_scope="module"),
    pytest.mark.skipif(CHROMIUM is None, reason="there is no chromium on this machine"),
]
PAGES = (
    "/",
    "/co-quan/1",
    "/nhiem-vu/1",
    "/ke-hoach/1",
    "/lich?thang=2026-11",
    "/lich?xem=qua-han",
)
LOOKS: tuple[tuple[int, Literal["light", "dark"]], ...] = (
    (390, "light"),
    (768, "dark"),
    (1280, "light"),
    (1280, "dark"),
)
LOOK = "[innerWidth, matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light']"
CHECK = (Path(__file__).with_name("check_page.js")).read_text(encoding="utf-8")
AXE_SCRIPT = Path(AXE).read_text(encoding="utf-8") if AXE else None


@dataclass
class Stage:
    """A served board and a browser; `faults` holds what the browser complained of."""

    world: World
    chromium: Chromium
    url: str
    faults: list[str] = field(default_factory=list)
    requests: list[Request] = field(default_factory=list)
    windows: list[BrowserContext] = field(default_factory=list)

    async def open_window(self, width: int = 390, *, script: bool = True) -> BrowserContext:
        window = await self.chromium.new_context(
            viewport={"width": width, "height": 844},
            color_scheme="light",
            locale="vi-VN",
            java_script_enabled=script,
        )
        self.windows.append(window)
        window.on("console", lambda message: self.faults.append(message.text))
        window.on("weberror", lambda error: self.faults.append(str(error.error)))
        window.on("request", lambda request: self.requests.append(request))
        return window

    async def log_in(self, page: Page, who: str = "9") -> None:
        """Opens the link of /web and presses its button."""
        said = await self.world.says(who, "/web")
        (address,) = [word for word in said.text.split() if word.startswith(self.url)]
        await page.goto(address)
        await page.get_by_role("button", name="Mở bảng theo dõi").click()
        await page.wait_for_url(f"{self.url}/")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def chromium() -> AsyncIterator[Chromium]:
    """One browser for all tests here; each opens windows of its own."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        await browser.close()


@pytest_asyncio.fixture(loop_scope="module")
async def stage(chromium: Chromium, template: Path, tmp_path: Path) -> AsyncIterator[Stage]:
    """The board with late work and hostile titles, served to a browser."""
    async with open_world(template, tmp_path) as world:
        bound = bind_socket(ListenAddress("127.0.0.1", 0))
        url = f"http://127.0.0.1:{bound.getsockname()[1]}"
        world.app.options = replace(world.app.options, board_url=url)
        server = WebServer(make_board(BoardContext(world.app, lambda: world.now, url)), bound)
        await server.start()
        await world.joins("9", PostRole.LEADER)
        await make_late(world, "I.2", 12)
        await set_title(world, "I.1", HOSTILE[0] + "x" * 3000 + HOSTILE[4])
        stage = Stage(world, chromium, url)
        yield stage
        for window in stage.windows:
            await window.close()
        await server.stop()


async def check_page(page: Page, path: str) -> list[str]:
    """What is wrong with a page for people who see or hear it."""
    wrong = [f"{path}: {fault}" for fault in await page.evaluate(CHECK)]
    if await page.evaluate("document.documentElement.scrollWidth > window.innerWidth"):
        wrong.append(f"{path}: scrolls sideways")
    if AXE_SCRIPT:
        await page.evaluate(AXE_SCRIPT)
        found = await page.evaluate("axe.run()")
        wrong += [f"{path}: axe {v['id']} {v['nodes'][0]['html']}" for v in found["violations"]]
    return wrong


async def test_every_page_is_whole_for_everybody(stage: Stage) -> None:
    window = await stage.open_window()
    page = await window.new_page()
    await stage.log_in(page)
    wrong = []
    for path in PAGES:
        await page.goto(f"{stage.url}{path}")
        for width, scheme in LOOKS:
            await page.set_viewport_size({"width": width, "height": 844})
            await page.emulate_media(color_scheme=scheme)
            assert await page.evaluate(LOOK) == [width, scheme]
            wrong += await check_page(page, f"{path} {width} {scheme}")
    assert wrong == []
    assert stage.faults == []
    assert [r.url for r in stage.requests if not r.url.startswith(stage.url)] == []


async def test_the_pages_of_strangers_are_whole_too(stage: Stage) -> None:
    window = await stage.open_window()
    page = await window.new_page()
    said = await stage.world.says("9", "/web")
    (address,) = [word for word in said.text.split() if word.startswith(stage.url)]
    wrong = []
    for place in (address, f"{stage.url}/khong-co"):
        await page.goto(place)
        wrong += await check_page(page, "login or 404")
    assert wrong == []


async def test_a_leader_finds_who_is_late_from_a_link_in_chat(stage: Stage) -> None:
    said = await stage.world.says(ADMIN, "/lienket Chủ tịch tỉnh | 30 ngày")
    (address,) = [word for word in said.text.split() if word.startswith(stage.url)]
    window = await stage.open_window()
    page = await window.new_page()
    await page.goto(address)
    assert page.url == f"{stage.url}/"
    row = page.get_by_role("row").filter(has_text="Sở Tài chính")
    assert "12 ngày" in await row.inner_text()
    await page.get_by_role("link", name="Sở Tài chính").first.click()
    assert await page.get_by_role("heading", level=1).inner_text() == "Sở Tài chính"
    await page.get_by_role("link", name="Công khai quyết toán").click()
    assert "Trước ngày 15/12/2026" in await page.inner_text("main")
    sent = [r for r in stage.requests if r.failure is None]  # others were broken off unsent
    assert not [r for r in sent if "referer" in await r.all_headers()]
    await page.goto(f"{stage.url}/")
    async with page.expect_download() as sheet:
        await page.get_by_role("link", name="bảng Excel").click()
    assert (await sheet.value).suggested_filename.endswith(".xlsx")
    await page.get_by_role("link", name="Sở Tài chính").first.click()
    revoke = (await stage.world.says(ADMIN, "/lienket")).action("Thu hồi")
    await stage.world.presses(ADMIN, revoke)
    answer = await page.reload()
    assert answer is not None
    assert answer.status == 404


async def test_keys_alone_are_enough(stage: Stage) -> None:
    window = await stage.open_window(1280)
    page = await window.new_page()
    said = await stage.world.says("9", "/web")
    (address,) = [word for word in said.text.split() if word.startswith(stage.url)]
    await page.goto(address)
    await page.keyboard.press("Tab")
    await page.keyboard.press("Enter")
    await page.wait_for_url(f"{stage.url}/")
    await page.keyboard.press("Tab")
    assert await page.evaluate("document.activeElement.className") == "skip"
    await page.keyboard.press("Enter")
    assert await page.evaluate("document.activeElement.id") == "noi-dung"
    for _ in range(12):
        await page.keyboard.press("Tab")
        if await page.evaluate("document.activeElement.textContent") == "Sở Tài chính":
            break
    style = "getComputedStyle(document.activeElement).outlineStyle"
    assert await page.evaluate(style) != "none"  # seen
    await page.keyboard.press("Enter")
    await page.wait_for_url("**/co-quan/*")


async def test_hostile_titles_run_nothing(stage: Stage) -> None:
    window = await stage.open_window()
    page = await window.new_page()
    page.on("dialog", lambda dialog: stage.faults.append(dialog.message))
    await stage.log_in(page)
    for title in (HOSTILE[0], HOSTILE[1], HOSTILE[4], HOSTILE[6]):  # what could run
        await set_title(stage.world, "I.1", title)
        await page.goto(f"{stage.url}/nhiem-vu/1")
        shown = await page.inner_text("h1 bdi")
        assert shown[:20].split() == title[:20].split()
    assert stage.faults == []


async def test_a_page_is_printed_on_a4_without_what_is_for_the_screen(stage: Stage) -> None:
    window = await stage.open_window(1280)
    page = await window.new_page()
    await stage.log_in(page)
    paper = await page.pdf(prefer_css_page_size=True)
    assert paper.startswith(b"%PDF")
    await page.emulate_media(media="print")
    assert not await page.locator("header.top").is_visible()
    assert await page.locator("table.ranking thead").is_visible()
    assert await page.evaluate("getComputedStyle(document.body).color") == "rgb(0, 0, 0)"


async def test_without_script_everything_is_there(stage: Stage) -> None:
    window = await stage.open_window(script=False)
    page = await window.new_page()
    await stage.log_in(page)
    await page.get_by_role("link", name="Sở Tư pháp").first.click()
    await page.get_by_label("Từ cần tìm").fill("van ban")
    await page.get_by_role("button", name="Lọc").click()
    assert "Cập nhật sổ theo dõi" in await page.inner_text("main")


async def test_the_mini_app_opens_in_the_browser_by_itself(stage: Stage) -> None:
    bound = bind_socket(ListenAddress("127.0.0.1", 0))
    url = f"http://127.0.0.1:{bound.getsockname()[1]}"
    world = stage.world
    context = BoardContext(
        world.app,
        lambda: world.now,
        url.replace("http:", "https:"),
        mini_app=make_mini_app(BOT_TOKEN),
    )
    server = WebServer(make_board(context), bound)
    await server.start()
    try:
        window = await stage.open_window()
        page = await window.new_page()
        launch = quote(sign_launch("9", world.now), safe="")
        await page.goto(f"{url}/ung-dung#tgWebAppData={launch}&tgWebAppVersion=8.0")
        await page.wait_for_url(f"{url}/", timeout=5000)
        assert await page.locator("h1").inner_text() == "Tình hình thực hiện nhiệm vụ"
        assert [r.url for r in stage.requests if not r.url.startswith(url)] == []
    finally:
        await server.stop()
    assert stage.faults == []
