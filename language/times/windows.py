"""Windows of time in questions (questions.md rule 3): "tuần này", "trong tháng 12", "từ 1/9 đến 30/9", "trước 15/10".

Not for the deadlines of plans (`deadlines`): in a question a month is all its days and "trước" is open to the past.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

from language.text import strip_marks
from language.times.calendars import load_default_calendar
from language.times.grammar import load_grammar
from language.times.scanner import DeadlineToken, Scanner, fold_for_scan
from language.times.spans import (
    Span,
    add_months,
    find_days_of_part,
    find_month_end,
    find_week,
    read_spans,
    read_unit,
)

PlanYears = tuple[int, int] | int | None
Days = tuple[date, date]

_GAP = re.compile(r"[ ,:]*")
_THIS = re.compile(r" (?:nam nay|nay|toi(?! han))(?![a-z0-9])")
_AFTER = re.compile(
    r"(?<![a-z0-9])sau(?= (?:ngay|thang|quy|tuan|nam) ?(?:\d|[ivx]+(?![a-z])|nay(?![a-z])))"
)
_DASHED_DAY = re.compile(
    r"(?:(?:^|(?<=ngay )|(?<=han )|(?<=truoc )|(?<=sau )|(?<=den )|(?<=tu )|(?<=vao )|(?<=hom )))"
    r"(?P<day>\d{1,2})-(?P<month>\d{1,2})(?![\d/.-])(?! (?:thang|tuan|ngay|nam))"
)
_DAY_OR_MONTH = re.compile(
    r"(?:^|(?<=ngay )|(?<=han )|(?<=truoc )|(?<=sau )|(?<=den )|(?<=toi )|(?<=tu )|(?<=vao )|(?<=hom )|(?<=trong ))"
    r"(?P<what>(?P<day>\d{1,2})(?: ?/ ?| thang )(?P<month>\d{1,2})(?:(?: ?/ ?| nam )(?P<year>\d{4}))?"
    r"|thang (?P<only>\d{1,2}))(?![\d/])"
)
LEAP_YEAR = 2024  # in which 29/2 is a day
_DAY_ALONE = re.compile(r"(?:ngay |mung |mong )?(?P<day>\d{1,2})")
_FROM_DAY = re.compile(r"(?<![a-z0-9])tu (?:ngay )?(?P<day>\d{1,2}) $")
_RANGE = re.compile(r" ?[-–—] ?")
_PLAN_YEAR = re.compile(r"(?:ke hoach|kh|kh so|chuong trinh|de an)(?: [a-z]+){0,3} $")
_SENTENCE_START = re.compile(r"(?:^|[.!?:;\-])\s*$")
_WHOLE_RANGES = frozenset({"month-span", "day-span", "quarter-span", "years", "month-pair"})


@dataclass(frozen=True, slots=True)
class TimeWindow:
    """Days asked for: `first_day` or `last_day` None is an open end; `single` one named day; [start, end) its text."""

    first_day: date | None
    last_day: date | None
    single: bool
    start: int
    end: int


@cache
def load_chat_scanner(typed: bool = False) -> Scanner:
    """The scanner of what people say in a chat, before the official forms (deadlines.toml).

    `typed` takes in the forms that mean a deadline only where one is typed ("chiều nay").
    """
    chat = [form for form in load_grammar()["chat"] if typed or not form.get("typed")]
    return Scanner([*chat, *load_grammar()["form"]], load_grammar()["places"])


@cache
def _load_ordinal_pattern() -> re.Pattern[str]:
    return re.compile(
        r"(?<![a-z])(?:"
        + "|".join(strip_marks(w) for w in load_grammar()["ordinals"]["words"])
        + ") $"
    )


def find_windows(
    text: str, today: date, plan_years: PlanYears = None, *, typed: bool = False
) -> list[TimeWindow]:
    """The windows of time in a question, from left to right.

    `text` may have diacritics or not; `start` and `end` are places in `language.text.normalise(text)`. `plan_years` is
    the plan's year, or its first and last: a day or month without a year is of the year of a plan of one year, else the
    next one from `today` on. `typed` is for a deadline that is typed, not asked about. Never raises.
    """
    readable, folded = fold_for_scan(text)
    for said in _DASHED_DAY.finditer(folded):  # "30-6" is a day where one is expected, not a range
        if int(said["day"]) <= 31 and int(said["month"]) <= 12:
            folded = folded[: said.end("day")] + "/" + folded[said.start("month") :]
    return list(
        _read_windows(_WindowReader(readable, folded, today, _find_only_year(plan_years), typed))
    )


def find_impossible_day(text: str) -> str | None:
    """The day or month that a question names and no calendar has ("31/11", "tháng 13"), as it is written; else None."""
    readable, folded = fold_for_scan(text)
    for said in _DAY_OR_MONTH.finditer(folded):
        day, month, year = (
            int(said["day"] or 1),
            int(said["month"] or said["only"]),
            int(said["year"] or LEAP_YEAR),
        )
        try:
            date(year, month, day)
        except ValueError:
            return readable[slice(*said.span("what"))]
    return None


def _find_only_year(plan_years: PlanYears) -> int | None:
    if isinstance(plan_years, tuple):
        return plan_years[0] if plan_years[0] == plan_years[1] else None
    return plan_years


@dataclass(slots=True)
class _NamedDays:
    """Days named at a place of the text; `next` is the index of the first token after them."""

    days: Days
    single: bool
    start: int
    end: int
    next_index: int


def _scan_words(readable: str, folded: str, typed: bool) -> list[DeadlineToken]:
    """The words of time; "sau" before a day or month that is named is "after", not six ("sáu")."""
    after = [
        said
        for said in _AFTER.finditer(folded)
        if readable[said.start() : said.end()].lower() == "sau"
    ]
    for said in after:
        folded = folded[: said.start()] + "   " + folded[said.end() :]
    tokens = load_chat_scanner(typed).scan(folded)
    tokens += [DeadlineToken("preposition", *said.span(), {"role": "after"}, {}) for said in after]
    return sorted(tokens, key=lambda token: token.start)


class _WindowReader:
    """The tokens of one question, and the days that they name."""

    def __init__(
        self, readable: str, folded: str, today: date, year: int | None, typed: bool
    ) -> None:
        self.readable, self.folded, self.today, self.year = readable, folded, today, year
        self.tokens = list(_scan_words(readable, folded, typed))

    def is_adjacent(self, left: int, right: int) -> bool:
        """Whether nothing but blanks and commas stands between two places."""
        gap = _GAP.match(self.folded, left)
        return gap is not None and gap.end() >= right

    def read_days_at(self, index: int) -> _NamedDays | None:
        """The days that the token at `index`, with what belongs to it, names; None where it names none."""
        token = self.tokens[index]
        following = self.tokens[index + 1] if index + 1 < len(self.tokens) else None
        if following and following.kind == "this" and self.is_adjacent(token.end, following.start):
            within = self._read_days_within(token, following)
            if within:
                return _NamedDays(
                    within, within[0] == within[1], token.start, following.end, index + 2
                )
        days = self.read_days(token)
        if days is None:
            return None
        more = _THIS.match(self.folded, token.end)
        return _NamedDays(
            days, days[0] == days[1], token.start, more.end() if more else token.end, index + 1
        )

    def _read_days_within(self, token: DeadlineToken, unit: DeadlineToken) -> Days | None:
        """ "thứ 6 tuần sau", "mùng 5 tháng sau", "tháng 3 năm sau": a day or month of the unit named after it."""
        whole = _make_this_period(unit, self.today)
        if whole is None:
            return None
        if token.kind == "weekday" and not self._is_name(token):
            day = find_week(whole[0])[0] + timedelta(days=read_weekday(token))
            return day, day
        span = next(iter(read_spans(token) or []), None)
        if span is None or span.has_year:
            return None
        if not span.has_month and whole[0].month == whole[1].month:
            return span.with_month(whole[0].month).with_year(whole[0].year).find_days()
        return (
            span.find_days(whole[0].year)
            if span.has_month and whole[0].month == 1 and whole[1].month == 12
            else None
        )

    def read_days(self, token: DeadlineToken) -> Days | None:
        """First and last day of what `token` names, as a question means it."""
        chat = _CHAT.get(token.kind)
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
        for candidate in range(self.today.year, self.today.year + 5):  # 29/2 needs up to four years
            days = span.find_days(candidate)
            if days and days[1] >= self.today:
                return days
        return None

    def _place_in_month(self, span: Span) -> Span:
        """A day or part of a month without the month: this month's, or for a day already past the next month's."""
        for ahead in range(3):
            month = add_months(self.today.replace(day=1), ahead)
            placed = span.with_month(month.month).with_year(month.year)
            days = placed.find_days()
            if days and (days[1] >= self.today or span.unit != "day"):
                return placed
        return span

    def _is_name(self, token: DeadlineToken) -> bool:
        """ "Mai" in a ward's name ("Hoàng Mai") or "thương mại" is no day; nor is "nhiệm vụ thứ 6"."""
        before = self.readable[max(0, token.start - 20) : token.start]
        if token.kind == "weekday":
            return bool(
                _load_ordinal_pattern().search(self.folded[max(0, token.start - 20) : token.start])
            )
        if self.folded[token.start : token.end] != "mai":
            return False
        typed = self.readable[token.start : token.end]
        return typed.lower() != "mai" or (typed[0].isupper() and not _SENTENCE_START.search(before))

    def _is_plan_year(self, token: DeadlineToken) -> bool:
        """ "kế hoạch năm 2020" names a plan, and a bare number "2020" no time."""
        before = self.folded[max(0, token.start - 40) : token.start]
        bare = self.folded[token.start].isdigit() and not re.search(
            r"(?:trong|den|tu|truoc|sau) $", before
        )
        return bool(_PLAN_YEAR.search(before)) or (bare and token.kind == "year")


