"""The items of a clause arranged: names and remarks out, rhythms joined to their days, years and prepositions shared.

Not for what an item means in a plan: that is `deadline_meaning`.
"""

import re
from dataclasses import replace
from datetime import timedelta
from itertools import pairwise

from language.deadline_gaps import BLANKS, LISTED, gap_is
from language.deadlines.clauses import Cell, Clause
from language.deadlines.context import Context
from language.deadlines.items import Item
from language.deadlines.repeats import with_repetition, with_years
from language.deadlines.report_names import PERIODS, without_data, without_labels, without_named_rhythms, without_names
from language.times.spans import Span

_JOINED = re.compile(r"[ ,;&+/)]*(?:va|hoac|cung)?[ ,]*")
_JOINED_OR_REMARK = re.compile(r"(?: ?\([^()]{0,80}\))?" + _JOINED.pattern)
_AND = re.compile(r"[ ,;)]*(?:va|hoac) *")


def is_dated(item: Item) -> bool:
    """Whether the item bounds a task in time by itself."""
    if item.kind == "relative" and item.term:
        return item.term.after_end > item.term.after_start or item.term.event is not None
    return item.kind in ("time", "from-now", "every", "impossible")


def arranged(cell: Cell, clause: Clause, items: list[Item], context: Context) -> list[Item]:
    """The items with years shared, repetition joined to its day, labels and explanations taken out."""
    items = without_names(cell, clause, items)
    items = with_repetition(cell, with_years(cell, items))
    items = without_named_rhythms(cell, clause, items)
    items = without_labels(cell, clause, without_data(cell, clause, items))
    _share_years(items)
    _share_prepositions(cell, items)
    items = _joined_periods(cell, items)
    items = _absorbed(cell, items)
    return _without_remarks(cell, items)


def _share_years(items: list[Item]) -> None:
    """Within a clause a time without a year takes the year of the next dated one, else of the one before (rule 5)."""
    times = [item for item in items if item.kind == "time" and not item.repeat and not item.refs and not item.units]
    year: int | None = None
    for item in reversed(times):
        if year:
            item.spans = [_shared(span, year) for span in item.spans]
            item.until = _shared(item.until, year) if item.until else None
        year = item.span.first_year or year
    year = None
    for item in times:
        end = item.until or item.spans[-1]
        if not end.has_year and year and item.span.unit != "year":
            item.spans = [span.with_year(year) for span in item.spans]
            item.until = item.until.with_year(year) if item.until else None
        year = end.last_year or year


def _shared(span: Span, year: int) -> Span:
    return span.with_year(year) if not span.has_year and span.has_month and span.unit != "year" else span


def _share_prepositions(cell: Cell, items: list[Item]) -> None:
    """ "trước ngày 15/6 và 15/12": the preposition holds for the list."""
    for left, right in pairwise(items):
        if left.kind == right.kind == "time" and right.role is None and left.role in ("before", "by", "to"):
            listed = right.span.unit == left.span.unit and gap_is(cell, left, right, LISTED)
            right.role = left.role if listed else right.role
    for left, right in reversed(list(pairwise(items))):
        if _ascending(left, right) and gap_is(cell, left, right, LISTED):
            left.refs = right.refs  # "trước ngày 15/01 và 15/7 của năm sau"


def _ascending(left: Item, right: Item) -> bool:
    """Whether two days of months may share the year that only the second refers to."""
    if left.kind != "time" or right.kind != "time" or left.refs or not right.refs or left.repeat or right.repeat:
        return False
    days = left.span.unit == right.span.unit == "day" and not left.span.has_year and not left.until
    yearly = all(ref.form["unit"] == "year" for ref in right.refs)
    return days and yearly and (left.span.last_month or 0) < (right.span.first_month or 0)


def _joined_periods(cell: Cell, items: list[Item]) -> list[Item]:
    """Adjoining months, quarters, half-years or years of one cell made one period (rule 3)."""
    kept: list[Item] = []
    for item in items:
        last = kept[-1] if kept else None
        if last and _joins(cell, last, item):
            last.spans = [
                replace(last.spans[0], last_year=item.spans[-1].last_year, last_month=item.spans[-1].last_month)
            ]
            last.end = item.end
            last.onward = item.onward
        else:
            kept.append(item)
    return kept


def _joins(cell: Cell, left: Item, right: Item) -> bool:
    if not (left.kind == right.kind == "time" and left.span.unit in PERIODS - {"part"} and right.span.unit in PERIODS):
        return False
    if any(item.until or item.repeat or item.refs or len(item.spans) > 1 for item in (left, right)):
        return False
    if left.role not in (None, "in", "loose") or right.role not in (None, "in", "loose"):
        return False
    if left.span.unit != right.span.unit and "half-year" in (left.span.unit, right.span.unit):
        return False  # "6 tháng, quý III" are two reports
    a, b = left.span.days(2024), right.span.days(2024)
    near = bool(a and b and (a == b or (a[0] < b[0] <= a[1] + timedelta(days=1) and b[1] >= a[1])))
    return near and left.span.has_year == right.span.has_year and gap_is(cell, left, right, _JOINED)


def _absorbed(cell: Cell, items: list[Item]) -> list[Item]:
    """ "Thường xuyên trong năm", "thường xuyên hằng năm": one ongoing milestone, with its first day if one is said."""
    kept: list[Item] = []
    for item in items:
        last = kept[-1] if kept else None
        open_ended = last is not None and last.kind == "ongoing" and not last.spans
        if last and open_ended and item.kind in ("time", "every", "from-now"):
            bounds = item.role in ("before", "by", "to") or (item.spans and item.span.unit == "day")
            if not bounds and gap_is(cell, last, item, BLANKS):
                last.spans = item.spans if item.role == "from" and item.kind == "time" else []
                last.end = item.end
                continue
        kept.append(item)
    return kept


def _without_remarks(cell: Cell, items: list[Item]) -> list[Item]:
    """ "theo quy định" beside a real deadline says nothing more; "và đột xuất khi có yêu cầu" does."""
    real = [item for item in items if item.kind not in ("regulation", "demand", "periodic")]
    kept: list[Item] = []
    for index, item in enumerate(items):
        joined = index > 0 and item.kind == "regulation" and gap_is(cell, items[index - 1], item, _AND)
        if (
            item.kind in ("regulation", "periodic")
            and (real or (item.kind == "periodic" and len(items) > 1))
            and not joined
        ):
            continue
        if item.kind == "relative" and not is_dated(item) and any(other.kind == "time" for other in items):
            continue  # "trong 02 ngày 15-16/12": only says how long
        if item.kind == "demand" and real:
            before = items[index - 1] if index else None
            if before is None or not gap_is(cell, before, item, _JOINED_OR_REMARK):
                continue
        if item.kind in ("regulation", "demand") and kept and kept[-1].kind in ("regulation", "demand"):
            kept[-1].end = item.end
            continue
        kept.append(item)
    return kept
