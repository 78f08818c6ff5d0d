"""More time: asked for with a day and a reason, granted, changed, refused."""

from __future__ import annotations

from datetime import date

import pytest
from sqlmodel import select

from models.assignments import Extension
from models.people import PostRole
from tests.support.world import ADMIN, World

AN, BINH, CHI = "11", "12", "13"


@pytest.fixture
async def office(world: World) -> World:
    await world.joins(AN, PostRole.FOCAL_POINT, "Sở Tư pháp", "Nguyễn Văn An")
    await world.joins(BINH, PostRole.FOCAL_POINT, "Sở Tài chính", "Trần Bình")
    await world.joins(CHI, PostRole.SUPERVISOR, "Sở Nội vụ", "Lê Thị Chi")
    return world


async def number(world: World, key: str = "I.1") -> int:
    return (await world.assignments(key))[0].id


async def ask(world: World, day: str = "15/12", reason: str = "chờ ý kiến của Bộ") -> None:
    await world.presses(AN, f"more:{await number(world)}")
    said = await world.says(AN, day)
    await world.presses(AN, said.action("Đúng"))
    await world.says(AN, reason)


async def extensions(world: World) -> list[Extension]:
    async with world.database.read() as session:
        return list(await session.exec(select(Extension)))


async def test_the_day_is_repeated_with_its_weekday_before_it_is_taken(office: World) -> None:
    await office.presses(AN, f"more:{await number(office)}")
    said = await office.says(AN, "15/12")
    assert "Thứ Ba 15/12/2026 – đúng không" in said.text
    assert await extensions(office) == []
    asked = await office.presses(AN, said.action("Đúng"))
    assert "lý do" in asked.text
    sent = await office.says(AN, "chờ ý kiến của Bộ")
    assert "30/11/2026 sang hết thứ Ba 15/12/2026" in sent.text
    (one,) = await extensions(office)
    assert (one.from_day, one.wanted_day, one.reason) == (
        date(2026, 11, 30),
        date(2026, 12, 15),
        "chờ ý kiến của Bộ",
    )
    assert (await office.assignments("I.1"))[0].last_day == date(2026, 11, 30)


@pytest.mark.parametrize("by_sentence", [True, False])
async def test_working_days_more_leave_out_the_days_off_of_the_registry(
    office: World, by_sentence: bool
) -> None:
    await office.says(ADMIN, "/ngaynghi 01/12/2026 nghỉ bù")
    if by_sentence:
        said = await office.says(AN, "xin gia hạn I.1 thêm 3 ngày làm việc")
    else:
        await office.presses(AN, f"more:{await number(office)}")
        said = await office.says(AN, "thêm 3 ngày làm việc")
    assert "04/12/2026" in said.text


async def test_it_is_granted_with_the_number_of_the_document(office: World) -> None:
    await ask(office)
    (told,) = await office.told(CHI)
    assert "chờ ý kiến của Bộ" in told.text
    asked = await office.presses(CHI, told.action("Đồng ý"))
    assert "số văn bản" in asked.text
    office.restart()
    done = await office.says(CHI, "567/UBND-NC")
    assert "thứ Ba 15/12/2026" in done.text
    assert "30/11/2026" in done.text
    (one,) = await extensions(office)
    assert (one.decision, one.granted_day, one.document) == (
        "granted",
        date(2026, 12, 15),
        "567/UBND-NC",
    )
    assert (await office.assignments("I.1"))[0].last_day == date(2026, 12, 15)
    assert (await office.task("I.1")).next_day == date(2026, 12, 15)
    (back,) = await office.told(AN)
    assert "Đã ghi gia hạn" in back.text
    assert "567/UBND-NC" in back.text


async def test_another_day_is_granted(office: World) -> None:
    await ask(office)
    (told,) = await office.told(CHI)
    await office.presses(CHI, told.action("Đổi ngày"))
    said = await office.says(CHI, "10/12/2026")
    asked = await office.presses(CHI, said.action("Đúng"))
    await office.presses(CHI, asked.action("Không có văn bản"))
    assert (await office.assignments("I.1"))[0].last_day == date(2026, 12, 10)


async def test_it_is_refused_with_a_reason(office: World) -> None:
    await ask(office)
    (told,) = await office.told(CHI)
    await office.presses(CHI, told.action("Không đồng ý"))
    await office.says(CHI, "việc này không thể chậm")
    (one,) = await extensions(office)
    assert (one.decision, one.decision_reason) == ("refused", "việc này không thể chậm")
    (back,) = await office.told(AN)
    assert "việc này không thể chậm" in back.text
    assert (await office.assignments("I.1"))[0].last_day == date(2026, 11, 30)


