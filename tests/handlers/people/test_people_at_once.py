"""Two people at the same moment, on each kind of database: one result, both get an answer."""

from __future__ import annotations

import asyncio

from sqlmodel import col, select

from handlers.conversation.incoming import Incoming
from models.assignments import Extension, Report, Status
from models.people import Invitation, Post, PostRole
from models.plans import Task
from tests.support.world import ADMIN, Reply, World

AN, CHI, DUNG = "11", "13", "14"


async def office(world: World) -> None:
    await world.says(ADMIN, "/start")
    await world.joins(AN, PostRole.FOCAL_POINT, "Sở Tư pháp", "Nguyễn Văn An")
    await world.joins("12", PostRole.FOCAL_POINT, "Sở Tư pháp", "Trần Bình")
    await world.joins(CHI, PostRole.SUPERVISOR, "Sở Nội vụ", "Lê Thị Chi")
    await world.joins(DUNG, PostRole.SUPERVISOR, "Sở Nội vụ", "Phạm Dũng")


async def at_once(world: World, *messages: Incoming) -> list[Reply]:
    return list(await asyncio.gather(*(world.give(message) for message in messages)))


async def test_one_report_of_two_who_press(both: World) -> None:
    await office(both)
    number = (await both.assignments("I.1"))[0].id
    said = await at_once(both, *(both.incoming(who, action=f"done:{number}") for who in (AN, "12")))
    assert sorted("đang chờ xác nhận" in s.text for s in said) == [False, True]
    async with both.database.read() as session:
        assert len((await session.exec(select(Report))).all()) == 1


async def test_one_decision_of_two_supervisors(both: World) -> None:
    await office(both)
    number = (await both.assignments("I.1"))[0].id
    await both.presses(AN, f"done:{number}")
    (one,) = await both.told(CHI)
    (two,) = await both.told(DUNG)
    await both.presses(DUNG, two.action("Trả lại"))
    said = await at_once(
        both,
        both.incoming(CHI, action=one.action("Xác nhận")),
        both.incoming(DUNG, text="thiếu phụ lục"),
    )
    assert len([s for s in said if "Đã xác nhận" in s.text or "Đã trả lại" in s.text]) == 1
    assert (await both.assignments("I.1"))[0].status in (Status.DONE, Status.RETURNED)


async def test_one_answer_to_a_request_for_more_time(both: World) -> None:
    await office(both)
    said = await both.says(AN, "xin gia hạn I.1 đến 15/12 vì chờ ý kiến")
    await both.presses(AN, said.action("Đúng"))
    (one,) = await both.told(CHI)
    (two,) = await both.told(DUNG)
    asked = await both.presses(CHI, one.action("Đồng ý"))
    await both.presses(DUNG, two.action("Không đồng ý"))
    answers = await at_once(
        both,
        both.incoming(CHI, action=asked.action("Không có văn bản")),
        both.incoming(DUNG, text="không thể chậm"),
    )
    assert sorted("Đề nghị này đã được" in s.text for s in answers) == [False, True]


async def test_one_request_of_two_who_ask(both: World) -> None:
    await office(both)
    buttons = []
    for who in (AN, "12"):
        said = await both.says(who, "xin gia hạn I.1 đến 15/12 vì chờ ý kiến")
        buttons.append(both.incoming(who, action=said.action("Đúng")))
    await at_once(both, *buttons)
    async with both.database.read() as session:
        assert len((await session.exec(select(Extension))).all()) == 1


async def test_one_change_of_two_admins(both: World) -> None:
    await office(both)
    one = await both.says(CHI, "/sua I.1 | hạn: 20/12/2026")
    two = await both.says(ADMIN, "/sua I.1 | hạn: 25/12/2026")
    said = await at_once(
        both,
        both.incoming(CHI, action=one.action("Lưu")),
        both.incoming(ADMIN, action=two.action("Lưu")),
    )
    assert sorted("vừa được người khác sửa" in s.text for s in said) == [False, True]


async def test_two_added_tasks_have_two_numbers(both: World) -> None:
    await office(both)
    shown = [
        (who, await both.says(who, "/them Sở Tư pháp | Việc mới | 20/12/2026"))
        for who in (CHI, ADMIN)
    ]
    await at_once(both, *(both.incoming(who, action=said.action("Lưu")) for who, said in shown))
    async with both.database.read() as session:
        keys = (
            await session.exec(select(Task.key).where(col(Task.added)).order_by(Task.key))
        ).all()
    assert list(keys) == ["BS.1", "BS.2"]


async def test_a_code_for_one_lets_one_in(both: World) -> None:
    made = await both.says(ADMIN, "/moi Sở Y tế")
    code = made.text.rpartition("/start ")[2].split()[0]
    said = await at_once(both, *(both.incoming(who, text=f"/start {code}") for who in ("31", "32")))
    assert sorted("Từ nay" in s.text for s in said) == [False, True]
    async with both.database.read() as session:
        assert (await session.exec(select(Invitation.uses_left))).all() == [0]


async def test_of_two_admins_who_go_one_stays(both: World) -> None:
    await both.says(ADMIN, "/start")
    await both.joins(CHI, PostRole.ADMIN, name="Lê Thị Chi")
    leaving = [(who, await both.says(who, "/roi")) for who in (ADMIN, CHI)]
    await at_once(
        both, *(both.incoming(who, action=said.action("Tôi rời")) for who, said in leaving)
    )
    async with both.database.read() as session:
        posts = (
            await session.exec(
                select(Post).where(Post.role == PostRole.ADMIN, col(Post.ended_at).is_(None))
            )
        ).all()
    assert len(posts) == 1


async def test_the_same_update_twice_at_once_changes_once(both: World) -> None:
    await office(both)
    number = (await both.assignments("I.1"))[0].id
    message = both.incoming(AN, action=f"got:{number}")
    said = await at_once(both, message, message)
    assert sorted(s.answer is None for s in said) == [False, True]
    assert [row.action for row in await both.audit()].count("receive") == 1
