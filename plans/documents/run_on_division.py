"""Dividing a row of run-on words into its columns: the cheapest division wins.

What a division costs is told by what columns look like (a product, an agency, a time), by how wide each is, and by
which breaks can be a column's edge. The costs are below; they are compared only with one another.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from heapq import nsmallest
from itertools import accumulate, pairwise
from typing import NamedTuple

from language.agencies.directory import load_standard_directory
from plans.tables.blocks import Row, TableCell
from plans.tables.columns import Role, load_column_words
from plans.tables.patterns import UPPER_LETTER

LEARNT_FROM = 30  # rows, from all over the table, from which the widths of the columns are learnt
WIDEST = 0.98  # share of the lines that are no wider than their column
MOST_COMPARED = 6  # divisions of a row that are compared by the names in them
MOST_COMPARED_TORN = (
    250  # the same where a page break tore the row: there the words alone tell little
)
LONGEST_COMPARED = 250  # words; of a longer part only the cheapest division is looked for

UNKNOWN_AGENCY = 6.0  # what an unknown agency costs
EACH_AGENCY = 0.5  # what each agency costs: of two readings the one with fewer is likelier
WHOLE_BEFORE = 3.0  # what more words cost after a page break when the names before it were whole
OPEN_END = 6.0  # a cell that ends in the middle of a list or a name
_AGENCY_ROLES: tuple[Role, ...] = ("lead", "partners")
# An empty column, by its role.
EMPTY: dict[Role, float] = {"title": 40, "deliverables": 4, "lead": 8, "partners": 5, "deadline": 8}
TORN_EMPTY = 0.5  # an empty column of a torn part
MID_LINE = 1.5  # a column that begins within a line
LONGER_BESIDE = 4.0  # a cell of several lines that begins within a line
BULLET_INSIDE = 4.0  # a bullet in a list of agencies that does not begin with one
AGENCY_INSIDE = 3.0  # an agency that begins within another's name
HARD_START = -2.0  # a column that begins where a cell ends
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

_YEAR = re.compile(r"\d{4}")
UPPER = re.compile(rf"^[\"“(]?{UPPER_LETTER}")
BULLET = re.compile(r"^[-–+*•]\s?\S")


class RunOnWord(NamedTuple):
    """A word of a row. `new` says what is before it: "" a blank, "soft" a line break, "hard" one that divides cells."""

    text: str
    folded: str
    break_before: str


@dataclass
class RawRow:
    """A row before its columns are known: its number, and its words, one list a page that it stands on."""

    number: str
    line: int
    parts: list[list[RunOnWord]] = field(default_factory=list)
    is_heading: bool = False
    has_words_beside: bool = False  # words stand on the number's line


def divide_rows(rows: Sequence[RawRow], roles: Sequence[Role]) -> Iterator[Row]:
    """The rows with their columns: twice to learn how wide each column is, then with the widths known."""
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
    """Whether cells stand at the top of their rows: then the number and the first words are on one line."""
    tasks = [row for row in rows if not row.is_heading]
    return sum(row.has_words_beside for row in tasks) > 0.8 * len(tasks)


Division = dict[Role, list[RunOnWord]]


def _join_cell(parts: list[Division], role: Role) -> str:
    """The text of a cell over all its pages: bullets on lines of their own, other lines joined."""
    lines: list[str] = []
    for part in parts:
        for word in part[role]:
            if word.break_before and lines and not BULLET.match(word.text):
                lines[-1] += f" {word.text}"
            elif not lines or (word.break_before and BULLET.match(word.text)):
                lines.append(word.text)
            else:
                lines[-1] += f" {word.text}"
    return "\n".join(lines)


def _measure_widths(divided: list[list[Division]], columns: list[Role]) -> dict[Role, int]:
    """How many letters a line of each column holds: nearly the longest line found in it."""
    lengths: dict[Role, list[int]] = {role: [] for role in columns}
    for parts in divided:
        for part in parts:
            for role in columns:
                lengths[role] += _measure_lines(part[role])
    return {
        role: sorted(found)[int((len(found) - 1) * WIDEST)]
        for role, found in lengths.items()
        if found
    }


def _measure_lines(span: list[RunOnWord]) -> list[int]:
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
    """The cheapest division of a row's parts. The nearest few are compared by whether their agencies are known."""
    found: list[tuple[float, list[Division]]] = [(0.0, [])]
    for part in filter(None, row.parts):
        torn = bool(found[0][1])
        kept = (
            (MOST_COMPARED_TORN if torn else MOST_COMPARED)
            if compare and len(part) <= LONGEST_COMPARED
            else 1
        )
        divisions = _Divider(part, columns, widths, torn, top).find_best(kept)
        before = found[:2] if torn else found
        ways = ((cost + more, [*parts, one]) for cost, parts in before for more, one in divisions)
        found = nsmallest(kept, ways, key=lambda way: way[0])
    if not compare or len(found) == 1:
        return found[0][1]
    return min(
        found, key=lambda way: way[0] + _price_names(way[1]) + _price_page_breaks(way[1], widths)
    )[1]


