"""The kill test, and two processes on one registry (reminders.md, "Never lost, never doubled")."""

from __future__ import annotations

import asyncio
import random
import time
from collections import Counter

import pytest
from sqlalchemy import text

from models.storage.database import Database
from models.storage.statements import run_statement
from tests.prove.processes import (
    FIRST_CHAT,
    Trial,
    arrived,
    in_flight,
    plan_notices,
    take_share,
    unfinished,
    url_of,
)
from tests.support.botapi import Allowed, BotApi

pytestmark = pytest.mark.prove

PEOPLE, KILLS = take_share(2_000, least=200), take_share(100)
LEASE = 2.0  # seconds; a minute in earnest
RATE = 38.0  # messages a second, so that there is work for a hundred killed processes
LONGEST_LIFE = 1.2  # seconds that a process may send before it is killed
AT_ONCE = 0.15  # share of the processes that are killed while they start


async def test_killed_a_hundred_times_every_notice_arrives(database: Database) -> None:
    await plan_notices(database, PEOPLE)
    dice = random.Random(5)
    flying: set[str] = set()
    async with BotApi(limits=Allowed.times(10)) as server:
        server.people(FIRST_CHAT, PEOPLE)
        trial = Trial(server, await url_of(database), RATE, LEASE)
        try:
            for number in range(KILLS):
                sent_before = len(server.order)
                process = trial.start()
                if dice.random() < AT_ONCE:
                    await asyncio.sleep(dice.random() * 1.5)
                else:
                    await _until_sending(server, sent_before, seconds=8)
                    await asyncio.sleep(dice.random() * LONGEST_LIFE)
                trial.kill(process)
                flying |= await in_flight(database)
                if number % 10 == 9:
                    left = await unfinished(database)
                    print(f"{number + 1} killed, {len(server.order)} messages, {left} to go")
            trial.start()
            await _until_done(database, seconds=180)
        finally:
            trial.end()
        found = arrived(server, PEOPLE)
    print(
        f"{len(found.doubled)} of {PEOPLE} doubled,"
        f" {len(flying)} were in flight at one of {KILLS} kills"
    )
    assert not found.missing
    assert not found.unmarked
    assert {str(chat) for chat in found.doubled} <= flying


async def _until_sending(server: BotApi, before: int, *, seconds: float) -> None:
    """Until the process has sent something, or (there is nothing left to send) the time is over."""
    try:
        await server.until(lambda: len(server.order) > before, seconds=seconds)
    except TimeoutError:
        return


async def _until_done(database: Database, *, seconds: float) -> float:
    begun = time.monotonic()
    while await unfinished(database):
        if time.monotonic() - begun > seconds:
            raise TimeoutError(f"{await unfinished(database)} notices have no end")
        await asyncio.sleep(0.2)
    return time.monotonic() - begun


async def test_two_processes_share_the_work_and_one_takes_over(database: Database) -> None:
    if database.is_sqlite:
        pytest.skip("two processes are for PostgreSQL")
    await plan_notices(database, PEOPLE)
    async with BotApi(limits=Allowed.times(10)) as server:
        server.people(FIRST_CHAT, PEOPLE)
        trial = Trial(server, await url_of(database), RATE, LEASE)
        try:
            first, _ = trial.start(), trial.start()
            await server.until(lambda: len(server.order) >= PEOPLE // 2, seconds=120)
            shares = await _shares(database)
            trial.kill(first)
            flying = await in_flight(database)
            await _until_done(
                database, seconds=120
            )  # the other takes them over when the lease is over
        finally:
            trial.end()
        found = arrived(server, PEOPLE)
    print(
        f"shares before the kill {shares}, {len(found.doubled)} doubled of {len(flying)} in flight"
    )
    assert len(shares) == 2
    assert min(shares.values()) > sum(shares.values()) / 4
    assert not found.missing
    assert not found.unmarked
    assert {str(chat) for chat in found.doubled} <= flying


async def _shares(database: Database) -> Counter[str]:
    async with database.read() as session:
        rows = await run_statement(
            session,
            text(
                "SELECT claimed_by, count(*) AS number FROM notice"
                " WHERE status = 'sent' GROUP BY claimed_by"
            ),
        )
        return Counter({row.claimed_by: row.number for row in rows})
