"""Years and periods that name a plan, a report or its figures, and those that are deadlines."""

import pytest

from language.deadlines import read_deadline_cell
from language.deadlines.context import get_doubt_text
from tests.support.milestones import Years, short


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Kế hoạch hành động năm 2026 xong trong quý II", "period 2026-04-01..2026-06-30"),
        ("Kế hoạch (sửa đổi) năm 2027 xong trong quý II", "period 2026-04-01..2026-06-30"),
        ("Kế hoạch triển khai Đề án năm 2026 xong trong quý II", "period 2026-04-01..2026-06-30"),
        ("Kế hoạch hành động: năm 2027", "period 2027-01-01..2027-12-31"),
        ("Kế hoạch hành động, thực hiện năm 2027", "period 2027-01-01..2027-12-31"),
        ("Quyết toán ngân sách năm 2025 xong trong tháng 6", "period 2026-06-01..2026-06-30"),
        ("Quyết toán ngân sách năm 2025", "period 2025-01-01..2025-12-31"),
    ],
)
def test_the_year_of_a_plan_or_of_money_is_no_deadline(text: str, expected: str) -> None:
    assert short(text) == [expected]


def test_what_was_decided_names_no_document() -> None:
    expected = ["period 2026-01-01..2026-12-31", "period 2026-04-01..2026-06-30"]
    assert short("được quyết định năm 2026, xong trong quý II") == expected
    assert short("được kế hoạch quyết định năm 2026, xong trong quý II") == expected[1:]


@pytest.mark.parametrize(
    "text",
    [
        "Kế hoạch số 12/KH-UBND về chuyển đổi số đến năm 2030",
        "Kế hoạch số 12/KH-UBND của tỉnh về chuyển đổi số đến năm 2030",
        "Kế hoạch số 12/KH-UBND về nuôi trồng thủy sản đến năm 2030",
        "Điều 3 Nghị quyết số 5/NQ-HĐND về đất, Kế hoạch số 12/KH-UBND về số hóa đến năm 2030",
    ],
)
def test_until_a_year_ends_the_name_of_a_document(text: str) -> None:
    (found,) = read_deadline_cell(text, 2026)
    assert found.doubt == get_doubt_text("name_year")


@pytest.mark.parametrize(
    "text",
    [
        "Quyết định số 7/QĐ-UBND về số hóa hồ sơ, đến năm 2028",
        "Quyết định số 7/QĐ-UBND về việc triển khai số hóa đến năm 2028",
        "Quyết định số 7/QĐ-UBND, số hóa đến năm 2028",
    ],
)
def test_until_a_year_behind_a_comma_or_an_act_is_a_deadline(text: str) -> None:
    assert short(text) == ["date 2028-12-31"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Báo cáo quý II, họp ngày 15/9", ["date 2026-09-15"]),
        ("Báo cáo kết quả giao quý II, họp ngày 15/9", ["date 2026-09-15"]),
        (
            "Báo cáo kết quả thực hiện quý II, họp ngày 15/9",
            ["period 2026-04-01..2026-06-30", "date 2026-09-15"],
        ),
        (
            "Họp trong quý I, báo cáo quý II, họp ngày 15/9",
            ["period 2026-01-01..2026-03-31", "date 2026-09-15"],
        ),
        (
            "Báo cáo quý III của năm sau, trước ngày 15/9",
            ["every year 2027-09-30..2027-09-30 x1", "date 2026-09-14"],
        ),
        (
            "Báo cáo kết quả chung quý II, họp ngày 15/9",
            ["period 2026-04-01..2026-06-30", "date 2026-09-15"],
        ),
        (
            "Họp ngày 10/2, báo cáo quý I, 6 tháng, quý III: trước 20/11",
            ["date 2026-02-10", "date 2026-11-19"],
        ),
        ("gửi báo cáo 15/6, tổng kết trước 20/6", ["date 2026-06-15", "date 2026-06-19"]),
        ("báo cáo cuối năm, họp ngày 20/6", ["date 2026-06-20"]),
        ("Báo cáo quý III, lồng ghép vào báo cáo năm", ["period 2026-07-01..2026-09-30", "with"]),
        (
            "Báo cáo quý III, định kỳ 6 tháng",
            ["period 2026-07-01..2026-09-30", "every half-year 2026-06-30..2026-12-31 x2"],
        ),
    ],
)
def test_a_period_near_the_word_report_names_it_if_a_day_follows(
    text: str, expected: list[str]
) -> None:
    assert short(text) == expected


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("Trong quý I, chậm nhất ngày 31/3", "2026-03-31"),
        ("Trong quý II, chậm nhất ngày 01/4", "2026-04-01"),
        ("Trong quý I, chậm nhất ngày 15/3/2026", "2026-03-15"),
        ("Trong quý I/2026, chậm nhất ngày 15/3", "2026-03-15"),
        ("Trong năm 2026, trước ngày 15/12", "2026-12-14"),
    ],
)
def test_a_period_and_its_last_day_are_one_deadline(text: str, day: str) -> None:
    assert short(text) == [f"date {day}"]


