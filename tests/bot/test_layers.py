"""bot/ asks handlers and models for what it needs: it writes no rows and no SQL itself."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
MODULES = sorted((ROOT / "bot").rglob("*.py"))
SESSION = "sqlmodel.ext.asyncio.session"  # the type of a session that is handed on


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_bot_builds_no_statement(path: Path) -> None:
    imports = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom):
            imports.add(node.module or "")
        elif isinstance(node, ast.Import):
            imports |= {alias.name for alias in node.names}
    sql = {name for name in imports if name.partition(".")[0] in ("sqlalchemy", "sqlmodel")}
    assert sql <= {SESSION}
