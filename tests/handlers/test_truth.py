"""What the bot says is what the registry knows: each kind of false sentence has its test."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlmodel import col, select

from handlers.conversation import task_lines
from language.milestones import Milestone
from language.times.calendars import Calendar
from locales.answer import make_answer
from models.assignments import Assignment, Status
from models.milestones import TaskMilestone
from models.people import PostRole
from models.plans import Task
from plans.format import MilestoneRow, PlanFile, PlanHead, TaskRow
from tests.support.world import ADMIN, Reply, World, load

AN, BINH, CHI = "11", "12", "13"
FAR = date(2026, 12, 10)
WEEKDAYS = {1: "thứ Bảy 21/11/2026", -2: "thứ Tư 18/11/2026"}  # by days from today


def _plan(leads: list[str], days: list[date], key: str = "6") -> PlanFile:
    rows = [MilestoneRow(kind="date", last_day=day, printed_day=day) for day in days]
    text = "; ".join(f"{day:%d/%m/%Y}" for day in days)
    task = TaskRow(
        key=key, title="Lát gạch vỉa hè", lead=leads, deadline_text=text, milestones=rows
    )
    head = PlanHead(title="Chỉnh trang", number="99/KH-UBND", first_year=2026, last_year=2026)
    return PlanFile(plan=head, tasks=[task])


async def _set(world: World, key: str, place: int, **values: object) -> None:
    async with world.database.write() as session:
        rows = await session.exec(
            select(Assignment)
            .join(Task, col(Task.id) == Assignment.task_id)
            .where(Task.key == key, col(Assignment.ended_on).is_(None))
            .order_by(col(Assignment.last_day), col(Assignment.id))
        )
        row = list(rows)[place]
        for name, value in values.items():
            setattr(row, name, value)
        session.add(row)
    world.restart()


def _line(text: str) -> str:
    """Return what a list says below the title of the plan's task."""
    return text[text.index("Lát gạch vỉa hè") :].splitlines()[1]


@pytest.fixture
async def office(world: World) -> World:
    await world.says(ADMIN, "/start")
    await world.joins(CHI, PostRole.SUPERVISOR, "Sở Nội vụ", "Lê Thị Chi")
    return world


async def test_a_line_of_several_agencies_names_who_still_owes(office: World) -> None:
    await load(
        office.database, _plan(["Sở Xây dựng", "Sở Công Thương", "Sở Y tế"], [date(2026, 11, 10)])
    )
    await _set(office, "6", 0, status=Status.DONE, done_on=date(2026, 11, 9))
    line = (await office.says(ADMIN, "việc quá hạn")).text
    assert "Sở Xây dựng" not in line
    assert "Sở Công Thương và 1 cơ quan khác" in line
    await _set(office, "6", 1, last_day=FAR)
    line = (await office.says(ADMIN, "việc quá hạn")).text
    assert "Sở Y tế · " in line
    assert "1 cơ quan khác có hạn sau" in line
    await _set(office, "6", 0, status=Status.REPORTED)
    assert "Sở Y tế · " not in (await office.says(ADMIN, "việc đã hoàn thành")).text


async def test_a_deadline_that_several_agencies_owe_is_one_that_is_overdue(office: World) -> None:
    days = [date(2026, 11, 10), FAR]
    await load(office.database, _plan(["Sở Xây dựng", "Sở Công Thương", "Sở Y tế"], days))
    assert "kỳ quá hạn" not in _line((await office.says(ADMIN, "việc quá hạn")).text)
    await _set(office, "6", 3, last_day=date(2026, 11, 12))
    assert "(2 kỳ quá hạn)" in _line((await office.says(ADMIN, "việc quá hạn")).text)


@pytest.mark.parametrize(
    ("status", "question"),
    [
        (Status.REPORTED, "việc chờ xác nhận"),
        (Status.RETURNED, "việc bị trả lại"),
        (Status.NEW, "việc chưa tiếp nhận"),
    ],
)
async def test_a_list_of_a_state_names_who_is_in_that_state(
    office: World, status: Status, question: str
) -> None:
    leads = ["Sở Xây dựng", "Sở Công Thương", "Sở Y tế"]
    await load(office.database, _plan(leads, [date(2026, 11, 10)]))
    for place in range(3):
        await _set(office, "6", place, status=Status.IN_PROGRESS)
    await _set(office, "6", 2, status=status)
    line = _line((await office.says(ADMIN, question)).text)
    assert "Sở Y tế" in line
    assert "cơ quan khác" not in line


