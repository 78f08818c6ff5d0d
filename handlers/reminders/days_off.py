"""`/ngaynghi`: lists the days off to come; an admin declares days off or worked.

Reminders that were not sent yet are planned anew at once.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from handlers.conversation import days
from handlers.conversation.request import Handler, Request
from handlers.conversation.rights import Action
from handlers.reminders.chat_rules import LONGEST_ECHO, load_current_rules
from language.text import normalise, strip_marks
from locales.answer import Answer, Sentence, make_answer, say
from locales.data import load_data
from locales.phrases import shorten_text
from models import preferences
from models.preferences import DayEntry
from scheduler.planning import planner

DAYS_AHEAD = 90  # days that are looked through for days off to come
MOST_SHOWN = 15
MOST_AT_ONCE = 31  # days of one command
LONGEST_NAME = 80  # characters
_DAY = timedelta(days=1)


def _match(name: str, text: str) -> re.Match[str] | None:
    """Return the first match of a pattern of `reminders.toml` in `text` without diacritics."""
    return re.search(load_data("reminders")["days_off"][name], strip_marks(text).lower())


@dataclass(frozen=True)
class _DayOffOrder:
    """What an admin ordered. `working` None: the days are as the calendar has them again."""

    first: date
    last: date
    working: bool | None
    name: str


async def handle_days_off(request: Request) -> Answer:
    """Answer `/ngaynghi`: list the days off to come, or carry out an admin's order."""
    text = normalise(request.args)
    if not text:
        return await _list_days_off(request)
    if not request.may_do(Action.REMINDERS_ALL):
        return make_answer(say("reminders-not-allowed"))
    order = _read_order(text, request.today)
    if isinstance(order, Sentence):
        return make_answer(order, say("days-off-usage"))
    async with request.write() as session:
        await _apply_order(session, request, order)
        again = await _plan_today_again(session, request)
    kind = "taken-back" if order.working is None else "worked" if order.working else "off"
    note = say("days-off-note", name=order.name) if order.name else say("nothing")
    sentence = say(f"days-off-{kind}", first=order.first, note=note)
    if order.last != order.first:
        sentence = say(f"days-off-{kind}-span", first=order.first, last=order.last, note=note)
    return make_answer(sentence, *([say("days-off-again", count=again)] if again else []))


async def _list_days_off(request: Request) -> Answer:
    """Return the days off in the next days, weekends left out, and swapped working days."""
    async with request.read() as session:
        calendar = await days.load_calendar(session)
        entries = {entry.day: entry for entry in await preferences.list_declared_days(session)}
    blocks = []
    for number in range(DAYS_AHEAD):
        day = request.today + number * _DAY
        name = calendar.name_of_day_off(day)
        if day in entries and entries[day].working:
            blocks.append(say("days-off-line-worked", day=day, name=entries[day].name))
        elif name is not None and (day.weekday() < 5 or day in entries):
            blocks.append(say("days-off-line", day=day, name=name))
    head = say("days-off-head" if blocks else "days-off-none", days=DAYS_AHEAD)
    usage = [say("days-off-usage")] if request.may_do(Action.REMINDERS_ALL) else []
    return make_answer(head, *blocks[:MOST_SHOWN], *usage)


def _read_order(text: str, today: date) -> _DayOffOrder | Sentence:
    """Return the order that `text` gives ("nghỉ 2/9 - 4/9 Quốc khánh"), or why it is none."""
    working: bool | None = False
    for pattern, meaning in (("worked", True), ("back", None)):
        if match := _match(pattern, text):
            working, text = meaning, text[match.end() :].strip()
            break
    span = _match("span", text)
    groups = [n for n in (1, 2) if span[n]] if span is not None else []
    texts = [text[slice(*span.span(n))] for n in groups if span]
    possible = [days.parse_days(part, today) for part in texts]
    if span is None or any(len(one) != 1 for one in possible):
        wrong = next((t for t in texts if days.is_impossible_day(t, today)), None)
        if wrong is not None:
            return say("no-such-day", day=shorten_text(wrong, LONGEST_ECHO))
        return say("days-off-not-understood", text=shorten_text(text, LONGEST_ECHO))
    first, last = possible[0][0], possible[-1][0]
    if last < first:
        return say("days-off-wrong-span", first=first, last=last)
    if (last - first).days >= MOST_AT_ONCE:
        return say("days-off-too-many", most=MOST_AT_ONCE)
    return _DayOffOrder(first, last, working, text[span.end() :].strip(" ,:-–()")[:LONGEST_NAME])


async def _apply_order(session: AsyncSession, request: Request, order: _DayOffOrder) -> None:
    """Write each day of the order into the calendar, and into the audit."""
    for number in range((order.last - order.first).days + 1):
        day = order.first + number * _DAY
        entry = await session.get(DayEntry, day)
        before: dict[str, Any] = {"day": day.isoformat()}
        after = {**before}
        if entry is not None:
            before |= {"working": entry.working, "name": entry.name}
        if order.working is not None:
            after |= {"working": order.working, "name": order.name}
            await session.merge(DayEntry(day=day, working=order.working, name=order.name))
        elif entry is not None:
            await session.delete(entry)
        request.record_change(session, "day_off", "day_entry", before=before, after=after)
    await session.flush()


async def _plan_today_again(session: AsyncSession, request: Request) -> int:
    """Plan today once more if it was planned; return how many lines of notices came new.

    Steps of a day that is off now move to the working day before it.
    """
    if await planner.read_last_planned_day(session) != request.today:
        return 0
    rules = await load_current_rules(session, request)
    return (await planner.plan_day(session, request.today, request.now, rules)).lines


COMMANDS: dict[str, Handler] = {"ngaynghi": handle_days_off}
