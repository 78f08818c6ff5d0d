"""Readings at the edges of the rules of docs/dev/deadlines.md: one more word, one day more."""

from datetime import date, timedelta

import pytest

from language.deadlines import complete_milestone, read_deadline_cell, read_typed_deadline
from language.deadlines.context import get_doubt_text
from language.deadlines.recurrence import make_rrule
from language.milestones import Milestone
from tests.support.milestones import short

TODAY = date(2026, 11, 20)  # a Friday


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("trước 10 ngày so với ngày khai mạc", ["relative -10 days"]),
        ("gửi trước 02 tuần so với ngày tổng kết", ["relative -14 days"]),
    ],
)
def test_a_count_before_an_event_goes_back(text: str, expected: list[str]) -> None:
    assert short(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("03 tháng trước ngày 16/4/2026", ["date 2026-04-15"]),
        ("báo cáo 6 tháng trước ngày 16/6", ["date 2026-06-15"]),
        ("sơ kết 9 tháng trước quý IV", ["date 2026-09-30"]),
    ],
)
def test_months_before_a_day_are_a_report_and_count_nothing(text: str, expected: list[str]) -> None:
    assert short(text) == expected


@pytest.mark.parametrize("text", [": 1. 11/2026", "/ 1) 11/2026"])
def test_a_number_behind_a_mark_at_the_start_is_that_of_a_bullet(text: str) -> None:
    assert short(text) == ["period 2026-11-01..2026-11-30"]
    assert [one.what for one in read_deadline_cell(text, 2026)] == [None]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "từ 09/3 đến 25/9/2026, định kỳ kiểm tra hằng tuần, tổng kết trước ngày 20/11/2026",
            ["every week 2026-03-15..2026-09-20 x28", "date 2026-11-19"],
        ),
        (
            "09/3/2026 - 25/9/2026, hằng tháng họp, tổng kết trước ngày 20/11/2026",
            ["every month 2026-03-31..2026-08-31 x6", "date 2026-11-19"],
        ),
    ],
)
def test_a_span_before_a_repeat_bounds_it_whatever_follows(text: str, expected: list[str]) -> None:
    assert short(text) == expected


def test_a_cell_has_at_most_the_milestones_of_a_task_and_then_a_doubt() -> None:
    most = 500  # docs/dev/plan-format.md
    days = [f"{TODAY + timedelta(days=number % 300):%d/%m/%Y}" for number in range(most + 1)]
    found = read_deadline_cell("• " + " • ".join(days), 2026)
    assert len(found) == most
    assert found[-1].doubt == get_doubt_text("too_many")
    found = read_deadline_cell("• " + " • ".join(days[1:]), 2026)
    assert (len(found), found[-1].doubt) == (most, None)


def test_a_clause_has_at_most_the_milestones_of_a_task_or_is_a_doubt() -> None:
    most = 500  # docs/dev/plan-format.md
    days = [f"{TODAY + timedelta(days=2 * number):%d/%m/%Y}" for number in range(most + 1)]
    (doubt,) = read_deadline_cell(", ".join(days), 2026)
    assert doubt.doubt == get_doubt_text("too_many")
    assert len(read_deadline_cell(", ".join(days[1:]), 2026)) == most


@pytest.mark.parametrize(("step", "every"), [(1, "day"), (7, "week")])
def test_days_at_one_short_step_come_back_each_day_or_week(step: int, every: str) -> None:
    days = tuple(TODAY + timedelta(days=step * count) for count in range(4))
    assert complete_milestone(Milestone(kind="recurring", last_days=days)).every == every


