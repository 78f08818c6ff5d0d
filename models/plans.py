"""Plans, their sections and tasks."""

from collections.abc import Sequence
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Column, Index, UniqueConstraint
from sqlmodel import Field, SQLModel, col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from locales.phrases import shorten_text
from models.storage.fields import Moment, json_column

_IDS_AT_ONCE = 500  # values of one statement
LONGEST_NAME = 80  # characters of a plan's name in a message


class Role(StrEnum):
    """The part of an agency in a task."""

    LEAD = "lead"
    PARTNER = "partner"


class Plan(SQLModel, table=True):
    """One plan document.

    - `identity` says whether a document is the same plan (docs/dev/plan-format.md).
    - `sample` marks the plan made for newcomers.
    - `confirmation`: whether a supervisor confirms reports; None: as soon as a supervisor has
      joined.
    - `evidence_needed`: whether a report of completion needs evidence.
    - `steps`: days before the last day on which to remind; None: the bot's own.
    """

    id: int = Field(default=None, primary_key=True)
    identity: str = Field(unique=True)
    title: str
    number: str | None = Field(default=None, index=True)
    issued_on: date | None = None
    issuer: str | None = None
    first_year: int | None = None
    last_year: int | None = None
    doubt: str | None = None
    sample: bool = False
    supervisor_id: int | None = Field(default=None, foreign_key="agency.id")
    confirmation: bool | None = None
    evidence_needed: bool = False
    steps: list[int] | None = Field(default=None, sa_column=json_column())
    imported_at: datetime = Field(sa_column=Column(Moment, nullable=False))
    closed_on: date | None = None

    @property
    def full_name(self) -> str:
        """Return what the plan is called: its number, without one its title."""
        return self.number or self.title

    def shorten_name(self, limit: int = LONGEST_NAME) -> str:
        """Return what the plan is called, in at most `limit` characters."""
        return shorten_text(self.full_name, limit)


class Section(SQLModel, table=True):
    """A section of a plan, in the order printed."""

    __table_args__ = (UniqueConstraint("plan_id", "position"),)

    id: int = Field(default=None, primary_key=True)
    plan_id: int = Field(foreign_key="plan.id", index=True, ondelete="CASCADE")
    position: int
    title: str
    folded: str


class Task(SQLModel, table=True):
    """One task. `next_day` and `state` follow its assignments.

    - `next_day` is the earliest last day of an unfinished assignment.
    - `outside`: a deadline that the narrative sets outside the table; it is reminded of but is no
      row of the table.
    - `added`: added by command, not by the document.
    - `search_text`: the text that words are looked for in, folded.
    - `done_given`: how the plan file said what is done and what a tracker said of the task, so that
      an export says it the same way.
    """

    __table_args__ = (
        UniqueConstraint("plan_id", "key"),
        Index("ix_task_plan_next", "plan_id", "next_day"),
        Index("ix_task_plan_code", "plan_id", "code"),
        Index("ix_task_plan_position", "plan_id", "position"),
    )

    id: int = Field(default=None, primary_key=True)
    plan_id: int = Field(foreign_key="plan.id", ondelete="CASCADE")
    section_id: int | None = Field(default=None, foreign_key="section.id", index=True)
    position: int
    key: str = Field(index=True)
    title: str
    code: str | None = None
    deliverables: list[str] = Field(default_factory=list, sa_column=json_column(nullable=False))
    requirement: str | None = None
    deadline_text: str | None = None
    doubt: str | None = None
    conflict: dict[str, Any] | None = Field(default=None, sa_column=json_column())
    outside: bool = False
    added: bool = False
    steps: list[int] | None = Field(default=None, sa_column=json_column())
    state: str = "unfinished"  # TaskState
    next_day: date | None = None
    done_given: dict[str, Any] | None = Field(default=None, sa_column=json_column())
    cancelled_on: date | None = None
    cancel_reason: str | None = None
    search_text: str


class TaskState(StrEnum):
    """How a task stands as a whole, derived from its assignments."""

    UNFINISHED = "unfinished"
    DONE = "done"
    CANCELLED = "cancelled"
    SUSPENDED = "suspended"


async def load_task_keys(
    session: AsyncSession, task_ids: Sequence[int]
) -> list[tuple[int, int, str]]:
    """Return (task id, plan id, key) for each of the ids, in their order."""
    columns = select(col(Task.id), Task.plan_id, Task.key)
    rows: dict[int | None, tuple[int, str]] = {}
    for start in range(0, len(task_ids), _IDS_AT_ONCE):
        some = col(Task.id).in_(task_ids[start : start + _IDS_AT_ONCE])
        for task_id, plan_id, key in await session.exec(columns.where(some)):
            rows[task_id] = (plan_id, key)
    return [(task_id, *rows[task_id]) for task_id in task_ids]
