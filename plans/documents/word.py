"""Reads Word files (.docx, .docm): merged cells, automatic numbers, text boxes. No macro is run.

Why python-docx's own documents are not used: `docs/dev/decisions/0004-ooxml-reader.md`.
"""

import posixpath
import re
import zipfile
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from docx.oxml import parse_xml

from language.roman import format_roman
from language.text import normalise
from plans.documents.archive import list_parts, open_archive, read_part
from plans.documents.faults import BrokenError, EmptyError, TooManyRowsError
from plans.documents.legacy_fonts import convert_runs
from plans.documents.paragraphs import normalise_lines
from plans.tables.blocks import Block, Document, Table, TableCell, TextLine, make_table

MOST_ROWS = 20_000  # rows of all tables together
NO_MEMORY = 2  # libxml2's XML_ERR_NO_MEMORY

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_OFFICE_DOCUMENT = "/officeDocument"
_SKIPPED = {f"{_W}del", f"{_W}moveFrom", f"{_W}instrText", f"{_W}delText"}
_WITHOUT_TEXT = _SKIPPED | {f"{_W}txbxContent", f"{_W}pPr", f"{_W}rPr", f"{_W}tabs"}
# What stands between rows or cells and holds none.
_NO_ROWS = {f"{_W}{name}" for name in ("tblPr", "tblGrid", "trPr", "tblPrEx", "sdtPr", "p", "tbl")}
_RAISED = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
_LEVEL = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")
_NOTE_SIGN = re.compile(r"([\d.]*\d)[⁰¹²³⁴⁵⁶⁷⁸⁹]+")  # behind a row's number: of a footnote
_BULLET = "-"
_TRUE = ("1", "true", "on")


def read_docx(path: Path) -> Document:
    """Return the document at `path`.

    Raises BrokenError, EmptyError, BombError, EntityError, PasswordError, TooManyRowsError.
    """
    with open_archive(path) as archive:
        name = _find_main_part(archive)
        body = _parse_part(read_part(archive, name))
        folder = posixpath.dirname(name)
        numbering = _Numbering(read_part(archive, posixpath.join(folder, "numbering.xml")))
        styles = _Styles(read_part(archive, posixpath.join(folder, "styles.xml")))
        reader = _WordReader(numbering, styles)
        blocks = list(reader.read_blocks(body))
        for aside in list_parts(archive, "word/header") + list_parts(archive, "word/footer"):
            for block in reader.read_blocks(_parse_part(read_part(archive, aside))):
                blocks += [TextLine(text, aside=True) for text in _list_texts(block) if text]
        pictures = list_parts(archive, "word/media/", "")
    if not pictures and not any(isinstance(block, Table) or block.text for block in blocks):
        raise EmptyError
    notes = ("font-converted",) * reader.has_converted_fonts
    return Document(tuple(blocks), "docx", (*notes, *("struck-out",) * reader.has_dropped_text))


def _list_texts(block: Block) -> list[str]:
    if isinstance(block, TextLine):
        return [block.text]
    return [text for row in block.rows for text in row.texts]


def _find_main_part(archive: zipfile.ZipFile) -> str:
    relations = read_part(archive, "_rels/.rels")
    if relations:
        for relation in _parse_part(relations):
            if str(relation.get("Type", "")).endswith(_OFFICE_DOCUMENT):
                return str(relation.get("Target", "")).lstrip("/")
    raise BrokenError


def _parse_part(data: bytes) -> Any:
    """Return the root element of an XML part. Raises BrokenError, MemoryError.

    The parser of python-docx resolves no entities and opens no addresses.
    """
    if not data:
        raise BrokenError
    try:
        return parse_xml(data)
    except ValueError as error:
        raise BrokenError from error
    except SyntaxError as error:  # of lxml, which raises it for a lack of memory too
        if getattr(error, "code", None) == NO_MEMORY:
            raise MemoryError from error
        raise BrokenError from error


