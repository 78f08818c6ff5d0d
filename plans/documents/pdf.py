"""Reads PDF files with text: tables by their ruling lines, else by the alignment of words."""

import logging
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pdfplumber
from pdfminer.pdfdocument import PDFPasswordIncorrect
from pdfminer.pdfexceptions import PDFException
from pdfplumber.utils.exceptions import MalformedPDFException, PdfminerException

from language.text import normalise
from plans.documents.aligned_columns import Grid, read_aligned_table
from plans.documents.faults import (
    BrokenError,
    EmptyError,
    NoLettersError,
    PasswordError,
    ScanError,
    SidewaysError,
    TooManyRowsError,
)
from plans.documents.legacy_fonts import Encoding, convert_text, guess_encoding
from plans.documents.paragraphs import join_paragraphs, unwrap_cell
from plans.tables.blocks import Block, Document, Row, Table, TableCell, TextLine, make_table
from plans.tables.patterns import compile_pattern

MOST_PAGES = 200
FEWEST_LETTERS = 30  # letters a page, on the average; fewer is a scan with a stamp or a page number
MOST_UNKNOWN = 0.1  # share of letters that may be unknown: bullets of a font of signs
SCAN_SHARE = 0.3  # of the page's area, from which a picture is the page

logging.getLogger("pdfminer").setLevel(logging.CRITICAL)  # its warnings hold pieces of the document

_NO_LETTERS = frozenset({"\ufffd", "\x00", *map(chr, range(0xE000, 0xF000))})
_UNKNOWN = re.compile(r"(?:\(cid:\d+\))+")
_PAGE_NUMBER = compile_pattern("page_number")
_NEAR = 3  # points: lines nearer than this are one
# pdfminer meets damaged objects with all of these.
_DAMAGE = (ValueError, TypeError, KeyError, IndexError, AttributeError, AssertionError, OSError)


def read_pdf(path: Path) -> Document:
    """Return the document at `path`.

    Raises BrokenError, EmptyError, NoLettersError, PasswordError, ScanError, SidewaysError,
    TooManyRowsError.
    """
    try:
        with pdfplumber.open(path) as pdf:
            return _read_document(pdf)
    except (PdfminerException, PDFException, MalformedPDFException) as error:
        causes = (*error.args, error, error.__cause__)
        if any(isinstance(cause, PDFPasswordIncorrect) for cause in causes):
            raise PasswordError from error
        raise BrokenError from error
    except _DAMAGE as error:
        raise BrokenError from error


def _read_document(pdf: Any) -> Document:
    if not pdf.pages:
        raise EmptyError
    if len(pdf.pages) > MOST_PAGES:
        raise TooManyRowsError(rows=MOST_PAGES)
    letters = pictures = unknown = 0
    losses: list[tuple[str, str]] = []
    blocks: list[Block] = []
    grid: Grid | None = None
    for number, page in enumerate(pdf.pages):
        letters += len(page.chars)
        pictures += len(page.images)
        unknown += sum(map(_is_unknown, page.chars))
        loss = _find_loss(page)
        if loss:
            losses.append((loss, str(number + 1)))
        page_blocks, grid = _read_page(page, grid)
        _append_page(blocks, page_blocks, first_page=number == 0)
        page.close()
    if letters < FEWEST_LETTERS * len(pdf.pages):
        raise ScanError if pictures else EmptyError
    if unknown > MOST_UNKNOWN * letters:
        raise NoLettersError
    if len([kind for kind, _ in losses if kind == "page-sideways"]) == len(pdf.pages):
        raise SidewaysError
    blocks = _join_lines(blocks)
    old = guess_encoding("\n".join(Document(tuple(blocks), "pdf").iterate_texts()))
    if old:
        blocks = [_convert_block(block, old) for block in blocks]
    notes = ("font-converted",) if old else ()
    return Document(tuple(blocks), "pdf", notes, tuple(losses))


def _is_unknown(letter: Any) -> bool:
    """Whether the font does not say which letter it is: "(cid:264)", or a sign of its own."""
    text = str(letter["text"])
    return text.startswith("(cid:") or text in _NO_LETTERS


