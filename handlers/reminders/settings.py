"""Reminders in chat: what comes when and to whom, own hour and pause, steps, the buttons that pick a task, the outcome.

Reporting, receiving and asking for more time, which the same messages offer, are `report` and `extend`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, time, timedelta

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from handlers.conversation.rights import Action
from handlers.conversation.turn import Handler, Request
from handlers.reminders.chat_rules import (
    LONGEST_LABEL,
    find_chat,
    is_word,
    load_current_rules,
    load_words,
    match_pattern,
)
from language.text import fold, normalise
from locales.answer import Answer, Sentence, make_answer, say
from locales.phrases import shorten_text
from models import preferences
from models.agencies import Agency
from models.assignments import OPEN, Assignment, match_in_force
from models.audit import record_change
from models.people import PostRole, find_post_holders
from models.plans import Plan, Task
from models.queries.task_query import TaskQuery
from models.queries.task_search import find_tasks
from scheduler import audience, hours, planner, steps
from scheduler.lines import shorten_plan_name
from scheduler.rules import REMIND_AT, REMIND_STEPS, Rules
from scheduler.steps import StepsError

MOST_COMING_DAYS = 6  # days with reminders that are shown
DAYS_AHEAD = 40  # days ahead that are looked at
MOST_KEYS = 8  # task numbers of one day shown


async def handle_reminders(turn: Request) -> Answer:
    """`/nhacnho`: what comes when and to whom; with words behind it, another hour or other steps."""
    text = normalise(turn.args)
    if not text:
        return await _show_overview(turn)
    if found := match_pattern("steps", text):
        return await _set_steps(turn, text[found.end() :])
    everyone = match_pattern("everyone", text)
    if everyone is not None and text[everyone.end() :]:
        return await _set_hour(turn, text[everyone.end() :], everyone=True)
    return await _set_hour(turn, text, everyone=False)


async def _show_overview(turn: Request) -> Answer:
    async with turn.read() as session:
        in_force = await load_current_rules(session, turn)
        chat = await find_chat(session, turn)
        own = (
            await audience.find_own_agencies(session, chat, turn.today)
            if chat is not None
            else frozenset()
        )
        coming = await _list_coming_days(session, own, turn.today, in_force)
        told = await _list_focal_points(session, own, turn.today)
    at = hours.move_into_sending_hours((chat.remind_at if chat else None) or in_force.remind_at)
    blocks = [
        say("reminders-head"),
        say(
            "reminders-hour",
            at=f"{at:%H:%M}",
            opens=f"{hours.OPENS:%H:%M}",
            closes=f"{hours.CLOSES:%H:%M}",
        ),
        say("reminders-steps", steps=_describe_steps(in_force.steps)),
        say("reminders-after"),
    ]
    if chat is not None and chat.muted_until is not None and chat.muted_until >= turn.today:
        blocks.append(say("reminders-muted", day=chat.muted_until))
    blocks += told
    if own:
        blocks.append(
            say("reminders-coming") if coming else say("reminders-none-coming", days=DAYS_AHEAD)
        )
        blocks += coming
    blocks.append(say("reminders-usage"))
    if turn.may_do(Action.REMINDERS_ALL):
        blocks.append(say("reminders-usage-admin"))
    return make_answer(*blocks)


def _describe_steps(own: Sequence[int]) -> Sentence:
    counted = [str(count) for count in own if count]
    parts = [say("steps-before", counts=", ".join(counted))] if counted else []
    parts += [say("steps-on-day")] if 0 in own else []
    return parts[0] if len(parts) == 1 else say("steps-both", before=parts[0], on=parts[1])


async def _list_coming_days(
    session: AsyncSession, own: frozenset[int], today: date, in_force: Rules
) -> list[Sentence]:
    """The next days with reminders of these agencies' tasks, each with the numbers of the tasks."""
    if not own:
        return []
    statement = (
        select(Assignment, Task, Plan)
        .join(Task, col(Task.id) == Assignment.task_id)
        .join(Plan, col(Plan.id) == Assignment.plan_id)
        .where(
            col(Assignment.agency_id).in_(own),
            col(Assignment.status).in_(OPEN),
            match_in_force(),
            col(Assignment.last_day).is_not(None),
            col(Task.cancelled_on).is_(None),
            col(Plan.closed_on).is_(None),
        )
    )
    rows = (await session.exec(statement)).all()
    found: list[Sentence] = []
    for number in range(1, DAYS_AHEAD + 1):
        day = today + timedelta(days=number)
        if not in_force.calendar.is_working(day):
            continue
        keys = {
            task.key
            for assignment, task, plan in rows
            if assignment.last_day is not None
            and steps.find_step(
                day,
                assignment.last_day,
                task.steps or plan.steps or in_force.steps,
                in_force.calendar,
            )
        }
        if keys:
            shown = ", ".join(sorted(keys)[:MOST_KEYS]) + ("…" if len(keys) > MOST_KEYS else "")
            found.append(say("reminders-day", day=day, count=len(keys), keys=shown))
        if len(found) == MOST_COMING_DAYS:
            break
    return found


async def _list_focal_points(
    session: AsyncSession, own: frozenset[int], today: date
) -> list[Sentence]:
    """Who is reminded for each of these agencies."""
    agencies = (
        await session.exec(select(Agency).where(col(Agency.id).in_(own)).order_by(Agency.name))
    ).all()
    blocks = []
    for agency in agencies:
        people = await find_post_holders(session, [PostRole.FOCAL_POINT], today, [agency.id or 0])
        if people:
            names = ", ".join(person.name for person in people)
            blocks.append(say("reminders-people", agency=agency.name, names=names))
    return blocks


