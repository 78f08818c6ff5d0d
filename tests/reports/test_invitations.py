"""The sheet of invitations: texts stay texts, and it prints on the width of a page."""

from __future__ import annotations

import io

import openpyxl

from locales.answer import say
from reports.invitations import InvitationRow, write_invitation_sheet


def test_no_name_becomes_a_formula_or_breaks_the_file() -> None:
    names = ["=1+1", "+84", "-1", "@a", "Sở\x0b Tư pháp"]
    rows = [InvitationRow(name, say("channel-terminal"), say("channel-terminal")) for name in names]
    book = openpyxl.load_workbook(io.BytesIO(write_invitation_sheet(rows, None)))
    cells = [row[1] for row in book.worksheets[0].iter_rows(min_row=2)]
    assert [cell.value for cell in cells] == [*names[:4], "Sở Tư pháp"]
    assert all(cell.data_type == "s" and cell.quotePrefix for cell in cells)


def test_the_sheet_prints_on_the_width_of_a_page() -> None:
    sheet = openpyxl.load_workbook(io.BytesIO(write_invitation_sheet([], "bot"))).worksheets[0]
    page = sheet.sheet_properties.pageSetUpPr
    assert page is not None
    assert page.fitToPage
    assert sheet.page_setup.fitToHeight == 0
    assert sheet.print_title_rows == "$1:$1"
