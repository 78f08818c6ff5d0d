"""Repeats that only name a report or count the times behind them, and those that are due."""

import pytest

from language.deadlines import read_deadline_cell
from tests.support.milestones import short

QUARTERLY = "every quarter 2026-03-31..2026-12-31 x4"
HALF_YEARLY = "every half-year 2026-06-30..2026-12-31 x2"
YEARLY = "every year 2026-12-31..2026-12-31 x1"
MAY, SEPTEMBER = "period 2026-05-01..2026-05-31", "period 2026-09-01..2026-09-30"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2 lần/năm vào tháng 5 và tháng 9", [MAY, SEPTEMBER]),
        ("2 lần/năm tháng 5 tháng 9", [MAY, SEPTEMBER]),
        ("6 tháng một lần vào tháng 5 và tháng 9", [MAY, SEPTEMBER]),
        ("6 tháng một lần, vào tháng 5 và tháng 9", [MAY, SEPTEMBER]),
        (
            "3 tháng một lần vào tháng 3, 5, 9, 12",
            [
                "period 2026-03-01..2026-03-31",
                MAY,
                SEPTEMBER,
                "period 2026-12-01..2026-12-31",
            ],
        ),
        (
            "6 tháng/lần vào quý II và quý IV",
            ["period 2026-04-01..2026-06-30", "period 2026-10-01..2026-12-31"],
        ),
        (
            "2 lần/năm vào cuối tháng 5 và đầu tháng 9",
            ["period 2026-05-21..2026-05-31", "period 2026-09-01..2026-09-10"],
        ),
        ("2 lần/năm vào tháng 5/2026, tháng 9/2026", [MAY, SEPTEMBER]),
        (
            "4 lần/năm vào tháng 2/2026, tháng 5/2026, tháng 9/2026 và tháng 12/2026",
            [
                "period 2026-02-01..2026-02-28",
                MAY,
                SEPTEMBER,
                "period 2026-12-01..2026-12-31",
            ],
        ),
        (
            "2 lần/năm vào tháng 5/2026, tháng 9/2026, tổng kết trước ngày 21/12",
            [MAY, SEPTEMBER, "date 2026-12-20"],
        ),
    ],
)
def test_a_rate_with_all_its_months_is_those_months(text: str, expected: list[str]) -> None:
    assert short(text) == expected


