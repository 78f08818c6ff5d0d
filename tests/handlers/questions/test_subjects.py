"""What is asked about a subject that the registry has is never denied (rule 6)."""

from __future__ import annotations

import pytest

from models.people import PostRole
from tests.support.world import ADMIN, World, load, small_plan


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


async def test_two_subjects_of_one_line_are_both_found(world: World) -> None:
    said = await world.says(ADMIN, "quyết toán ngân sách, chuyên trang cải cách tới đâu")
    assert "“quyết toán ngân sách, chuyên trang cải cách”" in said.text
    listed = await world.says(ADMIN, "việc quyết toán ngân sách và chuyên trang cải cách")
    assert "I.2" in listed.text
    assert "II.2" in listed.text


async def test_a_subject_without_figures_is_shown_as_it_stands(world: World) -> None:
    said = await world.says(ADMIN, "tiến độ quyết toán ngân sách tháng 1")
    assert "0/0" not in said.text
    assert "I.2" in said.text


async def test_what_has_no_day_is_not_asked_for_within_the_days_before(world: World) -> None:
    await world.says(ADMIN, "tháng 1 có việc gì")
    said = await world.says(ADMIN, "còn cái nào không có ngày cụ thể không")
    assert "II.2" in said.text


async def test_a_task_is_found_in_the_plan_of_a_title(world: World) -> None:
    other = small_plan("16/KH-UBND")
    head = other.plan.model_copy(update={"title": "Kế hoạch chuyển đổi số"})
    await load(world.database, other.model_copy(update={"plan": head}))
    world.app.forget_names()
    said = await world.says(ADMIN, "I.2 của kế hoạch chuyển đổi số")
    assert "16/KH-UBND" in said.text
    assert "15/KH-UBND" not in said.text


async def test_a_subject_with_a_comma_that_one_task_holds_is_one(world: World) -> None:
    said = await world.says(ADMIN, "việc công khai, quyết toán ngân sách")
    assert "I.2" in said.text
    assert "1 nhiệm vụ" in said.text


@pytest.mark.parametrize(
    "typed",
    [
        "báo cáo hồ sơ quá hạn của sở nội vụ",
        "hồ sơ trả kết quả quá hạn",
        "báo cáo hồ sơ quá hạn và xin lỗi người dân",
        "bao cao ho so qua han",
        "sở nội vụ xin lỗi người dân quá hạn chưa",
    ],
)
async def test_words_of_a_state_in_a_title_are_a_subject_if_nothing_is_in_it(
    world: World, typed: str
) -> None:
    plan = small_plan()
    product = "Báo cáo hồ sơ trả kết quả quá hạn, xin lỗi người dân"
    changed = plan.tasks[4].model_copy(update={"deliverables": [product]})
    await load(world.database, plan.model_copy(update={"tasks": [*plan.tasks[:4], changed]}))
    said = await world.says(ADMIN, typed)
    assert "II.2 Duy trì" in said.text
    assert "không thuộc diện" not in said.text
    other = await world.says(ADMIN, "quyết toán ngân sách quá hạn")
    assert "không thuộc diện: quá hạn" in other.text


async def test_of_an_agency_only_its_own_tasks_of_a_subject_are_shown(world: World) -> None:
    said = await world.says(ADMIN, "sở tài chính quyết toán ngân sách quá hạn chưa")
    assert "“quyết toán ngân sách” Sở Tài chính có 1 nhiệm vụ" in said.text
    assert "không thuộc diện: quá hạn" in said.text
    assert "I.2 Công khai" in said.text