@dataclass(frozen=True)
class _Level:
    """How a level of a list is numbered."""

    form: str
    pattern: str
    start: int
    restart: int  # how many of the upper levels begin it anew


_Levels = dict[str, _Level]


class _Numbering:
    """Counts the automatic numbers of paragraphs in reading order; knows their bullets."""

    def __init__(self, data: bytes) -> None:
        self._levels: dict[str, _Levels] = {}
        self._abstract_ids: dict[str, str] = {}
        self._counts: dict[str, dict[int, int]] = defaultdict(dict)  # of an abstract list
        self._restarts: set[tuple[str, str]] = set()  # lists and levels that begin anew when met
        if data:
            root = _parse_part(data)
            abstract = _read_abstract_lists(root.findall(f"{_W}abstractNum"))
            for number in root.findall(f"{_W}num"):
                target = number.find(f"{_W}abstractNumId")
                if target is not None:
                    abstract_id = target.get(f"{_W}val")
                    self._abstract_ids[number.get(f"{_W}numId")] = abstract_id
                    self._add_list(number, abstract.get(abstract_id, {}))

    def _add_list(self, number: Any, abstract: _Levels) -> None:
        number_id, levels = number.get(f"{_W}numId"), dict(abstract)
        for override in number.findall(f"{_W}lvlOverride"):
            levels.update(_read_levels(override))
            level, start = override.get(f"{_W}ilvl"), override.find(f"{_W}startOverride")
            if start is not None and level in levels:
                usual = levels[level]
                levels[level] = replace(usual, start=_read_number(start, usual.start))
                self._restarts.add((number_id, level))
        self._levels[number_id] = levels

    def next_mark(self, number_id: str, level: str) -> str:
        """Return what stands before the next paragraph of that list and level: "1.", "-".

        Lists of one abstract list count on from each other, but for one that overrides its start.
        Return "" if there is no such list.
        """
        levels = self._levels.get(number_id, {})
        if level not in levels:
            return ""
        own = levels[level]
        if own.form == "bullet":
            return _BULLET
        if own.form == "none":
            return ""
        counts, depth = self._counts[self._abstract_ids[number_id]], int(level)
        if (number_id, level) in self._restarts:
            self._restarts.remove((number_id, level))
            counts.pop(depth, None)
        counts[depth] = counts.get(depth, own.start - 1) + 1
        for deeper in [d for d in counts if d > depth]:
            if str(deeper) not in levels or levels[str(deeper)].restart > depth:
                del counts[deeper]

        def format_level(match: re.Match[str]) -> str:
            place = int(match[1]) - 1
            upper = levels.get(str(place), _Level("decimal", "", 1, place))
            return _format_count(counts.get(place, upper.start), upper.form)

        return re.sub(r"%(\d)", format_level, own.pattern)


