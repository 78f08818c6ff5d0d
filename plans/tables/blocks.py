"""What a document is once it is open: lines and tables in the order in which they stand. Knows no file format."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date


@dataclass(frozen=True, slots=True)
class TableCell:
    """One cell as a person sees it: lines joined by "\\n".

    A merged cell stands in every place it covers with the same text: `across` says that it goes on from the cell
    at the left, `down` from the cell above. `day` is set where the file holds a real date.
    """

    text: str = ""
    merged_left: bool = False
    merged_up: bool = False
    day: date | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """A row: its cells, and its number as a person counts it in the file (from 1).

    `torn` marks the first row after a page break, which may be the rest of the row before; `loose` a row whose line
    breaks were lost on the way, so that bullets run on.
    """

    cells: tuple[TableCell, ...]
    number: int
    after_page_break: bool = False
    without_line_breaks: bool = False

    @property
    def texts(self) -> list[str]:
        """The text of every cell."""
        return [cell.text for cell in self.cells]


@dataclass(frozen=True, slots=True)
class Table:
    """A table with all rows equally wide; `name` is the sheet's name or None.

    Columns hidden in a sheet are not in it; `hidden` are the letters of those that hold something. `hidden_rows` are
    the numbers of rows that are in it although the sheet hides them.
    """

    rows: tuple[Row, ...]
    name: str | None = None
    hidden_columns: tuple[str, ...] = ()
    hidden_rows: frozenset[int] = frozenset()

    @property
    def width(self) -> int:
        """The number of columns."""
        return len(self.rows[0].cells) if self.rows else 0


@dataclass(frozen=True, slots=True)
class TextLine:
    """A paragraph outside tables, or in a text box, a header or a footer (`aside`)."""

    text: str
    aside: bool = False


Block = TextLine | Table


@dataclass(frozen=True, slots=True)
class Document:
    """A document read from a file; `notes` are message ids of what the reading itself wants to say."""

    blocks: tuple[Block, ...]
    kind: str
    notes: tuple[str, ...] = field(default=())

    @property
    def tables(self) -> list[Table]:
        """The tables in order."""
        return [block for block in self.blocks if isinstance(block, Table)]

    @property
    def lines(self) -> list[str]:
        """The paragraphs outside tables, in order, without headers, footers and boxes."""
        return [
            block.text for block in self.blocks if isinstance(block, TextLine) and not block.aside
        ]

    def iterate_texts(self) -> Iterator[str]:
        """Every text of the document, cells and asides included, merged cells once."""
        for block in self.blocks:
            if isinstance(block, TextLine):
                yield block.text
                continue
            for row in block.rows:
                yield from (
                    cell.text for cell in row.cells if not cell.merged_left and not cell.merged_up
                )


def make_table(
    rows: list[list[TableCell]], first_number: int = 1, name: str | None = None
) -> Table:
    """A table of `rows`, short rows filled up with empty cells, numbered from `first_number`."""
    width = max((len(row) for row in rows), default=0)
    filled = [tuple(row) + (TableCell(),) * (width - len(row)) for row in rows]
    return Table(tuple(Row(cells, first_number + i) for i, cells in enumerate(filled)), name=name)
