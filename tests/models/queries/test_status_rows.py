"""A status table has a row for each assignment, with what its own task, report and request say."""

from __future__ import annotations

from datetime import date, timedelta

from models.agencies import TaskAgency
from models.assignments import Extension, Report, Status
from models.plans import Role, Section, Task
from models.queries.status_rows import load_partner_names, stream_listed_rows, stream_status_rows
from models.queries.task_query import TaskQuery
from models.storage.database import Database
from tests.support.fakes import at, fill

TODAY, DAY = date(2026, 11, 20), timedelta(days=1)


async def test_each_row_has_its_own_task_section_agency_report_and_request(
    sqlite: Database,
) -> None:
    async with fill(sqlite, TODAY) as filling:
        session = filling.session
        made = []
        for number in range(3):
            plan = await filling.plan(f"{number}/KH-UBND")
            section = Section(
                plan_id=plan.id, position=0, title=f"Phần {number}", folded=f"phan {number}"
            )
            session.add(section)
            await session.flush()
            agencies = [await filling.agency(f"{name} {number}") for name in ("Sở", "Các sở")]
            (one,) = await filling.task(f"I.{number}", agencies[:1], TODAY + number * DAY)
            one.lead_id = agencies[1].id
            (await session.get_one(Task, one.task_id)).section_id = section.id
            made.append(one)
        for turn in (1, 2):
            for number, one in enumerate(made):
                report = Report(
                    assignment_id=one.id,
                    reported_at=at(TODAY),
                    number=f"{turn}/BC-{number}",
                    document_day=TODAY - number * DAY,
                )
                wish = Extension(
                    assignment_id=one.id,
                    asked_at=at(TODAY),
                    from_day=TODAY,
                    wanted_day=TODAY + (10 * number + turn) * DAY,
                    reason="thiếu số liệu",
                )
                session.add_all([report, wish])
    async with sqlite.read() as session:
        rows = [row async for row in stream_status_rows(session, TaskQuery(TODAY))]
    assert [(r.plan, r.section, r.key, r.agency, r.collective, r.last_day) for r in rows] == [
        (f"{n}/KH-UBND", f"Phần {n}", f"I.{n}", f"Sở {n}", f"Các sở {n}", TODAY + n * DAY)
        for n in range(3)
    ]
    assert [(r.document, r.document_day, r.wanted_day) for r in rows] == [
        (f"2/BC-{n}", TODAY - n * DAY, TODAY + (10 * n + 2) * DAY) for n in range(3)
    ]


async def test_the_day_wished_for_is_one_that_nobody_decided_on(sqlite: Database) -> None:
    async with fill(sqlite, TODAY) as filling:
        (one,) = await filling.task("I.1", [await filling.agency("Sở Tư pháp")], TODAY)
        filling.session.add(
            Extension(
                assignment_id=one.id,
                asked_at=at(TODAY),
                from_day=TODAY,
                wanted_day=TODAY + DAY,
                reason="thiếu số liệu",
                decision="refused",
            )
        )
    async with sqlite.read() as session:
        rows = [row async for row in stream_status_rows(session, TaskQuery(TODAY))]
    assert [(row.wanted_day, row.collective) for row in rows] == [(None, None)]


async def test_work_overdue_longest_comes_first_and_what_is_done_last(database: Database) -> None:
    async with fill(database, TODAY) as filling:
        agency = await filling.agency("Sở Tư pháp")
        for key, days, status in (
            ("I.1", -9, Status.DONE),
            ("I.2", 5, Status.NEW),
            ("I.3", -1, Status.REPORTED),
            ("I.4", None, Status.NEW),
            ("I.5", -3, Status.RETURNED),
            ("I.6", -9, Status.SUSPENDED),
        ):
            (one,) = await filling.task(key, [agency], TODAY)
            one.status = status
            one.last_day = None if days is None else TODAY + days * DAY
            (await filling.session.get_one(Task, one.task_id)).position = int(key[-1])
    async with database.read() as session:
        query = TaskQuery(TODAY)
        rows = [r async for r in stream_status_rows(session, query, worst_first=True, most=4)]
        in_plan = [row.key async for row in stream_status_rows(session, query, most=5)]
    assert [row.key for row in rows] == ["I.5", "I.3", "I.2", "I.4"]
    assert in_plan == ["I.1", "I.2", "I.3", "I.4", "I.5"]


async def test_the_days_late_are_counted_to_the_report_or_to_today(sqlite: Database) -> None:
    async with fill(sqlite, TODAY) as filling:
        agency = await filling.agency("Sở Tư pháp")
        for place, (last_day, done_on) in enumerate(
            [(-5, None), (-5, -3), (-5, -5), (0, None), (-1, None)]
        ):
            (one,) = await filling.task(f"I.{place}", [agency], TODAY + last_day * DAY)
            if done_on is not None:
                one.status, one.done_on = Status.DONE, TODAY + done_on * DAY
            (await filling.session.get_one(Task, one.task_id)).position = place
    async with sqlite.read() as session:
        rows = [row async for row in stream_status_rows(session, TaskQuery(TODAY))]
    assert [row.count_days_late(TODAY) for row in rows] == [5, 2, 0, 0, 1]


async def test_assignments_listed_by_their_ids_come_in_that_order_without_those_deleted(
    sqlite: Database,
) -> None:
    async with fill(sqlite, TODAY) as filling:
        made = await filling.task("I.1", [await filling.agency("Sở Tư pháp")] * 3, TODAY)
        ids = [one.id for one in made]
    listed = [ids[2], *range(9_001, 12_001), ids[0], *range(12_001, 15_001), ids[1]]
    async with sqlite.read() as session:
        rows = [row async for row in stream_listed_rows(session, listed, TODAY)]
    assert [row.assignment_id for row in rows] == [ids[2], ids[0], ids[1]]


async def test_partners_are_named_by_task_in_the_order_printed(sqlite: Database) -> None:
    async with fill(sqlite, TODAY) as filling:
        lead, *partners = [await filling.agency(f"Sở {name}") for name in "ABC"]
        tasks = []
        for number in range(3):
            plan = await filling.plan(f"{number}/KH-UBND")
            (one,) = await filling.task("I.1", [lead], TODAY)
            tasks.append((one.task_id, plan.id))
            parties = [(lead, Role.LEAD), *((one, Role.PARTNER) for one in partners[::-1])]
            filling.session.add_all(
                TaskAgency(task_id=one.task_id, agency_id=party.id, role=role, position=place)
                for place, (party, role) in enumerate(parties)
            )
    async with sqlite.read() as session:
        everywhere = await load_partner_names(session, TaskQuery(TODAY))
        middle = await load_partner_names(session, TaskQuery(TODAY, plans=(tasks[1][1],)))
    assert everywhere == {task_id: "Sở C; Sở B" for task_id, _ in tasks}
    assert middle == {tasks[1][0]: "Sở C; Sở B"}
