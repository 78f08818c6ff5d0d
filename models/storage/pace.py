"""When one bot may send: messages over all, in a chat, in a group. Its moments are given to it.

Moments are seconds since 1970. Not for where they are kept (`models.storage.processes`).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

ALL_CHATS = ""  # instead of a chat: over all of them together
MOST_AHEAD = 0.5  # seconds before its moment that a slot is given
AGAIN = 0.1  # seconds until it is worth asking again, when as many as allowed are on their way
_SAME = 0.001  # seconds; a moment of the registry has microseconds


class PaceRules(NamedTuple):
    """What a bot may send: messages within a second, and seconds between two of them.

    In a chat seconds between two, in a group so many within `group_window` seconds. A message
    counts from its moment until that long after its end; an end that is not told is `late` seconds
    after its moment.
    """

    per_second: int
    gap: float
    chat_gap: float
    group_count: int
    group_window: float
    late: float


class Slot(NamedTuple):
    """Seconds until a message may go; `is_taken` False: until it is worth asking again.

    `ends_at` is when the message counts as ended unless its end is told; 0 if nobody keeps it.
    """

    delay: float
    is_taken: bool
    ends_at: float = 0.0


class SlotEnd(NamedTuple):
    """A message that got its answer or failed, or with `was_sent` False was given up before."""

    chat: str
    ends_at: float
    was_sent: bool = True


class ChatPace(NamedTuple):
    """When a chat, or all of them together, may get a message again, and the ends of the last."""

    free_at: float
    recent: tuple[float, ...] = ()


class BotPace:
    """What is known of the chats of a bot at one moment, and of `ALL_CHATS`."""

    def __init__(self, chats: Mapping[str, ChatPace], rules: PaceRules, now: float) -> None:
        self._given, self._chats = chats, dict(chats)
        self._rules, self._now = rules, now

    def list_changes(self) -> dict[str, ChatPace]:
        """Return what is no more as it was given, by chat."""
        return {c: pace for c, pace in self._chats.items() if pace != self._given[c]}

    def end_message(self, end: SlotEnd) -> None:
        """Let a message count from now; what it held up beyond that is free."""
        for chat in (ALL_CHATS, end.chat):
            pace = self._chats[chat]
            if end.ends_at in pace.recent:
                recent = list(pace.recent)
                recent.remove(end.ends_at)
                if end.was_sent:
                    recent.append(self._now)
                self._chats[chat] = ChatPace(pace.free_at, tuple(sorted(recent)))
        one, gap = self._chats[end.chat], self._rules.chat_gap
        if abs(one.free_at - end.ends_at - gap) < _SAME:  # not held for longer meanwhile
            free_at = self._now + gap if end.was_sent else self._now
            self._chats[end.chat] = ChatPace(free_at, one.recent)

    def hold_chat(self, chat: str, seconds: float) -> None:
        """Let a chat, or all of them, wait for so many seconds."""
        pace = self._chats[chat]
        self._chats[chat] = ChatPace(max(pace.free_at, self._now + seconds), pace.recent)

    def reserve_slot(self, chat: str, *, is_group: bool) -> Slot:
        """Reserve a moment for one message, if its chat and all together have room soon."""
        rules, every, one = self._rules, self._chats[ALL_CHATS], self._chats[chat]
        at = max(self._now, _find_free(every, rules.per_second, 1.0))
        free = _find_free(one, rules.group_count, rules.group_window) if is_group else one.free_at
        if free > at:
            return Slot(free - self._now, is_taken=False)
        if at - self._now > MOST_AHEAD:
            return Slot(AGAIN, is_taken=False)
        ends_at = at + rules.late
        self._chats[ALL_CHATS] = ChatPace(
            at + rules.gap, _add_end(every, ends_at, rules.per_second)
        )
        ends = _add_end(one, ends_at, rules.group_count) if is_group else ()
        self._chats[chat] = ChatPace(ends_at + rules.chat_gap, ends)
        return Slot(at - self._now, is_taken=True, ends_at=ends_at)


def _find_free(pace: ChatPace, count: int, window: float) -> float:
    """Return when one more message keeps within `count` in a window."""
    if len(pace.recent) < count:
        return pace.free_at
    return max(pace.free_at, pace.recent[-count] + window)


def _add_end(pace: ChatPace, ends_at: float, count: int) -> tuple[float, ...]:
    """Return the ends of the newest `count` messages, with the one that ends at `ends_at`."""
    return tuple(sorted([*pace.recent, ends_at])[-count:])
