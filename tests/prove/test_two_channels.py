"""A day of six people and a group, half on Zalo and half on Telegram, while the bot is killed."""

from __future__ import annotations

import asyncio
import os
import random
import re
import signal
import socket
import subprocess
import sys
from collections import Counter
from collections.abc import Coroutine
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlmodel import col, select, update

from models.assignments import Assignment, Report
from models.chats import Chat
from models.people import Person
from models.plans import Task
from models.storage.database import Database
from models.storage.statements import run_statement
from tests.prove.processes import FIRST_CHAT, ROOT, fill_with_people, take_share, url_of
from tests.support import botapi, zaloapi
from tests.support.botapi import BotApi
from tests.support.fakes import ZONE
from tests.support.zaloapi import ZaloApi

pytestmark = pytest.mark.prove

PEOPLE, ROUNDS, KILLS = 6, take_share(8), take_share(12)
ROUND_SECONDS = 5.0  # between reports of one person, who may send 20 messages a minute
GROUP = "nhom"
PUBLIC = "https://tinh.example"
AGAIN = "(gửi lại)"
TOLD = ("Đã ghi hoàn thành", "đã hoàn thành ngày", "Nội dung trong tin đã được ghi")
"""In what tells of a stored report: at once, asked again after a kill before the answer, or by the
next process, which found the report without its answer."""

LONGEST_WAIT = 90  # seconds for what is left at the end


def is_on_zalo(number: int) -> bool:
    return number % 2 == 1


def start_bot(telegram: BotApi, zalo: ZaloApi, url: str, port: int) -> subprocess.Popen[bytes]:
    environment = {
        **os.environ,
        "TELEGRAM_BOT_TOKEN": botapi.TOKEN,
        "TELEGRAM_API_URL": telegram.url,
        "ZALO_BOT_TOKEN": zaloapi.TOKEN,
        "ZALO_API_URL": zalo.url,
        "WEB_LISTEN": f"127.0.0.1:{port}",
        "WEB_URL": PUBLIC,
        "DATABASE_URL": url,
        "SEND_LEASE": "2",
        "LOG_LEVEL": "WARNING",
    }
    return subprocess.Popen(
        [sys.executable, "-m", "bot", "run"],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


async def put_half_on_zalo(database: Database) -> None:
    async with database.write() as session:
        for number in filter(is_on_zalo, range(PEOPLE)):
            address = str(FIRST_CHAT + number)
            for table in (Person, Chat):
                moved = update(table).where(col(table.address) == address).values(channel="zalo")
                await run_statement(session, moved)
        session.add(Chat(channel="zalo", address=GROUP, kind="group", title="Tổ", scope="province"))


async def play_day(telegram: BotApi, zalo: ZaloApi) -> None:
    """Each round everybody reports a task; those on Zalo look at it first and type a number."""

    async def say_in_turn(chat: str, *texts: str) -> None:
        for text in texts:
            await zalo.says(chat, text)

    for task in range(1, ROUNDS + 1):
        posts: list[Coroutine[Any, Any, object]] = [
            zalo.says(GROUP, "@Nhắc việc tiến độ", str(FIRST_CHAT + 1))
        ]
        for number in range(PEOPLE):
            said = f"đã xong I.{task}, công văn số {number + 1}/BC-UBND"
            if is_on_zalo(number):
                looks = ("tiến độ", "1") if task % 3 == 0 else ()
                posts.append(say_in_turn(str(FIRST_CHAT + number), *looks, said))
            else:
                telegram.says(FIRST_CHAT + number, said)
        await asyncio.gather(asyncio.sleep(ROUND_SECONDS), *posts)


def texts_of(telegram: BotApi, zalo: ZaloApi, number: int) -> list[str]:
    """What a person was sent."""
    if is_on_zalo(number):
        return zalo.texts(str(FIRST_CHAT + number))
    return [sent.text for sent in telegram.order if sent.chat == FIRST_CHAT + number]


def list_told(telegram: BotApi, zalo: ZaloApi) -> dict[tuple[int, int], list[str]]:
    """The texts that tell of a stored report, by person and task."""
    told: dict[tuple[int, int], list[str]] = {}
    for number in range(PEOPLE):
        for text in texts_of(telegram, zalo, number):
            if any(words in text for words in TOLD):
                for task in set(re.findall(r"\bI\.(\d+)\b", text)):
                    told.setdefault((number, int(task)), []).append(text)
    return told


async def test_nothing_is_lost_on_either_channel_while_the_bot_is_killed(
    sqlite: Database,
) -> None:
    today = datetime.now(ZONE).date()
    await fill_with_people(sqlite, PEOPLE, today, today + timedelta(days=60), ROUNDS)
    await put_half_on_zalo(sqlite)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    dice = random.Random(7)
    async with BotApi() as telegram, ZaloApi() as zalo:
        zalo.proxy, zalo.webhook_tries = (PUBLIC, f"http://127.0.0.1:{port}"), 600
        telegram.people(FIRST_CHAT, PEOPLE)
        for number in range(PEOPLE):
            zalo.person(str(FIRST_CHAT + number), f"Người {number}")
        zalo.group(GROUP, "Tổ công tác")
        url = await url_of(sqlite)
        process = start_bot(telegram, zalo, url, port)
        await zalo.wait_for_call("setWebhook")
        day = asyncio.create_task(play_day(telegram, zalo))
        for _ in range(KILLS):
            await asyncio.sleep(3.0 * dice.random())
            process.send_signal(signal.SIGKILL)
            await asyncio.to_thread(process.wait)
            process = start_bot(telegram, zalo, url, port)
            if dice.random() < 0.8:  # the others are killed while they start
                await zalo.wait_for_call("setWebhook")
        await day
        wanted = {(number, task) for number in range(PEOPLE) for task in range(1, ROUNDS + 1)}
        for _ in range(LONGEST_WAIT):
            await asyncio.sleep(1.0)
            told = list_told(telegram, zalo)
            if wanted <= set(told):
                break
        process.terminate()
        await asyncio.to_thread(process.wait)
        used = zalo.used
    async with sqlite.read() as session:
        rows = await session.exec(
            select(Person.address, Task.key)
            .join(Report, col(Report.person_id) == Person.id)
            .join(Assignment, col(Assignment.id) == Report.assignment_id)
            .join(Task, col(Task.id) == Assignment.task_id)
        )
        stored = Counter((int(a) - FIRST_CHAT, int(key.removeprefix("I."))) for a, key in rows)
    unmarked = [one for one, texts in told.items() if any(AGAIN not in t for t in texts[1:])]
    print(f"{KILLS} kills, {len(stored)} reports, {used} messages of Zalo")
    untold = wanted - set(told)
    heard = {one: texts_of(telegram, zalo, one[0]) for one in untold}
    assert set(stored) == wanted
    assert set(stored.values()) == {1}
    assert heard == {}
    assert unmarked == []
    assert zalo.webhook_answers.count(403) == 0
    assert any(
        "tiến độ" in text.lower() or "hoàn thành" in text.lower() for text in zalo.texts(GROUP)
    )
