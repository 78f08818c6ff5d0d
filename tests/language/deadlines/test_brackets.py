"""What brackets say of the time before them, and what they add (docs/dev/deadlines.md rule 11)."""

import pytest

from language.deadlines import read_deadline_cell
from language.deadlines.context import get_doubt_text
from tests.support.milestones import Years, short

EVERY_WEEK = {
    "Tue": "every week 2026-01-06..2026-12-29 x52",
    "Wed": "every week 2026-01-07..2026-12-30 x52",
    "Thu": "every week 2026-01-08..2026-12-31 x52",
    "Fri": "every week 2026-01-09..2026-12-25 x51",
    "Sat": "every week 2026-01-10..2026-12-26 x51",
    "Sun": "every week 2026-01-11..2026-12-27 x51",
}


def read_doubts(text: str) -> list[str | None]:
    return [one.doubt for one in read_deadline_cell(text, 2026)]


@pytest.mark.parametrize(
    ("text", "weekdays"),
    [
        ("Hằng tuần (thứ Sáu)", ["Fri"]),
        ("Hằng tuần, (thứ Sáu)", ["Fri"]),
        ("Hằng tuần (thứ Sáu) (nộp)", ["Fri"]),
        ("Hằng tuần (trước thứ Tư)", ["Tue"]),
        ("Hằng tuần (đến thứ Sáu)", ["Fri"]),
        ("Hằng tuần (thứ Ba, thứ Sáu)", ["Tue", "Fri"]),
        ("Hằng tuần (thứ Ba, thứ Năm, thứ Sáu)", ["Tue", "Thu", "Fri"]),
        ("Hằng tuần (trước thứ Tư, thứ Năm)", ["Tue", "Wed"]),
        ("Hằng tuần (họp, nộp)", ["Sun"]),
        ("Hằng tuần tại tỉnh (thứ Sáu)", ["Sun"]),
        ("Hằng tuần - (thứ Sáu)", ["Sun"]),
    ],
)
def test_a_bracket_right_behind_every_week_names_its_weekdays(
    text: str, weekdays: list[str]
) -> None:
    assert short(text) == [EVERY_WEEK[weekday] for weekday in weekdays]
    assert read_doubts(text) == [None for _ in weekdays]


@pytest.mark.parametrize(
    "text", ["Hằng tuần (thứ Ba hoặc thứ Sáu)", "Hằng tuần (thứ Ba, thứ Năm hoặc thứ Sáu)"]
)
def test_of_weekdays_to_choose_from_the_last_one_bounds(text: str) -> None:
    assert short(text) == [EVERY_WEEK["Fri"]]
    assert read_doubts(text) == [get_doubt_text("either")]


def test_a_single_weekday_is_no_choice() -> None:
    assert read_doubts("Hằng tuần (thứ Sáu, hoặc 16h)") == [None]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Hằng quý, hằng tuần (thứ Sáu)", ["every quarter 2026-03-31..2026-12-31 x4", "Fri"]),
        (
            "Hằng tuần (thứ Sáu), hằng quý (trước 15/3)",
            ["Fri", "every year 2026-03-14..2026-03-14 x1"],
        ),
        ("Hằng tháng (thứ Sáu)", ["every month 2026-01-31..2026-12-31 x12"]),
        ("Hằng tuần (thứ Sáu, tháng 5)", ["Sun", "period 2026-05-01..2026-05-31"]),
    ],
)
def test_a_weekday_in_a_bracket_is_that_of_the_repeat_before_it(
    text: str, expected: list[str]
) -> None:
    assert short(text) == [EVERY_WEEK.get(one, one) for one in expected]


@pytest.mark.parametrize(
    ("text", "hours"),
    [
        ("hằng tuần (16h và 17h thứ Năm)", ["16:00"]),
        ("9h hằng tuần (thứ Năm)", ["09:00"]),
        ("9h hằng tuần (16h thứ Năm)", ["16:00"]),
        ("ngày 20/3 (8h)", ["08:00"]),
        ("ngày 20/3, (8h)", ["08:00"]),
        ("ngày 20/3 (trước 8h)", ["08:00"]),
        ("ngày 20/3 (8h, 9h)", ["08:00"]),
        ("9h ngày 20/3 (8h)", ["09:00"]),
        ("ngày 20/3 - (8h)", [None]),
        ("ngày 20/3 họp (8h)", [None]),
        ("ngày 20/3 (8h tháng 5)", [None]),
        ("ngày 20/3 (trước)", [None]),
        ("ngày 20/3 và 20/4 (8h)", [None, "08:00"]),
        ("hằng quý (8h)", [None]),
    ],
)
def test_a_bracket_right_behind_a_time_names_its_hour(text: str, hours: list[str | None]) -> None:
    assert [one.at for one in read_deadline_cell(text, 2026)] == hours


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("10/3 (âm lịch) và 10/4", ["doubt", "date 2026-04-10"]),
        ("10/3 và 10/4 (âm lịch), 15/5", ["doubt", "doubt", "date 2026-05-15"]),
        ("10/3 - (âm lịch)", ["date 2026-03-10"]),
        ("hằng quý (âm lịch)", ["every quarter 2026-03-31..2026-12-31 x4"]),
    ],
)
def test_a_bracket_makes_the_days_up_to_it_lunar(text: str, expected: list[str]) -> None:
    assert short(text) == expected


