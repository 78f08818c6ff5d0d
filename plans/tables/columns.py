"""Finds the header of a table of tasks and what each column is, whatever their order and words; else by the content."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

from language.text import fold
from locales.data import load_data
from plans.tables.blocks import Row, Table

Role = Literal[
    "number",
    "section",
    "title",
    "lead",
    "partners",
    "deliverables",
    "deadline",
    "requirement",
    "other",
]
ROLES: tuple[Role, ...] = (
    "number",
    "section",
    "title",
    "lead",
    "partners",
    "deliverables",
    "deadline",
    "requirement",
    "other",
)

MOST_HEADER_ROWS = 3  # rows of one header
FEWEST_MARKS = 2  # columns of times that are ticked
FEWEST_COLUMNS = 3  # columns that a header's first row names
LONGEST_HEADER_CELL = 120  # characters
STRONG_WORD = 100  # what a strong word is worth above its length

_PUNCTUATION = re.compile(r"[^a-z0-9%]+")
_ORDER_ROW = re.compile(r"^\(?\s*(?:\d{1,2}|[a-h])\s*\)?(?:\s*=.*)?$")
_NUMERAL = re.compile(r"^(?:[ivxlc]+|[a-z]|\d+(?:[.,]\d+)*)\s*[.)/]?$|^[-+*]?$")


def load_column_words() -> dict[str, Any]:
    """The data of `locales/vi/columns.toml`."""
    return load_data("columns")


def fold_to_words(text: str) -> str:
    """`text` folded, with every run of other signs than letters and digits one blank."""
    return _PUNCTUATION.sub(" ", fold(text)).strip()


@dataclass(frozen=True)
class Columns:
    """What the columns of a table are.

    `header` are the numbers of the header's rows in the table (from 0; empty where there is none), `roles` the role
    of each column; `both` is the column that names lead and partners in one; `lead_heads` says that the sections are
    headed by the lead agency; `marks` are columns that stand for a time, ticked where it is the task's.
    """

    header: range
    roles: tuple[Role | None, ...]
    lead_and_partners: int | None = None
    lead_in_headings: bool = False
    marks: tuple[tuple[int, str], ...] = ()

    def find_columns(self, role: Role) -> list[int]:
        """The columns that have `role`."""
        return [place for place, found in enumerate(self.roles) if found == role]

    def find_column(self, role: Role) -> int | None:
        """The first column that has `role`, or None."""
        return next(iter(self.find_columns(role)), None)


def score_roles(text: str) -> dict[Role, int]:
    """How well a header cell's text fits each role: the length of the longest word found, more for strong ones.

    A strong word counts wherever it stands, and so do weak ones of several words; a single weak word begins the text.
    """
    said = f" {fold_to_words(text)} "
    found: dict[Role, int] = {}
    if not said.strip() or len(said) > LONGEST_HEADER_CELL:
        return found
    for role in ROLES:
        lists = load_column_words()["header"][role]
        strong = [len(word) for word in lists["strong"] if f" {word} " in said]
        weak = [
            len(word)
            for word in lists["weak"]
            if said.startswith(f" {word} ") or (" " in word and f" {word} " in said)
        ]
        if strong:
            found[role] = STRONG_WORD + max(strong)
        elif weak:
            found[role] = max(weak)
    return found


def find_task_columns(table: Table) -> Columns | None:
    """The columns of the first header in `table`, or None where no rows are one."""
    for start, row in enumerate(table.rows):
        if not _may_be_header(row) or len(_list_own_texts(row)) < FEWEST_COLUMNS:
            continue
        best: Columns | None = None
        for length in range(1, MOST_HEADER_ROWS + 1):
            rows = table.rows[start : start + length]
            if len(rows) < length or not all(_may_be_header(more) for more in rows[1:]):
                break
            columns = _assign_roles(_collect_column_texts(rows), range(start, start + length))
            if (
                columns
                and _is_task_table(columns)
                and (best is None or _is_better(columns, best, rows))
            ):
                best = columns
        if best:
            return _include_number_column(
                _include_order_row(_include_mark_columns(best, table), table), table
            )
    return None


def _may_be_header(row: Row) -> bool:
    """A header row has several short texts, none of them a sentence or a number of its own."""
    said = _list_own_texts(row)
    return (
        bool(said)
        and max(map(len, said)) <= LONGEST_HEADER_CELL
        and not _NUMERAL.match(fold(said[0]))
    )


def _list_own_texts(row: Row) -> list[str]:
    return [cell.text for cell in row.cells if cell.text and not cell.merged_left]


def _collect_column_texts(rows: Sequence[Row]) -> list[list[str]]:
    """For each column the texts of the header rows, from the top, a merged cell once."""
    return [
        [
            row.cells[place].text
            for row in rows
            if row.cells[place].text and not row.cells[place].merged_up
        ]
        or [rows[0].cells[place].text]
        for place in range(len(rows[0].cells))
    ]


def _is_better(columns: Columns, best: Columns, rows: Sequence[Row]) -> bool:
    """A longer header is better when its last row adds roles, or splits a cell that was merged above."""
    if all(cell.merged_up for cell in rows[-1].cells[:2]):
        return True  # the number's and the task's header cells come down into this row
    more = len(set(columns.roles) - {None}) > len(set(best.roles) - {None})
    return more and any(cell.merged_left or cell.merged_up for cell in rows[0].cells)


def _assign_roles(texts: list[list[str]], header: range) -> Columns | None:
    """Gives each role to the column that fits it best; the lowest row of a header says more than those above."""
    fits: list[tuple[int, int, Role]] = []
    per_column: list[dict[Role, int]] = []
    for place, parts in enumerate(texts):
        own = score_roles(parts[-1])
        whole = score_roles(" ".join(parts)) if len(parts) > 1 else own
        found = own if any(score > STRONG_WORD for score in own.values()) else whole
        per_column.append(found)
        fits += [(score, place, role) for role, score in found.items()]
    roles: list[Role | None] = [None] * len(texts)
    for _, place, role in sorted(fits, key=lambda fit: (-fit[0], fit[1])):
        repeatable = role in ("other", "deliverables", "requirement")
        if roles[place] is None and (repeatable or role not in roles):
            roles[place] = role
    _assign_section(per_column, roles)
    both = _find_shared_column(per_column, roles)
    if "lead" in roles and "partners" not in roles:
        others = [p for p, found in enumerate(per_column) if roles[p] is None and "lead" in found]
        if others:
            roles[others[0]] = "partners"  # "Đơn vị thực hiện" beside "Đơn vị chủ trì"
    lead_heads = False
    title = roles.index("title") if "title" in roles else None
    for place, found in enumerate(per_column):
        if title is None and {"title", "lead"} <= found.keys() and found["title"] > STRONG_WORD:
            roles[place], title = "title", place
        if place == title and found.get("lead", 0) > STRONG_WORD:
            lead_heads = True
        if (
            roles[place] == "lead"
            and found.get("title", 0) > STRONG_WORD
            and (title is None or title == place)
        ):
            roles[place], title, lead_heads = "title", place, True
    return Columns(header, tuple(roles), both, lead_heads)


def _assign_section(per_column: list[dict[Role, int]], roles: list[Role | None]) -> None:
    """Where one column has the field of work and another the task, the field is the section."""
    if "title" not in roles or "section" in roles:
        return
    title = roles.index("title")
    others = [
        p
        for p, found in enumerate(per_column)
        if found.get("title", 0) > STRONG_WORD and "section" not in found
    ]
    if "section" in per_column[title] and others and roles[others[0]] is None:
        roles[title], roles[others[0]] = "section", "title"


def _find_shared_column(per_column: list[dict[Role, int]], roles: list[Role | None]) -> int | None:
    """The column that names leads and partners in one, where no other column has the partners."""
    for place, found in enumerate(per_column):
        if (
            found.get("lead", 0) > STRONG_WORD
            and found.get("partners", 0) > STRONG_WORD
            and roles[place] in ("lead", "partners")
        ):
            other = "partners" if roles[place] == "lead" else "lead"
            if other not in roles:
                roles[place] = "lead"
                return place
    return None


def _is_task_table(columns: Columns) -> bool:
    """A table of tasks names the task, and who does it or until when; a budget or a list of people does not."""
    roles = set(columns.roles)
    return (
        "title" in roles
        and ("deadline" in roles or bool({"lead", "partners"} & roles))
        and len(roles - {None}) >= 3
    )


def _include_order_row(columns: Columns, table: Table) -> Columns:
    """Takes the row that counts the columns, "(1) (2) (3)", into the header."""
    after = columns.header.stop
    if after < len(table.rows):
        said = [
            fold(cell.text)
            for cell in table.rows[after].cells
            if cell.text and not cell.merged_left
        ]
        if len(said) >= 3 and all(map(_ORDER_ROW.match, said)):
            return replace(columns, header=range(columns.header.start, after + 1))
    return columns


def _include_number_column(columns: Columns, table: Table) -> Columns:
    """Takes a first column without a name for the number column where numbers stand in it."""
    if "number" in columns.roles or columns.roles[0] is not None:
        return columns
    said = [row.cells[0].text for row in table.rows[columns.header.stop :] if row.cells[0].text]
    if said and sum(bool(_NUMERAL.match(fold(text))) for text in said) * 2 >= len(said):
        return replace(columns, roles=("number", *columns.roles[1:]))
    return columns


def _include_mark_columns(columns: Columns, table: Table) -> Columns:
    """Finds columns headed by a time of their own ("Quý I", "Tháng 3") in which tasks are ticked."""
    lowest = table.rows[columns.header.stop - 1]
    body = table.rows[columns.header.stop :]
    marks = [
        (place, one_line)
        for place, cell in enumerate(lowest.cells)
        if (one_line := " ".join(cell.text.split()))
        and re.match(load_column_words()["patterns"]["ticked_header"], fold(one_line))
        if _are_ticks([row.cells[place].text for row in body])
    ]
    if len(marks) < FEWEST_MARKS:
        return columns
    roles = tuple(
        None if any(place == mark for mark, _ in marks) else role
        for place, role in enumerate(columns.roles)
    )
    return replace(columns, roles=roles, marks=tuple(marks))


def _are_ticks(texts: Sequence[str]) -> bool:
    said = [text for text in map(fold, texts) if text]
    return all(is_tick(text) for text in said)


def is_tick(text: str) -> bool:
    """Whether a cell only says "here"."""
    return fold(text) in load_column_words()["rows"]["ticks"]


def is_repeated_header(row: Row, table: Table, columns: Columns) -> bool:
    """Whether a row repeats the header, as on the top of a new page."""
    said = [fold_to_words(cell.text) for cell in row.cells]
    return any(said) and any(
        said == [fold_to_words(text) for text in table.rows[place].texts]
        for place in columns.header
    )
