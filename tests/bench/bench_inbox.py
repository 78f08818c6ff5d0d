"""The inbox: how much later an answer begins because the message is stored first."""

from __future__ import annotations

import asyncio
import statistics
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any

from bot.channels.inbox import Inbox
from bot.channels.inbox_item import InboxItem
from migrations.upgrade import upgrade
from models.inbox import NewUpdate
from models.storage.database import Database
from tests.bench.rows import Row, make_row
from tests.support.registries import drop_schema, make_postgres_registry

MESSAGES, CHATS = 200, 40
LIMIT = 5.0  # ms
ENGINES = ("SQLite", "PostgreSQL")


@asynccontextmanager
async def _open_registry(engine: str) -> AsyncIterator[Database | None]:
    if engine == "SQLite":
        with tempfile.TemporaryDirectory() as folder:
            made = Database(f"sqlite:///{folder}/bench.db")
            await upgrade(made)
            yield made
            await made.close()
        return
    found = await make_postgres_registry()
    if found is None:
        yield None
        return
    made, schema = found
    await upgrade(made)
    yield made
    await made.close()
    await drop_schema(schema)


def _make_update(number: int) -> NewUpdate:
    chat, now = str(number % CHATS), datetime.now(UTC)
    message: dict[str, Any] = {"text": "nhiệm vụ của Sở Nội vụ", "chat": {"id": chat}}
    body = {"update_id": number, "message": message}
    return NewUpdate(str(number), chat, chat, str(number), body, now)


async def _measure_way(database: Database) -> float:
    """Milliseconds from the arrival of a message to the beginning of its answer, in the middle."""
    begun: asyncio.Queue[float] = asyncio.Queue()

    async def handle(item: InboxItem) -> None:
        begun.put_nowait(time.perf_counter())

    inbox, took = Inbox(database, "telegram", lambda: datetime.now(UTC)), []
    await inbox.start(handle)
    for number in range(MESSAGES):
        arrived = time.perf_counter()
        await inbox.store([_make_update(number)])
        took.append(await begun.get() - arrived)
    await inbox.stop(5)
    return statistics.median(took) * 1000


def rows() -> list[Row]:
    """One row for each engine that answers."""

    async def measure() -> list[Row]:
        found = []
        for engine in ENGINES:
            async with _open_registry(engine) as database:
                if database is not None:
                    name = f"way of a message through the inbox to its answer, median ({engine})"
                    found.append(make_row(name, await _measure_way(database), LIMIT, "{:.1f} ms"))
        return found

    return asyncio.run(measure())
