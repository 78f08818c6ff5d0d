"""Divides a row of run-on words into its columns: the cheapest division wins.

A division costs less the more its columns look like what they should hold (a product, an agency, a
time), the better the lines fit the widths, and the more its edges are at line breaks. The costs
below are compared only with one another.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from heapq import nsmallest
from itertools import accumulate, pairwise
from typing import NamedTuple

from language.agencies.cells import read_agency_cell
from language.agencies.directory import load_standard_directory
from plans.tables.blocks import Row, TableCell
from plans.tables.columns import Role, load_column_words
from plans.tables.patterns import UPPER_LETTER

LEARNT_FROM = 30  # rows, from all over the table, from which the widths of the columns are learnt
WIDEST = 0.98  # share of the lines that are no wider than their column
MOST_COMPARED = 6  # divisions of a row that are compared by the names in them
MOST_COMPARED_TORN = 250  # the same for a row torn by a page break, whose words alone tell little
LONGEST_COMPARED = 250  # words; of a longer part only the cheapest division is looked for

UNKNOWN_AGENCY = 6.0  # an agency that the directory does not know
EACH_AGENCY = 0.5  # any agency: of two readings the one with fewer is likelier
WHOLE_BEFORE = 3.0  # more names after a page break although those before it were whole
OPEN_END = 6.0  # a cell that ends in the middle of a list or a name
_AGENCY_ROLES: tuple[Role, ...] = ("lead", "partners")
# An empty column, by its role.
EMPTY: dict[Role, float] = {"title": 40, "deliverables": 4, "lead": 8, "partners": 5, "deadline": 8}
TORN_EMPTY = 0.5  # an empty column of a torn part
MID_LINE = 1.5  # a column that begins within a line
LONGER_BESIDE = 4.0  # a cell of several lines that begins within a line
BULLET_INSIDE = 4.0  # a bullet in a list of agencies that does not begin with one
AGENCY_INSIDE = 3.0  # an agency that begins within another's name
HARD_START = -2.0  # a column that begins at the end of a cell
HARD_INSIDE = 5.0  # a cell that ends inside a column
EARLY_BREAK = 3.0  # a line that is broken although the next word had room
TOO_WIDE = 4.0  # a line wider than its column
SLACK = 2  # letters
ANY_WIDTH = 10_000  # letters: no width is known yet
TIME_START = -5.0  # a time that begins with a word of time
LABEL_START = -2.5  # one that begins with what is to be done ("- Báo cáo trước ngày ...")
SMALL_START = 1.5  # a time that begins with a small letter
WRONG_START = 8.0  # a column that begins as it never does
GOOD_START = -4.0  # one that begins as it often does
NO_TIME = 10.0  # a deadline column without a word of time or a digit

_LIST_SIGNS = (",", ";")
_BULLET_SIGNS = "-–+*• "
_YEAR = re.compile(r"\d{4}")
UPPER = re.compile(rf"^[\"“(]?{UPPER_LETTER}")
BULLET = re.compile(r"^[-–+*•]\s?\S")


class RunOnWord(NamedTuple):
    """A word; `break_before` is "", "soft" (a line break) or "hard" (the end of a cell)."""

    text: str
    folded: str
    break_before: str


@dataclass
class RawRow:
    """A row before its columns are known: its number, and its words, one list for each page."""

    number: str
    line: int
    parts: list[list[RunOnWord]] = field(default_factory=list)
    is_heading: bool = False
    has_words_beside: bool = False  # words stand on the number's line


def divide_rows(rows: Sequence[RawRow], roles: Sequence[Role]) -> Iterator[Row]:
    """Yield the rows divided into the columns of `roles`.

    A sample is divided twice to learn how wide each column is, then all rows with these widths.
    """
    columns: list[Role] = [role for role in roles if role != "number"]
    top = _are_cells_at_top(rows)
    tasks = [row for row in rows if not row.is_heading]
    sample = tasks[:: max(1, len(tasks) // LEARNT_FROM)]
    widths: dict[Role, int] = {}
    for _ in range(2):
        learnt = [_divide_row(row, columns, widths, top, compare=False) for row in sample]
        widths = _measure_widths(learnt, columns)
    divided = [
        [] if row.is_heading else _divide_row(row, columns, widths, top, compare=True)
        for row in rows
    ]
    for row, cells in zip(rows, divided, strict=True):
        if row.is_heading:
            title = " ".join(word.text for part in row.parts for word in part)
            texts = {"title": title, "number": row.number}
        else:
            texts = {"number": row.number, **{role: _join_cell(cells, role) for role in columns}}
        yield Row(tuple(TableCell(texts.get(role, "")) for role in roles), row.line)


def _are_cells_at_top(rows: Sequence[RawRow]) -> bool:
    """Return whether cells stand at the top of their rows, with words on the number's line."""
    tasks = [row for row in rows if not row.is_heading]
    return sum(row.has_words_beside for row in tasks) > 0.8 * len(tasks)


