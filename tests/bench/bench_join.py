"""A province joins: `/moi tất cả` for 120 agencies, and each of them by its code."""

from __future__ import annotations

import asyncio
import io
import tempfile
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import openpyxl

from handlers.conversation.request import AppContext, HandlerOptions
from handlers.router import Router
from language.agencies.directory import load_standard_directory
from migrations.upgrade import upgrade
from models.storage.database import Database
from plans.registry.agencies import AgencyWriter
from tests.bench.rows import Row, make_row
from tests.support.world import ADMIN, ADMINS, TODAY, World, load, small_plan

AGENCIES = 120
SHEET_LIMIT, JOINS_LIMIT = 5.0, 60.0  # s for the sheet, s for all joins one after another


async def _measure_joining() -> tuple[float, list[float]]:
    """Return the seconds until the sheet of codes, and the milliseconds of each join."""
    with tempfile.TemporaryDirectory() as folder:
        database = Database(f"sqlite:///{folder}/bench.db")
        await upgrade(database)
        await load(database, small_plan())
        async with database.write() as session:
            directory = load_standard_directory()
            writer = AgencyWriter(session, directory, TODAY)
            await writer.load_agencies()
            known = writer.list_names().values()
            joining = [name for name in known if not directory.is_collective(name)]
            for number in range(AGENCIES - len(joining)):
                await writer.ensure_agency(f"UBND xã Tân Lập {number + 1}")
        options = replace(HandlerOptions(), admins=ADMINS, files=Path(folder))
        app = AppContext(database, options)
        world = World(database, Router(app), app)
        await world.says(ADMIN, "/start")
        begun = time.perf_counter()
        answer = (await world.says(ADMIN, "/moi tất cả")).answer
        sheet = time.perf_counter() - begun
        assert answer is not None
        book = openpyxl.load_workbook(io.BytesIO(answer.files[0].content))
        head, *rows = book.worksheets[0].values
        codes = [str(row[head.index("Mã mời")]) for row in rows]
        joins = []
        for number, code in enumerate(codes):
            begun = time.perf_counter()
            reply = await world.says(str(5000 + number), f"/start {code}")
            joins.append((time.perf_counter() - begun) * 1000)
            assert "đầu mối" in reply.text
        await database.close()
    return sheet, sorted(joins)


def rows() -> Iterator[Row]:
    """Yield the rows of the sheet of codes and of the joins."""
    sheet, joins = asyncio.run(_measure_joining())
    what = f"`/moi tất cả`, {len(joins)} agencies: the sheet with a code for each"
    yield make_row(what, sheet, SHEET_LIMIT, "{:.1f} s")
    middle, most = joins[len(joins) // 2], joins[-1]
    what = f"{len(joins)} agencies join by their codes (middle {middle:.0f} ms, most {most:.0f} ms)"
    yield make_row(what, sum(joins) / 1000, JOINS_LIMIT, "{:.0f} s")
