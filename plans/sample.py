"""The sample plan: a plan of an invented province for the year of the day it is loaded, so that a newcomer sees life.

The tasks are data in `locales/vi/sample_plan.toml`; here the days are filled in. What the deadlines mean is left to
`language.deadlines`, as for every other plan.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from itertools import cycle
from typing import Any

from language import deadlines
from language.milestones import Milestone
from locales.data import load_data
from plans.format import DoneOn, MilestoneRow, PlanFile, PlanHead, TaskRow

QUARTERS = ("I", "II", "III", "IV")
_SECTIONS = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X")
_PLACE = re.compile(r"\{(?:y(?P<years>[+-]\d+)?|(?P<offset>0|[+-]\d+)(?P<unit>[mq]| chữ)?)\}")


def _load_sample_data() -> Mapping[str, Any]:
    """sample_plan.toml, read once."""
    return load_data("sample_plan")


def make_sample_plan(today: date) -> PlanFile:
    """The sample plan as it is loaded on `today`: about 40 tasks with deadlines before, around and after that day.

    What would have been done by `today` is done. The same day always gives the same plan.
    """
    head = _make_head(_load_sample_data()["plan"], today)
    return PlanFile(plan=head, tasks=list(_make_tasks(_load_sample_data()["section"], head, today)))


def _make_head(record: Mapping[str, Any], today: date) -> PlanHead:
    # The plan of a year is issued at the end of the year before: a day printed shortly before "today" is then
    # later than the day of issue on the first of January too.
    issued = record["issued"]
    return PlanHead(
        title=fill_places(record["title"], today),
        number=record["number"],
        issuer=record["issuer"],
        issued_on=date(today.year - 1, issued["month"], issued["day"]),
        first_year=today.year,
        last_year=today.year,
    )


def _make_tasks(
    sections: Sequence[Mapping[str, Any]], head: PlanHead, today: date
) -> Iterator[TaskRow]:
    for numeral, section in zip(_SECTIONS, sections, strict=False):
        for number, record in enumerate(section["task"], start=1):
            yield _make_task(f"{numeral}.{number}", section["title"], record, head, today)


def _make_task(
    key: str, section: str, record: Mapping[str, Any], head: PlanHead, today: date
) -> TaskRow:
    deadline_text = fill_places(record["deadline"], today)
    read = deadlines.read_deadline_cell(deadline_text, (today.year, today.year), head.issued_on)
    return TaskRow(
        key=key,
        section=section,
        title=fill_places(record["title"], today),
        code=record.get("code"),
        lead=record["lead"],
        partners=record.get("partners", []),
        deliverables=record.get("deliverables", []),
        requirement=record.get("requirement"),
        deadline_text=deadline_text,
        milestones=list(
            _add_done_days(read, record.get("done", ()), record.get("done_by", ()), today)
        ),
    )


def _add_done_days(
    milestones: Sequence[Milestone], offsets: Sequence[int], agencies: Sequence[str], today: date
) -> Iterator[MilestoneRow]:
    """Each milestone with the days on which its deadlines were done: the last day plus the next of `offsets` (days).

    A day after `today` has not come: that deadline is unfinished. `agencies` are those that did it, empty for all.
    """
    offset = cycle(offsets or (None,))
    for milestone in milestones:
        done: dict[str, date] = {}
        for last_day in milestone.deadlines:
            days = next(offset)
            if days is not None and last_day + timedelta(days) <= today:
                done[last_day.isoformat()] = last_day + timedelta(days)
        yield MilestoneRow(
            **milestone.model_dump(), done_on=_make_done_on(milestone, done, agencies)
        )


def _make_done_on(
    milestone: Milestone, done: dict[str, date], agencies: Sequence[str]
) -> DoneOn | None:
    if not done:
        return None
    said: date | dict[str, date] = (
        done if milestone.kind == "recurring" else next(iter(done.values()))
    )
    return dict.fromkeys(agencies, said) if agencies else said


def fill_places(template: str, today: date) -> str:
    """`template` with its places filled for `today`; the places are explained at the top of sample_plan.toml."""
    return _PLACE.sub(lambda place: _fill_place(place, today), template)


def _fill_place(place: re.Match[str], today: date) -> str:
    if place["offset"] is None:
        return str(today.year + int(place["years"] or 0))
    offset = int(place["offset"])
    if place["unit"] == "m":
        return f"{_clamp_number(today.month + offset, 12):02d}/{today.year}"
    if place["unit"] == "q":
        return f"{QUARTERS[_clamp_number((today.month + 2) // 3 + offset, 4) - 1]}/{today.year}"
    day = today + timedelta(days=offset)
    if place["unit"]:
        return f"{day.day:02d} tháng {_format_month(day.month)} năm {day.year}"
    return f"{day.day:02d}/{_format_month(day.month)}/{day.year}"


def _clamp_number(number: int, last: int) -> int:
    """`number` kept between 1 and `last`: a month or quarter that is counted on or back stays in the plan's year."""
    return max(1, min(number, last))


def _format_month(month: int) -> str:
    """A month as officials write it: only 1 and 2 get a zero (Nghị định 30/2020/NĐ-CP, Phụ lục I)."""
    return f"{month:02d}" if month <= 2 else str(month)
