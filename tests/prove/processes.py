"""Real bot processes against the local Bot API server, and a registry with many notices for them to
send."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from contextlib import nullcontext
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path

from sqlalchemy import text
from sqlmodel import col, select

from models.chats import Chat
from models.notices import Notice, NoticeStatus
from models.people import PostRole
from models.storage.database import Database
from models.storage.statements import run_statement
from scheduler import rules
from scheduler.planning import planner
from tests.support.botapi import TOKEN, BotApi
from tests.support.fakes import ZONE, at, fill

SHARE = float(os.environ.get("PROVE_SHARE", "1"))  # of the counts and times, to try proofs quickly
ROOT = Path(__file__).resolve().parents[2]
MONDAY = date(2026, 10, 19)  # an ordinary one
FIRST_CHAT = 1_000_000
LOG = Path(os.environ["PROVE_LOG"]) if os.environ.get("PROVE_LOG") else None  # of the processes


def take_share(count: int, least: int = 1) -> int:
    """Return how much of a count is done, at least `least`."""
    return max(least, round(count * SHARE))


@dataclass
class Trial:
    """A trial that begins at eight on a Monday: its clock, its server, its registry and the
    processes in it."""

    server: BotApi
    url: str
    rate: float
    lease: float
    begun: float = field(default_factory=time.monotonic)
    processes: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def now(self) -> datetime:
        """The moment of the trial; it goes on while processes come and go."""
        return at(MONDAY, 8, 0) + timedelta(seconds=time.monotonic() - self.begun)

    def start(self, more: Mapping[str, str] | None = None) -> subprocess.Popen[bytes]:
        """Starts the real bot, with `more` in its environment."""
        environment = {
            **os.environ,
            "TELEGRAM_BOT_TOKEN": TOKEN,
            "TELEGRAM_API_URL": self.server.url,
            "DATABASE_URL": self.url,
            "SEND_RATE": str(self.rate),
            "SEND_LEASE": str(self.lease),
            "LOG_LEVEL": "WARNING",
            **(more or {}),
        }
        command = [sys.executable, "-m", "bot", "run", "--now"]
        with LOG.open("ab") if LOG else nullcontext(subprocess.DEVNULL) as log:
            process = subprocess.Popen(
                [*command, self.now().replace(tzinfo=None).isoformat()],
                cwd=ROOT,
                env=environment,
                stdout=subprocess.DEVNULL,
                stderr=log,
            )
        self.processes.append(process)
        return process

    def kill(self, process: subprocess.Popen[bytes]) -> None:
        """SIGKILL: nothing can be tidied up."""
        process.send_signal(signal.SIGKILL)
        process.wait()
        self.processes.remove(process)

    def end(self) -> None:
        """Kills what still runs."""
        for process in list(self.processes):
            self.kill(process)


async def fill_with_people(
    database: Database, people: int, today: date, last_day: date, tasks: int = 1
) -> None:
    """Fill in tasks, due on `last_day`, of `people` agencies with a focal point each."""
    async with fill(database, today, "telegram") as filling:
        agencies = [await filling.agency(f"UBND xã {n}") for n in range(people)]
        for n, agency in enumerate(agencies):
            chat = str(FIRST_CHAT + n)
            await filling.person(f"Người {n}", PostRole.FOCAL_POINT, agency, chat=chat)
        for number in range(tasks):
            await filling.task(f"I.{number + 1}", agencies, last_day, title="Gửi số liệu")


async def plan_notices(database: Database, people: int) -> None:
    """Fill in a task due in seven days of `people` agencies, and plan its notices."""
    begin = MONDAY - timedelta(days=3)
    await fill_with_people(database, people, begin, MONDAY + timedelta(days=7))
    async with database.write() as session:
        in_force = await rules.load_rules(session, rules.Defaults(ZONE))
        planned = await planner.plan_day(session, MONDAY, at(MONDAY, 7), in_force)
    assert planned.notices == people


async def url_of(database: Database) -> str:
    """The address by which another process finds the registry."""
    if database.is_sqlite:
        return f"sqlite:///{database.engine.url.database}"
    async with database.read() as session:
        schema = (await run_statement(session, text("SELECT current_schema()"))).scalar_one()
    address = database.engine.url.set(drivername="postgresql").render_as_string(hide_password=False)
    return f"{address}?schema={schema}"


async def counts(database: Database) -> dict[str, int]:
    """How many notices stand how."""
    async with database.read() as session:
        rows = await run_statement(
            session,
            text(
                "SELECT status, count(*) AS number FROM notice"
                " WHERE kind = 'morning' GROUP BY status"
            ),
        )
        return {row.status: row.number for row in rows}


async def unfinished(database: Database) -> int:
    """How many notices have no end yet."""
    found = await counts(database)
    return sum(
        found.get(s, 0)
        for s in (NoticeStatus.PENDING, NoticeStatus.SENDING, NoticeStatus.UNCERTAIN)
    )


async def in_flight(database: Database) -> set[str]:
    """The addresses of the chats whose notice is claimed at this moment."""
    async with database.read() as session:
        rows = await session.exec(
            select(Chat.address).join(Notice).where(col(Notice.status) == NoticeStatus.SENDING)
        )
        return set(rows)


@dataclass
class Arrived:
    """What the server took: chats without a message, messages beyond the first, and those among
    them without a mark."""

    missing: list[int]
    doubled: dict[int, int]
    unmarked: list[int]


def arrived(server: BotApi, people: int) -> Arrived:
    """What arrived of the reminders of `fill`."""
    result = Arrived([], {}, [])
    for chat in range(FIRST_CHAT, FIRST_CHAT + people):
        texts = [sent.text for sent in server.messages(chat)]
        if not texts:
            result.missing.append(chat)
        if len(texts) > 1:
            result.doubled[chat] = len(texts) - 1
            if not all(text.startswith("(gửi lại)") for text in texts[1:]):
                result.unmarked.append(chat)
    return result
