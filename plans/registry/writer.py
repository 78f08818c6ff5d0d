"""Plans into the registry and out again: compared with what is there, written in one transaction, exported."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlmodel import col, delete, or_, select, update
from sqlmodel.ext.asyncio.session import AsyncSession

from language.agencies.directory import Directory
from language.search import make_index_text
from language.text import fold
from models.agencies import Agency, AgencyMember, AgencyName, AgencySuccessor, TaskAgency
from models.assignments import (
    Assignment,
    Status,
    cancel_assignments,
    find_responsible_agencies,
    refresh_tasks,
)
from models.audit import record_change
from models.milestones import Deadline, TaskMilestone, make_milestone_row, read_milestone_row
from models.plans import Plan, Role, Section, Task
from plans.format import ConflictRow, MilestoneRow, PlanFile, PlanHead, PlanMilestoneRow, TaskRow
from plans.registry import done_days

OUTSIDE_KEY = "KH"
"""Group letter of the keys that deadlines outside the table get (KH.1, KH.2 ...): "kế hoạch"."""


@dataclass(frozen=True)
class TaskChange:
    """One task that a document changes: its key and the names of the fields that differ."""

    key: str
    title: str
    fields: tuple[str, ...]


@dataclass
class Comparison:
    """What a plan file would do to the registry. `plan_id` is None for a plan that is not there yet."""

    plan_id: int | None
    new: list[TaskRow] = field(default_factory=list)
    changed: list[TaskChange] = field(default_factory=list)
    gone: list[TaskChange] = field(default_factory=list)
    unchanged: int = 0
    head_changed: bool = False

    @property
    def is_up_to_date(self) -> bool:
        """Whether the registry holds all of it already."""
        return self.plan_id is not None and not (self.new or self.changed or self.head_changed)


def make_identity(head: PlanHead) -> str:
    """What makes two documents the same plan: number, issuer and first year, or title and first year."""
    if head.number:
        return f"{fold(head.number)}|{fold(head.issuer or '')}|{head.first_year or ''}"
    return f"{fold(head.title)}|{head.first_year or ''}"


# --- out of the registry ---------------------------------------------------------------------------------------------


async def export_plan(session: AsyncSession, plan_id: int) -> PlanFile:
    """The plan in the plan format. Raises KeyError where there is no such plan."""
    plan = await session.get(Plan, plan_id)
    if plan is None:
        raise KeyError(plan_id)
    tasks = (
        await session.exec(select(Task).where(Task.plan_id == plan_id).order_by(col(Task.position)))
    ).all()
    held = await _load_task_parts(session, plan_id)
    rows = [(task, _make_task_row(task, held)) for task in tasks]
    return PlanFile(
        plan=PlanHead(**{name: getattr(plan, name) for name in PlanHead.model_fields}),
        tasks=[row for task, row in rows if not task.outside],
        plan_milestones=[
            PlanMilestoneRow(
                lead=row.lead,
                partners=row.partners,
                title=row.title,
                milestone=row.milestones[0],
                doubt=row.doubt,
            )
            for task, row in rows
            if task.outside
        ],
    )


async def export_task(session: AsyncSession, task: Task) -> TaskRow:
    """One task of the registry in the plan format."""
    return _make_task_row(task, await _load_task_parts(session, task.plan_id))


@dataclass
class _StoredTaskParts:
    """Everything of a plan that its tasks are put together from, by task id."""

    sections: dict[int, str]
    links: dict[int, list[tuple[str, str]]]  # role, agency name
    milestones: dict[int, list[TaskMilestone]]
    deadlines: dict[int, list[Deadline]]
    assignments: dict[int, list[tuple[Assignment, str | None]]]


async def _load_task_parts(session: AsyncSession, plan_id: int) -> _StoredTaskParts:
    held = _StoredTaskParts({}, {}, {}, {}, {})
    for section in await session.exec(select(Section).where(Section.plan_id == plan_id)):
        held.sections[section.id or 0] = section.title
    links = (
        select(TaskAgency, Agency.name)
        .join(Agency)
        .join(Task, col(Task.id) == TaskAgency.task_id)
        .where(Task.plan_id == plan_id)
        .order_by(col(TaskAgency.position))
    )
    for link, name in await session.exec(links):
        held.links.setdefault(link.task_id, []).append((link.role, name))
    milestones = (
        select(TaskMilestone)
        .join(Task)
        .where(Task.plan_id == plan_id)
        .order_by(col(TaskMilestone.position))
    )
    for milestone in await session.exec(milestones):
        held.milestones.setdefault(milestone.task_id, []).append(milestone)
    dated = (
        select(Deadline).join(Task).where(Task.plan_id == plan_id).order_by(col(Deadline.last_day))
    )
    for deadline in await session.exec(dated):
        held.deadlines.setdefault(deadline.task_id, []).append(deadline)
    assigned = (
        select(Assignment, Agency.name)
        .join(Agency, isouter=True, onclause=col(Agency.id) == Assignment.agency_id)
        .where(Assignment.plan_id == plan_id, col(Assignment.ended_on).is_(None))
        .order_by(col(Assignment.id))
    )
    for assignment, name in await session.exec(assigned):
        held.assignments.setdefault(assignment.task_id, []).append((assignment, name))
    return held


def _make_task_row(task: Task, held: _StoredTaskParts) -> TaskRow:
    task_id = task.id or 0
    links = held.links.get(task_id, [])
    days = held.deadlines.get(task_id, [])
    milestones = held.milestones.get(task_id, [])
    row = TaskRow(
        key=task.key,
        section=held.sections.get(task.section_id or 0),
        title=task.title,
        code=task.code,
        lead=[name for role, name in links if role == Role.LEAD],
        partners=[name for role, name in links if role == Role.PARTNER],
        deliverables=task.deliverables,
        requirement=task.requirement,
        deadline_text=task.deadline_text,
        milestones=[
            _make_milestone_row(m, [d for d in days if d.milestone_id == m.id]) for m in milestones
        ],
        doubt=task.doubt,
        conflict=ConflictRow.model_validate(task.conflict) if task.conflict else None,
    )
    return _add_done_days(task, row, days, milestones, held.assignments.get(task_id, []))


def _make_milestone_row(milestone: TaskMilestone, days: list[Deadline]) -> MilestoneRow:
    return MilestoneRow(**read_milestone_row(milestone, days).model_dump())


def _add_done_days(
    task: Task,
    row: TaskRow,
    days: Sequence[Deadline],
    milestones: Sequence[TaskMilestone],
    assignments: Sequence[tuple[Assignment, str | None]],
) -> TaskRow:
    places = {m.id: place for place, m in enumerate(milestones)}
    by_id = {d.id: d for d in days}
    agencies = list(dict.fromkeys(name for _, name in assignments))
    done: dict[done_days.Piece, date] = {}
    for assignment, name in assignments:
        if assignment.status == Status.DONE and assignment.done_on is not None:
            deadline = by_id[assignment.deadline_id]
            place = None if deadline.milestone_id is None else places[deadline.milestone_id]
            done[place, deadline.last_day, name] = assignment.done_on
    if not done:
        return row
    if task.done_given:
        as_given = _apply_done_form(row, task.done_given)
        if done_days.read_done_days(as_given, agencies) == done:
            return as_given
    return done_days.set_done_days(row, agencies, done)


def get_done_form(row: TaskRow) -> dict[str, Any] | None:
    """How `row` says what is done, to be kept; None where it says nothing."""
    dumped = row.model_dump(
        mode="json", include={"done_on": True, "milestones": {"__all__": {"done_on"}}}
    )
    form = {"task": dumped["done_on"], "milestones": [m["done_on"] for m in dumped["milestones"]]}
    return (
        form if form["task"] is not None or any(m is not None for m in form["milestones"]) else None
    )


def _apply_done_form(row: TaskRow, form: dict[str, Any]) -> TaskRow:
    dumped = row.model_dump()
    dumped["done_on"] = form["task"]
    for milestone, value in zip(dumped["milestones"], form["milestones"], strict=False):
        milestone["done_on"] = value
    return TaskRow.model_validate(dumped)


# --- against the registry --------------------------------------------------------------------------------------------


async def find_plan(session: AsyncSession, head: PlanHead) -> Plan | None:
    """The plan of the registry that `head` is a document of."""
    return (await session.exec(select(Plan).where(Plan.identity == make_identity(head)))).first()


async def compare_plan(
    session: AsyncSession, plan: PlanFile, into: int | None = None
) -> Comparison:
    """What `plan` (completed) would change in the same plan of the registry, or in the plan `into` that it amends."""
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
        outside = [r.model_dump(mode="json") for r in plan.plan_milestones]
        result.head_changed = there.plan != plan.plan or outside != [
            r.model_dump(mode="json") for r in there.plan_milestones
        ]
    return result


async def _find_keys_outside_document(session: AsyncSession, plan_id: int) -> set[str]:
    """The keys of tasks that a document need not hold: added by command, or cancelled before."""
    statement = select(Task.key).where(
        Task.plan_id == plan_id, or_(col(Task.added).is_(True), col(Task.cancelled_on).is_not(None))
    )
    return set(await session.exec(statement))


def _find_differing_fields(old: TaskRow, new: TaskRow) -> tuple[str, ...]:
    """The fields of a task that differ; what is done counts where the new one says more than the old."""
    names = []
    for name in TaskRow.model_fields:
        if name in ("key", "done_on"):
            continue
        if name == "milestones":
            if [_dump_meaning(m) for m in old.milestones] != [
                _dump_meaning(m) for m in new.milestones
            ]:
                names.append(name)
        elif (getattr(old, name) or None) != (getattr(new, name) or None):
            names.append(name)
    said, known = get_done_form(new), get_done_form(old)
    if said is not None and said != known:
        names.append("done_on")
    return tuple(names)


def _dump_meaning(milestone: MilestoneRow) -> dict[str, Any]:
    return milestone.model_dump(exclude={"done_on"})


# --- into the registry -----------------------------------------------------------------------------------------------


class PlanWriter:
    """Writes one plan within the running transaction of `session`; `today` is the day from which assignments count."""

    def __init__(
        self,
        session: AsyncSession,
        directory: Directory,
        now: datetime,
        today: date,
        person_id: int | None = None,
    ) -> None:
        self._session = session
        self._directory = directory
        self._now = now
        self._today = today
        self._person_id = person_id
        self._past_done = False
        self._agencies: dict[str, Agency] = {}
        self._sections: dict[str, Section] = {}
        self._responsible: dict[tuple[int | None, ...], list[tuple[int | None, int | None]]] = {}

    async def write_plan(
        self,
        plan: PlanFile,
        comparison: Comparison,
        *,
        sample: bool = False,
        cancel_gone: bool = False,
        past_done: bool = False,
        source: dict[str, Any] | None = None,
    ) -> int:
        """Writes `plan` as `comparison` says and returns the plan's id.

        New tasks are added, changed ones updated in place with the statuses, extensions and evidence they have; tasks
        that the document no longer holds stay, or with `cancel_gone` are cancelled, on record. `source` (file name,
        SHA-256) goes into the audit. `past_done`: new work whose last day is before today counts as done on its last
        day; without it, it is unfinished.
        """
        self._past_done = past_done
        row = await self._write_plan_row(plan.plan, comparison, sample)
        plan_id = row.id or 0
        await self._load_plan(plan_id)
        changed = {change.key for change in comparison.changed}
        new = {task.key for task in comparison.new}
        touched: list[int] = []
        for position, task in enumerate(plan.tasks):
            if task.key in new or task.key in changed:
                touched.append(await self._write_task(plan_id, task, position))
        if comparison.head_changed or comparison.plan_id is None:
            touched += await self._write_plan_milestones(plan_id, plan.plan_milestones)
        if cancel_gone and comparison.gone:
            touched += await self._cancel_tasks(plan_id, [change.key for change in comparison.gone])
        await self._session.flush()
        await refresh_tasks(self._session, touched)
        counts = {
            "new": len(new),
            "changed": sorted(changed),
            "gone": [change.key for change in comparison.gone],
        }
        record_change(
            self._session,
            self._now,
            "import",
            "plan",
            plan_id,
            person_id=self._person_id,
            after={**counts, "cancel_gone": cancel_gone, "past_done": past_done, **(source or {})},
        )
        return plan_id

    async def _write_plan_row(self, head: PlanHead, comparison: Comparison, sample: bool) -> Plan:
        if comparison.plan_id is not None:
            row = await self._session.get_one(Plan, comparison.plan_id)
            if comparison.head_changed:
                for name in PlanHead.model_fields:
                    setattr(row, name, getattr(head, name))
        else:
            row = Plan(
                identity=make_identity(head),
                sample=sample,
                imported_at=self._now,
                **head.model_dump(),
            )
        self._session.add(row)
        await self._session.flush()
        return row

    async def add_task(self, plan_id: int, row: TaskRow, position: int) -> int:
        """Adds a task by command, not by the document; returns its id. The key must be free in the plan."""
        await self._load_plan(plan_id)
        task_id = await self._write_task(plan_id, row, position)
        task = await self._session.get_one(Task, task_id)
        task.added = True
        self._session.add(task)
        await self._session.flush()
        await refresh_tasks(self._session, [task_id])
        return task_id

    async def change_task(self, task: Task, row: TaskRow) -> None:
        """Writes `row` in place of what `task` says; assignments of the same agency and last day go on as they are."""
        await self._load_plan(task.plan_id)
        await self._write_task(task.plan_id, row, task.position, outside=task.outside)
        await self._session.flush()
        await refresh_tasks(self._session, [task.id or 0])

    async def _load_plan(self, plan_id: int) -> None:
        await self._load_agencies()
        for section in await self._session.exec(select(Section).where(Section.plan_id == plan_id)):
            self._sections[section.title] = section

    async def _load_agencies(self) -> None:
        for agency in await self._session.exec(select(Agency)):
            self._agencies[agency.name] = agency

    async def _write_task(
        self, plan_id: int, row: TaskRow, position: int, *, outside: bool = False
    ) -> int:
        session = self._session
        task = (
            await session.exec(select(Task).where(Task.plan_id == plan_id, Task.key == row.key))
        ).first()
        fields: dict[str, Any] = {
            "section_id": await self._ensure_section(plan_id, row.section),
            "position": position,
            "title": row.title,
            "code": row.code,
            "deliverables": row.deliverables,
            "requirement": row.requirement,
            "deadline_text": row.deadline_text,
            "doubt": row.doubt,
            "conflict": _dump_conflict(row),
            "outside": outside,
            "done_given": get_done_form(row),
            "search_text": make_index_text(row.title, row.deliverables),
        }
        if task is None:
            task = Task(plan_id=plan_id, key=row.key, **fields)
        else:
            for name, value in fields.items():
                setattr(task, name, value)
        session.add(task)
        await session.flush()
        task_id = task.id or 0
        leads = await self._link_agencies(task_id, row)
        await self._write_assignments(task, row, leads)
        return task_id

    async def _ensure_section(self, plan_id: int, title: str | None) -> int | None:
        if title is None:
            return None
        section = self._sections.get(title)
        if section is None:
            section = Section(
                plan_id=plan_id, position=len(self._sections), title=title, folded=fold(title)
            )
            self._session.add(section)
            await self._session.flush()
            self._sections[title] = section
        return section.id

    async def _link_agencies(self, task_id: int, row: TaskRow) -> list[Agency]:
        await self._session.exec(delete(TaskAgency).where(col(TaskAgency.task_id) == task_id))
        leads = []
        for role, names in ((Role.LEAD, row.lead), (Role.PARTNER, row.partners)):
            for position, name in enumerate(dict.fromkeys(names)):
                agency = await self.ensure_agency(name)
                if role is Role.LEAD:
                    leads.append(agency)
                self._session.add(
                    TaskAgency(
                        task_id=task_id, agency_id=agency.id or 0, role=role, position=position
                    )
                )
        return leads

    async def ensure_agency(self, name: str) -> Agency:
        """The registry's row of the agency, made where it is missing with its names, collectives and successor."""
        if not self._agencies:
            await self._load_agencies()
        if name in self._agencies:
            return self._agencies[name]
        directory = self._directory
        agency = Agency(name=name, folded=fold(name), collective=directory.is_collective(name))
        self._session.add(agency)
        await self._session.flush()
        self._agencies[name] = agency
        agency_id = agency.id or 0
        for kind, other in directory.list_other_names(name):
            self._session.add(
                AgencyName(agency_id=agency_id, name=other, folded=fold(other), kind=kind)
            )
        for other_agency in list(self._agencies.values()):
            if other_agency.collective != agency.collective:
                whole, member = (
                    (agency, other_agency) if agency.collective else (other_agency, agency)
                )
                if whole.name in directory.find_collectives(member.name):
                    self._session.add(
                        AgencyMember(collective_id=whole.id or 0, member_id=member.id or 0)
                    )
        successor = directory.find_successor(name, self._today)
        if successor and successor != name:
            became = await self.ensure_agency(successor)
            since = directory.find_final_day(name) or self._today
            self._session.add(
                AgencySuccessor(agency_id=agency_id, successor_id=became.id or 0, since=since)
            )
        return agency

    async def _write_assignments(self, task: Task, row: TaskRow, leads: Sequence[Agency]) -> None:
        """Milestones, deadlines and assignments of a task as `row` has them; what is known of old assignments stays."""
        session = self._session
        task_id = task.id or 0
        old = (
            await session.exec(
                select(Assignment).where(
                    Assignment.task_id == task_id, col(Assignment.ended_on).is_(None)
                )
            )
        ).all()
        old_days = {
            d.id: d
            for d in (await session.exec(select(Deadline).where(Deadline.task_id == task_id))).all()
        }
        stale = (
            await session.exec(select(TaskMilestone).where(TaskMilestone.task_id == task_id))
        ).all()
        old_places = {m.id: m.position for m in stale}
        pairs = await self._find_responsible(leads)
        names = {agency.id: agency.name for agency in self._agencies.values()}
        done = done_days.read_done_days(row, [None if a is None else names[a] for a, _ in pairs])
        left = list(old)
        made: list[Deadline] = []
        for place, deadline in await self._write_deadlines(task_id, row):
            made.append(deadline)
            for agency_id, lead_id in pairs:
                kept = _take_assignment(left, agency_id, deadline, place, old_days, old_places)
                assignment = kept or Assignment(
                    plan_id=task.plan_id,
                    task_id=task_id,
                    deadline_id=deadline.id or 0,
                    agency_id=agency_id,
                    made_on=self._today,
                    changed_at=self._now,
                )
                self._update_assignment(assignment, deadline, lead_id, old_days)
                name = None if agency_id is None else names[agency_id]
                day = done.get((place, deadline.last_day, name))
                if (
                    day is None
                    and kept is None
                    and self._past_done
                    and (deadline.last_day or date.max) < self._today
                ):
                    day = deadline.last_day
                if day is not None and assignment.status != Status.DONE:
                    assignment.status, assignment.done_on = Status.DONE, day
                    assignment.changed_at = self._now
                session.add(assignment)
        for assignment in left:
            assignment.ended_on = self._today
            session.add(assignment)
        await session.flush()
        if old_days:
            # what ended, now or before, stays on record with its reports: its deadline would take it along
            await session.exec(
                update(Assignment)
                .where(col(Assignment.deadline_id).in_(list(old_days)))
                .values(deadline_id=made[0].id)
                .execution_options(synchronize_session=False)
            )
            await session.exec(delete(Deadline).where(col(Deadline.id).in_(list(old_days))))
        if stale:
            await session.exec(
                delete(TaskMilestone).where(col(TaskMilestone.id).in_(list(old_places)))
            )

    def _update_assignment(
        self,
        assignment: Assignment,
        deadline: Deadline,
        lead_id: int | None,
        old_days: dict[int | None, Deadline],
    ) -> None:
        """Ties an assignment to its deadline; an extension that goes beyond the new last day stays in force."""
        before = old_days.get(assignment.deadline_id)
        extended = (
            before is not None
            and before.last_day is not None
            and assignment.last_day is not None
            and assignment.last_day > before.last_day
        )
        if not (
            extended
            and deadline.last_day is not None
            and (assignment.last_day or date.min) > deadline.last_day
        ):
            assignment.last_day = deadline.last_day
        assignment.first_day = deadline.first_day
        assignment.deadline_id = deadline.id or 0
        assignment.lead_id = lead_id

    async def _find_responsible(
        self, leads: Sequence[Agency]
    ) -> list[tuple[int | None, int | None]]:
        key = tuple(lead.id for lead in leads)
        if key not in self._responsible:
            self._responsible[key] = await find_responsible_agencies(self._session, leads)
        return self._responsible[key]

    async def _write_deadlines(
        self, task_id: int, row: TaskRow
    ) -> list[tuple[int | None, Deadline]]:
        made: list[tuple[int | None, Deadline]] = []
        for place, milestone in enumerate(row.milestones):
            kept = make_milestone_row(milestone, task_id, place)
            self._session.add(kept)
            await self._session.flush()
            if not milestone.deadlines:
                made.append((place, Deadline(task_id=task_id, milestone_id=kept.id)))
            for day in milestone.deadlines:
                first = milestone.first_day if milestone.kind == "period" else None
                printed = milestone.printed_day or (day if milestone.kind == "recurring" else None)
                made.append(
                    (place, Deadline(task_id=task_id, milestone_id=kept.id, first_day=first, last_day=day,
                                     printed_day=printed))
                )  # fmt: skip
        if not row.milestones:
            made.append((None, Deadline(task_id=task_id)))
        self._session.add_all([deadline for _, deadline in made])
        await self._session.flush()
        return made

    async def _write_plan_milestones(
        self, plan_id: int, rows: Sequence[PlanMilestoneRow]
    ) -> list[int]:
        touched = []
        for number, row in enumerate(rows, start=1):
            task = TaskRow(
                key=f"{OUTSIDE_KEY}.{number}",
                title=row.title,
                lead=row.lead,
                partners=row.partners,
                milestones=[row.milestone],
                doubt=row.doubt,
            )
            touched.append(await self._write_task(plan_id, task, 1_000_000 + number, outside=True))
        return touched

    async def _cancel_tasks(self, plan_id: int, keys: Sequence[str]) -> list[int]:
        tasks = (
            await self._session.exec(
                select(Task).where(Task.plan_id == plan_id, col(Task.key).in_(keys))
            )
        ).all()
        for task in tasks:
            task.cancelled_on = self._today
            self._session.add(task)
            await self._session.flush()
            before = await cancel_assignments(self._session, self._now, task_id=task.id)
            record_change(
                self._session,
                self._now,
                "cancel",
                "task",
                task.id,
                person_id=self._person_id,
                before={"assignments": before},
                after={"key": task.key, "reason": "import"},
            )
        return [task.id for task in tasks if task.id is not None]


def _dump_conflict(row: TaskRow) -> dict[str, Any] | None:
    return row.conflict.model_dump(mode="json", exclude_none=True) if row.conflict else None


def _take_assignment(
    left: list[Assignment],
    agency_id: int | None,
    deadline: Deadline,
    place: int | None,
    old_days: dict[int | None, Deadline],
    old_places: dict[int | None, int],
) -> Assignment | None:
    """Takes out of `left` the old assignment that goes on as the one for `deadline`.

    The same agency and last day come first; else the agency's only one of the milestone at the same place, whose day
    the document moved.
    """
    own = [a for a in left if a.agency_id == agency_id]
    same = [a for a in own if old_days[a.deadline_id].last_day == deadline.last_day]
    if not same:
        same = [a for a in own if old_places.get(old_days[a.deadline_id].milestone_id) == place]
        same = same if len(same) == 1 else []
    if not same:
        return None
    left.remove(same[0])
    return same[0]
