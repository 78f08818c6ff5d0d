"""Where a cell is cut into clauses: bullets, numbered lines, sentences, lists, brackets."""

import pytest

from language.deadlines import read_deadline_cell
from language.deadlines.context import get_doubt_text
from tests.support.milestones import short

LONGEST = 10_000  # letters of a cell

# Beside a day of its own clause "theo quy định" says nothing; in a clause of its own it is kept.
TWO_CLAUSES = [
    "Theo quy định; báo cáo trước 15/12",
    "Theo quy định; (báo cáo trước 15/12)",
    "Theo quy định / báo cáo trước 15/12",
    "Theo quy định. Báo cáo trước 15/12",
    "Theo quy định (nếu có). Báo cáo trước 15/12",
    "Theo quy định “mới”. Báo cáo trước 15/12",
    "Theo quy định: a) báo cáo trước 15/12",
    "Theo quy định: - báo cáo trước 15/12",
    "Theo quy định\n- báo cáo trước 15/12",
    "Theo quy định • báo cáo trước 15/12",
    "Theo quy định ▪ báo cáo trước 15/12",
    "Theo quy định - Báo cáo trước 15/12",
    "- Theo quy định -Báo cáo trước 15/12",
    "+ Theo quy định -Báo cáo trước 15/12",
    "– Theo quy định –Báo cáo trước 15/12",
    "1) Theo quy định 2) Báo cáo trước 15/12",
    "(a) Theo quy định (b) Báo cáo trước 15/12",
    "• Theo quy định 2) Báo cáo trước 15/12",
    "— Theo quy định — Báo cáo trước 15/12",
    "I. Theo quy định: II. Báo cáo trước 15/12",
    "i. theo quy định: ii. báo cáo trước 15/12",
]
ONE_CLAUSE = [
    "Theo quy định/ báo cáo trước 15/12",
    "Theo quy định. báo cáo trước 15/12",
    "Theo quy định, TP. Huế báo cáo trước 15/12",
    "Theo quy định\nbáo cáo trước 15/12",
    "Theo quy định - báo cáo trước 15/12",
    "Theo quy định -Báo cáo trước 15/12",
    "Theo quy định 2) Báo cáo trước 15/12",
    "- Theo quy định 2) Báo cáo trước 15/12",
    "1) Theo quy định 2) báo cáo trước 15/12",
    "Theo quy định — Báo cáo trước 15/12",
    "Theo quy định: II. Báo cáo trước 15/12",
    "I. Theo quy định II. Báo cáo trước 15/12",
    "1. Theo quy định: II. Báo cáo trước 15/12",
    "Theo quy định (mục a; mục b), báo cáo trước 15/12",
    "Theo quy định (quý I, quý II; quý III), báo cáo trước 15/12",
    "Theo quy định (mục a (b); c), báo cáo trước 15/12",
    "Theo quy định (mục a. Mục b), báo cáo trước 15/12",
]


@pytest.mark.parametrize("text", TWO_CLAUSES)
def test_marks_and_sentences_begin_a_clause(text: str) -> None:
    assert short(text) == ["regulation", "date 2026-12-14"]
    assert read_deadline_cell(text, 2026)[0].what is None


@pytest.mark.parametrize("text", ONE_CLAUSE)
def test_marks_within_words_and_brackets_begin_none(text: str) -> None:
    assert short(text) == ["date 2026-12-14"]


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("- Theo quy định - Quý II", 2),
        ("- Theo quy định năm 2025 - Quý II/2026", 2),
        ("- Theo quy định (“năm 2025”) - Quý II", 2),
        ("Theo quy định - Quý II", 1),
        ("- Theo quy định - Quý II/2026", 1),
    ],
)
def test_a_dash_before_a_time_is_a_bullet_only_among_bullets_and_in_no_range(
    text: str, count: int
) -> None:
    assert len(short(text)) == count


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("- Quý II - Quý III", ["period 2026-04-01..2026-06-30", "period 2026-07-01..2026-09-30"]),
        ("-Quý II -Quý III", ["period 2026-04-01..2026-06-30", "period 2026-07-01..2026-09-30"]),
        ("Quý II - Quý III", ["period 2026-04-01..2026-09-30"]),
        ("Quý II - III; xong", ["period 2026-04-01..2026-09-30"]),
        ("Họp (quý II - III)", ["period 2026-04-01..2026-09-30"]),
        (
            "Họp (quý I, quý III - IV)",
            ["period 2026-01-01..2026-03-31", "period 2026-07-01..2026-12-31"],
        ),
        ("- Quý II - Quý III/2026", ["period 2026-04-01..2026-09-30"]),
        (
            "- Quý II/2026 - Quý III/2026",
            ["period 2026-04-01..2026-06-30", "period 2026-07-01..2026-09-30"],
        ),
        (
            "- Tháng 5 (năm 2026) - Tháng 6 năm 2026",
            ["period 2026-05-01..2026-05-31", "period 2026-06-01..2026-06-30"],
        ),
        (
            "- Quý II - Quý III; - Tháng 5",
            ["period 2026-04-01..2026-09-30", "period 2026-05-01..2026-05-31"],
        ),
    ],
)
def test_quarters_behind_dashes_are_bullets_or_a_range(text: str, expected: list[str]) -> None:
    assert short(text) == expected


