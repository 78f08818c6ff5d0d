"""`/nhacnho`: says what comes when and to whom; sets the hour of the morning and the steps.

Pauses are in `pause`, the buttons below a reminder in `buttons`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, time, timedelta

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from handlers.conversation.request import Handler, Request
from handlers.conversation.rights import Action
from handlers.reminders.chat_rules import (
    LONGEST_ECHO,
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
from models.assignments import Assignment
from models.people import PostRole, find_post_holders
from models.plans import Plan, Task
from models.queries.task_query import TaskQuery
from models.queries.task_search import find_tasks
from scheduler import audience, hours, steps
from scheduler.defaults import LONGEST_STEP
from scheduler.lines import match_open_work
from scheduler.planning import waiting
from scheduler.rules import REMIND_AT, REMIND_STEPS, Rules
from scheduler.steps import StepsError

MOST_COMING_DAYS = 6  # days with reminders that are shown
DAYS_AHEAD = 40  # days ahead that are looked at
MOST_KEYS = 8  # task numbers of one day shown
_SENDING_HOURS = {"opens": f"{hours.OPENS:%H:%M}", "closes": f"{hours.CLOSES:%H:%M}"}


async def handle_reminders(request: Request) -> Answer:
    """Answer `/nhacnho`: an overview, or with words behind it another hour or other steps."""
    text = normalise(request.args)
    if not text:
        return await _show_overview(request)
    if match := match_pattern("steps", text):
        return await _set_steps(request, text[match.end() :])
    everyone = match_pattern("everyone", text)
    if everyone is not None and text[everyone.end() :]:
        return await _set_hour(request, text[everyone.end() :], everyone=True)
    return await _set_hour(request, text, everyone=False)


async def _show_overview(request: Request) -> Answer:
    """Return the hour, the steps, a pause, who is reminded, and the next days with reminders."""
    async with request.read() as session:
        rules = await load_current_rules(session, request)
        chat = await find_chat(session, request)
        own: frozenset[int] = frozenset()
        if chat is not None:
            own = await audience.find_own_agencies(session, chat, request.today)
        coming = await _list_coming_days(session, own, request.today, rules)
        people = await _list_focal_points(session, own, request.today)
    at = hours.move_into_sending_hours((chat.remind_at if chat else None) or rules.remind_at)
    blocks = [
        say("reminders-head"),
        say("reminders-hour", at=f"{at:%H:%M}", **_SENDING_HOURS),
        say("reminders-steps", steps=_describe_steps(rules.steps)),
        say("reminders-after"),
    ]
    if chat is not None and chat.muted_until is not None and chat.muted_until >= request.today:
        blocks.append(say("reminders-muted", day=chat.muted_until))
    blocks += people
    if own:
        none = say("reminders-none-coming", days=DAYS_AHEAD)
        blocks += [say("reminders-coming"), *coming] if coming else [none]
    blocks.append(say("reminders-usage"))
    if request.may_do(Action.REMINDERS_ALL):
        blocks.append(say("reminders-usage-admin"))
    return make_answer(*blocks)


def _describe_steps(own: Sequence[int]) -> Sentence:
    """Return the steps in words: days before the last day, and the last day itself."""
    counts = [str(count) for count in own if count]
    parts = [say("steps-before", counts=", ".join(counts))] if counts else []
    parts += [say("steps-on-day")] if 0 in own else []
    return parts[0] if len(parts) == 1 else say("steps-both", before=parts[0], on=parts[1])


async def _list_coming_days(
    session: AsyncSession, own: frozenset[int], today: date, rules: Rules
) -> list[Sentence]:
    """Return the next days with reminders of these agencies' tasks, with the tasks' numbers."""
    if not own:
        return []
    statement = (
        select(Assignment, Task, Plan)
        .join(Task, col(Task.id) == Assignment.task_id)
        .join(Plan, col(Plan.id) == Assignment.plan_id)
        .where(
            col(Assignment.agency_id).in_(own),
            col(Assignment.last_day).is_not(None),
            *match_open_work(),
        )
    )
    rows = (await session.exec(statement)).all()
    blocks: list[Sentence] = []
    for number in range(1, DAYS_AHEAD + 1):
        day = today + timedelta(days=number)
        if not rules.calendar.is_working(day):
            continue
        keys = {
            task.key
            for assignment, task, plan in rows
            if assignment.last_day is not None
            and steps.find_step(
                day,
                assignment.last_day,
                task.steps or plan.steps or rules.steps,
                rules.calendar,
            )
        }
        if keys:
            shown = ", ".join(sorted(keys)[:MOST_KEYS]) + ("…" if len(keys) > MOST_KEYS else "")
            blocks.append(say("reminders-day", day=day, count=len(keys), keys=shown))
        if len(blocks) == MOST_COMING_DAYS:
            break
    return blocks


async def _list_focal_points(
    session: AsyncSession, own: frozenset[int], today: date
) -> list[Sentence]:
    """Return the focal points of each of these agencies, who get its reminders."""
    agencies = (
        await session.exec(select(Agency).where(col(Agency.id).in_(own)).order_by(Agency.name))
    ).all()
    blocks = []
    for agency in agencies:
        people = await find_post_holders(session, [PostRole.FOCAL_POINT], today, [agency.id])
        if people:
            names = ", ".join(person.name for person in people)
            blocks.append(say("reminders-people", agency=agency.name, names=names))
    return blocks


async def _set_hour(request: Request, text: str, *, everyone: bool) -> Answer:
    """Set another hour of the morning message: of this chat, or of the whole bot."""
    at = _read_hour(text)
    if at is None and not is_word("default", text):
        echo = shorten_text(text, LONGEST_ECHO)
        return make_answer(say("reminders-not-understood", text=echo), say("reminders-usage"))
    whole = everyone or request.incoming.chat_kind == "group"
    if not request.may_do(Action.REMINDERS_ALL if whole else Action.REMINDERS_OWN):
        return make_answer(say("reminders-not-allowed"))
    hour = hours.move_into_sending_hours(at) if at is not None else None
    async with request.write() as session:
        rules = await load_current_rules(session, request)
        if everyone:
            before = await preferences.set_preference(session, REMIND_AT, _format_hour(hour))
            subject, chat_id = "preference", None
        else:
            chat = await find_chat(session, request)
            if chat is None:
                return make_answer(say("reminders-not-allowed"))
            before, chat.remind_at = _format_hour(chat.remind_at), hour
            session.add(chat)
            await waiting.move_waiting_notices(session, chat, request.now, rules)
            subject, chat_id = "chat", chat.id
        request.record_change(
            session,
            "remind_at",
            subject,
            chat_id,
            before={"at": before},
            after={"at": _format_hour(hour)},
        )
    shown = hour or (request.app.options.remind_at if everyone else rules.remind_at)
    sentence = "reminders-hour-all" if everyone else "reminders-hour-set"
    blocks = [say(sentence, at=f"{shown:%H:%M}")]
    if hour != at:
        blocks.append(say("reminders-hour-moved", **_SENDING_HOURS))
    return make_answer(*blocks)


def _format_hour(hour: time | None) -> str | None:
    """Return the hour as the audit and the preferences store it ("07:30")."""
    return hour.isoformat("minutes") if hour else None


def _read_hour(text: str) -> time | None:
    """Return the hour that `text` is ("8h30"); None if it is none."""
    match = match_pattern("hour", text)
    if match is None:
        return None
    hour, minute = int(match[1]), int(match[2] or 0)
    return time(hour, minute) if hour < 24 and minute < 60 else None


async def _set_steps(request: Request, text: str) -> Answer:
    """Set other steps before the last day: of the whole bot, a plan or a task."""
    if not request.may_do(Action.REMINDERS_ALL):
        return make_answer(say("reminders-not-allowed"))
    try:
        own, target_text = _read_steps(text)
    except StepsError as fault:
        echo, most = shorten_text(fault.text, LONGEST_ECHO), _STEP_LIMITS[fault.reason]
        return make_answer(say(f"steps-wrong-{fault.reason}", text=echo, most=most))
    stored = list(own) if own else None
    async with request.write() as session:
        if not target_text:
            before = await preferences.set_preference(session, REMIND_STEPS, stored)
            target_name, subject, row_id = say("steps-of-all"), "preference", None
        else:
            target = await _find_target(session, request, target_text)
            if isinstance(target, Sentence):
                return make_answer(target)
            before, target.steps = target.steps, stored
            session.add(target)
            target_name, row_id = _name_target(target), target.id
            subject = "plan" if isinstance(target, Plan) else "task"
        request.record_change(
            session,
            "remind_steps",
            subject,
            row_id,
            before={"steps": before},
            after={"steps": stored},
        )
    if own:
        return make_answer(say("steps-set", named=target_name, steps=_describe_steps(own)))
    return make_answer(say("steps-default", named=target_name))


def _name_target(target: Plan | Task) -> Sentence:
    """Return what the steps were set for, in words."""
    if isinstance(target, Plan):
        return say("steps-of-plan", plan=target.shorten_name())
    title = shorten_text(target.title, LONGEST_LABEL)
    return say("steps-of-task", key=target.key, title=title)


_STEP_LIMITS = {"word": 0, "range": LONGEST_STEP, "many": steps.MOST_STEPS}


def _read_steps(text: str) -> tuple[tuple[int, ...] | None, str]:
    """Return the steps, and the text of what they are for ("" is the whole bot).

    The steps are None if the usual ones are wanted back. Raises StepsError.
    """
    text = normalise(text)
    for word in load_words()["default"]:
        if fold(text).startswith(fold(word)):
            return None, text[len(fold(word)) :].strip(" ,:")
    match = match_pattern("counts", text)
    if match is None:
        raise StepsError(text.split(" ")[0] if text else "", "word")
    counts = " ".join(re.findall(r"\d+", match[1]))
    return steps.read_steps(counts), text[match.end() :].strip(" ,:")


async def _find_target(
    session: AsyncSession, request: Request, text: str
) -> Plan | Task | Sentence:
    """Return the plan or task that `text` names, or what to say if none or several fit."""
    names = await request.app.load_registry_names(session)
    table: type[Plan | Task] = Task
    if match := match_pattern("plan", text):
        table = Plan
        ids = [plan.id for plan in names.find_plans(text[match.end() :].strip())]
    else:
        match = match_pattern("task", text)
        code = text[match.end() :].strip() if match else text
        plans = tuple(plan.id for plan in names.list_plans_in_force(request.today))
        query = TaskQuery(today=request.today, plans=plans, code=code)
        ids = [*(await find_tasks(session, query)).all_ids]
    if len(ids) == 1:
        return await session.get_one(table, ids[0])
    message_id = "steps-several-targets" if ids else "steps-no-target"
    return say(message_id, text=shorten_text(text, LONGEST_ECHO))


COMMANDS: dict[str, Handler] = {"nhacnho": handle_reminders}
