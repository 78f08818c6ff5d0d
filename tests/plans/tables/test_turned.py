"""Tables whose fields stand below each other, a task a column."""

from plans.tables.blocks import Document, Table, TableCell, make_table
from plans.tables.turned import turn_tables


def turn_rows(*rows: tuple[str, ...]) -> list[list[str]]:
    """Return the texts of the table of these rows as it is read."""
    table = make_table([[TableCell(text) for text in row] for row in rows])
    (block,) = turn_tables(Document((table,), "text")).blocks
    assert isinstance(block, Table)
    return [row.texts for row in block.rows]


def test_fields_below_each_other_become_columns() -> None:
    assert turn_rows(
        ("Nội dung", "Đo cây", "Cấp cây"),
        ("Đơn vị chủ trì", "Sở Y tế", "Công an tỉnh"),
        ("Thời hạn", "5/3/2031", "Quý II"),
    ) == [
        ["Nội dung", "Đơn vị chủ trì", "Thời hạn"],
        ["Đo cây", "Sở Y tế", "5/3/2031"],
        ["Cấp cây", "Công an tỉnh", "Quý II"],
    ]


def test_a_slip_for_one_task_is_turned() -> None:
    rows = turn_rows(
        ("Nội dung công việc", "Rà soát các đơn vị"),
        ("Người được giao", "Phòng Tổ chức"),
        ("Thời hạn hoàn thành", "20/3/2031"),
    )
    assert rows[1] == ["Rà soát các đơn vị", "Phòng Tổ chức", "20/3/2031"]


def test_a_header_above_stays() -> None:
    rows = (
        ("Nội dung", "Chủ trì", "Thời hạn"),
        ("Đo cây", "Sở Y tế", "5/3/2031"),
        ("Cấp cây", "Sở Y tế", "Quý II"),
    )
    assert turn_rows(*rows) == [list(row) for row in rows]


def test_figures_below_each_other_stay() -> None:
    rows = (("Chỉ tiêu", "Năm 2030", "Năm 2031"), ("Diện tích", "20", "30"), ("Số hộ", "4", "5"))
    assert turn_rows(*rows) == [list(row) for row in rows]
