"""The Telegram channel: questions a second next to a bare echo bot, start, memory.

Server, bot and echo bot are processes of their own; the bot is the real `python -m bot run` with
the sample plan.
"""

from __future__ import annotations

import asyncio
import os
import sys
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from pathlib import Path
from typing import IO, Any
from zoneinfo import ZoneInfo

from tests.bench.rows import Row, make_row
from tests.support.botapi import TOKEN, Remote

CHATS = 200  # people who ask side by side, each the next question when the last is answered
QUESTION = "nhiệm vụ của Sở Nội vụ"
FEWEST = 100  # questions before the measured ones
RATE = "10000"  # messages a second: the bench measures the way, not Telegram's limits


@asynccontextmanager
async def process(
    *command: str, stderr: IO[bytes] | int = asyncio.subprocess.DEVNULL, **environment: str
) -> AsyncIterator[asyncio.subprocess.Process]:
    """A Python process of the project's modules, stopped in order afterwards."""
    started = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        *command,
        stdout=asyncio.subprocess.PIPE,
        stderr=stderr,
        env={**os.environ, **environment},
    )
    try:
        yield started
    finally:
        if started.returncode is None:
            started.terminate()
        await started.wait()


@asynccontextmanager
async def server(delay: float = 0.0, scale: float = 0.0) -> AsyncIterator[Remote]:
    """The strict server, its limits times `scale` (0: none)."""
    options = ("--delay", str(delay), "--scale", str(scale), "--open-house")
    async with process("tests.support.botapi", *options) as started:
        assert started.stdout is not None
        yield Remote((await started.stdout.readline()).decode().strip())


@asynccontextmanager
async def bot(
    remote: Remote, *command: str, **environment: str
) -> AsyncIterator[tuple[int, float]]:
    """A bot that polls `remote`: its process id, and the seconds from start to first poll."""
    began = time.time()
    settings = {"TELEGRAM_API_URL": remote.url, "TELEGRAM_BOT_TOKEN": TOKEN, **environment}
    with tempfile.TemporaryFile() as told:
        async with process(*command, stderr=told, **settings) as started:
            stats: dict[str, Any] = {}
            while not stats.get("first_poll_at"):
                if started.returncode is not None or time.time() - began > 30:
                    told.seek(0)
                    raise RuntimeError(
                        f"{' '.join(command)} does not poll: {told.read().decode()[-2000:]}"
                    )
                await asyncio.sleep(0.02)
                stats = await remote.stats()
            yield started.pid, stats["first_poll_at"] - began


async def rate(remote: Remote, questions: int) -> float:
    """Answered questions a second, after a few that are not measured."""
    await remote.set(keep_calls=False)
    await remote.load(chats=CHATS, questions=FEWEST, text=QUESTION)
    done = await remote.load(chats=CHATS, questions=questions, text=QUESTION)
    if done["kinds"] != 1:  # a fault's answer has a number of its own
        raise RuntimeError(f"{done['kinds']} different answers to one question")
    return float(done["answered"] / done["seconds"])


async def echo_rate(delay: float, questions: int) -> float:
    """The bare echo bot's figure."""
    async with server(delay) as remote, bot(remote, "tests.bench.echo"):
        return await rate(remote, questions)


async def run_figures(delay: float, questions: int, registry: str) -> tuple[float, float, float]:
    """The bot's: questions a second, seconds to the first poll, megabytes resident afterwards."""
    settings = {
        "DATABASE_URL": registry,
        "SEND_RATE": RATE,
        "QUESTIONS_OPEN": "true",
        "LOG_LEVEL": "WARNING",
    }
    async with server(delay) as remote, bot(remote, "bot", "run", **settings) as (pid, seconds):
        return await rate(remote, questions), seconds, resident(pid)


def resident(pid: int) -> float:
    """The resident memory of a process, in megabytes (Linux)."""
    lines = Path(f"/proc/{pid}/status").read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) / 1024 for line in lines if line.startswith("VmRSS"))


async def sample_registry(folder: str) -> str:
    """A registry with the sample plan; returns its address."""
    from bot.application import open_registry
    from handlers.plans.sample import load_sample

    url = f"sqlite:///{folder}/bench.db"
    async with open_registry(url) as database:
        await load_sample(database, datetime.now(ZoneInfo("Asia/Ho_Chi_Minh")))
    return url


async def measure() -> list[Row]:
    """All rows; echo bot and bot take turns, so that a busy machine is busy for both."""
    rows: list[Row] = []
    with tempfile.TemporaryDirectory() as folder:
        registry = await sample_registry(folder)
        starts: list[float] = []
        memory = 0.0
        for name, delay, echoed, asked, limit in (
            ("at once", 0.0, 1000, 1000, 0.5),
            ("after 50 ms", 0.05, 100, 1000, 3),
        ):
            bare = await echo_rate(delay, echoed)
            own, seconds, megabytes = await run_figures(delay, asked, registry)
            starts.append(seconds)
            memory = max(memory, megabytes)
            measure = f"Telegram: questions answered a second, server answers {name}, to echo bot"
            figure = f"{own / bare:.2f} ({own:.0f}/s, echo bot {bare:.0f}/s)"
            rows.append(Row(measure, figure, f">= {limit}", own / bare >= limit))
        start = "Telegram: start of run to the first getUpdates"
        rows.append(make_row(start, min(starts), 1.5, "{:.2f} s"))
        rows.append(
            make_row("Telegram: resident memory after 1,000 questions", memory, 150, "{:.0f} MB")
        )
    return rows


def rows() -> list[Row]:
    """Return the rows of this bench."""
    return asyncio.run(measure())


if __name__ == "__main__":
    for row in rows():
        print(row.format_line())
