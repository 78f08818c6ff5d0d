"""Lines that turn over what was shown: pages, first lines, back, a line by its number."""

from __future__ import annotations

import pytest

from models.people import PostRole
from tests.support.world import World


@pytest.fixture
async def asker(world: World) -> World:
    """Add somebody who has just seen the first page of all tasks."""
    await world.joins("9", PostRole.VIEWER)
    await world.says("9", "tất cả nhiệm vụ")
    return world


@pytest.mark.parametrize("typed", ["2 cái đầu thôi", "xem hai việc đầu tiên", "2 viec dau"])
async def test_only_the_first_lines_are_shown(asker: World, typed: str) -> None:
    said = await asker.says("9", typed)
    assert "Đang xem 1–2 trong" in said.text
    assert "2. " in said.text
    assert "3. " not in said.text
    after = await asker.says("9", "trang sau")
    assert "3. " in after.text
    assert "1. " not in after.text


@pytest.mark.parametrize("typed", ["quay lại", "trở lại danh sách", "không phải việc đó"])
async def test_a_task_of_a_list_is_left_for_the_list(asker: World, typed: str) -> None:
    whole = await asker.says("9", "số 2")
    back = await asker.says("9", typed)
    assert "1. " in back.text
    assert whole.text != back.text


async def test_pages_end(asker: World) -> None:
    assert "không còn trang" in (await asker.says("9", "trang trước")).text
    await asker.says("9", "trang cuối")
    assert "không còn trang" in (await asker.says("9", "trang sau")).text


async def test_the_answer_before_is_shown_again(asker: World) -> None:
    first = await asker.says("9", "nhiệm vụ của Sở Tư pháp")
    await asker.says("9", "nhiệm vụ của Sở Nội vụ")
    assert (await asker.says("9", "quay lại")).text == first.text
    assert "Sở Tư pháp · chủ trì" not in (await asker.says("9", "bỏ lọc đi")).text


async def test_nothing_is_turned_over_if_nothing_was_shown(world: World) -> None:
    await world.joins("8", PostRole.VIEWER)
    assert "Chưa có danh sách" in (await world.says("8", "trang sau")).text


@pytest.mark.parametrize(
    ("typed", "part"),
    [
        ("việc 2 hạn khi nào", "Hạn:"),
        ("viec 2 ai chu tri", "Chủ trì:"),
        ("cái số 2 do ai", "Chủ trì:"),
    ],
)
async def test_a_number_that_no_task_has_is_a_line_of_the_list(
    asker: World, typed: str, part: str
) -> None:
    line = (await asker.says("9", "số 2")).text.splitlines()[0]
    said = await asker.says("9", typed)
    assert line in said.text
    assert part in said.text