def _read_windows(reader: _WindowReader) -> Iterator[TimeWindow]:
    index = 0
    while index < len(reader.tokens):
        start, role, at = _read_prepositions(reader, index)
        found = reader.read_days_at(at) if at < len(reader.tokens) else None
        if found is None:
            index = max(at, index + 1)
            continue
        token = reader.tokens[at]
        begin = found.start if start is None else start
        until, index = _read_range_end(reader, found)
        if until is not None:
            yield TimeWindow(
                _find_first_day(reader, found, until), until.days[1], False, begin, until.end
            )
        elif role == "from" and token.kind in _WHOLE_RANGES:
            yield TimeWindow(*found.days, False, begin, found.end)
        elif token.kind != "now":  # "đến nay" bounds nothing
            since = _find_start_day(reader, begin, found) if role in ("to", "by") else None
            if since is not None:
                yield TimeWindow(since[0], found.days[1], False, since[1], found.end)
            else:
                yield TimeWindow(*_compute_bounds(role, found), begin, found.end)


def _find_first_day(reader: _WindowReader, found: _NamedDays, until: _NamedDays) -> date:
    """The first day of a range: "ngày 5" before "ngày 9/12" is of the same month."""
    said = _DAY_ALONE.fullmatch(reader.folded, found.start, found.end)
    if said is None or not until.single:
        return found.days[0]
    day, last = int(said["day"]), until.days[1]
    return last.replace(day=day) if 0 < day <= last.day else found.days[0]


