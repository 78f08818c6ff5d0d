"""Shares of walks over everything, whose full length `make prove` goes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

T = TypeVar("T")
SHARES = 3  # into which a walk is divided


def take_turns(
    names: Sequence[str], things: tuple[T, ...], first: int, shares: int = SHARES
) -> dict[str, tuple[T, ...]]:
    """Give each name a share of `things`, the next one another share; the first one that `first`.

    With one share, each name gets all of them.
    """
    return {name: things[place % shares :: shares] for place, name in enumerate(names, start=first)}