Division = dict[Role, list[RunOnWord]]


def _join_cell(parts: list[Division], role: Role) -> str:
    """Return the text of a cell over all its pages, with bullets on lines of their own."""
    lines: list[str] = []
    for part in parts:
        for word in part[role]:
            if not lines or (word.break_before and BULLET.match(word.text)):
                lines.append(word.text)
            else:
                lines[-1] += f" {word.text}"
    return "\n".join(lines)


def _measure_widths(divided: list[list[Division]], columns: list[Role]) -> dict[Role, int]:
    """Return how many letters a line of each column holds: nearly its longest line."""
    lengths: dict[Role, list[int]] = {role: [] for role in columns}
    for parts in divided:
        for part in parts:
            for role in columns:
                lengths[role] += _measure_lines(part[role])
    return {
        role: sorted(measured)[int((len(measured) - 1) * WIDEST)]
        for role, measured in lengths.items()
        if measured
    }


def _measure_lines(span: list[RunOnWord]) -> list[int]:
    """Return how many letters each line of `span` has."""
    lengths: list[int] = []
    for word in span:
        if word.break_before or not lengths:
            lengths.append(len(word.text))
        else:
            lengths[-1] += 1 + len(word.text)
    return lengths


def _divide_row(
    row: RawRow, columns: list[Role], widths: dict[Role, int], top: bool, compare: bool
) -> list[Division]:
    """Return the cheapest division of each part of a row.

    With `compare` the cheapest few are also compared by the agencies that they name.
    """
    best: list[tuple[float, list[Division]]] = [(0.0, [])]
    for part in filter(None, row.parts):
        torn = bool(best[0][1])
        most = 1
        if compare and len(part) <= LONGEST_COMPARED:
            most = MOST_COMPARED_TORN if torn else MOST_COMPARED
        divisions = _Divider(part, columns, widths, torn, top).find_best(most)
        before = best[:2] if torn else best
        ways = ((cost + more, [*parts, one]) for cost, parts in before for more, one in divisions)
        best = nsmallest(most, ways, key=lambda way: way[0])
    if not compare or len(best) == 1:
        return best[0][1]

    def price(way: tuple[float, list[Division]]) -> float:
        return way[0] + _price_names(way[1]) + _price_page_breaks(way[1], widths)

    return min(best, key=price)[1]


def _price_names(parts: list[Division]) -> float:
    """Return what the names in the lead and partner cells cost: unknown ones, unfinished lists."""
    cost = 0.0
    for role in _AGENCY_ROLES:
        if role not in parts[-1]:
            continue
        text = _join_cell(parts, role)
        agencies, unknown = _count_agencies(text)
        cost += UNKNOWN_AGENCY * unknown + EACH_AGENCY * agencies
        cost += OPEN_END if text.endswith(_LIST_SIGNS) else 0.0
        before = _join_cell(parts[:-1], role)
        is_whole = before and not before.endswith(_LIST_SIGNS) and not _count_agencies(before)[1]
        cost += WHOLE_BEFORE if is_whole and parts[-1][role] else 0.0
    return cost


def _price_page_breaks(parts: list[Division], widths: dict[Role, int]) -> float:
    """Return what cells cost that continue on a new page although the next word had room before."""
    cost = 0.0
    for before, after in pairwise(parts):
        for role, span in after.items():
            if not span or not before[role] or (role != "title" and BULLET.match(span[0].text)):
                continue
            length = _measure_lines(before[role])[-1] + 1 + len(span[0].text)
            cost += EARLY_BREAK if length <= widths.get(role, 0) - SLACK else 0.0
    return cost


@lru_cache(maxsize=4096)
def _count_agencies(text: str) -> tuple[int, int]:
    """Return how many agencies a text names, and how many of them are unknown."""
    mentions = read_agency_cell(load_standard_directory(), text) if text else []
    return len(mentions), sum(not mention.is_known for mention in mentions)


