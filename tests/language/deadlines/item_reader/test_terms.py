"""Terms: how many days or months, from which event, and what only looks like one."""

import pytest

from language.deadlines import read_deadline_cell
from language.deadlines.context import get_doubt_text
from tests.support.milestones import short


@pytest.mark.parametrize(
    ("count", "expected"),
    [
        ("24 giờ", "relative 1 days"),
        ("25 giờ", "relative 2 days"),
        ("48 giờ", "relative 2 days"),
        ("49 giờ", "relative 3 days"),
        ("02 ngày", "relative 2 days"),
        ("02 tuần", "relative 14 days"),
        ("02 tháng", "relative 2 months"),
        ("02 quý", "relative 6 months"),
        ("02 năm", "relative 24 months"),
        ("00 ngày", "relative 0 days"),
        ("mười hai ngày làm việc", "relative 12 days working"),
    ],
)
def test_a_term_counts_days_or_months(count: str, expected: str) -> None:
    for text in (f"trong {count} kể từ khi nhận", f"{count} kể từ khi nhận"):
        assert short(text) == [expected]


@pytest.mark.parametrize(
    ("text", "expected", "event"),
    [
        ("trước ngày bầu cử 10 ngày", "relative -10 days", "bầu cử"),
        ("trước ngày bầu cử ít nhất 02 tháng", "relative -2 months", "bầu cử"),
        ("trước ngày bầu cử chậm nhất 10 ngày", "relative -10 days", "bầu cử"),
        ("sau ngày bầu cử 10 ngày làm việc", "relative 10 days working", "bầu cử"),
        ("sau khi bầu cử 05 ngày", "relative 5 days", "bầu cử"),
        ("03 ngày trước khi bầu cử", "relative -3 days", "bầu cử"),
        ("trước 03 ngày kể từ khi bầu cử", "relative -3 days", "bầu cử"),
        ("trước ngày thứ 10 kể từ ngày ký", "relative -10 days", "ký"),
        ("trước tháng thứ 3 kể từ ngày ký", "relative 3 months", "ký"),
        ("03 ngày (kèm hồ sơ) kể từ khi nhận", "relative 3 days", "nhận"),
        ("ngày làm việc tiếp theo sau ngày họp", "relative 1 days working", "họp"),
        ("trước ngày làm việc tiếp theo sau ngày họp", "relative 1 days working", "họp"),
        ("03 ngày từ tháng 4", "relative 3 days", "tháng 4"),
        ("03 ngày kể từ tháng 4 đến tháng 5", "relative 3 days", "tháng 4 đến tháng 5"),
        (
            "sau ngày ban hành Quyết định số 5/QĐ-UBND 05 ngày",
            "relative 5 days",
            "ban hành Quyết định số 5/QĐ-UBND",
        ),
    ],
)
def test_a_term_counts_from_its_event(text: str, expected: str, event: str) -> None:
    assert short(text) == [expected]
    assert [one.after for one in read_deadline_cell(text, 2026)] == [event]


def test_a_count_may_stand_behind_any_number_of_documents() -> None:
    documents = ", ".join(f"Công văn số {number}/SNV-VP" for number in range(1, 12))
    assert short(f"sau khi bàn giao {documents} 05 ngày") == ["relative 5 days"]


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("30 ngày kể từ ngày 15/6/2026", "2026-07-15"),
        ("trong 30 ngày kể từ ngày 15/6", "2026-07-15"),
        ("30 ngày kể từ ngày 15 và 20/6", "2026-07-15"),
        ("30 ngày kể từ ngày 15", None),
        ("30 ngày kể từ tháng 6/2026", None),
        ("30 ngày kể từ khi họp, ngày 15/6/2026", None),
    ],
)
def test_a_term_from_a_known_day_ends_on_a_known_day(text: str, day: str | None) -> None:
    found = read_deadline_cell(text, 2026)[0]
    assert (found.kind, found.last_day and str(found.last_day)) == ("relative", day)


@pytest.mark.parametrize(
    "text",
    [
        "mười (11) ngày kể từ ngày ký",
        "trước ngày bầu cử mười (11) ngày",
        "trong mười (11) ngày kể từ ngày ký",
    ],
)
def test_digits_that_contradict_the_words_of_a_count_are_a_doubt(text: str) -> None:
    assert [one.doubt for one in read_deadline_cell(text, 2026)] == [get_doubt_text("digits")]
    right = read_deadline_cell(text.replace("11", "10"), 2026)
    assert [one.doubt for one in right] == [None]


