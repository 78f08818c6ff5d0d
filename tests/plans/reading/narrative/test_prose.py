"""Plans without a table: duties by agency, and tasks with labelled lines."""

import re
from pathlib import Path

import pytest

from plans.reading.document import read_document_file
from tests.support.forest import read_lines, tasks_of
from tests.support.papers import HEADING

LABELLED = """ỦY BAN NHÂN DÂN
TỈNH BẾN TRE
KẾ HOẠCH
Trồng rừng năm 2031
II. NHIỆM VỤ
1. Ươm cây
a) Lập vườn ươm
- Chọn đất cao.
- Cơ quan chủ trì: Sở Y tế.
- Cơ quan phối hợp: Sở Tài chính, UBND cấp xã.
- Thời gian hoàn thành: Quý II/2031.
b) Mua hạt giống (chủ trì: Sở Tài chính; phối hợp: Công an tỉnh; UBND cấp huyện; \
thời gian: trước ngày 01/3/2031).
2. Chăm cây
Đơn vị chủ trì: Công an tỉnh; thời gian thực hiện: thường xuyên
III. TỔ CHỨC THỰC HIỆN
1. Sở Y tế
- Theo dõi chung.
"""


def test_prose_with_labelled_lines(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text(LABELLED, encoding="utf-8")
    tasks = tasks_of(path)
    assert [(key, task.title, task.lead) for key, task in tasks.items()] == [
        ("II.1.a", "Lập vườn ươm", ["Sở Y tế"]),
        ("II.1.b", "Mua hạt giống", ["Sở Tài chính"]),
        ("II.2", "Chăm cây", ["Công an tỉnh"]),
    ]
    assert tasks["II.1.b"].partners == ["Công an tỉnh", "UBND cấp huyện"]
    assert [[time.kind for time in task.milestones] for task in tasks.values()] == [
        ["period"],
        ["date"],
        ["ongoing"],
    ]


def test_responsibility_beside_the_duties(tmp_path: Path) -> None:
    lines = ["KẾ HOẠCH", "Dạy bơi năm 2031", "I. NỘI DUNG"]
    for number, agency in ((1, "Sở Y tế"), (2, "Công an tỉnh")):
        lines += [
            f"{number}. Lĩnh vực {number}",
            f"{number}.1. Giải pháp",
            "- Mở bể bơi.",
            "- Mua phao.",
            f"{number}.2. Trách nhiệm thực hiện",
            f"- Đơn vị chủ trì triển khai thực hiện: {agency}.",
            "- Đơn vị thực hiện: UBND cấp xã.",
        ]
    path = tmp_path / "a.txt"
    path.write_text("\n".join(lines), encoding="utf-8")
    assert [(key, task.lead, task.partners) for key, task in tasks_of(path).items()] == [
        ("I.1.1.1", ["Sở Y tế"], ["UBND cấp xã"]),
        ("I.1.1.2", ["Sở Y tế"], ["UBND cấp xã"]),
        ("I.2.1.1", ["Công an tỉnh"], ["UBND cấp xã"]),
        ("I.2.1.2", ["Công an tỉnh"], ["UBND cấp xã"]),
    ]


def test_duties_listed_by_agency(tmp_path: Path) -> None:
    lines = [
        *HEADING,
        "IV. TỔ CHỨC THỰC HIỆN",
        "1. Các sở, ban, ngành, Ủy ban nhân dân các huyện, thị xã, thành phố:",
        "– Lập sổ cây.",
        "– Phối hợp với Sở Y tế trong việc chọn giống;",
        "giống phải sạch bệnh.",
        "2. Đề nghị Đài Phát thanh và Truyền hình tỉnh",
        "Đưa tin hằng tuần.",
        "- Định kỳ hàng quý báo cáo số buổi phát.",
        "Trong quá trình thực hiện, nếu có vướng mắc thì báo về Sở Y tế./.",
        "Nơi nhận:",
        "- Như trên.",
    ]
    path = tmp_path / "a.txt"
    path.write_text("\n".join(lines), encoding="utf-8")
    tasks = tasks_of(path)
    assert list(tasks) == ["IV.1.1", "IV.1.2", "IV.2.1", "IV.2.2"]
    assert [time.every for time in tasks["IV.2.2"].milestones] == ["quarter"]
    assert tasks["IV.1.1"].lead == ["Các sở, ban, ngành", "UBND cấp huyện"]
    assert (tasks["IV.1.2"].partners, tasks["IV.1.2"].title[-8:]) == (["Sở Y tế"], "ch bệnh.")
    assert tasks["IV.2.1"].lead == ["Đài Phát thanh - Truyền hình tỉnh"]


def summarise(*lines: str) -> list[tuple[str, list[str], list[str]]]:
    """Return key, leads and last days of the tasks in a plan of these lines."""
    return [
        (task.key, task.lead, [str(day) for time in task.milestones for day in time.deadlines])
        for task in read_lines(*lines).plan.tasks
    ]


def test_heading_with_an_unknown_agency() -> None:
    reading = read_lines(
        "II. PHÂN CÔNG THỰC HIỆN",
        "1. Sở Y tế và các đơn vị liên quan",
        "- Mở trạm trước ngày 05/5/2031.",
        "2. Vườn ươm Mỏ Cày (cơ quan giúp việc)",
        "- Ươm 2 vạn cây trong quý I/2031.",
        "3. Đề nghị Hợp tác xã Cây Dừa: Giao cây giống trước ngày 10/4/2031.",
        "4. Các nhà mạng di động",
        "- Nhắn tin.",
    )
    assert [(task.key, task.lead) for task in reading.plan.tasks] == [
        ("II.1.1", ["Sở Y tế", "Đơn vị có liên quan"]),
        ("II.2.1", ["Vườn ươm Mỏ Cày"]),
        ("II.3", ["Hợp tác xã Cây Dừa"]),
        ("II.4.1", ["Các nhà mạng di động"]),
    ]
    doubts = [doubt.key for doubt in reading.doubts if doubt.message_id == "doubt-agency-unknown"]
    assert doubts == ["II.2.1", "II.3", "II.4.1"]


def test_heading_of_aims_is_no_agency() -> None:
    assert summarise(
        "I. MỤC TIÊU",
        "Thêm cây xanh.",
        "II. TRÁCH NHIỆM CỦA CÁC CƠ QUAN",
        "1. Sở Y tế",
        "a) Chọn giống.",
    ) == [("II.1.a", ["Sở Y tế"], [])]


def test_labelled_lines_under_each_bullet() -> None:
    assert summarise(
        "II. NHIỆM VỤ",
        "1. Cây giống",
        "- Chọn ba giống.",
        "Đơn vị chủ trì: Sở Y tế.",
        "Thời gian: tháng 3/2031.",
        "- Ươm cây.",
        "Đơn vị chủ trì: Công an tỉnh.",
        "Thời gian: quý II/2031.",
    ) == [
        ("II.1", ["Sở Y tế"], ["2031-03-31"]),
        ("II.1b", ["Công an tỉnh"], ["2031-06-30"]),
    ]


def test_fields_as_lettered_points() -> None:
    reading = read_lines(
        "II. NHIỆM VỤ",
        "1. Cây giống",
        "a) Nội dung: Chọn ba giống.",
        "b) Cơ quan thực hiện:",
        "- Chủ trì: Sở Y tế.",
        "- Phối hợp: UBND cấp xã.",
        "c) Tiến độ: trước ngày 01/3/2031.",
        "2. Đất trồng",
        "a) Nội dung:",
        "- Đo đất.",
        "- Cắm mốc.",
        "b) Chủ trì: Sở Xây dựng; phối hợp: Công an tỉnh.",
    )
    first, second = reading.plan.tasks
    assert (first.key, first.lead, first.partners) == ("II.1", ["Sở Y tế"], ["UBND cấp xã"])
    assert str(first.milestones[0].last_day) == "2031-02-28"
    assert (second.partners, second.requirement) == (["Công an tỉnh"], "Đo đất.\nCắm mốc.")


def test_line_of_time_belongs_to_the_bullet_above() -> None:
    assert summarise(
        "II. NHIỆM VỤ CỤ THỂ",
        "1. Sở Y tế - Cơ quan thường trực",
        "- Lập danh sách hộ.",
        "+ Hộ có rừng.",
        "Thời gian hoàn thành: tháng 2/2031.",
        "- Tổng hợp. Thời hạn hoàn thành: trước ngày 31/5/2031.",
    ) == [
        ("II.1.1", ["Sở Y tế"], ["2031-02-28"]),
        ("II.1.2", ["Sở Y tế"], ["2031-05-30"]),
    ]


@pytest.mark.parametrize(
    ("headings", "keys"),
    [
        (("1.1 Chọn giống", "1.2 Ươm cây"), ["II.1.1", "II.1.2"]),
        (("1 Chọn giống", "2 Ươm cây"), ["II.1", "II.2"]),
        (("Hoạt động 1: Chọn giống", "Hoạt động 2. Ươm cây"), ["II.1", "II.2"]),
        (("1) Chọn giống", "2) Ươm cây"), ["II.1", "II.2"]),
    ],
)
def test_numbers_without_a_dot_and_with_a_name(headings: tuple[str, str], keys: list[str]) -> None:
    lead = "Đơn vị chủ trì: Sở Y tế"
    plan = read_lines("II NHIỆM VỤ", headings[0], lead, headings[1], lead).plan
    assert [task.key for task in plan.tasks] == keys
    assert [task.title for task in plan.tasks] == ["Chọn giống", "Ươm cây"]


def test_heading_of_a_role_is_no_task() -> None:
    reading = read_lines(
        "II. TỔ CHỨC THỰC HIỆN",
        "1. Sở Y tế",
        "a) Chủ trì, phối hợp với Công an tỉnh",
        "- Chọn giống.",
        "b) Phối hợp:",
        "- Cấp vốn.",
        "2. Sở Tài chính",
        "Chủ trì, phối hợp với Sở Y tế:",
        "- Thẩm định giá.",
    )
    assert [(task.key, task.partners) for task in reading.plan.tasks] == [
        ("II.1.a.1", ["Công an tỉnh"]),
        ("II.1.b.1", []),
        ("II.2.1.1", ["Sở Y tế"]),
    ]


@pytest.mark.parametrize(
    ("heading", "line", "partners"),
    [
        ("b) Phối hợp:", "+ Sở Xây dựng thẩm định giá.", ["Sở Xây dựng"]),
        ("b) Chủ trì, phối hợp", "- Sở Tài chính, Sở Y tế đo đất.", ["Sở Tài chính", "Sở Y tế"]),
        ("b) Chủ trì:", "- Sở Xây dựng thẩm định giá.", []),
        ("b) Phối hợp:", "- Thẩm định giá của Sở Xây dựng.", []),
    ],
)
def test_lines_under_a_bare_role_begin_with_partners(
    heading: str, line: str, partners: list[str]
) -> None:
    reading = read_lines("II. TỔ CHỨC THỰC HIỆN", "1. Công an tỉnh", heading, line)
    assert [(task.lead, task.partners) for task in reading.plan.tasks] == [
        (["Công an tỉnh"], partners)
    ]


@pytest.mark.parametrize("end", [".", ";"])
def test_whole_sentence_is_no_section(end: str) -> None:
    first = f"1. Giao Sở Y tế chủ trì chọn giống{end}"
    reading = read_lines("II. TỔ CHỨC THỰC HIỆN", first, "- Giao Sở Tài chính cấp vốn.")
    assert {task.section for task in reading.plan.tasks} == {"TỔ CHỨC THỰC HIỆN"}


def test_plan_of_one_body() -> None:
    reading = read_lines(
        "II. NỘI DUNG",
        "1. Kiểm tra cây giống từ ngày 03/02/2031 đến ngày 10/02/2031.",
        "2. Trồng cây",
        "* Thời gian thực hiện:",
        "+ Đợt 1: tháng 5/2031.",
        "+ Đợt 2: tháng 9/2031.",
    )
    assert [(task.key, task.lead, len(task.milestones)) for task in reading.plan.tasks] == [
        ("II.1", [], 1),
        ("II.2", [], 2),
    ]
    assert {doubt.message_id for doubt in reading.doubts} >= {"doubt-no-lead"}


def test_agency_in_a_bracket_leads() -> None:
    assert summarise(
        "II. NHIỆM VỤ",
        "1. Lập bản đồ (Sở Xây dựng chủ trì; hoàn thành trước ngày 20/3/2031).",
    ) == [("II.1", ["Sở Xây dựng"], ["2031-03-19"])]


def test_report_of_all_beside_labelled_tasks() -> None:
    plan = read_lines(
        "II. NHIỆM VỤ",
        "1. Chọn giống",
        "Chủ trì: Sở Y tế",
        "2. Ươm cây",
        "Chủ trì: Công an tỉnh",
        "III. CHẾ ĐỘ BÁO CÁO",
        "Các sở, ban, ngành báo cáo kết quả trước ngày 20/11/2031.",
        "Sở Tài chính bố trí kinh phí.",
    ).plan
    assert [task.key for task in plan.tasks] == ["II.1", "II.2"]
    assert [str(row.milestone.last_day) for row in plan.plan_milestones] == ["2031-11-19"]
    assert [row.text for row in plan.unread] == ["Sở Tài chính bố trí kinh phí."]


def test_day_that_does_not_exist_is_doubted() -> None:
    reading = read_lines("II. PHÂN CÔNG", "1. Sở Y tế", "- Chọn giống trước ngày 31/6/2031.")
    assert [doubt.message_id for doubt in reading.doubts if doubt.key] == ["doubt-deadline"]


def test_bare_noun_behind_agencies_names_nobody() -> None:
    assert summarise(
        "II. NHIỆM VỤ",
        "1. Chọn giống",
        "Đơn vị chủ trì: Các Sở, ngành, đơn vị, UBND cấp xã.",
        "2. Ươm cây",
        "Đơn vị chủ trì: Sở Y tế",
    )[0] == ("II.1", ["Các sở, ban, ngành", "UBND cấp xã"], [])


def test_bullets_before_labelled_lines_are_one_task() -> None:
    plan = read_lines(
        "II. NHIỆM VỤ",
        "1. Cây giống",
        "- Chọn ba giống.",
        "- Thử đất.",
        "Đơn vị chủ trì: Sở Y tế.",
        "- Ươm cây.",
        "Đơn vị chủ trì: Công an tỉnh.",
    ).plan
    assert [task.title for task in plan.tasks] == ["Chọn ba giống. Thử đất.", "Ươm cây."]


def test_a_duty_without_a_deadline_is_doubted_where_the_others_have_one(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text(LABELLED.replace("- Thời gian hoàn thành: Quý II/2031.\n", ""), "utf-8")
    doubts = read_document_file(path).doubts
    assert [d.key for d in doubts if d.message_id == "doubt-no-deadline"] == ["II.1.a"]
    path.write_text(re.sub(r"[;-] ?[Tt]hời gian[^);\n]*", "", LABELLED), "utf-8")
    assert all(d.message_id != "doubt-no-deadline" for d in read_document_file(path).doubts)


def test_post_of_the_signer_is_no_duty() -> None:
    reading = read_lines(
        "1. Giao Sở Y tế theo dõi, báo cáo trước ngày 15/10/2031.",
        "Chỉ thị này có hiệu lực kể từ ngày ký./.",
        "CHỦ TỊCH",
    )
    assert [task.key for task in reading.plan.tasks] == ["1"]


def test_name_with_a_verb_inside_stays_whole() -> None:
    reading = read_lines(
        "1. Ban Quản lý dự án công trình cấp nước chịu trách nhiệm cắm mốc trước ngày 10/4/2031.",
        "2. Các Hội trồng dừa, Ban quản lý rừng ngập mặn tự tổ chức canh gác trước ngày 15/4/2031.",
    )
    assert [task.lead for task in reading.plan.tasks] == [
        ["Ban Quản lý dự án công trình cấp nước"],
        ["Các Hội trồng dừa", "Ban quản lý rừng ngập mặn"],
    ]


def test_term_counted_from_an_event_is_relative() -> None:
    (task,) = read_lines(
        "II. PHÂN CÔNG", "1. Sở Y tế", "- Cắm mốc trong vòng 10 ngày kể từ ngày nhận bàn giao."
    ).plan.tasks
    assert [(time.kind, time.days) for time in task.milestones] == [("relative", 10)]


def test_day_up_to_which_figures_are_told_is_no_deadline() -> None:
    lines = ("II. PHÂN CÔNG", "1. Sở Y tế", "- Rà soát số hộ (số liệu tính đến ngày 30/6/2031).")
    (task,) = read_lines(*lines).plan.tasks
    assert task.milestones == []


def test_time_before_the_lead_belongs_to_the_same_task() -> None:
    lines = ("II. NỘI DUNG", "1. Lễ phát động", "Thời gian: ngày 26/4/2031.", "Chủ trì: Sở Y tế.")
    more = ("2. Tặng cây", "Thời gian: tháng 5/2031.", "Chủ trì: Công an tỉnh.")
    tasks = read_lines(*lines, *more).plan.tasks
    assert [(task.lead, len(task.milestones)) for task in tasks] == [
        (["Sở Y tế"], 1),
        (["Công an tỉnh"], 1),
    ]


def test_bare_name_in_a_bracket_behind_a_time_leads() -> None:
    reading = read_lines(
        "I. CÔNG VIỆC",
        "- Tập huấn: từ 28/3 đến 29/3/2031 (Sở Y tế chủ trì).",
        "- Chọn người: xong trước ngày 25/3/2031 (Công an tỉnh).",
        "- Nghiệm thu: ngày 10/5/2031.",
        "- Tổng kết: ngày 20/5/2031.",
    )
    assert [task.lead for task in reading.plan.tasks] == [["Sở Y tế"], ["Công an tỉnh"], [], []]


@pytest.mark.parametrize("opening", ["Kính gửi:", "CHỦ TỊCH UBND TỈNH ĐIỆN:"])
def test_addressees_of_a_letter_are_no_duties(opening: str) -> None:
    letter = (opening, "- Sở Y tế;", "- Công an tỉnh.")
    more = ("UBND tỉnh yêu cầu:", "1. Sở Y tế mở trạm trước ngày 05/5/2031.")
    assert summarise(*letter, *more) == [("1", ["Sở Y tế"], ["2031-05-04"])]


def test_label_in_small_letters_at_the_end_of_a_sentence() -> None:
    assert summarise(
        "II. NHIỆM VỤ",
        "1. Giao Sở Y tế chủ trì, phối hợp Công an tỉnh mở trạm; thời gian hoàn thành: 10/7/2031.",
        "Văn phòng UBND tỉnh thông báo để các cơ quan biết, thực hiện.",
    ) == [("II.1", ["Sở Y tế"], ["2031-07-10"])]


def test_numbers_closed_by_a_dash() -> None:
    assert summarise(
        "2- Nhiệm vụ thời gian tới",
        "2.1- Sở Y tế mở trạm trong tháng 3/2031.",
        "2.2- Công an tỉnh gác rừng trong tháng 4/2031.",
    ) == [("2.1", ["Sở Y tế"], ["2031-03-31"]), ("2.2", ["Công an tỉnh"], ["2031-04-30"])]


def test_agency_behind_a_colon_or_in_a_bracket_with_the_time() -> None:
    assert summarise(
        "II. NHIỆM VỤ",
        "1. Kiểm tra kè, đập: Sở Y tế chủ trì, hoàn thành trước ngày 31/5/2031.",
        "2. Rà soát đường lánh lũ: UBND các xã; thời gian: xong trước 15/6/2031.",
        "3. Trữ gạo, nước (Công an tỉnh, trước ngày 20/6/2031).",
    ) == [
        ("II.1", ["Sở Y tế"], ["2031-05-30"]),
        ("II.2", ["UBND cấp xã"], ["2031-06-14"]),
        ("II.3", ["Công an tỉnh"], ["2031-06-19"]),
    ]


def test_duty_to_inform_people_does_not_close_a_list() -> None:
    assert [
        key
        for key, _, _ in summarise(
            "II. PHÂN CÔNG",
            "1. Sở Y tế",
            "- Thông báo rộng rãi lịch tiêm để người dân biết.",
            "- Phối hợp phòng, chống dịch ở các trường.",
        )
    ] == ["II.1.1", "II.1.2"]


def test_heading_of_a_station_is_an_agency() -> None:
    assert summarise(
        "III. TỔ CHỨC THỰC HIỆN",
        "1. Trạm Y tế xã",
        "- Khám mắt cho trẻ em đầu quý III.",
    ) == [("III.1.1", ["Trạm Y tế xã"], ["2031-07-31"])]


def test_month_above_duties_is_their_deadline() -> None:
    assert summarise(
        "I. Tháng 3",
        "1. Ươm cây giống (Phòng Kinh tế tham mưu).",
        "2. Đo đạc rừng trước ngày 10/3/2031 (Sở Y tế).",
        "II. QUÝ II",
        "1. Kiểm tra mắt cho trẻ em (Trạm Y tế xã).",
    ) == [
        ("I.1", ["Phòng Kinh tế"], ["2031-03-31"]),
        ("I.2", ["Sở Y tế"], ["2031-03-09"]),
        ("II.1", ["Trạm Y tế xã"], ["2031-06-30"]),
    ]


def test_second_sentence_says_who_leads() -> None:
    assert summarise(
        "II. NHIỆM VỤ",
        "- Đặt thùng rác. Sở Y tế chủ trì, phối hợp với UBND cấp xã, xong trong quý III/2031.",
    ) == [("II.1", ["Sở Y tế"], ["2031-09-30"])]


def test_plain_name_above_bullets_leads_them() -> None:
    assert summarise(
        "PHÂN CÔNG",
        "Phòng Văn hóa - Xã hội",
        "- Trang trí sân khấu trước ngày 02/4/2031.",
        "Các ấp",
        "- Bảo đảm vệ sinh đường làng.",
    ) == [
        ("1.1", ["Phòng Văn hóa - Xã hội"], ["2031-04-01"]),
        ("2.1", ["Các ấp"], []),
    ]


def test_heading_of_matters_leads_nobody() -> None:
    (duty,) = summarise(
        "II. CÁC HOẠT ĐỘNG",
        "Hoạt động 1: Mở lớp cắm hoa. Chủ trì: Ban Nữ công. Thời gian: Tháng 4/2031.",
    )
    assert duty[1:] == (["Ban Nữ công"], ["2031-04-30"])


def test_report_with_days_below_is_one_duty() -> None:
    assert summarise(
        "II. TỔ CHỨC THỰC HIỆN",
        "1. Sở Y tế",
        "- Báo cáo kết quả:",
        "+ 6 tháng: trước ngày 10/6/2031;",
        "+ Báo cáo năm: trước ngày 10/12/2031.",
    ) == [("II.1.1", ["Sở Y tế"], ["2031-06-09", "2031-12-09"])]


def test_closing_request_to_all_is_no_duty() -> None:
    assert [
        key
        for key, _, _ in summarise(
            "1. Sở Y tế lập danh sách hộ khó khăn.",
            "2. Công an tỉnh giữ trật tự chợ hoa.",
            "Yêu cầu các đơn vị nghiêm túc thực hiện./.",
        )
    ] == ["1", "2"]


def test_line_broken_before_a_number_goes_on() -> None:
    assert summarise(
        "II. PHÂN CÔNG", "1. Sở Y tế", "- Khám mắt cho trẻ em trong tháng", "6/2031."
    ) == [("II.1.1", ["Sở Y tế"], ["2031-06-30"])]


def test_asked_body_before_a_colon_leads() -> None:
    assert summarise(
        "IV. TỔ CHỨC THỰC HIỆN",
        "- Sở Y tế: Bố trí xe cứu thương.",
        "- Đề nghị Tổng Công ty Hoa Sen: Tài trợ pháo hoa.",
    ) == [("IV.1", ["Sở Y tế"], []), ("IV.2", ["Tổng Công ty Hoa Sen"], [])]


def test_labels_behind_a_dash_belong_to_their_duty() -> None:
    assert summarise(
        "II. NHIỆM VỤ",
        "1. Ươm cây",
        "1.1. Dựng trạm – Cơ quan chủ trì: Sở Y tế – Thời gian: Quý I/2031.",
        "1.2. Đo rừng – Cơ quan chủ trì: Công an tỉnh – Thời gian: trước 30/11/2031.",
    ) == [
        ("II.1.1", ["Sở Y tế"], ["2031-03-31"]),
        ("II.1.2", ["Công an tỉnh"], ["2031-11-29"]),
    ]


def test_department_of_a_ministry_heads_its_duties() -> None:
    assert summarise(
        "II. NHIỆM VỤ", "1. Vụ Trồng trọt", "Chủ trì rà soát tiêu chuẩn, xong trước tháng 6/2031."
    ) == [("II.1.1", ["Vụ Trồng trọt"], ["2031-05-31"])]


def test_plain_lines_below_a_plain_name_are_no_duties() -> None:
    assert [
        key
        for key, _, _ in summarise(
            "Công an tỉnh", "45", "16 (36%)", "II. PHÂN CÔNG", "1. Sở Y tế lập danh sách hộ."
        )
    ] == ["II.1"]


@pytest.mark.parametrize(
    "lines",
    [
        ("SỞ TÀI CHÍNH", "- Cân đối vốn.", "CÔNG AN TỈNH", "- Tuần tra."),
        ("SỞ TÀI CHÍNH", "Cân đối vốn.", "CÔNG AN TỈNH", "Tuần tra đường thủy."),
        ("Sở Tài chính", "Cân đối vốn.", "Công an tỉnh:", "Tuần tra đường thủy."),
        ("* Sở Tài chính:", "- Cân đối vốn.", "* Công an tỉnh:", "- Tuần tra."),
        ("- Sở Tài chính:", "- Cân đối vốn.", "- Công an tỉnh:", "- Tuần tra."),
        ("- Sở Tài chính:", "+ Cân đối vốn.", "- Công an tỉnh:", "+ Tuần tra."),
        ("Sở Tài chính có trách nhiệm:", "- Cân đối vốn.", "Công an tỉnh", "- Tuần tra."),
        ("Đối với Sở Tài chính:", "- Cân đối vốn.", "Đối với Công an tỉnh", "- Tuần tra."),
        ("a) Sở Tài chính có nhiệm vụ:", "- Cân đối vốn.", "b) Công an tỉnh:", "- Tuần tra."),
    ],
)
def test_every_style_of_an_agency_line_leads_what_stands_below(lines: tuple[str, ...]) -> None:
    found = summarise("II. PHÂN CÔNG", *lines)
    assert [lead for _, lead, _ in found] == [["Sở Tài chính"], ["Công an tỉnh"]]
    assert len({key for key, _, _ in found}) == 2
    assert not any(key.endswith("b") for key, _, _ in found)


def test_unknown_names_beside_an_agency_line_lead_too() -> None:
    assert summarise(
        "II. PHÂN CÔNG",
        *("* Các chủ rừng:", "- Phát dọn đường băng."),
        *("* Công an tỉnh:", "- Tuần tra.", "- Điều tra vụ cháy."),
        *("III. KINH PHÍ", "* Nguồn xã hội hóa:", "- Mười tỷ đồng."),
    ) == [
        ("II.1.1", ["Các chủ rừng"], []),
        ("II.2.1", ["Công an tỉnh"], []),
        ("II.2.2", ["Công an tỉnh"], []),
    ]


def test_agencies_in_a_list_lead_nothing() -> None:
    found = summarise(
        *("II. PHÂN CÔNG", "- Sở Tài chính", "- Sở Y tế", "- Sở Nội vụ mở lớp trước 3/3/2031.")
    )
    assert found == [("II.1", ["Sở Nội vụ"], ["2031-03-02"])]


def test_letterhead_in_capitals_leads_no_grounds() -> None:
    found = summarise(
        *("ỦY BAN NHÂN DÂN TỈNH SƠN LA", "Căn cứ Quyết định ngày 19 tháng 4 năm 2030;"),
        *("II. PHÂN CÔNG", "1. Sở Y tế lập danh sách hộ."),
    )
    assert [key for key, _, _ in found] == ["II.1"]


def test_signers_name_below_the_post_is_no_duty() -> None:
    assert summarise(
        "II. PHÂN CÔNG", "1. Đề nghị Sở Y tế vận động ủng hộ.", "CHỦ TỊCH", "Lò Văn Mẫu"
    ) == [("II.1", ["Sở Y tế"], [])]


def test_bracket_behind_a_matter_leads_what_stands_below() -> None:
    assert summarise(
        "II. NHIỆM VỤ", "1. Về cây giống (Sở Y tế chủ trì)", "(i) Ươm cây trong quý II/2031."
    ) == [("II.1.i", ["Sở Y tế"], ["2031-06-30"])]


def test_unknown_body_before_a_colon_and_an_order_leads() -> None:
    assert summarise("II. KẾT LUẬN", "- Phòng Cây xanh: chuẩn bị hội nghị ngày 20/12/2031.") == [
        ("II.1", ["Phòng Cây xanh"], ["2031-12-20"])
    ]


def test_unknown_body_that_acts_beside_known_ones_leads() -> None:
    found = summarise(
        *("1. Sở Y tế lập danh sách hộ.", "2. Trạm Cây xanh tăng cường tuần tra."),
        "3. Ban hành kèm theo là danh sách hộ.",
    )
    assert [lead for _, lead, _ in found] == [["Sở Y tế"], ["Trạm Cây xanh"]]


def test_time_of_a_meeting_without_a_heading_makes_no_task() -> None:
    found = summarise("Thời gian: 8h00 ngày 05/10/2031", "II. KẾT LUẬN", "1. Sở Y tế ươm cây.")
    assert [key for key, _, _ in found] == ["II.1"]


def test_sentence_above_the_end_of_a_list_is_told() -> None:
    reading = read_lines(
        *("II. TỔ CHỨC THỰC HIỆN", "1. Giao Sở Y tế ươm cây.", "2. Già làng giữ gìn rừng thiêng."),
        "Kế hoạch này có hiệu lực từ ngày ký./.",
    )
    assert "Già làng giữ gìn rừng thiêng." in [row.text for row in reading.plan.unread]


def test_field_of_a_name_that_is_like_a_verb_stays_in_it() -> None:
    assert summarise("II. NHIỆM VỤ", "1. Ban Công nghệ thông tin", "- Lắp máy đo mưa.") == [
        ("II.1.1", ["Ban Công nghệ thông tin"], [])
    ]


def test_sentence_without_a_known_verb_is_nobodys_name() -> None:
    found = summarise(
        "II. PHÂN CÔNG", "- Sở Y tế ươm cây.", "- Vườn quốc gia Ba Lá vớt rác (tháng 4/2031)."
    )
    assert [lead for _, lead, _ in found if "Ba Lá" in "".join(lead)] == []
