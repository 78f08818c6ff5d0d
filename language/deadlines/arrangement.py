"""Arrange the items of a clause: drop names and remarks, join repeats, share what is named once.

Not for what an item means in a plan: that is `meaning`.
"""

import re
from dataclasses import replace
from datetime import timedelta
from functools import cache
from itertools import pairwise

from language.deadlines.bare_repeats import drop_bare_repeats
from language.deadlines.clauses import Clause, DeadlineCell
from language.deadlines.items import BLANKS, LIST_GAP, Item, has_gap
from language.deadlines.recurrence import Repeat
from language.deadlines.repeats import join_repeats, join_years
from language.deadlines.report_names import (
    PERIODS,
    drop_data_spans,
    drop_named_repeats,
    drop_report_periods,
)
from language.times.grammar import join_words
from language.times.periods import MONTHS_OF_UNIT
from language.times.spans import LEAP_YEAR, Span

_LEADING = re.compile(r"[\W_]*(?:rieng )?")
_LEAD = re.compile(r"[ :,]*")
_COMMA = re.compile(r" ?, ?")
_COMMA_OR_BLANK = re.compile(r" ?,? ?")
_JOINING_WORDS = re.compile(r"[ ,;&+/)]*(?:va|hoac|cung)?[ ,]*")
_JOINING_WORDS_OR_REMARK = re.compile(r"(?: ?\([^()]{0,80}\))?" + _JOINING_WORDS.pattern)
_AND = re.compile(r"[ ,;)]*(?:va|hoac) *")
_ANOTHER_DUTY = re.compile(r"(?: ?\([^()]{0,80}\))?[ ,;]*(?:va|hoac) ")
_REMARKS = ("regulation", "demand")
_BOUNDS = ("before", "by", "to")  # roles


@cache
def _load_label_gap() -> re.Pattern[str]:
    """Return what may stand between days that share "trước": "20/6 đối với xã, 20/12"."""
    label = rf" (?:{join_words('labels', 'for_whom')}) [^,;:()]{{1,60}}"
    return re.compile(rf"(?:{label})?(?:{LIST_GAP.pattern})")


def has_own_time(item: Item) -> bool:
    """Return whether the item bounds a task in time by itself."""
    if item.term:
        return item.term.after_end > item.term.after_start or item.term.event is not None
    return item.kind in ("time", "from-now", "every", "impossible")


def arrange_items(cell: DeadlineCell, clause: Clause, items: list[Item]) -> list[Item]:
    """Return the items that are deadlines, each with its year, its preposition and its repeat."""
    if len(items) < 2:  # nothing that it could be joined to
        return drop_data_spans(cell, clause, items)
    items = drop_bare_repeats(cell, join_years(cell, items))
    items = _give_leading_years(cell, clause, join_repeats(cell, items))
    _give_later_years(cell, items)
    items = drop_named_repeats(cell, clause, items)
    items = drop_report_periods(cell, clause, drop_data_spans(cell, clause, items))
    _share_years(items)
    _share_prepositions(cell, items)
    items = _join_periods(cell, items)
    items = _absorb_ongoing_times(cell, items)
    return _drop_remarks(cell, items)


def _give_leading_years(cell: DeadlineCell, clause: Clause, items: list[Item]) -> list[Item]:
    """Give the first time the year that leads the clause: "Năm 2027: trước ngày 15/6"."""
    match items:
        case [year, time, *_] if _is_leading_year(cell, clause, year):
            if not _may_take_year(time) or not has_gap(cell, year, time, _LEAD):
                return items
            _give_year(time, year.first_span.last_year)
            return items[1:]
        case _:
            return items


def _give_later_years(cell: DeadlineCell, items: list[Item]) -> None:
    """Let a time come back in the years after the one before it: "các năm sau trước 31/01"."""
    for left, right in pairwise(items):
        year = left.last_span.last_year if left.onward else None
        if year and _may_take_year(right) and has_gap(cell, left, right, _LEAD):
            left.onward = False
            right.repeat, right.years = Repeat(months=MONTHS_OF_UNIT["year"]), (year + 1, None)


def _may_take_year(item: Item) -> bool:
    """Return whether an item is a time of a year that is not named."""
    if not item.is_time or item.repeat or item.references or item.units:
        return False
    return not (item.first_span.has_year or item.last_span.has_year) and item.last_span.has_month


