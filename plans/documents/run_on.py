"""Reads tables of a PDF whose text ran together: cells in reading order, no marks between columns.

Here headers and rows are found; `run_on_division` finds the columns of a row.
"""

import re
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

from language.roman import format_roman
from language.text import fold, normalise
from plans.documents.paragraphs import join_paragraphs
from plans.documents.run_on_division import BULLET, UPPER, RawRow, RunOnWord, divide_rows
from plans.tables.blocks import Block, Row, Table, TableCell, TextLine
from plans.tables.columns import ROLES, Role, load_column_words
from plans.tables.numerals import LETTERS
from plans.tables.patterns import compile_pattern

FEWEST_ROWS = 2
MOST_HEADER_LINES = 16

LONGEST_HEADER_LINE = 160  # characters of the first line of a header
LONGEST_NAME = 6  # words of a column's name

_FIRST_NUMBER = re.compile(r"^(?:i|1|a)\b")
_DOTTED = re.compile(r"^\d{1,3}(?:\.\d{1,2}){0,3}$")
_SIGNATURE = compile_pattern("signature")


def read_run_on_tables(lines: list[str]) -> list[Block]:
    """Return the lines and the tables of a text with run-on columns; [] if it has no such table."""
    blocks: list[Block] = []
    offset = 0
    while (header := _find_header(lines[offset:])) is not None:
        start, stop = offset + header.start, offset + header.stop
        header_lines = [line for line in map(normalise, lines[start:stop]) if line]
        body = _RowCutter(lines, stop, header_lines)
        if sum(not row.is_heading for row in body.rows) < FEWEST_ROWS:
            break
        blocks += map(TextLine, join_paragraphs(lines[offset:start]))
        header_row = Row(tuple(map(TableCell, header.texts)), start + 1)
        blocks.append(Table((header_row, *divide_rows(body.rows, header.roles))))
        offset = body.end
    return [*blocks, *map(TextLine, join_paragraphs(lines[offset:]))] if blocks else []


class _Header(NamedTuple):
    """A header: its first line, the line after it, the roles of its columns and their texts."""

    start: int
    stop: int
    roles: list[Role]
    texts: list[str]


def _find_header(lines: list[str]) -> _Header | None:
    """Return the first header in `lines`, or None."""
    for start, line in enumerate(lines):
        if not _begins_header(line) or len(fold(line)) > LONGEST_HEADER_LINE:
            continue
        after = range(start + 1, min(start + MOST_HEADER_LINES * 2, len(lines)))
        stop = next((place for place in after if _FIRST_NUMBER.match(fold(lines[place]))), None)
        if stop is not None:
            columns = _split_header(normalise(" ".join(lines[start:stop])))
            roles = [role for role, _ in columns]
            if {"title", "lead", "deadline"} <= set(roles) and len(set(roles)) == len(roles):
                return _Header(start, stop, roles, [text for _, text in columns])
    return None


def _begins_header(line: str) -> bool:
    """Return whether a line begins with the name of the number column ("TT", "STT")."""
    starts = load_column_words()["header"]["number"]["strong"]
    return f"{fold(line)} ".startswith(tuple(f"{start} " for start in starts))


def _split_header(text: str) -> list[tuple[Role, str]]:
    """Return the columns of a header's run-on text: the longest name of a column at each place.

    A word that names no column belongs to the column before.
    """
    columns: list[tuple[Role, str]] = []
    tokens = re.findall(r"[^\s/]+/?|/", text)
    place = 0
    while place < len(tokens):
        role, length = _find_longest_role(tokens, place)
        piece = " ".join(tokens[place : place + length])
        if columns and role in (None, columns[-1][0]):
            columns[-1] = (columns[-1][0], f"{columns[-1][1]} {piece}")
        elif role is not None:
            columns.append((role, piece))
        place += length
    return columns


def _find_longest_role(tokens: list[str], place: int) -> tuple[Role | None, int]:
    """Return the role of the longest column name at `place` and its length in tokens."""
    best: tuple[Role | None, int] = (None, 1)
    for length in range(1, LONGEST_NAME + 1):
        name = re.sub(r"[^a-z0-9]+", " ", fold(" ".join(tokens[place : place + length]))).strip()
        for role in ROLES:
            lists = load_column_words()["header"][role]
            if name in lists["strong"] or name in lists["weak"]:
                best = (role, length)
    return best