@pytest.mark.parametrize(
    ("text", "labels"),
    [
        ("I. Sơ kết quý I; II. Tổng kết quý IV", ["Sơ kết", "Tổng kết"]),
        ("I. Sơ kết quý II. Tổng kết quý IV", ["Sơ kết", "Tổng kết"]),
        ("i. sơ kết quý I; ii. tổng kết quý IV", ["sơ kết", "tổng kết"]),
        ("UBND TP. Huế báo cáo trước ngày 15/6", ["UBND TP. Huế báo cáo"]),
        ("Ông A. Bình nộp trước ngày 15/6", ["Ông A. Bình nộp"]),
        ("1. Sơ kết: tháng 6 2. tổng kết tháng 12", ["Sơ kết", "2. tổng kết"]),
        ("họp) trước 15/6", ["họp"]),
        ("Họp (sơ kết (tỉnh)) trước 15/6", ["Họp (sơ kết (tỉnh))"]),
    ],
)
def test_bullets_are_no_part_of_a_label(text: str, labels: list[str]) -> None:
    assert [one.what for one in read_deadline_cell(text, 2026)] == labels


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("trước 15/3; 15/6", ["date 2026-03-14", "date 2026-06-14"]),
        ("trước 15/3; 15/6; 15/9/2026", ["date 2026-03-14", "date 2026-06-14", "date 2026-09-14"]),
        ("trước 15/6; ngày 20/7", ["date 2026-06-14", "date 2026-07-19"]),
        ("trước 15/6/2026; ngày 20/7/2026", ["date 2026-06-14", "date 2026-07-19"]),
    ],
)
def test_days_parted_by_semicolons_share_their_preposition(text: str, expected: list[str]) -> None:
    assert short(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("trước 15/6; ngày 20/7/2026", ["date 2026-06-14", "date 2026-07-20"]),
        ("trước 15/6; 20/7 báo cáo", ["date 2026-06-14", "date 2026-07-20"]),
        ("trước 15/6; sơ kết 20/7", ["date 2026-06-14", "date 2026-07-20"]),
        ("trước 15/6; tháng 7", ["date 2026-06-14", "period 2026-07-01..2026-07-31"]),
        ("từ 15/3 đến 20/3; 15/6", ["period 2026-03-15..2026-03-20", "date 2026-06-15"]),
        ("từ ngày 15/3 đến ngày 20/3; 15/6", ["period 2026-03-15..2026-03-20", "date 2026-06-15"]),
    ],
)
def test_a_day_behind_a_semicolon_may_begin_anew(text: str, expected: list[str]) -> None:
    assert short(text) == expected


def test_a_bracket_that_is_not_closed_ends_with_the_cell() -> None:
    assert short("Sơ kết (quý I (xã); tỉnh trước 15/3") == ["date 2026-03-14"]
    assert short("Theo quy định (mục a; trước 15/3") == ["date 2026-03-14"]
    assert short("Theo quy định (mục a; mục b (c; trước 15/3") == ["date 2026-03-14"]


def test_a_cell_is_read_up_to_its_longest_and_blanks_do_not_count() -> None:
    day = "trước 15/6/2026"
    longest = f" {day}".rjust(LONGEST, "x")
    assert short(longest) == ["date 2026-06-14"]
    too_long = read_deadline_cell(f"{longest}.", 2026)
    assert [one.doubt for one in too_long] == [None, get_doubt_text("too_long")]
    assert short(" " * 39_000 + day) == ["date 2026-06-14"]
    assert short(day + " " * 100_000) == ["date 2026-06-14"]
    assert read_deadline_cell(" " * 40_000 + day, 2026)[-1].doubt == get_doubt_text("too_long")


@pytest.mark.parametrize(
    ("text", "references"),
    [
        ("12; 13", ["12", "13"]),
        ("12; trước 15/6", ["12", None]),
        ("trước 15/6; 7, 8", [None, "7, 8"]),
    ],
)
def test_a_clause_of_numbers_beside_others_is_a_doubt(
    text: str, references: list[str | None]
) -> None:
    found = read_deadline_cell(text, 2026)
    assert [one.reference for one in found] == references
    doubts = [get_doubt_text("leftover") if one.reference else None for one in found]
    assert [one.doubt for one in found] == doubts


def test_a_list_over_semicolons_is_one_of_days_or_of_weekdays() -> None:
    years = ["period 2026-01-01..2026-12-31", "period 2027-01-01..2027-12-31"]
    assert short("năm 2026; năm 2027") == years
    assert short("theo quy định; 15/6") == ["regulation", "date 2026-06-15"]
    assert short("15/6; theo quy định") == ["date 2026-06-15", "regulation"]


def test_a_number_alone_is_not_read() -> None:
    assert [one.doubt for one in read_deadline_cell("12", 2026)] == [get_doubt_text("unread")]
