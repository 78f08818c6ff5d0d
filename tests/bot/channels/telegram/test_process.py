"""The real bot process (`python -m bot run`) against the local server."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bot.application import open_registry
from handlers.plans.sample import load_sample
from language.agencies.directory import load_standard_directory
from plans.reading import plan_file
from plans.registry.compare import compare_plan
from plans.registry.writer import PlanWriter
from plans.sample import make_sample_plan
from tests.support.botapi import BotApi

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
AN = 101
SECONDS = 30.0  # a busy machine starts slowly
THROWN = (
    "/khongco",
    "x" * 4096,
    "\u202e\u200f",
    "😀" * 500,
    "<b>",
    "' OR 1=1 --",
    "/",
    "&amp;<i>x",
)


@pytest.fixture
async def sample(tmp_path: Path) -> str:
    """The address of a registry with the tasks of the sample plan, as if they were real."""
    url = f"sqlite:///{tmp_path}/bot.db"
    async with open_registry(url) as database, database.write() as session:
        now = datetime.now(ZONE)
        plan = make_sample_plan(now.date())
        writer = PlanWriter(session, load_standard_directory(), now, now.date())
        await writer.write_plan(plan, await compare_plan(session, plan))
    return url


@pytest.fixture
async def server() -> AsyncIterator[BotApi]:
    async with BotApi() as api:
        api.person(AN, "An")
        yield api


@asynccontextmanager
async def bot(
    server: BotApi, database: str, token: str | None = None, *options: str
) -> AsyncIterator[asyncio.subprocess.Process]:
    """The bot, started with `options` and, if it still runs, stopped in order."""
    environment = {
        **os.environ,
        "TELEGRAM_BOT_TOKEN": token or server.token,
        "TELEGRAM_API_URL": server.url,
        "DATABASE_URL": database,
        "QUESTIONS_OPEN": "true",
        "SEND_RATE": "30000",
    }
    command = (sys.executable, "-m", "bot", "run", *options)
    process = await asyncio.create_subprocess_exec(
        *command, stderr=asyncio.subprocess.PIPE, env=environment
    )
    try:
        yield process
    finally:
        if process.returncode is None:
            process.send_signal(signal.SIGTERM)
        await process.communicate()


async def test_it_answers_one_many_and_whatever_is_thrown_and_ends_in_order(
    server: BotApi, sample: str
) -> None:
    server.people(1000, 40)
    async with bot(server, sample) as process:
        server.says(AN, "/giup")
        server.says(AN, "nhiem vu cua so noi vu")
        first, *_ = await server.sent(AN, 2, seconds=SECONDS)
        for number in range(40):
            server.says(1000 + number, "nhiệm vụ của Sở Nội vụ")
        await server.until(lambda: len(server.order) == 42, seconds=SECONDS)
        for text in THROWN:
            server.says(AN, text)
        server.sends_sticker(AN)
        thrown = (await server.sent(AN, 2 + len(THROWN) + 1, seconds=SECONDS))[2:]
    assert first.text
    assert len({message.text for message in server.order if message.chat != AN}) == 1
    assert not [message for message in thrown if "có lỗi" in message.text]
    assert not [call for call in server.calls if call.outcome.startswith("400")]
    assert process.returncode == 0


async def test_after_a_trial_it_holds_nothing_of_the_sample_runs_once_and_goes_on_when_killed(
    server: BotApi, tmp_path: Path
) -> None:
    url = f"sqlite:///{tmp_path}/trial.db"
    async with open_registry(url) as database:
        await load_sample(database, datetime.now(ZONE))
    async with bot(server, url) as process:
        server.says(AN, "nhiệm vụ của Sở Nội vụ")
        (first,) = await server.sent(AN, 1, seconds=SECONDS)
        async with bot(server, url) as second:
            assert second.stderr is not None
            told = (await asyncio.wait_for(second.stderr.read(), SECONDS)).decode()
            assert await asyncio.wait_for(second.wait(), SECONDS) == 1
        process.kill()
    assert "kế hoạch nào" in first.text
    assert (told.count("\n"), f"{tmp_path}/trial.db" in told) == (1, True)
    async with bot(server, url):
        server.says(AN, "việc tuần này")
        await server.sent(AN, 2, seconds=SECONDS)


async def test_a_wrong_token_ends_with_one_line(server: BotApi, sample: str) -> None:
    async with bot(server, sample, "110201543:" + "x" * 35) as process:
        assert process.stderr is not None
        told = (await asyncio.wait_for(process.stderr.read(), SECONDS)).decode()
        assert await asyncio.wait_for(process.wait(), SECONDS) == 1
    assert "TELEGRAM_BOT_TOKEN" in told
    assert "x" * 35 not in told
    assert "Traceback" not in told


async def test_a_real_plan_is_asked_about(server: BotApi, shared: Path, tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/real.db"
    async with open_registry(url) as database:
        plan = plan_file.read_plan_file(shared / "gold" / "000.json").plan
        async with database.write() as session:
            writer = PlanWriter(
                session,
                load_standard_directory(),
                datetime(2017, 7, 20, 9, tzinfo=ZONE),
                date(2017, 7, 20),
            )
            await writer.write_plan(plan, await compare_plan(session, plan))
    async with bot(server, url, None, "--now", "2017-10-02T09:00"):
        server.says(AN, "nhiệm vụ của Sở Tư pháp")
        (first,) = await server.sent(AN, 1, seconds=SECONDS)
    assert first.text.startswith("24 nhiệm vụ")
    assert first.text.count("thứ Bảy 14/10/2017 – còn 12 ngày") == 2
