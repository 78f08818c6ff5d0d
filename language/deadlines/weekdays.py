"""Weekdays beside a day: a part of it ("thứ Tư, ngày 20/5"); one that contradicts it is a doubt."""

import re
from dataclasses import replace
from datetime import date
from itertools import pairwise

from language.deadlines.clauses import Clause, DeadlineCell
from language.times.grammar import load_grammar
from language.times.scanner import DeadlineToken
from language.times.spans import read_spans, read_weekday

_GAP = re.compile(r"[ ,:()]*")
_WORD_BEFORE = re.compile(r"([a-z]+) ?$")
_COUNTED = frozenset({"tuan", "ky", "dot", "phien", "hop", "khoa", "vong", "buoi"})
_LONGEST_WORD = 12  # characters


def join_weekdays(folded: str, tokens: list[DeadlineToken]) -> list[DeadlineToken]:
    """Return the tokens with each weekday right before a day as a part of that day."""
    joined: list[DeadlineToken] = []
    for token in tokens:
        last = joined[-1] if joined else None
        if last is not None and token.kind == "day" and _names_day(folded, last, token):
            joined[-1] = replace(token, start=last.start)
        else:
            joined.append(token)
    return joined


def _names_day(folded: str, weekday: DeadlineToken, day: DeadlineToken) -> bool:
    """Return whether a weekday stands right beside a day; "tuần thứ 2" is none."""
    if weekday.kind != "weekday" or day.kind != "day":
        return False
    first, second = sorted((weekday, day), key=lambda token: token.start)
    gap = _GAP.fullmatch(folded, first.end, max(first.end, second.start))
    before = _WORD_BEFORE.search(folded, max(0, weekday.start - _LONGEST_WORD), weekday.start)
    counted = _COUNTED.union(load_grammar()["ordinals"]["words"])
    return gap is not None and not (before and before[1] in counted)


def find_contradicted_days(cell: DeadlineCell, clause: Clause, year: int | None) -> set[date]:
    """Return the days of a clause that are another weekday than is printed beside them.

    `year` is that of days without one; without it they are not looked at.
    """
    tokens = [*clause.tokens, *(token for one in clause.brackets for token in one.tokens)]
    found: set[date] = set()
    if not any(token.kind == "weekday" for token in tokens):
        return found
    for left, right in pairwise(sorted(tokens, key=lambda token: token.start)):
        for weekday, day in ((left, right), (right, left)):
            if _names_day(cell.folded, weekday, day):
                found |= _list_other_days(weekday, day, year)
    return found


def _list_other_days(weekday: DeadlineToken, day: DeadlineToken, year: int | None) -> set[date]:
    spans = read_spans(day) or []
    if len(spans) != 1:
        return set()
    days = spans[0].find_days(year)
    is_one = days is not None and days[0] == days[1]
    return {days[0]} if days and is_one and days[0].weekday() != read_weekday(weekday) else set()
