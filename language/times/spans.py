"""What a token of time means on the calendar: spans of days that may lack their year or month.

Not for prepositions, repeats or labels: those belong to `language.deadlines` and `windows`.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date

from language.roman import parse_roman
from language.times.grammar import load_grammar
from language.times.periods import DAYS_OF_MONTH_PART, END, find_month_end, make_day
from language.times.scanner import DeadlineToken

LEAP_YEAR = 2024  # in which 29/2 is a day
HOURS_OF_DAY = 24  # "24h00" is the end of a day, no hour that a clock shows
_NUMBER = re.compile(r"\d+|[a-z]+")
_THROUGH = re.compile(r"[-–]|den")
_QUARTERS = {"i": 1, "ii": 2, "iii": 3, "iv": 4, "1": 1, "2": 2, "3": 3, "4": 4}
_SLIPS = frozenset("il1v")  # what a Roman numeral is scanned as
_UNITS = {  # the units are fixed: each stands for a step of the calendar
    "gio": "hour",
    "ngay": "day",
    "tuan": "week",
    "thang": "month",
    "quy": "quarter",
    "3 thang": "quarter",
    "03 thang": "quarter",
    "12 thang": "year",
    "6 thang": "half-year",
    "06 thang": "half-year",
    "sxu thang": "half-year",
    "nam": "year",
}


@dataclass(frozen=True, slots=True)
class Span:
    """Days from a first to a last one; a part that is not named is None.

    `unit` is what was named: day, month, quarter, half-year, year or part (of a month or a year).
    """

    unit: str
    first_year: int | None
    first_month: int | None
    first_day: int
    last_year: int | None
    last_month: int | None
    last_day: int

    @property
    def has_year(self) -> bool:
        """Whether the last day's year is named."""
        return self.last_year is not None

    @property
    def has_month(self) -> bool:
        """Whether the months are named."""
        return self.last_month is not None

    @property
    def is_day(self) -> bool:
        """Whether days were named, no longer period."""
        return self.unit == "day"

    @property
    def is_year(self) -> bool:
        """Whether whole years were named."""
        return self.unit == "year"

    def with_year(self, year: int) -> "Span":
        """Return the span with `year` for a year that is not named."""
        first, last = self.first_year or year, self.last_year or year
        return Span(
            self.unit, first, self.first_month, self.first_day, last, self.last_month, self.last_day
        )

    def with_month(self, month: int | None) -> "Span":
        """Return the span with `month`, if it is known, for a month that is not named."""
        first, last = self.first_month or month, self.last_month or month
        return Span(
            self.unit, self.first_year, first, self.first_day, self.last_year, last, self.last_day
        )

    def find_days(self, year: int | None = None) -> tuple[date, date] | None:
        """Return the first and last day, in `year` if the span names none.

        None if there are no such days or if their year is not known.
        """
        first = make_day(self.first_year or year, self.first_month, self.first_day)
        last = make_day(self.last_year or year, self.last_month, self.last_day)
        return (first, last) if first and last and first <= last else None

    def is_possible(self) -> bool:
        """Return whether there is such a day in some year (29/2 is, 31/6 is not)."""
        placed = self if self.last_month else self.with_month(1)
        return placed.find_days(self.last_year or self.first_year or LEAP_YEAR) is not None


def read_unit(word: str) -> str:
    """Return the English unit of a folded Vietnamese one."""
    return _UNITS[word]


def read_quarter(text: str) -> int | None:
    """Return 1 to 4 of "IV", "4", "tư" or a slip of scanning ("lV", "Il"); None for others."""
    if text in _QUARTERS:
        return _QUARTERS[text]
    if set(text) <= _SLIPS:
        return _QUARTERS.get(text.replace("l", "i").replace("1", "i"))
    number: int | None = load_grammar()["numbers"].get(text)
    return number if number in (1, 2, 3, 4) else None


def read_month_number(token: DeadlineToken) -> int | None:
    """Return the month of "tháng 9", "tháng chín", "tháng IX"; None if none is named."""
    if "mroman" in token.values:
        return parse_roman(token.values["mroman"].upper())
    return token.read_number("m") or token.read_number("mword")


def read_weekday(token: DeadlineToken) -> int:
    """Return the weekday of a token: 0 for Monday ("thứ hai") to 6 for Sunday ("chủ nhật")."""
    number = token.read_number("weekday")
    return 6 if number is None else number - 2


def format_hour(token: DeadlineToken, *, afternoon: bool = False) -> str | None:
    """Return "17:00" for "17 giờ", "5 giờ chiều"; None for the end of a day ("24h00")."""
    hour = int(token.values["hh"])
    if hour < 12 and (afternoon or token.form.get("afternoon")):
        hour += 12
    return f"{hour:02d}:{int(token.values.get('mm', 0)):02d}" if hour < HOURS_OF_DAY else None


def read_spans(token: DeadlineToken) -> list[Span] | None:
    """Return the spans that `token` names: None if it names no time, [] if it is impossible."""
    read = _READERS.get(token.kind)
    if read is None:
        return None
    return [span for span in read(token) if span.is_possible()]


