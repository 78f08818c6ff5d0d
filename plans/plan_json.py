"""The plan format as JSON: check what comes in, fill in what the program works out itself.

Not for documents (`plans.reading`) and not for the registry (`plans.registry`).
"""

import json
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from pydantic import ValidationError

from language import deadlines
from language.milestones import Milestone
from locales.answer import say
from locales.user_error import UserError
from plans.format import MilestoneRow, PlanFile, PlanHead

EARLIEST_DAY = date(1945, 1, 1)  # as the first year that a plan may have
LATEST_DAY = date(2200, 12, 31)  # as the last year

# The beginning of a fault's kind (the names are pydantic's, a few are ours) and the message for it.
# The first that fits counts.
_REASON_MESSAGES = (
    ("missing", "plan-fault-missing"),
    ("extra", "plan-fault-extra"),
    ("literal", "plan-fault-choice"),
    ("date", "plan-fault-day"),
    ("list", "plan-fault-list"),
    ("too_long", "plan-fault-long"),
    ("string_too_short", "plan-fault-missing"),
    ("string", "plan-fault-text"),
    ("int", "plan-fault-number"),
    ("greater", "plan-fault-number"),
    ("less", "plan-fault-number"),
    ("duplicate", "plan-fault-duplicate"),
    ("utf-8", "plan-fault-encoding"),
    ("json", "plan-fault-json"),
)


class PlanFormatError(UserError):
    """The text breaks the plan format.

    `place` says at which value ("tasks[3].key") or position ("1:1", line and column); `reason` is
    the kind of fault.
    """

    def __init__(self, place: str, reason: str) -> None:
        why = say(_get_reason_message(reason))
        super().__init__(say("plan-format-fault", place=place, reason=why))
        self.place = place
        self.reason = reason


def parse_plan(text: str | bytes) -> PlanFile:
    """Return the plan in `text` (JSON, UTF-8), completed.

    Raises PlanFormatError for the first fault.
    """
    try:
        value = json.loads(text)
        nul = _find_nul(value)
        if nul is not None:
            raise PlanFormatError(nul, "string_nul")
        plan = PlanFile.model_validate(value)
    except UnicodeDecodeError as fault:
        raise PlanFormatError(f"byte {fault.start}", "utf-8") from fault
    except json.JSONDecodeError as fault:
        raise PlanFormatError(f"{fault.lineno}:{fault.colno}", "json") from fault
    except RecursionError as fault:
        raise PlanFormatError("$", "json") from fault
    except ValidationError as fault:
        first = fault.errors()[0]
        raise PlanFormatError(_format_place(first["loc"]), first["type"]) from fault
    except ValueError as fault:  # a number of thousands of digits
        raise PlanFormatError("$", "int") from fault
    far = _find_day_out_of_reach(plan)
    if far is not None:
        raise PlanFormatError(far, "date_out_of_reach")
    keys: set[str] = set()
    for number, task in enumerate(plan.tasks):
        if task.key in keys:
            raise PlanFormatError(f"tasks[{number}].key", f"duplicate {task.key}")
        keys.add(task.key)
    return _complete_plan(plan)


def _get_reason_message(reason: str) -> str:
    """Return the message id (Fluent) that explains the `reason` of a PlanFormatError."""
    for start, message_id in _REASON_MESSAGES:
        if reason.startswith(start):
            return message_id
    return "plan-fault-form"


def _complete_plan(plan: PlanFile) -> PlanFile:
    """Return `plan` with what the program works out itself (docs/dev/plan-format.md rule 10).

    A milestone without `printed_day`, `at`, `rrule` or `every` takes them from its deadline text,
    if the text means the same days; else they are worked out from the days.
    """
    head = plan.plan
    years = _get_years(head)
    tasks = []
    for task in plan.tasks:
        milestones: list[Milestone] = []
        if task.deadline_text:
            milestones = deadlines.read_deadline_cell(task.deadline_text, years, head.issued_on)
        update: dict[str, Any] = {
            "milestones": [_complete_milestone(row, milestones) for row in task.milestones]
        }
        if task.conflict is not None and task.conflict.milestone is not None:
            others = deadlines.read_deadline_cell(task.conflict.text, years, head.issued_on)
            milestone = _complete_milestone(task.conflict.milestone, others)
            update["conflict"] = task.conflict.model_copy(update={"milestone": milestone})
        tasks.append(task.model_copy(update=update))
    outside = [
        row.model_copy(update={"milestone": _complete_milestone(row.milestone, [])})
        for row in plan.plan_milestones
    ]
    return plan.model_copy(update={"tasks": tasks, "plan_milestones": outside})


def _find_nul(value: Any, place: str = "") -> str | None:
    """Return the place of a text with the character NUL, which PostgreSQL cannot store, or None."""
    if isinstance(value, str):
        return (place or "$") if "\0" in value else None
    parts: Iterable[tuple[str, Any]] = ()
    if isinstance(value, dict):
        parts = ((f"{place}.{name}" if place else name, part) for name, part in value.items())
    elif isinstance(value, list):
        parts = ((f"{place}[{number}]", part) for number, part in enumerate(value))
    places = (_find_nul(part, name) for name, part in parts)
    return next((one for one in places if one is not None), None)


def _find_day_out_of_reach(plan: PlanFile) -> str | None:
    """Return the place of a day too far off to count reminders from it, or None."""
    days: list[tuple[str, list[date | None]]] = [("plan.issued_on", [plan.plan.issued_on])]
    for number, task in enumerate(plan.tasks):
        for place, row in enumerate(task.milestones):
            days.append((f"tasks[{number}].milestones[{place}]", _list_days(row)))
    for number, outside in enumerate(plan.plan_milestones):
        days.append((f"plan_milestones[{number}].milestone", _list_days(outside.milestone)))
    for where, values in days:
        if any(day is not None and not EARLIEST_DAY <= day <= LATEST_DAY for day in values):
            return where
    return None


def _list_days(row: MilestoneRow) -> list[date | None]:
    return [row.first_day, row.printed_day, *row.deadlines]


def _format_place(location: Sequence[int | str]) -> str:
    """Return pydantic's location of a fault as a path ("tasks[3].key"), without its own steps."""
    place = ""
    for step in location:
        if isinstance(step, int):
            place += f"[{step}]"
        elif not step.startswith(("function-", "dict[", "date", "none")):
            place += f".{step}" if place else step
    return place or "$"


def _complete_milestone(row: MilestoneRow, milestones: Iterable[Milestone]) -> MilestoneRow:
    """Return `row` completed, if possible from the one of `milestones` that means the same days."""
    update: dict[str, Any] = {}
    for same in milestones:
        if same.kind == row.kind and same.deadlines == row.deadlines:
            for name in ("printed_day", "at", "rrule", "every"):
                if getattr(row, name) is None and getattr(same, name) is not None:
                    update[name] = getattr(same, name)
            break
    full = deadlines.complete_milestone(row.model_copy(update=update))
    return MilestoneRow(**{**full.model_dump(), "done_on": row.done_on})


def _get_years(head: PlanHead) -> tuple[int, int] | None:
    """Return the first and the last year of a plan, None if unknown."""
    if head.first_year is None:
        return None
    return head.first_year, head.last_year or head.first_year
