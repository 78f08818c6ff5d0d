"""What comes back: "hằng tháng", "02 lần/năm", "thứ 4 hằng tuần"."""

import re

from language.deadlines.item_reader.reader import STEP_DAYS, STEP_MONTHS, UNIT_WORDS, ItemReader
from language.deadlines.items import Item
from language.deadlines.recurrence import MONTHS_OF_UNIT, Repeat
from language.times.scanner import DeadlineToken
from language.times.spans import read_unit

_UNIT_LIST = re.compile(r"(?:06|6|sxu) thang|tuan|thang|quy|nam")


def read_weekdays(reader: ItemReader, index: int, token: DeadlineToken) -> int:
    """ "thứ 2, thứ 4 hằng tuần": an item for each weekday; a weekday without its week says nothing."""
    after = index + 1
    while after < min(len(reader.tokens), index + 7) and reader.tokens[after].kind == "weekday":
        after += 1
    following = reader.tokens[after] if after < len(reader.tokens) else None
    if (
        following is None
        or following.kind != "every"
        or read_unit(following.values.get("unit", "nam")) != "week"
    ):
        return index + 1
    start, role = reader.take_start(token)
    for day in reader.tokens[index:after]:
        number = day.read_number("weekday")
        repeat = Repeat(days=7, weekday=6 if number is None else number - 2)
        reader.add_item(Item("every", start, day.end, role, repeat=repeat))
        start = day.end
    reader.items[-1].end = following.end
    return after + 1


def read_every(reader: ItemReader, index: int, token: DeadlineToken) -> int:
    if "months" in token.form:
        return _add_repeat(reader, index, token, "month", token.form["months"])
    unit, count = read_unit(token.values["unit"]), token.read_number("n") or 1
    following = _add_repeat(reader, index, token, unit, count)
    return _read_weekday_behind(reader, following) if unit == "week" else following


def _read_weekday_behind(reader: ItemReader, index: int) -> int:
    """ "hằng tuần, vào thứ Hai": the day of the week said behind."""
    at = index
    while (
        at < len(reader.tokens)
        and reader.tokens[at].kind == "preposition"
        and reader.tokens[at].form["role"] == "in"
    ):
        at += 1
    day, last = (reader.tokens[at] if at < len(reader.tokens) else None), reader.items[-1]
    if (
        day is None
        or day.kind != "weekday"
        or not reader.is_near(reader.tokens[at - 1].end, day.start)
    ):
        return index
    number = day.read_number("weekday")
    last.repeat = Repeat(days=7, weekday=6 if number is None else number - 2)
    last.end, reader.preposition = day.end, None
    return at + 1


def read_every_list(reader: ItemReader, index: int, token: DeadlineToken) -> int:
    """ "hằng tháng, quý, năm": an item for each unit."""
    reader.preposition = None
    for item in _make_unit_items(
        reader,
        token,
        token.end - len(token.values.get("everylist", reader.folded[token.start : token.end])),
    ):
        reader.add_item(item)
    return index + 1


def read_unit_list(reader: ItemReader, index: int, token: DeadlineToken) -> int:
    """ "Tháng, quý, năm" alone in a cell; elsewhere it only names reports."""
    reader.preposition = None
    reader.last_resort = _make_unit_items(reader, token, token.start)
    return index + 1


def _make_unit_items(reader: ItemReader, token: DeadlineToken, start: int) -> list[Item]:
    found: list[Item] = []
    for unit in _UNIT_LIST.finditer(reader.folded, start, token.end):
        name = UNIT_WORDS.get(unit.group().replace("sxu", "6"), "week")
        repeat = Repeat(days=7) if name == "week" else Repeat(months=MONTHS_OF_UNIT[name])
        begin = found[-1].end if found else token.start
        found.append(Item("every", begin, unit.end(), repeat=repeat))
    return found


def read_rate(reader: ItemReader, index: int, token: DeadlineToken) -> int:
    unit, count, times = (
        read_unit(token.values["unit"]),
        token.read_number("n") or 1,
        token.read_number("times") or 1,
    )
    months = STEP_MONTHS.get(unit, 0) * count
    if times > 1 and (not months or months % times or months // times not in (1, 3, 6, 12)):
        start, _ = reader.take_start(token)
        reader.add_item(Item("impossible", start, token.end, doubt="uneven"))
        return index + 1
    return _add_repeat(reader, index, token, unit, count, times)


def _add_repeat(
    reader: ItemReader, index: int, token: DeadlineToken, unit: str, count: int, times: int = 1
) -> int:
    start, role = reader.take_start(token)
    repeat = Repeat(
        months=STEP_MONTHS.get(unit, 0) * count // times, days=STEP_DAYS.get(unit, 0) * count
    )
    known = repeat.months or repeat.days in (1, 7)
    if repeat.months > 12 or not known:
        reader.add_item(Item("impossible", start, token.end, doubt="uneven"))
    else:
        reader.add_item(Item("every", start, token.end, role, repeat=repeat))
    return index + 1
