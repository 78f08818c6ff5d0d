"""A calendar gets each assignment with a day as its plan and task have it, the withdrawn too."""

from __future__ import annotations

from datetime import date, timedelta

from models.assignments import Status
from models.plans import Task
from models.queries.calendar_rows import load_calendar_rows
from models.queries.task_query import DayRange, TaskQuery
from models.storage.database import Database
from tests.support.fakes import fill

TODAY, DAY = date(2026, 11, 20), timedelta(days=1)


async def test_a_row_is_of_its_own_plan_task_and_agency_the_newest_day_first(
    sqlite: Database,
) -> None:
    async with fill(sqlite, TODAY) as filling:
        for number in range(3):
            await filling.plan(f"{number}/KH-UBND")
            agency = await filling.agency(f"Sở {number}")
            (one,) = await filling.task(f"I.{number}", [agency], TODAY + number * DAY)
            one.version = number
        await filling.task("I.9", [None], TODAY - DAY)
    async with sqlite.read() as session:
        rows = await load_calendar_rows(session, TaskQuery(TODAY), 9)
        assert [
            (row.plan, row.key, row.title, row.agency, row.last_day, row.version) for row in rows
        ] == [
            *(
                (f"{n}/KH-UBND", f"I.{n}", f"Việc I.{n}", f"Sở {n}", TODAY + n * DAY, n)
                for n in (2, 1, 0)
            ),
            ("2/KH-UBND", "I.9", "Việc I.9", None, TODAY - DAY, 0),
        ]
        assert await load_calendar_rows(session, TaskQuery(TODAY), 2) == rows[:2]


async def test_what_was_withdrawn_stays_whatever_state_is_asked_for(sqlite: Database) -> None:
    async with fill(sqlite, TODAY) as filling:
        agency = await filling.agency("Sở Tư pháp")
        for key, status in (
            ("open", Status.NEW),
            ("done", Status.DONE),
            ("gone", Status.CANCELLED),
        ):
            (one,) = await filling.task(key, [agency], TODAY)
            one.status = status
        (ended,) = await filling.task("ended", [agency], TODAY)
        ended.ended_on = TODAY
        (task_gone,) = await filling.task("task gone", [agency], TODAY)
        task = await filling.session.get_one(Task, task_gone.task_id)
        task.state, task.cancelled_on = "cancelled", TODAY
        await filling.task("later", [agency], TODAY + DAY)
    withdrawn = {"gone", "ended", "task gone"}
    async with sqlite.read() as session:
        for query, live in (
            (TaskQuery(TODAY), {"open", "done", "later"}),
            (TaskQuery(TODAY, status="unfinished"), {"open", "later"}),
            (TaskQuery(TODAY, status="done"), {"done"}),
            (TaskQuery(TODAY, due=DayRange(TODAY, TODAY)), {"open", "done"}),
        ):
            rows = await load_calendar_rows(session, query, 9)
            assert {row.key for row in rows if not row.is_withdrawn} == live, query
            if query.status != "done":
                assert {row.key for row in rows if row.is_withdrawn} == withdrawn, query
