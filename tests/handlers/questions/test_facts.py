"""A plan's own facts, who has not joined, and the one look."""

from __future__ import annotations

import pytest

from handlers.questions.filters import MOST_PLANS, describe_filters
from handlers.questions.look_up import QuestionResult
from language.questions.question import Question
from locales.fluent import load_sentences
from models.people import PostRole
from models.plans import Plan
from tests.support.world import World, load, small_plan


async def test_a_plan_is_described_by_its_own_facts(world: World) -> None:
    await world.joins("9", PostRole.VIEWER)
    said = await world.says("9", "kế hoạch này số mấy")
    assert "/KH-UBND" in said.text
    assert "Ngày ban hành" in said.text


@pytest.mark.parametrize("typed", ["cchc kế hoạch số mấy", "kh cchc số bao nhiêu"])
async def test_a_plan_is_named_by_a_short_form_of_its_title(world: World, typed: str) -> None:
    plan = small_plan()
    head = plan.plan.model_copy(update={"title": "Kế hoạch cải cách hành chính năm 2026"})
    await load(world.database, plan.model_copy(update={"plan": head}))
    world.app.forget_names()
    await world.joins("9", PostRole.VIEWER)
    assert "Ngày ban hành" in (await world.says("9", typed)).text


async def test_a_supervisor_hears_who_has_no_focal_point(world: World) -> None:
    await world.joins("3", PostRole.SUPERVISOR)
    asked = "đơn vị nào chưa tham gia"
    assert "• Sở Tư pháp" in (await world.says("3", asked)).text
    await world.joins("2", PostRole.FOCAL_POINT, "Sở Tư pháp")
    assert "• Sở Tư pháp" not in (await world.says("3", asked)).text


async def test_others_are_told_whom_to_ask_who_has_not_joined(world: World) -> None:
    await world.joins("9", PostRole.VIEWER)
    said = await world.says("9", "đơn vị nào chưa tham gia")
    assert "Sở Tư pháp" not in said.text
    assert "người theo dõi" in said.text


async def test_agencies_are_counted_before_the_figures(world: World) -> None:
    await world.joins("2", PostRole.FOCAL_POINT, "Sở Tư pháp")
    said = (await world.says("2", "mấy sở chưa xong")).text.splitlines()
    assert said[0].startswith("2 sở còn việc có thời hạn chưa xong: Sở Tài chính; Sở Tư pháp")
    assert "giao chung" in said[1]
    assert said[2].startswith("Tiến độ – KH")
    late = (await world.says("2", "mấy sở trễ")).text
    assert late.startswith("1 sở có việc quá hạn: Sở Tư pháp.")
    assert "chưa xong" in (await world.says("2", "mấy đơn vị chưa nộp")).text
    assert "chưa xong" in (await world.says("2", "kể ra xem")).text.splitlines()[1]


async def test_agencies_are_counted_by_states_of_reports(world: World) -> None:
    await world.joins("2", PostRole.FOCAL_POINT, "Sở Tư pháp")
    new = (await world.says("2", "mấy đơn vị chưa tiếp nhận")).text
    assert new.startswith("3 cơ quan có nhiệm vụ chưa tiếp nhận: ")
    asked = (await world.says("2", "bao nhiêu cơ quan xin gia hạn")).text
    assert asked.startswith("Không cơ quan nào đang đề nghị gia hạn.")


async def test_an_agency_is_told_its_place(world: World) -> None:
    await world.joins("2", PostRole.FOCAL_POINT, "Sở Tư pháp")
    said = (await world.says("2", "bên em đứng thứ mấy")).text
    assert said.startswith("Sở Tư pháp đứng thứ 1 trong 2 cơ quan về tỷ lệ hoàn thành (")
    assert "Chưa xếp hạng được" in (await world.says("2", "sở y tế xếp thứ mấy")).text


async def test_one_look_shows_what_comes_up_and_what_waits(world: World) -> None:
    await world.joins("2", PostRole.FOCAL_POINT, "Sở Tư pháp")
    await world.joins("3", PostRole.SUPERVISOR)
    await world.joins("9", PostRole.LEADER)
    before = await world.says("9", "tuần này tôi cần chỉ đạo gì")
    assert "Quá hạn: 1" in before.text
    assert "Chờ xác nhận" not in before.text
    await world.says("2", "I.1 đã hoàn thành, số 15/BC-STP")
    after = await world.says("9", "sáng nay có gì đáng lo không")
    assert "Chờ xác nhận: 1" in after.text


async def test_a_list_out_of_the_one_look_is_a_list(world: World) -> None:
    await world.joins("9", PostRole.LEADER)
    look = await world.says("9", "tuần này tôi cần chỉ đạo gì")
    late = await world.presses("9", look.action("Quá hạn"))
    assert "Cần lưu ý" not in late.text
    assert "quá hạn" in late.text
    assert "Cần lưu ý" not in (await world.says("9", "còn sở tư pháp thì sao")).text


async def test_what_no_task_has_is_said(world: World) -> None:
    await world.joins("9", PostRole.VIEWER)
    said = await world.says("9", "kinh phí của I.1 bao nhiêu")
    assert "không ghi “kinh phí”" in said.text


