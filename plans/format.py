"""The plan format (plan-format.md) as data classes: what `read` prints, `import` takes and `export` writes."""

from datetime import date
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from language.milestones import Milestone

LONGEST_TEXT = 20_000  # characters of one field
MOST_TASKS = 5_000  # tasks of one plan


def _list(value: Any) -> Any:
    return [] if value is None else value


Text = Annotated[str, Field(max_length=LONGEST_TEXT)]
Texts = Annotated[list[Text], BeforeValidator(_list), Field(max_length=500)]
DoneOn = date | dict[str, date] | dict[str, date | dict[str, date]]


class _Row(BaseModel):
    model_config = ConfigDict(extra="forbid")


class MilestoneRow(Milestone):
    """A milestone as a plan file holds it: the meaning, and when it was done.

    `done_on` is a day, a map of occurrence to day ("2020-01-05": "2020-01-04"), or a map of agency to either.
    """

    done_on: DoneOn | None = None


Milestones = Annotated[list[MilestoneRow], BeforeValidator(_list), Field(max_length=500)]


class ConflictRow(_Row):
    """A deadline named in another column that contradicts the deadline column."""

    text: Text
    milestone: MilestoneRow | None = None
    doubt: Text | None = None


class TaskRow(_Row):
    """One task of a plan (plan-format.md); agencies by canonical name."""

    key: Annotated[str, Field(min_length=1, max_length=60)]
    section: Text | None = None
    title: Annotated[str, Field(min_length=1, max_length=LONGEST_TEXT)]
    code: Annotated[str, Field(max_length=60)] | None = None
    lead: Texts = []
    partners: Texts = []
    deliverables: Texts = []
    requirement: Text | None = None
    deadline_text: Text | None = None
    milestones: Milestones = []
    done_on: DoneOn | None = None
    doubt: Text | None = None
    conflict: ConflictRow | None = None


class PlanMilestoneRow(_Row):
    """A deadline that the narrative sets outside the table."""

    lead: Texts = []
    partners: Texts = []
    title: Annotated[str, Field(min_length=1, max_length=LONGEST_TEXT)]
    milestone: MilestoneRow
    doubt: Text | None = None


class PlanHead(_Row):
    """The plan's heading."""

    title: Annotated[str, Field(min_length=1, max_length=LONGEST_TEXT)]
    number: Annotated[str, Field(max_length=100)] | None = None
    issued_on: date | None = None
    issuer: Text | None = None
    first_year: Annotated[int, Field(ge=1945, le=2200)] | None = None
    last_year: Annotated[int, Field(ge=1945, le=2200)] | None = None
    doubt: Text | None = None


class PlanFile(_Row):
    """A whole plan."""

    plan: PlanHead
    tasks: Annotated[list[TaskRow], BeforeValidator(_list), Field(max_length=MOST_TASKS)] = []
    plan_milestones: Annotated[list[PlanMilestoneRow], BeforeValidator(_list), Field(max_length=500)] = []

    def as_json(self) -> dict[str, Any]:
        """The plan as plain JSON values, without what is unknown or empty (absent, null and [] are the same)."""
        dumped: dict[str, Any] = _without_empty(self.model_dump(mode="json"))
        dumped.setdefault("tasks", [])
        return dumped


def _without_empty(value: Any) -> Any:
    if isinstance(value, dict):
        return {k: _without_empty(v) for k, v in value.items() if v is not None and v != []}
    if isinstance(value, list):
        return [_without_empty(v) for v in value]
    return value
