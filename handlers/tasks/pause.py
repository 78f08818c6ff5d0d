"""Pauses a task or lets it go on; a task that is paused is not reminded of."""

from __future__ import annotations

from sqlmodel import select
from sqlmodel.ext.asyncio.session import AsyncSession

from handlers.conversation.cases import name_task
from handlers.conversation.request import Request
from handlers.tasks.recipients import find_recipients, notify_recipients
from locales.answer import Answer, make_answer, say
from models.assignments import (
    Assignment,
    Move,
    MoveRefused,
    make_move,
    match_in_force,
)
from models.plans import Task


async def pause_task(session: AsyncSession, request: Request, task: Task, stop: bool) -> Answer:
    """Pause a task, or let it go on, and notify its agencies."""
    move = Move.SUSPEND if stop else Move.RESUME
    count = 0
    rows = await session.exec(
        select(Assignment).where(Assignment.task_id == task.id, match_in_force())
    )
    for assignment in list(rows):
        try:
            await make_move(
                session, assignment, move, now=request.now, person_id=request.sender.person_id
            )
        except MoveRefused:
            continue  # done or cancelled, or not paused: it stays as it is
        count += 1
    if not count:
        return make_answer(say("task-pause-nothing", key=task.key))
    message = "told-task-paused" if stop else "told-task-resumed"
    token = f"task:{task.id}:{move}:{request.now.isoformat()}"
    recipients = await find_recipients(session, request, task.id)
    await notify_recipients(session, request, recipients, message, token)
    return make_answer(say("task-paused" if stop else "task-resumed", **name_task(task)))
