"""A deadline cell read: its clauses, their items and brackets, its milestones. The public way in is `deadlines`.

Not for cutting cells (`deadline_clauses`) nor for what an item means (`deadline_meaning`).
"""

import re
from datetime import date

from language.deadlines.arrangement import arrange_items, has_own_time
from language.deadlines.clauses import Clause, DeadlineCell, cut_cell
from language.deadlines.context import (
    DeadlineContext,
    PlanYears,
    add_doubt,
    make_doubtful_milestone,
)
from language.deadlines.item_reader import read_items
from language.deadlines.items import BLANKS, MOST_ITEMS, Item
from language.deadlines.labels import LABEL_CUT, Labels
from language.deadlines.meaning import make_milestones
from language.deadlines.recurrence import Repeat
from language.deadlines.report_names import (
    drop_document_names,
    has_exact_end,
    has_name_before,
    is_bare_period,
)
from language.milestones import Milestone
from language.times.calendars import Calendar

MOST_MILESTONES = 500  # of one cell (plan-format.md)
LONGEST_CELL = 10_000  # characters; what is longer is no deadline cell
# A number of a list that no form took ("Tháng 6, 9 hoặc 12"), and a clause that is nothing but such numbers.
_LEFTOVER = re.compile(
    r" ?(?:[,&+/–-]|va|den|toi|hoac) ?(?:\d{1,2}|[ivl]{1,3})(?= ?(?:[,.;/)&+-]|va |$))"
    r"|(?: ?/| ?,? ?nam) ?\d{3,}"  # a year that is none: "31/12/3026"
)
_EVENT_BEFORE = re.compile(
    r"(?<![a-z])truoc (?:ngay|khi|thoi diem|le|dip|hoi nghi|ky hop)(?: [a-z]+){1,12} ?\($"
)
_ONLY_NUMBERS = re.compile(r"[\W_]*(?:(?:\d{1,4}|[ivx]{1,4})[\W_]+)*(?:\d{1,4}|[ivx]{1,4})[\W_]*")


def read_deadline_cell(
    text: str,
    plan_years: PlanYears = None,
    issued_on: date | None = None,
    calendar: Calendar | None = None,
) -> list[Milestone]:
    """The milestones that a deadline cell means, in the order printed (deadlines.md).

    `text` is the cell in any spelling, bullets parted by " / " or lines; `plan_years` the plan's year or first and last
    year, None if unknown; `issued_on` the day of issue; `calendar` counts working days (default: the data's). An empty
    cell has none. Never raises; time is linear in the length of the text.
    """
    years = (plan_years, plan_years) if isinstance(plan_years, int) else plan_years
    context = DeadlineContext(years, issued_on, calendar)
    cell, too_long = cut_cell(text, LONGEST_CELL)
    found: list[Milestone] = []
    left = False
    for clause in cell.clauses:
        read_here = _read_clause(cell, clause, context)
        if not read_here and found and _is_continuation(cell, clause, found[-1]):
            more = cell.readable[clause.start : clause.end].strip(LABEL_CUT)
            found[-1] = found[-1].model_copy(update={"reference": f"{found[-1].reference}; {more}"})
            continue
        if (
            not read_here
            and len(cell.clauses) > 1
            and _ONLY_NUMBERS.fullmatch(cell.folded, clause.start, clause.end)
        ):
            read_here = [
                make_doubtful_milestone(
                    "leftover", None, cell.readable[clause.start : clause.end].strip(LABEL_CUT)
                )
            ]
        found += [milestone for milestone in read_here if milestone not in found[-3:]]
        if len(found) > MOST_MILESTONES:
            return [*found[: MOST_MILESTONES - 1], make_doubtful_milestone("too_many")]
        left = left or bool(cell.folded[clause.start : clause.end].strip(LABEL_CUT))
    if too_long:
        found.append(make_doubtful_milestone("too_long"))
    return found if found or not left else [make_doubtful_milestone("unread")]


def _is_continuation(cell: DeadlineCell, clause: Clause, last: Milestone) -> bool:
    """Whether the clause only names more documents: "theo Điều 5 Nghị định ...; Điều 6 Quyết định ..."."""
    if last.kind != "regulation" or not last.reference or last.doubt or not clause.tokens:
        return False
    begins = not cell.folded[clause.start : clause.tokens[0].start].strip(LABEL_CUT)
    return begins and all(token.kind == "citation" for token in clause.tokens)


