"""The columns of a table that has lost its header: told by what stands in them."""

import re
from collections.abc import Callable

from language.text import fold
from plans.tables.blocks import Cell, Table
from plans.tables.columns import Columns, Role, words
from plans.tables.numerals import parse
from plans.tables.patterns import pattern

FEWEST_ROWS = 3
ENOUGH = 0.5  # share of a column's texts that must be of the kind

_TIME = pattern("any_time")
_BULLET = re.compile(r"^[-+\s]+")


def guess(table: Table) -> Columns | None:
    """The columns of a table without a header, or None where it is no table of tasks.

    The number column holds numbers; the deadline column times; the first column of agencies is the lead, the next
    the partners; of what is left the first is the title and the others are deliverables.
    """
    body = [row for row in table.rows if sum(bool(cell.text) and not cell.across for cell in row.cells) >= 3]
    if len(body) < FEWEST_ROWS or table.width < 4:
        return None
    columns = [[row.cells[place] for row in body] for place in range(table.width)]
    roles: list[Role | None] = [None] * table.width
    if _share(columns[0], _is_number) >= ENOUGH:
        roles[0] = "number"
    times = [(_share(cells, _tells_time), place) for place, cells in enumerate(columns) if roles[place] is None]
    share, place = max(times)
    if share >= ENOUGH:
        roles[place] = "deadline"
    for place, cells in enumerate(columns):
        if roles[place] is None and _share(cells, _names_agency) >= ENOUGH:
            roles[place] = "partners" if "lead" in roles else "lead"
    for place in range(table.width):
        if roles[place] is None and any(cell.text for cell in columns[place]):
            roles[place] = "deliverables" if "title" in roles else "title"
    if not {"title", "lead", "deadline"} <= set(roles):
        return None
    return Columns(range(0), tuple(roles))


def _share(cells: list[Cell], fits: Callable[[str], bool]) -> float:
    said = [cell.text for cell in cells if cell.text.strip(" -")]
    return sum(map(fits, said)) / len(said) if said else 0.0


def _tells_time(text: str) -> bool:
    return len(text) < 600 and bool(_TIME.search(fold(text)))


def _names_agency(text: str) -> bool:
    said = _BULLET.sub("", fold(text)).replace(",", " ") + " "
    return len(text) < 300 and said.startswith(tuple(f"{start} " for start in words()["run_on"]["agencies"]))


def fits(table: Table, columns: Columns) -> bool:
    """Whether what stands in a table's columns is what `columns` says: numbers, times, agencies."""
    checks: tuple[tuple[Role, Callable[[str], bool]], ...] = (
        ("number", _is_number),
        ("deadline", _tells_time),
        ("lead", _names_agency),
    )
    for role, told in checks:
        for place in columns.of(role):
            cells = [row.cells[place] for row in table.rows if not row.cells[place].across]
            if any(cell.text for cell in cells) and _share(cells, told) < ENOUGH:
                return False
    return bool(table.rows)


def _is_number(text: str) -> bool:
    return parse(text) is not None
