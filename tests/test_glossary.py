"""What docs/dev/glossary.md names in code exists: classes, functions, fields, values."""

from __future__ import annotations

import re

import pytest

from tests.support.code_names import ROOT, collect_names

PAGE = (ROOT / "docs/dev/glossary.md").read_text(encoding="utf-8")
QUOTED = sorted(set(re.findall(r"`([A-Za-z_]\w*(?:\.\w+)?)`", PAGE)))


@pytest.mark.parametrize("name", QUOTED)
def test_a_name_of_the_glossary_exists(name: str) -> None:
    assert name in collect_names()
