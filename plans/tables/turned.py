"""Turn tables whose first column is the header, so that each task is a row."""

from dataclasses import replace

from plans.tables.blocks import Document, Row, Table, TableCell
from plans.tables.columns import find_task_columns

_FEWEST_ROWS = 3
_MOST_ROWS = 15  # fields of a task
_WIDTH_OF_SLIP = 2  # columns of a slip for one task: fields and what stands in them
_MOST_HEADERS = 2  # columns of the header


def turn_tables(document: Document) -> Document:
    """Return the document, its tables turned whose fields stand below each other."""
    blocks = tuple(
        _turn_table(block) if isinstance(block, Table) else block for block in document.blocks
    )
    return replace(document, blocks=blocks)


def _turn_table(table: Table) -> Table:
    """Return a table by its other side if only that has a header of tasks, else itself."""
    if not _FEWEST_ROWS <= len(table.rows) <= _MOST_ROWS or table.width < 2:
        return table
    if table.width > _WIDTH_OF_SLIP and find_task_columns(table) is not None:
        return table
    columns = zip(*(row.cells for row in table.rows), strict=True)
    rows = tuple(
        Row(tuple(map(_turn_cell, cells)), number) for number, cells in enumerate(columns, start=1)
    )
    turned = replace(table, rows=rows, hidden_columns=(), hidden_rows=frozenset())
    found = find_task_columns(turned)
    is_header = found is not None and found.header.start < _MOST_HEADERS
    has_both = found is not None and {"title", "deadline"} <= set(found.roles)
    return turned if is_header and has_both else table


def _turn_cell(cell: TableCell) -> TableCell:
    return replace(cell, merged_left=cell.merged_up, merged_up=cell.merged_left)