def test_a_week_of_a_month_is_asked_about_unless_its_end_is_said() -> None:
    asked = read_typed_deadline("tuần 2 tháng 12", TODAY)
    assert [day.day for day in asked.candidates] == [8, 9, 10, 11, 14]
    assert read_typed_deadline("trước tuần 2 tháng 12", TODAY).only_day == date(2026, 12, 7)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("Kế hoạch số 7/KH-UBND về sửa chữa trụ sở đến hết quý III/2026", "2026-09-30"),
        ("theo Quyết định số 7/QĐ-UBND về số hóa hồ sơ đến ngày 28/8/2026", "2026-08-28"),
        ("theo Công văn số 7/UBND-VX về số hóa hồ sơ trước năm 2027", "2026-12-31"),
    ],
)
def test_only_until_a_year_ends_the_name_of_a_document(text: str, day: str) -> None:
    assert short(text) == [f"date {day}"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("hằng tháng làm việc với xã (ngày 22)", ["every month 2026-01-22..2026-12-22 x12"]),
        ("mỗi quý tổ chức họp (trước ngày 13)", ["every quarter 2026-03-12..2026-12-12 x4"]),
        ("hằng năm gửi tỉnh (trước ngày 12/11)", ["every year 2026-11-11..2026-11-11 x1"]),
    ],
)
def test_a_bracket_behind_other_words_has_the_day_of_the_only_repeat(
    text: str, expected: list[str]
) -> None:
    assert short(text) == expected


@pytest.mark.parametrize("text", ["họp 2 lần/năm theo quy định", "2 lần/năm khi có yêu cầu"])
def test_a_rate_counts_nothing_that_is_no_month(text: str) -> None:
    assert short(text)[0] == "every half-year 2026-06-30..2026-12-31 x2"


def test_a_word_right_behind_a_bracket_is_outside_it() -> None:
    expected = ["every quarter 2026-03-31..2026-12-31 x4", "date 2026-06-17"]
    assert short("hằng quý (định kỳ)trước ngày 18/6") == expected


def test_a_yearly_span_over_the_new_year_ends_in_the_year_after() -> None:
    expected = ["every year 2027-02-28..2027-02-28 x1"]
    assert short("từ tháng 11 đến tháng 02 hằng năm") == expected


def test_a_weekday_in_a_bracket_keeps_its_hour_whatever_stands_first() -> None:
    for text in ("hằng tuần (16h thứ Năm)", "hằng tuần (thứ Năm, trước 16h)"):
        (found,) = read_deadline_cell(text, 2026)
        assert found.at == "16:00"
        assert {day.weekday() for day in found.last_days} == {3}


def test_the_rule_of_a_single_day_is_yearly() -> None:
    assert "FREQ=YEARLY" in (make_rrule([TODAY], None) or "")


@pytest.mark.parametrize("text", ["năm sau", "kết thúc năm tài chính"])
def test_a_year_that_only_refers_to_another_is_no_deadline(text: str) -> None:
    assert short(text) == ["doubt"]


def test_after_an_event_is_no_day_though_an_hour_stands_before_it() -> None:
    assert short("16h, sau khi nhận văn bản") == ["doubt"]


