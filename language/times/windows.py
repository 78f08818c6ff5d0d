"""Time windows in questions: "tuần này", "trong tháng 12", "từ 1/9 đến 30/9", "trước 15/10".

See docs/dev/questions.md rule 3. Not for the deadlines of plans (`language.deadlines`): in a
question a month is all its days, and "trước" is open to the past.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

from language.times.calendars import load_default_calendar
from language.times.grammar import join_words, load_grammar, load_words
from language.times.periods import (
    PlanYears,
    add_months,
    find_days_of_part,
    find_only_year,
    find_period_around,
    find_week,
    make_day,
    move_day,
)
from language.times.scanner import DeadlineToken, Scanner, fold_for_scan
from language.times.spans import LEAP_YEAR, Span, read_spans, read_unit, read_weekday

Days = tuple[date, date]

# What follows are pieces of the grammar itself, not word lists that an official would mend.
_GAP = re.compile(r"[ ,:]*")
_THIS = re.compile(r" (?:nam nay|nay|toi(?! han))(?![a-z0-9])")
_AFTER = re.compile(
    r"(?<![a-z0-9])sau(?= (?:ngay|thang|quy|tuan|nam) ?(?:\d|[ivx]+(?![a-z])|nay(?![a-z])))"
)
_BEFORE_DAY = "(?<=ngay )|(?<=han )|(?<=truoc )|(?<=sau )|(?<=den )|(?<=tu )|(?<=vao )|(?<=hom )"
_DASHED_DAY = re.compile(
    rf"(?:^|{_BEFORE_DAY})"
    r"(?P<day>\d{1,2})-(?P<month>\d{1,2})(?![\d/.-])(?! (?:thang|tuan|ngay|nam))"
)
_DAY_OR_MONTH = re.compile(
    rf"(?:^|{_BEFORE_DAY}|(?<=toi )|(?<=trong ))"
    r"(?P<what>(?P<day>\d{1,2})(?: ?/ ?| thang )(?P<month>\d{1,2})"
    r"(?:(?: ?/ ?| nam )(?P<year>\d{4}))?|thang (?P<only>\d{1,2}))(?![\d/])"
)
_DAY_ALONE = re.compile(r"(?:ngay |mung |mong )?(?P<day>\d{1,2})")
_FROM_DAY = re.compile(r"(?<![a-z0-9])tu (?:ngay )?(?P<day>\d{1,2}) $")
_RANGE = re.compile(r" ?[-–—] ?")
_ONWARD = re.compile(r" tro (?:(?P<back>lai|ve truoc)|di|len|ve sau)(?![a-z])")
_OF_PERIOD = re.compile(r" (?:cua |trong )?")
_LAST_DAY = re.compile(r"(?<!nhung )(?<!may )(?<!cac )ngay cuoi (?:quy|nam) ?[\divx/ ]+$")
_TIME_PREPOSITION = re.compile(r"(?:trong|den|tu|truoc|sau) $")
_SENTENCE_START = re.compile(r"(?:^|[.!?:;\-])\s*$")
_WHOLE_RANGES = frozenset({"month-span", "day-span", "quarter-span", "years", "month-pair"})
_ROLES_BY_STRENGTH = ("in", "to", "by", "from", "after", "before")
_LONGEST_NAME = 40  # characters before a year that may name a plan
_LONGEST_WORDS = 20  # characters before "mai" or "thứ 6"


@dataclass(frozen=True, slots=True)
class TimeWindow:
    """Days asked for; `first_day` or `last_day` None is an open end, `single` one named day.

    `start` and `end` are its places in the text.
    """

    first_day: date | None
    last_day: date | None
    single: bool
    start: int
    end: int


@cache
def load_chat_scanner(for_deadline: bool = False) -> Scanner:
    """Return the scanner of what people say in a chat, before the official forms.

    `for_deadline` adds the forms that mean a day only in a typed deadline ("chiều nay").
    """
    chat = [form for form in load_grammar()["chat"] if for_deadline or not form.get("typed")]
    return Scanner([*chat, *load_grammar()["form"]], load_grammar()["places"])


@cache
def _load_ordinal_pattern() -> re.Pattern[str]:
    return re.compile(rf"(?<![a-z])(?:{join_words('ordinals', 'words')}) $")


@cache
def _load_plan_pattern() -> re.Pattern[str]:
    return re.compile(rf"(?:{join_words('words', 'plans')})(?: [a-z]+){{0,3}} $")


def find_windows(
    text: str, today: date, plan_years: PlanYears = None, *, for_deadline: bool = False
) -> list[TimeWindow]:
    """Return the time windows of a question, from left to right. Never raises.

    `text` may have marks or not; the places of a window are those of `normalise(text)`. A day or
    month without a year is of the year of a plan of one year (`plan_years`), else the next one from
    `today` on. `for_deadline` reads a typed deadline instead of a question.
    """
    readable, folded = fold_for_scan(text)
    for day in _DASHED_DAY.finditer(folded):  # "30-6" is a day if one is expected, not a range
        if int(day["day"]) <= 31 and int(day["month"]) <= 12:
            folded = folded[: day.end("day")] + "/" + folded[day.start("month") :]
    year = find_only_year(plan_years)
    return list(_read_windows(_WindowReader(readable, folded, today, year, for_deadline)))


def find_impossible_day(text: str) -> str | None:
    """Return the first day or month of a question that no calendar has ("31/11"), as typed."""
    readable, folded = fold_for_scan(text)
    for match in _DAY_OR_MONTH.finditer(folded):
        year, month = int(match["year"] or LEAP_YEAR), int(match["month"] or match["only"])
        if make_day(year, month, int(match["day"] or 1)) is None:
            return readable[slice(*match.span("what"))]
    return None


@dataclass(slots=True)
class _NamedDays:
    """Days named at a place of the text; `next_index` is that of the first token behind them."""

    days: Days
    start: int
    end: int
    next_index: int

    @property
    def single(self) -> bool:
        """Whether only one day is named."""
        return self.days[0] == self.days[1]


def _scan_words(readable: str, folded: str, for_deadline: bool) -> list[DeadlineToken]:
    """Return the words of time; "sau" before a named day is "after", not six ("sáu")."""
    places = [m.span() for m in _AFTER.finditer(folded)]
    after = [place for place in places if readable[slice(*place)].lower() == "sau"]
    for start, end in after:
        folded = folded[:start] + "   " + folded[end:]
    tokens = load_chat_scanner(for_deadline).scan(folded)
    tokens += [DeadlineToken("preposition", *place, {"role": "after"}, {}) for place in after]
    return sorted(tokens, key=lambda token: token.start)


class _WindowReader:
    """The tokens of one question, and the days that they name."""

    def __init__(
        self, readable: str, folded: str, today: date, year: int | None, for_deadline: bool
    ) -> None:
        self.readable, self.folded, self.today, self.year = readable, folded, today, year
        self.tokens = list(_scan_words(readable, folded, for_deadline))

    def is_adjacent(self, left: int, right: int) -> bool:
        """Return whether nothing but blanks and commas stands between two places."""
        gap = _GAP.match(self.folded, left)
        return gap is not None and gap.end() >= right

    def read_days_at(self, index: int) -> _NamedDays | None:
        """Return the days that the token at `index` names, with what belongs to it; else None."""
        token = self.tokens[index]
        following = self.tokens[index + 1] if index + 1 < len(self.tokens) else None
        if following and following.kind == "this" and self.is_adjacent(token.end, following.start):
            within = self._read_days_within(token, following)
            if within:
                return _NamedDays(within, token.start, following.end, index + 2)
        if following and token.kind == "dom" and token.form.get("last"):
            whole = self.read_days(following)
            if whole and _OF_PERIOD.fullmatch(self.folded, token.end, following.start):
                return _NamedDays((whole[1], whole[1]), token.start, following.end, index + 2)
        days = self.read_days(token)
        if days is None:
            return None
        if _LAST_DAY.search(self.folded, 0, token.end):
            return _NamedDays((days[1], days[1]), token.start, token.end, index + 1)
        more = _THIS.match(self.folded, token.end)
        return _NamedDays(days, token.start, more.end() if more else token.end, index + 1)

    def _read_days_within(self, token: DeadlineToken, unit: DeadlineToken) -> Days | None:
        """Return a day or month of the unit behind it: "thứ 6 tuần sau", "tháng 3 năm sau"."""
        whole = _make_this_period(unit, self.today)
        if whole is None:
            return None
        first, last = whole
        if token.kind == "weekday" and not self._is_name(token):
            day = find_week(first)[0] + timedelta(days=read_weekday(token))
            return day, day
        span = next(iter(read_spans(token) or []), None)
        if span is None or span.has_year:
            return None
        if not span.has_month and first.month == last.month:
            return span.with_month(first.month).with_year(first.year).find_days()
        if span.has_month and first.month == 1 and last.month == 12:
            return span.find_days(first.year)
        return None

    def read_days(self, token: DeadlineToken) -> Days | None:
        """Return the first and last day of what `token` names, as a question means it."""
        chat = _CHAT_READERS.get(token.kind)
        if chat is not None:
            return None if self._is_name(token) else chat(token, self.today)
        if token.kind in ("year", "years") and self._is_plan_year(token):
            return None
        spans = read_spans(token)
        if not spans:
            return None
        first, last = self._resolve_span(spans[0]), self._resolve_span(spans[-1])
        return (first[0], last[1]) if first and last else None

    def _resolve_span(self, span: Span) -> Days | None:
        if not span.has_month:
            span = self._place_in_month(span)
        if span.has_year:
            return span.find_days()
        if self.year:
            return span.find_days(self.year)
        for year in range(self.today.year, self.today.year + 5):  # 29/2 needs up to four years
            days = span.find_days(year)
            if days and days[1] >= self.today:
                return days
        return None

    def _place_in_month(self, span: Span) -> Span:
        """Return a day or part of a month in this month, a day that is past in the next one."""
        for ahead in range(3):
            month = add_months(self.today.replace(day=1), ahead)
            placed = span.with_month(month.month).with_year(month.year)
            days = placed.find_days()
            if days and (days[1] >= self.today or span.unit != "day"):
                return placed
        return span

    def _is_name(self, token: DeadlineToken) -> bool:
        """Return whether a word is no day: "mai" in "Hoàng Mai", "thương mại", "nhiệm vụ thứ 6"."""
        start = max(0, token.start - _LONGEST_WORDS)
        if token.kind == "weekday":
            return bool(_load_ordinal_pattern().search(self.folded[start : token.start]))
        if self.folded[token.start : token.end] != "mai":
            return False
        word, before = self.readable[token.start : token.end], self.readable[start : token.start]
        return word.lower() != "mai" or (word[0].isupper() and not _SENTENCE_START.search(before))

    def _is_plan_year(self, token: DeadlineToken) -> bool:
        """Return whether a year is no time: "kế hoạch năm 2020", or the bare number "2020"."""
        before = self.folded[max(0, token.start - _LONGEST_NAME) : token.start]
        if _load_plan_pattern().search(before):
            return True
        number = token.kind == "year" and self.folded[token.start].isdigit()
        return number and not _TIME_PREPOSITION.search(before)


def _read_windows(reader: _WindowReader) -> Iterator[TimeWindow]:
    index = 0
    while index < len(reader.tokens):
        start, role, at = _read_prepositions(reader, index)
        named = reader.read_days_at(at) if at < len(reader.tokens) else None
        if named is None:
            index = max(at, index + 1)
            continue
        token = reader.tokens[at]
        begin = named.start if start is None else start
        until, index = _read_range_end(reader, named)
        if until is not None:
            first = _find_first_day(reader, named, until)
            yield TimeWindow(first, until.days[1], False, begin, until.end)
        elif role in (None, "in", "from", "after") and (
            onward := _ONWARD.match(reader.folded, named.end)
        ):
            way = "after" if role == "after" else "to" if onward["back"] else "from"
            bounds = _compute_bounds(way, named)
            yield TimeWindow(*bounds, begin, onward.end())
        elif role == "from" and token.kind in _WHOLE_RANGES:
            yield TimeWindow(*named.days, False, begin, named.end)
        elif token.kind != "now":  # "đến nay" bounds nothing
            since = _find_start_day(reader, begin, named) if role in ("to", "by") else None
            if since is not None:
                yield TimeWindow(since[0], named.days[1], False, since[1], named.end)
            else:
                yield TimeWindow(*_compute_bounds(role, named), begin, named.end)


def _find_first_day(reader: _WindowReader, named: _NamedDays, until: _NamedDays) -> date:
    """Return the first day of a range: "ngày 5" before "ngày 9/12" is of the same month."""
    alone = _DAY_ALONE.fullmatch(reader.folded, named.start, named.end)
    if alone is None or not until.single:
        return named.days[0]
    day, last = int(alone["day"]), until.days[1]
    return last.replace(day=day) if 0 < day <= last.day else named.days[0]


def _find_start_day(
    reader: _WindowReader, begin: int, named: _NamedDays
) -> tuple[date, int] | None:
    """Return the day of "từ 20" before "đến 30/11", of the same month, and its place."""
    start = _FROM_DAY.search(reader.folded, 0, begin)
    if start is None or not named.single:
        return None
    day, last = int(start["day"]), named.days[1]
    return (last.replace(day=day), start.start()) if 0 < day <= last.day else None


def _read_prepositions(reader: _WindowReader, index: int) -> tuple[int | None, str | None, int]:
    """Return (start, role, index behind) of the prepositions at `index` before a time."""
    start: int | None = None
    role: str | None = None
    tokens = reader.tokens
    while index < len(tokens) and tokens[index].kind == "preposition":
        token = tokens[index]
        following = tokens[index + 1].start if index + 1 < len(tokens) else -1
        if following < 0 or not reader.is_adjacent(token.end, following):
            return None, None, index + 1
        start = token.start if start is None else start
        words = reader.folded[token.start : token.end]
        if role == "to" and words.startswith("han"):
            role = None  # "tới hạn" is due then, "tới" a day until then
        role = _choose_stronger(role, token.form["role"], words)
        index += 1
    return start, role, index


def _choose_stronger(role: str | None, new: str, words: str) -> str:
    """Return the role that bounds of two prepositions in a row: "hạn trước" is before."""
    if new == "by" and words.startswith(load_words("words", "due")):
        new = "in"
    return new if role is None else max(role, new, key=_ROLES_BY_STRENGTH.index)


def _read_range_end(reader: _WindowReader, first: _NamedDays) -> tuple[_NamedDays | None, int]:
    """Return the other end of "từ 1/9 đến 30/9", "1/9 - 30/9", and the index behind the range."""
    start, role, second = _read_prepositions(reader, first.next_index)
    if second >= len(reader.tokens):
        return None, first.next_index
    if role is None:
        joined = bool(_RANGE.fullmatch(reader.folded, first.end, reader.tokens[second].start))
    else:
        joined = role in ("to", "by") and start is not None and reader.is_adjacent(first.end, start)
    last = reader.read_days_at(second) if joined else None
    if last is None or last.days[1] < first.days[0]:
        return None, first.next_index
    return last, last.next_index


def _compute_bounds(role: str | None, named: _NamedDays) -> tuple[date | None, date | None, bool]:
    """Return (first day, last day, whether it is one named day) of days with a preposition."""
    first, last = named.days
    if role == "before":
        return None, first - timedelta(days=1), False
    if role in ("to", "by"):
        return None, last, False
    if role == "from":
        return first, None, False
    if role == "after":
        return last + timedelta(days=1), None, False
    return first, last, named.single


# ---- seen from today ---------------------------------------------------------------------------


def _count_from_today(token: DeadlineToken, today: date) -> Days:
    day = today + timedelta(days=token.form["days"])
    return day, day + timedelta(days=token.form.get("more", 0))


def _read_count(token: DeadlineToken) -> int:
    return token.read_number("n") or token.read_number("nword") or 0


def _make_days_ahead(token: DeadlineToken, today: date) -> Days | None:
    last = move_day(today, _read_count(token), read_unit(token.values["unit"]))
    return (today, last) if last else None


def _make_days_back(token: DeadlineToken, today: date) -> Days | None:
    first = move_day(today, -_read_count(token), read_unit(token.values["unit"]))
    return (first, today) if first else None


def _make_later_day(token: DeadlineToken, today: date) -> Days | None:
    if token.form.get("working"):
        day: date | None = load_default_calendar().add_working_days(today, _read_count(token))
    else:
        day = move_day(today, _read_count(token), read_unit(token.values["unit"]))
    return (day, day) if day else None


def _make_this_period(token: DeadlineToken, today: date) -> Days | None:
    """Return the unit that holds today, or one further on or back: "tuần này", "quý sau"."""
    unit = read_unit(token.values["unit"])
    base = today if unit in ("day", "week", "hour") else today.replace(day=1)
    day = move_day(base, token.form["shift"], unit)
    return find_period_around(day, unit) if day else None


def _find_next_weekday(token: DeadlineToken, today: date) -> Days:
    day = today + timedelta(days=(read_weekday(token) - today.weekday()) % 7)
    return day, day


def _make_period_part(token: DeadlineToken, today: date) -> Days | None:
    """Return a third of the unit: "cuối tháng", "đầu tuần" (docs/dev/questions.md rule 3)."""
    unit = read_unit(token.values["unit"])
    base = today if unit == "week" else today.replace(day=1)
    shift = token.form.get("shift", 1 if "after" in token.values else 0)
    day = move_day(base, shift, unit)
    whole = find_period_around(day, unit) if day else None
    return find_days_of_part(whole, unit, token.form["part"]) if whole else None


_CHAT_READERS: dict[str, Callable[[DeadlineToken, date], Days | None]] = {
    "days-from-today": _count_from_today,
    "now": lambda _, today: (today, today),
    "ahead": _make_days_ahead,
    "back": _make_days_back,
    "later": _make_later_day,
    "this": _make_this_period,
    "weekday": _find_next_weekday,
    "part": _make_period_part,
}


def is_relative(token: DeadlineToken) -> bool:
    """Return whether a token is seen from today ("mai", "tuần sau", "3 ngày nữa")."""
    return token.kind in _CHAT_READERS
