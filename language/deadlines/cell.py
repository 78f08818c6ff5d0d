"""Read a deadline cell: its clauses, their items and brackets, its milestones.

Not for cutting cells (`clauses`) nor for what an item means (`meaning`).
"""

import re
from dataclasses import replace
from datetime import date, timedelta
from functools import cache

from language.deadlines.arrangement import arrange_items, has_own_time
from language.deadlines.clauses import Clause, DeadlineCell, cut_cell, find_bracket
from language.deadlines.context import (
    DeadlineContext,
    add_doubt,
    get_doubt_text,
    make_doubtful_milestone,
)
from language.deadlines.item_reader import read_items
from language.deadlines.item_reader.phrases import mark_lunar_days
from language.deadlines.items import BLANKS, MOST_ITEMS, Item
from language.deadlines.labels import LABEL_CUT, Labels
from language.deadlines.meaning import make_milestones
from language.deadlines.recurrence import Repeat
from language.deadlines.report_names import (
    drop_document_names,
    has_exact_end,
    has_name_before,
    is_bare_period,
    name_quarters,
)
from language.deadlines.weekdays import find_contradicted_days
from language.milestones import Milestone
from language.text import fold
from language.times.calendars import Calendar
from language.times.grammar import join_words, load_words
from language.times.periods import MONTHS_OF_UNIT, PlanYears
from language.times.spans import format_hour, read_spans, read_weekday

MOST_MILESTONES = 500  # of one cell (docs/dev/plan-format.md)
_SERIAL_DAY = re.compile(r"\s*(?:[45]\d{4}|60000)(?:\.\d{1,12})?\s*", re.ASCII)
_FIRST_SERIAL_DAY = date(1899, 12, 30)  # day 0 of spreadsheets
_SAME_EVENT = 25  # characters by which an event is known again
LONGEST_CELL = 10_000  # characters; what is longer is no deadline cell
# A number of a list that no form took ("Tháng 6, 9 hoặc 12"), or a year that is none ("3026").
_LEFTOVER = re.compile(
    r" ?(?:[,&+/–-]|va|den|toi|hoac) ?(?:\d{1,2}|[ivl]{1,3})(?= ?(?:[,.;/)&+-]|va |$))"
    r"|(?: ?/| ?,? ?nam) ?\d{3,}"
)
_ONLY_NUMBERS = re.compile(r"[\W_]*(?:(?:\d{1,4}|[ivx]{1,4})[\W_]+)*(?:\d{1,4}|[ivx]{1,4})[\W_]*")

_OR = re.compile(r"\(? ?hoac ")
_OPEN_ENDS = ("demand",)
_OF_WEEK = frozenset({"weekday", "preposition", "hour"})
_Bracket = tuple[Clause, list[Item]]


@cache
def _load_event_pattern() -> re.Pattern[str]:
    """Return what finds an event whose day stands in a bracket: "trước ngày khai giảng (5/9)"."""
    moments = join_words("words", "moments")
    return re.compile(rf"(?<![a-z])truoc (?:{moments})(?: [a-z0-9]+){{1,12}} ?\($")


def read_deadline_cell(
    text: str,
    plan_years: PlanYears = None,
    issued_on: date | None = None,
    calendar: Calendar | None = None,
) -> list[Milestone]:
    """Return the milestones that a deadline cell means, in the order printed. Never raises.

    `text` is the cell in any spelling, its bullets parted by " / " or lines; `plan_years` the
    plan's year or its first and last one, None if unknown; `issued_on` the day of issue; `calendar`
    counts working days (default: that of the data). An empty cell has no milestones. The time is
    linear in the length of the text. The rules are those of docs/dev/deadlines.md.
    """
    years = (plan_years, plan_years) if isinstance(plan_years, int) else plan_years
    context = DeadlineContext(years, issued_on, calendar)
    if _SERIAL_DAY.fullmatch(text):
        return [_read_serial_day(text)]
    cell, too_long = cut_cell(text, LONGEST_CELL)
    found: list[Milestone] = []
    for clause in cell.clauses:
        last = found[-1] if found else None
        milestones = _read_clause(cell, clause, context)
        milestones = _doubt_weekdays(milestones, cell, clause, context)
        if not milestones and last and _is_continuation(cell, clause, last):
            reference = f"{last.reference}; {_cut_words(cell, clause)}"
            found[-1] = last.model_copy(update={"reference": reference})
            continue
        if not milestones and len(cell.clauses) > 1 and _is_only_numbers(cell, clause):
            milestones = [make_doubtful_milestone("leftover", None, _cut_words(cell, clause))]
        if last and milestones and _is_restated(cell, clause, last, milestones[0]):
            found.pop()
        found += [milestone for milestone in milestones if milestone not in found[-3:]]
        if len(found) > MOST_MILESTONES:
            return [*found[: MOST_MILESTONES - 1], make_doubtful_milestone("too_many")]
    if too_long:
        found.append(make_doubtful_milestone("too_long"))
    if not found and cell.folded.strip(LABEL_CUT):
        return [make_doubtful_milestone("unread")]
    return found


