"""How a plan is watched over, and other names of agencies, as admins set them in chat."""

from __future__ import annotations

from models.assignments import Status
from models.people import PostRole
from tests.support.world import ADMIN, World, load, small_plan

AN, CHI = "11", "13"


async def test_a_plan_is_set_to_need_evidence_and_no_confirmation(world: World) -> None:
    await world.joins(AN, PostRole.FOCAL_POINT, "Sở Tư pháp")
    await world.joins(CHI, PostRole.SUPERVISOR)
    card = await world.says(ADMIN, "/kehoach")
    assert "không bắt buộc" in card.text
    card = await world.presses(ADMIN, card.action("Bắt buộc minh chứng"))
    assert "hoàn thành: bắt buộc" in card.text
    card = await world.presses(ADMIN, card.action("Không cần xác nhận"))
    assert "không cần" in card.text
    plan = await world.plan()
    assert (plan.evidence_needed, plan.confirmation) == (True, False)
    assert "yêu cầu có minh chứng" in (await world.says(AN, "đã hoàn thành I.1")).text
    await world.says(AN, "số 8/BC-STP")
    assert (await world.assignments("I.1"))[0].status == Status.DONE
    await world.presses(ADMIN, card.action("Xác nhận theo mặc định"))
    assert (await world.plan()).confirmation is None


async def test_reports_go_to_the_plans_own_supervisors(world: World) -> None:
    await world.joins(AN, PostRole.FOCAL_POINT, "Sở Tư pháp")
    await world.joins(CHI, PostRole.SUPERVISOR, "Sở Nội vụ")
    await world.joins("14", PostRole.SUPERVISOR, "Sở Tài chính")
    card = await world.says(ADMIN, "/kehoach 15")
    await world.presses(ADMIN, card.action("Cơ quan theo dõi"))
    assert "Sở Tài chính" in (await world.says(ADMIN, "sở tài chính")).text
    await world.says(AN, "xong I.1, số 5/BC-STP")
    assert await world.told(CHI) == []
    assert len(await world.told("14")) == 1


async def test_of_several_plans_one_is_chosen(world: World) -> None:
    await load(world.database, small_plan("22/KH-UBND"))
    which = await world.says(ADMIN, "/kehoach")
    card = await world.presses(ADMIN, which.action("22/KH-UBND"))
    assert "22/KH-UBND" in card.text
    assert "Không có kế hoạch" in (await world.says(ADMIN, "/kehoach 999")).text


async def test_a_name_that_an_admin_gave_is_understood(world: World) -> None:
    said = await world.says(ADMIN, "/ten Sở Tư pháp | ngành pháp chế; sở pháp chế")
    assert "ngành pháp chế" in said.text
    assert "I.1" in (await world.says(ADMIN, "nhiệm vụ của ngành pháp chế")).text


async def test_a_name_of_another_agency_is_refused(world: World) -> None:
    assert "đang là tên của Sở Tài chính" in (await world.says(ADMIN, "/ten Sở Tư pháp | STC")).text
    assert "ngắn quá" in (await world.says(ADMIN, "/ten Sở Tư pháp | x")).text
    assert "ví dụ" in (await world.says(ADMIN, "/ten")).text
