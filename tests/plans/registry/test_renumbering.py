"""A document with other numbers moves what was reported together with its task."""

from __future__ import annotations

import copy
import json
from datetime import date
from typing import Any

from sqlmodel import col, select

from language.agencies.directory import load_standard_directory
from models.assignments import Assignment, Status
from models.plans import Plan, Task
from models.storage.database import Database
from plans import plan_json
from plans.format import PlanFile
from plans.registry.compare import compare_plan
from plans.registry.renumbering import find_lettered_key, plan_amended_keys, plan_moves
from plans.registry.writer import PlanWriter
from tests.support.plan_files import NOW, PLAN, TODAY, import_plan


def make_plan(*titles: str, outside: tuple[str, ...] = ()) -> PlanFile:
    """Return a plan with these titles, all of one agency and one day."""
    plan: dict[str, Any] = copy.deepcopy(PLAN)
    milestone = {"kind": "date", "last_day": "2026-12-14"}
    plan["tasks"] = [
        {
            "key": f"I.{number}",
            "title": title,
            "lead": ["Sở Nội vụ"],
            "deadline_text": "Trước ngày 15/12/2026",
            "milestones": [milestone],
        }
        for number, title in enumerate(titles, start=1)
    ]
    plan["plan_milestones"] = [
        {"lead": ["Sở Nội vụ"], "title": title, "milestone": milestone} for title in outside
    ]
    return plan_json.parse_plan(json.dumps(plan))


async def finish_task(database: Database, key: str) -> None:
    """Report the task with this number as done."""
    async with database.write() as session:
        statement = select(Assignment).join(Task).where(Task.key == key)
        assignment = (await session.exec(statement)).one()
        assignment.status, assignment.done_on = Status.DONE, date(2026, 3, 1)
        session.add(assignment)


async def list_done(database: Database) -> dict[str, tuple[str, bool]]:
    """Return number, title and whether it is done, of each task."""
    async with database.read() as session:
        statement = select(Task.key, Task.title, Assignment.status).join(
            Assignment, col(Assignment.task_id) == Task.id
        )
        return {
            key: (title, status == Status.DONE)
            for key, title, status in await session.exec(statement)
        }


async def test_done_stays_with_the_task_when_a_row_is_put_in_above(sqlite: Database) -> None:
    await import_plan(sqlite, make_plan("Kiểm kê nhà kho", "Sơn lại cổng"))
    await finish_task(sqlite, "I.1")
    result = await import_plan(
        sqlite, make_plan("Thay khoá cửa", "Kiểm kê nhà kho", "Sơn lại cổng")
    )
    assert result.renumbered == {"I.2": "I.1", "I.3": "I.2"}
    assert await list_done(sqlite) == {
        "I.1": ("Thay khoá cửa", False),
        "I.2": ("Kiểm kê nhà kho", True),
        "I.3": ("Sơn lại cổng", False),
    }


async def test_two_tasks_that_change_numbers_do_not_collide(database: Database) -> None:
    await import_plan(database, make_plan("Kiểm kê nhà kho", "Sơn lại cổng"))
    await finish_task(database, "I.1")
    await import_plan(database, make_plan("Sơn lại cổng", "Kiểm kê nhà kho"))
    assert await list_done(database) == {
        "I.1": ("Sơn lại cổng", False),
        "I.2": ("Kiểm kê nhà kho", True),
    }


async def test_a_task_that_is_gone_makes_room_and_stays(database: Database) -> None:
    await import_plan(database, make_plan("Kiểm kê nhà kho", "Sơn lại cổng"))
    await finish_task(database, "I.1")
    await import_plan(database, make_plan("Sơn lại cổng"))
    assert await list_done(database) == {
        "I.1": ("Sơn lại cổng", False),
        "I.1b": ("Kiểm kê nhà kho", True),
    }
    again = await import_plan(database, make_plan("Sơn lại cổng"))
    assert again.unchanged == 1


async def test_a_task_that_is_gone_is_cancelled_under_its_new_number(sqlite: Database) -> None:
    await import_plan(sqlite, make_plan("Kiểm kê nhà kho", "Sơn lại cổng"))
    await import_plan(sqlite, make_plan("Sơn lại cổng"), cancel_gone=True)
    async with sqlite.read() as session:
        cancelled = select(Task.title).where(col(Task.cancelled_on).is_not(None))
        assert (await session.exec(cancelled)).all() == ["Kiểm kê nhà kho"]


async def test_deadlines_outside_the_table_keep_what_was_reported(sqlite: Database) -> None:
    await import_plan(sqlite, make_plan("Kiểm kê nhà kho", outside=("Nộp danh sách phòng",)))
    await finish_task(sqlite, "KH.1")
    await import_plan(
        sqlite,
        make_plan("Kiểm kê nhà kho", outside=("Gửi dự trù giấy", "Nộp danh sách phòng")),
    )
    done = await list_done(sqlite)
    assert done["KH.1"] == ("Gửi dự trù giấy", False)
    assert done["KH.2"] == ("Nộp danh sách phòng", True)


async def test_a_task_that_may_be_another_writes_nothing(sqlite: Database) -> None:
    await import_plan(sqlite, make_plan("Kiểm kê nhà kho"))
    plan = make_plan("Đóng bàn ghế mới")
    async with sqlite.read() as session:
        comparison = await compare_plan(session, plan)
    assert [pair.old.title for pair in comparison.unsure] == ["Kiểm kê nhà kho"]
    assert not comparison.new
    assert not comparison.changed
    assert not comparison.is_up_to_date


async def test_an_amendment_leaves_the_numbers_of_the_plan(sqlite: Database) -> None:
    await import_plan(sqlite, make_plan("Kiểm kê nhà kho", "Sơn lại cổng"))
    amendment = make_plan("Sơn lại cổng", "Trồng hàng cây")
    async with sqlite.write() as session:
        plan_id = (await session.exec(select(Plan.id))).one()
        comparison = await compare_plan(session, amendment, plan_id, {"I.2": False})
        writer = PlanWriter(session, load_standard_directory(), NOW, TODAY)
        await writer.write_plan(amendment, comparison)
    assert {key: title for key, (title, _) in (await list_done(sqlite)).items()} == {
        "I.1": "Kiểm kê nhà kho",
        "I.2": "Sơn lại cổng",
        "I.2b": "Trồng hàng cây",
    }


def test_numbers_are_made_free_with_letters() -> None:
    assert find_lettered_key("I.3", {"I.3"}) == "I.3b"
    assert find_lettered_key("I.3b", {"I.3b", "I.3c"}) == "I.3d"
    assert find_lettered_key("a", {f"a{letter}" for letter in "bcdefghijklmnopqrstuvwxyz"}) == "aaa"
    assert plan_moves(["1", "2"], {"2": "1", "1": "2"}, ["1", "2"]) == {"1": "2", "2": "1"}
    assert plan_amended_keys(["1"], {}, ["1", "1b"]) == {"1": "1c"}