def _find_start_day(
    reader: _WindowReader, begin: int, found: _NamedDays
) -> tuple[date, int] | None:
    """ "từ 20" before "đến 30/11": the first day, of the same month, and where it is said."""
    said = _FROM_DAY.search(reader.folded, 0, begin)
    if said is None or not found.single:
        return None
    day = int(said["day"])
    return (found.days[1].replace(day=day), said.start()) if 0 < day <= found.days[1].day else None


def _read_prepositions(reader: _WindowReader, index: int) -> tuple[int | None, str | None, int]:
    """The prepositions at `index` that stand right before a time: (start, role, index of what follows)."""
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
        if role == "to" and words.startswith(
            "han"
        ):  # "tới hạn" is due then, "tới" a day until then
            role = None
        role = _choose_stronger(role, token.form["role"], words)
        index += 1
    return start, role, index


def _choose_stronger(role: str | None, new: str, words: str) -> str:
    """Of two prepositions in a row the one that bounds: "hạn trước", "đến trước" are before."""
    if new == "by" and words.startswith(("han", "thoi han", "den han", "xong", "du kien")):
        new = "in"
    order = ("in", "to", "by", "from", "after", "before")
    return new if role is None or order.index(new) > order.index(role) else role


def _read_range_end(reader: _WindowReader, first: _NamedDays) -> tuple[_NamedDays | None, int]:
    """The second end of a range ("từ 1/9 đến 30/9", "1/9 - 30/9") and the index behind all of it."""
    start, role, second = _read_prepositions(reader, first.next_index)
    if second >= len(reader.tokens):
        return None, first.next_index
    dashed = (
        role is None
        and _RANGE.fullmatch(reader.folded, first.end, reader.tokens[second].start) is not None
    )
    to = role in ("to", "by") and start is not None and reader.is_adjacent(first.end, start)
    found = reader.read_days_at(second) if dashed or to else None
    if found is None or found.days[1] < first.days[0]:
        return None, first.next_index
    return found, found.next_index


