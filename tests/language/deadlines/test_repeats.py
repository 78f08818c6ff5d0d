"""What comes back, joined to its days, its years and the months that bound it."""

import pytest

from language.deadlines import read_deadline_cell
from tests.support.milestones import short

SEVERAL_YEARS = (2026, 2030)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("hằng năm 2027 - 2029", ["every year 2027-12-31..2029-12-31 x3"]),
        ("hằng năm, giai đoạn 2027-2029", ["every year 2027-12-31..2029-12-31 x3"]),
        ("hằng năm từ năm 2028", ["every year 2028-12-31..2030-12-31 x3"]),
        ("hằng tháng đến năm 2027", ["every month 2026-01-31..2027-12-31 x24"]),
        ("hằng quý từ năm 2027 đến năm 2028", ["every quarter 2027-03-31..2028-12-31 x8"]),
        ("Từ năm 2028, hằng năm", ["every year 2028-12-31..2030-12-31 x3"]),
        ("Từ năm 2028 tổ chức hội nghị, sơ kết hằng năm", ["every year 2028-12-31..2030-12-31 x3"]),
        (
            "Ban hành ngày 14/3/2026, từ năm 2028, hằng năm",
            ["date 2026-03-14", "every year 2028-12-31..2030-12-31 x3"],
        ),
        (
            "từ năm 2027, ngày 15/6/2027, hằng tháng",
            ["ongoing 2027-01-01", "date 2027-06-15", "every month 2026-01-31..2030-12-31 x60"],
        ),
        (
            "Ban hành ngày 14/3/2026, từ tháng 3/2027, đến năm 2028, hằng tháng",
            ["date 2026-03-14", "every month 2027-03-31..2028-12-31 x22"],
        ),
        (
            "từ năm 2028, trước ngày 10/4 và 10/9 hằng năm",
            ["every year 2028-04-09..2030-04-09 x3", "every year 2028-09-09..2030-09-09 x3"],
        ),
        (
            "từ năm 2028 triển khai, trước ngày 10/4 hằng năm",
            ["ongoing 2028-01-01", "every year 2026-04-09..2030-04-09 x5"],
        ),
    ],
)
def test_years_beside_a_repeat_are_those_in_which_it_comes_back(
    text: str, expected: list[str]
) -> None:
    assert short(text, SEVERAL_YEARS) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("hằng tuần trong tháng 6", ["every week 2026-06-07..2026-06-28 x4"]),
        ("hằng tuần trong quý II", ["every week 2026-04-05..2026-06-28 x13"]),
        ("hằng tháng trong quý II", ["every month 2026-04-30..2026-06-30 x3"]),
        ("hằng quý trong 6 tháng đầu năm", ["every quarter 2026-03-31..2026-06-30 x2"]),
        ("hằng tuần từ ngày 10/6", ["every week 2026-06-14..2026-12-27 x29"]),
        ("từ tháng 3, hằng tuần", ["every week 2026-03-01..2026-12-27 x44"]),
        ("hằng tháng đến tháng 6", ["every month 2026-01-31..2026-06-30 x6"]),
        ("hằng năm từ tháng 3", ["every year 2026-03-31..2026-03-31 x1"]),
        (
            "hằng tháng trong tháng 6",
            ["every month 2026-01-31..2026-12-31 x12", "period 2026-06-01..2026-06-30"],
        ),
        (
            "hằng quý trong quý II",
            ["every quarter 2026-03-31..2026-12-31 x4", "period 2026-04-01..2026-06-30"],
        ),
        (
            "hằng tuần tháng 6",
            ["every week 2026-01-11..2026-12-27 x51", "period 2026-06-01..2026-06-30"],
        ),
        (
            "hằng tuần đến ngày 10/6",
            ["every week 2026-01-11..2026-12-27 x51", "date 2026-06-10"],
        ),
        (
            "hằng tháng từ 8h ngày 10/6",
            ["every month 2026-01-31..2026-12-31 x12", "ongoing 2026-06-10"],
        ),
    ],
)
def test_a_longer_span_bounds_what_comes_back_within_it(text: str, expected: list[str]) -> None:
    assert short(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("định kỳ trước ngày 15/6", ["every year 2026-06-14..2026-06-14 x1"]),
        ("định kỳ ngày 15 của tháng", ["every month 2026-01-15..2026-12-15 x12"]),
        ("định kỳ ngày 15", ["doubt"]),
        ("ngày 15 định kỳ", ["doubt"]),
        ("định kỳ, ngày 22 của tháng cuối kỳ báo cáo", ["doubt"]),
        (
            "hằng quý, ngày 22 của tháng cuối kỳ báo cáo",
            ["every quarter 2026-03-22..2026-12-22 x4"],
        ),
        ("hằng năm, ngày 22 của tháng cuối kỳ báo cáo", ["every year 2026-12-22..2026-12-22 x1"]),
        ("hằng năm, ngày 22", ["every year 2026-12-31..2026-12-31 x1", "doubt"]),
        ("hằng tuần, ngày 22", ["every week 2026-01-11..2026-12-27 x51", "doubt"]),
        ("2 tháng một lần, ngày 22", ["every None 2026-02-28..2026-12-31 x6", "doubt"]),
        ("6 tháng một lần, ngày 22", ["every half-year 2026-06-22..2026-12-22 x2"]),
        ("hằng tháng, ngày 22", ["every month 2026-01-22..2026-12-22 x12"]),
    ],
)
def test_a_day_without_a_month_comes_back_by_what_has_months(
    text: str, expected: list[str]
) -> None:
    assert short(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "hằng quý, trước ngày 15/3, 15/6",
            ["every year 2026-03-14..2026-03-14 x1", "every year 2026-06-14..2026-06-14 x1"],
        ),
        (
            "hằng quý, trước ngày 15/3/2026, 15/6",
            ["every quarter 2026-03-31..2026-12-31 x4", "date 2026-03-14", "date 2026-06-14"],
        ),
        (
            "hằng quý, ngày 15/3 đến 20/3, ngày 15/6",
            [
                "every quarter 2026-03-31..2026-12-31 x4",
                "period 2026-03-15..2026-03-20",
                "date 2026-06-15",
            ],
        ),
        (
            "hằng quý, tháng 3, tháng 6",
            [
                "every quarter 2026-03-31..2026-12-31 x4",
                "period 2026-03-01..2026-03-31",
                "period 2026-06-01..2026-06-30",
            ],
        ),
        (
            "6 tháng một lần, ngày 15/6, 15/12",
            ["every year 2026-06-15..2026-06-15 x1", "every year 2026-12-15..2026-12-15 x1"],
        ),
        (
            "6 tháng một lần, tháng 6, tháng 12",
            [
                "every half-year 2026-06-30..2026-12-31 x2",
                "period 2026-06-01..2026-06-30",
                "period 2026-12-01..2026-12-31",
            ],
        ),
        (
            "hằng quý (tháng 3, tháng 6)",
            ["every year 2026-03-31..2026-03-31 x1", "every year 2026-06-30..2026-06-30 x1"],
        ),
        (
            "hằng tháng (tháng 3, tháng 6)",
            [
                "every month 2026-01-31..2026-12-31 x12",
                "period 2026-03-01..2026-03-31",
                "period 2026-06-01..2026-06-30",
            ],
        ),
        (
            "hằng năm, từ ngày 15/6 đến 20/6/2026",
            ["every year 2026-12-31..2026-12-31 x1", "period 2026-06-15..2026-06-20"],
        ),
    ],
)
def test_the_days_of_quarters_and_half_years_are_listed_or_in_a_bracket(
    text: str, expected: list[str]
) -> None:
    assert short(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "Định kỳ 6 tháng, quý, hằng năm trước ngày 15/11",
            [
                "every half-year 2026-06-30..2026-12-31 x2",
                "every quarter 2026-03-31..2026-12-31 x4",
                "every year 2026-11-14..2026-11-14 x1",
            ],
        ),
        (
            "sơ kết tháng 6 tại tỉnh, kiểm tra hằng tháng, hằng quý, trước ngày 22",
            [
                "period 2026-06-01..2026-06-30",
                "every month 2026-01-21..2026-12-21 x12",
                "every quarter 2026-03-21..2026-12-21 x4",
            ],
        ),
        (
            "trước ngày 10/4 hằng năm, hằng quý, tổ chức họp hằng tháng",
            [
                "every year 2026-04-09..2026-04-09 x1",
                "every quarter 2026-03-31..2026-12-31 x4",
                "every month 2026-01-31..2026-12-31 x12",
            ],
        ),
    ],
)
def test_several_repeats_and_fewer_days_keep_the_nearest_together(
    text: str, expected: list[str]
) -> None:
    assert short(text) == expected


