"""Stored deadlines that now read otherwise (`/doclai`): an admin changes or keeps each of them."""

from __future__ import annotations

import zlib
from collections.abc import Sequence

from sqlmodel.ext.asyncio.session import AsyncSession

from handlers.conversation.cases import parse_id
from handlers.conversation.drafts import LONGEST_KEY
from handlers.conversation.refusals import refuse_button
from handlers.conversation.request import Handler, Request
from handlers.conversation.rights import Action
from handlers.tasks.recipients import notify_agencies
from handlers.tasks.store import rewrite_task
from locales.answer import Answer, Button, Sentence, make_answer, make_button, say, unpack_action
from locales.phrases import shorten_text
from models.plans import Task
from plans.format import MilestoneRow
from plans.registry.export import export_task
from plans.registry.rereading import (
    KEEP_ACTION,
    OtherReading,
    find_other_readings,
    format_days,
)

PAGE_SIZE = 5  # deadlines shown at once: none is changed that was not shown
LONGEST_NAME, LONGEST_TEXT = 80, 120  # characters


async def show_other_readings(request: Request) -> Answer:
    """Answer `/doclai`: the first deadlines that read otherwise, with both days side by side."""
    if not request.may_do(Action.IMPORT):
        return make_answer(say("import-not-allowed"))
    async with request.read() as session:
        return _make_page(await find_other_readings(session))


async def change_deadline(request: Request) -> Answer:
    """Write the days that one deadline reads, for the button `reread:task:mark`."""
    return await _decide(request, keep=False)


async def keep_deadline(request: Request) -> Answer:
    """Keep the stored days of one deadline for good, for the button `rereadkeep:task:mark`."""
    return await _decide(request, keep=True)


async def change_all(request: Request) -> Answer:
    """Write the days of all deadlines shown, for the button `rereadall:mark`."""
    if not request.may_do(Action.IMPORT):
        return make_answer(say("import-not-allowed"))
    async with request.write() as session:
        shown = (await find_other_readings(session))[:PAGE_SIZE]
        if not shown or _mark_readings(shown) != request.args:
            return refuse_button()
        for reading in shown:
            await _write_reading(session, request, reading)
        rest = await find_other_readings(session)
    return _make_page(rest, say("reread-changed", count=len(shown)))


async def _decide(request: Request, *, keep: bool) -> Answer:
    """Change or keep the deadline of a button, if it still reads as it was shown."""
    if not request.may_do(Action.IMPORT):
        return make_answer(say("import-not-allowed"))
    number, mark = unpack_action(request.args, 2)
    task_id = parse_id(number)
    async with request.write() as session:
        if task_id is None or await session.get(Task, task_id, with_for_update=True) is None:
            return refuse_button()
        others = await find_other_readings(session)
        reading = next((one for one in others if one.task_id == task_id), None)
        if reading is None or _mark_readings([reading]) != mark:
            return refuse_button()
        if keep:
            request.record_change(
                session, KEEP_ACTION, "task", task_id, after=reading.describe_choice()
            )
        else:
            await _write_reading(session, request, reading)
        await session.flush()
        rest = await find_other_readings(session)
    if keep:
        return _make_page(rest, say("reread-kept", key=reading.key))
    return _make_page(rest, say("reread-changed", count=1))


async def _write_reading(session: AsyncSession, request: Request, reading: OtherReading) -> None:
    """Write the days that a deadline reads; tell the task's agencies."""
    task = await session.get_one(Task, reading.task_id)
    row = await export_task(session, task)
    times = [MilestoneRow.from_milestone(time) for time in reading.times]
    row = row.model_copy(update={"milestones": times, "done_on": None})
    audit = await rewrite_task(session, request, task, row, "reread")
    more = [say("case-changed", fields=(say("task-field-deadline-text"),))]
    await notify_agencies(session, request, task.id, "told-task-changed", audit, more)


def _make_page(others: Sequence[OtherReading], done: Sentence | None = None) -> Answer:
    """Return the first deadlines with their buttons, below what was `done`."""
    blocks = [done] if done is not None else []
    if not others:
        return make_answer(*blocks, say("reread-none"), replace=done is not None)
    shown = others[:PAGE_SIZE]
    blocks.append(say("reread-head", count=len(others)))
    blocks += [_describe_reading(reading) for reading in shown]
    if len(others) > len(shown):
        blocks.append(say("reread-more", count=len(others) - len(shown)))
    rows = [_make_buttons(reading) for reading in shown]
    if len(shown) > 1:
        label = say("button-reread-all", count=len(shown))
        rows.append([make_button(label, "rereadall", _mark_readings(shown))])
    return make_answer(*blocks, buttons=rows, replace=done is not None)


def _describe_reading(reading: OtherReading) -> Sentence:
    """Return one deadline with the stored days and those that it reads."""
    return say(
        "reread-line",
        plan=shorten_text(reading.plan, LONGEST_NAME),
        key=shorten_text(reading.key, LONGEST_KEY),
        title=shorten_text(reading.title, LONGEST_NAME),
        text=shorten_text(reading.text, LONGEST_TEXT),
        stored=format_days(reading.stored),
        read=format_days(reading.read),
    )


def _make_buttons(reading: OtherReading) -> list[Button]:
    """Return the buttons that change and keep one deadline."""
    key, mark = shorten_text(reading.key, LONGEST_KEY), _mark_readings([reading])
    return [
        make_button(say("button-reread", key=key), "reread", reading.task_id, mark),
        make_button(say("button-reread-keep", key=key), "rereadkeep", reading.task_id, mark),
    ]


def _mark_readings(readings: Sequence[OtherReading]) -> str:
    """Return a short mark of what is shown: buttons of another state fit no more."""
    state = [(r.task_id, r.text, str(r.stored), str(r.read)) for r in readings]
    return f"{zlib.crc32(repr(state).encode()):08x}"


COMMANDS: dict[str, Handler] = {"doclai": show_other_readings}
ACTIONS: dict[str, Handler] = {
    "reread": change_deadline,
    "rereadall": change_all,
    "rereadkeep": keep_deadline,
}
