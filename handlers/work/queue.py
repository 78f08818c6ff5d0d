"""What waits for a decision (`/choxuly`): reports, requests for more time, returned work.

Supervisors and admins see all of it and which agencies have nobody; others their own agencies'.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from handlers.conversation import cases
from handlers.conversation.request import Handler, Request
from handlers.conversation.rights import Action
from handlers.reminders.chat_rules import load_current_rules
from handlers.work.state import to_local_time
from locales.answer import Answer, Button, Sentence, make_answer, make_button, say
from models.agencies import Agency
from models.assignments import Assignment, Extension, Report, Status, match_in_force
from models.plans import Plan, Task
from scheduler import audience

MOST_LISTED = 8  # tasks of one section
MOST_NAMED = 8  # agencies named


async def show_queue(request: Request) -> Answer:
    """Answer `/choxuly`: what waits for the sender, oldest first, with a button for each task."""
    decides = request.may_do(Action.CONFIRM)
    own = [post.agency_id for post in request.sender.agency_posts if post.agency_id is not None]
    if not decides and not own:
        return make_answer(say("may-not-see-queue"))
    side = "decide" if decides else "own"
    blocks: list[Sentence] = []
    buttons: list[Button] = []
    async with request.read() as session:
        names = await request.app.load_registry_names(session)
        wide, _ = names.widen_agencies(own, request.today)
        whose = [] if decides else [col(Assignment.agency_id).in_(wide)]
        for name, rows in await _load_sections(session, whose):
            if not rows:
                continue
            blocks.append(say(f"queue-{name}-{side}", count=len(rows)))
            for task, agency, at in rows[:MOST_LISTED]:
                number = len(buttons) + 1
                blocks.append(_format_line(request, number, task, agency, at))
                label = say("button-number", number=str(number))
                buttons.append(make_button(label, "show", task.id))
            if len(rows) > MOST_LISTED:
                blocks.append(say("and-more", count=len(rows) - MOST_LISTED))
        if decides:
            blocks += await _describe_not_joined(session, request)
    if not blocks:
        return make_answer(say("queue-empty"))
    rows_of_buttons = [buttons[at : at + 5] for at in range(0, len(buttons), 5)]
    return make_answer(say("queue-head"), *blocks, buttons=rows_of_buttons)


Row = tuple[Task, str | None, datetime]
"""A task that waits, its agency, and since when."""


async def _load_sections(
    session: AsyncSession, whose: Sequence[ColumnElement[bool]]
) -> list[tuple[str, list[Row]]]:
    """Return reports to confirm, requests for more time, and what was returned, oldest first."""
    reports = await _load_rows(
        session,
        _select_work(col(Report.reported_at))
        .join(Report, col(Report.assignment_id) == Assignment.id)
        .where(col(Report.decision).is_(None), Assignment.status == Status.REPORTED, *whose)
        .order_by(col(Report.reported_at)),
    )
    extensions = await _load_rows(
        session,
        _select_work(col(Extension.asked_at))
        .join(Extension, col(Extension.assignment_id) == Assignment.id)
        .where(col(Extension.decision).is_(None), *whose)
        .order_by(col(Extension.asked_at)),
    )
    returned = await _load_rows(
        session,
        _select_work(col(Assignment.changed_at))
        .where(Assignment.status == Status.RETURNED, *whose)
        .order_by(col(Assignment.changed_at)),
    )
    return [("reports", reports), ("extensions", extensions), ("returned", returned)]


def _select_work(since: Any) -> Any:
    """Return the statement for tasks in force with their agency, and since when they wait."""
    return (
        select(Task, Agency.name, since)
        .select_from(Assignment)
        .join(Task, col(Task.id) == Assignment.task_id)
        .join(Plan, col(Plan.id) == Assignment.plan_id)
        .join(Agency, col(Agency.id) == Assignment.agency_id, isouter=True)
        .where(match_in_force(), col(Plan.closed_on).is_(None), col(Task.cancelled_on).is_(None))
    )


async def _load_rows(session: AsyncSession, statement: Any) -> list[Row]:
    return [(task, agency, at) for task, agency, at in await session.exec(statement)]


def _format_line(
    request: Request, number: int, task: Task, agency: str | None, at: datetime
) -> Sentence:
    name = agency or say("no-agency")
    day = to_local_time(at, request).date()
    return say("queue-line", number=str(number), **cases.name_task(task), agency=name, day=day)


async def _describe_not_joined(session: AsyncSession, request: Request) -> list[Sentence]:
    """Return which agencies with open work have nobody, and collectives that none has joined."""
    rules = await load_current_rules(session, request)
    names, collectives = await audience.list_unreached_agencies(session, request.today, rules)
    blocks = []
    if names:
        more, shown = max(0, len(names) - MOST_NAMED), tuple(names[:MOST_NAMED])
        blocks.append(say("queue-not-joined", count=len(names), names=shown, more=more))
    if collectives:
        blocks.append(say("collectives-not-joined", names=tuple(collectives)))
    return blocks


COMMANDS: dict[str, Handler] = {"choxuly": show_queue}
