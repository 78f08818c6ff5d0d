"""The reading process: the same answer as in this process, every fault, and its limits."""

import subprocess
import sys
from pathlib import Path

import pytest

from language.agencies.directory import DirectoryEntry, load_standard_directory
from plans.documents.faults import EmptyError, MemoryFault, TimeoutFault
from plans.reading import sandbox
from plans.reading.document import read_document_file
from tests.support.papers import HEADER, ROWS, repack, word


def test_it_reads_as_this_process_does(tmp_path: Path) -> None:
    path = word(tmp_path / "a.docx", [HEADER, *ROWS])
    stages: list[tuple[str, int]] = []
    reading = sandbox.read_in_sandbox(
        path, progress=lambda stage, count: stages.append((stage, count))
    )
    here = read_document_file(path)
    assert (reading.plan, reading.doubts, reading.rows) == (here.plan, here.doubts, here.rows)
    assert stages == [("open", 0)]


def test_it_knows_the_names_it_is_given(tmp_path: Path) -> None:
    rows = [HEADER, ["1", "Gác rừng", "Đội Lá Xanh", "", "Sổ", "Năm 2031"]]
    path = word(tmp_path / "a.docx", rows)
    message_ids = {doubt.message_id for doubt in read_document_file(path).doubts}
    assert "doubt-agency-unknown" in message_ids
    directory = load_standard_directory().with_names([DirectoryEntry("Đội Lá Xanh")])
    assert not [doubt for doubt in sandbox.read_in_sandbox(path, directory).doubts if doubt.key]


def test_a_fault_comes_through(tmp_path: Path) -> None:
    (tmp_path / "a.docx").write_bytes(b"")
    with pytest.raises(EmptyError):
        sandbox.read_in_sandbox(tmp_path / "a.docx")


def test_it_is_stopped_when_it_takes_too_long(tmp_path: Path) -> None:
    path = word(tmp_path / "a.docx", [HEADER, *ROWS])
    with pytest.raises(TimeoutFault) as fault:
        sandbox.read_in_sandbox(path, seconds=0.0001)
    assert fault.value.values == {"seconds": 1}


def test_it_is_stopped_when_it_needs_too_much_memory(tmp_path: Path) -> None:
    source = word(tmp_path / "a.docx", [HEADER, *ROWS])
    w = b'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    page = b"<w:document %s><w:body>%s</w:body></w:document>" % (
        w,
        b"<w:p><w:r><w:t>a</w:t></w:r></w:p>" * 600_000,
    )
    path = repack(source, tmp_path / "b.docx", {"word/document.xml": page})
    with pytest.raises(MemoryFault):
        sandbox.read_in_sandbox(path, megabytes=250)


def test_the_libraries_for_documents_load_in_the_child_only() -> None:
    script = """
import sys
import bot.application
print([name for name in ("docx", "openpyxl", "pdfplumber") if name in sys.modules])
"""
    command = [sys.executable, "-c", script]
    root = Path(__file__).resolve().parents[3]
    done = subprocess.run(command, cwd=root, capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"
