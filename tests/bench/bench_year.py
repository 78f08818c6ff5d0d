"""A year of the sample plan with nobody answering: messages and lines that a focal point gets."""

from __future__ import annotations

import asyncio
import tempfile
from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime

from handlers.plans.sample import load_sample
from migrations.upgrade import upgrade
from models.notices import MORNING
from models.storage.database import Database
from scheduler import steps
from scheduler.rehearse import rehearse_days
from scheduler.rules import ZONE
from tests.bench.rows import Row, make_row

LOADED = datetime(2026, 11, 29, 8, 0, tzinfo=ZONE)  # what was due before is done, mostly
FIRST, LAST = date(2026, 1, 1), date(2026, 12, 31)
MOST_MESSAGES = 40  # to one focal point
MOST_ASKING = 15  # per cent of the lines


async def count_messages() -> tuple[Counter[str], Counter[str], Counter[str]]:
    """Return messages, lines and asking lines of each focal point.

    All tasks that one message asks about stand in one line.
    """
    messages, lines, asking = Counter[str](), Counter[str](), Counter[str]()
    with tempfile.TemporaryDirectory() as folder:
        database = Database(f"sqlite:///{folder}/registry.db")
        await upgrade(database)
        await load_sample(database, LOADED)
        async for message in rehearse_days(database, FIRST, LAST, everyone=True):
            if message.kind != MORNING:
                continue
            asked = sum(line.step == steps.UPDATE for line in message.lines)
            messages[message.chat] += 1
            asking[message.chat] += bool(asked)
            lines[message.chat] += len(message.lines) - asked + bool(asked)
        await database.close()
    return messages, lines, asking


def rows() -> Iterator[Row]:
    """Yield the rows of a year."""
    messages, lines, asking = asyncio.run(count_messages())
    whole = f"{min(messages.values())}–{max(messages.values())}"
    most = max(messages.values())
    yield Row(
        "messages to a focal point in a year of the sample plan, nobody answering",
        whole,
        f"≤ {MOST_MESSAGES}",
        most <= MOST_MESSAGES,
    )
    yield Row(
        "lines of these messages to a focal point",
        f"{min(lines.values())}–{max(lines.values())}",
    )
    share = 100 * asking.total() / lines.total()
    yield make_row("of these lines ask how the work stands", share, MOST_ASKING, "{:.1f} %")
