"""How plans of strangers set their duties: headings, brackets and times that are not the usual."""

import pytest

from plans.format import MilestoneRow
from plans.reading.doubts import PlanReading
from tests.support.forest import read_lines

DUTIES = "II. TỔ CHỨC THỰC HIỆN"


def list_led(reading: PlanReading) -> list[tuple[str, list[str]]]:
    """Return the title and the lead of each task."""
    return [(task.title.rstrip(" .;"), task.lead) for task in reading.plan.tasks]


def list_days(times: list[MilestoneRow]) -> list[str]:
    """Return what the milestones of a task say, in short."""
    return [str(time.last_day or time.every or time.kind) for time in times]


@pytest.mark.parametrize(
    ("heading", "lead"),
    [
        ("1. Yêu cầu các chủ rừng:", "Các chủ rừng"),
        ("1. Thủ trưởng các sở, ban, ngành tỉnh", "Các sở, ban, ngành"),
        ("1. Riêng Sở Y tế", "Sở Y tế"),
        ("1. Cơ quan thường trực (Sở Y tế):", "Sở Y tế"),
        ("1. Các thành viên Tổ ươm cây có trách nhiệm:", "Các thành viên Tổ ươm cây"),
        ("1. Sở Y tế: là cơ quan đầu mối, có nhiệm vụ:", "Sở Y tế"),
        ("1. Đồng chí Bí thư Chi đoàn:", "Đồng chí Bí thư Chi đoàn"),
        ("1. Giữ đất, giữ nước (Sở Y tế chủ trì)", "Sở Y tế"),
    ],
)
def test_heading_says_who_acts(heading: str, lead: str) -> None:
    reading = read_lines(DUTIES, heading, "- Chọn giống.", "2. Công an tỉnh:", "- Canh vườn.")
    assert list_led(reading) == [("Chọn giống", [lead]), ("Canh vườn", ["Công an tỉnh"])]


@pytest.mark.parametrize(
    ("line", "lead", "days"),
    [
        ("- Phát cây giống (Sở Y tế; thường xuyên).", "Sở Y tế", ["ongoing"]),
        ("- Đếm cây (Công an tỉnh chủ trì; hằng tháng).", "Công an tỉnh", ["month"]),
        ("- Gặp mặt người trồng (Quý III/2031, Sở Y tế chủ trì).", "Sở Y tế", ["2031-09-30"]),
        ("Tháng 4: Ươm cây sao (Sở Y tế).", "Sở Y tế", ["2031-04-30"]),
        ("Quý II - III: Dựng hàng rào (Công an tỉnh).", "Công an tỉnh", ["2031-09-30"]),
    ],
)
def test_bracket_or_label_tells_lead_and_time(line: str, lead: str, days: list[str]) -> None:
    (task,) = read_lines("II. NHIỆM VỤ", line).plan.tasks
    assert (task.lead, list_days(task.milestones)) == ([lead], days)


def test_lines_of_time_head_the_duties_below() -> None:
    reading = read_lines(
        "II. NHIỆM VỤ", "QUÝ I", "- Sở Y tế: Chọn đất.", "Quý II/2031", "- Sở Y tế: Gieo hạt."
    )
    days = [list_days(task.milestones) for task in reading.plan.tasks]
    assert days == [["2031-03-31"], ["2031-06-30"]]


@pytest.mark.parametrize(
    "line", ["Để giữ rừng, UBND tỉnh yêu cầu:", "Chủ tịch UBND tỉnh chỉ đạo như sau:"]
)
def test_line_over_orders_is_no_task(line: str) -> None:
    reading = read_lines(line, "1. Sở Y tế: Chọn giống.", "2. Công an tỉnh: Canh vườn.")
    assert [lead for _, lead in list_led(reading)] == [["Sở Y tế"], ["Công an tỉnh"]]
    assert reading.plan.unread == []


def test_line_behind_an_agency_gives_a_duty_to_another() -> None:
    reading = read_lines(
        DUTIES, "1. Công an tỉnh: Canh vườn.", "Giao Sở Y tế theo dõi việc trồng cây hằng quý."
    )
    assert [lead for _, lead in list_led(reading)] == [["Công an tỉnh"], ["Sở Y tế"]]


def test_number_of_a_part_stands_alone() -> None:
    reading = read_lines(
        "Phần thứ nhất", "MỤC TIÊU", "1. Rừng dày thêm.", "Phần thứ hai", DUTIES[4:],
        "1. Sở Y tế:", "1.1. Báo cáo UBND tỉnh kết quả trồng: đợt đầu trước ngày 10/6/2031.",
    )  # fmt: skip
    (task,) = reading.plan.tasks
    assert (task.key, list_days(task.milestones)) == ("II.1.1", ["2031-06-09"])


