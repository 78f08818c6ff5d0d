"""Files over 100,000 assignments, each made in a child process as the bot has it made."""

from __future__ import annotations

import asyncio
import json
import statistics
import subprocess
import sys
import tempfile
import time
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from handlers.conversation.incoming import Incoming, ignore_progress
from handlers.conversation.request import AppContext, HandlerOptions
from handlers.router import Router
from migrations.upgrade import upgrade
from models.queries.periods import PeriodKind, find_period
from models.queries.task_query import TaskQuery
from models.storage.database import Database
from reports.child import FileMaker
from reports.orders import FileKind, FileOrder
from tests.bench.bench_ask import TODAY, _fill
from tests.bench.rows import Row, make_row

LIMITS = {
    FileKind.SHEET: 20.0,
    FileKind.REPORT: 5.0,
    FileKind.PROGRESS_CHART: 3.0,
    FileKind.TIMELINE_CHART: 3.0,
}
MOST_MEMORY = 300  # MB of a child
MEANWHILE, QUESTIONS = "meanwhile", 1_000
QUESTIONS_ASKED = (
    "nhiệm vụ của Sở Tư pháp",
    "sở nội vụ quá hạn",
    "II.4711 hạn khi nào",
    "Sở Tài chính còn bao nhiêu việc",
)
NAMES = {
    FileKind.SHEET: "the status table of 100,000 assignments",
    FileKind.REPORT: "the Word report of 100,000 assignments",
    FileKind.PROGRESS_CHART: "the chart of 100,000 assignments",
    FileKind.TIMELINE_CHART: "the timeline of 100,000 assignments",
}
NOW = datetime(2026, 11, 20, 9, tzinfo=ZoneInfo("Asia/Ho_Chi_Minh"))


async def _make(url: str, kind: FileKind) -> float:
    """Return the seconds that a file takes."""
    period = find_period(PeriodKind.MONTH, TODAY)
    order = FileOrder(kind, url, TaskQuery(TODAY, plans=(1,)), "KH 1/KH-UBND", NOW, period)
    begin = time.perf_counter()
    await FileMaker().make_file(order)
    return time.perf_counter() - begin


def _measure(url: str, what: str) -> tuple[float, float]:
    """Return the figure of `what`, measured in a process of its own, and the megabytes it took."""
    result = subprocess.run(
        [sys.executable, "-m", "tests.bench.bench_files", url, what],
        capture_output=True,
        check=True,
    )
    seconds, megabytes = json.loads(result.stdout)
    return seconds, megabytes


async def _prepare(url: str) -> None:
    database = Database(url)
    await upgrade(database)
    await _fill(database)
    await database.close()


def rows() -> list[Row]:
    """Return the rows of this bench."""
    table = []
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{Path(folder)}/bench.db"
        asyncio.run(_prepare(url))
        for kind, limit in LIMITS.items():
            seconds, megabytes = _measure(url, kind)
            table.append(make_row(NAMES[kind], seconds, limit, "{:.1f} s"))
            table.append(make_row(f"{NAMES[kind]}: memory", megabytes, MOST_MEMORY, "{:.0f} MB"))
        slowest, own = _measure(url, MEANWHILE)
        name = "an answer to others while the table is made: 99th percentile"
        table.append(make_row(name, slowest, 200, "{:.0f} ms"))
        table.append(make_row("the bot after 1,000 questions: memory", own, 160, "{:.0f} MB"))
    return table


async def _answer_meanwhile(url: str) -> float:
    """Return the 99th percentile of answers to others, in ms, while the table is made."""
    database = Database(url)
    app = AppContext(database, HandlerOptions(questions_open=True))
    router = Router(app)
    making = asyncio.create_task(_make(url, FileKind.SHEET))
    spent = []
    for number in range(QUESTIONS):
        moment = NOW + timedelta(seconds=10 * number)
        text = QUESTIONS_ASKED[number % len(QUESTIONS_ASKED)]
        incoming = Incoming("bench", "1", "private", "", "1", "Thử", moment, text)
        begin = time.perf_counter()
        await router.respond(incoming, ignore_progress)
        if not making.done():
            spent.append((time.perf_counter() - begin) * 1000)
            await asyncio.sleep(0.02)
    await making
    await database.close()
    return statistics.quantiles(spent, n=100)[98]


def main() -> None:
    """Make one file, or answer others meanwhile; print the figure and the memory."""
    import resource

    if sys.argv[2] == MEANWHILE:
        milliseconds = asyncio.run(_answer_meanwhile(sys.argv[1]))
        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
        own = pages * resource.getpagesize() / 2**20
        sys.stdout.write(json.dumps([milliseconds, own]))
        return
    seconds = asyncio.run(_make(sys.argv[1], FileKind(sys.argv[2])))
    megabytes = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    sys.stdout.write(json.dumps([seconds, megabytes]))


if __name__ == "__main__":
    main()
