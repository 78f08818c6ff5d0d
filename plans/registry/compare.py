"""Compare a plan file with the registry: what is new, changed and gone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from sqlmodel import col, or_, select
from sqlmodel.ext.asyncio.session import AsyncSession

from language.text import fold
from models.plans import Plan, Task
from plans.format import PlanFile, PlanHead, PlanMilestoneRow, TaskRow
from plans.registry.done_days import get_done_form
from plans.registry.export import export_plan
from plans.registry.matching import UnsureMatch, match_tasks
from plans.registry.renumbering import plan_amended_keys, plan_moves

OUTSIDE_KEY = "KH"  # "kế hoạch"; deadlines outside the table get the keys KH.1, KH.2 ...


@dataclass(frozen=True)
class TaskChange:
    """One task that a document changes or lacks: its key, and the fields that differ.

    `old_key` is its number in the registry, if the document gives it another one.
    """

    key: str
    title: str
    fields: tuple[str, ...]
    old_key: str | None = None


@dataclass
class Comparison:
    """What a plan file would do to the registry. `plan_id` is None for a new plan.

    - `old_keys`: of each task of the document that the registry has, its key there.
    - `new_keys`: the keys that tasks of an amendment get instead of its own.
    - `moves`: the new key of each task in the registry that gets another one.
    - `unsure`: pairs that somebody must decide before anything is written.
    """

    plan_id: int | None
    new: list[TaskRow] = field(default_factory=list)
    changed: list[TaskChange] = field(default_factory=list)
    gone: list[TaskChange] = field(default_factory=list)
    unchanged: int = 0
    head_changed: bool = False
    old_keys: dict[str, str] = field(default_factory=dict)
    new_keys: dict[str, str] = field(default_factory=dict)
    moves: dict[str, str] = field(default_factory=dict)
    unsure: list[UnsureMatch] = field(default_factory=list)

    @property
    def is_up_to_date(self) -> bool:
        """Whether the registry has all of it already."""
        return self.plan_id is not None and not (
            self.new or self.changed or self.head_changed or self.unsure
        )

    @property
    def renumbered(self) -> dict[str, str]:
        """Return the old number of each task that the document numbers anew."""
        return {c.key: c.old_key for c in self.changed if c.old_key is not None}


def make_identity(head: PlanHead) -> str:
    """Return what two documents of the same plan share (docs/dev/plan-format.md rule 11)."""
    if head.number:
        return f"{fold(head.number)}|{fold(head.issuer or '')}|{head.first_year or ''}"
    return f"{fold(head.title)}|{head.first_year or ''}"


async def find_plan(session: AsyncSession, head: PlanHead) -> Plan | None:
    """Return the plan of the registry that `head` is the heading of, or None."""
    return (await session.exec(select(Plan).where(Plan.identity == make_identity(head)))).first()


async def compare_plan(
    session: AsyncSession,
    plan: PlanFile,
    into: int | None = None,
    decided: Mapping[str, bool] | None = None,
) -> Comparison:
    """Return what `plan` would change in the same plan of the registry.

    With `into`, it is compared with that plan, which it amends: tasks that it lacks are not gone,
    and the heading stays. `decided` says by key which unsure pairs are one task. The milestones of
    `plan` must be complete, as `parse_plan` leaves them.
    """
    plan_id = into if into is not None else getattr(await find_plan(session, plan.plan), "id", None)
    if plan_id is None:
        return Comparison(None, new=list(plan.tasks))
    there = await export_plan(session, plan_id)
    result = Comparison(plan_id)
    _compare_tasks(result, there.tasks, plan.tasks, decided or {}, amends=into is not None)
    stored = await _list_keys(session, plan_id)
    document = [task.key for task in plan.tasks]
    if into is not None:
        result.gone = []
        result.new_keys = plan_amended_keys(list(stored), result.old_keys, document)
        return result
    others = await _find_keys_outside_document(session, plan_id)
    result.gone = [change for change in result.gone if change.key not in others]
    result.head_changed = there.plan != plan.plan or there.plan_milestones != plan.plan_milestones
    outside = make_outside_tasks(plan.plan_milestones)
    _match_outside_tasks(result, there, [k for k in stored if stored[k]], outside, decided or {})
    document += [task.key for task in outside]
    result.moves = plan_moves(list(stored), result.old_keys, document)
    return result


async def _list_keys(session: AsyncSession, plan_id: int) -> dict[str, bool]:
    """Return the keys of a plan in its order, and whether they stand outside the table."""
    statement = select(Task.key, Task.outside).where(Task.plan_id == plan_id)
    return dict((await session.exec(statement.order_by(col(Task.position)))).all())


def _compare_tasks(
    result: Comparison,
    old: list[TaskRow],
    new: list[TaskRow],
    decided: Mapping[str, bool],
    *,
    amends: bool,
) -> None:
    """Put into `result` what is new, changed and gone among the tasks of the table."""
    matching = match_tasks(old, new, decided, amends=amends)
    before = {row.key: row for row in old}
    result.old_keys, result.unsure = matching.old_keys, list(matching.unsure)
    undecided = {pair.new.key for pair in matching.unsure}
    for row in new:
        if row.key in undecided:
            continue
        old_key = matching.old_keys.get(row.key)
        if old_key is None:
            result.new.append(row)
            continue
        fields = _find_differing_fields(before[old_key], row)
        moved = old_key if old_key != row.key and not amends else None
        if fields or moved:
            result.changed.append(TaskChange(row.key, row.title, fields, moved))
        else:
            result.unchanged += 1
    paired = {*matching.old_keys.values(), *(pair.old.key for pair in matching.unsure)}
    result.gone = [TaskChange(row.key, row.title, ()) for row in old if row.key not in paired]


def _match_outside_tasks(
    result: Comparison,
    there: PlanFile,
    keys: list[str],
    new: list[TaskRow],
    decided: Mapping[str, bool],
) -> None:
    """Find which deadlines outside the table are the same; they have no printed number at all.

    `keys` are those of the registry.
    """
    rows = make_outside_tasks(there.plan_milestones)
    old = [row.model_copy(update={"key": key}) for row, key in zip(rows, keys, strict=True)]
    matching = match_tasks(old, new, decided)
    result.old_keys |= matching.old_keys
    result.unsure += matching.unsure


def make_outside_tasks(rows: Sequence[PlanMilestoneRow]) -> list[TaskRow]:
    """Return the deadlines outside the table as tasks, numbered in their order."""
    return [
        TaskRow(
            key=f"{OUTSIDE_KEY}.{number}",
            title=row.title,
            lead=row.lead,
            partners=row.partners,
            milestones=[row.milestone],
            doubt=row.doubt,
        )
        for number, row in enumerate(rows, start=1)
    ]


async def _find_keys_outside_document(session: AsyncSession, plan_id: int) -> set[str]:
    """Return the keys of tasks that a document may lack: added by command, or cancelled before."""
    statement = select(Task.key).where(
        Task.plan_id == plan_id, or_(col(Task.added).is_(True), col(Task.cancelled_on).is_not(None))
    )
    return set(await session.exec(statement))


def _find_differing_fields(old: TaskRow, new: TaskRow) -> tuple[str, ...]:
    """Return the names of the fields that differ.

    `done_on` differs only if the new task has one: a document without done days undoes nothing.
    Likewise the status; that work is in progress changes nothing.
    """
    names = []
    for name in TaskRow.model_fields:
        if name in ("key", "done_on"):
            continue
        before, after = getattr(old, name), getattr(new, name)
        if name in ("status", "status_text") and after in (None, "in_progress"):
            continue
        if name == "milestones":  # their done days are compared below
            before = [milestone.model_dump(exclude={"done_on"}) for milestone in before]
            after = [milestone.model_dump(exclude={"done_on"}) for milestone in after]
        if (before or None) != (after or None):
            names.append(name)
    new_form, old_form = get_done_form(new), get_done_form(old)
    if new_form is not None and new_form != old_form:
        names.append("done_on")
    return tuple(names)
