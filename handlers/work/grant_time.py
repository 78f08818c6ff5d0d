"""The supervisor's decision on a request for more time: grant it, change the day, or refuse."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from handlers.conversation import cases, drafts, words
from handlers.conversation.cases import AssignmentCase
from handlers.conversation.turn import Handler, Request
from handlers.work import decisions
from handlers.work.extension_days import offer_days, parse_iso_day, refuse_day, take_day
from handlers.work.report import describe_state
from locales.answer import Answer, Button, Sentence, make_answer, say
from models.assignments import Extension, Move, MoveRefused, is_move_possible, make_move

LONGEST_DOCUMENT = 1000  # characters of a document's number


async def _find_request(
    session: AsyncSession, turn: Request, number: Any
) -> decisions.SubmissionOrAnswer[Extension]:
    """The request that a supervisor decides on, with its case; or what to say instead."""
    found = await decisions.lock_submission(session, turn, Extension, number)
    if isinstance(found, Answer):
        return found
    asked, case = found
    if asked.decision is not None:
        name = await cases.find_person_name(session, asked.decided_by)
        if asked.granted_day is not None:
            return make_answer(
                say("standing-granted", task=case.describe_task(), name=name, day=asked.granted_day)
            )
        return make_answer(say("standing-refused", task=case.describe_task(), name=name))
    if not is_move_possible(case.assignment, Move.EXTEND):
        return await describe_state(session, case, turn)
    return asked, case


async def accept_request(
    session: AsyncSession, turn: Request, asked: Extension, case: AssignmentCase
) -> Answer:
    """The button "Đồng ý": the deciding document's number is asked for."""
    return await _ask_document(session, turn, asked, case, asked.wanted_day)


async def _ask_document(
    session: AsyncSession, turn: Request, asked: Extension, case: AssignmentCase, day: date
) -> Answer:
    data = {"extension": asked.id, "day": day.isoformat(), "step": "document"}
    token = await drafts.save_draft(turn, "decide", data, session)
    return make_answer(
        say("grant-ask-document", day=day),
        *case.describe_case(turn),
        buttons=[
            [Button(say("button-no-document"), f"xdoc:{token}")],
            [drafts.make_leave_button(token)],
        ],
    )


async def ask_other_day(
    session: AsyncSession, turn: Request, asked: Extension, case: AssignmentCase
) -> Answer:
    """The button "Đổi ngày": another day is asked for."""
    token = await drafts.save_draft(turn, "decide", {"extension": asked.id, "step": "day"}, session)
    rows = offer_days(case, turn, "xnew", token)
    return make_answer(
        say("grant-ask-day", wanted=asked.wanted_day), *case.describe_case(turn), buttons=rows
    )


async def ask_refusal_reason(
    session: AsyncSession, turn: Request, asked: Extension, case: AssignmentCase
) -> Answer:
    """The button "Không đồng ý": the reason is asked for."""
    data = {"extension": asked.id, "step": "refuse"}
    return await decisions.ask_reason(session, turn, case, say("refuse-ask-reason"), "decide", data)


async def take_decision_text(turn: Request) -> Answer:
    """What the supervisor typed: another day, the document's number, or the reason of a refusal."""
    data = drafts.get_draft_data(turn)
    if data["step"] == "day":
        async with turn.write() as session:
            found = await _find_request(session, turn, data["extension"])
            return (
                found
                if isinstance(found, Answer)
                else await take_day(session, turn, found[1], "decide", "xnew")
            )
    if data["step"] == "refuse":
        return await _refuse_request(turn)
    text = drafts.read_reply(turn)
    return await _grant_with_document(
        turn, None if words.is_one_of("evidence", "skip", text) else text[:LONGEST_DOCUMENT]
    )


