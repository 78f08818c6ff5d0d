"""Files over 100,000 assignments, each made in a child process as the bot has it made."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
import tempfile
import time
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

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


def _measure(url: str, kind: FileKind) -> tuple[float, float]:
    """Return the seconds, and the megabytes that the child took at most."""
    result = subprocess.run(
        [sys.executable, "-m", "tests.bench.bench_files", url, kind.value],
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
    return table


def main() -> None:
    """Make one file, and print the seconds and the memory of the child."""
    import resource

    seconds = asyncio.run(_make(sys.argv[1], FileKind(sys.argv[2])))
    megabytes = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    sys.stdout.write(json.dumps([seconds, megabytes]))


if __name__ == "__main__":
    main()
