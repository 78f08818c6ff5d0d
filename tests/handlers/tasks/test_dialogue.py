"""Tasks by command: added, changed, given, cancelled, undone; a plan closed."""

from __future__ import annotations

from datetime import date

import pytest
from sqlmodel import col, select

from models.agencies import Agency, TaskAgency
from models.assignments import Assignment, Status
from models.milestones import TaskMilestone
from models.people import PostRole
from models.plans import Plan, Role, Task, TaskState
from tests.support.world import ADMIN, World, load, small_plan

AN, BINH, CHI = "11", "12", "13"
LINE = (
    "/them Sở Tư pháp | Tổng hợp kiến nghị của doanh nghiệp | trước 25/12/2026 | phối hợp: "
    "Sở Tài chính, các sở, ban, ngành | sản phẩm: báo cáo; phụ lục số liệu"
)


@pytest.fixture
async def office(world: World) -> World:
    await world.joins(AN, PostRole.FOCAL_POINT, "Sở Tư pháp", "Nguyễn Văn An")
    await world.joins(BINH, PostRole.FOCAL_POINT, "Sở Tài chính", "Trần Bình")
    await world.joins(CHI, PostRole.SUPERVISOR, "Sở Nội vụ", "Lê Thị Chi")
    return world


async def links(world: World, key: str, role: Role) -> list[str]:
    async with world.database.read() as session:
        rows = await session.exec(
            select(Agency.name)
            .join(TaskAgency, col(TaskAgency.agency_id) == Agency.id)
            .join(Task, col(Task.id) == TaskAgency.task_id)
            .where(Task.key == key, TaskAgency.role == role)
            .order_by(col(TaskAgency.position))
        )
        return list(rows)


async def test_one_line_is_shown_as_understood_and_stored_when_confirmed(office: World) -> None:
    shown = await office.says(CHI, LINE)
    for part in (
        "Tổng hợp kiến nghị của doanh nghiệp",
        "Chủ trì: Sở Tư pháp",
        "Phối hợp: Sở Tài chính; các sở, ban, ngành",
        "phụ lục số liệu",
        "thứ Năm 24/12/2026",
        "trước ngày 25/12/2026",
        "Nhắc vào: 23/11; 10/12; 17/12; 21/12; 23/12; 24/12",
        "15/KH-UBND",
    ):
        assert part in shown.text
    with pytest.raises(IndexError):
        await office.task("BS.1")
    kept = await office.presses(CHI, shown.action("Lưu"))
    assert "BS.1" in kept.text
    task = await office.task("BS.1")
    assert (task.added, task.next_day, task.deadline_text) == (
        True,
        date(2026, 12, 24),
        "trước 25/12/2026",
    )
    assert task.deliverables == ["báo cáo", "phụ lục số liệu"]
    (told,) = await office.told(AN)
    assert "Nhiệm vụ mới của cơ quan" in told.text
    assert "BS.1" in (await office.says(AN, "việc của tôi")).text


async def test_parts_come_in_any_order_and_without_labels(office: World) -> None:
    shown = await office.says(
        CHI, "/them stp | Kiểm tra hồ sơ | Sở Tài chính | 20/12/2026 | kết luận kiểm tra"
    )
    assert "Chủ trì: Sở Tư pháp" in shown.text
    assert "Phối hợp: Sở Tài chính" in shown.text
    assert "Chủ nhật 20/12/2026" in shown.text
    assert "nên gửi trong ngày thứ Sáu 18/12" in shown.text
    assert "kết luận kiểm tra" in shown.text


async def test_step_by_step_survives_a_restart_at_each_step(office: World) -> None:
    assert "cơ quan nào chủ trì" in (await office.says(ADMIN, "/them")).text
    office.restart()
    assert "Tên nhiệm vụ" in (await office.says(ADMIN, "Sở Tài chính")).text
    office.restart()
    assert "Thời hạn" in (await office.says(ADMIN, "Lập dự toán")).text
    office.restart()
    assert "chưa đọc được thời hạn" in (await office.says(ADMIN, "sớm nhất có thể")).text
    shown = await office.says(ADMIN, "thứ 6 tuần sau")
    assert "thứ Sáu 27/11/2026" in shown.text
    office.restart()
    asked = await office.presses(ADMIN, shown.action("Sản phẩm"))
    assert "Sản phẩm là gì" in asked.text
    shown = await office.says(ADMIN, "dự toán; tờ trình")
    office.restart()
    await office.presses(ADMIN, shown.action("Lưu"))
    task = await office.task("BS.1")
    assert task.deadline_text == "27/11/2026"
    assert task.deliverables == ["dự toán", "tờ trình"]


