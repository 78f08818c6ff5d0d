"""Planning: who is told what on which day, written once (reminders.md)."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from types import SimpleNamespace

import pytest
from sqlalchemy import text
from sqlmodel import col, select

from models.agencies import AgencySuccessor
from models.assignments import OPEN, Assignment, Extension, Status
from models.chats import Chat
from models.notices import Notice, NoticeLine, NoticeStatus
from models.people import PostRole
from models.preferences import DayEntry, set_preference
from models.storage.database import Database
from models.storage.statements import run_statement
from scheduler import rules
from scheduler.planning import planner, planning_sql, targets
from scheduler.planning.planner import PlanningResult
from tests.support.fakes import at, fill

FRIDAY = date(2026, 10, 16)  # an ordinary week without public holidays around it
DAY = timedelta(days=1)


async def plan(database: Database, day: date, *, hour: int = 6) -> PlanningResult:
    async with database.write() as session:
        in_force = await rules.load_rules(session, rules.Defaults())
        return await planner.plan_day(session, day, at(day, hour, 0), in_force)


async def told(database: Database, day: date | None = None) -> list[tuple[str, str, str, str]]:
    """What is written: the chat's title, kind, task number and step, by day."""
    statement = (
        "SELECT c.title, n.kind, t.key, l.step, n.day"
        " FROM notice_line l JOIN notice n ON n.id = l.notice_id JOIN chat c ON c.id = n.chat_id"
        " JOIN assignment a ON a.id = l.assignment_id JOIN task t ON t.id = a.task_id"
        " ORDER BY n.day, n.kind DESC, c.title, t.key, l.step"
    )
    async with database.read() as session:
        rows = (await run_statement(session, text(statement))).all()
    return [
        (row.title, row.kind, row.key, row.step)
        for row in rows
        if day is None or str(row.day) == day.isoformat()
    ]


async def test_each_focal_point_gets_one_notice_with_every_step_of_the_day(
    database: Database,
) -> None:
    async with fill(database, FRIDAY - 38 * DAY, word=FRIDAY) as filling:
        justice, finance = await filling.agency("Sở Tư pháp"), await filling.agency("Sở Tài chính")
        await filling.person("An", PostRole.FOCAL_POINT, justice)
        await filling.person("Bình", PostRole.FOCAL_POINT, justice)
        await filling.person("Chi", PostRole.FOCAL_POINT, finance)
        await filling.task("I.1", [justice], FRIDAY + 7 * DAY)
        await filling.task("I.2", [justice], FRIDAY)
        await filling.task("I.3", [finance], FRIDAY + 11 * DAY)
    result = await plan(database, FRIDAY)
    assert (result.notices, result.lines) == (2, 4)
    assert await told(database) == [
        ("An", "morning", "I.1", "before-7"),
        ("An", "morning", "I.2", "on-day"),
        ("Bình", "morning", "I.1", "before-7"),
        ("Bình", "morning", "I.2", "on-day"),
    ]


async def test_planning_twice_makes_nothing_double(database: Database) -> None:
    async with fill(database, FRIDAY - 38 * DAY) as filling:
        agency = await filling.agency("Sở Tư pháp", focal_point="An")
        await filling.group("Nhóm")
        await filling.task("I.1", [agency], FRIDAY - 3 * DAY)
    first = await plan(database, FRIDAY)
    assert first.lines
    assert not first.again
    again = await plan(database, FRIDAY, hour=9)
    assert (again.notices, again.lines, again.again) == (0, 0, True)


async def test_only_open_assignments_are_told(sqlite: Database) -> None:
    async with fill(sqlite, FRIDAY - 38 * DAY) as filling:
        agency = await filling.agency("Sở Tư pháp", focal_point="An")
        for number, status in enumerate(Status):
            (assignment,) = await filling.task(f"I.{number}", [agency], FRIDAY)
            assignment.status = status
            filling.session.add(assignment)
    await plan(sqlite, FRIDAY)
    keys = [f"I.{number}" for number, status in enumerate(Status) if status in OPEN]
    assert [line[2] for line in await told(sqlite)] == sorted(keys)
    assert all(f"'{status}'" in planning_sql.FIND_DATED.text for status in OPEN)


