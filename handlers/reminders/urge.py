"""Urging an agency by hand (`/dondoc`): one reminder now, in the name of who asks for it.

An agency is urged about a task once a day at most, and within the hours of reminders.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime, time, timedelta

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from handlers import sentences
from handlers.conversation import cases, words
from handlers.conversation.cases import AssignmentCase, parse_id
from handlers.conversation.notify import notify_people
from handlers.conversation.refusals import refuse_button
from handlers.conversation.registry_names import RegistryNames
from handlers.conversation.request import Handler, Request
from handlers.conversation.rights import Action
from handlers.reminders.chat_rules import load_current_rules
from handlers.tasks.find import find_tasks_by_code
from locales.answer import Answer, make_answer, make_button, say
from locales.phrases import shorten_text
from models.assignments import OPEN, Assignment
from models.audit import Audit
from models.people import PostRole, find_post_holders
from models.plans import Plan, Task
from scheduler import hours

NEAR_DAYS = 7  # days before a last day from which a task is urged without being named
MOST_OFFERED = 8  # agencies that are late, to be urged by a button each
MOST_URGED = 10  # tasks of one reminder
LONGEST_ECHO = 60  # characters that are repeated of a text that was not understood


async def urge_by_command(request: Request) -> Answer:
    """Answer `/dondoc Sở X [việc]`."""
    if not request.args:
        return make_answer(say("urge-how"))
    text = shorten_text(request.args, LONGEST_ECHO)
    unknown = make_answer(say("agency-not-known", text=text), say("urge-how"))
    return await urge_agency(request, request.args) or unknown


async def offer_late_agencies(request: Request, _: str) -> Answer:
    """Offer the agencies that are late, each to be urged by its button; nobody is urged before.

    "Đôn đốc giùm mấy đơn vị đang trễ" names none.
    """
    if not request.may_do(Action.URGE):
        return make_answer(say("may-not-urge"))
    async with request.read() as session:
        names = await request.app.load_registry_names(session)
        late = await cases.find_cases(
            session,
            col(Assignment.status).in_(OPEN),
            col(Assignment.last_day) < request.today,
            col(Plan.closed_on).is_(None),
            col(Task.cancelled_on).is_(None),
        )
    tasks = {(case.assignment.agency_id or 0, case.task.id) for case in late}
    counts = Counter(agency for agency, _ in sorted(tasks))
    rows = [
        [
            make_button(
                say("button-urge", name=names.agency_names[agency], count=count), "urge", agency
            )
        ]
        for agency, count in counts.most_common()
        if agency in names.agency_names
        and not names.directory.is_collective(names.agency_names[agency])
    ]
    if not rows:
        return make_answer(say("urge-none-late"))
    more = len(rows) - MOST_OFFERED
    blocks = [say("urge-which", count=len(rows))]
    if more > 0:
        blocks.append(say("urge-more-late", count=more))
    return make_answer(*blocks, buttons=rows[:MOST_OFFERED], asks=True)


async def urge_by_button(request: Request) -> Answer:
    """Urge the agency of a button below the agencies that are late."""
    agency_id = parse_id(request.args)
    async with request.read() as session:
        names = await request.app.load_registry_names(session)
    agency = names.agency_names.get(agency_id) if agency_id is not None else None
    return (await urge_agency(request, agency) if agency else None) or refuse_button()


async def urge_agency(request: Request, text: str) -> Answer | None:
    """Remind the agency that `text` names of the task in it, or of all that is late or near.

    None if it names no agency.
    """
    async with request.write() as session:
        names = await request.app.load_registry_names(session)
        mention = next(iter(names.directory.find_mentions(text, request.today)), None)
        agency_id = names.agency_ids.get(mention.names[0]) if mention and mention.names else None
        if mention is None or len(mention.names) != 1:
            return None
        agency = mention.names[0]
        if not request.may_do(Action.URGE):
            return make_answer(say("may-not-urge"))
        typed = words.make_typed_text(f"{text[: mention.start]} {text[mention.end :]}")
        if names.directory.is_collective(agency):
            return make_answer(say("urge-collective", agency=agency))
        named = await _find_named_task(session, request, typed)
        if isinstance(named, Answer):
            return named
        found = (
            await _find_cases(session, request, names, agency_id, named)
            if agency_id is not None  # an agency that no plan has named yet
            else []
        )
        if not found and named is not None:
            return make_answer(say("urge-not-theirs", agency=agency, key=named.key))
        if not found:
            return make_answer(say("urge-nothing", agency=agency, days=NEAR_DAYS))
        due = await _drop_urged_today(session, request, found)
        if not due:
            return make_answer(say("urge-again", agency=agency))
        return await _send_reminder(session, request, agency, due[:MOST_URGED])


async def _find_named_task(
    session: AsyncSession, request: Request, typed: words.TypedText
) -> Task | Answer | None:
    """Return the task whose number the text names, None if it names none, or why it is none."""
    code = next((code for code, _ in sentences.find_codes(typed)), None)
    if code is None:
        return None
    found = await find_tasks_by_code(session, request, code)
    return found[0] if found else make_answer(say("task-not-found", code=code[:LONGEST_ECHO]))


async def _find_cases(
    session: AsyncSession,
    request: Request,
    names: RegistryNames,
    agency_id: int,
    task: Task | None,
) -> list[AssignmentCase]:
    """Return the agency's next open case of a task; without one, all that are late or near.

    What is open of agencies that were merged into it is its own.
    """
    if task is not None:
        own = [
            case
            for case in await cases.find_cases_of_task(session, task.id)
            if agency_id in case.agency_ids
        ]
        upcoming = cases.find_next_case(own)
        return [upcoming] if upcoming is not None else []
    agencies, _ = names.widen_agencies((agency_id,), request.today)
    due = await cases.find_cases(
        session,
        col(Assignment.agency_id).in_(agencies),
        col(Assignment.status).in_(OPEN),
        col(Assignment.last_day) <= request.today + timedelta(days=NEAR_DAYS),
        col(Plan.closed_on).is_(None),
        col(Task.cancelled_on).is_(None),
    )
    first: dict[int, AssignmentCase] = {}  # a task once
    for case in due:
        first.setdefault(case.task.id, case)
    return list(first.values())


async def _drop_urged_today(
    session: AsyncSession, request: Request, found: Sequence[AssignmentCase]
) -> list[AssignmentCase]:
    """Return the cases that nobody urged today."""
    midnight = datetime.combine(request.today, time(), tzinfo=request.now.tzinfo)
    statement = select(Audit.subject_id).where(
        Audit.action == "urge", col(Audit.at) >= midnight, Audit.subject == "assignment"
    )
    urged = set(await session.exec(statement))
    return [case for case in found if case.id not in urged]


async def _send_reminder(
    session: AsyncSession, request: Request, agency: str, due: Sequence[AssignmentCase]
) -> Answer:
    """Queue the reminder for the agency's focal points, its head if there is none; say to whom."""
    agencies = {number for case in due for number in case.agency_ids if number is not None}
    people = await find_post_holders(session, [PostRole.FOCAL_POINT], request.today, agencies)
    people = people or await find_post_holders(session, [PostRole.HEAD], request.today, agencies)
    lines = [
        say("urge-line", **cases.name_task(case.task), when=case.describe_due_day(request))
        for case in due
    ]
    head = say("urge-head", name=request.sender.signed_name, agency=agency)
    buttons = [
        make_button(say("button-number", number=case.task.key), "show", case.task.id)
        for case in due
    ]
    rules = await load_current_rules(session, request)
    now = rules.to_local(request.now)
    moment = hours.find_sending_moment(now, rules.calendar)
    count = await notify_people(
        session,
        request,
        [person.id for person in people],
        make_answer(head, *lines, say("urge-foot"), buttons=[buttons[:5], buttons[5:]]),
        token=f"urge:{due[0].id}:{request.now.isoformat()}",
        wait=moment - now,
        sender_too=True,
    )
    if not count:
        return make_answer(say("urge-nobody", agency=agency))
    for case in due:
        request.record_change(session, "urge", "assignment", case.id)
    keys = tuple(case.task.key for case in due)
    message = "urge-sent" if moment == now else "urge-later"
    return make_answer(say(message, agency=agency, keys=keys, count=count, at=moment))


COMMANDS: dict[str, Handler] = {"dondoc": urge_by_command}
ACTIONS: dict[str, Handler] = {"urge": urge_by_button}
