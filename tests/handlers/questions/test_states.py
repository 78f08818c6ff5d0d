"""States of the reporting cycle and kinds of deadlines are found as they are asked."""

from __future__ import annotations

import pytest

from models.people import PostRole
from tests.support.world import World


@pytest.fixture
async def office(world: World) -> World:
    """Add a focal point of Sở Tư pháp and a supervisor, who may confirm, to the world."""
    await world.joins("2", PostRole.FOCAL_POINT, "Sở Tư pháp")
    await world.joins("3", PostRole.SUPERVISOR)
    return world


async def test_a_report_is_asked_for_until_it_is_confirmed(office: World) -> None:
    asked = "có gì chờ xác nhận không"
    assert "I.1" not in (await office.says("3", asked)).text
    done = await office.says("2", "I.1 đã hoàn thành, số 15/BC-STP")
    assert done.answer is not None
    assert "I.1" in (await office.says("3", asked)).text
    offered = await office.says("3", "xác nhận I.1")
    await office.presses("3", offered.action("Xác nhận"))
    assert "I.1" not in (await office.says("3", asked)).text
    assert "I.1" in (await office.says("3", "tuần này làm được gì")).text
    assert "I.1" not in (await office.says("3", "tuần trước làm được gì")).text


async def test_who_reported_today_is_asked_for_before_it_is_confirmed(office: World) -> None:
    asked = "hôm nay có đơn vị nào báo cáo chưa"
    assert "I.1" not in (await office.says("3", asked)).text
    await office.says("2", "I.1 đã hoàn thành, số 15/BC-STP")
    said = (await office.says("3", asked)).text
    assert "I.1" in said
    assert "đã báo cáo trong khoảng 20/11/2026" in said


async def test_a_state_behind_a_count_is_told_as_its_part(office: World) -> None:
    said = (await office.says("3", "sở tư pháp có mấy việc, việc nào quá hạn")).text
    assert "Trong đó quá hạn: 1" in said
    assert "I.1" in said


async def test_a_returned_report_is_asked_for(office: World) -> None:
    await office.says("2", "I.1 đã hoàn thành, số 15/BC-STP")
    offered = await office.says("3", "trả lại I.1")
    await office.presses("3", offered.action("Trả lại"))
    await office.says("3", "thiếu phụ lục số liệu")
    assert "I.1" in (await office.says("3", "việc nào bị trả lại")).text


async def test_who_has_not_received_is_asked_for(office: World) -> None:
    assert "I.1" in (await office.says("3", "việc nào chưa tiếp nhận")).text
    await office.says("2", "đã tiếp nhận nhiệm vụ I.1")
    said = await office.says("3", "sở tư pháp chưa tiếp nhận việc nào")
    assert " I.1 " not in said.text
    assert "II.1" in said.text


async def test_a_request_for_time_is_asked_for(office: World) -> None:
    assert "I.1" not in (await office.says("3", "ai xin gia hạn")).text
    repeated = await office.says("2", "xin gia hạn I.1 đến 15/12/2026 vì chờ ý kiến các đơn vị")
    await office.presses("2", next(iter(repeated.buttons.values())))
    assert "I.1" in (await office.says("3", "ai xin gia hạn")).text


@pytest.mark.parametrize(
    ("typed", "key", "other"),
    [
        ("việc thường xuyên", "II.2", "II.1"),
        ("việc nào phải báo cáo hằng tháng", "II.1", "I.1"),
        ("việc định kỳ của sở tư pháp", "II.1", "I.1"),
        ("nhiem vu dinh ky hang thang", "II.1", "I.1"),
    ],
)
async def test_kinds_of_deadlines(office: World, typed: str, key: str, other: str) -> None:
    said = await office.says("3", typed)
    assert f"{key} " in said.text
    assert f" {other} " not in said.text
