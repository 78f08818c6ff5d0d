"""Opens a file by its content, not its name: gives lines and tables, or raises one clear fault.

The libraries for Word, Excel and PDF take a good part of a reading's time to load: each is loaded
for a file of its kind only.
"""

from pathlib import Path

from plans.documents import plain_text
from plans.documents.archive import open_archive, read_part
from plans.documents.faults import (
    BrokenError,
    DocumentError,
    EmptyError,
    LegacyError,
    PasswordError,
    ScanError,
    UnknownKindError,
)
from plans.documents.secrecy import refuse_secret_document
from plans.tables.blocks import Document

_HEAD_BYTES = 8192  # bytes that tell what a file is
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # the container of Office 97 and of encrypted files
_PICTURES = (b"\x89PNG", b"\xff\xd8\xff", b"II*\x00", b"MM\x00*", b"GIF8", b"BM")
_TEXT_SUFFIXES = frozenset({".txt", ".text", ".tsv", ".csv", ".md", ".html", ".htm", ""})
_WORD_SUFFIXES = frozenset({".doc", ".docx", ".docm", ".dot", ".dotx", ".rtf", ".odt"})


def load_document(path: Path) -> Document:
    """Return the document in the file at `path`.

    Its first bytes tell whether it is .docx, .docm, .xlsx, .xlsm, .pdf, .html or text.
    Raises a DocumentError whose `message_id` names the sentence for the sender: EmptyError,
    BrokenError, BombError, EntityError, PasswordError, LegacyError, ScanError, TooManyRowsError,
    ClassifiedError, UnknownKindError.
    """
    with path.open("rb") as file:
        head = file.read(_HEAD_BYTES)
    if not head.strip(b"\x00 \r\n\t"):
        raise EmptyError
    document = _open_by_kind(path, head)
    refuse_secret_document(document)
    return document


def _open_by_kind(path: Path, head: bytes) -> Document:
    suffix = path.suffix.lower()
    if head.startswith(b"PK"):
        return _open_archive_by_kind(path)
    if head.startswith(_OLE):
        raise _find_ole_fault(path, suffix)
    if b"%PDF-" in head[:1024]:
        from plans.documents import pdf

        return pdf.read_pdf(path)
    # Rich text, or a web page with its pictures in one file.
    if head.startswith((b"{\\rtf", b"MIME-Version:")):
        raise LegacyError(suffix=".docx")
    if head.startswith(_PICTURES):
        raise ScanError
    # "Save as web page" often keeps the name .doc, an export of separated values is called .xls.
    is_text = suffix in (".doc", ".xls") and head.lstrip()[:1] == b"<"
    if suffix in _TEXT_SUFFIXES or is_text or (suffix == ".xls" and b"\t" in head):
        return plain_text.read_text_file(path)
    if suffix in _WORD_SUFFIXES | {".xls", ".xlsx", ".xlsm", ".pdf", ".ods"}:
        raise BrokenError
    raise UnknownKindError


def _open_archive_by_kind(path: Path) -> Document:
    with open_archive(path) as archive:
        parts = set(archive.namelist())
        kind = read_part(archive, "mimetype")[:100]
    if "xl/workbook.xml" in parts:
        from plans.documents import excel

        return excel.read_xlsx(path)
    if "xl/workbook.bin" in parts or b"spreadsheet" in kind:
        raise LegacyError(suffix=".xlsx")
    if "[Content_Types].xml" in parts and any(name.startswith("word/") for name in parts):
        from plans.documents import word

        return word.read_docx(path)
    if b"opendocument" in kind:
        raise LegacyError(suffix=".docx")
    if "[Content_Types].xml" in parts:
        raise BrokenError
    raise UnknownKindError


def _find_ole_fault(path: Path, suffix: str) -> DocumentError:
    """Return the fault of an Office 97 container, by the names of its streams in UTF-16."""
    data = path.read_bytes()
    if "EncryptedPackage".encode("utf-16-le") in data:
        return PasswordError()
    if "Workbook".encode("utf-16-le") in data or suffix == ".xls":
        return LegacyError(suffix=".xlsx")
    if "WordDocument".encode("utf-16-le") in data or suffix == ".doc":
        return LegacyError(suffix=".docx")
    return UnknownKindError()
