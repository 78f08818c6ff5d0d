"""Find the times in a sentence that orders something: "... trước ngày 05/12/2031 ...".

What a time means is read in `language.deadlines`; here it is only found and cut out.
"""

import re
from collections.abc import Iterator
from functools import lru_cache

from language.deadlines.clauses import mend_sentence
from language.deadlines.context import get_doubt_text
from language.text import lower_first
from plans.format import MilestoneRow
from plans.reading.narrative.outline import OutlineItem
from plans.reading.roles import find_name_before_verb
from plans.reading.row_task import PlanContext
from plans.tables.columns import load_column_words
from plans.tables.patterns import compile_pattern

_TIME_WORD = compile_pattern("time_word").pattern
_DURATION = re.compile(r"\d{4}\s*[-–]\s*\d{4}")
_YEAR = re.compile(r"20\d\d")
_PERIOD_PHRASE = compile_pattern("period_phrase")
_EXACT = compile_pattern("time_in_sentence")
_CITED_BEFORE = compile_pattern("cited_before")
_CITED_AFTER = compile_pattern("cited_after")
_AS_OF = compile_pattern("as_of")
_TERM = compile_pattern("term_in_sentence")
_INTERVAL = compile_pattern("interval_in_sentence")
_LUNAR = compile_pattern("lunar_behind")
_WEEKDAY = compile_pattern("weekday_in_sentence")
_LIKE_TIME = compile_pattern("like_time")
_TOKEN = re.compile(r"\d+(?:\s?[/.]\s?\d+)*(?![\w%])|[^\W\d_]+|[,–()-]|\S")
_NUMBER = re.compile(r"^(?:\d+(?:\s?[/.]\s?\d+)*|[IVX]{1,4})$")
_GOES_ON = re.compile(rf"^{compile_pattern('goes_on').pattern}$", re.IGNORECASE)
_EDGE = compile_pattern("edge")
_BEFORE_TIME = compile_pattern("before_time")
_TIMES_A_MONTH = compile_pattern("times_a_month")

_TURN = compile_pattern("turn")
_SIGNS = ",–()-;./"
_TIME_AT_END = compile_pattern("time_at_end")

MOST_DAYS_OF_HEADING = 190  # half a year: a longer span in a heading is that of the plan

Times = tuple[str | None, list[MilestoneRow]]


def read_times(text: str, context: PlanContext) -> Times:
    """Return the deadlines in a sentence as printed and as read; None and [] if there are none.

    Spans of years ("2021-2025") are names of plans, not deadlines.
    """
    text = _mend_words(text)
    started = _find_started(text) if _read_sure(_find_started(text), context) else []
    started = [one for one in started if not any(one in more for more in _find_exact(text))]
    exact = [one for one in _find_exact(text) if not any(one in phrase for phrase in started)]
    phrases = _widen_all(text, sorted([*started, *exact], key=text.find), context)
    times = _read_sure(phrases, context)
    if not times:
        phrases = [found[0].strip() for found in _TERM.finditer(text)]
        times = [time for time in _read_all(phrases, context) if time.kind == "relative"]
    return (" / ".join(phrases), times) if times else (None, [])


def read_intervals(text: str, context: PlanContext) -> Times:
    """Return the interval of a duty ("định kỳ hàng quý"), as printed and as read."""
    text = _mend_words(text)
    found = _TIMES_A_MONTH.search(text)
    if found is not None:
        times = _select_recurring(context.read_deadline(f"{found[1]} hằng tháng"))
        if times:
            return found[0], times
    for pattern in (_PERIOD_PHRASE, _INTERVAL):
        match = pattern.search(text)
        phrase = _widen_phrase(text, match[0].strip(), context) if match else ""
        times = _select_recurring(context.read_deadline(phrase))
        if pattern is _INTERVAL and not _orders_something(text):
            # "Mức vốn hằng năm" is a name, "Rà soát hằng năm" an order
            times = [time for time in times if time.every != "year"]
        if match and times:
            return phrase, times
    return None, []


def find_doubtful_time(text: str, context: PlanContext) -> tuple[str, str] | None:
    """Return a deadline in a sentence that could not be read for sure, and why, or None."""
    text = _mend_words(text)
    named = [found[0] for found in _WEEKDAY.finditer(text)]
    for phrase in (*_find_started(text), *_find_exact(text), *named):
        for time in context.read_deadline(phrase):
            if time.doubt:
                return phrase, time.doubt
    return None


