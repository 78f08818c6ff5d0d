"""A row of the table that `make bench` prints."""

from __future__ import annotations

import re
from typing import NamedTuple


class Row(NamedTuple):
    """What was measured, the figure, its limit for people, and whether the figure keeps it."""

    measure: str
    figure: str
    limit: str = "–"
    is_met: bool = True

    def format_line(self) -> str:
        """Return the row as a line of the table; a figure that misses its limit is marked."""
        figure = self.figure if self.is_met else f"**{self.figure} – misses its limit**"
        return f"| {self.measure} | {figure} | {self.limit} |"


def make_row(measure: str, value: float, limit: float, pattern: str) -> Row:
    """Return a row whose figure must be below `limit`; `pattern` formats both ("{:.1f} ms")."""
    whole = re.sub(r":\.\df", ":g", pattern)
    return Row(measure, pattern.format(value), f"< {whole.format(limit)}", value < limit)
