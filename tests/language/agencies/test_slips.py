"""A slip of the finger finds the agency that was meant, and never another."""

from datetime import date

from language.agencies.directory import load_standard_directory
from language.agencies.slips import CLOSE_ENOUGH
from language.agencies.tables import load_agency_tables

TODAY = date(2026, 9, 15)


def _slips(name: str) -> list[str]:
    """Return the name with one slip of each kind in its longest word."""
    words = name.split()
    place = max(range(1, len(words)), key=lambda i: len(words[i]))
    word = words[place]
    middle = len(word) // 2
    slipped = [
        word[:middle] + word[middle + 1 :],
        word[:middle] + word[middle] + word[middle:],
        word[: middle - 1] + word[middle] + word[middle - 1] + word[middle + 1 :],
        word[:middle] + "k" + word[middle + 1 :],
    ]
    return [
        " ".join([*words[:place], other, *words[place + 1 :]]) for other in slipped if other != word
    ]


# Departments of other times and places, and inventions: nobody's tasks may be shown for them.
NOBODYS = [
    f"Sở {name}"
    for name in [
        "Quy hoạch - Kiến trúc",
        "Biển đảo",
        "Lâm nghiệp",
        "Hàng hải",
        "Dầu khí",
        "Thể thao điện tử",
        "Nhà đất",
        "Năng lượng",
        "Cảnh sát",
        "Thú",
        "Chăn nuôi",
        "Đối ngoại",
        "Hợp tác quốc tế",
        "Phát triển đô thị",
        "Du học",
        "Công chánh",
        "Kiến trúc",
        "Địa ốc",
        "Giáo hội",
        "Y dược",
        "Thuế vụ",
        "Hải quan",
        "Điện lực",
        "Gia đình",
        "Thanh niên",
        "Nghiên cứu",
    ]
]


def test_slipped_names_are_found_and_nobodys_are_not() -> None:
    """Measures CLOSE_ENOUGH: slipped names found, and no wrong agency ever."""
    directory = load_standard_directory()
    names = [
        a.name
        for a in load_agency_tables().agencies.values()
        if a.kind == "department" and not a.until and not a.only_if_loaded
    ]
    right = wrong = total = 0
    for name in names:
        for slipped in _slips(name):
            total += 1
            answer = directory.find_agency(slipped, TODAY).names
            right += answer == (name,)
            wrong += answer not in ((), (name,))
    assert wrong == 0
    assert right / total >= 0.9, f"{right} of {total} at {CLOSE_ENOUGH}"
    assert [name for name in NOBODYS if directory.find_agency(name, TODAY).names] == []
