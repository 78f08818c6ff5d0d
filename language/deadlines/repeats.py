"""Join repeats to the times that they repeat: "hằng năm" to "ngày 15/12", "từ năm 2027" to both.

Not for which days come of it: that is `recurring_milestones`.
"""

import re
from functools import cache
from itertools import takewhile

from language.deadlines.clauses import DeadlineCell
from language.deadlines.items import BLANKS, LIST_GAP, Item, get_item, has_gap
from language.deadlines.recurrence import UNIT_OF_MONTHS, Repeat
from language.times.grammar import join_words
from language.times.periods import MONTHS_OF_UNIT
from language.times.spans import LEAP_YEAR, Span

_DAYS_OF_MONTH = 31
_HALF_YEARLY = Repeat(months=MONTHS_OF_UNIT["half-year"])


@cache
def _load_repeat_gap() -> re.Pattern[str]:
    """Return what may stand between a time and its repeat: "ngày 15, báo cáo hằng tháng"."""
    words = join_words("words", "before_repeat")
    return re.compile(rf"[ ,/:]*(?:\([^()]{{0,80}}\))?[ ,/:]*(?:{words}|\()?[ ,/]*")


def join_years(cell: DeadlineCell, items: list[Item]) -> list[Item]:
    """Give repeats the years or months in which they hold: "hằng năm 2027 - 2030"."""
    left: list[Item] = []
    waiting: Item | None = None
    for item in items:
        last, years = (left[-1] if left else None), _is_years(item)
        if years and last and last.is_every and has_gap(cell, last, item, _load_repeat_gap()):
            last.years, last.end = _read_years(item), max(last.end, item.end)
        elif last and _is_bound_of(cell, last, item):
            last.within, last.end = _read_bounds(item), max(last.end, item.end)
        elif years and item.role in ("from", "to"):
            waiting = item
            left.append(item)
        else:
            if waiting and item.is_every:
                left.pop()
                item.years, item.start = _read_years(waiting), waiting.start
                last = left[-1] if left else None
            waiting = None
            if last and last.role == "from" and _is_bound_of(cell, item, last, ahead=True):
                left.pop()  # "Từ tháng 3/2026, hằng tháng"
                item.within, item.start = _read_bounds(last), last.start
            left.append(item)
    return left


def _is_years(item: Item) -> bool:
    """Return whether the item is named years that nothing repeats."""
    if not item.is_time or item.repeat:
        return False
    return item.first_span.is_year and item.first_span.has_year


def _is_bound_of(cell: DeadlineCell, every: Item, time: Item, *, ahead: bool = False) -> bool:
    """Return whether `time` says between which months or days `every` comes back.

    Only what comes back more often than yearly has such bounds. `ahead`: `time` stands before it.
    """
    repeat = every.repeat if every.is_every else None
    if repeat is None or repeat.months >= MONTHS_OF_UNIT["year"]:
        return False
    if not time.is_time or time.repeat or time.references or time.at:
        return False
    span = time.first_span
    if not span.has_month:
        return False
    if time.role == "from" or cell.folded.startswith("tu ", time.start):  # "từ quý II đến III"
        return has_gap(cell, *((time, every) if ahead else (every, time)), _load_repeat_gap())
    wide = time.role == "to" or (time.role == "in" and _is_longer(span, repeat))
    return wide and not span.is_day and has_gap(cell, every, time, BLANKS)


def _is_longer(span: Span, repeat: Repeat) -> bool:
    """Return whether a span is longer than the step: a month for a week, a quarter for a month."""
    days = span.find_days(LEAP_YEAR)
    step = repeat.days or _DAYS_OF_MONTH * repeat.months
    return days is not None and (days[1] - days[0]).days >= step  # its last day counts, too


def _read_bounds(item: Item) -> tuple[Span | None, Span | None]:
    if item.role == "from" and not item.until:
        return item.first_span, None
    return (None if item.role == "to" else item.first_span), item.last_span


def _read_years(item: Item) -> tuple[int | None, int | None]:
    first, last = item.first_span.first_year, item.last_span.last_year
    if item.role == "from" and not item.until:
        return first, None
    return (None, last) if item.role == "to" else (first, last)


