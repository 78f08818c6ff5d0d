"""Read times: days, months, quarters and years, with what belongs to them ("của năm sau")."""

import re
from dataclasses import replace

from language.deadlines.item_reader.reader import CLOSE_GAP, DASH_GAP, NEAR_GAP, ItemReader
from language.deadlines.items import MIDNIGHT, Item
from language.deadlines.recurrence import Repeat
from language.times.periods import END, MONTHS_OF_UNIT
from language.times.scanner import DeadlineToken
from language.times.spans import (
    Span,
    format_hour,
    read_month_number,
    read_months_of_quarters,
    read_spans,
    read_unit,
)

_NUMBERS = re.compile(r"\d+")
_OF_GAP = re.compile(r"[ ,:]*(?:cua )?")
_EVENT_END = re.compile(r"[ ,]*(?:cho )?(?:den|toi)(?: het)? (?:khi|luc|thoi diem) (?!\d)")
_UNITS = re.compile(r"6 thang|06 thang|thang(?! cuoi)|quy|nam")
_TAIL_KINDS = ("ref", "units", "onward", "period-end", "plan-year")
_LONG_PERIODS = ("quarter", "quarter-span", "year")
_YEARS = ("year", "years", "year-list")
_OF_YEARS = re.compile(r" *(?:cua )?")
_RANGES = frozenset(
    {"month-span", "month-pair", "day-span", "day-range", "dom", "quarter-span", "years"}
)
_BOTH_ENDS = frozenset({"thru", "dash", "d2"})  # places of a range that names both of its ends
_ANNIVERSARY = 5  # years
_PLAN_YEAR = Span("year", None, 1, 1, None, 12, END)


def read_time(reader: ItemReader, index: int, token: DeadlineToken) -> int:
    """Read a time with its tail: the months of a day, references, the end of a range."""
    spans = read_spans(token)
    if spans is None or (token.kind == "year" and _is_part_of_number(reader, token)):
        reader.preposition = None
        return index + 1
    start, role = reader.take_start(token)
    if not spans:
        doubt = token.form.get("doubt", "impossible")
        reader.add_item(Item("impossible", start, token.end, role, doubt=doubt))
        return index + 1
    item = reader.add_item(Item("time", start, token.end, role, spans))
    if "unit" in token.values and token.kind == "dom":
        item.units = [(read_unit(token.values["unit"]), token.end, token.end)]
    if token.form.get("first"):
        item.is_start = True
    if token.form.get("working"):
        item.working_ordinal = -1 if token.form.get("last") else token.read_number("n") or 1
    if token.has_other_digits:
        item.doubt = "digits"
    ranged = token.kind in _RANGES and not _BOTH_ENDS.isdisjoint(token.values)
    if role == "from" and len(spans) == 1 and ranged:
        item.role = None
    after = _read_months_of_day(reader, item, index + 1)
    if not item.spans:
        return after  # "ngày 31 tháng cuối quý II"
    after = _read_years_behind(reader, item, _read_tail(reader, item, after))
    if item.role == "from" and not item.until and _EVENT_END.match(reader.folded, item.end):
        item.doubt = "event_end"  # "từ tháng 3 đến khi hoàn thành"
    return after


def _is_part_of_number(reader: ItemReader, token: DeadlineToken) -> bool:
    """Return whether a year belongs to a longer number: "ISO 9001:2015"."""
    return reader.is_behind(token.start, (":", "/", "-", "."))


def _read_months_of_day(reader: ItemReader, item: Item, index: int) -> int:
    """Give days alone the months named right behind them: "ngày 10, 25 các tháng 3, 6, 9"."""
    token, span = reader.get_token(index), item.first_span
    if token is None or span.has_month or not reader.is_near(item.end, token.start, _OF_GAP):
        return index
    numbers, year = _find_months(token, item), token.read_number("y")
    if not numbers:
        return index
    spans = [day.with_month(month) for month in numbers for day in item.spans]
    if year:
        spans = [day.with_year(year) for day in spans]
    item.spans = [span for span in spans if span.is_possible()]
    if item.spans != spans:
        item.kind, item.doubt = "impossible", "impossible"
    item.end = token.end
    return index + 1


