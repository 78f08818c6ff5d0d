"""Rhythms joined to the times that they repeat: "hằng năm" to "ngày 15/12", "từ năm 2027" to "hằng quý".

Not for which days come of it: that is `deadline_occurrences`.
"""

import re

from language.deadlines.clauses import DeadlineCell
from language.deadlines.items import BLANKS, LIST_GAP, Item, has_gap
from language.deadlines.recurrence import MONTHS_OF_UNIT, Repeat
from language.times.spans import Span

_LEAP_YEAR = 2024
_DAYS_OF_MONTH = 31
_EVERY_GAP = re.compile(r"[ ,/:]*(?:\([^()]{0,80}\))?[ ,/:]*(?:vao|bao cao|gui|va|\()?[ ,/]*")


def join_years(cell: DeadlineCell, items: list[Item]) -> list[Item]:
    """ "hằng năm 2027 - 2030", "hằng quý từ năm 2026", "hằng tuần từ tháng 3": when something comes back put to it."""
    kept: list[Item] = []
    waiting: Item | None = None
    for item in items:
        last = kept[-1] if kept else None
        bound = (
            item.kind == "time"
            and item.first_span.unit == "year"
            and item.first_span.has_year
            and not item.repeat
        )
        if bound and last and last.kind == "every" and has_gap(cell, last, item, _EVERY_GAP):
            last.years, last.end = _read_years(item), max(last.end, item.end)
        elif last and _is_bound_of(cell, last, item):
            last.within, last.end = _read_bounds(item), max(last.end, item.end)
        elif bound and item.role in ("from", "to"):
            waiting = item
            kept.append(item)
        else:
            if waiting and item.kind == "every" and kept[-1] is waiting:
                kept.pop()
                item.years, item.start = _read_years(waiting), waiting.start
            waiting = None
            if last and last.role == "from" and _is_bound_of(cell, item, last, ahead=True):
                kept.pop()  # "Từ tháng 3/2026, hằng tháng"
                item.within, item.start = _read_bounds(last), last.start
            kept.append(item)
    return kept


def _is_bound_of(cell: DeadlineCell, every: Item, time: Item, *, ahead: bool = False) -> bool:
    """Whether `time` says between which months or days the finer rhythm of `every` comes back."""
    repeat = every.repeat
    fine = (
        every.kind == "every"
        and repeat is not None
        and (repeat.days > 0 or repeat.months < MONTHS_OF_UNIT["year"])
    )
    if (
        not fine
        or time.kind != "time"
        or not time.first_span.has_month
        or time.repeat
        or time.references
        or time.at
    ):
        return False
    if time.role == "from":
        return has_gap(cell, *((time, every) if ahead else (every, time)), _EVERY_GAP)
    wide = time.first_span.unit != "day" and (
        time.role == "to" or (time.role == "in" and _is_longer(time, every))
    )
    return wide and has_gap(cell, every, time, BLANKS)


def _is_longer(time: Item, every: Item) -> bool:
    """Whether the time is longer than the step of the rhythm: a month for a week, a quarter for a month."""
    days = time.first_span.find_days(_LEAP_YEAR)
    step = every.repeat.days or _DAYS_OF_MONTH * every.repeat.months if every.repeat else 0
    return days is not None and (days[1] - days[0]).days > step


def _read_bounds(item: Item) -> tuple[Span | None, Span | None]:
    if item.role == "from" and not item.until:
        return item.first_span, None
    return (None if item.role == "to" else item.first_span), item.until or item.spans[-1]


def _read_years(item: Item) -> tuple[int | None, int | None]:
    first, last = item.first_span.first_year, (item.until or item.spans[-1]).last_year
    if item.role == "from" and not item.until:
        return first, None
    return (None, last) if item.role == "to" else (first, last)


def join_repeats(cell: DeadlineCell, items: list[Item]) -> list[Item]:
    """ "hằng năm", "hằng tháng" joined to the day or month that it repeats, and to the days listed with it."""
    taken: set[int] = set()
    repeated = [
        i for kind in ("every", "periodic") for i, item in enumerate(items) if item.kind == kind
    ]
    following = _find_next_times(items)
    for index in repeated:
        item = items[index]
        behind = _find_times_before(cell, items, index)
        ahead = [i for i in following[index] if items[i].repeat is None]
        targets = behind if behind and _may_repeat(item, items[behind[0]]) else []
        if not targets and ahead and _has_nearer_repeats(cell, items, index, ahead[0]):
            continue
        if not targets and ahead and not _has_own_repeat(cell, items, ahead[0]):
            days = [ahead[0], *_find_times_after(cell, items, ahead[0])]
            targets = (
                days
                if _may_repeat(item, items[ahead[0]])
                or _has_all_quarter_days(item, [items[i] for i in days])
                else []
            )
        for target in targets:
            items[target].repeat = item.repeat or Repeat(months=12)
            items[target].at = items[target].at or item.at
            items[target].years, items[target].within = item.years, item.within
        if not targets and _is_repeat_again(cell, items, index):
            items[index - 1].end = item.end
            taken.add(index)
        if targets:
            items[min(targets)].start = min(items[min(targets)].start, item.start)
            last = items[max(targets)]
            if (
                cell.folded.find("(", last.end, item.end) < 0
            ):  # a bracket between is its label, still to be read
                last.end = max(last.end, item.end)
            taken.add(index)
            taken |= _find_listed_repeats(cell, items, index)
    return [item for index, item in enumerate(items) if index not in taken]


