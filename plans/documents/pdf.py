"""PDF files with text to lines and tables: tables by their ruling lines, else by the alignment of words."""

import logging
import re
from pathlib import Path
from typing import Any

import pdfplumber
from pdfminer.pdfdocument import PDFPasswordIncorrect
from pdfminer.pdfexceptions import PDFException
from pdfplumber.utils.exceptions import MalformedPDFException, PdfminerException

from language.text import normalise
from plans.documents.aligned_columns import Grid, adapt_grid, find_grid, read_rows
from plans.documents.faults import (
    BrokenError,
    EmptyError,
    PasswordError,
    ScanError,
    TooManyRowsError,
)
from plans.documents.legacy_fonts import convert_text, guess_encoding
from plans.documents.paragraphs import join_paragraphs, unwrap_cell
from plans.tables.blocks import Block, Document, Row, Table, TableCell, TextLine

MOST_PAGES = 200
FEWEST_LETTERS = 30  # letters a page, on the average; fewer is a scan with a stamp or a page number

logging.getLogger("pdfminer").setLevel(logging.CRITICAL)  # its warnings hold pieces of the document

_PAGE_NUMBER = re.compile(r"^[-–\s]*(?:trang\s*)?\d{1,3}(?:\s*/\s*\d{1,3})?[-–\s]*$", re.IGNORECASE)
_NEAR = 3  # points: lines nearer than this are one


def read_pdf(path: Path) -> Document:
    """The document at `path`. Raises BrokenError, EmptyError, PasswordError, ScanError, TooManyRowsError."""
    try:
        with pdfplumber.open(path) as pdf:
            return _read_document(pdf)
    except (PdfminerException, PDFException, MalformedPDFException) as error:
        if any(
            isinstance(cause, PDFPasswordIncorrect)
            for cause in (*error.args, error, error.__cause__)
        ):
            raise PasswordError from error
        raise BrokenError from error
    except (
        ValueError,
        TypeError,
        KeyError,
        IndexError,
        AttributeError,
        AssertionError,
        OSError,
    ) as error:
        raise BrokenError from error  # pdfminer meets damaged objects with all of these


def _read_document(pdf: Any) -> Document:
    if not pdf.pages:
        raise EmptyError
    if len(pdf.pages) > MOST_PAGES:
        raise TooManyRowsError(rows=MOST_PAGES)
    letters = pictures = 0
    blocks: list[Block] = []
    grid: Grid | None = None
    for number, page in enumerate(pdf.pages):
        letters += len(page.chars)
        pictures += len(page.images)
        found, grid = _read_page(page, grid)
        _append_page(blocks, found, first_page=number == 0)
        page.close()
    if letters < FEWEST_LETTERS * len(pdf.pages):
        raise ScanError if pictures else EmptyError
    blocks = _join_lines(blocks)
    old = guess_encoding("\n".join(Document(tuple(blocks), "pdf").iterate_texts()))
    if old:
        blocks = [_convert_block(block, lambda text: convert_text(text, old)) for block in blocks]
    return Document(tuple(blocks), "pdf", ("font-converted",) if old else ())


def _join_lines(blocks: list[Block]) -> list[Block]:
    """The blocks with neighbouring visual lines put together to paragraphs."""
    result: list[Block] = []
    waiting: list[str] = []
    for block in blocks:
        if isinstance(block, TextLine):
            waiting.append(block.text)
        else:
            result += [*map(TextLine, join_paragraphs(waiting)), block]
            waiting = []
    return [*result, *map(TextLine, join_paragraphs(waiting))]


def _convert_block(block: Block, turn: Any) -> Block:
    if isinstance(block, TextLine):
        return TextLine(turn(block.text), block.aside)
    rows = tuple(
        Row(
            tuple(TableCell(turn(c.text), c.merged_left, c.merged_up) for c in row.cells),
            row.number,
            row.after_page_break,
        )
        for row in block.rows
    )
    return Table(rows, block.name)


