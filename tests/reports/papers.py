"""Reads a Word report back as tests look at it."""

from __future__ import annotations

from io import BytesIO
from typing import Any

from docx import Document
from docx.oxml.ns import qn


def open_paper(content: bytes) -> Any:
    return Document(BytesIO(content))


def read_general_table(content: bytes) -> dict[str, tuple[str, str, str]]:
    """The table of general figures: now, before and change by the name of the row."""
    for table in open_paper(content).tables:
        rows = [[cell.text for cell in row.cells] for row in table.rows]
        if rows[0][0] == "Chỉ tiêu":
            return {row[0]: (row[1], row[2], row[3]) for row in rows[1:]}
    raise AssertionError("no general table")


def list_headed_tables(paper: Any) -> list[Any]:
    """The tables with a head: all but those that only place things beside each other."""
    return [table for table in paper.tables if len(table.columns) > 2]


def measure_run(run: Any) -> tuple[str | None, float | None]:
    """The font and the size in points that a run has by itself."""
    fonts = run._r.rPr.find(qn("w:rFonts"))
    size = run.font.size
    return fonts.get(qn("w:ascii")), size.pt if size is not None else None