@pytest.mark.parametrize(
    ("bracket", "months"),
    [("quý I, II", [3, 6]), ("quý I-III", [3, 6, 9]), ("quý I và quý III - quý IV", [3, 9, 12])],
)
def test_a_bracket_names_the_quarters_of_a_day_of_a_quarter(
    bracket: str, months: list[int]
) -> None:
    assert short(f"ngày 15 tháng cuối quý ({bracket})") == [
        f"date 2026-{month:02d}-15" for month in months
    ]


def test_a_bracket_of_other_times_names_no_quarters() -> None:
    text = "ngày 15 tháng cuối quý (quý I, tháng 5)"
    assert short(text) == ["every quarter 2026-03-15..2026-12-15 x4"]


@pytest.mark.parametrize(
    ("text", "expected", "years"),
    [
        ("hằng năm (trước 15/12)", ["every year 2026-12-14..2026-12-14 x1"], 2026),
        ("hằng năm, (trước 15/12)", ["every year 2026-12-14..2026-12-14 x1"], 2026),
        ("hằng năm tại xã (trước 15/12)", ["every year 2026-12-14..2026-12-14 x1"], 2026),
        ("định kỳ tại xã (trước 15/12)", ["every year 2026-12-14..2026-12-14 x1"], 2026),
        ("tháng 6, hằng năm (trước 15/12)", ["every year 2026-12-14..2026-12-14 x1"], 2026),
        ("định kỳ (trước 15/6/2026)", ["date 2026-06-14"], 2026),
        ("hằng năm (từ năm 2028)", ["every year 2028-12-31..2030-12-31 x3"], (2026, 2030)),
        ("hằng năm (đến năm 2028)", ["every year 2026-12-31..2028-12-31 x3"], (2026, 2030)),
        ("hằng năm (năm 2027)", ["every year 2026-12-31..2030-12-31 x5"], (2026, 2030)),
        ("hằng năm (từ tháng 6/2027)", ["every year 2026-12-31..2030-12-31 x5"], (2026, 2030)),
        ("hằng năm (khi có yêu cầu)", ["every year 2026-12-31..2026-12-31 x1"], 2026),
        ("hằng năm (tháng 6, khi có yêu cầu)", ["every year 2026-12-31..2026-12-31 x1"], 2026),
    ],
)
def test_a_bracket_behind_a_bare_repeat_names_its_day_or_its_years(
    text: str, expected: list[str], years: Years
) -> None:
    assert short(text, years) == expected
    assert all(one.doubt is None for one in read_deadline_cell(text, years))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "hằng năm (trước 15/12/2026)",
            ["every year 2026-12-31..2026-12-31 x1", "date 2026-12-14"],
        ),
        (
            "Hằng năm họp (trước 15/12), tháng 6",
            ["every year 2026-06-30..2026-06-30 x1", "date 2026-12-14"],
        ),
        ("Quý I (trước 15/3)", ["period 2026-01-01..2026-03-31", "date 2026-03-14"]),
        (
            "Quý I (trước 15/3), họp quý II",
            ["period 2026-01-01..2026-03-31", "date 2026-03-14", "period 2026-04-01..2026-06-30"],
        ),
        (
            "Quý I (trước 15/3) và 15/4 (trước 15/6)",
            [
                "period 2026-01-01..2026-03-31",
                "date 2026-03-14",
                "date 2026-04-15",
                "date 2026-06-14",
            ],
        ),
        (
            "Họp quý I và báo cáo quý II (trước 15/5)",
            ["period 2026-01-01..2026-03-31", "period 2026-04-01..2026-06-30", "date 2026-05-14"],
        ),
        (
            "tháng 5/2026 (chậm nhất ngày 10/5/2026)",
            ["period 2026-05-01..2026-05-31", "date 2026-05-10"],
        ),
        ("tháng 5/2026 (hoặc ngày 10/6)", ["period 2026-05-01..2026-05-31", "date 2026-06-10"]),
        ("ngày 05/5/2026 (ngày 10/6/2026)", ["date 2026-05-05"]),
        ("ngày 05/5/2026 (khi có yêu cầu, chậm nhất ngày 10/5)", ["date 2026-05-05"]),
        ("15/12 (trước 20/12, hoặc khi có yêu cầu)", ["date 2026-12-15", "date 2026-12-19"]),
    ],
)
def test_another_day_in_a_bracket_is_kept_or_asked_about_never_dropped(
    text: str, expected: list[str]
) -> None:
    assert short(text) == expected
    assert set(read_doubts(text)) == {get_doubt_text("bracket")}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Quý I (trước 15/3), năm (trước 15/12)", ["date 2026-03-14", "date 2026-12-14"]),
        (
            "Báo cáo quý I (trước 15/3), đột xuất (trước 15/4)",
            ["date 2026-03-14", "regulation", "date 2026-04-14"],
        ),
        ("Báo cáo quý I, II (trước 15/3)", ["date 2026-03-14"]),
        ("Báo cáo quý I (trước 15/3) (15/4)", ["date 2026-03-14", "date 2026-04-15"]),
        ("Báo cáo quý I (trong tháng 3)", ["period 2026-01-01..2026-03-31"]),
        (
            "Báo cáo quý I (tháng 3), quý III (tháng 9)",
            ["period 2026-01-01..2026-03-31", "period 2026-07-01..2026-09-30"],
        ),
        ("ngày 05/5/2026 (tháng 6)", ["date 2026-05-05"]),
        ("ngày 05/5/2026 (hoặc tháng 6)", ["date 2026-05-05", "period 2026-06-01..2026-06-30"]),
        ("ngày 05/5/2026 (hoặc ngày 10/6)", ["date 2026-05-05", "date 2026-06-10"]),
        ("05/5/2026 (chậm nhất ngày 10/5, khi có yêu cầu)", ["date 2026-05-05", "date 2026-05-10"]),
        ("15/12 (hoặc khi có yêu cầu)", ["date 2026-12-15", "regulation"]),
        ("15/12 (khi có yêu cầu)", ["date 2026-12-15"]),
        ("15/12 (hoặc theo quy định)", ["date 2026-12-15"]),
        ("15/12 (hoặc sau 5 ngày kể từ ngày họp)", ["date 2026-12-15", "relative 5 days"]),
        ("15/12 (trước ngày họp 5 ngày)", ["date 2026-12-15"]),
        ("15/12 (hoặc 20/12, khi có yêu cầu)", ["date 2026-12-15", "date 2026-12-20"]),
        ("thường xuyên (trước 15/12)", ["ongoing", "date 2026-12-14"]),
        (
            "định kỳ tại xã (trước 15/12), họp tháng 6",
            ["every year 2026-12-14..2026-12-14 x1", "period 2026-06-01..2026-06-30"],
        ),
        ("Thường xuyên (tháng 6)", ["ongoing", "period 2026-06-01..2026-06-30"]),
    ],
)
def test_a_deadline_in_a_bracket_counts_where_it_is_one_of_its_own(
    text: str, expected: list[str]
) -> None:
    assert short(text) == expected
    assert set(read_doubts(text)) == {None}


