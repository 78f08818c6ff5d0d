"""A backup of a registry that takes 500 writes a second: it holds all that was confirmed before it
began, and comes back whole on either kind of database."""

from __future__ import annotations

import asyncio
import multiprocessing
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from multiprocessing.synchronize import Event
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func
from sqlmodel import col, insert, select

from bot.commands.backup import restore_backup, write_backup
from bot.settings import load_settings
from models.audit import Audit
from models.storage.database import Database
from models.storage.statements import run_statement
from tests.prove.processes import take_share, url_of
from tests.support.registries import drop_schema

pytestmark = pytest.mark.prove

ROWS = take_share(200_000)  # that are there before, so that the backup takes a while
WRITERS, PER_SECOND = 8, 550  # of all writers together
LEAST_PER_SECOND = 500


def write_steadily(url: str, confirmed: Sequence[int], stop: Event) -> None:
    """Write rows in this process until `stop`; `confirmed` says how many each writer has."""

    async def write(database: Database, writer: int, counts: Any) -> None:
        begun, number = time.monotonic(), 0
        async with database.engine.connect() as connection:
            driver: Any = (await connection.get_raw_connection()).driver_connection
            while not stop.is_set():
                number += 1
                await driver.execute(
                    "INSERT INTO audit (at, action, subject, subject_id)"
                    f" VALUES ('2026-11-20', 'writer {writer}', 'task', {number})"
                )
                counts[writer] = number  # it is confirmed: the driver commits each statement
                due = begun + number * WRITERS / PER_SECOND
                await asyncio.sleep(max(0.0, due - time.monotonic()))

    async def write_all() -> None:
        database = Database(url)
        await asyncio.gather(*(write(database, one, confirmed) for one in range(WRITERS)))
        await database.close()

    asyncio.run(write_all())


@asynccontextmanager
async def writing(url: str) -> AsyncIterator[Sequence[int]]:
    """Let another process write; gives what is confirmed to each of its writers."""
    way = multiprocessing.get_context("spawn")
    stop, confirmed = way.Event(), way.Array("q", WRITERS, lock=False)
    process = way.Process(target=write_steadily, args=(url, confirmed, stop))
    process.start()
    try:
        while not all(confirmed):
            await asyncio.sleep(0.05)
            assert process.is_alive()
        yield confirmed
    finally:
        stop.set()
        await asyncio.to_thread(process.join)
    assert process.exitcode == 0


async def fill_audit(database: Database) -> None:
    async with database.write() as session:
        for first in range(0, ROWS, 1000):
            row = {"at": datetime.now(UTC), "action": "before", "subject": "task"}
            await run_statement(session, insert(Audit), [row] * min(1000, ROWS - first))


async def count_by_writer(url: str) -> dict[str, tuple[int, int | None]]:
    """How many rows of the audit each action has, and its highest number."""
    database = Database(url)
    async with database.read() as session:
        found = await session.exec(
            select(Audit.action, func.count(), func.max(Audit.subject_id))
            .where(col(Audit.subject) == "task")
            .group_by(Audit.action)
        )
        counts = {action: (count, highest) for action, count, highest in found}
    await database.close()
    return counts


async def test_a_backup_under_500_writes_a_second_holds_what_was_confirmed(
    database: Database, postgresql: Database, tmp_path: Path
) -> None:
    await fill_audit(database)
    url = await url_of(database)
    async with writing(url) as confirmed:
        before, begun = list(confirmed), time.monotonic()
        await write_backup(load_settings(database_url=url), tmp_path / "backup.db")
        seconds, after = time.monotonic() - begun, list(confirmed)
    rate = (sum(after) - sum(before)) / seconds
    print(f"{rate:.0f} writes a second during a backup of {seconds:.1f} s with {ROWS} rows")
    kept = await count_by_writer(f"sqlite:///{tmp_path}/backup.db")
    for writer in range(WRITERS):
        count, highest = kept[f"writer {writer}"]
        assert before[writer] <= count <= after[writer] + 1
        assert highest == count  # none is missing in between
    assert kept["before"] == (ROWS, None)
    other = f"{await url_of(postgresql)}_copy"
    try:
        for target in (f"sqlite:///{tmp_path}/new/registry.db", other):
            await restore_backup(load_settings(database_url=target), tmp_path / "backup.db")
            assert await count_by_writer(target) == kept
    finally:
        await drop_schema(str(Database(other).schema))
    assert rate > LEAST_PER_SECOND
