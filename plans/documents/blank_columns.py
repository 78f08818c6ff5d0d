"""Reads tables of a text whose columns stand under each other, separated by blanks.

Programs that turn pages to text write such tables. The text becomes pages of words at places, which
are read as the pages of a PDF without ruling lines are.
"""

import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise
from typing import Any

from language.text import fold, normalise
from plans.documents.aligned_columns import AlignedTable, Grid, read_aligned_table
from plans.documents.paragraphs import join_paragraphs
from plans.tables.blocks import Block, Row, Table, TextLine
from plans.tables.columns import load_column_words

FEWEST_LINES = 4  # lines with three texts apart that make a text one laid out by blanks
LETTER = 5.0  # points that a letter is wide; two blanks are then a gap between columns
HEIGHT = 10.0  # points that a line is high

_THREE_TEXTS = re.compile(r"\S {2,}\S.*\S {2,}\S")
_LETTERHEAD_GAP = re.compile(r" {4,}")
_PAGE_NUMBER = re.compile(r"^\s*[-–]?\s*\d{1,3}\s*[-–]?\s*$")


def read_spaced_tables(text: str) -> list[Block]:
    """Return the lines and tables of a text laid out by blanks; [] if it has no such table."""
    if sum(bool(_THREE_TEXTS.search(line)) for line in text.split("\n")) < FEWEST_LINES:
        return []
    blocks: list[Block] = []
    grid: Grid | None = None
    for first, lines in _split_pages(text):
        page = _BlankPage(lines)
        aligned = read_aligned_table(page, grid)
        grid = aligned.grid if aligned else None
        if aligned is None:
            blocks += _read_lines(lines)
            continue
        blocks += _read_lines(lines[: round(aligned.grid.top / HEIGHT)])
        _add_rows(blocks, aligned, first + round(aligned.grid.bottom / HEIGHT))
        blocks += _read_lines(lines[round(aligned.bottom / HEIGHT) :])
    return blocks if any(isinstance(block, Table) for block in blocks) else []


class _BlankPage:
    """Shows lines as a page of words at places."""

    def __init__(self, lines: list[str]) -> None:
        self.height = len(lines) * HEIGHT
        self._words = [
            {
                "text": match[0],
                "x0": match.start() * LETTER,
                "x1": match.end() * LETTER,
                "top": place * HEIGHT,
                "bottom": (place + 1) * HEIGHT,
            }
            for place, line in enumerate(lines)
            for match in re.finditer(r"\S+", line)
        ]

    def extract_words(self, *, x_tolerance: float) -> list[dict[str, Any]]:
        """Return the words; `x_tolerance` is not used: the letters of a word have no gaps here."""
        del x_tolerance
        return self._words


def _split_pages(text: str) -> Iterator[tuple[int, list[str]]]:
    """Yield the number of each page's first line (from 1), and its lines without the page number.

    A page ends with a form feed, or before a line that repeats the header of a table.
    """
    number = 1
    for page in text.split("\f"):
        lines = [line.expandtabs() for line in page.split("\n")]
        places = [place for place, line in enumerate(lines) if line.strip()]
        for place in {*places[:1], *places[-1:]}:
            if _PAGE_NUMBER.match(lines[place]):
                lines[place] = ""
        headers = [place for place, line in enumerate(lines) if _begins_header(line)]
        cuts = [0, *headers[1:], len(lines)]
        for start, stop in pairwise(cuts):
            yield number + start, lines[start:stop]
        number += page.count("\n")


def _begins_header(line: str) -> bool:
    folded = fold(line.strip())
    starts = load_column_words()["header"]["number"]["strong"]
    return bool(_THREE_TEXTS.search(line)) and any(
        folded.startswith(f"{word}  ") for word in starts
    )


def split_letterhead(lines: list[str]) -> list[str]:
    """Return the lines, with those of the letterhead split at the gap between its columns."""
    return [
        part
        for line in lines
        for part in (_LETTERHEAD_GAP.split(line.strip()) if line.strip() else [""])
    ]


def _read_lines(lines: list[str]) -> list[Block]:
    return list(map(TextLine, join_paragraphs(list(map(normalise, split_letterhead(lines))))))


def _add_rows(blocks: list[Block], aligned: AlignedTable, above: int) -> None:
    """Add a page's rows to the table that they continue, else as a new one.

    `above` is the number of the line above the first row.
    """
    last = blocks[-1] if blocks else None
    rows = tuple(replace(row, number=above + row.number) for row in aligned.table.rows)
    header = Row(aligned.header, above)
    if isinstance(last, Table) and (not aligned.has_header or last.rows[0].texts == header.texts):
        first = replace(rows[0], after_page_break=True)
        blocks[-1] = Table((*last.rows, first, *rows[1:]))
    else:
        blocks.append(Table((header, *rows)))
