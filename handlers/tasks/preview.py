"""Shows a task as it was understood, before it is stored."""

from __future__ import annotations

from collections.abc import Sequence

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from handlers.conversation import days, drafts, task_lines, words
from handlers.conversation.cases import name_task
from handlers.conversation.request import Request
from handlers.tasks.draft import TaskDraft
from language.times.calendars import Calendar
from locales.answer import Answer, Sentence, make_answer, make_button, say
from locales.phrases import shorten_text
from models import preferences
from models.agencies import Agency
from models.assignments import (
    find_responsible_agencies,
)
from models.plans import Plan
from plans.format import TaskRow
from scheduler.rules import REMIND_STEPS

OPTIONAL_FIELDS = ("partners", "deliverables", "requirement")
CHANGEABLE_FIELDS = ("title", "deadline", "partners", "deliverables", "requirement")
MOST_REMINDERS = 8  # days named
LONGEST_PLAN = 80  # characters of a plan's title


def build_row(data: TaskDraft, key: str = "?") -> TaskRow:
    """Return the task of a draft's data."""
    return TaskRow.model_validate({"key": key, **data.row})


async def preview_task(
    session: AsyncSession, request: Request, data: TaskDraft, token: str
) -> Answer:
    """Return the task as it was understood, with buttons to store it and to set other fields.

    A task of which nothing is changed yet is only named.
    """
    adds = data.mode == "add"
    unchanged = not adds and data.row == data.base
    row = build_row(data, data.key)
    if unchanged:
        blocks = [say("task-change-what", **name_task(row))]
    else:
        head = say("task-check-add") if adds else say("task-check-change", key=row.key)
        blocks = [head, *await _describe_task(session, request, data, row)]
    fields = OPTIONAL_FIELDS if adds else CHANGEABLE_FIELDS
    buttons = [
        make_button(say(f"button-field-{field}"), "taskset", token, field) for field in fields
    ]
    rows = [buttons[i : i + 2] for i in range(0, len(buttons), 2)]
    if not unchanged:
        rows.insert(0, [make_button(say("button-keep"), "taskyes", token)])
    return make_answer(*blocks, buttons=[*rows, [drafts.make_leave_button(token)]])


async def _describe_task(
    session: AsyncSession, request: Request, data: TaskDraft, row: TaskRow
) -> list[Sentence]:
    """Return the task's parts, what each milestone means, and when the bot will remind."""
    calendar = await days.load_calendar(session)
    blocks = [say("task-shown-title", title=row.title), say("task-lead", names=tuple(row.lead))]
    blocks += await _describe_members(session, row.lead)
    blocks += task_lines.list_task_parts(row.partners, row.deliverables, row.requirement)
    blocks.append(say("task-shown-deadline", text=row.deadline_text or ""))
    blocks += [task_lines.format_milestone(m, request.today, calendar) for m in row.milestones]
    blocks += await _describe_reminders(session, request, data, row, calendar)
    plan = await session.get(Plan, data.plan) if data.plan else None
    name = plan.full_name if plan else format_own_plan_title(request.today.year)
    return [*blocks, say("task-shown-plan", plan=shorten_text(name, LONGEST_PLAN))]


async def _describe_members(session: AsyncSession, lead: Sequence[str]) -> list[Sentence]:
    """Return how many agencies get the task each, if a collective leads it."""
    statement = select(Agency).where(col(Agency.name).in_(lead), col(Agency.collective))
    collectives = list(await session.exec(statement))
    pairs = await find_responsible_agencies(session, collectives) if collectives else []
    count = sum(1 for agency, leader in pairs if agency != leader)
    return [say("task-shown-members", count=count)] if count else []


async def _describe_reminders(
    session: AsyncSession, request: Request, data: TaskDraft, row: TaskRow, calendar: Calendar
) -> list[Sentence]:
    """Return the days on which the agency will be reminded of the next deadline."""
    coming = sorted(d for m in row.milestones for d in m.deadlines if d >= request.today)
    if not coming:
        past = any(m.deadlines for m in row.milestones)
        return [say("task-shown-past" if past else "task-shown-no-reminder")]
    plan = await session.get(Plan, data.plan) if data.plan else None
    of_bot = await preferences.read_preference(session, REMIND_STEPS)
    steps = (plan.steps if plan else None) or of_bot or request.app.options.remind_steps
    reminder_days = days.list_reminder_days(coming[0], steps, request.today, calendar)
    if not reminder_days:
        return [say("task-shown-no-reminder")]
    sentences = tuple(say("day-month", day=day) for day in reminder_days[:MOST_REMINDERS])
    return [say("task-shown-reminders", days=sentences)]


def format_own_plan_title(year: int) -> str:
    """Return the title of the plan that holds the tasks outside every plan."""
    return words.get_word("task", "own_plan").format(year=year)
