"""How long real plan documents take to read. Called by `make bench`; needs the shared documents."""

import time
from pathlib import Path

from plans.reading.document import read_document_file
from tests.bench.rows import Row, make_row

PLANS = Path(__file__).parents[3] / "shared" / "plans"
LIMITS = {
    "000.docx": 1.0,
    "000.xlsx": 1.0,
    "000.txt": 1.0,
    "002.docx": 1.0,
    "002.txt": 1.0,
    "002.pdf": 5.0,
}  # seconds
ROUNDS = 3


def _seconds(path: Path) -> float:
    start = time.perf_counter()
    read_document_file(path)
    return time.perf_counter() - start


def rows() -> list[Row]:
    """Return the rows of this bench; none if the documents are not at hand."""
    there = {PLANS / name: limit for name, limit in LIMITS.items() if (PLANS / name).exists()}
    rows = []
    for path, limit in there.items():
        best = min(_seconds(path) for _ in range(ROUNDS))
        measure = f"read a plan of {path.stat().st_size // 1000} kB, {path.suffix[1:]}"
        rows.append(make_row(measure, best, limit, "{:.2f} s"))
    return rows
