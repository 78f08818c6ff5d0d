"""Milestones of tasks and their deadlines (one for each last day)."""

from datetime import date

from sqlmodel import Field, SQLModel

from language.milestones import Milestone


class TaskMilestone(SQLModel, table=True):
    """One part of a task's deadline cell; its last days are its deadlines."""

    __tablename__ = "milestone"

    id: int = Field(default=None, primary_key=True)
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
    """One last day of a milestone.

    Without a last day it is the undated work of the milestone, or of a task without milestones.
    """

    id: int = Field(default=None, primary_key=True)
    task_id: int = Field(foreign_key="task.id", index=True, ondelete="CASCADE")
    milestone_id: int | None = Field(
        default=None, foreign_key="milestone.id", index=True, ondelete="CASCADE"
    )
    first_day: date | None = None
    last_day: date | None = Field(default=None, index=True)
    printed_day: date | None = Field(default=None, index=True)


STORED_FIELDS = tuple(name for name in Milestone.model_fields if name in TaskMilestone.model_fields)


def make_milestone_row(milestone: Milestone, task_id: int, position: int) -> TaskMilestone:
    """Return the row that stores `milestone`, without its days."""
    return TaskMilestone(
        task_id=task_id,
        position=position,
        **{name: getattr(milestone, name) for name in STORED_FIELDS},
    )


def read_milestone_row(row: TaskMilestone, deadlines: list[Deadline]) -> Milestone:
    """Return the milestone that `row` and its `deadlines` (ascending) store."""
    fields = {name: getattr(row, name) for name in STORED_FIELDS}
    dated = [d for d in deadlines if d.last_day is not None]
    if row.kind == "recurring":
        return Milestone(**fields, last_days=tuple(d.last_day for d in dated))
    if dated:
        return Milestone(**fields, last_day=dated[0].last_day, printed_day=dated[0].printed_day)
    return Milestone(**fields)
