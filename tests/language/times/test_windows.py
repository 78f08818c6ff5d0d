"""Windows of time in questions (docs/dev/questions.md rule 3)."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from language.text import fold, normalise
from language.times.windows import find_windows

TODAY = date(2026, 11, 20)  # a Friday


def days(
    text: str, today: date = TODAY, plan_years: tuple[int, int] | int | None = 2026
) -> list[tuple[str, str]]:
    return [
        (str(w.first_day or ""), str(w.last_day or ""))
        for w in find_windows(text, today, plan_years)
    ]


WORDS = "quý nhất tháng tuần này sau mai thứ 6 cuối năm đến từ trước 15/10 hạn 3 ngày nữa"
CASES = [
    ("có việc gì hạn 15/10 không", "2026-10-15", "2026-10-15"),
    ("việc trước 15/10", "", "2026-10-14"),
    ("việc đến 15/10", "", "2026-10-15"),
    ("từ 1/9 đến 30/9", "2026-09-01", "2026-09-30"),
    ("1/9-30/9 có gì", "2026-09-01", "2026-09-30"),
    ("7 ngày tới", "2026-11-20", "2026-11-27"),
    ("trong 2 tuần tới", "2026-11-20", "2026-12-04"),
    ("tuần này", "2026-11-16", "2026-11-22"),
    ("tuần sau bên mình có gì", "2026-11-23", "2026-11-29"),
    ("việc tháng này", "2026-11-01", "2026-11-30"),
    ("tháng sau", "2026-12-01", "2026-12-31"),
    ("việc t12", "2026-12-01", "2026-12-31"),
    ("t12/2027", "2027-12-01", "2027-12-31"),
    ("q4 sở y tế", "2026-10-01", "2026-12-31"),
    ("quý IV", "2026-10-01", "2026-12-31"),
    ("quý 1/2027", "2027-01-01", "2027-03-31"),
    ("6 tháng cuối năm", "2026-07-01", "2026-12-31"),
    ("hôm nay", "2026-11-20", "2026-11-20"),
    ("mai đến hạn việc gì", "2026-11-21", "2026-11-21"),
    ("ngày kia", "2026-11-22", "2026-11-22"),
    ("mùng 5 tháng 10", "2026-10-05", "2026-10-05"),
    ("mùng 5 tháng sau", "2026-12-05", "2026-12-05"),
    ("thứ 6 tuần sau", "2026-11-27", "2026-11-27"),
    ("t4 tuần này", "2026-11-18", "2026-11-18"),
    ("cuối tháng", "2026-11-21", "2026-11-30"),
    ("đầu tháng sau", "2026-12-01", "2026-12-10"),
    ("giữa tháng 3", "2026-03-11", "2026-03-20"),
    ("từ nay đến cuối năm", "2026-11-20", "2026-12-31"),
    ("sau 15/11", "2026-11-16", ""),
    ("từ tháng 3 đến tháng 5", "2026-03-01", "2026-05-31"),
    ("trước tháng 12", "", "2026-11-30"),
    ("trước quý IV", "", "2026-09-30"),
    ("việc hạn ngày cuối quý", "2026-12-31", "2026-12-31"),
    ("ngày cuối cùng của tháng sau", "2026-12-31", "2026-12-31"),
    ("ngày cuối tháng 9", "2026-09-30", "2026-09-30"),
    ("ngày cuối quý II", "2026-06-30", "2026-06-30"),
    ("ngày đầu năm sau", "2027-01-01", "2027-01-01"),
    ("những ngày cuối tháng", "2026-11-21", "2026-11-30"),
    ("ngày cuối tuần", "2026-11-21", "2026-11-22"),
    ("năm 2027 có gì", "2027-01-01", "2027-12-31"),
    ("3 ngày nữa", "2026-11-23", "2026-11-23"),
]


@pytest.mark.parametrize(("text", "first", "last"), CASES)
def test_a_window_is_read_with_and_without_diacritics(text: str, first: str, last: str) -> None:
    assert days(text) == [(first, last)]
    assert days(fold(text)) == [(first, last)]
    assert days(text.upper() if "mai" not in text else text) == [(first, last)]


@pytest.mark.parametrize(
    "text",
    [
        "nhiệm vụ 2.2.2",
        "kế hoạch năm 2020",
        "KH 2020 của tỉnh",
        "chị Mai phụ trách gì",
        "phường Hoàng Mai",
        "việc quá hạn đến nay",
        "nhiệm vụ thứ 6 mục II",
        "tháng 13",
        "hạn 31/6",
        "sau khi xong thì sao",
        "Quyết định số 12/QĐ-UBND ngày 5/6/2026",
        "",
    ],
)
def test_what_names_no_time_gives_no_window(text: str) -> None:
    assert days(text) == []


def test_a_single_day_differs_from_longer_windows() -> None:
    assert [w.single for w in find_windows("hạn 15/10", TODAY, 2026)] == [True]
    assert [w.single for w in find_windows("trước 15/10", TODAY, 2026)] == [False]
    assert [w.single for w in find_windows("tháng 10", TODAY, 2026)] == [False]


@pytest.mark.parametrize(
    ("text", "first"),
    [("hạn 15/10", "2027-10-15"), ("tháng 11", "2026-11-01"), ("29/2", "2028-02-29")],
)
def test_in_a_plan_of_several_years_a_day_is_the_next_one(text: str, first: str) -> None:
    assert days(text, plan_years=(2025, 2030))[0][0] == first
    assert days(text, plan_years=None)[0][0] == first


def test_the_place_of_a_window_is_its_text_in_the_normalised_question() -> None:
    text = "Cho em  hỏi việc hạn trong tháng 12 ạ"
    (window,) = find_windows(text, TODAY, 2026)
    assert normalise(text)[window.start : window.end] == "hạn trong tháng 12"


def test_two_windows_are_both_found() -> None:
    assert days("tháng 12/2026 và tháng 1/2027") == [
        ("2026-12-01", "2026-12-31"),
        ("2027-01-01", "2027-01-31"),
    ]


@given(
    st.text(alphabet="0123456789/-. tuầnthágqýIVmaihạnrướcđếừ,:", max_size=80),
    st.dates(date(1990, 1, 1), date(2100, 1, 1)),
)
def test_any_text_gives_an_answer(text: str, today: date) -> None:
    for window in find_windows(text, today, None):
        assert (
            window.first_day is None
            or window.last_day is None
            or window.first_day <= window.last_day
        )
        assert 0 <= window.start < window.end <= len(normalise(text))