def _find_loss(page: Any) -> str | None:
    """Return what keeps a page from being read: a picture, turned text, unknown letters."""
    letters = len(page.chars)
    if letters < FEWEST_LETTERS:
        size = max((one["width"] * one["height"] for one in page.images), default=0)
        return "page-scanned" if size > SCAN_SHARE * page.width * page.height else None
    if sum(not one["upright"] for one in page.chars) > letters / 2:
        return "page-sideways"
    if sum(map(_is_unknown, page.chars)) > MOST_UNKNOWN * letters:
        return "page-no-letters"
    return None


def _join_lines(blocks: list[Block]) -> list[Block]:
    """Return the blocks with neighbouring visual lines joined to paragraphs."""
    result: list[Block] = []
    waiting: list[str] = []
    for block in blocks:
        if isinstance(block, TextLine):
            waiting.append(block.text)
        else:
            result += [*map(TextLine, join_paragraphs(waiting)), block]
            waiting = []
    return [*result, *map(TextLine, join_paragraphs(waiting))]


def _convert_block(block: Block, encoding: Encoding) -> Block:
    if isinstance(block, TextLine):
        return TextLine(convert_text(block.text, encoding), block.aside)
    rows = (
        replace(
            row, cells=tuple(replace(c, text=convert_text(c.text, encoding)) for c in row.cells)
        )
        for row in block.rows
    )
    return replace(block, rows=tuple(rows))


def _read_page(page: Any, grid: Grid | None) -> tuple[list[Block], Grid | None]:
    """Return the blocks of one page from top to bottom, without its page number, and its columns.

    `grid` are the columns of the page before, which a table without ruling lines may continue.
    """
    tables = [
        table for table in page.find_tables() if len(table.rows) > 1 or len(table.rows[0].cells) > 1
    ]
    blocks: list[tuple[float, Block]] = [(one.bbox[1], _read_ruled_table(one)) for one in tables]
    boxes = [table.bbox for table in tables]
    if not tables:
        aligned = read_aligned_table(page, grid)
        grid = aligned.grid if aligned else None
        if aligned is not None:
            top, rows = aligned.grid.top, aligned.table.rows
            blocks.append((top, Table((Row(aligned.header, 0), *rows))))
            boxes.append((0, top, 0, aligned.bottom))
    blocks += [
        (line["top"], TextLine(normalise(_UNKNOWN.sub("\ufffd", line["text"]))))
        for line in page.extract_text_lines(return_chars=False)
        if not _is_page_number(line, page) and not _is_within(line, boxes)
    ]
    return [block for _, block in sorted(blocks, key=lambda one: one[0])], grid


def _is_within(line: Any, boxes: list[Any]) -> bool:
    middle = (line["top"] + line["bottom"]) / 2
    return any(box[1] - _NEAR < middle < box[3] + _NEAR for box in boxes)


def _is_page_number(line: Any, page: Any) -> bool:
    edge = page.height * 0.12
    at_edge = line["top"] < edge or line["bottom"] > page.height - edge
    return bool(at_edge and _PAGE_NUMBER.match(line["text"].strip()))


def _read_ruled_table(ruled: Any) -> Table:
    """Return a table with ruling lines; pdfplumber gives None for what a merged cell covers."""
    rows: list[list[TableCell]] = []
    for source in ruled.extract():
        above = rows[-1] if rows else []
        cells: list[TableCell] = []
        for place, text in enumerate(source):
            if text is not None:
                cells.append(TableCell(unwrap_cell(_UNKNOWN.sub("\ufffd", text))))
            elif cells and not _is_covered_from_above(ruled, len(rows), place):
                cells.append(
                    TableCell(cells[-1].text, merged_left=True, merged_up=cells[-1].merged_up)
                )
            elif place < len(above):
                cells.append(TableCell(above[place].text, merged_up=True))
            else:
                cells.append(TableCell())
        rows.append(cells)
    return make_table(rows)


def _is_covered_from_above(ruled: Any, row: int, column: int) -> bool:
    """Return whether the cell that covers this place begins in a row above."""
    top = ruled.rows[row].bbox[1]
    for above in reversed(range(row)):
        cells = ruled.rows[above].cells
        box = cells[column] if column < len(cells) else None
        if box is not None:
            return bool(box[3] > top + _NEAR)
    return False


def _append_page(blocks: list[Block], page: list[Block], first_page: bool) -> None:
    """Add a page's blocks; a table at its top continues the table at the end of the page before."""
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
