"""Who leads and who helps, in the words of a cell or a sentence."""

import pytest

from language.agencies.directory import load_standard_directory
from plans.reading.roles import find_partners, split_roles
from plans.reading.row_entry import RowEntry
from plans.reading.row_task import PlanContext, make_task
from plans.tables.numerals import NO_NUMBER


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
        ("Tổ bếp (CT)\nTổ xe (PH)", "Tổ bếp", "Tổ xe"),
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
        ("Phối hợp chặt chẽ lực lượng Công an tỉnh gác đêm", "lực lượng Công an tỉnh gác đêm"),
        ("Phối hợp với Sở Y tế điều tra số giếng", "Sở Y tế"),
        ("Phối hợp với các hội bằng nhiều cách", "các hội"),
        ("Phối hợp với Cơ quan Cảnh sát điều tra xử lý xe", "Cơ quan Cảnh sát điều tra"),
        ("Mở lớp học bơi", ""),
    ],
)
def test_partners_in_a_sentence(sentence: str, partners: str) -> None:
    assert find_partners(sentence) == partners


@pytest.mark.parametrize(
    ("cell", "names"),
    [
        ("Sở Y tế\nHội Chăn ong tỉnh", ["Sở Y tế", "Hội Chăn ong tỉnh"]),
        ("Phòng Trồng nấm\nPhòng Nuôi ong", ["Phòng Trồng nấm", "Phòng Nuôi ong"]),
        ("Hợp tác xã Rau\nHạt Kiểm lâm Suối Đá", ["Hợp tác xã Rau", "Hạt Kiểm lâm Suối Đá"]),
        ("Hội Nhà văn tỉnh\nNhà sách Suối Đá", ["Hội Nhà văn tỉnh", "Nhà sách Suối Đá"]),
        ("Bảo tàng tỉnh\nThư viện Đồi Thông", ["Bảo tàng tỉnh", "Thư viện Đồi Thông"]),
        ("Lê Văn Sung\nMai Thị Nhãn", ["Lê Văn Sung", "Mai Thị Nhãn"]),
        ("Công ty Nuôi\nTrồng Nấm", ["Công ty Nuôi Trồng Nấm"]),
        ("Văn phòng\nUBND tỉnh\nHội Chăn ong", ["Văn phòng UBND tỉnh", "Hội Chăn ong"]),
        ("Thanh tra\nSở\nPhòng Nuôi ong", ["Thanh tra Sở", "Phòng Nuôi ong"]),
        (
            "Công an tỉnh\nBộ Chỉ huy Quân sự tỉnh\nSở Khoa học và\nCông nghệ",
            ["Công an tỉnh", "Bộ Chỉ huy Quân sự tỉnh", "Sở Khoa học và Công nghệ"],
        ),
    ],
)
def test_lines_of_a_cell_that_name_somebody_are_a_list(cell: str, names: list[str]) -> None:
    context = PlanContext(load_standard_directory(), (2031, 2031), None)
    entry = RowEntry("task", NO_NUMBER, {"title": "Mở trạm", "lead": cell}, 1)
    assert make_task(entry, "1", None, None, context).lead == names
