"""Times of one clause: what they share, which are one period, which say nothing of their own."""

import pytest

from language.deadlines import read_deadline_cell
from language.deadlines.context import get_doubt_text
from tests.support.milestones import short


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("họp ngày 14/11, sơ kết ngày 14/12/2027", ["date 2027-11-14", "date 2027-12-14"]),
        ("ngày 14/11/2027, họp ngày 14/12", ["date 2027-11-14", "date 2027-12-14"]),
        (
            "họp từ 02/11 đến 14/11, sơ kết 21/12/2027",
            ["period 2027-11-02..2027-11-14", "date 2027-12-21"],
        ),
        (
            "họp 21/12/2027, sơ kết từ 02/11 đến 14/11",
            ["date 2027-12-21", "period 2027-11-02..2027-11-14"],
        ),
        (
            "họp quý II/2025, sơ kết quý III, tổng kết tháng 12/2027",
            [
                "period 2025-04-01..2025-06-30",
                "period 2027-07-01..2027-09-30",
                "period 2027-12-01..2027-12-31",
            ],
        ),
        (
            "họp quý II/2025, sơ kết quý III, tổng kết tháng 12",
            [
                "period 2025-04-01..2025-06-30",
                "period 2025-07-01..2025-09-30",
                "period 2025-12-01..2025-12-31",
            ],
        ),
        (
            "họp tháng 3, tổng kết năm 2027",
            ["period 2027-03-01..2027-03-31", "period 2027-01-01..2027-12-31"],
        ),
        (
            "họp 14/10, tập huấn từ 02/11/2026 đến 14/3/2027, tổng kết 14/4",
            ["date 2026-10-14", "period 2026-11-02..2027-03-14", "date 2027-04-14"],
        ),
        (
            "họp 14/3, tập huấn từ 02/4 đến 14/5/2027",
            ["date 2027-03-14", "period 2027-04-02..2027-05-14"],
        ),
        (
            "họp 14/10, tập huấn từ tháng 11 đến tháng 02/2028",
            ["date 2027-10-14", "period 2027-11-01..2028-02-29"],
        ),
        (
            "họp 14/10, tập huấn từ 14/11 đến 02/11/2027",
            ["date 2026-10-14", "period 2026-11-14..2027-11-02"],
        ),
        (
            "họp 14/3, tập huấn từ ngày 21 đến ngày 28/4/2027",
            ["date 2027-03-14", "period 2027-04-21..2027-04-28"],
        ),
        ("ngày 05, ngày 14/12/2027", ["date 2027-12-05", "date 2027-12-14"]),
    ],
)
def test_a_time_takes_the_year_of_the_next_else_of_the_one_before(
    text: str, expected: list[str]
) -> None:
    assert short(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "họp trước 14/3, giai đoạn 2027-2030",
            ["date 2026-03-13", "period 2027-01-01..2030-12-31"],
        ),
        (
            "14/11/2027, họp ngày 11/12 hằng năm",
            ["date 2027-11-14", "every year 2026-12-11..2026-12-11 x1"],
        ),
        (
            "họp ngày 11/12 hằng năm, tổng kết 14/11/2027",
            ["every year 2026-12-11..2026-12-11 x1", "date 2027-11-14"],
        ),
        (
            "ngày 14/11/2027 và họp ngày 14/01 năm sau",
            ["date 2027-11-14", "every year 2027-01-14..2027-01-14 x1"],
        ),
        (
            "sơ kết 14/11/2026, áp dụng từ ngày 02/01 của năm sau",
            ["date 2026-11-14", "ongoing 2027-01-02"],
        ),
        (
            "sơ kết 14/3/2027, tổng kết trong năm",
            ["date 2027-03-14", "period 2026-01-01..2026-12-31"],
        ),
        (
            "tổng kết trong năm, họp 14/3/2027",
            ["period 2026-01-01..2026-12-31", "date 2027-03-14"],
        ),
    ],
)
def test_years_of_a_plan_and_what_comes_back_share_no_year(text: str, expected: list[str]) -> None:
    assert short(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "tập huấn từ 02/4 đến 14/5/2027, tổng kết 14/6/2028",
            ["period 2027-04-02..2027-05-14", "date 2028-06-14"],
        ),
        (
            "tập huấn từ 02/11/2026 đến 14/3, tổng kết 14/6/2028",
            ["period 2026-11-02..2027-03-14", "date 2028-06-14"],
        ),
        (
            "họp 14/6/2028, tập huấn từ 02/11/2026 đến 14/3",
            ["date 2028-06-14", "period 2026-11-02..2027-03-14"],
        ),
        (
            "họp 14/3/2026, tập huấn từ 02/4 đến 14/5/2027",
            ["date 2026-03-14", "period 2027-04-02..2027-05-14"],
        ),
    ],
)
def test_the_end_of_a_range_takes_no_year_but_that_of_its_other_end(
    text: str, expected: list[str]
) -> None:
    assert short(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("trước ngày 14/6 và ngày 14/12", ["date 2026-06-13", "date 2026-12-13"]),
        (
            "trước ngày 14/6, 14/9 và 14/12",
            ["date 2026-06-13", "date 2026-09-13", "date 2026-12-13"],
        ),
        ("trước ngày 14/6, sơ kết và 14/12", ["date 2026-06-13", "date 2026-12-14"]),
        ("trước ngày 14/6 và đến ngày 14/12", ["date 2026-06-13", "date 2026-12-14"]),
        ("trước ngày 14/6 và tháng 12", ["date 2026-06-13", "period 2026-12-01..2026-12-31"]),
        ("trước tháng 6 và 14/12", ["date 2026-05-31", "date 2026-12-14"]),
        (
            "trước thứ Sáu hằng tuần và 14/6",
            ["every week 2026-01-08..2026-12-24 x51", "date 2026-06-14"],
        ),
        ("đến tháng 6, tháng 12", ["date 2026-06-30", "date 2026-12-31"]),
        ("từ tháng 6, ngày 14/12", ["ongoing 2026-06-01", "date 2026-12-14"]),
    ],
)
def test_days_in_a_list_share_what_bounds_the_first(text: str, expected: list[str]) -> None:
    assert short(text) == expected


