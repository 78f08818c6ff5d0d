"""What comes back: weekdays, rates, and what only looks like it."""

import pytest

from language.deadlines import read_deadline_cell
from language.deadlines.context import get_doubt_text
from tests.support.milestones import short


@pytest.mark.parametrize("repeat", ["hằng ngày", "hằng tháng", "hằng quý", "hằng năm"])
def test_a_weekday_belongs_to_no_other_repeat_than_every_week(repeat: str) -> None:
    assert short(f"{repeat}, thứ Hai") == short(repeat)
    assert short(f"thứ Hai {repeat}") == short(repeat)


@pytest.mark.parametrize(
    ("text", "weekdays"),
    [
        ("thứ 2, thứ 3, thứ 4, thứ 5, thứ 6, thứ 7, chủ nhật hằng tuần", [0, 1, 2, 3, 4, 5, 6]),
        ("hằng tuần, gửi vào thứ Hai, họp thứ Tư", [0]),
        ("thứ Hai hằng tuần, thứ Tư", [0, 2]),
        ("hằng tuần, thứ Tư, thứ Sáu", [2, 4]),
        ("họp thứ Ba hằng tuần, thứ Tư, thứ Sáu", [1, 2, 4]),
        ("mỗi 1 tuần, vào thứ Hai", [0]),
        ("thứ Hai mỗi 1 tuần", [0]),
        ("thứ Hai hằng tuần vào thứ Tư hằng tuần", [0, 2]),
        ("chủ nhật hằng tuần", [6]),
    ],
)
def test_each_weekday_of_a_week_is_a_milestone(text: str, weekdays: list[int]) -> None:
    found = read_deadline_cell(text, 2026)
    assert [{day.weekday() for day in one.last_days} for one in found] == [{d} for d in weekdays]


@pytest.mark.parametrize(
    "text",
    [
        "thứ Hai, thứ Tư hoặc thứ Sáu hằng tuần",
        "hằng tuần, thứ Hai, thứ Tư hoặc thứ Sáu",
        "hằng tuần, vào thứ Hai hoặc thứ Sáu",
        "thứ Ba hằng tuần, thứ Hai hoặc thứ Sáu",
    ],
)
def test_of_weekdays_to_choose_from_the_last_one_bounds(text: str) -> None:
    found = read_deadline_cell(text, 2026)[-1]
    assert {day.weekday() for day in found.last_days} == {4}
    assert found.doubt == get_doubt_text("either")


def test_weekdays_to_choose_from_stand_beside_another_one() -> None:
    found = read_deadline_cell("thứ Ba hằng tuần, thứ Hai hoặc thứ Sáu", 2026)
    assert [one.last_days[0].weekday() for one in found] == [1, 4]


@pytest.mark.parametrize(
    "text",
    [
        "thứ 2 đến thứ 6 hằng tuần",
        "từ thứ 2 đến thứ 6 hằng tuần",
        "thứ Hai - thứ Sáu hằng tuần",
        "hằng tuần, từ thứ 2 đến hết thứ 6",
        "hằng tuần (từ thứ 2 đến thứ 6)",
    ],
)
def test_of_a_range_of_weekdays_the_last_one_bounds(text: str) -> None:
    (found,) = read_deadline_cell(text, 2026)
    assert {day.weekday() for day in found.last_days} == {4}
    assert (found.what, found.doubt) == (None, None)


@pytest.mark.parametrize(
    "text", ["thứ Hai mỗi 2 tuần", "mỗi 2 tuần, thứ Hai", "thứ Hai, 2 lần/tuần"]
)
def test_every_second_week_or_twice_a_week_is_a_doubt(text: str) -> None:
    (found,) = read_deadline_cell(text, 2026)
    assert (found.kind, found.doubt) == ("regulation", get_doubt_text("uneven"))


@pytest.mark.parametrize(
    ("text", "last"),
    [
        ("chủ nhật tuần cuối hằng tháng", "2026-12-27"),
        ("thứ Hai tuần cuối hằng tháng", "2026-12-28"),
        ("thứ Bảy tuần cuối hằng tháng", "2026-12-26"),
        ("ngày thứ Bảy tuần cuối hằng tháng", "2026-12-26"),
        ("thứ Tư tuần thứ hai của tháng", "2026-12-09"),
    ],
)
def test_the_weekday_of_a_week_of_the_month_is_that_day(text: str, last: str) -> None:
    (found,) = read_deadline_cell(text, 2026)
    assert (str(found.last_days[-1]), found.doubt) == (last, None)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("thứ Tư tuần thứ hai tháng 6", "2026-06-10"),
        ("thứ Tư, tuần thứ hai của tháng 6/2026", "2026-06-10"),
        ("ngày thứ Tư của tuần 2 tháng 6 năm 2026", "2026-06-10"),
        ("trước thứ Tư tuần thứ hai tháng 6", "2026-06-09"),
        ("chủ nhật tuần đầu tiên của tháng 6", "2026-06-07"),
        ("thứ Năm tuần cuối tháng 11", "2026-11-26"),
        ("thứ Hai tuần thứ 5 tháng 6", "2026-06-29"),
    ],
)
def test_the_weekday_of_a_week_of_one_month_is_one_day(text: str, day: str) -> None:
    (found,) = read_deadline_cell(text, 2026)
    assert (found.kind, str(found.last_day), found.doubt) == ("date", day, None)


