"""Read the tokens of one clause to items: a time with its preposition, its hour, its range end.

`read_items` calls one reader a kind of token. A reader is given the state (`ItemReader`), the index
of its token and the token; it returns the index of the token to read next. Not for arranging items
(`arrangement`) nor for what they mean (`meaning`).
"""

from collections.abc import Callable

from language.deadlines.item_reader.phrases import (
    read_event,
    read_for_label,
    read_lunar_day,
    read_phrase_with_tail,
    read_plain_phrase,
    read_same_day,
    read_season,
    read_session,
    skip_token,
)
from language.deadlines.item_reader.prepositions import read_hour, read_preposition
from language.deadlines.item_reader.reader import ItemReader
from language.deadlines.item_reader.repeats import (
    read_every,
    read_every_list,
    read_month_week,
    read_rate,
    read_unit_list,
    read_week_day,
    read_weekdays,
)
from language.deadlines.item_reader.terms import read_duration, read_next_working_day
from language.deadlines.item_reader.times import (
    read_bare_reference,
    read_from_now,
    read_onward,
    read_this_year,
    read_time,
)
from language.deadlines.items import MOST_ITEMS, Item
from language.deadlines.weekdays import join_weekdays
from language.times.scanner import DeadlineToken

# Every other kind of token names a time, or nothing.
_READERS: dict[str, Callable[[ItemReader, int, DeadlineToken], int]] = {
    "citation": skip_token,
    "session": read_session,
    "season": read_season,
    "lunar": read_lunar_day,
    "period-end": skip_token,
    "plan-year": skip_token,
    "event": read_event,
    "week-day": read_week_day,
    "month-week": read_month_week,
    "same-day": read_same_day,
    "preposition": read_preposition,
    "hour": read_hour,
    "now": read_from_now,
    "this-year": read_this_year,
    "ref": read_bare_reference,
    "units": skip_token,
    "onward": read_onward,
    "weekday": read_weekdays,
    "every": read_every,
    "every-list": read_every_list,
    "unit-list": read_unit_list,
    "rate": read_rate,
    "duration": read_duration,
    "nth-day": read_duration,
    "nth-month": read_duration,
    "next-working-day": read_next_working_day,
    "ongoing": read_plain_phrase,
    "periodic": read_plain_phrase,
    "demand": read_phrase_with_tail,
    "regulation": read_phrase_with_tail,
    "with": read_phrase_with_tail,
    "for": read_for_label,
}


def read_items(folded: str, tokens: list[DeadlineToken], end: int) -> list[Item]:
    """Return the items of a clause that ends at the place `end` of `folded`, in the order printed.

    At most one more than `MOST_ITEMS` are read. Weak phrases ("05 ngày", "tháng, quý, năm") are
    items only if the clause holds nothing else.
    """
    tokens = join_weekdays(folded, tokens)
    reader = ItemReader(folded, tokens, end)
    index = 0
    while index < len(tokens) and len(reader.items) <= MOST_ITEMS:
        token = tokens[index]
        index = _READERS.get(token.kind, read_time)(reader, index, token)
    return reader.items or reader.weak_items