async def test_steps_past_when_an_assignment_is_made_are_not_sent(sqlite: Database) -> None:
    async with fill(sqlite, FRIDAY - 38 * DAY) as filling:
        agency = await filling.agency("Sở Tư pháp", focal_point="An")
    await plan(sqlite, FRIDAY)
    async with fill(sqlite, FRIDAY) as filling:
        await filling.task("I.1", [agency], FRIDAY + 7 * DAY)  # its step of this morning is past
    assert (await plan(sqlite, FRIDAY, hour=10)).lines == 0
    assert (await plan(sqlite, FRIDAY + 3 * DAY)).lines == 0
    assert (await plan(sqlite, FRIDAY + 4 * DAY)).lines == 1
    assert [line[3] for line in await told(sqlite)] == ["before-3"]


async def test_what_was_past_when_the_plan_came_in_is_told_in_one_list_on_the_first_morning(
    database: Database,
) -> None:
    async with fill(database, FRIDAY) as filling:
        agency = await filling.agency("Sở Tư pháp", focal_point="An")
        for number in range(1, 6):
            await filling.task(f"I.{number}", [agency], FRIDAY - number * 9 * DAY)
    assert await plan(database, FRIDAY) == PlanningResult(FRIDAY, 1, 5)
    assert [line[3] for line in await told(database)] == [f"overdue-{n * 9}" for n in range(1, 6)]


async def test_after_downtime_only_the_newest_missed_step_is_told_in_one_message(
    sqlite: Database,
) -> None:
    async with fill(sqlite, FRIDAY - 60 * DAY) as filling:
        agency = await filling.agency("Sở Tư pháp", focal_point="An")
        await filling.task(
            "I.1", [agency], FRIDAY + 2 * DAY
        )  # before-14, before-7, before-3 missed
        await filling.task(
            "I.2", [agency], FRIDAY - 12 * DAY
        )  # on-day and four overdue steps missed
    await plan(sqlite, FRIDAY - 18 * DAY)
    result = await plan(sqlite, FRIDAY - DAY)
    assert (result.notices, result.lines) == (1, 2)
    assert [line[2:] for line in await told(sqlite, FRIDAY - DAY)] == [
        ("I.1", "before-3"),
        ("I.2", "overdue-9"),
    ]


async def test_an_occurrence_has_no_step_before_the_last_day_of_the_one_before_it(
    database: Database,
) -> None:
    async with fill(database, FRIDAY - 90 * DAY) as filling:
        agency = await filling.agency("Sở Tư pháp", focal_point="An")
        months = [date(2026, 9, 28), date(2026, 10, 25), date(2026, 11, 25)]
        september, *_ = await filling.task("I.1", [agency], *months, kind="recurring")
        september.status = Status.DONE
    for number in (-40, -22, -21, -18, -8, -7, -4):
        await plan(database, FRIDAY + number * DAY)
    steps_told = {(line[3]) for line in await told(database)}
    # 30 days before 25 October lies before 28 September, so the first step is that of 14 days
    assert "before-30" not in steps_told
    assert "before-14" in steps_told


async def test_a_period_is_told_when_it_begins(database: Database) -> None:
    async with fill(database, date(2026, 9, 1)) as filling:
        agency = await filling.agency("Sở Tư pháp", focal_point="An")
        await filling.task(
            "I.1", [agency], date(2026, 12, 31), first_day=date(2026, 10, 1), kind="period"
        )
    await plan(database, date(2026, 10, 1))
    assert [line[3] for line in await told(database)] == ["start"]


async def test_silence_of_15_working_days_is_asked_about_once_in_20_and_on_near_deadlines(
    database: Database,
) -> None:
    async with fill(database, FRIDAY) as filling:
        agency = await filling.agency("Sở Tư pháp", focal_point="An")
        for key in ("I.1", "I.2"):
            await filling.task(key, [agency], FRIDAY + 72 * DAY, FRIDAY + 300 * DAY)
        await filling.task("I.3", [agency], FRIDAY + 200 * DAY)
        in_force = await rules.load_rules(filling.session, rules.Defaults())
    first = in_force.calendar.add_working_days(FRIDAY, 15)
    second = in_force.calendar.add_working_days(first, 20)
    days = [in_force.calendar.add_working_days(first, count) for count in (1, 10, 18, 19)]
    for day in (FRIDAY, first - DAY, first, first, *days, second, second):
        await plan(database, day)
    asked = [line[2:] for line in await told(database) if line[3].startswith("update")]
    assert asked == [(key, f"update-{day}") for day in (first, second) for key in ("I.1", "I.2")]


