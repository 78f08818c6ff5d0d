"""Cells of a plan are read into lists of agencies, whatever separates them."""

import pytest

from language.agencies.cells import read_agency_cell
from language.agencies.directory import load_standard_directory


@pytest.mark.parametrize(
    ("cell", "names"),
    [
        ("Sở Y tế", ["Sở Y tế"]),
        ("SỞ CÔNG THƯƠNG", ["Sở Công Thương"]),
        ("Sở, ban, ngành; UBND huyện, tx, tp", ["Các sở, ban, ngành", "UBND cấp huyện"]),
        (
            "Các sở, ngành tỉnh và UBND các xã, phường, thị trấn",
            ["Các sở, ban, ngành", "UBND cấp xã"],
        ),
        ("UBND cấp huyện, cấp xã; Sở Y tế", ["UBND cấp huyện", "UBND cấp xã", "Sở Y tế"]),
        ("Các Sở: Y tế, Xây dựng và Công Thương", ["Sở Y tế", "Sở Xây dựng", "Sở Công Thương"]),
        (
            "Các sở: Y tế; Khoa học và Công nghệ; Báo Bình Định",
            ["Sở Y tế", "Sở Khoa học và Công nghệ", "Báo Bình Định"],
        ),
        ("Sở Nội vụ, Tư pháp", ["Sở Nội vụ", "Sở Tư pháp"]),
        (
            "Sở Văn hóa, Thể thao và Du lịch, Sở Y tế",
            ["Sở Văn hóa, Thể thao và Du lịch", "Sở Y tế"],
        ),
        ("Sở TN&MT\nSở GTVT", ["Sở Tài nguyên và Môi trường", "Sở Giao thông vận tải"]),
        ("- Sở Tư pháp\n- Công an tỉnh", ["Sở Tư pháp", "Công an tỉnh"]),
        ("1. Sở Tư pháp; 2. Thanh tra tỉnh", ["Sở Tư pháp", "Thanh tra tỉnh"]),
        ("Sở Thông tin và Truyền thôg", ["Sở Thông tin và Truyền thông"]),
        ("Sở Xây dựng (đầu mối tổng hợp)", ["Sở Xây dựng"]),
        ("Sở Y tế tham mưu, tổng hợp, báo cáo UBND tỉnh", ["Sở Y tế"]),
        ("Giám đốc Sở Tài chính; Chủ tịch UBND cấp huyện", ["Sở Tài chính", "UBND cấp huyện"]),
        ("Đề nghị Hội Nông dân tỉnh", ["Hội Nông dân tỉnh"]),
        ("UBND huyện Tân Hòa, UBND TX. Bình Long", ["UBND huyện Tân Hòa", "UBND thị xã Bình Long"]),
        ("UBND các huyện: Tân Hòa, Phú Lợi", ["UBND huyện Tân Hòa", "UBND huyện Phú Lợi"]),
        ("UBND 03 xã: Tân Hòa, Phú Lợi", ["UBND xã Tân Hòa", "UBND xã Phú Lợi"]),
        ("Sở Y tế và Chủ tịch UBND xã, phường", ["Sở Y tế", "UBND cấp xã"]),
        (
            "Thủ trưởng sở, ban, ngành thành phố và Chủ tịch UBND các xã",
            ["Các sở, ban, ngành", "UBND cấp xã"],
        ),
        ("Các hội thành viên, Giám đốc Sở Y tế", ["Các hội thành viên", "Sở Y tế"]),
        ("lực lượng Công an tỉnh", ["Công an tỉnh"]),
        ("các cơ quan, đơn vị liên quan", ["Cơ quan, đơn vị có liên quan"]),
        ("Sở Y tế và các đơn vị khác có liên quan", ["Sở Y tế", "Đơn vị có liên quan"]),
        ("Thành viên BCĐ CCHC tỉnh", ["Thành viên Ban Chỉ đạo CCHC tỉnh"]),
        ("Hội LHPN tỉnh; Hội CCB tỉnh", ["Hội Liên hiệp Phụ nữ tỉnh", "Hội Cựu chiến binh tỉnh"]),
        ("BTT UBMTTQVN tỉnh", ["Ban Thường trực Ủy ban Mặt trận Tổ quốc Việt Nam tỉnh"]),
        ("Đài PT-TH Bình Định", ["Đài Phát thanh - Truyền hình Bình Định"]),
        ("Phòng Y tế các huyện", ["Phòng Y tế các huyện"]),
        ("Công an các xã", ["Công an các xã"]),
        ("Công an tỉnh Bộ Chỉ huy Quân sự tỉnh", ["Công an tỉnh", "Bộ Chỉ huy Quân sự tỉnh"]),
        ("Công an tỉnh\nHội Doanh nhân", ["Công an tỉnh", "Hội Doanh nhân"]),
        ("Thanh tra; Công an", ["Thanh tra tỉnh", "Công an tỉnh"]),
        ("Kho bạc Nhà nước khu vực XI", ["Kho bạc Nhà nước khu vực XI"]),
        (
            "Ngân hàng Nhà nước Việt Nam Chi nhánh Khu vực 19",
            ["Ngân hàng Nhà nước Việt Nam Chi nhánh Khu vực 19"],
        ),
        ("NHNN chi nhánh tỉnh", ["Ngân hàng Nhà nước Việt Nam chi nhánh tỉnh"]),
        (
            "Các trường: Mầm non, Tiểu học trên địa bàn",
            ["Các trường: Mầm non, Tiểu học trên địa bàn"],
        ),
        ("Các trường: Đại học, Cao đẳng", ["Các trường: Đại học, Cao đẳng"]),
        ("Các hội: Nuôi ong, Trồng nấm; Sở Y tế", ["Các hội: Nuôi ong, Trồng nấm", "Sở Y tế"]),
        ("Văn phòng HĐND và UBND xã", ["Văn phòng HĐND và UBND xã"]),
        (
            "Văn phòng Hội đồng nhân dân và Ủy ban nhân dân phường; UBND xã Tân Hòa",
            ["Văn phòng HĐND và UBND phường", "UBND xã Tân Hòa"],
        ),
        ("Sở Y tế, Văn phòng HĐND - UBND xã", ["Sở Y tế", "Văn phòng HĐND - UBND xã"]),
        ("Phòng Kỹ thuật xây dựng", ["Phòng Kỹ thuật xây dựng"]),
        ("Phòng Quản lý đầu tư và xây dựng", ["Phòng Quản lý đầu tư và xây dựng"]),
        ("Phòng Nội vụ xây dựng dự thảo", ["Phòng Nội vụ"]),
        ("BQL KKT và các KCN", ["Ban Quản lý Khu kinh tế và các Khu công nghiệp"]),
        ("-", []),
        ("", []),
        ("thực hiện thường xuyên", []),
    ],
)
def test_a_cell_is_read(cell: str, names: list[str]) -> None:
    assert [named.name for named in read_agency_cell(load_standard_directory(), cell)] == names


