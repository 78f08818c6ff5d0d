"""More time: a focal point asks with a day and a reason; the supervisor grants, changes the day or refuses."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from handlers.conversation import cases, days, drafts, words
from handlers.conversation.cases import Case
from handlers.conversation.notify import tell
from handlers.conversation.rights import Action
from handlers.conversation.turn import Handler, Turn
from handlers.work import decisions
from handlers.work.report import standing
from locales.answer import Answer, Button, Said, answer, say
from models.assignments import Assignment, Extension, Move, MoveRefused, can, carry_out
from models.audit import record

OFFERED = (7, 14, 30)  # days later than the last day that are offered as buttons
LONGEST = 1000  # characters of a document's number
FURTHEST = 3 * 366  # days from today beyond which a day is a slip


async def pending(session: AsyncSession, assignment_id: int) -> Extension | None:
    """The request of an assignment that nobody decided yet."""
    return (
        await session.exec(
            select(Extension)
            .where(Extension.assignment_id == assignment_id, col(Extension.decision).is_(None))
            .order_by(col(Extension.id).desc())
        )
    ).first()


# --- asking ----------------------------------------------------------------------------------------------------------


async def ask_day(session: AsyncSession, case: Case, turn: Turn) -> Answer:
    """The button "Xin gia hạn": asks until when, or says why no time can be asked for."""
    hindered = await _hindrance(session, case, turn)
    if hindered is not None:
        return hindered
    token = await drafts.keep(turn, "extend", {"assignment": case.id}, session)
    return answer(say("extend-ask-day"), *case.lines(turn), buttons=_offers(case, turn, "extday", token))


async def repeat_day(session: AsyncSession, case: Case, turn: Turn, day: date, reason: str | None) -> Answer:
    """Repeats, with its weekday, the day that a sentence asked for; the reason, where it was said, is kept."""
    hindered = await _hindrance(session, case, turn)
    wrong = _impossible(case, day, turn)
    if hindered is not None or wrong is not None:
        return hindered or answer(wrong or say(cases.GONE))
    yes = f"extday:{{}}:{day.isoformat()}"
    token = await drafts.keep(turn, "extend", {"assignment": case.id, "reason": reason}, session, yes=yes)
    rows = [[Button(say("button-right"), f"extday:{token}:{day.isoformat()}")], [drafts.leave_button(token)]]
    return answer(say("extend-right", day=day), *case.lines(turn), buttons=rows)


async def _hindrance(session: AsyncSession, case: Case, turn: Turn) -> Answer | None:
    refused = cases.refusal(case, turn, Action.EXTEND)
    if refused is not None:
        return refused
    if not can(case.assignment, Move.EXTEND):
        return await standing(session, case, turn)
    if case.assignment.last_day is None:
        return answer(say("extend-undated", task=case.named()))
    waiting = await pending(session, case.id)
    if waiting is not None:
        name = await cases.name_of(session, waiting.person_id)
        return answer(say("extend-waits", task=case.named(), name=name, day=waiting.wanted_day))
    return None


def _offers(case: Case, turn: Turn, action: str, token: str) -> list[list[Button]]:
    """Later days as buttons, and the way out."""
    last = max(case.assignment.last_day or turn.today, turn.today)
    offered = [last + timedelta(days=n) for n in OFFERED]
    row = [Button(say("button-day", day=day), f"{action}:{token}:{day.isoformat()}") for day in offered]
    return [row, [drafts.leave_button(token)]]


async def said(turn: Turn) -> Answer:
    """What was typed in the dialogue of a request: the day, or the reason."""
    if drafts.data(turn).get("agreed"):
        return await _reason_given(turn)
    async with turn.write() as session:
        case = await cases.find(session, drafts.data(turn)["assignment"])
        return answer(say(cases.GONE)) if case is None else await _day_typed(session, turn, case, "extend", "extday")


async def _day_typed(session: AsyncSession, turn: Turn, case: Case, kind: str, action: str) -> Answer:
    """Repeats the day that was typed, with its weekday, before it is taken; says at once where it cannot be."""
    text, data = turn.incoming.text, drafts.data(turn)
    understood = days.single(text, turn.today)
    if not understood:
        drafts.said(turn)  # a question is no day that was mistyped
        return answer(days.unread(text, turn.today), buttons=[[drafts.leave_button(data["token"])]])
    if len(understood) > 1:
        token = await drafts.keep(turn, kind, data, session)
        rows = [[Button(say("button-day", day=d), f"{action}:{token}:{d.isoformat()}")] for d in understood[:4]]
        return answer(say("day-which", text=text[:80]), buttons=[*rows, [drafts.leave_button(token)]])
    (day,) = understood
    wrong = _impossible(case, day, turn)
    if wrong is not None:
        return answer(wrong, buttons=_offers(case, turn, action, data["token"]))
    token = await drafts.keep(turn, kind, data, session, yes=f"{action}:{{}}:{day.isoformat()}")
    rows = [[Button(say("button-right"), f"{action}:{token}:{day.isoformat()}")], [drafts.leave_button(token)]]
    return answer(say("day-right", day=day), buttons=rows)


async def day_chosen(turn: Turn) -> Answer:
    """A day of a button, or the repeated one: the reason is asked for."""
    draft = await drafts.pressed(turn, "extend")
    day = _iso(turn.args)
    if draft is None or day is None:
        return answer(toast=say(cases.GONE))
    async with turn.write() as session:
        case = await cases.find(session, draft.data["assignment"])
        if case is None:
            return answer(toast=say(cases.GONE))
        hindered = await _hindrance(session, case, turn)
        if hindered is not None:
            return hindered
        wrong = _impossible(case, day, turn)
        if wrong is not None:
            return answer(wrong, buttons=_offers(case, turn, "extday", draft.data["token"]))
        data = {"assignment": case.id, "day": day.isoformat(), "agreed": True}
        if draft.data.get("reason"):
            return await _send_request(session, case, turn, day, draft.data["reason"])
        token = await drafts.keep(turn, "extend", data, session)
    return answer(say("extend-ask-reason", day=day), buttons=[[drafts.leave_button(token)]])


def _iso(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _impossible(case: Case, day: date, turn: Turn) -> Said | None:
    """Why a day cannot be the new last day."""
    last = case.assignment.last_day
    if last is not None and day <= last:
        return say("extend-not-later", day=day, last=last)
    if day < turn.today:
        return say("extend-past", day=day)
    if (day - turn.today).days > FURTHEST:
        return say("extend-too-far", day=day)
    return None


async def _reason_given(turn: Turn) -> Answer:
    data = drafts.data(turn)
    day = date.fromisoformat(data["day"])
    reason = drafts.reason(turn, say("extend-ask-reason", day=day))
    if isinstance(reason, Answer):
        return reason
    async with turn.write() as session:
        case = await cases.find(session, data["assignment"])
        if case is None:
            await drafts.drop(turn, session)
            return answer(say(cases.GONE))
        return await _send_request(session, case, turn, day, reason)


async def _send_request(session: AsyncSession, case: Case, turn: Turn, day: date, reason: str) -> Answer:
    """Writes the request and tells the supervisors; what a supervisor asks for is granted at once."""
    await drafts.drop(turn, session)
    await session.get(Assignment, case.id, with_for_update=True)  # one request at a time
    hindered = await _hindrance(session, case, turn)
    last = case.assignment.last_day
    if hindered is not None or last is None:
        return hindered or answer(say(cases.GONE))
    wrong = _impossible(case, day, turn)
    if wrong is not None:
        return answer(wrong)
    asked = Extension(
        assignment_id=case.id,
        person_id=turn.who.person_id,
        asked_at=turn.now,
        from_day=last,
        wanted_day=day,
        reason=reason[: drafts.LONGEST_REASON],
    )
    session.add(asked)
    await session.flush()
    record(
        session, turn.now, "extension_asked", "extension", asked.id, person_id=turn.who.person_id,
        after={"assignment": case.id, "from": last.isoformat(), "wanted": day.isoformat(), "reason": asked.reason},
    )  # fmt: skip
    if turn.may(Action.CONFIRM):
        return await _grant(session, turn, asked, case, day, None)
    people = await cases.supervisors(session, case.plan, turn)
    name = await cases.name_of(session, turn.who.person_id)
    message = answer(
        say("told-extension", agency=case.who(), name=name, day=day, last=last, reason=asked.reason),
        case.named(),
        buttons=_deciding(asked, case),
    )
    told = await tell(session, turn, people, message, token=f"extension:{asked.id}")
    return answer(
        say("extend-sent", day=day, last=last, reason=asked.reason),
        *case.lines(turn),
        say("extend-meanwhile" if told else "extend-nobody"),
    )


def _deciding(asked: Extension, case: Case) -> list[list[Button]]:
    return [
        [Button(say("button-grant"), f"xyes:{asked.id}"), Button(say("button-other-day"), f"xday:{asked.id}")],
        [Button(say("button-refuse"), f"xno:{asked.id}"), Button(say("button-show"), f"show:{case.task.id}")],
    ]


# --- deciding --------------------------------------------------------------------------------------------------------


async def _asked(session: AsyncSession, turn: Turn, number: Any) -> decisions.Found[Extension]:
    """The request that a supervisor decides on, with its case; or what to say instead."""
    found = await decisions.locked(session, turn, Extension, number)
    if isinstance(found, Answer):
        return found
    asked, case = found
    if asked.decision is not None:
        name = await cases.name_of(session, asked.decided_by)
        if asked.granted_day is not None:
            return answer(say("standing-granted", task=case.named(), name=name, day=asked.granted_day))
        return answer(say("standing-refused", task=case.named(), name=name))
    if not can(case.assignment, Move.EXTEND):
        return await standing(session, case, turn)
    return asked, case


async def agree(session: AsyncSession, turn: Turn, asked: Extension, case: Case) -> Answer:
    """The button "Đồng ý": the deciding document's number is asked for."""
    return await _ask_document(session, turn, asked, case, asked.wanted_day)