@pytest.mark.parametrize(
    ("text", "labels"),
    [
        ("hằng quý, trước ngày 15 hằng quý, sơ kết ngày 20/6", [None, "sơ kết"]),
        (
            "Họp tháng 3, hằng tháng, trước ngày 15 hằng tháng, sơ kết ngày 20/6",
            ["Họp", None, "sơ kết"],
        ),
        ("ngày 15/6 (báo cáo 6 tháng), 15/12 hằng năm", ["báo cáo 6 tháng", None]),
        ("ngày 15/6 hằng năm (báo cáo năm)", ["báo cáo năm"]),
    ],
)
def test_a_repeat_said_twice_is_no_label_of_what_follows(
    text: str, labels: list[str | None]
) -> None:
    assert [one.what for one in read_deadline_cell(text, 2026)] == labels


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Quý I, quý III hằng năm (trước ngày 20/3)", ["every year 2026-03-19..2026-03-19 x1"]),
        (
            "Ngày 10/3 hằng năm (trước ngày 20/3)",
            ["every year 2026-03-10..2026-03-10 x1", "date 2026-03-19"],
        ),
        (
            "tháng 3, ngày 15/6 hằng năm (trước ngày 20/3)",
            [
                "every year 2026-03-31..2026-03-31 x1",
                "every year 2026-06-15..2026-06-15 x1",
                "date 2026-03-19",
            ],
        ),
        ("Quý I hằng năm (hằng tháng)", ["every year 2026-03-31..2026-03-31 x1"]),
        ("Quý I hằng năm", ["every year 2026-03-31..2026-03-31 x1"]),
    ],
)
def test_a_bracket_behind_periods_that_come_back_has_their_day(
    text: str, expected: list[str]
) -> None:
    assert short(text) == expected


def test_a_day_belongs_to_the_repeat_right_behind_it() -> None:
    assert short("hằng quý, và trước ngày 15/12 hằng năm") == [
        "every quarter 2026-03-31..2026-12-31 x4",
        "every year 2026-12-14..2026-12-14 x1",
    ]
