"""What docs/dev/architecture.md names exists: files, functions, methods and classes."""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
PAGE = (ROOT / "docs/dev/architecture.md").read_text(encoding="utf-8")
CODE = (
    "bot",
    "web",
    "handlers",
    "scheduler",
    "reports",
    "plans",
    "models",
    "language",
    "locales",
    "migrations",
)
QUOTED = sorted(set(re.findall(r"`([^`\n]+)`", PAGE)))


@cache
def defined_names() -> frozenset[str]:
    """Names of functions, methods ("Class.method") and classes of the code."""
    names: set[str] = set()
    for folder in CODE:
        for path in (ROOT / folder).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.ClassDef):
                    names.add(node.name)
                    names |= {f"{node.name}.{n.name}" for n in node.body if hasattr(n, "name")}
                elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                    names.add(node.name)
    return frozenset(names)


@pytest.mark.parametrize("path", [text for text in QUOTED if "/" in text and text[0] not in "/["])
def test_a_file_that_is_named_exists(path: str) -> None:
    assert list(ROOT.glob(path)), path


@pytest.mark.parametrize("name", [text[:-2] for text in QUOTED if text.endswith("()")])
def test_a_function_that_is_named_exists(name: str) -> None:
    assert name in defined_names()


@pytest.mark.parametrize("name", [t for t in QUOTED if re.fullmatch(r"(?:[A-Z][a-z]+)+", t)])
def test_a_class_that_is_named_exists(name: str) -> None:
    assert name in defined_names()


@pytest.mark.parametrize("table", [text for text in QUOTED if text.startswith("due_")])
def test_a_table_of_the_planner_that_is_named_exists(table: str) -> None:
    statements = (ROOT / "scheduler/planning/planning_sql.py").read_text(encoding="utf-8")
    assert f"EXISTS {table} (" in statements
