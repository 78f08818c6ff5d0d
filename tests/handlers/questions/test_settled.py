"""What who supervises has decided is a state that is asked for: cancelled, paused, more time."""

from __future__ import annotations

import pytest

from language.questions.understanding import understand
from models.people import PostRole
from tests.support.world import TODAY, World


@pytest.fixture
async def office(world: World) -> World:
    await world.joins("2", PostRole.FOCAL_POINT, "Sở Tư pháp")
    await world.joins("3", PostRole.SUPERVISOR)
    return world


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("việc bị hủy", "cancelled"),
        ("nhiệm vụ nào đã huỷ rồi", "cancelled"),
        ("sở tư pháp có việc nào đã bị xóa không", "cancelled"),
        ("việc tạm dừng", "suspended"),
        ("những nhiệm vụ đang tạm hoãn", "suspended"),
        ("việc được gia hạn", "extension_granted"),
        ("nhiệm vụ nào đã gia hạn", "extension_granted"),
        ("việc không được gia hạn", "extension_refused"),
        ("ai xin được gia hạn", "extension_asked"),
        ("việc chưa được gia hạn", "extension_asked"),
    ],
)
def test_states_by_decision_are_read(text: str, status: str) -> None:
    question = understand(text, TODAY)
    assert (question.intent, question.status, question.words) == ("list", status, None)


@pytest.mark.parametrize("text", ["việc không bị hủy", "nhiệm vụ nào không tạm hoãn"])
def test_their_opposite_is_no_list_of_them(text: str) -> None:
    assert understand(text, TODAY).manner == "exception"


async def test_cancelled_and_paused_tasks_are_listed(office: World) -> None:
    sure = await office.says("3", "/xoa I.1 | không còn phù hợp")
    await office.presses("3", sure.action("Hủy"))
    await office.says("3", "/sua II.1 | tạm dừng")
    for typed, key, other in (
        ("việc bị hủy", "I.1 ", "II.1 "),
        ("việc tạm dừng", "II.1 ", " I.1 "),
    ):
        said = (await office.says("2", typed)).text
        assert key in said
        assert other not in said
        assert "Không có" not in said
    whole = await office.says("3", "nhiệm vụ I.1")
    assert "đã hủy" in whole.text
    assert not whole.buttons  # nothing more is done with it


async def test_more_time_that_was_granted_is_listed(office: World) -> None:
    repeated = await office.says("2", "xin gia hạn I.1 đến 15/12/2026 vì chờ ý kiến các đơn vị")
    await office.presses("2", next(iter(repeated.buttons.values())))
    assert "I.1 " not in (await office.says("3", "việc được gia hạn")).text
    offered = await office.says("3", "đồng ý gia hạn I.1")
    await office.presses("3", offered.action("Đồng ý"))
    await office.says("3", "12/UBND-TH")
    said = (await office.says("2", "việc được gia hạn")).text
    assert "I.1 " in said
    assert "15/12/2026" in said
