"""Reads Excel files (.xlsx, .xlsm): merged cells, real dates, hidden columns. No formula is run."""

import html
import re
import warnings
import zipfile
import zlib
from datetime import date, datetime
from pathlib import Path

import openpyxl
from openpyxl.utils import column_index_from_string, get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from plans.documents.archive import list_parts, open_archive, read_part
from plans.documents.faults import BrokenError, EmptyError, TooManyRowsError
from plans.documents.legacy_fonts import convert_by_font
from plans.documents.paragraphs import normalise_lines
from plans.tables.blocks import Block, Document, Row, Table, TableCell, TextLine

MOST_ROWS = 20_000  # rows of all sheets together
MOST_CELLS = 400_000  # cells of all sheets together
MOST_COLUMNS = 200

# openpyxl meets damaged files with all of these.
_DAMAGE = (
    KeyError,
    ValueError,
    TypeError,
    AttributeError,
    IndexError,
    OSError,
    SyntaxError,
    EOFError,
    NotImplementedError,
    zipfile.BadZipFile,
    zlib.error,
)
_ROW = re.compile(rb"<(?:\w+:)?row[\s>/]")
_CELL = re.compile(rb"<(?:\w+:)?c[\s>/]")
# A cell with something in it, its row.
_FILLED_CELL = re.compile(
    rb'<(?:\w+:)?c\s(?:[^>]*?\s)?r="[A-Z]+(\d+)"[^>]*(?<!/)>(?!\s*</(?:\w+:)?c>)'
)
# A formula whose result the writing program did not store, its place.
_VALUELESS_FORMULA = re.compile(
    rb'<(?:\w+:)?c\s(?:[^>]*?\s)?r="([A-Z]+\d+)"[^>]*(?<!/)>\s*'
    rb"<(?:\w+:)?f\b(?:[^>]*/>|[^>]*>[^<]*</(?:\w+:)?f>)\s*"
    rb"(?:<(?:\w+:)?v\s*/>|<(?:\w+:)?v>\s*</(?:\w+:)?v>)?\s*</(?:\w+:)?c>"
)
_DECIMALS = re.compile(r"0\.0{1,3}")
_DRAWING_TEXT = re.compile(rb"<(?:\w+:)?t(?:\s[^>]*)?>([^<]+)</")
# Codes in a page header: place, font, colour, size, style.
_HEADER_CODES = re.compile(r'&(?:[LCR]|"[^"]*"|K[0-9A-Fa-f]{6}|\d+|[BIUESXY])')
# What a number format only shows: quoted text, colours and languages.
_QUOTED = re.compile(r'"[^"]*"|\[[^\]]*\]')
_LITERAL = re.compile(r'"([^"]*)"|\\(.)')  # text that a number format shows as it stands
_DATE_SIGNS = re.compile(r"[dmyDMY]+")
_SECTION_END = re.compile(r';(?=(?:[^"]*"[^"]*")*[^"]*$)')
_PAGE_HEADER = re.compile(rb"<(?:\w+:)?(?:odd|even|first)(?:Header|Footer)>([^<]+)</")


def read_xlsx(path: Path) -> Document:
    """Return the visible sheets of the workbook at `path`, then its drawings, headers and footers.

    Raises BrokenError, EmptyError, BombError, EntityError, PasswordError, TooManyRowsError.
    """
    with open_archive(path) as archive:
        asides, formulas, last_row = _check_parts(archive)
    try:
        with warnings.catch_warnings():
            # openpyxl warns of styles and extensions that do not concern the text.
            warnings.simplefilter("ignore")
            with path.open("rb") as file:  # by its path openpyxl would refuse another ending
                book = openpyxl.load_workbook(file, data_only=True)
    except _DAMAGE as error:
        raise BrokenError from error
    blocks: list[Block] = []
    converted = False
    for sheet in book.worksheets:
        if sheet.sheet_state == "visible":
            table, changed = _read_sheet(sheet, last_row)
            converted |= changed
            if table.rows:
                blocks.append(table)
    if not blocks:
        raise EmptyError
    notes = ("font-converted",) if converted else ()
    losses = tuple(("formula", place) for place in formulas)
    return Document((*blocks, *asides), "xlsx", notes, losses)


def _check_parts(archive: zipfile.ZipFile) -> tuple[list[TextLine], list[str], int]:
    """Return the texts outside the cells, formulas without a value, and the last row with a value.

    Rows and cells are counted here, before anything is built in memory. A row of coloured empty
    cells is no row. Raises TooManyRowsError and EntityError.
    """
    rows = cells = last_row = 0
    formulas: list[str] = []
    asides: list[bytes] = []
    for name in list_parts(archive, "xl/worksheets/"):
        data = read_part(archive, name)
        filled = {int(place) for place in _FILLED_CELL.findall(data)}
        unplaced = sum(1 for _ in _ROW.finditer(data)) if not filled else 0
        last_row = max(last_row, unplaced, *filled)
        formulas += [place.decode() for place in _VALUELESS_FORMULA.findall(data)]
        rows += len(filled) or unplaced
        if rows > MOST_ROWS:
            raise TooManyRowsError(rows=MOST_ROWS)
        cells += sum(1 for _ in _CELL.finditer(data))
        if cells > MOST_CELLS:
            raise TooManyRowsError(rows=MOST_ROWS)
        asides += _PAGE_HEADER.findall(data)
    for name in list_parts(archive, "xl/drawings/"):
        asides += _DRAWING_TEXT.findall(read_part(archive, name))
    for name in list_parts(archive, "xl/", ""):
        if name.endswith((".xml", ".rels")):
            read_part(archive, name)  # raises EntityError if a part defines entities
    texts = (
        normalise_lines(_HEADER_CODES.sub("\n", html.unescape(raw.decode("utf-8", "replace"))))
        for raw in asides
    )
    return [TextLine(text, aside=True) for text in texts if text], formulas, last_row


