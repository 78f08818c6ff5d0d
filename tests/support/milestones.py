"""Milestones as short text, for tests of what a deadline cell means."""

from datetime import date

from language.deadlines import read_deadline_cell
from language.milestones import Milestone

ISSUED_ON = date(2026, 1, 5)
Years = tuple[int, int] | int | None


def short(text: str, years: Years = 2026, issued_on: date | None = ISSUED_ON) -> list[str]:
    """Milestones as short text: "date 2026-06-14", "every month 2026-01-05..2026-12-05 x12"."""
    return [_short(m) for m in read_deadline_cell(text, years, issued_on)]


def _short(m: Milestone) -> str:
    if m.kind == "regulation" and m.doubt:
        return "doubt"
    if m.kind == "date":
        return f"date {m.last_day}"
    if m.kind == "period":
        return f"period {m.first_day}..{m.last_day}"
    if m.kind == "recurring":
        return f"every {m.every} {m.last_days[0]}..{m.last_days[-1]} x{len(m.last_days)}"
    if m.kind == "relative":
        count = f"{m.days} days" if m.days is not None else f"{m.months} months"
        return f"relative {count}{' working' if m.working_days else ''}"
    return f"ongoing {m.first_day}" if m.first_day else m.kind
