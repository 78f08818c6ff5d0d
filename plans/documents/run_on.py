"""Tables of a PDF whose text ran together: cells in reading order, a visual line a line, no marks between columns.

Here headers and rows are found; `division` finds the columns of a row.
"""

import re
from dataclasses import dataclass
from itertools import pairwise

from language.roman import format_roman
from language.text import fold, normalise
from plans.documents.paragraphs import join_paragraphs
from plans.documents.run_on_division import BULLET, UPPER, RawRow, RunOnWord, divide_rows
from plans.tables.blocks import Block, Row, Table, TableCell, TextLine
from plans.tables.columns import ROLES, Role, load_column_words
from plans.tables.patterns import compile_pattern

FEWEST_ROWS = 2
MOST_HEADER_LINES = 16

_LETTERS = "ABCDĐEGHIKLMNOPQ"
_DOTTED = re.compile(r"^\d{1,3}(?:\.\d{1,2}){0,3}$")
_SIGNATURE = compile_pattern("signature")


def read_run_on_tables(lines: list[str]) -> list[Block]:
    """The lines and the tables of a text in which headers are followed by rows in run-on columns; [] where none is."""
    blocks: list[Block] = []
    offset = 0
    while (header := _find_header(lines[offset:])) is not None:
        start, stop, roles, texts = header
        cut = _RowCutter(
            lines,
            offset + stop,
            [line for line in map(normalise, lines[offset + start : offset + stop]) if line],
        )
        if sum(not row.is_heading for row in cut.rows) < FEWEST_ROWS:
            break
        blocks += map(TextLine, join_paragraphs(lines[offset : offset + start]))
        blocks.append(
            Table(
                (
                    Row(tuple(map(TableCell, texts)), offset + start + 1),
                    *divide_rows(cut.rows, roles),
                )
            )
        )
        offset = cut.end
    return [*blocks, *map(TextLine, join_paragraphs(lines[offset:]))] if blocks else []


# ---------------------------------------------------------------- header and rows


def _find_header(lines: list[str]) -> tuple[int, int, list[Role], list[str]] | None:
    """Where the header stands (first line, line after it), the roles of its columns and their texts; None for none."""
    starts = load_column_words()["header"]["number"]["strong"]
    for start, line in enumerate(lines):
        said = fold(line)
        if (
            not any(said == word or said.startswith(f"{word} ") for word in starts)
            or len(said) > 160
        ):
            continue
        text = ""
        for stop in range(start, min(start + MOST_HEADER_LINES * 2, len(lines))):
            if stop > start and re.match(r"^(?:i|1|a)\b", fold(lines[stop])):
                found = _split_header(normalise(text))
                roles = [role for role, _ in found]
                if (
                    {"title", "lead"} <= set(roles)
                    and "deadline" in roles
                    and len(set(roles)) == len(roles)
                ):
                    return start, stop, roles, [piece for _, piece in found]
                break
            text += f" {lines[stop]}"
    return None


def _split_header(text: str) -> list[tuple[Role, str]]:
    """A header's run-on text cut into columns: at each place the longest word of any role, one role's joined."""
    found: list[tuple[Role, str]] = []
    tokens = re.findall(r"[^\s/]+/?|/", text)
    place = 0
    while place < len(tokens):
        role, length = _find_longest_role(tokens, place)
        piece = " ".join(tokens[place : place + length])
        if role is None or (found and found[-1][0] == role):
            if found:
                found[-1] = (found[-1][0], f"{found[-1][1]} {piece}")
        else:
            found.append((role, piece))
        place += length
    return found


def _find_longest_role(tokens: list[str], place: int) -> tuple[Role | None, int]:
    best: tuple[Role | None, int] = (None, 1)
    for length in range(1, 7):
        said = re.sub(r"[^a-z0-9]+", " ", fold(" ".join(tokens[place : place + length]))).strip()
        for role in ROLES:
            lists = load_column_words()["header"][role]
            if said in lists["strong"] or said in lists["weak"]:
                best = (role, length)
    return best


class _RowCutter:
    """The rows after a header, cut at the numbers that count on, up to the signature, another header or the end.

    Repeated headers and the numbers of pages are left out. `end` is the first line after the rows.
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
        found = self._counter.read_number(line)
        if found is not None:
            label, line, heading = found
            self.rows.append(RawRow(label, place + 1, [[]], heading, bool(line)))
        if self.rows and line:
            hard = self._hard_breaks is not None and self._hard_breaks == (empty > 0)
            self.rows[-1].parts[-1] += _split_words(line, "hard" if hard else "soft")

    def _skip_repeated_header(self, place: int) -> int | None:
        """The line after the header if it is repeated at `place`, whatever lines are empty; else None."""
        for said in self._header:
            while place < len(self._lines) and not self._lines[place].strip():
                place += 1
            if place >= len(self._lines) or normalise(self._lines[place]) != said:
                return None
            place += 1
        return place

    def _begins_other_table(self, place: int, line: str) -> bool:
        """Whether another table's header begins at a line."""
        said = fold(line)
        if not any(
            said == word or said.startswith(f"{word} ")
            for word in load_column_words()["header"]["number"]["strong"]
        ):
            return False
        other = _find_header(self._lines[place : place + 2 * MOST_HEADER_LINES])
        return other is not None and other[0] == 0

    def _is_page_number(self, place: int) -> bool:
        """Whether the next line that says something begins the repeated header: then a number before it is a page's."""
        following = next((normalise(line) for line in self._lines[place + 1 :] if line.strip()), "")
        return following == self._header[0]


def _find_hard_breaks(lines: list[str]) -> bool | None:
    """Which line breaks end a cell: True, those with an empty line; False, those without one; None, all may.

    Some extractions put an empty line after every visual line, but not where the next column begins on another
    height: many lines then begin small after an empty line. Others put one after every cell: then hardly any does.
    """
    said = [line.strip() for line in lines]
    touching = sum(bool(a) and bool(b) for a, b in pairwise(said))
    after_empty = [b for a, b in pairwise(said) if b and not a]
    if touching > 0.45 * sum(map(bool, said)) or not after_empty:
        return None
    small = sum(text[0].islower() for text in after_empty)
    if small > 0.1 * len(after_empty):
        return False
    return True if small < 0.03 * len(after_empty) else None


@dataclass
class _RowCounter:
    """The numbers so far: a row begins only with a number that can come next."""

    _section: int = 0
    _letter: int = 0
    _last: tuple[int, ...] = ()
    _after_heading: bool = True

    def read_number(self, line: str) -> tuple[str, str, bool] | None:
        """The number of the row that `line` begins, the rest of it, whether it is a heading; None for no new row."""
        first, _, rest = line.partition(" ")
        label = first.rstrip(".)")
        if not rest or rest.isupper():
            if label == format_roman(self._section + 1):
                self._section, self._after_heading = self._section + 1, True
                return label, rest, True
            if label == _LETTERS[self._letter] and rest:
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
        """The numbers that may come: the next of each level, the first below, after a heading also 1 again."""
        last = self._last
        following = {(*last[:depth], last[depth] + 1) for depth in range(len(last))} | {(*last, 1)}
        return following | {(1,)} if self._after_heading else following


def _split_words(line: str, new: str) -> list[RunOnWord]:
    """The words of a visual line; a bullet and the word after it are one."""
    result: list[RunOnWord] = []
    bullet = ""
    for text in line.split():
        if text in "-–+*•":
            bullet = f"{text} "
            continue
        whole = bullet + text
        result.append(RunOnWord(whole, fold(whole), new if not result else ""))
        bullet = ""
    return result
