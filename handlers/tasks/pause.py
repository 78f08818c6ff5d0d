"""Pauses a task or lets it go on: its reminders stand still meanwhile."""

from __future__ import annotations

from sqlmodel import select
from sqlmodel.ext.asyncio.session import AsyncSession

from handlers.conversation.cases import TITLE_LENGTH
from handlers.conversation.turn import Request
from handlers.tasks.recipients import find_recipients, notify_recipients
from locales.answer import Answer, make_answer, say
from locales.phrases import shorten_text
from models.assignments import (
    Assignment,
    Move,
    MoveRefused,
    make_move,
    match_in_force,
)
from models.plans import Task


async def pause_task(session: AsyncSession, turn: Request, task: Task, stop: bool) -> Answer:
    """Pauses a task (reminders stand still) or lets it go on."""
    move = Move.SUSPEND if stop else Move.RESUME
    moved = 0
    rows = await session.exec(
        select(Assignment).where(Assignment.task_id == task.id, match_in_force())
    )
    for assignment in list(rows):
        try:
            await make_move(
                session, assignment, move, now=turn.now, person_id=turn.sender.person_id
            )
        except MoveRefused:
            continue  # done or cancelled, or not paused: it stays as it is
        moved += 1
    if not moved:
        return make_answer(say("task-pause-nothing", key=task.key))
    message = "told-task-paused" if stop else "told-task-resumed"
    hearers = await find_recipients(session, turn, task.id or 0)
    await notify_recipients(
        session, turn, hearers, message, f"task:{task.id}:{move}:{turn.now.isoformat()}"
    )
    return make_answer(
        say(
            "task-paused" if stop else "task-resumed",
            key=task.key,
            title=shorten_text(task.title, TITLE_LENGTH),
        )
    )
