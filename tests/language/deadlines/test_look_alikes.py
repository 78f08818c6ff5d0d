"""Words and numbers that look like a time and are none, or another one than at first sight."""

import pytest

from tests.support.milestones import short

SHARES_AND_SERVICE_ARE_NO_DAYS = [
    ("tiếp thu 3/5 kiến nghị trước ngày 20/4", ["date 2026-04-19"]),
    ("di dời 11/14 hộ dân xong trong tháng 8", ["period 2026-08-01..2026-08-31"]),
    ("tỷ lệ 2/3 trở lên trong năm 2026", ["period 2026-01-01..2026-12-31"]),
    ("gửi trước 4/5 hồ sơ dự tuyển", ["date 2026-05-03"]),
    ("trực cấp cứu 24/24, báo cáo trước 10/9", ["ongoing", "date 2026-09-09"]),
    ("hỗ trợ 24/7 trong quý III", ["ongoing"]),
    ("trước 24/7", ["date 2026-07-23"]),
    ("trong vòng 1/2 ngày làm việc", ["doubt"]),
]


@pytest.mark.parametrize(("text", "expected"), SHARES_AND_SERVICE_ARE_NO_DAYS)
def test_shares_and_service_round_the_clock_are_no_days(text: str, expected: list[str]) -> None:
    assert short(text) == expected


OTHER_MATTERS_HAVE_TIMES_OF_THEIR_OWN = [
    ("Quyết toán kinh phí năm 2025 xong trong tháng 4/2026", ["period 2026-04-01..2026-04-30"]),
    ("Báo cáo số liệu năm 2025 trong quý I/2026", ["period 2026-01-01..2026-03-31"]),
    ("Phân bổ vốn năm 2026", ["period 2026-01-01..2026-12-31"]),
    ("kết luận tại hội nghị tháng 2/2026, xong trước 20/3", ["date 2026-03-19"]),
    ("gửi Sở Nội vụ trước năm 2027", ["date 2026-12-31"]),
    ("phục vụ trước quý III/2026", ["date 2026-06-30"]),
    ("đạt 97% hồ sơ đúng hạn trong năm 2026", ["period 2026-01-01..2026-12-31"]),
]


@pytest.mark.parametrize(("text", "expected"), OTHER_MATTERS_HAVE_TIMES_OF_THEIR_OWN)
def test_other_matters_have_times_of_their_own(text: str, expected: list[str]) -> None:
    assert short(text) == expected


AFTER_IS_NOT_SIX = [
    ("sau tháng 10", ["ongoing 2026-11-01"]),
    ("sau tháng hai năm 2026", ["ongoing 2026-03-01"]),
    ("sáu tháng 10", ["date 2026-10-06"]),
    ("ngày sáu tháng mười", ["date 2026-10-06"]),
]


@pytest.mark.parametrize(("text", "expected"), AFTER_IS_NOT_SIX)
def test_after_is_not_six(text: str, expected: list[str]) -> None:
    assert short(text) == expected


LOOSE_AND_REMEMBERED_TIMES_ARE_NO_PERIODS = [
    ("trong những tháng cuối năm 2026", ["doubt"]),
    ("các tháng đầu năm", ["doubt"]),
    ("những ngày đầu tháng 9/2026", ["doubt"]),
    ("mít tinh 100 năm thành lập (10/4/1926 - 10/4/2026)", ["date 2026-04-10"]),
    ("Quý I hằng năm (trước ngày 20/3)", ["every year 2026-03-19..2026-03-19 x1"]),
    ("Quý II|2026", ["period 2026-04-01..2026-06-30"]),
    ("trước rạng sáng ngày 05/8/2026", ["date 2026-08-04"]),
]


@pytest.mark.parametrize(("text", "expected"), LOOSE_AND_REMEMBERED_TIMES_ARE_NO_PERIODS)
def test_loose_and_remembered_times_are_no_periods(text: str, expected: list[str]) -> None:
    assert short(text) == expected
