"""Find the first and the last year of a plan, from its title, its day and its deadlines.

A view ("tầm nhìn 2045"), a term of office and the years of cited documents are none of them.
"""

import re
from collections import Counter
from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

from plans.reading.narrative.sentence_times import find_times
from plans.tables.patterns import compile_pattern

LONGEST_PLAN = 30  # years
MOST_YEARS_LATE = 1  # a plan for a year is issued in it, in the year before or a year late

_SPAN = compile_pattern("plan_span")
_ENDING = compile_pattern("plan_end")
_SINGLE = compile_pattern("plan_year")
_NO_YEARS = compile_pattern("years_of_others")
_YEAR = re.compile(r"\b(20\d\d)\b")


class PlanYears(NamedTuple):
    """A plan's years; `is_sure` is False if what tells them does not agree."""

    first: int
    last: int
    is_sure: bool = True


def find_years(
    title: str,
    issued_on: date | None,
    deadlines: Iterable[str] = (),
    table_years: Counter[int] | None = None,
) -> PlanYears | None:
    """Return the years of a plan, None if nothing tells them.

    `deadlines` are texts that hold deadlines, `table_years` says how often each year stands in the
    columns of deadlines.
    """
    named = _list_named_years(deadlines)
    found = _read_title(title, issued_on, named)
    if found is None:
        years = _take_from_deadlines(issued_on, named + (table_years or Counter()))
        return _go_on_to_last_deadline(years, table_years) if years and issued_on else years
    first, last = found
    issued = issued_on.year if issued_on else None
    is_late = issued is not None and not first - MOST_YEARS_LATE <= issued <= last + 1
    return PlanYears(first, last, not is_late and _agrees(first, last, named))


def _read_title(title: str, issued_on: date | None, named: Counter[int]) -> tuple[int, int] | None:
    """Return the years that a title names: a year of its own, a span, or an end."""
    text = _NO_YEARS.sub(" ", title)
    spans = [(int(one[1]), int(one[2])) for one in _SPAN.finditer(text)]
    rest = _SPAN.sub(" ", text)
    ends = [int(one[1]) for one in _ENDING.finditer(rest)]
    singles = [int(one[1]) for one in _SINGLE.finditer(_ENDING.sub(" ", rest))]
    issued = issued_on.year if issued_on else None
    near = [year for year in singles if issued is None or abs(year - issued) <= MOST_YEARS_LATE]
    if near and not (ends and not spans):
        return near[-1], near[-1]
    fitting = [span for span in spans if 0 <= span[1] - span[0] <= LONGEST_PLAN]
    if fitting:
        return fitting[-1]
    if ends:
        begins = issued or min((year for year in named if year <= ends[0]), default=ends[0])
        start = near[-1] if near and near[-1] <= ends[0] else begins
        return (start, ends[0]) if 0 <= ends[0] - start <= LONGEST_PLAN else (ends[0], ends[0])
    return (singles[-1], singles[-1]) if singles else None


def _list_named_years(deadlines: Iterable[str]) -> Counter[int]:
    return Counter(
        int(year)
        for text in deadlines
        for phrase in find_times(text)
        for year in _YEAR.findall(phrase)
    )


def _take_from_deadlines(issued_on: date | None, named: Counter[int]) -> PlanYears | None:
    """Return the years of a plan whose title names none: those of its deadlines and its day."""
    issued = issued_on.year if issued_on else None
    years = [year for year in named if issued is None or issued <= year <= issued + LONGEST_PLAN]
    if not years:
        return PlanYears(issued, issued) if issued is not None else None
    often = [year for year in years if 4 * named[year] >= max(named[one] for one in years)]
    first, last = min(often), max(often)
    if issued is not None and issued_on is not None and issued_on.month < _LATE_MONTH:
        first = issued
    return PlanYears(first, last)


def _go_on_to_last_deadline(years: PlanYears, table_years: Counter[int] | None) -> PlanYears:
    """Return the years of a plan that names none, up to the last one that its table names twice."""
    late = [
        year
        for year, count in (table_years or Counter[int]()).items()
        if count >= _FEWEST_NAMED and years.last < year <= years.first + LONGEST_PLAN
    ]
    return PlanYears(years.first, max(late), is_sure=False) if late else years


_FEWEST_NAMED = 2  # times that a year stands in a table before the plan is one for it
_LATE_MONTH = 11  # from this month on a plan is one for the next year


def _agrees(first: int, last: int, named: Counter[int]) -> bool:
    """Return whether most of the years of the deadlines are years of the plan."""
    inside = sum(count for year, count in named.items() if first - 1 <= year <= last + 1)
    return 2 * inside >= named.total()
