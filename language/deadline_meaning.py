"""The items of a clause made milestones of a plan (deadlines.md): repetition, shared years, labels, meaning.

The public way in is `deadlines`. Not for finding words (`deadline_tokens`) nor for cutting cells (`deadline_clauses`).
"""

import re
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cache
from itertools import pairwise

from language.calendars import Calendar, default_calendar
from language.deadline_clauses import Cell, Clause, cut
from language.deadline_items import MOST_ITEMS, Item, ItemReader, Term
from language.deadline_recurrence import MONTHS, Repeat, guessed_every, last_days, rrule_of
from language.deadline_times import END, Span, add_months
from language.deadline_tokens import fold_for_scan, grammar
from language.milestones import Every, Milestone
from language.text import fold, strip_marks

Years = tuple[int, int] | int | None
MOST_MILESTONES = 500  # of one cell (plan-format.md)
LONGEST_CELL = 10_000  # characters; what is longer is no deadline cell

_JOINED = re.compile(r"[ ,;&+/)]*(?:va|hoac|cung)?[ ,]*")
_AND = re.compile(r"[ ,;)]*(?:va|hoac) *")
_LISTED = re.compile(r" *(?:\([^()]{0,80}\))? *(?:[,;&/]| va| hoac)[ ,;&/]*(?:va |hoac )?(?:cac )?")
_BARE = re.compile(r"[ :]*(?:gui|nop|xong|trinh|hoan thanh|bao cao|la)?[ :]*")
_ABSORBED = re.compile(r" *")
_EVERY_GAP = re.compile(r"[ ,/:]*(?:\([^()]{0,80}\))?[ ,/:]*(?:vao|bao cao|gui|va|\()?[ ,/]*")
_FOR_LABEL = re.compile(
    r"[ ,]*(?:\(? ?(?:doi voi|ap dung (?:cho|voi)|danh cho|cho) |\( ?(?=bao cao |bc |so ket |tong ket "
    r"|(?:0?6 thang|9 thang|thang|quy(?: [iv]+)?|nam)(?: dau nam| cuoi nam)? ?\)))"
)
# A number of a list that no form took ("Tháng 6, 9 hoặc 12"), and a clause that is nothing but such numbers.
_LEFTOVER = re.compile(
    r" ?(?:[,&+/–-]|va|den|toi|hoac) ?(?:\d{1,2}|[ivl]{1,3})(?= ?(?:[,.;/)&+-]|va |$))"
    r"|(?: ?/| ?,? ?nam) ?\d{3,}"  # a year that is none: "31/12/3026"
)
_ONLY_NUMBERS = re.compile(r"[\W_]*(?:(?:\d{1,4}|[ivx]{1,4})[\W_]+)*(?:\d{1,4}|[ivx]{1,4})[\W_]*")
_CLOSED_BRACKET = re.compile(r"\([^()]*\)")
_COLON = re.compile(r" ?:")
_REMARK_BEFORE = re.compile(r" *\([^()]*\)")
_LABEL_CUT = ' \t.,;:-–+*•()/"“”'
_PERIODS = frozenset({"month", "quarter", "half-year", "year", "part"})


@dataclass(frozen=True, slots=True)
class Context:
    """What a cell is read against: the plan's first and last year, its day of issue, the days off."""

    years: tuple[int, int] | None
    issued_on: date | None
    calendar: Calendar | None

    @property
    def only_year(self) -> int | None:
        """The year of a plan of one year."""
        return self.years[0] if self.years and self.years[0] == self.years[1] else None

    def days_off(self) -> Calendar:
        """The calendar that working days are counted by."""
        return self.calendar or default_calendar()


def read(
    text: str, plan_years: Years = None, issued_on: date | None = None, calendar: Calendar | None = None
) -> list[Milestone]:
    """The milestones that a deadline cell means, in the order printed (deadlines.md).

    `text` is the cell in any spelling, bullets parted by " / " or lines; `plan_years` the plan's year or first and last
    year, None if unknown; `issued_on` the day of issue; `calendar` counts working days (default: the data's). An empty
    cell has none. Never raises; time is linear in the length of the text.
    """
    years = (plan_years, plan_years) if isinstance(plan_years, int) else plan_years
    context = Context(years, issued_on, calendar)
    cell, too_long = cut(text, LONGEST_CELL)
    found: list[Milestone] = []
    left = False
    for clause in cell.clauses:
        read_here = _clause(cell, clause, context)
        if not read_here and found and _goes_on(cell, clause, found[-1]):
            more = cell.readable[clause.start : clause.end].strip(_LABEL_CUT)
            found[-1] = found[-1].model_copy(update={"reference": f"{found[-1].reference}; {more}"})
            continue
        if not read_here and len(cell.clauses) > 1 and _ONLY_NUMBERS.fullmatch(cell.folded, clause.start, clause.end):
            read_here = [_doubtful("leftover", None, cell.readable[clause.start : clause.end].strip(_LABEL_CUT))]
        found += [milestone for milestone in read_here if milestone not in found[-3:]]
        if len(found) > MOST_MILESTONES:
            return [*found[: MOST_MILESTONES - 1], _doubtful("too_many")]
        left = left or bool(cell.folded[clause.start : clause.end].strip(_LABEL_CUT))
    if too_long:
        found.append(_doubtful("too_long"))
    return found if found or not left else [_doubtful("unread")]