async def _ask_document(session: AsyncSession, turn: Turn, asked: Extension, case: Case, day: date) -> Answer:
    data = {"extension": asked.id, "day": day.isoformat(), "step": "document"}
    token = await drafts.keep(turn, "decide", data, session)
    return answer(
        say("grant-ask-document", day=day),
        *case.lines(turn),
        buttons=[[Button(say("button-no-document"), f"xdoc:{token}")], [drafts.leave_button(token)]],
    )


async def other_day(session: AsyncSession, turn: Turn, asked: Extension, case: Case) -> Answer:
    """The button "Đổi ngày": another day is asked for."""
    token = await drafts.keep(turn, "decide", {"extension": asked.id, "step": "day"}, session)
    rows = _offers(case, turn, "xnew", token)
    return answer(say("grant-ask-day", wanted=asked.wanted_day), *case.lines(turn), buttons=rows)


async def refuse(session: AsyncSession, turn: Turn, asked: Extension, case: Case) -> Answer:
    """The button "Không đồng ý": the reason is asked for."""
    data = {"extension": asked.id, "step": "refuse"}
    return await decisions.ask_reason(session, turn, case, say("refuse-ask-reason"), "decide", data)


async def decided(turn: Turn) -> Answer:
    """What the supervisor typed: another day, the document's number, or the reason of a refusal."""
    data = drafts.data(turn)
    if data["step"] == "day":
        async with turn.write() as session:
            found = await _asked(session, turn, data["extension"])
            return found if isinstance(found, Answer) else await _day_typed(session, turn, found[1], "decide", "xnew")
    if data["step"] == "refuse":
        return await _refuse(turn)
    text = drafts.said(turn)
    return await _document(turn, None if words.is_one_of("evidence", "skip", text) else text[:LONGEST])