@pytest.mark.parametrize(
    ("text", "hours"),
    [
        ("trước 16h ngày 14/6 và 14/12", ["16:00", "16:00"]),
        ("trước 16h ngày 14/6 và 9h 14/12", ["16:00", "09:00"]),
        ("trước 16h ngày 14/6, sơ kết 14/12", ["16:00", None]),
    ],
)
def test_days_in_a_list_share_the_hour_unless_they_have_their_own(
    text: str, hours: list[str | None]
) -> None:
    assert [one.at for one in read_deadline_cell(text, 2026)] == hours


NEXT_JULY = "every year 2027-07-14..2027-07-14 x1"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("ngày 14/01 và 14/7 của năm sau", ["every year 2027-01-14..2027-01-14 x1", NEXT_JULY]),
        ("ngày 14/8 và 14/7 của năm sau", ["date 2026-08-14", NEXT_JULY]),
        (
            "ngày 02/7 và 14/7 của năm sau",
            ["every year 2027-07-02..2027-07-02 x1", NEXT_JULY],
        ),
        ("ngày 14/7 và 14/7 của năm sau", ["date 2026-07-14", NEXT_JULY]),
        (
            "14/01 hằng năm và 14/7 của năm sau",
            ["every year 2026-01-14..2026-01-14 x1", NEXT_JULY],
        ),
        (
            "14/01 của năm báo cáo và 14/7 của năm sau",
            ["every year 2026-01-14..2026-01-14 x1", NEXT_JULY],
        ),
        ("họp hằng tuần và 14/7 năm sau", ["every week 2026-01-11..2026-12-27 x51", NEXT_JULY]),
        ("ngày 21/7 và 14/7 của năm sau", ["date 2026-07-21", NEXT_JULY]),
        ("ngày 14/01, gửi 14/7 của năm sau", ["date 2026-01-14", NEXT_JULY]),
        ("ngày 14/01/2026 và 14/7 của năm sau", ["date 2026-01-14", NEXT_JULY]),
        ("từ 02/01 đến 14/01 và 14/7 năm sau", ["period 2026-01-02..2026-01-14", NEXT_JULY]),
        ("tháng 1 và 14/7 năm sau", ["period 2026-01-01..2026-01-31", NEXT_JULY]),
        ("14/01 và tháng 7 năm sau", ["date 2026-01-14", "every year 2027-07-31..2027-07-31 x1"]),
        (
            "14/3 và ngày 21 tháng cuối quý",
            ["date 2026-03-14", "every quarter 2026-03-21..2026-12-21 x4"],
        ),
    ],
)
def test_an_earlier_day_right_before_one_of_the_next_year_is_of_that_year_too(
    text: str, expected: list[str]
) -> None:
    assert short(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("quý I hoặc quý II", "period 2026-01-01..2026-06-30"),
        ("quý I cùng quý II", "period 2026-01-01..2026-06-30"),
        ("tháng 3, quý II", "period 2026-03-01..2026-06-30"),
        ("quý I, tháng 4", "period 2026-01-01..2026-04-30"),
        ("quý I, tháng 3", "period 2026-01-01..2026-03-31"),
        ("tháng 3 tháng 3", "period 2026-03-01..2026-03-31"),
        ("tháng 3 tháng 4 tháng 5", "period 2026-03-01..2026-05-31"),
        ("trong tháng 3, trong tháng 4", "period 2026-03-01..2026-04-30"),
        ("tháng 3, đầu tháng 4", "period 2026-03-01..2026-04-10"),
        ("tháng 3 và tuần 1 tháng 4", "period 2026-03-01..2026-04-07"),
        ("tháng 12/2026, đầu tháng 01/2027", "period 2026-12-01..2027-01-10"),
        ("tháng 12/2026, tháng 01/2027", "period 2026-12-01..2027-01-31"),
        ("năm 2026, năm 2027", "period 2026-01-01..2027-12-31"),
    ],
)
def test_periods_that_adjoin_are_one(text: str, expected: str) -> None:
    assert short(text) == [expected]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("quý II, quý I", ["period 2026-04-01..2026-06-30", "period 2026-01-01..2026-03-31"]),
        ("quý I, quý III", ["period 2026-01-01..2026-03-31", "period 2026-07-01..2026-09-30"]),
        ("quý I, tháng 2", ["period 2026-01-01..2026-03-31", "period 2026-02-01..2026-02-28"]),
        ("quý I, tháng 1", ["period 2026-01-01..2026-03-31", "period 2026-01-01..2026-01-31"]),
        ("tháng 1, quý I", ["period 2026-01-01..2026-01-31", "period 2026-01-01..2026-03-31"]),
        ("tháng 3, quý I", ["period 2026-03-01..2026-03-31", "period 2026-01-01..2026-03-31"]),
        (
            "tháng 1, quý II, tháng 7",
            ["period 2026-01-01..2026-01-31", "period 2026-04-01..2026-07-31"],
        ),
        (
            "tháng 1, tuần 5 tháng 2 và tháng 3/2027",  # whose February has four weeks
            ["period 2027-01-01..2027-01-31", "doubt", "period 2027-03-01..2027-03-31"],
        ),
        ("quý I, họp quý II", ["period 2026-01-01..2026-03-31", "period 2026-04-01..2026-06-30"]),
        (
            "6 tháng đầu năm, quý III",
            ["period 2026-01-01..2026-06-30", "period 2026-07-01..2026-09-30"],
        ),
        (
            "quý II, 6 tháng cuối năm",
            ["period 2026-04-01..2026-06-30", "period 2026-07-01..2026-12-31"],
        ),
        (
            "cuối tháng 3, tháng 4",
            ["period 2026-03-21..2026-03-31", "period 2026-04-01..2026-04-30"],
        ),
        ("ngày 13/4, ngày 14/4", ["date 2026-04-13", "date 2026-04-14"]),
        ("trước tháng 3, trước tháng 4", ["date 2026-02-28", "date 2026-03-31"]),
        ("tháng 3, trước tháng 5", ["period 2026-03-01..2026-03-31", "date 2026-04-30"]),
        ("tháng 3, từ tháng 4", ["period 2026-03-01..2026-03-31", "ongoing 2026-04-01"]),
        (
            "tháng 1, 3 và tháng 4",
            [
                "period 2026-01-01..2026-01-31",
                "period 2026-03-01..2026-04-30",
            ],
        ),
        (
            "tháng 2 tháng 3, 5",
            [
                "period 2026-02-01..2026-02-28",
                "period 2026-03-01..2026-03-31",
                "period 2026-05-01..2026-05-31",
            ],
        ),
        (
            "tháng 3 năm sau, tháng 4 năm sau",
            ["every year 2027-03-31..2027-03-31 x1", "every year 2027-04-30..2027-04-30 x1"],
        ),
        (
            "quý I hằng năm, quý II hằng năm",
            ["every year 2026-03-31..2026-03-31 x1", "every year 2026-06-30..2026-06-30 x1"],
        ),
        (
            "tháng 2 đến tháng 3 và trong tháng 4",
            ["period 2026-02-01..2026-03-31", "period 2026-04-01..2026-04-30"],
        ),
    ],
)
def test_periods_that_differ_in_kind_or_lie_apart_are_several(
    text: str, expected: list[str]
) -> None:
    assert short(text) == expected