async def test_what_is_due_soon_is_told_by_the_deadline_that_is(office: World) -> None:
    await load(office.database, _plan(["Sở Y tế"], [date(2026, 3, 31), FAR]))
    text = (await office.says(ADMIN, "việc sắp đến hạn")).text
    assert "10/12/2026 – còn 20 ngày (1 kỳ quá hạn)" in text


async def test_late_completion_belongs_to_the_deadline_that_was_late(office: World) -> None:
    days = [date(2026, 3, 31), date(2026, 6, 30), date(2026, 9, 30)]
    await load(office.database, _plan(["Sở Y tế"], days))
    for place, done in enumerate((date(2026, 3, 30), date(2026, 7, 4), date(2026, 9, 29))):
        await _set(office, "6", place, status=Status.DONE, done_on=done)
    text = (await office.says(ADMIN, "nhiệm vụ của Sở Y tế")).text
    assert "hoàn thành 3 thời hạn, lần cuối ngày 29/09/2026" in text
    assert "quá hạn: hạn 30/06/2026 (hoàn thành 04/07/2026)" in text
    await _set(office, "6", 2, status=Status.NEW, done_on=None, last_day=FAR)
    text = (await office.says(ADMIN, "nhiệm vụ 6")).text
    assert "Đã có: hoàn thành 2 thời hạn" in text
    assert "hạn 30/06/2026 (hoàn thành 04/07/2026)" in text


async def test_an_earlier_deadline_whose_report_waits_is_said_beside_the_open_one(
    office: World,
) -> None:
    days = [date(2026, 3, 31), date(2026, 6, 30), FAR]
    await load(office.database, _plan(["Sở Y tế"], days))
    assert "Chờ xác nhận" not in (await office.says(ADMIN, "nhiệm vụ 6")).text
    for place in range(2):
        await _set(office, "6", place, status=Status.REPORTED)
    text = (await office.says(ADMIN, "nhiệm vụ 6")).text
    assert "10/12/2026 – còn 20 ngày" in text
    assert "Chờ xác nhận: báo cáo của hạn 31/03/2026; 30/06/2026" in text


async def test_late_completion_by_one_of_several_agencies_names_it(office: World) -> None:
    await load(office.database, _plan(["Sở Y tế", "Sở Xây dựng"], [date(2026, 11, 10)]))
    await _set(office, "6", 0, status=Status.DONE, done_on=date(2026, 11, 9))
    await _set(office, "6", 1, status=Status.DONE, done_on=date(2026, 11, 12))
    text = (await office.says(ADMIN, "việc đã hoàn thành")).text
    assert "quá hạn: Sở Xây dựng – hạn 10/11/2026 (hoàn thành 12/11/2026)" in text


async def test_a_collective_is_not_done_because_its_joined_members_are(office: World) -> None:
    await office.joins(AN, PostRole.FOCAL_POINT, "Sở Tư pháp", "Nguyễn Văn An")
    await office.joins(BINH, PostRole.FOCAL_POINT, "Sở Y tế", "Trần Bình")
    rows = await office.assignments("I.3")
    for place in range(len(rows)):
        await _set(office, "I.3", place, status=Status.DONE, done_on=date(2026, 11, 19))
    text = (await office.says(ADMIN, "việc đã hoàn thành")).text
    assert "cơ quan đã tham gia đã hoàn thành" in text
    assert "✅" not in text
    assert "I.3" in text
    text = (await office.says(AN, "việc của tôi")).text
    assert "hoàn thành ngày 19/11/2026" in text


