"""Prepositions ("trước", "đến hết", "từ") and hours, kept until the time that they belong to is read."""

import re
from dataclasses import replace

from language.deadlines.item_reader.reader import NEAR_GAP, ItemReader, Preposition, format_hour
from language.deadlines.item_reader.terms import read_after_event, read_at_once
from language.times.scanner import DeadlineToken

_ROLES_BY_STRENGTH = (
    "loose",
    "in",
    "by",
    "to",
    "from",
    "after",
    "before",
)  # of two prepositions the later in this row bounds
_LOOSE_PREPOSITIONS = ("han", "thoi han", "ky han", "den han", "xong", "het han")
_NO_TIME = frozenset(
    {
        "demand",
        "regulation",
        "ongoing",
        "with",
        "citation",
        "ref",
        "units",
        "periodic",
        "for",
        "session",
        "period-end",
    }
)
_AT_ONCE = re.compile(r"(?:ngay|ngxy),? $")


def read_preposition(reader: ItemReader, index: int, token: DeadlineToken) -> int:
    words, role = reader.folded[token.start : token.end], token.form["role"]
    if role == "by" and words.startswith(_LOOSE_PREPOSITIONS):
        role = "loose"
    before = reader.find_preposition_before(token)
    if before:
        stronger = max(before.role, role, key=_ROLES_BY_STRENGTH.index)
        if {before.role, role} <= {"by", "in", "loose"}:
            stronger = "in" if "in" in (before.role, role) else stronger
        reader.preposition = replace(before, role=stronger, end=token.end)
    else:
        immediate = bool(_AT_ONCE.search(reader.folded, max(0, token.start - 6), token.start))
        reader.preposition = Preposition(role, token.start, token.end, immediate)
    following = reader.tokens[index + 1] if index + 1 < len(reader.tokens) else None
    counted = (
        following and following.kind not in _NO_TIME and reader.is_near(token.end, following.start)
    )
    if role in ("before", "after") and not counted:
        reader.event_preposition = reader.preposition
        if reader.preposition.is_immediate and role == "after":
            return read_at_once(reader, index, token)
        if role == "after":
            return read_after_event(reader, index, token)
    return index + 1


def read_hour(reader: ItemReader, index: int, token: DeadlineToken) -> int:
    at = format_hour(token)
    active = reader.find_preposition_before(token)
    if active and active.role == "before" and at is None:
        active.role = "to"  # before 24 hours of a day: that day is the last, and all of it
    last = reader.items[-1] if reader.items else None
    behind = (
        active
        and last
        and last.kind in ("time", "every")
        and reader.is_near(last.end, active.start, NEAR_GAP)
    )
    if last and behind and not reader.is_time(index + 1):
        last.at, last.end = at, token.end
        reader.preposition = None
        return index + 1
    if active:
        active.end = token.end
        active.role = (
            "in" if active.role == "from" or reader.pending_hour else active.role
        )  # "từ 8h đến 11h ngày ..."
        reader.pending_hour = at
    elif (
        last and last.kind in ("time", "every") and reader.is_near(last.end, token.start, NEAR_GAP)
    ):
        last.at, last.end = at, token.end
    else:
        reader.pending_hour, reader.preposition = at, Preposition("in", token.start, token.end)
    return index + 1
