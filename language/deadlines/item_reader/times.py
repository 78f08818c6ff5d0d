"""Times: days, months, quarters, years, with what belongs to them."""

import re
from dataclasses import replace

from language.deadlines.item_reader.reader import (
    CLOSE_GAP,
    DASH_GAP,
    NEAR_GAP,
    UNIT_WORDS,
    ItemReader,
    format_hour,
)
from language.deadlines.items import Item
from language.times.scanner import DeadlineToken
from language.times.spans import END, Span, read_months_of_quarters, read_quarter, read_spans

_NUMBERS = re.compile(r"\d+")
_OF_GAP = re.compile(r"[ ,:]*(?:cua )?")
_UNITS = re.compile(r"6 thang|06 thang|thang(?! cuoi)|quy|nam")
_BOTH_ENDS = frozenset({"thru", "dash", "d2"})  # places of a token that names both ends of a range
_PLAN_YEAR = Span("year", None, 1, 1, None, 12, END)


def _find_months_of_day(token: DeadlineToken, day: int) -> list[int]:
    """The months that a day alone belongs to: "tháng 3, 6, 9"; of a quarter only its last day has one."""
    if token.kind == "quarter" and day == END:
        return [3 * number] if (number := read_quarter(token.values["q"])) else []
    if token.kind == "quarter-month":
        return read_months_of_quarters(token)
    listed = token.values.get("mlist") if token.kind == "month-span" else None
    if token.kind == "month":
        return [month] if (month := token.read_number("m") or token.read_number("mword")) else []
    return [int(number) for number in _NUMBERS.findall(listed)] if listed else []


def read_time(reader: ItemReader, index: int, token: DeadlineToken) -> int:
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
        item.units = [(UNIT_WORDS[token.values["unit"]], token.end, token.end)]
    item.is_last_working_day = bool(token.form.get("working"))
    if role == "from" and len(spans) == 1 and not _BOTH_ENDS.isdisjoint(token.values):
        item.role = None
    return _read_time_tail(reader, item, _read_months_of_day(reader, item, index + 1))


def _read_months_of_day(reader: ItemReader, item: Item, index: int) -> int:
    """ "ngày 25 các tháng 3, 6, 9", "ngày 05, tháng 6": a day alone takes the months named right behind it."""
    token = reader.tokens[index] if index < len(reader.tokens) else None
    if (
        token is None
        or item.first_span.has_month
        or not reader.is_near(item.end, token.start, _OF_GAP)
    ):
        return index
    numbers = _find_months_of_day(token, item.first_span.last_day)
    if not numbers:
        return index
    day, year = item.first_span.last_day, token.read_number("y")
    spans = [Span("day", year, month, day, year, month, day) for month in numbers]
    item.spans = [span for span in spans if span.is_possible()]
    if len(item.spans) < len(spans):
        item.kind, item.doubt = "impossible", "impossible"
    item.end = token.end
    return index + 1


def _is_part_of_number(reader: ItemReader, token: DeadlineToken) -> bool:
    """ "ISO 9001:2015" is no year."""
    return token.start > 0 and reader.folded[token.start - 1] in ":/-."


def _read_time_tail(reader: ItemReader, item: Item, index: int) -> int:
    """What belongs to a time behind it: "của năm sau", "đến ngày ...", "hằng năm" stays an item of its own."""
    index = _read_references(reader, item, index)
    until = _read_range_end(reader, item, index)
    if until == index:
        return index
    item.starts_year_before = any(
        ref.form["unit"] == "year" and ref.form.get("shift", 0) < 0 for ref in item.references
    )
    item.references = [
        replace(ref, form={**ref.form, "shift": 0}) for ref in item.references
    ]  # its move is the first day's
    return _read_references(reader, item, until)


