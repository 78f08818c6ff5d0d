"""The small parts of the reader: bullets, roles in words."""

import pytest

from plans.reading.bullets import format_deadline_cell, read_deliverables
from plans.reading.roles import find_partners, split_roles


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


@pytest.mark.parametrize(
    ("cell", "lead", "partners"),
    [
        (
            "Sở Y tế chủ trì; Sở Tài chính, Công an tỉnh phối hợp",
            "Sở Y tế",
            "Sở Tài chính, Công an tỉnh",
        ),
        ("Chủ trì: Sở Y tế; phối hợp: Sở Tài chính", "Sở Y tế", "Sở Tài chính"),
        ("Tổ xe chịu trách nhiệm trông coi, rửa xe", "Tổ xe", ""),
        (
            "- Nhà bếp nấu cơm, lập sổ\n- Tổ xe đưa đón, theo dõi",
            "Nhà bếp nấu cơm; Tổ xe đưa đón",
            "",
        ),
        ("Các sở: Y tế; Tài chính", "Các sở: Y tế; Tài chính", ""),
        ("Sở Xây dựng, Thanh tra tỉnh", "Sở Xây dựng, Thanh tra tỉnh", ""),
        ("Ban quản lý chợ", "Ban quản lý chợ", ""),
    ],
)
def test_roles_told_in_words(cell: str, lead: str, partners: str) -> None:
    assert split_roles(cell) == (lead, partners)


@pytest.mark.parametrize(
    ("sentence", "partners"),
    [
        (
            "Chủ trì, phối hợp với Sở Y tế và UBND cấp xã tổ chức tiêm phòng.",
            "Sở Y tế và UBND cấp xã",
        ),
        (
            "Phối hợp với các cơ quan, đơn vị trong tỉnh xây dựng bản tin",
            "các cơ quan, đơn vị trong tỉnh",
        ),
        ("Phối hợp mở lớp học bơi", ""),
        ("Mở lớp học bơi", ""),
    ],
)
def test_partners_in_a_sentence(sentence: str, partners: str) -> None:
    assert find_partners(sentence) == partners
