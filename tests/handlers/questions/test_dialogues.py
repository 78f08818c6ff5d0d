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


async def test_a_question_where_another_day_is_awaited_is_answered(world: World) -> None:
    await world.joins("2", PostRole.FOCAL_POINT, "Sở Tư pháp")
    await world.joins("3", PostRole.ADMIN)
    repeated = await world.says("2", "xin gia hạn I.1 thêm 6 ngày vì chờ ý kiến")
    await world.presses("2", repeated.action("Đúng"))
    decides = await world.says("3", "đồng ý gia hạn I.1")
    await world.presses("3", decides.action("Đổi ngày"))
    assert "Sở Tư pháp" in (await world.says("3", "sở tư pháp trễ mấy việc")).text
    assert "04/12/2026" in (await world.says("3", "04/12")).text


async def test_whether_somebody_reported_is_no_reason_to_return(world: World) -> None:
    await world.joins("2", PostRole.FOCAL_POINT, "Sở Tư pháp")
    await world.joins("3", PostRole.SUPERVISOR)
    assert "Đã ghi" in (await world.says("2", "em xong I.1 rồi, số 15/BC-STP")).text
    waits = await world.says("3", "trả lại I.1")
    await world.presses("3", waits.action("Trả lại"))
    assert "Đã trả lại" not in (await world.says("3", "sở tài chính có báo cáo chưa")).text
    assert "chưa rõ số liệu" in (await world.says("3", "chưa rõ số liệu")).text


async def test_small_words_of_a_report_are_no_note(world: World) -> None:
    await world.joins("2", PostRole.FOCAL_POINT, "Sở Tư pháp")
    said = await world.says("2", "em xong việc I.1 rồi, số 15/BC-STP ngày 16/11")
    assert "15/BC-STP" in said.text
    assert "Ghi chú" not in said.text


async def test_a_report_on_two_tasks_writes_neither_and_offers_both(world: World) -> None:
    await world.joins("2", PostRole.FOCAL_POINT, "Sở Tư pháp")
    for typed in ("xong I.1 và II.1 rồi ạ", "I.1, II.1 xong rồi"):
        said = await world.says("2", typed)
        assert "Đã ghi" not in said.text
        assert said.action("I.1 ")
    assert "Đã ghi" in (await world.presses("2", said.action("II.1"))).text


async def test_the_agency_whose_task_it_is_said_to_be_is_no_note(world: World) -> None:
    await world.joins("2", PostRole.FOCAL_POINT, "Sở Tư pháp")
    said = await world.says("2", "I.1 của sở tư pháp coi như xong")
    assert "Đã ghi" in said.text
    assert "Ghi chú" not in said.text


async def test_what_another_agency_has_done_is_no_report_of_ones_own(world: World) -> None:
    await world.joins("2", PostRole.FOCAL_POINT, "Sở Tư pháp")
    said = await world.says("2", "I.1 của sở tài chính xong rồi")
    assert "Đã ghi" not in said.text
    assert said.action("Sở Tư pháp")


@pytest.mark.parametrize(
    ("typed", "answer"),
    [
        ("tắt nhắc", "không đổi gì"),
        ("giao cho sở y tế làm thay", "không đổi gì"),
        ("rút lại", "không có việc nào hoàn tác được"),
    ],
)
async def test_an_order_is_no_day(world: World, typed: str, answer: str) -> None:
    await world.joins("2", PostRole.FOCAL_POINT, "Sở Tư pháp")
    await world.says("2", "xin gia hạn I.1")
    said = await world.says("2", typed)
    assert "chưa đọc được ngày" not in said.text
    assert answer in said.text
    assert "15/12/2026" in (await world.says("2", "15/12/2026")).text  # the dialogue waits


@pytest.mark.parametrize(
    "typed",
    ["tổng hợp tháng 11 cho tôi", "xuất excel giúp em", "cho em xin file việc quá hạn excel"],
)
async def test_a_wish_is_no_evidence(world: World, typed: str) -> None:
    await world.joins("2", PostRole.FOCAL_POINT, "Sở Tư pháp")
    await world.says("2", "báo cáo xong I.1")
    said = await world.says("2", typed)
    assert said.answer is not None
    assert said.answer.files
    kept = await world.says("2", "số 45/BC-STP ngày 18/11")
    assert "45/BC-STP" in kept.text
