"""More time: a focal point asks with a day and a reason; the supervisor grants, changes the day or refuses."""

from __future__ import annotations

from datetime import date

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from handlers.conversation import cases, drafts
from handlers.conversation.cases import AssignmentCase
from handlers.conversation.notify import notify_people
from handlers.conversation.rights import Action
from handlers.conversation.turn import Handler, Request
from handlers.work.extension_days import offer_days, parse_iso_day, refuse_day, take_day
from handlers.work.grant_time import (
    grant_request,
)
from handlers.work.report import describe_state
from locales.answer import Answer, Button, make_answer, say
from models.assignments import Assignment, Extension, Move, is_move_possible
from models.audit import record_change


async def find_pending_request(session: AsyncSession, assignment_id: int) -> Extension | None:
    """The request of an assignment that nobody decided yet."""
    return (
        await session.exec(
            select(Extension)
            .where(Extension.assignment_id == assignment_id, col(Extension.decision).is_(None))
            .order_by(col(Extension.id).desc())
        )
    ).first()


async def ask_day(session: AsyncSession, case: AssignmentCase, turn: Request) -> Answer:
    """The button "Xin gia hạn": asks until when, or says why no time can be asked for."""
    hindered = await _find_hindrance(session, case, turn)
    if hindered is not None:
        return hindered
    token = await drafts.save_draft(turn, "extend", {"assignment": case.id}, session)
    return make_answer(
        say("extend-ask-day"),
        *case.describe_case(turn),
        buttons=offer_days(case, turn, "extday", token),
    )


async def repeat_day(
    session: AsyncSession, case: AssignmentCase, turn: Request, day: date, reason: str | None
) -> Answer:
    """Repeats, with its weekday, the day that a sentence asked for; the reason, where it was said, is kept."""
    hindered = await _find_hindrance(session, case, turn)
    wrong = refuse_day(case, day, turn)
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


async def take_text(turn: Request) -> Answer:
    """What was typed in the dialogue of a request: the day, or the reason."""
    if drafts.get_draft_data(turn).get("agreed"):
        return await _take_reason(turn)
    async with turn.write() as session:
        case = await cases.find_case(session, drafts.get_draft_data(turn)["assignment"])
        return (
            make_answer(say(cases.BUTTON_OUT_OF_DATE))
            if case is None
            else await take_day(session, turn, case, "extend", "extday")
        )


async def choose_day(turn: Request) -> Answer:
    """A day of a button, or the repeated one: the reason is asked for."""
    draft = await drafts.find_draft_of_button(turn, "extend")
    day = parse_iso_day(turn.args)
    if draft is None or day is None:
        return make_answer(toast=say(cases.BUTTON_OUT_OF_DATE))
    async with turn.write() as session:
        case = await cases.find_case(session, draft.data["assignment"])
        if case is None:
            return make_answer(toast=say(cases.BUTTON_OUT_OF_DATE))
        hindered = await _find_hindrance(session, case, turn)
        if hindered is not None:
            return hindered
        wrong = refuse_day(case, day, turn)
        if wrong is not None:
            return make_answer(wrong, buttons=offer_days(case, turn, "extday", draft.data["token"]))
        data = {"assignment": case.id, "day": day.isoformat(), "agreed": True}
        if draft.data.get("reason"):
            return await _send_request(session, case, turn, day, draft.data["reason"])
        token = await drafts.save_draft(turn, "extend", data, session)
    return make_answer(
        say("extend-ask-reason", day=day), buttons=[[drafts.make_leave_button(token)]]
    )


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
    wrong = refuse_day(case, day, turn)
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
        return await grant_request(session, turn, asked, case, day, None)
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


ACTIONS: dict[str, Handler] = {"more": cases.make_button_handler(ask_day), "extday": choose_day}
DIALOGUES: dict[str, Handler] = {"extend": take_text}
