"""`/tamdung`: no reminders in this chat until a day."""

from __future__ import annotations

from datetime import date

from handlers.conversation import days
from handlers.conversation.rights import Action
from handlers.conversation.turn import Handler, Request
from handlers.reminders.chat_rules import (
    GONE,
    find_chat,
    is_word,
    load_current_rules,
    match_pattern,
)
from language.text import normalise
from locales.answer import Answer, Button, make_answer, say
from locales.phrases import shorten_text
from models.audit import record_change
from scheduler import planner

LONGEST_PAUSE = 60  # days


async def handle_pause(turn: Request) -> Answer:
    """`/tamdung 15/10`: no reminders in this chat until that day; `/tamdung thôi`: at once again."""
    group = turn.incoming.chat_kind == "group"
    if not turn.may_do(Action.REMINDERS_ALL if group else Action.REMINDERS_OWN):
        return make_answer(say("reminders-not-allowed"))
    text = normalise(turn.args)
    if not text:
        async with turn.read() as session:
            chat = await find_chat(session, turn)
        if chat is not None and chat.muted_until is not None and chat.muted_until >= turn.today:
            return make_answer(say("pause-is", day=chat.muted_until), say("pause-usage"))
        return make_answer(say("pause-is-not"), say("pause-usage"))
    if is_word("resume", text):
        return await _pause_until(turn, None)
    found = match_pattern("until", text)
    understood = days.parse_days(text[found.end() :] if found else text, turn.today)
    if not understood:
        return make_answer(say("pause-needs-day", text=shorten_text(text, 40)), say("pause-usage"))
    if len(understood) > 1:
        buttons = [
            [Button(say("button-day", day=day), f"mute:{day.isoformat()}")] for day in understood
        ]
        return make_answer(say("pause-which"), buttons=buttons)
    return await _pause_until(turn, understood[0])


async def choose_pause_day(turn: Request) -> Answer:
    """A day that was offered for the end of a pause."""
    if not turn.may_do(
        Action.REMINDERS_ALL if turn.incoming.chat_kind == "group" else Action.REMINDERS_OWN
    ):
        return make_answer(say("reminders-not-allowed"))
    try:
        day = date.fromisoformat(turn.args)
    except ValueError:
        return make_answer(toast=say(GONE))
    return await _pause_until(turn, day)


async def _pause_until(turn: Request, day: date | None) -> Answer:
    if day is not None and day < turn.today:
        return make_answer(say("pause-past", day=day))
    if day is not None and (day - turn.today).days > LONGEST_PAUSE:
        return make_answer(say("pause-too-long", day=day, most=LONGEST_PAUSE))
    async with turn.write() as session:
        chat = await find_chat(session, turn)
        if chat is None:
            return make_answer(say("reminders-not-allowed"))
        in_force = await load_current_rules(session, turn)
        before, chat.muted_until = chat.muted_until, day
        session.add(chat)
        await planner.move_waiting_notices(session, chat, turn.now, in_force)
        record_change(
            session, turn.now, "pause", "chat", chat.id, person_id=turn.sender.person_id,
            before={"until": before.isoformat() if before else None},
            after={"until": day.isoformat() if day else None},
        )  # fmt: skip
    if day is None:
        return make_answer(say("pause-over"))
    again = in_force.calendar.next_working_day(day)
    blocks = [say("pause-set", day=day, again=again)]
    if turn.incoming.chat_kind == "private":
        blocks.append(say("pause-meanwhile", agency=in_force.supervisor))
    return make_answer(*blocks)


COMMANDS: dict[str, Handler] = {"tamdung": handle_pause}
ACTIONS: dict[str, Handler] = {"mute": choose_pause_day}
