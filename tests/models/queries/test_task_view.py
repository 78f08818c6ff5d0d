"""What an answer shows of a task: the deadline that the question is about."""

from __future__ import annotations

from datetime import date

from models.assignments import Status
from models.queries.task_query import DayRange
from models.queries.task_view import load_task_views
from models.storage.database import Database
from tests.support.fakes import fill

OCTOBER, NOVEMBER, DECEMBER = date(2026, 10, 30), date(2026, 11, 30), date(2026, 12, 31)


async def test_the_open_deadline_is_the_first_of_the_days_asked_about(sqlite: Database) -> None:
    async with fill(sqlite, date(2026, 10, 1)) as filling:
        agency = await filling.agency("Sở Tư pháp")
        made = await filling.task("I.1", [agency], OCTOBER, NOVEMBER, DECEMBER)
        made[0].status = Status.DONE
        task_id = made[0].task_id
    async with sqlite.read() as session:
        (view,) = await load_task_views(session, [task_id])
    for due, day in (
        (None, NOVEMBER),
        (DayRange(DECEMBER, DECEMBER), DECEMBER),
        (DayRange(first=DECEMBER), DECEMBER),
        (DayRange(last=DECEMBER), NOVEMBER),
        (DayRange(date(2027, 1, 1), None), NOVEMBER),
    ):
        found = view.find_next_open(due=due)
        assert found is not None
        assert found.last_day == day, due
