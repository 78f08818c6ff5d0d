"""What a document is once it is open: lines and tables in reading order. Knows no file format."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date


@dataclass(frozen=True, slots=True)
class TableCell:
    """One cell as a person sees it: lines joined by "\\n".

    A merged cell is repeated in every place that it covers: `merged_left` says that it belongs to
    the cell at its left, `merged_up` to the cell above. `day` is set if the file has a real date.
    """

    text: str = ""
    merged_left: bool = False
    merged_up: bool = False
    day: date | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """A row: its cells, and its number as a person counts it in the file (from 1).

    `after_page_break` marks the first row of a page, which may be the rest of the row before.
    `without_line_breaks` marks a row whose cells lost their line breaks, so that bullets run on.
    """

    cells: tuple[TableCell, ...]
    number: int
    after_page_break: bool = False
    without_line_breaks: bool = False

    @property
    def texts(self) -> list[str]:
        """Return the text of every cell."""
        return [cell.text for cell in self.cells]


@dataclass(frozen=True, slots=True)
class Table:
    """A table with all rows equally wide; `name` is the sheet's name or None.

    Columns that a sheet hides are left out; `hidden_columns` are the letters of those with a text.
    Rows that it hides are not left out; `hidden_rows` are their numbers.
    """

    rows: tuple[Row, ...]
    name: str | None = None
    hidden_columns: tuple[str, ...] = ()
    hidden_rows: frozenset[int] = frozenset()

    @property
    def width(self) -> int:
        """Return the number of columns."""
        return len(self.rows[0].cells) if self.rows else 0


@dataclass(frozen=True, slots=True)
class TextLine:
    """A paragraph outside tables, or in a text box, a header or a footer (`aside`)."""

    text: str
    aside: bool = False


Block = TextLine | Table


@dataclass(frozen=True, slots=True)
class Document:
    """A document read from a file.

    `kind` is "docx", "xlsx", "pdf", "html" or "text"; `notes` are ids of messages for the person
    who sent it ("font-converted"). `losses` are places that could not be read: the id of a message
    ("page-scanned") and the page or cell.
    """

    blocks: tuple[Block, ...]
    kind: str
    notes: tuple[str, ...] = field(default=())
    losses: tuple[tuple[str, str], ...] = field(default=())

    @property
    def tables(self) -> list[Table]:
        """Return the tables in order."""
        return [block for block in self.blocks if isinstance(block, Table)]

    @property
    def lines(self) -> list[str]:
        """Return the paragraphs outside tables, without headers, footers and text boxes."""
        return [
            block.text for block in self.blocks if isinstance(block, TextLine) and not block.aside
        ]

    def iterate_texts(self) -> Iterator[str]:
        """Yield every text of the document, asides too; a merged cell once."""
        for block in self.blocks:
            if isinstance(block, TextLine):
                yield block.text
                continue
            for row in block.rows:
                yield from (
                    cell.text for cell in row.cells if not cell.merged_left and not cell.merged_up
                )


def make_table(rows: Sequence[Sequence[TableCell]]) -> Table:
    """Return a table of `rows`, numbered from 1, with short rows filled up with empty cells."""
    width = max(map(len, rows), default=0)
    filled = [(*row, *(TableCell(),) * (width - len(row))) for row in rows]
    return Table(tuple(Row(cells, number) for number, cells in enumerate(filled, start=1)))
