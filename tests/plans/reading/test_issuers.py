"""Who issues a plan, as the letterhead says it, and the issuer's own bodies."""

import pytest

from language.agencies.directory import load_standard_directory
from plans.reading.document import read_document
from plans.reading.doubts import PlanReading
from plans.tables.blocks import Document, TableCell, TextLine, make_table

TITLE = ("KẾ HOẠCH", "Trồng cây năm 2031", "II. PHÂN CÔNG")


def read_plan_lines(*lines: str) -> PlanReading:
    """Read a plan of paragraphs."""
    return read_document(Document(tuple(map(TextLine, lines)), "text"), load_standard_directory())


@pytest.mark.parametrize(
    ("letterhead", "issuer"),
    [
        (("ĐẢNG BỘ TỈNH GIA LAI", "BAN THƯỜNG VỤ"), "Ban Thường vụ Tỉnh ủy Gia Lai"),
        (("ĐẢNG BỘ XÃ HÒA BÌNH", "BAN CHẤP HÀNH"), "Ban Chấp hành Đảng ủy xã Hòa Bình"),
        (("HỘI NÔNG DÂN TỈNH", "BAN CHẤP HÀNH"), "Ban Chấp hành Hội Nông dân tỉnh"),
        (("TỈNH ỦY GIA LAI",), "Tỉnh ủy Gia Lai"),
        (("PHÒNG GD&ĐT", "TRƯỜNG THCS LÊ QUÝ ĐÔN"), "Trường THCS Lê Quý Đôn"),
        (("CHỦ TỊCH UBND TỈNH GIA LAI",), "UBND tỉnh Gia Lai"),
        (("SỞ Y TẾ", "TRUNG TÂM Y TẾ HUYỆN SA PA"), "Trung tâm Y tế huyện Sa Pa"),
        (("UBND XÃ HÒA BÌNH", "LỊCH LÀM VIỆC NĂM 2031"), "UBND xã Hòa Bình"),
        (("VĂN PHÒNG UBND TỈNH", "VIỆC UBND TỈNH GIAO"), "Văn phòng UBND tỉnh"),
    ],
)
def test_issuer_of_a_letterhead(letterhead: tuple[str, ...], issuer: str) -> None:
    lines = [*letterhead, "Số: 7/KH-BTV", *TITLE, "1. Sở Y tế", "- Trồng cây."]
    assert read_plan_lines(*lines).plan.plan.issuer == issuer


@pytest.mark.parametrize(
    ("letterhead", "lead"),
    [
        ("HỘI NÔNG DÂN TỈNH", "Ban Tuyên giáo"),
        ("UBND TỈNH GIA LAI", "Ban Tuyên giáo Tỉnh ủy"),
    ],
)
def test_short_names_of_committees_are_those_of_the_issuer(letterhead: str, lead: str) -> None:
    lines = [letterhead, "Số: 7/KH-HND", *TITLE, "1. Ban Tuyên giáo", "- Viết bài."]
    assert [task.lead for task in read_plan_lines(*lines).plan.tasks] == [[lead]]


@pytest.mark.parametrize("subject", ["V/V TRỒNG CÂY NĂM 2031", "V/v trồng cây năm 2031"])
def test_title_goes_on_with_its_subject(subject: str) -> None:
    lines = ("UBND TỈNH GIA LAI", "Số: 7/KH-UBND", "KẾ HOẠCH", subject, "II. PHÂN CÔNG")
    plan = read_plan_lines(*lines, "1. Sở Y tế", "- Trồng cây.").plan.plan
    assert plan.title == f"KẾ HOẠCH {subject}"


def test_title_in_small_letters_above_a_table_is_read() -> None:
    rows = [["TT", "Hoạt động", "Bộ phận", "T.gian"], ["1", "Đo cây", "Phòng Kỹ thuật", "11/7"]]
    table = make_table([[TableCell(text) for text in row] for row in rows])
    title = TextLine("Kế hoạch trồng cây năm 2031 của Chi cục Kiểm lâm")
    plan = read_document(Document((title, table), "text"), load_standard_directory()).plan
    assert (plan.plan.title, plan.plan.first_year) == (title.text, 2031)
    assert str(plan.tasks[0].milestones[0].last_day) == "2031-07-11"


@pytest.mark.parametrize(
    ("first", "issuer"),
    [
        ("VĂN PHÒNG UBND TỈNH GIA LAI", "Văn phòng UBND tỉnh Gia Lai"),
        ("CHI CỤC KIỂM LÂM", "Chi cục Kiểm lâm"),
        ("VĂN PHÒNG XEM LẠI CÁC VIỆC NĂM 2031", None),
    ],
)
def test_a_tracker_without_a_number_is_of_its_first_line(first: str, issuer: str | None) -> None:
    rows = [["TT", "Việc", "Bộ phận", "Hạn"], ["1", "Đo cây", "Phòng Kỹ thuật", "11/7/2031"]]
    table = make_table([[TableCell(text) for text in row] for row in rows])
    lines = (TextLine(first), TextLine("THEO DÕI CÁC VIỆC NĂM 2031"))
    plan = read_document(Document((*lines, table), "xlsx"), load_standard_directory()).plan
    assert plan.plan.issuer == issuer
