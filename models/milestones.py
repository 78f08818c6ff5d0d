"""Milestones of tasks and their deadlines (one a last day)."""

from datetime import date

from sqlmodel import Field, SQLModel

from language.milestones import Milestone


class TaskMilestone(SQLModel, table=True):
    """What one part of a task's deadline cell means; its last days are its deadlines."""

    __tablename__ = "milestone"

    id: int | None = Field(default=None, primary_key=True)
    task_id: int = Field(foreign_key="task.id", index=True, ondelete="CASCADE")
    position: int
    what: str | None = None
    kind: str
    first_day: date | None = None
    at: str | None = None
    every: str | None = None
    rrule: str | None = None
    days: int | None = None
    months: int | None = None
    working_days: bool | None = None
    after: str | None = None
    reference: str | None = None
    report: str | None = None
    doubt: str | None = None


class Deadline(SQLModel, table=True):
    """One last day of a milestone, or, without a last day, the undated work of it (or of a task without milestones)."""

    id: int | None = Field(default=None, primary_key=True)
    task_id: int = Field(foreign_key="task.id", index=True, ondelete="CASCADE")
    milestone_id: int | None = Field(
        default=None, foreign_key="milestone.id", index=True, ondelete="CASCADE"
    )
    first_day: date | None = None
    last_day: date | None = Field(default=None, index=True)
    printed_day: date | None = Field(default=None, index=True)


STORED_FIELDS = (
    "what", "kind", "first_day", "at", "every", "rrule", "days", "months",
    "working_days", "after", "reference", "report", "doubt",
)  # fmt: skip


def make_milestone_row(milestone: Milestone, task_id: int, position: int) -> TaskMilestone:
    """The row that keeps `milestone`, without its days."""
    return TaskMilestone(
        task_id=task_id,
        position=position,
        **{name: getattr(milestone, name) for name in STORED_FIELDS},
    )


def read_milestone_row(row: TaskMilestone, deadlines: list[Deadline]) -> Milestone:
    """The milestone that `row` and its `deadlines` (ascending) keep."""
    fields = {name: getattr(row, name) for name in STORED_FIELDS}
    dated = [d for d in deadlines if d.last_day is not None]
    if row.kind == "recurring":
        return Milestone(**fields, last_days=tuple(d.last_day for d in dated))
    if dated:
        return Milestone(**fields, last_day=dated[0].last_day, printed_day=dated[0].printed_day)
    return Milestone(**fields)
