"""Phrases that many answers share: a last day and how far off it is, a sign, a line of parts."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from locales.answer import Sentence, say


def describe_last_day(day: date, today: date) -> Sentence:
    """Return "thứ Bảy 14/10/2017 – còn 3 ngày", "... – hôm nay" or "... – quá hạn 5 ngày"."""
    left = (day - today).days
    if left < 0:
        return say("day-overdue", day=day, count=-left)
    if left == 0:
        return say("day-today", day=day)
    if left == 1:
        return say("day-tomorrow", day=day)
    return say("day-left", day=day, count=left)


def choose_mark(day: date | None, today: date) -> Sentence:
    """Return the sign of a last day: overdue, within a week, later, or without a date."""
    if day is None:
        return say("mark-undated")
    left = (day - today).days
    return say("mark-overdue" if left < 0 else "mark-near" if left <= 7 else "mark-later")


def join_beside(parts: Iterable[Sentence]) -> Sentence:
    """Join the parts in one line with dots between them. Raises ValueError if there is none."""
    line: Sentence | None = None
    for part in parts:
        line = part if line is None else say("beside", left=line, right=part)
    if line is None:
        raise ValueError("nothing to put side by side")
    return line


def shorten_text(text: str, limit: int) -> str:
    """Cut `text` at a word to at most `limit` characters; … stands for what is left out."""
    if len(text) <= limit:
        return text
    cut = text.rfind(" ", 0, limit)
    return text[: cut if cut > limit // 2 else limit - 1].rstrip(" ,;:.-–(") + "…"
