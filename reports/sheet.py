"""The status table as an Excel workbook: a row an assignment, and a sheet of figures with a chart.

Rows are written as they come, so that a table of 100,000 rows needs no more memory than one of ten.
"""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from datetime import date
from io import BytesIO
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import Cell, WriteOnlyCell
from openpyxl.chart import BarChart, Reference
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter

from models.assignments import Status
from models.queries.figures import AgencyFigures, Figures
from models.queries.status_rows import StatusRow
from reports.figure_table import (
    CLASSES,
    COLOURS,
    AgencyRow,
    list_agency_rows,
    name_class,
    sum_figures,
    translate,
)

MOST_ROWS = 1_000_000  # Excel holds 1,048,576
LONGEST_CELL = 32_000  # letters; Excel holds 32,767
MOST_BARS = 20  # agencies in the chart
ROWS_PER_WORD = 10_000  # after so many rows it is told how far the work is
TEXT_MARKS = ("=", "+", "-", "@", "#", "\t", "\r")
"""A text that begins with one of these is marked as text, so that no formula is made of it."""

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_EDGE = Side(style="thin", color="BFBFBF")
_BORDER = Border(left=_EDGE, right=_EDGE, top=_EDGE, bottom=_EDGE)
_HEADER = PatternFill("solid", fgColor="D9E1F2")
_WIDTHS: dict[str, float] = {
    **{"number": 6, "plan": 16, "section": 24, "key": 10, "code": 9, "title": 60},
    **{"deliverables": 30, "agency": 30, "collective": 24, "partners": 30, "printed": 24},
    **{"last-day": 13, "class": 28, "status": 18, "done-on": 15, "days-late": 10},
    **{"document": 18, "document-day": 13, "wanted-day": 15, "note": 40},
}
"""The columns in their order, by the name in their sentence `sheet-...`, with their widths."""

_DAYS = frozenset({"last-day", "done-on", "document-day", "wanted-day"})
_FIGURE_COLUMNS = (*CLASSES, "dated_total", "undated_total", "reported", "extension_asked")


async def write_status_sheet(
    rows: AsyncIterator[StatusRow],
    partners: Mapping[int, str],
    about: str,
    today: date,
    tell: Callable[[int], None] | None = None,
) -> tuple[bytes, Figures, int]:
    """Return the workbook (.xlsx), the figures of its rows, and how many rows there are.

    `partners` are names by task id; `about` says what the rows are. `tell` is called with the
    number of rows now and then. The figures are counted from the rows, so both sheets say the same.
    """
    book = Workbook(write_only=True)
    writer = _TableWriter(book.create_sheet(translate("sheet-table")), today)
    by_agency: dict[int | None, AgencyFigures] = {}
    names: dict[int, str] = {}
    async for row in rows:
        if writer.count >= MOST_ROWS:
            break
        writer.append_row(row, partners.get(row.task_id))
        if row.agency_id is not None and row.agency is not None:
            names[row.agency_id] = row.agency
        figures = by_agency.setdefault(row.agency_id, AgencyFigures())
        row.add_to(figures.shared if row.is_shared else figures.own)
        if tell is not None and writer.count % ROWS_PER_WORD == 0:
            tell(writer.count)
    writer.finish_table()
    total = sum_figures(by_agency)
    sheet = book.create_sheet(translate("sheet-figures"))
    _write_figures(sheet, list_agency_rows(by_agency, names), total, (about, today))
    content = BytesIO()
    book.save(content)
    return content.getvalue(), total, writer.count


class _TableWriter:
    """Appends the rows of the table; each column's own cell is used again for every row."""

    def __init__(self, sheet: Any, today: date) -> None:
        self.count = 0
        self._sheet, self._today = sheet, today
        self._classes = {name: name_class(name) for name in (*CLASSES, "suspended")}
        self._classes |= {name: name_class(name) for name in ("undated", "undated_done")}
        self._statuses = {
            status: translate(f"status-{status.replace('_', '-')}") for status in Status
        }
        self._cells = {name: _make_cell(sheet, number_format="dd/mm/yyyy") for name in _DAYS}
        self._cells["title"] = _make_cell(sheet, alignment=Alignment(wrap_text=True))
        _set_up_page(sheet, list(_WIDTHS.values()), first_row=2)
        sheet.append([_make_head(sheet, translate(f"sheet-{name}")) for name in _WIDTHS])

    def append_row(self, row: StatusRow, partners: str | None) -> None:
        """Append one assignment."""
        self.count += 1
        values = (
            *(self.count, row.plan, row.section, row.key, row.code, row.title),
            *("; ".join(row.deliverables or ()), row.agency, row.collective, partners),
            *(row.deadline_text, row.last_day, self._classes[row.work_class]),
            *(self._statuses[Status(row.status)], row.done_on),
            *(row.count_days_late(self._today) or None, row.document, row.document_day),
            *(row.wanted_day, row.note),
        )
        self._sheet.append(
            [self._style_value(name, value) for name, value in zip(_WIDTHS, values, strict=True)]
        )

    def _style_value(self, name: str, value: Any) -> Any:
        """Return a value as the sheet takes it: days as days, text always as text."""
        if isinstance(value, str):
            value = clean_text(value)
            if value.startswith(TEXT_MARKS):
                return make_text_cell(self._sheet, value)
        cell = self._cells.get(name)
        if cell is None or value is None:
            return value
        cell.value = value
        return cell

    def finish_table(self) -> None:
        """Let the filter reach over all rows."""
        last = get_column_letter(len(_WIDTHS))
        self._sheet.auto_filter.ref = f"A1:{last}{self.count + 1}"