def _price_names(parts: list[Division]) -> float:
    """What the names in the lead and partner cells cost: unknown ones, and lists that end in the middle."""
    cost = 0.0
    for role in _AGENCY_ROLES:
        if role not in parts[-1]:
            continue
        text = _join_cell(parts, role)
        named, unknown = _count_agencies(text)
        cost += (
            UNKNOWN_AGENCY * unknown
            + EACH_AGENCY * named
            + (OPEN_END if text.endswith((",", ";")) else 0.0)
        )
        before = _join_cell(parts[:-1], role)
        if (
            before
            and parts[-1][role]
            and not before.endswith((",", ";"))
            and not _count_agencies(before)[1]
        ):
            cost += WHOLE_BEFORE
    return cost


def _price_page_breaks(parts: list[Division], widths: dict[Role, int]) -> float:
    """What it costs that a cell goes on after a page break although its last line had room for the next word."""
    cost = 0.0
    for before, after in pairwise(parts):
        for role, span in after.items():
            if not span or not before[role] or (role != "title" and BULLET.match(span[0].text)):
                continue
            room = (
                widths.get(role, 0)
                - SLACK
                - _measure_lines(before[role])[-1]
                - 1
                - len(span[0].text)
            )
            cost += EARLY_BREAK if room >= 0 else 0.0
    return cost


@lru_cache(maxsize=4096)
def _count_agencies(text: str) -> tuple[int, int]:
    """How many agencies a text names, and how many of them are unknown."""
    found = load_standard_directory().read_cell(text) if text else []
    return len(found), sum(not named.is_known for named in found)