def read_months_of_quarters(token: DeadlineToken) -> list[int]:
    """Return the months that "tháng cuối quý I, quý II" names: 3 and 6."""
    quarters = _read_quarters(token.values.get("qlist") or token.values["q"])
    return [3 * number - 3 + token.form["month"] for number in quarters if number]


def make_day_span(day: date) -> Span:
    """Return the span of one day of the calendar."""
    return _make_day_span(day.day, day.month, day.year)


def _make_day_span(day: int, month: int | None, year: int | None, last_day: int = 0) -> Span:
    return Span("day", year, month, day, year, month, last_day or day)


def _make_month_span(
    first: int, last: int, year: int | None, unit: str = "month", first_year: int | None = None
) -> Span:
    return Span(unit, first_year or year, first, 1, year, last, END)


def _make_quarter_span(first: int, last: int, year: int | None) -> Span:
    return _make_month_span(3 * first - 2, 3 * last, year, "quarter")


def _make_year_span(first: int, last: int) -> Span:
    return Span("year", first, 1, 1, last, 12, END)


def _find_numbers(text: str) -> list[int]:
    return [int(n) for n in _NUMBER.findall(text) if n.isdigit()]


def _find_runs(values: list[int]) -> Iterator[tuple[int, int]]:
    """Yield adjoining numbers as (first, last): 1, 2, 3, 6 gives (1, 3) and (6, 6)."""
    start = previous = values[0]
    for value in values[1:]:
        if value != previous + 1:
            yield start, previous
            start = value
        previous = value
    yield start, previous


def _read_year(token: DeadlineToken, place: str = "y") -> int | None:
    year = token.read_number(place)
    return year + 2000 if year is not None and year < 100 else year


def _read_day(token: DeadlineToken) -> list[Span]:
    day = token.read_number("d") or token.read_number("dword") or 0
    month = token.read_number("m") or token.read_number("mword") or 0
    return [_make_day_span(day, month, _read_year(token))]


def _read_day_span(token: DeadlineToken) -> list[Span]:
    month, year = token.read_number("m") or 0, _read_year(token)
    if "dlist" in token.values:
        pairs = list(_find_runs(_find_numbers(token.values["dlist"])))
    else:
        pairs = [(token.read_number("d") or 0, token.read_number("d2") or 0)]
    return [Span("day", year, month, first, year, month, last) for first, last in pairs]


def _read_day_range(token: DeadlineToken) -> list[Span]:
    """Read "10.3 - 25.4": two days of one year, or over its turn."""
    first = token.read_number("m") or 0, token.read_number("d") or 0
    last = token.read_number("m2") or 0, token.read_number("d2") or 0
    year = _read_year(token)
    begin = year - 1 if year and first > last else year
    return [Span("day", begin, *first, year, *last)]


def _read_day_of_month(token: DeadlineToken) -> list[Span]:
    """Read "ngày 15", "ngày 10 và 20", "ngày cuối": days of a month that is not named."""
    if "dlist" in token.values:
        days = _find_numbers(token.values["dlist"])
    elif token.form.get("last"):
        days = [END]
    else:
        days = [1 if token.form.get("first") else token.read_number("d") or 0]
    last = token.read_number("d2")
    found = [_make_day_span(day, None, None, last or day) for day in days]
    return found if all(span.is_possible() for span in found) else []


def _read_month(token: DeadlineToken) -> list[Span]:
    month = read_month_number(token) or 0
    return [_make_month_span(month, month, _read_year(token))]


def _read_month_span(token: DeadlineToken) -> list[Span]:
    """Read "tháng 5, 6, 9", "tháng 11 - 2/2026", which begins in 2025."""
    year = _read_year(token)
    if "mlist" in token.values:
        runs = _find_runs(_find_numbers(token.values["mlist"]))
        return [_make_month_span(first, last, year) for first, last in runs]
    first, last = token.read_number("m") or 0, token.read_number("m2") or 0
    begin = year - 1 if year and first > last else None
    return [_make_month_span(first, last, year, first_year=begin)]


def _read_month_pair(token: DeadlineToken) -> list[Span]:
    """Read "8 - 9/2026" as two months; "15-12/2026" can only be a day with mixed marks."""
    first, last = token.read_number("d") or 0, token.read_number("m") or 0
    if first > 12:
        return [_make_day_span(first, last, _read_year(token))]
    return [_make_month_span(first, last, _read_year(token))] if first < last else []


def _read_month_part(token: DeadlineToken) -> list[Span]:
    first, last = DAYS_OF_MONTH_PART[token.form["part"]]
    month, year = read_month_number(token), _read_year(token)
    return [Span("part", year, month, first, year, month, last)]


def _read_week_span(token: DeadlineToken) -> list[Span]:
    """Read "tuần 2-3 tháng 4", "tuần 1 và tuần 3 tháng 4": weeks that adjoin are one span."""
    first, last = _read_week(token)[0], _read_week(token, "week2")[0]
    apart = first.last_day == END or (last.last_day != END and last.first_day > first.last_day + 1)
    if apart and not _THROUGH.search(token.values["week_thru"]):
        return [first, last]
    return [replace(first, last_day=last.last_day)]


