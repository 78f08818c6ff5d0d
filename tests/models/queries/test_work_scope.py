"""Every table, figure, past day and calendar is about the assignments that the question means."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

import pytest
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models.agencies import Agency, AgencyMember, TaskAgency
from models.assignments import Status
from models.milestones import Deadline
from models.plans import Plan, Role, Section, Task
from models.queries.calendar_rows import load_calendar_rows
from models.queries.figures import Figures, count_agency_figures, count_figures_by_day
from models.queries.history import count_past_figures, find_waiting_extensions, load_past_states
from models.queries.status_rows import stream_status_rows
from models.queries.task_query import DayRange, TaskQuery
from models.queries.work_scope import count_tasks_with_work
from models.storage.database import Database
from tests.support.fakes import Filling, at
from tests.support.random_registries import fill_at_random

TODAY = date(2026, 11, 20)
STATES = (
    *("unfinished", "done", "overdue", "due_soon", "not_received", "reported", "returned"),
    *("extension_asked", "done_late", "undated"),
    *("extension_granted", "extension_refused", "suspended", "cancelled"),
)
QUESTIONS = 12  # of each registry


def _add_figures(by_agency: dict[int | None, Figures]) -> Figures:
    return sum(by_agency.values(), Figures())


@dataclass(frozen=True)
class _Names:
    """The ids of what a random registry holds."""

    plans: Sequence[int]
    sections: Sequence[int]
    agencies: Sequence[int]
    collectives: Sequence[int]


async def _load_names(session: AsyncSession) -> _Names:
    agencies = list(await session.exec(select(Agency).order_by(col(Agency.id))))
    return _Names(
        list(await session.exec(select(Plan.id))),
        list(await session.exec(select(Section.id))),
        [agency.id for agency in agencies if not agency.collective],
        [agency.id for agency in agencies if agency.collective],
    )


def _draw_query(chance: random.Random, names: _Names) -> TaskQuery:
    """A query with some of the filters that a question may have."""
    values: dict[str, Any] = {"plans": tuple(chance.sample(names.plans, chance.randint(0, 1)))}
    if chance.random() < 0.5:
        values |= {
            "agencies": (chance.choice(names.agencies),),
            "collectives": chance.choice([(), tuple(names.collectives)]),
            "role": chance.choice([*Role, "any"]),
            "own_only": chance.random() < 0.3,
        }
    first = TODAY + timedelta(days=chance.randint(-60, 30))
    days = [DayRange(first, first + timedelta(days=30)), DayRange(first, first, single=True)]
    filters: dict[str, list[Any]] = {
        "sections": [(number,) for number in names.sections],
        "numeral": ["I", "II"],
        "code": ["1", "1.2", "I.1"],
        "words": [("ra soat",), ("duong day",), ("gach",)],
        "kind": ["date"],
        "due": [*days, DayRange(first), DayRange(last=first)],
        "status": [*STATES],
    }
    for name, choices in filters.items():
        if chance.random() < 0.25:
            values[name] = chance.choice(choices)
    if values.get("status") == "done" and chance.random() < 0.5:
        values["done_in"] = DayRange(TODAY - timedelta(days=40), TODAY)
    return TaskQuery(TODAY, **values)


@pytest.mark.long
@pytest.mark.parametrize("seed", range(5))
async def test_all_outputs_count_the_same_assignments(sqlite: Database, seed: int) -> None:
    chance = random.Random(f"scope-{seed}")
    async with sqlite.write() as session:
        await fill_at_random(session, seed, TODAY)
    async with sqlite.read() as session:
        names = await _load_names(session)
        for _ in range(QUESTIONS):
            query = _draw_query(chance, names)
            await _compare_outputs(session, query)


async def _compare_outputs(session: AsyncSession, query: TaskQuery) -> None:
    rows = [row async for row in stream_status_rows(session, query)]
    listed = Figures()
    for row in rows:
        row.add_to(listed)
    by_agency = await count_agency_figures(session, query)
    counted = _add_figures({agency: figures.total for agency, figures in by_agency.items()})
    assert replace(counted, unread=0) == listed, query
    by_day = await count_figures_by_day(session, query)
    dated = Counter(row.last_day for row in rows if row.status != Status.SUSPENDED)
    assert {day: figures.dated_total for day, figures in by_day.items()} == {
        day: count for day, count in dated.items() if day is not None
    }, query
    events = await load_calendar_rows(session, query, 10_000)
    assert {event.assignment_id for event in events if not event.is_withdrawn} == {
        row.assignment_id for row in rows if row.last_day is not None
    }, query
    whole = replace(query, status=None, done_in=None)
    by_agency = await count_agency_figures(session, whole)
    counted = _add_figures({agency: figures.total for agency, figures in by_agency.items()})
    states = (await load_past_states(session, whole, [TODAY], at(TODAY, 23)))[TODAY]
    waiting = await find_waiting_extensions(session, TODAY, at(TODAY, 23))
    past = count_past_figures(states, TODAY, waiting)
    told = _add_figures({agency: figures.total for agency, figures in past.items()})
    assert told == replace(counted, unread=0), query


async def test_work_of_nobody_has_a_row_too(sqlite: Database) -> None:
    async with sqlite.write() as session:
        filling = Filling(session, TODAY)
        await filling.task("I.1", [None], TODAY)
        await filling.task("I.2", [await filling.agency("Sở Tư pháp")], TODAY)
    async with sqlite.read() as session:
        rows = [row async for row in stream_status_rows(session, TaskQuery(TODAY))]
    assert [(row.key, row.agency) for row in rows] == [("I.1", None), ("I.2", "Sở Tư pháp")]


async def test_a_calendar_keeps_what_is_past_for_400_days(sqlite: Database) -> None:
    async with sqlite.write() as session:
        filling = Filling(session, TODAY)
        agency = await filling.agency("Sở Tư pháp")
        for past in (401, 400, 0):
            await filling.task(f"I.{past}", [agency], TODAY - timedelta(days=past))
    async with sqlite.read() as session:
        rows = await load_calendar_rows(session, TaskQuery(TODAY), 10)
    assert [row.key for row in rows] == ["I.0", "I.400"]


async def test_rows_without_a_day_stand_last_of_their_task(database: Database) -> None:
    async with database.write() as session:
        filling = Filling(session, TODAY)
        agency = await filling.agency("Sở Tư pháp")
        made = await filling.task("I.1", [agency], TODAY, TODAY, TODAY)
        made[0].last_day = None
        session.add(made[0])
    async with database.read() as session:
        rows = [row async for row in stream_status_rows(session, TaskQuery(TODAY))]
    assert [row.last_day for row in rows] == [TODAY, TODAY, None]


async def test_the_worst_come_first_where_that_is_asked_for(sqlite: Database) -> None:
    async with sqlite.write() as session:
        filling = Filling(session, TODAY)
        agency = await filling.agency("Sở Tư pháp")
        for position, days in enumerate((9, -2, -5), 1):
            (one,) = await filling.task(f"I.{position}", [agency], TODAY + timedelta(days=days))
            (await session.get_one(Task, one.task_id)).position = position
    async with sqlite.read() as session:
        query = TaskQuery(TODAY)
        in_plan = [row.key async for row in stream_status_rows(session, query)]
        worst = [row.key async for row in stream_status_rows(session, query, worst_first=True)]
    assert in_plan == ["I.1", "I.2", "I.3"]
    assert worst == ["I.3", "I.2", "I.1"]


async def test_a_printed_day_counts_only_where_a_single_day_is_named(
    sqlite: Database,
) -> None:
    async with sqlite.write() as session:
        filling = Filling(session, TODAY)
        (one,) = await filling.task("I.1", [await filling.agency("Sở Tư pháp")], TODAY)
        printed = TODAY + timedelta(days=1)
        (await session.get_one(Deadline, one.deadline_id)).printed_day = printed
    async with sqlite.read() as session:
        for due, count in ((DayRange(printed, printed), 0), (DayRange(printed, printed, True), 1)):
            query = TaskQuery(TODAY, due=due)
            assert len([row async for row in stream_status_rows(session, query)]) == count


async def _list_keys(session: AsyncSession, query: TaskQuery) -> list[str]:
    return sorted([row.key async for row in stream_status_rows(session, query)])


async def _count_dated(session: AsyncSession, query: TaskQuery) -> int:
    by_agency = await count_agency_figures(session, query)
    return sum(figures.total.dated_total for figures in by_agency.values())


async def test_done_is_the_work_of_tasks_done_as_a_whole_unless_days_are_named(
    sqlite: Database,
) -> None:
    async with sqlite.write() as session:
        filling = Filling(session, TODAY)
        agencies = [await filling.agency("Sở Tư pháp"), await filling.agency("Sở Y tế")]
        half = await filling.task("half", agencies, TODAY)
        whole = await filling.task("whole", agencies, TODAY)
        for one in (half[0], *whole):
            one.status, one.done_on = Status.DONE, TODAY
        plan_id = half[0].plan_id
    day = DayRange(TODAY, TODAY)
    done, every = ["whole"] * 2, ["half", "whole", "whole"]
    async with sqlite.read() as session:
        for values, keys in (
            ({}, done),
            ({"plans": (plan_id,)}, done),
            ({"due": day}, every),
            ({"done_in": day}, every),
            ({"due": day, "done_in": day}, every),
            ({"code": "whole"}, done),
        ):
            query = TaskQuery(TODAY, status="done", **values)
            assert await _list_keys(session, query) == keys, values
            assert await _count_dated(session, query) == len(keys), values


async def test_work_of_the_plans_asked_about_counts_unless_its_task_was_cancelled(
    sqlite: Database,
) -> None:
    async with sqlite.write() as session:
        filling = Filling(session, TODAY)
        agency = await filling.agency("Sở Tư pháp")
        for plan_number in range(2):
            plan = await filling.plan(f"{plan_number}/KH-UBND")
            for name in ("a", "b", "cancelled", "outside"):
                (one,) = await filling.task(f"{plan_number}.{name}", [agency], TODAY, title=name)
                task = await session.get_one(Task, one.task_id)
                task.state = "cancelled" if name == "cancelled" else "unfinished"
                task.cancelled_on = TODAY if name == "cancelled" else None
                task.outside = name == "outside"
    plans, whole = (plan.id,), {"agencies": (agency.id,)}
    async with sqlite.read() as session:
        for values, keys in (
            ({}, ["0.a", "0.b", "1.a", "1.b"]),
            ({"plans": plans}, ["1.a", "1.b"]),
            ({"plans": plans, **whole}, ["1.a", "1.b"]),
            ({"plans": plans, "code": "1.a"}, ["1.a"]),
            ({"plans": plans, "words": ("b",)}, ["1.b"]),
            ({"code": "0.cancelled"}, []),
            ({"cancelled": True}, ["0.a", "0.b", "1.a", "1.b"]),
        ):
            query = TaskQuery(TODAY, **values)
            assert await _list_keys(session, query) == keys, values
            assert await _count_dated(session, query) == len(keys), values


async def test_a_calendar_of_a_subject_tells_of_the_cancelled_tasks_of_that_subject(
    sqlite: Database,
) -> None:
    async with sqlite.write() as session:
        filling = Filling(session, TODAY)
        agency = await filling.agency("Sở Tư pháp")
        for key, title in (("I.1", "Rà soát"), ("I.2", "Rà soát"), ("I.3", "Cấp phép")):
            for state in ("unfinished", "cancelled"):
                (one,) = await filling.task(f"{key} {state}", [agency], TODAY, title=title)
                task = await session.get_one(Task, one.task_id)
                task.state, task.code = state, key
                task.cancelled_on = TODAY if state == "cancelled" else None
    async with sqlite.read() as session:
        for values, keys in (
            ({"words": ("cap phep",)}, ["I.3"]),
            ({"code": "I.1"}, ["I.1"]),
            ({"words": ("cap phep",), "status": "due_soon"}, ["I.3"]),
            ({}, ["I.1", "I.2", "I.3"]),
        ):
            rows = await load_calendar_rows(session, TaskQuery(TODAY, **values), 9)
            for withdrawn, state in ((False, "unfinished"), (True, "cancelled")):
                found = sorted(row.key for row in rows if row.is_withdrawn is withdrawn)
                assert found == [f"{key} {state}" for key in keys], values


async def test_work_of_partners_is_that_of_the_tasks_they_take_part_in(sqlite: Database) -> None:
    async with sqlite.write() as session:
        filling = Filling(session, TODAY)
        lead, partner = await filling.agency("Sở Tư pháp"), await filling.agency("Sở Y tế")
        for key, agencies, parties in (
            ("own", [partner], [(partner, Role.LEAD)]),
            ("part", [lead, partner], [(lead, Role.LEAD), (partner, Role.PARTNER)]),
            ("both", [lead, partner], [(lead, Role.LEAD), (partner, Role.LEAD)]),
            ("other", [lead], [(lead, Role.LEAD)]),
        ):
            (one, *_) = await filling.task(key, agencies, TODAY)
            session.add_all(
                TaskAgency(task_id=one.task_id, agency_id=party.id, role=role, position=place)
                for place, (party, role) in enumerate(parties)
            )
        ids = (partner.id,)
    async with sqlite.read() as session:
        for role, own_only, keys in (
            (Role.LEAD, False, ["both", "own", "part"]),
            (Role.PARTNER, False, ["part", "part"]),
            (Role.PARTNER, True, ["part", "part"]),
            ("any", False, ["both", "both", "own", "part", "part"]),
            ("any", True, ["both", "own", "part", "part"]),
        ):
            query = TaskQuery(TODAY, agencies=ids, role=role, own_only=own_only)
            assert await _list_keys(session, query) == keys, (role, own_only)
            assert await _count_dated(session, query) == len(keys)


async def test_tasks_with_work_of_an_agency_are_counted_once_each(sqlite: Database) -> None:
    async with sqlite.write() as session:
        filling = Filling(session, TODAY)
        one, two = await filling.agency("Sở Tư pháp"), await filling.agency("Sở Y tế")
        tasks = []
        for key, agencies, state in (
            ("I.1", [one], "cancelled"),
            ("I.2", [one], "unfinished"),
            ("I.3", [one, two], "done"),
            ("I.4", [two], "unfinished"),
            ("I.5", [one], "unfinished"),
            ("I.6", [one], "cancelled"),
        ):
            made = await filling.task(key, agencies, TODAY, TODAY)
            tasks.append(made[0].task_id)
            (await session.get_one(Task, made[0].task_id)).state = state
            for assignment in made:
                assignment.ended_on = TODAY if key == "I.5" else None
        agency_id = one.id
    async with sqlite.read() as session:
        query = TaskQuery(TODAY, agencies=(agency_id,), numeral="I")
        assert await count_tasks_with_work(session, query, tasks) == 2
        assert await count_tasks_with_work(session, query, tasks[2:]) == 1
        assert await count_tasks_with_work(session, TaskQuery(TODAY), tasks) == 3


async def test_figures_of_a_member_that_has_not_joined_are_what_the_others_owe(
    sqlite: Database,
) -> None:
    async with sqlite.write() as session:
        filling = Filling(session, TODAY)
        group = await filling.agency("Các sở", collective=True)
        joined, absent = await filling.agency("Sở A"), await filling.agency("Sở B")
        joined.enrolled_on = TODAY
        for member in (joined, absent):
            session.add(AgencyMember(collective_id=group.id, member_id=member.id))
        for key, status in (("open", Status.NEW), ("done", Status.DONE)):
            (one,) = await filling.task(key, [joined], TODAY)
            one.status, one.lead_id = status, group.id
            one.done_on = TODAY if status is Status.DONE else None
        ids, member_ids = (group.id,), (absent.id, joined.id)
    async with sqlite.read() as session:
        for state, wanted in (
            ("unfinished", (["open"], ["open"])),
            ("done", ([], ["done"])),
            (None, ([], ["done", "open"])),
        ):
            for member_id, keys in zip(member_ids, wanted, strict=True):
                query = TaskQuery(TODAY, (), (member_id,), ids, status=state)
                assert await _list_keys(session, query) == keys, (state, member_id)
        alone = TaskQuery(TODAY, (), member_ids[:1], ids, status="unfinished", own_only=True)
        assert await _list_keys(session, alone) == []
