"""A short line without agency and noun goes on with the question before it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from models.people import PostRole
from tests.support.world import World


@pytest.fixture
async def asker(world: World) -> World:
    """Add somebody who has just asked for the tasks of Sở Tư pháp."""
    await world.joins("9", PostRole.VIEWER)
    await world.says("9", "nhiệm vụ của Sở Tư pháp")
    return world


@pytest.mark.parametrize("typed", ["cái nào trễ", "trễ mấy cái", "tháng 12 thôi", "cái nào gấp"])
async def test_a_line_without_agency_and_noun_keeps_the_agency(asker: World, typed: str) -> None:
    said = await asker.says("9", typed)
    assert "Sở Tư pháp · chủ trì" in said.text
    everybody = await asker.presses("9", said.action("Hỏi cho tất cả"))
    assert "Sở Tư pháp · chủ trì" not in everybody.text


@pytest.mark.parametrize("typed", ["việc nào trễ", "đơn vị nào chậm nhất", "cả tỉnh cái nào trễ"])
async def test_a_line_with_a_noun_or_for_everybody_starts_anew(asker: World, typed: str) -> None:
    assert "Sở Tư pháp · chủ trì" not in (await asker.says("9", typed)).text


async def test_figures_and_subjects_that_are_kept_can_be_left(asker: World) -> None:
    await asker.says("9", "so sánh sở tư pháp với sở tài chính")
    kept = await asker.says("9", "30/11")
    assert "Sở Tư pháp; Sở Tài chính" in kept.text
    everybody = await asker.presses("9", kept.action("Hỏi cho tất cả"))
    assert "Sở Tư pháp; Sở Tài chính" not in everybody.text
    await asker.says("9", "việc về quyết toán ngân sách")
    kept = await asker.says("9", "cái nào trễ")
    assert "“quyết toán ngân sách”" in kept.text
    everything = await asker.presses("9", kept.action("Hỏi cho tất cả"))
    assert "quyết toán ngân sách”" not in everything.text


async def test_what_was_counted_is_listed(asker: World) -> None:
    await asker.says("9", "sở tư pháp có bao nhiêu việc quá hạn")
    assert "Sở Tư pháp · chủ trì · quá hạn" in (await asker.says("9", "kể ra xem")).text


async def test_all_agencies_are_asked_about_by_a_short_line(asker: World) -> None:
    await asker.says("9", "cái nào trễ")
    said = await asker.says("9", "còn cả tỉnh thì sao")
    assert "Sở Tư pháp · chủ trì" not in said.text
    assert "quá hạn" in said.text


async def test_after_a_while_a_short_line_stands_alone(asker: World) -> None:
    asker.now += timedelta(hours=2)
    assert "Sở Tư pháp · chủ trì" not in (await asker.says("9", "cái nào trễ")).text


async def test_alone_a_line_that_asks_for_a_list_is_not_understood(world: World) -> None:
    await world.joins("9", PostRole.VIEWER)
    assert "chưa hiểu" in (await world.says("9", "kể ra xem")).text


async def test_a_line_not_understood_gets_the_nearest_tasks_as_buttons(world: World) -> None:
    await world.joins("9", PostRole.VIEWER)
    said = await world.says("9", "hồi đó quyết toán đường sá cầu cống lằng nhằng")
    assert "Có phải anh/chị hỏi" in said.text
    assert "I.2. Công khai" in (await world.presses("9", said.action("I.2"))).text
    assert "Có phải" not in (await world.says("9", "thời tiết hôm nay")).text


async def test_a_part_alone_keeps_the_agency(asker: World) -> None:
    said = await asker.says("9", "cái nào phối hợp")
    assert "Sở Tư pháp · phối hợp" in said.text
    asker.now += timedelta(hours=2)
    assert "thuộc cơ quan nào" in (await asker.says("9", "cái nào phối hợp")).text


async def test_a_comparison_is_listed_as_it_was_compared(asker: World) -> None:
    await asker.says("9", "đơn vị nào trễ nhất")
    assert "quá hạn" in (await asker.says("9", "kể ra xem")).text.splitlines()[1]
    said = await asker.says("9", "cái nào của sở tư pháp")
    assert "Sở Tư pháp · chủ trì · quá hạn" in said.text


async def test_figures_by_agency_are_of_all_states(asker: World) -> None:
    await asker.says("9", "việc nào quá hạn")
    said = await asker.says("9", "chia theo từng sở")
    assert said.text.startswith("Tiến độ – KH")
    assert "Theo cơ quan" in said.text


async def test_days_to_come_do_not_hold_for_what_is_overdue(asker: World) -> None:
    await asker.says("9", "sở tư pháp có gì tháng 12")
    said = await asker.says("9", "cái nào trễ")
    assert "Sở Tư pháp · chủ trì · quá hạn · KH" in said.text


async def test_a_number_of_what_was_shown_is_asked_in_few_words(world: World) -> None:
    await world.joins("9", PostRole.VIEWER)
    await world.says("9", "đơn vị nào chưa tiếp nhận")
    assert "chưa tiếp nhận" in (await world.says("9", "bao nhiêu cái")).text


async def test_days_to_come_leave_the_days_of_work_behind(world: World) -> None:
    await world.joins("9", PostRole.VIEWER)
    await world.says("9", "6 tháng đầu năm xong được mấy việc")
    said = await world.says("9", "quý IV phải xong những gì")
    assert "xong trong khoảng" not in said.text
    assert "I.2" in said.text
    await world.says("9", "tháng 9 xong được mấy việc")
    past = await world.says("9", "tháng 10 thì sao")
    assert "xong trong khoảng 01/10/2026 – 31/10/2026" in past.text


async def test_days_leave_work_without_a_day_behind(world: World) -> None:
    await world.joins("9", PostRole.VIEWER)
    await world.says("9", "việc thường xuyên")
    assert "I.2" in (await world.says("9", "tháng 12 có gì")).text


async def test_a_state_after_figures_is_a_list(world: World) -> None:
    await world.joins("9", PostRole.VIEWER)
    await world.says("9", "tiến độ sở tư pháp")
    assert "xong trong khoảng" in (await world.says("9", "tuần trước làm được gì")).text


async def test_the_word_for_a_deadline_alone_asks_when_the_task_shown_is_due(world: World) -> None:
    await world.joins("9", PostRole.VIEWER)
    await world.says("9", "I.2")
    assert "Hạn: thứ Hai 14/12/2026" in (await world.says("9", "hạn")).text


async def test_how_far_is_asked_of_the_agency_or_the_task_shown_before(asker: World) -> None:
    await asker.says("9", "sở tài chính có việc gì")
    assert "Tiến độ – Sở Tài chính" in (await asker.says("9", "mấy phần trăm rồi")).text
    await asker.says("9", "II.1 hạn khi nào")
    assert (await asker.says("9", "tới đâu rồi")).text.startswith("II.1.")


@pytest.mark.parametrize("typed", ["họ trễ mấy việc", "họ còn nợ việc gì"])
async def test_they_are_the_agency_before(asker: World, typed: str) -> None:
    await asker.says("9", "sở tài chính có việc gì")
    said = await asker.says("9", typed)
    assert "Sở Tài chính" in said.text
    assert "không tìm thấy" not in said.text


async def test_a_bare_number_that_no_task_has_is_a_line_of_the_list(asker: World) -> None:
    for typed in ("1", "số 1"):
        assert "II.1. Cập nhật" in (await asker.says("9", typed)).text
    asker.now += timedelta(hours=2)
    assert "Không có nhiệm vụ nào" in (await asker.says("9", "1")).text


@pytest.mark.parametrize("typed", ["trễ việc gì", "trễ mấy việc", "chậm nhiệm vụ nào"])
async def test_a_state_before_its_noun_goes_on_with_the_agency(asker: World, typed: str) -> None:
    assert "Sở Tư pháp · chủ trì · quá hạn" in (await asker.says("9", typed)).text


async def test_the_nearest_deadline_is_asked_for_anew(asker: World) -> None:
    assert "Sở Tư pháp · chủ trì" not in (await asker.says("9", "hạn gần nhất là việc nào")).text


@pytest.mark.parametrize("typed", ["chừ còn mấy việc nữa", "vậy còn bao nhiêu việc"])
async def test_what_is_left_is_of_the_askers_agency(world: World, typed: str) -> None:
    await world.joins("8", PostRole.FOCAL_POINT, "Sở Tài chính")
    assert "Sở Tài chính · chủ trì · chưa xong" in (await world.says("8", typed)).text
    await world.says("8", "nhiệm vụ của Sở Tư pháp")
    assert "Sở Tư pháp · chủ trì · chưa xong" in (await world.says("8", typed)).text


async def test_another_comparison_is_answered_by_its_sentence(asker: World) -> None:
    await asker.says("9", "sở nào làm tốt nhất")
    alone = await asker.says("9", "sở nào kém nhất")
    assert (await asker.says("9", "thế sở nào kém nhất")).text == alone.text
