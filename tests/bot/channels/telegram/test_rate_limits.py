"""The limits, with time given: never over what the strict server allows, hardly under it."""

from __future__ import annotations

import asyncio
import heapq
import random
from collections.abc import Callable, Iterable
from itertools import pairwise

import pytest

from bot.channels.telegram.rate_limits import RateLimiter, RateWindow, Ticket
from tests.support.botapi import Allowed, Flood

Ask = tuple[float, str, bool]  # when, which chat (groups begin with "-"), urgent


def simulate(
    pace: RateWindow, asks: Iterable[Ask], way: Callable[[], tuple[float, float]]
) -> list[tuple[float, Ticket]]:
    """Sends all of `asks`; `way` gives the seconds there and back.

    Returns when each message reached the server.
    """
    events: list[tuple[float, int, str, object]] = []
    count = 0

    def later(when: float, what: str, about: object) -> None:
        nonlocal count
        count += 1
        heapq.heappush(events, (when, count, what, about))

    for ask in asks:
        later(ask[0], "ask", ask)
    arrived: list[tuple[float, Ticket]] = []
    looking: float | None = None
    while events:
        now, _, what, about = heapq.heappop(events)
        if what == "ask":
            assert isinstance(about, tuple)
            pace.add_ticket(about[1], now, group=about[1].startswith("-"), urgent=about[2])
        elif isinstance(about, Ticket):
            pace.finish_ticket(about, now)
        for ticket in pace.take_due(now):
            there, back = way()
            arrived.append((now + there, ticket))
            later(now + there + back, "done", ticket)
        if what == "look":
            looking = None
        look = pace.next_due_at(now)
        if look is not None and (looking is None or look < looking):
            looking = max(look, now + 1e-6)
            later(looking, "look", None)
    return sorted(arrived, key=lambda pair: pair[0])


def strict(arrived: list[tuple[float, Ticket]], scale: float = 1.0) -> None:
    """Raises where the strict server would answer 429."""
    flood = Flood(Allowed.times(scale))
    for when, ticket in arrived:
        flood.check(int(ticket.chat), when)


def same_way() -> tuple[float, float]:
    return 0.002, 0.002


def test_a_morning_goes_out_at_the_allowed_rate_without_429() -> None:
    asks = [(0.0, str(number), False) for number in range(1, 601)]
    arrived = simulate(RateWindow(), asks, same_way)
    strict(arrived)
    assert len(arrived) == 600
    assert 599 / (arrived[-1][0] - arrived[0][0]) >= 0.95 * 30


@pytest.mark.parametrize("seed", range(5))
def test_no_429_however_the_network_jitters(seed: int) -> None:
    dice = random.Random(seed)
    chats = [*(str(n) for n in range(1, 60)), "-1", "-2", "-3"]
    asks = [(dice.random() * 20, dice.choice(chats), dice.random() < 0.3) for _ in range(500)]
    arrived = simulate(RateWindow(), asks, lambda: (dice.random() * 0.3, dice.random() * 0.3))
    strict(arrived)
    assert len(arrived) == 500


def test_the_rate_setting_scales_all_limits() -> None:
    asks = [(0.0, chat, False) for _ in range(30) for chat in ("1", "2", "-1")]
    arrived = simulate(RateWindow(300), asks, same_way)
    strict(arrived, 10)
    assert (
        arrived[-1][0] < 10
    )  # 30 messages in a group need 8.7 s at ten times the limit, 87 s at Telegram's


def test_messages_are_spread_evenly() -> None:
    arrived = simulate(
        RateWindow(), [(0.0, str(number), False) for number in range(1, 100)], same_way
    )
    gaps = [later[0] - earlier[0] for earlier, later in pairwise(arrived[5:])]
    assert max(gaps) < 0.05


def test_a_group_gets_reminders_every_three_seconds_and_answers_at_once() -> None:
    calm = simulate(RateWindow(), [(0.0, "-1", False)] * 5, same_way)
    assert all(later[0] - earlier[0] >= 3 for earlier, later in pairwise(calm))
    asked = simulate(RateWindow(), [(0.0, "-1", True)] * 5, same_way)
    assert asked[-1][0] < 5


def test_answers_to_people_go_first() -> None:
    asks: list[Ask] = [(0.0, str(number), False) for number in range(1, 200)]
    asks += [(1.0, str(number), True) for number in range(500, 510)]
    arrived = simulate(RateWindow(), asks, same_way)
    answered = [when for when, ticket in arrived if int(ticket.chat) >= 500]
    assert answered[-1] < 1.0 + 10 / 30 + 0.1


def test_a_chat_that_must_wait_holds_up_no_other() -> None:
    pace = RateWindow()
    pace.hold_chat("1", until=100.0, now=0.0)
    arrived = simulate(pace, [(0.0, str(number), False) for number in range(1, 11)], same_way)
    assert [ticket.chat for _, ticket in arrived][-1] == "1"
    assert arrived[-2][0] < 1
    assert arrived[-1][0] >= 100


def test_a_hanging_message_keeps_its_chat_and_no_more() -> None:
    ways = iter([(5.0, 5.0)] + [(0.001, 0.001)] * 200)
    arrived = simulate(
        RateWindow(),
        [(0.0, str(1 + number % 60), False) for number in range(120)],
        lambda: next(ways),
    )
    assert sum(1 for when, ticket in arrived if ticket.chat != "1" and when < 5) > 100
    assert len(arrived) == 120


def test_one_chat_keeps_its_order() -> None:
    pace = RateWindow()
    tickets = [pace.add_ticket("1", 0.0, group=False, urgent=False) for _ in range(3)]
    given: list[Ticket] = []
    now = 0.0
    while len(given) < 3:
        for ticket in pace.take_due(now):
            given.append(ticket)
            pace.finish_ticket(ticket, now)
        now += 0.1
    assert given == tickets


def test_who_gives_up_takes_no_slot() -> None:
    pace = RateWindow()
    first, second = (pace.add_ticket("1", 0.0, group=False, urgent=False) for _ in range(2))
    pace.drop_ticket(first)
    assert pace.take_due(0.0) == [second]
    assert pace._waiting == 0


def test_idle_chats_are_forgotten() -> None:
    pace = RateWindow(30_000)
    for number in range(10_000):
        now = float(number)
        pace.add_ticket(str(number), now, group=False, urgent=False)
        for ticket in pace.take_due(now):
            pace.finish_ticket(ticket, now)
    assert len(pace._chats) <= 4096


async def test_turns_are_given_up_and_taken_over() -> None:
    limits = RateLimiter(30_000)

    async def send(chat: str) -> str:
        async with limits.wait_turn(chat, group=False, urgent=False):
            return chat

    limits.hold_chat("1", 60)
    assert limits.seconds_until_free("1") > 59
    stuck = asyncio.create_task(send("1"))
    assert list(await asyncio.gather(send("2"), send("3"))) == ["2", "3"]
    stuck.cancel()
    with pytest.raises(asyncio.CancelledError):
        await stuck
    assert limits.window._waiting == 0


def test_a_rate_of_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="rate"):
        RateWindow(0)
