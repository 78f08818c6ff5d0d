"""A plan file: a document's deadlines are read once, in the child process."""

from collections import Counter
from pathlib import Path

import pytest

from language import deadlines
from plans.reading.document import read_document_file
from plans.reading.plan_file import read_plan_file
from tests.support.papers import HEADER, ROWS, word

pytestmark = pytest.mark.process


@pytest.fixture
def texts(monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    """How often each deadline text was read in this process."""
    counts: Counter[str] = Counter()
    read_deadline_cell = deadlines.read_deadline_cell

    def count_and_read(text: str, *rest: object) -> object:
        counts[text] += 1
        return read_deadline_cell(text, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(deadlines, "read_deadline_cell", count_and_read)
    return counts


def test_a_reading_reads_each_deadline_text_once(texts: Counter[str], tmp_path: Path) -> None:
    again = [["3", "Làm cỏ", "Sở Tài chính", "", "", "Quý II/2031"]]
    read_document_file(word(tmp_path / "a.docx", [HEADER, *ROWS, *again]))
    assert texts == {"Trước ngày 15/3/2031": 1, "Quý II/2031": 1, "Thường xuyên": 1}


def test_the_parent_reads_no_deadline_again(texts: Counter[str], tmp_path: Path) -> None:
    path = word(tmp_path / "a.docx", [HEADER, *ROWS])
    loaded = read_plan_file(path)
    assert texts == {}
    assert loaded.plan == read_document_file(path).plan


def test_what_the_program_works_out_is_there(tmp_path: Path) -> None:
    rows = [HEADER, ["1", "Họp giao ban", "Sở Y tế", "", "", "Hằng tháng"], *ROWS[1:2]]
    tasks = read_plan_file(word(tmp_path / "a.docx", rows)).plan.tasks
    assert tasks[0].milestones[0].rrule is not None
    assert str(tasks[1].milestones[0].printed_day) == "2031-03-15"
