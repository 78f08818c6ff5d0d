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


def test_utf_16_is_read_without_its_mark(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes("\r\n".join("\t".join(row) for row in ROWS).encode("utf-16-le"))
    assert [task.title for task in read_document_file(path).plan.tasks] == ["Mở chợ, dọn kho"]


def test_an_export_may_be_called_a_workbook(tmp_path: Path) -> None:
    path = tmp_path / "a.xls"
    path.write_bytes("\r\n".join("\t".join(row) for row in ROWS).encode("utf-16"))
    assert [task.title for task in read_document_file(path).plan.tasks] == ["Mở chợ, dọn kho"]


def test_file_name_is_never_the_title(tmp_path: Path) -> None:
    text = "\n".join(";".join(row) for row in ROWS)
    titles: set[str] = set()
    for name in ("a.csv", "bản sao của a.csv"):
        (tmp_path / name).write_text(text, encoding="utf-8")
        reading = read_document_file(tmp_path / name)
        titles.add(reading.plan.plan.title)
        assert reading.doubts[0].message_id == "doubt-no-title"
    assert titles == {"Danh sách nhiệm vụ: Mở chợ, dọn kho"}
