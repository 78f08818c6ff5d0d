"""Every fault of a file ends in its one sentence; the content says what a file is, not its name."""

import zipfile
from pathlib import Path

import docx
import openpyxl
import pytest

from language.agencies.directory import load_standard_directory
from locales.answer import Sentence
from locales.fluent import Sentences
from plans.documents.faults import (
    FAULTS,
    BombError,
    BrokenError,
    ClassifiedError,
    DocumentError,
    EmptyError,
    EntityError,
    LegacyError,
    NoTasksError,
    PasswordError,
    ScanError,
    TooManyRowsError,
    UnknownKindError,
)
from plans.documents.opening import load_document
from plans.reading.document import read_document, read_document_file
from tests.support.papers import HEADER, ROWS, excel, pdf, repack, word

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 504
SHARED_BAD = Path(__file__).resolve().parents[4] / "shared" / "plans" / "bad"


def save_file(path: Path, data: bytes) -> Path:
    path.write_bytes(data)
    return path


@pytest.mark.parametrize(
    ("name", "data", "fault"),
    [
        ("a.docx", b"", EmptyError),
        ("a.txt", b" \r\n\r\n\t", EmptyError),
        ("a.docx", b"PK\x03\x04 and then nothing of a zip", BrokenError),
        ("a.docx", b"no Word file at all", BrokenError),
        ("a.pdf", b"%PDF-1.4\nand then no PDF", BrokenError),
        ("a.doc", OLE + "WordDocument".encode("utf-16-le"), LegacyError),
        ("a.xls", OLE + "Workbook".encode("utf-16-le"), LegacyError),
        ("a.docx", OLE + "EncryptedPackage".encode("utf-16-le"), PasswordError),
        ("a.rtf", b"{\\rtf1 text}", LegacyError),
        ("a.jpg", b"\xff\xd8\xff\xe0 picture", ScanError),
        ("a.exe", b"MZ\x90\x00\x01", UnknownKindError),
        ("a.zip", b"PK\x05\x06" + b"\x00" * 18, UnknownKindError),
    ],
)
def test_a_file_that_is_no_document(
    tmp_path: Path, name: str, data: bytes, fault: type[DocumentError]
) -> None:
    with pytest.raises(fault):
        load_document(save_file(tmp_path / name, data))


def test_legacy_files_are_told_how_to_be_saved(tmp_path: Path) -> None:
    with pytest.raises(LegacyError) as caught:
        load_document(save_file(tmp_path / "a.xls", OLE + "Workbook".encode("utf-16-le")))
    assert caught.value.values == {"suffix": ".xlsx"}


def test_an_empty_word_file(tmp_path: Path) -> None:
    docx.Document().save(str(tmp_path / "a.docx"))
    with pytest.raises(EmptyError):
        load_document(tmp_path / "a.docx")


def test_an_empty_sheet(tmp_path: Path) -> None:
    openpyxl.Workbook().save(tmp_path / "a.xlsx")
    with pytest.raises(EmptyError):
        load_document(tmp_path / "a.xlsx")