def _has_nearer_repeats(cell: DeadlineCell, items: list[Item], index: int, time: int) -> bool:
    """ "Định kỳ 6 tháng, hằng năm trước ngày 15/11": of fewer days than rhythms the nearest rhythms take them."""
    between = range(index + 1, time)
    if not between or not items[time].first_span.has_month or items[time].references:
        return False
    listed = all(
        items[i].kind == "every" and _is_adjoining(cell, items[i - 1], items[i]) for i in between
    )
    days = 1 + len(_find_times_after(cell, items, time))
    return listed and days <= len(between) and _may_repeat(items[between[-1]], items[time])


def _find_listed_repeats(cell: DeadlineCell, items: list[Item], index: int) -> set[int]:
    """ "Định kỳ 6 tháng, hằng năm (trước ngày 15/6 và 15/12)": the rhythms listed behind one that has found its days.

    A day without a month ("hằng tháng, hằng quý, trước ngày 20") is that of each rhythm.
    """
    at = index + 1
    while (
        at < len(items)
        and items[at].kind == "every"
        and _is_adjoining(cell, items[at - 1], items[at])
    ):
        at += 1
    found = set(range(index + 1, at))
    time = items[at] if found and at < len(items) else None
    if time is None or time.repeat is None:
        return set()
    if not time.first_span.has_month and not time.references:
        rhythms = [items[i] for i in (index, *sorted(found))]
        named = {months: unit for unit, months in MONTHS_OF_UNIT.items()}
        units = [(named.get(r.repeat.months if r.repeat else 0), r.start, r.end) for r in rhythms]
        time.units = [(unit, start, end) for unit, start, end in units if unit]
        return found
    return (
        found if time.references or len(_find_times_after(cell, items, at)) >= len(found) else set()
    )


def _is_adjoining(cell: DeadlineCell, left: Item, right: Item) -> bool:
    return right.start <= left.end or has_gap(cell, left, right, LIST_GAP)


def _is_repeat_again(cell: DeadlineCell, items: list[Item], index: int) -> bool:
    """Whether an "hằng năm" only says again of the times before it that they come back."""
    before = items[index - 1] if index else None
    if before is None or before.kind != "time" or before.repeat is None:
        return False
    return has_gap(cell, before, items[index], _EVERY_GAP)


def _find_next_times(items: list[Item]) -> list[list[int]]:
    """For each item the index of the next time behind it, in a list; empty where there is none."""
    found: list[list[int]] = [[] for _ in items]
    following: list[int] = []
    for index in range(len(items) - 1, -1, -1):
        found[index] = following
        following = [index] if items[index].kind == "time" else following
    return found


def _find_times_before(cell: DeadlineCell, items: list[Item], index: int) -> list[int]:
    """The times right before `index`, and those listed before them, nearest first."""
    found: list[int] = []
    at, following = index - 1, items[index]
    pattern = _EVERY_GAP
    while (
        at >= 0
        and items[at].kind == "time"
        and items[at].repeat is None
        and has_gap(cell, items[at], following, pattern)
    ):
        found.append(at)
        following, pattern, at = items[at], LIST_GAP, at - 1
    return found


def _find_times_after(cell: DeadlineCell, items: list[Item], index: int) -> list[int]:
    found: list[int] = []
    while (
        index + 1 < len(items)
        and items[index + 1].kind == "time"
        and has_gap(cell, items[index], items[index + 1], LIST_GAP)
    ):
        index += 1
        found.append(index)
    return found


def _has_own_repeat(cell: DeadlineCell, items: list[Item], index: int) -> bool:
    """Whether the time is followed by a repetition of its own: "định kỳ hằng quý, và ngày 15/12 hằng năm"."""
    if (
        index + 1 >= len(items)
        or items[index + 1].kind != "every"
        or not items[index].first_span.has_month
    ):
        return False
    every, following = items[index + 1], items[index + 2] if index + 2 < len(items) else None
    if following and _may_repeat(every, following) and has_gap(cell, every, following, _EVERY_GAP):
        # "6 tháng trước 15/6, hằng năm trước 15/12": behind a comma its day is still to come
        return has_gap(cell, items[index], every, BLANKS)
    return has_gap(cell, items[index], every, _EVERY_GAP)


def _has_all_quarter_days(every: Item, times: list[Item]) -> bool:
    """Whether the days of a year's quarters are named: "hằng quý, trước ngày 15/3, 15/6, 15/9, 15/12"."""
    months = every.repeat.months if every.repeat else 0
    named = [
        t
        for t in times
        if t.first_span.unit == "day"
        and t.first_span.has_month
        and not t.first_span.has_year
        and not t.until
    ]
    return months == MONTHS_OF_UNIT["quarter"] and len(named) == len(times) > 1


def _may_repeat(every: Item, time: Item) -> bool:
    """Whether `every` can repeat `time`: a year a month or day of it, a month or quarter a day of a month."""
    if time.kind != "time" or time.first_span.has_year or (time.until and time.until.has_year):
        return False
    if every.kind == "periodic":
        return time.first_span.unit != "year"
    months = every.repeat.months if every.repeat else 0
    if time.first_span.unit == "year":
        return False
    if time.first_span.has_month or any(ref.form["unit"] == "year" for ref in time.references):
        return (
            months == 12
            or (months == 6 and time.first_span.unit == "day")
            or (months in (3, 6) and time.is_explanation)
        )
    if time.is_period_end:
        return months in (1, 3, 6, 12)
    if time.references:
        return any(
            months == MONTHS_OF_UNIT[ref.form["unit"]]
            for ref in time.references
            if ref.form["unit"] != "year"
        )
    return months in (1, 3, 6)