def clean_text(text: str) -> str:
    """Return `text` without what no workbook may hold, as long as a cell may be."""
    return _CONTROL.sub("", text)[:LONGEST_CELL]


def make_text_cell(sheet: Any, text: str) -> Cell:
    """Return a cell that is text whatever it begins with, for this sheet written row by row."""
    cell = _make_cell(sheet, number_format="@", quotePrefix=True)
    cell.value = clean_text(text)
    cell.data_type = "s"
    return cell


def _make_cell(sheet: Any, value: Any = None, **style: Any) -> Cell:
    cell = WriteOnlyCell(sheet, value)
    for name, part in style.items():
        setattr(cell, name, part)
    return cell


def _make_head(sheet: Any, text: str) -> Cell:
    centred = Alignment(wrap_text=True, vertical="center", horizontal="center")
    style = {"font": Font(bold=True), "fill": _HEADER, "border": _BORDER, "alignment": centred}
    return _make_cell(sheet, text, **style)


def _set_up_page(sheet: Any, widths: Sequence[float], first_row: int) -> None:
    """Set widths, freeze what stands above `first_row`, and print it on every page, A4 wide."""
    for place, width in enumerate(widths, start=1):
        sheet.column_dimensions[get_column_letter(place)].width = width
    sheet.freeze_panes = f"A{first_row}"
    sheet.print_title_rows = f"{first_row - 1}:{first_row - 1}"
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", 9
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True


def _write_figures(
    sheet: Any, agencies: Sequence[AgencyRow], total: Figures, head: tuple[str, date]
) -> None:
    """Write the figures: heading, an agency a row, the sums, and a chart of the first agencies.

    What comes through collectives has columns of its own, since it is not compared.
    """
    about, today = head
    heads = [translate("figures-agency")]
    heads += [name_class(name) for name in CLASSES]
    heads += [translate(f"figures-{name.replace('_', '-')}") for name in _FIGURE_COLUMNS[4:]]
    heads += [translate(f"figures-shared-{name}") for name in ("total", "done", "late")]
    first = 5
    _set_up_page(sheet, [44, *[15] * (len(heads) - 1)], first)
    chart = _make_chart(sheet, min(len(agencies), MOST_BARS), first)
    if agencies:
        sheet.add_chart(chart, f"{get_column_letter(len(heads) + 2)}2")
    sheet.append([_make_cell(sheet, translate("figures-title"), font=Font(bold=True, size=14))])
    sheet.append([make_text_cell(sheet, about)])
    sheet.append([translate("figures-day", day=today)])
    sheet.append([_make_head(sheet, text) for text in heads])
    for agency in agencies:
        sheet.append([_name_cell(sheet, agency.name), *_list_figures(agency.own, agency.shared)])
    own = sum((agency.own for agency in agencies), Figures())
    shared = sum((agency.shared for agency in agencies), Figures())
    for name, figures in (("own", own), ("shared", shared), ("all", total)):
        row = [translate(f"figures-sum-{name}"), *_list_figures(figures)]
        sheet.append([_make_cell(sheet, value, font=Font(bold=True)) for value in row])
    sheet.append([translate("figures-note")])


def _name_cell(sheet: Any, name: str) -> Any:
    return make_text_cell(sheet, name) if name.startswith(TEXT_MARKS) else clean_text(name)


def _list_figures(figures: Figures, shared: Figures | None = None) -> list[int]:
    """Return the figures in the order of the columns; of what is shared, if there is any."""
    values = [int(getattr(figures, name)) for name in _FIGURE_COLUMNS]
    if shared is not None:
        values += [shared.dated_total, shared.done_total, shared.open_late]
    return values


def _make_chart(sheet: Any, count: int, first_row: int) -> BarChart:
    """Return a chart of stacked bars, the worst agency on top, over the first `count` rows."""
    chart = BarChart()
    chart.type, chart.grouping, chart.overlap = "bar", "stacked", 100
    chart.title = translate("figures-chart")
    last = first_row + count - 1
    names = Reference(sheet, min_col=1, min_row=first_row, max_row=last)
    columns = Reference(
        sheet, min_col=2, max_col=1 + len(CLASSES), min_row=first_row - 1, max_row=last
    )
    chart.add_data(columns, titles_from_data=True)
    chart.set_categories(names)
    for series, name in zip(chart.series, CLASSES, strict=True):
        series.graphicalProperties.solidFill = COLOURS[name]
    chart.x_axis.scaling.orientation = "maxMin"
    chart.x_axis.delete = chart.y_axis.delete = False
    chart.legend.position = "b"
    chart.width, chart.height = 26, max(8.0, 3 + 0.8 * count)
    return chart
