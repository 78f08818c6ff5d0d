"""Reads HTML pages to lines and tables; removes the HTML that text recognition leaves in texts."""

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser

from language.text import normalise
from plans.documents.faults import EmptyError, TooManyRowsError
from plans.documents.paragraphs import normalise_lines
from plans.tables.blocks import Block, TableCell, TextLine, make_table
from plans.tables.patterns import UPPER_LETTER

MOST_ROWS = 20_000
MOST_SPAN = 200  # columns or rows that one cell may cover

_BREAKING_TAGS = (
    {"p", "div", "br", "li", "ul", "ol", "tr", "center", "pre", "blockquote"}
    | {"h1", "h2", "h3", "h4", "h5", "h6"}
    | {"section", "article", "header", "footer"}
)
_HIDDEN_TAGS = frozenset(("script", "style", "head", "title", "template", "noscript"))
_SCRAP = re.compile(
    r"</?(?:p|ul|ol|li|br|div|span|b|i|u|strong|em|sup|sub)(?:\s[^<>]*)?/?>", re.IGNORECASE
)
_SCRAP_BREAK = re.compile(r"\s*</?(?:p|ul|ol|br|div|li)(?:\s[^<>]*)?/?>\s*", re.IGNORECASE)
_RUN_ON_BULLET = re.compile(rf"(?:(?<=[:.;,)])|(?<=\s))([-+*•])(?: (?=\d+%)| ?(?={UPPER_LETTER}))")


@dataclass
class _OpenTable:
    rows: list[list[TableCell]] = field(default_factory=list)
    # By column: how many rows a cell still covers, and its text.
    spans: dict[int, tuple[int, str]] = field(default_factory=dict)


class _HtmlPage(HTMLParser):
    """Collects the blocks of a page; a table within a cell gives lines of that cell."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.blocks: list[Block] = []
        self._text: list[str] = []
        self._hidden_depth = 0
        self._table_depth = 0
        self._table = _OpenTable()
        self._cell: tuple[int, int] | None = None  # columns, rows
        self._row_count = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _HIDDEN_TAGS:
            self._hidden_depth += 1
        elif tag == "table":
            self._table_depth += 1
            if self._table_depth == 1:
                self._flush_lines()
                self._table = _OpenTable()
        elif tag in ("td", "th") and self._table_depth == 1:
            self._close_cell()
            self._flush_lines()  # words between cells stand before the table, as browsers show them
            spans = dict(attrs)
            self._cell = (_parse_span(spans.get("colspan")), _parse_span(spans.get("rowspan")))
            self._text = []
        elif tag == "tr" and self._table_depth == 1:
            self._close_row()
            self._open_row()
        elif tag in _BREAKING_TAGS:
            self._text.append("\n")
            if self._table_depth == 0:
                self._flush_lines()
        if tag == "li":
            self._text.append("- ")

    def handle_endtag(self, tag: str) -> None:
        if tag in _HIDDEN_TAGS:
            self._hidden_depth = max(0, self._hidden_depth - 1)
        elif tag == "table" and self._table_depth:
            self._table_depth -= 1
            if self._table_depth == 0:
                self._close_row()
                self._flush_lines()
                if self._table.rows:
                    self.blocks.append(make_table(self._table.rows))
        elif tag in ("td", "th") and self._table_depth == 1:
            self._close_cell()
        elif tag in _BREAKING_TAGS:
            if tag == "tr" and self._table_depth == 1:
                self._close_cell()
            self._text.append("\n")
            if self._table_depth == 0:
                self._flush_lines()

    def handle_data(self, data: str) -> None:
        if not self._hidden_depth:
            self._text.append(data.replace("\n", " "))

    def close_page(self) -> None:
        """Close the table and the line that the page left open."""
        self._close_row()
        self._flush_lines()
        if self._table_depth and self._table.rows:
            self.blocks.append(make_table(self._table.rows))
        self._flush_lines()

    def _take_text(self) -> str:
        text = "".join(self._text)
        self._text = []
        return "\n".join(line for line in map(normalise, text.split("\n")) if line not in ("", "-"))

    def _flush_lines(self) -> None:
        self.blocks += [TextLine(line) for line in self._take_text().split("\n") if line]

    def _open_row(self) -> None:
        self._row_count += 1
        if self._row_count > MOST_ROWS:
            raise TooManyRowsError(rows=MOST_ROWS)
        self._table.rows.append([])

    def _add_spanned_cells(self) -> None:
        """Add the cells that come down from rows above at the present place of the row."""
        row = self._table.rows[-1]
        spans = self._table.spans
        while len(row) in spans:
            column = len(row)
            rows_left, text = spans.pop(column)
            row.append(TableCell(text, merged_up=True))
            if rows_left > 1:
                spans[column] = (rows_left - 1, text)

    def _close_cell(self) -> None:
        if self._cell is None:
            return
        if not self._table.rows:
            self._open_row()
        (columns, rows), self._cell = self._cell, None
        text = self._take_text()
        self._add_spanned_cells()
        row = self._table.rows[-1]
        for place in range(columns):
            if rows > 1:
                self._table.spans[len(row)] = (rows - 1, text)
            row.append(TableCell(text, merged_left=place > 0))

    def _close_row(self) -> None:
        self._close_cell()
        if self._table_depth and self._table.rows:
            self._add_spanned_cells()


def _parse_span(value: str | None) -> int:
    return min(max(int(value), 1), MOST_SPAN) if value and value.isdigit() else 1


def read_html(page: str) -> list[Block]:
    """Return the lines and tables of an HTML page. Raises EmptyError, TooManyRowsError."""
    parser = _HtmlPage()
    parser.feed(page)
    parser.close()
    parser.close_page()
    if not parser.blocks:
        raise EmptyError
    return parser.blocks


def remove_scraps(text: str) -> str:
    """Return a cell of recognised text without its HTML, one line for a paragraph or a bullet.

    Text recognition writes a list as `<ul>` with the bullets run on; each bullet gets a line again.
    """
    if "<" in text:
        has_list = "<ul" in text.lower()
        text = _SCRAP.sub("", _SCRAP_BREAK.sub("\n", text))
        if has_list:
            text = split_run_on_bullets(text)
    return normalise_lines(text)


def split_run_on_bullets(text: str) -> str:
    """Return `text` with a line break before every bullet within a line."""
    return _RUN_ON_BULLET.sub(r"\n\1 ", text)
