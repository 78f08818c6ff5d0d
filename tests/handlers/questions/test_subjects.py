"""What is asked about a subject that the registry has is never denied (rule 6)."""

from __future__ import annotations

import pytest

from models.people import PostRole
from tests.support.world import World


@pytest.mark.parametrize(
    "typed",
    [
        "việc về quyết toán quá hạn",
        "sở tư pháp có việc nào về quyết toán không",
        "việc quyết toán ngân sách hạn tháng 11",
        "việc về quyết toán đã xong",
    ],
)
async def test_a_subject_that_exists_is_shown_though_the_filters_leave_nothing(
    world: World, typed: str
) -> None:
    await world.joins("9", PostRole.VIEWER)
    said = await world.says("9", typed)
    assert "Không có nhiệm vụ nào" not in said.text
    assert "quyết toán" in said.text
    assert "I.2 Công khai quyết toán ngân sách" in said.text
    assert "thứ Hai 14/12/2026" in said.text


async def test_a_task_with_one_common_word_of_the_subject_does_not_match(world: World) -> None:
    await world.joins("9", PostRole.VIEWER)
    said = await world.says("9", "việc về số liệu đánh giá của sở tư pháp hạn 30/11")
    assert "I.1" not in said.text


async def test_several_codes_are_answered_in_turn(world: World) -> None:
    await world.joins("9", PostRole.VIEWER)
    said = await world.says("9", "I.1 với I.2 hạn khi nào")
    assert "30/11/2026" in said.text
    assert "14/12/2026" in said.text
    assert "I.2. Công khai" in (await world.presses("9", said.action("2"))).text
