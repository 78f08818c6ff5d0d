"""A document with a mark of state secrecy is refused wherever the mark stands."""

from pathlib import Path

import docx
import openpyxl
import pytest
from docx.oxml import parse_xml

from plans.documents.faults import ClassifiedError
from plans.documents.opening import load_document
from plans.documents.secrecy import is_secrecy_mark
from tests.support.papers import ROWS, pdf, sheet_of, word


@pytest.mark.parametrize(
    "text",
    [
        "MẬT",
        "TỐI MẬT",
        "TUYỆT MẬT",
        "[ MẬT ]",
        "M Ậ T",
        "Độ mật: Tối mật",
        "TOI MAT",
        "MẬT\tCỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
    ],
)
def test_marks_of_secrecy(text: str) -> None:
    assert is_secrecy_mark(text)


@pytest.mark.parametrize(
    "text",
    [
        "Bảo vệ bí mật nhà nước",
        "KẾ HOẠCH BẢO VỆ BÍ MẬT",
        "hồ sơ có nội dung mật",
        "MẬT ONG RỪNG TRÀM",
        "Mật khẩu",
        "BÍ MẬT",
    ],
)
def test_words_that_are_no_marks(text: str) -> None:
    assert not is_secrecy_mark(text)


def test_a_mark_in_a_cell_is_refused(tmp_path: Path) -> None:
    path = word(tmp_path / "a.docx", [["MẬT", ""], *[row[:2] for row in ROWS]])
    with pytest.raises(ClassifiedError) as caught:
        load_document(path)
    assert not caught.value.values


def test_a_mark_in_a_box_is_refused(tmp_path: Path) -> None:
    paper = docx.Document()
    w = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    text = "<w:p><w:r><w:t>TỐI MẬT</w:t></w:r></w:p>"
    box = f"<w:r {w}><w:pict><w:txbxContent>{text}</w:txbxContent></w:pict></w:r>"
    paper.add_paragraph("Kế hoạch")._p.append(parse_xml(box))
    paper.save(str(tmp_path / "a.docx"))
    with pytest.raises(ClassifiedError):
        load_document(tmp_path / "a.docx")


def test_a_mark_in_a_header_is_refused(tmp_path: Path) -> None:
    paper = docx.Document()
    paper.add_paragraph("Kế hoạch")
    paper.sections[0].header.paragraphs[0].text = "MẬT"
    paper.save(str(tmp_path / "a.docx"))
    with pytest.raises(ClassifiedError):
        load_document(tmp_path / "a.docx")


def test_a_mark_in_a_sheets_header_is_refused(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = sheet_of(book)
    sheet["A1"] = "Kế hoạch"
    assert sheet.oddHeader is not None
    sheet.oddHeader.center.text = "MẬT"
    book.save(tmp_path / "a.xlsx")
    with pytest.raises(ClassifiedError):
        load_document(tmp_path / "a.xlsx")


def test_a_mark_beside_the_letterhead_of_a_pdf_is_refused(tmp_path: Path) -> None:
    words = [
        (60.0, 500.0, "MẬT"),
        (300.0, 500.0, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"),
        (60.0, 480.0, "Việc chung của tỉnh"),
    ]
    with pytest.raises(ClassifiedError):
        load_document(pdf(tmp_path / "a.pdf", [words]))
