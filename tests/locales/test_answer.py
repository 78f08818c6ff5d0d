"""What a button carries is packed and unpacked in one place."""

from __future__ import annotations

from datetime import date

import pytest

from locales.answer import make_button, pack_action, say, unpack_action


def test_what_is_packed_is_unpacked() -> None:
    day = date(2026, 11, 30)
    button = make_button(say("button-day", day=day), "snooze", 7, day, "")
    assert button.action == "snooze:7:2026-11-30:"
    assert unpack_action(button.action, 4) == ("snooze", "7", "2026-11-30", "")


@pytest.mark.parametrize(
    ("action", "count", "parts"),
    [
        ("channel", 2, ("channel", "")),
        ("", 3, ("", "", "")),
        ("log:20:giờ: 9", 3, ("log", "20", "giờ: 9")),
    ],
)
def test_missing_parts_are_empty_and_the_last_holds_the_rest(
    action: str, count: int, parts: tuple[str, ...]
) -> None:
    assert unpack_action(action, count) == parts


def test_an_action_that_no_messenger_carries_is_refused() -> None:
    with pytest.raises(ValueError, match="64"):
        make_button(say("plain", text="x"), "log", "ă" * 40)
    assert len(pack_action("log", "ă" * 40)) < 64
