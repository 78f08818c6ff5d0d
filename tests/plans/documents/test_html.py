"""Pages of HTML, and HTML left in texts by their recognition."""

import pytest

from plans.documents.faults import EmptyError
from plans.documents.html import read_html, remove_scraps, split_run_on_bullets
from plans.tables.blocks import Table, TextLine


def test_cells_that_span_columns_and_rows() -> None:
    page = (
        "<title>x</title><p>Kế hoạch</p><table><tr><td rowspan=2>1<td colspan=2>Việc</tr>"
        "<tr><td>a<td>b<table><tr><td>c</table></tr></table>"
    )
    line, table = read_html(page)
    assert line == TextLine("Kế hoạch")
    assert isinstance(table, Table)
    assert [row.texts for row in table.rows] == [["1", "Việc", "Việc"], ["1", "a", "b\nc"]]
    assert [cell.merged_left for cell in table.rows[0].cells] == [False, False, True]
    assert [cell.merged_up for cell in table.rows[1].cells] == [True, False, False]


def test_words_between_cells_stand_before_the_table() -> None:
    page = (
        "<table><caption>Năm 2031</caption><tr><th>TT</tr>Xong trước 1/3<tr><td>1</tr>Hết</table>"
    )
    *lines, table = read_html(page)
    assert lines == [TextLine("Năm 2031"), TextLine("Xong trước 1/3"), TextLine("Hết")]
    assert isinstance(table, Table)
    assert [row.texts for row in table.rows] == [["TT"], ["1"]]


def test_a_page_without_text() -> None:
    with pytest.raises(EmptyError):
        read_html("<html><head><title>x</title></head></html>")


def test_scraps_of_recognised_text() -> None:
    assert remove_scraps("<p>Sổ <b>mượn</b></p><ul>- Thẻ- Phiếu</ul>") == "Sổ mượn\n- Thẻ- Phiếu"
    assert remove_scraps("<ul>- Thẻ. - Phiếu</ul>") == "- Thẻ.\n- Phiếu"
    assert split_run_on_bullets("Thẻ; - Phiếu") == "Thẻ; \n- Phiếu"