def _goes_on(cell: Cell, clause: Clause, last: Milestone) -> bool:
    """Whether the clause only names more documents: "theo Điều 5 Nghị định ...; Điều 6 Quyết định ..."."""
    if last.kind != "regulation" or not last.reference or last.doubt or not clause.tokens:
        return False
    begins = not cell.folded[clause.start : clause.tokens[0].start].strip(_LABEL_CUT)
    return begins and all(token.kind == "citation" for token in clause.tokens)


def complete(milestone: Milestone) -> Milestone:
    """`milestone` with what the program works out itself where it is missing (plan-format.md).

    A date's `printed_day` falls back to its last day; a recurring one gets its `rrule`, and `every` where the rhythm of
    its last days is exact.
    """
    changes: dict[str, object] = {}
    if milestone.kind == "date" and milestone.printed_day is None and milestone.last_day:
        changes["printed_day"] = milestone.last_day
    if milestone.kind == "recurring" and milestone.last_days:
        days = sorted(milestone.last_days)
        every = milestone.every or guessed_every(days)
        changes |= {"last_days": tuple(days), "every": every, "rrule": milestone.rrule or rrule_of(days, every)}
    return milestone.model_copy(update=changes) if changes else milestone


def _doubt(key: str) -> str:
    return str(grammar()["doubts"][key])


def _doubtful(key: str, what: str | None = None, reference: str | None = None) -> Milestone:
    return Milestone(what=what, kind="regulation", reference=reference, doubt=_doubt(key))


# ---- a clause --------------------------------------------------------------------------------------------------------


def _clause(cell: Cell, clause: Clause, context: Context) -> list[Milestone]:
    """The milestones of one clause; none where it says nothing about time."""
    items = ItemReader(cell.folded, clause.tokens, clause.end).read()
    if len(items) > MOST_ITEMS:
        return [_doubtful("too_many")]
    notes = [(bracket, ItemReader(cell.folded, bracket.tokens, bracket.end).read()) for bracket in clause.brackets]
    inner: list[tuple[Clause, list[Item]]] = []
    explained: list[Item] = []
    for bracket, inside in notes:
        if _explains(cell, items, bracket, inside):
            explained += inside
        else:
            inner.append((bracket, inside))
    for item in explained:
        item.explains = True
    if items and clause.brackets:
        _take_weekday(items[-1], clause.brackets[0])
    items = sorted([*items, *explained], key=lambda item: item.start)
    if items and not inner and not _without_names(cell, clause, items):
        return [_doubtful("name_year", None, _Labels(cell, clause, []).rest())]
    items = _arranged(cell, clause, items, context)
    if not any(_dated(item) for item in items):
        arranged = [_arranged(cell, bracket, inside, context) for bracket, inside in inner]
        dated = [item for found in arranged if any(_dated(i) for i in found) for item in found]
        if dated:
            kept = [item for item in items if item.kind == "ongoing"]
            items = sorted([*kept, *dated], key=lambda item: item.start)
    elif any(item.kind == "time" and item.span.unit == "day" for _, inside in inner for item in inside):
        return [_with_doubt(milestone, "bracket") for milestone in _said(cell, clause, items, context)]
    return _said(cell, clause, items, context)


def _take_weekday(item: Item, bracket: Clause) -> None:
    """ "Hằng tuần (chiều thứ Sáu)": the weekday of what comes back each week."""
    weekly = item.kind == "every" and item.repeat == Repeat(days=7) and item.end <= bracket.start < item.end + 3
    if weekly and [token.kind for token in bracket.tokens] == ["weekday"]:
        number = bracket.tokens[0].number("weekday")
        item.repeat = Repeat(days=7, weekday=6 if number is None else number - 2)


def _said(cell: Cell, clause: Clause, items: list[Item], context: Context) -> list[Milestone]:
    labels = _Labels(cell, clause, [item.start for item in items])
    found: list[Milestone] = []
    for item, following in zip(items, [*items[1:], None], strict=False):
        milestones = list(_milestones(item, labels, context))
        until = following.start if following else clause.end
        if milestones and item.kind == "time" and _LEFTOVER.match(cell.folded, item.end, until):
            milestones[-1] = _with_doubt(milestones[-1], "leftover")
        found += milestones
    return found


def _with_doubt(milestone: Milestone, key: str) -> Milestone:
    return milestone if milestone.doubt else milestone.model_copy(update={"doubt": _doubt(key)})


