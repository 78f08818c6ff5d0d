"""Reads plain text to lines and tables, in the ways in which tables of office files become text."""

import re
from dataclasses import replace
from pathlib import Path

from language.text import normalise
from plans.documents import html
from plans.documents.blank_columns import read_spaced_tables, split_letterhead
from plans.documents.faults import BrokenError, EmptyError, TooManyRowsError
from plans.documents.legacy_fonts import convert_text, guess_encoding
from plans.documents.paragraphs import are_visual_lines, join_paragraphs, normalise_lines
from plans.documents.run_on import read_run_on_tables
from plans.documents.separated_values import read_separated_values
from plans.tables.blocks import Block, Document, Row, Table, TableCell, TextLine, make_table

LEAST_SHARE_OF_ZEROS = 0.3  # of the high bytes in a text of UTF-16
MOST_LINES = 60_000
MOST_BYTES = 30_000_000

_LEADING = re.compile(r"^([ \u00a0]*)\t([^\t]*)$")
_NUMERAL = re.compile(r"^(?:[IVXLC]+|[A-ZĐ]|[a-zđ]|\d+(?:\.\d+)*)?[.)/]?$")
_NUMBERED = re.compile(r"^([IVXLC]+|[A-ZĐ])[.)]? +(\S.*)$")
_NUMBERED_CELL = re.compile(r"^([IVXLC]+|[A-ZĐ]|\d+(?:\.\d+)*)[.)]? +(\S.*)$", re.DOTALL)
_RULING_LINE = re.compile(r"^[\s|:=+\-–_]*$")
_HTML = re.compile(r"<(?:html|body|table)[\s>]", re.IGNORECASE)
_EMPHASIS = re.compile(r"\*\*|(?<!\w)\*(?=\S)([^*\n]+?)(?<=\S)\*(?!\w)")


def read_text_file(path: Path) -> Document:
    """Return the document in the text file at `path`.

    Raises BrokenError, EmptyError, TooManyRowsError.
    """
    if path.stat().st_size > MOST_BYTES:
        raise TooManyRowsError(rows=MOST_LINES)
    text = decode_text(path.read_bytes())
    encoding = guess_encoding(text)
    if encoding:
        text = convert_text(text, encoding)
    if not text.strip():
        raise EmptyError
    notes = ("font-converted",) if encoding else ()
    if _HTML.search(text) and "</" in text:
        return Document(tuple(html.read_html(text)), "html", notes)
    values = read_separated_values(text) if path.suffix.lower() in (".csv", ".tsv", ".xls") else []
    return Document(tuple(values or read_text_blocks(text)), "text", notes)