async def test_another_member_of_a_collective_is_not_the_asker(office: World) -> None:
    await office.joins(AN, PostRole.FOCAL_POINT, "Sở Tư pháp", "Nguyễn Văn An")
    await office.joins(BINH, PostRole.FOCAL_POINT, "Sở Y tế", "Trần Bình")
    rows = await office.assignments("I.3")
    agency = await office.agency("Sở Tư pháp")
    own = next(n for n, row in enumerate(rows) if agency and row.agency_id == agency.id)
    await _set(office, "I.3", own, status=Status.DONE, done_on=date(2026, 11, 19))
    text = (await office.says(AN, "nhiệm vụ của tôi")).text
    assert "hoàn thành ngày 19/11/2026" in text


@pytest.mark.parametrize("status", [Status.REPORTED, Status.SUSPENDED, Status.CANCELLED])
async def test_a_status_is_said_once(office: World, status: Status) -> None:
    await _set(office, "I.1", 0, status=status)
    text = (await office.says(ADMIN, "I.1")).text
    for words in ("chờ xác nhận", "tạm dừng", "đã hủy"):
        assert text.count(words) <= 1


@pytest.mark.parametrize("action", ["got", "done"])
async def test_that_something_was_noted_is_said_once(office: World, action: str) -> None:
    await office.joins(AN, PostRole.FOCAL_POINT, "Sở Tư pháp", "Nguyễn Văn An")
    row = (await office.assignments("I.1"))[0]
    assert (await office.presses(AN, f"{action}:{row.id}")).text.count("Đã ghi") == 1


async def test_a_report_without_evidence_was_not_sent_yet(office: World) -> None:
    await office.joins(AN, PostRole.FOCAL_POINT, "Sở Tư pháp", "Nguyễn Văn An")
    row = (await office.assignments("I.1"))[0]
    text = (await office.presses(AN, f"done:{row.id}")).text
    assert "Đã gửi" not in text
    assert "sau 10 phút" in text


@pytest.mark.parametrize(("last", "late"), [(1, ""), (-2, " – quá hạn 2 ngày")])
async def test_a_report_is_measured_by_its_day_when_it_is_confirmed_later(
    office: World, last: int, late: str
) -> None:
    await office.joins(AN, PostRole.FOCAL_POINT, "Sở Tư pháp", "Nguyễn Văn An")
    await _set(office, "I.1", 0, last_day=office.now.date() + timedelta(days=last))
    line = f"hạn {WEEKDAYS[last]}{late}"
    assert line in (await office.says(AN, "đã xong I.1, công văn số 45/CV-STP")).text
    told = (await office.told(CHI))[-1]
    assert told.text.splitlines()[2].endswith(line)
    office.wait(days=5)
    said = await office.presses(CHI, told.action("Xác nhận"))
    assert said.text.splitlines()[2].endswith(line)
    assert (await office.told(AN))[-1].text.splitlines()[2].endswith(line)


@pytest.mark.parametrize("today", [date(2026, 11, 27), date(2026, 11, 28), date(2026, 12, 3)])
def test_no_day_is_recommended_that_is_past(today: date) -> None:
    sunday = Milestone(kind="date", last_day=date(2026, 11, 29), printed_day=date(2026, 11, 29))
    text = Reply(make_answer(task_lines.format_milestone(sunday, today, Calendar()))).text
    assert ("nên gửi" in text) == (today <= date(2026, 11, 27))


def test_an_hour_is_said_before_its_day() -> None:
    day = date(2026, 11, 20)
    hour = Milestone(kind="date", last_day=day, printed_day=day, at="17:00")
    text = Reply(make_answer(task_lines.format_milestone(hour, day, Calendar()))).text
    assert "trước 17:00, thứ Sáu 20/11/2026" in text
    assert "hết" not in text


async def test_an_unread_deadline_is_not_a_rule(office: World) -> None:
    async with office.database.write() as session:
        row = (
            await session.exec(select(TaskMilestone).where(TaskMilestone.kind == "ongoing"))
        ).one()
        row.kind, row.reference, row.doubt = "regulation", "khi có gió mùa", "không rõ"
        session.add(row)
    office.restart()
    text = (await office.says(ADMIN, "II.2")).text
    assert "chưa đọc được thời hạn" in text
    assert "theo khi có" not in text
    assert "chưa đọc được thời hạn 1" in (await office.says(ADMIN, "tiến độ")).text


