"""A reminder that somebody asks for: "nhắc em việc I.4 vào sáng thứ 5"."""

from __future__ import annotations

from datetime import date, time, timedelta

from sqlmodel.ext.asyncio.session import AsyncSession

from handlers import sentences
from handlers.conversation import cases, days, words
from handlers.conversation.cases import AssignmentCase
from handlers.conversation.notify import notify_people
from handlers.conversation.refusals import refuse_button
from handlers.conversation.request import Handler, Request
from handlers.questions.answers import refuse_unseen_task
from handlers.reminders.chat_rules import find_chat, load_current_rules
from language import deadlines
from locales.answer import Answer, make_answer, make_button, say, unpack_action
from models.assignments import OPEN
from scheduler import audience, hours
from scheduler.planning import waiting

MOST_DAYS = 4  # days to choose from
AFTERNOON, NOON = time(14), time(11, 30)  # when "chiều" and "trưa" remind


async def remind_by_sentence(request: Request, text: str) -> Answer | None:
    """Remind of the task that `text` names on the day in it; None if it names no task."""
    async with request.write() as session:
        named = await sentences.find_named_task(session, request, words.make_typed_text(text))
        if named is None:
            return None
        task, rest = named
        refusal = await refuse_unseen_task(session, request, task.id)
        if refusal is not None:
            return refusal
        found = await cases.find_cases_of_task(session, task.id)
        own = [case for case in found if _is_own(case, request)] or found
        case = cases.find_next_case(own)
        if case is None:
            return make_answer(say("snooze-over", key=task.key))
        before = _find_day_before(rest.text, case.assignment.last_day)
        if before is not None:
            return await _store_reminder(session, request, case, before, None)
        typed = _drop_filler(rest.text)
        if not typed:
            return make_answer(say("snooze-when", key=task.key))
        read = deadlines.read_typed_deadline(typed, request.today)
        if read.only_day is None and not read.candidates:
            return make_answer(days.explain_unread_day(typed, request.today))
        hour = _find_hour(typed, read.at)
        if read.only_day is not None:
            return await _store_reminder(session, request, case, read.only_day, hour)
    rows = [
        [make_button(say("button-day", day=day), "snooze", case.id, day, hour or "")]
        for day in read.candidates[:MOST_DAYS]
    ]
    return make_answer(say("day-which", text=typed[:80]), buttons=rows)


def _find_day_before(text: str, last_day: date | None) -> date | None:
    """Return the day that lies as long before the deadline as the text says: "trước 3 ngày"."""
    folded = words.make_typed_text(text).folded
    said = words.get_pattern("orders", "before_deadline").search(folded)
    if said is None or last_day is None:
        return None
    days_before = next(int(number) for number in said.groups() if number)
    return last_day - timedelta(days=days_before)


def _is_own(case: AssignmentCase, request: Request) -> bool:
    return any(post.agency_id in case.agency_ids for post in request.sender.agency_posts)


def _drop_filler(text: str) -> str:
    """Return the day of "việc ... vào sáng thứ 5 nhé" without the words around it."""
    typed = words.make_typed_text(text.strip(" ,.;:-–!"))
    before = words.get_pattern("orders", "before_day").match(typed.folded)
    typed = words.make_typed_text(typed.text[before.end() :] if before else typed.text)
    behind = typed.search(words.get_pattern("sentences", "particles"))
    return typed.text[: behind.start()].strip(" ,.") if behind else typed.text


def _find_hour(text: str, at: str | None) -> time | None:
    """Return the hour that a text names, None for the usual one of the morning."""
    folded = words.make_typed_text(text).folded.split()
    if at is not None:
        return time.fromisoformat(at)
    return AFTERNOON if "chieu" in folded else NOON if "trua" in folded else None


async def remind_by_button(request: Request) -> Answer:
    """Remind of a task on the day of the button."""
    number, day_text, hour = unpack_action(request.args, 3)
    day, at = days.parse_iso_day(day_text), days.parse_iso_time(hour)
    async with request.write() as session:
        case = await cases.find_case(session, cases.parse_id(number))
        if case is None or day is None or (hour and at is None):
            return refuse_button()
        if case.assignment.status not in OPEN:
            return refuse_button()
        refusal = await refuse_unseen_task(session, request, case.task.id)
        return refusal or await _store_reminder(session, request, case, day, at)


async def _store_reminder(
    session: AsyncSession, request: Request, case: AssignmentCase, day: date, hour: time | None
) -> Answer:
    """Write the reminder: a line of the morning message, or a message of its own at an hour.

    A day off moves it to the next working day. Who is no focal point of the task gets a message.
    """
    chat = await find_chat(session, request)
    if chat is None or chat.person_id is None:
        return make_answer(say("snooze-in-private"))
    rules = await load_current_rules(session, request)
    if not rules.calendar.is_working(day):
        day = rules.calendar.next_working_day(day)
    moment = rules.to_moment(day, hours.move_into_sending_hours(hour or rules.remind_at))
    if moment <= rules.to_local(request.now):
        return make_answer(say("day-past", text=f"{moment:%H:%M %d/%m/%Y}"))
    own = await audience.find_own_agencies(session, chat, request.today)
    in_morning = hour is None and moment.date() > request.today
    if in_morning and case.assignment.last_day is not None and case.assignment.agency_id in own:
        await waiting.remind_again_on(
            session, chat, [case.assignment], moment.date(), request.now, rules
        )
    else:
        line = say("snooze-message", **cases.name_task(case.task))
        button = make_button(say("button-show"), "show", case.task.id)
        await notify_people(
            session,
            request,
            [chat.person_id],
            make_answer(line, buttons=[[button]]),
            token=f"snooze:{case.id}:{moment.isoformat()}",
            wait=moment - rules.to_local(request.now),
            sender_too=True,
        )
    return make_answer(
        say("snooze-set", **cases.name_task(case.task), day=moment.date(), at=moment)
    )


ACTIONS: dict[str, Handler] = {"snooze": remind_by_button}