async def choose_other_day(turn: Request) -> Answer:
    """Another day that the supervisor chose."""
    draft = await drafts.find_draft_of_button(turn, "decide")
    day = parse_iso_day(turn.args)
    if draft is None or day is None or draft.data["step"] != "day":
        return make_answer(toast=say(cases.BUTTON_OUT_OF_DATE))
    async with turn.write() as session:
        found = await _find_request(session, turn, draft.data["extension"])
        if isinstance(found, Answer):
            return found
        asked, case = found
        wrong = refuse_day(case, day, turn)
        if wrong is not None:
            return make_answer(wrong, buttons=offer_days(case, turn, "xnew", draft.data["token"]))
        return await _ask_document(session, turn, asked, case, day)


async def skip_document(turn: Request) -> Answer:
    """The button "Không có văn bản"."""
    draft = await drafts.find_draft_of_button(turn, "decide")
    if draft is None or draft.data["step"] != "document":
        return make_answer(toast=say(cases.BUTTON_OUT_OF_DATE))
    return await _grant_with_document(turn, None)


async def _grant_with_document(turn: Request, document: str | None) -> Answer:
    data = drafts.get_draft_data(turn)
    async with turn.write() as session:
        await drafts.delete_draft(turn, session)
        found = await _find_request(session, turn, data["extension"])
        if isinstance(found, Answer):
            return found
        asked, case = found
        day = date.fromisoformat(data["day"])
        wrong = refuse_day(case, day, turn)
        if wrong is not None:
            return make_answer(wrong)
        return await grant_request(session, turn, asked, case, day, document)


async def grant_request(
    session: AsyncSession,
    turn: Request,
    asked: Extension,
    case: AssignmentCase,
    day: date,
    document: str | None,
) -> Answer:
    """Grants the time: the new last day counts from now on; the request keeps the old one."""
    try:
        await make_move(
            session,
            case.assignment,
            Move.EXTEND,
            now=turn.now,
            person_id=turn.sender.person_id,
            last_day=day,
        )
    except MoveRefused:
        return await describe_state(session, case, turn)
    asked.granted_day, asked.document = day, document
    paper = say("grant-document", document=document) if document else say("grant-no-document")
    await _store_request_decision(
        session,
        turn,
        asked,
        case,
        "granted",
        say("told-granted", name=turn.sender.name, day=day),
        paper,
    )
    return make_answer(
        say("grant-done", day=day, first=asked.from_day), case.describe_task(), paper
    )


async def _refuse_request(turn: Request) -> Answer:
    reason = drafts.read_reason(turn, say("refuse-ask-reason"))
    if isinstance(reason, Answer):
        return reason
    async with turn.write() as session:
        await drafts.delete_draft(turn, session)
        found = await _find_request(session, turn, drafts.get_draft_data(turn)["extension"])
        if isinstance(found, Answer):
            return found
        asked, case = found
        asked.decision_reason = reason
        told = say("told-refused", name=turn.sender.name, day=asked.wanted_day, reason=reason)
        await _store_request_decision(
            session,
            turn,
            asked,
            case,
            "refused",
            told,
            say("case-due", when=case.describe_due_day(turn)),
        )
        return make_answer(say("refuse-done", reason=reason), *case.describe_case(turn))


async def _store_request_decision(
    session: AsyncSession,
    turn: Request,
    asked: Extension,
    case: AssignmentCase,
    decision: str,
    told: Sentence,
    more: Sentence,
) -> None:
    after = {
        "assignment": case.id,
        "day": asked.granted_day.isoformat() if asked.granted_day else None,
        "document": asked.document,
        "reason": asked.decision_reason,
    }
    await decisions.store_decision(
        session, turn, asked, case, decision, make_answer(told, case.describe_task(), more), after
    )


ACTIONS: dict[str, Handler] = {
    "xyes": decisions.make_decision_handler(_find_request, accept_request),
    "xday": decisions.make_decision_handler(_find_request, ask_other_day),
    "xno": decisions.make_decision_handler(_find_request, ask_refusal_reason),
    "xnew": choose_other_day,
    "xdoc": skip_document,
}
DIALOGUES: dict[str, Handler] = {"decide": take_decision_text}