@pytest.mark.parametrize(
    ("text", "second"),
    [
        ("Trong quý I, chậm nhất ngày 01/4", "date 2026-04-01"),
        ("Trong quý I/2026, chậm nhất ngày 15/3/2027", "date 2027-03-15"),
        ("Trong quý I tổ chức họp, chậm nhất ngày 15/3", "date 2026-03-15"),
        ("Trong quý I và chậm nhất ngày 15/3", "date 2026-03-15"),
        ("Trong quý I, ngày 15/3", "date 2026-03-15"),
        ("Trong quý I, chậm nhất ngày 15", "doubt"),
        ("Trong quý I, chậm nhất quý II", "period 2026-04-01..2026-06-30"),
    ],
)
def test_a_period_and_another_time_are_two_deadlines(text: str, second: str) -> None:
    assert short(text) == ["period 2026-01-01..2026-03-31", second]


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("Từ quý I, chậm nhất ngày 15/3", "ongoing 2026-01-01"),
        ("Trong tháng 1 đến tháng 3, chậm nhất ngày 15/3", "period 2026-01-01..2026-03-31"),
        ("Trong quý I hằng năm, chậm nhất ngày 15/3", "every year 2026-03-31..2026-03-31 x1"),
    ],
)
def test_a_start_a_range_and_what_comes_back_stay_beside_a_day(text: str, first: str) -> None:
    assert short(text) == [first, "date 2026-03-15"]


def test_the_last_day_of_a_longer_period_is_none_of_the_month_before_it() -> None:
    expected = ["period 2026-06-01..2026-06-30", "period 2026-04-01..2026-06-30"]
    assert short("Trong tháng 6, chậm nhất quý II") == expected


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("Báo cáo quý I, II: ngày 15 tháng đầu quý", ["2026-01-15", "2026-04-15"]),
        ("Báo cáo quý IV: trước ngày 15 tháng cuối quý", ["2026-12-14"]),
        ("Báo cáo quý I, II: ngày 30 tháng cuối quý", ["2026-03-30", "2026-06-30"]),
        ("Báo cáo quý II, III: ngày 15 tháng cuối quý trước", ["2026-03-15", "2026-06-15"]),
        ("Báo cáo quý I, III: ngày 10 quý thực hiện", ["2026-03-10", "2026-09-10"]),
        (
            "Báo cáo quý II, III, IV: ngày 5 tháng cuối quý",
            ["2026-06-05", "2026-09-05", "2026-12-05"],
        ),
    ],
)
def test_a_day_of_a_quarter_has_the_months_of_the_quarters_named(
    text: str, days: list[str]
) -> None:
    assert short(text) == [f"date {day}" for day in days]