def test_a_word_file_cut_off(tmp_path: Path) -> None:
    whole = word(tmp_path / "a.docx", [HEADER, *ROWS]).read_bytes()
    with pytest.raises(BrokenError):
        load_document(save_file(tmp_path / "b.docx", whole[: len(whole) // 2]))


def test_a_part_that_is_no_xml(tmp_path: Path) -> None:
    source = word(tmp_path / "a.docx", [HEADER, *ROWS])
    with pytest.raises(BrokenError):
        load_document(repack(source, tmp_path / "b.docx", {"word/document.xml": b"<w:document"}))


def test_a_zip_bomb_is_not_unpacked(tmp_path: Path) -> None:
    source = word(tmp_path / "a.docx", [HEADER, *ROWS])
    bomb = repack(source, tmp_path / "b.docx", {"word/media/image1.bin": b"\x00" * 100_000_000})
    with pytest.raises(BombError):
        load_document(bomb)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_xml_with_entities_is_refused(tmp_path: Path, encoding: str) -> None:
    entities = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10 if n else "ha"}">' for n in range(9))
    page = (
        f'<?xml version="1.0" encoding="{encoding}"?><!DOCTYPE d [{entities}]><d>&a8;</d>'.encode(
            encoding
        )
    )
    source = word(tmp_path / "a.docx", [HEADER, *ROWS])
    with pytest.raises(EntityError):
        load_document(repack(source, tmp_path / "b.docx", {"word/document.xml": page}))
    sheet = excel(tmp_path / "a.xlsx", [HEADER, *ROWS])
    with pytest.raises(EntityError):
        load_document(repack(sheet, tmp_path / "b.xlsx", {"xl/worksheets/sheet1.xml": page}))


def test_too_many_rows(tmp_path: Path) -> None:
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet()
    for number in range(20_010):
        sheet.append([number])
    book.save(tmp_path / "a.xlsx")
    with pytest.raises(TooManyRowsError):
        load_document(tmp_path / "a.xlsx")


def test_a_scan_has_no_text(tmp_path: Path) -> None:
    path = pdf(tmp_path / "a.pdf", [[]])
    picture = b"q 500 0 0 500 0 0 cm BI /W 1 /H 1 /BPC 8 /CS /G ID \x00 EI Q"
    data = path.read_bytes().replace(
        b"<< /Length 0 >>\nstream\n\n", b"<< /Length %d >>\nstream\n%s\n" % (len(picture), picture)
    )
    with pytest.raises(ScanError):
        load_document(save_file(path, data))


def test_a_document_without_tasks(tmp_path: Path) -> None:
    path = word(
        tmp_path / "a.docx",
        [["STT", "Đơn vị", "Số người dự"], ["1", "Văn phòng", "3"]],
        ["BIÊN BẢN", "Họp tổ."],
    )
    with pytest.raises(NoTasksError):
        read_document(load_document(path), load_standard_directory())


def test_macros_are_read_as_data(tmp_path: Path) -> None:
    source = word(tmp_path / "a.docx", [HEADER, *ROWS])
    with zipfile.ZipFile(source) as archive:
        types = archive.read("[Content_Types].xml")
    macro = types.replace(
        b"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml",
        b"application/vnd.ms-word.document.macroEnabled.main+xml",
    )
    path = repack(
        source,
        tmp_path / "a.docm",
        {"[Content_Types].xml": macro, "word/vbaProject.bin": b"\x00macro"},
    )
    assert len(read_document_file(path).plan.tasks) == 3


def test_the_kind_is_told_by_the_content_not_the_name(tmp_path: Path) -> None:
    path = word(tmp_path / "a.docx", [HEADER, *ROWS]).rename(tmp_path / "a.xlsx")
    assert load_document(path).kind == "docx"


def test_every_fault_has_its_sentence() -> None:
    sentences = Sentences()
    values = {"rows": 1, "suffix": ".docx", "seconds": 10, "megabytes": 500, "characters": 9}
    for message_id in FAULTS:
        sentence = sentences.to_text(Sentence(message_id, values))
        assert sentence.count("\n") == 0
        assert len(sentence) > 20


@pytest.mark.skipif(
    not SHARED_BAD.is_dir(), reason="the shared documents are not beside the repository"
)
@pytest.mark.parametrize(
    ("name", "fault"),
    [
        ("bomb.docx", BombError),
        ("broken.docx", BrokenError),
        ("empty.docx", EmptyError),
        pytest.param("huge.xlsx", TooManyRowsError, marks=pytest.mark.long),
        ("notes.docx", NoTasksError),
        ("secret.docx", ClassifiedError),
        ("secret-cell.docx", ClassifiedError),
        ("zero-bytes.docx", EmptyError),
        ("../002-scan.pdf", ScanError),
    ],
)
def test_the_shared_bad_files(name: str, fault: type[DocumentError]) -> None:
    with pytest.raises(fault):
        read_document_file(SHARED_BAD / name)
