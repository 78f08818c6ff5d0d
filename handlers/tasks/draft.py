"""What the dialogue about a task keeps between its steps."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import ConfigDict, Field

from handlers.conversation.drafts import DraftData


class TaskDraft(DraftData):
    """A task that is added, changed or cancelled, in a draft of kind "task".

    - `row` is the task in the plan format, as JSON; for a change `base` is the row before.
    - `ask` is the field that is asked for, `left` the parts that wait until that is answered.
    - `plan` is the plan of a new task, None for the one of tasks without a plan.
    - `choices` are the agencies that were offered.
    - `task` and `key` name the task that is changed or cancelled, `reason` says why.
    """

    model_config = ConfigDict(frozen=False)

    mode: Literal["add", "change", "cancel"]
    row: dict[str, Any] = Field(default_factory=dict)
    base: dict[str, Any] = Field(default_factory=dict)
    ask: str | None = None
    left: dict[str, str] = Field(default_factory=dict)
    plan: int | None = None
    plan_chosen: bool = False
    choices: list[str] = Field(default_factory=list)
    task: int | None = None
    key: str = "?"
    reason: str | None = None
