"""Tables with separated values, as trackers export them."""

from pathlib import Path

import pytest

from plans.reading.document import read_document_file

ROWS = (
    ("STT", "Nhiệm vụ", "Đơn vị chủ trì", "Thời hạn"),
    ("1", "Mở chợ, dọn kho", "Sở Y tế", "20/01/2031"),
)


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_separated_values_are_a_table(tmp_path: Path, separator: str, encoding: str) -> None:
    text = "\r\n".join(separator.join(f'"{cell}"' for cell in row) for row in ROWS)
    path = tmp_path / "a.csv"
    path.write_bytes(text.encode(encoding))
    (task,) = read_document_file(path).plan.tasks
    assert (task.title, task.lead) == ("Mở chợ, dọn kho", ["Sở Y tế"])
    assert str(task.milestones[0].last_day) == "2031-01-20"
