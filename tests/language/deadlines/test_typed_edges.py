"""What people type at the edges of its rules: today itself, the last number, one word more."""

from datetime import date

import pytest

from language.deadlines import read_typed_deadline
from language.times.calendars import Calendar

TODAY = date(2026, 11, 20)  # a Friday
WEDNESDAY = date(2026, 11, 25)
LONGEST = 300  # letters that are read


def ask(text: str, today: date = TODAY) -> list[str]:
    """Return the days that are asked about."""
    return [str(day) for day in read_typed_deadline(text, today).candidates]


def read_day(text: str, today: date = TODAY) -> str:
    """Return the only day that is understood."""
    return str(read_typed_deadline(text, today).only_day)


@pytest.mark.parametrize("text", ["thứ 5 tuần sau", "thuws 5 tuaanf sau"])
def test_a_text_is_read_up_to_its_longest(text: str) -> None:
    longest = f"{text} ".ljust(LONGEST, ".")
    assert read_day(longest) == "2026-11-26"
    assert read_typed_deadline(longest + ".", TODAY).reason == "unread"


@pytest.mark.parametrize("year", ["2025", "2026"])
def test_days_that_are_past_are_not_asked_about(year: str) -> None:
    assert ask(f"19/11/{year} hoặc 25/11/2026") == ["2026-11-25"]
    assert read_typed_deadline(f"18/11/{year} hoặc 19/11/{year}", TODAY).reason == "past"


def test_an_alternative_that_is_not_understood_leaves_the_other_unread() -> None:
    assert read_typed_deadline("25/11 hoặc 31/11", TODAY).reason == "unread"
    assert ask("25/11/2026 hoặc thứ 6") == ["2026-11-20", "2026-11-25", "2026-11-27"]
    assert ask("thứ 5 tuần sau hoặc thứ 6 tuần sau") == ["2026-11-26", "2026-11-27"]
    assert ask("thứ 2 hoặc thứ 3 tuần sau nữa") == ["2026-11-30", "2026-12-01"]
    assert len(ask("25/11 hay tuần sau nữa")) == 6


@pytest.mark.parametrize(
    "text", ["tuần 2 tháng 13", "tuần 2 tháng 12, 31/11", "tuần 1 tháng 12 ngày 30/2"]
)
def test_a_week_beside_a_day_that_is_none_is_impossible(text: str) -> None:
    assert read_typed_deadline(text, TODAY).reason == "impossible"


def test_of_a_week_that_has_begun_the_rest_is_asked_about() -> None:
    assert ask("tuần 3 tháng 11 năm 2026") == ["2026-11-20"]
    assert ask("tuần này", WEDNESDAY) == ["2026-11-25", "2026-11-26", "2026-11-27"]
    assert read_typed_deadline("tuần 1 tháng 3 năm 2026", TODAY).reason == "past"
    assert read_typed_deadline("tuần 2 tháng 11 năm 2026", TODAY).reason == "past"


def test_of_a_week_without_a_working_day_every_day_is_asked_about() -> None:
    assert ask("tuần này", date(2026, 11, 21)) == ["2026-11-21", "2026-11-22"]
    new_year = ask("tuần 3 tháng 2 năm 2026", date(2026, 2, 1))
    assert (new_year[0], new_year[-1], len(new_year)) == ("2026-02-15", "2026-02-21", 7)


@pytest.mark.parametrize(
    ("text", "today", "days"),
    [
        ("giữa tuần", WEDNESDAY, ["2026-11-25"]),
        ("giữa tuần", date(2026, 11, 26), ["2026-12-02"]),
        ("giữa tuần", date(2026, 11, 23), ["2026-11-25"]),
        ("cuối tuần", date(2026, 11, 19), ["2026-11-20", "2026-11-21", "2026-11-22"]),
        ("cuối tuần", date(2026, 11, 21), ["2026-11-21", "2026-11-22"]),
        ("cuối tuần", date(2026, 11, 22), ["2026-11-22"]),
        ("cuối tuần sau nữa", TODAY, ["2026-12-04", "2026-12-05", "2026-12-06"]),
        ("thứ 4", WEDNESDAY, ["2026-11-25", "2026-12-02"]),
    ],
)
def test_a_part_of_a_week_is_asked_about_until_it_is_past(
    text: str, today: date, days: list[str]
) -> None:
    assert ask(text, today) == days


