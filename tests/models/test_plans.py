"""What a plan is called in a message, and the keys of its tasks."""

from __future__ import annotations

import pytest
from sqlmodel import col, select

from models.plans import LONGEST_NAME, Plan, Task, load_task_keys
from models.storage.database import Database
from tests.support.world import NOW


def _make_plan(title: str, number: str | None = None) -> Plan:
    return Plan(identity=title, title=title, number=number, imported_at=NOW)


@pytest.mark.parametrize("number", [None, ""])
def test_a_plan_without_a_number_is_called_by_its_title(number: str | None) -> None:
    assert _make_plan("Kế hoạch thử", number).full_name == "Kế hoạch thử"
    assert _make_plan("Kế hoạch thử", "15/KH-UBND").full_name == "15/KH-UBND"


def test_a_long_name_is_shortened_to_what_a_message_holds() -> None:
    plan = _make_plan("Kế hoạch " + "a" * (LONGEST_NAME - 9))
    assert plan.shorten_name() == plan.title
    assert len(plan.title) == LONGEST_NAME == 80
    assert _make_plan(plan.title + "b").shorten_name() == plan.title[:-1] + "…"
    assert plan.shorten_name(12) == "Kế hoạch…"


async def test_the_keys_of_tasks_are_in_the_order_asked_for_however_many(sqlite: Database) -> None:
    async with sqlite.write() as session:
        plan = _make_plan("Kế hoạch thử")
        session.add(plan)
        await session.flush()
        session.add_all(
            Task(plan_id=plan.id, position=n, key=f"{n}", title="x", search_text="x")
            for n in range(1101)
        )
        await session.flush()
        ids = list(await session.exec(select(col(Task.id)).order_by(col(Task.id).desc())))
        expected = [(task_id, plan.id, f"{1100 - n}") for n, task_id in enumerate(ids)]
        assert await load_task_keys(session, ids) == expected
        assert await load_task_keys(session, ids[5:7]) == expected[5:7]
        assert await load_task_keys(session, []) == []
