"""Plans into the registry and out again: compared with what is there, written in one transaction, exported."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from sqlmodel import col, delete, select, update
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
    match_in_force,
    refresh_tasks,
)
from models.audit import record_change
from models.milestones import Deadline, TaskMilestone, make_milestone_row
from models.plans import Plan, Role, Section, Task
from plans.format import PlanFile, PlanHead, PlanMilestoneRow, TaskRow
from plans.registry import done_days
from plans.registry.compare import Comparison, make_identity
from plans.registry.export import get_done_form

OUTSIDE_KEY = "KH"
"""Group letter of the keys that deadlines outside the table get (KH.1, KH.2 ...): "kế hoạch"."""


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
                select(Assignment).where(Assignment.task_id == task_id, match_in_force())
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
