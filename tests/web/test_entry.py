"""Who gets in: by a login link, a leader's link or the Mini App; everybody else sees nothing."""

from __future__ import annotations

import hashlib
import hmac
import json
from datetime import datetime, timedelta
from urllib.parse import urlencode

import pytest
from sqlmodel import select

from bot.channels.telegram.mini_app import make_mini_app
from models.people import Person, Post, PostRole
from tests.support.world import ADMIN, World
from tests.web.conftest import BOT_TOKEN, Board, Browser
from web.application import make_board
from web.context import BoardContext

ME = "21"
PAGES = ("/", "/co-quan/1", "/nhiem-vu/1", "/ke-hoach/1", "/lich", "/khong-co", "/thoat")


def change_letter(path: str) -> str:
    return path[:-1] + ("A" if path[-1] != "A" else "B")


@pytest.fixture
async def joined(board: Board) -> Board:
    await board.world.joins(ME, PostRole.FOCAL_POINT, "Sở Tư pháp")
    return board


async def statuses(browser: Browser, *paths: str) -> set[int]:
    return {(await browser.get(path)).status_code for path in paths}


async def test_a_stranger_sees_nothing_and_no_hint(board: Board) -> None:
    browser = board.browse()
    answers = [await browser.get(path) for path in PAGES]
    assert {a.status_code for a in answers} == {404}
    assert len({a.text for a in answers}) == 1


async def test_a_login_link_opens_the_board_once(joined: Board) -> None:
    path, browser, other = await joined.link(ME), joined.browse(), joined.browse()
    answer = await browser.post(path)
    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    assert (await browser.get("/")).status_code == 200
    assert (await other.post(path)).status_code == 404
    assert (await other.get(path)).status_code == 404


async def test_a_preview_that_fetches_the_link_uses_nothing_up(joined: Board) -> None:
    path, preview = await joined.link(ME), joined.browse()
    for _ in range(3):
        answer = await preview.get(path)
        assert answer.status_code == 200
        assert "set-cookie" not in answer.headers
    assert (await preview.get("/")).status_code == 404
    assert (await joined.browse().post(path)).status_code == 303


async def test_a_login_link_lasts_ten_minutes(joined: Board) -> None:
    path = await joined.link(ME)
    joined.world.wait(minutes=11)
    assert (await joined.browse().get(path)).status_code == 404
    assert (await joined.browse().post(path)).status_code == 404


async def test_a_link_changed_by_one_letter_is_none(joined: Board) -> None:
    for path in (await joined.link(ME), await joined.leader_link()):
        wrong = change_letter(path)
        assert (await joined.browse().get(wrong)).status_code == 404
        assert (await joined.browse().post(wrong)).status_code == 404


async def test_links_of_one_kind_open_nothing_at_the_address_of_another(joined: Board) -> None:
    login, leader = await joined.link(ME), await joined.leader_link()
    crossed = (login.replace("/vao/", "/xem/"), leader.replace("/xem/", "/vao/"))
    assert await statuses(joined.browse(), *crossed) == {404}


async def test_the_cookie_is_out_of_reach_of_scripts_and_of_other_sites(joined: Board) -> None:
    answer = await joined.browse().post(await joined.link(ME))
    parts = answer.headers["set-cookie"].split("; ")
    assert {"HttpOnly", "Secure", "SameSite=Lax", "Path=/", "Max-Age=43200"} <= set(parts)
    plain = make_board(
        BoardContext(joined.world.app, lambda: joined.world.now, "http://127.0.0.1:8080")
    )
    local = Board(joined.world, plain)
    answer = await local.browse().post(await joined.link(ME))
    assert "Secure" not in answer.headers["set-cookie"]


async def test_a_session_lasts_twelve_hours(joined: Board) -> None:
    browser = await joined.open_for(ME)
    joined.world.wait(hours=11, minutes=55)
    assert (await browser.get("/")).status_code == 200
    joined.world.wait(minutes=10)
    assert (await browser.get("/")).status_code == 404


async def test_web_thoat_ends_every_session_at_once(joined: Board) -> None:
    one, two = await joined.open_for(ME), await joined.open_for(ME)
    unused = await joined.link(ME)
    said = await joined.world.says(ME, "/web thoát")
    assert "Đã đóng 2 phiên" in said.text
    assert await statuses(one, "/") | await statuses(two, "/") == {404}
    assert (await joined.browse().post(unused)).status_code == 404


async def test_the_button_on_the_page_ends_the_session(joined: Board) -> None:
    browser = await joined.open_for(ME)
    assert (await browser.post("/thoat")).status_code == 200
    assert (await browser.get("/")).status_code == 404


async def test_leaving_the_bot_ends_the_sessions_and_links(joined: Board) -> None:
    browser, unused = await joined.open_for(ME), await joined.link(ME)
    said = await joined.world.says(ME, "/roi")
    await joined.world.presses(ME, said.action("Tôi rời"))
    assert (await browser.get("/")).status_code == 404
    assert (await joined.browse().post(unused)).status_code == 404


async def test_who_loses_the_last_role_sees_nothing_any_more(joined: Board) -> None:
    browser = await joined.open_for(ME)
    async with joined.world.database.write() as session:
        for post in await session.exec(select(Post).join(Person).where(Person.address == ME)):
            post.ended_at = joined.world.now
            session.add(post)
    assert (await browser.get("/")).status_code == 404


# --- a leader's link ---


async def test_a_leaders_link_becomes_a_cookie_and_leaves_the_address(board: Board) -> None:
    browser, path = board.browse(), await board.leader_link()
    answer = await browser.get(path)
    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    page = await browser.get("/")
    assert page.status_code == 200
    assert "lãnh đạo tỉnh" in page.text
    assert path.rpartition("/")[2] not in page.text