async def test_an_agency_without_anybody_is_asked_by_nobody(sqlite: Database) -> None:
    async with fill(sqlite, FRIDAY - 60 * DAY) as filling:
        interior = await filling.agency("Sở Nội vụ", focal_point="Chi")
        justice = await filling.agency("Sở Tư pháp")
        await filling.task("I.1", [justice], FRIDAY + 20 * DAY)
        await filling.task("I.2", [interior], FRIDAY + 20 * DAY)
    await plan(sqlite, FRIDAY)
    assert [line[2:] for line in await told(sqlite)] == [("I.2", f"update-{FRIDAY}")]


async def test_an_agency_without_anybody_is_told_to_the_supervising_agency(
    database: Database,
) -> None:
    async with fill(database, FRIDAY - 38 * DAY) as filling:
        interior, justice = await filling.agency("Sở Nội vụ"), await filling.agency("Sở Tư pháp")
        await filling.person("Dung", PostRole.FOCAL_POINT, interior)
        await filling.task("I.1", [justice], FRIDAY)
        await filling.task("I.2", [None], FRIDAY)
    await plan(database, FRIDAY)
    assert await told(database) == [
        ("Dung", "morning", "I.1", "on-day"),
        ("Dung", "morning", "I.2", "on-day"),
    ]


async def test_for_want_of_a_supervisor_the_admins_are_told(sqlite: Database) -> None:
    async with fill(sqlite, FRIDAY - 38 * DAY) as filling:
        justice = await filling.agency("Sở Tư pháp")
        await filling.person("Quản trị", PostRole.ADMIN)
        await filling.task("I.1", [justice], FRIDAY)
    await plan(sqlite, FRIDAY)
    assert await told(sqlite) == [("Quản trị", "morning", "I.1", "on-day")]


async def test_a_missed_deadline_climbs_to_the_head_the_supervisor_the_leaders(
    sqlite: Database,
) -> None:
    async with fill(sqlite, FRIDAY - 38 * DAY) as filling:
        interior, justice = await filling.agency("Sở Nội vụ"), await filling.agency("Sở Tư pháp")
        await filling.person("An", PostRole.FOCAL_POINT, justice)
        await filling.person("Giám đốc", PostRole.HEAD, justice)
        await filling.person("Giám đốc khác", PostRole.HEAD, interior)
        await filling.person("Theo dõi", PostRole.SUPERVISOR, interior)
        await filling.person("Lãnh đạo", PostRole.LEADER)
        await filling.task("I.1", [justice], FRIDAY)
    for number in range(16):
        await plan(sqlite, FRIDAY + number * DAY)
    climbed = [line for line in await told(sqlite) if line[1] == "escalation"]
    assert climbed == [
        ("Giám đốc", "escalation", "I.1", "escalate-1"),
        ("Theo dõi", "escalation", "I.1", "escalate-3"),
        ("Lãnh đạo", "escalation", "I.1", "escalate-7"),
    ]


async def test_groups_get_the_overdue_line_of_their_scope_and_a_digest_on_monday(
    database: Database,
) -> None:
    async with fill(database, FRIDAY - 38 * DAY) as filling:
        justice, finance = await filling.agency("Sở Tư pháp"), await filling.agency("Sở Tài chính")
        await filling.group("Tỉnh")
        await filling.group("Tư pháp", "agency", agency_id=justice.id)
        await filling.task("I.1", [justice], FRIDAY)
        await filling.task("I.2", [finance], FRIDAY)
    for number in range(5):
        await plan(database, FRIDAY + number * DAY)
    assert await told(database) == [
        ("Tư pháp", "overdue", "I.1", "overdue-3"),
        ("Tỉnh", "overdue", "I.1", "overdue-3"),
        ("Tỉnh", "overdue", "I.2", "overdue-3"),
    ]
    async with database.read() as session:
        digests = (await session.exec(select(Notice).where(Notice.kind == "digest"))).all()
    assert [notice.day for notice in digests] == [FRIDAY + 3 * DAY] * 2