@pytest.mark.parametrize(
    ("text", "reference"),
    [
        ("theo Quyết định số 7/QĐ-UBND; gửi Công văn số 5/SNV-VP", "Quyết định số 7/QĐ-UBND"),
        ("theo Điều 3 Luật Lưu trữ; xem thêm Thông tư số 4/2022/TT-BNV", "Điều 3 Luật Lưu trữ"),
    ],
)
def test_a_document_behind_another_verb_does_not_go_on_with_the_reference(
    text: str, reference: str
) -> None:
    assert [one.reference for one in read_deadline_cell(text, 2026)] == [reference]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("vào trước ngày 16/6", ["date 2026-06-15"]),
        ("trong trước ngày 16/6/2026", ["date 2026-06-15"]),
        ("trong từ ngày 16/6/2026", ["ongoing 2026-06-16"]),
    ],
)
def test_of_two_prepositions_the_one_that_bounds_counts(text: str, expected: list[str]) -> None:
    assert short(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("hằng tuần trong tháng 3, 5/2026", ["every week 2026-03-01..2026-05-31 x14"]),
        ("hằng tuần đến hết tháng 3, 5/2026", ["every week 2026-01-11..2026-05-31 x21"]),
    ],
)
def test_listed_months_bound_a_repeat_by_the_last_of_them(text: str, expected: list[str]) -> None:
    assert short(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("từ tháng 11 đến tháng 02", ["period 2026-11-01..2027-02-28"]),
        ("từ ngày 18/11 đến ngày 12/01", ["period 2026-11-18..2027-01-12"]),
    ],
)
def test_a_range_that_turns_the_year_is_doubted(text: str, expected: list[str]) -> None:
    assert short(text) == expected
    assert [one.doubt for one in read_deadline_cell(text, 2026)] == [get_doubt_text("turn")]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "sau mỗi đợt kiểm tra, tổng hợp kết quả trong quý III",
            ["doubt", "period 2026-07-01..2026-09-30"],
        ),
        (
            "sau mỗi kỳ họp, thông báo kết luận trong tháng 8/2026",
            ["doubt", "period 2026-08-01..2026-08-31"],
        ),
    ],
)
def test_behind_an_event_and_a_comma_a_period_is_a_deadline_of_its_own(
    text: str, expected: list[str]
) -> None:
    assert short(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("quý II, tháng 6/2026", ["period 2026-04-01..2026-06-30"]),
        ("quý III và tháng 9", ["period 2026-07-01..2026-09-30"]),
    ],
)
def test_a_month_at_the_end_of_a_quarter_is_within_it(text: str, expected: list[str]) -> None:
    assert short(text) == expected


def test_repeats_behind_a_time_of_its_own_share_the_day_behind_them() -> None:
    assert short("sơ kết tháng 6, định kỳ hằng tháng, hằng quý, trước ngày 22") == [
        "period 2026-06-01..2026-06-30",
        "every month 2026-01-21..2026-12-21 x12",
        "every quarter 2026-03-21..2026-12-21 x4",
    ]


def test_an_hour_behind_the_last_of_three_days_is_that_of_the_last() -> None:
    found = read_deadline_cell("ngày 12/3, ngày 14/6, ngày 24/9 trước 17h", 2026)
    assert [one.at for one in found] == [None, None, "17:00"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "Định kỳ quý. Hạn nộp: ngày 12 tháng đầu quý sau và khi có yêu cầu",
            ["every quarter 2026-04-12..2027-01-12 x4", "regulation"],
        ),
        (
            "trước 10/2; định kỳ quý. Hạn nộp: ngày 12 tháng đầu quý sau",
            ["date 2026-02-09", "every quarter 2026-04-12..2027-01-12 x4"],
        ),
        ("Hằng tuần. Hạn nộp: thứ Sáu hằng tuần", ["every week 2026-01-09..2026-12-25 x51"]),
        ("Hằng năm. Hạn nộp: ngày 15/11 hằng năm", ["every year 2026-11-15..2026-11-15 x1"]),
        (
            "Sau khi tỉnh giao. Trong 6 tháng sau khi tỉnh giao",
            ["relative 6 months"],
        ),
    ],
)
def test_a_sentence_that_says_the_same_more_exactly_replaces_the_one_before(
    text: str, expected: list[str]
) -> None:
    assert short(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "Định kỳ quý. Hạn nộp: ngày 12 hằng tháng",
            ["every quarter 2026-03-31..2026-12-31 x4", "every month 2026-01-12..2026-12-12 x12"],
        ),
        (
            "Sở Y tế: hằng quý. Hạn nộp: ngày 12 tháng cuối quý",
            ["every quarter 2026-03-31..2026-12-31 x4", "every quarter 2026-03-12..2026-12-12 x4"],
        ),
        (
            "Hằng quý; kiểm tra ngày 12 tháng cuối quý",
            ["every quarter 2026-03-31..2026-12-31 x4", "every quarter 2026-03-12..2026-12-12 x4"],
        ),
        ("Trước 15/6. Hạn nộp: 15/12", ["date 2026-06-14", "date 2026-12-15"]),
        (
            "Ngày 07/8 hằng năm; hạn chót ngày 10/4 hằng năm",
            ["every year 2026-08-07..2026-08-07 x1", "every year 2026-04-10..2026-04-10 x1"],
        ),
        (
            "Ngày 05 hằng tháng. Hạn nộp: ngày 12 hằng tháng",
            ["every month 2026-01-05..2026-12-05 x12", "every month 2026-01-12..2026-12-12 x12"],
        ),
        (
            "Thứ Hai hằng tuần. Hạn nộp: thứ Sáu hằng tuần",
            ["every week 2026-01-05..2026-12-28 x52", "every week 2026-01-09..2026-12-25 x51"],
        ),
        (
            "Hằng quý. Hạn nộp: 15/12",
            ["every quarter 2026-03-31..2026-12-31 x4", "date 2026-12-15"],
        ),
        (
            "Sau khi tỉnh giao. Trong 30 ngày kể từ ngày họp",
            ["doubt", "relative 30 days"],
        ),
        ("Sau khi tỉnh giao. Trong 30 ngày", ["doubt", "relative 30 days"]),
        (
            "Theo biên bản họp ban. Trong 5 ngày kể từ ngày họp ban",
            ["regulation", "relative 5 days"],
        ),
    ],
)
def test_a_sentence_about_something_else_replaces_nothing(text: str, expected: list[str]) -> None:
    assert short(text) == expected


