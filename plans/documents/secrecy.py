"""Refuses documents with a mark of state secrecy: Mật, Tối mật, Tuyệt mật (Luật 117/2025/QH15)."""

import re

from language.text import normalise
from plans.documents.faults import ClassifiedError
from plans.tables.blocks import Document
from plans.tables.patterns import compile_pattern

# A mark stands alone in a box, a cell, a line or a header. It is in capitals, or named as one:
# "Độ mật: Tối mật".
_FRAME = r"[\s\[\](){}|*_\"'“”«»:.\-–—=#<>]*"
_MARK, _NAMED, _PLAIN = (
    re.compile(f"^{_FRAME}{compile_pattern(name).pattern}{_FRAME}$", flags)
    for name, flags in (
        ("secrecy_mark", re.NOFLAG),
        ("secrecy_named", re.IGNORECASE),
        ("secrecy_plain", re.NOFLAG),
    )
)
# The mark beside the letterhead, when a page's columns ran into one line.
_BEFORE, _LETTERHEAD, _AFTER = (
    compile_pattern(name).pattern for name in ("mark_before", "letterhead", "mark_after")
)
_BESIDE_LETTERHEAD = re.compile(f"{_BEFORE}{_LETTERHEAD}|{_LETTERHEAD}{_AFTER}")
_COLUMN_GAP = re.compile(r"\t|\n|\u00a0{2,}| {3,}")


def refuse_secret_document(document: Document) -> None:
    """Raise ClassifiedError, without a word of the content, if the document has such a mark."""
    if any(is_secrecy_mark(text) for text in document.iterate_texts()):
        raise ClassifiedError


def is_secrecy_mark(text: str) -> bool:
    """Return whether `text`, or a line or a column of it, is a mark of secrecy and nothing else."""
    parts = [normalise(part) for part in _COLUMN_GAP.split(text)]
    return any(
        _MARK.match(part)
        or _NAMED.match(part)
        or _PLAIN.match(part)
        or _BESIDE_LETTERHEAD.search(part)
        for part in parts
        if part
    )
