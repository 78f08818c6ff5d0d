"""The workbook of invitations to many agencies: who has joined, the codes, and how to join."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from locales.answer import Sentence, say
from locales.fluent import load_sentences

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

SHEET_NAME = "ma-moi.xlsx"  # in Vietnamese, as people see it among their files
COLUMNS = ("number", "agency", "role", "link", "code", "state", "joined")
_WIDTHS = (6, 40, 16, 46, 18, 44, 14)  # of the columns, in characters
_DAY_FORMAT = "dd/mm/yyyy"
_A4 = 9  # the number of a paper size in Excel
_STEPS = 6  # steps on the page for focal points


@dataclass(frozen=True)
class InvitationRow:
    """One agency and role: how they stand, and the new code with its link if one was made."""

    agency: str
    role: Sentence
    state: Sentence
    code: str | None = None
    link: str | None = None
    joined_on: date | None = None


def write_invitation_sheet(rows: Sequence[InvitationRow], bot_name: str | None) -> bytes:
    """Return the workbook (.xlsx): a row an agency, and a page to print for focal points.

    A text that begins with "=" stays a text; days are real dates.
    """
    from openpyxl import Workbook  # slow to import, and needed for a sheet alone

    book = Workbook()
    for sheet in book.worksheets:
        book.remove(sheet)
    _write_rows(book.create_sheet(_render("invitation-sheet")), rows)
    _write_steps(book.create_sheet(_render("invitation-steps-sheet")), bot_name)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _render(message_id: str, **values: str | int) -> str:
    return load_sentences().to_text(say(message_id, **values))


def _write_rows(sheet: Worksheet, rows: Sequence[InvitationRow]) -> None:
    """Write the table: its head stays in sight and repeats on each printed page."""
    from openpyxl.styles import Alignment, Font
    from openpyxl.utils import get_column_letter
    from openpyxl.worksheet.properties import PageSetupProperties

    from reports.sheet import clean_text

    sheet.append([_render(f"invitation-column-{name}") for name in COLUMNS])
    for number, row in enumerate(rows, start=1):
        sheet.append([number, "", "", "", "", "", row.joined_on])
        values = (row.agency, row.role, row.link, row.code, row.state)
        for column, value in enumerate(values, start=2):
            cell = sheet.cell(number + 1, column)
            if value is not None:
                text = load_sentences().to_text(value) if isinstance(value, Sentence) else value
                cell.value = clean_text(text)
                cell.data_type, cell.quotePrefix = "s", True
            cell.alignment = Alignment(wrap_text=True, vertical="top")
        sheet.cell(number + 1, len(COLUMNS)).number_format = _DAY_FORMAT
    for column, width in enumerate(_WIDTHS, start=1):
        sheet.column_dimensions[get_column_letter(column)].width = width
        sheet.cell(1, column).font = Font(bold=True)
    sheet.freeze_panes = "C2"
    sheet.auto_filter.ref = f"A1:{get_column_letter(len(COLUMNS))}{len(rows) + 1}"
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", _A4
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.print_title_rows = "1:1"


def _write_steps(page: Worksheet, bot_name: str | None) -> None:
    """Write the page that focal points get: how to join, one step a line."""
    from openpyxl.styles import Alignment, Font

    page.column_dimensions["A"].width = 86
    page.page_setup.paperSize = _A4
    steps = range(1, _STEPS + 1)
    lines = [_render(f"invitation-step-{step}", bot=bot_name or 0) for step in steps]
    for place, line in enumerate([_render("invitation-steps-head"), *lines]):
        cell = page.cell(2 * place + 1, 1, line)
        cell.font = Font(name="Times New Roman", size=14, bold=place == 0)
        cell.alignment = Alignment(wrap_text=True, vertical="top")
