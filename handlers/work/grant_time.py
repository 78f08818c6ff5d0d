"""The supervisor's decision on a request for more time: grant it, change the day, or refuse.

The dialogue is a draft of kind "decide".
"""

from __future__ import annotations

from datetime import date
from typing import Any, Literal

from sqlmodel.ext.asyncio.session import AsyncSession

from handlers.conversation import cases, days, drafts, words
from handlers.conversation.cases import AssignmentCase
from handlers.conversation.refusals import refuse_button, refuse_dialogue
from handlers.conversation.request import Handler, Request
from handlers.work import decisions
from handlers.work.extension_days import offer_days, refuse_day, take_day
from handlers.work.state import describe_state, move_assignment
from locales.answer import Answer, Sentence, make_answer, make_button, say
from models.assignments import Extension, Move, MoveRefused, is_move_possible

LONGEST_DOCUMENT = 1000  # characters of a document's number


class DecisionDraft(drafts.DraftData):
    """A request being decided on: what is asked for next, and the new last day once it is known."""

    extension: int
    step: Literal["day", "document", "refuse"]
    day: date | None = None


async def _find_extension(
    session: AsyncSession, request: Request, number: Any
) -> decisions.SubmissionOrAnswer[Extension]:
    """Return the request that is decided on, with its case; or what to say instead."""
    found = await decisions.lock_submission(session, request, Extension, number)
    if isinstance(found, Answer):
        return found
    extension, case = found
    if extension.decision is not None:
        task, day = case.describe_task(), extension.granted_day
        name = await cases.find_person_name(session, extension.decided_by)
        if day is not None:
            return make_answer(say("standing-granted", task=task, name=name, day=day))
        return make_answer(say("standing-refused", task=task, name=name))
    if not is_move_possible(case.assignment, Move.EXTEND):
        return await describe_state(session, case, request)
    return extension, case


async def accept_extension(
    session: AsyncSession, request: Request, extension: Extension, case: AssignmentCase
) -> Answer:
    """Answer the button "Đồng ý": ask for the number of the document that decides it."""
    return await _ask_document(session, request, extension, case, extension.wanted_day)


async def _ask_document(
    session: AsyncSession, request: Request, extension: Extension, case: AssignmentCase, day: date
) -> Answer:
    data = DecisionDraft(extension=extension.id, day=day, step="document")
    token = await drafts.save_draft(request, "decide", data, session)
    rows = [
        [make_button(say("button-no-document"), "xdoc", token)],
        [drafts.make_leave_button(token)],
    ]
    head = say("grant-ask-document", day=day)
    return make_answer(head, *case.describe_case(request), buttons=rows)


async def ask_other_day(
    session: AsyncSession, request: Request, extension: Extension, case: AssignmentCase
) -> Answer:
    """Answer the button "Đổi ngày": ask for another day."""
    data = DecisionDraft(extension=extension.id, step="day")
    token = await drafts.save_draft(request, "decide", data, session)
    rows = offer_days(case, request, "xnew", token)
    head = say("grant-ask-day", wanted=extension.wanted_day)
    return make_answer(head, *case.describe_case(request), buttons=rows)


async def ask_refusal_reason(
    session: AsyncSession, request: Request, extension: Extension, case: AssignmentCase
) -> Answer:
    """Answer the button "Không đồng ý": ask for the reason."""
    data = DecisionDraft(extension=extension.id, step="refuse")
    question = say("refuse-ask-reason")
    return await decisions.ask_reason(session, request, case, question, "decide", data)


async def take_decision_text(request: Request) -> Answer:
    """Take a text as another day, the document's number, or the reason of a refusal."""
    data = drafts.read_draft(request, DecisionDraft)
    if data.step == "day":
        async with request.write() as session:
            found = await _find_extension(session, request, data.extension)
            if isinstance(found, Answer):
                return found
            return await take_day(session, request, found[1], data, "decide", "xnew")
    if data.step == "refuse":
        return await _take_refusal_reason(request)
    text = drafts.read_reply(request)
    skips = words.is_one_of("evidence", "skip", text)
    return await _grant_with_document(request, None if skips else text[:LONGEST_DOCUMENT])


