"""Telegram's limits, kept ahead of time (docs/dev/decisions/0002-own-rate-limiter.md).

`RateWindow` decides which message may go when; it is given the time. `RateLimiter` lets coroutines
wait for it. Telegram allows 30 messages a second over all, 1 a second in a chat and 20 a minute in
a group (core.telegram.org/bots/faq, "My bot is hitting limits").
"""

from __future__ import annotations

import asyncio
import heapq
import time
from collections import deque
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field
from typing import Protocol

OVERALL_RATE = 30.0  # messages a second over all
CHAT_GAP = 1.0  # seconds between two messages of a chat
GROUP_COUNT, GROUP_WINDOW = 20, 60.0  # messages in so many seconds in a group
SLACK = 0.05  # seconds of lost slots that may be caught up after the process was busy
LATE = 0.5  # seconds; a message without an answer then counts as arrived and frees its slot
_SWEEP_ABOVE = 4096  # chats remembered before idle ones are forgotten


@dataclass(slots=True, eq=False)
class Ticket:
    """A message waiting for its turn, or on its way."""

    chat: str
    group: bool
    granted_at: float | None = None
    abandoned: bool = False  # the sender gave up waiting


@dataclass(slots=True)
class _ChatState:
    """What is known of one chat. Only one message is on its way, so they arrive in order."""

    group: bool
    waiting: dict[bool, deque[Ticket]] = field(
        default_factory=lambda: {True: deque(), False: deque()}
    )
    in_flight: bool = False
    last_end: float = float("-inf")
    blocked_until: float = float("-inf")
    # When the last messages ended, for a group's window.
    recent: deque[float] = field(default_factory=deque)


class RateWindow:
    """Which waiting message may go now. Answers to people (`urgent`) go before all others.

    A message counts from the moment it is sent until a second after its answer came. The server
    counts it somewhere in between, so it never sees more than it allows, however long the way is.
    """

    def __init__(self, rate: float = OVERALL_RATE) -> None:
        """`rate`: messages a second over all; above 30 the other limits rise in proportion."""
        if rate <= 0:
            raise ValueError("rate must be above 0")
        scale = max(1.0, rate / OVERALL_RATE)
        self.rate = rate
        self.chat_gap = CHAT_GAP / scale
        self.group_count = int(GROUP_COUNT * scale)
        self.group_gap = GROUP_WINDOW / self.group_count
        self._chats: dict[str, _ChatState] = {}
        self._lines: dict[bool, list[tuple[float, int, str]]] = {
            True: [],
            False: [],
        }  # heaps: when, order, chat
        self._order = 0
        self._slot = float("-inf")
        self._counted: set[Ticket] = set()  # those that count against the overall limit
        self._releases: list[tuple[float, int, Ticket]] = []
        self._waiting = 0

    def add_ticket(self, chat: str, now: float, *, group: bool, urgent: bool) -> Ticket:
        """Put a message for `chat` in line."""
        state = self._chats.get(chat)
        if state is None:
            if len(self._chats) >= _SWEEP_ABOVE:
                self._forget_idle_chats(now)
            state = self._chats[chat] = _ChatState(group)
        ticket = Ticket(chat, group)
        state.waiting[urgent].append(ticket)
        self._waiting += 1
        if len(state.waiting[urgent]) == 1 and not state.in_flight:
            self._line_up(chat, state, urgent, now)
        return ticket

    def take_due(self, now: float) -> list[Ticket]:
        """Take the messages that may go at `now` from the line; `finish_ticket` must follow."""
        granted: list[Ticket] = []
        while self._overall_free(now) <= now:
            ticket = self._pop_ticket(True, now) or self._pop_ticket(False, now)
            if ticket is None:
                break
            self._grant_ticket(ticket, now)
            granted.append(ticket)
        return granted

    def next_due_at(self, now: float) -> float | None:
        """Return when `take_due` may give something again; None if nothing waits."""
        fronts = [line[0][0] for line in self._lines.values() if line]
        if not fronts:
            return None
        return max(min(fronts), self._overall_free(now))

    def finish_ticket(self, ticket: Ticket, now: float) -> None:
        """Note that the message of `ticket` got its answer, or failed, at `now`."""
        if ticket.granted_at is None:
            return
        state = self._chats[ticket.chat]
        state.in_flight = False
        state.last_end = now
        if state.group:
            state.recent.append(now)
            while len(state.recent) > self.group_count:
                state.recent.popleft()
        self._release_at(ticket, now + 1.0)
        for urgent in (True, False):
            if state.waiting[urgent]:
                self._line_up(ticket.chat, state, urgent, now)

    def drop_ticket(self, ticket: Ticket) -> None:
        """Take `ticket` out of the line if it still waits."""
        if ticket.granted_at is None and not ticket.abandoned:
            ticket.abandoned = True
            self._waiting -= 1

    def hold_chat(self, chat: str, until: float, now: float, *, group: bool = False) -> None:
        """Send nothing to `chat` before `until` (the server asked for it); other chats go on."""
        state = self._chats.setdefault(chat, _ChatState(group))
        state.blocked_until = max(state.blocked_until, until, now)

    def seconds_until_free(self, chat: str, now: float, *, urgent: bool = False) -> float:
        """Return the seconds until `chat` may get another message after those in line."""
        state = self._chats.get(chat)
        if state is None:
            return 0.0
        ahead = (
            len(state.waiting[True])
            + (0 if urgent else len(state.waiting[False]))
            + state.in_flight
        )
        gap = self.group_gap if state.group else self.chat_gap
        return max(0.0, self._chat_free(state, urgent) - now) + ahead * gap

    def _chat_free(self, state: _ChatState, urgent: bool) -> float:
        """Return when `chat` may get a message.

        Reminders of a group go evenly; an answer may follow at once if the minute has room.
        """
        gap = self.group_gap if state.group and not urgent else self.chat_gap
        free = max(state.last_end + gap, state.blocked_until)
        if state.group and len(state.recent) >= self.group_count:
            free = max(free, state.recent[0] + GROUP_WINDOW)
        return free

    def _line_up(self, chat: str, state: _ChatState, urgent: bool, now: float) -> None:
        self._order += 1
        heapq.heappush(
            self._lines[urgent], (max(self._chat_free(state, urgent), now), self._order, chat)
        )

    def _pop_ticket(self, urgent: bool, now: float) -> Ticket | None:
        """Return the ticket whose chat has been free longest; drop places out of date."""
        line = self._lines[urgent]
        while line and line[0][0] <= now:
            _, order, chat = heapq.heappop(line)
            state = self._chats[chat]
            queue = state.waiting[urgent]
            while queue and queue[0].abandoned:
                queue.popleft()
            if not queue or state.in_flight:  # `finish_ticket` lines the chat up again
                continue
            free = self._chat_free(state, urgent)
            if free > now:
                heapq.heappush(line, (free, order, chat))
                continue
            return queue.popleft()
        return None

    def _grant_ticket(self, ticket: Ticket, now: float) -> None:
        self._waiting -= 1
        ticket.granted_at = now
        self._chats[ticket.chat].in_flight = True
        # A little late is caught up; after idle time nothing is, or messages would bunch.
        late = now - self._slot
        self._slot = (self._slot if late <= SLACK else now) + 1.0 / self.rate
        self._counted.add(ticket)
        self._release_at(ticket, now + LATE + 1.0)

    def _release_at(self, ticket: Ticket, when: float) -> None:
        self._order += 1
        heapq.heappush(self._releases, (when, self._order, ticket))

    def _overall_free(self, now: float) -> float:
        while self._releases and (
            self._releases[0][0] <= now or self._releases[0][2] not in self._counted
        ):
            self._counted.discard(heapq.heappop(self._releases)[2])
        full = len(self._counted) >= max(1, int(self.rate))
        return max(self._slot, self._releases[0][0]) if full else self._slot

    def _forget_idle_chats(self, now: float) -> None:
        """Forget chats that nothing holds back any more, so that memory stays bounded."""
        idle = [
            chat
            for chat, state in self._chats.items()
            if not state.in_flight
            and not any(state.waiting.values())
            and max(
                state.last_end + (GROUP_WINDOW if state.group else self.group_gap),
                state.blocked_until,
            )
            < now
        ]
        for chat in idle:
            del self._chats[chat]
        self._lines = {
            urgent: [place for place in line if place[2] in self._chats]
            for urgent, line in self._lines.items()
        }
        for line in self._lines.values():
            heapq.heapify(line)