async def test_a_digest_missed_while_the_bot_was_down_is_made_up_once(sqlite: Database) -> None:
    async with fill(sqlite, FRIDAY - 38 * DAY) as filling:
        justice = await filling.agency("Sở Tư pháp")
        await filling.group("Tỉnh")
        await filling.task("I.1", [justice], FRIDAY - 20 * DAY)
    await plan(sqlite, FRIDAY)
    await plan(sqlite, FRIDAY + 5 * DAY)
    await plan(sqlite, FRIDAY + 6 * DAY)
    async with sqlite.read() as session:
        digests = (await session.exec(select(Notice).where(Notice.kind == "digest"))).all()
    assert [notice.day for notice in digests] == [FRIDAY + 5 * DAY]


async def test_more_time_begins_the_steps_again_from_the_new_last_day(database: Database) -> None:
    async with fill(database, FRIDAY - 38 * DAY, word=FRIDAY) as filling:
        agency = await filling.agency("Sở Tư pháp", focal_point="An")
        await filling.task("I.1", [agency], FRIDAY)
    await plan(database, FRIDAY)
    async with database.write() as session:
        assignment = (await session.exec(select(Assignment))).one()
        assignment.last_day = FRIDAY + 7 * DAY
        session.add(assignment)
        session.add(
            Extension(
                assignment_id=assignment.id,
                asked_at=at(FRIDAY, 8),
                from_day=FRIDAY,
                wanted_day=FRIDAY + 7 * DAY,
                reason="chờ số liệu",
                decision="granted",
                granted_day=FRIDAY + 7 * DAY,
                decided_at=at(FRIDAY, 9),
            )
        )
    for number in range(1, 8):
        await plan(database, FRIDAY + number * DAY)
    assert [line[3] for line in await told(database)] == [
        "on-day",
        "before-3",
        "before-1",
        "on-day",
    ]


async def test_a_day_declared_off_later_moves_its_steps_to_a_day_already_planned(
    sqlite: Database,
) -> None:
    async with fill(sqlite, FRIDAY - 38 * DAY) as filling:
        agency = await filling.agency("Sở Tư pháp", focal_point="An")
        await filling.task("I.1", [agency], FRIDAY + 3 * DAY)  # Monday
    await plan(sqlite, FRIDAY)
    async with sqlite.write() as session:
        session.add(DayEntry(day=FRIDAY + 3 * DAY, working=False, name="nghỉ bù"))
    result = await plan(sqlite, FRIDAY, hour=10)
    assert (result.lines, result.again) == (1, True)
    assert [line[3] for line in await told(sqlite)] == ["before-1", "on-day"]


async def test_steps_of_the_bot_a_plan_and_a_task_each_count_where_they_are_set(
    database: Database,
) -> None:
    async with fill(database, FRIDAY - 38 * DAY, word=FRIDAY) as filling:
        agency = await filling.agency("Sở Tư pháp", focal_point="An")
        await set_preference(filling.session, rules.REMIND_STEPS, [5])
        await filling.plan("1/KH", steps=None)
        await filling.task("A.1", [agency], FRIDAY + 5 * DAY)
        await filling.task("A.2", [agency], FRIDAY + 12 * DAY)
        await filling.plan("2/KH", steps=[7])
        await filling.task("B.1", [agency], FRIDAY + 7 * DAY)
        (own,) = await filling.task("B.2", [agency], FRIDAY + 4 * DAY)
        await run_statement(
            filling.session,
            text("UPDATE task SET steps = '[4]' WHERE id = :id"),
            {"id": own.task_id},
        )
    await plan(database, FRIDAY)
    assert [line[2:] for line in await told(database)] == [
        ("A.1", "before-5"),
        ("B.1", "before-7"),
        ("B.2", "before-4"),
    ]


