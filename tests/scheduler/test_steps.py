"""Which step falls on which day (docs/dev/reminders.md rules 4 to 9)."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from language.times.calendars import Calendar, DayKind
from scheduler import steps
from scheduler.defaults import DEFAULT_STEPS
from scheduler.hours import each_day
from scheduler.steps import StepDay

CALENDAR = Calendar()
USUAL = DEFAULT_STEPS
FRIDAY = date(2026, 10, 16)  # an ordinary week without public holidays around it
DAYS = st.dates(date(2020, 1, 1), date(2028, 12, 31))


def _list_steps(
    last_day: date, until: date, own: tuple[int, ...] = USUAL, since: date | None = None
) -> list[StepDay]:
    days = each_day(since or last_day - timedelta(days=60), until)
    return [
        StepDay(day, step)
        for day in days
        if CALENDAR.is_working(day) and (step := steps.find_step(day, last_day, own, CALENDAR))
    ]


def test_steps_before_the_last_day_fall_on_their_days_or_the_working_day_before() -> None:
    told = _list_steps(FRIDAY, FRIDAY)
    assert [(f.day.isoformat(), f.step) for f in told] == [
        ("2026-09-16", "before-30"),
        ("2026-10-02", "before-14"),
        ("2026-10-09", "before-7"),
        ("2026-10-13", "before-3"),
        ("2026-10-15", "before-1"),
        ("2026-10-16", "on-day"),
    ]


def test_a_last_day_on_sunday_is_told_on_friday_by_the_step_nearest_to_it() -> None:
    told = _list_steps(date(2026, 10, 18), date(2026, 10, 18))
    assert (told[-1].day, told[-1].step) == (FRIDAY, "on-day")
    assert [f.step for f in told].count("before-1") == 0


def test_overdue_steps_go_every_third_working_day_then_weekly_on_monday() -> None:
    told = _list_steps(FRIDAY, FRIDAY + timedelta(days=60), since=FRIDAY + timedelta(days=1))
    assert [(f.day.isoformat(), f.step) for f in told][:4] == [
        ("2026-10-19", "overdue-3"),
        ("2026-10-22", "overdue-6"),
        ("2026-10-27", "overdue-11"),
        ("2026-10-30", "overdue-14"),
    ]
    later = [f.day for f in told if (f.day - FRIDAY).days > 30]
    assert [day.isoformat() for day in later] == [
        "2026-11-16",
        "2026-11-23",
        "2026-11-30",
        "2026-12-07",
        "2026-12-14",
    ]


@pytest.mark.parametrize(
    ("last_day", "day", "step"),
    [
        (date(2026, 10, 5), date(2026, 11, 4), "overdue-30"),  # a third working day, Wednesday
        (date(2026, 10, 3), date(2026, 11, 3), None),  # a third working day, but the 31st
        (date(2026, 10, 17), date(2026, 11, 16), None),  # Monday, but no third working day
        (date(2026, 10, 17), date(2026, 11, 23), "overdue-37"),
        (date(2026, 10, 16), date(2026, 11, 16), "overdue-31"),
    ],
)
def test_thirty_days_after_the_last_one_a_week_takes_the_place_of_three_working_days(
    last_day: date, day: date, step: str | None
) -> None:
    assert steps.find_step(day, last_day, USUAL, CALENDAR) == step


def test_before_a_long_break_every_monday_of_it_counts() -> None:
    """Two weeks off, as at the lunar new year: the Friday before has the digest of both Mondays."""
    days = [FRIDAY + timedelta(days=n) for n in range(1, 15)]
    off = Calendar({day: DayKind(False, "nghỉ") for day in days})
    mondays = [date(2026, 10, 19), date(2026, 10, 26)]
    assert list(steps.list_mondays_for(FRIDAY, off)) == mondays
    assert steps.find_digest_days([FRIDAY, date(2026, 11, 2)], off) == [FRIDAY, date(2026, 11, 2)]


def test_a_digest_comes_on_mondays_only() -> None:
    week = [date(2026, 10, 12) + timedelta(days=n) for n in range(5)]
    assert steps.find_digest_days(week, CALENDAR) == week[:1]


def test_a_monday_off_moves_its_weekly_word_to_the_friday_before() -> None:
    off = Calendar({date(2026, 11, 23): DayKind(False, "nghỉ bù")})
    assert list(steps.list_mondays_for(date(2026, 11, 20), off)) == [date(2026, 11, 23)]
    assert steps.find_step(date(2026, 11, 20), FRIDAY, USUAL, off) == "overdue-35"
    assert steps.find_digest_days([date(2026, 11, 20), date(2026, 11, 24)], off) == [
        date(2026, 11, 20)
    ]


def test_escalations_count_working_days() -> None:
    window = [FRIDAY + timedelta(days=n) for n in range(1, 12)]
    found = steps.find_escalations(window, FRIDAY, CALENDAR)
    assert {count: (fall.day.isoformat(), fall.step) for count, fall in found.items()} == {
        1: ("2026-10-19", "escalate-1"),
        3: ("2026-10-21", "escalate-3"),
        7: ("2026-10-27", "escalate-7"),
    }


def test_a_group_hears_of_a_missed_deadline_on_the_first_working_day_after_it() -> None:
    assert steps.find_missed_step([date(2026, 10, 19)], FRIDAY, CALENDAR) == StepDay(
        date(2026, 10, 19), "overdue-3"
    )
    assert steps.find_missed_step([date(2026, 10, 20)], FRIDAY, CALENDAR) is None
    assert steps.find_missed_step([FRIDAY], FRIDAY, CALENDAR) is None


def test_a_period_is_told_on_its_first_working_day() -> None:
    monday, tuesday = date(2026, 11, 2), date(2026, 11, 3)
    assert steps.find_period_starts([monday, tuesday], CALENDAR) == {
        date(2026, 10, 31): monday,
        date(2026, 11, 1): monday,
        monday: monday,
        tuesday: tuesday,
    }


def test_the_bot_asks_15_working_days_after_a_change_and_20_after_it_asked() -> None:
    word = date(2026, 9, 28)
    first, second = CALENDAR.add_working_days(word, 15), CALENDAR.add_working_days(word, 20)
    assert steps.find_quiet_end(first, CALENDAR) == word
    assert steps.find_quiet_end(first - timedelta(days=1), CALENDAR) < word
    assert steps.find_asking_end(second, CALENDAR) == word
    assert steps.find_asking_end(second - timedelta(days=1), CALENDAR) < word


def test_only_the_newest_missed_step_is_found() -> None:
    window = steps.find_working_window(date(2026, 10, 1), date(2026, 10, 14), CALENDAR)
    assert steps.find_newest_step(window, FRIDAY, USUAL, CALENDAR) == StepDay(
        date(2026, 10, 13), "before-3"
    )


def test_nothing_is_planned_on_a_day_off() -> None:
    assert steps.find_working_window(FRIDAY, FRIDAY + timedelta(days=1), CALENDAR) == []


def test_the_last_planned_day_and_the_working_days_since_are_looked_at() -> None:
    monday = FRIDAY + timedelta(days=3)
    assert steps.find_working_window(None, FRIDAY, CALENDAR) == [FRIDAY]
    assert steps.find_working_window(FRIDAY, FRIDAY, CALENDAR) == [FRIDAY]
    assert steps.find_working_window(FRIDAY, monday, CALENDAR) == [FRIDAY, monday]


def test_what_was_missed_more_than_three_months_ago_is_not_caught_up() -> None:
    window = steps.find_working_window(date(2026, 1, 5), FRIDAY, CALENDAR)
    assert window[0] == date(2026, 7, 16)  # 92 days before
    assert window[-1] == FRIDAY


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("abc", "word"),
        ("3²", "word"),
        ("٣", "word"),
        ("366", "range"),
        ("", "word"),
        ("-1", "word"),
        ("1 " * 3 + "x", "word"),
    ],
)
def test_steps_that_cannot_be_are_refused(text: str, reason: str) -> None:
    with pytest.raises(steps.StepsError) as fault:
        steps.read_steps(text)
    assert fault.value.reason == reason


def test_too_many_steps_are_refused() -> None:
    with pytest.raises(steps.StepsError) as fault:
        steps.read_steps(" ".join(map(str, range(13))))
    assert fault.value.reason == "many"
    assert len(steps.read_steps(" ".join(map(str, range(12))))) == 12


def test_steps_are_read_as_typed() -> None:
    assert steps.read_steps("3, 30;7 7 0 365") == (365, 30, 7, 3, 0)


@given(last_day=DAYS, own=st.sets(st.integers(0, 60), min_size=1, max_size=6))
def test_every_step_is_told_once_or_a_nearer_one_on_its_day(last_day: date, own: set[int]) -> None:
    steps_ = tuple(sorted(own, reverse=True))
    told = {
        f.day: f.step
        for f in _list_steps(last_day, last_day, steps_, since=last_day - timedelta(days=90))
    }
    for count in own:
        day = CALENDAR.working_day_on_or_before(last_day - timedelta(days=count))
        assert steps.rank_step(told[day]) >= -count
    assert len(set(told.values())) == len(told)


@given(last_day=DAYS)
def test_an_overdue_deadline_is_never_left_alone_for_two_weeks_of_work(last_day: date) -> None:
    days = [
        f.day
        for f in _list_steps(
            last_day, last_day + timedelta(days=120), since=last_day + timedelta(days=1)
        )
    ]
    assert days[0] == CALENDAR.next_working_day(last_day)
    for one, other in pairwise(days):
        assert CALENDAR.count_working_days(one, other) <= 10
    assert all(CALENDAR.is_working(day) for day in days)


@given(last_day=DAYS, own=st.sets(st.integers(0, 60), min_size=1, max_size=6))
def test_the_newest_step_of_a_window_is_the_last_one_on_its_days(
    last_day: date, own: set[int]
) -> None:
    steps_ = tuple(sorted(own, reverse=True))
    since = last_day - timedelta(days=90)
    window = [day for day in each_day(since, last_day) if CALENDAR.is_working(day)]
    newest = steps.find_newest_step(window, last_day, steps_, CALENDAR)
    assert newest == _list_steps(last_day, last_day, steps_, since)[-1]


def test_a_step_of_the_deadline_outranks_a_question_and_a_wish_of_the_same_day() -> None:
    asked, wished = (steps.name_recurring(kind, FRIDAY) for kind in (steps.UPDATE, steps.LATER))
    of_deadline = ["before-365", "before-30", "before-1", "on-day", "overdue-1", "overdue-9"]
    ranks = [steps.rank_step(step) for step in (wished, asked, steps.START, *of_deadline)]
    assert sorted(set(ranks)) == ranks


def test_people_read_a_question_and_a_wish_without_their_day() -> None:
    stored = (steps.name_recurring(kind, FRIDAY) for kind in (steps.UPDATE, steps.LATER))
    assert [steps.strip_day(step) for step in (*stored, "before-7", "on-day")] == [
        "update",
        "later",
        "before-7",
        "on-day",
    ]