def test_what_goes_on_behind_joined_periods_begins_behind_the_last() -> None:
    assert short("quý I, quý II và các năm tiếp theo") == [
        "period 2026-01-01..2026-06-30",
        "ongoing 2026-07-01",
    ]


EVERY_WEEK = "every week 2026-01-11..2026-12-27 x51"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("thường xuyên hằng ngày", ["ongoing"]),
        ("thường xuyên, hằng ngày", ["ongoing"]),
        ("thường xuyên hằng năm", ["ongoing"]),
        ("thường xuyên hằng quý", ["ongoing"]),
        ("thường xuyên trong quý III", ["ongoing"]),
        ("thường xuyên từ nay đến hết năm", ["ongoing"]),
        ("thường xuyên từ quý II", ["ongoing 2026-04-01"]),
        ("thường xuyên, từ quý II", ["ongoing", "ongoing 2026-04-01"]),
        ("thường xuyên, trong quý III", ["ongoing", "period 2026-07-01..2026-09-30"]),
        ("thường xuyên trong năm, trong quý II", ["ongoing", "period 2026-04-01..2026-06-30"]),
        ("thường xuyên từ quý II từ quý III", ["ongoing 2026-04-01", "ongoing 2026-07-01"]),
        ("thường xuyên, hằng tuần", ["ongoing", EVERY_WEEK]),
        ("thường xuyên 14/12", ["ongoing", "date 2026-12-14"]),
        ("thường xuyên đến hết năm 2026", ["ongoing", "date 2026-12-31"]),
        ("thường xuyên; hằng năm", ["ongoing", "every year 2026-12-31..2026-12-31 x1"]),
        ("thường xuyên, 02 lần/năm", ["ongoing", "every half-year 2026-06-30..2026-12-31 x2"]),
        ("thường xuyên, 14/12 hằng năm", ["ongoing", "every year 2026-12-14..2026-12-14 x1"]),
        ("họp tháng 3, thường xuyên trong quý II", ["period 2026-03-01..2026-03-31", "ongoing"]),
        ("từ quý II thường xuyên", ["ongoing 2026-04-01", "ongoing"]),
    ],
)
def test_all_the_time_takes_only_what_says_how_long(text: str, expected: list[str]) -> None:
    assert short(text) == expected


