"""Small phrases that many answers share: a last day with its weekday and how far off it is."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from locales.answer import Sentence, say


def describe_last_day(day: date, today: date) -> Sentence:
    """ "thứ Bảy 14/10/2017 – còn 3 ngày", "... – hôm nay", "... – quá hạn 5 ngày"."""
    left = (day - today).days
    if left < 0:
        return say("day-overdue", day=day, count=-left)
    if left == 0:
        return say("day-today", day=day)
    if left == 1:
        return say("day-tomorrow", day=day)
    return say("day-left", day=day, count=left)


def choose_mark(day: date | None, today: date) -> Sentence:
    """The sign at a glance: overdue, within a week, later, without a date."""
    if day is None:
        return say("mark-undated")
    left = (day - today).days
    return say("mark-overdue" if left < 0 else "mark-near" if left <= 7 else "mark-later")


def join_beside(parts: Iterable[Sentence]) -> Sentence:
    """The parts in one line with dots between them. Raises ValueError for none."""
    line: Sentence | None = None
    for part in parts:
        line = part if line is None else say("beside", left=line, right=part)
    if line is None:
        raise ValueError("nothing to put side by side")
    return line


def shorten_text(text: str, limit: int) -> str:
    """`text` cut at a word to at most `limit` characters, with … where something is left out."""
    if len(text) <= limit:
        return text
    cut = text.rfind(" ", 0, limit)
    return text[: cut if cut > limit // 2 else limit - 1].rstrip(" ,;:.-–(") + "…"
