"""A request for more time: a focal point asks with a new last day and a reason.

The dialogue is a draft of kind "extend". The decision is in `grant_time`.
"""

from __future__ import annotations

from datetime import date

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from handlers.conversation import cases, days, drafts
from handlers.conversation.cases import AssignmentCase
from handlers.conversation.notify import notify_people
from handlers.conversation.refusals import refuse_button, refuse_dialogue
from handlers.conversation.request import Handler, Request
from handlers.conversation.rights import Action
from handlers.work.extension_days import make_day_button, offer_days, refuse_day, take_day
from handlers.work.grant_time import grant_extension
from handlers.work.state import describe_state
from locales.answer import Answer, make_answer, make_button, pack_action, say
from models.assignments import Assignment, Extension, Move, is_move_possible


class ExtensionDraft(drafts.DraftData):
    """A request being made: `reason` if it is known already, `day` as soon as it is `agreed`."""

    assignment: int
    reason: str | None = None
    day: date | None = None
    agreed: bool = False


async def find_pending_extension(session: AsyncSession, assignment_id: int) -> Extension | None:
    """Return the request of an assignment that nobody decided yet."""
    statement = (
        select(Extension)
        .where(Extension.assignment_id == assignment_id, col(Extension.decision).is_(None))
        .order_by(col(Extension.id).desc())
    )
    return (await session.exec(statement)).first()


async def ask_day(
    session: AsyncSession, case: AssignmentCase, request: Request, reason: str | None = None
) -> Answer:
    """Answer the button "Xin gia hạn": ask until when, or say why that is not possible.

    A `reason` that was said already is kept.
    """
    refusal = await _refuse_extension(session, case, request)
    if refusal is not None:
        return refusal
    data = ExtensionDraft(assignment=case.id, reason=reason)
    token = await drafts.save_draft(request, "extend", data, session)
    rows = offer_days(case, request, "extday", token)
    return make_answer(say("extend-ask-day"), *case.describe_case(request), buttons=rows)


async def repeat_day(
    session: AsyncSession, case: AssignmentCase, request: Request, day: date, reason: str | None
) -> Answer:
    """Repeat, with its weekday, the day that a sentence asked for, to be confirmed.

    If the sentence gave a `reason`, it is kept and not asked for again.
    """
    refusal = await _refuse_extension(session, case, request)
    if refusal is not None:
        return refusal
    day_refusal = refuse_day(case, day, request)
    if day_refusal is not None:
        return make_answer(day_refusal)
    data = ExtensionDraft(assignment=case.id, reason=reason)
    yes = pack_action("extday", "{}", day)
    token = await drafts.save_draft(request, "extend", data, session, yes=yes)
    right = make_day_button(day, "extday", token, right=True)
    rows = [[right], [drafts.make_leave_button(token)]]
    return make_answer(say("extend-right", day=day), *case.describe_case(request), buttons=rows)


async def _refuse_extension(
    session: AsyncSession, case: AssignmentCase, request: Request
) -> Answer | None:
    """Return why no more time can be asked for; None if it can."""
    refusal = cases.explain_refusal(case, request, Action.EXTEND)
    if refusal is not None:
        return refusal
    if not is_move_possible(case.assignment, Move.EXTEND):
        return await describe_state(session, case, request)
    task = case.describe_task()
    if case.assignment.last_day is None:
        return make_answer(say("extend-undated", task=task))
    waiting = await find_pending_extension(session, case.id)
    if waiting is None:
        return None
    name = await cases.find_person_name(session, waiting.person_id)
    return make_answer(say("extend-waits", task=task, name=name, day=waiting.wanted_day))


async def take_text(request: Request) -> Answer:
    """Take a text as the new last day, or, after that, as the reason."""
    data = drafts.read_draft(request, ExtensionDraft)
    if data.agreed and data.day is not None:
        return await _take_reason(request, data, data.day)
    async with request.write() as session:
        case = await cases.find_case(session, data.assignment)
        if case is None:
            return refuse_dialogue()
        return await take_day(session, request, case, data, "extend", "extday")


