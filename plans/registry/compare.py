"""Compare a plan file with the registry: what is new, changed and gone."""

from __future__ import annotations

from dataclasses import dataclass, field

from sqlmodel import col, or_, select
from sqlmodel.ext.asyncio.session import AsyncSession

from language.text import fold
from models.plans import Plan, Task
from plans.format import PlanFile, PlanHead, TaskRow
from plans.registry.done_days import get_done_form
from plans.registry.export import export_plan


@dataclass(frozen=True)
class TaskChange:
    """One task that a document changes or lacks: its key, and the fields that differ."""

    key: str
    title: str
    fields: tuple[str, ...]


@dataclass
class Comparison:
    """What a plan file would do to the registry. `plan_id` is None for a new plan."""

    plan_id: int | None
    new: list[TaskRow] = field(default_factory=list)
    changed: list[TaskChange] = field(default_factory=list)
    gone: list[TaskChange] = field(default_factory=list)
    unchanged: int = 0
    head_changed: bool = False

    @property
    def is_up_to_date(self) -> bool:
        """Whether the registry has all of it already."""
        return self.plan_id is not None and not (self.new or self.changed or self.head_changed)


def make_identity(head: PlanHead) -> str:
    """Return what two documents of the same plan share (docs/dev/plan-format.md rule 11)."""
    if head.number:
        return f"{fold(head.number)}|{fold(head.issuer or '')}|{head.first_year or ''}"
    return f"{fold(head.title)}|{head.first_year or ''}"


async def find_plan(session: AsyncSession, head: PlanHead) -> Plan | None:
    """Return the plan of the registry that `head` is the heading of, or None."""
    return (await session.exec(select(Plan).where(Plan.identity == make_identity(head)))).first()


async def compare_plan(
    session: AsyncSession, plan: PlanFile, into: int | None = None
) -> Comparison:
    """Return what `plan` would change in the same plan of the registry.

    With `into`, it is compared with that plan, which it amends: tasks that it lacks are not gone,
    and the heading stays. The milestones of `plan` must be complete, as `parse_plan` leaves them.
    """
    plan_id = into if into is not None else getattr(await find_plan(session, plan.plan), "id", None)
    if plan_id is None:
        return Comparison(None, new=list(plan.tasks))
    there = await export_plan(session, plan_id)
    result = Comparison(plan_id)
    before = {task.key: task for task in there.tasks}
    for task in plan.tasks:
        old = before.pop(task.key, None)
        if old is None:
            result.new.append(task)
            continue
        differing = _find_differing_fields(old, task)
        if differing:
            result.changed.append(TaskChange(task.key, task.title, differing))
        else:
            result.unchanged += 1
    if into is None:
        others = await _find_keys_outside_document(session, plan_id)
        result.gone = [
            TaskChange(task.key, task.title, ())
            for task in before.values()
            if task.key not in others
        ]
        result.head_changed = (
            there.plan != plan.plan or there.plan_milestones != plan.plan_milestones
        )
    return result


async def _find_keys_outside_document(session: AsyncSession, plan_id: int) -> set[str]:
    """Return the keys of tasks that a document may lack: added by command, or cancelled before."""
    statement = select(Task.key).where(
        Task.plan_id == plan_id, or_(col(Task.added).is_(True), col(Task.cancelled_on).is_not(None))
    )
    return set(await session.exec(statement))


def _find_differing_fields(old: TaskRow, new: TaskRow) -> tuple[str, ...]:
    """Return the names of the fields that differ.

    `done_on` differs only if the new task has one: a document without done days undoes nothing.
    """
    names = []
    for name in TaskRow.model_fields:
        if name in ("key", "done_on"):
            continue
        before, after = getattr(old, name), getattr(new, name)
        if name == "milestones":  # their done days are compared below
            before = [milestone.model_dump(exclude={"done_on"}) for milestone in before]
            after = [milestone.model_dump(exclude={"done_on"}) for milestone in after]
        if (before or None) != (after or None):
            names.append(name)
    new_form, old_form = get_done_form(new), get_done_form(old)
    if new_form is not None and new_form != old_form:
        names.append("done_on")
    return tuple(names)