def find_unread_time(text: str) -> tuple[str, str] | None:
    """Return what is like a time in a sentence of which nothing was read, and why, or None."""
    text = _mend_words(text)
    for found in _LIKE_TIME.finditer(text):
        before, after = text[: found.start()], text[found.end() :]
        is_cited = _CITED_BEFORE.search(before) or _CITED_AFTER.match(after)
        if not is_cited and not _AS_OF.search(before):
            return found[0].strip(), get_doubt_text("unread")
    return None


def list_turn_times(item: OutlineItem, context: PlanContext) -> str:
    """Return the lines under an item if they only say when each turn is ("Đợt 1: ..."), or ""."""
    texts = [one.text for one in item.items] if item.text.endswith(":") else []
    for text in texts:
        turn = _TURN.match(text)
        is_bare = turn is not None and _is_made_of_time(text[turn.end() :])
        times = context.read_deadline(text.rstrip(" ;.")) if is_bare else []
        if not times or any(time.doubt or not time.deadlines for time in times):
            return ""
    return "\n".join(text.rstrip(" ;.") for text in texts)


def is_bare_time(text: str, context: PlanContext) -> bool:
    """Return whether a heading is nothing but a time ("Tháng 01", "QUÝ II")."""
    phrase = text.strip(" :.")
    times = context.read_deadline(phrase) if phrase and _is_made_of_time(phrase) else []
    return bool(times) and all(time.deadlines and not time.doubt for time in times)


def find_heading_time(text: str, context: PlanContext) -> str:
    """Return by when all below a heading is due ("... HOÀN THÀNH TRƯỚC NGÀY 10/01/2031"), or "".

    A year alone is that of the plan.
    """
    plain = text.lower().strip(" :.") if text.isupper() else text.strip(" :.")
    printed, times = read_times(plain, context)
    if not times:
        found = _TIME_AT_END.search(plain)
        printed = found[1] if found else ""
        times = _read_sure([printed], context)
    is_year = any(
        time.first_day is not None
        and time.last_day is not None
        and (time.last_day - time.first_day).days > MOST_DAYS_OF_HEADING
        for time in times
    )
    return printed if printed and times and not is_year else ""


def _is_made_of_time(text: str) -> bool:
    words = [found[0] for found in _TOKEN.finditer(text)]
    return all(_NUMBER.match(word) or _GOES_ON.match(word) or word in _SIGNS for word in words)


def find_times(text: str) -> list[str]:
    """Return everything in a sentence that is like a deadline, whatever it means."""
    text = _mend_words(text)
    terms = [found[0].strip() for found in _TERM.finditer(text)]
    return [*_find_started(text), *_find_exact(text), *terms]


def names_time(text: str) -> bool:
    """Return whether a sentence holds something like a deadline, whatever it means."""
    return bool(find_times(text))


def orders_time(text: str) -> bool:
    """Return whether a sentence holds a time behind a word that begins a deadline."""
    return bool(_find_started(_mend_words(text)))


@lru_cache(maxsize=512)
def _mend_words(text: str) -> str:
    return mend_sentence(text)


def _orders_something(text: str) -> bool:
    return find_name_before_verb(lower_first(text)) == ""


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


def _widen_all(text: str, phrases: list[str], context: PlanContext) -> list[str]:
    """Return the times of a sentence with all that belongs to them, each once."""
    wide: list[str] = []
    for phrase in phrases:
        if not any(phrase in before for before in wide):
            wide.append(_widen_phrase(text, phrase, context))
    joined = _join_overlaps(text, wide)
    is_sure = len(_read_sure(joined, context)) == len(_read_all(joined, context))
    return joined if is_sure else wide


def _join_overlaps(text: str, phrases: list[str]) -> list[str]:
    """Return the phrases with those that overlap in `text` as one."""
    spans: list[tuple[int, int]] = []
    for phrase in phrases:
        start = text.find(phrase)
        end = start + len(phrase)
        while spans and start < spans[-1][1]:
            start, end = min(start, spans[-1][0]), max(end, spans[-1][1])
            spans.pop()
        spans.append((start, end))
    return [text[start:end] for start, end in spans]


