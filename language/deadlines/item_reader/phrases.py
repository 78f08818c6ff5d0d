"""Phrases without a day: "theo quy định", "thường xuyên", council sessions."""

from language.deadlines.item_reader.reader import BEHIND_GAP, ItemReader
from language.deadlines.items import Item
from language.times.scanner import DeadlineToken

_STRONG_TIMES = {
    "before": ("day", "month", "quarter", "year"),
    "by": ("day", "month", "quarter", "year"),
    "to": ("day",),
}
_CLAUSE_STARTERS = frozenset(
    {
        "",
        "va",
        "hoac",
        "hoan thanh",
        "xong",
        "gui",
        "thuc hien",
        "bao cao",
        "hoan thanh xong",
        "phai xong",
    }
)


def read_plain_phrase(reader: ItemReader, index: int, token: DeadlineToken) -> int:
    reader.preposition = None
    reader.add_item(Item(token.kind, token.start, token.end))
    return index + 1


def read_phrase_with_tail(reader: ItemReader, index: int, token: DeadlineToken) -> int:
    """ "theo quy định ...", "cùng với báo cáo ...": what follows belongs to it, until a deadline of its own."""
    reader.preposition = None
    following, end = skip_to_next_deadline(reader, index + 1)
    reader.add_item(Item(token.kind, token.start, end))
    return following


def skip_to_next_deadline(reader: ItemReader, index: int) -> tuple[int, int]:
    """The first token at or behind `index` that begins a deadline of its own, and where the swallowed text ends."""
    tokens = reader.tokens
    while index < len(tokens):
        token = tokens[index]
        after = index + 1
        while after < min(len(tokens), index + 6) and tokens[after].kind in (
            "preposition",
            "hour",
        ):
            after += 1
        if (
            token.kind in ("preposition", "hour")
            and reader.is_time(after)
            and reader.is_near(tokens[after - 1].end, tokens[after].start)
        ):
            strong = tokens[after].kind in _STRONG_TIMES.get(token.form.get("role", ""), ())
            if strong or _has_comma_before(reader, token):
                return index, token.start
        elif _has_comma_before(reader, token) and token.kind in (
            "month",
            "quarter",
            "every",
            "day",
            "ongoing",
        ):
            return index, token.start
        index += 1
    return index, reader.end


def _has_comma_before(reader: ItemReader, token: DeadlineToken) -> bool:
    at = token.start
    words = reader.folded[max(0, at - 20) : at]
    comma = words.rfind(",")
    return comma >= 0 and words[comma:].strip(", ") in _CLAUSE_STARTERS


def read_for_label(reader: ItemReader, index: int, token: DeadlineToken) -> int:
    """ "ngày 15/7 đối với báo cáo 6 tháng": behind a time its label, whose words of time are no deadline."""
    reader.preposition = None
    last = reader.items[-1] if reader.items else None
    if last and reader.is_near(last.end, token.start, BEHIND_GAP):
        return skip_to_next_deadline(reader, index + 1)[0]
    return index + 1


def read_session(reader: ItemReader, index: int, token: DeadlineToken) -> int:
    """ "Kỳ họp thứ 8": a day that others set; all that is said where the clause names no time."""
    reader.preposition = None
    reader.last_resort = reader.last_resort or [Item("regulation", token.start, reader.end)]
    return index + 1


def read_lunar_day(reader: ItemReader, index: int, token: DeadlineToken) -> int:
    """ "10/3 âm lịch": each year another day."""
    reader.preposition = None
    last = reader.items[-1] if reader.items else None
    if last and last.kind == "time" and reader.is_near(last.end, token.start, BEHIND_GAP):
        last.kind, last.doubt, last.end = "impossible", "festival", token.end
    return index + 1


def read_season(reader: ItemReader, index: int, token: DeadlineToken) -> int:
    """ "Đầu năm học", "vụ Đông Xuân 2026 - 2027": no day of the calendar; all that is said where no time is."""
    reader.preposition = None
    reader.last_resort = reader.last_resort or [
        Item("impossible", token.start, token.end, doubt="season")
    ]
    return index + 1


def skip_token(reader: ItemReader, index: int, token: DeadlineToken) -> int:
    del token
    reader.preposition = None
    return index + 1