def _read_page(page: Any, grid: Grid | None) -> tuple[list[Block], Grid | None]:
    """The blocks of one page from top to bottom, without its page number; the columns that its header set.

    `grid` are the columns of the page before, which a table without ruling lines may go on with.
    """
    tables = [
        found for found in page.find_tables() if len(found.rows) > 1 or len(found.rows[0].cells) > 1
    ]
    lines = [
        line
        for line in page.extract_text_lines(return_chars=False)
        if not _is_page_number(line, page)
    ]
    placed: list[tuple[float, Block]] = [
        (found.bbox[1], _read_ruled_table(found)) for found in tables
    ]
    boxes = [found.bbox for found in tables]
    if not tables:
        aligned, grid = _read_aligned_table(page, grid)
        if aligned is not None:
            top, table, bottom = aligned
            placed.append((top, table))
            boxes.append((0, top, 0, bottom))
    placed += [
        (line["top"], TextLine(normalise(line["text"])))
        for line in lines
        if not _is_within(line, boxes)
    ]
    return [block for _, block in sorted(placed, key=lambda one: one[0])], grid


def _is_within(line: Any, boxes: list[Any]) -> bool:
    middle = (line["top"] + line["bottom"]) / 2
    return any(box[1] - _NEAR < middle < box[3] + _NEAR for box in boxes)


def _read_aligned_table(
    page: Any, grid: Grid | None
) -> tuple[tuple[float, Table, float] | None, Grid | None]:
    """A table without ruling lines: top, rows with the header, bottom; and the columns for the next page."""
    found = find_grid(page)
    grid, top = found if found else (grid and adapt_grid(page, grid), 0.0)
    rows = read_rows(page, grid, top) if grid is not None else None
    if grid is None or rows is None:
        return None, None
    table, bottom = rows
    header = Row(tuple(TableCell(text) for text in grid.texts), 0)
    return (grid.top if found else 0.0, Table((header, *table.rows)), bottom), grid


def _is_page_number(line: Any, page: Any) -> bool:
    edge = page.height * 0.12
    at_edge = line["top"] < edge or line["bottom"] > page.height - edge
    return bool(at_edge and _PAGE_NUMBER.match(line["text"].strip()))


def _read_ruled_table(found: Any) -> Table:
    """A table by its ruling lines; pdfplumber gives None for the places that a merged cell covers."""
    rows: list[list[TableCell]] = []
    for source in found.extract():
        above = rows[-1] if rows else []
        cells: list[TableCell] = []
        for place, text in enumerate(source):
            if text is not None:
                cells.append(TableCell(unwrap_cell(text)))
            elif cells and not _is_covered_from_above(found, len(rows), place):
                cells.append(
                    TableCell(cells[-1].text, merged_left=True, merged_up=cells[-1].merged_up)
                )
            elif place < len(above):
                cells.append(TableCell(above[place].text, merged_up=True))
            else:
                cells.append(TableCell())
        rows.append(cells)
    return Table(tuple(Row(tuple(cells), number) for number, cells in enumerate(rows, start=1)))


def _is_covered_from_above(found: Any, row: int, column: int) -> bool:
    """Whether the cell that covers this place begins in a row above."""
    top = found.rows[row].bbox[1]
    for above in reversed(range(row)):
        cells = found.rows[above].cells
        box = cells[column] if column < len(cells) else None
        if box is not None:
            return bool(box[3] > top + _NEAR)
    return False


def _append_page(blocks: list[Block], page: list[Block], first_page: bool) -> None:
    """Adds a page's blocks; a table at its top goes on with the table at the end of the page before."""
    if not first_page and page and blocks:
        last, first = blocks[-1], page[0]
        if isinstance(last, Table) and isinstance(first, Table) and last.width == first.width:
            header = last.rows[0].texts
            rows = first.rows[1:] if first.rows[0].texts == header else first.rows
            start = last.rows[-1].number
            more = [
                Row(row.cells, start + i, after_page_break=i == 1)
                for i, row in enumerate(rows, start=1)
            ]
            blocks[-1] = Table(last.rows + tuple(more), last.name)
            page = page[1:]
    blocks += page