@pytest.mark.parametrize(
    "text", ["nhiệm vụ 6", "nhiem vu 6", "6", "6 hạn khi nào", "ai chủ trì nhiệm vụ 6", "việc 6"]
)
async def test_a_task_with_a_bare_number_is_found(office: World, text: str) -> None:
    await load(office.database, _plan(["Sở Y tế"], [FAR]))
    office.restart()
    assert "Lát gạch vỉa hè" in (await office.says(ADMIN, text)).text


@pytest.mark.parametrize(
    "text", ["BS.1", "bs.1", "BS.1 hạn khi nào", "nhiệm vụ BS.1", "ai chủ trì BS.1"]
)
async def test_a_number_that_the_bot_gave_is_understood(office: World, text: str) -> None:
    await load(office.database, _plan(["Sở Y tế"], [FAR], key="BS.1"))
    office.restart()
    assert "Lát gạch vỉa hè" in (await office.says(ADMIN, text)).text


@pytest.mark.parametrize(
    "text",
    [
        "nhiệm vụ của Sở Tài chính trừ quá hạn",
        "việc tháng 12 trừ việc đã xong",
        "nhiệm vụ quý IV ngoài việc quá hạn",
        "tất cả nhiệm vụ trừ mục II",
        "việc của Sở Tư pháp ngoại trừ việc đã hoàn thành",
    ],
)
async def test_what_is_left_out_is_not_shown_instead(office: World, text: str) -> None:
    assert "loại trừ" in (await office.says(ADMIN, text)).text


@pytest.mark.parametrize(
    "text", ["/huy I.1", "hủy nhiệm vụ I.1", "xóa nhiệm vụ I.1", "huỷ bỏ việc I.1"]
)
async def test_cancelling_a_task_by_word_tells_the_command(office: World, text: str) -> None:
    assert "/xoa I.1" in (await office.says(CHI, text)).text
    assert (await office.task("I.1")).cancelled_on is None


async def test_the_bot_records_and_names_the_agency_of_who_decided(office: World) -> None:
    await office.joins(AN, PostRole.FOCAL_POINT, "Sở Tư pháp", "Nguyễn Văn An")
    shown = await office.says(CHI, "/xoa I.1 | trùng với I.2")
    await office.presses(CHI, shown.action("Hủy"))
    told = "\n".join(reply.text for reply in await office.told(AN))
    assert "Đã ghi hủy nhiệm vụ (Sở Nội vụ – Lê Thị Chi cập nhật)" in told


async def test_a_head_is_not_promised_the_morning_message(office: World) -> None:
    text = (await office.joins(AN, PostRole.HEAD, "Sở Tư pháp", "Nguyễn Văn An")).text
    assert "Mỗi sáng" not in text
    assert "ngày làm việc kế tiếp" in text


@pytest.mark.parametrize("text", ["/toi", "/roi"])
async def test_what_is_kept_is_not_said_to_be_all(office: World, text: str) -> None:
    await office.joins(AN, PostRole.FOCAL_POINT, "Sở Tư pháp", "Nguyễn Văn An")
    for who in (AN, "77"):
        assert "chỉ lưu" not in (await office.says(who, text)).text


async def test_a_day_that_no_calendar_has_is_said_so(office: World) -> None:
    assert "Không có “31/2/2027”" in (await office.says(ADMIN, "/ngaynghi 31/2/2027")).text


def test_expected_days_of_the_lunar_new_year_are_called_expected() -> None:
    calendar = Calendar()
    assert "dự kiến" in (calendar.name_of_day_off(date(2027, 2, 8)) or "")
    assert "dự kiến" not in (calendar.name_of_day_off(date(2026, 2, 17)) or "")
    assert "Dương lịch" in (calendar.name_of_day_off(date(2027, 1, 1)) or "")


async def test_my_tasks_are_those_of_all_my_agencies(office: World) -> None:
    await office.joins(AN, PostRole.FOCAL_POINT, "Sở Tư pháp", "Nguyễn Văn An")
    await office.joins(AN, PostRole.FOCAL_POINT, "Sở Tài chính", "Nguyễn Văn An")
    for text in ("việc của tôi", "/congviec", "nhiệm vụ chưa xong của đơn vị em"):
        told = (await office.says(AN, text)).text
        assert "I.1 " in told
        assert "I.2 " in told
        assert "Sở Tư pháp; Sở Tài chính" in told
    assert "Sở Tài chính" not in (await office.says(AN, "việc của sở tư pháp")).text


