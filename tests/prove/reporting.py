"""A registry with many focal points who report a task done, and what became of their reports."""

from __future__ import annotations

import asyncio
import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models.agencies import Agency
from models.assignments import Assignment, Report
from models.chats import Chat
from models.milestones import Deadline, TaskMilestone
from models.people import Person, Post, PostRole
from models.plans import Plan, Task
from models.storage.database import Database
from tests.prove.processes import FIRST_CHAT, ROOT
from tests.support.botapi import TOKEN, BotApi
from tests.support.fakes import ZONE

SAID = "đã xong I.1, công văn số {number}/BC-UBND"


@dataclass
class Bot:
    """The real bot process on a registry, which comes and goes."""

    server: BotApi
    url: str
    processes: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def start(self) -> subprocess.Popen[bytes]:
        """Starts it, with the clock of the machine."""
        environment = {
            **os.environ,
            "TELEGRAM_BOT_TOKEN": TOKEN,
            "TELEGRAM_API_URL": self.server.url,
            "DATABASE_URL": self.url,
            "SEND_RATE": "100",
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

    async def end_all(self) -> None:
        """Kills what still runs."""
        for process in list(self.processes):
            await self.end(process, signal.SIGKILL)


async def fill_with_people(database: Database, people: int) -> None:
    """One task with its own agency and focal point for each of `people`."""
    today = datetime.now(ZONE).date()
    now = datetime.now(ZONE)
    async with database.write() as session:
        plan = Plan(identity="p", title="Kế hoạch", number="1/KH", imported_at=now)
        session.add(plan)
        await session.flush()
        task = Task(
            plan_id=plan.id or 0, position=0, key="I.1", title="Gửi số liệu", search_text="so lieu"
        )
        agencies = [Agency(name=f"UBND xã {n}", folded=f"ubnd xa {n}") for n in range(people)]
        persons = [
            Person(
                channel="telegram", address=str(FIRST_CHAT + n), name=f"Người {n}", joined_at=now
            )
            for n in range(people)
        ]
        session.add_all([task, *agencies, *persons])
        await session.flush()
        milestone = TaskMilestone(task_id=task.id or 0, position=0, kind="date")
        session.add(milestone)
        await session.flush()
        last_day = today + timedelta(days=60)
        deadline = Deadline(task_id=task.id or 0, milestone_id=milestone.id, last_day=last_day)
        session.add(deadline)
        await session.flush()
        for agency, person in zip(agencies, persons, strict=True):
            _add_focal_point(session, person, agency, now)
            session.add(
                Assignment(
                    plan_id=plan.id or 0,
                    task_id=task.id or 0,
                    deadline_id=deadline.id or 0,
                    agency_id=agency.id,
                    lead_id=agency.id,
                    last_day=last_day,
                    made_on=today,
                    changed_at=now,
                )
            )


def _add_focal_point(session: AsyncSession, person: Person, agency: Agency, now: datetime) -> None:
    session.add(
        Post(person_id=person.id or 0, role=PostRole.FOCAL_POINT, agency_id=agency.id, made_at=now)
    )
    session.add(
        Chat(
            channel="telegram",
            address=person.address,
            kind="private",
            title=person.name,
            person_id=person.id,
        )
    )


@dataclass
class Outcome:
    """What became of the reports: chats without a row, with several, without a word, told twice
    without a mark, and how many were told twice with one."""

    lost: list[int]
    doubled: list[int]
    untold: list[int]
    unmarked: list[int]
    marked: int
    days: set[date | None]


async def judge(database: Database, server: BotApi, people: int) -> Outcome:
    """Compares what was said with the registry and with what the server took."""
    async with database.read() as session:
        rows = await session.exec(
            select(Person.address, Assignment)
            .join(Report, col(Report.person_id) == Person.id)
            .join(Assignment, col(Assignment.id) == Report.assignment_id)
        )
        found = [(address, assignment.done_on) for address, assignment in rows]
    reports = Counter(int(address) for address, _ in found)
    chats = range(FIRST_CHAT, FIRST_CHAT + people)
    untold, unmarked, marked = [], [], 0
    for chat in chats:
        texts = [sent.text for sent in server.messages(chat)]
        if not texts:
            untold.append(chat)
        repeats = [text for text in texts[1:] if not text.startswith("(gửi lại)")]
        if repeats:
            unmarked.append(chat)
        marked += len(texts) > 1
    return Outcome(
        lost=[chat for chat in chats if not reports[chat]],
        doubled=[chat for chat in chats if reports[chat] > 1],
        untold=untold,
        unmarked=unmarked,
        marked=marked,
        days={day for _, day in found},
    )


def say_report(server: BotApi, number: int) -> None:
    """Lets the focal point with this number report."""
    server.says(FIRST_CHAT + number, SAID.format(number=number + 1))


async def wait_until_told(server: BotApi, people: int, *, seconds: float) -> None:
    """Waits until every chat has a message; raises TimeoutError."""
    chats = range(FIRST_CHAT, FIRST_CHAT + people)
    await server.until(lambda: all(server.messages(chat) for chat in chats), seconds=seconds)


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