def _read_month_week(token: DeadlineToken) -> list[Span]:
    return _read_week_span(token) if "week2" in token.values else _read_week(token)


def _read_week(token: DeadlineToken, place: str = "week") -> list[Span]:
    """Read a week of a month: the 2nd is the 8th to the 14th, the last its last seven days.

    See docs/dev/deadlines.md rule 10.
    """
    month, year, text = token.read_number("m"), _read_year(token), token.values[place]
    if text.startswith("cuoi"):
        length = find_month_end(year or 2025, month).day if month and month <= 12 else 31
        return [Span("part", year, month, length - 6, year, month, END)]
    if text.startswith("dau"):
        number = 1
    else:
        number = int(text) if text.isdigit() else load_grammar()["numbers"][text]
    last = 7 * number if number < 5 else END
    return [Span("part", year, month, 7 * number - 6, year, month, last)]


def _read_quarter_token(token: DeadlineToken) -> list[Span]:
    number = read_quarter(token.values["q"])
    return [_make_quarter_span(number, number, _read_year(token))] if number else []


def _read_quarter_month(token: DeadlineToken) -> list[Span]:
    """Read "tháng đầu quý III/2026": July."""
    year = _read_year(token)
    return [_make_month_span(month, month, year) for month in read_months_of_quarters(token)]


def _read_quarters(text: str) -> list[int | None]:
    return [read_quarter(word) for word in _NUMBER.findall(text) if word not in ("va", "quy")]


def _read_quarter_span(token: DeadlineToken) -> list[Span]:
    values: list[int | None] = [None]
    if "qlist" in token.values:
        values = _read_quarters(token.values["qlist"])
    else:
        first, last = read_quarter(token.values["q"]), read_quarter(token.values["q2"])
        if first and last and first < last:
            values = list(range(first, last + 1))
    quarters = [value for value in values if value]
    if not quarters or len(quarters) < len(values):
        return []
    year = _read_year(token)
    return [_make_quarter_span(first, last, year) for first, last in _find_runs(quarters)]


def _read_year_part(token: DeadlineToken) -> list[Span]:
    if "edge" in token.form:
        count = token.read_number("n") or token.read_number("nword") or 0
        first, last = (1, count) if token.form["edge"] == "start" else (13 - count, 12)
        if not 0 < count <= 12:
            return []
    else:
        first, last = token.form["months"]
    unit = "year" if last - first == 11 else "half-year"
    return [_make_month_span(first, last, _read_year(token), unit)]


def _read_edge(token: DeadlineToken) -> list[Span]:
    """Read start, middle and end of a quarter or year: a month at that edge, or the last day.

    The start of a year is its first quarter, the middle of a year is 30 June.
    """
    year, first, last = _read_year(token), 1, 12
    if token.form["unit"] != "year":
        quarter = read_quarter(token.values["q"]) if "q" in token.values else None
        if not quarter:
            return []
        first, last = 3 * quarter - 2, 3 * quarter
    whole_year = last - first == 11
    middle = (first + last) // 2
    if token.kind == "end":
        if not whole_year:  # "cuối quý III" is its last month
            return [_make_month_span(last, last, year, "part")]
        return [_make_day_span(END, last, year)]
    if token.kind == "start":
        return [_make_month_span(first, first + 2 if whole_year else first, year, "part")]
    if whole_year:
        return [_make_day_span(END, middle, year)]
    return [_make_month_span(middle, middle, year)]


def _read_years(token: DeadlineToken) -> list[Span]:
    first, last = _read_year(token), _read_year(token, "y2")
    return [_make_year_span(first, last or first)] if first else []


def _read_year_list(token: DeadlineToken) -> list[Span]:
    values = [year for place in ("y", "y2", "y3", "y4") if (year := _read_year(token, place))]
    return [_make_year_span(first, last) for first, last in _find_runs(values)]


def _read_day_of_months(token: DeadlineToken) -> list[Span]:
    """Read "ngày 15 tháng 3, 6, 9": the day of each month."""
    day, year = token.read_number("d") or 0, _read_year(token)
    found = [_make_day_span(day, month, year) for month in _find_numbers(token.values["mlist"])]
    return found if all(span.is_possible() for span in found) else []


def _read_impossible(_token: DeadlineToken) -> list[Span]:
    return []


_READERS: dict[str, Callable[[DeadlineToken], list[Span]]] = {
    "impossible": _read_impossible,
    "day-months": _read_day_of_months,
    "day": _read_day,
    "day-span": _read_day_span,
    "day-range": _read_day_range,
    "dom": _read_day_of_month,
    "month": _read_month,
    "month-span": _read_month_span,
    "month-pair": _read_month_pair,
    "month-part": _read_month_part,
    "month-week": _read_month_week,
    "week": _read_week,
    "week-span": _read_week_span,
    "quarter": _read_quarter_token,
    "quarter-month": _read_quarter_month,
    "quarter-span": _read_quarter_span,
    "year-part": _read_year_part,
    "start": _read_edge,
    "middle": _read_edge,
    "end": _read_edge,
    "year": _read_years,
    "years": _read_years,
    "year-list": _read_year_list,
}
