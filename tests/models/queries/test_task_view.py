"""What an answer shows of a task: the deadline that the question is about."""

from __future__ import annotations

from datetime import date

from models.agencies import TaskAgency
from models.assignments import Status
from models.milestones import Deadline, TaskMilestone
from models.plans import Role, Section, Task
from models.queries.task_query import DayRange
from models.queries.task_view import load_milestones, load_task_views
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


async def test_the_assignments_of_an_agency_are_its_own_else_those_of_its_collective(
    sqlite: Database,
) -> None:
    async with fill(sqlite, date(2026, 10, 1)) as filling:
        group = await filling.agency("Các sở", collective=True)
        one, two, three = [await filling.agency(f"Sở {name}") for name in "ABC"]
        made = await filling.task("I.1", [one, two, three], NOVEMBER)
        made[0].lead_id = made[1].lead_id = group.id
        ids = {"group": group.id, "one": one.id, "two": two.id, "three": three.id}
        numbers = [assignment.id for assignment in made]
    async with sqlite.read() as session:
        (view,) = await load_task_views(session, [1])
    for names, wanted in (
        ((), numbers),
        (("one",), numbers[:1]),
        (("three", "one"), [numbers[0], numbers[2]]),
        (("group",), numbers[:2]),
        (("group", "two"), numbers[1:2]),
    ):
        found = view.find_assignments([ids[name] for name in names])
        assert [assignment.id for assignment in found] == wanted, names
    assert [a.id for a in view.find_assignments()] == numbers
    assert [a.id for a in view.find_assignments([99])] == numbers
    names_found = [view.find_agency_name(assignment) for assignment, _ in view.assignments]
    assert names_found == ["Sở A", "Sở B", "Sở C"]
    view.assignments.pop(1)
    assert view.find_agency_name(made[1]) is None


async def test_a_task_without_an_open_day_has_no_next_one(sqlite: Database) -> None:
    async with fill(sqlite, date(2026, 10, 1)) as filling:
        made = await filling.task(
            "I.1", [await filling.agency("Sở A")], OCTOBER, NOVEMBER, DECEMBER
        )
        made[0].status, made[1].status, made[2].last_day = Status.DONE, Status.REPORTED, None
    async with sqlite.read() as session:
        (view,) = await load_task_views(session, [1])
    assert view.find_next_open() is None
    assert view.find_next_open(due=DayRange()) is None


async def test_each_task_is_shown_with_its_own_plan_section_agencies_and_work(
    sqlite: Database,
) -> None:
    async with fill(sqlite, date(2026, 10, 1)) as filling:
        session = filling.session
        names = [await filling.agency(f"Sở {name}") for name in "ABC"]
        for number in range(3):
            plan = await filling.plan(f"{number}/KH-UBND")
            section = Section(plan_id=plan.id, position=0, title=f"Phần {number}", folded="phan")
            session.add(section)
            await session.flush()
            made = await filling.task(f"I.{number}", [names[number], None], NOVEMBER, OCTOBER)
            (await session.get_one(Task, made[0].task_id)).section_id = section.id
            made[0].ended_on = OCTOBER
            parties = [(Role.PARTNER, 2), (Role.LEAD, 1), (Role.LEAD, 0), (Role.PARTNER, 1)]
            session.add_all(
                TaskAgency(
                    task_id=made[0].task_id, agency_id=names[who].id, role=role, position=place
                )
                for place, (role, who) in enumerate(parties)
            )
    async with sqlite.read() as session:
        views = await load_task_views(session, [3, 99, 1, 2])
        assert await load_task_views(session, []) == []
    assert [(view.task.key, view.plan.number, view.section) for view in views] == [
        (f"I.{number}", f"{number}/KH-UBND", f"Phần {number}") for number in (2, 0, 1)
    ]
    for view in views:
        assert (view.leads, view.partners) == (["Sở B", "Sở A"], ["Sở C", "Sở B"])
    assert [(one.last_day, name) for one, name in views[0].assignments] == [
        (OCTOBER, "Sở C"),
        (OCTOBER, None),
        (NOVEMBER, None),
    ]


async def test_milestones_come_in_the_order_printed_each_with_its_days(sqlite: Database) -> None:
    async with fill(sqlite, date(2026, 10, 1)) as filling:
        for key in ("I.1", "I.2", "I.3"):
            (one,) = await filling.task(key, [None], NOVEMBER, kind="date")
            added = TaskMilestone(task_id=one.task_id, position=-1, kind="recurring", every="month")
            filling.session.add(added)
            await filling.session.flush()
            filling.session.add_all(
                Deadline(task_id=one.task_id, milestone_id=added.id, last_day=day)
                for day in (DECEMBER, OCTOBER)
            )
    async with sqlite.read() as session:
        repeated, single = await load_milestones(session, 2)
    assert (repeated.kind, repeated.last_days) == ("recurring", (OCTOBER, DECEMBER))
    assert (single.kind, single.last_day) == ("date", NOVEMBER)
