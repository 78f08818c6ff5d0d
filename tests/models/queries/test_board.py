"""What the board lists and counts: open work by its last day, of the plans and agencies asked."""

from __future__ import annotations

from datetime import date, timedelta

from models.agencies import TaskAgency
from models.assignments import Report, Status
from models.audit import record_change
from models.plans import Role, Section, Task
from models.queries.board import (
    BoardScope,
    DayCount,
    count_by_day,
    count_due,
    count_plan_tasks,
    find_oldest_late,
    list_changes,
    list_due,
    list_parties,
    list_plan_tasks,
    list_reports,
)
from models.storage.database import Database
from tests.support.fakes import Filling, at, fill

TODAY, DAY = date(2026, 11, 20), timedelta(days=1)
YESTERDAY, TOMORROW = TODAY - DAY, TODAY + DAY


async def test_work_due_is_open_and_ends_within_the_days(sqlite: Database) -> None:
    async with fill(sqlite, TODAY) as filling:
        agency = await filling.agency("Sở Tư pháp")
        for key, last_day in (("I.3", TOMORROW), ("I.2", TODAY), ("I.1", YESTERDAY)):
            await filling.task(key, [agency, None], last_day, title=f"Rà soát {key}")
        made = await filling.task("I.4", [agency] * 4, TODAY)
        made[0].status, made[1].status = Status.REPORTED, Status.DONE
        made[2].ended_on, made[3].last_day = TODAY, None
        (gone,) = await filling.task("I.5", [agency], TODAY)
        (outside,) = await filling.task("I.6", [agency], TODAY)
        (await filling.session.get_one(Task, gone.task_id)).state = "cancelled"
        (await filling.session.get_one(Task, outside.task_id)).outside = True
        await filling.plan("11/KH-UBND")
        await filling.task("I.7", [agency], TODAY)
        plan_id = made[0].plan_id
    scope = BoardScope((plan_id,))
    async with sqlite.read() as session:
        for first, last, keys in (
            (None, None, ["I.1", "I.2", "I.3"]),
            (None, YESTERDAY, ["I.1"]),
            (TODAY, None, ["I.2", "I.3"]),
            (TODAY, TODAY, ["I.2"]),
            (YESTERDAY, TODAY, ["I.1", "I.2"]),
        ):
            lines = await list_due(session, scope, first, last, 10)
            assert [line.key for line in lines] == [key for key in keys for _ in range(2)]
            assert await count_due(session, scope, first, last) == len(lines)
        (line, other) = await list_due(session, scope, TODAY, TODAY, 10)
        assert (line.title, line.plan, line.last_day) == ("Rà soát I.2", "10/KH-UBND", TODAY)
        assert [line.agency, other.agency] == ["Sở Tư pháp", None]
        assert [line.key for line in await list_due(session, scope, None, None, 2, 1)] == [
            "I.1",
            "I.2",
        ]


async def _fill_two_agencies(filling: Filling) -> tuple[int, int, int, int]:
    """Two late tasks of one agency, a member's late work of a collective, the collective's own."""
    one = await filling.agency("Sở A")
    group = await filling.agency("Các sở", collective=True)
    member = await filling.agency("Sở B")
    await filling.task("I.1", [one], YESTERDAY - DAY, YESTERDAY)
    (shared,) = await filling.task("I.2", [member], YESTERDAY - 3 * DAY)
    shared.lead_id = group.id
    await filling.task("I.3", [member], TODAY, YESTERDAY)
    await filling.task("I.4", [group], YESTERDAY)
    await filling.task("I.5", [None], YESTERDAY, YESTERDAY - 2 * DAY)
    return one.id, member.id, group.id, shared.plan_id


async def test_who_is_late_is_late_since_the_oldest_day_of_work_of_its_own(
    sqlite: Database,
) -> None:
    async with fill(sqlite, TODAY) as filling:
        one, member, _, plan = await _fill_two_agencies(filling)
    async with sqlite.read() as session:
        assert await find_oldest_late(session, BoardScope((plan,)), TODAY) == {
            one: YESTERDAY - DAY,
            member: YESTERDAY,
            None: YESTERDAY - 2 * DAY,
        }
        assert await find_oldest_late(session, BoardScope((plan,)), YESTERDAY) == {
            one: YESTERDAY - DAY,
            None: YESTERDAY - 2 * DAY,
        }


async def test_a_scope_has_the_work_of_its_agencies_and_of_its_collectives_members(
    sqlite: Database,
) -> None:
    async with fill(sqlite, TODAY) as filling:
        one, member, group, plan = await _fill_two_agencies(filling)
    async with sqlite.read() as session:
        for agencies, leads, keys in (
            ((one,), (), ["I.1", "I.1"]),
            ((member,), (), ["I.2", "I.3", "I.3"]),
            ((group,), (group,), ["I.2", "I.4"]),
            ((), (), []),
        ):
            scope = BoardScope((plan,), agencies, leads)
            lines = await list_due(session, scope, None, None, 10)
            assert sorted(line.key for line in lines) == keys


