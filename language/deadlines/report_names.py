"""Names of documents and reports in a clause: their years and periods are no deadlines (deadlines.md rule 7).

Not for the labels of milestones: `deadline_labels`.
"""

import re
from functools import cache

from language.deadline_gaps import LISTED, gap_is
from language.deadlines.clauses import Cell, Clause
from language.deadlines.items import Item
from language.text import strip_marks
from language.times.scanner import fold_for_scan, grammar

_BARE = re.compile(r"[ :(]*(?:gui|nop|xong|trinh|hoan thanh|bao cao|la)?[ :]*")
_CLOSED_BRACKET = re.compile(r"\([^()]*\)")
_COMMA = re.compile(r" ?, ?")
_COLON = re.compile(r" ?:")
_NAME_WINDOW = 60  # characters: longer than any name and what may stand behind it
_NAME_NEAR = 14  # characters: "báo cáo kết quả quý III" still names a report
PERIODS = frozenset({"month", "quarter", "half-year", "year", "part"})


@cache
def _name_pattern() -> re.Pattern[str]:
    names = "|".join(strip_marks(name) for name in grammar()["labels"]["names"])
    return re.compile(rf"(?<![a-z])(?:{names})(?![a-z])")


@cache
def _act_pattern() -> re.Pattern[str]:
    acts = grammar()["labels"]["acts"]
    spelt = sorted({strip_marks(act) for act in acts} | {fold_for_scan(act)[1] for act in acts})
    return re.compile(rf"(?<![a-z])(?:{'|'.join(spelt)})(?![a-z])")


@cache
def _data_pattern() -> re.Pattern[str]:
    words = "|".join(strip_marks(word) for word in grammar()["labels"]["data"])
    return re.compile(rf"(?<![a-z])(?:{words})(?![a-z])")


def without_names(cell: Cell, clause: Clause, items: list[Item]) -> list[Item]:
    """Years that belong to the name of a document ("Kế hoạch ... giai đoạn 2016-2020") taken out (rule 7)."""
    kept: list[Item] = []
    after = clause.start
    for item in items:
        bare = item.kind == "time" and item.role is None and not item.until
        if bare and item.span.unit == "year" and item.span.has_year:
            before = _CLOSED_BRACKET.sub(" ", cell.folded[after : item.start])
            named = [match.end() for match in _name_pattern().finditer(before)]
            if named and not _act_pattern().search(before, named[-1]) and ":" not in before[named[-1] :]:
                after = item.end
                continue
        kept.append(item)
        after = item.end
    return kept


def without_labels(cell: Cell, clause: Clause, items: list[Item]) -> list[Item]:
    """Periods that only say which report is due taken out: "BC quý III trước ngày 15/9"."""
    kept: list[Item] = []
    after = clause.start
    for item, following in zip(items, [*items[1:], None], strict=False):
        if following and following.kind == "time" and is_bounded(following):
            if _narrowed(cell, item, following):
                continue
            if is_bare_period(item) and _is_label(cell, after, item, following):
                while kept and is_bare_period(kept[-1]) and gap_is(cell, kept[-1], item, LISTED):
                    item = kept.pop()  # "Báo cáo quý I, 6 tháng, quý III, năm: trước ngày 15": names, all of them
                continue
        kept.append(item)
        after = item.end
    return kept


def without_data(cell: Cell, clause: Clause, items: list[Item]) -> list[Item]:
    """Spans of figures taken out where a deadline is said, too: "số liệu từ 15/12 đến 14/6, gửi trước 20/6"."""
    kept: list[Item] = []
    after = clause.start
    for item in items:
        spans = item.kind == "time" and (item.until is not None or item.role == "from")
        if not (spans and _data_pattern().search(cell.folded, after, item.start)):
            kept.append(item)
        after = item.end
    return kept if any(item.kind == "time" and is_bounded(item) for item in kept) else items


def _is_label(cell: Cell, after: int, period: Item, day: Item) -> bool:
    """Whether the period only says which report is due on the day behind it."""
    return is_named(cell, after, period) or gap_is(cell, period, day, _BARE) or _within(day, period)


def _narrowed(cell: Cell, period: Item, day: Item) -> bool:
    """ "Trong quý I, chậm nhất ngày 15/3": a period and its last day are one deadline."""
    within = period.kind == "time" and period.role == "in" and period.span.unit in PERIODS and not period.until
    return (
        within
        and not period.repeat
        and day.role in ("before", "by")
        and gap_is(cell, period, day, _COMMA)
        and _within(day, period)
    )


def is_named(cell: Cell, after: int, item: Item) -> bool:
    """Whether a document or report is named right before the item, behind the place `after`."""
    after = max(after, item.start - _NAME_WINDOW)
    end = after + len(cell.folded[after : item.start].rstrip())
    return any(end - match.end() < _NAME_NEAR for match in _name_pattern().finditer(cell.folded, after, end))


def is_bare_period(item: Item) -> bool:
    """Whether the item is a month, quarter, half-year or year without anything that makes it a deadline."""
    bare = item.kind == "time" and item.role is None and not item.until and not item.repeat
    return bare and item.span.unit in PERIODS


def without_named_rhythms(cell: Cell, clause: Clause, items: list[Item]) -> list[Item]:
    """ "Báo cáo định kỳ hằng năm: chậm nhất ngày 20/12": before a colon the rhythm only names the report."""
    kept: list[Item] = []
    after = clause.start
    for item, following in zip(items, [*items[1:], None], strict=False):
        named = item.kind == "every" and following is not None and following.kind == "time" and is_bounded(following)
        if named and _COLON.match(cell.folded, item.end) and _name_pattern().search(cell.folded, after, item.start):
            continue
        kept.append(item)
        after = item.end
    return kept


def is_bounded(item: Item) -> bool:
    """Whether a time is a day, or ends with "trước", "chậm nhất", "đến"."""
    return item.role in ("before", "by", "to") or item.span.unit == "day"


def _within(day: Item, period: Item) -> bool:
    """Whether a day lies in a period of the same year."""
    year = day.span.last_year or period.span.last_year or 2024
    a, b = day.span.days(year), period.span.days(year)
    return bool(a and b and b[0] <= a[0] <= b[1])
