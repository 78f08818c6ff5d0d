"""Past days are what the registry said on them, whatever was done since."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from sqlmodel import select
from sqlmodel.ext.asyncio.session import AsyncSession

from models.agencies import AgencyMember
from models.assignments import (
    MOVES,
    Assignment,
    Extension,
    Move,
    Status,
    cancel_assignments,
    enrol_agency,
    is_move_possible,
    make_move,
    restore_assignments,
    undo_move,
)
from models.audit import record_change
from models.milestones import Deadline
from models.plans import Task, TaskState
from models.queries.figures import AgencyFigures, Figures, count_agency_figures
from models.queries.history import (
    Flow,
    PastState,
    count_flow,
    count_past_figures,
    find_waiting_extensions,
    load_past_states,
)
from models.queries.periods import Period, PeriodKind, find_period
from models.queries.status_rows import stream_status_rows
from models.queries.task_query import DayRange, TaskQuery
from models.queries.task_search import find_tasks
from models.storage.database import Database
from tests.support.fakes import Filling, at

BEGIN = date(2026, 9, 1)
DAYS = 90


async def _change_at_random(session: AsyncSession, chance: random.Random, now: datetime) -> None:
    """One change as people make it: a move, one taken back, a task cancelled or taken up again."""
    rows = list(await session.exec(select(Assignment).order_by(Assignment.id)))  # type: ignore[arg-type]
    one = chance.choice(rows)
    kind = chance.random()
    if kind < 0.07:
        before = await cancel_assignments(session, now, task_id=one.task_id)
        record_change(
            session, now, "cancel_task", "task", one.task_id, before={"assignments": before}
        )
        await session.flush()
        if chance.random() < 0.5:
            await restore_assignments(session, before, now + timedelta(hours=1))
            record_change(
                *(session, now + timedelta(hours=1), "undo_cancel", "task", one.task_id),
                after={"assignments": before},
            )
        return
    moves = [move for move in MOVES if is_move_possible(one, move) and move is not Move.CANCEL]
    if not moves:
        return
    move = chance.choice(moves)
    values: dict[str, date | None] = {}
    if move in (Move.REPORT, Move.FINISH):
        values["done_on"] = now.date()
    elif move is Move.RETURN:
        values["done_on"] = None
    elif move is Move.EXTEND and one.last_day is not None:
        values["last_day"] = one.last_day + timedelta(days=chance.randint(1, 30))
    row = await make_move(session, one, move, now=now, person_id=None, **values)
    if chance.random() < 0.15:
        await undo_move(
            session, one, row.before or {}, now=now + timedelta(minutes=5), person_id=None
        )


@pytest.mark.long
@pytest.mark.parametrize("seed", range(3))
async def test_a_past_day_is_what_was_said_on_it(sqlite: Database, seed: int) -> None:
    chance = random.Random(seed)
    said: dict[date, dict[int, str]] = {}
    waiting: dict[date, set[int]] = {}
    async with sqlite.write() as session:
        filling = Filling(session, BEGIN)
        agencies = [await filling.agency(name) for name in ("Sở A", "Sở B", "Sở C")]
        for place in range(6):
            days = [BEGIN + timedelta(days=chance.randint(5, 120)) for _ in range(2)]
            await filling.task(f"I.{place}", chance.sample(agencies, 2), *days)
        for number in range(DAYS):
            day = BEGIN + timedelta(days=number)
            for hour in (9, 14):
                await _change_at_random(session, chance, at(day, hour))
            await session.flush()
            rows = [row async for row in stream_status_rows(session, TaskQuery(day))]
            said[day] = {
                row.assignment_id: row.work_class for row in rows if row.status != Status.SUSPENDED
            }
            waiting[day] = {row.assignment_id for row in rows if row.status == Status.REPORTED}
    end = BEGIN + timedelta(days=DAYS - 1)
    async with sqlite.read() as session:
        states = await load_past_states(session, TaskQuery(end), said, at(end, 23))
    for day, classes in said.items():
        # What waited for confirmation and was confirmed since counts as done: nothing else differs.
        since = {s.assignment_id for s in states[day] if s.status == Status.DONE} & waiting[day]
        found = {s.assignment_id: s.find_class(day) for s in states[day]}
        assert found.keys() == classes.keys(), day
        assert {number: found[number] for number in found.keys() - since} == {
            number: classes[number] for number in classes.keys() - since
        }, day


async def test_a_report_counts_from_the_day_it_came_in_once_it_is_confirmed(
    sqlite: Database,
) -> None:
    november, december = date(2026, 11, 28), date(2026, 12, 2)
    async with sqlite.write() as session:
        filling = Filling(session, date(2026, 11, 1))
        agency = await filling.agency("Sở A")
        (one,) = await filling.task("I.1", [agency], date(2026, 11, 30))
        (two,) = await filling.task("I.2", [agency], date(2026, 11, 30))
        for assignment in (one, two):
            await make_move(
                session, assignment, Move.REPORT, now=at(november), person_id=None, done_on=november
            )
        await make_move(session, one, Move.CONFIRM, now=at(december), person_id=None)
        await make_move(session, two, Move.RETURN, now=at(december), person_id=None, done_on=None)
    async with sqlite.read() as session:
        end = date(2026, 11, 30)
        states = (await load_past_states(session, TaskQuery(december), [end], at(december, 20)))[
            end
        ]
    figures = sum((f.total for f in count_past_figures(states, end).values()), Figures())
    assert (figures.done_in_time, figures.open_in_time, figures.reported) == (1, 1, 1)
    flow = count_flow(states, find_period(PeriodKind.MONTH, end), end)
    assert (flow.done, flow.came_due, flow.became_late) == (1, 2, 0)


async def test_a_report_counts_from_its_day_even_if_it_was_written_down_later(
    sqlite: Database,
) -> None:
    reported, written = date(2026, 11, 10), date(2026, 11, 12)
    async with sqlite.write() as session:
        filling = Filling(session, date(2026, 11, 1))
        (one,) = await filling.task("I.1", [await filling.agency("Sở A")], date(2026, 11, 11))
        await make_move(
            session, one, Move.REPORT, now=at(written), person_id=None, done_on=reported
        )
        await make_move(session, one, Move.CONFIRM, now=at(written, 9), person_id=None)
    async with sqlite.read() as session:
        days = [date(2026, 11, number) for number in (9, 10, 11, 12)]
        states = await load_past_states(session, TaskQuery(written), days, at(written, 20))
    assert [states[day][0].done_on for day in days] == [None, reported, reported, reported]
    assert [states[day][0].reported_on for day in days] == [None] * 4


async def test_a_report_whose_task_was_cancelled_waited_until_then(sqlite: Database) -> None:
    reported, cancelled = date(2026, 11, 10), date(2026, 11, 12)
    async with sqlite.write() as session:
        filling = Filling(session, date(2026, 11, 1))
        (one,) = await filling.task("I.1", [await filling.agency("Sở A")], reported)
        await make_move(
            session, one, Move.REPORT, now=at(reported), person_id=None, done_on=reported
        )
        before = await cancel_assignments(session, at(cancelled), task_id=one.task_id)
        record_change(
            *(session, at(cancelled), "cancel_task", "task", one.task_id),
            before={"assignments": before},
        )
    async with sqlite.read() as session:
        days = [reported, cancelled]
        states = await load_past_states(session, TaskQuery(cancelled), days, at(cancelled, 20))
    (waiting,) = states[reported]
    assert (waiting.status, waiting.done_on, waiting.reported_on) == (
        Status.REPORTED,
        None,
        reported,
    )
    assert states[cancelled] == []


async def test_what_is_done_or_moved_later_does_not_change_the_past(sqlite: Database) -> None:
    async with sqlite.write() as session:
        filling = Filling(session, date(2026, 10, 1))
        agency = await filling.agency("Sở A")
        (late,) = await filling.task("I.1", [agency], date(2026, 10, 20))
        (moved,) = await filling.task("I.2", [agency], date(2026, 10, 25))
        now = at(date(2026, 11, 10))
        await make_move(
            session, late, Move.FINISH, now=now, person_id=None, done_on=date(2026, 11, 10)
        )
        await make_move(
            session, moved, Move.EXTEND, now=now, person_id=None, last_day=date(2026, 12, 31)
        )
    october, november = date(2026, 10, 31), date(2026, 11, 20)
    async with sqlite.read() as session:
        states = await load_past_states(
            session, TaskQuery(november), [october, november], at(november)
        )
    past = sum((f.total for f in count_past_figures(states[october], october).values()), Figures())
    now_ = sum(
        (f.total for f in count_past_figures(states[november], november).values()), Figures()
    )
    assert (past.open_late, past.done_late) == (2, 0)
    assert (now_.open_late, now_.done_late, now_.open_in_time) == (0, 1, 1)
    flow = count_flow(states[october], find_period(PeriodKind.MONTH, october), october)
    assert (flow.done, flow.came_due, flow.became_late) == (0, 2, 2)


async def test_what_an_import_said_is_done_was_new_before_its_day(sqlite: Database) -> None:
    october, november = date(2026, 10, 31), date(2026, 11, 20)
    async with sqlite.write() as session:
        filling = Filling(session, date(2026, 10, 1))
        (one,) = await filling.task("I.1", [await filling.agency("Sở A")], november)
        one.status, one.done_on = Status.DONE, date(2026, 11, 10)
    async with sqlite.read() as session:
        days = [october, november]
        states = await load_past_states(session, TaskQuery(november), days, at(november))
    assert [[(state.status, state.done_on) for state in states[day]] for day in days] == [
        [(Status.NEW, None)],
        [(Status.DONE, date(2026, 11, 10))],
    ]


async def test_work_given_later_did_not_exist_before(sqlite: Database) -> None:
    async with sqlite.write() as session:
        filling = Filling(session, date(2026, 10, 1))
        agency = await filling.agency("Sở A")
        await filling.task("I.1", [agency], date(2026, 12, 20))
        await filling.task("BS.1", [agency], date(2026, 12, 20), made_on=date(2026, 11, 5))
    async with sqlite.read() as session:
        days = [date(2026, 9, 30), date(2026, 10, 31), date(2026, 11, 10)]
        states = await load_past_states(session, TaskQuery(days[2]), days, at(date(2026, 11, 10)))
    assert [len(states[day]) for day in days] == [1, 1, 2]
    assert [state.is_shared for state in states[days[2]]] == [False, False]


async def test_a_plan_has_no_work_before_its_day_and_its_years(sqlite: Database) -> None:
    async with sqlite.write() as session:
        filling = Filling(session, date(2026, 10, 1))
        plan = await filling.plan()
        plan.issued_on, plan.first_year = date(2026, 2, 10), 2026
        await filling.task("I.1", [await filling.agency("Sở A")], date(2026, 12, 20))
    async with sqlite.read() as session:
        days = [date(2025, 12, 31), date(2026, 1, 1), date(2026, 9, 30)]
        states = await load_past_states(session, TaskQuery(days[2]), days, at(date(2026, 11, 10)))
    assert [len(states[day]) for day in days] == [0, 1, 1]


async def test_an_agency_that_joins_on_the_day_of_its_plan_counts_once(sqlite: Database) -> None:
    begin = date(2026, 11, 1)
    async with sqlite.write() as session:
        filling = Filling(session, begin)
        group = await filling.agency("Các sở", collective=True)
        one = await filling.agency("Sở A")
        session.add(AgencyMember(collective_id=group.id, member_id=one.id))
        await filling.task("I.1", [group], date(2026, 12, 20))
        await enrol_agency(session, one, begin, at(begin))
    async with sqlite.read() as session:
        days = [date(2026, 10, 31), date(2026, 11, 10)]
        states = await load_past_states(session, TaskQuery(days[1]), days, at(days[1]))
    assert [[state.is_shared for state in states[day]] for day in days] == [[True], [True]]


async def test_what_waits_for_confirmation_is_not_overdue(sqlite: Database) -> None:
    day = date(2026, 11, 20)
    async with sqlite.write() as session:
        filling = Filling(session, date(2026, 11, 1))
        agency = await filling.agency("Sở A")
        (one,) = await filling.task("I.1", [agency], date(2026, 11, 10))
        (_,) = await filling.task("I.2", [agency], date(2026, 11, 10))
        said = date(2026, 11, 9)
        await make_move(session, one, Move.REPORT, now=at(said), person_id=None, done_on=said)
    query, period = TaskQuery(day), find_period(PeriodKind.MONTH, day)
    async with sqlite.read() as session:
        figures = (await count_agency_figures(session, query))[agency.id].total
        listed = await find_tasks(session, replace(query, status="overdue"))
        states = (await load_past_states(session, query, [day], at(day, 20)))[day]
    past = count_past_figures(states, day)[agency.id].total
    assert (figures.open_late, figures.open_in_time, figures.reported) == (1, 1, 1)
    assert (past.open_late, past.open_in_time, past.reported) == (1, 1, 1)
    assert len(listed.all_ids) == figures.open_late
    assert count_flow(states, period, day).became_late == 1


FIRST, LAST, DAY = date(2026, 11, 1), date(2026, 11, 20), timedelta(days=1)
NOVEMBER = Period(PeriodKind.MONTH, FIRST)


def _make_state(
    last_day: date | None,
    status: Status = Status.NEW,
    done_on: date | None = None,
    reported_on: date | None = None,
    *,
    shared: bool = False,
) -> PastState:
    return PastState(1, 7, shared, status, last_day, done_on, reported_on)


@pytest.mark.parametrize(
    ("state", "flow"),
    [
        (_make_state(FIRST), Flow(came_due=1, became_late=1)),
        (_make_state(FIRST - DAY), Flow(became_late=1)),
        (_make_state(FIRST - 2 * DAY), Flow()),
        (_make_state(LAST - DAY), Flow(came_due=1, became_late=1)),
        (_make_state(LAST), Flow(came_due=1)),
        (_make_state(LAST + DAY), Flow()),
        (_make_state(None), Flow()),
        (_make_state(None, Status.DONE, FIRST), Flow(done=1)),
        (_make_state(None, Status.DONE, FIRST - DAY), Flow()),
        (_make_state(None, Status.DONE, LAST), Flow(done=1)),
        (_make_state(None, Status.DONE, LAST + DAY), Flow()),
        (_make_state(FIRST, Status.DONE, FIRST), Flow(1, 1)),
        (_make_state(FIRST, Status.DONE, FIRST + DAY), Flow(1, 1, 1)),
        (_make_state(FIRST, Status.REPORTED, None, FIRST), Flow(came_due=1)),
        (_make_state(FIRST, Status.REPORTED, None, FIRST + DAY), Flow(0, 1, 1)),
    ],
)
def test_what_happened_in_a_period_happened_on_its_days(state: PastState, flow: Flow) -> None:
    assert count_flow([state], NOVEMBER, LAST) == flow
    assert count_flow([state, state], NOVEMBER, LAST) == Flow(*(2 * n for n in vars(flow).values()))


@pytest.mark.parametrize(
    ("status", "last_day", "due"),
    [
        (Status.NEW, FIRST, True),
        (Status.RETURNED, LAST, True),
        (Status.NEW, FIRST - DAY, False),
        (Status.NEW, LAST + DAY, False),
        (Status.NEW, None, False),
        (Status.REPORTED, FIRST, False),
        (Status.DONE, FIRST, False),
    ],
)
def test_what_comes_due_is_open_and_ends_in_the_days(
    status: Status, last_day: date | None, due: bool
) -> None:
    assert _make_state(last_day, status).is_due(FIRST, LAST) is due


def test_past_figures_tell_work_of_collectives_apart_and_count_what_waits() -> None:
    states = [
        _make_state(LAST, Status.REPORTED),
        _make_state(LAST - DAY, shared=True),
        _make_state(LAST, shared=True),
        replace(_make_state(None, Status.REPORTED), assignment_id=2, agency_id=None),
        replace(_make_state(None, Status.RETURNED), assignment_id=3, agency_id=None),
    ]
    assert count_past_figures(states, LAST, {1, 2}) == {
        7: AgencyFigures(
            own=Figures(open_in_time=1, reported=1),
            shared=Figures(open_late=1, open_in_time=1, extension_asked=2),
        ),
        None: AgencyFigures(own=Figures(undated=2, reported=1)),
    }
    assert count_past_figures(states[1:2], LAST)[7].shared.extension_asked == 0


async def _find_statuses(database: Database, day: date, now: datetime) -> list[str]:
    async with database.read() as session:
        states = (await load_past_states(session, TaskQuery(now.date()), [day], now))[day]
    return [state.status for state in states]


async def test_a_day_ends_at_midnight(sqlite: Database) -> None:
    async with sqlite.write() as session:
        filling = Filling(session, FIRST)
        (one,) = await filling.task("I.1", [await filling.agency("Sở A")], LAST)
        await make_move(session, one, Move.RECEIVE, now=at(FIRST + DAY, 0, 0), person_id=None)
        await make_move(session, one, Move.PROGRESS, now=at(FIRST + DAY, 23, 59), person_id=None)
    now = at(LAST)
    assert await _find_statuses(sqlite, FIRST, now) == [Status.NEW]
    assert await _find_statuses(sqlite, FIRST + DAY, now) == [Status.IN_PROGRESS]


async def test_of_changes_at_one_moment_the_last_one_is_undone_first(sqlite: Database) -> None:
    async with sqlite.write() as session:
        filling = Filling(session, FIRST)
        (one,) = await filling.task("I.1", [await filling.agency("Sở A")], LAST)
        for move in (Move.RECEIVE, Move.PROGRESS, Move.SUSPEND, Move.RESUME):
            await make_move(session, one, move, now=at(LAST), person_id=None)
        record_change(session, at(LAST), "urge", "assignment", one.id)
    assert await _find_statuses(sqlite, FIRST, at(LAST)) == [Status.NEW]


async def test_work_exists_from_the_day_it_was_made_to_the_day_before_it_ended(
    sqlite: Database,
) -> None:
    async with sqlite.write() as session:
        filling = Filling(session, FIRST)
        agency = await filling.agency("Sở A")
        await filling.task("I.1", [agency], LAST, made_on=FIRST - 9 * DAY)
        (one,) = await filling.task("I.2", [agency], LAST, made_on=FIRST)
        (two,) = await filling.task("I.3", [agency], LAST, made_on=FIRST)
        one.ended_on = FIRST + 3 * DAY
        task = await session.get_one(Task, two.task_id)
        task.state, task.cancelled_on = TaskState.CANCELLED, FIRST + 2 * DAY
        await filling.plan("11/KH-UBND", issued_on=FIRST + DAY)
        await filling.task("I.4", [agency], LAST, made_on=FIRST + 2 * DAY)
    days = [FIRST + number * DAY for number in range(-1, 4)]
    async with sqlite.read() as session:
        states = await load_past_states(session, TaskQuery(LAST), days, at(LAST))
    assert [len(states[day]) for day in days] == [1, 3, 4, 3, 2]


@pytest.mark.parametrize(
    ("issued_on", "first_year", "begin"),
    [
        (date(2025, 12, 20), 2026, date(2025, 12, 20)),
        (date(2026, 2, 10), 2026, date(2026, 1, 1)),
        (date(2026, 2, 10), None, date(2026, 2, 10)),
        (None, 2025, date(2025, 1, 1)),
        (date(2026, 12, 20), 2027, FIRST),
    ],
)
async def test_a_plan_begins_with_its_document_or_its_years_or_its_coming_in(
    sqlite: Database, issued_on: date | None, first_year: int | None, begin: date
) -> None:
    async with sqlite.write() as session:
        filling = Filling(session, FIRST)
        await filling.plan(issued_on=issued_on, first_year=first_year)
        await filling.task("I.1", [await filling.agency("Sở A")], LAST)
    assert await _find_statuses(sqlite, begin - DAY, at(LAST)) == []
    assert await _find_statuses(sqlite, begin, at(LAST)) == [Status.NEW]


async def test_past_states_of_some_days_are_of_what_ended_on_them_then(sqlite: Database) -> None:
    async with sqlite.write() as session:
        filling = Filling(session, FIRST)
        agency = await filling.agency("Sở A")
        await filling.task("I.1", [agency], LAST)
        (moved,) = await filling.task("I.2", [agency], LAST)
        (printed,) = await filling.task("I.3", [agency], LAST - DAY)
        (await session.get_one(Deadline, printed.deadline_id)).printed_day = LAST
        (undated,) = await filling.task("I.4", [agency], LAST)
        undated.last_day = None
        later = LAST + 9 * DAY
        await make_move(session, moved, Move.EXTEND, now=at(LAST), person_id=None, last_day=later)
        numbers = [moved.id - 1, moved.id, printed.id, undated.id]
    for due, before, now in (
        (None, numbers, numbers),
        (DayRange(LAST, LAST), numbers[:2], numbers[:1]),
        (DayRange(LAST, LAST, single=True), numbers[:3], [numbers[0], numbers[2]]),
        (DayRange(LAST), numbers[:2], numbers[:2]),
        (DayRange(last=LAST), numbers[:3], [numbers[0], numbers[2]]),
        (DayRange(later, later), [], [numbers[1]]),
    ):
        async with sqlite.read() as session:
            query = TaskQuery(LAST, due=due)
            states = await load_past_states(session, query, [FIRST, LAST], at(LAST, 20))
        for day, wanted in ((FIRST, before), (LAST, now)):
            assert sorted(state.assignment_id for state in states[day]) == wanted, due


async def test_a_plan_whose_days_were_moved_together_had_the_former_ones(
    sqlite: Database,
) -> None:
    async with sqlite.write() as session:
        filling = Filling(session, FIRST)
        made = await filling.task("I.1", [await filling.agency("Sở A")], LAST, LAST + DAY)
        before = [
            {"id": one.id, "last_day": one.last_day.isoformat() if one.last_day else None}
            for one in made
        ]
        for one in made:
            one.last_day = LAST + 30 * DAY
        record_change(
            session, at(LAST), "move_plan", "plan", one.plan_id, before={"assignments": before}
        )
        record_change(session, at(LAST), "rename", "plan", one.plan_id, before={"title": "Cũ"})
    async with sqlite.read() as session:
        states = await load_past_states(session, TaskQuery(LAST), [FIRST, LAST], at(LAST, 20))
    assert [state.last_day for state in states[FIRST]] == [LAST, LAST + DAY]
    assert [state.last_day for state in states[LAST]] == [LAST + 30 * DAY] * 2


async def test_more_time_waits_from_the_request_to_the_decision(sqlite: Database) -> None:
    async with sqlite.write() as session:
        filling = Filling(session, FIRST)
        made = await filling.task("I.1", [await filling.agency("Sở A")], *[LAST] * 5)
        midnight = at(FIRST + DAY, 0, 0)
        for one, asked_at, decided_at in (
            (made[0], at(FIRST, 23, 59), None),
            (made[1], midnight, None),
            (made[2], at(FIRST), at(FIRST, 23, 59)),
            (made[3], at(FIRST), midnight),
        ):
            session.add(
                Extension(
                    assignment_id=one.id,
                    asked_at=asked_at,
                    from_day=LAST,
                    wanted_day=LAST + DAY,
                    reason="thiếu số liệu",
                    decision="granted" if decided_at else None,
                    decided_at=decided_at,
                )
            )
        first, second, _, fourth, _ = [one.id for one in made]
    async with sqlite.read() as session:
        assert await find_waiting_extensions(session, FIRST, at(LAST)) == {first, fourth}
        assert await find_waiting_extensions(session, LAST, at(LAST)) == {first, second}
