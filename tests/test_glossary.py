"""What docs/dev/glossary.md names in code exists: classes, functions, fields, values."""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
PAGE = (ROOT / "docs/dev/glossary.md").read_text(encoding="utf-8")
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
QUOTED = sorted(set(re.findall(r"`([A-Za-z_]\w*(?:\.\w+)?)`", PAGE)))


@cache
def collect_names() -> frozenset[str]:
    """Return the names that the code defines, and those of classes as "Class.name" too."""
    names: set[str] = set()
    for folder in CODE:
        for path in (ROOT / folder).rglob("*.py"):
            tree = ast.parse(path.read_text(encoding="utf-8"))
            names.update(_names_in(tree))
            for node in ast.walk(tree):
                if isinstance(node, ast.ClassDef):
                    names.update(f"{node.name}.{name}" for name in _names_in(node))
    return frozenset(names)


def _names_in(parent: ast.Module | ast.ClassDef) -> list[str]:
    names = []
    for node in parent.body:
        if isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            names.append(node.name)
        elif isinstance(node, ast.Assign):
            names += [target.id for target in node.targets if isinstance(target, ast.Name)]
        elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
            names.append(node.target.id)
    return names


@pytest.mark.parametrize("name", QUOTED)
def test_a_name_of_the_glossary_exists(name: str) -> None:
    assert name in collect_names()
