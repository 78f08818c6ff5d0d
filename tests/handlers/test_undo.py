"""Taking back: only what still stands, and who was told of it is told of that too, nobody else."""

from __future__ import annotations

from sqlmodel import select

from models.assignments import Status
from models.chats import Chat
from models.database import Database
from models.notices import MESSAGE, Notice, NoticeStatus
from models.people import PostRole
from tests.handlers.conftest import ADMIN, NOW, TODAY, World

AN, LAN, CHI = "11", "12", "13"


async def _first(world: World) -> int:
    return (await world.assignments("I.1"))[0].id or 0


async def _tell_before(database: Database, who: str, token: str) -> None:
    """A message that `who` got some time ago."""
    async with database.write() as session:
        chat = (await session.exec(select(Chat).where(Chat.address == who))).one()
        session.add(
            Notice(
                chat_id=chat.id or 0, day=TODAY, kind=MESSAGE, token=token, status=NoticeStatus.SENT,
                not_before=NOW, planned_at=NOW,
            )
        )  # fmt: skip


async def test_nobody_hears_that_a_report_is_withdrawn_that_they_were_not_told_of(world: World) -> None:
    await world.joins(AN, PostRole.FOCAL_POINT, "Sở Tư pháp")
    await world.joins(CHI, PostRole.SUPERVISOR, "Sở Nội vụ")
    said = await world.presses(AN, f"done:{await _first(world)}")
    await _tell_before(world.database, CHI, "report:10")  # another report, whose number begins like that of this one
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
    await world.presses(ADMIN, (await world.says(ADMIN, "/xoa I.1 | không còn phù hợp")).action("Huỷ nhiệm vụ"))
    assert "không hoàn tác được" in (await world.says(AN, "/hoantac")).text
    assert (await world.assignments("I.1"))[0].status == Status.CANCELLED
