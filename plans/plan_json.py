"""The plan format as JSON: read and checked, and what the program works out itself filled in."""

import json
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from pydantic import ValidationError

from language import deadlines
from language.milestones import Milestone
from plans.format import MilestoneRow, PlanFile, PlanHead

EARLIEST, LATEST = date(1945, 1, 1), date(2200, 12, 31)  # as the years of a plan


class PlanFormatError(Exception):
    """The text is no plan format: `place` says where the fault stands ("tasks[3].key"), `reason` what it is."""

    def __init__(self, place: str, reason: str) -> None:
        super().__init__(f"{place}: {reason}")
        self.place = place
        self.reason = reason


def parse_plan(text: str | bytes) -> PlanFile:
    """The plan that `text` (JSON, UTF-8) holds. Raises PlanFormatError with the place of the first fault."""
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
    seen: set[str] = set()
    for number, task in enumerate(plan.tasks):
        if task.key in seen:
            raise PlanFormatError(f"tasks[{number}].key", f"duplicate {task.key}")
        seen.add(task.key)
    return complete_plan(plan)


def _find_nul(value: Any, place: str = "") -> str | None:
    """Where a text holds the character NUL, which PostgreSQL cannot keep; None where none does."""
    if isinstance(value, str):
        return (place or "$") if "\0" in value else None
    parts: Iterable[tuple[str, Any]] = ()
    if isinstance(value, dict):
        parts = ((f"{place}.{name}" if place else name, part) for name, part in value.items())
    elif isinstance(value, list):
        parts = ((f"{place}[{number}]", part) for number, part in enumerate(value))
    return next(
        (found for name, part in parts if (found := _find_nul(part, name)) is not None), None
    )


def _find_day_out_of_reach(plan: PlanFile) -> str | None:
    """Where a day is so far off that no step could be counted from it; None where none is."""
    if not _are_days_in_reach([plan.plan.issued_on]):
        return "plan.issued_on"
    milestones = [
        (f"tasks[{number}].milestones[{place}]", milestone)
        for number, task in enumerate(plan.tasks)
        for place, milestone in enumerate(task.milestones)
    ]
    milestones += [
        (f"plan_milestones[{n}].milestone", row.milestone)
        for n, row in enumerate(plan.plan_milestones)
    ]
    return next(
        (
            place
            for place, m in milestones
            if not _are_days_in_reach([m.first_day, m.printed_day, *m.deadlines])
        ),
        None,
    )


def _are_days_in_reach(days: Iterable[date | None]) -> bool:
    return all(day is None or EARLIEST <= day <= LATEST for day in days)


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
"""Beginnings of a fault's kind, the first that fits, and the sentence that names it."""


def get_reason_message(kind: str) -> str:
    return next(
        (message for start, message in _REASON_MESSAGES if kind.startswith(start)),
        "plan-fault-form",
    )


def _format_place(location: Sequence[int | str]) -> str:
    place = ""
    for step in location:
        if isinstance(step, int):
            place += f"[{step}]"
        elif not step.startswith(("function-", "dict[", "date", "none")):
            place += f".{step}" if place else step
    return place or "$"


def complete_plan(plan: PlanFile) -> PlanFile:
    """`plan` with what the program works out itself (`printed_day`, `rrule`, `at`) filled in where it is missing."""
    years = get_plan_years(plan.plan)
    tasks = []
    for task in plan.tasks:
        read = (
            deadlines.read_deadline_cell(task.deadline_text, years, plan.plan.issued_on)
            if task.deadline_text
            else []
        )
        update: dict[str, Any] = {
            "milestones": [_complete_milestone(m, read) for m in task.milestones]
        }
        if task.conflict is not None and task.conflict.milestone is not None:
            said = deadlines.read_deadline_cell(task.conflict.text, years, plan.plan.issued_on)
            milestone = _complete_milestone(task.conflict.milestone, said)
            update["conflict"] = task.conflict.model_copy(update={"milestone": milestone})
        tasks.append(task.model_copy(update=update))
    outside = [
        row.model_copy(update={"milestone": _complete_milestone(row.milestone, [])})
        for row in plan.plan_milestones
    ]
    return plan.model_copy(update={"tasks": tasks, "plan_milestones": outside})


def _complete_milestone(row: MilestoneRow, read: Iterable[Milestone]) -> MilestoneRow:
    update: dict[str, Any] = {}
    for same in read:
        if same.kind == row.kind and same.deadlines == row.deadlines:
            update = {name: getattr(same, name) for name in ("printed_day", "at", "rrule", "every")}
            break
    given = {
        name: value
        for name, value in update.items()
        if value is not None and getattr(row, name) is None
    }
    full = deadlines.complete_milestone(row.model_copy(update=given))
    return MilestoneRow(**{**full.model_dump(), "done_on": row.done_on})


def get_plan_years(head: PlanHead) -> tuple[int, int] | None:
    """The first and the last year of a plan, None where unknown."""
    if head.first_year is None:
        return None
    return head.first_year, head.last_year or head.first_year
