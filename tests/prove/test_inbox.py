"""What people say while the real bot is killed, stopped, locked out and refused by its server."""

from __future__ import annotations

import asyncio
import multiprocessing
import random
import signal
import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from multiprocessing.synchronize import Event
from typing import Any

import pytest
from sqlalchemy import text

from models.storage.database import Database
from tests.prove.processes import (
    FIRST_CHAT,
    Trial,
    arrived,
    fill_with_people,
    plan_notices,
    take_share,
    url_of,
)
from tests.prove.reporting import (
    Bot,
    Outcome,
    interrupt,
    judge,
    say_report,
    wait_until_told,
)
from tests.support.botapi import Allowed, BotApi, FaultKind
from tests.support.fakes import ZONE

pytestmark = pytest.mark.prove

KILLS, STOPS = take_share(50), take_share(15)  # on each of two ways, and on each database
PEOPLE, TASKS = 300, 25
LONGEST_LIFE = 1.0  # seconds after the first poll
PER_SECOND = 20
LONGEST = 300.0  # seconds that the last process has to finish
FAULTS: tuple[FaultKind, ...] = ("server_fault", "bad_gateway", "drop", "deliver_then_drop")


async def _fill(database: Database, people: int, tasks: int = 1) -> None:
    today = datetime.now(ZONE).date()
    await fill_with_people(database, people, today, today + timedelta(days=60), tasks)


