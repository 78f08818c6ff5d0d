"""HTML pages, and the scraps of HTML that text recognition leaves in a text, to lines and tables."""

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path

from language.text import normalise
from plans.documents.faults import EmptyError, TooManyRowsError
from plans.letters import UPPER_LETTER
from plans.tables.blocks import Block, Cell, Document, Line, table_of

MOST_ROWS = 20_000
MOST_SPAN = 200  # columns or rows that one cell may cover

_BREAKS = frozenset(
    (
        "p",
        "div",
        "br",
        "li",
        "ul",
        "ol",
        "tr",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "blockquote",
        "section",
        "article",
        "header",
        "footer",
        "center",
        "pre",
    )
)
_UNSEEN = frozenset(("script", "style", "head", "title", "template", "noscript"))
_SCRAP = re.compile(r"</?(?:p|ul|ol|li|br|div|span|b|i|u|strong|em|sup|sub)(?:\s[^<>]*)?/?>", re.IGNORECASE)
_SCRAP_BREAK = re.compile(r"\s*</?(?:p|ul|ol|br|div|li)(?:\s[^<>]*)?/?>\s*", re.IGNORECASE)
_RUN_ON_BULLET = re.compile(rf"(?:(?<=[:.;,)])|(?<=\s))([-+*•])(?: (?=\d+%)| ?(?={UPPER_LETTER}))")


@dataclass
class _OpenTable:
    rows: list[list[Cell]] = field(default_factory=list)
    spans: dict[int, tuple[int, str]] = field(default_factory=dict)  # column: rows still covered, text


class _Page(HTMLParser):
    """Collects blocks; a table within a cell is read as lines of that cell."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.blocks: list[Block] = []
        self._text: list[str] = []
        self._unseen = 0
        self._depth = 0
        self._table = _OpenTable()
        self._cell: tuple[int, int] | None = None  # columns, rows
        self._rows = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _UNSEEN:
            self._unseen += 1
        elif tag == "table":
            self._depth += 1
            if self._depth == 1:
                self._flush()
                self._table = _OpenTable()
        elif tag in ("td", "th") and self._depth == 1:
            self._close_cell()
            spans = dict(attrs)
            self._cell = (_span(spans.get("colspan")), _span(spans.get("rowspan")))
            self._text = []
        elif tag == "tr" and self._depth == 1:
            self._close_row()
            self._open_row()
        elif tag in _BREAKS:
            self._text.append("\n")
            if self._depth == 0:
                self._flush()
        if tag == "li":
            self._text.append("- ")

    def handle_endtag(self, tag: str) -> None:
        if tag in _UNSEEN:
            self._unseen = max(0, self._unseen - 1)
        elif tag == "table" and self._depth:
            self._depth -= 1
            if self._depth == 0:
                self._close_row()
                if self._table.rows:
                    self.blocks.append(table_of(self._table.rows))
        elif tag in ("td", "th") and self._depth == 1:
            self._close_cell()
        elif tag in _BREAKS:
            self._text.append("\n")
            if self._depth == 0:
                self._flush()

    def handle_data(self, data: str) -> None:
        if not self._unseen:
            self._text.append(data.replace("\n", " "))

    def finish(self) -> None:
        """Closes what the page left open."""
        self._close_row()
        if self._depth and self._table.rows:
            self.blocks.append(table_of(self._table.rows))
        self._flush()

    def _said(self) -> str:
        text = "".join(self._text)
        self._text = []
        return "\n".join(line for line in map(normalise, text.split("\n")) if line not in ("", "-"))

    def _flush(self) -> None:
        self.blocks += [Line(line) for line in self._said().split("\n") if line]

    def _open_row(self) -> None:
        self._rows += 1
        if self._rows > MOST_ROWS:
            raise TooManyRowsError(rows=MOST_ROWS)
        self._table.rows.append([])

    def _covered(self) -> None:
        """Puts the cells that come down from rows above at the place where the row now stands."""
        row = self._table.rows[-1]
        while (place := self._table.spans.get(len(row))) is not None:
            column, (left, text) = len(row), place
            row.append(Cell(text, down=True))
            if left <= 1:
                del self._table.spans[column]
            else:
                self._table.spans[column] = (left - 1, text)

    def _close_cell(self) -> None:
        if self._cell is None:
            return
        if not self._table.rows:
            self._open_row()
        (columns, rows), self._cell = self._cell, None
        text = self._said()
        self._covered()
        row = self._table.rows[-1]
        for place in range(columns):
            if rows > 1:
                self._table.spans[len(row)] = (rows - 1, text)
            row.append(Cell(text, across=place > 0))

    def _close_row(self) -> None:
        self._close_cell()
        if self._depth and self._table.rows:
            self._covered()


def _span(value: str | None) -> int:
    return min(max(int(value), 1), MOST_SPAN) if value and value.isdigit() else 1


def blocks_of(page: str) -> list[Block]:
    """The lines and tables of an HTML page, in order. Raises TooManyRowsError."""
    parser = _Page()
    parser.feed(page)
    parser.close()
    parser.finish()
    return parser.blocks


def read(path: Path, page: str) -> Document:
    """The document of an HTML page already decoded. Raises EmptyError, TooManyRowsError."""
    blocks = blocks_of(page)
    if not blocks:
        raise EmptyError
    return Document(tuple(blocks), "html")


def without_scraps(text: str) -> str:
    """A cell of recognised text without its HTML: paragraphs and bullets on lines of their own.

    Text recognition writes a list as `<ul>` with the bullets run on; each bullet gets a line again.
    """
    if "<" in text:
        listed = "<ul" in text.lower()
        text = _SCRAP.sub("", _SCRAP_BREAK.sub("\n", text))
        if listed:
            text = apart(text)
    return "\n".join(line for line in map(normalise, text.split("\n")) if line)


def apart(text: str) -> str:
    """`text` with a line break before every bullet that runs on within a line."""
    return _RUN_ON_BULLET.sub(r"\n\1 ", text)
