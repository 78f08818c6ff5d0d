"""A task of a new version that may or may not be an old one is asked about, with both texts."""

from __future__ import annotations

import json

from sqlmodel import col, select

from models.assignments import Assignment, Status
from models.plans import Plan, Task
from tests.support.world import ADMIN, World

NUMBER = "91/KH-UBND"


def make_file(*titles: str) -> bytes:
    """Return a plan file with these titles, all of one agency and one day."""
    tasks = [
        {
            "key": f"I.{number}",
            "title": title,
            "lead": ["Sở Nội vụ"],
            "deadline_text": "Trước ngày 15/12/2026",
            "milestones": [{"kind": "date", "last_day": "2026-12-14"}],
        }
        for number, title in enumerate(titles, start=1)
    ]
    head = {"title": "Kế hoạch dọn kho năm 2026", "number": NUMBER, "first_year": 2026}
    return json.dumps({"plan": head, "tasks": tasks}).encode()


async def write_first_version(world: World) -> None:
    """Import two tasks; the first is done."""
    shown = await world.sends(ADMIN, "a.json", make_file("Đếm ghế hỏng", "Chữa mái hiên"))
    await world.presses(ADMIN, shown.action("Nhập"))
    async with world.database.write() as session:
        statement = select(Assignment).join(Task).where(Task.title == "Đếm ghế hỏng")
        assignment = (await session.exec(statement)).one()
        assignment.status, assignment.done_on = Status.DONE, world.now.date()
        session.add(assignment)


async def list_statuses(world: World) -> dict[str, str]:
    """Return the status of each task, by title."""
    async with world.database.read() as session:
        statement = (
            select(Task.title, Assignment.status)
            .join(Assignment, col(Assignment.task_id) == Task.id)
            .join(Plan, col(Plan.id) == Task.plan_id)
            .where(Plan.number == NUMBER)
        )
        return dict((await session.exec(statement)).all())


async def test_the_old_task_with_other_words_keeps_its_state(world: World) -> None:
    await write_first_version(world)
    shown = await world.sends(ADMIN, "b.json", make_file("Đếm ghế hỏng, tủ hỏng", "Chữa mái hiên"))
    assert "“Đếm ghế hỏng”" in shown.text
    assert "“Đếm ghế hỏng, tủ hỏng”" in shown.text
    assert "Nhập" not in shown.buttons
    settled = await world.presses(ADMIN, shown.action("Đúng việc cũ"))
    await world.presses(ADMIN, settled.action("Nhập"))
    assert await list_statuses(world) == {
        "Đếm ghế hỏng, tủ hỏng": Status.DONE,
        "Chữa mái hiên": Status.NEW,
    }


async def test_another_task_under_the_old_number_is_not_done(world: World) -> None:
    await write_first_version(world)
    shown = await world.sends(ADMIN, "b.json", make_file("Quét vôi tường", "Chữa mái hiên"))
    settled = await world.presses(ADMIN, shown.action("Việc khác"))
    await world.presses(ADMIN, settled.action("Nhập"))
    assert await list_statuses(world) == {
        "Đếm ghế hỏng": Status.DONE,
        "Quét vôi tường": Status.NEW,
        "Chữa mái hiên": Status.NEW,
    }


async def test_several_are_asked_one_by_one_or_together(world: World) -> None:
    await write_first_version(world)
    shown = await world.sends(ADMIN, "b.json", make_file("Đếm ghế hỏng, tủ", "Chữa mái hiên, cửa"))
    second = await world.presses(ADMIN, shown.action("Việc khác"))
    assert "I.2 trong văn bản" in second.text
    again = await world.sends(ADMIN, "b.json", make_file("Đếm ghế hỏng, tủ", "Chữa mái hiên, cửa"))
    settled = await world.presses(ADMIN, again.action("Tất cả đều là việc cũ"))
    await world.presses(ADMIN, settled.action("Nhập"))
    assert set(await list_statuses(world)) == {"Đếm ghế hỏng, tủ", "Chữa mái hiên, cửa"}
