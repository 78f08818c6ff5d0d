"""What people type for a deadline, by the kind of wording (docs/dev/deadlines.md)."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from language.deadlines import read_typed_deadline

TODAY = date(2026, 11, 20)  # a Friday

DAYS = [
    # numbers in words are whole
    ("ngày hai mươi lăm", "2026-11-25"),
    ("ngày hai mươi lăm tháng mười hai", "2026-12-25"),
    ("hai lăm tháng 12", "2026-12-25"),
    ("mười tám tháng ba", "2027-03-18"),
    ("sau mười chín ngày", "2026-12-09"),
    ("hai mươi ba ngày nữa", "2026-12-13"),
    ("đến ngày tám", "2026-12-08"),
    ("vào ngày mười một/giêng", "2027-01-11"),
    ("vào đêm hai mươi ba", "2026-11-23"),
    ("mùng bảy tháng chạp", "2026-12-07"),
    # a number before a month's name is its day
    ("14 tháng bảy", "2027-07-14"),
    ("25 tháng này", "2026-11-25"),
    ("30 tháng mười hai", "2026-12-30"),
    ("3 tháng sau", "2027-02-20"),
    # quantities add up
    ("1 tuần 2 ngày nữa", "2026-11-29"),
    ("2 tháng 10 ngày nữa", "2027-01-30"),
    ("một tháng rưỡi", "2027-01-04"),
    ("1 năm 3 tháng nữa", "2028-02-20"),
    ("nửa tháng nữa", "2026-12-05"),
    ("trong 5 ngày làm việc", "2026-11-30"),
    ("ngày này tháng sau", "2026-12-20"),
    # what is not past is meant
    ("trước thứ 6", "2026-11-26"),
    ("trước thứ 4", "2026-11-24"),
    ("trước ngày 20", "2026-12-19"),
    ("đầu tuần", "2026-11-23"),
    ("đầu tuần sau", "2026-11-23"),
    ("thứ 6 tuần này", "2026-11-20"),
    ("đầu tháng sau nữa", "2027-01-01"),
    ("cuối tháng sau nữa", "2027-01-31"),
    ("hết quý tới nữa", "2027-06-30"),
    # a weekday of a month, the middle of a quarter
    ("thứ 6 cuối cùng của tháng 12", "2026-12-25"),
    ("chủ nhật đầu tiên của tháng 12", "2026-12-06"),
    ("giữa quý 1", "2027-02-15"),
    ("cuối quý hai", "2027-06-30"),
    ("hết quý ba năm 2027", "2027-09-30"),
    ("ngày cuối cùng của năm", "2026-12-31"),
    ("hôm thứ 4", "2026-11-25"),
    ("tuần sau, thứ tư", "2026-11-25"),
    # slips of Telex, and short forms
    ("thuws 5 tuần sau", "2026-11-26"),
    ("cuoois thangs 12", "2026-12-31"),
    ("trc 15/12", "2026-12-14"),
    # other words for the same day
    ("20 tây", "2026-11-20"),
    ("15/12 dương lịch", "2026-12-15"),
    ("3 bữa nữa", "2026-11-23"),
    ("tết dương lịch", "2027-01-01"),
    ("trước tết tây", "2026-12-31"),
    ("mốt", "2026-11-22"),
    ("bữa mốt", "2026-11-22"),
    ("hôm tới", "2026-11-21"),
    ("sang ngày", "2026-11-21"),
    ("thứ 6 của tuần sau", "2026-11-27"),
    ("tối ngày 8", "2026-12-08"),
    ("sáng 24", "2026-11-24"),
    ("trước t4", "2026-11-24"),
    ("t4", "2026-11-25"),
    ("hết T12", "2026-12-31"),
    ("khoảng 10 hôm nữa", "2026-11-30"),
    ("2027 01 15", "2027-01-15"),
    ("8 giờ tối nay", "2026-11-20"),
    ("thứ sáu ngày 25/12", "2026-12-25"),
    ("ngày đầu tiên của tháng 3", "2027-03-01"),
    ("xong 100% trước 15/12", "2026-12-14"),
    ("tháng năm 2027", "2027-05-31"),
]
ASKED = [
    ("20 tháng sau", ["2026-12-20", "2028-07-20"]),
    ("giữa tuần", ["2026-11-25"]),
    ("giữa tuần sau nữa", ["2026-12-02"]),
    ("mai mốt", ["2026-11-21", "2026-11-22"]),
    ("nay mai", ["2026-11-20", "2026-11-21"]),
    ("vài hôm nữa", ["2026-11-22", "2026-11-23", "2026-11-24", "2026-11-25"]),
    ("2-3 ngày nữa", ["2026-11-22", "2026-11-23"]),
    ("hai ba tuần nữa", ["2026-12-04", "2026-12-11"]),
    ("thứ 5 hoặc thứ 6 tuần sau", ["2026-11-26", "2026-11-27"]),
    ("25/11 hay 27/11", ["2026-11-25", "2026-11-27"]),
    ("thứ năm ngày 25/12", ["2026-12-24", "2026-12-25"]),
    ("sang tuần", ["2026-11-23", "2026-11-25", "2026-11-26", "2026-11-27"]),
    ("trong tuần", ["2026-11-20"]),
    ("hết tuần", ["2026-11-20", "2026-11-21", "2026-11-22"]),
    ("t6", ["2026-11-20", "2026-11-27"]),
]
REFUSED = [
    ("hôm qua", "past"),
    ("2 ngày trước", "past"),
    ("cách đây 5 ngày", "past"),
    ("thứ hai vừa rồi", "past"),
    ("tuần trước", "past"),
    ("10/3 âm lịch", "lunar"),
    ("mùng 10 âm", "lunar"),
    ("rằm tháng bảy", "lunar"),
    ("mùng 5 tết", "lunar"),
    ("0912345678", "unread"),
    ("gọi 0912 345 678", "unread"),
    ("đạt 50%", "unread"),
    ("một ngày nào đó", "unread"),
    ("5/1/2025 hoặc 6/1/2025", "past"),
]


@pytest.mark.parametrize(("text", "day"), DAYS)
def test_a_wording_names_its_day(text: str, day: str) -> None:
    assert str(read_typed_deadline(text, TODAY).only_day) == day


@pytest.mark.parametrize(("text", "days"), ASKED)
def test_what_may_mean_several_days_is_asked_about(text: str, days: list[str]) -> None:
    found = read_typed_deadline(text, TODAY)
    assert [str(day) for day in found.candidates] == days
    assert found.only_day is None


@pytest.mark.parametrize(("text", "reason"), REFUSED)
def test_what_is_no_deadline_says_why(text: str, reason: str) -> None:
    found = read_typed_deadline(text, TODAY)
    assert (found.reason, found.candidates, found.milestones) == (reason, (), ())


@given(st.text(max_size=60), st.dates(date(2020, 1, 1), date(2035, 12, 31)))
def test_no_day_before_today_is_offered_for_any_text(text: str, today: date) -> None:
    assert all(day >= today for day in read_typed_deadline(text, today).candidates)


@pytest.mark.parametrize(
    "text", ["vài ngày đầu tháng 3", "20/12, vài hôm nữa báo lại", "thay mai", "hội nay mai mốt"]
)
def test_vague_words_inside_other_words_are_no_days(text: str) -> None:
    typed = read_typed_deadline(text, TODAY)
    assert date(2026, 11, 22) not in typed.candidates
    assert date(2026, 11, 21) not in typed.candidates
