"""Reminders: planning a day of a million assignments, finding what is due, a bare job store.

Planning runs in a process of its own, so that its memory is what it needs alone.
"""

from __future__ import annotations

import asyncio
import json
import logging
import resource
import subprocess
import sys
import tempfile
import time
import uuid
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from apscheduler.jobstores.sqlalchemy import SQLAlchemyJobStore
from apscheduler.schedulers.background import BackgroundScheduler
from sqlalchemy import Date, bindparam, text

from migrations.upgrade import upgrade
from models.storage.database import Database
from models.storage.statements import run_statement
from scheduler import rules
from scheduler.defaults import DEFAULT_REMIND_AT
from scheduler.due_sql import DUE_NOTICES
from scheduler.planning import planner
from scheduler.sender import NoticeSender
from tests.bench.rows import Row, make_row
from tests.prove import processes
from tests.support.fakes import FakeDelivery, TestClock, at
from tests.support.registries import POSTGRES_URL

ASSIGNMENTS, CHATS, TASKS = 1_000_000, 10_000, 50_000
# an ordinary one: the weekly word of all that is long overdue falls on it
MONDAY = date(2026, 10, 19)
PAST, COMING = 180, 550  # days that the last days lie around it
SENT = 1_000  # notices
PLANNING_LIMIT = 10.0  # seconds
SENDING_LIMIT = 30  # notices a second, as Telegram allows
JOBS, DUE_AT_ONCE = 100_000, 1_000
ZONE = ZoneInfo("Asia/Ho_Chi_Minh")

_NUMBERS = "WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i + 1 < {count}) "
_FILL = (
    """INSERT INTO plan (id, identity, title, sample, evidence_needed, imported_at)
       VALUES (1, 'bench', 'Bench', FALSE, FALSE, '2026-01-05 00:00:00')""",
    _NUMBERS
    + """INSERT INTO agency (id, name, folded, collective)
       SELECT i + 1, 'A' || i, 'a' || i, FALSE FROM n""",
    _NUMBERS
    + """INSERT INTO person (id, channel, address, name, joined_at)
       SELECT i + 1, 'test', 'c' || i, 'P' || i, '2026-01-05 00:00:00' FROM n""",
    _NUMBERS
    + """INSERT INTO post (person_id, role, agency_id, made_at)
       SELECT i + 1, 'focal_point', i + 1, '2026-01-05 00:00:00' FROM n""",
    _NUMBERS
    + """INSERT INTO chat (id, channel, address, kind, title, person_id)
       SELECT i + 1, 'test', 'c' || i, 'private', 'P' || i, i + 1 FROM n""",
    _NUMBERS
    + """INSERT INTO task
         (id, plan_id, position, key, title, deliverables, outside, added, state, search_text)
       SELECT i + 1, 1, i, 'T.' || i, 'Task', '[]', FALSE, FALSE, 'unfinished', 'task' FROM n""",
    _NUMBERS
    + """INSERT INTO milestone (id, task_id, position, kind)
       SELECT i + 1, i + 1, 0, 'recurring' FROM n""",
    _NUMBERS
    + """INSERT INTO deadline (id, task_id, milestone_id, last_day)
       SELECT i + 1, i % {tasks} + 1, i % {tasks} + 1, b.day
       FROM n JOIN bench_day b ON b.d = n.i % {days}""",
    _NUMBERS
    + """INSERT INTO assignment
         (plan_id, task_id, deadline_id, agency_id, lead_id, status, last_day, made_on,
          changed_at, version)
       SELECT 1, i % {tasks} + 1, i + 1, {agency} + 1, {agency} + 1,
         CASE WHEN b.d < {past} AND n.i % 100 < {done} THEN 'done' ELSE 'new' END,
         b.day, '2026-01-05', '2026-01-05 03:00:00', 0
       FROM n JOIN bench_day b ON b.d = n.i % {days}""",
)
# the agency of each: a task has four, each with five of its deadlines
_AGENCY = "((i % {tasks}) * 7 + (i / {tasks}) % 4) % {chats}"
_COUNTS = (1, CHATS, CHATS, CHATS, CHATS, TASKS, TASKS, ASSIGNMENTS, ASSIGNMENTS)


