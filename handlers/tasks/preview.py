"""Shows a task as it was understood, before it is stored."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from handlers.conversation import days, drafts, task_lines, words
from handlers.conversation.cases import TITLE_LENGTH
from handlers.conversation.turn import Request
from locales.answer import Answer, Button, Sentence, make_answer, say
from locales.phrases import shorten_text
from models import preferences
from models.agencies import Agency
from models.assignments import (
    find_responsible_agencies,
)
from models.plans import Plan
from plans.format import TaskRow

OPTIONAL_FIELDS = ("partners", "deliverables", "requirement")
CHANGEABLE_FIELDS = ("title", "deadline", "partners", "deliverables", "requirement")
MOST_REMINDERS = 8  # days named


def build_row(data: dict[str, Any], key: str = "?") -> TaskRow:
    """The task as it stands in the draft."""
    return TaskRow.model_validate({"key": key, **data["row"]})


async def preview_task(
    session: AsyncSession, turn: Request, data: dict[str, Any], token: str
) -> Answer:
    row = build_row(data)
    head = (
        say("task-check-add")
        if data["mode"] == "add"
        else say("task-check-change", key=data["key"])
    )
    blocks = [head, *await _describe_task(session, turn, data, row)]
    if data["mode"] == "change" and data["row"] == data["base"]:
        blocks = [
            say("task-change-what", key=data["key"], title=shorten_text(row.title, TITLE_LENGTH))
        ]
    fields = OPTIONAL_FIELDS if data["mode"] == "add" else CHANGEABLE_FIELDS
    buttons = [Button(say(f"button-field-{field}"), f"taskset:{token}:{field}") for field in fields]
    rows = [buttons[i : i + 2] for i in range(0, len(buttons), 2)]
    if data["mode"] == "add" or data["row"] != data["base"]:
        rows.insert(0, [Button(say("button-keep"), f"taskyes:{token}")])
    return make_answer(*blocks, buttons=[*rows, [drafts.make_leave_button(token)]])


async def _describe_task(
    session: AsyncSession, turn: Request, data: dict[str, Any], row: TaskRow
) -> list[Sentence]:
    """A task as it is understood: agencies, what each deadline means, days off, when the bot will remind."""
    known = await days.load_calendar(session)
    blocks = [say("task-shown-title", title=row.title), say("task-lead", names=", ".join(row.lead))]
    blocks += await _describe_members(session, row.lead)
    if row.partners:
        blocks.append(say("task-partners", names=", ".join(row.partners)))
    if row.deliverables:
        blocks.append(say("task-products"))
        blocks += [say("bullet", text=text) for text in row.deliverables]
    if row.requirement:
        blocks.append(say("task-requirement", text=row.requirement))
    blocks.append(say("task-shown-deadline", text=row.deadline_text or ""))
    blocks += [task_lines.format_milestone(m, turn.today, known) for m in row.milestones]
    blocks += await _describe_reminders(session, turn, data, row, known)
    plan = await session.get(Plan, data["plan"]) if data.get("plan") else None
    name = (
        shorten_text(plan.number or plan.title, 80)
        if plan
        else format_own_plan_title(turn.today.year)
    )
    return [*blocks, say("task-shown-plan", plan=name)]


async def _describe_members(session: AsyncSession, lead: Sequence[str]) -> list[Sentence]:
    """For a collective: how many agencies that have joined get the task each."""
    rows = list(
        await session.exec(select(Agency).where(col(Agency.name).in_(lead), col(Agency.collective)))
    )
    pairs = await find_responsible_agencies(session, rows) if rows else []
    count = sum(1 for agency, leader in pairs if agency != leader)
    return [say("task-shown-members", count=count)] if count else []


async def _describe_reminders(
    session: AsyncSession, turn: Request, data: dict[str, Any], row: TaskRow, known: Any
) -> list[Sentence]:
    """When the agency will be reminded of the next deadline."""
    coming = sorted(d for m in row.milestones for d in m.deadlines if d >= turn.today)
    if not coming:
        past = any(m.deadlines for m in row.milestones)
        return [say("task-shown-past" if past else "task-shown-no-reminder")]
    plan = await session.get(Plan, data["plan"]) if data.get("plan") else None
    set_ = await preferences.read_preference(session, "remind_steps")
    steps = (plan.steps if plan else None) or set_ or turn.app.options.remind_steps
    on = days.list_reminder_days(coming[0], steps, turn.today, known)
    if not on:
        return [say("task-shown-no-reminder")]
    return [
        say(
            "task-shown-reminders", days=tuple(say("day-month", day=d) for d in on[:MOST_REMINDERS])
        )
    ]


def format_own_plan_title(year: int) -> str:
    """The title of the plan that tasks outside every plan are kept in."""
    return words.get_word("task", "own_plan").format(year=year)