class _Divider:
    """Divides one part of a row; a `torn` part continues cells, which then begin anyhow."""

    def __init__(
        self,
        part: list[RunOnWord],
        columns: list[Role],
        widths: dict[Role, int],
        torn: bool,
        top: bool,
    ) -> None:
        self._words = part
        self._columns = columns
        self._widths = widths
        self._torn = torn
        self._longer_beside = 0.0 if top else LONGER_BESIDE
        data = load_column_words()["run_on"]
        self._agencies = tuple(data["agencies"])
        self._products = tuple(data["products"])
        self._others = tuple(data["no_agencies"])
        self._times = frozenset(data["times"])
        self._units = frozenset(data["units"])
        self._open = frozenset(data["open_ends"])
        self._links = frozenset(data["links"])
        self._inside: dict[tuple[Role, int], list[float]] = {}
        self._lines = [*(i for i in range(len(part)) if i == 0 or part[i].break_before), len(part)]
        self._inner = [
            i for i in range(1, len(part)) if not part[i].break_before and self._may_begin(i)
        ]
        self._breaks = self._count_before(lambda place: bool(part[place].break_before))
        self._bullets = self._count_before(lambda place: bool(BULLET.match(part[place].text)))
        self._years = self._count_before(self._is_time)
        self._names = self._count_before(self._begins_agency)

    def _count_before(self, is_counted: Callable[[int], bool]) -> list[int]:
        """Return for each place how many of the words before it `is_counted` is true of."""
        return [0, *accumulate(int(is_counted(place)) for place in range(len(self._words)))]

    def _may_begin(self, place: int) -> bool:
        word = self._words[place]
        return self._torn or bool(UPPER.match(word.text) or BULLET.match(word.text))

    def find_best(self, most: int) -> list[tuple[float, Division]]:
        """Return the `most` cheapest divisions, cheapest first."""
        table: dict[int, list[tuple[float, tuple[int, ...]]]] = {0: [(0.0, (0,))]}
        for column in self._columns:
            after: dict[int, list[tuple[float, tuple[int, ...]]]] = {}
            last = column == self._columns[-1]
            for start, ways in table.items():
                for stop in [len(self._words)] if last else self._list_stops(start):
                    cost = self._price_column(column, start, stop)
                    after.setdefault(stop, []).extend(
                        (total + cost, (*cuts, stop)) for total, cuts in ways
                    )
            table = {stop: nsmallest(most, ways) for stop, ways in after.items()}
        return [(cost, self._make_division(cuts)) for cost, cuts in table.get(len(self._words), [])]

    def _make_division(self, cuts: tuple[int, ...]) -> Division:
        return {role: self._words[cuts[i] : cuts[i + 1]] for i, role in enumerate(self._columns)}

    def _price_column(self, role: Role, start: int, stop: int) -> float:
        if start == stop:
            return TORN_EMPTY if self._torn else EMPTY.get(role, 3.0)
        cost = HARD_START if self._words[start].break_before == "hard" else 0.0
        cost += self._price_start_in_line(start, stop) + self._price_breaks(role, start, stop)
        if not self._torn:
            cost += self._price_content(role, start, stop)
        elif role == "deadline":
            cost += max(0.0, self._price_time("", start, stop) - WRONG_START / 2)
        return cost

    def _price_start_in_line(self, start: int, stop: int) -> float:
        """Return what a column costs that begins within a line, beside the cell before."""
        if start == 0 or self._words[start].break_before:
            return 0.0
        is_longer = self._breaks[start + 1] != self._breaks[stop]
        return MID_LINE + (self._longer_beside if is_longer else 0.0)

    def _list_stops(self, start: int) -> list[int]:
        """Return the places at which a column may end: at a line's end, or within its first line.

        Two cells stand on one line only if the first has a single line.
        """
        stops = [place for place in self._lines if place >= start]
        if start == len(self._words):
            return stops
        line = self._breaks[start + 1]
        return stops + [
            place for place in self._inner if place >= start and self._breaks[place + 1] == line
        ]

    def _price_breaks(self, role: Role, start: int, stop: int) -> float:
        """Return what the breaks inside a column and its end cost."""
        inside = self._inside.get((role, start))
        if inside is None:
            inside = self._inside[role, start] = list(accumulate(self._price_words(role, start)))
        cost = inside[stop - start - 1]
        end = self._words[stop - 1].text
        if end.endswith(",") or end in self._open:
            cost += OPEN_END
        elif end.endswith(";"):
            cost += 2.0 if role == "deliverables" else 4.0
        return cost

    def _price_words(self, role: Role, start: int) -> Iterator[float]:
        """Yield what each word of a column costs: a break without need, a line too wide."""
        width = self._widths.get(role, ANY_WIDTH)
        length = 0
        for place in range(start, len(self._words)):
            word = self._words[place]
            cost = 0.0
            if word.break_before and place > start:
                cost += HARD_INSIDE if word.break_before == "hard" else 0.0
                room = width != ANY_WIDTH and length + 1 + len(word.text) <= width - SLACK
                is_end = self._words[place - 1].text.endswith((";", ".", ":", "/"))
                cost += EARLY_BREAK if room and not is_end and not BULLET.match(word.text) else 0.0
                length = 0
            before = length
            length += len(word.text) + (1 if length else 0)
            yield cost + (TOO_WIDE if before <= width + SLACK < length else 0.0)

    def _price_content(self, role: Role, start: int, stop: int) -> float:
        """Return what a span costs by its first words and by what its column should hold."""
        first = self._words[start]
        words = self._words[start : min(start + 3, stop)]
        begin = " ".join(word.folded for word in words).lstrip(_BULLET_SIGNS)
        capital = bool(UPPER.match(first.text) or BULLET.match(first.text))
        if role in ("lead", "partners"):
            return self._price_agency(begin, start, stop, capital)
        if role == "deadline":
            return self._price_time(begin, start, stop)
        if role in ("requirement", "other"):
            return 0.0 if capital or first.text[:1].isdigit() else WRONG_START
        if role == "deliverables":
            is_product = _begins_with(begin, self._products)
            return (GOOD_START if is_product else 0.0) + (0.0 if capital else WRONG_START)
        return 0.0 if capital or first.text[:1].isdigit() else 3.0

    def _price_agency(self, begin: str, start: int, stop: int, capital: bool) -> float:
        is_agency = _begins_with(begin, self._agencies) and not _begins_with(begin, self._others)
        cost = GOOD_START if is_agency else WRONG_START
        cost += 0.0 if capital else 3.0
        cost += WRONG_START * (self._years[stop] - self._years[start])
        cost += 3.0 if stop - start > 30 else 0.0
        if not BULLET.match(self._words[start].text):
            cost += BULLET_INSIDE * (self._bullets[stop] - self._bullets[start])
        return cost + AGENCY_INSIDE * (self._names[stop] - self._names[start + 1])

    def _begins_agency(self, place: int) -> bool:
        """Return whether an agency begins at a word that nothing separates from the one before."""
        if place == 0:
            return False
        word, before = self._words[place], self._words[place - 1]
        is_separate = before.text.endswith((",", ";", ":", "-", "/"))
        if not word.text[0].isupper() or is_separate or before.folded in self._links:
            return False
        begin = " ".join(one.folded for one in self._words[place : place + 2])
        return _begins_with(begin, self._agencies)

    def _is_time(self, place: int) -> bool:
        word = self._words[place]
        is_unit = word.folded in self._units and word.text[0].isupper()
        return is_unit or bool(_YEAR.search(word.folded))

    def _price_time(self, begin: str, start: int, stop: int) -> float:
        has_time = any(
            word.folded.lstrip(_BULLET_SIGNS) in self._times or any(map(str.isdigit, word.folded))
            for word in self._words[start:stop]
        )
        first = self._words[start].text
        is_small = not (UPPER.match(first) or BULLET.match(first))
        if begin.split(" ")[0] in self._times:
            cost = TIME_START
        else:
            cost = LABEL_START if has_time and not is_small else WRONG_START / 2
        cost += SMALL_START if is_small else 0.0
        return cost + (0.0 if has_time else NO_TIME) + (3.0 if stop - start > 40 else 0.0)


@lru_cache(maxsize=8192)
def _begins_with(text: str, starts: tuple[str, ...]) -> bool:
    """Return whether `text` begins with one of `starts` as whole words."""
    return any(f"{text} ".startswith(tuple(f"{start}{end}" for end in " ,;/")) for start in starts)
