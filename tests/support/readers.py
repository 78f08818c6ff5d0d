"""Reads documents in the test's own process: the same plans and faults without a child."""

from __future__ import annotations

from pathlib import Path

import pytest

from handlers.people import invite_many
from language.agencies.directory import Directory
from plans.reading import sandbox
from plans.reading.document import read_document_file
from plans.reading.doubts import PlanReading, Progress


def read_near(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let no reading of a document start a process until `monkeypatch` ends."""
    monkeypatch.setattr(sandbox, "read_in_sandbox", _read_plan)
    monkeypatch.setattr(invite_many, "read_cells_in_sandbox", sandbox.read_cells)


def _read_plan(
    path: Path, directory: Directory | None = None, progress: Progress | None = None
) -> PlanReading:
    return read_document_file(path, directory, progress)