def _explains(cell: Cell, items: list[Item], bracket: Clause, inside: list[Item]) -> bool:
    """Whether a bracket names the day of what comes back before it: "hằng năm (trước ngày 15 tháng 12)"."""
    before = [item for item in items if item.end <= bracket.start]
    if not before or not inside or before[-1].kind not in ("every", "periodic"):
        return False
    near = before[-1].kind == "periodic" or _ABSORBED.fullmatch(cell.folded, before[-1].end, bracket.start) is not None
    alone = len(items) == 1
    return (near or alone) and all(_yearless(item) for item in inside)


def _yearless(item: Item) -> bool:
    """Whether a time names no year, or only the years in which something comes back ("từ năm 2027")."""
    return item.kind == "time" and (
        not item.span.has_year or (item.span.unit == "year" and item.role in ("from", "to"))
    )


def _dated(item: Item) -> bool:
    """Whether the item bounds a task in time by itself."""
    if item.kind == "relative" and item.term:
        return item.term.after_end > item.term.after_start or item.term.event is not None
    return item.kind in ("time", "from-now", "every", "impossible")


def _arranged(cell: Cell, clause: Clause, items: list[Item], context: Context) -> list[Item]:
    """The items with years shared, repetition joined to its day, labels and explanations taken out."""
    items = _without_names(cell, clause, items)
    items = _with_repetition(cell, _with_years(cell, items))
    items = _without_named_rhythms(cell, clause, items)
    items = _without_labels(cell, clause, items)
    _share_years(items)
    _share_prepositions(cell, items)
    items = _joined_periods(cell, items)
    items = _absorbed(cell, items)
    return _without_remarks(cell, items)


def _gap(cell: Cell, left: Item, right: Item, pattern: re.Pattern[str]) -> bool:
    return pattern.fullmatch(cell.folded, left.end, max(left.end, right.start)) is not None


@cache
def _name_pattern() -> re.Pattern[str]:
    names = "|".join(strip_marks(name) for name in grammar()["labels"]["names"])
    return re.compile(rf"(?<![a-z])(?:{names})(?![a-z])")


@cache
def _act_pattern() -> re.Pattern[str]:
    acts = grammar()["labels"]["acts"]
    spelt = sorted({strip_marks(act) for act in acts} | {fold_for_scan(act)[1] for act in acts})
    return re.compile(rf"(?<![a-z])(?:{'|'.join(spelt)})(?![a-z])")


def _without_names(cell: Cell, clause: Clause, items: list[Item]) -> list[Item]:
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


# ---- repetition ------------------------------------------------------------------------------------------------------


def _with_years(cell: Cell, items: list[Item]) -> list[Item]:
    """ "hằng năm 2027 - 2030", "hằng quý từ năm 2026": the years in which something comes back put to it."""
    kept: list[Item] = []
    waiting: Item | None = None
    for item in items:
        last = kept[-1] if kept else None
        bound = item.kind == "time" and item.span.unit == "year" and item.span.has_year and not item.repeat
        if bound and last and last.kind == "every" and _gap(cell, last, item, _EVERY_GAP):
            last.years, last.end = _years_of(item), max(last.end, item.end)
        elif bound and item.role in ("from", "to"):
            waiting = item
            kept.append(item)
        else:
            if waiting and item.kind == "every" and kept[-1] is waiting:
                kept.pop()
                item.years, item.start = _years_of(waiting), waiting.start
            waiting = None
            kept.append(item)
    return kept


def _years_of(item: Item) -> tuple[int | None, int | None]:
    first, last = item.span.first_year, (item.until or item.spans[-1]).last_year
    if item.role == "from" and not item.until:
        return first, None
    return (None, last) if item.role == "to" else (first, last)


def _with_repetition(cell: Cell, items: list[Item]) -> list[Item]:
    """ "hằng năm", "hằng tháng" joined to the day or month that it repeats, and to the days listed with it."""
    taken: set[int] = set()
    repeated = [i for kind in ("every", "periodic") for i, item in enumerate(items) if item.kind == kind]
    following = _next_times(items)
    for index in repeated:
        item = items[index]
        behind = _listed_before(cell, items, index)
        ahead = [i for i in following[index] if items[i].repeat is None]
        targets = behind if behind and _fits(item, items[behind[0]]) else []
        if not targets and ahead and _nearer_rhythms(cell, items, index, ahead[0]):
            continue
        if not targets and ahead and _fits(item, items[ahead[0]]) and not _own_repetition(cell, items, ahead[0]):
            targets = [ahead[0], *_listed_after(cell, items, ahead[0])]
        for target in targets:
            items[target].repeat = item.repeat or Repeat(months=12)
            items[target].at = items[target].at or item.at
            items[target].years = item.years
        if not targets and _repeated_before(cell, items, index):
            items[index - 1].end = item.end
            taken.add(index)
        if targets:
            items[min(targets)].start = min(items[min(targets)].start, item.start)
            last = items[max(targets)]
            if cell.folded.find("(", last.end, item.end) < 0:  # a bracket between is its label, still to be read
                last.end = max(last.end, item.end)
            taken.add(index)
            taken |= _named_with(cell, items, index)
    return [item for index, item in enumerate(items) if index not in taken]


