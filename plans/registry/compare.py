"""Compare a plan file with the registry: what is new, changed and gone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

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
    registry_plan = await export_plan(session, plan_id)
    result = Comparison(plan_id)
    given = await _load_given_forms(session, plan_id)
    _compare_tasks(
        result, registry_plan.tasks, plan.tasks, given, decided or {}, amends=into is not None
    )
    stored = await _list_keys(session, plan_id)
    document = [task.key for task in plan.tasks]
    if into is not None:
        result.gone = []
        result.new_keys = plan_amended_keys(list(stored), result.old_keys, document)
        return result
    others = await _find_keys_outside_document(session, plan_id)
    outside = make_outside_tasks(plan.plan_milestones)
    old_rows = make_outside_tasks(registry_plan.plan_milestones)
    keys = [key for key, stands_outside in stored.items() if stands_outside]
    old = [row.model_copy(update={"key": key}) for row, key in zip(old_rows, keys, strict=True)]
    beside_table = Comparison(plan_id)
    _compare_tasks(beside_table, old, outside, given, decided or {}, amends=False)
    result.old_keys |= beside_table.old_keys
    result.unsure += beside_table.unsure
    result.head_changed = registry_plan.plan != plan.plan or bool(
        beside_table.new or beside_table.changed
    )
    result.gone = [change for change in result.gone + beside_table.gone if change.key not in others]
    document += [task.key for task in outside]
    result.moves = plan_moves(list(stored), result.old_keys, document)
    return result


async def _list_keys(session: AsyncSession, plan_id: int) -> dict[str, bool]:
    """Return the keys of a plan in its order, and whether they stand outside the table."""
    statement = select(Task.key, Task.outside).where(Task.plan_id == plan_id)
    order = (col(Task.position), col(Task.id))
    return dict((await session.exec(statement.order_by(*order))).all())


def _compare_tasks(
    result: Comparison,
    old: list[TaskRow],
    new: list[TaskRow],
    given: Mapping[str, dict[str, Any]],
    decided: Mapping[str, bool],
    *,
    amends: bool,
) -> None:
    """Put into `result` what is new, changed and gone among the tasks.

    `given` is by key how the last document said that a task of the registry stands.
    """
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
        fields = _find_differing_fields(before[old_key], row, given.get(old_key, {}))
        moved = old_key if old_key != row.key and not amends else None
        if fields or moved:
            result.changed.append(TaskChange(row.key, row.title, fields, moved))
        else:
            result.unchanged += 1
    paired = {*matching.old_keys.values(), *(pair.old.key for pair in matching.unsure)}
    result.gone = [TaskChange(row.key, row.title, ()) for row in old if row.key not in paired]


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


async def _load_given_forms(session: AsyncSession, plan_id: int) -> dict[str, dict[str, Any]]:
    """Return by key how the last document said that the tasks of a plan stand."""
    statement = select(Task.key, Task.done_given).where(Task.plan_id == plan_id)
    return {key: dict(given) for key, given in await session.exec(statement) if given}


def _find_differing_fields(old: TaskRow, new: TaskRow, given: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the names of the fields that differ.

    How work stands differs only if the new task says it, and otherwise than the last document did
    (`given`): one that says nothing undoes nothing, and what people did since stays.
    """
    names = []
    for name in TaskRow.model_fields:
        if name in ("key", "done_on", "status"):
            continue
        before, after = getattr(old, name), getattr(new, name)
        if name in ("status_text", "other_times") and not after:
            continue
        if name == "milestones":  # their done days are compared below
            before = [milestone.model_dump(exclude={"done_on"}) for milestone in before]
            after = [milestone.model_dump(exclude={"done_on"}) for milestone in after]
        if name in ("lead", "partners"):  # "Phòng Kinh Tế" is "Phòng Kinh tế"
            before, after = ([one.casefold() for one in names_of] for names_of in (before, after))
        if (before or None) != (after or None):
            names.append(name)
    last_status = given.get("tracker", {}).get("status")
    if new.status not in (None, old.status, last_status):
        names.append("status")
    last_form = {name: given.get(name) for name in ("task", "milestones")}
    if get_done_form(new) not in (None, get_done_form(old), last_form):
        names.append("done_on")
    return tuple(names)
