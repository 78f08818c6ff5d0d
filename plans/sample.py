"""The sample plan: tasks of an invented province, due around today, for people who try the bot.

The tasks are data in `locales/vi/sample_plan.toml`; here the days are filled in. What the
deadlines mean is left to `language.deadlines`, as for every other plan.
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


def make_sample_plan(today: date) -> PlanFile:
    """Return the sample plan for `today`: about 40 tasks, due before, on and after that day.

    What would have been done by `today` is done. The same day always gives the same plan.
    """
    data = load_data("sample_plan")
    head = _make_head(data["plan"], today)
    return PlanFile(plan=head, tasks=list(_make_tasks(data["section"], head, today)))


def _make_head(record: Mapping[str, Any], today: date) -> PlanHead:
    # The plan of a year is issued at the end of the year before. So on the first of January, too,
    # a day shortly before "today" is later than the day of issue.
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
    milestones = deadlines.read_deadline_cell(
        deadline_text, (today.year, today.year), head.issued_on
    )
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
            _add_done_days(milestones, record.get("done", ()), record.get("done_by", ()), today)
        ),
    )


def _add_done_days(
    milestones: Sequence[Milestone], offsets: Sequence[int], agencies: Sequence[str], today: date
) -> Iterator[MilestoneRow]:
    """Yield each milestone with the days on which its deadlines were done.

    A deadline is done on its last day plus the next of `offsets` (days), unless that day is after
    `today`. `agencies` are those that did it, empty for all.
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
    days: date | dict[str, date] = (
        done if milestone.kind == "recurring" else next(iter(done.values()))
    )
    return dict.fromkeys(agencies, days) if agencies else days


def fill_places(template: str, today: date) -> str:
    """Return `template` filled for `today`; the top of sample_plan.toml explains the places."""
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
    if place["unit"]:  # in the words of the deadline grammar, which reads it again
        return f"{day.day:02d} tháng {_format_month(day.month)} năm {day.year}"
    return f"{day.day:02d}/{_format_month(day.month)}/{day.year}"


def _clamp_number(number: int, last: int) -> int:
    """Return the nearest of 1 to `last`: a month or quarter stays in the plan's year."""
    return max(1, min(number, last))


def _format_month(month: int) -> str:
    """Return a month as officials write it: only 1 and 2 get a zero.

    Nghị định 30/2020/NĐ-CP, Phụ lục I.
    """
    return f"{month:02d}" if month <= 2 else str(month)
