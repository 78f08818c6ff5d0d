"""A duty over lines that only say when each of its turns is: one task with all their days."""

from pathlib import Path

import pytest

from plans.reading.document import read_document_file
from tests.support.papers import HEADING


def read(folder: Path, *lines: str) -> list[tuple[str, list[str], list[str]]]:
    path = folder / "a.txt"
    text = [*HEADING, "III. TỔ CHỨC THỰC HIỆN", "1. Sở Y tế", *lines, "- Lập sổ giữ rừng."]
    path.write_text("\n".join(text), encoding="utf-8")
    return [
        (
            task.title,
            [time.what or "" for time in task.milestones],
            [str(day) for time in task.milestones for day in time.deadlines],
        )
        for task in read_document_file(path).plan.tasks
    ]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("từ ngày 01/3/2031 đến ngày 15/3/2031", "từ ngày 01/9/2031 đến ngày 15/9/2031"),
        ("ngày 15/3/2031", "trước ngày 16/9/2031"),
    ],
)
def test_turns_are_deadlines_of_their_duty(tmp_path: Path, first: str, second: str) -> None:
    lines = ("- Tuần tra rừng theo các đợt:", f"+ Đợt 1: {first}.", f"+ Đợt 2: {second}.")
    patrol, book = read(tmp_path, *lines)
    assert patrol == (
        "Tuần tra rừng theo các đợt",
        ["Đợt 1", "Đợt 2"],
        ["2031-03-15", "2031-09-15"],
    )
    assert book[0] == "Lập sổ giữ rừng."


def test_turns_with_work_of_their_own_stay_tasks(tmp_path: Path) -> None:
    lines = (
        "- Trồng rừng theo các đợt:",
        "+ Đợt 1: trồng đồi thông trước ngày 15/3/2031.",
        "+ Đợt 2: trước ngày 15/9/2031.",
    )
    titles = [title for title, _, _ in read(tmp_path, *lines)]
    assert "Đợt 1: trồng đồi thông trước ngày 15/3/2031." in titles
