"""Deadlines that a version before stored otherwise: shown with both days, changed or kept."""

from __future__ import annotations

from datetime import date

from sqlmodel import col, select

from models.assignments import Assignment, Status
from models.milestones import Deadline
from models.people import PostRole
from models.plans import Task
from tests.support.world import ADMIN, World

AN = "11"
OLD_DAY = date(2045, 12, 31)


async def store_old_days(world: World, *keys: str) -> list[date]:
    """Let deadlines stand as a version before would have stored them; return their right days."""
    right = []
    async with world.database.write() as session:
        for key in keys:
            of_task = select(Deadline).join(Task).where(Task.key == key)
            dated = of_task.where(col(Deadline.last_day).is_not(None))
            deadline = (await session.exec(dated)).one()
            assert deadline.last_day is not None
            right.append(deadline.last_day)
            deadline.last_day = OLD_DAY
            session.add(deadline)
            tied = select(Assignment).where(Assignment.deadline_id == deadline.id)
            for assignment in await session.exec(tied):
                assignment.last_day = OLD_DAY
                session.add(assignment)
    return right


async def test_both_days_are_shown_and_the_confirmed_one_is_written(world: World) -> None:
    await world.joins(AN, PostRole.FOCAL_POINT, "Sở Tư pháp")
    (right,) = await store_old_days(world, "I.1")
    shown = await world.says(ADMIN, "/doclai")
    assert f"Đã ghi: 31/12/2045 → nay đọc là: {right:%d/%m/%Y}" in shown.text
    done = await world.presses(ADMIN, shown.action("Đổi I.1"))
    assert "Đã đổi ngày của 1 việc" in done.text
    assert [one.last_day for one in await world.assignments("I.1")] == [right]
    assert "reread" in [row.action for row in await world.audit()]
    assert "thời hạn" in (await world.told(AN))[-1].text
    assert "khớp" in (await world.says(ADMIN, "/doclai")).text
    assert "Đã đổi" not in (await world.presses(ADMIN, shown.action("Đổi I.1"))).text


async def test_all_shown_are_changed_at_once(world: World) -> None:
    right = await store_old_days(world, "I.1", "I.2")
    shown = await world.says(ADMIN, "/doclai")
    done = await world.presses(ADMIN, shown.action("Đổi cả 2"))
    assert "2 việc" in done.text
    days = [(await world.assignments(key))[0].last_day for key in ("I.1", "I.2")]
    assert days == right


async def test_a_kept_deadline_is_not_asked_for_again(world: World) -> None:
    await store_old_days(world, "I.1")
    shown = await world.says(ADMIN, "/doclai")
    assert "giữ nguyên" in (await world.presses(ADMIN, shown.action("Giữ I.1"))).text
    assert [one.last_day for one in await world.assignments("I.1")] == [OLD_DAY]
    assert "khớp" in (await world.says(ADMIN, "/doclai")).text


async def test_finished_work_stays_finished_with_its_new_day(world: World) -> None:
    (right,) = await store_old_days(world, "I.1")
    async with world.database.write() as session:
        statement = select(Assignment).join(Task).where(Task.key == "I.1")
        for assignment in await session.exec(statement):
            assignment.status, assignment.done_on = Status.DONE, date(2026, 3, 2)
            session.add(assignment)
    shown = await world.says(ADMIN, "/doclai")
    await world.presses(ADMIN, shown.action("Đổi I.1"))
    (after,) = await world.assignments("I.1")
    assert (after.status, after.done_on, after.last_day) == (Status.DONE, date(2026, 3, 2), right)


async def test_buttons_are_for_admins(world: World) -> None:
    await world.joins(AN, PostRole.SUPERVISOR)
    await store_old_days(world, "I.1")
    shown = await world.says(ADMIN, "/doclai")
    before = len(await world.audit())
    for action in shown.buttons.values():
        await world.presses(AN, action)
    assert "người quản trị" in (await world.says(AN, "/doclai")).text
    assert len(await world.audit()) == before