def _is_leading_year(cell: DeadlineCell, clause: Clause, item: Item) -> bool:
    """Return whether a clause begins with a year: not "Tổng kết năm 2025 trước ngày 15/01"."""
    if not item.is_time or item.until or item.repeat or item.role not in (None, "in"):
        return False
    span = item.first_span
    one_year = span.is_year and span.has_year and span.first_year == span.last_year
    return one_year and _LEADING.fullmatch(cell.folded, clause.start, item.start) is not None


def _share_years(items: list[Item]) -> None:
    """Give a time without a year the year of the next time, else of the one before (rule 5)."""
    times = [item for item in items if item.kind == "time" and not item.repeat]
    times = [item for item in times if not item.references and not item.units]
    year: int | None = None
    for item in reversed(times):
        _give_year(item, year)
        year = None if _has_several_years(item) else _find_first_year(item) or year
    year = None
    for item in times:
        _give_year(item, year)
        year = item.last_span.last_year or year


def _give_year(item: Item, year: int | None) -> None:
    """Give a time that names no year one; "trong năm" keeps the plan's."""
    first, last = item.first_span, item.last_span
    if year is None or first.has_year or last.has_year or first.unit == "year":
        return
    item.spans = [span.with_year(year) for span in item.spans]
    item.until = item.until.with_year(year) if item.until else None


def _find_first_year(item: Item) -> int | None:
    """Return the year in which a time begins: "từ tháng 11 đến tháng 2/2027" the one before."""
    first, last = item.first_span, item.last_span
    if first.first_year or not last.last_year:
        return first.first_year
    begin, end = first.find_days(last.last_year), last.find_days(last.last_year)
    return last.last_year - 1 if begin and end and begin > end else last.last_year


def _has_several_years(item: Item) -> bool:
    """Return whether an item is a range of years, which gives no year to the times before it."""
    span = item.first_span
    return span.unit == "year" and span.has_year and span.first_year != span.last_year


def _share_prepositions(cell: DeadlineCell, items: list[Item]) -> None:
    """Give the times of a list one preposition and one reference: "trước ngày 15/6 và 15/12"."""
    for left, right in pairwise(items):
        if left.kind == right.kind == "time" and right.role is None and left.role in _BOUNDS:
            alike = right.first_span.unit == left.first_span.unit
            if alike and has_gap(cell, left, right, _load_label_gap()):
                right.role, right.at = left.role, right.at or left.at
    for left, right in reversed(list(pairwise(items))):
        if _may_share_reference(left, right) and has_gap(cell, left, right, LIST_GAP):
            left.references = right.references  # "trước ngày 15/01 và 15/7 của năm sau"


def _may_share_reference(left: Item, right: Item) -> bool:
    """Return whether two days of months may share the year that only the second refers to."""
    if left.kind != "time" or not right.references or left.repeat or right.repeat:
        return False
    if left.references or left.units or left.until or left.first_span.has_year:
        return False
    if not left.first_span.unit == right.first_span.unit == "day":
        return False
    earlier, later = left.first_span.find_days(LEAP_YEAR), right.first_span.find_days(LEAP_YEAR)
    yearly = all(ref.form["unit"] == "year" for ref in right.references)
    return yearly and bool(earlier and later and earlier < later)


def _join_periods(cell: DeadlineCell, items: list[Item]) -> list[Item]:
    """Make one period of adjoining months, quarters, half-years or years (rule 3)."""
    joined: list[Item] = []
    for item in items:
        last = joined[-1] if joined else None
        if last and _may_join(cell, last, item):
            last.spans = [_join_spans(last.first_span, item.first_span)]
            last.end, last.onward = item.end, item.onward
        else:
            joined.append(item)
    return joined


def _join_spans(first: Span, last: Span) -> Span:
    """Return the days from the start of `first` to the end of `last`: "tháng 3, đầu tháng 4"."""
    return replace(
        first, last_year=last.last_year, last_month=last.last_month, last_day=last.last_day
    )


