"""Names of documents and reports in a clause: their years and periods are no deadlines (deadlines.md rule 7).

Not for the labels of milestones: `deadline_labels`.
"""

import re
from functools import cache

from language.deadline_clauses import Cell, Clause
from language.deadline_gaps import LISTED, gap_is
from language.deadline_items import Item
from language.deadline_tokens import fold_for_scan, grammar
from language.text import strip_marks

_BARE = re.compile(r"[ :]*(?:gui|nop|xong|trinh|hoan thanh|bao cao|la)?[ :]*")
_CLOSED_BRACKET = re.compile(r"\([^()]*\)")
_COLON = re.compile(r" ?:")
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
        if following and _bare_period(item) and following.kind == "time" and _bounded(following):
            before = cell.folded[after : item.start].rstrip()
            named = any(len(before) - match.end() < 14 for match in _name_pattern().finditer(before))
            if named or gap_is(cell, item, following, _BARE) or _within(following, item):
                while kept and _bare_period(kept[-1]) and gap_is(cell, kept[-1], item, LISTED):
                    item = kept.pop()  # "Báo cáo quý I, 6 tháng, quý III, năm: trước ngày 15": names, all of them
                continue
        kept.append(item)
        after = item.end
    return kept


def _bare_period(item: Item) -> bool:
    bare = item.kind == "time" and item.role is None and not item.until and not item.repeat
    return bare and item.span.unit in PERIODS


def without_named_rhythms(cell: Cell, clause: Clause, items: list[Item]) -> list[Item]:
    """ "Báo cáo định kỳ hằng năm: chậm nhất ngày 20/12": before a colon the rhythm only names the report."""
    kept: list[Item] = []
    after = clause.start
    for item, following in zip(items, [*items[1:], None], strict=False):
        named = item.kind == "every" and following is not None and following.kind == "time" and _bounded(following)
        if named and _COLON.match(cell.folded, item.end) and _name_pattern().search(cell.folded, after, item.start):
            continue
        kept.append(item)
        after = item.end
    return kept


def _bounded(item: Item) -> bool:
    return item.role in ("before", "by", "to") or item.span.unit == "day"


def _within(day: Item, period: Item) -> bool:
    """Whether a day lies in a period of the same year."""
    year = day.span.last_year or period.span.last_year or 2024
    a, b = day.span.days(year), period.span.days(year)
    return bool(a and b and b[0] <= a[0] <= b[1])