def test_a_weekday_that_the_fifth_week_has_not_is_a_doubt() -> None:
    assert short("thứ Tư tuần thứ 5 tháng 6") == ["doubt"]


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("thứ Năm tuần thứ hai và thứ tư hằng tháng", ["2026-01-08", "2026-01-22"]),
        ("thứ Năm tuần 2, tuần 4 hằng tháng", ["2026-01-08", "2026-01-22"]),
        ("thứ Năm tuần 2-3 hằng tháng", ["2026-01-15"]),
    ],
)
def test_two_weeks_of_the_month_are_two_milestones(text: str, days: list[str]) -> None:
    found = read_deadline_cell(text, 2026)
    assert [str(one.last_days[0]) for one in found] == days
    assert {one.every for one in found} == {"month"}


@pytest.mark.parametrize("text", ["tuần thứ hai hằng tháng", "hằng quý, tuần thứ hai hằng tháng"])
def test_a_week_of_the_month_without_a_weekday_is_doubted(text: str) -> None:
    found = read_deadline_cell(text, 2026)[-1]
    assert (str(found.last_days[-1]), found.doubt) == ("2026-12-14", get_doubt_text("week"))


@pytest.mark.parametrize(
    ("text", "weekday"),
    [
        ("ngày đầu tuần", 0),
        ("01 ngày đầu tiên của tuần", 0),
        ("03 ngày đầu tiên của tuần", 2),
        ("07 ngày đầu tiên của tuần", 6),
        ("08 ngày đầu tiên của tuần", 6),
        ("ngày làm việc cuối cùng của tuần", 4),
        ("hằng quý, 03 ngày đầu tiên của tuần", 2),
    ],
)
def test_the_first_days_of_a_week_end_on_its_nth_day(text: str, weekday: int) -> None:
    found = read_deadline_cell(text, 2026)[-1]
    assert {day.weekday() for day in found.last_days} == {weekday}
    assert found.doubt == get_doubt_text("week_day")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1 lần/năm", "every year"),
        ("2 lần/năm", "every half-year"),
        ("3 lần/năm", "doubt"),
        ("4 lần/năm", "every quarter"),
        ("6 lần/năm", "doubt"),
        ("8 lần/năm", "doubt"),
        ("12 lần/năm", "every month"),
        ("24 lần/năm", "doubt"),
        ("2 lần/quý", "doubt"),
        ("3 lần/quý", "every month"),
        ("2 lần/6 tháng", "every quarter"),
        ("2 lần/2 năm", "every year"),
        ("2 lần/tháng", "doubt"),
        ("2 lần/ngày", "doubt"),
        ("7 lần/tuần", "doubt"),
        ("1 lần/ngày", "every day"),
        ("1 lần/tuần", "every week"),
        ("1 lần/2 năm", "doubt"),
        ("12 tháng/lần", "every year"),
        ("13 tháng/lần", "doubt"),
        ("mỗi 12 tháng", "every year"),
        ("mỗi 13 tháng", "doubt"),
        ("mỗi 7 ngày", "every week"),
        ("mỗi 2 tuần", "doubt"),
        ("hằng nửa năm", "every half-year"),
    ],
)
def test_only_a_rate_that_divides_its_unit_comes_back(text: str, expected: str) -> None:
    assert [one.partition(" 2026")[0] for one in short(text)] == [expected]
    assert [one.partition(" 2026")[0] for one in short(f"số 5/SNV: {text}")] == [expected]


@pytest.mark.parametrize(
    ("text", "units"),
    [
        ("hằng tháng, tuần, năm", ["month", "week", "year"]),
        ("định kỳ 3 tháng, 6 tháng, 12 tháng", ["quarter", "half-year", "year"]),
        ("tháng, quý, năm", ["month", "quarter", "year"]),
    ],
)
def test_a_list_of_units_is_a_milestone_each(text: str, units: list[str]) -> None:
    assert [one.every for one in read_deadline_cell(text, 2026)] == units


def test_a_list_of_units_beside_another_time_names_reports() -> None:
    assert short("báo cáo tháng, quý, năm, ngày 15/6") == ["date 2026-06-15"]


def test_the_months_named_behind_a_rate_are_its_times() -> None:
    months = ["period 2026-05-01..2026-05-31", "period 2026-11-01..2026-11-30"]
    text = "sơ kết ngày 16/9, họp 02 lần/năm vào tháng 5 và tháng 11"
    assert short(text) == ["date 2026-09-16", *months]
    once = [f"every year {day}..{day} x1" for day in ("2026-05-31", "2026-11-30")]
    assert short("01 lần/năm vào tháng 5 và tháng 11") == once
