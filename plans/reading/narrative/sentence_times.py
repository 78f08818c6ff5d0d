"""Find the times in a sentence that orders something: "... trước ngày 05/12/2031 ...".

What a time means is read in `language.deadlines`; here it is only found and cut out.
"""

import re
from collections.abc import Iterator
from functools import lru_cache

from plans.format import MilestoneRow
from plans.reading.roles import find_name_before_verb
from plans.reading.row_task import PlanContext
from plans.tables.columns import load_column_words
from plans.tables.patterns import compile_pattern

_TIME_WORD = compile_pattern("time_word").pattern
_DURATION = re.compile(r"\d{4}\s*[-–]\s*\d{4}")
_PERIOD_PHRASE = compile_pattern("period_phrase")
_EXACT = compile_pattern("time_in_sentence")
_CITED_BEFORE = compile_pattern("cited_before")
_CITED_AFTER = compile_pattern("cited_after")
_AS_OF = compile_pattern("as_of")
_TERM = compile_pattern("term_in_sentence")
_INTERVAL = compile_pattern("interval_in_sentence")
_TIMES_A_MONTH = compile_pattern("times_a_month")

Times = tuple[str | None, list[MilestoneRow]]


def read_times(text: str, context: PlanContext) -> Times:
    """Return the deadlines in a sentence as printed and as read; None and [] if there are none.

    Spans of years ("2021-2025") are names of plans, not deadlines.
    """
    started = _find_started(text) if _read_sure(_find_started(text), context) else []
    started = [one for one in started if not any(one in more for more in _find_exact(text))]
    exact = [one for one in _find_exact(text) if not any(one in phrase for phrase in started)]
    phrases = sorted([*started, *exact], key=text.find)
    times = _read_sure(phrases, context)
    if not times:
        phrases = [found[0].strip() for found in _TERM.finditer(text)]
        times = [time for time in _read_all(phrases, context) if time.kind == "relative"]
    return (" / ".join(phrases), times) if times else (None, [])


def read_intervals(text: str, context: PlanContext) -> Times:
    """Return the interval of a duty ("định kỳ hàng quý"), as printed and as read."""
    found = _TIMES_A_MONTH.search(text)
    if found is not None:
        times = _select_recurring(context.read_deadline(f"{found[1]} hằng tháng"))
        if times:
            return found[0], times
    for pattern in (_PERIOD_PHRASE, _INTERVAL):
        match = pattern.search(text)
        times = _select_recurring(context.read_deadline(match[0].strip())) if match else []
        if pattern is _INTERVAL and not _orders_something(text):
            # "Mức vốn hằng năm" is a name, "Rà soát hằng năm" an order
            times = [time for time in times if time.every != "year"]
        if match and times:
            return match[0].strip(), times
    return None, []


def find_doubtful_time(text: str, context: PlanContext) -> tuple[str, str] | None:
    """Return a deadline in a sentence that could not be read for sure, and why, or None."""
    for phrase in _find_started(text):
        for time in context.read_deadline(phrase):
            if time.doubt:
                return phrase, time.doubt
    return None


def find_times(text: str) -> list[str]:
    """Return everything in a sentence that is like a deadline, whatever it means."""
    terms = [found[0].strip() for found in _TERM.finditer(text)]
    return [*_find_started(text), *_find_exact(text), *terms]


def names_time(text: str) -> bool:
    """Return whether a sentence holds something like a deadline, whatever it means."""
    return bool(find_times(text))


def orders_time(text: str) -> bool:
    """Return whether a sentence holds a time behind a word that begins a deadline."""
    return bool(_find_started(text))


def _orders_something(text: str) -> bool:
    return find_name_before_verb(text[:1].lower() + text[1:]) == ""


def _read_sure(phrases: list[str], context: PlanContext) -> list[MilestoneRow]:
    return [
        time
        for time in _read_all(phrases, context)
        if time.kind in ("date", "period", "recurring") and not time.doubt
    ]


def _read_all(phrases: list[str], context: PlanContext) -> list[MilestoneRow]:
    return [time for phrase in phrases for time in context.read_deadline(phrase)]


def _select_recurring(times: list[MilestoneRow]) -> list[MilestoneRow]:
    return [time for time in times if time.kind == "recurring" and not time.doubt]


@lru_cache(maxsize=1)
def _compile_start() -> re.Pattern[str]:
    """Return the pattern of a word that begins a deadline and what follows it in its clause."""
    starts = "|".join(re.escape(start) for start in load_column_words()["prose"]["deadline_starts"])
    return re.compile(
        rf"(?<!\w)(?:{starts})\s+(?:{_TIME_WORD}\s*)?(?:\d|[IVX]+\b)[^;.,()]*", re.IGNORECASE
    )


def _find_started(text: str) -> list[str]:
    return [
        found[0].strip()
        for found in _compile_start().finditer(text)
        if not _DURATION.search(found[0]) and not _AS_OF.search(text[: found.start()])
    ]


def _find_exact(text: str) -> list[str]:
    return list(_iterate_exact(text))


def _iterate_exact(text: str) -> Iterator[str]:
    """Yield the times that end as the time ends, without those that name a cited document."""
    for found in _EXACT.finditer(text):
        before, after = text[: found.start()], text[found.end() :]
        is_cited = _CITED_BEFORE.search(before) or _CITED_AFTER.match(after)
        is_span = _DURATION.search(text[found.start() : found.end() + 8])
        if not is_cited and not is_span and not _AS_OF.search(before):
            yield found[0].strip()
