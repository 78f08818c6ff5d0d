"""Names in capitals are written as in a sentence, abbreviations stay."""

import pytest

from plans.reading.capitals import lower_capitals


@pytest.mark.parametrize(
    ("capitals", "written"),
    [
        ("UBND CÁC XÃ, PHƯỜNG", "UBND các xã, phường"),
        ("NGÂN HÀNG BIDV", "Ngân Hàng BIDV"),
        ("CÔNG TY TNHH MỘT THÀNH VIÊN", "Công Ty TNHH Một Thành Viên"),
        ("TRUNG TÂM CNTT, VNPT", "Trung Tâm CNTT, VNPT"),
        ("BCĐ, UBMTTQ TỈNH", "BCĐ, UBMTTQ tỉnh"),
        ("XÃ KRÔNG ANA", "xã Krông Ana"),
        ("PHƯỜNG PLEIKU", "phường Pleiku"),
        ("Sở Y tế", "Sở Y tế"),
    ],
)
def test_names_lose_their_capitals_and_abbreviations_do_not(capitals: str, written: str) -> None:
    assert lower_capitals(capitals) == written