def _nearer_rhythms(cell: Cell, items: list[Item], index: int, time: int) -> bool:
    """ "Định kỳ 6 tháng, hằng năm trước ngày 15/11": of fewer days than rhythms the nearest rhythms take them."""
    between = range(index + 1, time)
    if not between or not items[time].span.has_month or items[time].refs:
        return False
    listed = all(items[i].kind == "every" and _adjoins(cell, items[i - 1], items[i]) for i in between)
    days = 1 + len(_listed_after(cell, items, time))
    return listed and days <= len(between) and _fits(items[between[-1]], items[time])


def _named_with(cell: Cell, items: list[Item], index: int) -> set[int]:
    """ "Định kỳ 6 tháng, hằng năm (trước ngày 15/6 và 15/12)": the rhythms listed behind one that has found its days.

    A day without a month ("hằng tháng, hằng quý, trước ngày 20") is that of each rhythm.
    """
    at = index + 1
    while at < len(items) and items[at].kind == "every" and _adjoins(cell, items[at - 1], items[at]):
        at += 1
    found = set(range(index + 1, at))
    time = items[at] if found and at < len(items) else None
    if time is None or time.repeat is None:
        return set()
    if not time.span.has_month and not time.refs:
        rhythms = [items[i] for i in (index, *sorted(found))]
        named = {months: unit for unit, months in MONTHS.items()}
        units = [(named.get(r.repeat.months if r.repeat else 0), r.start, r.end) for r in rhythms]
        time.units = [(unit, start, end) for unit, start, end in units if unit]
        return found
    return found if time.refs or len(_listed_after(cell, items, at)) >= len(found) else set()


def _adjoins(cell: Cell, left: Item, right: Item) -> bool:
    return right.start <= left.end or _gap(cell, left, right, _LISTED)


def _repeated_before(cell: Cell, items: list[Item], index: int) -> bool:
    """Whether an "hằng năm" only says again of the times before it that they come back."""
    before = items[index - 1] if index else None
    if before is None or before.kind != "time" or before.repeat is None:
        return False
    return _gap(cell, before, items[index], _EVERY_GAP)


def _next_times(items: list[Item]) -> list[list[int]]:
    """For each item the index of the next time behind it, in a list; empty where there is none."""
    found: list[list[int]] = [[] for _ in items]
    following: list[int] = []
    for index in range(len(items) - 1, -1, -1):
        found[index] = following
        following = [index] if items[index].kind == "time" else following
    return found


def _listed_before(cell: Cell, items: list[Item], index: int) -> list[int]:
    """The times right before `index`, and those listed before them, nearest first."""
    found: list[int] = []
    at, following = index - 1, items[index]
    pattern = _EVERY_GAP
    while (
        at >= 0 and items[at].kind == "time" and items[at].repeat is None and _gap(cell, items[at], following, pattern)
    ):
        found.append(at)
        following, pattern, at = items[at], _LISTED, at - 1
    return found


def _listed_after(cell: Cell, items: list[Item], index: int) -> list[int]:
    found: list[int] = []
    while (
        index + 1 < len(items)
        and items[index + 1].kind == "time"
        and _gap(cell, items[index], items[index + 1], _LISTED)
    ):
        index += 1
        found.append(index)
    return found


def _own_repetition(cell: Cell, items: list[Item], index: int) -> bool:
    """Whether the time is followed by a repetition of its own: "định kỳ hằng quý, và ngày 15/12 hằng năm"."""
    if index + 1 >= len(items) or items[index + 1].kind != "every" or not items[index].span.has_month:
        return False
    return _gap(cell, items[index], items[index + 1], _EVERY_GAP)


def _fits(every: Item, time: Item) -> bool:
    """Whether `every` can repeat `time`: a year a month or day of it, a month or quarter a day of a month."""
    if time.kind != "time" or time.span.has_year or (time.until and time.until.has_year):
        return False
    if every.kind == "periodic":
        return time.span.unit != "year"
    months = every.repeat.months if every.repeat else 0
    if time.span.unit == "year":
        return False
    if time.span.has_month or any(ref.form["unit"] == "year" for ref in time.refs):
        return months == 12 or (months == 6 and time.span.unit == "day") or (months in (3, 6) and time.explains)
    if time.period_end:
        return months in (1, 3, 6, 12)
    if time.refs:
        return any(months == MONTHS[ref.form["unit"]] for ref in time.refs if ref.form["unit"] != "year")
    return months in (1, 3, 6)


# ---- labels, lists, years --------------------------------------------------------------------------------------------


