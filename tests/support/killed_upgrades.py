"""Upgrades that are killed, in processes forked from one that holds no thread:
`python -m tests.support.killed_upgrades URL COUNT [--template FILE] [--together COUNT]`.

Each try brings the registry at URL back to its beginning, kills an upgrade at a random moment, and
upgrades again, until COUNT were killed before their end. It prints how many tries there were, how
many were killed, and what went wrong in which. With `--together`, so many processes then upgrade a
new registry at the same moment, and it prints how many of them started.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import random
import shutil
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path

import alembic.command  # so that no process spends its time, and its kill, on importing it
import alembic.config  # noqa: F401

from migrations.upgrade import read_revision, upgrade
from models.storage.database import Database


def fork_for(work: Callable[[], None]) -> int:
    """Runs `work` in a process of its own, and returns its number at once."""
    child = os.fork()
    if child == 0:
        code = 1
        try:
            work()
            code = 0
        except BaseException as fault:
            print(f"{type(fault).__name__}: {fault}", file=sys.stderr)
        finally:
            os._exit(code)
    return child


def run_in_fork(work: Callable[[], None], kill_after: float | None = None) -> bool:
    """Runs `work` in a process of its own; says whether it came to a good end."""
    child = fork_for(work)
    if kill_after is not None:
        time.sleep(kill_after)
        os.kill(child, signal.SIGKILL)
    return os.waitpid(child, 0)[1] == 0


def upgrade_registry(url: str) -> None:
    """Upgrades and checks what came of it, as the program does when it starts."""

    async def work() -> None:
        database = Database(url)
        await upgrade(database)
        assert await read_revision(database)
        if database.is_sqlite:
            async with database.engine.connect() as connection:
                found = await connection.exec_driver_sql("PRAGMA integrity_check")
                assert found.scalar() == "ok"
        await database.close()

    asyncio.run(work())


def begin_again(url: str, template: Path | None) -> None:
    """Brings the registry back to what it was before the first try."""
    database = Database(url)
    if database.path is not None:
        for suffix in ("", "-wal", "-shm"):
            Path(f"{database.path}{suffix}").unlink(missing_ok=True)
        if template is not None:
            shutil.copy(template, database.path)
        return

    async def drop_schema() -> None:
        async with database.make_upgrade_engine().begin() as connection:
            await connection.exec_driver_sql(f"DROP SCHEMA IF EXISTS {database.schema} CASCADE")

    run_in_fork(lambda: asyncio.run(drop_schema()))


def measure_upgrade(url: str, template: Path | None, times: int) -> float:
    """Returns the seconds that an upgrade takes which nobody kills: the middle one of `times`."""
    lengths = []
    for _ in range(times):
        begin_again(url, template)
        begun = time.monotonic()
        assert run_in_fork(lambda: upgrade_registry(url))
        lengths.append(time.monotonic() - begun)
    return sorted(lengths)[times // 2]


def kill_upgrades(
    url: str, kills: int, template: Path | None, chance: random.Random
) -> dict[str, object]:
    """Tries until so many upgrades were killed before their end; gives up after too many tries."""
    longest = measure_upgrade(url, template, 1 if kills < 10 else 3) * 1.05
    tries, killed, failed = 0, 0, []
    while killed < kills and tries < 4 * kills + 30:
        begin_again(url, template)
        moment = chance.uniform(0, longest)
        killed += not run_in_fork(lambda: upgrade_registry(url), kill_after=moment)
        if not run_in_fork(lambda: upgrade_registry(url)):
            failed.append([tries, moment])
        tries += 1
    return {"tries": tries, "killed": killed, "failed": failed}


def start_together(url: str, count: int) -> int:
    """Lets processes make one registry at the same moment; returns how many of them started."""
    begin_again(url, None)
    children = [fork_for(lambda: upgrade_registry(url)) for _ in range(count)]
    return sum(os.waitpid(child, 0)[1] == 0 for child in children)


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("url")
    parser.add_argument("count", type=int)
    parser.add_argument("--template", type=Path)
    parser.add_argument("--together", type=int, default=0)
    options = parser.parse_args()
    found = kill_upgrades(options.url, options.count, options.template, random.Random(5))
    started = start_together(options.url, options.together) if options.together else 0
    print(json.dumps({**found, "started": started}))