def _may_join(cell: DeadlineCell, left: Item, right: Item) -> bool:
    if left.kind != "time" or right.kind != "time":
        return False
    if any(i.until or i.repeat or i.references or len(i.spans) > 1 for i in (left, right)):
        return False
    if any(i.role not in (None, "in", "loose") for i in (left, right)):
        return False
    first, second = left.first_span, right.first_span
    if first.unit not in PERIODS - {"part"} or second.unit not in PERIODS:
        return False
    if "half-year" in (first.unit, second.unit):
        return False  # "6 tháng, quý III" are two reports, both half-years of a year, too
    a, b = first.find_days(LEAP_YEAR), second.find_days(LEAP_YEAR)
    if not a or not b or first.has_year != second.has_year:
        return False
    adjoining = a[0] < b[0] <= a[1] + timedelta(days=1) and b[1] >= a[1]
    return (a == b or adjoining) and has_gap(cell, left, right, _JOINING_WORDS)


def _absorb_ongoing_times(cell: DeadlineCell, items: list[Item]) -> list[Item]:
    """Make one item of "thường xuyên trong năm", "thường xuyên từ quý II"."""
    left: list[Item] = []
    for item in items:
        last = left[-1] if left else None
        ongoing = last is not None and last.kind == "ongoing" and not last.spans
        gap = _COMMA_OR_BLANK if _is_daily(item) else BLANKS
        if last and ongoing and _says_how_long(item) and has_gap(cell, last, item, gap):
            last.spans = item.spans if item.role == "from" and item.kind == "time" else []
            last.end = item.end
        elif last and ongoing and _is_yearly(item) and has_gap(cell, last, item, _COMMA):
            last.doubt, last.end = "yearly_too", item.end
        else:
            left.append(item)
    return left


def _is_daily(item: Item) -> bool:
    """Return whether an item is "hằng ngày" without an hour: all the time."""
    return item.repeat == Repeat(days=1) and not item.at


def _is_yearly(item: Item) -> bool:
    """Return whether an item is a bare "hằng năm"."""
    return item.kind == "every" and item.repeat == Repeat(months=12) and not item.is_rate


def _says_how_long(item: Item) -> bool:
    """Return whether a time behind "thường xuyên" bounds nothing: "trong năm", "hằng năm"."""
    if item.kind not in ("time", "every", "from-now") or item.role in _BOUNDS:
        return False
    return not item.spans or item.first_span.unit != "day"


def _drop_remarks(cell: DeadlineCell, items: list[Item]) -> list[Item]:
    """Drop "theo quy định" beside a real deadline; "và đột xuất khi có yêu cầu" stays."""
    kinds = {item.kind for item in items}
    left: list[Item] = []
    for before, item in zip([None, *items], items, strict=False):
        if item.kind == "periodic" or _is_remark(cell, kinds, before, item):
            continue
        if item.kind in _REMARKS and left and left[-1].kind in _REMARKS:
            left[-1].end = item.end
            continue
        if before and _hangs_on_event(cell, before, item):
            before.doubt = before.doubt or "event_too"
            continue
        left.append(item)
    return left


def _hangs_on_event(cell: DeadlineCell, before: Item, item: Item) -> bool:
    """Return whether an event only explains the time before it: "Quý I, sau khi ...".

    "Ngay sau khi ..." behind a comma explains, too.
    """
    event = item.doubt == "no_count" or (item.term is not None and item.term.days == 0)
    return event and before.kind == "time" and has_gap(cell, before, item, _COMMA_OR_BLANK)


def _is_remark(cell: DeadlineCell, kinds: set[str], before: Item | None, item: Item) -> bool:
    """Return whether an item says nothing beside the items of the other `kinds` in its clause."""
    if item.kind == "relative":  # "trong 02 ngày 15-16/12" only says how long
        return "time" in kinds and not has_own_time(item)
    if item.kind not in _REMARKS or kinds <= {*_REMARKS, "periodic"}:
        return False
    if item.kind == "demand":
        return item.doubt is None and not _is_duty_of_demand(cell, before, item)
    return before is None or not has_gap(cell, before, item, _AND)


def _is_duty_of_demand(cell: DeadlineCell, before: Item | None, item: Item) -> bool:
    """Return whether "khi có yêu cầu" is a time of its own: "và báo cáo đột xuất khi ..."."""
    if before is None:
        return False
    if has_gap(cell, before, item, _JOINING_WORDS_OR_REMARK):
        return True
    return _ANOTHER_DUTY.match(cell.folded, before.end, item.start) is not None