async def test_a_repeating_task_has_an_assignment_each_time(office: World) -> None:
    shown = await office.says(
        ADMIN, "/them Sở Tư pháp | Báo cáo công tác tiếp dân | ngày 05 hàng tháng"
    )
    assert "hằng tháng" in shown.text
    await office.presses(ADMIN, shown.action("Lưu"))
    assert [a.last_day for a in await office.assignments("BS.1")] == [date(2026, 12, 5)]


async def test_a_collective_gets_an_assignment_a_member(office: World) -> None:
    shown = await office.says(ADMIN, "/them các sở, ban, ngành | Gửi danh sách cán bộ | 10/12/2026")
    assert "2 cơ quan" in shown.text
    await office.presses(ADMIN, shown.action("Lưu"))
    assert len(await office.assignments("BS.1")) == 2


async def test_an_agency_that_is_not_certain_is_asked_about_and_the_rest_is_kept(
    office: World,
) -> None:
    asked = await office.says(
        ADMIN, "/them Sở Tư phạp nào đó | Kiểm tra | 20/12/2026 | sản phẩm: báo cáo"
    )
    shown = await office.presses(ADMIN, asked.action("Sở Tư pháp"))
    assert "Chủ trì: Sở Tư pháp" in shown.text
    assert "báo cáo" in shown.text
    assert "20/12/2026" in shown.text


async def test_of_several_plans_the_bot_asks_which(office: World) -> None:
    await load(office.database, small_plan("22/KH-UBND"))
    asked = await office.says(ADMIN, "/them Sở Tư pháp | Kiểm tra | 20/12/2026")
    assert "kế hoạch nào" in asked.text
    shown = await office.presses(ADMIN, asked.action("22/KH-UBND"))
    assert "22/KH-UBND" in shown.text
    shown = await office.says(ADMIN, "/them Sở Tư pháp | Kiểm tra | 20/12/2026 | kế hoạch: 15")
    assert "Thuộc kế hoạch: 15/KH-UBND" in shown.text


async def test_a_task_outside_every_plan_has_a_plan_of_the_year(office: World) -> None:
    await load(office.database, small_plan("22/KH-UBND"))
    asked = await office.says(ADMIN, "/them Sở Tư pháp | Kiểm tra | 20/12/2026")
    shown = await office.presses(ADMIN, asked.action("Ngoài kế hoạch"))
    await office.presses(ADMIN, shown.action("Lưu"))
    async with office.database.read() as session:
        task = await office.task("BS.1")
        plan = await session.get_one(Plan, task.plan_id)
    assert (plan.number, plan.first_year) == (None, 2026)


async def test_nobody_else_adds_changes_or_cancels(office: World) -> None:
    await office.joins("14", PostRole.HEAD, "Sở Tư pháp")
    await office.joins("15", PostRole.LEADER)
    for who in (AN, "14", "15"):
        for text in (LINE, "/sua I.1 | tên: x", "/giao I.1 | Sở Y tế", "/xoa I.1 | thôi"):
            assert "Chỉ người quản trị và người theo dõi" in (await office.says(who, text)).text
        task = await office.task("I.1")
        for action in ("change", "give", "cancel"):
            assert (
                "Chỉ người quản trị và người theo dõi"
                in (await office.presses(who, f"{action}:{task.id}")).text
            )


async def test_the_buttons_of_a_task_under_way_are_the_writers_own(office: World) -> None:
    shown = await office.says(CHI, LINE)
    for who in (ADMIN, AN):
        assert "không còn dùng được" in (await office.presses(who, shown.action("Lưu"))).text
    await office.presses(CHI, shown.action("Lưu"))
    again = await office.presses(CHI, shown.action("Lưu"))
    assert "không còn dùng được" in again.text
    with pytest.raises(IndexError):
        await office.task("BS.2")


async def test_a_task_is_changed_in_a_line(office: World) -> None:
    shown = await office.says(CHI, "/sua I.1 | hạn: 20/12/2026 | sản phẩm: báo cáo")
    assert "20/12/2026" in shown.text
    assert (await office.task("I.1")).next_day == date(2026, 11, 30)
    await office.presses(AN, f"got:{(await office.assignments('I.1'))[0].id}")
    done = await office.presses(CHI, shown.action("Lưu"))
    assert "Đã sửa" in done.text
    task = await office.task("I.1")
    assert (task.next_day, task.deliverables) == (date(2026, 12, 20), ["báo cáo"])
    (one,) = await office.assignments("I.1")
    assert one.status == Status.RECEIVED
    (told,) = await office.told(AN)
    assert "Đã sửa: thời hạn; sản phẩm" in told.text