async def test_a_day_counts_what_ends_on_it_by_how_it_stands(sqlite: Database) -> None:
    async with fill(sqlite, TODAY) as filling:
        agency = await filling.agency("Sở A")
        made = await filling.task("I.1", [agency] * 8, TODAY)
        statuses = [*[Status.NEW] * 2, *[Status.RETURNED] * 2, Status.REPORTED, *[Status.DONE] * 2]
        for one, status in zip(made, [*statuses, Status.SUSPENDED], strict=True):
            one.status = status
        await filling.task("I.2", [agency], YESTERDAY, TOMORROW, TOMORROW + DAY)
        (last,) = await filling.task("I.3", [agency], YESTERDAY - DAY)
        scope = BoardScope((last.plan_id,))
    async with sqlite.read() as session:
        assert await count_by_day(session, scope, YESTERDAY, TOMORROW) == {
            YESTERDAY: DayCount(open=1),
            TODAY: DayCount(open=4, reported=1, done=2),
            TOMORROW: DayCount(open=1),
        }


def test_a_day_is_zero_only_if_nothing_ends_on_it() -> None:
    counts = [DayCount(), DayCount(open=1), DayCount(reported=1), DayCount(done=1)]
    assert [count.is_zero for count in counts] == [True, False, False, False]


async def test_a_task_shows_its_own_agencies_reports_and_changes(sqlite: Database) -> None:
    async with fill(sqlite, TODAY) as filling:
        session = filling.session
        one, two, three = [await filling.agency(f"Sở {name}") for name in "ABC"]
        tasks = [(await filling.task(f"I.{number}", [one], TODAY))[0] for number in range(3)]
        for place, task in enumerate(tasks):
            session.add_all(
                TaskAgency(task_id=task.task_id, agency_id=who.id, role=role, position=position)
                for position, (who, role) in enumerate(
                    [(three, Role.PARTNER), (two, Role.PARTNER), (one, Role.LEAD)], place
                )
            )
            session.add_all(
                Report(assignment_id=task.id, reported_at=at(TODAY), number=f"{number}/{place}")
                for number in (1, 2)
            )
            await session.flush()
            for subject in ("agency", "assignment", "plan", "task", "web_link"):
                for action in ("add", "change"):
                    number = task.task_id if subject == "task" else task.id
                    record_change(session, at(TODAY), f"{action}-{place}", subject, number)
                    await session.flush()
        middle = tasks[1]
        agencies = [one.id, three.id, two.id]
    async with sqlite.read() as session:
        parties = await list_parties(session, middle.task_id)
        assert [party.agency_id for party in parties] == agencies
        reports = await list_reports(session, [middle.id])
        assert [report.number for report in reports] == ["2/1", "1/1"]
        changes = await list_changes(session, middle.task_id, [middle.id], 3)
        assert [(change.subject, change.action) for change in changes] == [
            ("task", "change-1"),
            ("task", "add-1"),
            ("assignment", "change-1"),
        ]
        assert len(await list_changes(session, middle.task_id, [middle.id], 9)) == 4


async def test_a_plan_lists_the_rows_of_its_table_in_the_order_printed(sqlite: Database) -> None:
    async with fill(sqlite, TODAY) as filling:
        session = filling.session
        agency, other = await filling.agency("Sở A"), await filling.agency("Sở B")
        plan = await filling.plan()
        sections = [
            Section(plan_id=plan.id, position=place, title=f"Phần {place}", folded=f"phan {place}")
            for place in range(3)
        ]
        session.add_all(sections)
        await session.flush()
        ids = []
        for place in range(6):
            who = agency if place % 2 else other
            (made,) = await filling.task(f"I.{place}", [who], TODAY)
            session.add(TaskAgency(task_id=made.task_id, agency_id=who.id, role="lead", position=0))
            task = await session.get_one(Task, made.task_id)
            task.position, task.section_id = 9 - place, sections[place // 2].id
            ids.append(made.task_id)
        (await session.get_one(Task, ids[5])).outside = True
        (await session.get_one(Task, ids[4])).state = "cancelled"
        await filling.plan("11/KH-UBND")
        (elsewhere,) = await filling.task("I.9", [agency], TODAY)
        middle, plan_id, agency_id = sections[1].id, plan.id, agency.id
    async with sqlite.read() as session:
        for scope, section, wanted in (
            (BoardScope((plan_id,)), None, [ids[place] for place in (4, 3, 2, 1, 0)]),
            (BoardScope((plan_id,)), middle, [ids[3], ids[2]]),
            (BoardScope((plan_id,), (agency_id,)), None, [ids[3], ids[1]]),
            (BoardScope((plan_id, elsewhere.plan_id), ()), None, []),
        ):
            assert await list_plan_tasks(session, scope, section, 9, 0) == wanted
            assert await count_plan_tasks(session, scope, section) == len(wanted)
        whole = BoardScope((plan_id,))
        assert await list_plan_tasks(session, whole, None, 2, 1) == [ids[3], ids[2]]
