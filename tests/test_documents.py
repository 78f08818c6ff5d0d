"""Every document that code names exists in the repository, and so does every rule it cites."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

pytestmark = pytest.mark.long

ROOT = Path(__file__).parents[1]
HIDDEN = re.compile(r"(^|/)(\.|build/|data/)")
MADE_BY_TESTS = {"a.md"}  # a file that a test writes
NAME = re.compile(r"[\w./-]*\w\.md\b")
CITED = re.compile(r"([\w./-]*\w\.md),? rules? (\d+(?:(?:,| to| and) \d+)*)")
RULE = re.compile(r"^(?:#+ )?(\d+)[.)] ", re.MULTILINE)


def list_files(*suffixes: str) -> Iterator[Path]:
    for path in sorted(ROOT.rglob("*")):
        if path.suffix in suffixes and not HIDDEN.search(path.relative_to(ROOT).as_posix()):
            yield path


DOCUMENTS = {path.name: path for path in list_files(".md")}
CODE = {
    path.relative_to(ROOT).as_posix(): re.sub(r"\s*\n\s*#?\s*", " ", path.read_text("utf-8"))
    for path in list_files(".py", ".toml", ".ftl")
    if path != Path(__file__)
}


def read_numbers(cited: str) -> set[int]:
    """Read "4 to 6 and 12" as 4, 5, 6 and 12."""
    numbers: set[int] = set()
    for first, last in re.findall(r"(\d+)(?: to (\d+))?", cited):
        numbers |= set(range(int(first), int(last or first) + 1))
    return numbers


def test_every_document_that_code_names_exists() -> None:
    missing = [
        (file, name)
        for file, text in CODE.items()
        for name in NAME.findall(text)
        if Path(name).name not in DOCUMENTS.keys() | MADE_BY_TESTS
    ]
    assert missing == []


def test_every_rule_that_code_cites_exists_in_its_document() -> None:
    missing = []
    for file, text in CODE.items():
        for name, cited in CITED.findall(text):
            document = DOCUMENTS.get(Path(name).name)
            rules = set(map(int, RULE.findall(document.read_text("utf-8")))) if document else set()
            missing += [(file, name, number) for number in read_numbers(cited) - rules]
    assert missing == []


def test_numbers_of_rules_are_read_with_their_ranges() -> None:
    assert read_numbers("4 to 6 and 12") == {4, 5, 6, 12}
    assert CITED.findall("docs/dev/reminders.md rules 4 to 6 and 12).") == [
        ("docs/dev/reminders.md", "4 to 6 and 12")
    ]
