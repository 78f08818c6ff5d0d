"""Terms counted from an event: "30 ngày kể từ ngày ..."."""

from dataclasses import replace

from language.deadlines.item_reader.phrases import skip_to_next_deadline
from language.deadlines.item_reader.reader import STEP_DAYS, STEP_MONTHS, ItemReader
from language.deadlines.items import Item, Term
from language.times.scanner import DeadlineToken
from language.times.spans import Span, read_spans, read_unit


def read_duration(reader: ItemReader, index: int, token: DeadlineToken) -> int:
    active, event = reader.find_preposition_before(token), reader.event_preposition
    unit = "day" if token.kind == "nth-day" else read_unit(token.values["unit"])
    following = reader.tokens[index + 1] if index + 1 < len(reader.tokens) else None
    since = (
        following is not None
        and following.kind == "preposition"
        and reader.is_near(token.end, following.start)
    )
    role = following.form["role"] if since and following else None
    if role == "before" and unit not in ("day", "week") and reader.is_time(index + 2):
        role = None
        since = False
    if (
        role == "from"
        and following
        and reader.is_range(index + 2)
        and reader.folded.startswith("tu", following.start)
    ):
        role = None  # "trong 03 ngày, từ ngày 10 đến ngày 12/12": the days are named
    if role == "from" and following and reader.folded.startswith("bat dau tu", following.start):
        role = None  # "không quá 02 ngày, bắt đầu từ tháng 4": how long, and from when
    start = active.start if active else token.start
    if following and role in ("from", "after", "before"):
        return _read_term(
            reader,
            index,
            token,
            unit,
            start,
            -1 if role == "before" else 1,
            following.end,
            index + 2,
        )
    if event and event is not active and event.end < token.start:
        sign = -1 if event.role == "before" else 1
        term = _make_term(reader, token, unit, sign, event.end, token.start)
        reader.add_item(Item("relative", event.start, token.end, term=term))
        return index + 1
    if active and active.role in ("in", "by", "to", "after", "before", "loose"):
        sign = -1 if active.role == "before" else 1
        if active.role == "before":
            return _read_term(reader, index, token, unit, start, sign, token.end, index + 1)
        reader.add_item(
            Item(
                "relative",
                start,
                token.end,
                term=_make_term(reader, token, unit, sign, token.end, token.end),
            )
        )
    else:
        term = _make_term(reader, token, unit, 1, token.end, token.end)
        reader.last_resort = [Item("relative", start, token.end, term=term)]
    reader.preposition = None
    return index + 1


def _read_term(
    reader: ItemReader,
    index: int,
    token: DeadlineToken,
    unit: str,
    start: int,
    sign: int,
    event: int,
    after: int,
) -> int:
    """A term with its event said from `event` on; tokens of the event are swallowed."""
    del index
    day: Span | None = None
    if after < len(reader.tokens) and reader.is_near(event, reader.tokens[after].start):
        spans = read_spans(reader.tokens[after])
        if spans and spans[0].unit == "day" and spans[0].has_month:
            day = spans[0]
    following, end = skip_to_next_deadline(reader, after + 1 if day else after)
    term = _make_term(reader, token, unit, sign, event, end)
    reader.add_item(Item("relative", start, end, term=replace(term, event=day)))
    reader.preposition = None
    return following


def _make_term(
    reader: ItemReader, token: DeadlineToken, unit: str, sign: int, start: int, end: int
) -> Term:
    count = sign * (
        token.read_number("n")
        or token.read_number("nword")
        or (1 if token.kind == "next-working-day" else 0)
    )
    working = (
        reader.folded[token.start : token.end].endswith("lam viec")
        or "lam viec" in reader.folded[token.start : token.end]
    )
    if unit in STEP_MONTHS:
        return Term(None, count * STEP_MONTHS[unit], working, start, end)
    days = -(-count // 24) if unit == "hour" else count * STEP_DAYS.get(unit, 1)
    return Term(days, None, working, start, end)


def read_next_working_day(reader: ItemReader, index: int, token: DeadlineToken) -> int:
    start, _ = reader.take_start(token)
    return _read_term(reader, index, token, "day", start, 1, token.end, index + 1)


def read_at_once(reader: ItemReader, index: int, token: DeadlineToken) -> int:
    """ "ngay sau khi ...": no days after the event."""
    following, end = skip_to_next_deadline(reader, index + 1)
    start = token.start - len("ngay ")
    reader.add_item(Item("relative", start, end, term=Term(0, None, False, token.end, end)))
    reader.preposition = None
    return following


def read_after_event(reader: ItemReader, index: int, token: DeadlineToken) -> int:
    """ "Sau khi có hướng dẫn": an event without a count, unless a count follows ("sau khi họp 05 ngày")."""
    for following in reader.tokens[index + 1 : index + 9]:
        if following.kind == "duration":
            return index + 1
        if following.kind not in ("citation", "session", "ref"):
            break
    if not reader.folded.startswith(" khi ", token.end):
        return index + 1
    following_index, end = skip_to_next_deadline(reader, index + 1)
    reader.add_item(Item("demand", token.start, end))
    reader.preposition = None
    return following_index
