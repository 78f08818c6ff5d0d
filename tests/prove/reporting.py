"""A registry with many focal points who report a task done, and what became of their reports."""

from __future__ import annotations

import asyncio
import os
import random
import re
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date

from sqlmodel import col, select

from models.assignments import Assignment, Report
from models.people import Person
from models.plans import Task
from models.storage.database import Database
from tests.prove.processes import FIRST_CHAT, ROOT
from tests.support.botapi import TOKEN, BotApi

SAID = "đã xong I.{task}, công văn số {number}/BC-UBND"
TOLD_OF = re.compile(r"\bI\.(\d+)\b")


@dataclass
class Bot:
    """The real bot process on a registry, which comes and goes."""

    server: BotApi
    url: str
    rate: float = 100
    processes: list[subprocess.Popen[bytes]] = field(default_factory=list)
    lives: list[float] = field(default_factory=list)  # when each process ended

    def start(self) -> subprocess.Popen[bytes]:
        """Starts it, with the clock of the machine."""
        environment = {
            **os.environ,
            "TELEGRAM_BOT_TOKEN": TOKEN,
            "TELEGRAM_API_URL": self.server.url,
            "DATABASE_URL": self.url,
            "SEND_RATE": str(self.rate),
            "SEND_LEASE": "2",
            "LOG_LEVEL": "WARNING",
        }
        process = subprocess.Popen(
            [sys.executable, "-m", "bot", "run"],
            cwd=ROOT,
            env=environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        self.processes.append(process)
        return process

    async def end(self, process: subprocess.Popen[bytes], with_signal: int) -> None:
        """Sends a signal and waits for the end."""
        process.send_signal(with_signal)
        await asyncio.to_thread(process.wait)
        self.processes.remove(process)
        self.lives.append(time.monotonic())

    async def end_all(self) -> None:
        """Kills what still runs."""
        for process in list(self.processes):
            await self.end(process, signal.SIGKILL)


@dataclass
class Outcome:
    """What became of the reports, each named by chat and task.

    Those without a row, with several, without a word, told twice without a mark, and how many were
    told twice with one.
    """

    lost: list[tuple[int, int]]
    doubled: list[tuple[int, int]]
    untold: list[tuple[int, int]]
    unmarked: list[tuple[int, int]]
    marked: int
    days: set[date | None]
    repeats: list[list[str]]  # the texts of those told again without a mark

    @property
    def faults(self) -> tuple[int, int, int, int]:
        """How many were lost, doubled, not told, and told again without a mark."""
        return len(self.lost), len(self.doubled), len(self.untold), len(self.unmarked)


async def judge(database: Database, server: BotApi, people: int, tasks: int = 1) -> Outcome:
    """Compares what was said with the registry and with what the server took."""
    async with database.read() as session:
        rows = await session.exec(
            select(Person.address, Task.key, Assignment)
            .join(Report, col(Report.person_id) == Person.id)
            .join(Assignment, col(Assignment.id) == Report.assignment_id)
            .join(Task, col(Task.id) == Assignment.task_id)
        )
        found = [(int(address), key, assignment.done_on) for address, key, assignment in rows]
    reports = Counter((chat, int(key.removeprefix("I."))) for chat, key, _ in found)
    said = [(FIRST_CHAT + n, t + 1) for t in range(tasks) for n in range(people)]
    told = find_told(server, people)
    unmarked = [
        one
        for one, texts in told.items()
        if any(not text.startswith("(gửi lại)") for text in texts[1:])
    ]
    return Outcome(
        lost=[one for one in said if not reports[one]],
        doubled=[one for one in said if reports[one] > 1],
        untold=[one for one in said if one not in told],
        unmarked=unmarked,
        marked=sum(len(texts) > 1 for texts in told.values()),
        days={day for _, _, day in found},
        repeats=[told[one] for one in unmarked],
    )


def find_told(server: BotApi, people: int) -> dict[tuple[int, int], list[str]]:
    """The messages that tell of a report, by chat and task."""
    told: dict[tuple[int, int], list[str]] = {}
    for sent in server.order:
        if FIRST_CHAT <= sent.chat < FIRST_CHAT + people:
            for task in set(TOLD_OF.findall(sent.text)):
                told.setdefault((sent.chat, int(task)), []).append(sent.text)
    return told


def say_report(server: BotApi, number: int, task: int = 1) -> None:
    """Lets the focal point with this number report."""
    server.says(FIRST_CHAT + number, SAID.format(task=task, number=number + 1))


async def wait_until_told(server: BotApi, people: int, tasks: int = 1, *, seconds: float) -> None:
    """Waits until every report was told of; raises TimeoutError."""
    begun = time.monotonic()
    while (missing := people * tasks - len(find_told(server, people))) > 0:
        if time.monotonic() - begun > seconds:
            raise TimeoutError(f"{missing} reports were not told of")
        await asyncio.sleep(0.25)


async def interrupt(
    bot: Bot, times: int, dice: random.Random, choose: Callable[[int], int], longest: float
) -> None:
    """Starts the bot `times` times and ends it with the chosen signal at a random moment."""
    for number in range(times):
        before, process = bot.server.counts["getupdates 200"], bot.start()
        begun = time.monotonic()
        while bot.server.counts["getupdates 200"] == before and time.monotonic() - begun < 40:
            if dice.random() < 0.005:  # some are ended while they start
                break
            await asyncio.sleep(0.05)
        await asyncio.sleep(dice.random() * longest)
        await bot.end(process, choose(number))