def test_few_labelled_tasks_are_not_all() -> None:
    labelled = ["1. Ươm cây", "- Cơ quan chủ trì: Sở Y tế.", "2. Gieo hạt", "- Phụ trách: Kế toán."]
    duties = ["1. Sở Y tế", "- Chọn giống.", "- Tưới cây.", "2. Công an tỉnh", "- Canh vườn."]
    reading = read_lines("II. NHIỆM VỤ", *labelled, f"I{DUTIES}", *duties)
    titles = [title for title, _ in list_led(reading)]
    assert titles == ["Ươm cây", "Gieo hạt", "Chọn giống", "Tưới cây", "Canh vườn"]


@pytest.mark.parametrize(
    ("duty", "days"),
    [
        ("Lập dự toán năm 2032, xong trước ngày 15/10/2031.", ["2031-10-14"]),
        ("Tổng kết việc trồng cây vào năm 2032.", ["2032-12-31"]),
    ],
)
def test_year_of_a_duty(duty: str, days: list[str]) -> None:
    (task,) = read_lines(DUTIES, "1. Sở Y tế", f"- {duty}").plan.tasks
    assert list_days(task.milestones) == days


@pytest.mark.parametrize(
    ("line", "lead"),
    [
        ("1. Đảng ủy xã lãnh đạo Trạm Y tế chọn giống.", "Đảng ủy xã"),
        ("1. Kho bạc Nhà nước khu vực X kiểm soát việc chi.", "Kho bạc Nhà nước khu vực X"),
        ("1. Vụ Cây rừng bố trí đất ươm.", "Vụ Cây rừng"),
        (
            "1. Trung tâm Giống và Dịch vụ về rừng: Lập sổ giống.",
            "Trung tâm Giống và Dịch vụ về rừng",
        ),
        (
            "1. Trưởng các đơn vị thuộc Vườn có trách nhiệm canh rừng.",
            "Trưởng các đơn vị thuộc Vườn",
        ),
    ],
)
def test_verb_ends_a_name_and_its_own_words_do_not(line: str, lead: str) -> None:
    (task,) = read_lines(DUTIES, line).plan.tasks
    assert task.lead == [lead]


@pytest.mark.parametrize(
    ("duty", "partners"),
    [
        ("Phối hợp Bộ Chỉ huy Quân sự tỉnh mở đường.", ["Bộ Chỉ huy Quân sự tỉnh"]),
        ("Phối hợp phòng VH-XH lập sổ.", ["Phòng Văn hóa - Xã hội"]),
        ("Phối hợp phòng, chống cháy rừng.", []),
        ("Phối hợp với Cục Cảnh sát quản lý hành chính về trật tự xã hội lập sổ cây.",
         ["Cục Cảnh sát quản lý hành chính về trật tự xã hội"]),
    ],
)  # fmt: skip
def test_partners_without_with(duty: str, partners: list[str]) -> None:
    (task,) = read_lines(DUTIES, "1. Sở Y tế", f"- {duty}").plan.tasks
    assert task.partners == partners


def test_agency_that_gets_a_report_does_not_lead() -> None:
    reading = read_lines(
        DUTIES,
        "1. Căn cứ Kế hoạch này, các sở, ban, ngành, cơ quan ngành dọc trên địa bàn lập kế hoạch, "
        "gửi về Công an tỉnh (qua Phòng Tham mưu - Công an tỉnh) trước ngày 10/3/2031.",
    )
    assert reading.plan.tasks[0].lead[0] == "Các sở, ban, ngành"
    assert "Công an tỉnh" not in reading.plan.tasks[0].lead


@pytest.mark.parametrize(
    "end",
    [
        "Điều 2. Giám đốc Sở Y tế; Thủ trưởng các sở chịu trách nhiệm thi hành Quyết định này.",
        "3. Yêu cầu các sở: Y tế, Tài chính và các xã cùng giữ rừng.",
    ],
)
def test_end_that_asks_all_is_no_task(end: str) -> None:
    reading = read_lines(DUTIES, "1. Công an tỉnh: Kiểm tra vườn.", end)
    assert [lead for _, lead in list_led(reading)] == [["Công an tỉnh"]]


