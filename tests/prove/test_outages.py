"""The real bot survives its database: PostgreSQL stopped, connections killed, SQLite locked, the
disk full; and who watches it hears when it hangs."""

from __future__ import annotations

import asyncio
import os
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlmodel import select

from locales.answer import make_answer, say, to_json
from migrations.upgrade import upgrade
from models.chats import Chat
from models.notices import queue_message
from models.storage.database import Database
from tests.prove.processes import FIRST_CHAT, ROOT, fill_with_people, url_of
from tests.prove.reporting import judge, say_report, wait_until_told
from tests.support.botapi import TOKEN, BotApi
from tests.support.fakes import ZONE

pytestmark = pytest.mark.prove

PEOPLE = 20
OUTAGE = 25.0  # seconds
PUT_OFF = "tạm gián đoạn"  # in what people are told whose message must wait


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


async def report_meanwhile(server: BotApi, first: int = 0) -> None:
    for number in range(first, PEOPLE):
        say_report(server, number)
        await asyncio.sleep(OUTAGE / PEOPLE)


async def check(database: Database, server: BotApi, log: Path) -> None:
    """Everything said is there once, everybody was told, and the log is short."""
    await wait_until_told(server, PEOPLE, seconds=120)
    found = await judge(database, server, PEOPLE)
    assert found.faults == (0, 0, 0, 0)
    put_off = [sent for sent in server.order if PUT_OFF in sent.text]
    assert put_off
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
                begun = time.monotonic()
                say_report(server, 0)
                told = (await server.sent(FIRST_CHAT, seconds=30))[0]
                assert PUT_OFF in told.text
                print(f"told after {time.monotonic() - begun:.0f} s that the file is locked")
                await report_meanwhile(server, first=1)
                await asyncio.sleep(10)
                other.execute("ROLLBACK")
            other.close()
            await check(sqlite, server, log)


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system with little room."""
    folder = tmp_path / "small"
    folder.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "size=16m", "tmpfs", str(folder)]
    if subprocess.run(command, check=False, stderr=subprocess.DEVNULL).returncode:
        pytest.skip("a small file system cannot be mounted here")
    yield folder
    subprocess.run(["umount", "-l", str(folder)], check=True)


def fill_disk(filler: Path) -> None:
    with filler.open("ab", buffering=0) as file:
        for size in (65536, 4096, 512, 1):
            with suppress(OSError):
                while file.write(b"0" * size):
                    pass


async def test_a_disk_that_is_full(small_disk: Path, tmp_path: Path) -> None:
    """Questions are answered, admins told once, and all goes on when there is room again."""
    database = Database(f"sqlite:///{small_disk / 'nhacviec.db'}")
    await fill(database)
    now = datetime.now(ZONE)
    async with database.write() as session:
        (chat,) = await session.exec(select(Chat).where(Chat.address == str(FIRST_CHAT + 5)))
        await queue_message(
            session,
            chat.id,
            to_json(make_answer(say("registry-back", detail="", reason=""))),
            token="while the disk is full",
            now=now,
            today=now.date(),
            not_before=now + timedelta(seconds=40),
        )
    await database.close()
    async with BotApi() as server:
        server.people(FIRST_CHAT, PEOPLE)
        server.person(77, "Quản trị")
        async with run_bot(server, f"sqlite:///{database.path}", tmp_path) as log:
            filler = small_disk / "filler"
            fill_disk(filler)
            server.says(FIRST_CHAT, "việc của tôi")
            answer = (await server.sent(FIRST_CHAT, seconds=60))[0]
            assert "UBND xã 0" in answer.text, answer.text
            say_report(server, 1)
            assert PUT_OFF in (await server.sent(FIRST_CHAT + 1, seconds=60))[0].text
            await server.sent(77, seconds=240)
            filler.unlink()
            await server.sent(FIRST_CHAT + 1, 2, seconds=60)
            await server.sent(FIRST_CHAT + 5, seconds=120)
            await server.sent(77, 2, seconds=120)
            assert len(server.messages(77)) == 2  # that it does not work, and that it is back
            assert len(server.messages(FIRST_CHAT)) == 1
            assert not [line for line in read_lines(log) if "Traceback" in line]


def ask_health(environment: dict[str, str]) -> int:
    command = [sys.executable, "-m", "bot", "health"]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, check=False)
    return done.returncode


async def test_a_bot_that_hangs_is_noticed_within_90_seconds(
    database: Database, tmp_path: Path
) -> None:
    await fill(database)
    url = await url_of(database)
    environment = {**os.environ, "DATABASE_URL": url, "TELEGRAM_BOT_TOKEN": TOKEN}
    async with BotApi() as server:
        environment["TELEGRAM_API_URL"] = server.url
        process = start_bot(environment, tmp_path / "log")
        try:
            await server.until(lambda: server.counts["getupdates 200"] > 0, seconds=60)
            for _ in range(40):
                if await asyncio.to_thread(ask_health, environment) == 0:
                    break
                await asyncio.sleep(1)
            else:
                pytest.fail("a bot that works is not healthy")
            process.send_signal(signal.SIGSTOP)
            begun = time.monotonic()
            while await asyncio.to_thread(ask_health, environment) == 0:
                assert time.monotonic() - begun < 90
                await asyncio.sleep(2)
            print(f"health says so after {time.monotonic() - begun:.0f} s")
        finally:
            process.kill()
            process.wait()