async def new_day(turn: Turn) -> Answer:
    """Another day that the supervisor chose."""
    draft = await drafts.pressed(turn, "decide")
    day = _iso(turn.args)
    if draft is None or day is None or draft.data["step"] != "day":
        return answer(toast=say(cases.GONE))
    async with turn.write() as session:
        found = await _asked(session, turn, draft.data["extension"])
        if isinstance(found, Answer):
            return found
        asked, case = found
        wrong = _impossible(case, day, turn)
        if wrong is not None:
            return answer(wrong, buttons=_offers(case, turn, "xnew", draft.data["token"]))
        return await _ask_document(session, turn, asked, case, day)


async def no_document(turn: Turn) -> Answer:
    """The button "Không có văn bản"."""
    draft = await drafts.pressed(turn, "decide")
    if draft is None or draft.data["step"] != "document":
        return answer(toast=say(cases.GONE))
    return await _document(turn, None)


async def _document(turn: Turn, document: str | None) -> Answer:
    data = drafts.data(turn)
    async with turn.write() as session:
        await drafts.drop(turn, session)
        found = await _asked(session, turn, data["extension"])
        if isinstance(found, Answer):
            return found
        asked, case = found
        day = date.fromisoformat(data["day"])
        wrong = _impossible(case, day, turn)
        if wrong is not None:
            return answer(wrong)
        return await _grant(session, turn, asked, case, day, document)


