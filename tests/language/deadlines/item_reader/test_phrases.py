"""Where the words of a phrase without a day end, and the next deadline begins."""

import pytest

from language.deadlines import read_deadline_cell
from language.deadlines.context import get_doubt_text
from tests.support.milestones import short

BEGINS_BEHIND_A_PHRASE = [
    ("theo kế hoạch, tháng 6/2026", "period 2026-06-01..2026-06-30"),
    ("theo kế hoạch: tháng 6/2026", "period 2026-06-01..2026-06-30"),
    ("theo kế hoạch, nộp tháng 6/2026", "period 2026-06-01..2026-06-30"),
    ("theo kế hoạch, báo cáo kết quả tháng 6/2026", "period 2026-06-01..2026-06-30"),
    ("theo kế hoạch của tỉnh, báo cáo kết quả trong quý I", "period 2026-01-01..2026-03-31"),
    ("theo kế hoạch của tỉnh, họp vào ngày 15/6", "date 2026-06-15"),
    ("theo kế hoạch của tỉnh, từ tháng 6", "ongoing 2026-06-01"),
    ("theo kế hoạch của tỉnh trước tháng 6", "date 2026-05-31"),
    ("theo kế hoạch của tỉnh chậm nhất tháng 6", "period 2026-06-01..2026-06-30"),
    ("theo kế hoạch của tỉnh đến ngày 15/6", "date 2026-06-15"),
    ("theo kế hoạch của tỉnh, họp trong tháng 3 đến tháng 4", "period 2026-03-01..2026-04-30"),
    ("theo yêu cầu, chậm nhất, không quá, trước ngày 15/6", "date 2026-06-14"),
    ("theo yêu cầu và định kỳ hằng quý", "every quarter 2026-03-31..2026-12-31 x4"),
    ("theo yêu cầu và 02 lần/năm", "every half-year 2026-06-30..2026-12-31 x2"),
    ("theo yêu cầu, hằng quý", "every quarter 2026-03-31..2026-12-31 x4"),
    ("theo yêu cầu, 02 lần/năm", "every half-year 2026-06-30..2026-12-31 x2"),
    ("theo yêu cầu, thường xuyên", "ongoing"),
]
ALONE = [
    ("theo kế hoạch của tỉnh trước năm 2027", "date 2026-12-31"),
    ("theo yêu cầu, không quá 05 ngày làm việc", "relative 5 days working"),
    ("theo yêu cầu hoặc không quá 05 ngày làm việc", "relative 5 days working"),
    ("theo yêu cầu, báo cáo kết quả chậm nhất 05 ngày làm việc", "relative 5 days working"),
]
GOES_ON_IN_A_PHRASE = [
    "theo kế hoạch tháng 6/2026",
    "theo kế hoạch, rà soát hồ sơ tháng 6/2026",
    "theo kế hoạch của tỉnh trong quý I",
    "theo kế hoạch của tỉnh từ tháng 6",
    "theo kế hoạch của tỉnh đến tháng 6",
    "theo kế hoạch của tỉnh vào ngày 15/6",
    "theo kế hoạch của tỉnh, họp vào đầu năm học",
    "theo yêu cầu không quá 05 ngày làm việc",
    "theo yêu cầu, trong 05 ngày làm việc",
    "theo yêu cầu, trước ngày bầu cử 10 ngày",
    "theo yêu cầu, trước 17h",
    "theo yêu cầu, chậm nhất họp ngày 15/6",
    "theo yêu cầu, trước hằng quý",
    "theo yêu cầu hằng quý",
]


@pytest.mark.parametrize(("text", "expected"), BEGINS_BEHIND_A_PHRASE + ALONE)
def test_a_deadline_of_its_own_begins_behind_a_phrase(text: str, expected: str) -> None:
    assert short(text) == [expected]


@pytest.mark.parametrize(("text", "expected"), BEGINS_BEHIND_A_PHRASE)
def test_it_does_so_behind_other_deadlines(text: str, expected: str) -> None:
    assert short(f"ngày 16/9, {text}") == ["date 2026-09-16", expected]
    assert short(f"ngày 16/9, sơ kết ngày 17/9, {text}")[2:] == [expected]


@pytest.mark.parametrize("text", GOES_ON_IN_A_PHRASE)
def test_other_times_are_words_of_the_phrase(text: str) -> None:
    assert short(text) == ["regulation"]
    assert short(f"ngày 16/9, {text}")[0] == "date 2026-09-16"
    assert len(short(f"ngày 16/9, {text}")) <= 2


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("đối với báo cáo 6 tháng ngày 15/7", ["date 2026-07-15"]),
        ("ngày 15/7 (đối với báo cáo 6 tháng)", ["date 2026-07-15"]),
        ("ngày 15/7 đối với báo cáo 6 tháng, quý", ["date 2026-07-15"]),
        ("ngày 20/4 nộp đối với trường hợp theo quý", ["date 2026-04-20"]),
        (
            "ngày 20/4 nộp đối với trường hợp theo quý, trước ngày 25/5",
            ["date 2026-04-20", "date 2026-05-24"],
        ),
        (
            "ngày 20/4, nộp đối với đơn vị theo quý, ngày 25/5",
            ["date 2026-04-20", "every quarter 2026-03-31..2026-12-31 x4", "date 2026-05-25"],
        ),
        ("đối với đơn vị nộp theo quý", ["every quarter 2026-03-31..2026-12-31 x4"]),
        ("ngày 20/4, nộp đối với trường hợp ngày 15/5", ["date 2026-04-20", "date 2026-05-15"]),
    ],
)
def test_the_words_of_a_label_behind_a_day_are_no_time(text: str, expected: list[str]) -> None:
    assert short(text) == expected


@pytest.mark.parametrize(
    ("text", "lunar"),
    [
        ("ngày 15/3 và 15/9 (âm lịch)", [True, True]),
        ("15/3, 15/6 và 15/9 âm lịch", [True, True, True]),
        ("15/3; 15/6 và họp 15/9 âm lịch", [False, False, True]),
        ("hằng tháng và 15/9 âm lịch", [False, True]),
        ("hằng tháng, âm lịch", [False]),
        ("15/9, họp theo âm lịch", [False]),
    ],
)
def test_all_days_of_a_lunar_list_are_doubted(text: str, lunar: list[bool]) -> None:
    found = read_deadline_cell(text, 2026)
    assert [one.doubt == get_doubt_text("festival") for one in found] == lunar
