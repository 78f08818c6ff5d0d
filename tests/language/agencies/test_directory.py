"""Agencies are found by every name that people use, and never taken for another.

The rules are docs/dev/questions.md rules 2, 9 and 10.
"""

from datetime import date

import pytest

from language.agencies.cells import read_agency_cell
from language.agencies.directory import (
    Directory,
    DirectoryEntry,
    load_standard_directory,
)
from language.agencies.tables import load_agency_tables

TODAY = date(2026, 9, 15)
BEFORE_MERGERS = date(2021, 3, 1)


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("Sở Nội vụ", "Sở Nội vụ"),
        ("so noi vu", "Sở Nội vụ"),
        ("SNV", "Sở Nội vụ"),
        ("s.nv", "Sở Nội vụ"),
        ("Sở Nội vụ tỉnh Lâm Đồng", "Sở Nội vụ"),
        ("sở tt&tt", "Sở Thông tin và Truyền thông"),
        ("Sở TTTT", "Sở Thông tin và Truyền thông"),
        ("sở thông tin truyền thông", "Sở Thông tin và Truyền thông"),
        ("SKH&ĐT", "Sở Kế hoạch và Đầu tư"),
        ("khđt", "Sở Kế hoạch và Đầu tư"),
        ("Sở VHTTDL", "Sở Văn hóa, Thể thao và Du lịch"),
        ("Sở Văn hoá Thể thao và Du lịch", "Sở Văn hóa, Thể thao và Du lịch"),
        ("Sở GD-ĐT", "Sở Giáo dục và Đào tạo"),
        ("gdđt", "Sở Giáo dục và Đào tạo"),
        ("Sở LĐ-TB&XH", "Sở Lao động - Thương binh và Xã hội"),
        ("sldtbxh", "Sở Lao động - Thương binh và Xã hội"),
        ("snnptnt", "Sở Nông nghiệp và Phát triển nông thôn"),
        ("VPUB", "Văn phòng UBND tỉnh"),
        ("vp ubnd tỉnh", "Văn phòng UBND tỉnh"),
        ("Văn phòng Ủy ban nhân dân tỉnh Bến Tre", "Văn phòng UBND tỉnh"),
        ("BHXH", "Bảo hiểm xã hội tỉnh"),
        ("MTTQ", "Ủy ban Mặt trận Tổ quốc Việt Nam tỉnh"),
        ("bộ chqs tỉnh", "Bộ Chỉ huy Quân sự tỉnh"),
        ("LĐLĐ tỉnh", "Liên đoàn Lao động tỉnh"),
        ("các sở ban ngành", "Các sở, ban, ngành"),
        ("UBND các huyện, thị xã, thành phố", "UBND cấp huyện"),
        ("ubnd các xã, phường, đặc khu", "UBND cấp xã"),
        ("tp Vĩnh Long", "UBND thành phố Vĩnh Long"),
        ("UBND xã Tân Lập", "UBND xã Tân Lập"),
    ],
)
def test_it_finds_an_agency_by_the_names_people_use(typed: str, name: str) -> None:
    found = load_standard_directory().find_agency(typed, BEFORE_MERGERS)
    assert found.names == (name,), found


@pytest.mark.parametrize(
    ("old", "on", "name"),
    [
        ("Sở Kế hoạch và Đầu tư", TODAY, "Sở Tài chính"),
        ("stttt", TODAY, "Sở Khoa học và Công nghệ"),
        ("Sở Giao thông vận tải", TODAY, "Sở Xây dựng"),
        ("Sở LĐTBXH", TODAY, "Sở Nội vụ"),
        ("Ban Dân tộc", TODAY, "Sở Dân tộc và Tôn giáo"),
        ("Sở Bưu chính Viễn thông", BEFORE_MERGERS, "Sở Thông tin và Truyền thông"),
        ("sở bưu chính viễn thông", TODAY, "Sở Khoa học và Công nghệ"),
        ("Sở Địa chính", BEFORE_MERGERS, "Sở Tài nguyên và Môi trường"),
        ("Sở Địa chính", TODAY, "Sở Nông nghiệp và Môi trường"),
        ("Ban Tổ chức chính quyền tỉnh", TODAY, "Sở Nội vụ"),
        ("Sở Tài chính - Vật giá", TODAY, "Sở Tài chính"),
        ("Sở Thương mại", TODAY, "Sở Công Thương"),
    ],
)
def test_an_old_name_is_the_agency_that_it_became(old: str, on: date, name: str) -> None:
    assert load_standard_directory().find_agency(old, on).names == (name,)


def test_a_name_in_a_loaded_plan_means_itself() -> None:
    directory = load_standard_directory().with_names(
        [DirectoryEntry("Sở Kế hoạch và Đầu tư"), DirectoryEntry("Sở Tài chính")]
    )
    assert directory.find_agency("khđt", TODAY).names == ("Sở Kế hoạch và Đầu tư",)
    assert directory.find_agency("Sở Tài chính", TODAY).names == ("Sở Tài chính",)


def test_an_old_name_becomes_the_nearest_successor_that_a_plan_names() -> None:
    directory = load_standard_directory().with_names(
        [DirectoryEntry("Sở Tài nguyên và Môi trường")]
    )
    assert directory.find_agency("sở địa chính", TODAY).names == ("Sở Tài nguyên và Môi trường",)


