"""`make bench`: runs every bench beside this module, prints one table and keeps it in docs/benchmarks.md."""

from __future__ import annotations

import importlib
import pkgutil
import sys
from pathlib import Path

from tests import bench

DOCUMENT = Path(__file__).resolve().parents[2] / "docs" / "benchmarks.md"
HEAD = """# Benchmarks

Printed by `make bench`; every figure and what it is measured against comes from the same run on one machine.

| measure | figure | limit |
|---|---|---|
"""


def main() -> None:
    """Runs the benches named on the command line, or all; only a whole run is kept."""
    wanted = sys.argv[1:]
    lines: list[str] = []
    for module in sorted(
        m.name for m in pkgutil.iter_modules(bench.__path__) if m.name.startswith("bench_")
    ):
        if wanted and module.removeprefix("bench_") not in wanted:
            continue
        for measure, figure, limit in importlib.import_module(f"tests.bench.{module}").rows():
            lines.append(f"| {measure} | {figure} | {limit} |")
            print(lines[-1], flush=True)
    if not wanted:
        DOCUMENT.write_text(HEAD + "\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