@pytest.mark.parametrize(
    ("text", "today", "day"),
    [
        ("đầu tuần", date(2026, 11, 23), "2026-11-23"),
        ("đầu tuần", date(2026, 11, 24), "2026-11-30"),
        ("đầu tháng", date(2026, 12, 1), "2026-12-01"),
        ("đầu tháng", date(2026, 12, 2), "2027-01-01"),
        ("giữa tháng", date(2026, 12, 15), "2026-12-15"),
        ("giữa tháng", date(2026, 12, 16), "2027-01-15"),
        ("đầu quý", date(2026, 10, 2), "2027-01-01"),
        ("giữa quý", date(2026, 11, 15), "2026-11-15"),
        ("giữa quý này", date(2026, 11, 16), "2027-02-15"),
        ("giữa năm", date(2026, 6, 30), "2026-06-30"),
        ("giữa năm", date(2026, 7, 1), "2027-06-30"),
        ("giữa năm 2028", TODAY, "2028-06-30"),
        ("đầu năm", TODAY, "2027-01-01"),
        ("đầu năm 2028", TODAY, "2028-01-01"),
        ("giữa quý III/2027", TODAY, "2027-08-15"),
        ("trước giữa tuần", TODAY, "2026-11-24"),
        ("trước giữa tuần sau nữa", TODAY, "2026-12-01"),
        ("trước giữa tháng 12", TODAY, "2026-12-14"),
        ("trước cuối tháng", TODAY, "2026-11-29"),
        ("trước giữa năm", TODAY, "2027-06-29"),
        ("trước đầu tháng", TODAY, "2026-11-30"),
    ],
)
def test_a_part_of_a_period_is_the_next_one_that_is_not_past(
    text: str, today: date, day: str
) -> None:
    assert read_day(text, today) == day


@pytest.mark.parametrize(
    ("text", "today", "day"),
    [
        ("trước thứ 4", WEDNESDAY, "2026-12-01"),
        ("trước thứ 4", date(2026, 11, 24), "2026-11-24"),
        ("trước thứ 5", WEDNESDAY, "2026-11-25"),
        ("trước mai", TODAY, "2026-11-20"),
        ("trước ngày 21", TODAY, "2026-11-20"),
    ],
)
def test_before_a_day_ends_on_the_day_before_it_but_not_before_today(
    text: str, today: date, day: str
) -> None:
    assert read_day(text, today) == day


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("trước 17h cuối tháng", "2026-11-30"),
        ("trước 17h thứ 4 tuần sau", "2026-11-25"),
        ("5h chiều thứ 4 tuần sau", "2026-11-25"),
        ("trước 17h 25 tháng này", "2026-11-25"),
        ("17h cuối tháng", "2026-11-30"),
        ("17h, mai", "2026-11-21"),
        ("mai lúc 17h", "2026-11-21"),
        ("lúc 17h mai", "2026-11-21"),
    ],
)
def test_before_an_hour_of_a_day_that_day_is_the_last(text: str, day: str) -> None:
    found = read_typed_deadline(text, TODAY)
    assert (str(found.only_day), found.at) == (day, "17:00")
    assert [milestone.at for milestone in found.milestones] == ["17:00"]


@pytest.mark.parametrize("text", ["tuần sau, theo quy định", "theo quy định, tuần sau"])
def test_a_regulation_beside_a_week_leaves_its_days_to_choose_from(text: str) -> None:
    assert len(ask(text)) == 4


@pytest.mark.parametrize("at", ["17h tuần sau", "tuần sau, trước 17h"])
def test_the_hour_of_a_week_is_kept_with_the_days_to_choose_from(at: str) -> None:
    found = read_typed_deadline(at, TODAY)
    assert (len(found.candidates), found.at) == (4, "17:00")


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("thứ hai 25/12", ["2026-12-25", "2026-12-28"]),
        ("thứ ba ngày 25/12", ["2026-12-22", "2026-12-25"]),
        ("thứ tư, trước ngày 25/12", ["2026-12-23", "2026-12-25"]),
        ("25/12 (thứ bảy)", ["2026-12-25", "2026-12-26"]),
        ("chủ nhật 25/12", ["2026-12-25", "2026-12-27"]),
        ("thứ tư ngày 21/11", ["2026-11-21"]),
        ("thứ sáu ngày 21/11", ["2026-11-20", "2026-11-21"]),
    ],
)
def test_beside_a_day_of_another_weekday_the_nearest_one_is_asked_about(
    text: str, days: list[str]
) -> None:
    assert ask(text) == days


