"""Days as typed in questions: dashes, "sau ngày", "từ 20 đến 30/11", days of no calendar."""

from datetime import date

import pytest

from language.times import windows

TODAY = date(2026, 9, 15)


def day(said: str | None) -> date | None:
    return date.fromisoformat(f"2026-{said}") if said else None


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("30-6", "06-30", "06-30"),
        ("trước 5-12", None, "12-04"),
        ("tháng 3-5", "03-01", "05-31"),
        ("từ 20 đến 30/11", "11-20", "11-30"),
        ("tu ngay 5 den ngay 9/12", "12-05", "12-09"),
        ("sau ngày 30/11", "12-01", None),
        ("sau ngay 30/11", "12-01", None),
        ("sau tháng 10", "11-01", None),
        ("sáu tháng cuối năm", "07-01", "12-31"),
        ("sau thang cuoi nam", "07-01", "12-31"),
        ("từ giờ đến cuối tháng", "09-15", "09-30"),
    ],
)
def test_days_as_people_type_them(text: str, first: str | None, last: str | None) -> None:
    found = windows.find_windows(text, TODAY, 2026)
    assert [(w.first_day, w.last_day) for w in found] == [(day(first), day(last))]


@pytest.mark.parametrize("text", ["xúc tiến thương mại", "nhiệm vụ 3-5", "khuyến mại"])
def test_no_day_is_read_from_other_words(text: str) -> None:
    assert windows.find_windows(text, TODAY, 2026) == []


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("ngày 31/11 có gì", "31/11"),
        ("hạn 30/2", "30/2"),
        ("tháng 13", "tháng 13"),
        ("ngày 31 tháng 4", "31 tháng 4"),
        ("29/2", None),
        ("văn bản số 31/2", None),
        ("hạn 30/11", None),
    ],
)
def test_a_day_that_no_calendar_has(text: str, said: str | None) -> None:
    assert windows.find_impossible_day(text) == said