def _cut_words(cell: DeadlineCell, clause: Clause) -> str:
    return cell.readable[clause.start : clause.end].strip(LABEL_CUT)


def _doubt_weekdays(
    milestones: list[Milestone], cell: DeadlineCell, clause: Clause, context: DeadlineContext
) -> list[Milestone]:
    """Return the milestones, those with a day doubted that its weekday contradicts."""
    days = find_contradicted_days(cell, clause, context.only_year)
    if not days:
        return milestones
    return [
        add_doubt(one, "weekday") if days & {one.printed_day, one.last_day, one.first_day} else one
        for one in milestones
    ]


def _read_serial_day(text: str) -> Milestone:
    """Return the day of a bare number that a spreadsheet shows for one, to be looked at."""
    day = _FIRST_SERIAL_DAY + timedelta(days=int(float(text)))
    doubt = get_doubt_text("serial")
    return Milestone(kind="date", last_day=day, printed_day=day, doubt=doubt)


def _is_restated(cell: DeadlineCell, clause: Clause, last: Milestone, first: Milestone) -> bool:
    """Return whether a clause says more exactly what the one before it said.

    "Định kỳ quý. Hạn nộp: ngày 15 tháng đầu quý sau"; "Sau khi X ký. Trong 6 tháng sau khi X".
    """
    if first.kind == "relative" and last.doubt == get_doubt_text("no_count"):
        return bool(first.after and fold(first.after)[:_SAME_EVENT] in fold(last.reference or ""))
    if not first.kind == last.kind == "recurring" or first.every != last.every or last.what:
        return False
    words = fold(_cut_words(cell, clause))
    again = words.startswith(tuple(f"{w} " for w in load_words("words", "loose_prepositions")))
    return again and _ends_with_periods(last)


def _ends_with_periods(repeat: Milestone) -> bool:
    """Return whether each day of a repeat is the last of its period: as if no day is named."""
    months = MONTHS_OF_UNIT.get(repeat.every or "")
    next_days = [day + timedelta(days=1) for day in repeat.last_days or ()]
    if months is None:
        return repeat.every != "week" or all(day.weekday() == 0 for day in next_days)
    return all(day.day == 1 and (day.month - 1) % months == 0 for day in next_days)


def _is_only_numbers(cell: DeadlineCell, clause: Clause) -> bool:
    return _ONLY_NUMBERS.fullmatch(cell.folded, clause.start, clause.end) is not None


def _is_continuation(cell: DeadlineCell, clause: Clause, last: Milestone) -> bool:
    """Return whether a clause only names more documents: "theo Điều 5 ...; Điều 6 Quyết định"."""
    if last.kind != "regulation" or not last.reference or last.doubt or not clause.tokens:
        return False
    begins = not cell.folded[clause.start : clause.tokens[0].start].strip(LABEL_CUT)
    return begins and all(token.kind == "citation" for token in clause.tokens)


def _read_clause(cell: DeadlineCell, clause: Clause, context: DeadlineContext) -> list[Milestone]:
    """Return the milestones of one clause; none if it says nothing about time."""
    if not clause.tokens and not clause.brackets:
        return []
    items = read_items(cell.folded, clause.tokens, clause.end)
    if len(items) > MOST_ITEMS:
        return [make_doubtful_milestone("too_many")]
    brackets: list[_Bracket] = []
    if clause.brackets:
        items, brackets = _sort_brackets(cell, clause, items)
    dated = drop_document_names(cell, clause, items)
    if items and not dated and not brackets:
        rest = Labels(cell, clause, []).read_rest()
        return [make_doubtful_milestone("name_year", None, rest)]
    items = arrange_items(cell, clause, dated)
    if not brackets:
        return _make_clause_milestones(cell, clause, items, context)
    if not any(has_own_time(item) for item in items):
        items = _take_bracket_times(cell, clause, items, brackets)
        return _make_clause_milestones(cell, clause, items, context)
    vague = all(item.kind in ("impossible", "periodic") for item in items)
    others = [bracket for bracket in brackets if not _is_alternative(cell, bracket, vague)]
    planned = all(_is_day(item) for item in items if item.kind == "time")
    doubtful = [b for b in brackets if b in others or not (planned and _is_latest_day(cell, b))]
    items = _add_alternatives(cell, items, [b for b in brackets if b not in others])
    milestones = _make_clause_milestones(cell, clause, items, context)
    if any(_is_day(item) for _, inside in doubtful for item in inside):
        return [add_doubt(milestone, "bracket") for milestone in milestones]
    return milestones


