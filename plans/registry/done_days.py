"""What a plan file says is done, spread over the single pieces of work, and said again from them (plan-format.md)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from plans.format import DoneOn, MilestoneRow, TaskRow

Piece = tuple[int | None, date | None, str | None]
"""One piece of work: milestone's place in the task (None: a task without milestones), last day, agency's name."""


def list_pieces(row: TaskRow, agencies: Sequence[str | None]) -> list[Piece]:
    """Every piece of work of a task for these responsible agencies."""
    if not row.milestones:
        return [(None, None, agency) for agency in agencies]
    return [
        (place, day, agency)
        for place, milestone in enumerate(row.milestones)
        for day in (milestone.deadlines or (None,))
        for agency in agencies
    ]


def read_done_days(row: TaskRow, agencies: Sequence[str | None]) -> dict[Piece, date]:
    """The days on which the pieces of `row` were done, as the file gives them for these agencies."""
    done: dict[Piece, date] = {}
    for piece in list_pieces(row, agencies):
        place, last_day, agency = piece
        day = _find_done_day(row.done_on, agency, last_day)
        if day is None and place is not None:
            day = _find_done_day(row.milestones[place].done_on, agency, last_day)
        if day is not None:
            done[piece] = day
    return done


def _find_done_day(
    done_on: DoneOn | None, agency: str | None, last_day: date | None
) -> date | None:
    if not isinstance(done_on, dict):
        return done_on
    entry: date | Mapping[str, date] | None = None
    if agency is not None:
        entry = done_on.get(agency)
    if entry is None and last_day is not None:
        entry = done_on.get(last_day.isoformat())
    if isinstance(entry, dict):
        return entry.get(last_day.isoformat()) if last_day is not None else None
    return entry if isinstance(entry, date) else None


def set_done_days(
    row: TaskRow, agencies: Sequence[str | None], done: Mapping[Piece, date]
) -> TaskRow:
    """`row` with `done_on` set so that `given` of it is `done`, in the shortest form."""
    every = list_pieces(row, agencies)
    if every and set(every) <= set(done) and len(set(done.values())) == 1:
        return row.model_copy(update={"done_on": next(iter(done.values()))})
    whole = {a: _get_single_day(done.get(p) for p in every if p[2] == a) for a in agencies}
    by_agency = {a: day for a, day in whole.items() if a is not None and day is not None}
    if len(agencies) > 1 and by_agency and {p[2] for p in done} == set(by_agency):
        return row.model_copy(update={"done_on": by_agency})
    milestones = [
        milestone.model_copy(
            update={"done_on": _make_milestone_done(place, milestone, agencies, done)}
        )
        for place, milestone in enumerate(row.milestones)
    ]
    return row.model_copy(update={"milestones": milestones})


def _make_milestone_done(
    place: int, milestone: MilestoneRow, agencies: Sequence[str | None], done: Mapping[Piece, date]
) -> DoneOn | None:
    days = milestone.deadlines or (None,)
    per_agency: dict[str | None, date | dict[str, date]] = {}
    for agency in agencies:
        found = {day: done[place, day, agency] for day in days if (place, day, agency) in done}
        if found:
            complete = len(found) == len(days) and len(set(found.values())) == 1
            per_agency[agency] = (
                next(iter(found.values()))
                if complete
                else {d.isoformat(): v for d, v in found.items() if d is not None}
            )
    if not per_agency:
        return None
    if len(agencies) == 1:
        return next(iter(per_agency.values()))
    values = list(per_agency.values())
    if len(per_agency) == len(agencies) and all(value == values[0] for value in values):
        return values[0]
    return {agency: value for agency, value in per_agency.items() if agency is not None}


def _get_single_day(days: Iterable[date | None]) -> date | None:
    """The one day that all of `days` are; None where they differ or one is missing."""
    found = set(days)
    return found.pop() if len(found) == 1 else None
