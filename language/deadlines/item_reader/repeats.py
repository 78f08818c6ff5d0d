"""Read what comes back: "hằng tháng", "02 lần/năm", "thứ 4 hằng tuần"."""

import re
from dataclasses import replace

from language.deadlines.item_reader.reader import DASH_GAP, ItemReader, Preposition
from language.deadlines.items import Item
from language.deadlines.recurrence import Repeat
from language.times.periods import DAYS_OF_UNIT, MONTHS_OF_UNIT
from language.times.scanner import DeadlineToken
from language.times.spans import read_spans, read_unit, read_weekday

_UNITS = re.compile(r"(?:06|6|sxu|12|03|3) thang|tuan|thang|quy|nam")
_WEEKLY = Repeat(days=7)
_NEXT_DAY = re.compile(r"[ ,/]*(?:va )?[ ,/]*")


def read_weekdays(reader: ItemReader, index: int, token: DeadlineToken) -> int:
    """Read "thứ 2, thứ 4 hằng tuần": an item a weekday; without their week they say nothing."""
    after = index
    while (following := reader.get_token(after)) and following.kind == "weekday":
        after += 1
    days, doubt = _choose_weekdays(reader, reader.tokens[index:after])
    if following and _is_weekday_range(reader, after, following):
        start, _ = reader.take_start(days[0])
        reader.preposition = Preposition("to", start, following.end)
        return after + 1
    if following is None or not _is_every_week(following):
        _give_weekdays_to_week(reader, days, doubt)
        return after
    (start, role), at = reader.take_start(token), None
    for day in days:
        item = Item("every", start, day.end, role, repeat=_make_weekly(day), at=at, doubt=doubt)
        start, at = day.end, reader.add_item(item).at
    reader.items[-1].end = following.end
    return after + 1


def _is_weekday_range(reader: ItemReader, index: int, to: DeadlineToken) -> bool:
    """Return whether another weekday ends the range: "từ thứ Hai đến thứ Sáu hằng tuần"."""
    last = reader.get_token(index + 1)
    if to.kind != "preposition" or to.form["role"] != "to" or last is None:
        return False
    return last.kind == "weekday" and reader.is_near(to.end, last.start)


def _is_every_week(token: DeadlineToken) -> bool:
    """Return whether the token is "hằng tuần"; every second week ("mỗi 2 tuần") is a doubt."""
    if token.kind != "every" or "unit" not in token.values:
        return False
    return read_unit(token.values["unit"]) == "week" and token.read_number("n") in (None, 1)


def _choose_weekdays(
    reader: ItemReader, days: list[DeadlineToken]
) -> tuple[list[DeadlineToken], str | None]:
    """Return the days that count and a doubt: of "thứ Bảy hoặc Chủ nhật" the later one bounds.

    Of a range ("thứ Hai - thứ Sáu") it is the last one, too.
    """
    either = "hoac" in reader.folded[days[0].start : days[-1].end]
    ranged = len(days) == 2 and reader.is_near(days[0].end, days[1].start, DASH_GAP)
    if either or ranged:
        return [replace(days[-1], start=days[0].start)], "either" if either else None
    return days, None


def _give_weekdays_to_week(
    reader: ItemReader, days: list[DeadlineToken], doubt: str | None
) -> None:
    """Give "hằng tuần" before it the weekdays: "hằng tuần, gửi báo cáo trước 16h thứ Sáu"."""
    week = reader.last_item
    if week is None or week.repeat is None or week.repeat.days != _WEEKLY.days:
        return
    for day in days:
        end = reader.items[-1].end
        if week.repeat == _WEEKLY:
            _, week.role = reader.take_start(day)
            week.repeat, week.end, week.doubt = _make_weekly(day), day.end, doubt
            week.at, reader.hour = week.at or reader.hour, None
        elif reader.is_near(end, day.start, _NEXT_DAY):
            other = Item("every", end, day.end, week.role, repeat=_make_weekly(day), at=week.at)
            other.doubt = doubt
            reader.add_item(other)


def _make_weekly(day: DeadlineToken) -> Repeat:
    return replace(_WEEKLY, weekday=read_weekday(day))


