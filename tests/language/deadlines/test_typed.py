"""What people type for a deadline (docs/dev/deadlines.md, "What a person types")."""

from datetime import date

import pytest

from language.deadlines import read_typed_deadline
from language.text import fold
from language.times.calendars import Calendar, DayKind

TODAY = date(2026, 11, 20)  # a Friday

CASES = [
    ("mai", "2026-11-21", None),
    ("hôm nay", "2026-11-20", None),
    ("chiều nay", "2026-11-20", None),
    ("ngày kia", "2026-11-22", None),
    ("ngày mốt", "2026-11-22", None),
    ("thứ 6 tuần sau", "2026-11-27", None),
    ("thứ hai", "2026-11-23", None),
    ("chủ nhật tuần này", "2026-11-22", None),
    ("t5 tuần tới", "2026-11-26", None),
    ("cuối tháng", "2026-11-30", None),
    ("đầu tháng", "2026-12-01", None),
    ("giữa tháng 12", "2026-12-15", None),
    ("cuối tháng sau", "2026-12-31", None),
    ("cuối năm", "2026-12-31", None),
    ("giữa năm", "2027-06-30", None),
    ("15/10", "2027-10-15", None),
    ("15/12", "2026-12-15", None),
    ("15 tháng 3", "2027-03-15", None),
    ("trước 15/12/2026", "2026-12-14", None),
    ("trước thứ 6 tuần sau", "2026-11-26", None),
    ("ngày 25", "2026-11-25", None),
    ("mùng 5", "2026-12-05", None),
    ("mùng 5 tháng sau", "2026-12-05", None),
    ("3 ngày nữa", "2026-11-23", None),
    ("sau 3 ngày", "2026-11-23", None),
    ("2 tuần nữa", "2026-12-04", None),
    ("1 tháng nữa", "2026-12-20", None),
    ("10 ngày kể từ hôm nay", "2026-11-30", None),
    ("2 ngày làm việc nữa", "2026-11-25", None),
    ("sáng mai 8h", "2026-11-21", "08:00"),
    ("17h ngày 20/11", "2026-11-20", "17:00"),
    ("chiều mai 2h", "2026-11-21", "14:00"),
    ("trước 17h mai", "2026-11-21", "17:00"),
    ("đến hết ngày mai", "2026-11-21", None),
    ("tháng 12", "2026-12-31", None),
    ("quý I", "2027-03-31", None),
    ("hết tháng", "2026-11-30", None),
    ("hết quý này", "2026-12-31", None),
    ("15-12", "2026-12-15", None),
    ("15.12", "2026-12-15", None),
    ("15 12 2026", "2026-12-15", None),
    ("24h mai", "2026-11-21", None),
    ("mùng mười tháng sau", "2026-12-10", None),
    ("trước lễ 2/9", "2027-09-01", None),
]
TRICKY = [
    (date(2026, 11, 29), "thứ 6 tuần sau", "2026-12-04"),  # a Sunday: the week ends today
    (date(2026, 11, 29), "thứ 2", "2026-11-30"),
    (date(2026, 1, 31), "1 tháng nữa", "2026-02-28"),
    (date(2026, 1, 31), "cuối tháng", "2026-01-31"),
    (date(2026, 1, 31), "ngày 30", "2026-03-30"),  # February has none
    (date(2026, 12, 31), "hết năm", "2026-12-31"),
    (date(2026, 12, 31), "mùng 5 tháng sau", "2027-01-05"),
    (date(2026, 12, 31), "cuối năm sau", "2027-12-31"),
    (date(2028, 2, 29), "29/2", "2028-02-29"),
    (date(2028, 2, 29), "1 năm nữa", "2029-02-28"),
]


@pytest.mark.parametrize(("today", "text", "day"), TRICKY)
def test_a_typed_day_is_understood_on_a_tricky_today(today: date, text: str, day: str) -> None:
    assert [
        str(read_typed_deadline(spelling, today).only_day) for spelling in (text, fold(text))
    ] == [day, day]


def test_a_day_that_next_month_lacks_is_no_deadline_of_every_month() -> None:
    found = read_typed_deadline("ngày 30 tháng sau", date(2026, 1, 31))
    assert (found.milestones, found.reason) == ((), "impossible")


def test_after_a_day_names_no_last_day() -> None:
    assert read_typed_deadline("sau lễ 2/9", TODAY).reason == "unread"


@pytest.mark.parametrize(("text", "day", "at"), CASES)
def test_a_typed_day_is_understood_with_and_without_diacritics(
    text: str, day: str, at: str | None
) -> None:
    for spelling in (text, fold(text), text.capitalize()):
        found = read_typed_deadline(spelling, TODAY)
        assert (str(found.only_day), found.at) == (day, at), spelling


def test_a_text_longer_than_any_deadline_is_not_read() -> None:
    longest = "15/12/2026" + " ạ" * 145
    assert len(longest) == 300
    assert read_typed_deadline(longest, TODAY).only_day == date(2026, 12, 15)
    assert read_typed_deadline(longest + " ạ", TODAY).reason == "unread"


def test_what_comes_by_regulation_is_understood_without_a_day() -> None:
    found = read_typed_deadline("theo quy định", TODAY)
    assert [milestone.kind for milestone in found.milestones] == ["regulation"]
    assert (found.only_day, found.reason) == (None, None)


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("tuần tới", ["2026-11-23", "2026-11-25", "2026-11-26", "2026-11-27"]),
        ("tuần sau nữa", ["2026-11-30", "2026-12-01", "2026-12-02", "2026-12-03", "2026-12-04"]),
        ("thứ 6", ["2026-11-20", "2026-11-27"]),
        ("cuối tuần", ["2026-11-20", "2026-11-21", "2026-11-22"]),
    ],
)
def test_where_several_days_may_be_meant_they_are_asked_about(text: str, days: list[str]) -> None:
    found = read_typed_deadline(text, TODAY)
    assert [str(day) for day in found.candidates] == days
    assert found.only_day is None


@pytest.mark.parametrize(
    ("text", "reason"),
    [("31/11", "impossible"), ("", "unread"), ("abc", "unread"), ("x" * 999, "unread")],
)
def test_what_is_not_understood_has_a_reason(text: str, reason: str) -> None:
    assert read_typed_deadline(text, TODAY).reason == reason


def test_what_comes_back_does_so_in_the_years_of_the_plan_from_today_on() -> None:
    (milestone,) = read_typed_deadline("ngày 05 hàng tháng", TODAY, (2026, 2027)).milestones
    assert (milestone.every, milestone.last_days[0], len(milestone.last_days)) == (
        "month",
        date(2026, 12, 5),
        13,
    )


def test_a_day_with_its_year_may_be_past() -> None:
    assert read_typed_deadline("trước 15/10/2026", TODAY).only_day == date(2026, 10, 14)


def test_the_calendar_of_the_admin_is_asked() -> None:
    storm = Calendar({date(2026, 11, 26): DayKind(False, "Nghỉ tránh bão")})
    assert date(2026, 11, 26) not in read_typed_deadline("tuần tới", TODAY, None, storm).candidates


def test_dateparser_is_only_asked_for_a_proposal() -> None:
    found = read_typed_deadline("20 thg 12", TODAY)
    assert (found.milestones, found.candidates) == ((), (date(2026, 12, 20),))
