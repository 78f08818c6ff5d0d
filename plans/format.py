"""The plan format as data classes (docs/dev/plan-format.md): for `read`, `import` and `export`.

Reading its JSON is in `plans.plan_json`.
"""

from collections.abc import Collection
from datetime import date
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from language.milestones import Milestone
from language.text import drop_controls

LONGEST_TEXT = 20_000  # characters of one field
MOST_TASKS = 5_000  # tasks of one plan


def _replace_none(value: Any) -> Any:
    return [] if value is None else value


def _drop_controls(value: Any) -> Any:
    return drop_controls(value) if isinstance(value, str) else value


_Clean = BeforeValidator(_drop_controls)
Text = Annotated[str, _Clean, Field(max_length=LONGEST_TEXT)]
Title = Annotated[str, _Clean, Field(min_length=1, max_length=LONGEST_TEXT)]
Texts = Annotated[list[Text], BeforeValidator(_replace_none), Field(max_length=500)]
Year = Annotated[int, Field(ge=1945, le=2200)]
TaskStatus = Literal["in_progress", "suspended", "cancelled"]
DoneOn = date | dict[str, date] | dict[str, date | dict[str, date]]


class _StrictModel(BaseModel):
    model_config = ConfigDict(extra="forbid")


class MilestoneRow(Milestone):
    """A milestone in a plan file: its meaning, and when it was done.

    `done_on` is a day, a map of occurrence to day ("2020-01-05": "2020-01-04"), or a map of agency
    to either (docs/dev/plan-format.md rule 9).
    """

    done_on: DoneOn | None = None

    @classmethod
    def from_milestone(cls, milestone: Milestone) -> "MilestoneRow":
        """Return `milestone` as a row of a plan file, not done yet."""
        return cls(**milestone.model_dump())


Milestones = Annotated[list[MilestoneRow], BeforeValidator(_replace_none), Field(max_length=500)]


class ConflictRow(_StrictModel):
    """A deadline in another column that contradicts the deadline column."""

    text: Text
    milestone: MilestoneRow | None = None
    doubt: Text | None = None


class OtherTimeRow(_StrictModel):
    """A time of a task that does not bind: begun, given, proposed; `day` if it is a single day."""

    label: Text
    text: Text
    day: date | None = None


OtherTimes = Annotated[list[OtherTimeRow], BeforeValidator(_replace_none), Field(max_length=50)]


class TaskRow(_StrictModel):
    """One task of a plan; agencies by canonical name.

    `status` is how a tracker says that it stands, `status_text` its words; done is `done_on`.
    """

    key: Annotated[str, Field(min_length=1, max_length=60)]
    section: Text | None = None
    title: Title
    code: Annotated[str, Field(max_length=60)] | None = None
    lead: Texts = []
    partners: Texts = []
    deliverables: Texts = []
    requirement: Text | None = None
    deadline_text: Text | None = None
    milestones: Milestones = []
    done_on: DoneOn | None = None
    status: TaskStatus | None = None
    status_text: Text | None = None
    other_times: OtherTimes = []
    doubt: Text | None = None
    conflict: ConflictRow | None = None


class PlanMilestoneRow(_StrictModel):
    """A deadline that the narrative sets outside the table."""

    lead: Texts = []
    partners: Texts = []
    title: Title
    milestone: MilestoneRow
    doubt: Text | None = None


class UnreadRow(_StrictModel):
    """A paragraph or row that looks like a duty or holds a day, and stands in no task."""

    where: Text
    text: Text


class PlanHead(_StrictModel):
    """The plan's heading."""

    title: Title
    number: Annotated[str, Field(max_length=100)] | None = None
    issued_on: date | None = None
    issuer: Text | None = None
    first_year: Year | None = None
    last_year: Year | None = None
    doubt: Text | None = None


class PlanFile(_StrictModel):
    """A whole plan."""

    plan: PlanHead
    tasks: Annotated[
        list[TaskRow], BeforeValidator(_replace_none), Field(max_length=MOST_TASKS)
    ] = []
    plan_milestones: Annotated[
        list[PlanMilestoneRow], BeforeValidator(_replace_none), Field(max_length=500)
    ] = []
    unread: Annotated[list[UnreadRow], BeforeValidator(_replace_none)] = []

    def as_json(self) -> dict[str, Any]:
        """Return the plan as plain JSON values.

        The fields of the plan format are always there, remarks and days only if there are any.
        """
        dumped = self.model_dump(mode="json")
        return {
            "plan": _drop_empty_fields(dumped["plan"], PlanHead.model_fields.keys() - {"doubt"}),
            "tasks": [_dump_task(task) for task in dumped["tasks"]],
            "plan_milestones": [
                {
                    **_drop_empty_fields(row, {"lead", "partners", "title"}),
                    "milestone": _drop_empty_of_milestone(row["milestone"]),
                }
                for row in dumped["plan_milestones"]
            ],
            **({"unread": dumped["unread"]} if dumped["unread"] else {}),
        }


def dump_milestone(milestone: Milestone) -> dict[str, Any]:
    """Return one milestone as plain JSON values of the plan format."""
    return _drop_empty_of_milestone(milestone.model_dump(mode="json"))


_REMARKS = {
    "done_on",
    "doubt",
    "conflict",
    "status",
    "status_text",
    "other_times",
}  # of a task: written only if there are any


def _dump_task(dumped: dict[str, Any]) -> dict[str, Any]:
    task = _drop_empty_fields(dumped, TaskRow.model_fields.keys() - _REMARKS)
    task["milestones"] = [_drop_empty_of_milestone(one) for one in dumped["milestones"]]
    if task.get("other_times"):
        task["other_times"] = [
            _drop_empty_fields(one, {"label", "text"}) for one in task["other_times"]
        ]
    conflict = dumped["conflict"]
    if conflict is not None:
        task["conflict"] = _drop_empty_fields(conflict, {"text"})
        if conflict["milestone"] is not None:
            task["conflict"]["milestone"] = _drop_empty_of_milestone(conflict["milestone"])
    return task


def _drop_empty_of_milestone(dumped: dict[str, Any]) -> dict[str, Any]:
    return _drop_empty_fields(dumped, {"what", "kind"})


def _drop_empty_fields(dumped: dict[str, Any], always: Collection[str]) -> dict[str, Any]:
    """Return the fields named in `always`, and those of the others that are not empty."""
    return {
        name: value for name, value in dumped.items() if name in always or value not in (None, [])
    }
