"""`/ngaynghi`: the days off to come, and what an admin declares off or worked; unsent reminders follow at once."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from handlers.conversation import days
from handlers.conversation.rights import Action
from handlers.conversation.turn import Handler, Request
from language.text import normalise, strip_marks
from locales.answer import Answer, Sentence, make_answer, say
from locales.data import load_data
from locales.phrases import shorten_text
from models import preferences
from models.audit import record_change
from models.preferences import DayEntry
from scheduler import planner
from scheduler.rules import Defaults, load_rules

DAYS_AHEAD = 90  # days that are looked through for days off to come
MOST_SHOWN = 15
MOST_AT_ONCE = 31  # days of one command
LONGEST_NAME = 80  # characters
_DAY = timedelta(days=1)


@cache
def _load_patterns() -> Mapping[str, re.Pattern[str]]:
    data: Any = load_data("reminders")
    return {name: re.compile(pattern) for name, pattern in data["days_off"].items()}


@dataclass(frozen=True)
class _DayOffOrder:
    """What an admin wrote: which days, off, worked or as they were before, and the name."""

    first: date
    last: date
    working: bool | None
    name: str


async def handle_days_off(turn: Request) -> Answer:
    """Lists the days off to come; with a day behind it, an admin declares it off, worked, or takes that back."""
    text = normalise(turn.args)
    if not text:
        return await _list_days_off(turn)
    if not turn.may_do(Action.REMINDERS_ALL):
        return make_answer(say("reminders-not-allowed"))
    order = _read_order(text, turn.today)
    if isinstance(order, Sentence):
        return make_answer(order, say("days-off-usage"))
    async with turn.write() as session:
        await _apply_order(session, turn, order)
        again = await _plan_today_again(session, turn)
    kind = "taken-back" if order.working is None else "worked" if order.working else "off"
    note = say("days-off-note", name=order.name) if order.name else say("nothing")
    said = say(f"days-off-{kind}", first=order.first, note=note)
    if order.last != order.first:
        said = say(f"days-off-{kind}-span", first=order.first, last=order.last, note=note)
    return make_answer(said, *([say("days-off-again", count=again)] if again else []))


async def _list_days_off(turn: Request) -> Answer:
    async with turn.read() as session:
        known = await days.load_calendar(session)
        entries = {entry.day: entry for entry in await preferences.list_declared_days(session)}
    blocks = []
    for number in range(DAYS_AHEAD):
        day = turn.today + number * _DAY
        name = known.name_of_day_off(day)
        if day in entries and entries[day].working:
            blocks.append(say("days-off-line-worked", day=day, name=entries[day].name))
        elif name is not None and (day.weekday() < 5 or day in entries):
            blocks.append(say("days-off-line", day=day, name=name))
    head = say("days-off-head" if blocks else "days-off-none", days=DAYS_AHEAD)
    usage = [say("days-off-usage")] if turn.may_do(Action.REMINDERS_ALL) else []
    return make_answer(head, *blocks[:MOST_SHOWN], *usage)


def _read_order(text: str, today: date) -> _DayOffOrder | Sentence:
    """The order that `text` is, or what to say where it is none."""
    working: bool | None = False
    for pattern, meaning in (("worked", True), ("back", None)):
        if found := _load_patterns()[pattern].search(strip_marks(text).lower()):
            working, text = meaning, text[found.end() :].strip()
            break
    found = _load_patterns()["span"].match(strip_marks(text).lower())
    typed = (
        [] if found is None else [text[found.start(n) : found.end(n)] for n in (1, 2) if found[n]]
    )
    read = [days.parse_days(piece, today) for piece in typed]
    if found is None or any(len(one) != 1 for one in read):
        return say("days-off-not-understood", text=shorten_text(text, 40))
    first, last = read[0][0], read[-1][0]
    if last < first:
        return say("days-off-wrong-span", first=first, last=last)
    if (last - first).days >= MOST_AT_ONCE:
        return say("days-off-too-many", most=MOST_AT_ONCE)
    return _DayOffOrder(first, last, working, text[found.end() :].strip(" ,:-–()")[:LONGEST_NAME])


async def _apply_order(session: AsyncSession, turn: Request, order: _DayOffOrder) -> None:
    for number in range((order.last - order.first).days + 1):
        day = order.first + number * _DAY
        entry = await session.get(DayEntry, day)
        before = {"working": entry.working, "name": entry.name} if entry is not None else None
        if order.working is None:
            if entry is not None:
                await session.delete(entry)
        else:
            await session.merge(DayEntry(day=day, working=order.working, name=order.name))
        after = None if order.working is None else {"working": order.working, "name": order.name}
        record_change(
            session, turn.now, "day_off", "day_entry", person_id=turn.sender.person_id,
            before={"day": day.isoformat(), **(before or {})}, after={"day": day.isoformat(), **(after or {})},
        )  # fmt: skip
    await session.flush()


async def _plan_today_again(session: AsyncSession, turn: Request) -> int:
    """Plans today once more where it was planned: steps of a day that is off now may have moved to it."""
    if await planner.read_last_planned_day(session) != turn.today:
        return 0
    in_force = await load_rules(
        session, Defaults(remind_at=turn.app.options.remind_at, steps=turn.app.options.remind_steps)
    )
    return (await planner.plan_day(session, turn.today, turn.now, in_force)).lines


COMMANDS: dict[str, Handler] = {"ngaynghi": handle_days_off}
