"""Three processes on one PostgreSQL, one killed every few seconds, one cut off the network: nothing
is lost, the limits hold over all of them, each chat is answered in order."""

from __future__ import annotations

import asyncio
import itertools
import random
import re
import socket
import subprocess
import time
from collections import Counter
from contextlib import AsyncExitStack

import pytest
from sqlalchemy.engine import make_url

from models.storage.database import Database
from tests.prove.processes import (
    FIRST_CHAT,
    SHARE,
    Trial,
    arrived,
    plan_notices,
    take_share,
    unfinished,
    url_of,
)
from tests.prove.wires import Wire
from tests.support.botapi import Allowed, BotApi

pytestmark = pytest.mark.prove

PEOPLE, TALKERS = take_share(3_000, least=300), 50
SECONDS = 180 * SHARE
KILL_EVERY, CUT_FOR, ASK_EVERY = 5.0, max(25.0, 60 * SHARE), 8.0
LEASE = 10.0
TALK = FIRST_CHAT + 100_000  # the first of those who ask
ASKED = re.compile(r"/khongco(\d+)")


class Fleet:
    """Processes of one registry; the first has wires of its own that can be cut."""

    def __init__(self, trial: Trial, wires: list[Wire], ports: list[int]) -> None:
        self.trial, self.wires, self.ports = trial, wires, ports
        self.processes: list[subprocess.Popen[bytes]] = []
        self.webhook: dict[str, str] = {}

    def start(self, place: int) -> subprocess.Popen[bytes]:
        more = {"QUESTIONS_OPEN": "true", **self.webhook}
        if self.webhook:
            more["WEB_LISTEN"] = f"127.0.0.1:{self.ports[place]}"
        if place == 0:
            url = make_url(self.trial.url).set(host="127.0.0.1", port=self.wires[0].port)
            more["DATABASE_URL"] = url.render_as_string(hide_password=False)
            more["TELEGRAM_API_URL"] = f"http://127.0.0.1:{self.wires[1].port}"
        return self.trial.start(more)

    def start_all(self) -> None:
        self.processes = [self.start(place) for place in range(3)]

    def kill_one(self, dice: random.Random) -> None:
        place = dice.choice((1, 2))
        self.trial.kill(self.processes[place])
        self.processes[place] = self.start(place)


def _find_free_ports(count: int) -> list[int]:
    held = [socket.socket() for _ in range(count)]
    for one in held:
        one.bind(("127.0.0.1", 0))
    ports = [one.getsockname()[1] for one in held]
    for one in held:
        one.close()
    return ports


async def _talk(server: BotApi, number: int, until: float, asked: Counter[int]) -> None:
    """Ask one question after another, each with a number of its own."""
    chat = TALK + number
    await asyncio.sleep(ASK_EVERY * number / TALKERS)
    while time.monotonic() < until:
        asked[chat] += 1
        server.says(chat, f"/khongco{asked[chat]}")
        await asyncio.sleep(ASK_EVERY)


@pytest.mark.parametrize("way", ["polling", "webhook"])
async def test_a_fleet_loses_nothing(postgresql: Database, way: str) -> None:
    await plan_notices(postgresql, PEOPLE)
    dice, asked = random.Random(11), Counter[int]()
    async with BotApi(limits=Allowed()) as server, AsyncExitStack() as stack:
        server.people(FIRST_CHAT, PEOPLE)
        server.people(TALK, TALKERS)
        ports = _find_free_ports(3)
        database_port = postgresql.engine.url.port or 5432
        wires = [
            await stack.enter_async_context(Wire([database_port])),
            await stack.enter_async_context(Wire([server._port])),
            await stack.enter_async_context(Wire(ports)),
        ]
        fleet = Fleet(Trial(server, await url_of(postgresql), 30, LEASE), wires, ports)
        if way == "webhook":
            fleet.webhook = {"TELEGRAM_WEBHOOK_URL": "https://bot.example.vn/telegram"}
            server.proxy = ("https://bot.example.vn", f"http://127.0.0.1:{wires[2].port}")
        try:
            fleet.start_all()
            await server.until(lambda: server.first_poll_at or server.webhook, seconds=60)
            until = time.monotonic() + SECONDS
            talkers = [
                asyncio.create_task(_talk(server, number, until, asked))
                for number in range(TALKERS)
            ]
            cut_at = time.monotonic() + SECONDS / 3
            mend_at = cut_at + CUT_FOR
            while time.monotonic() < until:
                await asyncio.sleep(KILL_EVERY)
                fleet.kill_one(dice)
                now = time.monotonic()
                for wire in wires[:2]:
                    (wire.cut if cut_at <= now < mend_at else wire.mend)()
            for wire in wires[:2]:
                wire.mend()
            await asyncio.gather(*talkers)
            for _ in range(480):
                if not await unfinished(postgresql) and not _find_unanswered(server, asked):
                    break
                await asyncio.sleep(0.5)
        finally:
            fleet.trial.end()
    _judge(server, asked, way)


