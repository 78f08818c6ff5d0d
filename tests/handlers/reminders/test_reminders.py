"""Reminders in chat: hour, steps, pause, the buttons below them, deliveries, days off."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

import pytest
from sqlmodel import col, select

from handlers.router import MODULES, Router
from models.assignments import Status
from models.audit import Audit
from models.chats import Chat
from models.notices import FailureReason, Notice, NoticeLine, NoticeStatus
from models.people import PostRole
from models.plans import Plan, Task
from models.preferences import read_preference
from scheduler import rules
from scheduler.planning import planner
from scheduler.rules import Defaults, Rules
from tests.support.world import ADMIN, NOW, ZONE, World

AN, BINH = "11", "12"
MONDAY = date(2026, 11, 23)  # seven days before the last day of I.1


@pytest.fixture
async def office(world: World) -> World:
    """Let An join for Sở Tư pháp, Bình for Sở Tài chính; both have their collective's task."""
    world.router = Router(world.app, MODULES)
    await world.joins(AN, PostRole.FOCAL_POINT, "Sở Tư pháp", "Nguyễn Văn An")
    await world.joins(BINH, PostRole.FOCAL_POINT, "Sở Tài chính", "Trần Bình")
    return world


async def _rules(world: World) -> Rules:
    async with world.database.read() as session:
        return await rules.load_rules(session, Defaults(ZONE))


async def plan_day(world: World, day: date) -> dict[str, Notice]:
    """Plans a day; the notices that wait, by the address of their chat."""
    in_force = await _rules(world)
    async with world.database.write() as session:
        await planner.plan_day(session, day, datetime.combine(day, time(6), ZONE), in_force)
    world.now = max(world.now, datetime.combine(day, time(8), ZONE))
    async with world.database.read() as session:
        rows = await session.exec(
            select(Chat.address, Notice)
            .join(Notice)
            .where(
                Notice.kind == "morning", Notice.day == day, Notice.status == NoticeStatus.PENDING
            )
        )
        return dict(rows.all())


async def chat_of(world: World, address: str) -> Chat:
    async with world.database.read() as session:
        return (await session.exec(select(Chat).where(Chat.address == address))).one()


async def test_what_comes_when_and_to_whom_is_told(office: World) -> None:
    said = await office.says(AN, "/nhacnho")
    for piece in (
        "07:30",
        "30, 14, 7, 3, 1 ngày trước hạn và đúng ngày hạn",
        "Nguyễn Văn An",
        "I.1",
    ):
        assert piece in said.text
    assert "bước" not in said.text
    assert "bước" in (await office.says(ADMIN, "/nhacnho")).text


@pytest.mark.parametrize(
    ("typed", "kept"),
    [("8h15", time(8, 15)), ("giờ 9", time(9)), ("lúc 7:45", time(7, 45)), ("5h", time(7))],
)
async def test_a_person_chooses_an_hour_within_the_day(
    office: World, typed: str, kept: time
) -> None:
    said = await office.says(AN, f"/nhacnho {typed}")
    assert f"{kept:%H:%M}" in said.text
    assert (await chat_of(office, AN)).remind_at == kept
    assert (await chat_of(office, BINH)).remind_at is None
    await office.says(AN, "/nhacnho mặc định")
    assert (await chat_of(office, AN)).remind_at is None


@pytest.mark.parametrize("typed", ["25h", "xyz", "8h75"])
async def test_an_hour_that_is_none_changes_nothing(office: World, typed: str) -> None:
    assert "chưa hiểu" in (await office.says(AN, f"/nhacnho {typed}")).text
    assert (await chat_of(office, AN)).remind_at is None


