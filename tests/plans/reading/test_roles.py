"""Who leads and who helps, in the words of a cell or a sentence."""

import pytest

from plans.reading.roles import find_partners, split_roles


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
        ("Nhà cung cấp nước, tổ đội", "Nhà cung cấp nước, tổ đội", ""),
        ("Tổ bếp (chủ trì)\nCác tổ xe, tổ vườn (phối hợp)", "Tổ bếp", "Các tổ xe, tổ vườn"),
        ("Tổ bếp (đầu mối), Tổ xe, Tổ vườn", "Tổ bếp", "Tổ xe, Tổ vườn"),
        ("Tổ bếp, Tổ xe (phối hợp)", "Tổ bếp", "Tổ xe"),
        ("Tổ bếp (cơ quan chủ trì); Tổ xe và Tổ vườn (tham gia)", "Tổ bếp", "Tổ xe và Tổ vườn"),
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
