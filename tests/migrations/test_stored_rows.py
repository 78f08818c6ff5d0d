"""Rows that an older program has stored are worth the same after the upgrade."""

from __future__ import annotations

from sqlalchemy import text
from sqlmodel import col, select

from language.search import make_index_text
from migrations.upgrade import upgrade
from models.notices import FailureReason, Notice
from models.plans import Task
from models.storage.database import Database

FAILURES = {
    "Unreachable: Forbidden: bot was blocked by the user": FailureReason.UNREACHABLE,
    "NotDelivered: connection refused": FailureReason.NOT_DELIVERED,
    "ServerFault: HTTP 502": FailureReason.SERVER,
    "Uncertain: timed out": FailureReason.UNCERTAIN,
    "lease ran out": FailureReason.UNCERTAIN,
    "TooFast: wait 3 s": FailureReason.TOO_FAST,
    "QuotaSpent: 0 left": FailureReason.QUOTA,
    "TopicMissing: thread not found": FailureReason.TOPIC,
    "BadMarkup: can't parse": FailureReason.REFUSED,
    "Rejected: too long": FailureReason.REFUSED,
    "KeyError: 'x'": FailureReason.OTHER,
    None: None,
}


async def test_the_texts_of_failures_become_reasons(empty_url: str) -> None:
    database = Database(empty_url)
    await upgrade(database, "0008")
    async with database.engine.begin() as connection:
        await connection.execute(
            text(
                "INSERT INTO chat (id, channel, address, kind, title)"
                " VALUES (1, 'telegram', '7', 'private', 'An')"
            )
        )
        insert = text(
            "INSERT INTO notice (id, chat_id, day, kind, token, status, not_before, planned_at,"
            " attempts, again, error) VALUES (:id, 1, '2026-11-20', 'morning', :token, :status,"
            " '2026-11-20 01:00:00', '2026-11-20 01:00:00', 1, false, :error)"
        )
        for number, error in enumerate(FAILURES):
            status = "failed" if error else "sent"
            values = {"id": number, "token": str(number), "status": status, "error": error}
            await connection.execute(insert, values)
        merged = {"id": 99, "token": "99", "status": "dropped", "error": "merged"}
        await connection.execute(insert, merged)
    await upgrade(database)
    async with database.read() as session:
        found = (await session.exec(select(Notice.failure).order_by(col(Notice.id)))).all()
    await database.close()
    assert found == [*FAILURES.values(), None]


async def test_the_texts_that_tasks_are_searched_by_are_those_of_this_program(
    empty_url: str,
) -> None:
    database = Database(empty_url)
    await upgrade(database, "0003")
    async with database.engine.begin() as connection:
        for statement in (
            "INSERT INTO plan (id, identity, title, sample, evidence_needed, imported_at)"
            " VALUES (1, 'p', 'Kế hoạch', false, false, '2026-01-05 00:00:00')",
            "INSERT INTO task (id, plan_id, position, key, title, deliverables, outside, added,"
            " state, search_text) VALUES (1, 1, 1, 'I.1', 'Rà soát TTHC quý III', '[\"Báo cáo\"]',"
            " false, false, 'unfinished', 'old')",
            "INSERT INTO milestone (id, task_id, position, what, kind)"
            " VALUES (1, 1, 1, 'Dự thảo', 'date'), (2, 1, 2, NULL, 'date')",
        ):
            await connection.exec_driver_sql(statement)
    await upgrade(database)
    async with database.read() as session:
        found = (await session.exec(select(Task.search_text))).all()
    await database.close()
    assert found == [make_index_text("Rà soát TTHC quý III", ["Báo cáo"], ["Dự thảo"])]