class _Styles:
    """Knows what paragraphs, runs and tables have from their styles: fonts and numbers."""

    def __init__(self, data: bytes) -> None:
        self._styles: dict[str, Any] = {}
        self._usual_style = ""  # of paragraphs that name none
        self._usual_font = ""
        self._fonts: dict[tuple[str, ...], str] = {}
        self._numbers: dict[str, tuple[str, str] | None] = {}
        if data:
            root = _parse_part(data)
            for style in root.findall(f"{_W}style"):
                self._styles[style.get(f"{_W}styleId")] = style
                if style.get(f"{_W}type") == "paragraph" and style.get(f"{_W}default") in _TRUE:
                    self._usual_style = style.get(f"{_W}styleId")
            usual = root.find(f"{_W}docDefaults/{_W}rPrDefault")
            self._usual_font = (_read_font(usual) if usual is not None else None) or ""

    def find_font(self, run: str, paragraph: str, table: str) -> str:
        """Return the font that the styles of a run, its paragraph and its table give it."""
        named = (run, paragraph, table)
        if named not in self._fonts:
            if paragraph not in self._styles:
                paragraph = self._usual_style
            fonts = (
                _read_font(style)
                for name in (run, paragraph, table)
                for style in self._iterate_bases(name)
            )
            self._fonts[named] = next(
                (font for font in fonts if font is not None), self._usual_font
            )
        return self._fonts[named]

    def find_number(self, paragraph: str) -> tuple[str, str] | None:
        """Return the list and the level that a paragraph's style gives it, if it numbers."""
        if paragraph not in self._numbers:
            found: dict[str, str] = {}
            for style in self._iterate_bases(paragraph):
                for name in ("numId", "ilvl"):
                    element = style.find(f"{_W}pPr/{_W}numPr/{_W}{name}")
                    if element is not None:
                        found.setdefault(name, element.get(f"{_W}val"))
            number = (found["numId"], found.get("ilvl", "0")) if "numId" in found else None
            self._numbers[paragraph] = number
        return self._numbers[paragraph]

    def _iterate_bases(self, name: str) -> Iterator[Any]:
        """Yield a style and those that it is based on, each once even if they run in a circle."""
        met: set[str] = set()
        while name in self._styles and name not in met:
            met.add(name)
            yield self._styles[name]
            name = _read_value(self._styles[name], "basedOn")


def _read_font(holder: Any) -> str | None:
    """Return the font that a run or style names, "" for one of the theme, None if none."""
    fonts = holder.find(f"{_W}rPr/{_W}rFonts")
    if fonts is None:
        return None
    if fonts.get(f"{_W}asciiTheme"):  # goes before a name; themes have no old fonts
        return ""
    name: str | None = fonts.get(f"{_W}ascii") or fonts.get(f"{_W}hAnsi")
    return name


def _read_abstract_lists(elements: list[Any]) -> dict[str, _Levels]:
    """Return the levels of each abstract list; one that links to a style has those of the style."""
    lists = {element.get(f"{_W}abstractNumId"): dict(_read_levels(element)) for element in elements}
    by_style = {
        style: lists[element.get(f"{_W}abstractNumId")]
        for element in elements
        if (style := _read_value(element, "styleLink"))
    }
    for element in elements:
        linked = by_style.get(_read_value(element, "numStyleLink"))
        if linked is not None:
            lists[element.get(f"{_W}abstractNumId")] = linked
    return lists


def _read_levels(abstract: Any) -> Iterator[tuple[str, _Level]]:
    for level in abstract.findall(f"{_W}lvl"):
        place = str(level.get(f"{_W}ilvl"))
        form, pattern, start, restart = (
            level.find(f"{_W}{name}") for name in ("numFmt", "lvlText", "start", "lvlRestart")
        )
        yield (
            place,
            _Level(
                form.get(f"{_W}val") if form is not None else "decimal",
                (pattern.get(f"{_W}val") or "") if pattern is not None else "",
                int(start.get(f"{_W}val") or 1) if start is not None else 1,
                _read_number(restart, int(place) if place.isdigit() else 0),
            ),
        )


def _format_count(count: int, form: str) -> str:
    if form in ("upperRoman", "lowerRoman"):
        text = format_roman(count)
        return text if form == "upperRoman" else text.lower()
    if form in ("upperLetter", "lowerLetter") and count > 0:
        letter = chr(ord("A") + (count - 1) % 26)
        return letter if form == "upperLetter" else letter.lower()
    return f"{count:02d}" if form == "decimalZero" else str(count)


