"""Names in capitals are written as in a sentence, abbreviations stay."""

import pytest

from locales.data import load_data
from plans.reading.capitals import lower_capitals


@pytest.mark.parametrize(
    ("capitals", "written"),
    [
        ("UBND CÁC XÃ, PHƯỜNG", "UBND các xã, phường"),
        ("UBND CÁC XÃ, PHƯỜNG (02 việc)", "UBND các xã, phường (02 việc)"),
        ("NGÂN HÀNG BIDV", "Ngân hàng BIDV"),
        ("CÔNG TY TNHH MỘT THÀNH VIÊN", "Công ty TNHH Một thành viên"),
        ("TRUNG TÂM CNTT, VNPT", "Trung tâm CNTT, VNPT"),
        ("BCĐ, UBMTTQ TỈNH", "BCĐ, UBMTTQ tỉnh"),
        ("XÃ KRÔNG ANA", "xã Krông Ana"),
        ("PHƯỜNG PLEIKU", "phường Pleiku"),
        ("Sở Y tế", "Sở Y tế"),
        ("PHÒNG KINH TẾ", "Phòng Kinh tế"),
        ("PHÒNG KINH TẾ, HẠ TẦNG VÀ ĐÔ THỊ", "Phòng Kinh tế, Hạ tầng và Đô thị"),
        ("PHÒNG VĂN HÓA - XÃ HỘI XÃ ĐẠI HỌC", "Phòng Văn hóa - Xã hội xã Đại Học"),
        ("CHI CỤC THUẾ KHU VỰC VII", "Chi cục Thuế Khu vực VII"),
        ("TỈNH ỦY GIA LAI", "Tỉnh ủy Gia Lai"),
        ("CÔNG TY CẤP NƯỚC", "Công ty Cấp nước"),
        ("TRƯỜNG TIỂU HỌC NGUYỄN DU", "Trường Tiểu học Nguyễn Du"),
        ("BAN VẬN ĐỘNG HẠT MẮC KHÉN", "Ban Vận Động Hạt Mắc Khén"),
    ],
)
def test_names_lose_their_capitals_and_abbreviations_do_not(capitals: str, written: str) -> None:
    assert lower_capitals(capitals) == written


def test_names_of_the_directory_in_capitals_are_those_names() -> None:
    names = [one["name"] for one in load_data("agencies")["agency"] if " " in one["name"]]
    written = {name: lower_capitals(name.upper()) for name in names}
    other = {name: text for name, text in written.items() if text != name}
    assert len(other) <= 0.1 * len(names), other