async def _set_hour(turn: Request, text: str, *, everyone: bool) -> Answer:
    """Another hour of the morning message: the chat's own, or that of the whole bot."""
    at = _read_hour(text)
    if at is None and not is_word("default", text):
        return make_answer(
            say("reminders-not-understood", text=shorten_text(text, 40)), say("reminders-usage")
        )
    if everyone or turn.incoming.chat_kind == "group":
        if not turn.may_do(Action.REMINDERS_ALL):
            return make_answer(say("reminders-not-allowed"))
    elif not turn.may_do(Action.REMINDERS_OWN):
        return make_answer(say("reminders-not-allowed"))
    kept = hours.move_into_sending_hours(at) if at is not None else None
    async with turn.write() as session:
        in_force = await load_current_rules(session, turn)
        if everyone:
            before = await preferences.set_preference(
                session, REMIND_AT, kept.isoformat("minutes") if kept else None
            )
            record_change(
                session, turn.now, "remind_at", "preference", person_id=turn.sender.person_id,
                before={"at": before}, after={"at": kept.isoformat("minutes") if kept else None},
            )  # fmt: skip
        else:
            chat = await find_chat(session, turn)
            if chat is None:
                return make_answer(say("reminders-not-allowed"))
            before = chat.remind_at.isoformat("minutes") if chat.remind_at else None
            chat.remind_at = kept
            session.add(chat)
            await planner.move_waiting_notices(
                session, chat, turn.now, await load_current_rules(session, turn)
            )
            record_change(
                session, turn.now, "remind_at", "chat", chat.id, person_id=turn.sender.person_id,
                before={"at": before}, after={"at": kept.isoformat("minutes") if kept else None},
            )  # fmt: skip
    shown = kept or (turn.app.options.remind_at if everyone else in_force.remind_at)
    said = "reminders-hour-all" if everyone else "reminders-hour-set"
    blocks = [say(said, at=f"{shown:%H:%M}")]
    if at is not None and kept != at:
        blocks.append(
            say(
                "reminders-hour-moved", opens=f"{hours.OPENS:%H:%M}", closes=f"{hours.CLOSES:%H:%M}"
            )
        )
    return make_answer(*blocks)


def _read_hour(text: str) -> time | None:
    found = match_pattern("hour", text)
    if found is None:
        return None
    hour, minute = int(found[1]), int(found[2] or 0)
    return time(hour, minute) if hour < 24 and minute < 60 else None


async def _set_steps(turn: Request, text: str) -> Answer:
    """Other steps before the last day: of the whole bot, a plan or a task."""
    if not turn.may_do(Action.REMINDERS_ALL):
        return make_answer(say("reminders-not-allowed"))
    try:
        own, target = _read_steps(text)
    except StepsError as fault:
        return make_answer(
            say(
                f"steps-wrong-{fault.reason}",
                text=shorten_text(fault.text, 40),
                most=_STEP_LIMITS[fault.reason],
            )
        )
    async with turn.write() as session:
        if not target:
            before = await preferences.set_preference(
                session, REMIND_STEPS, list(own) if own else None
            )
            named, subject, row_id = say("steps-of-all"), "preference", None
        else:
            found = await _find_target(session, turn, target)
            if isinstance(found, Sentence):
                return make_answer(found)
            before, found.steps = found.steps, list(own) if own else None
            session.add(found)
            named = say("steps-of-plan", plan=shorten_plan_name(found)) if isinstance(found, Plan) else (
                say("steps-of-task", key=found.key, title=shorten_text(found.title, LONGEST_LABEL))
            )  # fmt: skip
            subject, row_id = ("plan" if isinstance(found, Plan) else "task"), found.id
        record_change(
            session, turn.now, "remind_steps", subject, row_id, person_id=turn.sender.person_id,
            before={"steps": before}, after={"steps": list(own) if own else None},
        )  # fmt: skip
    if own:
        return make_answer(say("steps-set", named=named, steps=_describe_steps(own)))
    return make_answer(say("steps-default", named=named))


_STEP_LIMITS = {"word": 0, "range": steps.LONGEST_STEP, "many": steps.MOST_STEPS}


def _read_steps(text: str) -> tuple[tuple[int, ...] | None, str]:
    """The steps (None: back to the usual ones) and what they are for ("" for the whole bot). Raises StepsError."""
    text = normalise(text)
    for word in load_words()["default"]:
        if fold(text).startswith(fold(word)):
            return None, text[len(fold(word)) :].strip(" ,:")
    found = match_pattern("counts", text)
    if found is None:
        raise StepsError(text.split(" ")[0] if text else "", "word")
    counts = " ".join(re.findall(r"\d+", found[1]))
    return steps.read_steps(counts), text[found.end() :].strip(" ,:")


async def _find_target(session: AsyncSession, turn: Request, text: str) -> Plan | Task | Sentence:
    """The plan or task that steps are set for, or what to say where there is none or several."""
    scene = await turn.app.load_registry_names(session)
    if found := match_pattern("plan", text):
        plans = scene.find_plans(text[found.end() :].strip())
        if len(plans) == 1:
            return await session.get_one(Plan, plans[0].id)
        return say(
            "steps-no-target" if not plans else "steps-several-targets", text=shorten_text(text, 40)
        )
    found = match_pattern("task", text)
    code = text[found.end() :].strip() if found else text
    wanted = TaskQuery(
        today=turn.today,
        plans=tuple(plan.id or 0 for plan in scene.list_plans_in_force(turn.today)),
        code=code,
    )
    tasks = (await find_tasks(session, wanted)).all_ids
    if len(tasks) == 1:
        return await session.get_one(Task, tasks[0])
    return say(
        "steps-no-target" if not tasks else "steps-several-targets", text=shorten_text(text, 40)
    )


COMMANDS: dict[str, Handler] = {"nhacnho": handle_reminders}
