"""`/ngaynghi`: the days off to come, and what an admin declares off or worked; unsent reminders follow at once."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from importlib import resources
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from handlers.conversation import days
from handlers.conversation.rights import Action
from handlers.conversation.turn import Turn
from language.text import normalise, strip_marks
from locales.answer import Answer, Said, answer, say
from locales.phrases import shortened
from models import preferences
from models.audit import record
from models.preferences import DayEntry
from scheduler import planner
from scheduler.rules import Defaults, rules

AHEAD = 90  # days that are looked through for days off to come
MOST_SHOWN = 15
MOST_AT_ONCE = 31  # days of one command
LONGEST_NAME = 80  # characters
_DAY = timedelta(days=1)


@cache
def _patterns() -> Mapping[str, re.Pattern[str]]:
    data: Any = tomllib.loads(resources.files("locales").joinpath("vi/reminders.toml").read_text(encoding="utf-8"))
    return {name: re.compile(pattern) for name, pattern in data["days_off"].items()}


@dataclass(frozen=True)
class _Order:
    """What an admin wrote: which days, off, worked or as they were before, and the name."""

    first: date
    last: date
    working: bool | None
    name: str


async def days_off(turn: Turn) -> Answer:
    """Lists the days off to come; with a day behind it, an admin declares it off, worked, or takes that back."""
    text = normalise(turn.args)
    if not text:
        return await _listed(turn)
    if not turn.may(Action.REMINDERS_ALL):
        return answer(say("reminders-not-allowed"))
    order = _read(text, turn.today)
    if isinstance(order, Said):
        return answer(order, say("days-off-usage"))
    async with turn.write() as session:
        await _carry_out(session, turn, order)
        again = await _plan_again(session, turn)
    kind = "taken-back" if order.working is None else "worked" if order.working else "off"
    note = say("days-off-note", name=order.name) if order.name else say("nothing")
    said = say(f"days-off-{kind}", first=order.first, note=note)
    if order.last != order.first:
        said = say(f"days-off-{kind}-span", first=order.first, last=order.last, note=note)
    return answer(said, *([say("days-off-again", count=again)] if again else []))


async def _listed(turn: Turn) -> Answer:
    async with turn.read() as session:
        known = await days.calendar(session)
        entries = {entry.day: entry for entry in await preferences.days(session)}
    blocks = []
    for number in range(AHEAD):
        day = turn.today + number * _DAY
        name = known.name_of_day_off(day)
        if day in entries and entries[day].working:
            blocks.append(say("days-off-line-worked", day=day, name=entries[day].name))
        elif name is not None and (day.weekday() < 5 or day in entries):
            blocks.append(say("days-off-line", day=day, name=name))
    head = say("days-off-head" if blocks else "days-off-none", days=AHEAD)
    usage = [say("days-off-usage")] if turn.may(Action.REMINDERS_ALL) else []
    return answer(head, *blocks[:MOST_SHOWN], *usage)


def _read(text: str, today: date) -> _Order | Said:
    """The order that `text` is, or what to say where it is none."""
    working: bool | None = False
    for pattern, meaning in (("worked", True), ("back", None)):
        if found := _patterns()[pattern].search(strip_marks(text).lower()):
            working, text = meaning, text[found.end() :].strip()
            break
    found = _patterns()["span"].match(strip_marks(text).lower())
    typed = [] if found is None else [text[found.start(n) : found.end(n)] for n in (1, 2) if found[n]]
    read = [days.single(piece, today) for piece in typed]
    if found is None or any(len(one) != 1 for one in read):
        return say("days-off-not-understood", text=shortened(text, 40))
    first, last = read[0][0], read[-1][0]
    if last < first:
        return say("days-off-wrong-span", first=first, last=last)
    if (last - first).days >= MOST_AT_ONCE:
        return say("days-off-too-many", most=MOST_AT_ONCE)
    return _Order(first, last, working, text[found.end() :].strip(" ,:-–()")[:LONGEST_NAME])


async def _carry_out(session: AsyncSession, turn: Turn, order: _Order) -> None:
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
        record(
            session, turn.now, "day_off", "day_entry", person_id=turn.who.person_id,
            before={"day": day.isoformat(), **(before or {})}, after={"day": day.isoformat(), **(after or {})},
        )  # fmt: skip
    await session.flush()


async def _plan_again(session: AsyncSession, turn: Turn) -> int:
    """Plans today once more where it was planned: steps of a day that is off now may have moved to it."""
    if await planner.last_planned(session) != turn.today:
        return 0
    in_force = await rules(
        session, Defaults(remind_at=turn.house.options.remind_at, steps=turn.house.options.remind_steps)
    )
    return (await planner.plan(session, turn.today, turn.now, in_force)).lines