def join_repeats(cell: DeadlineCell, items: list[Item]) -> list[Item]:
    """Join "hằng năm", "hằng tháng" to the day or month that it repeats, and to those listed."""
    used: set[int] = set()
    repeats = [
        i for kind in ("every", "periodic") for i, item in enumerate(items) if item.kind == kind
    ]
    next_times = _find_next_times(items)
    for index in repeats:
        ahead = next_times[index]
        targets = _find_targets_before(cell, items, index)
        if targets and _is_explained(items, index, targets):
            used |= set(targets)  # "Quý I hằng năm (trước ngày 20/3)"
            targets = []
        if not targets and ahead is not None and items[ahead].repeat is None:
            if _has_nearer_repeats(cell, items, index, ahead):
                continue
            targets = _find_targets_ahead(cell, items, index, ahead)
        if targets:
            _set_repeat(cell, items, index, targets)
            used |= {index, *_find_listed_repeats(cell, items, index)}
            used |= _give_years_before(cell, items, targets)
        elif _is_repeat_again(cell, items, index):
            items[index - 1].end = items[index].end
            used.add(index)
    return [item for index, item in enumerate(items) if index not in used]


def _is_explained(items: list[Item], index: int, targets: list[int]) -> bool:
    """Return whether the bracket behind a repeat has the day of the periods before it."""
    day = get_item(items, index + 1)
    if day is None or not day.is_explanation:
        return False
    return not any(items[target].first_span.is_day for target in targets)


def _find_targets_before(cell: DeadlineCell, items: list[Item], index: int) -> list[int]:
    times = _find_times_before(cell, items, index)
    return list(takewhile(lambda at: _may_repeat(items[index], items[at]), times))


def _find_targets_ahead(cell: DeadlineCell, items: list[Item], index: int, ahead: int) -> list[int]:
    if _has_own_repeat(cell, items, ahead):
        return []
    times = [ahead, *_find_times_after(cell, items, ahead)]
    item = items[index]
    if _are_quarter_days(item, [items[at] for at in times]):
        return times
    return list(takewhile(lambda at: _may_repeat(item, items[at]), times))


def _set_repeat(cell: DeadlineCell, items: list[Item], index: int, targets: list[int]) -> None:
    item = items[index]
    for target in targets:
        time = items[target]
        time.repeat = item.repeat or Repeat(months=MONTHS_OF_UNIT["year"])
        time.at = time.at or item.at
        time.years, time.within = item.years, item.within
        time.references = [*time.references, *item.references]
    first, last = items[min(targets)], items[max(targets)]
    first.start = min(first.start, item.start)
    if "(" not in cell.folded[last.end : item.end]:
        last.end = max(last.end, item.end)  # a bracket between is its label, still to be read


def _give_years_before(cell: DeadlineCell, items: list[Item], targets: list[int]) -> set[int]:
    """Give repeated times the years named before them: "từ năm 2027, trước 20/3 hằng năm"."""
    first = min(targets)
    years = get_item(items, first - 1)
    if years is None or not _is_years(years) or years.role not in ("from", "to"):
        return set()
    if not has_gap(cell, years, items[first], LIST_GAP):
        return set()
    for target in targets:
        items[target].years = _read_years(years)
    items[first].start = years.start
    return {first - 1}


def _has_nearer_repeats(cell: DeadlineCell, items: list[Item], index: int, time: int) -> bool:
    """Return whether there are fewer days than repeats: then the nearest repeats take them.

    In "Định kỳ 6 tháng, hằng năm trước ngày 15/11" the day is yearly.
    """
    between = range(index + 1, time)
    if between and _has_day_behind(cell, items, between[-1]):
        return True
    if not between or not items[time].first_span.has_month or items[time].references:
        return False
    nearest = items[between[-1]]
    if nearest.repeat == _HALF_YEARLY and not has_gap(cell, nearest, items[time], BLANKS):
        return False  # "hằng năm, 6 tháng một lần, trước ngày 15/11": one day is of a year
    if not all(_is_listed_repeat(cell, items, i) for i in between):
        return False
    days = 1 + len(_find_times_after(cell, items, time))
    return days <= len(between) and _may_repeat(nearest, items[time])


def _has_day_behind(cell: DeadlineCell, items: list[Item], index: int) -> bool:
    """Return whether a repeat behind other words has its day right behind it.

    "Họp hằng tháng, kiểm tra hằng quý trước ngày 18" names the day of the second.
    """
    every, time = items[index], items[index + 1]
    if not every.is_every or _is_listed_repeat(cell, items, index):
        return False
    return _may_repeat(every, time) and has_gap(cell, every, time, _load_repeat_gap())