async def test_a_muted_chat_is_told_afterwards_and_the_supervisor_meanwhile(
    sqlite: Database,
) -> None:
    async with fill(sqlite, FRIDAY - 38 * DAY) as filling:
        interior, justice = await filling.agency("Sở Nội vụ"), await filling.agency("Sở Tư pháp")
        await filling.person("An", PostRole.FOCAL_POINT, justice)
        await filling.person("Dung", PostRole.FOCAL_POINT, interior)
        await filling.task("I.1", [justice], FRIDAY + 3 * DAY)
        chat = (await filling.session.exec(select(Chat).where(Chat.title == "An"))).one()
        chat.muted_until = FRIDAY + 3 * DAY
        filling.session.add(chat)
    await plan(sqlite, FRIDAY)
    await plan(sqlite, FRIDAY + 3 * DAY)
    async with sqlite.read() as session:
        statement = (
            select(Notice)
            .join(Chat)
            .where(Chat.title == "An", Notice.status == NoticeStatus.PENDING)
        )
        waiting = (await session.exec(statement)).all()
        lines = (
            await session.exec(select(NoticeLine).where(NoticeLine.notice_id == waiting[0].id))
        ).all()
    assert [notice.not_before for notice in waiting] == [at(FRIDAY + 4 * DAY)]
    assert [line.step for line in lines] == ["on-day"]
    assert [line[0] for line in await told(sqlite)].count("Dung") == 2


async def test_what_an_earlier_day_left_waiting_goes_into_the_next_message(
    database: Database,
) -> None:
    async with fill(database, FRIDAY - 38 * DAY) as filling:
        agency = await filling.agency("Sở Tư pháp", focal_point="An")
        await filling.task("I.1", [agency], FRIDAY + 7 * DAY)
        await filling.task("I.2", [agency], FRIDAY + 6 * DAY)
    await plan(database, FRIDAY)
    await plan(database, FRIDAY + 3 * DAY)
    async with database.read() as session:
        waiting = (
            await session.exec(select(Notice).where(Notice.status == NoticeStatus.PENDING))
        ).all()
        lines = (
            await session.exec(select(NoticeLine).where(NoticeLine.notice_id == waiting[0].id))
        ).all()
    assert [notice.day for notice in waiting] == [FRIDAY + 3 * DAY]
    assert sorted(line.step for line in lines) == ["before-3", "before-7"]


async def test_the_work_of_a_merged_agency_is_told_to_the_one_it_became(sqlite: Database) -> None:
    async with fill(sqlite, FRIDAY - 38 * DAY) as filling:
        old, new = (
            await filling.agency("Sở Kế hoạch và Đầu tư"),
            await filling.agency("Sở Tài chính"),
        )
        filling.session.add(
            AgencySuccessor(agency_id=old.id, successor_id=new.id, since=date(2025, 3, 1))
        )
        await filling.person("Chi", PostRole.FOCAL_POINT, new)
        await filling.task("I.1", [old], FRIDAY)
    await plan(sqlite, FRIDAY)
    assert await told(sqlite) == [("Chi", "morning", "I.1", "on-day")]


async def test_a_chat_that_wishes_another_hour_gets_it_within_the_day(database: Database) -> None:
    async with fill(database, FRIDAY - 38 * DAY) as filling:
        agency = await filling.agency("Sở Tư pháp")
        for name, hour in (("An", time(9, 0)), ("Bình", time(23, 0)), ("Chi", None)):
            await filling.person(name, PostRole.FOCAL_POINT, agency)
            chat = (await filling.session.exec(select(Chat).where(Chat.title == name))).one()
            chat.remind_at = hour
            filling.session.add(chat)
        await filling.task("I.1", [agency], FRIDAY)
    await plan(database, FRIDAY)
    async with database.read() as session:
        notices = (await session.exec(select(Notice).order_by(col(Notice.chat_id)))).all()
    assert [notice.not_before for notice in notices] == [
        at(FRIDAY, 9, 0),
        at(FRIDAY, 17, 59),
        at(FRIDAY, 7, 30),
    ]


@pytest.mark.parametrize("jump", [-1, 1])
async def test_a_clock_that_jumps_a_day_skips_and_repeats_nothing(
    sqlite: Database, jump: int
) -> None:
    async with fill(sqlite, FRIDAY - 60 * DAY) as filling:
        agency = await filling.agency("Sở Tư pháp", focal_point="An")
        for number in range(20):
            await filling.task(f"I.{number}", [agency], FRIDAY + number * DAY)
    for number in range(12):
        day = FRIDAY + number * DAY
        if number == 5:
            await plan(sqlite, day + jump * DAY)
        await plan(sqlite, day)
    lines = await told(sqlite)
    assert len(lines) == len(set(lines))
    for number in range(12):  # each deadline's own day was told, or (a day early) the day before
        assert any(line[2] == f"I.{number}" for line in lines)


