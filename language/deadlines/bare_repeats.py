"""Repeats that are no deadlines of their own: names of reports, rates beside the days they count.

"Báo cáo hằng năm trước ngày 15/12 hằng năm" is one day (docs/dev/deadlines.md rule 11). Not for
joining repeats to their times: that is `repeats`.
"""

import re
from itertools import pairwise, takewhile

from language.deadlines.clauses import DeadlineCell
from language.deadlines.items import Item
from language.deadlines.recurrence import Repeat
from language.deadlines.report_names import has_exact_end, is_bare_period
from language.times.periods import MONTHS_OF_UNIT

_COMMA = re.compile(r" ?, ?")
_ONE_PHRASE = re.compile(r"[^,;]*")
_COMMA_OR_BLANK = re.compile(r" *,? *")
_MONTHS_LISTED = re.compile(r"[ ,&]*(?:va|hoac)?[ ,]*")


def drop_bare_repeats(cell: DeadlineCell, items: list[Item]) -> list[Item]:
    """Return the items without repeats that only name a report or count the times behind them."""
    items = _bound_repeats(cell, items)
    dropped: set[int] = set()
    for index, item in enumerate(items[:-1]):
        rest = items[index + 1 :]
        if item.kind == "every" and _is_bare(cell, items, index):
            if _is_named_again(cell, item, rest):
                dropped.add(index)
            elif _counts(cell, item, rest):
                dropped.add(index)
                rest[0].start = item.start  # it is no label of theirs
        elif item.kind == "impossible" and _is_yearly_behind(cell, item, rest[0]):
            dropped.add(index + 1)  # "31/6 hằng năm": the doubt alone
        elif item.kind == "periodic" and _names_report(cell, item, rest):
            dropped.add(index)
    return [item for index, item in enumerate(items) if index not in dropped]


def _is_yearly_behind(cell: DeadlineCell, day: Item, every: Item) -> bool:
    return every.kind == "every" and not cell.folded[day.end : every.start].strip(" ,")


def _is_bare(cell: DeadlineCell, items: list[Item], index: int) -> bool:
    """Return whether no time stands right before the repeat at `index`."""
    before = items[index - 1] if index else None
    if before is None or before.kind != "time":
        return True
    return cell.folded[before.end : items[index].start].strip() != ""


def _is_named_again(cell: DeadlineCell, every: Item, rest: list[Item]) -> bool:
    """Return whether what follows says the same repeat with its day."""
    first = rest[0]
    if first.repeat:  # "hằng tuần, ... ngày làm việc đầu tiên của tuần"
        return every.repeat == Repeat(days=7) and first.repeat.weekday is not None
    if first.kind != "time" or not has_exact_end(first) or len(rest) < 2:
        return False
    again = rest[1].kind == "every" and rest[1].repeat == every.repeat
    near = cell.folded[first.end : rest[1].start].strip() == ""
    return again and near and bool(_ONE_PHRASE.fullmatch(cell.folded, every.end, first.start))


def _counts(cell: DeadlineCell, every: Item, rest: list[Item]) -> bool:
    """Return whether a repeat counts the times behind it: "6 tháng một lần vào tháng 1, tháng 7".

    A yearly one comes back in its month.
    """
    months = every.repeat.months if every.repeat else 0
    named = list(takewhile(_is_part_of_year, rest))
    if not 0 < months < MONTHS_OF_UNIT["year"] or not named:
        return False
    if not _COMMA_OR_BLANK.fullmatch(cell.folded, every.end, named[0].start):
        return False
    listed = all(
        _MONTHS_LISTED.fullmatch(cell.folded, left.end, right.start)
        for left, right in pairwise(named)
    )
    times = MONTHS_OF_UNIT["year"] // months
    return listed and sum(len(item.spans) for item in named) == times


def _is_part_of_year(item: Item) -> bool:
    """Return whether an item is a month, a quarter or a part of one."""
    if item.kind != "time" or item.is_explanation:
        return False
    return item.first_span.unit in ("month", "quarter", "part") and item.first_span.has_month


def _names_report(cell: DeadlineCell, periodic: Item, rest: list[Item]) -> bool:
    """Return whether "định kỳ 6 tháng đầu năm" names the report that a day behind it bounds."""
    if len(rest) < 2 or not is_bare_period(rest[0]) or rest[1].kind != "time":
        return False
    near = cell.folded[periodic.end : rest[0].start].strip() == ""
    return near and has_exact_end(rest[1])


def _bound_repeats(cell: DeadlineCell, items: list[Item]) -> list[Item]:
    """Give a repeat the span before it: "Từ 16/4 đến 31/10/2026, định kỳ báo cáo hằng tuần"."""
    span, rest = items[0], items[1:]
    if span.kind != "time" or span.until is None:
        return items
    if not _COMMA.fullmatch(cell.folded, span.end, rest[0].start):
        return items
    if rest[0].kind == "periodic" and len(rest) > 1:
        rest = rest[1:]
    every, repeat = rest[0], rest[0].repeat
    if repeat is None or repeat.months >= MONTHS_OF_UNIT["year"]:
        return items
    every.within, every.start = (span.first_span, span.last_span), span.start
    return rest