def _find_listed_repeats(cell: DeadlineCell, items: list[Item], index: int) -> set[int]:
    """Return the repeats listed behind one that has found its days, if the days are theirs, too.

    "Định kỳ 6 tháng, hằng năm (trước ngày 15/6 và 15/12)". A day without a month ("hằng tháng,
    hằng quý, trước ngày 20") is that of each repeat.
    """
    at = index + 1
    while at < len(items) and _is_listed_repeat(cell, items, at):
        at += 1
    found = set(range(index + 1, at))
    time = get_item(items, at) if found else None
    if time is None or not time.is_time or time.repeat is None:
        return set()
    if not time.first_span.has_month and not time.references:
        repeats = items[index:at]
        units = [(UNIT_OF_MONTHS.get(r.repeat.months), r.start, r.end) for r in repeats if r.repeat]
        time.units = [(unit, start, end) for unit, start, end in units if unit]
        return found
    enough = time.references or len(_find_times_after(cell, items, at)) >= len(found)
    return found if enough else set()


def _is_listed_repeat(cell: DeadlineCell, items: list[Item], index: int) -> bool:
    """Return whether the item is a repeat that adjoins the item before it."""
    left, right = items[index - 1], items[index]
    if not right.is_every:
        return False
    return right.start <= left.end or has_gap(cell, left, right, LIST_GAP)


def _is_repeat_again(cell: DeadlineCell, items: list[Item], index: int) -> bool:
    """Return whether "hằng năm" only says again that the time before it comes back."""
    before = get_item(items, index - 1)
    if before is None or not before.is_time or before.repeat is None:
        return False
    return has_gap(cell, before, items[index], _load_repeat_gap())


def _find_next_times(items: list[Item]) -> list[int | None]:
    """Return for each item the index of the next time behind it."""
    found: list[int | None] = [None] * len(items)
    following: int | None = None
    for index in reversed(range(len(items))):
        found[index] = following
        following = index if items[index].is_time else following
    return found


def _find_times_before(cell: DeadlineCell, items: list[Item], index: int) -> list[int]:
    """Return the times right before `index` and those listed before them, nearest first."""
    found: list[int] = []
    following, pattern = items[index], _load_repeat_gap()
    for at in reversed(range(index)):
        item = items[at]
        if not item.is_time or item.repeat or not has_gap(cell, item, following, pattern):
            break
        if _is_years(item):  # "từ năm 2027, trước ngày 20/3 hằng năm"
            break
        found.append(at)
        following, pattern = item, LIST_GAP
    return found


def _find_times_after(cell: DeadlineCell, items: list[Item], index: int) -> list[int]:
    """Return the times listed right behind `index`."""
    found: list[int] = []
    for at in range(index + 1, len(items)):
        if not items[at].is_time or not has_gap(cell, items[at - 1], items[at], LIST_GAP):
            break
        found.append(at)
    return found


def _has_own_repeat(cell: DeadlineCell, items: list[Item], index: int) -> bool:
    """Return whether a time has a repeat behind it: "hằng quý, và ngày 15/12 hằng năm"."""
    time, every = items[index], get_item(items, index + 1)
    if every is None or not every.is_every or not time.first_span.has_month:
        return False
    following = get_item(items, index + 2)
    fits = following is not None and _may_repeat(every, following)
    if following and fits and has_gap(cell, every, following, _load_repeat_gap()):
        # "6 tháng trước 15/6, hằng năm trước 15/12": behind a comma its day is still to come
        return has_gap(cell, time, every, BLANKS)
    return has_gap(cell, time, every, _load_repeat_gap())


def _are_quarter_days(every: Item, times: list[Item]) -> bool:
    """Return whether times are the days of "hằng quý, trước ngày 15/3, 15/6, 15/9, 15/12"."""
    if every.repeat != Repeat(months=MONTHS_OF_UNIT["quarter"]) or len(times) < 2:
        return False
    return not any(time.until for time in times) and all(
        time.first_span.is_day and time.first_span.has_month and not time.first_span.has_year
        for time in times
    )


def _may_repeat(every: Item, time: Item) -> bool:
    """Return whether `every` can repeat `time`.

    A year repeats a month or a day of it, a month or quarter a day of a month.
    """
    span = time.first_span if time.is_time else None
    if span is None or span.is_year or span.has_year or (time.until and time.until.has_year):
        return False
    if every.repeat is None:  # "định kỳ ngày 15" does not say of which months
        return span.has_month or bool(time.references)
    months, units = every.repeat.months, [ref.form["unit"] for ref in time.references]
    if span.has_month or "year" in units:
        if time.is_explanation:
            return months in (3, 6, 12)
        return months in ((6, 12) if span.is_day else (12,))
    if time.is_period_end:
        return months in UNIT_OF_MONTHS
    if units == ["month"] and time.references[0].form["shift"] > 0:
        return months in (1, 3, 6)  # "hằng quý, ngày 10 của tháng tiếp theo"
    if units:
        return months in [MONTHS_OF_UNIT[unit] for unit in units]
    return months in (1, 3, 6)