def _read_sheet(sheet: Worksheet, last_row: int) -> tuple[Table, bool]:
    """Return a sheet as a table without its empty last rows, and whether a font was converted.

    No cell below `last_row` has a value.
    """
    last_row = min(sheet.max_row or 0, last_row)
    merged = _map_merged_cells(sheet, last_row)
    rows: list[Row] = []
    converted = False
    width = min(sheet.max_column or 0, MOST_COLUMNS)
    for number, source in enumerate(sheet.iter_rows(max_row=last_row, max_col=width), start=1):
        cells: list[TableCell] = []
        for column, own in enumerate(source, start=1):
            top, left = merged.get((number, column), (number, column))
            anchor = own if (top, left) == (number, column) else sheet.cell(top, left)
            font = str(anchor.font.name or "") if isinstance(anchor.value, str) else ""
            cell = _make_cell(
                anchor.value, font, anchor.number_format, across=left < column, down=top < number
            )
            if font:
                converted |= convert_by_font(str(anchor.value), font) != anchor.value
            cells.append(cell)
        rows.append(Row(tuple(cells), number))
    while rows and not any(cell.text for cell in rows[-1].cells):
        rows.pop()
    hidden = _find_hidden_columns(sheet)
    visible = tuple(
        Row(tuple(cell for place, cell in enumerate(row.cells) if place not in hidden), row.number)
        for row in rows
    )
    with_text = {
        place
        for row in rows
        for place, cell in enumerate(row.cells)
        if place in hidden and cell.text
    }
    letters = tuple(get_column_letter(place + 1) for place in sorted(with_text))
    hidden_rows = frozenset(number for number, row in sheet.row_dimensions.items() if row.hidden)
    return Table(visible, sheet.title, letters, hidden_rows), converted


def _find_hidden_columns(sheet: Worksheet) -> set[int]:
    """Return the columns (from 0) that the sheet hides; it may hide several at once."""
    hidden: set[int] = set()
    for letter, dimension in sheet.column_dimensions.items():
        if dimension.hidden and letter.isalpha():
            first = dimension.min or column_index_from_string(letter)
            hidden |= set(range(first - 1, min(dimension.max or first, MOST_COLUMNS)))
    return hidden


def _map_merged_cells(sheet: Worksheet, last_row: int) -> dict[tuple[int, int], tuple[int, int]]:
    """Return the place (row, column) of the merged cell that covers each place.

    A range that is larger than the sheet is cut at its size.
    """
    places: dict[tuple[int, int], tuple[int, int]] = {}
    last_column = min(sheet.max_column or 0, MOST_COLUMNS)
    for area in sheet.merged_cells.ranges:
        for row in range(area.min_row, min(area.max_row, last_row) + 1):
            for column in range(area.min_col, min(area.max_col, last_column) + 1):
                places[row, column] = (area.min_row, area.min_col)
    return places


def _make_cell(value: object, font: str, form: str, *, across: bool, down: bool) -> TableCell:
    if isinstance(value, (datetime, date)):
        day = value.date() if isinstance(value, datetime) else value
        before, behind = _split_date_format(form)
        if before or behind:  # "Trước "dd/mm/yyyy: the words change what the day means
            return TableCell(f"{before} {_format_day(day, form)} {behind}".strip(), across, down)
        return TableCell(_format_day(day, form), across, down, day)
    if value is None:
        text = ""
    elif isinstance(value, (int, float)) and "%" in _QUOTED.sub("", form):
        text = f"{100 * value:.10g}%"
    elif isinstance(value, float) and value.is_integer():
        text = str(int(value))
    elif isinstance(value, float) and _DECIMALS.fullmatch(form):
        text = f"{value:.{len(form) - 2}f}"  # 1.10, stored as 1.1
    else:
        text = normalise_lines(convert_by_font(str(value), font))
    return TableCell(text, across, down)


def _split_date_format(form: str) -> tuple[str, str]:
    """Return the words of a date's format before and behind the day: '"Trước "dd/mm/yyyy'."""
    first = _SECTION_END.split(form, maxsplit=1)[0]
    signs = list(_DATE_SIGNS.finditer(_QUOTED.sub(lambda quoted: " " * len(quoted[0]), first)))
    if not signs:
        return "", ""
    before, behind = first[: signs[0].start()], first[signs[-1].end() :]
    return _join_literals(before), _join_literals(behind)


def _join_literals(part: str) -> str:
    words = " ".join("".join(quoted) for quoted in _LITERAL.findall(part))
    return " ".join(words.split()) if any(sign.isalpha() for sign in words) else ""


def _format_day(day: date, form: str) -> str:
    """Return a real date as its cell shows it, which may be the month or the year alone."""
    signs = _QUOTED.sub("", form).lower()
    if "d" in signs or "y" not in signs:
        return f"{day:%d/%m/%Y}"
    return f"{day:%m/%Y}" if "m" in signs else f"{day:%Y}"