@pytest.mark.parametrize(("same_letters", "count"), [(25, 1), (24, 2)])
def test_an_event_is_known_again_by_its_first_letters(same_letters: int, count: int) -> None:
    same = "thẩm định đề cương chi tiết"[:same_letters]
    text = f"Sau khi {same}a xong. Trong 6 tháng sau khi {same}b xong"
    assert len(short(text)) == count


def test_a_deadline_is_listed_again_only_behind_three_others() -> None:
    three = ["date 2026-03-14", "date 2026-06-14", "date 2026-09-14"]
    text = "Trước 15/3 / Trước 15/6 / Trước 15/9"
    assert short(f"{text} / Trước 15/3") == three
    assert short(f"{text} / Trước 15/9") == three
    again = [*three, "date 2026-12-14", "date 2026-03-14"]
    assert short(f"{text} / Trước 15/12 / Trước 15/3") == again


def test_a_reference_goes_on_over_every_semicolon_and_behind_other_clauses() -> None:
    text = "trước 15/3; theo Điều 3 Luật Lưu trữ; Điều 7 Luật Lưu trữ; Điều 9 Luật Lưu trữ"
    first, second = read_deadline_cell(text, 2026)
    assert first.reference is None
    assert second.reference == "Điều 3 Luật Lưu trữ; Điều 7 Luật Lưu trữ; Điều 9 Luật Lưu trữ"


@pytest.mark.parametrize(
    ("text", "reference"),
    [
        ("Kế hoạch năm 2026 của tỉnh; Điều 5 Luật Lưu trữ", "Kế hoạch năm 2026 của tỉnh"),
        ("sau khi tỉnh giao; Điều 5 Luật Lưu trữ", "sau khi tỉnh giao"),
        ("15/6/2026; Điều 5 Luật Lưu trữ", None),
        ("theo quy định; Điều 5 Luật Lưu trữ", None),
        ("theo Điều 3 Luật Lưu trữ; Sở Y tế", "Điều 3 Luật Lưu trữ"),
    ],
)
def test_a_document_goes_on_with_no_doubt_and_no_day(text: str, reference: str | None) -> None:
    assert [one.reference for one in read_deadline_cell(text, 2026)] == [reference]


