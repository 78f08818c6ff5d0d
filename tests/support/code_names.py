"""The names that the code defines, for tests of the documents that cite them."""

from __future__ import annotations

import ast
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
_PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
CODE: tuple[str, ...] = tuple(
    name.rstrip("*") for name in _PROJECT["tool"]["setuptools"]["packages"]["find"]["include"]
)
"""The folders of the program, in no order."""


@cache
def collect_names() -> frozenset[str]:
    """Classes, functions, fields and constants, and those of classes as "Class.name" too."""
    names: set[str] = set()
    for folder in CODE:
        for path in (ROOT / folder).rglob("*.py"):
            tree = ast.parse(path.read_text(encoding="utf-8"))
            names.update(_names_in(tree))
            for node in tree.body:
                if isinstance(node, ast.ClassDef):
                    names.update(_names_in(node))
                    names.update(f"{node.name}.{name}" for name in _names_in(node))
    return frozenset(names)


def _names_in(parent: ast.Module | ast.ClassDef) -> Iterator[str]:
    for node in parent.body:
        if isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            yield node.name
        elif isinstance(node, ast.Assign):
            yield from (target.id for target in node.targets if isinstance(target, ast.Name))
        elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
            yield node.target.id
