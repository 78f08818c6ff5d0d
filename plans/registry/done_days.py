"""When the work of a task was done: read from a plan file, and set in it.

A plan file says it in several forms (docs/dev/plan-format.md rule 9); here they become one day
for each piece of work, and back.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from plans.format import DoneOn, MilestoneRow, TaskRow

Piece = tuple[int | None, date | None, str | None]
"""One piece of work: the milestone's place in the task (None if the task has none), the last day,
the agency's name."""


def list_pieces(row: TaskRow, agencies: Sequence[str | None]) -> list[Piece]:
    """Return every piece of work of a task, for these responsible agencies."""
    if not row.milestones:
        return [(None, None, agency) for agency in agencies]
    return [
        (place, day, agency)
        for place, milestone in enumerate(row.milestones)
        for day in (milestone.deadlines or (None,))
        for agency in agencies
    ]


def read_done_days(row: TaskRow, agencies: Sequence[str | None]) -> dict[Piece, date]:
    """Return the day on which each piece of `row` was done, for the pieces that are done."""
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
    """Return the day that `done_on` gives for this agency and last day, or None."""
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
    """Return `row` with `done_on` in the shortest form that `read_done_days` reads as `done`."""
    every = list_pieces(row, agencies)
    if every and set(every) <= set(done) and len(set(done.values())) == 1:
        return row.model_copy(update={"done_on": next(iter(done.values()))})
    whole = {
        agency: _get_single_day(done.get(piece) for piece in every if piece[2] == agency)
        for agency in agencies
    }
    by_agency = {
        agency: day for agency, day in whole.items() if agency is not None and day is not None
    }
    if len(agencies) > 1 and by_agency and {piece[2] for piece in done} == set(by_agency):
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
    """Return the `done_on` of one milestone in the shortest form, None if none of it is done."""
    days = milestone.deadlines or (None,)
    per_agency: dict[str | None, date | dict[str, date]] = {}
    for agency in agencies:
        dated = {day: done[place, day, agency] for day in days if (place, day, agency) in done}
        if dated:
            complete = len(dated) == len(days) and len(set(dated.values())) == 1
            per_agency[agency] = (
                next(iter(dated.values()))
                if complete
                else {d.isoformat(): v for d, v in dated.items() if d is not None}
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
    """Return the day if all of `days` are the same, None if they differ or one is missing."""
    different = set(days)
    return different.pop() if len(different) == 1 else None


def get_done_form(row: TaskRow) -> dict[str, Any] | None:
    """Return the `done_on` of a task and its milestones as JSON values, None if all are empty."""
    dumped = row.model_dump(
        mode="json", include={"done_on": True, "milestones": {"__all__": {"done_on"}}}
    )
    form = {"task": dumped["done_on"], "milestones": [m["done_on"] for m in dumped["milestones"]]}
    values = [form["task"], *form["milestones"]]
    return form if any(value is not None for value in values) else None


def apply_done_form(row: TaskRow, form: dict[str, Any]) -> TaskRow:
    """Return `row` with the `done_on` values of a form."""
    dumped = row.model_dump()
    dumped["done_on"] = form["task"]
    for milestone, value in zip(dumped["milestones"], form["milestones"], strict=False):
        milestone["done_on"] = value
    return TaskRow.model_validate(dumped)


def drop_days_after(row: TaskRow, today: date) -> TaskRow:
    """Return `row` without done days after `today`; what is left open by that is in progress."""
    form = get_done_form(row)
    kept = form and {name: _drop_after(value, today.isoformat()) for name, value in form.items()}
    if not kept or kept == form:
        return row
    is_open = kept["task"] is None and not row.status
    status = "in_progress" if is_open and row.done_on is not None else row.status
    return apply_done_form(row.model_copy(update={"status": status}), kept)


def _drop_after(value: Any, today: str) -> Any:
    """Return the JSON form of `done_on` without the days after `today`."""
    if isinstance(value, dict):
        kept = {name: _drop_after(one, today) for name, one in value.items()}
        return {name: one for name, one in kept.items() if one} or None
    if isinstance(value, list):
        return [_drop_after(one, today) for one in value]
    return None if value is not None and value > today else value