class _RowCutter:
    """Cuts the lines after a header into rows, at the numbers that count on.

    The rows end at the signature, another table's header or the end of the text; `end` is the line
    after them. Repeated headers and the numbers of pages are left out.
    """

    def __init__(self, lines: list[str], start: int, header: list[str]) -> None:
        self.rows: list[RawRow] = []
        self.end = len(lines)
        self._lines = lines
        self._header = header
        self._counter = _RowCounter()
        self._hard_breaks = _find_hard_breaks(lines[start:])
        empty, place = 0, start
        while place < len(lines):
            line = normalise(lines[place])
            after = self._skip_repeated_header(place) if line else None
            if after is not None:
                empty, place = 2, after
                if self.rows:
                    self.rows[-1].parts.append([])
                continue
            if line and (_SIGNATURE.match(fold(line)) or self._begins_other_table(place, line)):
                self.end = place
                return
            if line and not (line.isdigit() and self._is_page_number(place)):
                self._take_line(line, place, empty)
            empty = 0 if line else empty + 1
            place += 1

    def _take_line(self, line: str, place: int, empty: int) -> None:
        number = self._counter.read_number(line)
        if number is not None:
            label, line, heading = number
            self.rows.append(RawRow(label, place + 1, [[]], heading, bool(line)))
        if self.rows and line:
            hard = self._hard_breaks is not None and self._hard_breaks == (empty > 0)
            self.rows[-1].parts[-1] += _split_words(line, "hard" if hard else "soft")

    def _skip_repeated_header(self, place: int) -> int | None:
        """Return the line after the header if it is repeated at `place`, else None.

        Empty lines between its lines do not count.
        """
        for line in self._header:
            while place < len(self._lines) and not self._lines[place].strip():
                place += 1
            if place >= len(self._lines) or normalise(self._lines[place]) != line:
                return None
            place += 1
        return place

    def _begins_other_table(self, place: int, line: str) -> bool:
        """Return whether another table's header begins at a line."""
        if not _begins_header(line):
            return False
        other = _find_header(self._lines[place : place + 2 * MOST_HEADER_LINES])
        return other is not None and other.start == 0

    def _is_page_number(self, place: int) -> bool:
        """Return whether a number is a page's: the next line with a text repeats the header."""
        following = next((normalise(line) for line in self._lines[place + 1 :] if line.strip()), "")
        return following == self._header[0]


def _find_hard_breaks(lines: list[str]) -> bool | None:
    """Return which breaks end a cell: True those with an empty line, False without, None any.

    Some programs put an empty line after every visual line, but none before a column that begins
    on another height: many lines after an empty one then begin with a small letter. Others put one
    after every cell: then hardly any line does.
    """
    texts = [line.strip() for line in lines]
    touching = sum(bool(a) and bool(b) for a, b in pairwise(texts))
    after_empty = [b for a, b in pairwise(texts) if b and not a]
    if touching > 0.45 * sum(map(bool, texts)) or not after_empty:
        return None
    small = sum(text[0].islower() for text in after_empty)
    if small > 0.1 * len(after_empty):
        return False
    return True if small < 0.03 * len(after_empty) else None


@dataclass
class _RowCounter:
    """Counts the numbers of rows: a row begins only with a number that can come next."""

    _section: int = 0
    _letter: int = 0
    _last: tuple[int, ...] = ()
    _after_heading: bool = True

    def read_number(self, line: str) -> tuple[str, str, bool] | None:
        """Return the number of the row that `line` begins, its rest, and whether it is a heading.

        Return None if no row begins.
        """
        first, _, rest = line.partition(" ")
        label = first.rstrip(".)")
        if not rest or rest.isupper():
            if label == format_roman(self._section + 1):
                self._section, self._after_heading = self._section + 1, True
                return label, rest, True
            if label == LETTERS[self._letter] and rest:
                self._letter, self._section, self._after_heading = self._letter + 1, 0, True
                return label, rest, True
        if not _DOTTED.match(label) or (rest and not (UPPER.match(rest) or BULLET.match(rest))):
            return None
        number = tuple(map(int, label.split(".")))
        if number not in self._list_next_numbers():
            return None
        self._last, self._after_heading = number, False
        return label, rest, False

    def _list_next_numbers(self) -> set[tuple[int, ...]]:
        """Return the numbers that may come: the next of each level, 1 below, 1 after a heading."""
        last = self._last
        following = {(*last[:depth], last[depth] + 1) for depth in range(len(last))} | {(*last, 1)}
        return following | {(1,)} if self._after_heading else following


def _split_words(line: str, break_before: str) -> list[RunOnWord]:
    """Return the words of a visual line; a bullet and the word after it are one."""
    result: list[RunOnWord] = []
    bullet = ""
    for text in line.split():
        if text in "-–+*•":
            bullet = f"{text} "
            continue
        whole = bullet + text
        result.append(RunOnWord(whole, fold(whole), "" if result else break_before))
        bullet = ""
    return result
