"""Lists of tasks that share a table are read each for itself; one that goes on is one."""

from language.agencies.directory import load_standard_directory
from plans.reading.document import read_document
from plans.reading.doubts import PlanReading
from plans.tables.blocks import Document, Table, TableCell, TextLine, make_table
from tests.support.papers import HEADING

HEADER = ["TT", "Nhiệm vụ", "Chủ trì", "Thời hạn"]


def make_texts(*rows: list[str]) -> Table:
    return make_table([[TableCell(text) for text in row] for row in rows])


def read_tables(*tables: Table) -> PlanReading:
    lines = map(TextLine, HEADING)
    with_gaps = [block for table in tables for block in (table, TextLine(""))]
    return read_document(Document((*lines, *with_gaps), "docx"), load_standard_directory())


def list_tasks(*tables: Table) -> list[tuple[str, str, list[str], str | None]]:
    tasks = read_tables(*tables).plan.tasks
    return [(task.key, task.title, task.lead, task.deadline_text) for task in tasks]


def test_lists_beside_each_other_are_both_read() -> None:
    table = make_texts(
        [*HEADER, "", *HEADER],
        ["1", "Đo rừng", "Sở Y tế", "5/3/2031", "", "1", "Gác suối", "Công an tỉnh", "Quý II/2031"],
    )
    assert list_tasks(table) == [
        ("1", "Đo rừng", ["Sở Y tế"], "5/3/2031"),
        ("PL2.1", "Gác suối", ["Công an tỉnh"], "Quý II/2031"),
    ]


def test_a_header_below_with_other_columns_begins_a_list() -> None:
    table = make_texts(
        HEADER,
        ["1", "Đo rừng", "Sở Y tế", "5/3/2031"],
        ["Thời hạn", "TT", "Nhiệm vụ", "Chủ trì"],
        ["Quý II/2031", "2", "Gác suối", "Công an tỉnh"],
    )
    assert list_tasks(table) == [
        ("1", "Đo rừng", ["Sở Y tế"], "5/3/2031"),
        ("2", "Gác suối", ["Công an tỉnh"], "Quý II/2031"),
    ]


def test_a_list_of_figures_below_makes_no_tasks() -> None:
    table = make_texts(
        HEADER,
        ["1", "Đo rừng", "Sở Y tế", "5/3/2031"],
        ["STT", "Đơn vị", "Số nhiệm vụ", ""],
        ["1", "Sở Y tế", "4", ""],
    )
    assert [title for _, title, *_ in list_tasks(table)] == ["Đo rừng"]


def test_a_row_torn_by_a_page_with_its_header_is_one_task() -> None:
    above = make_texts(HEADER, ["1", "Đo rừng và", "Sở Y tế", "5/3/2031"])
    below = make_texts(
        HEADER,
        ["", "05 con suối", "", ""],
        ["2", "Gác suối", "Công an tỉnh", "Quý II/2031"],
    )
    assert list_tasks(above, below) == [
        ("1", "Đo rừng và 05 con suối", ["Sở Y tế"], "5/3/2031"),
        ("2", "Gác suối", ["Công an tỉnh"], "Quý II/2031"),
    ]


def test_a_list_that_counts_anew_is_another() -> None:
    row = ["1", "Đo rừng", "Sở Y tế", "5/3/2031"]
    assert [key for key, *_ in list_tasks(*[make_texts(HEADER, row)] * 2)] == ["1", "PL2.1"]


def test_doubts_of_another_list_name_its_tasks() -> None:
    above = make_texts(HEADER, ["1", "Đo rừng", "Sở Y tế", "5/3/2031"])
    below = make_texts(HEADER, ["1", "Gác suối", "", "Quý II/2031"])
    doubts = read_tables(above, below).doubts
    assert [doubt.key for doubt in doubts if doubt.message_id == "doubt-no-lead"] == ["PL2.1"]
