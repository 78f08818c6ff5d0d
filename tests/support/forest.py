"""The plan of `papers.ROWS` as every layout of a document must give it."""

from pathlib import Path

from language.agencies.directory import load_standard_directory
from plans.format import TaskRow
from plans.reading.document import read_document, read_document_file
from plans.reading.doubts import PlanReading
from plans.tables.blocks import Document, TextLine
from tests.support.papers import HEADING


def tasks_of(path: Path) -> dict[str, TaskRow]:
    return {task.key: task for task in read_document_file(path).plan.tasks}


def check_forest(reading: PlanReading) -> None:
    """Check that a layout gives the three invented tasks of `papers.ROWS`."""
    tasks = {task.key: task for task in reading.plan.tasks}
    assert list(tasks) == ["I.1", "I.2", "II.1"]
    first, second, third = tasks.values()
    assert (first.section, first.title) == ("TRỒNG RỪNG", "Lập danh sách hộ trồng rừng")
    assert (first.lead, first.partners, first.deliverables) == (
        ["Sở Tài chính"],
        ["UBND cấp xã"],
        ["Danh sách"],
    )
    assert [str(time.last_day) for time in first.milestones] == ["2031-03-14"]
    assert second.partners == ["Sở Tài chính", "UBND cấp huyện"]
    assert second.deliverables == ["Biên bản giao", "Báo cáo"]
    assert [time.kind for time in second.milestones] == ["period"]
    assert (third.section, third.lead, third.partners) == (
        "GIỮ RỪNG",
        ["Công an tỉnh"],
        ["Các sở, ban, ngành"],
    )
    assert [time.kind for time in third.milestones] == ["ongoing"]


def read_lines(*lines: str, issued: str = "05 tháng 01 năm 2031") -> PlanReading:
    """Read a plan of paragraphs without a table, under an invented letterhead."""
    heading = [*HEADING[:3], f"Bến Tre, ngày {issued}", *HEADING[4:]]
    blocks = tuple(TextLine(line) for line in (*heading, *lines))
    return read_document(Document(blocks, "text"), load_standard_directory())
