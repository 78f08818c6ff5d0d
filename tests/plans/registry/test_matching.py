"""Tasks of a document and of the registry are the same by what they say, not by their numbers."""

from __future__ import annotations

import pytest

from plans.format import TaskRow
from plans.registry.matching import match_tasks


def make_rows(*rows: str) -> list[TaskRow]:
    """Return tasks of lines "key|title|lead|time"."""
    parts = [row.split("|") for row in rows]
    return [TaskRow(key=k, title=t, lead=[who], deadline_text=d) for k, t, who, d in parts]


OLD = make_rows(
    "I.1|Đo mực nước giếng khoan|Sở Y tế|30/6/2031",
    "I.2|Vẽ bản đồ giếng|Sở Y tế|30/6/2031",
    "I.3|Phát sổ tay dùng nước|Sở Tư pháp|Quý III/2031",
)

SURE = {
    "a row above": (
        [
            "I.1|Lập tổ khảo sát|Sở Y tế|30/6/2031",
            "I.2|Đo mực nước giếng khoan|Sở Y tế|30/6/2031",
            "I.3|Vẽ bản đồ giếng|Sở Y tế|30/6/2031",
            "I.4|Phát sổ tay dùng nước|Sở Tư pháp|Quý III/2031",
        ],
        {"I.2": "I.1", "I.3": "I.2", "I.4": "I.3"},
    ),
    "two change places": (
        [
            "I.1|Vẽ bản đồ giếng|Sở Y tế|30/6/2031",
            "I.2|Đo mực nước giếng khoan|Sở Y tế|30/6/2031",
            "I.3|Phát sổ tay dùng nước|Sở Tư pháp|Quý III/2031",
        ],
        {"I.1": "I.2", "I.2": "I.1", "I.3": "I.3"},
    ),
    "a row gone": (
        [
            "I.1|Vẽ bản đồ giếng|Sở Y tế|30/6/2031",
            "I.2|Phát sổ tay dùng nước|Sở Tư pháp|Quý III/2031",
        ],
        {"I.1": "I.2", "I.2": "I.3"},
    ),
    "another section": (
        ["II.7|Phát sổ tay dùng nước|Sở Tư pháp|Quý III/2031"],
        {"II.7": "I.3"},
    ),
    "another day": (
        ["I.9|Đo mực nước giếng khoan|Sở Y tế|31/8/2031"],
        {"I.9": "I.1"},
    ),
    "handed to another agency": (
        ["I.1|Vẽ bản đồ giếng|Sở Xây dựng|30/6/2031"],
        {"I.1": "I.2"},
    ),
    "other capitals, signs and blanks": (
        ["I.1|VẼ BẢN ĐỒ  GIẾNG.|Sở Y tế|30/6/2031"],
        {"I.1": "I.2"},
    ),
    "marks in another order": (
        ["I.1|Ve\u0303 ba\u0309n đô\u0300 giê\u0301ng|Sở Y tế|30/6/2031"],
        {"I.1": "I.2"},
    ),
    "nothing of it": (
        ["I.1|Thả cá giống xuống hồ|Công an tỉnh|Thường xuyên"],
        {},
    ),
    "same number and agency, other work and day": (
        ["I.3|Nuôi ong lấy mật|Sở Tư pháp|Tháng 2/2031"],
        {},
    ),
}


@pytest.mark.parametrize("name", SURE)
def test_tasks_are_found_under_their_new_numbers(name: str) -> None:
    rows, pairs = SURE[name]
    found = match_tasks(OLD, make_rows(*rows), {})
    assert found.old_keys == pairs
    assert not found.unsure


UNSURE = {
    "a word changed": "I.4|Đo mực nước giếng đào|Sở Y tế|30/6/2031",
    "words added": "I.4|Vẽ bản đồ giếng và công bố|Sở Y tế|30/6/2031",
    "other work under one number": "I.1|Cấp thuốc khử khuẩn|Sở Y tế|30/6/2031",
    "one title, all else other": "I.8|Vẽ bản đồ giếng|Công an tỉnh|Tháng 12/2031",
}


@pytest.mark.parametrize("name", UNSURE)
def test_what_agrees_in_part_is_asked(name: str) -> None:
    new = make_rows(UNSURE[name])
    found = match_tasks(OLD, new, {})
    assert not found.old_keys
    (pair,) = found.unsure
    assert match_tasks(OLD, new, {new[0].key: True}).old_keys == {new[0].key: pair.old.key}
    different = match_tasks(OLD, new, {new[0].key: False})
    assert not different.old_keys
    assert not different.unsure


def test_a_report_of_another_period_is_not_surely_the_same() -> None:
    old = make_rows("I.1|Báo cáo đo nước quý I|Sở Y tế|Quý I/2031")
    new = make_rows("I.1|Báo cáo đo nước quý II|Sở Y tế|Quý II/2031")
    found = match_tasks(old, new, {})
    assert not found.old_keys
    assert [pair.old.key for pair in found.unsure] == ["I.1"]


def test_equal_tasks_go_by_their_products_and_then_in_order() -> None:
    old = make_rows("I.1|Báo cáo|Sở Y tế|30/6", "I.2|Báo cáo|Sở Y tế|30/6")
    new = make_rows("I.2|Báo cáo|Sở Y tế|30/6", "I.3|Báo cáo|Sở Y tế|30/6")
    old[0].deliverables, new[1].deliverables = ["Sổ đo"], ["Sổ đo"]
    assert match_tasks(old, new, {}).old_keys == {"I.3": "I.1", "I.2": "I.2"}


def test_one_of_two_equal_tasks_that_went_is_asked() -> None:
    old = make_rows("I.1|Báo cáo|Sở Y tế|30/6", "I.2|Báo cáo|Sở Y tế|30/6")
    new = make_rows("I.5|Báo cáo|Sở Y tế|30/6")
    assert match_tasks(old, new, {}).unsure


def test_an_amendment_that_has_other_work_under_a_number_is_asked() -> None:
    new = make_rows("I.3|Nuôi ong lấy mật|Công an tỉnh|Tháng 2/2031")
    assert [pair.old.key for pair in match_tasks(OLD, new, {}, amends=True).unsure] == ["I.3"]
