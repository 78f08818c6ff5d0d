"""Days off, swapped days and counting by working days (docs/dev/deadlines.md, "Days off")."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from language.times.calendars import Calendar, DayKind, load_default_calendar

CALENDAR = load_default_calendar()


@pytest.mark.parametrize(
    ("day", "working"),
    [
        (date(2026, 11, 20), True),  # Friday
        (date(2026, 11, 21), False),  # Saturday
        (date(2026, 11, 24), False),  # Ngày Văn hóa Việt Nam, since 2026
        (date(2025, 11, 24), True),
        (date(2026, 1, 2), False),  # swapped
        (date(2026, 1, 10), True),  # the Saturday worked for it
        (date(2026, 8, 31), False),
        (date(2026, 8, 22), True),
        (date(2025, 5, 2), False),
        (date(2025, 4, 26), True),
        (date(2026, 2, 17), False),  # Tết
        (date(2026, 9, 2), False),
        (date(2024, 2, 14), False),  # mùng 5 Tết
        (date(2024, 2, 15), True),
        (date(2024, 4, 18), False),  # Giỗ Tổ
        (date(2024, 4, 29), False),  # swapped
        (date(2024, 5, 4), True),
        (date(2024, 9, 3), False),  # the second day of Quốc khánh
        (date(2025, 9, 1), False),
        (date(2026, 4, 27), False),  # Giỗ Tổ on a Sunday: the Monday after
        (date(2027, 5, 3), False),  # 01/5 on a Saturday
        (date(2027, 11, 24), False),
    ],
)
def test_a_day_is_worked_or_not(day: date, working: bool) -> None:
    assert CALENDAR.is_working(day) is working
    assert (CALENDAR.name_of_day_off(day) is None) is working


def test_days_off_have_names() -> None:
    assert CALENDAR.name_of_day_off(date(2026, 9, 2)) == "Quốc khánh"
    assert CALENDAR.name_of_day_off(date(2026, 11, 22)) == "Chủ nhật"
    assert CALENDAR.name_of_day_off(date(2026, 11, 21)) == "thứ Bảy"
    assert "10/01/2026" in (CALENDAR.name_of_day_off(date(2026, 1, 2)) or "")


def test_an_entry_of_an_admin_wins_over_all_else() -> None:
    storm, makeup = date(2026, 11, 19), date(2026, 1, 10)
    calendar = Calendar({storm: DayKind(False, "Nghỉ tránh bão"), makeup: DayKind(False)})
    assert calendar.name_of_day_off(storm) == "Nghỉ tránh bão"
    assert calendar.name_of_day_off(makeup) == "Ngày nghỉ"
    assert Calendar({date(2026, 9, 2): DayKind(True)}).is_working(date(2026, 9, 2))


def test_working_days_are_counted_over_days_off() -> None:
    assert CALENDAR.next_working_day(date(2026, 11, 20)) == date(2026, 11, 23)
    assert CALENDAR.add_working_days(date(2026, 11, 23), 1) == date(2026, 11, 25)
    assert CALENDAR.add_working_days(date(2026, 11, 25), -2) == date(2026, 11, 20)
    assert CALENDAR.add_working_days(date(2026, 11, 21), 0) == date(2026, 11, 21)
    assert CALENDAR.working_day_on_or_before(date(2025, 11, 30)) == date(2025, 11, 28)
    assert CALENDAR.working_day_on_or_before(date(2025, 11, 28)) == date(2025, 11, 28)
    assert CALENDAR.count_working_days(date(2026, 11, 20), date(2026, 11, 27)) == 4


def test_a_calendar_without_a_working_day_is_refused() -> None:
    start = date(2026, 3, 1)
    never = Calendar({start + timedelta(days=i): DayKind(False) for i in range(200)})
    with pytest.raises(ValueError, match="no working day"):
        never.add_working_days(start, 1)


@given(st.dates(date(2015, 1, 1), date(2035, 12, 31)), st.integers(-60, 60))
def test_adding_and_counting_agree(day: date, n: int) -> None:
    there = CALENDAR.add_working_days(day, n)
    assert n == 0 or CALENDAR.is_working(there)
    if n > 0:
        assert CALENDAR.count_working_days(day, there) == n
        assert CALENDAR.count_working_days(there, day) == -n
