"""Moves an assignment to another status, and says how it stands to who pressed too late."""

from __future__ import annotations

from datetime import date, datetime

from sqlmodel import col, or_, select
from sqlmodel.ext.asyncio.session import AsyncSession

from handlers.conversation import cases
from handlers.conversation.cases import AssignmentCase
from handlers.conversation.request import Request
from handlers.work.evidence import format_evidence
from handlers.work.task_buttons import make_case_buttons
from locales.answer import Answer, Sentence, make_answer, say
from models.agencies import Agency
from models.assignments import (
    Assignment,
    Extension,
    Move,
    Report,
    Status,
    make_move,
    match_in_force,
)
from models.audit import Audit

MOST_PAPERS = 6  # reports of one task that are shown, and as many requests


async def move_assignment(
    session: AsyncSession,
    request: Request,
    assignment: Assignment,
    move: Move,
    **values: date | str | None,
) -> Audit:
    """Make a move for the sender and set `values`; return the audit's row. Raises MoveRefused."""
    person_id = request.sender.person_id
    return await make_move(
        session, assignment, move, now=request.now, person_id=person_id, **values
    )


async def describe_state(session: AsyncSession, case: AssignmentCase, request: Request) -> Answer:
    """Return who reported or decided and when, for somebody who pressed too late."""
    assignment, task = case.assignment, case.describe_task()
    if assignment.status == Status.REPORTED:
        report = await cases.find_last_report(session, case.id)
        if report is not None:
            name = await cases.find_person_name(session, report.person_id)
            at = to_local_time(report.reported_at, request)
            return make_answer(say("standing-reported", task=task, name=name, at=at))
    if assignment.status == Status.DONE and assignment.done_on is not None:
        agency, day = case.agency_name(), assignment.done_on
        return make_answer(say("standing-done", task=task, agency=agency, day=day))
    status = say("standing-other", task=task, status=format_status(assignment.status))
    return make_answer(status, buttons=make_case_buttons(case))


async def describe_papers(session: AsyncSession, task_id: int) -> list[Sentence]:
    """Return the document of each report of a task that stands, and each request that waits.

    The newest come first, MOST_PAPERS of each.
    """
    of_task = (Assignment.task_id == task_id, match_in_force())
    reports = (
        select(Report, Agency.name)
        .join(Assignment, col(Assignment.id) == Report.assignment_id)
        .join(Agency, col(Agency.id) == Assignment.agency_id, isouter=True)
        .where(*of_task, col(Assignment.status).in_((Status.REPORTED, Status.DONE)))
        .where(or_(col(Report.number).is_not(None), col(Report.document_day).is_not(None)))
        .where(or_(col(Report.decision).is_(None), Report.decision == "confirmed"))
        .order_by(col(Report.id).desc())
        .limit(MOST_PAPERS)
    )
    blocks = []
    for report, agency in await session.exec(reports):
        (paper, *_) = format_evidence(report)
        blocks.append(say("task-paper", agency=agency or say("no-agency"), paper=paper))
    extensions = (
        select(Extension, Agency.name)
        .join(Assignment, col(Assignment.id) == Extension.assignment_id)
        .join(Agency, col(Agency.id) == Assignment.agency_id, isouter=True)
        .where(*of_task, col(Extension.decision).is_(None))
        .order_by(col(Extension.id).desc())
        .limit(MOST_PAPERS)
    )
    for extension, agency in await session.exec(extensions):
        name, day = agency or say("no-agency"), extension.wanted_day
        blocks.append(say("task-asks-time", agency=name, day=day, reason=extension.reason))
    return blocks


def format_status(value: str) -> Sentence:
    """Return a status in words."""
    return say(f"status-{value.replace('_', '-')}")


def to_local_time(moment: datetime, request: Request) -> datetime:
    """Return a moment of the registry in the time zone of the message."""
    return moment.astimezone(request.now.tzinfo)