def test_a_bracket_behind_an_impossible_day_is_another_reading_of_it() -> None:
    assert short("ngày 31/6/2026 (ngày 30/6)") == ["doubt", "date 2026-06-30"]
    assert short("định kỳ (hoặc khi có yêu cầu)") == ["doubt"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("trước ngày khai giảng (5/9)", ["date 2026-09-04"]),
        ("trước ngày khai giảng (trước 5/9)", ["date 2026-09-04"]),
        ("trước ngày khai giảng (5/9, 15/10)", ["date 2026-09-04", "date 2026-10-15"]),
        ("trước ngày hội (tháng 9)", ["date 2026-08-31"]),
        ("Thường xuyên, trước ngày hội (5/9)", ["ongoing", "date 2026-09-04"]),
        ("trước ngày hội (từ 5/9)", ["ongoing 2026-09-05"]),
        ("trước ngày hội (hằng năm)", ["every year 2026-12-31..2026-12-31 x1"]),
        ("ngày hội (5/9)", ["date 2026-09-05"]),
        ("Họp (5/9) trước ngày hội", ["date 2026-09-05"]),
        ("trước ngày hội (xã) (5/9)", ["date 2026-09-05"]),
        ("theo quy định (5/9)", ["date 2026-09-05"]),
        ("theo quy định (5/9) (15/9)", ["date 2026-09-05", "date 2026-09-15"]),
    ],
)
def test_a_bracket_dates_the_event_before_it(text: str, expected: list[str]) -> None:
    assert short(text) == expected


def test_where_nothing_in_a_bracket_is_a_time_the_words_before_it_count() -> None:
    assert short("theo quy định (khi có yêu cầu)") == ["regulation"]
    assert short("Báo cáo năm 2026 (nếu có)") == ["doubt"]
    assert short("Báo cáo năm 2026 (trước 15/12)") == ["date 2026-12-14"]