async def fill(database: Database, done: int) -> None:
    """A registry of a million assignments, of whose past ones `done` per cent are done."""
    await upgrade(database)
    async with database.write() as session:
        await run_statement(
            session, text("CREATE TABLE bench_day (d INTEGER PRIMARY KEY, day DATE)")
        )
        rows = [{"i": i, "day": MONDAY + timedelta(days=i - PAST)} for i in range(PAST + COMING)]
        insert = text("INSERT INTO bench_day VALUES (:i, :day)").bindparams(
            bindparam("day", type_=Date())
        )
        await run_statement(session, insert, rows)
        for statement, count in zip(_FILL, _COUNTS, strict=True):
            agency = _AGENCY.format(tasks=TASKS, chats=CHATS)
            values = {
                "agency": agency,
                "tasks": TASKS,
                "chats": CHATS,
                "days": PAST + COMING,
                "past": PAST,
                "done": done,
            }
            await run_statement(session, text(statement.format(count=count, **values)))
    if not database.is_sqlite:
        async with database.write() as session:
            await run_statement(session, text("ANALYZE"))


async def plan_days(url: str) -> dict[str, Any]:
    """Plans the Friday before and the Monday; seconds and lines of each, the peak of memory in MB,
    and the finding.
    """
    database = Database(url)
    figures: dict[str, Any] = {}
    for name, day in (("first", MONDAY - timedelta(days=3)), ("monday", MONDAY)):
        begun = time.perf_counter()
        async with database.write() as session:
            in_force = await rules.load_rules(session, rules.Defaults())
            now = datetime.combine(day, in_force.remind_at, ZONE)
            planned = await planner.plan_day(session, day, now, in_force)
        figures[name] = {
            "seconds": time.perf_counter() - begun,
            "lines": planned.lines,
            "notices": planned.notices,
        }
    figures["megabytes"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    figures["due"] = await _find_due(database)
    await database.close()
    return figures


async def _find_due(database: Database) -> float:
    """Milliseconds to find the next 48 notices among all that wait, the slowest of five times."""
    now = datetime.combine(MONDAY, DEFAULT_REMIND_AT, ZONE) + timedelta(hours=1)
    values = {"now": now, "kind": "morning", "channels": ["test"], "most": 48}
    slowest = 0.0
    async with database.read() as session:
        for _ in range(6):
            begun = time.perf_counter()
            found = (await run_statement(session, DUE_NOTICES, values)).all()
            spent = time.perf_counter() - begun
            slowest = max(slowest, spent) if _ else 0.0  # the first prepares the statement
            if len(found) != 48:
                raise RuntimeError("nothing was due")
    return slowest * 1000


def planned(url: str) -> dict[str, Any]:
    """`plan_days` in a process of its own."""
    command = [sys.executable, "-m", "tests.bench.bench_reminders", url]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    figures: dict[str, Any] = json.loads(done.stdout)
    return figures


async def _with_postgres(done: int) -> dict[str, Any] | None:
    import asyncpg

    schema = f"bench_{uuid.uuid4().hex[:8]}"
    try:
        connection = await asyncpg.connect(POSTGRES_URL, timeout=3)
    except (OSError, TimeoutError, asyncpg.PostgresError):
        return None
    await connection.execute(f"CREATE SCHEMA {schema}")
    url = f"{POSTGRES_URL}?schema={schema}"
    try:
        database = Database(url)
        await fill(database, done)
        await database.close()
        return await asyncio.to_thread(planned, url)
    finally:
        await connection.execute(f"DROP SCHEMA {schema} CASCADE")
        await connection.close()


def _with_sqlite(done: int) -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/bench.db"

        async def filled() -> None:
            database = Database(url)
            await fill(database, done)
            await database.close()

        asyncio.run(filled())
        return planned(url)


def _planning() -> list[Row]:
    rows: list[Row] = []
    for name, figures in (
        ("SQLite", _with_sqlite(90)),
        ("PostgreSQL", asyncio.run(_with_postgres(90))),
    ):
        if figures is None:
            rows.append(Row(f"planning on {name}", "no server answers"))
            continue
        first, monday = figures["first"], figures["monday"]
        size = f"{ASSIGNMENTS:,} assignments, {CHATS:,} chats, {name}"
        due = f"find what is due now among {monday['notices']:,}, {name}"
        rows += [
            _make_planning_row(f"plan the first morning: {size}", first, PLANNING_LIMIT),
            _make_planning_row(f"plan a Monday: {size}", monday, PLANNING_LIMIT),
            make_row(f"memory of planning, {name}", figures["megabytes"], 500, "{:.0f} MB"),
            make_row(due, figures["due"], 50, "{:.1f} ms"),
        ]
    worst = _with_sqlite(0)["first"]
    rows.append(_make_planning_row("plan a first morning with nothing done, SQLite", worst, None))
    return rows


def _make_planning_row(measure: str, figures: dict[str, Any], limit: float | None) -> Row:
    figure = f"{figures['seconds']:.1f} s ({figures['lines']:,} lines)"
    if limit is None:
        return Row(measure, figure)
    return Row(measure, figure, f"< {limit:g} s", figures["seconds"] < limit)


# --- a bare APScheduler with jobs in a database, for comparison

_ran = 0


def job() -> None:
    """What each job of the comparison does."""
    global _ran
    _ran += 1


def _job_store() -> list[Row]:
    """APScheduler's own way: one job a reminder, kept in SQLite; added, then 1,000 of them due at
    one instant.

    A tenth of the jobs is added, since each takes as long as the last; the scheduler runs all the
    while.
    """
    # it warns of each job that it lets go
    logging.getLogger("apscheduler").setLevel(logging.CRITICAL)
    with tempfile.TemporaryDirectory() as folder:
        store = SQLAlchemyJobStore(url=f"sqlite:///{Path(folder)}/jobs.db")
        scheduler = BackgroundScheduler(jobstores={"default": store}, timezone=ZONE)
        scheduler.start()
        begun, count = time.perf_counter(), JOBS // 10
        for number in range(count):
            scheduler.add_job(
                job, "date", run_date=datetime.now(ZONE) + timedelta(days=30, seconds=number)
            )
        adding = (time.perf_counter() - begun) / count  # seconds a job
        due = datetime.now(ZONE) + timedelta(seconds=2 * adding * DUE_AT_ONCE + 5)
        for _ in range(DUE_AT_ONCE):
            scheduler.add_job(job, "date", run_date=due)
        time.sleep(max(0.0, (due - datetime.now(ZONE)).total_seconds()) + 15)
        scheduler.shutdown(wait=True)
    adding_all = f"a bare SQLAlchemyJobStore: add {JOBS:,} jobs (SQLite, from a tenth)"
    ran = f"… of {DUE_AT_ONCE:,} due at one instant, run with the default grace"
    return [Row(adding_all, f"{adding * JOBS:.0f} s"), Row(ran, f"{_ran:,}")]


async def _sending() -> float:
    """Notices a second that one sender sends from SQLite; the channel answers after 0.1 s."""
    with tempfile.TemporaryDirectory() as folder:
        database = Database(f"sqlite:///{folder}/bench.db")
        await upgrade(database)
        await processes.plan_notices(database, SENT)
        channel = FakeDelivery(pause=lambda: asyncio.sleep(0.1))
        now = TestClock(at(processes.MONDAY, 8))
        begun = time.perf_counter()
        await NoticeSender(database, {"telegram": channel}, rules.Defaults(ZONE), now).send_due()
        seconds = time.perf_counter() - begun
        await database.close()
    return SENT / seconds


def rows() -> list[Row]:
    """Return the rows of this bench."""
    speed = asyncio.run(_sending())
    sending = Row(
        f"send {SENT:,} notices, SQLite, a channel that answers in 0.1 s",
        f"{speed:.0f} a second",
        f">= {SENDING_LIMIT} a second",
        speed >= SENDING_LIMIT,
    )
    return [*_planning(), sending, *_job_store()]


if __name__ == "__main__":
    if len(sys.argv) > 1:
        print(json.dumps(asyncio.run(plan_days(sys.argv[1]))))
    else:
        for line in rows():
            print(line.format_line())
