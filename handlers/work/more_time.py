"""More time: a focal point asks with a day and a reason; the supervisor grants, changes the day or refuses."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from handlers.conversation import cases, days, drafts, words
from handlers.conversation.cases import AssignmentCase
from handlers.conversation.notify import notify_people
from handlers.conversation.rights import Action
from handlers.conversation.turn import Handler, Request
from handlers.work import decisions
from handlers.work.report import describe_state
from locales.answer import Answer, Button, Sentence, make_answer, say
from models.assignments import Assignment, Extension, Move, MoveRefused, is_move_possible, make_move
from models.audit import record_change

OFFERED_DAYS = (7, 14, 30)  # days later than the last day that are offered as buttons
LONGEST_DOCUMENT = 1000  # characters of a document's number
FURTHEST_DAYS = 3 * 366  # days from today beyond which a day is a slip


async def find_pending_request(session: AsyncSession, assignment_id: int) -> Extension | None:
    """The request of an assignment that nobody decided yet."""
    return (
        await session.exec(
            select(Extension)
            .where(Extension.assignment_id == assignment_id, col(Extension.decision).is_(None))
            .order_by(col(Extension.id).desc())
        )
    ).first()


# --- asking ----------------------------------------------------------------------------------------------------------


async def ask_day(session: AsyncSession, case: AssignmentCase, turn: Request) -> Answer:
    """The button "Xin gia hạn": asks until when, or says why no time can be asked for."""
    hindered = await _find_hindrance(session, case, turn)
    if hindered is not None:
        return hindered
    token = await drafts.save_draft(turn, "extend", {"assignment": case.id}, session)
    return make_answer(
        say("extend-ask-day"),
        *case.describe_case(turn),
        buttons=_offer_days(case, turn, "extday", token),
    )


async def repeat_day(
    session: AsyncSession, case: AssignmentCase, turn: Request, day: date, reason: str | None
) -> Answer:
    """Repeats, with its weekday, the day that a sentence asked for; the reason, where it was said, is kept."""
    hindered = await _find_hindrance(session, case, turn)
    wrong = _refuse_day(case, day, turn)
    if hindered is not None or wrong is not None:
        return hindered or make_answer(wrong or say(cases.BUTTON_OUT_OF_DATE))
    yes = f"extday:{{}}:{day.isoformat()}"
    token = await drafts.save_draft(
        turn, "extend", {"assignment": case.id, "reason": reason}, session, yes=yes
    )
    rows = [
        [Button(say("button-right"), f"extday:{token}:{day.isoformat()}")],
        [drafts.make_leave_button(token)],
    ]
    return make_answer(say("extend-right", day=day), *case.describe_case(turn), buttons=rows)


async def _find_hindrance(
    session: AsyncSession, case: AssignmentCase, turn: Request
) -> Answer | None:
    refused = cases.explain_refusal(case, turn, Action.EXTEND)
    if refused is not None:
        return refused
    if not is_move_possible(case.assignment, Move.EXTEND):
        return await describe_state(session, case, turn)
    if case.assignment.last_day is None:
        return make_answer(say("extend-undated", task=case.describe_task()))
    waiting = await find_pending_request(session, case.id)
    if waiting is not None:
        name = await cases.find_person_name(session, waiting.person_id)
        return make_answer(
            say("extend-waits", task=case.describe_task(), name=name, day=waiting.wanted_day)
        )
    return None


def _offer_days(case: AssignmentCase, turn: Request, action: str, token: str) -> list[list[Button]]:
    """Later days as buttons, and the way out."""
    last = max(case.assignment.last_day or turn.today, turn.today)
    offered = [last + timedelta(days=n) for n in OFFERED_DAYS]
    row = [
        Button(say("button-day", day=day), f"{action}:{token}:{day.isoformat()}") for day in offered
    ]
    return [row, [drafts.make_leave_button(token)]]


async def take_text(turn: Request) -> Answer:
    """What was typed in the dialogue of a request: the day, or the reason."""
    if drafts.get_draft_data(turn).get("agreed"):
        return await _take_reason(turn)
    async with turn.write() as session:
        case = await cases.find_case(session, drafts.get_draft_data(turn)["assignment"])
        return (
            make_answer(say(cases.BUTTON_OUT_OF_DATE))
            if case is None
            else await _take_day(session, turn, case, "extend", "extday")
        )


async def _take_day(
    session: AsyncSession, turn: Request, case: AssignmentCase, kind: str, action: str
) -> Answer:
    """Repeats the day that was typed, with its weekday, before it is taken; says at once where it cannot be."""
    text, data = turn.incoming.text, drafts.get_draft_data(turn)
    understood = days.parse_days(text, turn.today)
    if not understood:
        drafts.read_reply(turn)  # a question is no day that was mistyped
        return make_answer(
            days.explain_unread_day(text, turn.today),
            buttons=[[drafts.make_leave_button(data["token"])]],
        )
    if len(understood) > 1:
        token = await drafts.save_draft(turn, kind, data, session)
        rows = [
            [Button(say("button-day", day=d), f"{action}:{token}:{d.isoformat()}")]
            for d in understood[:4]
        ]
        return make_answer(
            say("day-which", text=text[:80]), buttons=[*rows, [drafts.make_leave_button(token)]]
        )
    (day,) = understood
    wrong = _refuse_day(case, day, turn)
    if wrong is not None:
        return make_answer(wrong, buttons=_offer_days(case, turn, action, data["token"]))
    token = await drafts.save_draft(
        turn, kind, data, session, yes=f"{action}:{{}}:{day.isoformat()}"
    )
    rows = [
        [Button(say("button-right"), f"{action}:{token}:{day.isoformat()}")],
        [drafts.make_leave_button(token)],
    ]
    return make_answer(say("day-right", day=day), buttons=rows)


async def choose_day(turn: Request) -> Answer:
    """A day of a button, or the repeated one: the reason is asked for."""
    draft = await drafts.find_draft_of_button(turn, "extend")
    day = _parse_iso_day(turn.args)
    if draft is None or day is None:
        return make_answer(toast=say(cases.BUTTON_OUT_OF_DATE))
    async with turn.write() as session:
        case = await cases.find_case(session, draft.data["assignment"])
        if case is None:
            return make_answer(toast=say(cases.BUTTON_OUT_OF_DATE))
        hindered = await _find_hindrance(session, case, turn)
        if hindered is not None:
            return hindered
        wrong = _refuse_day(case, day, turn)
        if wrong is not None:
            return make_answer(
                wrong, buttons=_offer_days(case, turn, "extday", draft.data["token"])
            )
        data = {"assignment": case.id, "day": day.isoformat(), "agreed": True}
        if draft.data.get("reason"):
            return await _send_request(session, case, turn, day, draft.data["reason"])
        token = await drafts.save_draft(turn, "extend", data, session)
    return make_answer(
        say("extend-ask-reason", day=day), buttons=[[drafts.make_leave_button(token)]]
    )


def _parse_iso_day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _refuse_day(case: AssignmentCase, day: date, turn: Request) -> Sentence | None:
    """Why a day cannot be the new last day."""
    last = case.assignment.last_day
    if last is not None and day <= last:
        return say("extend-not-later", day=day, last=last)
    if day < turn.today:
        return say("extend-past", day=day)
    if (day - turn.today).days > FURTHEST_DAYS:
        return say("extend-too-far", day=day)
    return None


async def _take_reason(turn: Request) -> Answer:
    data = drafts.get_draft_data(turn)
    day = date.fromisoformat(data["day"])
    reason = drafts.read_reason(turn, say("extend-ask-reason", day=day))
    if isinstance(reason, Answer):
        return reason
    async with turn.write() as session:
        case = await cases.find_case(session, data["assignment"])
        if case is None:
            await drafts.delete_draft(turn, session)
            return make_answer(say(cases.BUTTON_OUT_OF_DATE))
        return await _send_request(session, case, turn, day, reason)


async def _send_request(
    session: AsyncSession, case: AssignmentCase, turn: Request, day: date, reason: str
) -> Answer:
    """Writes the request and tells the supervisors; what a supervisor asks for is granted at once."""
    await drafts.delete_draft(turn, session)
    await session.get(Assignment, case.id, with_for_update=True)  # one request at a time
    hindered = await _find_hindrance(session, case, turn)
    last = case.assignment.last_day
    if hindered is not None or last is None:
        return hindered or make_answer(say(cases.BUTTON_OUT_OF_DATE))
    wrong = _refuse_day(case, day, turn)
    if wrong is not None:
        return make_answer(wrong)
    asked = Extension(
        assignment_id=case.id,
        person_id=turn.sender.person_id,
        asked_at=turn.now,
        from_day=last,
        wanted_day=day,
        reason=reason[: drafts.LONGEST_REASON],
    )
    session.add(asked)
    await session.flush()
    record_change(
        session, turn.now, "extension_asked", "extension", asked.id, person_id=turn.sender.person_id,
        after={"assignment": case.id, "from": last.isoformat(), "wanted": day.isoformat(), "reason": asked.reason},
    )  # fmt: skip
    if turn.may_do(Action.CONFIRM):
        return await _grant_request(session, turn, asked, case, day, None)
    people = await cases.find_supervisors(session, case.plan, turn)
    name = await cases.find_person_name(session, turn.sender.person_id)
    message = make_answer(
        say(
            "told-extension",
            agency=case.agency_name(),
            name=name,
            day=day,
            last=last,
            reason=asked.reason,
        ),
        case.describe_task(),
        buttons=_make_request_buttons(asked, case),
    )
    told = await notify_people(session, turn, people, message, token=f"extension:{asked.id}")
    return make_answer(
        say("extend-sent", day=day, last=last, reason=asked.reason),
        *case.describe_case(turn),
        say("extend-meanwhile" if told else "extend-nobody"),
    )


def _make_request_buttons(asked: Extension, case: AssignmentCase) -> list[list[Button]]:
    return [
        [
            Button(say("button-grant"), f"xyes:{asked.id}"),
            Button(say("button-other-day"), f"xday:{asked.id}"),
        ],
        [
            Button(say("button-refuse"), f"xno:{asked.id}"),
            Button(say("button-show"), f"show:{case.task.id}"),
        ],
    ]


# --- deciding --------------------------------------------------------------------------------------------------------


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
    rows = _offer_days(case, turn, "xnew", token)
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
                else await _take_day(session, turn, found[1], "decide", "xnew")
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
    day = _parse_iso_day(turn.args)
    if draft is None or day is None or draft.data["step"] != "day":
        return make_answer(toast=say(cases.BUTTON_OUT_OF_DATE))
    async with turn.write() as session:
        found = await _find_request(session, turn, draft.data["extension"])
        if isinstance(found, Answer):
            return found
        asked, case = found
        wrong = _refuse_day(case, day, turn)
        if wrong is not None:
            return make_answer(wrong, buttons=_offer_days(case, turn, "xnew", draft.data["token"]))
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
        wrong = _refuse_day(case, day, turn)
        if wrong is not None:
            return make_answer(wrong)
        return await _grant_request(session, turn, asked, case, day, document)


async def _grant_request(
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
    "more": cases.make_button_handler(ask_day),
    "extday": choose_day,
    "xyes": decisions.make_decision_handler(_find_request, accept_request),
    "xday": decisions.make_decision_handler(_find_request, ask_other_day),
    "xno": decisions.make_decision_handler(_find_request, ask_refusal_reason),
    "xnew": choose_other_day,
    "xdoc": skip_document,
}
DIALOGUES: dict[str, Handler] = {"extend": take_text, "decide": take_decision_text}
