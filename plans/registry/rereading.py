"""Find stored deadlines whose text now reads otherwise: a version before read them wrongly."""

from collections.abc import Sequence
from datetime import date
from typing import Any, NamedTuple

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from language.deadlines.cell import read_deadline_cell
from language.milestones import Milestone
from models.audit import Audit
from models.milestones import Deadline
from models.plans import Plan, Task

KEEP_ACTION = "keep_deadline"
"""The action in the audit by which an admin keeps the stored days of a text."""

MOST_DAYS = 3  # days named of a deadline


class OtherReading(NamedTuple):
    """A task with a deadline that reads otherwise now: its plan, key, text, and the days."""

    plan: str
    task_id: int
    key: str
    title: str
    text: str
    stored: tuple[date, ...]
    read: tuple[date, ...]
    times: tuple[Milestone, ...]

    def describe_choice(self) -> dict[str, Any]:
        """Return the text and the days it reads, as the audit keeps what an admin decided on."""
        return {"text": self.text, "read": [day.isoformat() for day in self.read]}


async def find_other_readings(session: AsyncSession) -> list[OtherReading]:
    """Return the tasks of open plans whose deadline text gives other last days than are stored.

    A text that reads with a doubt is left out: an admin may have settled it. So is what people
    typed: it was read as on that day; and what an admin kept although it reads like that.
    """
    found = await session.exec(
        select(Plan, Task)
        .join(Task, col(Task.plan_id) == Plan.id)
        .where(col(Plan.closed_on).is_(None), col(Task.deadline_text).is_not(None))
        .where(col(Task.added).is_(False), col(Task.cancelled_on).is_(None))
        .order_by(col(Plan.id), col(Task.position))
    )
    stored, typed = await _load_days(session), await _load_typed_texts(session)
    kept = await _load_kept_choices(session)
    others: list[OtherReading] = []
    for plan, task in found:
        days, text = stored.get(task.id, set()), task.deadline_text or ""
        if (task.id, text) in typed:
            continue
        years = None
        if plan.first_year is not None:
            years = (plan.first_year, plan.last_year or plan.first_year)
        times = read_deadline_cell(text, years, plan.issued_on)
        now = {day for time in times for day in time.deadlines}
        if now == days or any(time.doubt for time in times):
            continue
        reading = OtherReading(
            *(plan.full_name, task.id, task.key, task.title, text),
            *(tuple(sorted(days)), tuple(sorted(now)), tuple(times)),
        )
        if (task.id, reading.describe_choice()) not in kept:
            others.append(reading)
    return others


def format_days(days: Sequence[date]) -> str:
    """Return a few days as people write them, "–" for none."""
    shown = ", ".join(f"{day:%d/%m/%Y}" for day in days[:MOST_DAYS])
    return (f"{shown} …" if len(days) > MOST_DAYS else shown) or "–"


async def _load_days(session: AsyncSession) -> dict[int, set[date]]:
    """Return the last days of the deadlines by task."""
    days: dict[int, set[date]] = {}
    for row in await session.exec(select(Deadline).where(col(Deadline.last_day).is_not(None))):
        if row.last_day is not None:
            days.setdefault(row.task_id, set()).add(row.last_day)
    return days


async def _load_typed_texts(session: AsyncSession) -> set[tuple[int | None, str]]:
    """Return the deadlines that people gave tasks by command, each with the id of its task."""
    changes = await session.exec(select(Audit).where(Audit.action == "change_task"))
    typed = set()
    for change in changes:
        before, after = ((side or {}).get("row", {}) for side in (change.before, change.after))
        if (text := after.get("deadline_text")) != before.get("deadline_text"):
            typed.add((change.subject_id, text or ""))
    return typed


async def _load_kept_choices(session: AsyncSession) -> list[tuple[int | None, dict[str, Any]]]:
    """Return what admins decided to keep, each with the id of its task."""
    kept = await session.exec(select(Audit).where(Audit.action == KEEP_ACTION))
    return [(row.subject_id, row.after or {}) for row in kept]