@pytest.mark.parametrize(
    "text",
    [
        "Báo cáo quý I, III từ ngày 15 đến ngày 20 tháng cuối quý",
        "Báo cáo quý I, quý III: ngày 15 đến 20 tháng cuối quý",
    ],
)
def test_the_days_of_a_range_have_the_months_of_the_quarters_named(text: str) -> None:
    assert short(text) == ["period 2026-03-15..2026-03-20", "period 2026-09-15..2026-09-20"]


@pytest.mark.parametrize(
    "text",
    [
        "Báo cáo quý I, II: ngày 31 tháng cuối quý",
        "Báo cáo quý I, II: ngày 15 tháng cuối quý trước",
        "Báo cáo quý I, II: ngày 15 tháng đầu quý trước",
        "Báo cáo quý I, tháng 6: ngày 15 tháng cuối quý",
        "Báo cáo quý I, II: ngày 15 của tháng",
        "Báo cáo quý I: ngày 08 của tháng sau",
        "Báo cáo quý I vào ngày 21",
    ],
)
def test_a_day_that_not_each_quarter_named_has_comes_back(text: str) -> None:
    assert [one.kind for one in read_deadline_cell(text, 2026)] == ["recurring"]


@pytest.mark.parametrize(
    ("text", "years", "expected"),
    [
        (
            "Báo cáo quý I, III/2027: trước ngày 15 tháng cuối quý",
            (2026, 2028),
            ["date 2027-03-14", "date 2027-09-14"],
        ),
        (
            "Báo cáo quý I: trước ngày 15 tháng cuối quý",
            (2026, 2028),
            ["every year 2026-03-14..2028-03-14 x3"],
        ),
        ("Báo cáo quý II: trước ngày 15/7 của quý sau", 2026, ["date 2026-07-14"]),
    ],
)
def test_a_day_of_quarters_lies_in_the_year_named_with_them(
    text: str, years: Years, expected: list[str]
) -> None:
    assert short(text, years) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Báo cáo định kỳ hằng quý: chậm nhất ngày 20/12", ["date 2026-12-20"]),
        (
            "Họp hằng quý: chậm nhất ngày 20/12",
            ["every quarter 2026-03-31..2026-12-31 x4", "date 2026-12-20"],
        ),
        (
            "Báo cáo định kỳ hằng quý: trong tháng 12",
            ["every quarter 2026-03-31..2026-12-31 x4", "period 2026-12-01..2026-12-31"],
        ),
    ],
)
def test_a_repeat_before_a_colon_and_a_day_names_a_report(text: str, expected: list[str]) -> None:
    assert short(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Số liệu đến ngày 14/6, gửi trước ngày 20/6", ["date 2026-06-19"]),
        ("Số liệu từ ngày 14/5, gửi trước ngày 20/6", ["date 2026-06-19"]),
        ("Số liệu đến ngày 14/6, gửi hằng quý", ["every quarter 2026-03-31..2026-12-31 x4"]),
        ("Gửi số liệu trước ngày 20/6", ["date 2026-06-19"]),
        ("Gửi số liệu ngày 20/6", ["date 2026-06-20"]),
        ("Kỳ báo cáo từ ngày 15/12 đến ngày 14/6, gửi trước ngày 20/6", ["date 2026-06-19"]),
        (
            "Số liệu trong quý II, gửi trước ngày 20/7",
            ["period 2026-04-01..2026-06-30", "date 2026-07-19"],
        ),
        (
            "Kỳ báo cáo đến ngày 14/6, gửi trước ngày 20/6",
            ["date 2026-06-14", "date 2026-06-19"],
        ),
    ],
)
def test_the_span_of_figures_is_no_deadline_beside_one(text: str, expected: list[str]) -> None:
    assert short(text) == expected
    assert not any(one.doubt for one in read_deadline_cell(text, 2026))


def test_the_span_of_figures_is_doubted_if_nothing_else_is_due() -> None:
    found = read_deadline_cell("Số liệu đến hết quý II, gửi trong tháng 7", 2026)
    assert [one.doubt for one in found] == [get_doubt_text("data"), None]
