"""Each filter of a query finds the tasks that it means: by state, day, agency, part and place."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from sqlmodel import select
from sqlmodel.ext.asyncio.session import AsyncSession

from models.agencies import Agency, AgencyMember, TaskAgency
from models.assignments import Assignment, Extension, Status, refresh_tasks
from models.milestones import Deadline, TaskMilestone
from models.plans import Role, Section, Task
from models.queries.task_query import DayRange, TaskQuery, find_meant_assignments
from models.queries.task_search import find_first_tasks, find_tasks
from models.storage.database import Database
from tests.support.fakes import Filling, at, fill

TODAY, DAY = date(2026, 11, 20), timedelta(days=1)
YESTERDAY, TOMORROW = TODAY - DAY, TODAY + DAY


async def _find_keys(session: AsyncSession, query: TaskQuery) -> list[str]:
    """The keys of the tasks found, in alphabetical order."""
    ids = (await find_tasks(session, query)).all_ids
    tasks = [await session.get_one(Task, task_id) for task_id in ids]
    return sorted(task.key for task in tasks)


async def _check(session: AsyncSession, wanted: list[tuple[str, dict[str, Any]]]) -> None:
    """Check that the values of each query find the tasks with these keys."""
    for keys, values in wanted:
        assert await _find_keys(session, TaskQuery(TODAY, **values)) == keys.split(), values


def test_days_hold_both_their_ends_and_an_open_end_holds_all() -> None:
    week = DayRange(TODAY, TODAY + 6 * DAY)
    days = [TODAY - DAY, TODAY, TODAY + 6 * DAY, TODAY + 7 * DAY, None]
    assert [week.holds(day) for day in days] == [False, True, True, False, False]
    assert [DayRange(TODAY).holds(day) for day in days] == [False, True, True, True, False]
    until = DayRange(last=TODAY)
    assert [until.holds(day) for day in days] == [True, True, False, False, False]
    assert [DayRange().holds(day) for day in days] == [True, True, True, True, False]


STATES: list[tuple[str, Status, int | None, int | None]] = [
    ("a1", Status.NEW, 0, None),
    ("a2", Status.RECEIVED, -1, None),
    ("a3", Status.IN_PROGRESS, 30, None),
    ("a4", Status.RETURNED, 31, None),
    ("b1", Status.REPORTED, -1, 0),
    ("b2", Status.REPORTED, 1, 0),
    ("c1", Status.DONE, -3, -3),
    ("c2", Status.DONE, -3, -2),
    ("d1", Status.NEW, None, None),
    ("e1", Status.SUSPENDED, -1, None),
    ("f1", Status.CANCELLED, -1, None),
]
"""Key, status, last day and day of the report, in days from today."""


async def _fill_states(filling: Filling) -> dict[str, Assignment]:
    agency = await filling.agency("Sở Tư pháp")
    made: dict[str, Assignment] = {}
    for key, status, last_day, done_on in STATES:
        (one,) = await filling.task(key, [agency], TODAY)
        one.status = status
        one.last_day = None if last_day is None else TODAY + last_day * DAY
        one.done_on = None if done_on is None else TODAY + done_on * DAY
        made[key] = one
    await filling.session.flush()
    await refresh_tasks(filling.session, [one.task_id for one in made.values()])
    return made


async def test_a_state_finds_the_tasks_whose_work_stands_so(sqlite: Database) -> None:
    async with fill(sqlite, TODAY) as filling:
        made = await _fill_states(filling)
        filling.session.add_all(
            Extension(
                assignment_id=made[key].id,
                asked_at=at(TODAY),
                from_day=TODAY,
                wanted_day=TODAY + 9 * DAY,
                reason="thiếu số liệu",
                decision=decision,
            )
            for key, decision in (
                *(("a1", None), ("b1", None)),
                *(("a2", "granted"), ("a3", "refused"), ("c1", "granted")),
            )
        )
    just = DayRange(TODAY, TODAY)
    async with sqlite.read() as session:
        await _check(
            session,
            [
                ("a1 a2 a3 a4 b1 b2 c1 c2 d1 e1", {}),
                ("a1 a2 a3 a4 b1 b2 c1 c2 d1 e1 f1", {"cancelled": True}),
                ("a1 a2 a3 a4 b1 b2 d1", {"status": "unfinished"}),
                ("a2", {"status": "overdue"}),
                ("a1 a3", {"status": "due_soon"}),
                ("a1 d1", {"status": "not_received"}),
                ("a4", {"status": "returned"}),
                ("b1 b2", {"status": "reported"}),
                ("c1 c2", {"status": "done"}),
                ("c2", {"status": "done_late"}),
                ("d1", {"status": "undated"}),
                ("e1", {"status": "suspended"}),
                ("f1", {"status": "cancelled"}),
                ("b1 b2 c1 c2", {"status": "came_in", "done_in": DayRange()}),
                ("b1 b2", {"status": "came_in", "done_in": just}),
                ("", {"status": "done", "done_in": just}),
                ("c1 c2", {"status": "done", "due": DayRange(TODAY - 3 * DAY, TODAY)}),
                ("a1", {"status": "extension_asked"}),
                ("a2 c1", {"status": "extension_granted"}),
                ("a3", {"status": "extension_refused"}),
            ],
        )


async def test_a_cancelled_task_is_found_by_its_code_and_where_it_is_asked_for(
    sqlite: Database,
) -> None:
    async with fill(sqlite, TODAY) as filling:
        agency = await filling.agency("Sở Tư pháp")
        for key in ("I.1", "I.2", "II.3", "outside"):
            (one,) = await filling.task(key, [agency], TODAY)
            task = await filling.session.get_one(Task, one.task_id)
            task.outside = key == "outside"
            task.state = "cancelled" if key == "I.2" else "unfinished"
    async with sqlite.read() as session:
        await _check(
            session,
            [
                ("I.1 II.3", {}),
                ("I.2", {"code": "I.2"}),
                ("I.1 I.2 II.3", {"cancelled": True}),
                ("I.2", {"status": "cancelled"}),
                ("I.2", {"status": "cancelled", "plans": (1,)}),
                ("I.1", {"numeral": "i"}),
                ("I.1 I.2", {"numeral": "I", "cancelled": True}),
                ("II.3", {"numeral": "II"}),
                ("", {"code": "outside"}),
            ],
        )


async def test_the_days_asked_about_and_the_state_are_those_of_one_assignment(
    sqlite: Database,
) -> None:
    async with fill(sqlite, TODAY) as filling:
        agency = await filling.agency("Sở Tư pháp")
        for key, days in (("p1", (-1, 1)), ("p2", (0,)), ("p3", (2, 3)), ("p4", (1,))):
            made = await filling.task(key, [agency], *(TODAY + day * DAY for day in days))
            made[0].status = Status.DONE if len(made) > 1 else Status.NEW
        deadline = await filling.session.get_one(Deadline, made[0].deadline_id)
        deadline.printed_day = TODAY + 2 * DAY
        made = await filling.task("p5", [agency], TODAY)
        made[0].last_day = None
    after = TODAY + 2 * DAY
    async with sqlite.read() as session:
        await _check(
            session,
            [
                ("p2", {"due": DayRange(TODAY, TODAY)}),
                ("p1 p2", {"due": DayRange(last=TODAY)}),
                ("p1 p2 p3 p4", {"due": DayRange(YESTERDAY, after)}),
                ("p1 p2 p3 p4", {"due": DayRange()}),
                ("p3", {"due": DayRange(after)}),
                ("p3", {"due": DayRange(after, after)}),
                ("p3 p4", {"due": DayRange(after, after, single=True)}),
                ("p2", {"due": DayRange(TODAY, TODAY, single=True)}),
                ("", {"due": DayRange(after + 2 * DAY, after + 2 * DAY, single=True)}),
                ("p1", {"due": DayRange(TOMORROW - 2 * DAY, YESTERDAY), "status": "done"}),
                ("p2", {"due": DayRange(last=TODAY), "status": "unfinished"}),
                ("p3", {"due": DayRange(after), "status": "unfinished"}),
            ],
        )


async def _add_parties(
    session: AsyncSession, one: Assignment, leads: list[Agency], partners: list[Agency]
) -> None:
    parties = [*((lead, Role.LEAD) for lead in leads), *((p, Role.PARTNER) for p in partners)]
    session.add_all(
        TaskAgency(task_id=one.task_id, agency_id=party.id, role=role, position=place)
        for place, (party, role) in enumerate(parties)
    )


async def test_an_agencys_tasks_are_those_it_has_the_part_in_that_is_asked_for(
    sqlite: Database,
) -> None:
    async with fill(sqlite, TODAY) as filling:
        one, two, three = [await filling.agency(f"Sở {name}") for name in "ABC"]
        group = await filling.agency("Các sở", collective=True)
        for key, leads, partners in [
            ("q1", [one], [two]),
            ("q2", [two], [one]),
            ("q3", [group], [two]),
            ("q4", [one], [group]),
            ("q5", [three], [group]),
            ("q6", [one, two], [group, three]),
            ("q7", [two], [three]),
            ("q8", [one], [one, group]),
        ]:
            (made, *_) = await filling.task(key, leads, TODAY)
            await _add_parties(filling.session, made, leads, partners)
        a, b, c, g = one.id, two.id, three.id, group.id
    member: dict[str, Any] = {"agencies": (a,), "collectives": (g,)}
    async with sqlite.read() as session:
        await _check(
            session,
            [
                ("q1 q4 q6 q8", {"agencies": (a,)}),
                ("q1 q3 q4 q6 q8", member),
                ("q2 q8", {"agencies": (a,), "role": Role.PARTNER}),
                ("q2 q5 q8", {**member, "role": Role.PARTNER}),
                ("q1 q2 q4 q6 q8", {"agencies": (a,), "role": "any"}),
                ("q1 q2 q4 q6 q7 q8", {"agencies": (a, b)}),
                ("", {"agencies": ()}),
                ("q1", {"agencies": (a,), "others": (b,)}),
                ("q6", {"agencies": (a,), "others": (b,), "together": True}),
                ("q2", {"agencies": (a,), "others": (b,), "role": Role.PARTNER}),
                ("q7", {"agencies": (b,), "others": (c,), "tasks": (7,)}),
                ("q6 q7", {"agencies": (b,), "others": (c,)}),
                ("q3", {"agencies": (g,)}),
            ],
        )
        found = await find_tasks(session, TaskQuery(TODAY, **member))
        assert [len(found.own), found.shared] == [4, [3]]
        alone = await find_tasks(session, TaskQuery(TODAY, agencies=(g,)))
        assert (alone.own, alone.shared) == ([3], [])


async def test_a_kind_of_milestone_and_a_section_narrow_the_tasks(sqlite: Database) -> None:
    async with fill(sqlite, TODAY) as filling:
        session = filling.session
        for plan_number in range(2):
            plan = await filling.plan(f"{plan_number}/KH-UBND")
            sections = [
                Section(plan_id=plan.id, position=place, title=f"P{place}", folded=f"p{place}")
                for place in range(3)
            ]
            session.add_all(sections)
            await session.flush()
            for place, (kind, every) in enumerate(
                [("date", None), ("recurring", "month"), ("recurring", "quarter")]
            ):
                (one,) = await filling.task(f"{plan_number}.{place}", [None], TODAY, kind=kind)
                (await session.get_one(Task, one.task_id)).section_id = sections[place].id
                milestones = await session.exec(
                    select(TaskMilestone).where(TaskMilestone.task_id == one.task_id)
                )
                milestones.one().every = every
        first, middle = plan.id - 1, sections[1].id
    async with sqlite.read() as session:
        await _check(
            session,
            [
                ("0.1 0.2 1.1 1.2", {"kind": "recurring"}),
                ("0.1 1.1", {"kind": "recurring", "every": "month"}),
                ("0.2 1.2", {"kind": "recurring", "every": "quarter"}),
                ("0.0 1.0", {"kind": "date"}),
                ("0.0 0.1 0.2", {"plans": (first,)}),
                ("1.1", {"sections": (middle,)}),
                ("0.2", {"plans": (first,), "kind": "recurring", "every": "quarter"}),
                ("", {"plans": (first,), "sections": (middle,)}),
            ],
        )


async def test_the_first_tasks_are_the_soonest_and_all_are_counted(sqlite: Database) -> None:
    async with fill(sqlite, TODAY) as filling:
        agency = await filling.agency("Sở Tư pháp")
        tasks = {}
        for key, days in (("I.1", 3), ("I.2", None), ("I.3", 1), ("I.4", 2)):
            (one,) = await filling.task(key, [agency], TODAY + (days or 0) * DAY)
            task = await filling.session.get_one(Task, one.task_id)
            task.next_day = None if days is None else one.last_day
            task.code = "1.1"
            tasks[key] = one.task_id
    async with sqlite.read() as session:
        query = TaskQuery(TODAY)
        assert await find_first_tasks(session, query, 2) == ([tasks["I.3"], tasks["I.4"]], 4)
        every = (await find_tasks(session, query)).own
        assert every == [tasks[key] for key in ("I.3", "I.4", "I.1", "I.2")]
        for nothing in (replace(query, code="9"), replace(query, status="done")):
            assert await find_first_tasks(session, nothing, 2) == ([], 0)
        assert await find_first_tasks(session, replace(query, code="1.1"), 1) == (
            [tasks["I.3"]],
            4,
        )


async def test_the_assignments_meant_are_those_in_the_state_or_the_days_asked_for(
    sqlite: Database,
) -> None:
    async with fill(sqlite, TODAY) as filling:
        made = await _fill_states(filling)
        other = await filling.agency("Sở Y tế")
        (late,) = await filling.task("z1", [other], YESTERDAY)
        late.status, late.done_on = Status.DONE, TODAY
        (ended,) = await filling.task("z2", [other], YESTERDAY)
        ended.status, ended.done_on, ended.ended_on = Status.DONE, TODAY, TODAY
        numbers = {key: one.id for key, one in made.items()} | {"z1": late.id, "z2": ended.id}
        tasks = [one.task_id for one in made.values()] + [late.task_id, ended.task_id]
        agency_id, other_id = made["a1"].agency_id, other.id
    days = DayRange(TODAY - 2 * DAY, TODAY)
    wanted: list[tuple[str, dict[str, Any]]] = [
        ("c2 z1", {"status": "done_late"}),
        ("a1 a3", {"status": "due_soon"}),
        ("c2 z1", {"status": "done", "done_in": days}),
        ("b1 b2 c2 z1", {"status": "came_in", "done_in": days}),
        ("c2", {"status": "done_late", "agencies": (agency_id,)}),
        ("z1", {"status": "done_late", "agencies": (other_id,)}),
        ("a1", {"status": "due_soon", "due": DayRange(TODAY, TODAY)}),
        ("", {"status": "overdue"}),
        ("", {"due": days}),
    ]
    async with sqlite.read() as session:
        for keys, values in wanted:
            found = await find_meant_assignments(session, TaskQuery(TODAY, **values), tasks)
            assert found == {numbers[key] for key in keys.split()}, values
        some = await find_meant_assignments(
            session, TaskQuery(TODAY, status="done_late"), tasks[:-2]
        )
        assert some == {numbers["c2"]}


async def _fill_collective(filling: Filling) -> dict[str, int]:
    """Tasks of a collective: one member has joined and owes g1 alone, another owes g3, one has not.

    What the first member has done others may still have to do.
    """
    session = filling.session
    group = await filling.agency("Các sở", collective=True)
    enrolled, absent, other = [await filling.agency(f"Sở {name}") for name in "ABC"]
    enrolled.enrolled_on = other.enrolled_on = TODAY
    session.add_all(
        AgencyMember(collective_id=group.id, member_id=one.id) for one in (enrolled, absent, other)
    )
    done, late = await filling.task("g3", [enrolled, other], YESTERDAY)
    done.lead_id = late.lead_id = group.id
    done.status, done.done_on = Status.DONE, YESTERDAY
    await _add_parties(session, done, [group], [])
    for key, last_day in (("g1", YESTERDAY), ("g2", TOMORROW)):
        (one,) = await filling.task(key, [enrolled], last_day)
        one.lead_id = group.id
        await _add_parties(session, one, [group], [])
    one.status, one.done_on = Status.DONE, TODAY
    await session.flush()
    await refresh_tasks(session, [one.task_id])
    ids = {"group": group.id, "enrolled": enrolled.id}
    return ids | {"absent": absent.id, "other": other.id}


async def test_what_others_still_owe_counts_for_a_member_that_has_not_joined(
    sqlite: Database,
) -> None:
    async with fill(sqlite, TODAY) as filling:
        ids = await _fill_collective(filling)
    absent: dict[str, Any] = {"agencies": (ids["absent"],), "collectives": (ids["group"],)}
    enrolled, other = [{**absent, "agencies": (ids[name],)} for name in ("enrolled", "other")]
    group: dict[str, Any] = {"agencies": (ids["group"],)}
    async with sqlite.read() as session:
        await _check(
            session,
            [
                ("g1 g3", {**absent, "status": "overdue"}),
                ("g1", {**enrolled, "status": "overdue"}),
                ("g3", {**other, "status": "overdue"}),
                ("g1 g3", {**group, "status": "overdue"}),
                ("", {**absent, "status": "done"}),
                ("", {**absent, "status": "done_late"}),
                ("", {**absent, "status": "overdue", "own_only": True}),
                ("g2 g3", {**enrolled, "status": "done"}),
                ("", {**other, "status": "done"}),
                ("g2", {**absent, "due": DayRange(TODAY)}),
                ("g2", {**group, "status": "done"}),
                ("g1 g2 g3", absent),
            ],
        )
