"""In no open dialogue is a question swallowed: it is answered, and the dialogue waits."""

from __future__ import annotations

import pytest

from models.people import PostRole
from tests.support.world import World


@pytest.mark.parametrize(
    ("opened", "asked", "answered"),
    [
        ("/moi", "nhiệm vụ của Sở Tư pháp", "Sở Tư pháp · chủ trì"),
        ("/moi", "việc nào quá hạn", "quá hạn"),
        ("/them", "I.1 hạn khi nào", "30/11/2026"),
        ("/xoa I.1", "ai chủ trì I.1", "Chủ trì:"),
        ("/sua I.1", "sở tư pháp có mấy việc", "Sở Tư pháp · chủ trì"),
    ],
)
async def test_a_question_is_answered_and_the_dialogue_waits(
    world: World, opened: str, asked: str, answered: str
) -> None:
    await world.joins("3", PostRole.ADMIN)
    await world.says("3", opened)
    assert answered in (await world.says("3", asked)).text
    assert "Đã dừng" in (await world.says("3", "/huy")).text


async def test_what_the_dialogue_asks_for_is_taken(world: World) -> None:
    await world.joins("3", PostRole.ADMIN)
    await world.says("3", "/them")
    assert "chủ trì" not in (await world.says("3", "Sở Tư pháp")).text
    await world.says("3", "/huy")
    await world.says("3", "/xoa I.1")
    assert "lý do" in (await world.says("3", "trùng với nhiệm vụ khác")).text


@pytest.mark.parametrize(
    ("typed", "part"),
    [
        ("II.1 tới đâu rồi", "II.1. Cập nhật sổ theo dõi văn bản"),
        ("sở tài chính chậm hay không", "Sở Tài chính"),
        ("kế hoạch này số mấy", "15/KH-UBND"),
        ("việc của sở hàng hải", "không tìm thấy cơ quan"),
        ("việc đỏ", "quá hạn"),
        ("cảm ơn bot", "Không có gì"),
    ],
)
async def test_what_is_no_day_is_a_question_and_the_dialogue_waits(
    world: World, typed: str, part: str
) -> None:
    await world.joins("2", PostRole.FOCAL_POINT, "Sở Tư pháp")
    asked = await world.says("2", "xin gia hạn I.1")
    assert "ngày" in asked.text
    assert part in (await world.says("2", typed)).text
    assert "06/12/2026" in (await world.says("2", "thêm 6 ngày")).text


@pytest.mark.parametrize("opened", ["xin gia hạn I.1", "xin gia hạn I.1 đến 06/12 vì chờ số liệu"])
async def test_a_report_is_no_day_and_is_taken_while_a_day_is_waited_for(
    world: World, opened: str
) -> None:
    await world.joins("2", PostRole.FOCAL_POINT, "Sở Tư pháp")
    assert "gia hạn" in (await world.says("2", opened)).text
    assert "Đã ghi" in (await world.says("2", "đã hoàn thành I.1")).text