@pytest.mark.parametrize("text", ["03 ngày", "từ 03 ngày", "trước 03 ngày", "đến hội nghị 03 ngày"])
def test_a_count_without_an_event_is_doubted(text: str) -> None:
    (found,) = read_deadline_cell(text, 2026)
    assert (found.kind, found.doubt) == ("relative", get_doubt_text("no_event"))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("03 ngày, tháng 6", ["period 2026-06-01..2026-06-30"]),
        ("từ 03 ngày, tháng 6", ["period 2026-06-01..2026-06-30"]),
        ("trong 03 ngày, tháng 6", ["period 2026-06-01..2026-06-30"]),
        ("03 ngày bắt đầu từ tháng 4", ["ongoing 2026-04-01"]),
        ("03 ngày từ tháng 4 đến tháng 5", ["period 2026-04-01..2026-05-31"]),
        ("03 ngày từ tháng 4 - tháng 5", ["period 2026-04-01..2026-05-31"]),
        ("02 tháng trước tháng 6", ["date 2026-05-31"]),
        ("02 tuần trước ngày 15/6/2026", ["relative -14 days"]),
        ("02 tháng trước khi họp", ["relative -2 months"]),
        (
            "02 tháng kể từ ngày ký, trước ngày 15/6",
            ["relative 2 months", "date 2026-06-14"],
        ),
        ("sau khi họp", ["doubt"]),
        ("sau khi họp, trước ngày 15/6", ["doubt", "date 2026-06-14"]),
        ("sau khi họp ngày 15/6 05 ngày", ["doubt"]),
    ],
)
def test_times_beside_a_count_keep_their_meaning(text: str, expected: list[str]) -> None:
    assert short(text) == expected


@pytest.mark.parametrize(
    ("text", "event"),
    [
        ("trước ngày 15/6/2026 ít nhất 10 ngày", "15/6/2026"),
        ("xong trước 15/6/2026 10 ngày", "15/6/2026"),
        ("trước ngày 15/6/2026, tối thiểu 10 ngày", "15/6/2026"),
        ("trước ngày 15/6/2026 muộn nhất là 10 ngày", "15/6/2026"),
        ("Trước ngày 15/6/2026 (ngày khai mạc) 10 ngày", "15/6/2026"),
        ("trước 17h ngày 15/6/2026 chậm nhất 10 ngày", "17h ngày 15/6/2026"),
        ("trước lễ 30/4 ít nhất 10 ngày", "30/4"),
        ("trước quý IV/2026 ít nhất 10 ngày", "quý IV/2026"),
        ("trước ngày cuối cùng của tháng 6 ít nhất 10 ngày", "cuối cùng của tháng 6"),
        ("10 ngày trước khi hết hạn", "hết hạn"),
        ("10 ngày trước khi kết thúc đợt kiểm tra", "kết thúc đợt kiểm tra"),
        ("trước 10 ngày so với ngày 15/6/2026", "15/6/2026"),
        ("trước ít nhất 10 ngày so với 15/6/2026", "15/6/2026"),
        ("trước 10 ngày tính đến ngày 15/6/2026", "15/6/2026"),
        ("chậm nhất 10 ngày trước ngày 15/6/2026", "15/6/2026"),
        ("trước tối thiểu 10 ngày so với ngày khai mạc", "khai mạc"),
    ],
)
def test_a_term_counts_back_from_the_day_beside_it(text: str, event: str) -> None:
    (found,) = read_deadline_cell(text, 2026)
    assert (found.kind, found.days, found.after, found.what) == ("relative", -10, event, None)
    assert found.doubt is None


def test_a_count_behind_a_list_of_days_is_that_of_each() -> None:
    found = read_deadline_cell("trước ngày 15/6 và 15/12 ít nhất 05 ngày làm việc", 2026)
    assert [(one.days, one.working_days, one.after) for one in found] == [
        (-5, True, "15/6"),
        (-5, True, "15/12"),
    ]


@pytest.mark.parametrize(
    ("day", "doubt"),
    [
        ("15/6 hằng năm", "leftover"),
        ("15 hằng tháng", "leftover"),
        ("15 của tháng cuối quý", "leftover"),
        ("10, 20/6", "leftover"),
        ("làm việc cuối cùng của tháng 6/2026", "leftover"),
    ],
)
def test_a_count_back_that_cannot_be_worked_out_is_a_doubt(day: str, doubt: str) -> None:
    for found in read_deadline_cell(f"trước ngày {day} ít nhất 10 ngày", 2026):
        assert found.doubt == get_doubt_text(doubt)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("trước ngày 15/6/2026, 10 ngày", ["date 2026-06-14"]),
        ("trước ngày 15/6/2026 trong 10 ngày", ["date 2026-06-14"]),
        ("ngày 15/6/2026 ít nhất 10 ngày", ["date 2026-06-15"]),
        ("đến ngày 15/6/2026 ít nhất 10 ngày", ["date 2026-06-15"]),
        ("ngày 10/6/2026, trước ngày 15/6/2026 10 ngày", ["date 2026-06-10", "relative -10 days"]),
        ("trước ngày 15/6/2026 (10 ngày)", ["date 2026-06-14"]),
        ("trước ngày 15/6/2026; ít nhất 10 ngày", ["date 2026-06-14", "relative 10 days"]),
    ],
)
def test_a_count_that_is_not_right_behind_before_a_day_leaves_it(
    text: str, expected: list[str]
) -> None:
    assert short(text) == expected


@pytest.mark.parametrize(
    ("text", "doubt"),
    [
        ("trước ngày 15/6/2026 (ít nhất 10 ngày)", "bracket"),
        ("trước thứ Tư tuần 2 tháng 6 ít nhất 02 ngày", "leftover"),
        ("trước khi kết thúc năm ngân sách 30 ngày", "leftover"),
        ("trước khi kết thúc quý III 10 ngày", "leftover"),
    ],
)
def test_a_count_back_beside_what_is_no_plain_day_is_a_doubt(text: str, doubt: str) -> None:
    (found,) = read_deadline_cell(text, 2026)
    assert found.doubt == get_doubt_text(doubt)
