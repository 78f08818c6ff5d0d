"""Make each table one list of tasks: divide lists that share a table, join one that goes on.

Lists stand beside each other, or below each other with headers of their own. Not for tables that
go on without a header.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from plans.tables.blocks import Block, Document, Row, Table, TextLine
from plans.tables.columns import (
    Columns,
    find_task_columns,
    fold_header,
    is_header_word,
    names_columns,
)
from plans.tables.numerals import parse_number

FEWEST_HEADERS = 3  # columns that a second header names
_FIRST_ROWS = ("1", "I", "A")  # numbers with which a list of its own begins


def divide_tables(document: Document) -> Document:
    """Return the document with a table for each list of tasks."""
    blocks: list[Block] = []
    for block in document.blocks:
        if not isinstance(block, Table):
            blocks.append(block)
            continue
        for table in _divide_below(block):
            for part in _divide_beside(table):
                place = _find_last_text(blocks)
                before = blocks[place] if place >= 0 else None
                joined = _join_next_page(before, part) if isinstance(before, Table) else None
                blocks[place if joined else len(blocks) :] = [joined or part]
    return replace(document, blocks=tuple(blocks))


def _find_last_text(blocks: Sequence[Block]) -> int:
    """Return the place of the last block that is no empty line, -1 if there is none."""
    places = range(len(blocks) - 1, -1, -1)
    return next((at for at in places if not _is_empty_line(blocks[at])), -1)


def _is_empty_line(block: Block) -> bool:
    return isinstance(block, TextLine) and not block.text.strip()


def _divide_beside(table: Table) -> Iterator[Table]:
    """Yield the lists of a table whose header says the same columns twice, from the left."""
    columns = find_task_columns(table)
    place = _find_second_header(table.rows[columns.header.start]) if columns else None
    if columns is None or place is None:
        yield table
        return
    yield _cut_table(table, table.rows, slice(0, place))
    right = table.rows[columns.header.start :]
    yield from _divide_beside(_cut_table(table, right, slice(place, None)))


def _find_second_header(row: Row) -> int | None:
    """Return the column in which a header row begins again, or None."""
    texts = [fold_header(text) for text in row.texts]
    first = next((place for place, text in enumerate(texts) if text), 0)
    for place in range(first + FEWEST_HEADERS, len(texts) - FEWEST_HEADERS + 1):
        names = texts[first:place]
        while names and not names[-1]:
            names.pop()
        if len(set(names)) >= FEWEST_HEADERS and texts[place : place + len(names)] == names:
            return place
    return None


def _cut_table(table: Table, rows: Sequence[Row], part: slice) -> Table:
    return replace(table, rows=tuple(replace(row, cells=row.cells[part]) for row in rows))


def _divide_below(table: Table) -> Iterator[Table]:
    """Yield the parts of a table that begin with headers of their own, from the top."""
    columns = find_task_columns(table)
    starts = _find_headers_below(table, columns) if columns else []
    for start, end in zip([0, *starts], [*starts, len(table.rows)], strict=True):
        yield replace(table, rows=table.rows[start:end]) if starts else table


def _find_headers_below(table: Table, columns: Columns) -> list[int]:
    """Return the rows under the header that name other columns in its place."""
    starts: list[int] = []
    for place in range(columns.header.stop, len(table.rows)):
        row = table.rows[place]
        texts = [cell.text for cell in row.cells if cell.text and not cell.merged_left]
        is_header = len(texts) >= FEWEST_HEADERS and all(map(is_header_word, texts))
        if is_header and not names_columns(row, columns):
            starts.append(place)
    return starts


def _join_next_page(before: Table, table: Table) -> Table | None:
    """Return one table if `table` repeats the header of the one before and goes on, else None."""
    columns, own = find_task_columns(before), find_task_columns(table)
    if columns is None or own is None or before.name is not None or before.width != table.width:
        return None
    header = [before.rows[place].texts for place in columns.header]
    if own.header.start or header != [table.rows[place].texts for place in own.header]:
        return None
    body = table.rows[own.header.stop :]
    number = parse_number(body[0].cells[0].text) if body else None
    if number is None or number.label in _FIRST_ROWS:
        return None
    rest = (replace(body[0], after_page_break=True), *body[1:])
    return replace(before, rows=(*before.rows, *rest))
