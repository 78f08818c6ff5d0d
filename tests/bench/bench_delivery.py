"""Delivery: how near the channel comes to the allowed rate, next to AIORateLimiter alone.

Shortened: server and both senders have ten times Telegram's limits (300 messages a second over all,
10 a second in a chat, 200 a minute in a group), so that 3,000 private chats and 50 groups take 12 s
in place of two minutes; with the argument 1 it runs at Telegram's own limits.
"""

from __future__ import annotations

import asyncio
import sys
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime

from telegram.error import TelegramError
from telegram.ext import AIORateLimiter, ExtBot

from bot.channels.telegram.channel import Telegram
from handlers.conversation.incoming import Incoming, Progress
from locales.answer import Answer, make_answer, say
from scheduler.delivery import DeliveryError
from tests.bench.bench_telegram import server
from tests.bench.rows import Row
from tests.support.botapi import TOKEN, Remote

SCALE = int(sys.argv[1]) if __name__ == "__main__" and len(sys.argv) > 1 else 10
ALLOWED = 30 * SCALE  # messages a second over all
PEOPLE, GROUPS = 3000, 50
TWICE = 10  # every tenth person gets two messages
IN_GROUP = 3  # messages to each group
SHARE_LIMIT = 0.95  # of the allowed rate
RETRIES = 10  # of AIORateLimiter after 429; its default is to give the message up

Send = Callable[[int], Awaitable[bool]]


def chats() -> list[int]:
    """Who gets a message, in the order in which they are handed over."""
    groups = [-1 - number for number in range(GROUPS) for _ in range(IN_GROUP)]
    people = [1 + number for number in range(PEOPLE)]
    return [*groups, *people, *people[::TWICE]]


async def silent(incoming: Incoming, progress: Progress) -> Answer | None:
    """A router that says nothing."""
    return None


async def ours(url: str) -> tuple[Send, Callable[[], Awaitable[None]]]:
    """The channel's own delivery, as the sender uses it."""
    channel = Telegram(TOKEN, silent, lambda: datetime.now(UTC), api_url=url, rate=ALLOWED)

    async def send(chat: int) -> bool:
        try:
            await channel.deliver(str(chat), make_answer(say("fault", number="1")))
        except DeliveryError:
            return False
        return True

    return send, channel.stop


async def theirs(url: str) -> tuple[Send, Callable[[], Awaitable[None]]]:
    """The library's bot with its AIORateLimiter, its limits as many times as the server's."""
    limiter = AIORateLimiter(
        overall_max_rate=ALLOWED,
        overall_time_period=1,
        group_max_rate=20 * SCALE,
        max_retries=RETRIES,
    )
    bot = ExtBot(TOKEN, base_url=f"{url}/bot", rate_limiter=limiter)
    await bot.initialize()

    async def send(chat: int) -> bool:
        try:
            await bot.send_message(chat, "1")
        except TelegramError:
            return False
        return True

    return send, bot.shutdown


async def figure(
    make: Callable[[str], Awaitable[tuple[Send, Callable[[], Awaitable[None]]]]],
) -> tuple[float, int, int]:
    """Share of the allowed rate, how often the server said 429, messages given up."""
    async with server(scale=SCALE) as remote:
        for number in range(GROUPS):
            await remote.group(number=-1 - number)
        await remote.set(keep_calls=False)
        send, close = await make(remote.url)
        began = time.monotonic()
        outcomes = await asyncio.gather(*(send(chat) for chat in chats()))
        seconds = time.monotonic() - began
        await close()
        return (
            outcomes.count(True) / seconds / ALLOWED,
            await refused(remote),
            outcomes.count(False),
        )


async def refused(remote: Remote) -> int:
    """How often the server said 429."""
    calls: dict[str, int] = (await remote.stats())["calls"]
    return calls.get("sendmessage 429", 0)


def rows() -> list[Row]:
    """Return the rows of this bench."""
    found: list[Row] = []
    for name, make, limit in (
        ("the channel's limits", ours, f">= {SHARE_LIMIT:.0%}, no 429"),
        (f"AIORateLimiter alone ({RETRIES} retries)", theirs, "side by side"),
    ):
        share, too_fast, lost = asyncio.run(figure(make))
        text = f"{share:.1%} of {ALLOWED}/s, {too_fast} times 429, {lost} given up"
        is_met = make is theirs or (share >= SHARE_LIMIT and too_fast == 0)
        measure = f"Delivery to {PEOPLE} people and {GROUPS} groups: {name}"
        found.append(Row(measure, text, limit, is_met))
    return found


if __name__ == "__main__":
    for row in rows():
        print(row.format_line())