def test_unknown_names_are_kept_as_printed() -> None:
    (named,) = read_agency_cell(load_standard_directory(), "Chi cục Chăn nuôi và Thú y")
    assert (named.name, named.is_known) == ("Chi cục Chăn nuôi và Thú y", False)


def test_each_agency_is_named_once() -> None:
    assert len(read_agency_cell(load_standard_directory(), "Sở Y tế; SYT; Sở Y tế")) == 1


@pytest.mark.parametrize(
    ("cell", "names"),
    [
        ("Trung tâm Rừng và Biển Cát Trắng", ["Trung tâm Rừng và Biển Cát Trắng"]),
        ("Ban Dân tộc và Tôn giáo miền núi", ["Ban Dân tộc và Tôn giáo miền núi"]),
        ("Bệnh viện Mắt - Răng và Da liễu", ["Bệnh viện Mắt - Răng và Da liễu"]),
        ("Nhà cung cấp nước, nhà đầu tư", ["Nhà cung cấp nước", "Nhà đầu tư"]),
        ("Hợp tác xã Chè và Mía\nTổ Thủy nông", ["Hợp tác xã Chè và Mía", "Tổ Thủy nông"]),
        ("Các tổ chức chính trị - xã hội", ["Các tổ chức chính trị - xã hội"]),
    ],
)
def test_an_unknown_name_stays_whole(cell: str, names: list[str]) -> None:
    mentions = read_agency_cell(load_standard_directory(), cell)
    assert [(named.name, named.is_known) for named in mentions] == [(one, False) for one in names]


@pytest.mark.parametrize(
    ("cell", "names"),
    [
        ("VTV, VOV", ["Đài Truyền hình Việt Nam", "Đài Tiếng nói Việt Nam"]),
        ("Bảo hiểm xã hội Việt Nam", ["Bảo hiểm xã hội Việt Nam"]),
        ("Tòa án nhân dân tối cao", ["Tòa án nhân dân tối cao"]),
        ("Bộ KH&CN; Bộ Y tế", ["Bộ Khoa học và Công nghệ", "Bộ Y tế"]),
        ("Bộ, ngành và địa phương", ["Các bộ, ngành, địa phương"]),
        ("Ban Nội chính Trung ương, Công an tỉnh", ["Ban Nội chính Trung ương", "Công an tỉnh"]),
        ("Ban Tuyên giáo Hội Nông dân xã", ["Ban Tuyên giáo Hội Nông dân xã"]),
        ("Ủy ban Mặt trận Tổ quốc xã Tân Hòa", ["Ủy ban Mặt trận Tổ quốc xã Tân Hòa"]),
        ("Đoàn TNCS Hồ Chí Minh xã", ["Đoàn Thanh niên Cộng sản Hồ Chí Minh xã"]),
        ("Phòng Tổ chức - Pháp chế", ["Phòng Tổ chức - Pháp chế"]),
        ("Ban Dân vận Đảng ủy xã", ["Ban Dân vận Đảng ủy xã"]),
        ("Ban Dân tộc HĐND tỉnh", ["Ban Dân tộc HĐND tỉnh"]),
        ("Ban Tuyên giáo, Tỉnh đoàn", ["Ban Tuyên giáo Tỉnh ủy", "Tỉnh đoàn"]),
        ("Ủy ban MTTQ Việt Nam xã Tân Hòa", ["Ủy ban Mặt trận Tổ quốc Việt Nam xã Tân Hòa"]),
        ("Hội Nông dân cấp xã", ["Hội Nông dân cấp xã"]),
    ],
)
def test_other_bodies_are_not_the_provinces_own(cell: str, names: list[str]) -> None:
    assert [named.name for named in read_agency_cell(load_standard_directory(), cell)] == names
