"""Read how work stands in the words of a tracker: done, in progress, suspended, cancelled."""

import re
from collections.abc import Sequence
from datetime import date
from typing import Literal, NamedTuple

from language.text import fold
from language.times.periods import END, make_day
from language.times.spans import read_quarter
from locales.data import load_data

StatusKind = Literal["done", "in_progress", "suspended", "cancelled", "open"]

LONGEST_STATUS = 400  # characters of a text that is a status
LEAST_SHARE = 0.6  # share of a column's texts that must be statuses

_DAY = re.compile(r"\b(\d{1,2})\s*[/.-]\s*(\d{1,2})\s*[/.-]\s*(20\d\d)\b")
_DAY_IN_WORDS = re.compile(r"\bngay (\d{1,2}) thang (\d{1,2})(?: nam (20\d\d))?\b")
_SHORT_DAY = re.compile(r"\bngay (\d{1,2})\s*[/.-]\s*(\d{1,2})\b(?!\s*[/.-]\s*\d)")
_MONTH = re.compile(r"\bthang (\d{1,2})(?:\s*[/.-]\s*| nam )(20\d\d)\b")
_QUARTER = re.compile(r"\bquy (i{1,3}|iv|[1-4])(?:\s*[/.-]\s*| nam )(20\d\d)\b")
_PERCENT = re.compile(r"\b(\d{1,3})(?:[.,]\d+)?\s*%")


class StatusReading(NamedTuple):
    """How a piece of work stands.

    `day` is the day that the text names for it, or the last one that it could be (`is_day_given`
    is then false). `is_sure` is false if the text could be read otherwise.
    """

    kind: StatusKind | None
    day: date | None = None
    is_day_given: bool = False
    is_sure: bool = True


def read_status(text: str, years: tuple[int, int] | None = None) -> StatusReading:
    """Return how work stands; `years` are those of the plan, for days without a year.

    What is said to be done in part only, or is not clearly done, counts as in progress.
    """
    folded = " ".join(fold(text).split()).strip(" .-")
    if not folded:
        return StatusReading(None)
    patterns = load_data("columns")["tracker"]
    for kind in ("cancelled", "suspended"):
        if re.search(patterns[kind], folded):
            return StatusReading("cancelled" if kind == "cancelled" else "suspended")
    day, is_given = find_status_day(folded, years)
    shares = [int(share) for share in _PERCENT.findall(folded)]
    done = re.match(patterns["done"], folded)
    unfinished = re.search(patterns["not_done"], folded) or any(share < 100 for share in shares)
    if not unfinished and (shares == [100] or (done and _ends_clause(folded[done.end() :]))):
        return StatusReading("done", day, is_given)
    if re.match(patterns["open"], folded) or (shares and not any(shares)):
        return StatusReading("open")
    if done and not any(share < 100 for share in shares):
        return StatusReading("in_progress", is_sure=False)
    if shares or re.search(patterns["in_progress"], folded):
        return StatusReading("in_progress")
    return StatusReading(None)


def _ends_clause(rest: str) -> bool:
    """Return whether nothing follows a word for done that says what part of the work is meant."""
    return bool(re.match(load_data("columns")["tracker"]["behind_done"], rest))


def find_status_day(folded: str, years: tuple[int, int] | None) -> tuple[date | None, bool]:
    """Return the last day of the time that a folded text names, and whether it is a single day.

    A day that the text calls a limit ("hạn 30/6/2026") is none.
    """
    if found := _find_time(_DAY, folded):
        day = make_day(int(found[3]), int(found[2]), int(found[1]))
        return day, day is not None
    for pattern in (_DAY_IN_WORDS, _SHORT_DAY):
        if found := _find_time(pattern, folded):
            written = found[3] if pattern is _DAY_IN_WORDS else None
            year = int(written) if written else (years[0] if years else None)
            day = make_day(year, int(found[2]), int(found[1])) if year else None
            is_sure = bool(written) or (years is not None and years[0] == years[1])
            return day, day is not None and is_sure
    if found := _find_time(_MONTH, folded):
        return make_day(int(found[2]), int(found[1]), END), False
    if found := _find_time(_QUARTER, folded):
        quarter = read_quarter(found[1])
        return make_day(int(found[2]), quarter and 3 * quarter, END), False
    return None, False


def _find_time(pattern: re.Pattern[str], folded: str) -> re.Match[str] | None:
    """Return the first time that no word for a limit stands before."""
    limit = load_data("columns")["tracker"]["limit"]
    times = pattern.finditer(folded)
    return next((one for one in times if not re.search(limit, folded[: one.start()])), None)


def are_statuses(texts: Sequence[str]) -> bool:
    """Return whether most of the texts of a column say how work stands."""
    filled = [text for text in texts if text.strip(" -.")]
    fitting = sum(
        len(text) <= LONGEST_STATUS
        and bool(re.match(load_data("columns")["tracker"]["begins"], fold(text).strip(" -")))
        for text in filled
    )
    return len(filled) >= 2 and fitting >= LEAST_SHARE * len(filled)
