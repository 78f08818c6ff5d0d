"""Whether a document bears a mark of state secrecy (Luật Bảo vệ bí mật nhà nước 2018: Mật, Tối mật, Tuyệt mật)."""

import re

from language.text import normalise
from plans.faults import ClassifiedError
from plans.tables import Document, Line

# A mark stands alone: in a box, a cell, a line, a header; in capitals, or named as one ("Độ mật: Tối mật").
_FRAME = r"[\s\[\](){}|*_\"'“”«»:.\-–—=#<>]*"
_SPREAD = r"M\s*Ậ\s*T"
_MARK = re.compile(rf"^{_FRAME}(?:TUYỆT\s+|TỐI\s+|T\s*U\s*Y\s*Ệ\s*T\s+|T\s*Ố\s*I\s+)?{_SPREAD}{_FRAME}$")
_NAMED = re.compile(
    rf"^{_FRAME}(?:dấu\s+(?:chỉ\s+)?)?(?:độ|mức\s+độ|chỉ\s+độ|dấu\s+độ)\s+mật\s*[:\-–]\s*(?:tuyệt\s+|tối\s+)?mật{_FRAME}$",
    re.IGNORECASE,
)
_PLAIN = re.compile(rf"^{_FRAME}(?:TOI|TUYET)\s+MAT{_FRAME}$")
# The mark beside the letterhead, when a page's columns ran into one line.
_LETTERHEAD = r"(?:CỘNG H[OÒ][AÀ]\S* XÃ HỘI|ỦY BAN NHÂN DÂN|UỶ BAN NHÂN DÂN|UBND|HỘI ĐỒNG NHÂN DÂN|Độc lập|Số\s*:)"
_BESIDE = re.compile(rf"^(?:TUYỆT |TỐI )?MẬT\s+{_LETTERHEAD}|{_LETTERHEAD}.*\s(?<!BÍ )(?<!BẢO )(?:TUYỆT |TỐI )?MẬT$")
_COLUMNS = re.compile(r"\t|\n|\u00a0{2,}| {3,}")


def refuse_classified(document: Document) -> None:
    """Raises ClassifiedError, without a word of the content, if the document bears a mark of secrecy."""
    if any(is_mark(text) for text in _texts(document)):
        raise ClassifiedError


def _texts(document: Document) -> list[str]:
    loose = [block.text for block in document.blocks if isinstance(block, Line) and block.aside]
    return [*document.texts(), *loose]


def is_mark(text: str) -> bool:
    """Whether `text`, or a line or a column of it, is a mark of secrecy and nothing else."""
    parts = [normalise(part) for part in _COLUMNS.split(text)]
    return any(
        _MARK.match(part) or _NAMED.match(part) or _PLAIN.match(part) or _BESIDE.search(part) for part in parts if part
    )
