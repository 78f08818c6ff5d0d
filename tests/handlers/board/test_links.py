"""Links to the board in chat: made in private, for who may, listed and taken back."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlmodel import select

from locales.answer import from_json, to_json
from models.people import PostRole
from models.web_access import LinkKind, WebLink, WebSession, find_link, hash_token, open_session
from tests.support.world import ADMIN, NOW, World

URL = "https://bang.example.vn"
ME = "21"


@pytest.fixture
async def served(world: World) -> World:
    """A world whose board is served."""
    world.app.options = replace(world.app.options, board_url=URL)
    await world.joins(ME, PostRole.FOCAL_POINT, "Sở Tư pháp")
    return world


async def links(world: World, kind: LinkKind) -> list[WebLink]:
    async with world.database.read() as session:
        return list(await session.exec(select(WebLink).where(WebLink.kind == kind)))


def token_in(text: str) -> str:
    (address,) = [word for word in text.split() if word.startswith(URL)]
    return address.rpartition("/")[2].removesuffix(".ics")


async def test_a_link_is_stored_as_its_hash_alone(served: World) -> None:
    token = token_in((await served.says(ME, "/web")).text)
    (link,) = await links(served, LinkKind.LOGIN)
    assert link.token_sha256 == hash_token(token)
    assert len(token) >= 22  # 128 bits or more
    assert token not in str(link)


async def test_a_button_opens_the_mini_app_only_through_tls(served: World) -> None:
    said = await served.says(ME, "/web")
    assert said.answer is not None
    ((button,),) = said.answer.buttons
    assert button.page == f"{URL}/ung-dung"
    assert from_json(to_json(said.answer)) == said.answer
    served.app.options = replace(served.app.options, board_url="http://127.0.0.1:8080")
    plain = await served.says(ME, "/web")
    assert plain.answer is not None
    assert plain.answer.buttons == ()


@pytest.mark.parametrize("command", ["/web", "/lienket", "/lienket An | 3 ngày", "/lich mới"])
async def test_no_link_is_given_in_a_group(served: World, command: str) -> None:
    said = await served.says(ADMIN, command, group="-100")
    assert "nhắn riêng" in said.text
    assert URL not in said.text


@pytest.mark.parametrize("command", ["/web", "/lienket", "/lich mới"])
async def test_a_stranger_gets_no_link(served: World, command: str) -> None:
    assert URL not in (await served.says("777", command)).text
    served.app.options = replace(served.app.options, questions_open=True)
    assert URL not in (await served.says("777", command)).text


@pytest.mark.parametrize("command", ["/web", "/lienket", "/lich mới"])
async def test_without_a_board_it_is_said_what_to_do(world: World, command: str) -> None:
    assert "WEB_LISTEN" in (await world.says(ADMIN, command)).text


async def test_only_admins_make_leaders_links(served: World) -> None:
    assert "Chỉ người quản trị" in (await served.says(ME, "/lienket An | 3 ngày")).text
    assert await links(served, LinkKind.LEADER) == []


@pytest.mark.parametrize(
    ("words", "scope"),
    [
        ("lãnh đạo tỉnh | 30 ngày", "toàn tỉnh"),
        ("lãnh đạo tỉnh", "toàn tỉnh"),
        ("Ông Nguyễn Văn A | đến 31/12 | toàn tỉnh", "toàn tỉnh"),
        ("Giám đốc | Sở Tư pháp", "Sở Tư pháp"),
        ("Giám đốc | stp | 5 ngày", "Sở Tư pháp"),
        ("Trưởng ban | kế hoạch 15 | đến hết 30/11", "kế hoạch 15/KH-UBND"),
        ("Trưởng ban | 15/KH-UBND", "kế hoạch 15/KH-UBND"),
    ],
)
async def test_a_link_is_made_as_it_is_asked_for(served: World, words: str, scope: str) -> None:
    said = await served.says(ADMIN, f"/lienket {words}")
    assert "Đã tạo liên kết" in said.text
    assert f": {scope}, đến hết" in said.text
    assert f"{URL}/xem/" in said.text


@pytest.mark.parametrize(
    ("words", "why"),
    [
        ("| 30 ngày", "dành cho ai"),
        ("An | 9999 ngày", "nhiều nhất 366 ngày"),
        ("An | đến 01/11/2025", "đã qua"),
        ("An | đến 31/02", "31/02"),
        ("An | kế hoạch 999", "chưa rõ kế hoạch"),
        ("An | Sở Không Có Thật", "chưa hiểu phần"),
    ],
)
async def test_what_cannot_be_a_link_is_refused(served: World, words: str, why: str) -> None:
    said = await served.says(ADMIN, f"/lienket {words}")
    assert why in said.text
    assert await links(served, LinkKind.LEADER) == []
    assert "/lienket" in said.text  # says how it is done


async def test_links_are_listed_with_a_button_that_takes_each_back(served: World) -> None:
    await served.says(ADMIN, "/lienket Chủ tịch | 30 ngày")
    await served.says(ADMIN, "/lienket Giám đốc | 5 ngày | Sở Tư pháp")
    said = await served.says(ADMIN, "/lienket")
    assert "2 liên kết đang dùng" in said.text
    said = await served.presses(ADMIN, said.action("Thu hồi: Chủ tịch"))
    assert "Đã thu hồi liên kết của Chủ tịch" in said.text
    assert "1 liên kết đang dùng" in said.text
    assert {row.action for row in await served.audit()} >= {"make_link", "revoke_link"}


async def test_a_link_is_taken_back_by_admins_alone_and_once(served: World) -> None:
    await served.says(ADMIN, "/lienket Chủ tịch | 30 ngày")
    action = (await served.says(ADMIN, "/lienket")).action("Thu hồi")
    await served.presses(ME, action)
    assert (await links(served, LinkKind.LEADER))[0].revoked_at is None
    await served.presses(ADMIN, action)
    again = await served.presses(ADMIN, action)
    assert "Đã thu hồi" not in again.text
    for forged in ("unlink:", "unlink:x", "unlink:999", "unlink:-1", "unlink:1:2"):
        assert "Đã thu hồi" not in (await served.presses(ADMIN, forged)).text


async def test_a_new_calendar_ends_the_one_before(served: World) -> None:
    first = token_in((await served.says(ME, "/lich mới")).text)
    said = await served.says(ME, "/lich mới")
    assert "địa chỉ lịch cũ" in said.text.lower()
    second = token_in(said.text)
    async with served.database.read() as session:
        assert await find_link(session, LinkKind.FEED, first, served.now) is None
        assert await find_link(session, LinkKind.FEED, second, served.now) is not None


async def test_who_is_erased_leaves_no_link_and_no_session(served: World) -> None:
    await served.says(ME, "/web")
    await served.says(ME, "/lich mới")
    person_id = (await served.people())[ME].id
    async with served.database.write() as session:
        await open_session(session, served.now, timedelta(hours=1), person_id=person_id)
    said = await served.presses(ME, "eraseme:ask")
    await served.presses(ME, said.action("Xóa"))
    async with served.database.read() as session:
        assert (await session.exec(select(WebLink))).all() == []
        assert (await session.exec(select(WebSession))).all() == []


async def test_a_session_belongs_to_a_person_or_a_link(sqlite) -> None:  # type: ignore[no-untyped-def]
    async with sqlite.write() as session:
        for more in ({}, {"person_id": 1, "link_id": 1}):
            with pytest.raises(ValueError, match="belongs to a person or to a link"):
                await open_session(session, NOW, timedelta(hours=1), **more)
