"""What a token of time means on the calendar: spans of days that may lack their year or their month.

Not for prepositions, repetition or labels: those belong to `deadlines` and `windows`.
"""

import calendar
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta

from language.times.grammar import load_grammar
from language.times.scanner import DeadlineToken

END = 99  # as a day: the last day of its month, whatever that is
_NUMBER = re.compile(r"\d+|[a-z]+")
_THROUGH = re.compile(r"[-–]|den")
_PARTS = {
    "start": (1, 10),
    "middle": (11, 20),
    "end": (21, END),
    "first-half": (1, 15),
    "second-half": (16, END),
}
_QUARTERS = {"i": 1, "ii": 2, "iii": 3, "iv": 4, "1": 1, "2": 2, "3": 3, "4": 4}
_SLIPS = frozenset("il1v")  # what a Roman numeral is scanned as
_UNITS = {
    "ngay": "day",
    "tuan": "week",
    "thang": "month",
    "quy": "quarter",
    "nam": "year",
    "gio": "hour",
}


@dataclass(frozen=True, slots=True)
class Span:
    """Days from (first_year, first_month, first_day) to (last_year, last_month, last_day); a missing part is None.

    `unit` is what was named: day, month, quarter, half-year, year or part (a part of a month or of a year).
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

    def with_year(self, year: int) -> "Span":
        """The span in `year`, where it names none."""
        first, last = self.first_year or year, self.last_year or year
        return Span(
            self.unit, first, self.first_month, self.first_day, last, self.last_month, self.last_day
        )

    def with_month(self, month: int) -> "Span":
        """The span in `month`, where it names none."""
        first, last = self.first_month or month, self.last_month or month
        return Span(
            self.unit, self.first_year, first, self.first_day, self.last_year, last, self.last_day
        )

    def find_days(self, year: int = 0) -> tuple[date, date] | None:
        """First and last day, in `year` where the span names none; None where there is no such day."""
        first = make_day(self.first_year or year, self.first_month, self.first_day)
        last = make_day(self.last_year or year, self.last_month, self.last_day)
        return (first, last) if first and last and first <= last else None

    def is_possible(self) -> bool:
        """Whether there is such a day in some year (29/2 is, 31/6 is not)."""
        placed = self if self.last_month else self.with_month(1)
        return placed.find_days(self.last_year or self.first_year or 2024) is not None


def make_day(year: int, month: int | None, day: int) -> date | None:
    """The day, with END as the month's last; None where the calendar has no such day."""
    if month is None or not (1 <= month <= 12 and 1 <= year <= 9999 and day >= 1):
        return None
    length = calendar.monthrange(year, month)[1]
    if day == END:
        day = length
    return date(year, month, day) if day <= length else None


def read_unit(word: str) -> str:
    """The English unit of a folded Vietnamese one."""
    return _UNITS[word]


def read_quarter(text: str) -> int | None:
    """1 to 4 of "IV", "4", "tư" or a slip of scanning ("lV", "Il"); None where it is none."""
    if text in _QUARTERS:
        return _QUARTERS[text]
    if set(text) <= _SLIPS:
        return _QUARTERS.get(text.replace("l", "i").replace("1", "i"))
    number: int | None = load_grammar()["numbers"].get(text)
    return number if number in (1, 2, 3, 4) else None


def make_month_span(
    first: int, last: int, year: int | None, unit: str = "month", first_year: int | None = None
) -> Span:
    """Whole months from `first` to `last`."""
    return Span(unit, first_year or year, first, 1, year, last, END)


def make_quarter_span(first: int, last: int, year: int | None) -> Span:
    """Whole quarters from `first` to `last`."""
    return make_month_span(3 * first - 2, 3 * last, year, "quarter")


def make_year_span(first: int, last: int) -> Span:
    """Whole years from `first` to `last`."""
    return Span("year", first, 1, 1, last, 12, END)


