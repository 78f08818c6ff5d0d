"""The time test: each day of two years, with a real plan of one year and one of four years of
recurring deadlines."""

from __future__ import annotations

import random
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlmodel import select

from language.agencies.directory import load_standard_directory
from models.agencies import Agency
from models.people import PostRole
from models.storage.database import Database
from plans.plan_json import parse_plan
from plans.registry.compare import compare_plan
from plans.registry.writer import PlanWriter
from tests.scheduler.test_time import restless_day
from tests.support.almanac import Almanac
from tests.support.fakes import TestClock, at, fill

pytestmark = pytest.mark.prove

DAY = timedelta(days=1)
DAYS = 730
LEADS = ("Sở Nội vụ", "Sở Tư pháp", "Sở Tài chính", "Sở Y tế", "UBND tỉnh")


async def _with_people(database: Database, begin: date) -> None:
    """A focal point for each agency of the registry, a supervisor, a leader, two groups."""
    async with fill(database, begin) as filling:
        for agency in (await filling.session.exec(select(Agency))).all():
            await filling.person(agency.name, PostRole.FOCAL_POINT, agency)
        await filling.person("Theo dõi", PostRole.SUPERVISOR)
        await filling.person("Lãnh đạo", PostRole.LEADER)
        await filling.group("Tỉnh")


async def _real_plan(database: Database, shared: Path, begin: date) -> None:
    plan = parse_plan((shared / "gold" / "000.json").read_bytes())
    async with database.write() as session:
        writer = PlanWriter(session, load_standard_directory(), at(begin, 6), begin)
        await writer.write_plan(plan, await compare_plan(session, plan))


async def _four_years(database: Database, begin: date) -> None:
    """A plan of four years whose deadlines come back each month, quarter, half-year and year, and
    periods between."""
    async with fill(database, begin) as filling:
        agencies = [await filling.agency(name) for name in LEADS]
        await filling.plan("2/KH-UBND")
        for number, agency in enumerate(agencies * 3):
            gap = (30, 91, 182, 365)[number % 4]
            days = [begin + (7 * number % gap + n * gap) * DAY for n in range(1, 4 * 365 // gap)]
            await filling.task(f"A.{number}", [agency], *days, kind="recurring")
        for number, agency in enumerate(agencies):
            first = begin + (40 + 90 * number) * DAY
            await filling.task(
                f"B.{number}", [agency], first + 89 * DAY, first_day=first, kind="period"
            )


@pytest.mark.parametrize("seed", [1, 2, 3])
async def test_two_years_with_a_real_plan(sqlite: Database, shared: Path, seed: int) -> None:
    begin = date(2017, 7, 20)
    await _real_plan(sqlite, shared, begin)
    await _with_people(sqlite, begin)
    await _live(sqlite, begin, seed)


@pytest.mark.parametrize("seed", [4, 5, 6])
async def test_two_years_of_recurring_deadlines(sqlite: Database, seed: int) -> None:
    begin = date(2025, 1, 6)
    await _four_years(sqlite, begin)
    await _with_people(sqlite, begin)
    await _live(sqlite, begin, seed)


async def test_two_undisturbed_years_tell_each_step_once(sqlite: Database) -> None:
    begin = date(2025, 1, 6)
    await _four_years(sqlite, begin)
    await _with_people(sqlite, begin)
    almanac = Almanac(sqlite, TestClock(at(begin)), random.Random(0))
    await almanac.read()
    for _ in range(DAYS):
        await almanac.live()
        almanac.goes(1)
    await almanac.everything_sent_once()
    print(f"{almanac.checked} lines as they must be")


async def _live(database: Database, begin: date, seed: int) -> None:
    chance = random.Random(seed)
    almanac = Almanac(database, TestClock(at(begin)), chance)
    await almanac.read()
    while almanac.today < begin + DAYS * DAY:
        await restless_day(almanac, chance)
    await almanac.everything_sent_once()
    print(
        f"{almanac.checked} lines as they must be, {almanac.spoken} of them found in what was sent"
    )
    assert almanac.checked > 1000