def decode_text(data: bytes) -> str:
    """Return the text of a file in UTF-8, UTF-16 with its mark, or a single-byte encoding.

    Raises BrokenError if it is no text.
    """
    for mark, name in ((b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"), (b"", "utf-8-sig")):
        if data.startswith(mark):
            try:
                return data.decode(name)
            except UnicodeDecodeError:
                continue
    if b"\x00" in data:
        return _decode_without_mark(data)
    latin = data.decode("cp1252", "replace").replace("\ufffd", "")
    return latin if guess_encoding(latin) else data.decode("cp1258", "replace")


def _decode_without_mark(data: bytes) -> str:
    """Return a text in UTF-16 without its mark: every other byte of its ASCII letters is zero."""
    for name, zeros in (("utf-16-le", data[1::2]), ("utf-16-be", data[::2])):
        if zeros.count(0) >= LEAST_SHARE_OF_ZEROS * len(zeros):
            try:
                text = data.decode(name)
            except UnicodeDecodeError:
                continue
            if "\x00" not in text:
                return text
    raise BrokenError


def read_text_blocks(text: str) -> list[Block]:
    """Return the lines and tables of a text. Raises TooManyRowsError."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").replace("\f", "\n").split("\n")
    if len(lines) > MOST_LINES:
        raise TooManyRowsError(rows=MOST_LINES)
    leading = sum(1 for line in lines if _LEADING.match(line))
    tabbed = sum(1 for line in lines if line.rstrip().count("\t") >= 2)
    piped = sum(1 for line in lines if line.count("|") >= 3)
    if leading > 10 and leading > tabbed:
        return _LeadingTabTables(lines).blocks
    if tabbed > 1:
        return _SeparatedTables(lines, "\t").blocks
    if piped > 2:
        return _SeparatedTables(lines, "|").blocks
    blocks = read_spaced_tables(text) or read_run_on_tables(lines)
    if blocks:
        return blocks
    plain = [_remove_emphasis(line) for line in split_letterhead(lines)]
    if are_visual_lines(plain):
        plain = join_paragraphs(plain)
    return [TextLine(line) for line in plain if line]


def _remove_emphasis(line: str) -> str:
    """Return a line outside tables, normalised and without the signs of emphasis (**, *)."""
    return normalise(_EMPHASIS.sub(lambda match: match[1] or " ", line))


class _LeadingTabTables:
    """Tables whose cells begin with a tab at the start of a line; an empty line ends a row."""

    def __init__(self, lines: list[str]) -> None:
        self.blocks: list[Block] = []
        self._rows: list[list[str]] = []
        self._width = 0
        empty = 0
        for line in lines:
            cell = _LEADING.match(line)
            if cell:
                after_empty = empty > 0 and self._begins_row(cell[2])
                self._add_cell(cell[2], new=bool(cell[1]) or not self._rows or after_empty)
            elif not line.strip():
                empty += 1
                if empty >= 2 and self._is_row_full():
                    self._close_table()
                continue
            elif self._rows:
                self._rows[-1][-1] += "\n" + line
            else:
                self.blocks.append(TextLine(_remove_emphasis(line)))
            empty = 0
        self._close_table()

    def _begins_row(self, text: str) -> bool:
        """Return whether a cell after an empty line begins a row, not only the next cell of it."""
        return self._is_row_full() or bool(_NUMERAL.match(text.strip()))

    def _is_row_full(self) -> bool:
        return bool(self._rows) and len(self._rows[-1]) >= self._width

    def _add_cell(self, text: str, new: bool) -> None:
        if new:
            self._width = max(self._width, *map(len, self._rows), 0) if self._rows else 0
            self._rows.append([])
        self._rows[-1].append(text)

    def _close_table(self) -> None:
        if self._rows:
            width = max(map(len, self._rows))
            self.blocks.append(make_table([_make_cells(row, width) for row in self._rows]))
        self._rows, self._width = [], 0


def _make_cells(texts: list[str], width: int) -> tuple[TableCell, ...]:
    """Return a row of at most `width` cells, with an empty number cell if the row lost its own.

    A heading that the text repeats in every cell becomes a merged cell.
    """
    lines = [normalise_lines(text) for text in texts]
    if len(lines) < width and not _NUMERAL.match(lines[0]):
        lines.insert(0, "")
    rest = [text for text in lines[1:] if text]
    merged = len(rest) >= 3 and len(set(rest)) == 1
    return tuple(
        TableCell(text, merged_left=merged and place > 1 and bool(text))
        for place, text in enumerate(lines)
    )


class _SeparatedTables:
    """Tables with one line for a row, the cells separated by tabs or bars.

    Headings may have lost their tabs, and cells the line breaks before their bullets.
    """

    def __init__(self, lines: list[str], separator: str) -> None:
        self.blocks: list[Block] = []
        self._rows: list[Row] = []
        self._separator = separator
        self._after_gap = False
        for number, line in enumerate(lines, start=1):
            self._read_line(line, number)
        self._close_table()

    def _read_line(self, line: str, number: int) -> None:
        heading = _NUMBERED.match(_remove_emphasis(line))
        if not line.strip():
            self._after_gap = True
        elif line.count(self._separator) >= (1 if self._separator == "\t" else 2):
            if not _RULING_LINE.match(line):
                self._add_row(self._split_cells(line), number)
        elif self._rows and heading and heading[2].isupper():
            self._add_row([heading[1], heading[2]], number)
        else:
            self._close_table()
            self.blocks.append(TextLine(_remove_emphasis(line)))

    def _split_cells(self, line: str) -> list[str]:
        if self._separator == "|":
            line = line.strip().removeprefix("|").removesuffix("|")
        cells = [html.remove_scraps(cell) for cell in line.split(self._separator)]
        numbered = _NUMBERED_CELL.match(cells[0])
        if numbered and not (len(cells) > 1 and cells[1]):
            cells[0:2] = [numbered[1], numbered[2]]
        return cells

    def _add_row(self, texts: list[str], number: int) -> None:
        cells = tuple(map(TableCell, texts))
        self._rows.append(Row(cells, number, self._after_gap, without_line_breaks=True))
        self._after_gap = False

    def _close_table(self) -> None:
        if self._rows:
            table = make_table([row.cells for row in self._rows])
            rows = zip(self._rows, table.rows, strict=True)
            filled = tuple(replace(row, cells=full.cells) for row, full in rows)
            self.blocks.append(Table(filled))
        self._rows, self._after_gap = [], False