async def test_only_an_admin_changes_the_hour_and_the_steps_of_all(office: World) -> None:
    for text in ("/nhacnho chung 8h", "/nhacnho bước 10, 5", "/nhacnho bước 10 I.1"):
        assert "không có quyền" in (await office.says(AN, text)).text
    assert "08:00" in (await office.says(ADMIN, "/nhacnho chung 8h")).text
    assert "10, 5 ngày trước hạn" in (await office.says(ADMIN, "/nhacnho bước 10, 5")).text
    in_force = await _rules(office)
    assert (in_force.remind_at, in_force.steps) == (time(8), (10, 5))
    async with office.database.read() as session:
        rows = (
            await session.exec(
                select(Audit).where(col(Audit.action).in_(("remind_at", "remind_steps")))
            )
        ).all()
    assert len(rows) == 2


async def test_steps_of_a_plan_and_a_task_and_back(office: World) -> None:
    await office.says(ADMIN, "/nhacnho bước 10, 5 và 0 kế hoạch 15")
    await office.says(ADMIN, "/nhacnho bước 7 3 I.1")
    async with office.database.read() as session:
        assert (await session.exec(select(Plan.steps))).one() == [10, 5, 0]
        assert (await session.exec(select(Task).where(Task.key == "I.1"))).one().steps == [7, 3]
    await office.says(ADMIN, "/nhacnho bước mặc định I.1")
    async with office.database.read() as session:
        assert (await session.exec(select(Task).where(Task.key == "I.1"))).one().steps is None


@pytest.mark.parametrize(
    ("typed", "piece"),
    [
        ("abc", "“abc” không phải là số ngày"),
        ("400", "quá xa"),
        ("", "không phải là số ngày"),
        ("1 2 3 4 5 6 7 8 9 10 11 12 13", "tối đa 12"),
        ("10 kế hoạch 999", "không tìm thấy"),
        ("10 IX.99", "không tìm thấy"),
    ],
)
async def test_steps_that_cannot_be_get_one_clear_sentence(
    office: World, typed: str, piece: str
) -> None:
    said = await office.says(ADMIN, f"/nhacnho bước {typed}")
    assert piece in said.text
    async with office.database.read() as session:
        assert await read_preference(session, rules.REMIND_STEPS) is None


async def test_a_pause_ends_on_a_day_and_what_came_up_is_told_then(office: World) -> None:
    waiting = await plan_day(office, MONDAY)
    said = await office.says(AN, "/tamdung 25/11")
    assert "thứ Tư 25/11/2026" in said.text
    assert "thứ Năm 26/11/2026" in said.text
    async with office.database.read() as session:
        notice = await session.get_one(Notice, waiting[AN].id)
    assert notice.not_before == datetime(2026, 11, 26, 7, 30, tzinfo=ZONE)
    assert "25/11/2026" in (await office.says(AN, "/tamdung")).text
    assert "tiếp tục" in (await office.says(AN, "/tamdung thôi")).text
    async with office.database.read() as session:
        notice = await session.get_one(Notice, waiting[AN].id)
    assert notice.not_before == datetime(2026, 11, 23, 7, 30, tzinfo=ZONE)
    assert (await chat_of(office, AN)).muted_until is None


@pytest.mark.parametrize(
    ("typed", "piece"),
    [
        ("mãi mãi", "Cần một ngày kết thúc"),
        ("31/12/2027", "tối đa 60 ngày"),
        ("01/11/2026", "đã qua"),
    ],
)
async def test_a_pause_without_an_end_is_refused(office: World, typed: str, piece: str) -> None:
    assert piece in (await office.says(AN, f"/tamdung {typed}")).text
    assert (await chat_of(office, AN)).muted_until is None