async def _say_at_once(server: BotApi, bot: Bot, killing: asyncio.Task[None]) -> int:
    """Everybody reports at the same time, and again after some lives of the process."""
    for task in range(1, TASKS + 1):
        for number in range(PEOPLE):
            say_report(server, number, task)
        lives = len(bot.lives) + max(2, (KILLS + STOPS) // 8)
        while len(bot.lives) < lives and not killing.done():
            await asyncio.wait({killing}, timeout=0.1)
        if killing.done():
            return task
    return TASKS


async def _say_steadily(server: BotApi, bot: Bot, killing: asyncio.Task[None]) -> int:
    """Somebody reports every 50 ms; rounds of all people, so that each round is whole."""
    for task in range(1, TASKS + 1):
        for number in range(PEOPLE):
            say_report(server, number, task)
            await asyncio.sleep(1 / PER_SECOND)
        if killing.done():
            return task
    return TASKS


@pytest.mark.parametrize("say_reports", [_say_at_once, _say_steadily])
async def test_no_report_is_lost_by_kills_and_stops(database: Database, say_reports: Any) -> None:
    await _fill(database, PEOPLE, TASKS)
    dice = random.Random(7)
    signals = [signal.SIGKILL] * KILLS + [signal.SIGTERM] * STOPS
    dice.shuffle(signals)
    async with BotApi(delay=0.02) as server:
        server.people(FIRST_CHAT, PEOPLE)
        bot = Bot(server, await url_of(database))
        killing = asyncio.create_task(
            interrupt(bot, len(signals), dice, lambda number: signals[number], LONGEST_LIFE)
        )
        try:
            tasks = await say_reports(server, bot, killing)
            await killing
            last = bot.start()
            await wait_until_told(server, PEOPLE, tasks, seconds=LONGEST)
            await bot.end(last, signal.SIGTERM)
        finally:
            killing.cancel()
            await bot.end_all()
        found = await judge(database, server, PEOPLE, tasks)
    _tell(f"{PEOPLE * tasks} reports, {KILLS} killed, {STOPS} stopped", found)
    assert found.faults == (0, 0, 0, 0)
    assert len(found.days) <= 2  # two if the proof ran over midnight


def _tell(what: str, found: Outcome) -> None:
    print(
        f"{what}: lost, doubled, not told, told again without a mark {found.faults},"
        f" told again with a mark {found.marked}",
        *found.repeats,
        sep="\n",
    )


@asynccontextmanager
async def _lock_registry(database: Database) -> AsyncIterator[None]:
    """Another process holds the registry's file, or its tables."""
    if not database.is_sqlite:
        async with database.engine.begin() as connection:
            # In the order in which a handler writes them: no deadlock.
            await connection.execute(text("LOCK TABLE handled_update, report, inbox"))
            yield
        return
    way = multiprocessing.get_context("spawn")
    locked, release = way.Event(), way.Event()
    holder = way.Process(
        target=_hold_file, args=(str(database.engine.url.database), locked, release)
    )
    holder.start()
    await asyncio.to_thread(locked.wait)
    try:
        yield
    finally:
        release.set()
        await asyncio.to_thread(holder.join)


def _hold_file(path: str, locked: Event, release: Event) -> None:
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("BEGIN EXCLUSIVE")
    locked.set()
    release.wait()
    connection.execute("ROLLBACK")


async def test_no_report_is_lost_while_another_process_holds_the_registry(
    database: Database,
) -> None:
    await _fill(database, PEOPLE)
    async with BotApi() as server:
        server.people(FIRST_CHAT, PEOPLE)
        bot = Bot(server, await url_of(database))
        first = bot.start()
        try:
            await server.until(lambda: server.counts["sendmessage 200"] or server.first_poll_at)
            for number in range(PEOPLE // 2):
                say_report(server, number)
            await asyncio.sleep(0.3)  # some are handled, some stored, some on their way
            async with _lock_registry(database):
                for number in range(PEOPLE // 2, PEOPLE):
                    say_report(server, number)
                await asyncio.sleep(20)
                await bot.end(first, signal.SIGKILL)
                second = bot.start()
                await asyncio.sleep(10)
            if second.poll() is not None:  # it could not even read the registry's version
                bot.processes.remove(second)
                second = bot.start()
            await wait_until_told(server, PEOPLE, seconds=LONGEST)
            await bot.end(second, signal.SIGTERM)
        finally:
            await bot.end_all()
        found = await judge(database, server, PEOPLE)
    _tell("the registry locked for 30 s and a kill meanwhile", found)
    assert found.faults == (0, 0, 0, 0)


async def test_no_report_is_lost_when_answers_meet_faults(database: Database) -> None:
    await _fill(database, PEOPLE)
    async with BotApi() as server:
        server.people(FIRST_CHAT, PEOPLE)
        server.fails_at_random(0.3, FAULTS, seed=3)
        bot = Bot(server, await url_of(database))
        bot.start()
        try:
            for number in range(PEOPLE):
                say_report(server, number)
                await asyncio.sleep(1 / PER_SECOND)
            await wait_until_told(server, PEOPLE, seconds=LONGEST)
            server.heals()
            await asyncio.sleep(5)  # what was uncertain comes again
        finally:
            await bot.end_all()
        found = await judge(database, server, PEOPLE)
    _tell("30 % of the answers met 5xx or a broken connection", found)
    assert found.faults == (0, 0, 0, 0)


async def test_questions_at_the_public_limit_outlive_a_stop(database: Database) -> None:
    people = 600
    await _fill(database, people)
    async with BotApi(limits=Allowed()) as server:
        server.people(FIRST_CHAT, people)
        bot = Bot(server, await url_of(database), rate=30)
        for number in range(people):
            server.says(FIRST_CHAT + number, "việc của tôi")
        first = bot.start()
        try:
            await server.until(lambda: len(server.order) >= people // 3, seconds=60)
            await bot.end(first, signal.SIGTERM)
            told = len(server.order)
            bot.start()
            chats = range(FIRST_CHAT, FIRST_CHAT + people)
            await server.until(lambda: all(server.messages(chat) for chat in chats), seconds=60)
        finally:
            await bot.end_all()
        found = arrived(server, people)
        refused = sum(n for call, n in server.counts.items() if call.endswith(" 429"))
    again = f"{len(found.doubled)} told again (unmarked {len(found.unmarked)})"
    print(f"{told} of {people} told before the stop, {again}, {refused} × 429")
    assert not found.missing
    assert not found.doubled
    assert not refused


async def test_a_stop_doubles_no_reminder(database: Database) -> None:
    people = 400
    await plan_notices(database, people)
    async with BotApi(limits=Allowed(), delay=0.2) as server:
        server.people(FIRST_CHAT, people)
        trial = Trial(server, await url_of(database), 30, 5.0)
        try:
            for share in (1, 2, 3):
                process = trial.start()
                await _wait_for_messages(server, people * share // 4)
                process.send_signal(signal.SIGTERM)
                assert await asyncio.to_thread(process.wait) == 0
                trial.processes.remove(process)
            trial.start()
            await server.until(lambda: len(server.order) >= people, seconds=LONGEST)
            await asyncio.sleep(3)  # what would be doubled comes now
        finally:
            trial.end()
        found = arrived(server, people)
    print(f"3 stops among {people} reminders: {len(found.doubled)} doubled")
    assert not found.missing
    assert not found.doubled


async def _wait_for_messages(server: BotApi, count: int) -> None:
    await server.until(lambda: len(server.order) >= count, seconds=60)
