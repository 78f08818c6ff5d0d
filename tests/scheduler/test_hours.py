"""When messages may go out."""

from __future__ import annotations

from datetime import date, time, timedelta

from language.times.calendars import Calendar
from scheduler import hours
from tests.support.fakes import at

CALENDAR = Calendar()
FRIDAY = date(2026, 10, 16)
SATURDAY = FRIDAY + timedelta(days=1)


def test_nothing_goes_out_at_night_or_on_days_off() -> None:
    assert hours.is_sending(at(FRIDAY, 7, 0), CALENDAR)
    assert hours.is_sending(at(FRIDAY, 17, 59), CALENDAR)
    assert not hours.is_sending(at(FRIDAY, 18, 0), CALENDAR)
    assert not hours.is_sending(at(FRIDAY, 6, 59), CALENDAR)
    assert not hours.is_sending(at(SATURDAY, 10, 0), CALENDAR)


def test_what_comes_after_hours_goes_out_when_the_next_working_day_opens() -> None:
    monday = at(FRIDAY + timedelta(days=3), 7, 0)
    assert hours.find_sending_moment(at(FRIDAY, 9, 5), CALENDAR) == at(FRIDAY, 9, 5)
    assert hours.find_sending_moment(at(FRIDAY, 5, 0), CALENDAR) == at(FRIDAY, 7, 0)
    for late in (at(FRIDAY, 18, 0), at(SATURDAY, 5, 0), at(SATURDAY, 7, 0), at(SATURDAY, 12, 0)):
        assert hours.find_sending_moment(late, CALENDAR) == monday


def test_after_hours_no_sending_time_goes_by_until_the_next_working_day_opens() -> None:
    monday = FRIDAY + timedelta(days=3)
    for evening in (at(FRIDAY, 18, 0), at(SATURDAY, 9, 0)):
        assert hours.measure_sending_time(evening, at(monday, 7, 0), CALENDAR) == timedelta()
    morning = hours.measure_sending_time(at(FRIDAY, 5, 0), at(FRIDAY, 7, 30), CALENDAR)
    assert morning == timedelta(minutes=30)


def test_sending_time_leaves_out_nights_and_days_off() -> None:
    monday = FRIDAY + timedelta(days=3)
    assert hours.measure_sending_time(at(FRIDAY, 17, 0), at(monday, 8, 0), CALENDAR) == timedelta(
        hours=2
    )


def test_an_hour_that_somebody_wishes_is_moved_into_the_day() -> None:
    assert hours.move_into_sending_hours(time(5, 0)) == time(7, 0)
    assert hours.move_into_sending_hours(time(22, 0)) == time(17, 59)
    assert hours.move_into_sending_hours(time(9, 15)) == time(9, 15)
