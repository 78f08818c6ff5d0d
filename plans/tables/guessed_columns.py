"""Guesses the columns of a table without a header by what its cells hold."""

import re
from collections.abc import Callable

from language.text import fold
from plans.tables.blocks import Table, TableCell
from plans.tables.columns import Columns, Role, load_column_words
from plans.tables.numerals import parse_number
from plans.tables.patterns import compile_pattern

FEWEST_ROWS = 3
LONGEST_TIME = 600  # characters of a cell with times, which may list several
LONGEST_AGENCIES = 300  # characters of a cell with agencies
LEAST_SHARE = 0.5  # share of a column's texts that must be of the kind

_TIME = compile_pattern("any_time")
_BARE_TIME = compile_pattern("bare_time")
_BULLET = re.compile(r"^[-+\s]+")


def guess_columns(table: Table) -> Columns | None:
    """Return the columns of a table without a header, or None if it is no table of tasks.

    The number column holds numbers, the deadline column times. The first column of agencies is
    the lead, the next the partners; of the rest the first is the title, the others deliverables.
    """
    body = [
        row
        for row in table.rows
        if sum(bool(cell.text) and not cell.merged_left for cell in row.cells) >= 3
    ]
    if len(body) < FEWEST_ROWS or table.width < 4:
        return None
    columns = [[row.cells[place] for row in body] for place in range(table.width)]
    roles: list[Role | None] = [None] * table.width
    if _measure_share(columns[0], _is_number_cell) >= LEAST_SHARE:
        roles[0] = "number"
    times = [
        (_measure_share(cells, is_time), place)
        for place, cells in enumerate(columns)
        if roles[place] is None
    ]
    share, place = max(times)
    if share >= LEAST_SHARE:
        roles[place] = "deadline"
    for place, cells in enumerate(columns):
        if roles[place] is None and _measure_share(cells, begins_with_agency) >= LEAST_SHARE:
            roles[place] = "partners" if "lead" in roles else "lead"
    for place in range(table.width):
        if roles[place] is None and any(cell.text for cell in columns[place]):
            roles[place] = "deliverables" if "title" in roles else "title"
    if not {"title", "lead", "deadline"} <= set(roles):
        return None
    return Columns(range(0), tuple(roles))


def _measure_share(cells: list[TableCell], fits: Callable[[str], bool]) -> float:
    """Return the share (0 to 1) of the texts in `cells` that `fits` is true of."""
    texts = [cell.text for cell in cells if cell.text.strip(" -")]
    return sum(map(fits, texts)) / len(texts) if texts else 0.0


def is_time(text: str) -> bool:
    """Return whether a cell holds a time, or nothing but years."""
    folded = fold(text)
    found = _TIME.search(folded) or _BARE_TIME.match(" ".join(folded.split()))
    return len(text) < LONGEST_TIME and bool(found)


def begins_with_agency(text: str) -> bool:
    """Return whether a cell begins with a word that agencies begin with."""
    folded = _BULLET.sub("", fold(text)).replace(",", " ") + " "
    starts = tuple(f"{start} " for start in load_column_words()["run_on"]["agencies"])
    return len(text) < LONGEST_AGENCIES and folded.startswith(starts)


def may_have_columns(table: Table, columns: Columns) -> bool:
    """Return whether the number, deadline and lead columns hold numbers, times and agencies."""
    checks: tuple[tuple[Role, Callable[[str], bool]], ...] = (
        ("number", _is_number_cell),
        ("deadline", is_time),
        ("lead", begins_with_agency),
    )
    for role, is_of_kind in checks:
        for place in columns.find_columns(role):
            cells = [row.cells[place] for row in table.rows if not row.cells[place].merged_left]
            if any(cell.text for cell in cells) and _measure_share(cells, is_of_kind) < LEAST_SHARE:
                return False
    return bool(table.rows)


def _is_number_cell(text: str) -> bool:
    return parse_number(text) is not None