def _widen_phrase(text: str, phrase: str, context: PlanContext) -> str:
    """Return a time with what goes on with it on both sides, if that is read for sure.

    So "tháng 9" becomes "tháng 3 và tháng 9", and "hằng tháng" becomes "hằng tháng (ngày 28)".
    """
    start = text.find(phrase)
    end = start + len(phrase)
    tokens = list(_TOKEN.finditer(text))
    left = [token for token in tokens if token.end() <= start]
    right = [token for token in tokens if token.start() >= end]
    before = _trim_left(_take_while_time(left[::-1], "")[::-1], phrase.split()[0])
    if [one[0] for one in before[::2]] == ["năm", ","] and _YEAR.search(phrase):
        before = []  # "kinh phí năm 2027, hoàn thành trước ngày 15/10/2026"
    after = _trim_right(_close_brackets(_take_while_time(right, "()")), text)
    wide = text[before[0].start() if before else start : after[-1].end() if after else end].strip()
    times = context.read_deadline(wide) if wide != phrase else []
    is_cited = bool(before) and _CITED_BEFORE.search(text[: before[0].start()])
    is_sure = bool(times) and len(_read_sure([wide], context)) == len(times)
    is_other = bool(before) and _DURATION.search(text[before[0].start() : start])
    if not is_sure or is_cited or is_other:
        return phrase
    return wide + _find_calendar(text[text.find(wide) + len(wide) :])


def _take_while_time(tokens: list[re.Match[str]], signs: str) -> list[re.Match[str]]:
    """Return the tokens up to the first that does not go on with a time; `signs` do, too."""
    taken: list[re.Match[str]] = []
    for token in tokens:
        word = token[0]
        if not (_NUMBER.match(word) or _GOES_ON.match(word) or word in f",–-{signs}"):
            break
        taken.append(token)
    return taken


def _close_brackets(tokens: list[re.Match[str]]) -> list[re.Match[str]]:
    """Return the tokens before a bracket that does not open or does not close among them."""
    opened: int | None = None
    for place, token in enumerate(tokens):
        if token[0] == "(" and opened is None:
            opened = place
        elif token[0] == ")" and opened is not None:
            opened = None
        elif token[0] in "()":
            return tokens[:place]
    return tokens if opened is None else tokens[:opened]


def _trim_left(tokens: list[re.Match[str]], behind: str) -> list[re.Match[str]]:
    """Drop what stands before a time and is no part of it: signs, and numbers of other things."""
    while tokens:
        first, following = tokens[0][0], tokens[1][0] if len(tokens) > 1 else behind
        is_other = first.isdigit() and _BEFORE_TIME.match(following)
        if not (first in ",–-" or _EDGE.match(first) or is_other):
            return tokens
        tokens = tokens[1:]
    return tokens


def _trim_right(tokens: list[re.Match[str]], text: str) -> list[re.Match[str]]:
    """Drop what stands behind a time and is no part of it, and a number of what follows."""
    while tokens:
        last = tokens[-1]
        behind = text[last.end() :].lstrip()
        is_other = last[0].isdigit() and behind[:1].isalnum()
        if not (last[0] in ",–-" or is_other or _GOES_ON.match(last[0])):
            return tokens
        if last[0] in ("năm", "tháng", "quý", "tuần") and len(tokens) > 1 and not is_other:
            return tokens
        tokens = tokens[:-1]
    return tokens


@lru_cache(maxsize=1)
def _compile_start() -> re.Pattern[str]:
    """Return the pattern of a word that begins a deadline and what follows it in its clause."""
    starts = "|".join(re.escape(start) for start in load_column_words()["prose"]["deadline_starts"])
    return re.compile(
        rf"(?<!\w)(?:{starts})\s+(?:{_TIME_WORD}\s*)?(?:\d|[IVX]+\b)[^;.,()]*", re.IGNORECASE
    )


def _find_started(text: str) -> list[str]:
    return [
        found[0].strip() + _find_calendar(text[found.end() :])
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
            yield found[0].strip() + _find_calendar(after)


def _find_calendar(after: str) -> str:
    """Return "âm lịch" right behind a time, which then is no day of the sun calendar; else ""."""
    found = _LUNAR.match(after)
    return found[0] if found else ""
