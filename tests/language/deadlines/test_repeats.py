"""What comes back, joined to its days, its years and the months that bound it."""

import pytest

from language.deadlines import read_deadline_cell
from tests.support.milestones import short

SEVERAL_YEARS = (2026, 2030)
DAYS = ("03-15", "09-15")


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
            "Họp ngày 10/2/2026, ký ngày 14/3/2026, từ tháng 3/2027, từ năm 2028, hằng tháng",
            ["date 2026-02-10", "date 2026-03-14", "every month 2028-01-31..2030-12-31 x36"],
        ),
        (
            "Họp ngày 10/2/2026, từ năm 2028, trước ngày 10/4 hằng năm",
            ["date 2026-02-10", "every year 2028-04-09..2030-04-09 x3"],
        ),
        (
            "trước năm 2028, trước ngày 10/4 hằng năm",
            ["date 2027-12-31", "every year 2026-04-09..2030-04-09 x5"],
        ),
        (
            "từ ngày 10/02/2026, trước ngày 20/3 hằng năm",
            ["ongoing 2026-02-10", "every year 2026-03-19..2030-03-19 x5"],
        ),
        (
            "hằng quý, từ tháng 4 đến tháng 5 các năm 2027-2029",
            ["every quarter 2026-03-31..2030-12-31 x20", "every year 2027-05-31..2029-05-31 x3"],
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
        ("hằng ngày trong tuần 5 tháng 6", ["every day 2026-06-29..2026-06-30 x2"]),
        ("hằng tuần trong quý II", ["every week 2026-04-05..2026-06-28 x13"]),
        ("hằng tháng trong quý II", ["every month 2026-04-30..2026-06-30 x3"]),
        ("hằng quý trong 6 tháng đầu năm", ["every quarter 2026-03-31..2026-06-30 x2"]),
        ("hằng tuần từ ngày 10/6", ["every week 2026-06-14..2026-12-27 x29"]),
        ("từ tháng 3, hằng tuần", ["every week 2026-03-01..2026-12-27 x44"]),
        ("hằng tháng đến tháng 6", ["every month 2026-01-31..2026-06-30 x6"]),
        ("hằng năm từ tháng 3", ["every year 2026-03-31..2026-03-31 x1"]),
        (
            "hằng tháng trong tháng 7",
            ["every month 2026-01-31..2026-12-31 x12", "period 2026-07-01..2026-07-31"],
        ),
        (
            "hằng quý trong quý III",
            ["every quarter 2026-03-31..2026-12-31 x4", "period 2026-07-01..2026-09-30"],
        ),
        (
            "hằng tháng tổ chức họp từ tháng 3",
            ["every month 2026-01-31..2026-12-31 x12", "ongoing 2026-03-01"],
        ),
        (
            "trong năm, hằng năm",
            ["period 2026-01-01..2026-12-31", "every year 2026-12-31..2026-12-31 x1"],
        ),
        (
            "hằng tuần tháng 6",
            ["every week 2026-01-11..2026-12-27 x51", "period 2026-06-01..2026-06-30"],
        ),
        (
            "hằng tuần đến ngày 10/6",
            ["every week 2026-01-11..2026-12-27 x51", "date 2026-06-10"],
        ),
        ("hằng quý từ quý II đến quý III", ["every quarter 2026-06-30..2026-09-30 x2"]),
        (
            "hằng quý quý II đến quý III",
            ["every quarter 2026-03-31..2026-12-31 x4", "period 2026-04-01..2026-09-30"],
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
            "hằng quý, trước ngày 15/3 họp tổng kết, trước ngày 15/6",
            ["every quarter 2026-03-31..2026-12-31 x4", "date 2026-03-14", "date 2026-06-14"],
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
            "6 tháng một lần (trước ngày 15/6, 15/12)",
            ["every year 2026-06-14..2026-06-14 x1", "every year 2026-12-14..2026-12-14 x1"],
        ),
        (
            "Định kỳ 6 tháng, hằng năm (trước ngày 08/4, 08/8 và 08/12)",
            [
                "every year 2026-04-07..2026-04-07 x1",
                "every year 2026-08-07..2026-08-07 x1",
                "every year 2026-12-07..2026-12-07 x1",
            ],
        ),
        (
            "hằng năm, hằng quý (trước ngày 15/12)",
            ["every year 2026-12-31..2026-12-31 x1", "every year 2026-12-14..2026-12-14 x1"],
        ),
        (
            "6 tháng một lần, tháng 6, tháng 12",
            [
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
            "hằng năm, hằng quý, 6 tháng một lần trước ngày 15/6",
            [
                "every year 2026-12-31..2026-12-31 x1",
                "every quarter 2026-03-31..2026-12-31 x4",
                "every year 2026-06-14..2026-06-14 x1",
            ],
        ),
        (
            "hằng tháng, hằng quý, hằng năm, trước ngày 18",
            [
                "every month 2026-01-17..2026-12-17 x12",
                "every quarter 2026-03-17..2026-12-17 x4",
                "every year 2026-12-17..2026-12-17 x1",
            ],
        ),
        (
            "hằng tuần, hằng tháng, trước ngày 18",
            ["every week 2026-01-11..2026-12-27 x51", "every month 2026-01-17..2026-12-17 x12"],
        ),
        (
            "hằng năm, thường xuyên, trước ngày 15/11",
            ["ongoing", "every year 2026-11-14..2026-11-14 x1"],
        ),
        (
            "hằng năm, theo quy định, 6 tháng một lần, trước ngày 15/11",
            ["every half-year 2026-06-30..2026-12-31 x2", "every year 2026-11-14..2026-11-14 x1"],
        ),
        (
            "hằng năm, 6 tháng một lần, trước ngày 15/11",
            ["every half-year 2026-06-30..2026-12-31 x2", "every year 2026-11-14..2026-11-14 x1"],
        ),
        (
            "hằng năm, 6 tháng một lần trước ngày 15/11",
            ["every year 2026-12-31..2026-12-31 x1", "every year 2026-11-14..2026-11-14 x1"],
        ),
        (
            "trước 15/3 hằng năm, hằng tháng làm việc với xã",
            ["every year 2026-03-14..2026-03-14 x1", "every month 2026-01-31..2026-12-31 x12"],
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
        (
            "hằng tháng, 6 tháng và ngày 15/12 hằng năm",
            [
                "every month 2026-01-31..2026-12-31 x12",
                "every half-year 2026-06-30..2026-12-31 x2",
                "every year 2026-12-15..2026-12-15 x1",
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


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "hằng quý, và trước ngày 15/12 hằng năm",
            ["every quarter 2026-03-31..2028-12-31 x12", "every year 2026-12-14..2028-12-14 x3"],
        ),
        (
            "6 tháng một lần, và trước ngày 15/12 hằng năm",
            ["every half-year 2026-06-30..2028-12-31 x6", "every year 2026-12-14..2028-12-14 x3"],
        ),
        (
            "6 tháng một lần trước ngày 15/6, hằng năm, họp ngày 20/9/2026",
            [
                "every half-year 2026-06-30..2028-12-31 x6",
                "every year 2026-06-14..2028-06-14 x3",
                "date 2026-09-20",
            ],
        ),
        (
            "hằng tháng báo cáo, họp hằng quý, trước ngày 18",
            ["every month 2026-01-31..2028-12-31 x36", "every quarter 2026-03-17..2028-12-17 x12"],
        ),
        (
            "hằng năm kiểm tra, họp hằng quý, trước ngày 15/11",
            ["every quarter 2026-03-31..2028-12-31 x12", "every year 2026-11-14..2028-11-14 x3"],
        ),
        (
            "6 tháng một lần trước ngày 15/6, hằng năm, khi có yêu cầu",
            [
                "every half-year 2026-06-30..2028-12-31 x6",
                "every year 2026-06-14..2028-06-14 x3",
                "regulation",
            ],
        ),
        (
            "Họp tháng 3/2026, định kỳ 6 tháng trước ngày 14/6, hằng năm trước ngày 14/12",
            [
                "period 2026-03-01..2026-03-31",
                "every year 2026-06-13..2028-06-13 x3",
                "every year 2026-12-13..2028-12-13 x3",
            ],
        ),
        (
            "ngày 15/11/2026 họp tổng kết, kiểm tra hằng năm",
            ["date 2026-11-15", "every year 2026-12-31..2028-12-31 x3"],
        ),
        (
            "hằng quý, ngày 18 của tháng tiếp theo",
            ["every quarter 2026-04-18..2029-01-18 x12"],
        ),
        (
            "hằng năm, ngày 18 của tháng tiếp theo",
            ["every year 2026-12-31..2028-12-31 x3", "every month 2026-02-18..2029-01-18 x36"],
        ),
        (
            "hằng quý, ngày 18 của tháng trước",
            ["every quarter 2026-03-31..2028-12-31 x12", "every month 2026-01-18..2028-11-18 x35"],
        ),
    ],
)
def test_a_day_belongs_to_the_repeat_that_can_have_it(text: str, expected: list[str]) -> None:
    assert short(text, (2026, 2028)) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "đến hết ngày 15/11/2026, trước ngày 25 hằng tháng",
            ["date 2026-11-15", "every month 2026-01-24..2028-12-24 x36"],
        ),
        (
            "ngày 14/6/2026 và ngày 14/12 hằng năm",
            ["date 2026-06-14", "every year 2026-12-14..2028-12-14 x3"],
        ),
        (
            "hằng năm, trước ngày 15/6, 15/12/2026",
            ["every year 2026-06-14..2028-06-14 x3", "date 2026-12-14"],
        ),
        (
            "tháng 6 hằng năm, ngày 15/9/2026",
            ["every year 2026-06-30..2028-06-30 x3", "date 2026-09-15"],
        ),
        ("15/3 và 15/9 hằng năm", [f"every year 2026-{day}..2028-{day} x3" for day in DAYS]),
        ("hằng năm, 15/3 và 15/9", [f"every year 2026-{day}..2028-{day} x3" for day in DAYS]),
    ],
)
def test_a_day_with_a_year_does_not_come_back_with_those_beside_it(
    text: str, expected: list[str]
) -> None:
    assert short(text, (2026, 2028)) == expected


def test_the_hour_of_a_day_or_of_its_repeat_is_kept() -> None:
    for text in ("17h ngày 15/6 hằng năm", "17h ngày 15 hằng tháng"):
        assert [one.at for one in read_deadline_cell(text, 2026)] == ["17:00"]
