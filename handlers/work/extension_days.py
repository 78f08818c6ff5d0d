"""The new last day of a request for more time: offered, read from a text, and checked."""

from __future__ import annotations

from datetime import date, timedelta

from sqlmodel.ext.asyncio.session import AsyncSession

from handlers.conversation import days, drafts, words
from handlers.conversation.cases import AssignmentCase
from handlers.conversation.request import Request
from language.times.calendars import Calendar
from language.times.numbers import read_number_text
from language.times.periods import move_day
from locales.answer import Answer, Button, Sentence, make_answer, make_button, pack_action, say

OFFERED_DAYS = (7, 14, 30)  # days later than the last day that are offered as buttons
FURTHEST_DAYS = 3 * 366  # days from today beyond which a day is a slip
MOST_DAYS = 4  # days offered if several may be meant
LONGEST_ECHO = 80  # characters that are repeated of what was typed


def make_day_button(day: date, action: str, token: str, *, right: bool = False) -> Button:
    """Return the button of a day; `right`: its label is "Đúng" to a day that was just shown."""
    label = say("button-right") if right else say("button-day", day=day)
    return make_button(label, action, token, day)


def offer_days(
    case: AssignmentCase, request: Request, action: str, token: str
) -> list[list[Button]]:
    """Return buttons of later days, and the way out."""
    last = max(case.assignment.last_day or request.today, request.today)
    later = [last + timedelta(days=count) for count in OFFERED_DAYS]
    row = [make_day_button(day, action, token) for day in later]
    return [row, [drafts.make_leave_button(token)]]


async def take_day(
    session: AsyncSession,
    request: Request,
    case: AssignmentCase,
    data: drafts.DraftData,
    kind: str,
    action: str,
) -> Answer:
    """Repeat the day that was typed, with its weekday, to be confirmed by a button `action`.

    If it cannot be the new last day, say why at once. `data` and `kind` are the draft's.
    """
    text = request.incoming.text
    leave = [drafts.make_leave_button(data.token)]
    calendar = await days.load_calendar(session)
    more = read_more_days(text, case, request.today, calendar)
    possible = (more,) if more is not None else days.parse_days(text, request.today)
    if not possible:
        drafts.read_reply(request)  # a question is not a day with a slip: it leaves the dialogue
        return make_answer(days.explain_unread_day(text, request.today), buttons=[leave])
    day = possible[0]
    refusal = refuse_day(case, day, request) if len(possible) == 1 else None
    if refusal is not None:
        return make_answer(refusal, buttons=offer_days(case, request, action, data.token))
    yes = pack_action(action, "{}", day) if len(possible) == 1 else None
    token = await drafts.save_draft(request, kind, data, session, yes=yes)
    leave = [drafts.make_leave_button(token)]
    if yes is None:
        rows = [[make_day_button(each, action, token)] for each in possible[:MOST_DAYS]]
        return make_answer(say("day-which", text=text[:LONGEST_ECHO]), buttons=[*rows, leave])
    right = make_day_button(day, action, token, right=True)
    return make_answer(say("day-right", day=day), buttons=[[right], leave])


def read_more_days(text: str, case: AssignmentCase, today: date, calendar: Calendar) -> date | None:
    """Return the day that "thêm 1 tuần" means; None for other texts.

    It is counted from the last day, or from today if that leads to a day that is past.
    """
    match = words.make_typed_text(text.strip(" ,.:")).search(words.get_pattern("more_time", "span"))
    last = case.assignment.last_day
    if match is None or last is None:
        return None
    count = read_number_text(match["count"])
    if not count:
        return None
    for base in (last, today):
        day = (
            calendar.add_working_days(base, count)
            if match["unit"] == "ngay lam viec"
            else move_day(base, count, _UNITS[match["unit"]])
        )
        if day is not None and day >= today:
            return day
    return None


_UNITS = {"ngay": "day", "tuan": "week", "thang": "month"}


def refuse_day(case: AssignmentCase, day: date, request: Request) -> Sentence | None:
    """Return why a day cannot be the new last day; None if it can."""
    last = case.assignment.last_day
    if last is not None and day <= last:
        return say("extend-not-later", day=day, last=last)
    if day < request.today:
        return say("extend-past", day=day)
    if (day - request.today).days > FURTHEST_DAYS:
        return say("extend-too-far", day=day)
    return None
