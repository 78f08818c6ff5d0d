"""Read terms counted from an event: "30 ngày kể từ ngày ...", "trước ngày bầu cử 10 ngày"."""

import re
from dataclasses import replace
from functools import cache

from language.deadlines.item_reader.phrases import skip_to_next_deadline
from language.deadlines.item_reader.reader import ItemReader, Preposition
from language.deadlines.items import LIST_GAP, Item, Term
from language.times.grammar import join_words
from language.times.periods import DAYS_OF_UNIT, MONTHS_OF_UNIT
from language.times.scanner import DeadlineToken
from language.times.spans import Span, read_spans, read_unit

_UNITS_OF_ORDINALS = {"nth-day": "day", "nth-month": "month"}  # "ngày thứ 10 kể từ ngày ..."
_REMARK_GAP = re.compile(r"[ ,:]*(?:\([^()]{0,60}\))?[ ,:]*")
_BEFORE = re.compile(r"truoc ")
_WORKING = "lam viec"  # of "ngày làm việc"
_TO_GAP = re.compile(r"[ ,]*(?:tinh )?")  # "10 ngày tính đến ngày ..."
_MAY_BE_EVENT = ("citation", "session", "ref")  # between "sau khi" and a count


@cache
def _load_days_off_pattern() -> re.Pattern[str]:
    """Return what behind a count leaves days off out of it: "10 ngày (không tính ngày nghỉ)"."""
    words = join_words("words", "without_days_off")
    return re.compile(rf"[ ,]*\(? ?(?:{words})(?![a-z])")


@cache
def _load_least_gap() -> re.Pattern[str]:
    """Return what may stand between a day and the count back from it: "15/6 ít nhất 10 ngày"."""
    bracket = r" ?(?:\([^()]{0,60}\) ?)?"
    return re.compile(rf"{bracket}(?:,? ?(?:{join_words('words', 'at_least')})(?: la)? ?)?")


@cache
def _load_event_gap() -> re.Pattern[str]:
    """Return what may stand between a count and the day of its event: "so với ngày 15/6"."""
    return re.compile(rf"[ ,:]*(?:{join_words('labels', 'event_first')})?[ ,:]*")


def read_duration(reader: ItemReader, index: int, token: DeadlineToken) -> int:
    """Read a number of days, weeks, months or years with the event that it counts from."""
    active, event = _find_preposition_of_count(reader, token), reader.event_preposition
    unit = _UNITS_OF_ORDINALS.get(token.kind) or read_unit(token.values["unit"])
    start = active.start if active else token.start
    following = _find_preposition_behind(reader, index, token, unit)
    if following:
        back = _BEFORE.match(reader.folded, following.start)
        sign = -1 if (back or _is_before(active)) and token.kind != "nth-month" else 1
        end = back.end() if back else following.end
        return _read_term(reader, token, unit, start, sign, end, index + 1)
    if event and event is not active:
        _add_event_before(reader, token, unit, event)
        return index + 1
    if _count_back_from_times(reader, index, token, unit):
        return index + 1
    if _is_before(active):
        return _read_term(reader, token, unit, start, -1, token.end, index)
    item = Item("relative", start, token.end, doubt=_find_digits_doubt(token))
    item.term = _make_term(reader, token, unit, 1, token.end, token.end)
    if active and active.role != "from":
        reader.add_item(item)
    else:
        reader.weak_items = [item]
    reader.preposition = None
    return index + 1


def _is_before(preposition: Preposition | None) -> bool:
    return preposition is not None and preposition.role == "before"


def _find_preposition_of_count(reader: ItemReader, token: DeadlineToken) -> Preposition | None:
    """Return the preposition of a count; "trước" may have a word behind it: "trước ít nhất"."""
    found, waiting = reader.find_preposition_before(token), reader.preposition
    if found or waiting is None or waiting.role != "before":
        return found
    return waiting if reader.is_near(waiting.end, token.start, _load_least_gap()) else None


def _find_preposition_behind(
    reader: ItemReader, index: int, token: DeadlineToken, unit: str
) -> DeadlineToken | None:
    """Return the "kể từ", "sau" or "trước" behind a count, unless it belongs to a time of its own.

    "Trong 03 ngày, từ ngày 10 đến ngày 12/12" names its days, "không quá 02 ngày, bắt đầu từ tháng
    4" its beginning, "6 tháng trước 15/6" its last day.
    """
    following = reader.get_token(index + 1)
    if following is None or following.kind != "preposition":
        return None
    role = following.form["role"]
    if _BEFORE.match(reader.folded, following.start):
        role = "before"  # "trước khi hết hạn", too
    if role not in ("from", "after", "before"):
        return None
    if not reader.is_near(token.end, following.start, _REMARK_GAP):
        return None
    if role == "before" and unit not in ("day", "week") and reader.is_time(index + 2):
        return None
    if reader.folded.startswith("bat dau tu", following.start):
        return None
    ranged = reader.folded.startswith("tu ", following.start) and reader.is_range(index + 2)
    return None if ranged else following


def _add_event_before(
    reader: ItemReader, token: DeadlineToken, unit: str, event: Preposition
) -> None:
    """Add a term whose event stands before its count: "trước ngày bầu cử 10 ngày"."""
    sign = -1 if event.role == "before" else 1
    term = _make_term(reader, token, unit, sign, event.end, token.start)
    doubt = _find_digits_doubt(token)
    reader.add_item(Item("relative", event.start, token.end, term=term, doubt=doubt))


