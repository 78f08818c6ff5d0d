"""Damaged files end in a plan or a refusal with its sentence, never in another exception."""

import contextlib
import random
import zipfile
from pathlib import Path

import pytest

from plans.documents.faults import DocumentError
from plans.reading.document import read_document_file
from tests.support.papers import HEADER, ROWS, excel, word

PARTS = {"docx": "word/document.xml", "xlsx": "xl/worksheets/sheet1.xml"}
MUTANTS = 25  # of each kind and way


def read_or_refuse(path: Path) -> None:
    with contextlib.suppress(DocumentError):
        read_document_file(path)


def make_file(kind: str, folder: Path) -> Path:
    path = folder / f"whole.{kind}"
    return word(path, [HEADER, *ROWS]) if kind == "docx" else excel(path, [HEADER, *ROWS])


def mutate(content: bytes, chance: random.Random) -> bytes:
    """Change, cut out or repeat some bytes."""
    changed = bytearray(content)
    for _ in range(chance.randint(1, 6)):
        place = chance.randrange(len(changed))
        size = chance.randint(1, 40)
        match chance.choice(("change", "cut", "repeat")):
            case "change":
                changed[place] = chance.randrange(256)
            case "cut":
                del changed[place : place + size]
            case _:
                changed[place:place] = changed[place : place + size]
    return bytes(changed)


@pytest.mark.parametrize("kind", list(PARTS))
def test_changed_bytes_of_a_file(tmp_path: Path, kind: str) -> None:
    content = make_file(kind, tmp_path).read_bytes()
    chance = random.Random(11)
    for number in range(MUTANTS):
        path = tmp_path / f"{number}.{kind}"
        path.write_bytes(mutate(content, chance))
        read_or_refuse(path)


@pytest.mark.parametrize("kind", list(PARTS))
def test_changed_xml_inside_a_file(tmp_path: Path, kind: str) -> None:
    whole = make_file(kind, tmp_path)
    chance = random.Random(12)
    for number in range(MUTANTS):
        path = tmp_path / f"{number}.{kind}"
        with zipfile.ZipFile(whole) as old, zipfile.ZipFile(path, "w") as new:
            for name in old.namelist():
                part = old.read(name)
                new.writestr(name, mutate(part, chance) if name == PARTS[kind] else part)
        read_or_refuse(path)


@pytest.mark.parametrize("kind", list(PARTS))
def test_a_file_without_one_of_its_parts(tmp_path: Path, kind: str) -> None:
    whole = make_file(kind, tmp_path)
    with zipfile.ZipFile(whole) as old:
        parts = {name: old.read(name) for name in old.namelist()}
    for number, missing in enumerate(parts):
        path = tmp_path / f"{number}.{kind}"
        with zipfile.ZipFile(path, "w") as new:
            for name, part in parts.items():
                if name != missing:
                    new.writestr(name, part)
        read_or_refuse(path)
