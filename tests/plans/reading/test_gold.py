"""The figures of the reader on real plans, against answers made by hand."""

import functools
import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from plans.reading.document import read_document_file
from plans.reading.doubts import PlanReading

SHARED = Path(__file__).resolve().parents[4] / "shared"
TABLES = {"tasks": 100.0, "lead": 98.0, "partners": 98.0, "milestones": 98.0, "deliverables": 95.0}
PROSE = {"tasks": 95.0, "lead": 95.0}

pytestmark = pytest.mark.skipif(
    not SHARED.is_dir(), reason="the shared documents are not beside the repository"
)


@functools.cache
def read_shared_plan(name: str) -> PlanReading:
    """Read a shared document once for all tests here; none of them changes what was read."""
    return read_document_file(SHARED / "plans" / name)


def scored(name: str, folder: Path) -> dict[str, float]:
    """Return the scorer's figures in per cent, and the number of extra tasks."""
    answer = folder / "answer.json"
    answer.write_text(
        json.dumps(full(read_shared_plan(name).plan.as_json())),
        encoding="utf-8",
    )
    reference = SHARED / "gold" / f"{name[:3]}.json"
    command = [
        sys.executable,
        str(SHARED / "score" / "score_plan.py"),
        str(reference),
        str(answer),
        "--show",
        "0",
    ]
    output = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    figures = {
        line[1]: float(line[2])
        for line in re.finditer(r"^(\w+): \d+/\d+ ([\d.]+)%$", output, re.MULTILINE)
    }
    extra = re.search(r"^extra: (\d+)$", output, re.MULTILINE)
    assert extra is not None
    return {**figures, "extra": float(extra[1])}


def full(plan: dict[str, object]) -> dict[str, object]:
    """Return the plan with its empty lists written out, as the scorer wants them."""
    tasks = plan["tasks"]
    assert isinstance(tasks, list)
    for task in tasks:
        for name in ("lead", "partners", "deliverables", "milestones"):
            task.setdefault(name, [])
    return plan


@pytest.mark.parametrize(
    "name", ["000.docx", "000.xlsx", "000.txt", "002.docx", "002.pdf", "002.txt"]
)
def test_plans_with_a_table(name: str, tmp_path: Path) -> None:
    figures = scored(name, tmp_path)
    assert {
        measure: figures[measure] for measure in TABLES if figures[measure] < TABLES[measure]
    } == {}
    assert figures["extra"] == 0


def test_a_plan_without_a_table(tmp_path: Path) -> None:
    figures = scored("003.txt", tmp_path)
    assert {
        measure: figures[measure] for measure in PROSE if figures[measure] < PROSE[measure]
    } == {}


@pytest.mark.parametrize(("name", "tasks"), [("001.txt", 41), ("004.txt", 48), ("004.xlsx", 48)])
def test_plans_without_a_reference_keep_their_rows(name: str, tasks: int) -> None:
    reading = read_shared_plan(name)
    assert len({task.key for task in reading.plan.tasks}) == tasks
    assert all(task.title for task in reading.plan.tasks)


def test_recognised_text_and_the_sheet_of_one_plan_agree() -> None:
    text, sheet = (
        {task.key: task for task in read_shared_plan(name).plan.tasks}
        for name in ("004.txt", "004.xlsx")
    )
    assert list(text) == list(sheet)
    assert [
        key
        for key in text
        if text[key].lead != sheet[key].lead or text[key].partners != sheet[key].partners
    ] == []


def test_contradicting_deadlines_are_doubted() -> None:
    doubts = read_shared_plan("000.docx").doubts
    assert {doubt.key for doubt in doubts if doubt.message_id == "doubt-conflict"} == {
        "I.21",
        "II.6",
        "II.8",
    }