async def test_a_task_is_changed_by_buttons(office: World) -> None:
    task = await office.task("I.1")
    shown = await office.presses(CHI, f"change:{task.id}")
    await office.presses(CHI, shown.action("Tên"))
    shown = await office.says(CHI, "Rà soát và công bố thủ tục nội bộ")
    await office.presses(CHI, shown.action("Lưu"))
    assert (await office.task("I.1")).title == "Rà soát và công bố thủ tục nội bộ"


async def test_of_two_who_change_one_task_the_second_is_told(office: World) -> None:
    one = await office.says(CHI, "/sua I.1 | hạn: 20/12/2026")
    two = await office.says(ADMIN, "/sua I.1 | hạn: 25/12/2026")
    await office.presses(CHI, one.action("Lưu"))
    late = await office.presses(ADMIN, two.action("Lưu"))
    assert "vừa được người khác sửa" in late.text
    assert (await office.task("I.1")).next_day == date(2026, 12, 20)


async def test_what_is_not_understood_of_a_change_is_said(office: World) -> None:
    assert "chưa hiểu" in (await office.says(CHI, "/sua I.1 | làm nhanh lên")).text
    assert "Không có nhiệm vụ" in (await office.says(CHI, "/sua IX.9")).text
    assert "số nhiệm vụ" in (await office.says(CHI, "/sua")).text


async def test_a_task_is_given_to_another_agency(office: World) -> None:
    shown = await office.says(CHI, "/giao I.1 | Sở Tài chính")
    await office.presses(CHI, shown.action("Lưu"))
    assert await links(office, "I.1", Role.LEAD) == ["Sở Tài chính"]
    (one,) = await office.assignments("I.1")
    agency = await office.agency("Sở Tài chính")
    assert agency is not None
    assert one.agency_id == agency.id
    assert ["Nhiệm vụ mới của cơ quan" in told.text for told in await office.told(BINH)] == [True]
    assert ["cho cơ quan khác" in told.text for told in await office.told(AN)] == [True]


async def test_a_task_is_cancelled_with_a_reason_and_stays_on_record(office: World) -> None:
    asked = await office.says(CHI, "/xoa I.1")
    assert "lý do" in asked.text
    sure = await office.says(CHI, "trùng với nhiệm vụ khác")
    done = await office.presses(CHI, sure.action("Hủy nhiệm vụ"))
    assert "trùng với nhiệm vụ khác" in done.text
    task = await office.task("I.1")
    assert (task.state, task.cancel_reason) == (TaskState.CANCELLED, "trùng với nhiệm vụ khác")
    assert {a.status for a in await office.assignments("I.1")} == {Status.CANCELLED}
    (told,) = await office.told(AN)
    assert "Đã ghi hủy" in told.text
    assert "đã hủy" in (await office.says(CHI, "/xoa I.1 | lần nữa")).text
    assert "đã hủy" in (await office.says(AN, "đã hoàn thành I.1")).text


async def test_a_cancelled_task_is_taken_up_again_within_ten_minutes(office: World) -> None:
    await office.presses(AN, f"got:{(await office.assignments('I.1'))[0].id}")
    sure = await office.says(CHI, "/xoa I.1 | nhầm")
    done = await office.presses(CHI, sure.action("Hủy nhiệm vụ"))
    await office.presses(CHI, done.action("Hoàn tác"))
    assert (await office.task("I.1")).state == TaskState.UNFINISHED
    assert [a.status for a in await office.assignments("I.1")] == [Status.RECEIVED]


async def test_an_added_task_is_undone(office: World) -> None:
    shown = await office.says(CHI, LINE)
    await office.presses(CHI, shown.action("Lưu"))
    assert "Đã bỏ nhiệm vụ" in (await office.says(CHI, "/hoantac")).text
    assert (await office.task("BS.1")).state == TaskState.CANCELLED
    assert "không có việc nào" in (await office.says(AN, "/hoantac")).text


async def test_a_given_task_goes_back_with_all_it_had(office: World) -> None:
    await office.presses(AN, f"work:{(await office.assignments('I.1'))[0].id}")
    await office.says(AN, "đang lấy ý kiến")
    (before,) = await office.assignments("I.1")
    shown = await office.says(CHI, "/giao I.1 | Sở Tài chính")
    done = await office.presses(CHI, shown.action("Lưu"))
    back = await office.presses(CHI, done.action("Hoàn tác"))
    assert "trở lại như trước" in back.text
    (after,) = await office.assignments("I.1")
    assert (after.id, after.status, after.note, after.last_day) == (
        before.id,
        Status.IN_PROGRESS,
        "đang lấy ý kiến",
        before.last_day,
    )
    assert await links(office, "I.1", Role.LEAD) == ["Sở Tư pháp"]


