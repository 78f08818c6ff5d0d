"""A heading above a table without a column of leads says who leads its tasks."""

from pathlib import Path

import docx
import pytest

from plans.reading.document import read_document_file
from tests.support.papers import HEADING, add_table, excel

TABLE = [
    ["STT", "Nhiệm vụ", "Sản phẩm", "Thời hạn"],
    ["1", "Dựng bảng báo cháy", "Bảng", "Quý II/2031"],
    ["2", "Phát quang đường mòn", "Đường", "Quý III/2031"],
]


def leads_under(folder: Path, *parts: list[str]) -> list[list[str]]:
    """Return the leads of the tasks of tables, each under its lines."""
    paper = docx.Document()
    for line in HEADING:
        paper.add_paragraph(line)
    for lines in parts:
        for line in lines:
            paper.add_paragraph(line)
        add_table(paper, TABLE)
    paper.save(str(folder / "a.docx"))
    plan = read_document_file(folder / "a.docx").plan
    assert not [row for row in plan.unread if "Sở" in row.text]
    return [task.lead for task in plan.tasks]


@pytest.mark.parametrize(
    ("heading", "lead"),
    [
        ("I. Nhiệm vụ do Sở Y tế chủ trì", "Sở Y tế"),
        ("II. NHIỆM VỤ DO SỞ Y TẾ CHỦ TRÌ, THAM MƯU", "Sở Y tế"),
        ("Biểu 1. Danh mục nhiệm vụ giao Sở Y tế chủ trì thực hiện", "Sở Y tế"),
        ("Phụ lục II: Nhiệm vụ của Sở Y tế", "Sở Y tế"),
        ("Cơ quan chủ trì: Sở Y tế", "Sở Y tế"),
        ("1. Sở Y tế", "Sở Y tế"),
        ("Nhiệm vụ do Trung tâm Giữ rừng chủ trì", "Trung tâm Giữ rừng"),
    ],
)
def test_heading_above_a_table_names_its_lead(tmp_path: Path, heading: str, lead: str) -> None:
    assert leads_under(tmp_path, [heading]) == [[lead], [lead]]


@pytest.mark.parametrize(
    "heading",
    [
        "I. Nhiệm vụ trọng tâm năm 2031",
        "Nhiệm vụ Sở Y tế phối hợp thực hiện",
        "Nhiệm vụ của kỳ sau",
    ],
)
def test_other_headings_name_none(tmp_path: Path, heading: str) -> None:
    assert leads_under(tmp_path, [heading]) == [[], []]


def test_each_table_has_the_lead_of_its_own_heading(tmp_path: Path) -> None:
    leads = leads_under(tmp_path, ["1. Sở Y tế"], ["2. Sở Nội vụ"], ["3. Nhiệm vụ khác"])
    assert leads == [["Sở Y tế"]] * 2 + [["Sở Nội vụ"]] * 2 + [[]] * 2


def test_row_above_the_header_of_a_sheet_names_the_lead(tmp_path: Path) -> None:
    rows = [["NHIỆM VỤ DO SỞ Y TẾ CHỦ TRÌ NĂM 2031", "", "", ""], *TABLE]
    plan = read_document_file(excel(tmp_path / "a.xlsx", rows)).plan
    assert [task.lead for task in plan.tasks] == [["Sở Y tế"]] * 2
