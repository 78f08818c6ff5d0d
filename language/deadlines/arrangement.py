"""The items of a clause arranged: names and remarks out, rhythms joined to their days, years and prepositions shared.

Not for what an item means in a plan: that is `deadline_meaning`.
"""

import re
from dataclasses import replace
from datetime import timedelta
from itertools import pairwise

from language.deadlines.clauses import Clause, DeadlineCell
from language.deadlines.context import DeadlineContext
from language.deadlines.items import BLANKS, LIST_GAP, Item, has_gap
from language.deadlines.repeats import join_repeats, join_years
from language.deadlines.report_names import (
    PERIODS,
    drop_data_spans,
    drop_document_names,
    drop_named_repeats,
    drop_report_periods,
)
from language.times.spans import Span

_JOINING_WORDS = re.compile(r"[ ,;&+/)]*(?:va|hoac|cung)?[ ,]*")
_JOINING_WORDS_OR_REMARK = re.compile(r"(?: ?\([^()]{0,80}\))?" + _JOINING_WORDS.pattern)
_AND = re.compile(r"[ ,;)]*(?:va|hoac) *")


def has_own_time(item: Item) -> bool:
    """Whether the item bounds a task in time by itself."""
    if item.kind == "relative" and item.term:
        return item.term.after_end > item.term.after_start or item.term.event is not None
    return item.kind in ("time", "from-now", "every", "impossible")


def arrange_items(
    cell: DeadlineCell, clause: Clause, items: list[Item], context: DeadlineContext
) -> list[Item]:
    """The items with years shared, repetition joined to its day, labels and explanations taken out."""
    items = drop_document_names(cell, clause, items)
    items = join_repeats(cell, join_years(cell, items))
    items = drop_named_repeats(cell, clause, items)
    items = drop_report_periods(cell, clause, drop_data_spans(cell, clause, items))
    _share_years(items)
    _share_prepositions(cell, items)
    items = _join_periods(cell, items)
    items = _absorb_ongoing_times(cell, items)
    return _drop_remarks(cell, items)


def _share_years(items: list[Item]) -> None:
    """Within a clause a time without a year takes the year of the next dated one, else of the one before (rule 5)."""
    times = [
        item
        for item in items
        if item.kind == "time" and not item.repeat and not item.references and not item.units
    ]
    year: int | None = None
    for item in reversed(times):
        if year:
            item.spans = [_add_shared_year(span, year) for span in item.spans]
            item.until = _add_shared_year(item.until, year) if item.until else None
        year = item.first_span.first_year or year
    year = None
    for item in times:
        end = item.until or item.spans[-1]
        if not end.has_year and year and item.first_span.unit != "year":
            item.spans = [span.with_year(year) for span in item.spans]
            item.until = item.until.with_year(year) if item.until else None
        year = end.last_year or year


def _add_shared_year(span: Span, year: int) -> Span:
    return (
        span.with_year(year)
        if not span.has_year and span.has_month and span.unit != "year"
        else span
    )


def _share_prepositions(cell: DeadlineCell, items: list[Item]) -> None:
    """ "trước ngày 15/6 và 15/12": the preposition holds for the list."""
    for left, right in pairwise(items):
        if (
            left.kind == right.kind == "time"
            and right.role is None
            and left.role in ("before", "by", "to")
        ):
            listed = right.first_span.unit == left.first_span.unit and has_gap(
                cell, left, right, LIST_GAP
            )
            right.role = left.role if listed else right.role
    for left, right in reversed(list(pairwise(items))):
        if _may_share_year(left, right) and has_gap(cell, left, right, LIST_GAP):
            left.references = right.references  # "trước ngày 15/01 và 15/7 của năm sau"


