"""Weekdays beside a day: a part of it ("thứ Tư, ngày 20/5"); one that contradicts it is a doubt."""

import re
from dataclasses import replace
from datetime import date
from functools import cache
from itertools import pairwise
from operator import attrgetter

from language.deadlines.clauses import Clause, DeadlineCell
from language.times.grammar import join_words
from language.times.scanner import DeadlineToken
from language.times.spans import read_spans, read_weekday

_BY_PLACE = attrgetter("start")
_GAP = re.compile(r"[ ,:()]*")
_COUNTED = "tuan|ky|dot|phien|hop|khoa|vong|buoi"


@cache
def _load_counted_pattern() -> re.Pattern[str]:
    """Return what matches behind the words that are counted: "tuần thứ 2" is no Monday."""
    words = f"{_COUNTED}|{join_words('ordinals', 'words')}".split("|")
    return re.compile("|".join(rf"(?<=\b{word} )" for word in words))


def join_weekdays(folded: str, tokens: list[DeadlineToken]) -> list[DeadlineToken]:
    """Return the tokens with each weekday right before a day as a part of that day."""
    joined: list[DeadlineToken] = []
    for token in tokens:
        if token.kind == "day" and joined and _names_day(folded, joined[-1], token):
            joined.append(replace(token, start=joined.pop().start))
        else:
            joined.append(token)
    return joined


def _names_day(folded: str, weekday: DeadlineToken, day: DeadlineToken) -> bool:
    """Return whether a weekday stands right beside a day; "tuần thứ 2" is none."""
    if weekday.kind != "weekday":
        return False
    first, second = sorted((weekday, day), key=_BY_PLACE)
    if _GAP.fullmatch(folded, first.end, second.start) is None:
        return False
    return _load_counted_pattern().match(folded, weekday.start) is None


def find_contradicted_days(cell: DeadlineCell, clause: Clause, year: int | None) -> set[date]:
    """Return the days of a clause that are another weekday than is printed beside them.

    `year` is that of days without one; without it they are not looked at.
    """
    tokens = [*clause.tokens, *(token for one in clause.brackets for token in one.tokens)]
    found: set[date] = set()
    for left, right in pairwise(sorted(tokens, key=_BY_PLACE)):
        for weekday, day in ((left, right), (right, left)):
            if day.kind == "day" and _names_day(cell.folded, weekday, day):
                found |= _list_other_days(weekday, day, year)
    return found


def _list_other_days(weekday: DeadlineToken, day: DeadlineToken, year: int | None) -> set[date]:
    number = read_weekday(weekday)
    ends = (span.find_days(year) for span in read_spans(day) or ())
    return {first for first, _ in filter(None, ends) if first.weekday() != number}
