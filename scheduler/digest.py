"""The digest of a group: counts by agency of what is overdue and due soon, and urgent lines."""

from __future__ import annotations

from datetime import date, timedelta

from sqlalchemy import ColumnElement, false, func, or_
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from locales.answer import Sentence, make_answer, say
from models.agencies import Agency
from models.assignments import Assignment
from models.chats import Chat
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
    select_open_work,
)

MOST_DIGEST_LINES = 10  # lines of a digest


MOST_AGENCIES = 12  # agencies counted by name in a digest


DUE, OVERDUE = "due", "overdue"
"""The steps of a digest's lines."""


async def build_digest(
    session: AsyncSession, notice: Notice, chat: Chat, today: date
) -> Message | None:
    """Return the week's digest of a group (docs/dev/reminders.md rule 11), None if it is empty."""
    late = await _count_by_agency(session, chat, col(Assignment.last_day) < today)
    until = today + timedelta(days=steps.DIGEST_DAYS)
    soon = await _count_by_agency(session, chat, col(Assignment.last_day).between(today, until))
    if not late and not soon:
        return None
    lines = await _find_most_urgent(session, chat, today, until)
    plans = has_several(line.plan for line in lines)
    blocks = [say("digest-head", day=today, scope=await _name_scope(session, chat))]
    if late:
        agencies = _format_counts(late)
        blocks.append(say("digest-overdue", count=sum(late.values()), agencies=agencies))
    if soon:
        agencies, count = _format_counts(soon), sum(soon.values())
        blocks.append(say("digest-due", days=steps.DIGEST_DAYS, count=count, agencies=agencies))
    blocks.append(say("digest-worst", count=len(lines)))
    blocks += [format_line(line, today, agency=True, plan=plans) for line in lines]
    return Message(mark_repeat(make_answer(*blocks), notice), tuple(lines))


def _limit_to_group(chat: Chat) -> list[ColumnElement[bool]]:
    """Return the conditions of assignments that a group is told of.

    An admin may have unbound the group since its digest was planned: then it is told of nothing.
    """
    if chat.scope == "plan":
        return [col(Assignment.plan_id) == chat.plan_id]
    if chat.scope == "agency":
        of_agency = [col(Assignment.agency_id), col(Assignment.lead_id)]
        return [or_(*(column == chat.agency_id for column in of_agency))]
    return [] if chat.scope == "province" else [false()]


async def _count_by_agency(
    session: AsyncSession, chat: Chat, when: ColumnElement[bool]
) -> dict[str | None, int]:
    """Return how many assignments of the group meet `when`, by agency, the most first."""
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
    """Return the most urgent assignments: longest overdue first, then the soonest due."""
    statement = (
        select_open_work()
        .where(col(Assignment.last_day) <= until, *_limit_to_group(chat))
        .order_by(col(Assignment.last_day), col(Assignment.id))
        .limit(MOST_DIGEST_LINES)
    )
    rows = (await session.exec(statement)).all()
    return [make_line(row, OVERDUE if row[0].last_day < today else DUE) for row in rows]


def _format_counts(counts: dict[str | None, int]) -> Sentence:
    """Return the counts as text, such as "Sở A 3, Sở B 2 và 4 cơ quan khác"."""
    names = [
        say("digest-agency", agency=name or say("no-agency"), count=count)
        for name, count in list(counts.items())[:MOST_AGENCIES]
    ]
    if len(counts) > MOST_AGENCIES:
        return say("digest-agencies-more", agencies=tuple(names), count=len(counts) - MOST_AGENCIES)
    return say("digest-agencies", agencies=tuple(names))


async def _name_scope(session: AsyncSession, chat: Chat) -> Sentence:
    if chat.scope == "plan" and (plan := await session.get(Plan, chat.plan_id)) is not None:
        return say("digest-plan", plan=plan.shorten_name())
    if chat.scope == "agency" and (agency := await session.get(Agency, chat.agency_id)) is not None:
        return say("plain", text=agency.name)
    return say("digest-province")
