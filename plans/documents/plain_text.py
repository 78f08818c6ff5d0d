"""Plain text to lines and tables: the ways in which office files lose their tables on the way to text."""

import re
from pathlib import Path

from language.text import normalise
from plans.documents import html
from plans.documents.blank_columns import parted, spaced_tables
from plans.documents.faults import BrokenError, EmptyError, TooManyRowsError
from plans.documents.legacy_fonts import convert, guess
from plans.documents.paragraphs import are_visual, joined
from plans.documents.run_on import run_on_tables
from plans.tables.blocks import Block, Cell, Document, Line, Row, Table

MOST_LINES = 60_000
MOST_BYTES = 30_000_000

_LEADING = re.compile(r"^([ \u00a0]*)\t([^\t]*)$")
_NUMERAL = re.compile(r"^(?:[IVXLC]+|[A-ZĐ]|[a-zđ]|\d+(?:\.\d+)*)?[.)/]?$")
_NUMBERED = re.compile(r"^([IVXLC]+|[A-ZĐ])[.)]? +(\S.*)$")
_RULE = re.compile(r"^[\s|:=+\-–_]*$")
_HTML = re.compile(r"<(?:html|body|table)[\s>]", re.IGNORECASE)
_EMPHASIS = re.compile(r"\*\*|(?<!\w)\*(?=\S)([^*\n]+?)(?<=\S)\*(?!\w)")


def read(path: Path) -> Document:
    """The document in the text file at `path`. Raises BrokenError, EmptyError, TooManyRowsError."""
    if path.stat().st_size > MOST_BYTES:
        raise TooManyRowsError(rows=MOST_LINES)
    text = decoded(path.read_bytes())
    encoding = guess(text)
    if encoding:
        text = convert(text, encoding)
    if not text.strip():
        raise EmptyError
    notes = ("font-converted",) if encoding else ()
    if _HTML.search(text) and "</" in text:
        return Document(html.read(path, text).blocks, "html", notes)
    return Document(tuple(blocks_of(text)), "text", notes)