@pytest.mark.parametrize(
    ("text", "day"),
    [("40000", "2009-07-06"), ("60000", "2064-04-08"), (" 45678.25 ", "2025-01-21")],
)
def test_a_number_that_a_spreadsheet_shows_for_a_day_is_that_day(text: str, day: str) -> None:
    (found,) = read_deadline_cell(text)
    assert (str(found.last_day), str(found.printed_day)) == (day, day)
    assert found.doubt == get_doubt_text("serial")


@pytest.mark.parametrize("text", ["39999", "60001", "4567", "456789", "45678.x"])
def test_other_numbers_are_no_days_of_a_spreadsheet(text: str) -> None:
    assert short(text) == ["doubt"]


def test_all_the_time_from_a_month_on_begins_with_its_first_day_if_the_year_is_known() -> None:
    assert short("Thường xuyên từ quý II/2026") == ["ongoing 2026-04-01"]
    assert short("Thường xuyên từ tháng 3") == ["ongoing 2026-03-01"]
    assert short("Thường xuyên từ tháng 3", None) == ["ongoing"]
    assert short("Thường xuyên từ tháng 3", (2026, 2030)) == ["ongoing"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("từ ngày 15 của tháng sau", "every month 2026-02-15..2027-01-15 x12"),
        ("từ ngày 15 tháng đầu quý sau", "every quarter 2026-04-15..2027-01-15 x4"),
        ("từ ngày 15/3 năm sau", "ongoing 2027-03-15"),
        ("từ ngày 15 hằng tháng", "every month 2026-01-15..2026-12-15 x12"),
        ("từ ngày 15/3", "ongoing 2026-03-15"),
    ],
)
def test_a_start_in_each_month_or_quarter_comes_back(text: str, expected: str) -> None:
    assert short(text) == [expected]


def test_the_first_and_last_year_of_a_plan_are_those_of_its_years() -> None:
    assert short("ngày 15/3 năm cuối kỳ kế hoạch", (2026, 2030)) == ["date 2030-03-15"]
    assert short("tháng 3 năm đầu kỳ kế hoạch", (2026, 2030)) == ["period 2026-03-01..2026-03-31"]
    assert short("ngày 15/3, 15/6 năm cuối kỳ kế hoạch", (2026, 2030)) == [
        "every year 2026-03-15..2030-03-15 x5",
        "date 2030-06-15",
    ]


@pytest.mark.parametrize(
    "text",
    [
        "Họp lần thứ 2, ngày 20/5/2026",
        "nhiệm vụ thứ 2: ngày 20/5/2026",
        "kỳ họp thứ 2 (20/5/2026)",
        "buổi thứ 2 ngày 20/5/2026",
        "việc thứ 2 ngày 20/5/2026",
        "năm 2026: ngày 20/5/2026",
        "họp thứ Hai, nộp ngày 20/5/2026",
    ],
)
def test_what_is_counted_before_a_day_is_no_weekday(text: str) -> None:
    assert [(str(m.last_day), m.doubt) for m in read_deadline_cell(text)] == [("2026-05-20", None)]


@pytest.mark.parametrize(
    "text",
    [
        "nộp thứ Hai, ngày 20/5/2026",
        "thứ Tư ngày 20/5/2026 và thứ Tư ngày 21/5/2026",
        "từ thứ Hai 20/5/2026 đến thứ Bảy 23/5/2026",
        "(thứ Hai) 20/5/2026",
    ],
)
def test_of_the_days_of_a_clause_those_with_another_weekday_are_doubted(text: str) -> None:
    assert {m.doubt for m in read_deadline_cell(text)} >= {get_doubt_text("weekday")}


def test_a_weekday_is_only_compared_with_a_day_of_a_known_year() -> None:
    assert read_deadline_cell("thứ Hai, ngày 20/5", (2026, 2028))[0].doubt is None
    assert read_deadline_cell("thứ Hai, ngày 20/5", 2026)[0].doubt == get_doubt_text("weekday")
    assert read_deadline_cell("thứ Hai, ngày 31/6", 2026)[0].doubt == get_doubt_text("impossible")
