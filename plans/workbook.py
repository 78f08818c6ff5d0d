"""Write a plan as an Excel workbook: a row a task, doubts in colour.

An admin corrects it and sends it back; it is read by the same reader as any plan. Its labels and
headers are words of `columns.toml`.
"""

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date
from io import BytesIO
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import Cell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from locales.fluent import load_sentences
from plans.format import MilestoneRow, PlanFile, PlanMilestoneRow, TaskRow
from plans.reading.doubts import Doubt
from plans.tables.columns import load_column_words
from plans.tables.statuses import read_status

FIRST_ROW = 8  # the header's row; above it stand the plan's own data
DOUBTFUL = PatternFill("solid", fgColor="FFE699")
HEADER = PatternFill("solid", fgColor="D9E1F2")
LONGEST_CELL = 32_000  # letters; Excel holds 32,767

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")
_EDGE = Side(style="thin", color="BFBFBF")
_THIN = Border(left=_EDGE, right=_EDGE, top=_EDGE, bottom=_EDGE)
_ORDER = ("title", "number", "issued_on", "issuer", "years")


def write_workbook(plan: PlanFile, doubts: Sequence[Doubt]) -> bytes:
    """Return the workbook (.xlsx) of `plan` with its `doubts`."""
    book = Workbook()
    sheet = book.active if isinstance(book.active, Worksheet) else book.create_sheet()
    sheet.title = load_column_words()["workbook"]["sheet"]
    _write_heading(sheet, plan, [doubt for doubt in doubts if doubt.key is None])
    by_key: dict[str, list[Doubt]] = defaultdict(list)
    for doubt in doubts:
        by_key[doubt.key or ""].append(doubt)
    rows = [(_make_task_row(task), by_key[task.key]) for task in plan.tasks]
    _write_table(sheet, rows, more=_list_tracker_columns(plan.tasks))
    if plan.plan_milestones:
        outside = book.create_sheet(load_column_words()["workbook"]["outside"])
        _write_table(
            outside, [(row, []) for row in _make_outside_rows(plan.plan_milestones)], first=1
        )
    content = BytesIO()
    book.save(content)
    return content.getvalue()


def _write_heading(sheet: Worksheet, plan: PlanFile, doubts: list[Doubt]) -> None:
    """Write the plan's own data, a label and a value a row, and the doubts about the whole plan."""
    head = plan.plan
    years = (
        str(head.first_year or "")
        if head.first_year == head.last_year
        else f"{head.first_year}-{head.last_year}"
    )
    values = {
        "title": head.title,
        "number": head.number or "",
        "issued_on": f"{head.issued_on:%d/%m/%Y}" if head.issued_on else "",
        "issuer": head.issuer or "",
        "years": years,
    }
    for place, name in enumerate(_ORDER, start=1):
        _write_cell(sheet, place, 1, load_column_words()["workbook"]["labels"][name]).font = Font(
            bold=True
        )
        _write_cell(sheet, place, 3, values[name])
    if doubts:
        _write_cell(
            sheet, len(_ORDER) + 1, 3, "\n".join(map(_format_doubt, doubts))
        ).fill = DOUBTFUL


def _make_task_row(task: TaskRow) -> dict[str, str]:
    return {
        "number": task.key,
        "section": task.section or "",
        "title": task.title,
        "lead": "\n".join(f"{name};" for name in task.lead).removesuffix(";"),
        "partners": "\n".join(f"{name};" for name in task.partners).removesuffix(";"),
        "deliverables": "\n".join(f"- {one}" for one in task.deliverables),
        "deadline": "\n".join((task.deadline_text or "").split(" / ")),
        "requirement": task.requirement or "",
        "read": "\n".join(map(_format_meaning, task.milestones)),
        "status": _format_status(task),
        **{time.label: time.text for time in reversed(task.other_times)},
    }


def _list_tracker_columns(tasks: Sequence[TaskRow]) -> list[list[Any]]:
    """Return the columns for what trackers say: the other times by their label, the status."""
    width = load_column_words()["workbook"]["time_width"]
    labels = dict.fromkeys(time.label for task in tasks for time in task.other_times)
    columns: list[list[Any]] = [[label, label, width] for label in labels]
    if any(_format_status(task) for task in tasks):
        columns.append(load_column_words()["workbook"]["status"])
    return columns