async def _grant(
    session: AsyncSession, turn: Turn, asked: Extension, case: Case, day: date, document: str | None
) -> Answer:
    """Grants the time: the new last day counts from now on; the request keeps the old one."""
    try:
        await carry_out(session, case.assignment, Move.EXTEND, now=turn.now, person_id=turn.who.person_id, last_day=day)
    except MoveRefused:
        return await standing(session, case, turn)
    asked.granted_day, asked.document = day, document
    paper = say("grant-document", document=document) if document else say("grant-no-document")
    await _settle(session, turn, asked, case, "granted", say("told-granted", name=turn.who.name, day=day), paper)
    return answer(say("grant-done", day=day, first=asked.from_day), case.named(), paper)


async def _refuse(turn: Turn) -> Answer:
    reason = drafts.reason(turn, say("refuse-ask-reason"))
    if isinstance(reason, Answer):
        return reason
    async with turn.write() as session:
        await drafts.drop(turn, session)
        found = await _asked(session, turn, drafts.data(turn)["extension"])
        if isinstance(found, Answer):
            return found
        asked, case = found
        asked.decision_reason = reason
        told = say("told-refused", name=turn.who.name, day=asked.wanted_day, reason=reason)
        await _settle(session, turn, asked, case, "refused", told, say("case-due", when=case.due(turn)))
        return answer(say("refuse-done", reason=reason), *case.lines(turn))


async def _settle(
    session: AsyncSession, turn: Turn, asked: Extension, case: Case, decision: str, told: Said, more: Said
) -> None:
    after = {
        "assignment": case.id,
        "day": asked.granted_day.isoformat() if asked.granted_day else None,
        "document": asked.document,
        "reason": asked.decision_reason,
    }
    await decisions.settle(session, turn, asked, case, decision, answer(told, case.named(), more), after)


ACTIONS: dict[str, Handler] = {
    "more": cases.button(ask_day),
    "extday": day_chosen,
    "xyes": decisions.button(_asked, agree),
    "xday": decisions.button(_asked, other_day),
    "xno": decisions.button(_asked, refuse),
    "xnew": new_day,
    "xdoc": no_document,
}
DIALOGUES: dict[str, Handler] = {"extend": said, "decide": decided}