def _add_alternatives(
    cell: DeadlineCell, items: list[Item], brackets: list[_Bracket]
) -> list[Item]:
    """Return the items with those of brackets that say another deadline."""
    more: list[Item] = []
    for bracket, inside in brackets:
        arranged = _arrange_bracket(cell, bracket, inside)
        times = [item for item in arranged if item.kind == "time"]
        more += times or [i for i in arranged if has_own_time(i) or i.kind in _OPEN_ENDS]
    return _sort_items([*items, *more])


def _arrange_bracket(cell: DeadlineCell, bracket: Clause, inside: list[Item]) -> list[Item]:
    return arrange_items(cell, bracket, drop_document_names(cell, bracket, inside))


def _is_latest_day(cell: DeadlineCell, bracket: _Bracket) -> bool:
    """Return whether a bracket adds a day without a doubt: "dự kiến X (chậm nhất Y)"."""
    clause, inside = bracket
    return bool(_OR.match(cell.folded, clause.start)) or inside[0].role == "by"


def _is_alternative(cell: DeadlineCell, bracket: _Bracket, vague: bool) -> bool:
    """Return whether a bracket says more: "(hoặc khi có yêu cầu)", "(chậm nhất ngày 10/12)".

    `vague`: nothing outside of it is a day.
    """
    clause, inside = bracket
    if _OR.match(cell.folded, clause.start):
        return True
    if not inside or inside[0].kind != "time":
        return False
    return vague or inside[0].role in ("by", "before", "to")


def _is_day(item: Item) -> bool:
    return item.kind == "time" and item.first_span.unit == "day"


def _sort_brackets(
    cell: DeadlineCell, clause: Clause, items: list[Item]
) -> tuple[list[Item], list[_Bracket]]:
    """Return the items with those of brackets that belong to them, and the other brackets.

    What a bracket says of the item before it is noted in that item.
    """
    brackets: list[_Bracket] = []
    explanations: list[Item] = []
    for bracket in clause.brackets:
        inside = read_items(cell.folded, bracket.tokens, bracket.end)
        if _is_explanation(cell, items, bracket, inside):
            explanations += inside
        else:
            brackets.append((bracket, inside))
    if _has_deadlines_in_brackets(cell, items, brackets):
        items = _sort_items([*items, *(item for _, inside in brackets for item in inside)])
        brackets = []
    for item in explanations:
        item.is_explanation = True
    items = [*items, *_apply_remarks(cell, clause, items)]
    return _sort_items([*items, *explanations]), brackets


def _sort_items(items: list[Item]) -> list[Item]:
    return sorted(items, key=lambda item: item.start)


def _take_bracket_times(
    cell: DeadlineCell, clause: Clause, items: list[Item], brackets: list[_Bracket]
) -> list[Item]:
    """Return the items of the brackets for a clause without a time of its own."""
    inner = [_arrange_bracket(cell, bracket, inside) for bracket, inside in brackets]
    timed = [item for inside in inner if any(map(has_own_time, inside)) for item in inside]
    if not timed:
        return items
    first = timed[0]
    alone = first.role is None and first.kind == "time"
    if alone and _load_event_pattern().search(cell.folded, clause.start, first.start):
        first.role = "before"  # the day of the event is none of its days
    return _sort_items([*(item for item in items if item.kind == "ongoing"), *timed])


def _has_deadlines_in_brackets(
    cell: DeadlineCell, items: list[Item], brackets: list[_Bracket]
) -> bool:
    """Return whether each bracket has the deadline of the period before it.

    "Quý I (trước 15/3), năm (trước 15/12)" are two days.
    """
    names = ("every", "periodic", "demand", "regulation")
    for _, inside in brackets:
        if not any(item.kind == "time" and has_exact_end(item) for item in inside):
            return False
    match items, brackets:
        case [item], [_]:
            return is_bare_period(item) and has_name_before(cell, 0, item)
        case _:
            several = len(brackets) > 1
            return several and all(is_bare_period(item) or item.kind in names for item in items)


