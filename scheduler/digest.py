"""The digest of a group: what is overdue and due soon, by agency, and the most urgent lines."""

from __future__ import annotations

from datetime import date, timedelta

from sqlalchemy import ColumnElement, false, func
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from locales.answer import Sentence, make_answer, say
from models.agencies import Agency
from models.assignments import Assignment
from models.chats import Chat
from models.milestones import Deadline, TaskMilestone
from models.notices import Notice
from models.plans import Plan, Task
from scheduler import steps
from scheduler.lines import (
    Message,
    ReminderLine,
    format_line,
    has_several,
    make_line,
    mark_repeat,
    match_open_work,
    shorten_plan_name,
)

MOST_DIGEST_LINES = 10  # lines of a digest


MOST_AGENCIES = 12  # agencies counted by name in a digest


DUE, OVERDUE = "due", "overdue"
"""The steps of a digest's lines."""


async def build_digest(
    session: AsyncSession, notice: Notice, chat: Chat, today: date
) -> Message | None:
    """The week's digest of a group: what is overdue and what is due soon, counted by agency, and the worst ten."""
    late = await _count_by_agency(session, chat, col(Assignment.last_day) < today)
    until = today + timedelta(days=steps.DIGEST_DAYS)
    soon = await _count_by_agency(session, chat, col(Assignment.last_day).between(today, until))
    if not late and not soon:
        return None
    lines = await _find_most_urgent(session, chat, today, until)
    plans = has_several(line.plan for line in lines)
    blocks = [say("digest-head", day=today, scope=await _name_scope(session, chat))]
    if late:
        blocks.append(
            say("digest-overdue", count=sum(late.values()), agencies=_format_counts(late))
        )
    if soon:
        blocks.append(
            say(
                "digest-due",
                days=steps.DIGEST_DAYS,
                count=sum(soon.values()),
                agencies=_format_counts(soon),
            )
        )
    blocks.append(say("digest-worst", count=len(lines)))
    blocks += [format_line(line, today, agency=True, plan=plans) for line in lines]
    return Message(mark_repeat(make_answer(*blocks), notice), tuple(lines))


def _limit_to_group(chat: Chat) -> list[ColumnElement[bool]]:
    """What a group hears of; one that an admin unbound since its digest was planned hears of nothing."""
    if chat.scope == "plan":
        return [col(Assignment.plan_id) == chat.plan_id]
    if chat.scope == "agency":
        return [
            (col(Assignment.agency_id) == chat.agency_id)
            | (col(Assignment.lead_id) == chat.agency_id)
        ]
    return [] if chat.scope == "province" else [false()]


async def _count_by_agency(
    session: AsyncSession, chat: Chat, when: ColumnElement[bool]
) -> dict[str | None, int]:
    """How many assignments of the group's scope there are in a time, by agency, the most first."""
    number = func.count()
    statement = (
        select(Agency.name, number)
        .select_from(Assignment)
        .join(Task, col(Task.id) == Assignment.task_id)
        .join(Plan, col(Plan.id) == Assignment.plan_id)
        .join(Agency, col(Agency.id) == Assignment.agency_id, isouter=True)
        .where(when, *match_open_work(), *_limit_to_group(chat))
        .group_by(Agency.name)
        .order_by(number.desc(), Agency.name)
    )
    return {row[0]: row[1] for row in await session.exec(statement)}


async def _find_most_urgent(
    session: AsyncSession, chat: Chat, today: date, until: date
) -> list[ReminderLine]:
    """The ten assignments that most need a look: longest overdue first, then the soonest due."""
    statement = (
        select(Assignment, Task, Plan, Agency.name, Deadline, TaskMilestone.what)  # type: ignore[call-overload]  # the overloads end at four columns
        .join(Task, col(Task.id) == Assignment.task_id)
        .join(Plan, col(Plan.id) == Assignment.plan_id)
        .join(Deadline, col(Deadline.id) == Assignment.deadline_id)
        .join(TaskMilestone, col(TaskMilestone.id) == Deadline.milestone_id, isouter=True)
        .join(Agency, col(Agency.id) == Assignment.agency_id, isouter=True)
        .where(col(Assignment.last_day) <= until, *match_open_work(), *_limit_to_group(chat))
        .order_by(col(Assignment.last_day), col(Assignment.id))
        .limit(MOST_DIGEST_LINES)
        .execution_options(populate_existing=True)
    )
    return [
        make_line(
            OVERDUE if assignment.last_day < today else DUE,
            assignment,
            task,
            plan,
            agency,
            deadline,
            what,
            None,
        )
        for assignment, task, plan, agency, deadline, what in await session.exec(statement)
    ]


def _format_counts(counts: dict[str | None, int]) -> Sentence:
    """ "Sở A 3, Sở B 2 và 4 cơ quan khác"."""
    shown = [
        say("digest-agency", agency=name or say("no-agency"), count=count)
        for name, count in list(counts.items())[:MOST_AGENCIES]
    ]
    if len(counts) > MOST_AGENCIES:
        return say("digest-agencies-more", agencies=tuple(shown), count=len(counts) - MOST_AGENCIES)
    return say("digest-agencies", agencies=tuple(shown))


async def _name_scope(session: AsyncSession, chat: Chat) -> Sentence:
    if chat.scope == "plan" and (plan := await session.get(Plan, chat.plan_id)) is not None:
        return say("digest-plan", plan=shorten_plan_name(plan))
    if chat.scope == "agency" and (agency := await session.get(Agency, chat.agency_id)) is not None:
        return say("plain", text=agency.name)
    return say("digest-province")
