"""The small parts of the reader: bullets, numbers, roles in words, old fonts, headings."""

import pytest

from plans.documents.legacy_fonts import convert_text, guess_encoding
from plans.reading.bullets import format_deadline_cell, read_deliverables
from plans.reading.roles import find_partners, split_roles
from plans.tables.numerals import OpenHeadings, parse_number, split_number


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
    ("text", "kind", "label"),
    [
        ("I", "roman", "I"),
        ("IV.", "roman", "IV"),
        ("A", "letter", "A"),
        ("D.", "letter", "D"),
        ("03", "arabic", "3"),
        ("1.2.", "arabic", "1.2"),
        ("a)", "small", "a"),
        ("II.3", "key", "II.3"),
        ("VI.4.5+1", "key", "VI.4.5+1"),
        ("2b", "key", "2b"),
        ("", "none", ""),
        ("-", "none", ""),
    ],
)
def test_numbers(text: str, kind: str, label: str) -> None:
    found = parse_number(text)
    assert found is not None
    assert (found.kind, found.label) == (kind, label)


def test_words_are_no_numbers() -> None:
    assert parse_number("Sở Y tế") is None
    assert split_number("Sở Y tế")[0].kind == "none"
    assert split_number("II. Việc làm") == (parse_number("II"), "Việc làm")


def test_a_number_printed_twice_gets_a_letter() -> None:
    ladder = OpenHeadings()
    one = parse_number("1")
    assert one is not None
    assert [ladder.next_key(one), ladder.next_key(one)] == ["1", "1b"]


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


def test_old_fonts_are_turned() -> None:
    assert convert_text("Së Y tÕ chñ tr×", "tcvn3") == "Sở Y tế chủ trì"
    assert convert_text("Sôû Y teá chuû trì", "vni") == "Sở Y tế chủ trì"
    tcvn = "ñy ban nh©n d©n tØnh ban hµnh kÕ ho¹ch thùc hiÖn nhiÖm vô n¨m vµ giao c¸c së chñ tr×"
    assert guess_encoding(tcvn) == "tcvn3"
    assert (
        guess_encoding(
            "Ủy ban nhân dân tỉnh ban hành kế hoạch thực hiện nhiệm vụ năm và giao các sở chủ trì"
        )
        is None
    )
    assert (
        guess_encoding(
            "Le préfet a décidé de créer une école à côté de la rivière près de la forêt où l'été est né"
        )
        is None
    )
