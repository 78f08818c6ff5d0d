"""Says how an assignment stands now, to a person who pressed a button too late."""

from __future__ import annotations

from datetime import datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from handlers.conversation import cases
from handlers.conversation.cases import AssignmentCase
from handlers.conversation.turn import Request
from handlers.work.task_buttons import make_case_buttons
from locales.answer import Answer, Sentence, make_answer, say
from models.assignments import (
    Status,
)


async def describe_state(session: AsyncSession, case: AssignmentCase, turn: Request) -> Answer:
    """What is so now, for somebody who pressed too late: who reported or decided, when."""
    one = case.assignment
    report = await cases.find_last_report(session, case.id)
    name = await cases.find_person_name(session, report.person_id if report else None)
    if one.status == Status.REPORTED and report is not None:
        return make_answer(
            say(
                "standing-reported",
                task=case.describe_task(),
                name=name,
                at=to_local_time(report.reported_at, turn),
            )
        )
    if one.status == Status.DONE and one.done_on is not None:
        return make_answer(
            say(
                "standing-done",
                task=case.describe_task(),
                agency=case.agency_name(),
                day=one.done_on,
            )
        )
    return make_answer(
        say("standing-other", task=case.describe_task(), status=format_status(one.status)),
        buttons=make_case_buttons(case),
    )


def format_status(value: str) -> Sentence:
    """A status in words."""
    return say(f"status-{value.replace('_', '-')}")


def to_local_time(moment: datetime, turn: Request) -> datetime:
    """A moment of the registry in the zone of the message."""
    return moment.astimezone(turn.now.tzinfo)