class OtherProcesses(Protocol):
    """The pace that this process keeps together with others (`shared_pace.py`)."""

    def wait_slot(
        self, chat: str, *, group: bool, urgent: bool
    ) -> AbstractAsyncContextManager[None]:
        """Wait until no other process is in the way; send within the block."""
        ...

    def hold_chat(self, chat: str, seconds: float) -> None:
        """Let a chat wait in every process."""
        ...

    async def close(self) -> None:
        """Wait no more."""
        ...


class RateLimiter:
    """Lets coroutines wait for their turn to send. One a channel, within one event loop."""

    def __init__(
        self, rate: float = OVERALL_RATE, clock: Callable[[], float] = time.monotonic
    ) -> None:
        """`rate` as in `RateWindow`; `clock` in seconds, at the event loop's speed."""
        self.window = RateWindow(rate)
        self.shared: OtherProcesses | None = None
        self._clock = clock
        self._turns: dict[Ticket, asyncio.Future[None]] = {}
        self._timer: asyncio.TimerHandle | None = None

    @asynccontextmanager
    async def wait_turn(self, chat: str, *, group: bool, urgent: bool) -> AsyncIterator[None]:
        """Wait until `chat` may get a message; send the message within the block."""
        ticket = self.window.add_ticket(chat, self._clock(), group=group, urgent=urgent)
        waiter = self._turns[ticket] = asyncio.get_running_loop().create_future()
        self._grant_due()
        try:
            await waiter
            if self.shared is None:
                yield
                return
            async with self.shared.wait_slot(chat, group=group, urgent=urgent):
                yield
        finally:
            self._turns.pop(ticket, None)
            self.window.drop_ticket(ticket)
            self.window.finish_ticket(ticket, self._clock())
            self._grant_due()

    def hold_chat(self, chat: str, seconds: float, *, group: bool = False) -> None:
        """Send nothing to `chat` for `seconds`."""
        now = self._clock()
        self.window.hold_chat(chat, now + seconds, now, group=group)
        if self.shared is not None:
            self.shared.hold_chat(chat, seconds)

    def seconds_until_free(self, chat: str, *, urgent: bool = False) -> float:
        """Return the seconds that a message to `chat` would wait because of that chat alone."""
        return self.window.seconds_until_free(chat, self._clock(), urgent=urgent)

    def _grant_due(self) -> None:
        now = self._clock()
        for ticket in self.window.take_due(now):
            waiter = self._turns[ticket]
            if not waiter.done():
                waiter.set_result(None)
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        look_at = self.window.next_due_at(now)
        if look_at is not None:
            self._timer = asyncio.get_running_loop().call_later(
                max(0.0, look_at - now), self._grant_due
            )
