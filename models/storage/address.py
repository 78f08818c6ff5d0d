"""Addresses of registries as people write them, made absolute."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

NO_FILE = (None, "", ":memory:")  # of a SQLite database that ends with the process


def read_relative_path(url: str) -> Path | None:
    """Return the path of a SQLite registry that its address gives relative to some folder."""
    try:
        parsed = make_url(url)
    except (ArgumentError, ValueError):
        return None  # refused by its name when it is opened
    if not parsed.drivername.startswith("sqlite") or parsed.database in NO_FILE:
        return None
    path = Path(str(parsed.database))
    return None if path.is_absolute() else path


def choose_path(url: str, places: Sequence[Path]) -> str:
    """Return the address with the first of `places` that exists, or the first of all."""
    chosen = next((place for place in places if place.exists()), places[0])
    return make_url(url).set(database=str(chosen)).render_as_string(hide_password=False)
