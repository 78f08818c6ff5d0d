"""What docs/dev/architecture.md names exists: files, functions, methods and classes."""

from __future__ import annotations

import re

import pytest

from tests.support.code_names import ROOT, collect_names

PAGE = (ROOT / "docs/dev/architecture.md").read_text(encoding="utf-8")
QUOTED = sorted(set(re.findall(r"`([^`\n]+)`", PAGE)))


@pytest.mark.parametrize("path", [text for text in QUOTED if "/" in text and text[0] not in "/["])
def test_a_file_that_is_named_exists(path: str) -> None:
    assert list(ROOT.glob(path)), path


@pytest.mark.parametrize("name", [text[:-2] for text in QUOTED if text.endswith("()")])
def test_a_function_that_is_named_exists(name: str) -> None:
    assert name in collect_names()


@pytest.mark.parametrize("name", [t for t in QUOTED if re.fullmatch(r"(?:[A-Z][a-z]+)+", t)])
def test_a_class_that_is_named_exists(name: str) -> None:
    assert name in collect_names()


@pytest.mark.parametrize("table", [text for text in QUOTED if text.startswith("due_")])
def test_a_table_of_the_planner_that_is_named_exists(table: str) -> None:
    statements = (ROOT / "scheduler/planning/planning_sql.py").read_text(encoding="utf-8")
    assert f"EXISTS {table} (" in statements
