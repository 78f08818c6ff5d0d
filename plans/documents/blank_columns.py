"""Tables of a text laid out by blanks, as a program that turns pages to text writes them: columns under each other.

The text is seen as pages of words at places, and read as the pages of a PDF without ruling lines are.
"""

import re
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

from language.text import fold, normalise
from plans.documents.aligned_columns import Grid, adapt_grid, find_grid, read_rows
from plans.documents.paragraphs import join_paragraphs
from plans.tables.blocks import Block, Row, Table, TableCell, TextLine
from plans.tables.columns import load_column_words

FEWEST_LINES = 4  # lines with three texts apart that make a text one laid out by blanks
LETTER = 5.0  # points that a letter is wide; two blanks are then a gap between columns
HEIGHT = 10.0  # points that a line is high

_THREE_TEXTS = re.compile(r"\S {2,}\S.*\S {2,}\S")
_LETTERHEAD_GAP = re.compile(r" {4,}")
_PAGE_NUMBER = re.compile(r"^\s*[-–]?\s*\d{1,3}\s*[-–]?\s*$")


def read_spaced_tables(text: str) -> list[Block]:
    """The lines and tables of a text whose columns stand under each other; [] where it has no such table."""
    if sum(bool(_THREE_TEXTS.search(line)) for line in text.split("\n")) < FEWEST_LINES:
        return []
    blocks: list[Block] = []
    grid: Grid | None = None
    for first, lines in _split_pages(text):
        page = _BlankPage(lines)
        found = find_grid(page)
        grid, top = found if found else (grid and adapt_grid(page, grid), 0.0)
        rows = read_rows(page, grid, top) if grid is not None else None
        if grid is None or rows is None:
            blocks += _read_lines(lines)
            grid = None
            continue
        table, bottom = rows
        blocks += _read_lines(lines[: round(grid.top / HEIGHT)]) if found else []
        _add_rows(blocks, grid, table, first + round(top / HEIGHT), new=found is not None)
        blocks += _read_lines(lines[round(bottom / HEIGHT) :])
    return blocks if any(isinstance(block, Table) for block in blocks) else []


class _BlankPage:
    """Lines as a page of words at places."""

    def __init__(self, lines: list[str]) -> None:
        self.height = len(lines) * HEIGHT
        self._words = [
            {
                "text": found[0],
                "x0": found.start() * LETTER,
                "x1": found.end() * LETTER,
                "top": place * HEIGHT,
                "bottom": (place + 1) * HEIGHT,
            }
            for place, line in enumerate(lines)
            for found in re.finditer(r"\S+", line)
        ]

    def extract_words(self, *, x_tolerance: float) -> list[dict[str, Any]]:
        """The words; `x_tolerance` says nothing here, letters of a word stand close."""
        del x_tolerance
        return self._words


def _split_pages(text: str) -> Iterator[tuple[int, list[str]]]:
    """The pages, each with the number of its first line (from 1) and without its own number.

    A page ends with a form feed, or where a header of a table stands again.
    """
    number = 1
    for page in text.split("\f"):
        lines = [line.expandtabs() for line in page.split("\n")]
        said = [place for place, line in enumerate(lines) if line.strip()]
        for place in {*said[:1], *said[-1:]}:
            if _PAGE_NUMBER.match(lines[place]):
                lines[place] = ""
        headers = [place for place, line in enumerate(lines) if _begins_header(line)]
        cuts = [0, *headers[1:], len(lines)]
        for start, stop in pairwise(cuts):
            yield number + start, lines[start:stop]
        number += page.count("\n")


def _begins_header(line: str) -> bool:
    said = fold(line.strip())
    starts = load_column_words()["header"]["number"]["strong"]
    return bool(_THREE_TEXTS.search(line)) and any(said.startswith(f"{word}  ") for word in starts)


def split_letterhead(lines: list[str]) -> list[str]:
    """The lines, those parted in two where the letterhead's two columns stand beside each other."""
    return [
        part
        for line in lines
        for part in (_LETTERHEAD_GAP.split(line.strip()) if line.strip() else [""])
    ]


def _read_lines(lines: list[str]) -> list[Block]:
    return list(map(TextLine, join_paragraphs(list(map(normalise, split_letterhead(lines))))))


def _add_rows(blocks: list[Block], grid: Grid, table: Table, above: int, *, new: bool) -> None:
    """Adds a page's rows: to the table that they go on with, else as a new one."""
    last = blocks[-1] if blocks else None
    header = Row(tuple(map(TableCell, grid.texts)), above)
    goes_on = isinstance(last, Table) and (not new or last.rows[0].texts == header.texts)
    rows = tuple(
        Row(row.cells, above + row.number, after_page_break=goes_on and place == 0)
        for place, row in enumerate(table.rows)
    )
    if goes_on and isinstance(last, Table):
        blocks[-1] = Table(last.rows + rows)
    else:
        blocks.append(Table((header, *rows)))