def decoded(data: bytes) -> str:
    """The text of a file: UTF-8, UTF-16 with its mark, or an old single-byte one. Raises BrokenError for no text."""
    for mark, name in ((b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"), (b"", "utf-8-sig")):
        if data.startswith(mark):
            try:
                return data.decode(name)
            except UnicodeDecodeError:
                continue
    if b"\x00" in data:
        raise BrokenError
    latin = data.decode("cp1252", "replace").replace("\ufffd", "")
    return latin if guess(latin) else data.decode("cp1258", "replace")


def blocks_of(text: str) -> list[Block]:
    """The lines and tables of a text. Raises TooManyRowsError."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").replace("\f", "\n").split("\n")
    if len(lines) > MOST_LINES:
        raise TooManyRowsError(rows=MOST_LINES)
    leading = sum(1 for line in lines if _LEADING.match(line))
    tabbed = sum(1 for line in lines if line.rstrip().count("\t") >= 2)
    piped = sum(1 for line in lines if line.count("|") >= 3)
    if leading > 10 and leading > tabbed:
        return _LeadingTabs(lines).blocks
    if tabbed > 1:
        return _Separated(lines, "\t").blocks
    if piped > 2:
        return _Separated(lines, "|").blocks
    spaced = spaced_tables(text)
    if spaced:
        return spaced
    said = [_clean(line) for line in parted(lines)]
    return run_on_tables(lines) or [Line(line) for line in (joined(said) if are_visual(said) else said) if line]


def _clean(line: str) -> str:
    """A line outside tables, without marks of emphasis."""
    return normalise(_EMPHASIS.sub(lambda found: found[1] or " ", line))


class _LeadingTabs:
    """A cell begins with a tab at the start of a line, goes on over lines, a row ends with an empty line."""

    def __init__(self, lines: list[str]) -> None:
        self.blocks: list[Block] = []
        self._rows: list[list[str]] = []
        self._width = 0
        empty = 0
        for line in lines:
            cell = _LEADING.match(line)
            if cell:
                self._cell(cell[2], new=bool(cell[1]) or not self._rows or (empty > 0 and self._begins_row(cell[2])))
            elif not line.strip():
                empty += 1
                if empty >= 2 and self._full():
                    self._end()
                continue
            elif self._rows:
                self._rows[-1][-1] += "\n" + line
            else:
                self.blocks.append(Line(_clean(line)))
            empty = 0
        self._end()

    def _begins_row(self, text: str) -> bool:
        """Whether a cell after an empty line begins a row; an empty line may also end the cell before it."""
        return self._full() or bool(_NUMERAL.match(text.strip()))

    def _full(self) -> bool:
        return bool(self._rows) and len(self._rows[-1]) >= self._width

    def _cell(self, text: str, new: bool) -> None:
        if new:
            self._width = max(self._width, *map(len, self._rows), 0) if self._rows else 0
            self._rows.append([])
        self._rows[-1].append(text)

    def _end(self) -> None:
        if self._rows:
            width = max(map(len, self._rows))
            cells = [_cells(row, width) for row in self._rows]
            self.blocks.append(Table(tuple(Row(row, number) for number, row in enumerate(cells, start=1))))
        self._rows, self._width = [], 0


def _cells(texts: list[str], width: int) -> tuple[Cell, ...]:
    """A row of cells: a lost number cell put back, a heading repeated in every cell seen as merged."""
    said = ["\n".join(filter(None, map(normalise, text.split("\n")))) for text in texts]
    if len(said) < width and not _NUMERAL.match(said[0]):
        said.insert(0, "")
    said += [""] * (width - len(said))
    rest = [text for text in said[1:] if text]
    merged = len(rest) >= 3 and len(set(rest)) == 1
    return tuple(Cell(text, across=merged and place > 1 and bool(text)) for place, text in enumerate(said))


class _Separated:
    """A row a line, cells divided by tabs or bars; headings may have lost their tabs, bullets their line breaks."""

    def __init__(self, lines: list[str], separator: str) -> None:
        self.blocks: list[Block] = []
        self._rows: list[Row] = []
        self._separator = separator
        self._torn = False
        for number, line in enumerate(lines, start=1):
            self._line(line, number)
        self._end()

    def _line(self, line: str, number: int) -> None:
        heading = _NUMBERED.match(_clean(line))
        if not line.strip():
            self._torn = True
        elif line.count(self._separator) >= (1 if self._separator == "\t" else 2):
            if not _RULE.match(line):
                self._add(self._split(line), number)
        elif self._rows and heading and heading[2].isupper():
            self._add([heading[1], heading[2]], number)
        else:
            self._end()
            self.blocks.append(Line(_clean(line)))

    def _split(self, line: str) -> list[str]:
        if self._separator == "|":
            line = line.strip().removeprefix("|").removesuffix("|")
        cells = [html.without_scraps(cell) for cell in line.split(self._separator)]
        numbered = _NUMBERED_CELL.match(cells[0])
        if numbered and not (len(cells) > 1 and cells[1]):
            cells[0:2] = [numbered[1], numbered[2]]
        return cells

    def _add(self, cells: list[str], number: int) -> None:
        self._rows.append(Row(tuple(Cell(text) for text in cells), number, torn=self._torn, loose=True))
        self._torn = False

    def _end(self) -> None:
        if self._rows:
            width = max(len(row.cells) for row in self._rows)
            filled = (
                Row(row.cells + (Cell(),) * (width - len(row.cells)), row.number, row.torn, row.loose)
                for row in self._rows
            )
            self.blocks.append(Table(tuple(filled)))
        self._rows, self._torn = [], False


_NUMBERED_CELL = re.compile(r"^([IVXLC]+|[A-ZĐ]|\d+(?:\.\d+)*)[.)]? +(\S.*)$", re.DOTALL)