async def test_a_list_of_days_shows_the_deadline_of_these_days(world: World) -> None:
    await world.joins("9", PostRole.VIEWER)
    said = await world.says("9", "việc hạn tháng 12 của sở tư pháp")
    assert "/12/2026" in said.text
    assert "/11/2026 –" not in said.text


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("đơn vị nào trễ nhất", "Quá hạn nhiều nhất"),
        ("sở nào nhiều việc nhất", "Nhiều nhiệm vụ nhất"),
        ("sở nào làm tốt nhất", "Các cơ quan bằng nhau"),
        ("sở tư pháp với sở tài chính bên nào trễ nhiều hơn", "Quá hạn nhiều nhất"),
    ],
)
async def test_a_comparison_is_answered_by_a_sentence_before_the_figures(
    world: World, typed: str, first: str
) -> None:
    await world.joins("9", PostRole.VIEWER)
    said = await world.says("9", typed)
    assert said.text.startswith(first)
    assert "Tiến độ" in said.text


async def test_work_of_agencies_together_is_that_of_all_of_them(world: World) -> None:
    await world.joins("9", PostRole.VIEWER)
    said = await world.says("9", "việc sở tư pháp và sở nội vụ cùng làm")
    assert "Sở Tư pháp; Sở Nội vụ · cùng tham gia" in said.text


async def test_several_agencies_are_counted_one_by_one(world: World) -> None:
    await world.joins("9", PostRole.VIEWER)
    said = await world.says("9", "sở tư pháp có mấy việc và sở tài chính có mấy việc")
    assert "• Sở Tư pháp: " in said.text
    assert "• Sở Tài chính: " in said.text


async def test_plans_that_are_left_out_are_counted(world: World) -> None:
    numbers = range(MOST_PLANS + 2)
    plans = [Plan(id=n, identity=str(n), title=f"KH {n}", imported_at=world.now) for n in numbers]
    async with world.database.read() as session:
        names = await world.app.load_registry_names(session)
    parts = describe_filters(QuestionResult(Question(intent="count"), plans), names)
    assert load_sentences().to_text(parts[-1]) == "… và 2 kế hoạch khác"


@pytest.mark.parametrize(
    "typed", ["mấy việc đang chờ tôi", "có gì chờ tôi không", "việc nào đợi em xác nhận vậy?"]
)
async def test_what_waits_for_somebody_is_what_they_decide_or_owe(world: World, typed: str) -> None:
    await world.joins("2", PostRole.FOCAL_POINT, "Sở Tư pháp")
    await world.joins("3", PostRole.SUPERVISOR)
    await world.joins("4", PostRole.LEADER)
    assert "chưa xong" in (await world.says("2", typed)).text
    await world.says("2", "I.1 đã hoàn thành, số 15/BC-STP")
    assert "Báo cáo chờ anh/chị xác nhận: 1" in (await world.says("3", typed)).text
    assert "Chờ xác nhận: 1" in (await world.says("4", typed)).text


async def test_what_is_there_for_somebody_does_not_wait(world: World) -> None:
    await world.joins("3", PostRole.SUPERVISOR)
    assert "chờ xử lý" not in (await world.says("3", "có gì cho tôi không")).text


async def test_work_with_another_agency_is_that_of_the_asker(world: World) -> None:
    await world.joins("2", PostRole.FOCAL_POINT, "Sở Tư pháp")
    said = await world.says("2", "việc phối hợp với sở nội vụ")
    assert "Sở Tư pháp; Sở Nội vụ · cùng tham gia" in said.text
    everybody = await world.presses("2", said.action("Hỏi cho tất cả"))
    assert "Sở Nội vụ · phối hợp" in everybody.text
    assert "Sở Tư pháp, " not in everybody.text


async def test_they_are_the_agency_before_where_reports_are_asked_for(world: World) -> None:
    await world.joins("3", PostRole.SUPERVISOR)
    await world.says("3", "tiến độ sở tài chính")
    assert "Sở Tài chính · chủ trì" in (await world.says("3", "họ có báo cáo chưa")).text


@pytest.mark.parametrize("typed", ["xã nào kém nhất", "phường nào trễ nhất", "5 xã chậm nhất"])
async def test_communes_are_compared_with_communes_alone(world: World, typed: str) -> None:
    await world.joins("9", PostRole.VIEWER)
    said = await world.says("9", typed)
    assert said.text.startswith("Chưa so sánh được")
    assert "Sở" not in said.text


async def test_a_level_called_a_committee_is_all_of_that_level(world: World) -> None:
    await world.joins("9", PostRole.VIEWER)
    assert "UBND cấp xã · chủ trì" in (await world.says("9", "ủy ban xã có việc gì")).text


async def test_a_plan_is_asked_for_its_number_by_its_title(world: World) -> None:
    await world.joins("9", PostRole.VIEWER)
    assert "15/KH-UBND" in (await world.says("9", "kế hoạch thử số bao nhiêu")).text
    assert "Số, ký hiệu" not in (await world.says("9", "kế hoạch tuyên truyền số bao nhiêu")).text


async def test_the_commune_with_most_late_work_is_named(world: World) -> None:
    await world.joins("9", PostRole.VIEWER)
    plan, leads = small_plan("16/KH-UBND"), ("UBND xã Tân Lập", "UBND xã Bình An")
    places = dict(zip(("II.1", "I.1"), leads, strict=True))
    tasks = [
        task.model_copy(update={"lead": [places[task.key]] if task.key in places else task.lead})
        for task in plan.tasks
    ]
    await load(world.database, plan.model_copy(update={"tasks": tasks}))
    said = await world.says("9", "xã nào kém nhất")
    assert said.text.startswith("Quá hạn nhiều nhất")
    assert "UBND xã Tân Lập." in said.text.splitlines()[0]
    assert "Sở" not in said.text