async def test_what_others_did_since_is_not_undone(office: World) -> None:
    shown = await office.says(CHI, "/giao I.1 | Sở Tài chính")
    done = await office.presses(CHI, shown.action("Lưu"))
    await office.presses(BINH, f"got:{(await office.assignments('I.1'))[0].id}")
    late = await office.presses(CHI, done.action("Hoàn tác"))
    assert "đã có thay đổi khác" in late.text
    shown = await office.says(CHI, "/sua I.2 | hạn: 20/12/2026")
    done = await office.presses(CHI, shown.action("Lưu"))
    office.wait(minutes=11)
    assert "quá 10 phút" in (await office.presses(CHI, done.action("Hoàn tác"))).text


async def test_a_task_is_paused_and_goes_on(office: World) -> None:
    assert "tạm dừng" in (await office.says(CHI, "/sua I.1 | tạm dừng")).text
    assert {a.status for a in await office.assignments("I.1")} == {Status.SUSPENDED}
    assert "được tiếp tục" in (await office.says(CHI, "/sua I.1 | tiếp tục")).text
    assert {a.status for a in await office.assignments("I.1")} == {Status.IN_PROGRESS}


async def test_a_plan_is_closed_and_what_is_unfinished_ends_with_the_reason(office: World) -> None:
    await office.says(ADMIN, "đánh dấu xong I.1")
    asked = await office.says(ADMIN, "/ketthuc 15")
    assert "còn 4 nhiệm vụ chưa xong" in asked.text
    reason = await office.presses(ADMIN, asked.action("cả 4 nhiệm vụ"))
    assert "lý do" in reason.text
    office.restart()
    sure = await office.says(ADMIN, "hết năm kế hoạch")
    await office.presses(ADMIN, sure.action("Đồng ý"))
    plan = await office.plan()
    assert plan.closed_on == office.now.date()
    async with office.database.read() as session:
        left = list(
            await session.exec(select(Assignment.status).where(col(Assignment.ended_on).is_(None)))
        )
    assert set(left) == {Status.DONE, Status.CANCELLED}
    assert (
        "đã kết thúc"
        in (await office.presses(AN, f"got:{(await office.assignments('I.1'))[0].id}")).text
    )
    assert "Chỉ người quản trị" in (await office.says(CHI, "/ketthuc")).text


async def test_what_is_unfinished_is_carried_over_as_it_stands(office: World) -> None:
    await load(office.database, small_plan("3/KH-UBND", 2027))
    first = (await office.assignments("I.1"))[0]
    await office.presses(AN, f"got:{first.id}")
    asked = await office.says(ADMIN, "/ketthuc 15")
    await office.presses(ADMIN, asked.action("Chuyển tiếp sang 3/KH-UBND"))
    sure = await office.says(ADMIN, "sang năm làm tiếp")
    done = await office.presses(ADMIN, sure.action("Đồng ý"))
    assert "5 nhiệm vụ chuyển tiếp" in done.text
    (one,) = await office.assignments("CT.1")
    assert (one.status, one.last_day) == (Status.RECEIVED, date(2026, 11, 30))
    assert (await office.task("CT.1")).title == "Rà soát thủ tục nội bộ của ngành"


async def test_the_sample_plan_is_removed_whole(world: World) -> None:
    await load(world.database, small_plan("9/KH-UBND"), sample=True)
    asked = await world.says(ADMIN, "/ketthuc 9")
    assert "kế hoạch mẫu" in asked.text
    await world.presses(ADMIN, asked.action("Xóa kế hoạch mẫu"))
    async with world.database.read() as session:
        plans = (await session.exec(select(Plan.number))).all()
        tasks = (await session.exec(select(Task.id))).all()
        milestones = (await session.exec(select(TaskMilestone.id))).all()
    assert (list(plans), len(tasks), len(milestones)) == (["15/KH-UBND"], 5, 5)


async def test_a_long_requirement_is_shown_whole(office: World) -> None:
    await office.says(CHI, f"/sua I.1 | yêu cầu: {'rà soát & công bố ' * 200}")
    await office.says(CHI, "lưu")
    task = await office.task("I.1")
    assert "rà soát & công bố" in (await office.presses(CHI, f"show:{task.id}")).text
    assert len(task.requirement or "") > 2500


async def test_a_deadline_that_no_calendar_has_is_called_so(office: World) -> None:
    said = await office.says(CHI, "/them Sở Tư pháp | Việc mới | 30/2/2027")
    assert "Không có “30/2/2027” trên lịch" in said.text