async def test_a_planned_day_far_ahead_is_not_believed_and_nothing_is_told_twice(
    sqlite: Database,
) -> None:
    async with fill(sqlite, FRIDAY - 60 * DAY) as filling:
        agency = await filling.agency("Sở Tư pháp", focal_point="An")
        await filling.task("I.1", [agency], FRIDAY)
        await filling.task("I.2", [agency], FRIDAY + 4 * DAY)
    await plan(sqlite, FRIDAY)
    await plan(sqlite, FRIDAY + 367 * DAY)  # a trial a year ahead, or a clock that was wrong
    async with sqlite.read() as session:
        in_force = await rules.load_rules(session, rules.Defaults())
        assert await planner.read_last_planned_day(session, FRIDAY) is None
        assert await planner.has_missing_notices(session, FRIDAY + 3 * DAY, in_force)
    for number in (0, 3, 4):
        await plan(sqlite, FRIDAY + number * DAY)
    near = [line for line in await told(sqlite) if not line[3].endswith(("367", "363"))]
    assert sorted(line[2:] for line in near) == [
        ("I.1", "on-day"),
        ("I.1", "overdue-3"),
        ("I.2", "before-1"),
        ("I.2", "before-3"),
        ("I.2", "on-day"),
    ]


async def test_of_several_waiting_notices_the_newest_step_goes_into_the_next_message(
    sqlite: Database,
) -> None:
    async with fill(sqlite, FRIDAY - 38 * DAY, word=FRIDAY) as filling:
        agency = await filling.agency("Sở Tư pháp")
        person = await filling.person("An", PostRole.FOCAL_POINT, agency)
        (one,) = await filling.task("I.1", [agency], FRIDAY + 7 * DAY)
        await filling.task("I.2", [agency], FRIDAY + 6 * DAY)
        chat = (await filling.session.exec(select(Chat).where(Chat.person_id == person.id))).one()
        for back, step, again in ((9, "before-14", True), (2, "before-7", False)):
            day = FRIDAY - back * DAY
            notice = Notice(
                chat_id=chat.id,
                day=day,
                kind="morning",
                not_before=at(day),
                planned_at=at(day),
                again=again,
            )
            filling.session.add(notice)
            await filling.session.flush()
            filling.session.add(
                NoticeLine(
                    notice_id=notice.id,
                    chat_id=chat.id,
                    assignment_id=one.id,
                    step=step,
                    last_day=FRIDAY + 7 * DAY,
                )
            )
    await plan(sqlite, FRIDAY + 3 * DAY)
    async with sqlite.read() as session:
        waiting = (
            await session.exec(select(Notice).where(Notice.status == NoticeStatus.PENDING))
        ).one()
        lines = (
            await session.exec(select(NoticeLine).where(NoticeLine.notice_id == waiting.id))
        ).all()
    assert waiting.again
    assert sorted(line.step for line in lines if line.assignment_id == one.id) == ["before-7"]


@pytest.mark.parametrize(
    ("granted_at", "told_after"),
    [(at(FRIDAY - 9 * DAY), ["before-7"]), (at(FRIDAY, 8), [])],
    ids=["long ago", "since the morning"],
)
async def test_who_joins_later_hears_the_step_of_the_day_unless_more_time_came_after_it(
    sqlite: Database, granted_at: datetime, told_after: list[str]
) -> None:
    async with fill(sqlite, FRIDAY - 38 * DAY, word=FRIDAY) as filling:
        agency = await filling.agency("Sở Tư pháp", focal_point="An")
        (one,) = await filling.task("I.1", [agency], FRIDAY + 7 * DAY)
    await plan(sqlite, FRIDAY)
    async with fill(sqlite, FRIDAY) as filling:
        await filling.person("Bình", PostRole.FOCAL_POINT, agency, chat="Bình")
        filling.session.add(
            Extension(
                assignment_id=one.id,
                asked_at=granted_at,
                from_day=FRIDAY,
                wanted_day=FRIDAY + 7 * DAY,
                reason="x",
                decision="granted",
                granted_day=FRIDAY + 7 * DAY,
                decided_at=granted_at,
            )
        )
    await plan(sqlite, FRIDAY, hour=9)
    assert [line[3] for line in await told(sqlite) if line[0] == "Bình"] == told_after


