"""Reminders in chat: what comes when and to whom, own hour and pause, steps, the buttons that pick a task, the outcome.

Reporting, receiving and asking for more time, which the same messages offer, are `report` and `extend`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time, timedelta
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from handlers.conversation import cases, days
from handlers.conversation.rights import Action
from handlers.conversation.turn import Handler, Request
from handlers.reminders import days_off
from language.text import fold, normalise, strip_marks
from locales.answer import Answer, Button, Sentence, make_answer, say
from locales.data import load_data
from locales.phrases import shorten_text
from models import chats, notices, preferences
from models.agencies import Agency
from models.assignments import OPEN, Assignment
from models.audit import record_change
from models.chats import Chat
from models.notices import MESSAGE, Heartbeat, Notice, NoticeLine, NoticeStatus
from models.people import PostRole, find_post_holders
from models.plans import Plan, Task
from models.queries import task_search
from models.queries.task_search import TaskQuery
from scheduler import audience, hours, message, planner, steps
from scheduler.audience import Audience
from scheduler.delivery import explain_failure
from scheduler.message import ReminderLine
from scheduler.rules import REMIND_AT, REMIND_STEPS, ZONE, Defaults, Rules, load_rules
from scheduler.steps import StepsError

TASKS_PER_PAGE = 10  # tasks of one page to pick from
LONGEST_LABEL = 44  # characters of a title on a button
LONGEST_PAUSE = 60  # days
MOST_COMING_DAYS = 6  # days with reminders that are shown
DAYS_AHEAD = 40  # days ahead that are looked at
MOST_KEYS = 8  # task numbers of one day shown
NOTICES_PER_PAGE = 12  # notices of one page of the delivery report
MOST_NAMES = 15  # unreachable people, agencies shown
_GONE = "button-out-of-date"


@cache
def load_words() -> Mapping[str, Any]:
    data = load_data("reminders")
    found: Mapping[str, Any] = data["words"]
    return found


def is_word(name: str, text: str) -> bool:
    return fold(text) in {fold(word) for word in load_words()[name]}


def match_pattern(name: str, text: str) -> re.Match[str] | None:
    """Where the pattern is in `text`, which is compared without diacritics and keeps its places."""
    return re.search(load_words()[name], strip_marks(text).lower())


async def load_current_rules(session: AsyncSession, turn: Request) -> Rules:
    options = turn.app.options
    zone = turn.now.tzinfo
    in_zone = zone if isinstance(zone, ZoneInfo) else ZONE
    return await load_rules(
        session, Defaults(in_zone, options.remind_at, options.remind_steps, options.admins)
    )


async def find_chat(session: AsyncSession, turn: Request) -> Chat | None:
    return await chats.find_chat(session, turn.incoming.channel, turn.incoming.chat)


# --- buttons under a reminder ----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _ChatNotice:
    """A notice whose button was pressed in its own chat, with what it still has to tell."""

    notice: Notice
    chat: Chat
    lines: list[ReminderLine]
    own_agencies: frozenset[int]


async def _find_notice(
    session: AsyncSession, turn: Request, notice_id: int | None
) -> _ChatNotice | None:
    """The notice of a pressed button; None for one that is not of this chat, or not there."""
    notice = await session.get(Notice, notice_id) if notice_id is not None else None
    chat = await find_chat(session, turn)
    if notice is None or chat is None or notice.chat_id != chat.id or notice.kind == MESSAGE:
        return None
    own = await message.find_own_agencies(session, chat, turn.today)
    return _ChatNotice(notice, chat, await message.load_lines(session, notice.id or 0), own)


async def _is_about_case(session: AsyncSession, notice: Notice, case: cases.AssignmentCase) -> bool:
    """Whether the notice told of this case, done since or not: a button may carry any number."""
    line = (
        select(NoticeLine.id)
        .where(NoticeLine.notice_id == notice.id, NoticeLine.assignment_id == case.id)
        .limit(1)
    )
    return (await session.exec(line)).first() is not None


async def offer_tasks(turn: Request) -> Answer:
    """The button "Chọn việc": the tasks of the reminder that are still open, a button each, in pages."""
    notice, page, again = [*turn.args.split(":"), "", ""][:3]
    async with turn.read() as session:
        told = await _find_notice(session, turn, cases.parse_id(notice))
    if told is None:
        return make_answer(toast=say(_GONE))
    if not told.lines:
        return make_answer(say("pick-nothing"))
    pages = -(-len(told.lines) // TASKS_PER_PAGE)
    number = min(cases.parse_id(page) or 0, pages - 1)
    shown = told.lines[number * TASKS_PER_PAGE : (number + 1) * TASKS_PER_PAGE]
    rows = [
        [
            Button(
                say(
                    "button-pick-task",
                    key=line.key,
                    day=line.last_day,
                    title=shorten_text(line.title, LONGEST_LABEL),
                ),
                f"pickone:{told.notice.id}:{line.assignment_id}",
            )
        ]
        for line in shown
    ]
    turning = [(number - 1, "button-page-before"), (number + 1, "button-page-after")]
    rows.append(
        [
            Button(say(label), f"pick:{told.notice.id}:{to}:r")
            for to, label in turning
            if 0 <= to < pages
        ]
    )
    said = (
        say("pick-page", count=len(told.lines), page=number + 1, pages=pages)
        if pages > 1
        else say("pick-which")
    )
    return make_answer(said, buttons=rows, replace=again == "r")


async def show_picked_task(turn: Request) -> Answer:
    """A picked task: how it stands now, and what can be done about it."""
    notice, _, assignment = turn.args.partition(":")
    async with turn.read() as session:
        told = await _find_notice(session, turn, cases.parse_id(notice))
        found = (
            await cases.find_case(session, cases.parse_id(assignment)) if told is not None else None
        )
        case = (
            found
            if told is not None
            and found is not None
            and await _is_about_case(session, told.notice, found)
            else None
        )
    if told is None or case is None:
        return make_answer(toast=say(_GONE))
    mine = case.may_do(turn, Action.REPORT)
    buttons = message.make_task_buttons(
        case.id, case.task.id or 0, case.assignment.status, mine=mine
    )
    status = say(f"status-{case.assignment.status.replace('_', '-')}")
    return make_answer(
        *case.describe_case(turn), say("pick-status", status=status), buttons=buttons
    )


async def offer_actions_for_all(turn: Request) -> Answer:
    """The button "Tất cả": what can be done about all tasks of the reminder at once."""
    async with turn.read() as session:
        told = await _find_notice(session, turn, cases.parse_id(turn.args))
    if told is None:
        return make_answer(toast=say(_GONE))
    mine = [line for line in told.lines if line.agency_id in told.own_agencies]
    if not mine:
        return make_answer(say("pick-nothing"))
    rows = [
        [Button(say("button-got-all"), f"gotall:{told.notice.id}")],
        [Button(say("button-done-all"), f"doneall:{told.notice.id}")],
        [Button(say("button-later-all"), f"laterall:{told.notice.id}")],
    ]
    return make_answer(say("pick-all", count=len(mine)), buttons=rows)


async def remind_tomorrow(turn: Request) -> Answer:
    """The button "Nhắc lại ngày mai": the task comes once more on the next working day."""
    async with turn.write() as session:
        case = await cases.find_case(session, cases.parse_id(turn.args))
        chat = await find_chat(session, turn)
        if case is None or chat is None:
            return make_answer(toast=say(_GONE))
        refused = cases.explain_refusal(case, turn, Action.REPORT)
        if refused is not None:
            return refused
        if case.assignment.status not in OPEN or case.assignment.last_day is None:
            status = say(f"status-{case.assignment.status.replace('_', '-')}")
            return make_answer(say("later-not-open", key=case.task.key, status=status))
        day = await _remind_again(session, turn, chat, [case.assignment])
    return make_answer(
        say("later-one", key=case.task.key, day=day), toast=say("later-toast", day=day)
    )


async def remind_all_tomorrow(turn: Request) -> Answer:
    """The button "Nhắc lại tất cả ngày mai"."""
    async with turn.write() as session:
        told = await _find_notice(session, turn, cases.parse_id(turn.args))
        if told is None:
            return make_answer(toast=say(_GONE))
        ids = [line.assignment_id for line in told.lines if line.agency_id in told.own_agencies]
        found = (
            (await session.exec(select(Assignment).where(col(Assignment.id).in_(ids)))).all()
            if ids
            else []
        )
        allowed = [
            a
            for a in found
            if turn.may_do(
                Action.REPORT, a.agency_id, a.lead_id, *told.own_agencies & {a.agency_id}
            )
        ]
        if not allowed:
            return make_answer(say("pick-nothing"))
        day = await _remind_again(session, turn, told.chat, allowed)
    return make_answer(
        say("later-all", count=len(allowed), day=day), toast=say("later-toast", day=day)
    )


async def _remind_again(
    session: AsyncSession, turn: Request, chat: Chat, assignments: Sequence[Assignment]
) -> date:
    in_force = await load_current_rules(session, turn)
    day = in_force.calendar.next_working_day(turn.today)
    await planner.remind_again_on(session, chat, assignments, day, turn.now, in_force)
    return day


# --- /nhacnho --------------------------------------------------------------------------------------------------------


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
            await message.find_own_agencies(session, chat, turn.today)
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
            col(Assignment.ended_on).is_(None),
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
            named = say("steps-of-plan", plan=message.shorten_plan_name(found)) if isinstance(found, Plan) else (
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
    tasks = (await task_search.find_tasks(session, wanted)).all_ids
    if len(tasks) == 1:
        return await session.get_one(Task, tasks[0])
    return say(
        "steps-no-target" if not tasks else "steps-several-targets", text=shorten_text(text, 40)
    )


# --- /tamdung --------------------------------------------------------------------------------------------------------


async def handle_pause(turn: Request) -> Answer:
    """`/tamdung 15/10`: no reminders in this chat until that day; `/tamdung thôi`: at once again."""
    group = turn.incoming.chat_kind == "group"
    if not turn.may_do(Action.REMINDERS_ALL if group else Action.REMINDERS_OWN):
        return make_answer(say("reminders-not-allowed"))
    text = normalise(turn.args)
    if not text:
        async with turn.read() as session:
            chat = await find_chat(session, turn)
        if chat is not None and chat.muted_until is not None and chat.muted_until >= turn.today:
            return make_answer(say("pause-is", day=chat.muted_until), say("pause-usage"))
        return make_answer(say("pause-is-not"), say("pause-usage"))
    if is_word("resume", text):
        return await _pause_until(turn, None)
    found = match_pattern("until", text)
    understood = days.parse_days(text[found.end() :] if found else text, turn.today)
    if not understood:
        return make_answer(say("pause-needs-day", text=shorten_text(text, 40)), say("pause-usage"))
    if len(understood) > 1:
        buttons = [
            [Button(say("button-day", day=day), f"mute:{day.isoformat()}")] for day in understood
        ]
        return make_answer(say("pause-which"), buttons=buttons)
    return await _pause_until(turn, understood[0])


async def choose_pause_day(turn: Request) -> Answer:
    """A day that was offered for the end of a pause."""
    if not turn.may_do(
        Action.REMINDERS_ALL if turn.incoming.chat_kind == "group" else Action.REMINDERS_OWN
    ):
        return make_answer(say("reminders-not-allowed"))
    try:
        day = date.fromisoformat(turn.args)
    except ValueError:
        return make_answer(toast=say(_GONE))
    return await _pause_until(turn, day)


async def _pause_until(turn: Request, day: date | None) -> Answer:
    if day is not None and day < turn.today:
        return make_answer(say("pause-past", day=day))
    if day is not None and (day - turn.today).days > LONGEST_PAUSE:
        return make_answer(say("pause-too-long", day=day, most=LONGEST_PAUSE))
    async with turn.write() as session:
        chat = await find_chat(session, turn)
        if chat is None:
            return make_answer(say("reminders-not-allowed"))
        in_force = await load_current_rules(session, turn)
        before, chat.muted_until = chat.muted_until, day
        session.add(chat)
        await planner.move_waiting_notices(session, chat, turn.now, in_force)
        record_change(
            session, turn.now, "pause", "chat", chat.id, person_id=turn.sender.person_id,
            before={"until": before.isoformat() if before else None},
            after={"until": day.isoformat() if day else None},
        )  # fmt: skip
    if day is None:
        return make_answer(say("pause-over"))
    again = in_force.calendar.next_working_day(day)
    blocks = [say("pause-set", day=day, again=again)]
    if turn.incoming.chat_kind == "private":
        blocks.append(say("pause-meanwhile", agency=in_force.supervisor))
    return make_answer(*blocks)


# --- /guitin ---------------------------------------------------------------------------------------------------------


async def show_deliveries(turn: Request) -> Answer:
    """`/guitin [ngày]`: who got what and when, how it ended, and who cannot be reached."""
    if not turn.may_do(Action.DELIVERY_REPORT):
        return make_answer(say("deliveries-not-allowed"))
    text = normalise(turn.args)
    understood = days.parse_days(text, turn.today) if text else (turn.today,)
    if not understood:
        return make_answer(say("deliveries-needs-day", text=shorten_text(text, 40)))
    return await _compose_deliveries(turn, understood[0], 0)


async def show_deliveries_page(turn: Request) -> Answer:
    """Another page of the delivery report."""
    if not turn.may_do(Action.DELIVERY_REPORT):
        return make_answer(say("deliveries-not-allowed"))
    day, _, page = turn.args.partition(":")
    try:
        return await _compose_deliveries(
            turn, date.fromisoformat(day), cases.parse_id(page) or 0, replace=True
        )
    except ValueError:
        return make_answer(toast=say(_GONE))


async def _compose_deliveries(
    turn: Request, day: date, page: int, *, replace: bool = False
) -> Answer:
    async with turn.read() as session:
        in_force = await load_current_rules(session, turn)
        counts = await notices.count_by_status(session, day)
        rows = await notices.list_outcomes(
            session, day, page * NOTICES_PER_PAGE, NOTICES_PER_PAGE + 1
        )
        blocks = [say("deliveries-head", day=day), _describe_counts(counts)]
        blocks += [_describe_outcome(row, in_force) for row in rows[:NOTICES_PER_PAGE]]
        if page == 0:
            blocks += await _list_unreachable(session, day, in_force)
            blocks += await _list_heartbeats(session, in_force)
    turning = [
        (page - 1, "button-page-before", page > 0),
        (page + 1, "button-page-after", len(rows) > NOTICES_PER_PAGE),
    ]
    row = [
        Button(say(label), f"sent:{day.isoformat()}:{to}") for to, label, there in turning if there
    ]
    return make_answer(*blocks, buttons=[row], replace=replace)


def _describe_counts(counts: Mapping[str, int]) -> Sentence:
    waiting = sum(
        counts.get(s, 0)
        for s in (NoticeStatus.PENDING, NoticeStatus.SENDING, NoticeStatus.UNCERTAIN)
    )
    return say(
        "deliveries-counts",
        sent=counts.get(NoticeStatus.SENT, 0),
        waiting=waiting,
        failed=counts.get(NoticeStatus.FAILED, 0),
    )


def _describe_outcome(row: notices.Outcome, in_force: Rules) -> Sentence:
    notice = row.notice
    moment = notice.ended_at or notice.not_before
    return say(
        "deliveries-line",
        who=row.person or row.chat,
        kind=say(f"kind-{notice.kind}"),
        count=row.lines,
        status=say(f"notice-{notice.status}"),
        at=in_force.to_local(moment),
        again=say("deliveries-again") if notice.again else say("nothing"),
        reason=say("deliveries-reason", reason=explain_failure(notice.error))
        if notice.error
        else say("nothing"),
    )


async def _list_unreachable(session: AsyncSession, day: date, in_force: Rules) -> list[Sentence]:
    """The people whose chat cannot be reached, and the responsible agencies that nobody is reached of."""
    lost = await session.exec(
        select(Chat.title, Chat.unreachable_since)
        .where(col(Chat.unreachable_since).is_not(None))
        .order_by(Chat.title)
    )
    blocks: list[Sentence] = []
    people = [
        say("deliveries-lost", name=title, day=in_force.to_local(since))
        for title, since in lost
        if since is not None
    ]
    if people:
        blocks += [say("deliveries-lost-head", count=len(people)), *people[:MOST_NAMES]]
    reached = {
        r.agency_id
        for r in await audience.find_recipients(session, day, in_force)
        if r.audience == Audience.FOCAL
    }
    responsible = await session.exec(
        select(Agency)
        .where(
            col(Agency.id).in_(
                select(Assignment.agency_id)
                .join(Plan, col(Plan.id) == Assignment.plan_id)
                .where(
                    col(Assignment.status).in_(OPEN),
                    col(Assignment.ended_on).is_(None),
                    col(Assignment.last_day).is_not(None),
                    col(Plan.closed_on).is_(None),
                )
            )
        )
        .order_by(Agency.name)
    )
    alone = [agency.name for agency in responsible if agency.id not in reached]
    if alone:
        names = ", ".join(alone[:MOST_NAMES]) + ("…" if len(alone) > MOST_NAMES else "")
        blocks.append(say("deliveries-alone", count=len(alone), names=names))
    return blocks


async def _list_heartbeats(session: AsyncSession, in_force: Rules) -> list[Sentence]:
    """When the planner, the sender and the auditor last ran."""
    beats = {beat.name: beat.at for beat in await session.exec(select(Heartbeat))}
    return [
        say("deliveries-beat", part=say(f"part-{name}"), at=in_force.to_local(beats[name]))
        for name in (planner.PLANNING_HEARTBEAT, "sender", "auditor")
        if name in beats
    ]


COMMANDS: dict[str, Handler] = {
    "nhacnho": handle_reminders,
    "tamdung": handle_pause,
    "guitin": show_deliveries,
    "ngaynghi": days_off.handle_days_off,
}
ACTIONS: dict[str, Handler] = {
    "pick": offer_tasks,
    "pickone": show_picked_task,
    "pickall": offer_actions_for_all,
    "later": remind_tomorrow,
    "laterall": remind_all_tomorrow,
    "mute": choose_pause_day,
    "sent": show_deliveries_page,
}
