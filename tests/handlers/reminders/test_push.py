"""Pushing by hand: an agency is urged, an announcement is sent, somebody asks to be reminded."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime

import pytest
from sqlmodel import col, select

from models.notices import Notice, NoticeLine, NoticeStatus
from models.people import PostRole
from tests.support.world import ADMIN, ZONE, World

AN, CHI, DUNG, LEADER = "11", "13", "14", "15"
GROUP = "-9"


@pytest.fixture
async def office(world: World) -> World:
    await world.says(ADMIN, "/start")
    await world.joins(CHI, PostRole.SUPERVISOR, "Sở Nội vụ", "Lê Thị Chi")
    await world.joins(AN, PostRole.FOCAL_POINT, "Sở Tư pháp", "Nguyễn Văn An")
    await world.joins(DUNG, PostRole.FOCAL_POINT, "Sở Tài chính", "Phạm Dũng")
    return world


async def _list_notices(world: World, token: str) -> list[Notice]:
    async with world.database.read() as session:
        statement = (
            select(Notice).where(col(Notice.token).startswith(token)).order_by(col(Notice.id))
        )
        return list(await session.exec(statement))


@pytest.mark.parametrize(
    "text",
    [
        "/dondoc Sở Tư pháp I.1",
        "nhắc sở tư pháp nộp báo cáo I.1",
        "đôn đốc Sở Tư pháp việc I.1 nhé",
        "nhac so tu phap bao cao I.1",
    ],
)
async def test_an_agency_is_urged_about_a_task_in_the_name_of_who_asks(
    office: World, text: str
) -> None:
    assert "đến 1 người" in (await office.says(CHI, text)).text
    (told,) = await office.told(AN)
    assert "Sở Nội vụ – Lê Thị Chi đề nghị Sở Tư pháp" in told.text
    assert "I.1 Rà soát" in told.text
    assert "I.1. Rà soát" in (await office.presses(AN, told.action("I.1"))).text
    assert await office.told(DUNG) == []


async def test_an_agency_is_urged_about_a_task_once_a_day(office: World) -> None:
    await office.says(CHI, "/dondoc Sở Tư pháp I.1")
    for text in ("/dondoc Sở Tư pháp I.1", "nhắc sở tư pháp nộp báo cáo I.1"):
        assert "một lần một ngày" in (await office.says(ADMIN, text)).text
    assert len(await office.told(AN)) == 1
    office.wait(days=3)
    assert "đến 1 người" in (await office.says(ADMIN, "/dondoc Sở Tư pháp I.1")).text


async def test_an_agency_without_a_task_named_is_urged_about_what_is_late(office: World) -> None:
    await office.says(CHI, "/dondoc Sở Tư pháp")
    (told,) = await office.told(AN)
    assert "II.1 Cập nhật" in told.text
    assert "I.1" not in told.text.replace("II.1", "")
    assert "không có nhiệm vụ quá hạn" in (await office.says(CHI, "/dondoc Sở Tài chính")).text


async def _set_assignment(office: World, key: str, **values: object) -> None:
    (row,) = await office.assignments(key)
    async with office.database.write() as session:
        for name, value in values.items():
            setattr(row, name, value)
        session.add(row)


async def test_an_agency_is_urged_about_what_is_late_of_one_merged_into_it(office: World) -> None:
    await _set_assignment(office, "I.2", last_day=date(2026, 11, 24))
    await office.merges("Sở Tài chính", "Sở Tư pháp", date(2026, 11, 1))
    await office.says(CHI, "/dondoc Sở Tư pháp")
    (told,) = await office.told(AN)
    assert "I.2 Công khai" in told.text
    assert "II.1 Cập nhật" in told.text


@pytest.mark.parametrize("text", ["/dondoc Sở Y tế", "/dondoc Sở Y tế I.2"])
async def test_an_agency_that_no_plan_names_is_not_urged_about_what_is_nobodys(
    office: World, text: str
) -> None:
    await _set_assignment(office, "I.2", last_day=date(2026, 11, 24), agency_id=None)
    assert "Sở Y tế không có" in (await office.says(CHI, text)).text


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("/dondoc", "ghi tên cơ quan"),
        ("/dondoc Sở Abc", "chưa biết cơ quan “Sở Abc”"),
        ("/dondoc Sở Tư pháp IX.9", "IX.9"),
        ("/dondoc Sở Tư pháp I.2", "Sở Tư pháp không có phần việc nào chưa xong"),
        ("nhắc các sở nộp báo cáo", "/thongbao"),
    ],
)
async def test_what_cannot_be_urged_says_what_to_do(office: World, text: str, answer: str) -> None:
    assert answer in (await office.says(CHI, text)).text
    assert await office.told(AN) == []


async def test_an_agency_where_nobody_has_joined_is_to_be_invited(office: World) -> None:
    assert "/moi Sở Nội vụ" in (await office.says(ADMIN, "/dondoc Sở Nội vụ II.2")).text


@pytest.mark.parametrize(
    "text",
    [
        "đôn đốc giùm mấy đơn vị đang trễ",
        "nhắc mấy cơ quan chưa nộp đi em",
        "giục các đơn vị chậm",
        "don doc may don vi tre",
        "đôn đốc giúp",
        "bắn tin nhắc những đơn vị còn nợ báo cáo",
    ],
)
async def test_an_order_without_a_name_offers_who_is_late(office: World, text: str) -> None:
    assert "Không cơ quan nào" not in (offered := await office.says(CHI, text)).text
    assert await office.told(AN) == []
    assert "Đã chuyển" in (await office.presses(CHI, offered.action("Sở Tư pháp (1)"))).text
    assert "II.1" in (await office.told(AN))[0].text
    assert "Anh/chị vui lòng nhờ" in (await office.says(DUNG, text)).text


@pytest.mark.parametrize(
    "text",
    [
        "nhờ các đơn vị báo cáo sớm nhé",
        "đề nghị các sở nộp báo cáo đúng hạn",
        "yêu cầu các xã gửi số liệu trước thứ 6",
        "de nghi tat ca don vi cap nhat tien do",
    ],
)
async def test_what_is_asked_of_all_is_offered_as_an_announcement(office: World, text: str) -> None:
    shown = await office.says(CHI, text)
    assert text in shown.text
    assert "Gửi cho ai?" in shown.text
    assert await office.told(AN) == []
    assert "nhờ người theo dõi" in (await office.says(DUNG, text)).text


@pytest.mark.parametrize(
    "text", ["đôn đốc giải ngân vốn", "đơn vị nào cần đôn đốc", "nhắc em", "nhắc anh"]
)
async def test_what_names_work_or_asks_urges_nobody(office: World, text: str) -> None:
    assert "urge:" not in str((await office.says(CHI, text)).buttons)


async def test_urging_at_night_waits_for_the_morning_of_a_working_day(office: World) -> None:
    office.now = datetime(2026, 11, 20, 19, 0, tzinfo=ZONE)
    assert "07:00 thứ Hai 23/11/2026" in (await office.says(CHI, "/dondoc Sở Tư pháp I.1")).text
    (notice,) = await _list_notices(office, "urge:")
    assert notice.not_before.astimezone(ZONE) == datetime(2026, 11, 23, 7, 0, tzinfo=ZONE)


async def test_an_announcement_is_shown_before_it_is_sent_and_its_delivery_counted(
    office: World,
) -> None:
    await office.says(ADMIN, "/gannhom tỉnh", group=GROUP)
    shown = await office.says(CHI, "/thongbao Họp <b>giao ban</b> 8h thứ Hai")
    assert "Họp <b>giao ban</b> 8h" in shown.text
    assert await _list_notices(office, "announce:") == []
    sent = await office.presses(CHI, shown.action("Đầu mối và nhóm"))
    notices = await _list_notices(office, "announce:")
    assert len(notices) == 3
    async with office.database.write() as session:
        notices[0].status = NoticeStatus.SENT
        notices[1].status = NoticeStatus.FAILED
        session.add_all(notices[:2])
    state = await office.presses(CHI, sent.action("Đã gửi"))
    assert "1 trong 3 nơi đã nhận, 1 đang chờ, 1 không gửi được" in state.text
    assert "không còn" in (await office.presses(CHI, shown.action("Đầu mối ("))).text


async def test_an_announcement_is_written_in_a_sentence(office: World) -> None:
    shown = await office.says(CHI, "gửi thông báo cho các đầu mối: họp 8h sáng mai")
    assert "họp 8h sáng mai" in shown.text
    assert "chưa hiểu" not in shown.text
    assert await _list_notices(office, "announce:") == []


async def test_an_announcement_is_asked_for_step_by_step_and_left(office: World) -> None:
    await office.says(CHI, "/thongbao")
    shown = await office.says(CHI, "Nghỉ lễ từ mai")
    assert "Thông báo của Sở Nội vụ – Lê Thị Chi" in shown.text
    await office.presses(CHI, shown.action("Dừng lại"))
    assert await _list_notices(office, "announce:") == []


async def test_a_focal_point_is_reminded_in_the_morning_message_of_the_day(office: World) -> None:
    text = (await office.says(AN, "nhắc em việc I.1 vào sáng thứ 5")).text
    assert "07:30 thứ Năm 26/11/2026" in text
    async with office.database.read() as session:
        (notice,) = await session.exec(select(Notice).where(Notice.day == date(2026, 11, 26)))
        (line,) = await session.exec(select(NoticeLine).where(NoticeLine.notice_id == notice.id))
    assert notice.kind == "morning"
    assert line.step == "later-2026-11-26"


@pytest.mark.parametrize(
    ("who", "text", "at"),
    [
        (AN, "nhắc tôi I.1 lúc 15h ngày 25/11", datetime(2026, 11, 25, 15, 0, tzinfo=ZONE)),
        (AN, "nhắc lại cho em việc I.1 chiều mai nhé", datetime(2026, 11, 23, 14, 0, tzinfo=ZONE)),
        (CHI, "nhắc tôi I.1 sáng thứ 5", datetime(2026, 11, 26, 7, 30, tzinfo=ZONE)),
    ],
)
async def test_a_reminder_at_an_hour_is_a_message_of_its_own(
    office: World, who: str, text: str, at: datetime
) -> None:
    assert f"{at:%H:%M}" in (await office.says(who, text)).text
    (notice,) = await _list_notices(office, "snooze:")
    assert notice.not_before.astimezone(ZONE) == at
    (told,) = await office.told(who)
    assert "đã nhờ nhắc: I.1" in told.text


@pytest.mark.parametrize(
    "text",
    [
        "nhắc em trước 3 ngày việc I.1",
        "nhắc tôi I.1 trước hạn 3 ngày",
        "nhắc em I.1 3 ngày trước hạn",
    ],
)
async def test_a_reminder_may_be_asked_for_days_before_the_deadline(
    office: World, text: str
) -> None:
    assert "27/11/2026" in (await office.says(AN, text)).text  # the deadline is 30/11


async def test_a_day_that_may_be_two_is_asked_about(office: World) -> None:
    asked = await office.says(AN, "nhắc em I.1 vào thứ 6")
    assert "27/11/2026" in (await office.presses(AN, asked.action("27/11/2026"))).text
    assert "đã qua" in (await office.says(AN, "nhắc em I.1 hôm qua")).text
    assert "vào ngày nào" in (await office.says(AN, "nhắc em I.1")).text


async def test_nobody_is_reminded_of_a_task_that_they_may_not_see(office: World) -> None:
    office.app.options = replace(office.app.options, own_agency_only=True)
    (other,) = await office.assignments("I.2")
    for said in (
        await office.says(AN, "nhắc em I.2 sáng thứ 5"),
        await office.says(AN, "nhắc em I.2"),
        await office.presses(AN, f"snooze:{other.id}:2026-11-26:14:00:00"),
    ):
        assert "chỉ xem được nhiệm vụ" in said.text
    assert await _list_notices(office, "snooze:") == []
    assert "26/11/2026" in (await office.says(AN, "nhắc em I.1 sáng thứ 5")).text
    assert "26/11/2026" in (await office.says(AN, "nhắc em I.3 sáng thứ 5")).text


@pytest.mark.parametrize("hour", ["25:00", "abc", "9" * 30, "::"])
async def test_a_forged_hour_is_no_reminder(office: World, hour: str) -> None:
    (own,) = await office.assignments("I.1")
    assert (await office.presses(AN, f"snooze:{own.id}:2026-11-26:{hour}")).text
    assert await _list_notices(office, "snooze:") == []


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("mời đầu mối Sở Tài chính", "đầu mối của Sở Tài chính"),
        ("moi nguoi theo doi so noi vu", "người theo dõi của Sở Nội vụ"),
        ("mới có việc gì không", "nhiệm vụ"),
        ("mọi việc của sở y tế", "Sở Y tế · chủ trì"),
    ],
)
async def test_an_invitation_is_ordered_in_a_sentence(
    office: World, text: str, answer: str
) -> None:
    assert answer in (await office.says(ADMIN, text)).text


async def test_where_nobody_can_be_written_to_no_text_is_waited_for(world: World) -> None:
    await world.says(ADMIN, "/start")
    assert "mời người bằng /moi" in (await world.says(ADMIN, "/thongbao")).text
    assert "Tiến độ" in (await world.says(ADMIN, "tiến độ")).text