async def test_a_revoked_link_and_its_sessions_are_over_at_once(board: Board) -> None:
    path, browser = await board.leader_link(), board.browse()
    await browser.get(path)
    assert (await browser.get("/")).status_code == 200
    said = await board.world.says(ADMIN, "/lienket")
    said = await board.world.presses(ADMIN, said.action("Thu hồi"))
    assert "Đã thu hồi" in said.text
    assert (await browser.get("/")).status_code == 404
    assert (await board.browse().get(path)).status_code == 404


async def test_an_expired_link_and_its_sessions_are_over(board: Board) -> None:
    path, browser = await board.leader_link("Chủ tịch | 1 ngày"), board.browse()
    board.world.wait(hours=36)
    await browser.get(path)
    assert (await browser.get("/")).status_code == 200
    board.world.wait(hours=4)
    assert (await browser.get("/")).status_code == 404
    assert (await browser.get(path)).status_code == 404


async def test_a_leaders_link_may_be_opened_again(board: Board) -> None:
    path = await board.leader_link()
    for _ in range(3):
        assert (await board.browse().get(path)).status_code == 303


async def test_the_last_use_of_a_link_is_listed(board: Board) -> None:
    path, browser = await board.leader_link(), board.browse()
    assert "chưa mở lần nào" in (await board.world.says(ADMIN, "/lienket")).text
    await browser.get(path)
    assert "xem lần cuối" in (await board.world.says(ADMIN, "/lienket")).text
    board.world.wait(hours=2)
    await browser.get("/lich")
    assert f"{board.world.now:%H:%M}" in (await board.world.says(ADMIN, "/lienket")).text


# --- the Mini App ---


def sign_launch(user: str, at: datetime, token: str = BOT_TOKEN) -> str:
    """What Telegram signs for whoever opens a Mini App (core.telegram.org/bots/webapps)."""
    fields = {
        "auth_date": str(int(at.timestamp())),
        "query_id": "AAF03Y",
        "user": json.dumps({"id": int(user), "first_name": "An", "language_code": "vi"}),
    }
    text = "\n".join(f"{name}={value}" for name, value in sorted(fields.items()))
    key = hmac.digest(b"WebAppData", token.encode(), "sha256")
    return urlencode({**fields, "hash": hmac.new(key, text.encode(), hashlib.sha256).hexdigest()})


async def launch(board: Board, data: str) -> tuple[int, Browser, str]:
    browser = board.browse()
    answer = await browser.post("/ung-dung", tgWebAppData=data)
    return answer.status_code, browser, answer.headers.get("set-cookie", "")


async def test_the_mini_app_opens_the_board_for_who_joined(joined: Board) -> None:
    status, browser, cookie = await launch(joined, sign_launch(ME, joined.world.now))
    assert status == 303
    assert {"HttpOnly", "Secure", "SameSite=None", "Partitioned"} <= set(cookie.split("; "))
    assert (await browser.get("/")).status_code == 200


async def test_the_mini_apps_page_may_run_its_own_script_alone(board: Board) -> None:
    page = await board.browse().get("/ung-dung")
    assert "script-src 'self'" in page.headers["content-security-policy"]
    assert page.text.count("<script") == 1
    script = await board.browse().get("/tinh/mini_app.js")
    assert len(script.text.splitlines()) <= 20


@pytest.mark.parametrize(
    "age", [timedelta(hours=1, minutes=1), timedelta(days=2), timedelta(minutes=-6)]
)
async def test_a_launch_that_is_old_or_of_the_future_is_refused(
    joined: Board, age: timedelta
) -> None:
    status, browser, cookie = await launch(joined, sign_launch(ME, joined.world.now - age))
    assert (status, cookie) == (403, "")
    assert (await browser.get("/")).status_code == 404


@pytest.mark.parametrize(
    "spoil",
    [
        lambda data: data.replace("%22id%22%3A+21", "%22id%22%3A+22"),
        lambda data: data[:-1] + ("0" if data[-1] != "0" else "1"),
        lambda data: data + "&start_param=x",
        lambda data: data.rpartition("&hash=")[0],
        lambda data: data + "&user=%7B%7D",
        lambda data: "",
        lambda data: "hash=1",
        lambda data: "auth_date=x&hash=" + "0" * 64,
        lambda data: data.replace("auth_date=", "auth_date=9"),
        lambda data: "%" * 100,
    ],
)
async def test_a_launch_that_was_changed_is_refused(joined: Board, spoil) -> None:  # type: ignore[no-untyped-def]
    good = sign_launch(ME, joined.world.now)
    data = spoil(good)
    assert data != good
    assert (await launch(joined, data))[0] == 403


async def test_a_launch_of_another_bot_or_of_a_stranger_is_refused(joined: Board) -> None:
    now = joined.world.now
    foreign = sign_launch(ME, now, "654321:" + "y" * 35)
    assert (await launch(joined, foreign))[0] == 403
    assert (await launch(joined, sign_launch("777", now)))[0] == 403


async def test_without_tls_there_is_no_mini_app(world: World) -> None:
    plain = make_board(
        BoardContext(
            world.app, lambda: world.now, "http://127.0.0.1:8080", mini_app=make_mini_app(BOT_TOKEN)
        )
    )
    browser = Board(world, plain).browse()
    assert (await browser.get("/ung-dung")).status_code == 404
    assert (await browser.post("/ung-dung", tgWebAppData="x")).status_code == 404