def _find_answers(server: BotApi, chat: int) -> list[int]:
    """The numbers of the questions that were answered in a chat, in the order of the answers."""
    texts = [sent.text for sent in server.messages(chat)]
    return [int(found[1]) for text in texts if (found := ASKED.search(text))]


def _find_unmarked(server: BotApi, chat: int) -> list[int]:
    """The numbers of the questions that were answered again without a mark."""
    met: set[int] = set()
    unmarked = []
    for sent in server.messages(chat):
        if found := ASKED.search(sent.text):
            number = int(found[1])
            if number in met and not sent.text.startswith("(gửi lại)"):
                unmarked.append(number)
            met.add(number)
    return unmarked


def _list_repeats(server: BotApi, chat: int) -> list[tuple[float, str]]:
    """When, in seconds, and how a chat was told what it was told more than once."""
    answers = [
        (sent, found[1]) for sent in server.messages(chat) if (found := ASKED.search(sent.text))
    ]
    counts = Counter(number for _, number in answers)
    return [(sent.at, sent.text) for sent, number in answers if counts[number] > 1]


def _find_unanswered(server: BotApi, asked: Counter[int]) -> int:
    return sum(
        len(set(range(1, count + 1)) - set(_find_answers(server, chat)))
        for chat, count in asked.items()
    )


def _judge(server: BotApi, asked: Counter[int], way: str) -> None:
    found = arrived(server, PEOPLE)
    answers = {chat: _find_answers(server, chat) for chat in asked}
    firsts = {chat: list(dict.fromkeys(numbers)) for chat, numbers in answers.items()}
    unordered = [chat for chat, numbers in firsts.items() if numbers != sorted(numbers)]
    again = sum(len(numbers) - len(firsts[chat]) for chat, numbers in answers.items())
    unmarked = {chat: numbers for chat in asked if (numbers := _find_unmarked(server, chat))}
    times = sorted(sent.at for sent in server.order)
    most = max(
        sum(1 for later in times[n : n + 40] if later < at + 1.0) for n, at in enumerate(times)
    )
    polls = [call.at for call in server.calls if call.method == "getupdates"]
    longest = max((b - a for a, b in itertools.pairwise(polls)), default=0.0)
    refused = sum(count for call, count in server.counts.items() if call.endswith(" 429"))
    print(
        f"{way}: {PEOPLE} notices, {sum(asked.values())} questions: {len(found.missing)} notices"
        f" and {_find_unanswered(server, asked)} answers lost, {len(found.doubled)} notices"
        f" (unmarked {len(found.unmarked)}) and {again} answers doubled"
        f" (unmarked {sum(map(len, unmarked.values()))}), {refused} × 429, at most"
        f" {most} in a second, {len(unordered)} chats out of order, longest pause between polls"
        f" {longest:.1f} s, {server.counts['getupdates 409']} × 409"
    )
    assert not found.missing
    assert not found.unmarked
    assert not unmarked, {chat: _list_repeats(server, chat) for chat in unmarked}
    assert not _find_unanswered(server, asked)
    assert not unordered
    assert not refused
    assert most <= 30
    if way == "polling":
        assert longest < 55.0  # a poll takes up to 25 s, a take-over up to 30 s
    else:
        assert server.counts["webhook 200"] >= sum(asked.values())
