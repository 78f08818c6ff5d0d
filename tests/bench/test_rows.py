"""`make bench` marks what misses its limit and ends with 1."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.bench import __main__ as command
from tests.bench.rows import Row, make_row

GOOD = make_row("a question", 6.04, 10, "{:.1f} ms")
BAD = make_row("a question", 12.9, 10, "{:.1f} ms")


def test_a_row_says_whether_it_keeps_its_limit() -> None:
    assert GOOD.format_line() == "| a question | 6.0 ms | < 10 ms |"
    assert BAD.format_line() == "| a question | **12.9 ms – misses its limit** | < 10 ms |"


@pytest.mark.parametrize(
    ("rows", "code"), [([GOOD, Row("dateparser", "1 s")], 0), ([GOOD, BAD], 1)]
)
def test_a_missed_limit_ends_the_run_with_1(
    rows: list[Row], code: int, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(command, "run_benches", lambda names: iter(rows))
    monkeypatch.setattr(command, "DOCUMENT", tmp_path / "benchmarks.md")
    monkeypatch.setattr("sys.argv", ["bench"])
    assert command.main() == code
    table = command.DOCUMENT.read_text(encoding="utf-8")
    assert [row.format_line() in table for row in rows] == [True] * len(rows)