def _read_clause(cell: DeadlineCell, clause: Clause, context: DeadlineContext) -> list[Milestone]:
    """The milestones of one clause; none where it says nothing about time."""
    items = read_items(cell.folded, clause.tokens, clause.end)
    if len(items) > MOST_ITEMS:
        return [make_doubtful_milestone("too_many")]
    notes = [
        (bracket, read_items(cell.folded, bracket.tokens, bracket.end))
        for bracket in clause.brackets
    ]
    inner: list[tuple[Clause, list[Item]]] = []
    explained: list[Item] = []
    for bracket, inside in notes:
        if _is_explanation(cell, items, bracket, inside):
            explained += inside
        else:
            inner.append((bracket, inside))
    if _has_deadlines_in_brackets(cell, items, inner):
        items = sorted(
            [*items, *(item for _, inside in inner for item in inside)], key=lambda item: item.start
        )
        inner = []
    for item in explained:
        item.is_explanation = True
    if items and clause.brackets:
        _apply_bracket_remark(items[-1], clause.brackets[0])
    items = sorted([*items, *explained], key=lambda item: item.start)
    if items and not inner and not drop_document_names(cell, clause, items):
        return [make_doubtful_milestone("name_year", None, Labels(cell, clause, []).read_rest())]
    items = arrange_items(cell, clause, items, context)
    if not any(has_own_time(item) for item in items):
        noted = [arrange_items(cell, bracket, inside, context) for bracket, inside in inner]
        dated = [item for found in noted if any(has_own_time(i) for i in found) for item in found]
        if dated:
            _apply_event_preposition(cell, clause, dated)
            kept = [item for item in items if item.kind == "ongoing"]
            items = sorted([*kept, *dated], key=lambda item: item.start)
    elif any(
        item.kind == "time" and item.first_span.unit == "day"
        for _, inside in inner
        for item in inside
    ):
        return [
            add_doubt(milestone, "bracket")
            for milestone in _make_clause_milestones(cell, clause, items, context)
        ]
    return _make_clause_milestones(cell, clause, items, context)


def _has_deadlines_in_brackets(
    cell: DeadlineCell, items: list[Item], inner: list[tuple[Clause, list[Item]]]
) -> bool:
    """Whether brackets hold the deadlines of what stands before each: "quý I (trước 15/3), năm (trước 15/12)"."""
    bounded = [
        bracket
        for bracket, inside in inner
        if any(i.kind == "time" and has_exact_end(i) for i in inside)
    ]
    if len(bounded) > 1 and len(bounded) == len(inner):
        return all(is_bare_period(item) for item in items)
    alone = len(items) == len(bounded) == len(inner) == 1
    return alone and is_bare_period(items[0]) and has_name_before(cell, 0, items[0])


def _apply_event_preposition(cell: DeadlineCell, clause: Clause, items: list[Item]) -> None:
    """ "Trước ngày khai giảng (05/9/2026)": the day of the event is none of its days."""
    first = items[0]
    if (
        first.role is None
        and first.kind == "time"
        and _EVENT_BEFORE.search(cell.folded, clause.start, first.start)
    ):
        first.role = "before"


def _apply_bracket_remark(item: Item, bracket: Clause) -> None:
    """ "Hằng tuần (chiều thứ Sáu)": the weekday of what comes back each week; "10/3 (âm lịch)": no day of ours."""
    if not item.end <= bracket.start < item.end + 3:
        return
    said = [token.kind for token in bracket.tokens]
    if item.kind == "time" and said == ["lunar"]:
        item.kind, item.doubt = "impossible", "festival"
    if item.kind == "every" and item.repeat == Repeat(days=7) and said == ["weekday"]:
        number = bracket.tokens[0].read_number("weekday")
        item.repeat = Repeat(days=7, weekday=6 if number is None else number - 2)


def _make_clause_milestones(
    cell: DeadlineCell, clause: Clause, items: list[Item], context: DeadlineContext
) -> list[Milestone]:
    labels = Labels(cell, clause, [item.start for item in items])
    found: list[Milestone] = []
    for item, following in zip(items, [*items[1:], None], strict=False):
        milestones = list(make_milestones(item, labels, context))
        until = following.start if following else clause.end
        if milestones and item.kind == "time" and _LEFTOVER.match(cell.folded, item.end, until):
            milestones[-1] = add_doubt(milestones[-1], "leftover")
        found += milestones
    return found


def _is_explanation(
    cell: DeadlineCell, items: list[Item], bracket: Clause, inside: list[Item]
) -> bool:
    """Whether a bracket names the day of what comes back before it: "hằng năm (trước ngày 15 tháng 12)"."""
    before = [item for item in items if item.end <= bracket.start]
    if not before or not inside or before[-1].kind not in ("every", "periodic"):
        return False
    near = (
        before[-1].kind == "periodic"
        or BLANKS.fullmatch(cell.folded, before[-1].end, bracket.start) is not None
    )
    alone = len(items) == 1
    return (near or alone) and all(_has_no_year(item) for item in inside)


def _has_no_year(item: Item) -> bool:
    """Whether a time names no year, or only the years in which something comes back ("từ năm 2027")."""
    return item.kind == "time" and (
        not item.first_span.has_year
        or (item.first_span.unit == "year" and item.role in ("from", "to"))
    )