async def test_two_supervisors_decide_once(office: World) -> None:
    await office.joins("14", PostRole.SUPERVISOR, "Sở Nội vụ", "Phạm Dũng")
    await ask(office)
    (one,) = await office.told(CHI)
    (two,) = await office.told("14")
    first = await office.presses(CHI, one.action("Đồng ý"))
    await office.presses("14", two.action("Không đồng ý"))
    await office.presses(CHI, first.action("Không có văn bản"))
    late = await office.says("14", "không được")
    assert "đã được Lê Thị Chi đồng ý" in late.text
    assert (await office.assignments("I.1"))[0].last_day == date(2026, 12, 15)


async def test_one_request_at_a_time(office: World) -> None:
    await ask(office)
    again = await office.presses(AN, f"more:{await number(office)}")
    assert "đang chờ trả lời" in again.text


@pytest.mark.parametrize(
    ("day", "answer"),
    [
        ("25/11", "không sau hạn"),
        ("hôm qua", "đã qua rồi"),
        ("20/12/2099", "xa quá"),
        ("30/2", "trên lịch"),
    ],
)
async def test_impossible_days_are_refused_as_soon_as_they_are_typed(
    office: World, day: str, answer: str
) -> None:
    asked = await office.presses(AN, f"more:{await number(office)}")
    refused = await office.says(AN, day)
    assert answer in refused.text
    assert "Đúng" not in refused.buttons
    token = (
        asked.action("04/12").split(":")[1]
        if "04/12" in asked.text
        else asked.action("07/12").split(":")[1]
    )
    forged = await office.presses(AN, f"extday:{token}:2099-12-20")
    assert "xa quá" in forged.text
    assert await extensions(office) == []


async def test_the_supervisor_hears_at_once_that_a_day_is_too_far(office: World) -> None:
    await ask(office)
    (told,) = await office.told(CHI)
    await office.presses(CHI, told.action("Đổi ngày"))
    assert "xa quá" in (await office.says(CHI, "20/12/2099")).text
    assert "01/12/2026 – đúng không" in (await office.says(CHI, "1/12")).text


async def test_a_question_in_the_middle_is_answered_and_the_dialogue_waits(office: World) -> None:
    await office.presses(AN, f"more:{await number(office)}")
    assert "nhiệm vụ" in (await office.says(AN, "việc nào quá hạn?")).text
    assert "đúng không" in (await office.says(AN, "15/12 được không?")).text


async def test_what_is_no_day_is_asked_again(office: World) -> None:
    await office.presses(AN, f"more:{await number(office)}")
    assert "chưa đọc được ngày" in (await office.says(AN, "để xem đã")).text
    said = await office.says(AN, "tuần tới")
    assert "chưa rõ" in said.text
    assert len(said.buttons) > 2


async def test_a_day_of_a_button_needs_no_typing(office: World) -> None:
    asked = await office.presses(AN, f"more:{await number(office)}")
    said = await office.presses(AN, asked.action("07/12/2026"))
    assert "lý do" in said.text


async def test_an_old_button_of_the_dialogue_fits_no_more(office: World) -> None:
    asked = await office.presses(AN, f"more:{await number(office)}")
    await office.presses(AN, asked.action("07/12/2026"))
    old = await office.presses(AN, asked.action("14/12/2026"))
    assert "không còn dùng được" in old.text
    foreign = await office.presses(BINH, asked.action("14/12/2026"))
    assert "không còn dùng được" in foreign.text


async def test_work_without_a_day_needs_no_time(office: World) -> None:
    await office.joins("17", PostRole.FOCAL_POINT, "Sở Nội vụ")
    said = await office.presses("17", f"more:{await number(office, 'II.2')}")
    assert "không có thời hạn cụ thể" in said.text


async def test_a_sentence_asks_with_day_and_reason(office: World) -> None:
    said = await office.says(AN, "xin gia hạn I.1 đến 15/12 vì chờ ý kiến của Bộ")
    assert "thứ Ba 15/12/2026" in said.text
    sent = await office.presses(AN, said.action("Đúng"))
    assert "chờ ý kiến của Bộ" in sent.text
    assert len(await extensions(office)) == 1


async def test_a_supervisors_own_request_is_granted_at_once(office: World) -> None:
    said = await office.says(ADMIN, "xin gia hạn I.1 đến 15/12 vì nghỉ lễ")
    await office.presses(ADMIN, said.action("Đúng"))
    assert (await office.assignments("I.1"))[0].last_day == date(2026, 12, 15)


async def test_finished_work_gets_no_more_time(office: World) -> None:
    await ask(office)
    (told,) = await office.told(CHI)
    await office.says(CHI, "đánh dấu xong I.1")
    late = await office.presses(CHI, told.action("Đồng ý"))
    assert "đã hoàn thành" in late.text