def _read_years_behind(reader: ItemReader, item: Item, index: int) -> int:
    """Give a time without a year those named behind it: "trước ngày 10/12 các năm 2026, 2028"."""
    token, span = reader.get_token(index), item.last_span
    if token is None or item.references or span.has_year or not span.has_month:
        return index
    start, after = token.start, index + 1
    if token.kind == "preposition" and token.form["role"] == "in":  # "trong giai đoạn ..."
        token, after = reader.get_token(index + 1), index + 2
    if token is None or token.kind not in _YEARS or not reader.is_near(item.end, start, _OF_YEARS):
        return index
    named = [days for span in read_spans(token) or [] if (days := span.find_days())]
    years = [year for first, last in named for year in range(first.year, last.year + 1)]
    if not years:
        return index  # "các năm 2028-2026"
    if len(named) == 1 and len(years) > 1:
        item.repeat, item.years = Repeat(months=MONTHS_OF_UNIT["year"]), (min(years), max(years))
    elif item.until and len(years) > 1:
        return index
    else:
        item.spans = [span.with_year(year) for year in years for span in item.spans]
        item.until = item.until and item.until.with_year(max(years))
    item.end = token.end
    return after


def _find_months(token: DeadlineToken, item: Item) -> list[int]:
    """Return the months that `token` names for a day alone.

    A quarter or year does so only for its first and last day: "ngày cuối cùng của quý II, quý IV".
    """
    if token.kind in _LONG_PERIODS:
        step = MONTHS_OF_UNIT["year" if token.kind == "year" else "quarter"]
        is_end = item.first_span.last_day == END
        months = [
            month + step - 1 if is_end else month
            for span in read_spans(token) or []
            for month in range(span.first_month or 1, span.last_month or 1, step)
        ]
        return months if is_end or item.is_start else []
    if token.kind == "quarter-month":
        return read_months_of_quarters(token)
    if token.kind == "month":
        return [month] if (month := read_month_number(token)) else []
    if "mlist" in token.values:
        return [int(number) for number in _NUMBERS.findall(token.values["mlist"])]
    return []


def _read_tail(reader: ItemReader, item: Item, index: int) -> int:
    """Read what belongs to a time behind it: "của năm sau", "đến ngày ..."."""
    index = _read_references(reader, item, index)
    behind = _read_range_end(reader, item, index)
    if behind == index:
        return index
    before = {ref.form["unit"] for ref in item.references if ref.form["shift"] < 0}
    item.starts_year_before = "year" in before
    if before - {"year"}:
        item.doubt = "data"  # "từ ngày 15 tháng trước đến ngày 14": what a report covers
    # Their move belongs to the first day, not to the last, and its own month goes before theirs.
    of_first = [replace(ref, form={**ref.form, "shift": 0}) for ref in item.references]
    item.references = []
    behind = _read_references(reader, item, behind)
    item.references += of_first
    return behind


def _read_references(reader: ItemReader, item: Item, index: int) -> int:
    """Read "của năm sau", "của tháng, quý báo cáo", "và các năm tiếp theo" behind a time."""
    while (token := reader.get_token(index)) and token.kind in _TAIL_KINDS:
        if not reader.is_near(item.end, token.start, NEAR_GAP):
            break
        if token.kind == "onward":
            item.onward = True
        elif token.kind == "period-end":
            item.is_period_end, item.period_shift = True, token.form.get("shift", 0)
        elif token.kind == "plan-year":
            item.plan_year = -1 if token.form.get("last") else 0
        elif token.kind == "ref":
            item.references.append(token)
        else:
            words = _UNITS.finditer(reader.folded, token.start, token.end)
            item.units += [(read_unit(word.group()), *word.span()) for word in words]
        item.end = token.end
        index += 1
    return index


