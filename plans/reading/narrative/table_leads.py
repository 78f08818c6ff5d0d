"""Find who leads the tasks of a table without a column for it: the heading above names it."""

import re
from collections.abc import Sequence
from typing import NamedTuple

from plans.reading.narrative.leads import LONGEST_HEADING, begins_like_agency, is_made_of_known
from plans.reading.row_task import PlanContext
from plans.tables.blocks import Document, Table
from plans.tables.columns import Columns
from plans.tables.patterns import compile_pattern

LINES_ABOVE = 3  # above a table, in which a heading may say that somebody leads

_NUMBER = compile_pattern("heading_number")
_LEADS = tuple(map(compile_pattern, ("table_lead_label", "led_tasks", "tasks_of")))


class TableLead(NamedTuple):
    """Who leads the tasks of a table, and the line that says so; "" if it is the name alone."""

    name: str
    line: str


def find_table_leads(
    document: Document, tables: Sequence[tuple[Table, Columns]], context: PlanContext
) -> dict[int, TableLead]:
    """Return the lead of each table without a column of leads whose heading names one, by `id`.

    A table without a header directly below another one is part of it.
    """
    columns_of = {id(table): columns for table, columns in tables}
    leads: dict[int, TableLead] = {}
    lines: list[str] = []
    lead: TableLead | None = None
    for block in document.blocks:
        if not isinstance(block, Table):
            lines += [block.text.strip()] if block.text.strip() and not block.aside else []
            continue
        columns = columns_of.get(id(block))
        if columns is not None and columns.find_column("lead") is None:
            above = [*lines, *_list_lines_of_sheet(block, columns)][-LINES_ABOVE:]
            if columns.header or lines:
                lead = _find_lead(above, context)
            leads |= {id(block): lead} if lead is not None else {}
        lines = []
    return leads


def _list_lines_of_sheet(table: Table, columns: Columns) -> list[str]:
    """Return the texts above the header of a table, a line a row."""
    rows = table.rows[: columns.header.start]
    return [text for row in rows if (text := " ".join(dict.fromkeys(c.text for c in row.cells)))]


def _find_lead(lines: Sequence[str], context: PlanContext) -> TableLead | None:
    """Return who leads by the nearest of these lines that says so; a bare name stands directly."""
    for line in reversed(lines):
        text = _NUMBER.sub("", " ".join(line.split())).strip(" :.")
        if len(text) > LONGEST_HEADING:
            return None
        for pattern in _LEADS:
            found = pattern.match(text)
            if found and _is_agency(found[1], context, is_told=pattern is not _LEADS[2]):
                return TableLead(found[1], line)
        if line is lines[-1] and is_made_of_known(text, context):
            return TableLead(text, "")
    return None


def _is_agency(name: str, context: PlanContext, *, is_told: bool) -> bool:
    """Return whether a name is an agency's: a known one, or any that `is_told` to lead."""
    known = is_made_of_known(name, context)
    return known or (is_told and begins_like_agency(name) and not re.search(r"[:;.]", name))
