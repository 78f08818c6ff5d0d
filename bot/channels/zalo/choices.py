"""Numbered choices: on Zalo a button is a number that the person types.

Numbers of answers begin with 1; those of messages that the bot writes by itself begin with 41 and
run on through the day, so that a number never answers for another message (docs/zalo.md).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from locales.answer import Answer, say
from locales.fluent import TYPED, load_sentences
from models.channels.choices import ChoiceSet

FIRST_OF_NOTICES = 41
LAST_NUMBER = 999
_TYPED_NUMBER = re.compile(r"\s*(?:số\s*)?(\d{1,3})\s*[.!]?\s*", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class NumberedChoices:
    """Which number means which action, and the lines that say so."""

    actions: dict[int, str]
    text: str


def parse_number(text: str) -> int | None:
    """Return the number that a whole message is ("2", "số 2"), None if it is anything else."""
    match = _TYPED_NUMBER.fullmatch(text)
    return int(match.group(1)) if match else None


def number_choices(
    answer: Answer, shown: Sequence[ChoiceSet], *, of_notice: bool
) -> NumberedChoices | None:
    """Return numbers for the buttons of `answer`; None if it has none.

    `shown` is what the chat was shown that day. A button whose label is a number (that of a line in
    a list) keeps it.
    """
    to_text = load_sentences(TYPED).to_text
    shown_buttons = (button for row in answer.buttons for button in row if button.page is None)
    buttons = [(to_text(button.label), button) for button in shown_buttons]
    if not buttons:
        return None
    own = {int(label): b.action for label, b in buttons if _is_own_number(label, of_notice)}
    if len(own) < sum(label.isdecimal() for label, _ in buttons):
        own = {}  # two of them alike: none keeps its number
    taken = set(own) | _list_notice_numbers(shown)
    first = FIRST_OF_NOTICES if of_notice else 1
    if of_notice and taken:
        first = max(FIRST_OF_NOTICES, max(taken) + 1)
    if first + len(buttons) > LAST_NUMBER:
        first, taken = FIRST_OF_NOTICES, set(own)
    free = (number for number in range(first, LAST_NUMBER + 1) if number not in taken)
    actions, parts = dict(own), []
    if own:
        parts.append(to_text(say("zalo-choice-lines", first=min(own), last=max(own))))
    for label, button in buttons:
        if own and label.isdecimal():
            continue
        number = next(free, None)
        if number is None:
            break
        actions[number] = button.action
        parts.append(to_text(say("zalo-choice", number=number, label=label)))
    return NumberedChoices(actions, to_text(say("zalo-choices", choices=" · ".join(parts))))


def _is_own_number(label: str, of_notice: bool) -> bool:
    return label.isdecimal() and not of_notice and 0 < int(label) < FIRST_OF_NOTICES


def _list_notice_numbers(shown: Iterable[ChoiceSet]) -> set[int]:
    """Return the numbers of what the bot wrote by itself."""
    return {int(number) for choices in shown if choices.of_notice for number in choices.actions}