async def test_a_task_is_picked_out_of_several(office: World) -> None:
    last = NOW.date() + timedelta(days=41)
    waiting = await plan_day(office, last)  # I.1, I.3, II.1 are open by then
    picking = await office.presses(AN, f"pick:{waiting[AN].id}:0")
    assert "trang 1/2" in picking.text
    picking = await office.presses(AN, picking.action("Sau"))
    assert picking.answer is not None
    assert picking.answer.replace
    one = await office.presses(AN, picking.action("Rà soát"))
    assert "Rà soát thủ tục nội bộ" in one.text
    assert "chưa tiếp nhận" in one.text
    assert list(one.buttons) == [
        "✅ Đã tiếp nhận",
        "✅ Đã hoàn thành",
        "Đề nghị gia hạn",
        "Nhắc lại ngày mai",
        "Chi tiết",
    ]
    await office.presses(AN, one.action("Đã tiếp nhận"))
    assert (await office.assignments("I.1"))[0].status == Status.RECEIVED
    again = await office.presses(AN, picking.action("Rà soát"))
    assert "đã tiếp nhận" in again.text
    assert "✅ Đã tiếp nhận" not in again.buttons


async def test_all_tasks_at_once(office: World) -> None:
    waiting = await plan_day(office, NOW.date() + timedelta(days=41))
    said = await office.presses(AN, f"pickall:{waiting[AN].id}")
    for label in ("tiếp nhận tất cả", "hoàn thành tất cả", "Nhắc lại tất cả"):
        assert said.action(label)
    await office.presses(AN, said.action("tiếp nhận tất cả"))
    assert (await office.assignments("I.1"))[0].status == Status.RECEIVED


async def test_buttons_of_another_chat_or_forged_ones_do_nothing(office: World) -> None:
    waiting = await plan_day(office, MONDAY)
    number = waiting[AN].id
    one = (await office.assignments("I.1"))[0].id
    for action in (
        f"pick:{number}:0",
        f"pickall:{number}",
        f"laterall:{number}",
        f"pickone:{number}:{one}",
    ):
        assert "không còn dùng được" in (await office.presses(BINH, action)).text
    other = (await office.assignments("I.2"))[0].id  # of no line of this notice
    assert "không còn dùng được" in (await office.presses(AN, f"pickone:{number}:{other}")).text
    for action in (
        "pick:",
        "pick:x:y",
        "pick:99999999999999999999:0",
        "pickone:1",
        "later:",
        "later:-1",
        "mute:x",
        f"snooze:{one}:2026-11-27:noon",
    ):
        said = await office.presses(AN, action)
        assert "không còn dùng được" in said.text
    assert (
        "quyền" in (await office.presses(BINH, f"later:{one}")).text.lower()
        or "Sở Tư pháp" in (await office.presses(BINH, f"later:{one}")).text
    )


async def test_once_more_tomorrow_is_the_next_working_day_and_one_line(office: World) -> None:
    await plan_day(office, MONDAY)
    one = (await office.assignments("I.1"))[0].id
    office.now = datetime(2026, 11, 27, 9, 0, tzinfo=ZONE)  # a Friday
    said = await office.presses(AN, f"later:{one}")
    assert "thứ Hai 30/11/2026" in said.text
    await office.presses(AN, f"later:{one}")
    waiting = await plan_day(office, date(2026, 11, 30))
    async with office.database.read() as session:
        found = select(NoticeLine).where(
            NoticeLine.notice_id == waiting[AN].id, NoticeLine.assignment_id == one
        )
        lines = (await session.exec(found)).all()
    assert sorted(line.step for line in lines) == ["later-2026-11-30", "on-day"]


async def test_once_more_tomorrow_of_finished_work_says_how_it_stands(office: World) -> None:
    one = (await office.assignments("I.1"))[0].id
    await office.presses(AN, f"done:{one}")
    said = await office.presses(AN, f"later:{one}")
    assert "không cần nhắc nữa" in said.text


async def test_the_delivery_report_names_who_got_what_and_who_cannot_be_reached(
    office: World,
) -> None:
    waiting = await plan_day(office, MONDAY)
    async with office.database.write() as session:
        notice = await session.get_one(Notice, waiting[AN].id)
        notice.status, notice.failure = NoticeStatus.FAILED, FailureReason.UNREACHABLE
        session.add(notice)
        chat = await session.get_one(Chat, notice.chat_id)
        chat.unreachable_since = office.now
        session.add(chat)
    said = await office.says(ADMIN, "/guitin")
    for piece in (
        "không gửi được 1",
        "Nguyễn Văn An",
        "đã chặn Nhắc việc",
        "Không liên lạc được (1)",
        "Sở Tư pháp",
    ):
        assert piece in said.text
    assert "xem được tin đã gửi" in (await office.says(BINH, "/guitin")).text
    assert "Tin gửi ngày 20/11/2026" in (await office.says(ADMIN, "/guitin 20/11/2026")).text
    assert "chưa hiểu" in (await office.says(ADMIN, "/guitin xyz")).text


