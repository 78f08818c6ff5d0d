"""Reads a table with separated values (.csv): commas, semicolons or tabs, with quoted cells."""

import csv
import io
from collections import Counter

from plans.documents.paragraphs import normalise_lines
from plans.tables.blocks import Block, TableCell, make_table

_SEPARATORS = (",", ";", "\t", "|")
_FEWEST_COLUMNS = 3
_LEAST_SHARE = 0.5  # share of the rows that must be equally wide


def read_separated_values(text: str) -> list[Block]:
    """Return the table in `text`, [] if its lines are no rows of one."""
    if text.lower().startswith("sep="):
        text = text.partition("\n")[2]
    best: list[list[str]] = []
    best_score = 0
    for separator in _SEPARATORS:
        try:
            rows = [row for row in csv.reader(io.StringIO(text), delimiter=separator) if any(row)]
        except csv.Error:
            continue
        widths = Counter(len(row) for row in rows if len(row) >= _FEWEST_COLUMNS)
        if not widths:
            continue
        width, count = widths.most_common(1)[0]
        if count >= _LEAST_SHARE * len(rows) and width * count > best_score:
            best, best_score = rows, width * count
    if not best:
        return []
    return [make_table([[TableCell(normalise_lines(cell)) for cell in row] for row in best])]