def _may_share_year(left: Item, right: Item) -> bool:
    """Whether two days of months may share the year that only the second refers to."""
    if (
        left.kind != "time"
        or right.kind != "time"
        or left.references
        or not right.references
        or left.repeat
        or right.repeat
    ):
        return False
    days = (
        left.first_span.unit == right.first_span.unit == "day"
        and not left.first_span.has_year
        and not left.until
    )
    yearly = all(ref.form["unit"] == "year" for ref in right.references)
    return (
        days and yearly and (left.first_span.last_month or 0) < (right.first_span.first_month or 0)
    )


def _join_periods(cell: DeadlineCell, items: list[Item]) -> list[Item]:
    """Adjoining months, quarters, half-years or years of one cell made one period (rule 3)."""
    kept: list[Item] = []
    for item in items:
        last = kept[-1] if kept else None
        if last and _may_join(cell, last, item):
            last.spans = [
                replace(
                    last.spans[0],
                    last_year=item.spans[-1].last_year,
                    last_month=item.spans[-1].last_month,
                )
            ]
            last.end = item.end
            last.onward = item.onward
        else:
            kept.append(item)
    return kept


def _may_join(cell: DeadlineCell, left: Item, right: Item) -> bool:
    if not (
        left.kind == right.kind == "time"
        and left.first_span.unit in PERIODS - {"part"}
        and right.first_span.unit in PERIODS
    ):
        return False
    if any(
        item.until or item.repeat or item.references or len(item.spans) > 1
        for item in (left, right)
    ):
        return False
    if left.role not in (None, "in", "loose") or right.role not in (None, "in", "loose"):
        return False
    if left.first_span.unit != right.first_span.unit and "half-year" in (
        left.first_span.unit,
        right.first_span.unit,
    ):
        return False  # "6 tháng, quý III" are two reports
    a, b = left.first_span.find_days(2024), right.first_span.find_days(2024)
    near = bool(a and b and (a == b or (a[0] < b[0] <= a[1] + timedelta(days=1) and b[1] >= a[1])))
    return (
        near
        and left.first_span.has_year == right.first_span.has_year
        and has_gap(cell, left, right, _JOINING_WORDS)
    )


def _absorb_ongoing_times(cell: DeadlineCell, items: list[Item]) -> list[Item]:
    """ "Thường xuyên trong năm", "thường xuyên hằng năm": one ongoing milestone, with its first day if one is said."""
    kept: list[Item] = []
    for item in items:
        last = kept[-1] if kept else None
        open_ended = last is not None and last.kind == "ongoing" and not last.spans
        if last and open_ended and item.kind in ("time", "every", "from-now"):
            bounds = item.role in ("before", "by", "to") or (
                item.spans and item.first_span.unit == "day"
            )
            if not bounds and has_gap(cell, last, item, BLANKS):
                last.spans = item.spans if item.role == "from" and item.kind == "time" else []
                last.end = item.end
                continue
        kept.append(item)
    return kept


def _drop_remarks(cell: DeadlineCell, items: list[Item]) -> list[Item]:
    """ "theo quy định" beside a real deadline says nothing more; "và đột xuất khi có yêu cầu" does."""
    real = [item for item in items if item.kind not in ("regulation", "demand", "periodic")]
    kept: list[Item] = []
    for index, item in enumerate(items):
        joined = (
            index > 0 and item.kind == "regulation" and has_gap(cell, items[index - 1], item, _AND)
        )
        if (
            item.kind in ("regulation", "periodic")
            and (real or (item.kind == "periodic" and len(items) > 1))
            and not joined
        ):
            continue
        if (
            item.kind == "relative"
            and not has_own_time(item)
            and any(other.kind == "time" for other in items)
        ):
            continue  # "trong 02 ngày 15-16/12": only says how long
        if item.kind == "demand" and real:
            before = items[index - 1] if index else None
            if before is None or not has_gap(cell, before, item, _JOINING_WORDS_OR_REMARK):
                continue
        if (
            item.kind in ("regulation", "demand")
            and kept
            and kept[-1].kind in ("regulation", "demand")
        ):
            kept[-1].end = item.end
            continue
        kept.append(item)
    return kept
