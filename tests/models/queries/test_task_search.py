"""Tasks are found however many they are, by the work that the question means."""

from __future__ import annotations

from datetime import UTC, date, datetime

from sqlalchemy import text

from models.agencies import TaskAgency
from models.assignments import Status
from models.plans import Plan, Role
from models.queries.task_query import DayRange, TaskQuery
from models.queries.task_search import find_tasks
from models.storage.database import Database
from tests.support.fakes import fill

TODAY, YESTERDAY = date(2026, 11, 20), date(2026, 11, 19)

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


async def test_done_is_what_all_did_but_done_in_some_days_is_what_one_did_then(
    sqlite: Database,
) -> None:
    async with fill(sqlite, TODAY) as filling:
        agencies = [await filling.agency("Sở Tư pháp"), await filling.agency("Sở Nội vụ")]
        half = await filling.task("I.1", agencies, TODAY)
        whole = await filling.task("I.2", agencies, TODAY)
        for assignment in (half[0], *whole):
            assignment.status, assignment.done_on = Status.DONE, TODAY
        both = [half[0].task_id, whole[0].task_id]
    async with sqlite.read() as session:
        done = TaskQuery(TODAY, status="done")
        assert (await find_tasks(session, done)).own == both[1:]
        for days in (DayRange(TODAY, TODAY), DayRange(first=YESTERDAY), DayRange(last=TODAY)):
            query = TaskQuery(TODAY, status="done", done_in=days)
            assert sorted((await find_tasks(session, query)).own) == both, days
        yesterday = TaskQuery(TODAY, status="done", done_in=DayRange(YESTERDAY, YESTERDAY))
        assert (await find_tasks(session, yesterday)).own == []


async def test_what_an_agency_has_any_part_in_has_the_state_of_the_whole_task(
    sqlite: Database,
) -> None:
    async with fill(sqlite, TODAY) as filling:
        lead, partner = await filling.agency("Sở Tư pháp"), await filling.agency("Sở Nội vụ")
        (made,) = await filling.task("I.1", [lead], TODAY)
        filling.session.add(
            TaskAgency(task_id=made.task_id, agency_id=partner.id, role=Role.PARTNER, position=0)
        )
        wanted = (made.task_id, partner.id)
    async with sqlite.read() as session:
        for role in (Role.PARTNER, "any"):
            query = TaskQuery(TODAY, agencies=(wanted[1],), role=role, status="unfinished")
            assert (await find_tasks(session, query)).own == [wanted[0]], role
