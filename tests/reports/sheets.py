"""Reads a workbook back as tests look at it."""

from __future__ import annotations

from collections import Counter
from io import BytesIO
from typing import Any

from openpyxl import load_workbook
from openpyxl.workbook import Workbook

from reports.figure_table import CLASSES, name_class


def open_book(content: bytes) -> Workbook:
    return load_workbook(BytesIO(content))


def read_table(content: bytes) -> list[dict[str, Any]]:
    """The rows of the table by the heads of its columns."""
    head, *rows = open_book(content).worksheets[0].iter_rows(values_only=True)
    return [dict(zip(map(str, head), row, strict=True)) for row in rows]


def count_table(content: bytes) -> dict[str, int]:
    """How many rows each of the four classes has."""
    counts = Counter(row["Kết quả"] for row in read_table(content))
    return {name: counts[name_class(name)] for name in CLASSES}


def read_sums(content: bytes) -> dict[str, int]:
    """The four classes in the row of sums of the figures."""
    for row in open_book(content).worksheets[1].iter_rows(values_only=True):
        if row[0] == "Tổng cộng":
            return {name: int(str(value)) for name, value in zip(CLASSES, row[1:5], strict=True)}
    raise AssertionError("no row of sums")