def _apply_remarks(cell: DeadlineCell, clause: Clause, items: list[Item]) -> list[Item]:
    """Apply what brackets say of the items right before them; return an item for each weekday more.

    They say weekdays ("hằng tuần (thứ Sáu)"), hours ("ngày 20/3 (8h)"), the calendar ("10/3 (âm
    lịch)") or quarters ("tháng cuối quý (quý I, II)"); a count back from a day is a doubt.
    """
    more: list[Item] = []
    read: list[Item] = []
    by_start = clause.sort_brackets()
    for item in items:
        read.append(item)
        bracket = find_bracket(by_start, cell.folded, item.end)
        if bracket is None or not bracket.tokens:
            continue
        if item.kind == "time":
            _apply_day_remark(cell, read, bracket)
        elif item.repeat == Repeat(days=7):
            more += _apply_weekdays(cell, item, bracket)
    return more


def _apply_day_remark(cell: DeadlineCell, read: list[Item], bracket: Clause) -> None:
    """Apply what a bracket says of the last of the items read so far, a time."""
    item = read[-1]
    kinds = {token.kind for token in bracket.tokens}
    if kinds == {"lunar"}:
        mark_lunar_days(cell.folded, read)
    elif kinds <= {"quarter", "quarter-span"}:
        name_quarters(item, [span for one in bracket.tokens for span in read_spans(one) or []])
    elif kinds <= {"hour", "preposition"}:
        item.at = item.at or _find_hour(bracket)
    elif kinds == {"duration"} and item.role == "before":
        least = load_words("words", "at_least")
        if cell.folded.startswith(least, bracket.start + len("(")):
            item.doubt = item.doubt or "bracket"  # "trước ngày 15/6 (ít nhất 10 ngày)"


def _apply_weekdays(cell: DeadlineCell, item: Item, bracket: Clause) -> list[Item]:
    """Apply the weekday of "hằng tuần (thứ Sáu)"; return an item for each further one."""
    weekdays = [read_weekday(token) for token in bracket.tokens if token.kind == "weekday"]
    if not weekdays or any(token.kind not in _OF_WEEK for token in bracket.tokens):
        return []
    roles = {token.form["role"] for token in bracket.tokens if token.kind == "preposition"}
    item.role = "before" if "before" in roles else item.role
    item.at = _find_hour(bracket) or item.at
    weekdays = weekdays[-1:] if "to" in roles else weekdays  # "(từ thứ Hai đến thứ Sáu)"
    first, *others = [Repeat(days=7, weekday=weekday) for weekday in weekdays]
    if others and "hoac" in cell.folded[bracket.start : bracket.end]:
        item.repeat, item.doubt = others.pop(), "either"  # the later one bounds
        return []
    item.repeat = first
    return [replace(item, repeat=repeat) for repeat in others]


def _find_hour(bracket: Clause) -> str | None:
    """Return the first hour of a bracket."""
    hours = (format_hour(token) for token in bracket.tokens if token.kind == "hour")
    return next(hours, None)


def _make_clause_milestones(
    cell: DeadlineCell, clause: Clause, items: list[Item], context: DeadlineContext
) -> list[Milestone]:
    labels = Labels(cell, clause, [item.start for item in items])
    found: list[Milestone] = []
    for item, following in zip(items, [*items[1:], None], strict=False):
        milestones = list(make_milestones(item, labels, context))
        until = following.start if following else clause.end
        if milestones and item.kind == "time" and _LEFTOVER.match(cell.folded, item.end, until):
            milestones.append(add_doubt(milestones.pop(), "leftover"))
        found += milestones
    return found


def _is_explanation(
    cell: DeadlineCell, items: list[Item], bracket: Clause, inside: list[Item]
) -> bool:
    """Return whether a bracket names the day of what comes back: "hằng năm (trước ngày 15/12)"."""
    before = [item for item in items if item.end <= bracket.start]
    last = before[-1] if before else None
    if last is None or not inside or last.kind not in ("every", "periodic"):
        return False
    near = BLANKS.fullmatch(cell.folded, last.end, bracket.start) is not None
    if not (near or last.kind == "periodic" or len(items) == 1):
        return False
    return all(_has_no_year(item) for item in inside)


def _has_no_year(item: Item) -> bool:
    """Return whether a time has no year, or only those in which it comes back ("từ năm 2027")."""
    if item.kind != "time":
        return False
    years = item.first_span.unit == "year" and item.role in ("from", "to")
    return years or not item.first_span.has_year
