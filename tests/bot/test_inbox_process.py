"""Reports that wait while the real bot is killed or stopped: none lost, none twice, all told."""

from __future__ import annotations

import random
import signal
from datetime import datetime, timedelta

import pytest

from models.storage.database import Database
from tests.prove.processes import FIRST_CHAT, fill_with_people
from tests.prove.reporting import (
    Bot,
    interrupt,
    judge,
    say_report,
    wait_until_told,
)
from tests.support.botapi import BotApi
from tests.support.fakes import ZONE

PEOPLE = 40


@pytest.mark.parametrize("name", [signal.SIGKILL, signal.SIGTERM])
async def test_reports_survive_the_end_of_the_process(sqlite: Database, name: int) -> None:
    today = datetime.now(ZONE).date()
    await fill_with_people(sqlite, PEOPLE, today, today + timedelta(days=60))
    async with BotApi(delay=0.05) as server:
        server.people(FIRST_CHAT, PEOPLE)
        bot = Bot(server, f"sqlite:///{sqlite.engine.url.database}")
        for number in range(PEOPLE):
            say_report(server, number)
        try:
            # Once: what was under way twice waits half a minute for quiet; `make prove` has many.
            await interrupt(bot, 1, random.Random(name), lambda _: name, 0.8)
            starts, last = server.counts["getme 200"], bot.start()
            await wait_until_told(server, PEOPLE, seconds=60)
            # Those before may have told everybody already: the last may still be starting.
            await server.until(lambda: server.counts["getme 200"] > starts, seconds=60)
            await bot.end(last, signal.SIGTERM)
            code = last.returncode
        finally:
            await bot.end_all()
        found = await judge(sqlite, server, PEOPLE)
    assert (found.lost, found.doubled, found.untold, found.unmarked) == ([], [], [], [])
    assert len(found.days) == 1
    assert code == 0