@pytest.mark.parametrize(
    ("text", "day"), [("thứ sáu, ngày 25/12", "2026-12-25"), ("thứ sáu trước 25/12", "2026-12-24")]
)
def test_a_weekday_that_fits_its_day_is_not_asked_about(text: str, day: str) -> None:
    assert read_day(text) == day


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("25 tháng này", "2026-11-25"),
        ("20 tháng này", "2026-11-20"),
        ("trước 25 tháng này", "2026-11-24"),
        ("10 tháng này", "2026-11-10"),
        ("mùng 5 tháng này", "2026-11-05"),
        ("đến hết 22 tháng này", "2026-11-22"),
        ("từ 20 đến 25 tháng này", "2026-11-25"),
        ("20-25 tháng này", "2026-11-25"),
        ("25 thang nay", "2026-11-25"),
    ],
)
def test_a_number_of_this_month_is_its_day_never_so_many_months(text: str, day: str) -> None:
    assert read_day(text) == day


def test_a_day_that_this_month_lacks_is_not_read() -> None:
    assert read_typed_deadline("31 tháng này", TODAY).reason == "unread"


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("13 tháng sau", ["2026-12-13", "2027-12-20"]),
        ("31 tháng tới", ["2026-12-31", "2029-06-20"]),
        ("vào 22 tháng tới", ["2026-12-22", "2028-09-20"]),
    ],
)
def test_a_number_of_next_month_is_its_day_or_so_many_months(text: str, days: list[str]) -> None:
    assert ask(text) == days


@pytest.mark.parametrize(
    ("text", "today", "day"),
    [
        ("12 tháng sau", TODAY, "2027-11-20"),
        ("32 tháng sau", TODAY, "2029-07-20"),
        ("ngày 22 tháng sau", TODAY, "2026-12-22"),
        ("31 tháng sau", date(2026, 1, 30), "None"),
    ],
)
def test_a_number_that_is_no_day_of_next_month_counts_months(
    text: str, today: date, day: str
) -> None:
    assert read_day(text, today) == day


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("1-2 ngày nữa", ["2026-11-21", "2026-11-22"]),
        ("ba, bốn ngày nữa", ["2026-11-23", "2026-11-24"]),
        ("khoảng 2-3 tháng nữa", ["2027-01-20", "2027-02-20"]),
        ("trong 20-30 ngày tới", ["2026-12-10", "2026-12-20"]),
        ("3-2 ngày nữa", []),
        ("2-2 ngày nữa", []),
        ("0-2 ngày nữa", []),
        ("²-³ ngày nữa", []),
        ("vài-ba ngày nữa", []),
    ],
)
def test_between_two_counts_both_days_are_asked_about(text: str, days: list[str]) -> None:
    assert ask(text) == days


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2 ngày 1 tháng nữa", "2026-03-02"),
        ("1 tháng và 2 ngày nữa", "2026-03-02"),
        ("1 tuần, 1 tháng nữa", "2026-03-07"),
        ("1 tháng 0 ngày nữa", "2026-02-28"),
    ],
)
def test_months_are_counted_before_days_in_whatever_order(text: str, day: str) -> None:
    assert read_day(text, date(2026, 1, 30)) == day


def test_a_sum_beyond_the_calendar_is_not_made() -> None:
    assert read_day("999 năm " * 9 + "nữa") == "3025-11-20"


@pytest.mark.parametrize("text", ["trước 3 ngày", "trước 8 tháng sau", "trước 1 tuần"])
def test_a_count_back_from_today_is_past(text: str) -> None:
    found = read_typed_deadline(text, TODAY)
    assert (found.milestones, found.reason) == ((), "past")


@pytest.mark.parametrize("text", ["sau 0 ngày", "0 ngày kể từ hôm nay"])
def test_a_count_of_none_ends_today(text: str) -> None:
    assert read_day(text) == "2026-11-20"


