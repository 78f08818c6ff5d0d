"""Write plans and tasks into the registry, as the comparison with what is there says.

Not for exporting (`export`) and comparing (`compare`).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from sqlmodel import col, delete, select
from sqlmodel.ext.asyncio.session import AsyncSession

from language.agencies.directory import Directory
from language.search import make_index_text
from language.text import fold
from models.agencies import Agency, TaskAgency
from models.assignments import (
    cancel_assignments,
    refresh_tasks,
)
from models.audit import record_change
from models.plans import Plan, Role, Section, Task
from plans.format import PlanFile, PlanHead, PlanMilestoneRow, TaskRow
from plans.registry.agencies import AgencyWriter
from plans.registry.assignments import AssignmentWriter
from plans.registry.compare import Comparison, make_identity, make_outside_tasks
from plans.registry.renumbering import move_keys
from plans.registry.trackers import StatusWriter, get_given_form, get_given_status

FIRST_OUTSIDE_POSITION = 1_000_000  # behind all tasks of the table


class PlanWriter:
    """Writes one plan within the running transaction of `session`.

    `today` is the day from which assignments count.
    """

    def __init__(
        self,
        session: AsyncSession,
        directory: Directory,
        now: datetime,
        today: date,
        person_id: int | None = None,
    ) -> None:
        self._session = session
        self._now = now
        self._today = today
        self._person_id = person_id
        self._past_done = False
        self._agencies = AgencyWriter(session, directory, today)
        self._assignments = AssignmentWriter(session, now, today)
        self._statuses = StatusWriter(session, now, today, person_id)
        self._sections: dict[str, Section] = {}

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
        """Write `plan` as `comparison` says and return the plan's id.

        No pair of tasks may be undecided (`comparison.unsure`). New tasks are added. Changed ones
        are updated and keep statuses, extensions and evidence.
        Tasks that are gone from the document stay; with `cancel_gone` they are cancelled, on
        record. `source` (file name, SHA-256) goes into the audit. With `past_done`, new work whose
        last day is before today counts as done on its last day; without it, it is unfinished.
        """
        self._past_done = past_done
        row = await self._write_plan_row(plan.plan, comparison, sample)
        plan_id = row.id
        await self._load_plan(plan_id)
        await move_keys(self._session, plan_id, comparison.moves)
        changed = {change.key for change in comparison.changed}
        new = {task.key for task in comparison.new}
        touched: list[int] = []
        for position, task in enumerate(plan.tasks):
            if task.key in new or task.key in changed:
                key = comparison.new_keys.get(task.key, task.key)
                keyed = task.model_copy(update={"key": key})
                touched.append(await self._write_task(plan_id, keyed, position))
        if comparison.head_changed or comparison.plan_id is None:
            touched += await self._write_plan_milestones(plan_id, plan.plan_milestones)
        if cancel_gone and comparison.gone:
            gone = [comparison.moves.get(one.key, one.key) for one in comparison.gone]
            touched += await self._cancel_tasks(plan_id, gone)
        await self._session.flush()
        await refresh_tasks(self._session, touched)
        counts = {
            "new": len(new),
            "changed": sorted(changed),
            "gone": [change.key for change in comparison.gone],
            "renumbered": comparison.moves,
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
        """Add the plan, or change its heading if it differs."""
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
        """Add a task by command, not by the document, and return its id.

        The key must be free in the plan.
        """
        await self._load_plan(plan_id)
        task_id = await self._write_task(plan_id, row, position)
        task = await self._session.get_one(Task, task_id)
        task.added = True
        self._session.add(task)
        await self._session.flush()
        await refresh_tasks(self._session, [task_id])
        return task_id

    async def change_task(self, task: Task, row: TaskRow) -> None:
        """Replace what `task` says by `row`, but not how it stands.

        Assignments of the same agency and last day go on as they are.
        """
        await self._load_plan(task.plan_id)
        as_given = row.model_copy(update={"status": get_given_status(task)})
        await self._write_task(task.plan_id, as_given, task.position, outside=task.outside)
        await self._session.flush()
        await refresh_tasks(self._session, [task.id])

    async def _load_plan(self, plan_id: int) -> None:
        await self._agencies.load_agencies()
        for section in await self._session.exec(select(Section).where(Section.plan_id == plan_id)):
            self._sections[section.title] = section

    async def _write_task(
        self, plan_id: int, row: TaskRow, position: int, *, outside: bool = False
    ) -> int:
        """Add or update the task with the key of `row`, and return its id."""
        session = self._session
        statement = select(Task).where(Task.plan_id == plan_id, Task.key == row.key)
        task = (await session.exec(statement)).first()
        fields: dict[str, Any] = {
            "section_id": await self._ensure_section(plan_id, row.section),
            "position": position,
            "title": row.title,
            "code": row.code,
            "deliverables": row.deliverables,
            "requirement": row.requirement,
            "deadline_text": row.deadline_text,
            "doubt": row.doubt,
            "conflict": row.conflict and row.conflict.model_dump(mode="json", exclude_none=True),
            "outside": outside,
            "done_given": get_given_form(row, task.done_given if task is not None else None),
            "search_text": make_index_text(
                row.title, row.deliverables, (milestone.what for milestone in row.milestones)
            ),
        }
        is_new = task is None
        given = get_given_status(task) if task is not None else None
        if task is None:
            task = Task(plan_id=plan_id, key=row.key, **fields)
        else:
            for name, value in fields.items():
                setattr(task, name, value)
        session.add(task)
        await session.flush()
        task_id = task.id
        leads = await self._link_agencies(task_id, row)
        await self._assignments.write_assignments(
            task, row, leads, self._agencies.list_names(), past_done=self._past_done
        )
        await self._statuses.apply_status(task, row, given, is_new=is_new)
        return task_id

    async def _ensure_section(self, plan_id: int, title: str | None) -> int | None:
        """Return the id of the section with this title, added if it is missing."""
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
        """Write who leads and who helps in place of what was there, and return the leads."""
        await self._session.exec(delete(TaskAgency).where(col(TaskAgency.task_id) == task_id))
        leads: list[Agency] = []
        for role, names in ((Role.LEAD, row.lead), (Role.PARTNER, row.partners)):
            named = [await self._agencies.ensure_agency(name) for name in names]
            for position, agency in enumerate({one.id: one for one in named}.values()):
                if role is Role.LEAD:
                    leads.append(agency)
                self._session.add(
                    TaskAgency(task_id=task_id, agency_id=agency.id, role=role, position=position)
                )
        return leads

    async def _write_plan_milestones(
        self, plan_id: int, rows: Sequence[PlanMilestoneRow]
    ) -> list[int]:
        """Write the deadlines outside the table as tasks, and return their ids."""
        return [
            await self._write_task(plan_id, task, FIRST_OUTSIDE_POSITION + number, outside=True)
            for number, task in enumerate(make_outside_tasks(rows), start=1)
        ]

    async def _cancel_tasks(self, plan_id: int, keys: Sequence[str]) -> list[int]:
        """Cancel the tasks with these keys, on record, and return their ids."""
        statement = select(Task).where(Task.plan_id == plan_id, col(Task.key).in_(keys))
        tasks = (await self._session.exec(statement)).all()
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
        return [task.id for task in tasks]
