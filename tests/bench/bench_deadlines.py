"""How fast and how right deadlines are read, beside dateparser in the same run (`make bench`)."""

import json
import statistics
import time
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path

import dateparser
from dateparser.search import search_dates

from language.deadlines import read_deadline_cell
from language.milestones import Milestone
from tests.bench.rows import Row, make_row

REFERENCE = Path(__file__).parents[3] / "shared" / "gold" / "phrases.json"
MEDIAN_LIMIT = 100  # microseconds a phrase
RUBBISH_LIMIT = 50  # milliseconds for a cell of 100 kB
RIGHT_LIMIT = 0.98  # share of phrases
COMPARED = "for comparison"
ROUNDS = 5
RUBBISH = (
    *("rác rưởi ", "ngày ", "1/1 ", "trước từ đến ", "- ", "(", "1. ", "quý I, ", "x"),
    *("hằng năm ", "12 ", "sau khi "),
)
Years = tuple[int, int] | int | None
Phrase = tuple[str, Years, date | None, set[date]]

OWN_PHRASES: list[Phrase] = [  # where the reference answers are not beside the repository
    ("Trước ngày 14/8/2026", 2026, None, {date(2026, 8, 13)}),
    ("chậm nhất ngày 14 tháng 8 năm 2026", 2026, None, {date(2026, 8, 14)}),
    ("Tháng 5/2026", 2026, None, {date(2026, 5, 31)}),
    ("Quý II, III/2026", 2026, None, {date(2026, 9, 30)}),
    ("trước 15/12 hằng năm", 2026, None, {date(2026, 12, 14)}),
    ("theo Quyết định số 99/QĐ-UBND ngày 03/02/2025", 2026, None, set()),
    ("Thường xuyên", 2026, None, set()),
]


def phrases() -> list[Phrase]:
    """The phrases to read: text, plan years, day of issue, and the last days that are right."""
    if not REFERENCE.exists():
        return OWN_PHRASES
    found: list[Phrase] = []
    for phrase in json.loads(REFERENCE.read_text(encoding="utf-8")):
        years = phrase["plan_year"]
        issued_on = date.fromisoformat(phrase["issued_on"]) if phrase["issued_on"] else None
        days = {day for m in phrase["milestones"] for day in Milestone.model_validate(m).deadlines}
        found.append(
            (phrase["text"], tuple(years) if isinstance(years, list) else years, issued_on, days)
        )
    return found


def _ours(phrase: Phrase) -> set[date]:
    return {
        day
        for milestone in read_deadline_cell(phrase[0], phrase[1], phrase[2])
        for day in milestone.deadlines
    }


def _dateparser(phrase: Phrase) -> set[date]:
    """The last day as dateparser sees it: one day or none, read from the plan's first day on."""
    year = phrase[1][0] if isinstance(phrase[1], tuple) else phrase[1] or 2026
    settings = {
        "DATE_ORDER": "DMY",
        "PREFER_DATES_FROM": "future",
        "RELATIVE_BASE": datetime(year, 1, 1),
    }
    found = dateparser.parse(phrase[0], languages=["vi"], settings=settings)
    return {found.date()} if found else set()


def _dateparser_search(phrase: Phrase) -> set[date]:
    """The days that dateparser finds within the phrase."""
    year = phrase[1][0] if isinstance(phrase[1], tuple) else phrase[1] or 2026
    settings = {
        "DATE_ORDER": "DMY",
        "PREFER_DATES_FROM": "future",
        "RELATIVE_BASE": datetime(year, 1, 1),
    }
    return {
        found.date()
        for _, found in search_dates(phrase[0], languages=["vi"], settings=settings) or []
    }


def measure(
    reader: Callable[[Phrase], set[date]], asked: list[Phrase], rounds: int
) -> tuple[int, float]:
    """(phrases whose last days are right, median microseconds a phrase) of a reader."""
    right = sum(reader(phrase) == phrase[3] for phrase in asked)
    times = []
    for _ in range(rounds):
        for phrase in asked:
            start = time.perf_counter()
            reader(phrase)
            times.append(time.perf_counter() - start)
    return right, statistics.median(times) * 1e6


def rubbish_milliseconds() -> float:
    """The slowest of several cells of 100 kB of rubbish, each the best of three readings."""
    return (
        max(min(_seconds(kind * (100_000 // len(kind))) for _ in range(3)) for kind in RUBBISH)
        * 1000
    )


def _seconds(text: str) -> float:
    start = time.perf_counter()
    read_deadline_cell(text, 2026)
    return time.perf_counter() - start


def rows() -> list[Row]:
    """Return the rows of this bench."""
    asked = phrases()
    dated = [phrase for phrase in asked if phrase[3]]
    right, median = measure(_ours, asked, ROUNDS)
    dated_right = sum(_ours(phrase) == phrase[3] for phrase in dated)
    slowest = rubbish_milliseconds()
    rows = [
        make_row("deadline phrases, median a phrase", median, MEDIAN_LIMIT, "{:.0f} µs"),
        _make_share_row("deadline phrases, last days right", right, len(asked)),
        _make_share_row("of those with a last day, right", dated_right, len(dated)),
        make_row(
            "a cell of 100 kB of rubbish, the slowest kind", slowest, RUBBISH_LIMIT, "{:.0f} ms"
        ),
    ]
    for name, reader in (("parse", _dateparser), ("search_dates", _dateparser_search)):
        theirs, their_median = measure(reader, asked, 1)
        dated_right = sum(reader(phrase) == phrase[3] for phrase in dated)
        label = f"dateparser {dateparser.__version__} {name}"
        rows += [
            Row(f"{label}, median a phrase", f"{their_median:.0f} µs", COMPARED),
            Row(f"{label}, last days right", f"{theirs}/{len(asked)}", COMPARED),
            Row(
                f"{label}, of those with a last day, right", f"{dated_right}/{len(dated)}", COMPARED
            ),
        ]
    return rows


def _make_share_row(measure: str, right: int, count: int) -> Row:
    return Row(measure, f"{right}/{count}", f"≥ {RIGHT_LIMIT:.0%}", right >= RIGHT_LIMIT * count)
