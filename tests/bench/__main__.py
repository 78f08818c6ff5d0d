"""`make bench`: runs every bench beside this module and prints one table.

A whole run is kept in docs/benchmarks.md. A row that misses its limit is marked; then the exit code
is 1.
"""

from __future__ import annotations

import importlib
import pkgutil
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from tests import bench
from tests.bench.rows import Row

DOCUMENT = Path(__file__).resolve().parents[2] / "docs" / "benchmarks.md"
HEAD = """# Benchmarks

Printed by `make bench`; every figure and what it is measured against comes from the same run on one
machine.

| measure | figure | limit |
|---|---|---|
"""


def run_benches(names: Sequence[str]) -> Iterator[Row]:
    """Run the benches of these names (all, if there is none) and yield their rows."""
    for module in sorted(module.name for module in pkgutil.iter_modules(bench.__path__)):
        name = module.removeprefix("bench_")
        if name != module and (not names or name in names):
            yield from importlib.import_module(f"tests.bench.{module}").rows()


def main() -> int:
    """Run the benches that the command line names; return the exit code."""
    names, lines, missed = sys.argv[1:], [], 0
    for row in run_benches(names):
        lines.append(row.format_line())
        print(lines[-1], flush=True)
        missed += not row.is_met
    if not names:
        DOCUMENT.write_text(HEAD + "\n".join(lines) + "\n", encoding="utf-8")
    if missed:
        print(f"{missed} rows miss their limits", file=sys.stderr)
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
