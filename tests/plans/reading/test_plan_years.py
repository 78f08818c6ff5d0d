"""The years of a plan: from its title, its day of issue and its deadlines together."""

from datetime import date

import pytest

from plans.reading.plan_years import find_years


@pytest.mark.parametrize(
    ("title", "issued_on", "years"),
    [
        ("KẾ HOẠCH TRỒNG SAO ĐẾN NĂM 2035, TẦM NHÌN ĐẾN NĂM 2050", date(2031, 1, 9), (2031, 2035)),
        ("KẾ HOẠCH NUÔI ONG ĐẾN NĂM 2033", date(2030, 11, 3), (2030, 2033)),
        ("KẾ HOẠCH GIAI ĐOẠN 2031 - 2035, ĐỊNH HƯỚNG ĐẾN NĂM 2050", None, (2031, 2035)),
        ("Kế hoạch từ năm 2031 đến năm 2033", date(2030, 12, 1), (2031, 2033)),
        ("Kế hoạch năm 2031 thực hiện Đề án giai đoạn 2026 - 2035", date(2031, 1, 2), (2031, 2031)),
        (
            "Kế hoạch thực hiện Nghị quyết nhiệm kỳ 2025-2030 năm 2031",
            date(2031, 2, 1),
            (2031, 2031),
        ),
        ("Kế hoạch thi hành Luật Nuôi ong năm 2029", date(2031, 2, 1), (2031, 2031)),
        (
            "KẾ HOẠCH THỰC HIỆN NGHỊ QUYẾT SỐ 9/NQ-CP NGÀY 03/4/2028 CỦA CHÍNH PHỦ",
            date(2031, 3, 1),
            (2031, 2031),
        ),
        ("Kế hoạch năm học 2031-2032", date(2031, 9, 1), (2031, 2032)),
        ("Kế hoạch kiểm tra vườn ươm", date(2031, 3, 1), (2031, 2031)),
    ],
)
def test_years_of_a_title(
    title: str, issued_on: date | None, years: tuple[int, int] | None
) -> None:
    found = find_years(title, issued_on)
    assert found is not None
    assert (found.first, found.last) == years
    assert found.is_sure


def test_years_of_deadlines_count_for_a_title_without_any() -> None:
    found = find_years("Kế hoạch", date(2030, 12, 20), ["xong trước ngày 15/3/2031"] * 3)
    assert found is not None
    assert (found.first, found.last) == (2031, 2031)


def test_title_that_contradicts_the_day_is_doubted() -> None:
    found = find_years("Kế hoạch năm 2024", date(2031, 3, 1))
    assert found is not None
    assert not found.is_sure


def test_deadlines_of_other_years_are_doubted() -> None:
    found = find_years("Kế hoạch năm 2031", date(2031, 1, 1), ["trước ngày 15/3/2035"] * 3)
    assert found is not None
    assert not found.is_sure