def test_mergers_are_known_from_both_sides() -> None:
    directory = load_standard_directory()
    assert directory.find_successor("Sở Kế hoạch và Đầu tư", date(2025, 2, 28)) is None
    assert directory.find_successor("Sở Kế hoạch và Đầu tư", date(2025, 3, 1)) == "Sở Tài chính"
    assert directory.find_successor("Sở Bưu chính, Viễn thông", TODAY) == "Sở Khoa học và Công nghệ"
    assert set(directory.list_predecessors("Sở Xây dựng")) == {"Sở Giao thông vận tải"}
    assert "Sở Địa chính" in directory.list_predecessors("Sở Nông nghiệp và Môi trường")
    assert directory.find_end_day("Sở Giao thông vận tải") == date(2025, 3, 1)
    assert directory.find_end_day("UBND huyện Tân Hòa") == date(2025, 7, 1)
    assert directory.find_end_day("Sở Y tế") is None


def test_every_successor_is_an_agency_and_every_kind_is_known() -> None:
    data = load_agency_tables()
    for agency in data.agencies.values():
        assert agency.kind in data.collectives
        assert agency.root in data.agencies
        assert all(into in data.agencies for into in agency.into)
        assert bool(agency.into) == bool(agency.until)


@pytest.mark.parametrize(
    ("name", "collectives"),
    [
        ("Sở Y tế", ("Các sở, ban, ngành",)),
        ("Sở Mới Lập", ("Các sở, ban, ngành",)),
        ("Ban Dân tộc", ("Các sở, ban, ngành",)),
        ("Ban Quản lý Khu kinh tế", ("Các sở, ban, ngành",)),
        ("Thanh tra tỉnh", ("Các sở, ban, ngành",)),
        ("Văn phòng UBND tỉnh", ("Các sở, ban, ngành",)),
        ("Công an tỉnh", ("Các sở, ban, ngành",)),
        ("UBND huyện Tân Hòa", ("UBND cấp huyện",)),
        ("UBND thị xã Bình Long", ("UBND cấp huyện",)),
        ("UBND thành phố Vĩnh Long", ("UBND cấp huyện",)),
        ("UBND xã Tân Lập", ("UBND cấp xã",)),
        ("UBND phường 7", ("UBND cấp xã",)),
        ("UBND đặc khu Phú Quốc", ("UBND cấp xã",)),
        ("Ban Chỉ đạo Chuyển đổi số tỉnh", ()),
        ("Ủy ban Mặt trận Tổ quốc Việt Nam tỉnh", ()),
        ("Báo Bình Định", ()),
        ("Đài Phát thanh - Truyền hình tỉnh", ()),
        ("Bưu điện tỉnh", ()),
        ("Trung tâm Kiểm soát bệnh tật", ()),
        ("Ban Quản lý dự án đầu tư xây dựng", ()),
        ("Các sở, ban, ngành", ()),
        ("UBND cấp xã", ()),
    ],
)
def test_membership_follows_the_kind(name: str, collectives: tuple[str, ...]) -> None:
    assert load_standard_directory().find_collectives(name) == collectives


def test_collectives_are_told_from_agencies() -> None:
    assert load_standard_directory().is_collective("UBND cấp huyện")
    assert not load_standard_directory().is_collective("UBND huyện Tân Hòa")
    assert not load_standard_directory().is_collective("Sở Y tế")


def test_an_unknown_agency_gets_the_nearest_names() -> None:
    found = load_standard_directory().find_agency("Sở Tài chánh Kế toán", TODAY)
    assert found.names == ()
    assert "Sở Tài chính" in found.nearest


def test_an_admins_synonym_is_found_and_told() -> None:
    directory = load_standard_directory().with_names(
        [DirectoryEntry("Sở Công Thương", ("bên thương mại", "SoCT"))]
    )
    assert directory.find_agency("bên thương mại").names == ("Sở Công Thương",)
    assert ("synonym", "bên thương mại") in directory.list_other_names("Sở Công Thương")
    assert ("abbreviation", "SCT") in directory.list_other_names("Sở Công Thương")
    assert ("former", "Sở Thương mại") in directory.list_other_names("Sở Công Thương")


def test_a_synonym_of_two_agencies_asks_which() -> None:
    directory = load_standard_directory().with_names(
        [DirectoryEntry("Sở Y tế", ("khối xã hội",)), DirectoryEntry("Sở Nội vụ", ("khối xã hội",))]
    )
    found = directory.find_agency("khối xã hội")
    assert found.names == ()
    assert set(found.candidates) == {"Sở Y tế", "Sở Nội vụ"}


def test_a_plans_way_to_write_a_body_is_kept() -> None:
    directory = load_standard_directory().with_names(
        [DirectoryEntry("Đoàn Thanh niên Cộng sản Hồ Chí Minh tỉnh Bến Tre")]
    )
    assert directory.find_agency("tỉnh đoàn").names == (
        "Đoàn Thanh niên Cộng sản Hồ Chí Minh tỉnh Bến Tre",
    )


def test_units_that_only_a_plan_names_are_found() -> None:
    directory = load_standard_directory().with_names(
        [
            DirectoryEntry("Trung tâm Kiểm soát bệnh tật tỉnh"),
            DirectoryEntry("UBND thị xã Bình Long"),
        ]
    )
    assert directory.find_agency("trung tam kiem soat benh tat").names == (
        "Trung tâm Kiểm soát bệnh tật tỉnh",
    )
    assert directory.find_agency("tx binh long").names == ("UBND thị xã Bình Long",)


def test_a_directory_is_not_changed_by_adding_names() -> None:
    before = Directory()
    before.with_names([DirectoryEntry("Sở Riêng Một Mình")])
    assert before.loaded_names == frozenset()
    assert before.find_agency("sở riêng một mình").names == ()


@pytest.mark.parametrize(
    "text", ["", " ", "?", "sở", "và", ",;:", "a" * 5000, "UBND", "các", "sở " * 300]
)
def test_any_text_is_taken(text: str) -> None:
    load_standard_directory().find_agency(text)
    load_standard_directory().find_mentions(text)
    read_agency_cell(load_standard_directory(), text)