@pytest.mark.parametrize(
    ("text", "doubt"),
    [
        ("thường xuyên, hằng năm", "yearly_too"),
        ("thường xuyên trong năm 2026, hằng năm", "yearly_too"),
        ("thường xuyên hằng năm", None),
    ],
)
def test_all_the_time_and_yearly_behind_a_comma_is_doubted(text: str, doubt: str | None) -> None:
    (found,) = read_deadline_cell(text, 2026)
    assert (found.kind, found.doubt) == ("ongoing", get_doubt_text(doubt) if doubt else None)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("trước 14/6 theo quy định", ["date 2026-06-13"]),
        ("theo quy định, trước 14/6", ["date 2026-06-13"]),
        ("trước 14/6 và theo quy định", ["date 2026-06-13", "regulation"]),
        ("theo quy định và theo kế hoạch, trước 14/6", ["date 2026-06-13"]),
        ("cùng với báo cáo quý, theo quy định", ["with"]),
        ("trước 14/6, cùng với báo cáo quý", ["date 2026-06-13", "with"]),
        ("định kỳ, theo quy định", ["regulation"]),
        ("trước 14/6, khi có yêu cầu", ["date 2026-06-13", "regulation"]),
        ("trước 14/6 (qua thư điện tử), đột xuất", ["date 2026-06-13", "regulation"]),
        ("trước 14/6 và báo cáo đột xuất", ["date 2026-06-13", "regulation"]),
        ("trước 14/6 (bản giấy) và báo cáo đột xuất", ["date 2026-06-13", "regulation"]),
        ("trước 14/6 báo cáo đột xuất", ["date 2026-06-13"]),
        ("khi có yêu cầu, trước 14/6", ["date 2026-06-13"]),
        ("trước 14/6, theo kế hoạch và khi có yêu cầu", ["date 2026-06-13"]),
    ],
)
def test_what_is_due_by_regulation_or_on_demand_counts_only_as_another_duty(
    text: str, expected: list[str]
) -> None:
    assert short(text) == expected


