"""Names of documents and reports in a clause: their years and periods are no deadlines.

See docs/dev/deadlines.md rule 7. Not for the labels of milestones: that is `labels`.
"""

import re
from collections.abc import Iterator
from functools import cache
from itertools import zip_longest

from language.deadlines.clauses import Clause, DeadlineCell
from language.deadlines.items import LIST_GAP, Item, has_gap
from language.times.grammar import join_words
from language.times.periods import END
from language.times.spans import LEAP_YEAR, Span

_BRACKET_TEXT = re.compile(r"\([^()]*\)")
_COMMA = re.compile(r" ?, ?")
_ONE_PHRASE = re.compile(r"[^,;:()]*")
_COLON = re.compile(r" ?:")
_LIST_OR_BLANK = re.compile(rf" *|{LIST_GAP.pattern}")
_LONGEST_MONTH = 31  # days: a quarter may end in June, which is shorter
_NAME_WINDOW = 60  # characters: longer than any name and what may stand behind it
_NAME_NEAR = 14  # characters: "báo cáo kết quả quý III" still names a report
PERIODS = frozenset({"month", "quarter", "half-year", "year", "part"})


@cache
def _load_pattern(key: str) -> re.Pattern[str]:
    """Return what finds the words of a list in [labels]: names, acts or data."""
    return re.compile(rf"(?<![a-z])(?:{join_words('labels', key)})(?![a-z])")


@cache
def _load_bare_gap() -> re.Pattern[str]:
    """Return what may stand between a report's name and its day: "quý III: gửi trước ..."."""
    return re.compile(rf"[ :(]*(?:{join_words('words', 'before_day')})?[ :]*")


def drop_document_names(cell: DeadlineCell, clause: Clause, items: list[Item]) -> list[Item]:
    """Drop years that belong to a document's name: "Kế hoạch ... giai đoạn 2016-2020"."""
    left: list[Item] = []
    after = clause.start
    keys = ("names", "money") if any(_is_shorter_time(item) for item in items) else ("names",)
    for item in items:
        named = _may_be_of_name(item) and any(
            _is_year_of_name(cell, after, item, key) for key in keys
        )
        if not named and not _ends_name(cell, clause, item):
            left.append(item)
        after = item.end
    return left


def _is_shorter_time(item: Item) -> bool:
    return item.is_time and not item.first_span.is_year


def _may_be_of_name(item: Item) -> bool:
    """Return whether the item is a year alone."""
    if not item.is_time or item.role is not None or item.until:
        return False
    return item.first_span.is_year and item.first_span.has_year


def _is_year_of_name(cell: DeadlineCell, after: int, item: Item, key: str) -> bool:
    """Return whether a year belongs to a word of the list `key` in [labels] before it."""
    before = _BRACKET_TEXT.sub(" ", cell.folded[after : item.start])
    names = _load_pattern(key).finditer(before)
    ends = [m.end() for m in names if not before[: m.start()].endswith("duoc ")]
    if not ends:
        return False
    behind = before[ends[-1] :]
    return ":" not in behind and not _load_pattern("acts").search(behind)


def _ends_name(cell: DeadlineCell, clause: Clause, item: Item) -> bool:
    """Return whether "đến năm 2030" ends the name of a document: "Kế hoạch 12/KH-UBND về ..."."""
    if not item.is_time or item.role != "to" or not item.first_span.is_year:
        return False
    cited = [t.end for t in clause.tokens if t.kind == "citation" and t.end <= item.start]
    between = cell.folded[cited[-1] : item.start] if cited else ""
    _, about, name = between.partition(" ve ")
    if not about or not _ONE_PHRASE.fullmatch(name):
        return False
    return not _load_pattern("acts").search(name)


def _pair_with_next(items: list[Item]) -> Iterator[tuple[Item, Item | None]]:
    """Yield each item with the time behind it that has an exact end; None for another one."""
    for item, following in zip_longest(items, items[1:]):
        exact = following and following.is_time and has_exact_end(following)
        yield item, following if exact else None


def drop_report_periods(cell: DeadlineCell, clause: Clause, items: list[Item]) -> list[Item]:
    """Drop periods that only say which report is due: "BC quý III trước ngày 15/9"."""
    left: list[Item] = []
    after = clause.start
    for item, day in _pair_with_next(items):
        if day and _is_period_of_last_day(cell, item, day):
            continue
        if day and is_bare_period(item) and _is_report_label(cell, after, item, day):
            # "Báo cáo quý I, 6 tháng, quý III, năm: trước ngày 15": all of them are names.
            names = [item]
            while (
                left
                and is_bare_period(left[-1])
                and has_gap(cell, left[-1], names[-1], _LIST_OR_BLANK)
            ):
                names.append(left.pop())
            name_quarters(day, [span for name in reversed(names) for span in name.spans])
            continue
        left.append(item)
        after = item.end
    return left