def _read_references(reader: ItemReader, item: Item, index: int) -> int:
    while index < len(reader.tokens) and reader.tokens[index].kind in (
        "ref",
        "units",
        "onward",
        "period-end",
    ):
        token = reader.tokens[index]
        if not reader.is_near(item.end, token.start, NEAR_GAP):
            break
        if token.kind == "onward":
            item.onward = True
        elif token.kind == "period-end":
            item.is_period_end = True
        elif token.kind == "ref":
            item.references.append(token)
        else:
            item.units += _find_units(reader, token)
        item.end = token.end
        index += 1
    return index


def _find_units(reader: ItemReader, token: DeadlineToken) -> list[tuple[str, int, int]]:
    """ "của tháng, quý, 6 tháng và năm báo cáo" as (unit, place of its word)."""
    return [
        (UNIT_WORDS[u.group()], *u.span())
        for u in _UNITS.finditer(reader.folded, token.start, token.end)
    ]


def _read_range_end(reader: ItemReader, item: Item, index: int) -> int:
    """The other end of a range; the index behind it, or `index` where there is none."""
    at, role, end = index, None, item.end
    while (
        at < len(reader.tokens)
        and reader.is_near(end, reader.tokens[at].start)
        and _may_lead_range_end(reader, at, index)
    ):
        role = reader.tokens[at].form.get("role", role) if role != "before" else role
        end = reader.tokens[at].end
        at += 1
    if at >= len(reader.tokens):
        return index
    first = reader.tokens[index]
    token = reader.tokens[at]
    dashed = at == index and DASH_GAP.fullmatch(reader.folded, item.end, token.start) is not None
    spoken = at > index and (
        first.form["role"] == "to" or reader.folded[first.start : first.end] == "het"
    )
    near = (dashed or spoken) and reader.is_near(
        end, token.start, CLOSE_GAP if spoken else DASH_GAP
    )
    spans = read_spans(token) if near else None
    if not spans or item.role in ("before", "by", "to"):
        return index
    item.until, item.until_role, item.end = spans[-1], role, token.end
    hours = [format_hour(t) for t in reader.tokens[index:at] if t.kind == "hour"]
    item.at = (
        hours[-1] if hours else item.at
    )  # "từ 7h ngày 15/9 đến 17h ngày 17/9": the hour of the end bounds
    return at + 1


def _may_lead_range_end(reader: ItemReader, at: int, first: int) -> bool:
    """Whether the token is a preposition, or an hour behind one: "đến 17h00 ngày ..."."""
    return reader.tokens[at].kind == "preposition" or (
        at > first and reader.tokens[at].kind == "hour"
    )


def read_from_now(reader: ItemReader, index: int, token: DeadlineToken) -> int:
    start, _ = reader.take_start(token)
    item = Item("from-now", start, token.end, "from", [_PLAN_YEAR])
    after = _read_range_end(reader, item, index + 1)
    if after > index + 1:
        reader.add_item(item)
    return after


def read_this_year(reader: ItemReader, index: int, token: DeadlineToken) -> int:
    """ "trong năm", "cả năm"; without a preposition it may as well be a report's name ("báo cáo cả năm")."""
    start, role = reader.take_start(token)
    within = None if reader.folded.startswith("ca", token.start) else "in"
    reader.add_item(Item("time", start, token.end, role or within, [_PLAN_YEAR]))
    return index + 1


def read_bare_reference(reader: ItemReader, index: int, token: DeadlineToken) -> int:
    """A reference without a day: "trong tháng cuối quý", "trong năm tiếp theo"; else only a word of a label."""
    active = reader.find_preposition_before(token)
    month = token.form.get("month")
    if month is None and (active is None or token.form["unit"] != "year"):
        reader.preposition = None
        return index + 1
    start, role = reader.take_start(token)
    span = Span("month", None, None, 1, None, None, END) if month else _PLAN_YEAR
    reader.add_item(Item("time", start, token.end, role, [span], references=[token]))
    return index + 1


def read_onward(reader: ItemReader, index: int, token: DeadlineToken) -> int:
    """ "duy trì các năm tiếp theo" apart from a time."""
    reader.preposition = None
    if reader.items and "nam" in reader.folded[token.start : token.end]:
        reader.add_item(Item("ongoing", token.start, token.end))
    return index + 1