@pytest.mark.parametrize("again", ["đã xong I.1", "báo cáo xong I.1", "I.1 xong rồi"])
async def test_a_report_repeated_while_evidence_is_asked_for_is_no_evidence(
    office: World, again: str
) -> None:
    await office.joins(AN, PostRole.FOCAL_POINT, "Sở Tư pháp", "Nguyễn Văn An")
    await office.says(AN, "đã xong I.1")
    assert "Nguyễn Văn An đã báo cáo" in (await office.says(AN, again)).text
    told = (await office.says(AN, "báo cáo số 45/BC-STP ngày 19/11/2026")).text
    assert "số 45/BC-STP" in told
    assert again not in told


async def test_a_report_on_another_task_is_no_evidence_of_the_one_before(office: World) -> None:
    await office.joins(AN, PostRole.FOCAL_POINT, "Sở Tư pháp", "Nguyễn Văn An")
    await office.says(AN, "đã xong I.1")
    assert "II.1 Cập nhật" in (await office.says(AN, "đã xong II.1")).text
    row = (await office.assignments("II.1"))[0]
    assert row.status == Status.REPORTED


async def test_a_report_repeated_with_its_document_keeps_the_document(office: World) -> None:
    await office.joins(AN, PostRole.FOCAL_POINT, "Sở Tư pháp", "Nguyễn Văn An")
    await office.says(AN, "đã xong I.1")
    await office.says(AN, "đã xong II.1")
    told = (await office.says(AN, "đã xong I.1, báo cáo số 45/BC-STP ngày 19/11/2026")).text
    assert "I.1 Rà soát" in told
    assert "số 45/BC-STP" in told


async def test_a_bound_group_that_became_a_supergroup_is_not_asked_to_bind(office: World) -> None:
    await office.says(ADMIN, "/gannhom tỉnh", group="-1")
    for order in (("moved", "added"), ("added", "moved")):
        replies = [
            await office.happens(ADMIN, "moved", group="-1", moved_to="-1001")
            if what == "moved"
            else await office.happens(ADMIN, "added", group="-1001")
            for what in order
        ]
        assert [reply.text for reply in replies if "/gannhom" in reply.text] == [], order


@pytest.mark.parametrize(
    "deadline",
    ["hằng tháng, từ tháng 1 đến tháng 3", "hằng quý năm 2025", "hằng tháng đến hết tháng 6/2026"],
)
async def test_a_deadline_whose_every_time_is_past_is_said_to_be_past(
    office: World, deadline: str
) -> None:
    for line in (f"/them Sở Y tế | Rà soát kho thuốc | {deadline}", f"/sua I.1 | hạn: {deadline}"):
        assert "đã qua" in (await office.says(CHI, line)).text
        await office.says(CHI, "/huy")


@pytest.mark.parametrize(("hour", "is_late"), [("08:30", True), ("17:00", False)])
async def test_a_report_behind_the_hour_of_its_last_day_is_said_to_be(
    office: World, hour: str, is_late: bool
) -> None:
    await office.joins(AN, PostRole.FOCAL_POINT, "Sở Tư pháp", "Nguyễn Văn An")
    row = MilestoneRow(kind="date", last_day=office.now.date(), at=hour)
    task = TaskRow(key="VI.1", title="Gửi sổ", lead=["Sở Tư pháp"], milestones=[row])
    head = PlanHead(title="Sổ", number="98/KH-UBND", first_year=2026, last_year=2026)
    await load(office.database, PlanFile(plan=head, tasks=[task]))
    office.restart()
    told = (await office.says(AN, "báo cáo xong VI.1, công văn số 45/CV-STP")).text
    assert (f"sau giờ hạn ({hour}" in told) == is_late
    told = "".join(reply.text for reply in await office.told(CHI))
    assert (f"sau giờ hạn ({hour}" in told) == is_late
