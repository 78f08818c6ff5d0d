"""Whatever is damaged in a file, its reading ends in a plan or in one of the faults."""

import contextlib
import random
import zipfile
from pathlib import Path

import pytest

from plans.documents.faults import DocumentError
from plans.reading.document import read_document_file
from tests.plans.reading.narrative.test_prose import LABELLED
from tests.plans.reading.test_text_layouts import RUN_ON
from tests.support.papers import HEADER, ROWS, excel, pdf, repack, word


def survives(path: Path) -> None:
    """Read a file; any other exception than a DocumentError fails the test."""
    with contextlib.suppress(DocumentError):
        assert read_document_file(path).plan.tasks


def damaged(data: bytes, chance: random.Random) -> bytes:
    """Return `data` with a few bytes changed, dropped or doubled."""
    result = bytearray(data)
    for _ in range(chance.randrange(1, 6)):
        place = chance.randrange(len(result))
        how = chance.randrange(3)
        if how == 0:
            result[place] = chance.randrange(256)
        elif how == 1 and len(result) > 400:
            del result[place : place + chance.randrange(1, 300)]
        else:
            result[place:place] = result[max(0, place - 100) : place]
    return bytes(result)


@pytest.mark.parametrize("seed", range(12))
def test_files_with_damaged_bytes(tmp_path: Path, seed: int) -> None:
    chance = random.Random(seed)
    sources = [
        word(tmp_path / "a.docx", [HEADER, *ROWS]),
        excel(tmp_path / "a.xlsx", [HEADER, *ROWS]),
        pdf(tmp_path / "a.pdf", [[(50.0, 500.0, "STT Nội dung Chủ trì Thời hạn")]]),
    ]
    for source in sources:
        target = tmp_path / f"damaged{source.suffix}"
        target.write_bytes(damaged(source.read_bytes(), chance))
        survives(target)


@pytest.mark.parametrize("seed", range(12))
def test_word_files_with_elements_missing(tmp_path: Path, seed: int) -> None:
    chance = random.Random(seed)
    source = word(tmp_path / "a.docx", [HEADER, *ROWS])
    page = b"".join(
        b"" if chance.random() < 0.2 else piece + b"</w:tc>"
        for piece in _document(source).split(b"</w:tc>")[:-1]
    )
    survives(
        repack(
            source,
            tmp_path / "b.docx",
            {"word/document.xml": page + b"</w:tr></w:tbl></w:body></w:document>"},
        )
    )


def _document(path: Path) -> bytes:
    with zipfile.ZipFile(path) as archive:
        return archive.read("word/document.xml")


@pytest.mark.parametrize("seed", range(25))
@pytest.mark.parametrize(
    "text", [RUN_ON, LABELLED, "\n".join("\t".join(row) for row in [HEADER, *ROWS])]
)
def test_texts_with_lines_lost_and_cut(tmp_path: Path, text: str, seed: int) -> None:
    chance = random.Random(seed)
    lines = [
        line[: chance.randrange(len(line) + 1)] if chance.random() < 0.1 else line
        for line in text.split("\n")
    ]
    path = tmp_path / "a.txt"
    path.write_text("\n".join(line for line in lines if chance.random() > 0.15), encoding="utf-8")
    survives(path)