def name_quarters(day: Item, quarters: list[Span]) -> None:
    """Give a day of a quarter's month the months of the quarters that are named for it.

    In "Báo cáo quý I, III trước ngày 20 tháng cuối quý" these are March and September. A day in
    the year after ("tháng đầu quý sau" of the fourth) is left as it is.
    """
    named = day.first_span
    if {ref.form["unit"] for ref in day.references} != {"quarter"} or named.has_month or day.until:
        return
    if any(span.unit != "quarter" for span in quarters) or named.last_day == _LONGEST_MONTH:
        return
    within = sum(ref.form.get("month", 3) + ref.form["shift"] for ref in day.references)
    months = [
        (span.last_year, first - 1 + within)
        for span in quarters
        if span.first_month and span.last_month
        for first in range(span.first_month, span.last_month, 3)
    ]
    if months and all(0 < month <= 12 for _, month in months):
        spans = [(named.with_month(month), year) for year, month in months]
        day.spans = [span.with_year(year) if year else span for span, year in spans]
        day.references = []


def drop_named_repeats(cell: DeadlineCell, clause: Clause, items: list[Item]) -> list[Item]:
    """Drop repeats that only name a report: "Báo cáo định kỳ hằng năm: chậm nhất ngày 20/12"."""
    left: list[Item] = []
    after = clause.start
    for item, day in _pair_with_next(items):
        named = day and item.is_every and _COLON.match(cell.folded, item.end)
        if named and _load_pattern("names").search(cell.folded, after, item.start):
            continue
        left.append(item)
        after = item.end
    return left


def drop_data_spans(cell: DeadlineCell, clause: Clause, items: list[Item]) -> list[Item]:
    """Drop the span of figures beside a deadline: "số liệu từ 15/12 đến 14/6, gửi trước 20/6"."""
    left: list[Item] = []
    after = clause.start
    for item in items:
        patterns = map(_load_pattern, _list_data_keys(item))
        if not any(pattern.search(cell.folded, after, item.start) for pattern in patterns):
            left.append(item)
        after = item.end
    if any(item.is_every or (item.is_time and _is_due(item)) for item in left):
        return left
    for item in items:
        item.doubt = item.doubt or (None if item in left else "data")
    return items


def _list_data_keys(item: Item) -> tuple[str, ...]:
    """Return the lists in [labels] whose words before an item say that it is of figures."""
    if not item.is_time:
        return ()
    if item.until:
        return "data", "data_spans"
    return ("data",) if item.role in ("from", "to") else ()


def _is_due(item: Item) -> bool:
    return has_exact_end(item) or item.repeat is not None


def _is_report_label(cell: DeadlineCell, after: int, period: Item, day: Item) -> bool:
    """Return whether a period only says which report is due on the day behind it."""
    if has_name_before(cell, after, period) or _is_within(day, period):
        return True
    return has_gap(cell, period, day, _load_bare_gap())


def _is_period_of_last_day(cell: DeadlineCell, period: Item, day: Item) -> bool:
    """Return whether two times are one deadline: "Trong quý I, chậm nhất ngày 15/3"."""
    if not period.is_time or period.role != "in" or period.until or period.repeat:
        return False
    if period.first_span.unit not in PERIODS or day.role not in ("before", "by"):
        return False
    return has_gap(cell, period, day, _COMMA) and _is_within(day, period)


def has_name_before(cell: DeadlineCell, after: int, item: Item) -> bool:
    """Return whether a document is named right before the item, behind the place `after`."""
    after = max(after, item.start - _NAME_WINDOW)
    end = after + len(cell.folded[after : item.start].rstrip())
    names = _load_pattern("names").finditer(cell.folded, after, end)
    return any(end - name.end() < _NAME_NEAR for name in names)


def is_bare_period(item: Item) -> bool:
    """Return whether the item is a month, quarter or year that nothing makes a deadline."""
    bare = item.is_time and item.role is None and not item.until and not item.repeat
    if not bare or item.references or item.units:
        return False
    span = item.first_span
    return span.unit in PERIODS or (span.first_day == END and span.has_month)  # "cuối năm"


def has_exact_end(item: Item) -> bool:
    """Return whether a time is a day, or ends with "trước", "chậm nhất", "đến"."""
    return item.role in ("before", "by", "to") or item.first_span.is_day


def _is_within(day: Item, period: Item) -> bool:
    """Return whether a day lies in a period of the same year."""
    year = day.first_span.last_year or period.first_span.last_year or LEAP_YEAR
    days, whole = day.first_span.find_days(year), period.first_span.find_days(year)
    if not days or not whole:
        return False
    first, last = whole
    return first <= days[0] <= last
