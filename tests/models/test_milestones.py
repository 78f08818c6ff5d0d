"""A milestone comes back from the registry as it was stored."""

from __future__ import annotations

from datetime import date

import pytest

from language.milestones import Milestone
from models.milestones import Deadline, make_milestone_row, read_milestone_row

OCTOBER, NOVEMBER, DECEMBER = date(2026, 10, 30), date(2026, 11, 30), date(2026, 12, 31)


@pytest.mark.parametrize(
    "milestone",
    [
        Milestone(what="Báo cáo", kind="date", last_day=NOVEMBER, printed_day=DECEMBER, at="17:00"),
        Milestone(kind="period", first_day=OCTOBER, last_day=DECEMBER, report="quý IV"),
        Milestone(
            kind="recurring", every="month", rrule="FREQ=MONTHLY", last_days=(OCTOBER, DECEMBER)
        ),
        Milestone(kind="recurring", every="year", last_days=(NOVEMBER,)),
        Milestone(kind="recurring", every="day"),
        Milestone(kind="relative", days=5, working_days=True, after="khi nhận văn bản"),
        Milestone(kind="relative", months=2, working_days=False, doubt="turn"),
        Milestone(kind="relative", days=10, after="ngày họp", last_day=NOVEMBER),
        Milestone(kind="regulation", reference="Nghị định"),
        Milestone(kind="ongoing"),
    ],
    ids=lambda milestone: milestone.kind,
)
def test_a_milestone_comes_back_as_it_was_stored(milestone: Milestone) -> None:
    row = make_milestone_row(milestone, task_id=7, position=2)
    assert (row.task_id, row.position) == (7, 2)
    deadlines = [
        Deadline(task_id=7, last_day=day, printed_day=milestone.printed_day)
        for day in milestone.deadlines
    ]
    assert read_milestone_row(row, deadlines) == milestone
    undated = Deadline(task_id=7)
    assert read_milestone_row(row, [undated, *deadlines]) == milestone


def test_a_deadline_counts_by_the_first_of_its_days() -> None:
    row = make_milestone_row(Milestone(kind="date"), 7, 0)
    days = [Deadline(task_id=7, last_day=day, printed_day=day) for day in (OCTOBER, NOVEMBER)]
    found = read_milestone_row(row, days)
    assert (found.last_day, found.printed_day) == (OCTOBER, OCTOBER)
