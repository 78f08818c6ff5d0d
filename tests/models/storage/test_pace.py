"""When a bot may send: over all, in a chat and in a group, at moments that are given."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import pytest

from models.storage.pace import (
    AGAIN,
    ALL_CHATS,
    MOST_AHEAD,
    BotPace,
    ChatPace,
    PaceRules,
    Slot,
    SlotEnd,
)

NOW = 0.25
RULES = PaceRules(5, 0.25, chat_gap=1.5, group_count=2, group_window=60.0, late=0.5)
FULL = RULES._replace(per_second=2, gap=0.0)
FREE = ChatPace(NOW - 5)
AGAIN_SOON = Slot(AGAIN, is_taken=False)


def make_pace(
    known: Mapping[str, ChatPace] | None = None, rules: PaceRules = RULES, now: float = NOW
) -> BotPace:
    chats = dict.fromkeys((ALL_CHATS, *"1234"), FREE)
    return BotPace({**chats, **(known or {})}, rules, now)


def reserve(pace: BotPace, chats: Iterable[str]) -> list[Slot]:
    return [pace.reserve_slot(chat, is_group=False) for chat in chats]


def test_the_first_message_goes_at_once_and_holds_up_the_next_ones() -> None:
    pace = make_pace()
    assert pace.list_changes() == {}
    assert reserve(pace, "1") == [Slot(0.0, is_taken=True, ends_at=NOW + 0.5)]
    assert pace.list_changes() == {
        ALL_CHATS: ChatPace(NOW + 0.25, (NOW + 0.5,)),
        "1": ChatPace(NOW + 0.5 + 1.5),
    }


def test_messages_go_a_gap_apart_and_none_is_given_a_moment_far_ahead() -> None:
    slots = reserve(make_pace(), "1234")
    assert [slot.delay for slot in slots[:3]] == [0.0, 0.25, MOST_AHEAD]
    assert [slot.ends_at - NOW for slot in slots[:3]] == [0.5, 0.75, 1.0]
    assert [slot.is_taken for slot in slots] == [True, True, True, False]
    assert 0 < slots[3].delay < MOST_AHEAD  # it asks again


def test_no_more_than_allowed_are_on_their_way_or_ended_within_a_second() -> None:
    first, second, third = reserve(pace := make_pace(rules=FULL), "123")
    assert (first.delay, second.delay, third) == (0.0, 0.0, AGAIN_SOON)
    pace.end_message(SlotEnd("1", first.ends_at))
    assert reserve(pace, "3") == [AGAIN_SOON]  # ended just now
    later = make_pace(pace.list_changes(), FULL, NOW + 0.75)
    assert reserve(later, "34") == [Slot(0.25, is_taken=True, ends_at=NOW + 1.5), AGAIN_SOON]


def test_a_message_that_was_given_up_counts_no_more() -> None:
    pace = make_pace(rules=FULL)
    first, _, _ = reserve(pace, "123")
    pace.end_message(SlotEnd("1", first.ends_at, was_sent=False))
    assert [slot.delay for slot in reserve(pace, "1")] == [0.0]


def test_the_ends_of_the_newest_messages_are_kept_in_their_order() -> None:
    ends = (NOW - 20, NOW - 10, NOW + 4)
    pace = make_pace({ALL_CHATS: ChatPace(NOW, ends)}, FULL)
    reserve(pace, "1")
    assert pace.list_changes()[ALL_CHATS].recent == (NOW + 0.5, NOW + 4)
    pace = make_pace({ALL_CHATS: ChatPace(NOW, (NOW - 1, NOW + 1))}, now=NOW + 2)
    pace.end_message(SlotEnd("1", NOW - 1))
    assert pace.list_changes() == {ALL_CHATS: ChatPace(NOW, (NOW + 1, NOW + 2))}


def test_ends_noted_while_more_was_allowed_count_too() -> None:
    ends = (NOW - 20, NOW - 0.125, NOW + 4)
    assert reserve(make_pace({ALL_CHATS: ChatPace(NOW, ends)}, FULL), "1") == [AGAIN_SOON]


@pytest.mark.parametrize(("was_sent", "wait"), [(True, 1.5), (False, 0.0)])
def test_a_chat_is_free_a_gap_after_its_message_ended(was_sent: bool, wait: float) -> None:
    pace = make_pace()
    first, again = reserve(pace, "11")
    assert again == Slot(0.5 + 1.5, is_taken=False)  # it may still be on its way
    later = make_pace(pace.list_changes(), now=NOW + 2)
    later.end_message(SlotEnd("1", first.ends_at, was_sent))
    (slot,) = reserve(later, "1")
    assert (slot.delay, slot.is_taken) == (wait, not was_sent)
    ended = make_pace(later.list_changes(), now=NOW + 2 + wait)
    assert reserve(ended, "1")[0].is_taken is was_sent


def test_a_moment_that_the_registry_rounded_is_freed_too() -> None:
    pace = make_pace({"1": ChatPace(NOW + 2 + 0.0000004)})
    pace.end_message(SlotEnd("1", NOW + 0.5))
    assert pace.list_changes() == {"1": ChatPace(NOW + 1.5)}


@pytest.mark.parametrize("seconds", [2.5, 30.0])
def test_the_end_of_a_message_does_not_shorten_what_the_server_asked_to_wait(
    seconds: float,
) -> None:
    pace = make_pace()
    (slot,) = reserve(pace, "1")
    pace.hold_chat("1", seconds)
    pace.end_message(SlotEnd("1", slot.ends_at))
    assert reserve(pace, "1") == [Slot(seconds, is_taken=False)]


def test_a_chat_waits_for_the_longest_of_what_holds_it() -> None:
    pace = make_pace()
    for seconds in (30.0, 20.0):
        pace.hold_chat("1", seconds)
    assert reserve(pace, "1") == [Slot(30.0, is_taken=False)]
    assert reserve(pace, "2")[0].is_taken
    pace.hold_chat(ALL_CHATS, 10.0)
    assert reserve(pace, "3") == [AGAIN_SOON]
    held = make_pace(pace.list_changes())
    held.hold_chat("1", 20.0)
    assert held.list_changes() == {}


def test_a_chat_that_is_free_when_all_are_waits_with_them() -> None:
    pace = make_pace({ALL_CHATS: ChatPace(NOW + 0.5), "1": ChatPace(NOW + 0.5)})
    assert reserve(pace, "1") == [Slot(0.5, is_taken=True, ends_at=NOW + 1.0)]


def test_a_group_gets_so_many_in_its_window() -> None:
    rules, now = RULES._replace(chat_gap=0.0), NOW
    known: dict[str, ChatPace] = {}
    for seconds in (0, 10):
        now = NOW + seconds
        pace = make_pace(known, rules, now)
        slot = pace.reserve_slot("1", is_group=True)
        assert slot.delay == 0.0
        pace.end_message(SlotEnd("1", slot.ends_at))
        known |= pace.list_changes()
    assert known["1"].recent == (NOW, NOW + 10)
    full = make_pace(known, rules, NOW + 20)
    assert full.reserve_slot("1", is_group=True) == Slot(40.0, is_taken=False)
    free = make_pace(known, rules, NOW + 60)
    assert free.reserve_slot("1", is_group=True).delay == 0.0
    assert free.list_changes()["1"].recent == (NOW + 10, NOW + 60.5)


def test_a_group_keeps_the_gap_of_a_chat() -> None:
    pace = make_pace()
    pace.reserve_slot("1", is_group=True)
    assert pace.reserve_slot("1", is_group=True) == Slot(2.0, is_taken=False)
