"""bot/ and web/ ask handlers and models for what they need: no rows and no SQL of their own."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
MODULES = sorted(path for name in ("bot", "web") for path in (ROOT / name).rglob("*.py"))
SESSION = "sqlmodel.ext.asyncio.session"  # the type of a session that is handed on


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_bot_and_web_build_no_statement(path: Path) -> None:
    imports = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom):
            imports.add(node.module or "")
        elif isinstance(node, ast.Import):
            imports |= {alias.name for alias in node.names}
    sql = {name for name in imports if name.partition(".")[0] in ("sqlalchemy", "sqlmodel")}
    assert sql <= {SESSION}


@pytest.mark.parametrize(
    "path", sorted((ROOT / "web").rglob("*.py")), ids=lambda path: str(path.relative_to(ROOT))
)
def test_web_knows_no_channel(path: Path) -> None:
    imported = {
        node.module or ""
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.ImportFrom)
    }
    assert not [name for name in imported if name.partition(".")[0] in ("bot", "plans", "telegram")]