def _without_labels(cell: Cell, clause: Clause, items: list[Item]) -> list[Item]:
    """Periods that only say which report is due taken out: "BC quý III trước ngày 15/9"."""
    kept: list[Item] = []
    after = clause.start
    for item, following in zip(items, [*items[1:], None], strict=False):
        if following and _bare_period(item) and following.kind == "time" and _bounded(following):
            before = cell.folded[after : item.start].rstrip()
            named = any(len(before) - match.end() < 14 for match in _name_pattern().finditer(before))
            if named or _gap(cell, item, following, _BARE) or _within(following, item):
                while kept and _bare_period(kept[-1]) and _gap(cell, kept[-1], item, _LISTED):
                    item = kept.pop()  # "Báo cáo quý I, 6 tháng, quý III, năm: trước ngày 15": names, all of them
                continue
        kept.append(item)
        after = item.end
    return kept


def _bare_period(item: Item) -> bool:
    bare = item.kind == "time" and item.role is None and not item.until and not item.repeat
    return bare and item.span.unit in _PERIODS


def _without_named_rhythms(cell: Cell, clause: Clause, items: list[Item]) -> list[Item]:
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
            listed = right.span.unit == left.span.unit and _gap(cell, left, right, _LISTED)
            right.role = left.role if listed else right.role


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
    if not (
        left.kind == right.kind == "time" and left.span.unit in _PERIODS - {"part"} and right.span.unit in _PERIODS
    ):
        return False
    if any(item.until or item.repeat or item.refs or len(item.spans) > 1 for item in (left, right)):
        return False
    if left.role not in (None, "in", "loose") or right.role not in (None, "in", "loose"):
        return False
    if left.span.unit != right.span.unit and "half-year" in (left.span.unit, right.span.unit):
        return False  # "6 tháng, quý III" are two reports
    a, b = left.span.days(2024), right.span.days(2024)
    near = bool(a and b and (a == b or (a[0] < b[0] <= a[1] + timedelta(days=1) and b[1] >= a[1])))
    return near and left.span.has_year == right.span.has_year and _gap(cell, left, right, _JOINED)


def _absorbed(cell: Cell, items: list[Item]) -> list[Item]:
    """ "Thường xuyên trong năm", "thường xuyên hằng năm": one ongoing milestone, with its first day if one is said."""
    kept: list[Item] = []
    for item in items:
        last = kept[-1] if kept else None
        open_ended = last is not None and last.kind == "ongoing" and not last.spans
        if last and open_ended and item.kind in ("time", "every", "from-now"):
            bounds = item.role in ("before", "by", "to") or (item.spans and item.span.unit == "day")
            if not bounds and _gap(cell, last, item, _ABSORBED):
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
        joined = index > 0 and item.kind == "regulation" and _gap(cell, items[index - 1], item, _AND)
        if (
            item.kind in ("regulation", "periodic")
            and (real or (item.kind == "periodic" and len(items) > 1))
            and not joined
        ):
            continue
        if item.kind == "relative" and not _dated(item) and any(other.kind == "time" for other in items):
            continue  # "trong 02 ngày 15-16/12": only says how long
        if item.kind == "demand" and real:
            before = items[index - 1] if index else None
            if before is None or not _gap(cell, before, item, _JOINED):
                continue
        if item.kind in ("regulation", "demand") and kept and kept[-1].kind in ("regulation", "demand"):
            kept[-1].end = item.end
            continue
        kept.append(item)
    return kept


# ---- labels ----------------------------------------------------------------------------------------------------------


class _Labels:
    """What is printed with a milestone ("BC quý III"): the text between the one before and it."""

    def __init__(self, cell: Cell, clause: Clause, starts: list[int]) -> None:
        self._starts = sorted(starts)
        self._opening = [bracket.start for bracket in clause.brackets]
        blanks = _ABSORBED.match(cell.folded, clause.start, clause.end)  # a bullet is blank in the folded text
        self._cell, self._clause, self._after = cell, clause, blanks.end() if blanks else clause.start

    def of(self, item: Item) -> str | None:
        """The label of `item`, which must come behind those asked for before."""
        text = self._cell.readable[self._after : item.start] if item.start > self._after else ""
        self._after = max(self._after, item.end)
        return _trimmed(_behind_remark(text)) or self._behind(item) or self._bracketed(item)

    def rest(self) -> str | None:
        """The text of the clause behind what was asked for, without its bullet."""
        return self._cell.readable[self._after : self._clause.end].strip(_LABEL_CUT) or None

    def _bracket_at(self, end: int) -> Clause | None:
        """The bracket that opens right behind the place `end`."""
        at = bisect_left(self._opening, end)
        return self._clause.brackets[at] if at < len(self._opening) and self._opening[at] < end + 3 else None

    def _bracketed(self, item: Item) -> str | None:
        """ "Tháng 2 (kế hoạch), tháng 12 (báo cáo)": in a list of times a bracket behind one says what it is of."""
        bracket = self._bracket_at(item.end)
        if bracket is None or bracket.tokens or len(self._starts) < 2:
            return None
        self._after = max(self._after, bracket.end)
        return _trimmed(self._cell.readable[bracket.start : bracket.end])

    def text(self, start: int, end: int) -> str | None:
        """The text between two places, trimmed; None if nothing is left."""
        return self._cell.readable[start:end].strip(_LABEL_CUT.replace("(", "").replace(")", "")) or None

    def folded(self, start: int, end: int) -> str:
        """The folded text between two places."""
        return self._cell.folded[start:end]

    def _behind(self, item: Item) -> str | None:
        """ "... đối với báo cáo năm" behind the deadline."""
        found = _FOR_LABEL.match(self._cell.folded, item.end, self._clause.end)
        bracket = self._bracket_at(item.end)
        if not found or (bracket and any(token.kind in ("preposition", "day") for token in bracket.tokens)):
            return None
        opened = "(" in found.group()
        end = self._cell.folded.find(")", found.end(), self._clause.end) if opened else -1
        at = bisect_left(self._starts, found.end())
        following = self._starts[at] if at < len(self._starts) else self._clause.end
        stop = min(end if end >= 0 else self._clause.end, following)
        self._after = stop
        return _trimmed(self._cell.readable[found.end() : stop])