async def test_a_day_off_is_not_planned(sqlite: Database) -> None:
    async with fill(sqlite, FRIDAY - 38 * DAY) as filling:
        agency = await filling.agency("Sở Tư pháp", focal_point="An")
        await filling.task("I.1", [agency], FRIDAY)
    assert await plan(sqlite, FRIDAY + DAY) == PlanningResult(FRIDAY + DAY, 0, 0, again=False)
    async with sqlite.read() as session:
        assert await planner.read_last_planned_day(session) is None


async def test_the_digests_of_a_monday_count_as_notices(sqlite: Database) -> None:
    monday = FRIDAY + 3 * DAY
    async with fill(sqlite, FRIDAY) as filling:
        for title in ("Tỉnh", "Nhóm"):
            await filling.group(title)
    assert await plan(sqlite, monday) == PlanningResult(monday, 2, 0, again=False)
    assert await plan(sqlite, monday, hour=9) == PlanningResult(monday, 0, 0, again=True)
    async with sqlite.write() as session:
        in_force = await rules.load_rules(session, rules.Defaults())
        assert not await planner.has_missing_notices(session, monday, in_force)
        await session.delete((await session.exec(select(Notice))).first())
    async with sqlite.read() as session:
        assert await planner.has_missing_notices(session, monday, in_force)
        assert not await planner.has_missing_notices(session, monday - 2 * DAY, in_force)
        assert not await planner.has_missing_notices(session, FRIDAY, in_force)


async def test_what_a_day_off_that_was_planned_before_would_get_is_not_missing(
    sqlite: Database,
) -> None:
    async with fill(sqlite, FRIDAY - 38 * DAY) as filling:
        agency = await filling.agency("Sở Tư pháp", focal_point="An")
        await filling.task("I.1", [agency], FRIDAY)
    await plan(sqlite, FRIDAY - DAY)
    await plan(sqlite, FRIDAY)
    async with sqlite.write() as session:
        session.add(DayEntry(day=FRIDAY, working=False, name="nghỉ bù"))
        await run_statement(session, text("DELETE FROM notice_line"))
    async with sqlite.read() as session:
        in_force = await rules.load_rules(session, rules.Defaults())
        assert not await planner.has_missing_notices(session, FRIDAY, in_force)


@pytest.mark.parametrize(("ahead", "is_believed"), [(3, True), (4, False)])
async def test_a_planned_day_up_to_three_days_ahead_is_believed(
    sqlite: Database, ahead: int, is_believed: bool
) -> None:
    async with fill(sqlite, FRIDAY - 38 * DAY) as filling:
        agency = await filling.agency("Sở Tư pháp", focal_point="An")
        await filling.task("I.1", [agency], FRIDAY + DAY)
    monday = FRIDAY + 3 * DAY
    await plan(sqlite, monday)
    today = monday - ahead * DAY
    async with sqlite.read() as session:
        last = await planner.read_last_planned_day(session, today)
        assert last == (monday if is_believed else None)
        assert await planner.read_last_planned_day(session) == monday
    assert (await plan(sqlite, today)).lines == (0 if is_believed else 1)


