"""Taking back: only what still stands, and who was told of it is told of that too, nobody else."""

from __future__ import annotations

from sqlmodel import select

from models.assignments import Status
from models.chats import Chat
from models.notices import MESSAGE, Notice, NoticeStatus
from models.people import PostRole
from models.storage.database import Database
from tests.support.world import ADMIN, NOW, TODAY, World

AN, LAN, CHI = "11", "12", "13"


async def _first(world: World) -> int:
    return (await world.assignments("I.1"))[0].id


async def _tell_before(database: Database, who: str, token: str) -> None:
    """Store a message that `who` got some time ago."""
    async with database.write() as session:
        chat = (await session.exec(select(Chat).where(Chat.address == who))).one()
        session.add(
            Notice(
                chat_id=chat.id,
                day=TODAY,
                kind=MESSAGE,
                token=token,
                status=NoticeStatus.SENT,
                not_before=NOW,
                planned_at=NOW,
            )
        )


async def test_nobody_hears_that_a_report_is_withdrawn_that_they_were_not_told_of(
    world: World,
) -> None:
    await world.joins(AN, PostRole.FOCAL_POINT, "Sở Tư pháp")
    await world.joins(CHI, PostRole.SUPERVISOR, "Sở Nội vụ")
    said = await world.presses(AN, f"done:{await _first(world)}")
    await _tell_before(
        world.database, CHI, "report:10"
    )  # another report, whose number begins like that of this one
    await world.presses(AN, said.action("Rút lại"))
    assert await world.told(CHI) == []


async def test_colleagues_hear_that_a_report_that_counted_is_withdrawn(world: World) -> None:
    await world.joins(AN, PostRole.FOCAL_POINT, "Sở Tư pháp", "Nguyễn Văn An")
    await world.joins(LAN, PostRole.HEAD, "Sở Tư pháp", "Trần Thị Lan")
    said = await world.says(AN, "báo cáo xong nhiệm vụ I.1, BC số 12/BC-STP")
    (told,) = await world.told(LAN)
    assert "báo cáo hoàn thành" in told.text
    await world.presses(AN, said.action("Rút lại"))
    (more,) = await world.told(LAN)
    assert "rút lại" in more.text


async def test_evidence_that_waits_to_be_told_is_dropped_with_its_report(world: World) -> None:
    await world.joins(AN, PostRole.FOCAL_POINT, "Sở Tư pháp")
    await world.joins(CHI, PostRole.SUPERVISOR, "Sở Nội vụ")
    said = await world.presses(AN, f"done:{await _first(world)}")
    assert len(await world.told(CHI)) == 1
    await world.says(AN, "BC số 12/BC-STP")  # follows in a message of its own
    await world.presses(AN, said.action("Rút lại"))
    (only,) = await world.told(CHI)
    assert "rút lại" in only.text


async def test_what_was_reported_of_a_plan_since_closed_stays(world: World) -> None:
    await world.joins(AN, PostRole.FOCAL_POINT, "Sở Tư pháp")
    said = await world.presses(AN, f"done:{await _first(world)}")
    await world.sets_plan(closed_on=TODAY)
    assert "đã kết thúc" in (await world.presses(AN, said.action("Rút lại"))).text
    assert (await world.assignments("I.1"))[0].status == Status.DONE


async def test_a_cancelled_task_is_not_opened_again_by_its_agency(world: World) -> None:
    await world.joins(AN, PostRole.FOCAL_POINT, "Sở Tư pháp")
    await world.presses(AN, f"got:{await _first(world)}")
    await world.presses(
        ADMIN, (await world.says(ADMIN, "/xoa I.1 | không còn phù hợp")).action("Hủy nhiệm vụ")
    )
    assert "không hoàn tác được" in (await world.says(AN, "/hoantac")).text
    assert (await world.assignments("I.1"))[0].status == Status.CANCELLED


async def test_the_agency_hears_that_a_task_it_was_told_of_was_dropped_again(world: World) -> None:
    await world.joins(AN, PostRole.FOCAL_POINT, "Sở Tư pháp")
    shown = await world.says(ADMIN, "/them Sở Tư pháp | Việc thử | 25/12/2026")
    kept = await world.presses(ADMIN, shown.action("Lưu"))
    assert len(await world.told(AN)) == 1
    await world.presses(ADMIN, kept.action("Hoàn tác"))
    (told,) = await world.told(AN)
    assert "Đã bỏ nhiệm vụ vừa báo" in told.text
    assert "BS.1" in told.text


async def test_a_message_that_waits_is_dropped_with_what_it_tells_of(world: World) -> None:
    await world.joins(AN, PostRole.FOCAL_POINT, "Sở Tư pháp")
    shown = await world.says(ADMIN, "/them Sở Tư pháp | Việc thử | 25/12/2026")
    kept = await world.presses(ADMIN, shown.action("Lưu"))
    await world.presses(ADMIN, kept.action("Hoàn tác"))
    assert await world.told(AN) == []


async def test_who_was_told_of_a_cancelled_task_hears_that_it_goes_on_and_of_a_second_cancelling(
    world: World,
) -> None:
    await world.joins(AN, PostRole.FOCAL_POINT, "Sở Tư pháp")
    for _ in range(2):
        asked = await world.says(ADMIN, "/xoa I.1 | trùng với việc khác")
        gone = await world.presses(ADMIN, asked.action("Hủy nhiệm vụ"))
        (told,) = await world.told(AN)
        assert "Đã ghi hủy nhiệm vụ" in told.text
        assert "Lý do: trùng với việc khác" in told.text
        await world.presses(ADMIN, gone.action("Hoàn tác"))
        (told,) = await world.told(AN)
        assert "trở lại như trước" in told.text
        assert "30/11/2026" in told.text


async def test_both_agencies_hear_that_a_task_was_not_given_after_all(world: World) -> None:
    await world.joins(AN, PostRole.FOCAL_POINT, "Sở Tư pháp")
    await world.joins(LAN, PostRole.FOCAL_POINT, "Sở Tài chính")
    shown = await world.says(ADMIN, "/sua I.1 | chủ trì: Sở Tài chính")
    given = await world.presses(ADMIN, shown.action("Lưu"))
    assert "cho cơ quan khác" in (await world.told(AN))[0].text
    assert "Nhiệm vụ mới" in (await world.told(LAN))[0].text
    await world.presses(ADMIN, given.action("Hoàn tác"))
    assert [
        "trở lại như trước" in told.text for who in (AN, LAN) for told in await world.told(who)
    ] == [True, True]


async def test_what_was_undone_is_not_undone_twice(world: World) -> None:
    shown = await world.says(ADMIN, "/them Sở Tư pháp | Việc thử | 25/12/2026")
    await world.presses(ADMIN, shown.action("Lưu"))
    assert "Đã bỏ nhiệm vụ" in (await world.says(ADMIN, "/hoantac")).text
    assert "đã được hoàn tác rồi" in (await world.says(ADMIN, "/hoantac")).text