def _behind_remark(text: str) -> str:
    """`text` without the bracket that it begins with: that belongs to the time before."""
    remark = _REMARK_BEFORE.match(text)
    return text[remark.end() :] if remark else text


@cache
def _label_words(key: str) -> tuple[str, ...]:
    return tuple(sorted((fold(word) for word in grammar()["labels"][key]), key=len, reverse=True))


def _trimmed(text: str) -> str | None:
    """A label without bullets, joining words and words that say nothing ("hoàn thành"); None if nothing is left."""
    text = text.strip(_LABEL_CUT)
    changed = True
    while changed and text:
        changed = False
        folded = fold(text)
        if folded in _label_words("empty") or folded.startswith("theo "):
            return None
        for word in _label_words("drop_first"):
            if folded.startswith(word + " "):
                text, changed = text[len(word) :].strip(_LABEL_CUT), True
                break
        for word in _label_words("drop_last"):
            if not changed and folded.endswith(" " + word):
                text, changed = text[: -len(word)].strip(_LABEL_CUT), True
                break
    return f"{text})" if text.count("(") > text.count(")") else text or None


# ---- meaning ---------------------------------------------------------------------------------------------------------


def _milestones(item: Item, labels: _Labels, context: Context) -> Iterator[Milestone]:
    what = labels.of(item)
    if item.kind == "time":
        yield from _of_time(item, what, labels, context)
    elif item.kind == "from-now":
        yield _from_now(item, what, context)
    elif item.kind == "every":
        yield _recurring(item, what, context)
    elif item.kind == "relative" and item.term:
        yield _relative(item.term, what, labels, context)
    elif item.kind == "ongoing":
        first = item.spans[0].days(context.only_year or 0) if item.spans else None
        yield Milestone(what=what, kind="ongoing", first_day=first[0] if first else None)
    elif item.kind == "with":
        yield Milestone(what=what, kind="with", report=labels.text(*_behind_first_words(item, labels)))
    elif item.kind == "impossible":
        yield _doubtful(item.doubt or "impossible", what, labels.text(item.start, item.end))
    elif item.kind == "periodic":
        yield _doubtful("no_step", what)
    else:
        yield Milestone(what=what, kind="regulation", reference=_reference(item, labels))


def _behind_first_words(item: Item, labels: _Labels) -> tuple[int, int]:
    """The host report of "cùng với báo cáo ...": from its own noun on."""
    at = re.search(r"(?:ky )?(?:bao cao|bc)", labels.folded(item.start, item.end))
    return (item.start + at.start() if at else item.start), item.end


def _reference(item: Item, labels: _Labels) -> str | None:
    """ "theo kế hoạch của tỉnh" refers to "kế hoạch của tỉnh"; a bare "theo quy định" to nothing named."""
    text = labels.text(item.start, item.end)
    folded = fold(text or "")
    if text and folded.startswith("theo "):
        text = text[5:]
    return None if fold(text or "") in ("quy dinh", "qui dinh", "") else text


def _of_time(item: Item, what: str | None, labels: _Labels, context: Context) -> Iterator[Milestone]:
    if item.units:
        yield from _of_units(item, what, labels, context)
        return
    for span in item.spans:
        one = item if len(item.spans) == 1 else replace(item, spans=[span])
        if not one.repeat and not (item.until or span).has_month and not one.refs:
            repeat = _report_repeat(what)
            if repeat is None:
                yield _doubtful("day_alone", what, labels.text(item.start, item.end))
                continue
            one.repeat = repeat
            found = _recurring(one, what, context)
            yield (
                found
                if repeat.months == 1 or item.period_end
                else found.model_copy(update={"doubt": _doubt("report_unit")})
            )
        elif _comes_back(one, context):
            yield _recurring(one, what, context)
        else:
            yield from _once(one, what, context)


def _report_repeat(what: str | None) -> Repeat | None:
    """The rhythm that a report's name gives: "Báo cáo tháng: trước ngày 20"."""
    folded = fold(what or "")
    for unit, names in grammar()["labels"]["report_units"].items():
        if any(fold(name) in folded for name in names):
            return Repeat(months=MONTHS[unit])
    return None