def _format_status(task: TaskRow) -> str:
    """Return how a task stands: the tracker's own words if they still say it."""
    words = load_column_words()["workbook"]["statuses"]
    day = task.done_on if isinstance(task.done_on, date) else None
    said = read_status(task.status_text or "")
    if day is not None:
        told = said.kind == "done" and said.day in (None, day)
        if told or any(time.day == day for time in task.other_times):
            return task.status_text or ""
        return str(words["done"]).format(day=f"{day:%d/%m/%Y}")
    if task.status is None:
        return "" if said.kind in ("suspended", "cancelled") else task.status_text or ""
    is_told = task.status == said.kind or (task.status == "in_progress" and task.status_text)
    return task.status_text or "" if is_told else str(words[task.status])


def _make_outside_rows(milestones: Sequence[PlanMilestoneRow]) -> Iterator[dict[str, str]]:
    """Yield a row for each sentence that sets deadlines outside the table.

    Its deadline is the days, if these say all of it, else the sentence itself.
    """
    groups: dict[tuple[str, ...], list[PlanMilestoneRow]] = defaultdict(list)
    for row in milestones:
        groups[row.title, "; ".join(row.lead), "; ".join(row.partners)].append(row)
    for place, ((title, lead, partners), rows) in enumerate(groups.items(), start=1):
        times = [row.milestone for row in rows]
        dated = all(time.kind in ("date", "period") and time.what is None for time in times)
        deadline = "\n".join(map(_format_days, times)) if dated else title
        yield {
            "number": str(place),
            "title": title,
            "lead": lead,
            "partners": partners,
            "deadline": deadline,
        }


def _format_days(time: MilestoneRow) -> str:
    """Return a date or a period in words that the reader understands as the same."""
    phrases = load_column_words()["workbook"]["phrases"]
    if _is_before(time):
        return str(phrases["before"]).format(day=f"{time.printed_day:%d/%m/%Y}")
    if time.kind == "period" and time.first_day:
        return str(phrases["period"]).format(
            first=f"{time.first_day:%d/%m/%Y}", last=f"{time.last_day:%d/%m/%Y}"
        )
    return f"{time.last_day:%d/%m/%Y}"


def _is_before(time: MilestoneRow) -> bool:
    return (
        time.kind == "date" and time.printed_day is not None and time.printed_day != time.last_day
    )


def _format_meaning(time: MilestoneRow) -> str:
    """Return the days of a deadline, so that a person sees a misreading."""
    days = [f"{day:%d/%m/%Y}" for day in time.deadlines]
    text = (
        f"{time.first_day:%d/%m/%Y} - {days[0]}"
        if time.kind == "period" and time.first_day and days
        else ", ".join(days)
    )
    text = text or time.reference or time.report or time.kind
    return f"{time.what}: {text}" if time.what else text


def _write_table(
    sheet: Worksheet,
    rows: list[tuple[dict[str, str], list[Doubt]]],
    first: int = FIRST_ROW,
    more: Sequence[Sequence[Any]] = (),
) -> None:
    """Write a header and a row a task; `more` are columns that only some plans have."""
    columns = [*load_column_words()["workbook"]["columns"], *more]
    for place, (_, header, width) in enumerate(columns, start=1):
        cell = _write_cell(sheet, first, place, header)
        cell.font, cell.fill = Font(bold=True), HEADER
        sheet.column_dimensions[get_column_letter(place)].width = width
    places = {name: place for place, (name, _, _) in enumerate(columns, start=1)}
    for number, (values, doubts) in enumerate(rows, start=first + 1):
        for name, column in places.items():
            _write_cell(sheet, number, column, values.get(name, ""))
        if doubts:
            sentences = "\n".join(dict.fromkeys(map(_format_doubt, doubts)))
            _write_cell(sheet, number, places["doubt"], sentences).fill = DOUBTFUL
        for doubt in doubts:
            place = places.get(doubt.column or "", places["doubt"])
            sheet.cell(number, place).fill = DOUBTFUL
    sheet.freeze_panes = f"{get_column_letter(places['lead'])}{first + 1}"
    sheet.auto_filter.ref = f"A{first}:{get_column_letter(len(columns))}{first + len(rows)}"


def _write_cell(sheet: Worksheet, row: int, column: int, value: str) -> Cell:
    """Write text as text: what begins with "=" is no formula."""
    cell = sheet.cell(row, column)
    if not isinstance(cell, Cell):
        raise TypeError(f"merged cell at {row}, {column}")
    cell.value = _CONTROL.sub("", value)[:LONGEST_CELL]
    cell.data_type = "s"
    cell.alignment = Alignment(wrap_text=True, vertical="top")
    cell.border = _THIN
    return cell


def _format_doubt(doubt: Doubt) -> str:
    return load_sentences().to_text(doubt.make_sentence())
