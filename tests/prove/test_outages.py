"""The real bot survives its database: PostgreSQL stopped, connections killed, SQLite locked."""

from __future__ import annotations

import asyncio
import os
import shutil
import socket
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from migrations.upgrade import upgrade
from models.storage.database import Database
from tests.prove.processes import FIRST_CHAT, ROOT, fill_with_people
from tests.prove.reporting import judge, say_report, wait_until_told
from tests.support.botapi import TOKEN, BotApi
from tests.support.fakes import ZONE

pytestmark = pytest.mark.prove

PEOPLE = 20
OUTAGE = 25.0  # seconds


@dataclass
class Server:
    """A PostgreSQL server of its own, which may be stopped."""

    tools: Path
    folder: Path
    port: int

    def control(self, *arguments: str) -> None:
        """Runs pg_ctl, which the server's own account must do."""
        command = [str(self.tools / "pg_ctl"), "-D", str(self.folder / "data"), "-w", *arguments]
        if os.geteuid() == 0:
            command = [
                "setpriv",
                "--reuid=postgres",
                "--regid=postgres",
                "--clear-groups",
                *command,
            ]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, cwd="/")

    def start(self) -> None:
        options = f"-p {self.port} -k {self.folder} -c listen_addresses=127.0.0.1"
        self.control("-l", str(self.folder / "log"), "-o", options, "start")

    def stop(self) -> None:
        self.control("-m", "fast", "stop")

    @property
    def url(self) -> str:
        return f"postgresql://postgres@127.0.0.1:{self.port}/postgres"


@pytest.fixture
def postgres_server() -> Iterator[Server]:
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/pg_ctl"))
    if not found:
        pytest.skip("no PostgreSQL is installed that could be stopped")
    folder = Path(tempfile.mkdtemp(prefix="postgres-"))  # of the server's own account
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    server = Server(found[-1].parent, folder, port)
    if os.geteuid() == 0:
        shutil.chown(folder, "postgres", "postgres")
    server.control("-s", "-o", "-A trust -U postgres", "initdb")
    server.start()
    yield server
    server.control("-m", "immediate", "stop")
    shutil.rmtree(folder)


def start_bot(environment: dict[str, str], log: Path) -> subprocess.Popen[bytes]:
    with log.open("wb") as file:
        command = [sys.executable, "-m", "bot", "run"]
        return subprocess.Popen(command, cwd=ROOT, env=environment, stderr=file)


def read_lines(log: Path) -> list[str]:
    lines = log.read_text(encoding="utf-8").splitlines()
    print(*lines, sep="\n")
    return lines


@asynccontextmanager
async def run_bot(server: BotApi, url: str, folder: Path) -> AsyncIterator[Path]:
    """The real bot; gives the file with its log."""
    environment = {
        **os.environ,
        "TELEGRAM_BOT_TOKEN": TOKEN,
        "TELEGRAM_API_URL": server.url,
        "DATABASE_URL": url,
        "ADMINS": "77",
        "LOG_FORMAT": "json",
        "LOG_LEVEL": "WARNING",
    }
    log = folder / "log"
    process = start_bot(environment, log)
    try:
        await server.until(lambda: server.counts["getupdates 200"] > 0, seconds=60)
        yield log
    finally:
        process.terminate()
        await asyncio.to_thread(process.wait)


async def report_meanwhile(server: BotApi) -> None:
    for number in range(PEOPLE):
        say_report(server, number)
        await asyncio.sleep(OUTAGE / PEOPLE)


async def check(database: Database, server: BotApi, log: Path) -> None:
    """Everything said is there once, everybody was told, and the log is short."""
    await wait_until_told(server, PEOPLE, seconds=120)
    found = await judge(database, server, PEOPLE)
    assert found.faults == (0, 0, 0, 0)
    put_off = [sent for sent in server.order if "tạm gián đoạn" in sent.text]
    assert put_off or database.is_sqlite  # a writer there waits 15 seconds for the lock, and more
    assert len({sent.chat for sent in put_off}) == len(put_off)
    lines = read_lines(log)
    assert not [line for line in lines if "Traceback" in line]
    assert len([line for line in lines if "does not work" in line]) <= 3


async def fill(database: Database) -> None:
    today = datetime.now(ZONE).date()
    await upgrade(database)
    await fill_with_people(database, PEOPLE, today, today + timedelta(days=60), 1)


async def test_postgresql_that_is_stopped_and_comes_back(
    postgres_server: Server, tmp_path: Path
) -> None:
    database = Database(postgres_server.url)
    await fill(database)
    async with BotApi() as server:
        server.people(FIRST_CHAT, PEOPLE)
        server.person(77, "Quản trị")
        async with run_bot(server, postgres_server.url, tmp_path) as log:
            await asyncio.to_thread(postgres_server.stop)
            await report_meanwhile(server)
            await asyncio.to_thread(postgres_server.start)
            await database.reconnect()
            await check(database, server, log)
    await database.close()


async def test_connections_that_are_killed_again_and_again(
    postgres_server: Server, tmp_path: Path
) -> None:
    database = Database(postgres_server.url)
    await fill(database)
    async with BotApi() as server:
        server.people(FIRST_CHAT, PEOPLE)
        async with run_bot(server, postgres_server.url, tmp_path) as log:
            for number in range(PEOPLE):
                say_report(server, number)
                async with database.open_connection() as connection:
                    await connection.execute(
                        text(
                            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                            " WHERE pid <> pg_backend_pid() AND backend_type = 'client backend'"
                        )
                    )
                await asyncio.sleep(0.5)
            await wait_until_told(server, PEOPLE, seconds=120)
            found = await judge(database, server, PEOPLE)
            assert found.faults == (0, 0, 0, 0)
            assert not [line for line in read_lines(log) if "Traceback" in line]
    await database.close()


async def test_a_file_that_another_program_locks(sqlite: Database, tmp_path: Path) -> None:
    await fill(sqlite)
    async with BotApi() as server:
        server.people(FIRST_CHAT, PEOPLE)
        server.person(77, "Quản trị")
        async with run_bot(server, f"sqlite:///{sqlite.path}", tmp_path) as log:
            with sqlite3.connect(str(sqlite.path), isolation_level=None) as other:
                other.execute("BEGIN IMMEDIATE")
                await report_meanwhile(server)
                await asyncio.sleep(10)
                other.execute("ROLLBACK")
            other.close()
            await check(sqlite, server, log)