def test_working_days_are_counted_by_the_calendar() -> None:
    weekend = Calendar({})
    found = read_typed_deadline("sau 2 ngày làm việc", TODAY, None, weekend)
    assert found.only_day == date(2026, 11, 25)  # 24/11 is a feast


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("mot", "2026-11-22"),
        ("1 ngày nữa", "2026-11-21"),
        ("một ngày nữa", "2026-11-21"),
        ("mot ngay nua", "2026-11-21"),
        ("20 tây tháng sau", "2026-12-20"),
        ("hôm 25", "2026-11-25"),
        ("sang ngay 24", "2026-11-24"),
        ("trước tuần sau, thứ tư", "2026-11-24"),
        ("xong tuần tới, chủ nhật", "2026-11-29"),
        ("2027-01-15", "2027-01-15"),
        ("2027 3 15", "2027-03-15"),
        ("1/1 hay 1/1", "None"),
        ("15 12", "2026-12-15"),
        ("15-12-2026", "2026-12-15"),
    ],
)
def test_other_words_for_a_day_are_read_alike(text: str, day: str) -> None:
    assert read_day(text) == day


def test_the_weekday_of_a_week_may_stand_behind_it() -> None:
    monday = date(2026, 11, 23)
    assert read_day("tuần sau, thứ tư", monday) == "2026-12-02"
    assert read_day("tuần này, chủ nhật", monday) == "2026-11-29"


def test_an_end_that_is_open_is_not_read() -> None:
    assert read_typed_deadline("từ thứ 4 tuần sau", TODAY).reason == "unread"


def test_two_times_are_no_deadline_of_either() -> None:
    assert read_typed_deadline("mai và mốt", TODAY).reason == "unread"


def test_what_is_guessed_is_never_before_today() -> None:
    assert ask("21 thg 11") == ["2026-11-21"]
    assert ask("19 thg 11") == ["2027-11-19"]


def test_an_hour_behind_today_is_no_day() -> None:
    found = read_typed_deadline("hom nay 15:30", TODAY)
    assert (found.only_day, found.at) == (TODAY, "15:30")


def test_a_place_that_is_named_like_a_day_is_none() -> None:
    assert read_typed_deadline("họp ở Hoàng Mai", TODAY).reason == "unread"


def test_a_month_is_a_period_and_a_day_a_date() -> None:
    (month,) = read_typed_deadline("tháng sau", TODAY).milestones
    assert (month.kind, month.first_day, month.printed_day) == ("period", date(2026, 12, 1), None)
    (day,) = read_typed_deadline("mai", TODAY).milestones
    assert (day.kind, day.first_day, day.printed_day) == ("date", None, date(2026, 11, 21))
    (half,) = read_typed_deadline("nửa đầu tháng 12", TODAY).milestones
    assert (half.kind, half.last_day) == ("period", date(2026, 12, 15))


def test_only_one_day_is_the_only_day() -> None:
    assert read_day("15/12 và 20/12") == "None"
    assert read_day("hằng năm trước 15/12") == "2026-12-14"
    assert read_day("hằng tháng") == "None"


@pytest.mark.parametrize(
    "text", ["ngày 32 tháng này", "40 tháng này", "ngày 0 tháng sau", "ngày 15 và 32 tháng này"]
)
def test_a_day_that_no_month_has_is_impossible_this_month_too(text: str) -> None:
    assert read_typed_deadline(text, TODAY).reason == "impossible"


@pytest.mark.parametrize("text", ["trước 8 tháng tới", "trước 3 ngày tới", "trước bây giờ"])
def test_before_a_time_that_begins_today_is_not_understood(text: str) -> None:
    assert read_typed_deadline(text, TODAY).reason == "unread"


@pytest.mark.parametrize("text", ["trước hôm nay", "trước tuần này", "trước quý này"])
def test_before_a_time_that_has_begun_is_past(text: str) -> None:
    assert read_typed_deadline(text, TODAY).reason == "past"


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("trước 3 ngày nữa", "2026-11-22"),
        ("trước thứ 6", "2026-11-26"),
        ("trước 0h thứ 4 tuần sau", "2026-11-24"),
        ("trước 0h cuối tháng", "2026-11-29"),
        ("trước 17h cuối tháng", "2026-11-30"),
    ],
)
def test_before_a_time_to_come_is_the_day_before(text: str, day: str) -> None:
    assert read_day(text) == day