def _comes_back(item: Item, context: Context) -> bool:
    """Rule 5: said to come back, of a "năm báo cáo", or without a year in a plan of several years."""
    if item.repeat or item.refs:
        return True
    if item.role == "from" and not item.until:
        return False
    end = item.until or item.span
    return not end.has_year and not item.span.has_year and context.years is not None and context.only_year is None


def _of_units(item: Item, what: str | None, labels: _Labels, context: Context) -> Iterator[Milestone]:
    """ "ngày 20 của tháng/cuối quý báo cáo": a recurring milestone for each unit named."""
    several = len(item.units) > 1
    for unit, start, end in item.units:
        one = replace(item, units=[], repeat=Repeat(months=MONTHS[unit]))
        label = labels.text(start, end) if several else what
        yield _recurring(one, label, context)


def _recurring(item: Item, what: str | None, context: Context) -> Milestone:
    """What comes back, with its last days in the plan's years, those before the day of issue left out."""
    repeat, month, day, shift, before = _occurrence(item)
    years = _bounded_years(item, context)
    doubt = None
    days: list[date] = []
    if years is None:
        doubt = "no_year"
    else:
        every_day = last_days(repeat, years, month=month, day=day, shift=shift, before=before)
        if item.last_working:
            every_day = [context.days_off().working_on_or_before(d) for d in every_day]
        days = [d for d in every_day if not context.issued_on or d >= context.issued_on]
        doubt = ("working_day" if item.last_working else _edge(item)) if days else "past"
    if repeat.days == 7:  # a week may begin in the year before
        days = [d for d in days if years and d.year <= years[1]]
    every: Every | None = repeat.every
    return Milestone(
        what=what,
        kind="recurring",
        every=every,
        last_days=tuple(sorted(days)),
        rrule=rrule_of(sorted(days), every),
        at=item.at,
        doubt=_doubt(doubt) if doubt else None,
    )


@dataclass(frozen=True, slots=True)
class _Refers:
    """What the references of a time add up to: a unit, a month in it, months and years to move on."""

    unit: str | None
    month: int | None
    months: int
    years: int


def _refers(item: Item) -> _Refers:
    unit: str | None = None
    month: int | None = None
    months = years = 0
    for ref in item.refs:
        if ref.form["unit"] == "year":
            years += ref.form.get("shift", 0)
        else:
            months += ref.form.get("shift", 0)
        if unit is None or unit == "year":
            unit, month = ref.form["unit"], ref.form.get("month", month)
    return _Refers(unit, month, months, years)


def _occurrence(item: Item) -> tuple[Repeat, int | None, int, int, bool]:
    """(rhythm, month in it, day, months to move on, whether the day is exclusive) of what comes back."""
    before = (item.until_role if item.until else item.role) == "before" and not item.at
    if item.kind == "every" and item.repeat:
        return item.repeat, None, END, 0, before and item.repeat.days > 0
    refers = _refers(item)
    span = item.until or item.spans[0]
    shift = refers.months + 12 * refers.years
    month, day = (span.first_month, span.first_day) if before else (span.last_month, span.last_day)
    if span.has_month:
        turned = (
            item.until is not None
            and not refers.years
            and not item.begun_before
            and (item.span.first_month or 0) > (span.last_month or 0)
        )
        return Repeat(months=12), month, day, shift + 12 * turned, before
    if refers.unit and (refers.unit != "year" or refers.month):
        return Repeat(months=MONTHS[refers.unit]), refers.month, day, shift, before
    return item.repeat or Repeat(months=12), refers.month, day, shift, before


def _bounded_years(item: Item, context: Context) -> tuple[int, int] | None:
    """The years in which something comes back: those said with it, else the plan's."""
    first, last = item.years
    if context.years is None:
        return (first, last) if first and last else None
    first, last = first or min(context.years[0], last or context.years[0]), last or context.years[1]
    return first, max(first, last)


# ---- once ------------------------------------------------------------------------------------------------------------


def _once(item: Item, what: str | None, context: Context) -> Iterator[Milestone]:
    """A time that comes once: a date, a period, or what begins on a day and goes on."""
    year = context.only_year or (context.years[0] if context.years and item.role == "from" else None)
    if year is None and not (item.span.has_year or (item.until and item.until.has_year)):
        yield _doubtful("no_year", what)
        return
    if item.until:
        yield _range(item, item.until, what, year)
        return
    days = item.span.days(year or 0)
    if days is None:
        yield _doubtful("impossible", what)
        return
    if item.last_working:
        worked = context.days_off().working_on_or_before(days[1])
        days = (worked, worked)
    yield _single(item, days, what)
    if item.onward and item.role != "from":
        yield Milestone(kind="ongoing", first_day=days[1] + timedelta(days=1))