async def choose_other_day(request: Request) -> Answer:
    """Answer the button of another day: ask for the document."""
    draft = await drafts.find_draft_of_button(request, "decide")
    day = days.parse_iso_day(request.args)
    if draft is None or day is None:
        return refuse_button()
    data = drafts.read_draft(request, DecisionDraft)
    if data.step != "day":
        return refuse_button()
    async with request.write() as session:
        found = await _find_extension(session, request, data.extension)
        if isinstance(found, Answer):
            return found
        extension, case = found
        refusal = refuse_day(case, day, request)
        if refusal is not None:
            rows = offer_days(case, request, "xnew", data.token)
            return make_answer(refusal, buttons=rows)
        return await _ask_document(session, request, extension, case, day)


async def skip_document(request: Request) -> Answer:
    """Answer the button "Không có văn bản": grant the time without a document."""
    draft = await drafts.find_draft_of_button(request, "decide")
    if draft is None or drafts.read_draft(request, DecisionDraft).step != "document":
        return refuse_button()
    return await _grant_with_document(request, None)


async def _grant_with_document(request: Request, document: str | None) -> Answer:
    data = drafts.read_draft(request, DecisionDraft)
    day = data.day
    if day is None:
        return refuse_dialogue()
    async with request.write() as session:
        await drafts.delete_draft(request, session)
        found = await _find_extension(session, request, data.extension)
        if isinstance(found, Answer):
            return found
        extension, case = found
        refusal = refuse_day(case, day, request)
        if refusal is not None:
            return make_answer(refusal)
        return await grant_extension(session, request, extension, case, day, document)


async def grant_extension(
    session: AsyncSession,
    request: Request,
    extension: Extension,
    case: AssignmentCase,
    day: date,
    document: str | None,
) -> Answer:
    """Grant the time: the new last day counts from now on; the request keeps the old one."""
    try:
        await move_assignment(session, request, case.assignment, Move.EXTEND, last_day=day)
    except MoveRefused:
        return await describe_state(session, case, request)
    extension.granted_day, extension.document = day, document
    paper = say("grant-document", document=document) if document else say("grant-no-document")
    head = say("told-granted", name=request.sender.signed_name, day=day)
    await _store_decision(session, request, extension, case, "granted", [head, paper])
    done = say("grant-done", day=day, first=extension.from_day)
    return make_answer(done, case.describe_task(), paper)


async def _refuse_extension(
    session: AsyncSession,
    request: Request,
    extension: Extension,
    case: AssignmentCase,
    reason: str,
) -> Answer:
    """Refuse the request: the last day stays."""
    extension.decision_reason, day = reason, extension.wanted_day
    head = say("told-refused", name=request.sender.signed_name, day=day, reason=reason)
    due = say("case-due", when=case.describe_due_day(request))
    await _store_decision(session, request, extension, case, "refused", [head, due])
    return make_answer(say("refuse-done", reason=reason), *case.describe_case(request))


def _read_number(request: Request) -> int:
    return drafts.read_draft(request, DecisionDraft).extension


_take_refusal_reason = decisions.make_reason_handler(
    _find_extension, _read_number, say("refuse-ask-reason"), _refuse_extension
)


async def _store_decision(
    session: AsyncSession,
    request: Request,
    extension: Extension,
    case: AssignmentCase,
    decision: str,
    sentences: list[Sentence],
) -> None:
    """Store the decision and notify the agency; the task is named behind the first sentence."""
    after = {
        "assignment": case.id,
        "day": extension.granted_day.isoformat() if extension.granted_day else None,
        "document": extension.document,
        "reason": extension.decision_reason,
    }
    message = make_answer(sentences[0], case.describe_task(), *sentences[1:])
    await decisions.store_decision(session, request, extension, case, decision, message, after)


ACTIONS: dict[str, Handler] = {
    "xyes": decisions.make_decision_handler(_find_extension, accept_extension),
    "xday": decisions.make_decision_handler(_find_extension, ask_other_day),
    "xno": decisions.make_decision_handler(_find_extension, ask_refusal_reason),
    "xnew": choose_other_day,
    "xdoc": skip_document,
}
DIALOGUES: dict[str, Handler] = {"decide": take_decision_text}