def _compute_bounds(role: str | None, found: _NamedDays) -> tuple[date | None, date | None, bool]:
    first, last = found.days
    if role == "before":
        return None, first - timedelta(days=1), False
    if role in ("to", "by"):
        return None, last, False
    if role == "from":
        return first, None, False
    if role == "after":
        return last + timedelta(days=1), None, False
    return first, last, found.single


# ---- what is said relative to today ----------------------------------------------------------------------------------


def _count_from_today(token: DeadlineToken, today: date) -> Days:
    day = today + timedelta(days=token.form["days"])
    return day, day


def move_day(today: date, count: int, unit: str) -> date | None:
    """`today` moved by `count` units (day, week, month, quarter, year); None for hours or beyond the calendar."""
    try:
        if unit in ("day", "week"):
            return today + timedelta(days=count * (7 if unit == "week" else 1))
        if unit == "hour":
            return None
        return add_months(today, count * {"month": 1, "quarter": 3, "year": 12}[unit])
    except (OverflowError, ValueError):  # a count of thousands of years
        return None


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


def find_period_around(day: date, unit: str) -> Days | None:
    """The week, month, quarter or year that holds `day`; None for other units."""
    if unit == "week":
        return find_week(day)
    if unit == "month":
        return day.replace(day=1), find_month_end(day.year, day.month)
    if unit == "quarter":
        last = (day.month + 2) // 3 * 3
        return date(day.year, last - 2, 1), find_month_end(day.year, last)
    return (date(day.year, 1, 1), date(day.year, 12, 31)) if unit == "year" else None


def _make_this_period(token: DeadlineToken, today: date) -> Days | None:
    unit = read_unit(token.values["unit"])
    base = today if unit in ("day", "week", "hour") else today.replace(day=1)
    day = move_day(base, token.form["shift"], unit)
    return find_period_around(day, unit) if day and unit != "day" else None


def _find_next_weekday(token: DeadlineToken, today: date) -> Days:
    day = today + timedelta(days=(read_weekday(token) - today.weekday()) % 7)
    return day, day


def read_weekday(token: DeadlineToken) -> int:
    """0 for Monday ("thứ hai") to 6 for Sunday ("chủ nhật")."""
    number = token.read_number("weekday")
    return 6 if number is None else number - 2


def _make_period_part(token: DeadlineToken, today: date) -> Days | None:
    """ "cuối tháng", "đầu tuần": a third of the unit (questions.md rule 3)."""
    unit = read_unit(token.values["unit"])
    day = move_day(
        today if unit == "week" else today.replace(day=1), 1 if "after" in token.values else 0, unit
    )
    whole = find_period_around(day, unit) if day else None
    return find_days_of_part(whole, unit, token.form["part"]) if whole else None


_CHAT: dict[str, Callable[[DeadlineToken, date], Days | None]] = {
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
    """Whether the token is said from today's point of view ("mai", "tuần sau", "3 ngày nữa")."""
    return token.kind in _CHAT