def add_months(day: date, count: int) -> date:
    """The same day `count` months on, or the month's last day where it has no such day (Bộ luật Dân sự, Điều 147)."""
    index = day.year * 12 + day.month - 1 + count
    year, month = divmod(index, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def find_month_end(year: int, month: int) -> date:
    """The last day of the month."""
    return date(year, month, calendar.monthrange(year, month)[1])


def find_week(day: date) -> tuple[date, date]:
    """Monday and Sunday of the day's week."""
    monday = day - timedelta(days=day.weekday())
    return monday, monday + timedelta(days=6)


def _find_numbers(text: str) -> list[int]:
    return [int(n) for n in _NUMBER.findall(text) if n.isdigit()]


def _find_runs(values: list[int]) -> Iterator[tuple[int, int]]:
    """Adjoining numbers as (first, last): 1, 2, 3, 6 gives (1, 3) and (6, 6)."""
    start = previous = values[0]
    for value in values[1:]:
        if value != previous + 1:
            yield start, previous
            start = value
        previous = value
    yield start, previous


def read_spans(token: DeadlineToken) -> list[Span] | None:
    """The spans that `token` names; None where it names no time, [] where what it names is impossible."""
    read = _READERS.get(token.kind)
    if read is None:
        return None
    return [span for span in read(token) if span.is_possible()]


def _read_year(token: DeadlineToken, place: str = "y") -> int | None:
    year = token.read_number(place)
    return year + 2000 if year is not None and year < 100 else year


def _read_day(token: DeadlineToken) -> list[Span]:
    day, year = token.read_number("d") or 0, _read_year(token)
    day = day or token.read_number("dword") or 0
    month = token.read_number("m") or token.read_number("mword") or 0
    return [Span("day", year, month, day, year, month, day)]


def _read_day_span(token: DeadlineToken) -> list[Span]:
    month, year = token.read_number("m") or 0, _read_year(token)
    listed = token.values.get("dlist")
    pairs = (
        list(_find_runs(_find_numbers(listed)))
        if listed
        else [(token.read_number("d") or 0, token.read_number("d2") or 0)]
    )
    return [Span("day", year, month, first, year, month, last) for first, last in pairs]


def _read_day_range(token: DeadlineToken) -> list[Span]:
    """ "10.3 - 25.4": two days of one year, or over its turn."""
    first, last = (
        (token.read_number("m") or 0, token.read_number("d") or 0),
        (token.read_number("m2") or 0, token.read_number("d2") or 0),
    )
    year = _read_year(token)
    begin = year - 1 if year and first > last else year
    return [Span("day", begin, *first, year, *last)]


def _read_day_of_month(token: DeadlineToken) -> list[Span]:
    listed = token.values.get("dlist")
    named = (
        END
        if token.form.get("last")
        else 1
        if token.form.get("first")
        else token.read_number("d") or 0
    )
    days = _find_numbers(listed) if listed else [named]
    last = token.read_number("d2")
    found = [Span("day", None, None, day, None, None, last or day) for day in days]
    return found if all(span.is_possible() for span in found) else []


def _read_month(token: DeadlineToken) -> list[Span]:
    month = token.read_number("m") or token.read_number("mword") or 0
    return [make_month_span(month, month, _read_year(token))]


def _read_month_span(token: DeadlineToken) -> list[Span]:
    listed = token.values.get("mlist")
    if listed:
        return [
            make_month_span(first, last, _read_year(token))
            for first, last in _find_runs(_find_numbers(listed))
        ]
    return [
        _make_months_over_turn(
            token.read_number("m") or 0, token.read_number("m2") or 0, _read_year(token)
        )
    ]


def _make_months_over_turn(first: int, last: int, year: int | None) -> Span:
    """Months that may run over the turn of a year: "tháng 11 - 2/2026" begins in 2025."""
    return make_month_span(
        first, last, year, first_year=year - 1 if year and first > last else None
    )


def _read_month_pair(token: DeadlineToken) -> list[Span]:
    """ "8 - 9/2026" is two months; "15-12/2026" can only be a day written with mixed marks."""
    first, last, year = token.read_number("d") or 0, token.read_number("m") or 0, _read_year(token)
    if first > 12:
        return [Span("day", year, last, first, year, last, first)]
    return [make_month_span(first, last, year)] if first < last else []


def _read_month_part(token: DeadlineToken) -> list[Span]:
    first, last = _PARTS[token.form["part"]]
    month, year = token.read_number("m"), _read_year(token)
    return [Span("part", year, month, first, year, month, last)]


def _read_week_span(token: DeadlineToken) -> list[Span]:
    """ "tuần 2-3 tháng 4", "tuần 1 và tuần 3 tháng 4": weeks that adjoin are one span, others one each."""
    first, last = _read_week(token)[0], _read_week(token, "week2")[0]
    apart = first.last_day == END or (last.last_day != END and last.first_day > first.last_day + 1)
    if apart and not _THROUGH.search(token.values["week_thru"]):
        return [first, last]
    return [replace(first, last_day=last.last_day)]


def _read_week(token: DeadlineToken, place: str = "week") -> list[Span]:
    """A week of a month (deadlines.md rule 10): the 2nd is the 8th to the 14th, the last the last seven days."""
    month, year, text = token.read_number("m"), _read_year(token), token.values[place]
    if text.startswith("cuoi"):
        last = (
            calendar.monthrange(year or 2025, month or 1)[1] if month and 1 <= month <= 12 else 31
        )
        return [Span("part", year, month, last - 6, year, month, END)]
    number = (
        1
        if text.startswith("dau")
        else int(text)
        if text.isdigit()
        else load_grammar()["numbers"][text]
    )
    return [
        Span("part", year, month, 7 * number - 6, year, month, 7 * number if number < 5 else END)
    ]


def _read_quarter_token(token: DeadlineToken) -> list[Span]:
    number = read_quarter(token.values["q"])
    return [make_quarter_span(number, number, _read_year(token))] if number else []


def _read_quarter_month(token: DeadlineToken) -> list[Span]:
    """ "tháng đầu quý III/2026" is July."""
    year = _read_year(token)
    return [make_month_span(month, month, year) for month in read_months_of_quarters(token)]


def read_months_of_quarters(token: DeadlineToken) -> list[int]:
    """The months that "tháng cuối quý I, quý II" names: 3 and 6."""
    named = token.values.get("qlist") or token.values["q"]
    quarters_named = [read_quarter(q) for q in _NUMBER.findall(named) if q not in ("va", "quy")]
    return [3 * number - 3 + token.form["month"] for number in quarters_named if number]


def _read_quarter_span(token: DeadlineToken) -> list[Span]:
    if "qlist" in token.values:
        values = [
            read_quarter(q)
            for q in _NUMBER.findall(token.values["qlist"])
            if q not in ("va", "quy")
        ]
    else:
        ends = [read_quarter(token.values["q"]), read_quarter(token.values["q2"])]
        values = (
            list(range(ends[0], ends[1] + 1))
            if ends[0] and ends[1] and ends[0] < ends[1]
            else [None]
        )
    known = [value for value in values if value]
    return (
        [make_quarter_span(a, b, _read_year(token)) for a, b in _find_runs(known)]
        if known and len(known) == len(values)
        else []
    )


def _read_year_part(token: DeadlineToken) -> list[Span]:
    first, last = token.form["months"]
    return [
        make_month_span(
            first, last, _read_year(token), "year" if last - first == 11 else "half-year"
        )
    ]


def _read_edge(token: DeadlineToken) -> list[Span]:
    """Beginning, middle and end of a quarter or a year, as plans mean them: the month at that edge, or the last day."""
    year, quarter = (
        _read_year(token),
        read_quarter(token.values["q"]) if "q" in token.values else None,
    )
    first, last = (
        (1, 12)
        if token.form["unit"] == "year"
        else (3 * quarter - 2, 3 * quarter)
        if quarter
        else (0, 0)
    )
    if not last:
        return []
    if token.kind == "end":
        return [Span("day", year, last, END, year, last, END)]
    if token.kind == "start":
        return [
            make_month_span(first, first + (2 if last == 12 and first == 1 else 0), year, "part")
        ]
    middle = (first + last) // 2
    return (
        [Span("day", year, middle, END, year, middle, END)]
        if first == 1 and last == 12
        else [make_month_span(middle, middle, year)]
    )


def _read_years(token: DeadlineToken) -> list[Span]:
    first, last = _read_year(token), _read_year(token, "y2")
    return [make_year_span(first, last or first)] if first else []


def _read_year_list(token: DeadlineToken) -> list[Span]:
    values = [year for place in ("y", "y2", "y3", "y4") if (year := _read_year(token, place))]
    return [make_year_span(a, b) for a, b in _find_runs(values)]


def _read_day_of_months(token: DeadlineToken) -> list[Span]:
    """ "ngày 15 tháng 3, 6, 9": the day of each month."""
    day, year = token.read_number("d") or 0, _read_year(token)
    found = [
        Span("day", year, month, day, year, month, day)
        for month in _find_numbers(token.values["mlist"])
    ]
    return found if all(span.is_possible() for span in found) else []


def _read_impossible(token: DeadlineToken) -> list[Span]:
    del token
    return []


_READERS = {
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


def find_days_of_part(whole: tuple[date, date], unit: str, part: str) -> tuple[date, date]:
    """The `part` (start, middle, end) of a whole month, week, quarter or year (questions.md rule 3).

    A month in tens of days, a week as its first days, its middle, its weekend; a quarter by months, a year by quarters.
    """
    first, last = whole
    if unit == "month":
        a, b = _PARTS[part]
        return first.replace(day=a), last if b == END else first.replace(day=b)
    if unit == "week":
        a, b = {"start": (0, 1), "middle": (2, 3), "end": (5, 6)}[part]
        return first + timedelta(days=a), first + timedelta(days=b)
    thirds = (
        {"start": (0, 0), "middle": (1, 1), "end": (2, 2)} if unit == "quarter" else _YEAR_PARTS
    )
    a, b = thirds[part]
    return add_months(first, a), add_months(first, b + 1) - timedelta(days=1)


_YEAR_PARTS = {"start": (0, 2), "middle": (3, 8), "end": (9, 11)}
