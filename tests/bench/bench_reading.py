"""How long real plan documents take to read. Called by `make bench`; needs the shared documents."""

import time
from pathlib import Path

from plans.reading.document import read_document_file

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


def rows() -> list[tuple[str, str, str]]:
    """(measure, figure, limit) for docs/benchmarks.md; nothing where the documents are not at hand."""
    there = {PLANS / name: limit for name, limit in LIMITS.items() if (PLANS / name).exists()}
    return [
        (
            f"read a plan of {path.stat().st_size // 1000} kB, {path.suffix[1:]}",
            f"{best:.2f} s",
            f"<= {limit:.0f} s",
        )
        for path, limit in there.items()
        for best in [min(_seconds(path) for _ in range(ROUNDS))]
    ]
