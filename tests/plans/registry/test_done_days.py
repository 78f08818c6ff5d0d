"""Done days are set in a plan file so that the same days are read from it."""

from datetime import date
from itertools import combinations

import pytest

from plans.format import MilestoneRow, TaskRow
from plans.registry.done_days import drop_days_after, list_pieces, read_done_days, set_done_days

JANUARY, JUNE, MAY = date(2031, 1, 31), date(2031, 6, 30), date(2031, 5, 1)
TASK = TaskRow(
    key="1",
    title="Đo nước",
    milestones=[
        MilestoneRow(kind="recurring", last_days=(JANUARY, JUNE)),
        MilestoneRow(kind="date", last_day=MAY),
    ],
)


@pytest.mark.parametrize("agencies", [[None], ["Sở Y tế"], ["Sở Y tế", "Sở Tài chính"]])
def test_what_is_set_is_read_again(agencies: list[str | None]) -> None:
    pieces = list_pieces(TASK, agencies)
    for count in range(len(pieces) + 1):
        for chosen in combinations(pieces, count):
            same = dict.fromkeys(chosen, MAY)
            assert read_done_days(set_done_days(TASK, agencies, same), agencies) == same
            different = {piece: date(2031, 2, 1 + n) for n, piece in enumerate(chosen)}
            assert read_done_days(set_done_days(TASK, agencies, different), agencies) == different


def test_one_day_for_all_is_the_shortest_form() -> None:
    agencies = ["Sở Y tế", "Sở Tài chính"]
    done = dict.fromkeys(list_pieces(TASK, agencies), MAY)
    assert set_done_days(TASK, agencies, done).done_on == MAY


def test_days_that_are_still_to_come_are_no_done_days() -> None:
    today = date(2026, 6, 15)
    done = TaskRow(key="1", title="Mở chợ", done_on=date(2026, 6, 15))
    assert drop_days_after(done, today) is done
    later = drop_days_after(done.model_copy(update={"done_on": date(2026, 6, 16)}), today)
    assert (later.done_on, later.status) == (None, "in_progress")
    by_agency = {"Sở Y tế": date(2026, 6, 1), "Sở Nội vụ": date(2026, 7, 1)}
    partly = drop_days_after(done.model_copy(update={"done_on": by_agency}), today)
    assert partly.done_on == {"Sở Y tế": date(2026, 6, 1)}
