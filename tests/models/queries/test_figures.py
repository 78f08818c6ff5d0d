"""Figures say of each assignment what it is: in time, late, done, or without a day."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from models.assignments import Assignment, Extension, Status
from models.milestones import Deadline, TaskMilestone
from models.queries.figures import (
    AgencyFigures,
    Figures,
    count_agency_figures,
    count_figures,
    count_figures_by_day,
    find_printed_days,
    rank_agencies,
)
from models.queries.history import count_past_figures, load_past_states
from models.queries.status_rows import stream_status_rows
from models.queries.task_query import DayRange, TaskQuery
from models.storage.database import Database
from tests.support.fakes import Filling, at, fill

TODAY, DAY = date(2026, 11, 20), timedelta(days=1)
YESTERDAY, TOMORROW = TODAY - DAY, TODAY + DAY


def test_the_share_done_is_rounded_down_and_of_nothing_it_is_0() -> None:
    some = Figures(3, 3, 3, 1, undated=9)
    assert (some.percent_done, some.done_total, some.dated_total) == (60, 6, 10)
    assert Figures(done_in_time=1, done_late=1, open_late=1).percent_done == 66
    assert Figures(done_in_time=7).percent_done == 100
    undated = Figures(undated=3, undated_done=3)
    assert (undated.percent_done, undated.undated_total, undated.dated_total) == (0, 6, 0)


@pytest.mark.parametrize(
    ("status", "last_day", "done_on", "name"),
    [
        (Status.DONE, TODAY, TODAY, "done_in_time"),
        (Status.DONE, TODAY, YESTERDAY, "done_in_time"),
        (Status.DONE, YESTERDAY, TODAY, "done_late"),
        (Status.NEW, TODAY, None, "open_in_time"),
        (Status.NEW, TOMORROW, None, "open_in_time"),
        (Status.RETURNED, YESTERDAY, None, "open_late"),
        (Status.REPORTED, YESTERDAY, YESTERDAY, "open_in_time"),
        (Status.IN_PROGRESS, None, None, "undated"),
        (Status.REPORTED, None, TODAY, "undated"),
        (Status.DONE, None, TODAY, "undated_done"),
    ],
)
async def test_an_assignment_is_of_one_class_wherever_it_is_counted(
    sqlite: Database, status: Status, last_day: date | None, done_on: date | None, name: str
) -> None:
    async with fill(sqlite, date(2026, 11, 1)) as filling:
        (one,) = await filling.task("I.1", [await filling.agency("Sở Tư pháp")], TODAY)
        one.status, one.last_day, one.done_on = status, last_day, done_on
        agency_id = one.agency_id
    query = TaskQuery(TODAY)
    wanted = replace(Figures(reported=status == Status.REPORTED), **{name: 1})
    async with sqlite.read() as session:
        assert await count_figures(session, query) == {agency_id: wanted}
        by_day = await count_figures_by_day(session, query)
        (row,) = [row async for row in stream_status_rows(session, query)]
        states = (await load_past_states(session, query, [TODAY], at(TODAY, 20)))[TODAY]
    assert by_day == ({last_day: wanted} if last_day else {})
    assert row.work_class == name
    assert row.count_days_late(TODAY) == (1 if name in ("done_late", "open_late") else 0)
    row.add_to(added := Figures())
    assert added == wanted
    assert count_past_figures(states, TODAY) == {agency_id: AgencyFigures(own=wanted)}


@pytest.mark.parametrize("status", [Status.SUSPENDED, Status.CANCELLED])
async def test_what_is_suspended_or_cancelled_is_in_no_figure(
    sqlite: Database, status: Status
) -> None:
    async with fill(sqlite, TODAY) as filling:
        (one,) = await filling.task("I.1", [await filling.agency("Sở Tư pháp")], YESTERDAY)
        one.status = status
    async with sqlite.read() as session:
        assert await count_figures(session, TaskQuery(TODAY)) == {}
        rows = [row async for row in stream_status_rows(session, TaskQuery(TODAY))]
    added = Figures()
    for row in rows:
        assert (row.work_class, row.count_days_late(TODAY)) == ("suspended", 0)
        row.add_to(added)
    assert (len(rows), added) == (1 if status is Status.SUSPENDED else 0, Figures())


async def _ask_for_more_time(filling: Filling, one: Assignment, decision: str | None) -> None:
    filling.session.add(
        Extension(
            assignment_id=one.id,
            asked_at=at(TODAY),
            from_day=TODAY,
            wanted_day=TODAY + 9 * DAY,
            reason="thiếu số liệu",
            decision=decision,
        )
    )


async def test_more_time_is_asked_for_while_the_work_is_open_and_nobody_decided(
    sqlite: Database,
) -> None:
    async with fill(sqlite, TODAY) as filling:
        agencies = [await filling.agency(f"Sở {name}") for name in "ABCD"]
        made = await filling.task("I.1", agencies, TODAY)
        for one, decision in zip(made, (None, "refused", None), strict=False):
            await _ask_for_more_time(filling, one, decision)
        made[2].status, made[2].done_on = Status.REPORTED, TODAY
        ids = [agency.id for agency in agencies]
    async with sqlite.read() as session:
        found = await count_figures(session, TaskQuery(TODAY))
        rows = [row async for row in stream_status_rows(session, TaskQuery(TODAY))]
    assert [found[number].extension_asked for number in ids] == [1, 0, 0, 0]
    added = [Figures() for _ in rows]
    for row, figures in zip(rows, added, strict=True):
        row.add_to(figures)
    assert added == [found[number] for number in ids]


async def test_a_deadline_that_was_not_understood_is_counted_while_it_is_not_done(
    sqlite: Database,
) -> None:
    async with fill(sqlite, TODAY) as filling:
        agency = await filling.agency("Sở Tư pháp")
        for number, (kind, doubt) in enumerate(
            [
                ("regulation", None),
                ("regulation", "không rõ"),
                ("ongoing", "không rõ"),
                ("regulation", None),
            ]
        ):
            for status in (Status.NEW, Status.DONE):
                (one,) = await filling.task(f"{status}.{number}", [agency], TODAY, kind=kind)
                one.status, one.last_day = status, None
                deadline = await filling.session.get_one(Deadline, one.deadline_id)
                deadline.last_day = None
                milestone = await filling.session.get_one(TaskMilestone, deadline.milestone_id)
                milestone.doubt = doubt
        number = agency.id
    async with sqlite.read() as session:
        found = await count_figures(session, TaskQuery(TODAY))
    assert found == {number: Figures(undated=4, undated_done=4, unread=1)}


async def test_what_comes_through_a_collective_and_what_nobody_has_is_told_apart(
    database: Database,
) -> None:
    async with fill(database, TODAY) as filling:
        group = await filling.agency("Các sở", collective=True)
        agency = await filling.agency("Sở Tư pháp")
        await filling.task("I.1", [None], TODAY)
        await filling.task("I.2", [group], TODAY)
        await filling.task("I.3", [agency], TODAY)
        (one,) = await filling.task("I.4", [agency], YESTERDAY)
        one.lead_id = group.id
        ids = (None, group.id, agency.id)
    async with database.read() as session:
        found = await count_agency_figures(session, TaskQuery(TODAY))
        rows = [row async for row in stream_status_rows(session, TaskQuery(TODAY))]
        states = (await load_past_states(session, TaskQuery(TODAY), [TODAY], at(TODAY, 20)))[TODAY]
    open_one, late = Figures(open_in_time=1), Figures(open_late=1)
    wanted = [
        AgencyFigures(own=open_one),
        AgencyFigures(shared=open_one),
        AgencyFigures(own=open_one, shared=late),
    ]
    assert [found[number] for number in ids] == wanted
    assert found[ids[2]].total == Figures(open_in_time=1, open_late=1)
    assert [count_past_figures(states, TODAY)[number] for number in ids] == wanted
    assert sorted((row.key, row.is_shared, row.collective) for row in rows) == [
        ("I.1", False, None),
        ("I.2", True, None),
        ("I.3", False, None),
        ("I.4", True, "Các sở"),
    ]


def test_the_worst_agency_comes_first_and_who_has_only_shared_work_last() -> None:
    done, late = Figures(done_in_time=1), Figures(open_late=5)
    by_agency: dict[int | None, AgencyFigures] = {
        6: AgencyFigures(own=Figures(undated=4), shared=late),
        5: AgencyFigures(own=done),
        4: AgencyFigures(own=Figures(done_in_time=2, open_in_time=1)),
        3: AgencyFigures(own=Figures(done_in_time=9, open_late=1)),
        2: AgencyFigures(own=Figures(done_late=1, open_in_time=2)),
        1: AgencyFigures(own=Figures(open_late=2, done_in_time=8)),
    }
    assert [number for number, _ in rank_agencies(by_agency, {})] == [1, 3, 2, 4, 5, 6]


def test_agencies_that_stand_alike_come_by_their_names_behind_work_of_nobody() -> None:
    alike = dict.fromkeys((1, 2, None), AgencyFigures(own=Figures(open_in_time=1)))
    ranked = rank_agencies(alike, {1: "Sở Y tế", 2: "Sở Nội vụ"})
    assert [number for number, _ in ranked] == [None, 2, 1]


FIRST, LAST = date(2026, 12, 1), date(2026, 12, 31)


async def test_a_day_printed_in_the_window_is_told_if_the_deadline_ends_before_it(
    database: Database,
) -> None:
    async with fill(database, TODAY) as filling:
        one, two = await filling.agency("Sở Tư pháp"), await filling.agency("Sở Y tế")
        for number, (printed, last_day, agencies) in enumerate(
            [
                (FIRST, FIRST - DAY, [one, two]),
                (FIRST, FIRST - DAY, [one]),
                (FIRST - DAY, FIRST - 2 * DAY, [one]),
                (FIRST + DAY, FIRST, [one]),
                (LAST, FIRST - 3 * DAY, [two]),
                (LAST + DAY, FIRST - DAY, [one]),
            ]
        ):
            title = "Rà soát" if number == 1 else "Triển khai"
            made = await filling.task(f"I.{number}", agencies, last_day, last_day, title=title)
            for deadline_id in {assignment.deadline_id for assignment in made}:
                deadline = await filling.session.get_one(Deadline, deadline_id)
                deadline.printed_day = printed
    async with database.read() as session:

        async def find(due: DayRange | None) -> list[tuple[date, date, int]]:
            return sorted(await find_printed_days(session, TaskQuery(TODAY, due=due)))

        assert await find(DayRange(FIRST, LAST)) == [
            (FIRST, FIRST - DAY, 2),
            (LAST, FIRST - 3 * DAY, 1),
        ]
        for due in (None, DayRange(FIRST), DayRange(last=LAST), DayRange(FIRST, LAST, True)):
            assert await find(due) == []
        named = TaskQuery(TODAY, due=DayRange(FIRST, LAST), words=("ra soat",))
        assert await find_printed_days(session, named) == [(FIRST, FIRST - DAY, 1)]
