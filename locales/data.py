"""Reads the data files of `locales/vi`: word lists, rules and names that an official may mend."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

LOCALE_FOLDER = Path(__file__).parent / "vi"


@cache
def load_data(name: str) -> dict[str, Any]:
    """Return the content of `locales/vi/<name>.toml`. All callers share it: do not change it."""
    return tomllib.loads((LOCALE_FOLDER / f"{name}.toml").read_text(encoding="utf-8"))
