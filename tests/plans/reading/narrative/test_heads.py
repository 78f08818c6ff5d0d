"""Headings that say when all below is due, lines over numbered lists, who acts in odd places."""

import pytest

from tests.support.forest import read_lines

DUTIES = "II. NHIỆM VỤ"


def list_read(*lines: str) -> list[tuple[str, list[str], list[str]]]:
    """Return key, leads and last days of the tasks in a plan of these lines."""
    return [
        (task.key, task.lead, [str(day) for time in task.milestones for day in time.deadlines])
        for task in read_lines(*lines).plan.tasks
    ]


@pytest.mark.parametrize(
    ("heading", "last_day"),
    [
        ("II. CÁC NHIỆM VỤ HOÀN THÀNH TRƯỚC NGÀY 10/01/2031", "2031-01-09"),
        ("II. Các nhiệm vụ thực hiện từ ngày 10/01 đến ngày 28/02/2031", "2031-02-28"),
        ("II. Chương trình công tác quý II", "2031-06-30"),
    ],
)
def test_heading_with_a_time_is_the_deadline_of_what_stands_below(
    heading: str, last_day: str
) -> None:
    assert list_read(heading, "1. Công an tỉnh lập sổ.", "2. Sở Y tế mở trạm.") == [
        ("II.1", ["Công an tỉnh"], [last_day]),
        ("II.2", ["Sở Y tế"], [last_day]),
    ]


def test_heading_with_the_year_of_the_plan_is_no_deadline() -> None:
    assert list_read("II. NHIỆM VỤ TRONG NĂM 2031", "1. Sở Y tế mở trạm.") == [
        ("II.1", ["Sở Y tế"], [])
    ]


def test_time_alone_heads_numbered_lines() -> None:
    lines = ("Tháng 01", "1. Sở Y tế: Mở trạm.", "Tháng 02", "1. Công an tỉnh: Lập sổ.")
    assert list_read("A. Quý I", *lines, "B. Quý II", "1. Sở Tài chính: Cấp tiền.") == [
        ("A.1", ["Sở Y tế"], ["2031-01-31"]),
        ("A.1b", ["Công an tỉnh"], ["2031-02-28"]),
        ("B.1", ["Sở Tài chính"], ["2031-06-30"]),
    ]


def test_agency_without_a_number_heads_a_numbered_list() -> None:
    lines = ("Phòng Ươm cây:", "1. Chọn giống.", "2. Mua chậu.", "Sở Y tế:", "1. Mở trạm.")
    assert [(key, lead) for key, lead, _ in list_read(DUTIES, *lines)] == [
        ("II.1", ["Phòng Ươm cây"]),
        ("II.2", ["Phòng Ươm cây"]),
        ("II.1b", ["Sở Y tế"]),
    ]


def test_letter_with_a_dot_begins_a_line_of_its_own() -> None:
    assert [key for key, _, _ in list_read(DUTIES, "1. Sở Y tế", "a. Mở trạm", "b. Lập sổ")] == [
        "II.1.a",
        "II.1.b",
    ]


@pytest.mark.parametrize(
    ("line", "lead", "last_day"),
    [
        ("Lập bảng (Sở Y tế, Công an tỉnh, trong tháng 4/2031).", 2, "2031-04-30"),
        ("Dán sổ cũ lập trước ngày 01/7/2030 (Phòng Vườn; trong tháng 5/2031).", 1, "2031-05-31"),
        ("Mắc đèn tại vườn; Phòng Vườn chủ trì, xong trong quý II/2031.", 1, "2031-06-30"),
        ("Ban hành sổ cây: Phòng Vườn tham mưu trước ngày 31/01/2031.", 1, "2031-01-30"),
        ("Đồng ý mở trạm. Giao Sở Y tế trình hồ sơ trước ngày 25/4/2031.", 1, "2031-04-24"),
        ("Giám đốc các Sở: Y tế, Xây dựng rà soát nợ trước ngày 31/7/2031.", 2, "2031-07-30"),
    ],
)
def test_who_acts_is_found_in_every_place_of_a_line(line: str, lead: int, last_day: str) -> None:
    ((_, names, days),) = list_read(DUTIES, f"1. {line}")
    assert (len(names), days) == (lead, [last_day])


def test_order_over_dated_lines_is_no_label() -> None:
    lines = ("- Mua sắm chậu theo tiến độ:", "+ Phê duyệt giá: trước 15/9/2031;")
    assert list_read(DUTIES, "1. Sở Y tế", *lines, "2. Công an tỉnh", "- Lập sổ.") == [
        ("II.1.1", ["Sở Y tế"], []),
        ("II.1.1+1", ["Sở Y tế"], ["2031-09-14"]),
        ("II.2.1", ["Công an tỉnh"], []),
    ]


def test_agencies_that_act_lead_below_the_duties_of_a_team() -> None:
    lines = ("1. Sở Y tế (thường trực) lập sổ.", "2. Công an tỉnh lập sổ.")
    assert list_read("Điều 2. Nhiệm vụ của Tổ công tác và các cơ quan", *lines) == [
        ("2.1", ["Sở Y tế"], []),
        ("2.2", ["Công an tỉnh"], []),
    ]


def test_verb_like_a_name_behind_a_semicolon_leads_nothing() -> None:
    lines = ("1. Sở Y tế mở trạm.", "2. Tìm bạn hàng; Tổ chức, tham gia hội chợ cây.")
    assert [lead for _, lead, _ in list_read(DUTIES, *lines)] == [["Sở Y tế"]]


def test_addressees_of_a_telegram_are_no_duties() -> None:
    lines = ("CHỦ TỊCH TỈNH BẾN TRE điện:", "- Chủ tịch UBND các xã, phường.")
    order = ("1. Chủ tịch UBND các xã, phường:", "a) Lập đội đò trước 18 giờ 00 ngày 24/8/2031.")
    assert list_read(*lines, *order) == [("1.a", ["UBND cấp xã"], ["2031-08-24"])]


def test_order_to_all_with_a_day_is_a_duty() -> None:
    line = "1. Thủ trưởng các sở, ban, ngành báo cáo Sở Y tế trước ngày 30/11/2031."
    assert list_read(DUTIES, line) == [("II.1", ["Các sở, ban, ngành"], ["2031-11-29"])]


def test_office_of_another_committee_is_not_that_of_the_province() -> None:
    (task,) = read_lines(DUTIES, "1. Văn phòng Ủy ban Kiểm tra Tỉnh ủy", "- Lập sổ.").plan.tasks
    assert task.lead == ["Văn phòng Ủy ban Kiểm tra Tỉnh ủy"]


@pytest.mark.parametrize("name", ["TS. Lê Văn Cau", "BS. CKII. Lê Văn Cau", "Đại tá Lê Văn Cau"])
def test_name_of_who_signs_with_a_title_is_no_duty(name: str) -> None:
    lines = (DUTIES, "1. Sở Y tế: Mở trạm.", "GIÁM ĐỐC", name)
    assert [key for key, _, _ in list_read(*lines)] == ["II.1"]


def test_unknown_agency_before_a_colon_below_a_time_leads() -> None:
    lines = ("Tháng 01", "1. Phòng Vườn: Chấm cây.", "Tháng 02", "1. Tổ Ươm: Ra vườn.")
    read = list_read("A. Quý I", *lines, "2. Sở Y tế: Mở trạm.")
    assert [lead for _, lead, _ in read] == [["Phòng Vườn"], ["Tổ Ươm"], ["Sở Y tế"]]