class _WordReader:
    """Reads the body once, in reading order."""

    def __init__(self, numbering: _Numbering, styles: _Styles) -> None:
        self._numbering = numbering
        self._styles = styles
        self._paragraph_style = self._table_style = ""  # of what is being read
        self._row_count = 0
        self.has_converted_fonts = False
        self.has_dropped_text = False

    def read_blocks(self, parent: Any) -> Iterator[Block]:
        """Yield the lines and tables below `parent`; a text box gives asides."""
        for element in parent:
            if element.tag == f"{_W}p":
                yield TextLine(self._read_paragraph(element))
                yield from self._read_boxes(element)
            elif element.tag == f"{_W}tbl" and _is_layout_table(element):
                for cell in (
                    cell for row in _iterate_rows(element) for cell in _iterate_cells(row)
                ):
                    yield from self.read_blocks(cell)
            elif element.tag == f"{_W}tbl":
                boxes: list[Block] = []
                read = self._read_table(element, boxes)
                if read.rows:
                    yield read
                yield from boxes
            elif _may_hold_text(element):
                yield from self.read_blocks(element)

    def _read_boxes(self, element: Any) -> Iterator[Block]:
        for box in element.iter(f"{_W}txbxContent"):
            for paragraph in box.iter(f"{_W}p"):
                yield TextLine(self._read_paragraph(paragraph), aside=True)
        for drawn in element.iter("{urn:schemas-microsoft-com:vml}textpath"):
            yield TextLine(normalise(drawn.get("string") or ""), aside=True)

    def _read_paragraph(self, paragraph: Any) -> str:
        """Return a paragraph's text with its automatic number before it; line breaks stay."""
        self._paragraph_style = _read_value(paragraph, f"pPr/{_W}pStyle")
        runs = list(self._read_runs(paragraph))
        written, shown = "".join(text for text, _ in runs), convert_runs(runs)
        self.has_converted_fonts |= shown != written
        text = normalise_lines(shown)
        noted = _NOTE_SIGN.fullmatch(text)
        text = noted[1] if noted else text.translate(_LEVEL)
        if not text and paragraph.find(f"{_W}pPr/{_W}rPr/{_W}del") is not None:
            return ""
        mark = self._next_mark(paragraph)
        return f"{mark} {text}".strip() if mark and (text or mark != _BULLET) else text

    def _read_runs(self, element: Any) -> Iterator[tuple[str, str]]:
        """Yield the texts below `element`, each with its font; "" if that does not matter."""
        for child in element:
            tag = child.tag
            if tag == f"{_W}t":
                yield child.text or "", ""
            elif tag in (f"{_W}tab", f"{_W}ptab"):
                yield "\t", ""
            elif tag in (f"{_W}br", f"{_W}cr"):
                yield "\n", ""
            elif tag == f"{_W}noBreakHyphen":
                yield "-", ""
            elif tag == f"{_W}r":
                yield self._read_run(child)
            elif (
                isinstance(tag, str) and tag not in _WITHOUT_TEXT and not tag.endswith("}Fallback")
            ):
                yield from self._read_runs(child)

    def _read_run(self, run: Any) -> tuple[str, str]:
        """Return the text of one run and its font; both empty if the text is struck or hidden."""
        text = "".join(text for text, _ in self._read_runs(run))
        properties = run.find(f"{_W}rPr")
        style, font = "", None
        if properties is not None and text:
            if any(_is_on(properties, name) for name in ("strike", "dstrike", "vanish")):
                self.has_dropped_text |= bool(text.strip())
                return "", ""
            if _read_value(properties, "vertAlign") == "superscript" and text.isdecimal():
                return text.translate(_RAISED), ""
            style, font = _read_value(properties, "rStyle"), _read_font(run)
        if font is None:
            font = self._styles.find_font(style, self._paragraph_style, self._table_style)
        return text, font

    def _next_mark(self, paragraph: Any) -> str:
        number = paragraph.find(f"{_W}pPr/{_W}numPr/{_W}numId")
        if number is None:
            by_style = self._styles.find_number(_read_value(paragraph, f"pPr/{_W}pStyle"))
            return self._numbering.next_mark(*by_style) if by_style else ""
        level = paragraph.find(f"{_W}pPr/{_W}numPr/{_W}ilvl")
        return self._numbering.next_mark(
            number.get(f"{_W}val"), level.get(f"{_W}val") if level is not None else "0"
        )

    def _read_table(self, table: Any, boxes: list[Block]) -> Table:
        rows: list[list[TableCell]] = []
        outer, self._table_style = self._table_style, _read_value(table, f"tblPr/{_W}tblStyle")
        for element in _iterate_rows(table):
            self._row_count += 1
            if self._row_count > MOST_ROWS:
                raise TooManyRowsError(rows=MOST_ROWS)
            rows.append(self._read_row(element, rows[-1] if rows else [], boxes))
        self._table_style = outer
        return make_table(rows)

    def _read_row(self, row: Any, above: list[TableCell], boxes: list[Block]) -> list[TableCell]:
        cells = [TableCell() for _ in range(_read_number(row.find(f"{_W}trPr/{_W}gridBefore"), 0))]
        for element in _iterate_cells(row):
            properties = element.find(f"{_W}tcPr")
            span = (
                _read_number(properties.find(f"{_W}gridSpan"), 1) if properties is not None else 1
            )
            merge = properties.find(f"{_W}vMerge") if properties is not None else None
            text = self._read_cell(element, boxes)
            down = (
                merge is not None and merge.get(f"{_W}val") != "restart" and len(cells) < len(above)
            )
            if down:
                text = above[len(cells)].text
            cells.append(TableCell(text, merged_up=down))
            cells += [
                TableCell(text, merged_left=True, merged_up=down) for _ in range(min(span, 200) - 1)
            ]
        return cells

    def _read_cell(self, element: Any, boxes: list[Block]) -> str:
        """Return the lines of a cell; a table within it gives a line for each row."""
        lines: list[str] = []
        for block in self.read_blocks(element):
            if isinstance(block, Table):
                lines += [" ".join(filter(None, row.texts)) for row in block.rows]
            elif block.aside:
                boxes.append(block)
            else:
                lines.append(block.text)
        return "\n".join(line for line in lines if line)


