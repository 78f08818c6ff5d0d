"""Read prepositions ("trước", "đến hết", "từ") and hours: they wait for the time they belong to."""

from dataclasses import replace

from language.deadlines.item_reader.reader import BLANK_GAP, NEAR_GAP, ItemReader, Preposition
from language.deadlines.item_reader.terms import read_after_event, read_at_once
from language.deadlines.items import Item
from language.times.grammar import load_words
from language.times.scanner import DeadlineToken
from language.times.spans import format_hour

# Of two prepositions in a row the later one in this row bounds the time.
_ROLES_BY_STRENGTH = ("loose", "in", "by", "to", "from", "after", "before")
_PHRASES = frozenset({"demand", "regulation", "ongoing", "with", "periodic", "for", "session"})
_NO_TIME = _PHRASES | {"citation", "ref", "units", "period-end"}
_AT_ONCE = ("ngay ", "ngay, ", "ngxy ", "ngxy, ")  # "ngxy": "ngay" that is not "ngày"


def read_preposition(reader: ItemReader, index: int, token: DeadlineToken) -> int:
    """Let the preposition wait for its time, or read the event behind "sau khi"."""
    role = token.form["role"]
    if role == "by" and reader.folded.startswith(
        load_words("words", "loose_prepositions"), token.start, token.end
    ):
        role = "loose"
    before = reader.find_preposition_before(token)
    if before:
        role_of_both = _choose_role(before.role, role)
        reader.preposition = replace(before, role=role_of_both, end=token.end)
    else:
        at_once = next((word for word in _AT_ONCE if reader.is_behind(token.start, word)), "")
        start = token.start - len(at_once)
        reader.preposition = Preposition(role, start, token.end, bool(at_once))
    if role in ("before", "after") and not _has_time_behind(reader, index, token):
        reader.event_preposition = reader.preposition
        if role == "after" and reader.preposition.is_immediate:
            return read_at_once(reader, index, reader.preposition.start)
        if role == "after":
            return read_after_event(reader, index, token)
    return index + 1


def _choose_role(first: str, second: str) -> str:
    """Return the role of two prepositions in a row: "trong hạn" is in, "xong trước" is before."""
    if {first, second} <= {"by", "in", "loose"} and "in" in (first, second):
        return "in"
    return max(first, second, key=_ROLES_BY_STRENGTH.index)


def _has_time_behind(reader: ItemReader, index: int, token: DeadlineToken) -> bool:
    following = reader.get_token(index + 1)
    if following is None or following.kind in _NO_TIME:
        return False
    return reader.is_near(token.end, following.start)


def read_hour(reader: ItemReader, index: int, token: DeadlineToken) -> int:
    """Give the hour to the time before it ("ngày 20/3, trước 17h"), else let it wait for one."""
    at = format_hour(token)
    active, last = reader.find_preposition_before(token), reader.last_item
    if active and active.role == "before" and at is None:
        active.role = "to"  # before 24 hours of a day: that day is the last, and all of it
    begin = active.start if active else token.start
    behind = last and _may_take_hour(reader, last, begin)
    if last and behind and not _has_day_behind(reader, index, last, active):
        for item in _list_joined_items(reader):
            item.at = at
        last.end = token.end
    elif active:
        active.end = token.end
        if reader.hour or (active.role == "from" and not reader.is_time(index + 1)):
            active.role = "in"  # "từ 8h đến 11h ngày ..."
        reader.hour = at
    else:
        reader.hour, reader.preposition = at, Preposition("in", token.start, token.end)
    return index + 1


def _may_take_hour(reader: ItemReader, last: Item, place: int) -> bool:
    """Return whether an hour that begins at `place` may belong to the item before it."""
    return last.kind in ("time", "every") and reader.is_near(last.end, place, NEAR_GAP)


def _has_day_behind(reader: ItemReader, index: int, last: Item, active: Preposition | None) -> bool:
    """Return whether the hour belongs to the time behind it, which follows without a word.

    "17h ngày 20/3, 9h ngày 21/3", but "ngày 20/3, trước 8h và ngày 15/6, trước 17h".
    """
    if not reader.is_time(index + 1):
        return False
    if reader.is_near(reader.tokens[index].end, reader.tokens[index + 1].start, BLANK_GAP):
        return True
    is_day = last.kind == "time" and last.first_span.unit == "day"
    return active is not None and not is_day


def _list_joined_items(reader: ItemReader) -> list[Item]:
    """Return the last items, each of which ends where the next begins: days of one list."""
    joined: list[Item] = []
    for item in reversed(reader.items):
        if joined and item.end != joined[-1].start:
            break
        joined.append(item)
    return joined
