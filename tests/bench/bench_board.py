"""The board on 100,000 assignments: time and size of pages, memory, and chat during a flood.

Datasette shows the same registry in the same run, from an environment that is thrown away.
"""

from __future__ import annotations

import asyncio
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import timedelta
from pathlib import Path

import httpx

from handlers.conversation.incoming import Incoming
from handlers.conversation.request import AppContext, HandlerOptions
from handlers.plans.sample import load_sample
from handlers.router import Router
from locales.answer import Answer
from migrations.upgrade import upgrade
from models.people import Person, Post, PostRole
from models.storage.database import Database
from models.web_access import open_session
from tests.bench.bench_ask import LISTS, NOW, _fill
from tests.bench.rows import Row, make_row
from web.addresses import ListenAddress
from web.application import make_board
from web.context import BoardContext
from web.guards import COOKIE, STRANGER_LIMIT
from web.server import WebServer, bind_socket

PAGES = (
    "/",
    "/?trang=3",
    "/co-quan/2",
    "/co-quan/2?trang-thai=qua-han",
    "/co-quan/2?tim=chu+ky+so",
    "/nhiem-vu/777",
    "/ke-hoach/1",
    "/ke-hoach/1?trang=1000",
    "/lich",
    "/lich?ngay=2026-11-25",
    "/lich?xem=qua-han",
)
ROUNDS = 20  # looks at each page
FLOOD_SECONDS, FLOOD_RATE = 60, 1000  # requests a second
DATASETTE_QUERY = "/bench/assignment?_size=60&_sort=last_day&status__exact=new"
_FLOOD = """
import asyncio, sys, time
PORT, RATE, SECONDS = map(int, sys.argv[1:])
async def ask(count):
    reader, writer = await asyncio.open_connection("127.0.0.1", PORT)
    begin, statuses = time.monotonic(), []
    for number in range(count):
        await asyncio.sleep(max(0, begin + number * SECONDS / count - time.monotonic()))
        writer.write(b"GET / HTTP/1.1\\r\\nHost: x\\r\\n\\r\\n")
        head = await reader.readuntil(b"\\r\\n\\r\\n")
        length = int(head.lower().partition(b"content-length:")[2].split()[0])
        await reader.readexactly(length)
        statuses.append(int(head.split()[1]))
    writer.close()
    return statuses
async def main():
    found = await asyncio.gather(*(ask(RATE * SECONDS // 100) for _ in range(100)))
    print(sum(len(s) for s in found), sum(status == 429 for s in found for status in s))
asyncio.run(main())
"""
_WHOLE = """
import asyncio, re, sys
import bot.application, bot.board, bot.channels.telegram.channel
from tests.bench.bench_board import ask_and_look
asyncio.run(ask_and_look(sys.argv[1]))
print(re.search(r"VmHWM:\\s+(\\d+)", open("/proc/self/status").read())[1])
"""


async def _stay_silent(_: Answer) -> None:
    """Nobody watches how far the work is."""


@asynccontextmanager
async def _look(app: AppContext) -> AsyncIterator[httpx.AsyncClient]:
    """A browser that has opened the board."""
    async with app.database.write() as session:
        token = await open_session(session, NOW, timedelta(hours=9), person_id=1)
    board = make_board(BoardContext(app, lambda: NOW, "http://board"))
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(app=board),
        base_url="http://board",
        cookies={COOKIE: token},
    ) as client:
        yield client


async def _time_page(client: httpx.AsyncClient, path: str) -> tuple[float, int]:
    """Milliseconds and bytes of one look at a page."""
    begin = time.perf_counter()
    answer = await client.get(path)
    spent = (time.perf_counter() - begin) * 1000
    if answer.status_code != 200:
        raise RuntimeError(f"{path}: {answer.status_code}")
    return spent, len(answer.content)


async def _time_pages(app: AppContext) -> list[Row]:
    looks: list[float] = []
    first_looks, sizes = [], []
    async with _look(app) as client:
        for number, path in enumerate(PAGES):
            app.cache.match_version((-1, number))  # as after a change of the registry
            spent, size = await _time_page(client, path)
            first_looks.append(spent)
            sizes.append(size)
            looks += [(await _time_page(client, path))[0] for _ in range(ROUNDS)]
    return [
        make_row(
            "a page of the board, 100,000 assignments: median",
            statistics.median(looks),
            50,
            "{:.1f} ms",
        ),
        Row("a page of the board: 95th percentile", f"{_find_late(looks):.1f} ms"),
        Row(
            "a page of the board, the first look after a change: median",
            f"{statistics.median(first_looks):.0f} ms",
        ),
        make_row("the largest page of the board", max(sizes) / 1000, 100, "{:.0f} kB"),
    ]


def _find_late(spent: list[float]) -> float:
    return statistics.quantiles(spent, n=20)[18]


async def ask_and_look(path: str) -> None:
    """Ask questions and look at pages for a while, in one process."""
    database = Database(f"sqlite:///{path}")
    app = AppContext(database, HandlerOptions())
    router = Router(app)
    async with _look(app) as client:
        for number in range(200):
            await _ask(router, number)
            await client.get(PAGES[number % len(PAGES)])
    await database.close()