def _read_range_end(reader: ItemReader, item: Item, index: int) -> int:
    """Give `item` the other end of its range; return the index behind it, `index` if none is."""
    at, role, end = _skip_prepositions(reader, item.end, index)
    token = reader.get_token(at)
    if item.role == "before" and at == index and reader.is_range(index - 1):
        item.end = reader.tokens[at].end  # "trước dịp lễ 30/4 - 01/5": before its first day
        return at + 1
    if token is None or item.role in ("before", "by", "to"):
        return index
    if at == index:
        joined = DASH_GAP.fullmatch(reader.folded, item.end, token.start) is not None
    else:
        first = reader.tokens[index]
        to = first.form["role"] == "to" or reader.folded[first.start : first.end] == "het"
        joined = to and reader.is_near(end, token.start, CLOSE_GAP)
    spans = read_spans(token) if joined else None
    if not spans:
        return index
    last = spans[-1]
    item.until, item.until_role, item.end, item.at = last, role, token.end, None
    if len(spans) > 1:
        item.doubt = "leftover"  # "tháng 5 - tháng 7, 9"
    if _is_anniversary(item.first_span, last):
        item.spans, item.until = [last], None
    for hour in reader.tokens[index:at]:
        if hour.kind == "hour":  # "từ 7h ngày 15/9 đến 17h ngày 17/9": that of the end bounds
            item.at = format_hour(hour)
            if role == "before" and item.at != MIDNIGHT:
                item.until_role = "to"  # "đến trước 17h ngày 17/9": that day is the last
    return at + 1


def _is_anniversary(first: Span, last: Span) -> bool:
    """Return whether a range is one day years later: "(03/02/1930 - 03/02/2030)"."""
    if first.unit != "day" or not (first.first_year and last.last_year):
        return False
    same = (first.first_month, first.first_day) == (last.last_month, last.last_day)
    return same and last.last_year - first.first_year >= _ANNIVERSARY


def _skip_prepositions(reader: ItemReader, end: int, first: int) -> tuple[int, str | None, int]:
    """Return (index behind the prepositions and hours from `first` on, their role, their end).

    An hour counts only behind a preposition: "đến 17h00 ngày ...".
    """
    index, role = first, None
    while token := reader.get_token(index):
        leads = token.kind == "preposition" or (index > first and token.kind == "hour")
        joined = index == first and DASH_GAP.fullmatch(reader.folded, end, token.start)
        if not (leads and (joined or reader.is_near(end, token.start))):
            break
        role = token.form.get("role", role) if role != "before" else role
        end = token.end
        index += 1
    return index, role, end


def read_from_now(reader: ItemReader, index: int, token: DeadlineToken) -> int:
    """Read "từ nay đến ..."; "từ nay" without an end says nothing."""
    start, _ = reader.take_start(token)
    item = Item("from-now", start, token.end, "from", [_PLAN_YEAR])
    after = _read_range_end(reader, item, index + 1)
    if after > index + 1:
        reader.add_item(item)
    return after


def read_this_year(reader: ItemReader, index: int, token: DeadlineToken) -> int:
    """Read "trong năm", "cả năm"; the latter may also name a report ("báo cáo cả năm")."""
    start, role = reader.take_start(token)
    within = None if reader.folded.startswith("ca", token.start) else "in"
    reader.add_item(Item("time", start, token.end, role or within, [_PLAN_YEAR]))
    return index + 1


def read_bare_reference(reader: ItemReader, index: int, token: DeadlineToken) -> int:
    """Read a reference without a day ("trong tháng cuối quý"); others are words of a label."""
    if _moves_repeat(reader, token):
        return index + 1
    month = token.form.get("month")
    yearly = reader.find_preposition_before(token) and token.form["unit"] == "year"
    start, role = reader.take_start(token)
    if month is not None or yearly:
        span = Span("month", None, None, 1, None, None, END) if month else _PLAN_YEAR
        reader.add_item(Item("time", start, token.end, role, [span], references=[token]))
    return index + 1


def _moves_repeat(reader: ItemReader, token: DeadlineToken) -> bool:
    """Move the repeat before a reference to a later year: "ngày 15 hằng tháng của năm sau"."""
    every = reader.last_item
    if every is None or not every.is_every or not reader.is_near(every.end, token.start):
        return False
    if token.form["unit"] != "year" or token.form["shift"] < 1 or "month" in token.form:
        return False
    every.references, every.end = [*every.references, token], token.end
    return True


def read_onward(reader: ItemReader, index: int, token: DeadlineToken) -> int:
    """Read "duy trì các năm tiếp theo" apart from a time."""
    reader.preposition = None
    if reader.items and "nam" in reader.folded[token.start : token.end]:
        reader.add_item(Item("ongoing", token.start, token.end))
    return index + 1
