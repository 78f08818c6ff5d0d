"""Tell several columns of times apart: which one binds, and what the others say.

For example begin and end, given and due and done, proposed and due.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Any, Literal, NamedTuple

from language.text import fold
from locales.data import load_data
from plans.tables.marks import name_unit

TimeKind = Literal["begun", "given", "extended", "proposed", "done", "due", "finish", "plain"]

_KINDS: tuple[TimeKind, ...] = ("begun", "given", "extended", "proposed", "done", "due", "finish")
_RANKS: Mapping[str, int] = {"due": 4, "finish": 3, "plain": 2, "proposed": 1}  # what may bind
_ENDS: tuple[TimeKind, ...] = ("begun", "due")  # of a span in one column
_PLAIN_DAY = re.compile(r"^\s*(\d{1,2})\s*[/.-]\s*(\d{1,2})\s*[/.-]\s*\d{4}\s*$")
_STAGE = re.compile(r"^(?:truoc |trong |den |thang )*(?:\d{1,2}/)?\d{1,2}/20\d\d$|^(?:trong )?quy ")
_MONTHS = 12
_SHARED_WORDS = 3  # with which the headers of times that bind together begin
_MOST_WORDS_OF_STAGE = 4


class TimeColumn(NamedTuple):
    """A column of times that is not the binding one: its place, kind and printed header."""

    place: int
    kind: TimeKind
    label: str


class TimeHeader(NamedTuple):
    """The header of a column: its texts folded to words, from the top, and as printed.

    `score` is how well it fits a time, 0 if it names another thing.
    """

    place: int
    parts: Sequence[str]
    label: str
    score: int


def find_time_kind(header: TimeHeader) -> TimeKind | None:
    """Return what the times of a column say, or None if it holds no times."""
    words: dict[str, Any] = load_data("columns")["times"]
    lowest = fold(name_unit(header.parts[-1], header.parts[:-1]))
    if re.match(load_data("columns")["patterns"]["ticked_header"], lowest):
        return None
    for text in (f" {header.parts[-1]} ", f" {' '.join(header.parts)} "):
        if header.score and all(
            any(f" {word} " in text for word in words[e]["words"]) for e in _ENDS
        ):
            return "due"  # "Thời gian bắt đầu - kết thúc" holds both ends of a span
        for kind in _KINDS:
            lists = words[kind]
            alone = any(f" {word} " in text for word in lists.get("alone", ()))
            alone |= bool(header.score) and header.parts[-1] in lists.get("whole", ())
            if alone or (header.score and any(f" {word} " in text for word in lists["words"])):
                return kind
    return "plain" if header.score else None


def divide_time_columns(headers: Sequence[TimeHeader]) -> tuple[int | None, list[TimeColumn]]:
    """Return the place of the binding column of times, or None, and the others.

    A limit ("Thời hạn", "Kết thúc") binds before a day of completion, this before another time and
    this before a proposed one. Beside a limit the day of completion is the one on which it was
    done. A day of beginning never binds.
    """
    kinds = {
        header.place: kind for header in headers if (kind := find_time_kind(header)) is not None
    }
    by_place = {header.place: header for header in headers}
    ranked = sorted(
        (place for place, kind in kinds.items() if kind in _RANKS),
        key=lambda place: (-_RANKS[kinds[place]], -by_place[place].score, place),
    )
    binding = ranked[0] if ranked else None
    has_limit = binding is not None and kinds[binding] == "due"
    others = [
        TimeColumn(place, "done" if kind == "finish" and has_limit else kind, by_place[place].label)
        for place, kind in kinds.items()
        if place != binding
    ]
    return binding, others


def find_times_together(headers: Sequence[TimeHeader], binding: int | None) -> list[int]:
    """Return the places of the times that bind together, [] if one binds alone.

    They stand under one header and name what is due in each: "Trình UBND", "Trình HĐND". Or their
    headers begin alike: "Thời gian trình UBND", "Thời gian trình HĐND".
    """
    by_place = {header.place: header for header in headers}
    if binding is None:
        return []
    kind = find_time_kind(by_place[binding])
    top = _find_shared_header(by_place[binding])
    beside = [
        header.place
        for header in headers
        if top and _find_shared_header(header) == top and find_time_kind(header) == kind
    ]
    return beside if len(beside) > 1 else []


def _find_shared_header(header: TimeHeader) -> str:
    """Return what a header may share with others: what stands above it, else its first words."""
    if len(header.parts) > 1:
        return header.parts[0]
    words = header.parts[0].split()
    return " ".join(words[:_SHARED_WORDS]) if len(words) > _SHARED_WORDS else ""


def is_stage(texts: Sequence[str]) -> bool:
    """Return whether a column without a known header holds times alone: days, months, quarters."""
    filled = [text for text in texts if text.strip(" -–x")]
    return bool(filled) and all(map(_is_short_time, filled))


def _is_short_time(text: str) -> bool:
    return len(text.split()) <= _MOST_WORDS_OF_STAGE and bool(
        _PLAIN_DAY.match(text) or _STAGE.match(fold(text))
    )


def is_month_first(texts: Sequence[str]) -> bool:
    """Return whether the bare days of a column begin with the month: some can be no other way."""
    days = [(int(found[1]), int(found[2])) for text in texts if (found := _PLAIN_DAY.match(text))]
    return any(second > _MONTHS >= first for first, second in days) and not any(
        first > _MONTHS for first, _ in days
    )


def is_plain_day(text: str) -> bool:
    """Return whether a cell holds nothing but a day in figures."""
    return _PLAIN_DAY.match(text) is not None