def test_a_rate_is_no_label_of_its_months() -> None:
    found = read_deadline_cell("Họp 2 lần/năm vào tháng 5 và tháng 9", 2026)
    assert {one.what for one in found} == {"Họp"}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2 lần/năm vào tháng 5", [HALF_YEARLY, MAY]),
        ("6 tháng một lần vào tháng 5", [HALF_YEARLY, MAY]),
        ("3 tháng một lần vào tháng 5 và tháng 9", [QUARTERLY, MAY, SEPTEMBER]),
        ("1 lần/năm vào tháng 5", ["every year 2026-05-31..2026-05-31 x1"]),
        (
            "2 lần/năm vào tháng 5/2026, tháng 7/2026, tháng 9/2026",
            [HALF_YEARLY, MAY, "period 2026-07-01..2026-07-31", SEPTEMBER],
        ),
        ("2 lần/năm, sơ kết tháng 5 và tháng 9", [HALF_YEARLY, MAY, SEPTEMBER]),
        (
            "2 lần/năm tháng 5/2026 và sơ kết tháng 9/2026",
            [HALF_YEARLY, MAY, SEPTEMBER],
        ),
        ("họp hằng năm tháng 5", ["every year 2026-05-31..2026-05-31 x1"]),
        ("hằng quý, vào tháng 5/2026 và tháng 9/2026", [QUARTERLY, MAY, SEPTEMBER]),
    ],
)
def test_a_rate_that_other_times_follow_is_a_deadline_of_its_own(
    text: str, expected: list[str]
) -> None:
    assert short(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "báo cáo hằng năm trước ngày 14/11 hằng năm",
            ["every year 2026-11-13..2026-11-13 x1"],
        ),
        (
            "họp tháng 3, báo cáo hằng năm trước ngày 14/11 hằng năm",
            ["period 2026-03-01..2026-03-31", "every year 2026-11-13..2026-11-13 x1"],
        ),
        (
            "họp hằng tuần vào ngày làm việc đầu tiên của tuần",
            ["every week 2026-01-05..2026-12-28 x52"],
        ),
    ],
)
def test_a_repeat_said_again_with_its_day_is_one(text: str, expected: list[str]) -> None:
    assert short(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "báo cáo hằng quý trước ngày 14/11 hằng năm",
            [QUARTERLY, "every year 2026-11-13..2026-11-13 x1"],
        ),
        (
            "báo cáo hằng năm, gửi trước ngày 14/11 hằng năm",
            [YEARLY, "every year 2026-11-13..2026-11-13 x1"],
        ),
        (
            "báo cáo hằng năm trước ngày 14/11, hằng năm",
            [YEARLY, "every year 2026-11-13..2026-11-13 x1"],
        ),
        (
            "tháng 3 hằng năm trước ngày 14/11 hằng năm",
            ["every year 2026-03-31..2026-03-31 x1", "every year 2026-11-13..2026-11-13 x1"],
        ),
        (
            "sơ kết ngày 12/2, họp tháng 3 hằng năm trước ngày 14/11 hằng năm",
            [
                "date 2026-02-12",
                "every year 2026-03-31..2026-03-31 x1",
                "every year 2026-11-13..2026-11-13 x1",
            ],
        ),
        (
            "họp hằng tháng vào ngày làm việc đầu tiên của tuần",
            ["every month 2026-01-31..2026-12-31 x12", "every week 2026-01-05..2026-12-28 x52"],
        ),
        (
            "họp hằng tuần, giao ban hằng tháng",
            ["every week 2026-01-11..2026-12-27 x51", "every month 2026-01-31..2026-12-31 x12"],
        ),
    ],
)
def test_another_repeat_or_another_clause_is_due_too(text: str, expected: list[str]) -> None:
    assert short(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("31/6 hằng năm", ["doubt"]),
        ("31/6, hằng năm", ["doubt"]),
        ("31/6 hằng năm, trước ngày 14/11", ["doubt", "date 2026-11-13"]),
        ("họp tháng 5, 31/6 hằng năm", [MAY, "doubt"]),
        ("31/6 tổng kết hằng năm", ["doubt", YEARLY]),
        ("31/6 trước ngày 14/11", ["doubt", "date 2026-11-13"]),
    ],
)
def test_right_behind_a_day_that_is_none_a_repeat_says_nothing(
    text: str, expected: list[str]
) -> None:
    assert short(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("định kỳ 6 tháng đầu năm trước ngày 14/6", ["date 2026-06-13"]),
        ("định kỳ quý I gửi chậm nhất ngày 14/3", ["date 2026-03-14"]),
        (
            "định kỳ gửi 6 tháng đầu năm trước ngày 14/6",
            ["every year 2026-06-30..2026-06-30 x1", "date 2026-06-13"],
        ),
        (
            "định kỳ quý I trong tháng 4",
            ["every year 2026-03-31..2026-03-31 x1", "period 2026-04-01..2026-04-30"],
        ),
        ("định kỳ quý I theo quy định", ["every year 2026-03-31..2026-03-31 x1"]),
        ("định kỳ quý I", ["every year 2026-03-31..2026-03-31 x1"]),
        (
            "định kỳ trong quý I, trước ngày 14/6",
            ["every year 2026-03-31..2026-03-31 x1", "every year 2026-06-13..2026-06-13 x1"],
        ),
    ],
)
def test_a_periodic_report_is_due_on_the_day_behind_its_period(
    text: str, expected: list[str]
) -> None:
    assert short(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Từ 15/4 đến 15/10/2026, hằng tuần", ["every week 2026-04-19..2026-10-11 x26"]),
        ("Từ 15/4 đến 15/10/2026, định kỳ hằng tháng", ["every month 2026-04-30..2026-09-30 x6"]),
        ("15/4/2026 - 15/10/2026, hằng tuần", ["every week 2026-04-19..2026-10-11 x26"]),
        (
            "15/4/2026 - 15/10/2026, hằng tuần, theo quy định",
            ["every week 2026-04-19..2026-10-11 x26"],
        ),
        (
            "15/4/2026 - 15/10/2026, định kỳ gửi hằng tuần",
            ["every week 2026-04-19..2026-10-11 x26"],
        ),
        ("15/4/2026 - 15/10/2026, định kỳ", ["period 2026-04-15..2026-10-15"]),
        (
            "Từ 15/4 đến 15/10/2026, hằng năm",
            ["period 2026-04-15..2026-10-15", YEARLY],
        ),
        (
            "Từ 15/4 đến 15/10/2026, tổng hợp kết quả gửi hằng tuần",
            ["period 2026-04-15..2026-10-15", "every week 2026-01-11..2026-12-27 x51"],
        ),
        ("15/4/2026, hằng tuần", ["date 2026-04-15", "every week 2026-01-11..2026-12-27 x51"]),
    ],
)
def test_a_span_bounds_only_the_shorter_repeat_right_behind_its_comma(
    text: str, expected: list[str]
) -> None:
    assert short(text) == expected
