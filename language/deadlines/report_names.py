"""Names of documents and reports in a clause: their years and periods are no deadlines (deadlines.md rule 7).

Not for the labels of milestones: `deadline_labels`.
"""

import re
from functools import cache

from language.deadlines.clauses import Clause, DeadlineCell
from language.deadlines.items import LIST_GAP, Item, has_gap
from language.text import strip_marks
from language.times.grammar import load_grammar
from language.times.scanner import fold_for_scan

_BARE_GAP = re.compile(r"[ :(]*(?:gui|nop|xong|trinh|hoan thanh|bao cao|la)?[ :]*")
_BRACKET_TEXT = re.compile(r"\([^()]*\)")
_COMMA = re.compile(r" ?, ?")
_COLON = re.compile(r" ?:")
_NAME_WINDOW = 60  # characters: longer than any name and what may stand behind it
_NAME_NEAR = 14  # characters: "báo cáo kết quả quý III" still names a report
PERIODS = frozenset({"month", "quarter", "half-year", "year", "part"})


@cache
def _load_name_pattern() -> re.Pattern[str]:
    names = "|".join(strip_marks(name) for name in load_grammar()["labels"]["names"])
    return re.compile(rf"(?<![a-z])(?:{names})(?![a-z])")


@cache
def _load_act_pattern() -> re.Pattern[str]:
    acts = load_grammar()["labels"]["acts"]
    spelt = sorted({strip_marks(act) for act in acts} | {fold_for_scan(act)[1] for act in acts})
    return re.compile(rf"(?<![a-z])(?:{'|'.join(spelt)})(?![a-z])")


@cache
def _load_data_pattern() -> re.Pattern[str]:
    words = "|".join(strip_marks(word) for word in load_grammar()["labels"]["data"])
    return re.compile(rf"(?<![a-z])(?:{words})(?![a-z])")


def drop_document_names(cell: DeadlineCell, clause: Clause, items: list[Item]) -> list[Item]:
    """Years that belong to the name of a document ("Kế hoạch ... giai đoạn 2016-2020") taken out (rule 7)."""
    kept: list[Item] = []
    after = clause.start
    for item in items:
        bare = item.kind == "time" and item.role is None and not item.until
        if bare and item.first_span.unit == "year" and item.first_span.has_year:
            before = _BRACKET_TEXT.sub(" ", cell.folded[after : item.start])
            named = [match.end() for match in _load_name_pattern().finditer(before)]
            if (
                named
                and not _load_act_pattern().search(before, named[-1])
                and ":" not in before[named[-1] :]
            ):
                after = item.end
                continue
        kept.append(item)
        after = item.end
    return kept


def drop_report_periods(cell: DeadlineCell, clause: Clause, items: list[Item]) -> list[Item]:
    """Periods that only say which report is due taken out: "BC quý III trước ngày 15/9"."""
    kept: list[Item] = []
    after = clause.start
    for item, following in zip(items, [*items[1:], None], strict=False):
        if following and following.kind == "time" and has_exact_end(following):
            if _is_period_of_last_day(cell, item, following):
                continue
            if is_bare_period(item) and _is_report_label(cell, after, item, following):
                while kept and is_bare_period(kept[-1]) and has_gap(cell, kept[-1], item, LIST_GAP):
                    item = (
                        kept.pop()
                    )  # "Báo cáo quý I, 6 tháng, quý III, năm: trước ngày 15": names, all of them
                continue
        kept.append(item)
        after = item.end
    return kept


def drop_data_spans(cell: DeadlineCell, clause: Clause, items: list[Item]) -> list[Item]:
    """Spans of figures taken out where a deadline is said, too: "số liệu từ 15/12 đến 14/6, gửi trước 20/6"."""
    kept: list[Item] = []
    after = clause.start
    for item in items:
        spans = item.kind == "time" and (item.until is not None or item.role == "from")
        if not (spans and _load_data_pattern().search(cell.folded, after, item.start)):
            kept.append(item)
        after = item.end
    return kept if any(item.kind == "time" and has_exact_end(item) for item in kept) else items


def _is_report_label(cell: DeadlineCell, after: int, period: Item, day: Item) -> bool:
    """Whether the period only says which report is due on the day behind it."""
    return (
        has_name_before(cell, after, period)
        or has_gap(cell, period, day, _BARE_GAP)
        or _is_within(day, period)
    )


def _is_period_of_last_day(cell: DeadlineCell, period: Item, day: Item) -> bool:
    """ "Trong quý I, chậm nhất ngày 15/3": a period and its last day are one deadline."""
    within = (
        period.kind == "time"
        and period.role == "in"
        and period.first_span.unit in PERIODS
        and not period.until
    )
    return (
        within
        and not period.repeat
        and day.role in ("before", "by")
        and has_gap(cell, period, day, _COMMA)
        and _is_within(day, period)
    )


def has_name_before(cell: DeadlineCell, after: int, item: Item) -> bool:
    """Whether a document or report is named right before the item, behind the place `after`."""
    after = max(after, item.start - _NAME_WINDOW)
    end = after + len(cell.folded[after : item.start].rstrip())
    return any(
        end - match.end() < _NAME_NEAR
        for match in _load_name_pattern().finditer(cell.folded, after, end)
    )


def is_bare_period(item: Item) -> bool:
    """Whether the item is a month, quarter, half-year or year without anything that makes it a deadline."""
    bare = item.kind == "time" and item.role is None and not item.until and not item.repeat
    return bare and item.first_span.unit in PERIODS


def drop_named_repeats(cell: DeadlineCell, clause: Clause, items: list[Item]) -> list[Item]:
    """ "Báo cáo định kỳ hằng năm: chậm nhất ngày 20/12": before a colon the rhythm only names the report."""
    kept: list[Item] = []
    after = clause.start
    for item, following in zip(items, [*items[1:], None], strict=False):
        named = (
            item.kind == "every"
            and following is not None
            and following.kind == "time"
            and has_exact_end(following)
        )
        if (
            named
            and _COLON.match(cell.folded, item.end)
            and _load_name_pattern().search(cell.folded, after, item.start)
        ):
            continue
        kept.append(item)
        after = item.end
    return kept


def has_exact_end(item: Item) -> bool:
    """Whether a time is a day, or ends with "trước", "chậm nhất", "đến"."""
    return item.role in ("before", "by", "to") or item.first_span.unit == "day"


def _is_within(day: Item, period: Item) -> bool:
    """Whether a day lies in a period of the same year."""
    year = day.first_span.last_year or period.first_span.last_year or 2024
    a, b = day.first_span.find_days(year), period.first_span.find_days(year)
    return bool(a and b and b[0] <= a[0] <= b[1])