@pytest.mark.parametrize(
    "line",
    [
        "1. Trách nhiệm của Phòng Kinh tế: Phối hợp với Công an tỉnh canh vườn.",
        "1. Trách nhiệm của Phòng Kinh tế: Chủ trì, phối hợp với Công an tỉnh ươm cây.",
    ],
)
def test_responsibility_of_an_agency_is_no_label(line: str) -> None:
    (task,) = read_lines(DUTIES, line).plan.tasks
    assert (task.lead, task.partners) == (["Phòng Kinh tế"], ["Công an tỉnh"])


@pytest.mark.parametrize("title", ["Đón khách vào rừng", "Lối đi quanh hồ"])
def test_labelled_task_among_agencies_is_no_agency(title: str) -> None:
    labelled = [f"1. {title}", "- Đơn vị chủ trì: Công an tỉnh.", "Nước về trên sông chậm dần."]
    reading = read_lines(DUTIES, *labelled, "2. Sở Y tế", "- Lập sổ giống.")
    assert (title, ["Công an tỉnh"]) in list_led(reading)


def test_sentence_before_the_end_is_listed() -> None:
    reading = read_lines(
        DUTIES,
        "1. Sở Y tế: Ươm cây.",
        "2. Mọi xe vào rừng phải giữ lối đi.",
        "Rừng là của mọi người.",
    )
    assert "Mọi xe vào rừng phải giữ lối đi." in [row.text for row in reading.plan.unread]


def test_title_ends_at_a_lettered_part() -> None:
    reading = read_lines("A. MỤC ĐÍCH", "- Giữ rừng.", "B. PHƯƠNG ÁN", "1. Sở Y tế: Ươm cây.")
    assert "MỤC ĐÍCH" not in reading.plan.plan.title
    assert [lead for _, lead in list_led(reading)] == [["Sở Y tế"]]


@pytest.mark.parametrize(
    "bracket", ["(gồm các Sở: Y tế, Tài chính)", "(bao gồm: Sở Y tế, Sở Tài chính)"]
)
def test_plural_heading_is_those_in_its_bracket(bracket: str) -> None:
    reading = read_lines(DUTIES, f"1. Các cơ quan trông coi vườn ươm {bracket}", "- Chọn giống.")
    assert list_led(reading) == [("Chọn giống", ["Sở Y tế", "Sở Tài chính"])]


@pytest.mark.parametrize("end", [" Trong đó:", " Cụ thể:"])
def test_words_that_open_a_list_are_no_part_of_a_title(end: str) -> None:
    reading = read_lines(DUTIES, "1. Sở Y tế", f"- Kiểm tra cây sao.{end}", "+ Ven sông 5 cây.")
    assert reading.plan.tasks[0].title == "Kiểm tra cây sao."


@pytest.mark.parametrize(
    "line",
    [
        "Điều 1. Ban hành kèm theo Quyết định này Kế hoạch trồng cây từ ngày 01 tháng 3 năm 2031.",
        "Điều 2. Giám đốc Sở Y tế; Thủ trưởng các sở chịu trách nhiệm thi hành Quyết định này.",
    ],
)
def test_formula_of_a_decision_is_not_told_as_unread(line: str) -> None:
    reading = read_lines(line, DUTIES, "1. Công an tỉnh: Kiểm tra vườn.")
    assert [row.text for row in reading.plan.unread] == []


@pytest.mark.parametrize("topic", ["Nguồn chi", "Tiền mua giống"])
def test_duty_behind_a_topic_among_aims_is_told_as_unread(topic: str) -> None:
    line = f"1. {topic}: Hằng năm, Sở Y tế xây dựng dự toán gửi Sở Tài chính."
    reading = read_lines("I. KINH PHÍ", line, DUTIES, "1. Công an tỉnh: Kiểm tra vườn.")
    assert [row.text for row in reading.plan.unread] == [line.removeprefix("1. ")]


@pytest.mark.parametrize(
    ("line", "partners"),
    [
        (
            "Canh bến; phối hợp với UBND 02 xã: Đồi Thông, Suối Đá thành lập đội đò",
            ["UBND xã Đồi Thông", "UBND xã Suối Đá"],
        ),
        ("Rào giếng; phối hợp với các hội: Làm vườn, Nuôi ong", ["Các hội: Làm vườn, Nuôi ong"]),
    ],
)
def test_a_duty_with_others_behind_a_semicolon_is_no_label(line: str, partners: list[str]) -> None:
    (task,) = read_lines(DUTIES, "1. Sở Y tế:", f"- {line}.").plan.tasks
    assert (task.title.rstrip("."), task.partners) == (line, partners)
