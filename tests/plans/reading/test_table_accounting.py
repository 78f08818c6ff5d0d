"""Nothing of a table is lost in silence, whatever its columns are called and however they stand."""

from hypothesis import given, settings
from hypothesis import strategies as st

from language.agencies.directory import load_standard_directory
from plans.reading.document import read_document
from plans.tables.blocks import Block, Document, TableCell, TextLine, make_table
from tests.plans.reading.narrative.test_accounting import list_told
from tests.support.papers import HEADING

HEADERS = {
    "title": ("Nội dung nhiệm vụ", "Tên công việc", "Nhiệm vụ, giải pháp", "Hoạt động"),
    "lead": ("Cơ quan chủ trì", "Đơn vị thực hiện", "Bộ phận phụ trách", "Đầu mối"),
    "deadline": ("Thời hạn", "Thời gian hoàn thành", "Hoàn thành trước", "Tiến độ"),
    "partners": ("Cơ quan phối hợp", "Phối hợp"),
    "begun": ("Ngày bắt đầu", "Ngày giao"),
    "status": ("Tình trạng", "% hoàn thành"),
    "other": ("Kinh phí", "Lãnh đạo phụ trách"),
}
OPTIONAL = ("partners", "begun", "status", "other")
CELLS = {
    "lead": ("Sở Y tế", "Công an tỉnh", "Trạm gác Suối Vàng", ""),
    "deadline": ("20/4/2031", "Quý III/2031", "Ngày 15 hằng tháng", "Thường xuyên", ""),
    "partners": ("Sở Tài chính; UBND cấp xã", ""),
    "begun": ("02/01/2031", ""),
    "status": ("40%", "Đang làm", ""),
    "other": ("500", "Đ/c Năm"),
}
FIGURES = [["TT", "Chỉ tiêu", "Đơn vị tính", "Năm 2030"], ["1", "Che phủ", "%", "61"]]


@st.composite
def tables(draw: st.DrawFn) -> tuple[list[list[TableCell]], list[str]]:
    """Draw the cells of a table of tasks, and the words of the duties in it."""
    kinds = ["title", "lead", "deadline"]
    kinds += draw(st.lists(st.sampled_from(OPTIONAL), unique=True, max_size=3))
    kinds = draw(st.permutations(kinds))
    rows = [["STT", *(draw(st.sampled_from(HEADERS[kind])) for kind in kinds)]]
    duties: list[str] = []
    merged: set[int] = set()
    for _ in range(draw(st.integers(1, 3))):
        if draw(st.booleans()):
            merged.add(len(rows))
            rows.append(["", *(["NHÓM VIỆC TRÊN RỪNG"] * len(kinds))])
        for _ in range(draw(st.integers(1, 3))):
            duties.append(f"lô {len(duties)}")
            cells = {"title": f"Tuần tra {duties[-1]} bên suối"}
            rows.append(
                [str(len(duties))]
                + [cells.get(kind) or draw(st.sampled_from(CELLS[kind])) for kind in kinds]
            )
    made = [
        [TableCell(text, merged_left=line in merged and at > 1) for at, text in enumerate(row)]
        for line, row in enumerate(rows)
    ]
    return made, duties


@settings(max_examples=12)
@given(tables(), st.booleans())
def test_every_row_is_a_task_and_figures_are_none(
    drawn: tuple[list[list[TableCell]], list[str]], with_figures: bool
) -> None:
    cells, duties = drawn
    blocks: list[Block] = [*map(TextLine, HEADING), make_table(cells)]
    if with_figures:
        blocks.append(make_table([[TableCell(text) for text in row] for row in FIGURES]))
    reading = read_document(Document(tuple(blocks), "docx"), load_standard_directory())
    told = f"{list_told(reading)} "
    assert [duty for duty in duties if f"{duty} " not in told] == []
    assert len(reading.plan.tasks) == len(duties)
