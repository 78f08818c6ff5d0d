"""The items of a cell: its bullets, and deadlines as the plan format prints them."""

import pytest

from plans.reading.bullets import format_deadline_cell, read_deliverables


@pytest.mark.parametrize(
    ("cell", "items"),
    [
        ("- Sổ mượn;\n- Thẻ bạn đọc.", ["Sổ mượn", "Thẻ bạn đọc"]),
        ("1. Sổ mượn;\n2. Thẻ bạn đọc", ["Sổ mượn", "Thẻ bạn đọc"]),
        ("Sổ mượn/\nThẻ bạn đọc", ["Sổ mượn/ Thẻ bạn đọc"]),
        ("Sổ mượn sách của\nbạn đọc nhỏ", ["Sổ mượn sách của bạn đọc nhỏ"]),
        ("Sổ mượn;\nThẻ bạn đọc.", ["Sổ mượn", "Thẻ bạn đọc"]),
        ("• Sổ mượn\n• Thẻ v.v.", ["Sổ mượn", "Thẻ v.v."]),
        ("", []),
    ],
)
def test_deliverables_are_one_string_a_bullet(cell: str, items: list[str]) -> None:
    assert read_deliverables(cell) == items


@pytest.mark.parametrize(
    ("cell", "printed"),
    [
        (
            "- Mở cửa\ntháng 2/2031\n- Đóng cửa tháng 3/2031",
            "- Mở cửa tháng 2/2031 / - Đóng cửa tháng 3/2031",
        ),
        ("Quý I/2031\nquý II/2031", "Quý I/2031 quý II/2031"),
        ("Quý III,\nIV/2031", "Quý III, IV/2031"),
        ("Trước 05/2/2031\nTrước 09/8/2031", "Trước 05/2/2031 / Trước 09/8/2031"),
    ],
)
def test_deadline_texts_keep_their_bullets(cell: str, printed: str) -> None:
    assert format_deadline_cell(cell) == printed
