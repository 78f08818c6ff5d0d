"""Tasks are found however many they are."""

from __future__ import annotations

from datetime import UTC, date, datetime

from sqlalchemy import text

from models.plans import Plan
from models.queries.task_query import TaskQuery
from models.queries.task_search import find_tasks
from models.storage.database import Database

MANY = 33_000  # more than a statement takes values
_FILL = text(
    "INSERT INTO task"
    " (plan_id, position, key, title, deliverables, outside, added, state, search_text)"
    " WITH RECURSIVE numbers(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < :many)"
    " SELECT 1, n, 'I.' || n, 'Triển khai', '[]', false, false, 'unfinished', 'trien khai so hoa'"
    " FROM numbers"
)


async def test_words_that_very_many_tasks_hold_find_them_all(database: Database) -> None:
    async with database.write() as session:
        session.add(
            Plan(id=1, identity="x", title="Kế hoạch", imported_at=datetime(2026, 1, 1, tzinfo=UTC))
        )
        await session.flush()
        await (await session.connection()).execute(_FILL, {"many": MANY})
    async with database.read() as session:
        wanted = TaskQuery(today=date(2026, 11, 20), plans=(1,), words=("trien khai", "so hoa"))
        assert len((await find_tasks(session, wanted)).own) == MANY