@pytest.mark.parametrize("kind", ["morning", "overdue", "escalation", "digest", "message"])
async def test_a_chat_waits_a_quarter_of_an_hour_after_its_last_reminder(
    sqlite: Database, kind: str
) -> None:
    async with fill(sqlite, FRIDAY - 38 * DAY) as filling:
        one, other = [
            await filling.agency(f"Sở {name}", focal_point=name) for name in ("An", "Bình")
        ]
        await filling.task("I.1", [one, other], FRIDAY)
    await plan(sqlite, FRIDAY)
    async with sqlite.write() as session:
        await run_statement(session, text("UPDATE notice SET status = 'dropped'"))
        an = (await session.exec(select(Chat).where(Chat.title == "An"))).one()
        for status, minute in (("sent", 50), ("sent", 55), ("failed", 58)):
            notice = Notice(
                chat_id=an.id, day=FRIDAY, kind=kind, not_before=at(FRIDAY), planned_at=at(FRIDAY)
            )
            notice.status, notice.ended_at = status, at(FRIDAY, 8, minute)
            notice.token = str(minute)
            session.add(notice)
        session.add(
            Notice(
                chat_id=an.id,
                day=FRIDAY,
                kind="escalation",
                not_before=at(FRIDAY, 8),
                planned_at=at(FRIDAY, 6, 0),
            )
        )
    async with fill(sqlite, FRIDAY - 38 * DAY) as filling:
        await filling.plan("11/KH-UBND")
        await filling.task("I.2", [one, other], FRIDAY)
    await plan(sqlite, FRIDAY, hour=9)
    async with sqlite.read() as session:
        rows = await session.exec(
            select(Chat.title, Notice.kind, Notice.not_before)
            .join(Notice)
            .where(Notice.status == NoticeStatus.PENDING)
        )
        found = {(title, kind): moment for title, kind, moment in rows}
    assert found == {
        ("An", "morning"): at(FRIDAY) if kind == "message" else at(FRIDAY, 9, 10),
        ("An", "escalation"): at(FRIDAY, 8),
        ("Bình", "morning"): at(FRIDAY),
    }


async def test_a_task_that_is_told_on_other_days_alone_is_not_told_on_its_last(
    sqlite: Database,
) -> None:
    async with fill(sqlite, FRIDAY - 38 * DAY, word=FRIDAY) as filling:
        agency = await filling.agency("Sở Tư pháp", focal_point="An")
        await filling.plan(steps=[5])
        await filling.task("I.1", [agency], FRIDAY)
        await filling.task("I.2", [agency], FRIDAY - DAY)
    await plan(sqlite, FRIDAY)
    assert [line[2:] for line in await told(sqlite)] == [("I.2", "overdue-1")]


@pytest.mark.parametrize("ahead", [0, 30, 60, 61])
async def test_the_bot_asks_how_a_task_stands_up_to_sixty_days_ahead(
    sqlite: Database, ahead: int
) -> None:
    async with fill(sqlite, FRIDAY - 60 * DAY) as filling:
        agency = await filling.agency("Sở Tư pháp", focal_point="An")
        await filling.plan(steps=[90])
        await filling.task("I.1", [agency], FRIDAY + ahead * DAY)
    await plan(sqlite, FRIDAY)
    assert len(await told(sqlite)) == (ahead <= 60)


@pytest.mark.parametrize(("muted", "sent"), [(-1, 0), (0, 3), (2, 3), (3, 4)])
async def test_a_muted_chat_is_told_on_the_first_working_day_after_its_pause(
    sqlite: Database, muted: int, sent: int
) -> None:
    async with fill(sqlite, FRIDAY - 38 * DAY) as filling:
        agency = await filling.agency("Sở Tư pháp", focal_point="An")
        await filling.task("I.1", [agency], FRIDAY)
        chat = (await filling.session.exec(select(Chat))).one()
        chat.muted_until = FRIDAY + muted * DAY
        filling.session.add(chat)
    await plan(sqlite, FRIDAY)
    async with sqlite.read() as session:
        in_force = await rules.load_rules(session, rules.Defaults())
        notice = (await session.exec(select(Notice))).one()
    assert notice.not_before == at(FRIDAY + sent * DAY)
    assert targets.find_sending_moment(chat, FRIDAY, in_force) == notice.not_before


async def test_once_a_day_is_planned_nothing_of_it_is_missing(sqlite: Database) -> None:
    async with fill(sqlite, FRIDAY - 38 * DAY) as filling:
        agency = await filling.agency("Sở Tư pháp", focal_point="An")
        await filling.task("I.1", [agency], FRIDAY)
    await plan(sqlite, FRIDAY)
    async with sqlite.read() as session:
        in_force = await rules.load_rules(session, rules.Defaults())
        assert not await planner.has_missing_notices(session, FRIDAY, in_force)


def test_rows_that_a_driver_did_not_count_are_none() -> None:
    assert targets.count_rows(SimpleNamespace(rowcount=-1)) == 0
    assert targets.count_rows(SimpleNamespace(rowcount=0)) == 0
    assert targets.count_rows(SimpleNamespace(rowcount=3)) == 3
