"""Assignments: who is responsible, who enrols, and changes of one that leave the others alone."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

import pytest
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models import assignments
from models.agencies import Agency, AgencyMember
from models.assignments import (
    Assignment,
    Move,
    MoveRefused,
    Status,
    cancel_assignments,
    enrol_agency,
    find_enrolled_members,
    find_responsible_agencies,
    is_move_possible,
    make_move,
    refresh_tasks,
    restore_assignments,
    set_statuses,
    undo_move,
)
from models.audit import Audit
from models.plans import Task
from models.storage.database import Database
from tests.support.fakes import Filling, at, fill

TODAY = date(2026, 11, 20)
TOMORROW = TODAY + timedelta(days=1)
NOW = at(TODAY)


async def _read(database: Database) -> list[dict[str, Any]]:
    async with database.read() as session:
        rows = await session.exec(select(Assignment).order_by(col(Assignment.id)))
        return [row.model_dump() for row in rows]


async def _fill_three(database: Database) -> list[Assignment]:
    """Three tasks, each in a plan of its own, with one assignment."""
    async with fill(database, TODAY) as filling:
        made = []
        for number in (1, 2, 3):
            agency = await filling.agency(f"Sở {number}")
            plan = await filling.plan(f"{number}/KH-UBND")
            made += await filling.task("I.1", [agency], TODAY, plan=plan)
    return made


async def _read_states(session: AsyncSession) -> list[tuple[str, date | None]]:
    tasks = select(Task).order_by(col(Task.id)).execution_options(populate_existing=True)
    return [(task.state, task.next_day) for task in await session.exec(tasks)]


async def test_only_what_is_still_cancelled_is_taken_up_again(sqlite: Database) -> None:
    async with sqlite.write() as session:
        filling = Filling(session, TODAY)
        agencies = [await filling.agency(name) for name in ("Sở Tư pháp", "Sở Tài chính")]
        one, other = await filling.task("I.1", agencies, TODAY)
        await session.flush()
        before = await cancel_assignments(session, at(TODAY), task_id=one.task_id)
        await session.refresh(other)
        other.status = Status.DONE
        await session.flush()
        gone = str(max(map(int, before)) + 1)  # deleted since
        await restore_assignments(session, {**before, gone: Status.NEW}, at(TODAY))
    async with sqlite.read() as session:
        rows = [await session.get_one(Assignment, a.id) for a in (one, other)]
        assert await _read_states(session) == [("unfinished", TODAY)]
    assert [row.status for row in rows] == [before[str(one.id)], Status.DONE]
    assert [row.version for row in rows] == [2, 1]


async def _enrol(session: AsyncSession, *agencies: Agency) -> list[int]:
    return [await enrol_agency(session, agency, TODAY, NOW) for agency in agencies]


async def _gather(filling: Filling, *names: str) -> tuple[Agency, list[Agency]]:
    """A collective and its members of these names."""
    collective = await filling.agency(f"Các {'; '.join(names)}", collective=True)
    members = [await filling.agency(name) for name in names]
    for member in members:
        filling.session.add(AgencyMember(collective_id=collective.id, member_id=member.id))
    await filling.session.flush()
    return collective, members


async def test_a_collective_stands_for_its_enrolled_members(sqlite: Database) -> None:
    async with fill(sqlite, TODAY) as filling:
        session = filling.session
        groups = [await _gather(filling, f"Sở {n}A", f"Sở {n}B", f"Sở {n}C") for n in (1, 2, 3)]
        for _, (one, two, _) in groups:
            await _enrol(session, two, one)
        collective, (one, two, three) = groups[1]
        empty, (lonely,) = await _gather(filling, "Sở 4A")
        assert await find_enrolled_members(session, collective.id) == [one.id, two.id]
        assert await find_enrolled_members(session, empty.id) == []

        async def find(*leads: Agency) -> list[tuple[int | None, int | None]]:
            return await find_responsible_agencies(session, leads)

        group = collective.id
        assert await find(collective) == [(one.id, group), (two.id, group)]
        assert await find(two, collective) == [(two.id, two.id), (one.id, group)]
        assert await find(collective, two) == [(one.id, group), (two.id, two.id)]
        assert await find(three, three, collective) == [
            (three.id, three.id),
            (one.id, group),
            (two.id, group),
        ]
        assert await find(empty) == [(empty.id, empty.id)]
        assert await find(lonely) == [(lonely.id, lonely.id)]
        assert await find() == [(None, None)]


async def test_a_new_agency_stands_for_itself_until_it_is_said_otherwise(sqlite: Database) -> None:
    async with fill(sqlite, TODAY) as filling:
        agency = Agency(name="Sở Tư pháp", folded="so tu phap")
        filling.session.add(agency)
        (member,) = (await _gather(filling, "Sở Tài chính"))[1]
        filling.session.add(AgencyMember(collective_id=agency.id, member_id=member.id))
        await _enrol(filling.session, member)
        found = await find_responsible_agencies(filling.session, [agency])
    assert found == [(agency.id, agency.id)]


async def test_who_enrols_takes_over_the_work_of_the_collective_once(sqlite: Database) -> None:
    async with fill(sqlite, TODAY - timedelta(days=1)) as filling:
        session = filling.session
        below, (_, _) = await _gather(filling, "Sở 1A", "Sở 1B")
        collective, (one, two) = await _gather(filling, "Sở 2A", "Sở 2B")
        above, (_, _) = await _gather(filling, "Sở 3A", "Sở 3B")
        for number, lead in enumerate((below, collective, above)):
            await filling.task(f"{number}", [lead], TODAY, TOMORROW)
        (own, _) = await filling.task("own", [one, collective], TODAY)
        (finished,) = await filling.task("finished", [collective], TODAY)
        finished.status = Status.DONE
        session.add(finished)
        await session.flush()
        stranger = await filling.agency("Ban X")
        counts = await _enrol(session, one, one, two, stranger)
    assert counts == [2, 0, 3, 0]
    rows = await _read(sqlite)
    ended = [(row["lead_id"], row["task_id"]) for row in rows if row["ended_on"] == TODAY]
    assert len(ended) == 3
    assert {lead for lead, _ in ended} == {collective.id}
    made = [row for row in rows if row["made_on"] == TODAY]
    assert [row["agency_id"] for row in made] == 2 * [one.id] + 3 * [two.id]
    assert {row["lead_id"] for row in made} == {collective.id}
    assert finished.task_id not in {row["task_id"] for row in made}
    assert [row["last_day"] for row in made] == [TODAY, TOMORROW, TODAY, TOMORROW, TODAY]
    assert {(row["status"], row["version"]) for row in made} == {(Status.NEW, 0)}
    async with sqlite.read() as session:
        agencies = {a.id: a.enrolled_on for a in await session.exec(select(Agency))}
        states = await _read_states(session)
    enrolled = {agency for agency, day in agencies.items() if day == TODAY}
    assert enrolled == {one.id, two.id, stranger.id}
    assert states == 4 * [("unfinished", TODAY)] + [("done", None)]
    assert own.agency_id == one.id


async def test_every_task_of_a_long_list_is_brought_in_line(
    sqlite: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(assignments, "ROWS_PER_STATEMENT", 2)
    async with fill(sqlite, TODAY) as filling:
        session = filling.session
        made = [(await filling.task(str(n), [None], TODAY))[0] for n in range(5)]
        for one in made:
            one.last_day = TOMORROW
            session.add(one)
        await session.flush()
        await refresh_tasks(session, [one.task_id for one in made[:1]])
        assert [day for _, day in await _read_states(session)] == [TOMORROW] + 4 * [TODAY]
        await refresh_tasks(session, [one.task_id for one in made])
        assert [day for _, day in await _read_states(session)] == 5 * [TOMORROW]


async def test_a_move_changes_one_assignment_and_is_in_the_audit(sqlite: Database) -> None:
    _, one, _ = await _fill_three(sqlite)
    before = await _read(sqlite)
    async with sqlite.write() as session:
        assignment = await session.get_one(Assignment, one.id)
        row = await make_move(
            session, assignment, Move.FINISH, now=NOW, person_id=None, done_on=TODAY
        )
        assert (row.before, row.after) == (
            {"status": "new", "done_on": None},
            {"status": "done", "done_on": "2026-11-20"},
        )
        assert (row.action, row.subject, row.subject_id) == ("finish", "assignment", one.id)
        with pytest.raises(MoveRefused) as refusal:
            await make_move(session, assignment, Move.REPORT, now=NOW, person_id=None)
        assert refusal.value.status == Status.DONE
    after = await _read(sqlite)
    assert [a == b for a, b in zip(before, after, strict=True)] == [True, False, True]
    assert (after[1]["status"], after[1]["done_on"], after[1]["version"]) == ("done", TODAY, 1)
    async with sqlite.write() as session:
        assert [state for state, _ in await _read_states(session)] == [
            "unfinished",
            "done",
            "unfinished",
        ]
        assignment = await session.get_one(Assignment, one.id)
        was = {"status": "new", "done_on": None, "last_day": "2026-11-21", "note": None, "x": 1}
        await undo_move(session, assignment, was, now=NOW, person_id=None)
        actions = (await session.exec(select(Audit.action).order_by(col(Audit.id)))).all()
    assert actions == ["finish", "undo"]
    again = (await _read(sqlite))[1]
    assert (again["status"], again["done_on"], again["last_day"]) == ("new", None, TOMORROW)
    assert again["version"] == 2


async def test_who_has_read_an_earlier_version_changes_nothing(sqlite: Database) -> None:
    _, one, _ = await _fill_three(sqlite)
    async with sqlite.write() as session:
        row = await session.get_one(Assignment, one.id)
        await make_move(session, row, Move.RECEIVE, now=NOW, person_id=None)
    before = await _read(sqlite)
    async with sqlite.write() as session:
        session.add(one)  # as it was read before
        with pytest.raises(MoveRefused) as refusal:
            await make_move(session, one, Move.PROGRESS, now=NOW, person_id=None)
    assert refusal.value.status == Status.RECEIVED
    assert await _read(sqlite) == before


async def test_what_others_replaced_is_not_moved(sqlite: Database) -> None:
    _, one, _ = await _fill_three(sqlite)
    assert is_move_possible(one, Move.REPORT)
    assert not is_move_possible(one, Move.CONFIRM)
    one.ended_on = TODAY
    assert not is_move_possible(one, Move.REPORT)


@pytest.mark.parametrize("of", ["plan_id", "task_id"])
async def test_all_of_one_plan_or_task_are_changed_and_no_others(sqlite: Database, of: str) -> None:
    _, one, _ = await _fill_three(sqlite)
    before = await _read(sqlite)
    async with sqlite.write() as session:
        which = {of: getattr(one, of)}
        done = await set_statuses(session, NOW, [Status.NEW], Status.SUSPENDED, **which)
        assert done == {str(one.id): "new"}
        assert await cancel_assignments(session, NOW, **which) == {str(one.id): "suspended"}
        assert await cancel_assignments(session, NOW, **which) == {}
        assert [state for state, _ in await _read_states(session)] == [
            "unfinished",
            "cancelled",
            "unfinished",
        ]
    after = await _read(sqlite)
    assert [a == b for a, b in zip(before, after, strict=True)] == [True, False, True]
    assert (after[1]["status"], after[1]["version"]) == ("cancelled", 2)


@pytest.mark.parametrize("which", [{}, {"plan_id": 1, "task_id": 1}])
async def test_a_plan_or_a_task_must_be_named(sqlite: Database, which: dict[str, int]) -> None:
    async with sqlite.write() as session:
        with pytest.raises(ValueError, match="a plan or a task"):
            await cancel_assignments(session, NOW, **which)


@pytest.mark.parametrize(
    ("statuses", "state", "next_day"),
    [
        (["new", "done"], "unfinished", TODAY),
        (["done", "reported"], "unfinished", TOMORROW),
        (["done", "suspended"], "suspended", None),
        (["cancelled", "done"], "done", None),
        (["cancelled", "cancelled"], "cancelled", None),
    ],
)
async def test_a_task_stands_as_its_assignments_do(
    sqlite: Database, statuses: Sequence[str], state: str, next_day: date | None
) -> None:
    async with fill(sqlite, TODAY) as filling:
        session = filling.session
        made = await filling.task("I.1", [None], TODAY, TOMORROW)
        for one, status in zip(made, statuses, strict=True):
            one.status = status
            session.add(one)
        await session.flush()
        await refresh_tasks(session, [made[0].task_id])
        assert await _read_states(session) == [(state, next_day)]