def _single(item: Item, days: tuple[date, date], what: str | None) -> Milestone:
    """One time with its preposition (deadlines.md rules 1 to 3)."""
    first, last = days
    if item.role == "before" and item.span.unit == "part" and item.span.last_day == END and item.span.first_day > 1:
        first = last  # "trước cuối tháng 6" bounds the month, not its last ten days
    named_day = item.span.unit == "day" and first == last
    if item.role == "before":
        end = first if item.at else first - timedelta(days=1)
        printed = first if item.span.unit == "day" else end
        return Milestone(what=what, kind="date", last_day=end, printed_day=printed, at=item.at)
    if item.role == "from":
        return Milestone(what=what, kind="ongoing", first_day=first, at=item.at)
    if item.role == "after":
        return Milestone(what=what, kind="ongoing", first_day=last + timedelta(days=1), doubt=_doubt("after"))
    if named_day or item.role == "to":
        return Milestone(what=what, kind="date", last_day=last, printed_day=last, at=item.at)
    doubt = _doubt(edge) if (edge := _edge(item)) else None
    return Milestone(what=what, kind="period", first_day=first, last_day=last, at=item.at, doubt=doubt)


def _edge(item: Item) -> str | None:
    """The doubt of whole months that stand for "đầu năm", "đầu quý II"."""
    part = item.kind == "time" and item.until is None and item.span.unit == "part"
    return "edge" if part and item.span.first_day == 1 and item.span.last_day == END else None


def _range(item: Item, until: Span, what: str | None, year: int | None) -> Milestone:
    """ "từ ... đến ...": the end that lacks a month or a year takes the other's (rule 5)."""
    begin = item.span if item.span.has_month else item.span.with_month(until.first_month or 0)
    last_year = until.last_year or begin.last_year or year or 0
    first_year = begin.first_year or last_year
    for years in ((first_year, last_year), (first_year, last_year + 1), (first_year - 1, last_year)):
        if (begin.has_year and years[0] != first_year) or (until.has_year and years[1] != last_year):
            continue
        a, b = begin.days(years[0]), until.days(years[1])
        if a and b:
            end = b[0] - timedelta(days=1) if item.until_role == "before" else b[1]
            if a[0] <= end:
                doubt = _doubt("turn") if years != (first_year, last_year) and not until.has_year else None
                return Milestone(what=what, kind="period", first_day=a[0], last_day=end, at=item.at, doubt=doubt)
    return _doubtful("backwards", what)


def _from_now(item: Item, what: str | None, context: Context) -> Milestone:
    """ "từ nay đến ...": from the day of issue; where that is unknown, only the last day is."""
    until = item.until or item.span
    year = context.only_year or (context.issued_on.year if context.issued_on else None)
    days = until.days(year or 0) if year or until.has_year else None
    if days is None:
        return _doubtful("no_year", what)
    last = days[0] - timedelta(days=1) if item.until_role == "before" else days[1]
    if context.issued_on and context.issued_on <= last:
        return Milestone(what=what, kind="period", first_day=context.issued_on, last_day=last)
    return Milestone(what=what, kind="date", last_day=last, printed_day=days[0] if days[0] == days[1] else last)


# ---- counted from an event -------------------------------------------------------------------------------------------

_EVENT_STARTS = ("ngày khi ", "kể từ ngày ", "từ ngày ", "ngày mà ", "so với ngày ", "so với ", "ngày ", "khi ")


@cache
def _event_ends() -> tuple[str, ...]:
    return tuple(f" {words}" for words in grammar()["labels"]["event_last"])


def _relative(term: Term, what: str | None, labels: _Labels, context: Context) -> Milestone:
    """A term (rule 9): calendar days unless working days are said; the day of the event is not counted."""
    after = labels.text(term.after_start, term.after_end) or ""
    for start in _EVENT_STARTS:
        if after.lower().startswith(start):
            after = after[len(start) :]
            break
    after = next((after[: -len(end)] for end in _event_ends() if fold(after).endswith(fold(end))), after).strip()
    event = _event_day(term, after, context)
    return Milestone(
        what=what,
        kind="relative",
        days=term.days,
        months=term.months,
        working_days=term.working,
        after=after or None,
        last_day=_end_of_term(event, term, context) if event else None,
        doubt=None if after else _doubt("no_event"),
    )


@cache
def _issue_events() -> frozenset[str]:
    return frozenset(fold(event) for event in grammar()["issue"]["events"])


def _event_day(term: Term, after: str, context: Context) -> date | None:
    """The day of the event where it is known: printed, or the issue of this very plan."""
    if term.event:
        days = term.event.days(context.only_year or 0) if term.event.has_year or context.only_year else None
        return days[0] if days else None
    return context.issued_on if fold(after) in _issue_events() else None


def _end_of_term(event: date, term: Term, context: Context) -> date | None:
    try:
        if term.months is not None:
            return add_months(event, term.months)
        if term.working:
            return context.days_off().add_working_days(event, term.days or 0)
        return event + timedelta(days=term.days or 0)
    except (OverflowError, ValueError):  # beyond the calendar's last year
        return None