@pytest.mark.parametrize(
    ("text", "reference"),
    [
        ("theo quy định, khi có yêu cầu", "quy định, khi có yêu cầu"),
        ("theo quy định, theo kế hoạch", "quy định, theo kế hoạch"),
        ("đột xuất, theo quy định", "đột xuất, theo quy định"),
        ("định kỳ, theo quy định, khi có yêu cầu", "quy định, khi có yêu cầu"),
        ("trước 14/6 và khi có yêu cầu và theo quy định", "khi có yêu cầu và theo quy định"),
    ],
)
def test_two_references_in_a_row_are_one(text: str, reference: str) -> None:
    found = read_deadline_cell(text, 2026)
    assert [one.reference for one in found if one.kind == "regulation"] == [reference]


@pytest.mark.parametrize(
    ("text", "expected", "doubt"),
    [
        ("quý I, sau khi Chính phủ ban hành", ["period 2026-01-01..2026-03-31"], "event_too"),
        ("quý I, ngay sau khi ban hành", ["period 2026-01-01..2026-03-31"], "event_too"),
        ("quý I, họp sau khi ban hành", ["period 2026-01-01..2026-03-31", "doubt"], None),
        (
            "quý I, trước ngày khai mạc 12 ngày",
            ["period 2026-01-01..2026-03-31", "relative -12 days"],
            None,
        ),
        (
            "quý I, 12 ngày sau khi ban hành",
            ["period 2026-01-01..2026-03-31", "relative 12 days"],
            None,
        ),
        ("hằng quý, sau khi ban hành", ["every quarter 2026-03-31..2026-12-31 x4", "doubt"], None),
    ],
)
def test_an_event_right_behind_a_time_only_explains_it(
    text: str, expected: list[str], doubt: str | None
) -> None:
    assert short(text) == expected
    first = read_deadline_cell(text, 2026)[0]
    assert first.doubt == (get_doubt_text(doubt) if doubt else None)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("trong 02 ngày 14-15/12", ["period 2026-12-14..2026-12-15"]),
        ("12 ngày kể từ ngày ban hành, trước 14/6", ["relative 12 days", "date 2026-06-13"]),
        ("hằng quý, trong 02 ngày", ["every quarter 2026-03-31..2026-12-31 x4", "relative 2 days"]),
    ],
)
def test_a_number_of_days_from_no_event_only_says_how_long_a_time_lasts(
    text: str, expected: list[str]
) -> None:
    assert [one.removesuffix(" working") for one in short(text)] == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Năm 2027: trước ngày 15/6", ["date 2027-06-14"]),
        ("Năm 2027, quý II", ["period 2027-04-01..2027-06-30"]),
        ("riêng năm 2027 từ tháng 3 đến tháng 5", ["period 2027-03-01..2027-05-31"]),
        (
            "- Năm 2026: tháng 3 - Năm 2027: tháng 4",
            ["period 2026-03-01..2026-03-31", "period 2027-04-01..2027-04-30"],
        ),
        (
            "Năm 2026 trước ngày 30/4, các năm sau trước ngày 31/01",
            ["date 2026-04-29", "every year 2027-01-30..2028-01-30 x2"],
        ),
        ("Tổng kết năm 2025 trước ngày 15/01", ["every year 2026-01-14..2028-01-14 x3"]),
        ("Năm 2027: trước ngày 15/6/2026", ["date 2026-06-14"]),
        ("Năm 2027: trước ngày 15/6 hằng năm", ["every year 2026-06-14..2028-06-14 x3"]),
    ],
)
def test_a_year_that_leads_a_clause_is_that_of_its_first_time(
    text: str, expected: list[str]
) -> None:
    assert short(text, (2026, 2028)) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "Trước ngày 20/6 đối với báo cáo 6 tháng, 20/12 đối với báo cáo năm",
            ["date 2026-06-19", "date 2026-12-19"],
        ),
        (
            "Trước ngày 20/6 đối với xã, ngày 30/6 đối với tỉnh",
            ["date 2026-06-19", "date 2026-06-29"],
        ),
        (
            "Trước ngày 20/6 đối với xã; ngày 30/6 đối với tỉnh",
            ["date 2026-06-19", "date 2026-06-30"],
        ),
        (
            "Trước ngày 20/6 họp với xã, ngày 30/6 họp với tỉnh",
            ["date 2026-06-19", "date 2026-06-30"],
        ),
    ],
)
def test_days_with_their_labels_share_a_preposition(text: str, expected: list[str]) -> None:
    assert short(text) == expected