def _count_back_from_times(reader: ItemReader, index: int, token: DeadlineToken, unit: str) -> bool:
    """Count back from the days before a count: "trước ngày 15/6 và 15/12 ít nhất 10 ngày".

    Return whether there are such days. From days that come back nothing is counted: a doubt.
    """
    last = reader.last_item
    if last is None or not reader.is_near(last.end, token.start, _load_least_gap()):
        return False
    times = _list_times_before(reader)
    if not times:
        return False
    before = times[-1].role == "before"
    if not before and not _BEFORE.match(reader.folded, times[-1].start):
        return False  # neither "trước ngày ..." nor "trước khi kết thúc ..."
    once = before and last.is_time and all(map(_is_plain, times))
    for item in times:
        if once:
            start = _find_start_of_time(reader, index, item)
            term = _make_term(reader, token, unit, -1, start, item.end)
            item.kind, item.term = "relative", replace(term, event=item.first_span)
            item.doubt = item.doubt or _find_digits_doubt(token)
        else:
            item.doubt = item.doubt or "leftover"
    last.end = token.end
    reader.preposition = None
    return True


def _list_times_before(reader: ItemReader) -> list[Item]:
    """Return the last times up to the first of their list, and no further than a preposition.

    The repeat of the last one is left out: "trước ngày 15/6 hằng năm".
    """
    found: list[Item] = []
    for item in reversed(reader.items):
        following = found[-1] if found else None
        if not item.is_time and (following or item is not reader.last_item or not item.is_every):
            break
        if following and not reader.is_near(item.end, following.start, LIST_GAP):
            break
        if item.is_time:
            found.append(item)
        if item.role:
            break
    return found


def _is_plain(item: Item) -> bool:
    """Return whether a time names one day or period of the calendar that comes once."""
    if len(item.spans) != 1 or not item.first_span.has_month or item.working_ordinal:
        return False
    return not (item.until or item.references or item.units or item.weekday is not None)


def _find_start_of_time(reader: ItemReader, index: int, item: Item) -> int:
    """Return the place of an item's time, behind its prepositions; `index` is of a later token."""
    while index and reader.tokens[index - 1].start >= item.start:
        index -= 1
    while reader.tokens[index].kind == "preposition":
        index += 1
    return reader.tokens[index].start


def _read_term(
    reader: ItemReader,
    token: DeadlineToken,
    unit: str,
    start: int,
    sign: int,
    event: int,
    index: int,
) -> int:
    """Add a term whose event stands behind it: behind the place `event` and the token `index`."""
    day: Span | None = None
    first = reader.get_token(index + 1)
    to_day = first and first.kind == "preposition" and first.form["role"] == "to"
    if first and sign < 0 and to_day and reader.is_near(event, first.start, _TO_GAP):
        event, index = first.end, index + 1
        first = reader.get_token(index + 1)
    if first and reader.is_near(event, first.start, _load_event_gap()):
        spans = read_spans(first)
        if spans and spans[0].unit == "day" and spans[0].has_month:
            day = spans[0]
    after, end = skip_to_next_deadline(reader, index + 1 if day else index)
    term = _make_term(reader, token, unit, sign, event, end)
    item = Item("relative", start, end, term=replace(term, event=day))
    item.doubt = _find_digits_doubt(token)
    reader.add_item(item)
    reader.preposition = None
    return after


def _find_digits_doubt(token: DeadlineToken) -> str | None:
    return "digits" if token.has_other_digits else None


def _make_term(
    reader: ItemReader, token: DeadlineToken, unit: str, sign: int, start: int, end: int
) -> Term:
    """Return the term that `token` counts; its event is the text from `start` to `end`."""
    if token.kind == "next-working-day":
        count = sign
    else:
        count = sign * (token.read_number("n") or token.read_number("nword") or 0)
    words = reader.folded[token.start : token.end]
    working = (
        _WORKING in words or _load_days_off_pattern().match(reader.folded, token.end) is not None
    )
    if unit in MONTHS_OF_UNIT:
        return Term(None, count * MONTHS_OF_UNIT[unit], working, start, end)
    days = -(-count // 24) if unit == "hour" else count * DAYS_OF_UNIT[unit]
    return Term(days, None, working, start, end)


def read_next_working_day(reader: ItemReader, index: int, token: DeadlineToken) -> int:
    """Read "ngày làm việc tiếp theo của ...": one working day after the event."""
    start, _ = reader.take_start(token)
    return _read_term(reader, token, "day", start, 1, token.end, index)


def read_at_once(reader: ItemReader, index: int, start: int) -> int:
    """Read "ngay sau khi ...": no days after the event (docs/dev/deadlines.md rule 11)."""
    event = reader.tokens[index].end
    after, end = skip_to_next_deadline(reader, index)
    reader.add_item(Item("relative", start, end, term=Term(0, None, False, event, end)))
    reader.preposition = None
    return after


def read_after_event(reader: ItemReader, index: int, token: DeadlineToken) -> int:
    """Read "Sau khi có hướng dẫn", an event without a count; with one ("05 ngày") it waits."""
    behind = index + 1
    while (following := reader.get_token(behind)) and following.kind in _MAY_BE_EVENT:
        behind += 1
    counted = following is not None and following.kind == "duration"
    if counted or not reader.folded.startswith(" khi ", token.end):
        return index + 1
    after, end = skip_to_next_deadline(reader, index)
    reader.add_item(Item("demand", token.start, end, doubt="no_count"))
    reader.preposition = None
    return after