async def _ask(router: Router, number: int) -> float:
    """Milliseconds of one question in chat."""
    moment, text = NOW + timedelta(seconds=10 * number), LISTS[number % len(LISTS)]
    begin = time.perf_counter()
    said = await router.respond(
        Incoming("bench", "1", "private", "", "1", "Thử", moment, f"{text} "), _stay_silent
    )
    if said is None or said.blocks[0].id in ("fault", "too-many-messages"):
        raise RuntimeError(f"no answer to {text!r}")
    return (time.perf_counter() - begin) * 1000


async def _time_chat_in_flood(app: AppContext) -> list[Row]:
    """How long answers in chat take while the board is asked a thousand times a second."""
    bound = bind_socket(ListenAddress("127.0.0.1", 0))
    server = WebServer(make_board(BoardContext(app, lambda: NOW, "http://board")), bound)
    await server.start()
    arguments = (str(bound.getsockname()[1]), str(FLOOD_RATE), str(FLOOD_SECONDS))
    flood = await asyncio.create_subprocess_exec(
        sys.executable, "-c", _FLOOD, *arguments, stdout=asyncio.subprocess.PIPE
    )
    router, counts = Router(app), asyncio.create_task(flood.communicate())
    spent: list[float] = []
    begin = time.monotonic()
    while not counts.done():
        spent.append(await _ask(router, len(spent)))
        await asyncio.sleep(0.02)
    seconds = time.monotonic() - begin
    await server.stop()
    asked, limited = (int(word) for word in (await counts)[0].split())
    return [
        make_row(
            f"chat while the board gets {asked / seconds:.0f} requests a second: 99th percentile",
            statistics.quantiles(spent, n=100)[98],
            300,
            "{:.1f} ms",
        ),
        make_row(
            "requests of one address that are answered in that time (60 a minute)",
            asked - limited,
            STRANGER_LIMIT + 1,
            "{:.0f}",
        ),
    ]


async def _fill_small(path: Path) -> None:
    """Write the sample plan, which has the size of a province's plan, and somebody who looks."""
    database = Database(f"sqlite:///{path}")
    await upgrade(database)
    await load_sample(database, NOW)
    async with database.write() as session:
        session.add(Person(id=1, channel="bench", address="1", name="Thử", joined_at=NOW))
        session.add(Post(person_id=1, role=PostRole.VIEWER, made_at=NOW))
    await database.close()


def _measure_memory(path: Path) -> float:
    """The most megabytes that a process takes that answers questions and shows pages."""
    done = subprocess.run(  # our own program
        [sys.executable, "-c", _WHOLE, str(path)], capture_output=True, text=True, check=True
    )
    return int(done.stdout) / 1024


def _time_datasette(path: Path, folder: Path) -> Row:
    """Datasette's page of the same table; set up and thrown away here."""
    measure = "Datasette, a page of the same table: median"
    place, uv = folder / "datasette", str(Path(sys.executable).with_name("uv"))
    try:
        subprocess.run([uv, "venv", "-q", "-p", sys.executable, str(place)], check=True)
        install = [uv, "pip", "install", "-q", "-p", str(place / "bin/python"), "datasette"]
        subprocess.run(install, check=True, timeout=120)
    except (OSError, subprocess.SubprocessError):
        return Row(measure, "not to be had here")
    with bind_socket(ListenAddress("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    serving = subprocess.Popen(
        [place / "bin/datasette", path, "-p", str(port), "--setting", "sql_time_limit_ms", "9000"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        spent = _time_address(f"http://127.0.0.1:{port}{DATASETTE_QUERY}")
    finally:
        serving.terminate()
        serving.wait()
    return Row(measure, f"{statistics.median(spent):.1f} ms")


def _time_address(url: str) -> list[float]:
    """Milliseconds of each look at `url`, once it answers."""
    spent: list[float] = []
    until = time.monotonic() + 60
    while len(spent) < ROUNDS and time.monotonic() < until:
        begin = time.perf_counter()
        with suppress(httpx.TransportError):
            httpx.get(url, timeout=30, follow_redirects=True).raise_for_status()
            spent.append((time.perf_counter() - begin) * 1000)
    return spent[1:]


async def _measure(path: Path) -> list[Row]:
    database = Database(f"sqlite:///{path}")
    await upgrade(database)
    await _fill(database)
    async with database.engine.connect() as connection:
        await connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    app = AppContext(database, HandlerOptions())
    found = [*await _time_pages(app), *await _time_chat_in_flood(app)]
    await database.close()
    return found


def rows() -> list[Row]:
    """Return the rows of this bench."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "bench.db"
        found = asyncio.run(_measure(path))
        small = Path(folder) / "small.db"
        asyncio.run(_fill_small(small))
        most = make_row("bot and board: memory", _measure_memory(small), 180, "{:.0f} MB")
        large = Row("bot and board, 100,000 tasks: memory", f"{_measure_memory(path):.0f} MB")
        return [*found, most, large, _time_datasette(path, Path(folder))]
