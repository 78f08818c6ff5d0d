"""The new last day of a request for more time: offered, read from text, and checked."""

from __future__ import annotations

from datetime import date, timedelta

from sqlmodel.ext.asyncio.session import AsyncSession

from handlers.conversation import days, drafts
from handlers.conversation.cases import AssignmentCase
from handlers.conversation.turn import Request
from locales.answer import Answer, Button, Sentence, make_answer, say

OFFERED_DAYS = (7, 14, 30)  # days later than the last day that are offered as buttons
FURTHEST_DAYS = 3 * 366  # days from today beyond which a day is a slip


def offer_days(case: AssignmentCase, turn: Request, action: str, token: str) -> list[list[Button]]:
    """Later days as buttons, and the way out."""
    last = max(case.assignment.last_day or turn.today, turn.today)
    offered = [last + timedelta(days=n) for n in OFFERED_DAYS]
    row = [
        Button(say("button-day", day=day), f"{action}:{token}:{day.isoformat()}") for day in offered
    ]
    return [row, [drafts.make_leave_button(token)]]


async def take_day(
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
    wrong = refuse_day(case, day, turn)
    if wrong is not None:
        return make_answer(wrong, buttons=offer_days(case, turn, action, data["token"]))
    token = await drafts.save_draft(
        turn, kind, data, session, yes=f"{action}:{{}}:{day.isoformat()}"
    )
    rows = [
        [Button(say("button-right"), f"{action}:{token}:{day.isoformat()}")],
        [drafts.make_leave_button(token)],
    ]
    return make_answer(say("day-right", day=day), buttons=rows)


def parse_iso_day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def refuse_day(case: AssignmentCase, day: date, turn: Request) -> Sentence | None:
    """Why a day cannot be the new last day."""
    last = case.assignment.last_day
    if last is not None and day <= last:
        return say("extend-not-later", day=day, last=last)
    if day < turn.today:
        return say("extend-past", day=day)
    if (day - turn.today).days > FURTHEST_DAYS:
        return say("extend-too-far", day=day)
    return None