async def choose_day(request: Request) -> Answer:
    """Answer the button of a day: ask for the reason, or send the request if it is known."""
    draft = await drafts.find_draft_of_button(request, "extend")
    day = days.parse_iso_day(request.args)
    if draft is None or day is None:
        return refuse_button()
    data = drafts.read_draft(request, ExtensionDraft)
    async with request.write() as session:
        case = await cases.find_case(session, data.assignment)
        if case is None:
            return refuse_button()
        refusal = await _refuse_extension(session, case, request)
        if refusal is not None:
            return refusal
        day_refusal = refuse_day(case, day, request)
        if day_refusal is not None:
            rows = offer_days(case, request, "extday", data.token)
            return make_answer(day_refusal, buttons=rows)
        if data.reason:
            return await _send_request(session, case, request, day, data.reason)
        data = ExtensionDraft(assignment=case.id, day=day, agreed=True)
        token = await drafts.save_draft(request, "extend", data, session)
    question = say("extend-ask-reason", day=day)
    return make_answer(question, buttons=[[drafts.make_leave_button(token)]])


async def _take_reason(request: Request, data: ExtensionDraft, day: date) -> Answer:
    reason = drafts.read_reason(request, say("extend-ask-reason", day=day))
    if isinstance(reason, Answer):
        return reason
    async with request.write() as session:
        case = await cases.find_case(session, data.assignment)
        if case is None:
            await drafts.delete_draft(request, session)
            return refuse_dialogue()
        return await _send_request(session, case, request, day, reason)


async def _send_request(
    session: AsyncSession, case: AssignmentCase, request: Request, day: date, reason: str
) -> Answer:
    """Write the request and notify the supervisors; a supervisor's own is granted at once.

    The assignment is locked meanwhile, so that there is one request at a time.
    """
    await drafts.delete_draft(request, session)
    await session.get(Assignment, case.id, with_for_update=True)
    refusal = await _refuse_extension(session, case, request)
    last = case.assignment.last_day
    if refusal is not None or last is None:
        return refusal or refuse_dialogue()
    day_refusal = refuse_day(case, day, request)
    if day_refusal is not None:
        return make_answer(day_refusal)
    extension = Extension(
        assignment_id=case.id,
        person_id=request.sender.person_id,
        asked_at=request.said_at,
        from_day=last,
        wanted_day=day,
        reason=reason[: drafts.LONGEST_REASON],
    )
    session.add(extension)
    await session.flush()
    wanted = {"from": last.isoformat(), "wanted": day.isoformat(), "reason": extension.reason}
    request.record_change(
        session,
        "extension_asked",
        "extension",
        extension.id,
        after={"assignment": case.id, **wanted},
    )
    if request.may_do(Action.CONFIRM):
        return await grant_extension(session, request, extension, case, day, None)
    notified = await _notify_supervisors(session, request, extension, case)
    return make_answer(
        say("extend-sent", day=day, last=last, reason=extension.reason),
        *case.describe_case(request),
        say("extend-meanwhile" if notified else "extend-nobody"),
    )


async def _notify_supervisors(
    session: AsyncSession, request: Request, extension: Extension, case: AssignmentCase
) -> int:
    """Notify the supervisors of a request, with buttons to decide; return how many there are."""
    head = say(
        "told-extension",
        agency=case.agency_name(),
        name=await cases.find_person_name(session, request.sender.person_id),
        day=extension.wanted_day,
        last=extension.from_day,
        reason=extension.reason,
    )
    number = extension.id
    rows = [
        [
            make_button(say("button-grant"), "xyes", number),
            make_button(say("button-other-day"), "xday", number),
        ],
        [
            make_button(say("button-refuse"), "xno", number),
            make_button(say("button-show"), "show", case.task.id),
        ],
    ]
    message = make_answer(head, case.describe_task(), buttons=rows)
    people = await cases.find_supervisors(session, case.plan, request)
    return await notify_people(session, request, people, message, token=f"extension:{number}")


ACTIONS: dict[str, Handler] = {"more": cases.make_button_handler(ask_day), "extday": choose_day}
DIALOGUES: dict[str, Handler] = {"extend": take_text}