def _is_layout_table(table: Any) -> bool:
    """Return whether a table of one or two rows only lays out a page: it holds a longer table."""
    rows = list(_iterate_rows(table))
    if len(rows) > 2:
        return False
    inner = [
        nested
        for row in rows
        for cell in _iterate_cells(row)
        for nested in cell.findall(f"{_W}tbl")
    ]
    return any(sum(1 for _ in _iterate_rows(nested)) > 2 for nested in inner)


def _iterate_rows(table: Any) -> Iterator[Any]:
    return _iterate_parts(table, f"{_W}tr", f"{_W}trPr/{_W}del")


def _iterate_cells(row: Any) -> Iterator[Any]:
    return _iterate_parts(row, f"{_W}tc", f"{_W}tcPr/{_W}cellDel")


def _iterate_parts(whole: Any, tag: str, deletion: str) -> Iterator[Any]:
    """Yield the rows or cells that are in force, in whatever wrapper they stand."""
    for element in whole:
        if element.tag == tag:
            if element.find(deletion) is None:
                yield element
        elif element.tag not in _NO_ROWS and _may_hold_text(element):
            yield from _iterate_parts(element, tag, deletion)


def _may_hold_text(element: Any) -> bool:
    """Whether an element that wraps others is in force: not deleted, not a second version."""
    tag = element.tag
    return isinstance(tag, str) and tag not in _SKIPPED and not tag.endswith("}Fallback")


def _is_on(properties: Any, name: str) -> bool:
    """Whether a property of a run ("strike") is set."""
    element = properties.find(f"{_W}{name}")
    return element is not None and element.get(f"{_W}val") not in ("0", "false", "off")


def _read_value(holder: Any, path: str) -> str:
    """Return the value of what `holder` has at that path, "" if it has none."""
    element = holder.find(f"{_W}{path}")
    return (element.get(f"{_W}val") or "") if element is not None else ""


def _read_number(element: Any, otherwise: int) -> int:
    value = element.get(f"{_W}val") if element is not None else None
    return int(value) if value and value.isdigit() else otherwise