async def test_in_a_group_only_an_admin_pauses(office: World) -> None:
    await office.says(ADMIN, "/gannhom tỉnh", group="-5")
    assert "không có quyền" in (await office.says(AN, "/tamdung 25/11", group="-5")).text
    assert "25/11/2026" in (await office.says(ADMIN, "/tamdung 25/11", group="-5")).text


async def test_a_day_that_an_admin_declares_off_moves_todays_reminders_at_once(
    office: World,
) -> None:
    friday = date(2026, 11, 27)
    await plan_day(office, friday)
    assert "không có quyền" in (await office.says(AN, "/ngaynghi 30/11/2026")).text
    said = await office.says(ADMIN, "/ngaynghi 30/11/2026 nghỉ bù")
    assert "thứ Hai 30/11/2026 là ngày nghỉ (nghỉ bù)" in said.text
    assert "chuyển về hôm nay" in said.text
    assert "Thứ Hai 30/11/2026: nghỉ bù" in (await office.says(AN, "/ngaynghi")).text
    assert not (await _rules(office)).calendar.is_working(date(2026, 11, 30))
    await office.says(ADMIN, "/ngaynghi bỏ 30/11/2026")
    assert (await _rules(office)).calendar.is_working(date(2026, 11, 30))


async def test_days_off_in_a_row_and_a_worked_saturday(office: World) -> None:
    said = await office.says(ADMIN, "/ngaynghi 7/12/2026 đến 9/12/2026 nghỉ phép chung")
    assert "từ thứ Hai 07/12/2026 đến hết thứ Tư 09/12/2026" in said.text
    await office.says(ADMIN, "/ngaynghi làm việc 12/12/2026 làm bù")
    calendar = (await _rules(office)).calendar
    assert [calendar.is_working(date(2026, 12, n)) for n in (7, 8, 9, 10, 12)] == [
        False,
        False,
        False,
        True,
        True,
    ]
    async with office.database.read() as session:
        assert len((await session.exec(select(Audit).where(Audit.action == "day_off"))).all()) == 4


@pytest.mark.parametrize(
    ("typed", "piece"),
    [
        ("hôm nào đó", "chưa hiểu"),
        ("9/12/2026 - 7/12/2026", "đứng trước"),
        ("1/12/2026 - 1/3/2027", "tối đa 31"),
    ],
)
async def test_days_off_that_cannot_be_get_one_clear_sentence(
    office: World, typed: str, piece: str
) -> None:
    assert piece in (await office.says(ADMIN, f"/ngaynghi {typed}")).text


async def test_one_answer_is_for_all_tasks_that_the_bot_asks_about(office: World) -> None:
    day = date(2026, 12, 15)
    notice = (await plan_day(office, day))[AN]
    shown = await office.presses(AN, f"asked:{notice.id}")
    assert "chưa có thông tin" in shown.text
    assert "I.3" in " ".join(shown.buttons)
    noted = await office.presses(AN, shown.action("Đang thực hiện cả"))
    asked = int(shown.text.split()[0])
    assert f"Đã ghi {asked} việc đang thực hiện" in noted.text
    own = [row for row in await office.assignments("I.3") if row.status == Status.IN_PROGRESS]
    assert len(own) == 1
    assert "không còn" in (await office.presses(BINH, f"workall:{notice.id}")).text
    assert "chưa có thông tin" not in (await office.presses(AN, f"asked:{notice.id}")).text
