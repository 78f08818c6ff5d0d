"""Tables of a PDF whose text ran together: cells in reading order, a visual line a line, no marks between columns."""

from plans.tables import Block


def run_on_tables(lines: list[str]) -> list[Block]:
    return []