def read_every(reader: ItemReader, index: int, token: DeadlineToken) -> int:
    """Read "hằng quý", "mỗi 2 tháng"."""
    if "months" in token.form:
        return _add_repeat(reader, index, token, "month", token.form["months"])
    unit, count = read_unit(token.values["unit"]), token.read_number("n") or 1
    return _add_repeat(reader, index, token, unit, count)


def read_week_day(reader: ItemReader, index: int, token: DeadlineToken) -> int:
    """Read "02 ngày làm việc đầu tiên của tuần": Tuesday, whatever days off the week has."""
    start, role = reader.take_start(token)
    number = 5 if token.form.get("last") else min(token.read_number("n") or 1, 7)
    repeat = replace(_WEEKLY, weekday=number - 1)
    reader.add_item(Item("every", start, token.end, role, repeat=repeat, doubt="week_day"))
    return index + 1


def read_month_week(reader: ItemReader, index: int, token: DeadlineToken) -> int:
    """Read "tuần đầu hằng tháng", "thứ Sáu tuần thứ ba của tháng"."""
    start, role = reader.take_start(token)
    for span in read_spans(token) or []:
        reader.add_item(
            _make_week_item(reader, token, Item("time", start, token.end, role, [span]))
        )
    return index + 1


def _make_week_item(reader: ItemReader, token: DeadlineToken, item: Item) -> Item:
    """Return the item of a week of a month with its weekday and its months."""
    number = token.read_number("weekday") or token.read_number("weekday2")
    if number:
        item.weekday = number - 2
    elif reader.folded.startswith("chu", token.start):
        item.weekday = 6
    else:
        item.doubt = "week"
    if not item.first_span.has_month:
        item.units = [("month", token.end, token.end)]
    return item


def read_every_list(reader: ItemReader, index: int, token: DeadlineToken) -> int:
    """Read "hằng tháng, quý, năm": an item a unit."""
    reader.preposition = None
    units = token.values.get("everylist")
    start = token.end - len(units) if units else token.start
    for item in _make_unit_items(reader, token, start):
        reader.add_item(item)
    return index + 1


def read_unit_list(reader: ItemReader, index: int, token: DeadlineToken) -> int:
    """Read "Tháng, quý, năm" alone in a clause; beside other times it only names reports."""
    reader.preposition = None
    reader.weak_items = _make_unit_items(reader, token, token.start)
    return index + 1


def _make_unit_items(reader: ItemReader, token: DeadlineToken, start: int) -> list[Item]:
    found: list[Item] = []
    for word in _UNITS.finditer(reader.folded, start, token.end):
        unit = read_unit(word.group())
        repeat = _WEEKLY if unit == "week" else Repeat(months=MONTHS_OF_UNIT[unit])
        begin = found[-1].end if found else token.start
        found.append(Item("every", begin, word.end(), repeat=repeat))
    return found


def read_rate(reader: ItemReader, index: int, token: DeadlineToken) -> int:
    """Read "02 lần/năm", "06 tháng/lần"; a rate that does not divide its unit is a doubt."""
    unit = read_unit(token.values["unit"])
    count, times = token.read_number("n") or 1, token.read_number("times") or 1
    months = MONTHS_OF_UNIT.get(unit, 0) * count
    if times > 1 and (not months or months % times or months // times not in (1, 3, 6, 12)):
        start, _ = reader.take_start(token)
        reader.add_item(Item("impossible", start, token.end, doubt="uneven"))
        return index + 1
    after = _add_repeat(reader, index, token, unit, count, times)
    reader.items[-1].is_rate = times > 1
    return after


def _add_repeat(
    reader: ItemReader, index: int, token: DeadlineToken, unit: str, count: int, times: int = 1
) -> int:
    """Add what comes back `times` times every `count` units: every day, week or up to 12 months."""
    start, role = reader.take_start(token)
    months = MONTHS_OF_UNIT.get(unit, 0) * count // times
    days = DAYS_OF_UNIT.get(unit, 0) * count
    if 0 < months <= 12 or (not months and days in (1, 7)):
        repeat = Repeat(months=months, days=days)
        reader.add_item(Item("every", start, token.end, role, repeat=repeat))
    else:
        reader.add_item(Item("impossible", start, token.end, doubt="uneven"))
    return index + 1
