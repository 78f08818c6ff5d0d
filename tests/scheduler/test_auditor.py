"""The audit: what is missing is written, what comes to no end is told to the admins (rule 19)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

import pytest
from sqlalchemy import text
from sqlmodel import col, select

from models.assignments import Assignment, Status
from models.notices import Notice, NoticeLine
from models.people import PostRole
from models.storage.database import Database
from models.storage.statements import run_statement
from scheduler import rules
from scheduler.auditor import AuditReport, audit_day
from scheduler.planning import planner
from scheduler.rules import Defaults
from tests.support.fakes import ZONE, at, fill

FRIDAY = date(2026, 10, 16)
DAY = timedelta(days=1)
DEFAULTS = Defaults(ZONE)


async def office(database: Database, *planned: date) -> None:
    """A registry with an admin, a focal point and three tasks, planned on some days."""
    async with fill(database, FRIDAY - 38 * DAY) as filling:
        agency = await filling.agency("Sở Tư pháp", focal_point="An")
        await filling.person("Quản trị", PostRole.ADMIN, chat="admin")
        for key in ("I.1", "I.2", "I.3"):
            await filling.task(key, [agency], FRIDAY)
        in_force = await rules.load_rules(filling.session, DEFAULTS)
        for day in planned:
            await planner.plan_day(filling.session, day, at(day, 6), in_force)


async def lose_lines(database: Database, key: str = "%") -> None:
    which = "SELECT a.id FROM assignment a JOIN task t ON t.id = a.task_id WHERE t.key LIKE :key"
    async with database.write() as session:
        gone = text(f"DELETE FROM notice_line WHERE assignment_id IN ({which})")
        await run_statement(session, gone, {"key": key})


async def messages(database: Database) -> Sequence[Notice]:
    async with database.read() as session:
        return (await session.exec(select(Notice).where(Notice.kind == "message"))).all()


async def count_lines(database: Database) -> int:
    async with database.read() as session:
        return len((await session.exec(select(NoticeLine))).all())


@pytest.mark.parametrize(("minute", "stuck"), [(30, 0), (31, 1)])
async def test_a_notice_is_stuck_an_hour_after_the_sender_gave_up(
    sqlite: Database, minute: int, stuck: int
) -> None:
    """Sending time counts: 10.5 hours of Friday, 11 of Monday, 3.5 of Tuesday."""
    await office(sqlite, FRIDAY)
    tuesday = at(FRIDAY + 4 * DAY, 10, minute)
    assert (await audit_day(sqlite, tuesday, DEFAULTS)).stuck == stuck
    assert len(await messages(sqlite)) == stuck


async def test_what_waits_for_a_later_day_is_not_stuck(sqlite: Database) -> None:
    await office(sqlite, FRIDAY)
    async with sqlite.write() as session:
        notice = (await session.exec(select(Notice))).one()
        notice.not_before = at(FRIDAY + 11 * DAY)
        session.add(notice)
    for day in (7, 11):
        assert (await audit_day(sqlite, at(FRIDAY + day * DAY, 19), DEFAULTS)).stuck == 0


async def test_a_step_that_came_up_since_the_morning_is_planned_and_is_no_fault(
    sqlite: Database,
) -> None:
    await office(sqlite)
    async with sqlite.write() as session:
        one = (await session.exec(select(Assignment).order_by(col(Assignment.id)))).first()
        assert one is not None
        one.status = Status.REPORTED
        session.add(one)
        in_force = await rules.load_rules(session, DEFAULTS)
        await planner.plan_day(session, FRIDAY, at(FRIDAY, 6), in_force)
    async with sqlite.write() as session:
        one.status, one.changed_at = Status.RETURNED, at(FRIDAY, 8)
        session.add(one)
    assert await audit_day(sqlite, at(FRIDAY, 9), DEFAULTS) == AuditReport(0, 0)
    assert (await count_lines(sqlite), await messages(sqlite)) == (3, [])
    await lose_lines(sqlite, "I.2")
    assert await audit_day(sqlite, at(FRIDAY, 10), DEFAULTS) == AuditReport(1, 0)
    (alarm,) = await messages(sqlite)
    assert alarm.body is not None
    assert alarm.body["blocks"][0]["values"]["count"] == 1


async def test_nothing_is_repaired_out_of_sending_hours(sqlite: Database) -> None:
    await office(sqlite, FRIDAY)
    await lose_lines(sqlite)
    for moment in (at(FRIDAY, 18), at(FRIDAY + DAY, 9)):
        assert await audit_day(sqlite, moment, DEFAULTS) == AuditReport(0, 0)
    assert await count_lines(sqlite) == 0


@pytest.mark.parametrize("planned", [(), (FRIDAY - DAY,)], ids=["never", "yesterday"])
async def test_an_audit_before_the_day_is_planned_plans_it_without_an_alarm(
    sqlite: Database, planned: tuple[date, ...]
) -> None:
    await office(sqlite, *planned)
    written = await count_lines(sqlite)
    assert await audit_day(sqlite, at(FRIDAY, 8), DEFAULTS) == AuditReport(0, 0)
    assert await count_lines(sqlite) == written + 3
    assert await messages(sqlite) == []
