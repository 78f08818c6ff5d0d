"""Fill in what a tracker says of a task beside its deadline: how it stands, and its other times."""

from collections.abc import Sequence
from datetime import date

from language.text import fold
from plans.format import MilestoneRow, OtherTimeRow, TaskRow, TaskStatus
from plans.reading.bullets import join_lines
from plans.reading.row_entry import RowEntry
from plans.reading.row_task import PlanContext
from plans.tables.statuses import StatusReading, find_status_day, read_status

_STORED: dict[str, TaskStatus] = {
    "in_progress": "in_progress",
    "suspended": "suspended",
    "cancelled": "cancelled",
}


def fill_tracker_fields(task: TaskRow, entry: RowEntry, context: PlanContext) -> None:
    """Fill `status`, `status_text`, `done_on` and `other_times` of a task, with doubts."""
    task.other_times = _read_other_times(entry, context)
    text = join_lines(entry.get_text("status"))
    task.status_text = text or None
    reading = read_status(text, context.years)
    done_text = next((cell for time, cell in entry.times if time.kind == "done"), "")
    if done_text and reading.kind in (None, "open", "in_progress", "done"):
        reading = _join_done_column(reading, join_lines(done_text), context)
    if reading.kind == "done":
        _mark_as_done(task, reading, entry, context)
    elif reading.kind is not None:
        task.status = _STORED.get(reading.kind)
    elif any(map(str.isalpha, text)):
        task.status, reading = "in_progress", StatusReading("in_progress", is_sure=False)
    if not reading.is_sure:
        context.add_doubt("doubt-status", task.key, entry.number, "status", text=text)


def _join_done_column(reading: StatusReading, text: str, context: PlanContext) -> StatusReading:
    """Return the reading with what a column of days of completion says."""
    day, is_given = find_status_day(fold(text), context.years)
    if day is not None:
        if reading.kind in ("open", "in_progress"):
            return StatusReading("in_progress", is_sure=False)  # the two columns contradict
        return StatusReading("done", day, is_given)
    own = read_status(text, context.years)
    return own if reading.kind is None else reading


def _mark_as_done(
    task: TaskRow, reading: StatusReading, entry: RowEntry, context: PlanContext
) -> None:
    """Set the day on which a task was done, or leave it open if its deadline comes again."""
    if any(time.kind == "recurring" for time in task.milestones):
        task.status = "in_progress"
        context.add_doubt(
            "doubt-done-recurring", task.key, entry.number, "status", text=task.status_text or ""
        )
        return
    day = reading.day or _find_last_day(task.milestones)
    if day is None and context.years:
        day = date(context.years[1], 12, 31)
    if day is None:
        task.status = "in_progress"
        context.add_doubt(
            "doubt-status", task.key, entry.number, "status", text=task.status_text or ""
        )
        return
    task.done_on = day
    if not reading.is_day_given:
        context.add_doubt("doubt-done-day", task.key, entry.number, "status", day=day.isoformat())


def _find_last_day(milestones: Sequence[MilestoneRow]) -> date | None:
    return max((day for time in milestones for day in time.deadlines), default=None)


def _read_other_times(entry: RowEntry, context: PlanContext) -> list[OtherTimeRow]:
    """Return the times that do not bind, with their day if they name a single one."""
    rows: list[OtherTimeRow] = []
    for time, cell in entry.times:
        text = join_lines(cell)
        milestones = context.read_deadline(text)
        single = milestones[0] if len(milestones) == 1 else None
        day = single.last_day if single is not None and single.kind == "date" else None
        rows.append(OtherTimeRow(label=time.label, text=text, day=day))
    return rows
