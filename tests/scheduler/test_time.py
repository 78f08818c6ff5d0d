"""Time: days go by, the bot is down, clocks jump, settings, days off and statuses change; the
almanac keeps count.

The short form of `tests/prove/test_time.py`.
"""

from __future__ import annotations

import asyncio
import random
import tempfile
from collections.abc import AsyncIterator, Awaitable
from datetime import date, timedelta
from pathlib import Path
from typing import TypeVar

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule

from models.people import PostRole
from models.storage.database import Database
from tests.support.almanac import Almanac
from tests.support.fakes import TestClock, at, fill
from tests.support.registries import copy_registry, fill_copy

pytestmark = pytest.mark.long

BEGIN = date(2026, 8, 20)  # before Quốc khánh
DAY = timedelta(days=1)
DAYS = 36  # long enough for a period to begin, and for all three escalations
T = TypeVar("T")


async def small_office(database: Database, begin: date = BEGIN) -> None:
    """Two agencies with a focal point, a head, a supervisor, a group; dates, periods and recurring
    deadlines."""
    async with fill(database, begin) as filling:
        interior, justice = await filling.agency("Sở Nội vụ"), await filling.agency("Sở Tư pháp")
        await filling.person("Dung", PostRole.FOCAL_POINT, interior)
        await filling.person("An", PostRole.FOCAL_POINT, justice)
        await filling.person("Giám đốc", PostRole.HEAD, justice)
        await filling.person("Lãnh đạo", PostRole.LEADER)
        await filling.group("Tỉnh")
        await filling.plan()
        for number, agency in enumerate((interior, justice) * 4):
            await filling.task(f"I.{number}", [agency], begin + (number * 9 - 12) * DAY)
        await filling.task(
            "II.1", [justice], begin + 60 * DAY, first_day=begin + 29 * DAY, kind="period"
        )
        months = [begin + n * 30 * DAY for n in range(1, 7)]
        await filling.task("II.2", [interior, justice], *months, kind="recurring")
        await filling.task(
            "II.3", [justice], *(begin + n * 7 * DAY for n in range(10)), kind="recurring"
        )


@pytest.fixture(scope="module", autouse=True)
def office_registry(tmp_path_factory: pytest.TempPathFactory, empty_registry: Path) -> Path:
    """The registry of the small office, made once and copied."""
    Time.office = fill_copy(empty_registry, tmp_path_factory.mktemp("office"), small_office)
    return Time.office


@pytest.fixture
async def office(office_registry: Path, tmp_path: Path) -> AsyncIterator[Database]:
    made = copy_registry(office_registry, tmp_path)
    yield made
    await made.close()


async def test_ordinary_days_tell_each_step_once(office: Database) -> None:
    almanac = Almanac(office, TestClock(at(BEGIN)), random.Random(1))
    await almanac.read()
    for _ in range(DAYS):
        await almanac.live()
        almanac.goes(1)
    await almanac.everything_sent_once()
    assert almanac.checked > 100
    assert almanac.spoken == almanac.checked


async def test_restless_days_tell_what_it_must(office: Database) -> None:
    chance = random.Random(7)
    almanac = Almanac(office, TestClock(at(BEGIN)), chance)
    await almanac.read()
    for _ in range(DAYS):
        await restless_day(almanac, chance)
    await almanac.everything_sent_once()
    assert almanac.checked > 60


async def restless_day(almanac: Almanac, chance: random.Random) -> None:
    """A day on which something may happen: downtime, a jump of the clock, a changed day off,
    setting or status."""
    happening = chance.random()
    if happening < 0.05:
        almanac.goes(chance.randint(1, 12))  # the bot was down
    elif happening < 0.08:
        await almanac.declare(
            almanac.today + chance.randint(-2, 9) * DAY, working=chance.random() < 0.3
        )
    elif happening < 0.10:
        await almanac.set_steps(chance.choice([None, [10, 5, 2, 0], [60, 20], [0]]))
    elif happening < 0.14:
        jump = chance.choice((-1, 1))  # the clock jumps a day and comes back
        almanac.goes(jump)
        await almanac.live()
        almanac.goes(-jump)
    await almanac.live(send=chance.random() > 0.08, between=chance.choice((0, 0, 0, 1, 3)))
    almanac.goes(1)


class Time(RuleBasedStateMachine):
    """Any order of days and happenings."""

    office: Path  # the registry at the beginning

    @initialize()
    def begin(self) -> None:
        self.loop = asyncio.new_event_loop()
        self.folder = tempfile.TemporaryDirectory()
        self.database = copy_registry(self.office, Path(self.folder.name))
        self.almanac = Almanac(self.database, TestClock(at(BEGIN)), random.Random(0))
        self._run(self.almanac.read())

    def _run(self, work: Awaitable[T]) -> T:
        return self.loop.run_until_complete(work)

    @rule(days=st.integers(1, 5))
    def days_go_by(self, days: int) -> None:
        for _ in range(days):
            self._run(self.almanac.live())
            self.almanac.goes(1)

    @rule(days=st.integers(1, 40))
    def the_bot_is_down(self, days: int) -> None:
        self.almanac.goes(days)

    @rule(jump=st.sampled_from([-1, 1]))
    def the_clock_jumps_and_comes_back(self, jump: int) -> None:
        self.almanac.goes(jump)
        self._run(self.almanac.live())
        self.almanac.goes(-jump)

    @rule(seed=st.integers(0, 10**6), count=st.integers(1, 4))
    def statuses_change_between_planning_and_sending(self, seed: int, count: int) -> None:
        self.almanac.chance = random.Random(seed)
        self._run(self.almanac.live(between=count))
        self.almanac.goes(1)

    @rule()
    def the_sender_is_down(self) -> None:
        self._run(self.almanac.live(send=False))
        self.almanac.goes(1)

    @rule(ahead=st.integers(-3, 10), working=st.booleans())
    def a_day_is_declared(self, ahead: int, working: bool) -> None:
        self._run(self.almanac.declare(self.almanac.today + ahead * DAY, working=working))

    @rule(
        own=st.one_of(st.none(), st.lists(st.integers(0, 60), min_size=1, max_size=5, unique=True))
    )
    def steps_are_changed(self, own: list[int] | None) -> None:
        self._run(self.almanac.set_steps(own))

    def teardown(self) -> None:
        if hasattr(self, "loop"):
            self._run(self.almanac.everything_sent_once())
            self._run(self.database.close())
            self.loop.close()
            self.folder.cleanup()


Time.TestCase.settings = settings(
    max_examples=4,
    stateful_step_count=8,
    suppress_health_check=[HealthCheck.too_slow],
    derandomize=True,
)
TestTime = Time.TestCase