class _Divider:
    """Divides one part of a row. `torn` parts go on with the cells of the page before: their columns begin anyhow."""

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

    def _count_before(self, tells: Callable[[int], bool]) -> list[int]:
        """How many of the words before each place `tells` is true of."""
        return [0, *accumulate(int(tells(place)) for place in range(len(self._words)))]

    def _may_begin(self, place: int) -> bool:
        word = self._words[place]
        return self._torn or bool(UPPER.match(word.text) or BULLET.match(word.text))

    def find_best(self, most: int) -> list[tuple[float, Division]]:
        """The `most` cheapest divisions, cheapest first."""
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
        first = self._words[start]
        cost = (HARD_START if first.break_before == "hard" else 0.0) + self._price_start_in_line(
            start, stop
        )
        cost += self._price_breaks(role, start, stop)
        if not self._torn:
            cost += self._price_content(role, start, stop)
        elif role == "deadline":
            cost += max(0.0, self._price_time("", start, stop) - WRONG_START / 2)
        return cost

    def _price_start_in_line(self, start: int, stop: int) -> float:
        """What a column costs that begins within a line, beside the single line of the cell before."""
        if start == 0 or self._words[start].break_before:
            return 0.0
        return MID_LINE + (
            self._longer_beside if self._breaks[start + 1] != self._breaks[stop] else 0.0
        )

    def _list_stops(self, start: int) -> list[int]:
        """Where a column that begins at `start` may end: at a line's end, or within its first line.

        Two cells stand on one line only when the first has a single line.
        """
        stops = [place for place in self._lines if place >= start]
        if start == len(self._words):
            return stops
        line = self._breaks[start + 1]
        return stops + [
            place for place in self._inner if place >= start and self._breaks[place + 1] == line
        ]

    def _price_breaks(self, role: Role, start: int, stop: int) -> float:
        """What the breaks inside a column and its end cost."""
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
        """What each further word of a column that begins at `start` costs: breaks that need not be, lines too wide."""
        width = self._widths.get(role, ANY_WIDTH)
        length = 0
        for place in range(start, len(self._words)):
            word = self._words[place]
            cost = 0.0
            if word.break_before and place > start:
                cost += HARD_INSIDE if word.break_before == "hard" else 0.0
                room = width != ANY_WIDTH and length + 1 + len(word.text) <= width - SLACK
                ended = self._words[place - 1].text.endswith((";", ".", ":", "/"))
                cost += EARLY_BREAK if room and not ended and not BULLET.match(word.text) else 0.0
                length = 0
            before = length
            length += len(word.text) + (1 if length else 0)
            yield cost + (TOO_WIDE if before <= width + SLACK < length else 0.0)

    def _price_content(self, role: Role, start: int, stop: int) -> float:
        """How much a span looks like what its column holds."""
        first = self._words[start]
        said = " ".join(word.folded for word in self._words[start : min(start + 3, stop)]).lstrip(
            "-–+*• "
        )
        capital = bool(UPPER.match(first.text) or BULLET.match(first.text))
        if role in ("lead", "partners"):
            return self._price_agency(role, said, start, stop, capital)
        if role == "deadline":
            return self._price_time(said, start, stop)
        if role in ("requirement", "other"):
            return 0.0 if capital or first.text[:1].isdigit() else WRONG_START
        if role == "deliverables":
            return (GOOD_START if _begins_with(said, self._products) else 0.0) + (
                0.0 if capital else WRONG_START
            )
        return 0.0 if capital or first.text[:1].isdigit() else 3.0

    def _price_agency(self, role: Role, said: str, start: int, stop: int, capital: bool) -> float:
        agency = _begins_with(said, self._agencies) and not _begins_with(said, self._others)
        cost = GOOD_START if agency else WRONG_START
        cost += 0.0 if capital else 3.0
        cost += WRONG_START * (self._years[stop] - self._years[start])
        cost += 3.0 if stop - start > 30 else 0.0
        if not BULLET.match(self._words[start].text):
            cost += BULLET_INSIDE * (self._bullets[stop] - self._bullets[start])
        return cost + AGENCY_INSIDE * (self._names[stop] - self._names[start + 1])

    def _begins_agency(self, place: int) -> bool:
        """Whether an agency begins at a word without anything that divides it from the one before."""
        if place == 0:
            return False
        word, before = self._words[place], self._words[place - 1]
        if (
            not word.text[0].isupper()
            or before.text.endswith((",", ";", ":", "-", "/"))
            or before.folded in self._links
        ):
            return False
        return _begins_with(
            " ".join(one.folded for one in self._words[place : place + 2]), self._agencies
        )

    def _is_time(self, place: int) -> bool:
        word = self._words[place]
        return (word.folded in ("quy", "thang", "nam") and word.text[0].isupper()) or bool(
            _YEAR.search(word.folded)
        )

    def _price_time(self, said: str, start: int, stop: int) -> float:
        tells = any(
            word.folded.lstrip("-–+*• ") in self._times
            or any(sign.isdigit() for sign in word.folded)
            for word in self._words[start:stop]
        )
        first = self._words[start].text
        if said.split(" ")[0] in self._times:
            begins = TIME_START
        else:
            begins = (
                LABEL_START
                if tells and (BULLET.match(first) or UPPER.match(first))
                else WRONG_START / 2
            )
        small = 0.0 if UPPER.match(first) or BULLET.match(first) else SMALL_START
        return begins + small + (0.0 if tells else 10.0) + (3.0 if stop - start > 40 else 0.0)


@lru_cache(maxsize=8192)
def _begins_with(said: str, starts: tuple[str, ...]) -> bool:
    return any(
        said == start or said.startswith((f"{start} ", f"{start},", f"{start};", f"{start}/"))
        for start in starts
    )
