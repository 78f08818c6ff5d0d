"""The assignments of a task are read at once, however many agencies it has."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import event
from sqlmodel import select

from handlers.conversation.cases import find_cases_of_task
from models.plans import Task
from models.storage.database import Database
from tests.prove.processes import fill_with_people


async def test_a_task_of_hundreds_of_agencies_takes_few_statements(sqlite: Database) -> None:
    await fill_with_people(sqlite, 150, date(2026, 10, 1), date(2026, 10, 30))
    statements: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        statements.append(statement)

    async with sqlite.read() as session:
        task = (await session.exec(select(Task))).one()
        event.listen(sqlite.engine.sync_engine, "before_cursor_execute", note)
        found = await find_cases_of_task(session, task.id)
        event.remove(sqlite.engine.sync_engine, "before_cursor_execute", note)
    assert len(found) == 150
    assert len({case.agency for case in found}) == 150
    assert len(statements) <= 3
