"""`/tamdung`: no reminders in this chat until a day."""

from __future__ import annotations

from datetime import date

from handlers.conversation import days
from handlers.conversation.refusals import refuse_button
from handlers.conversation.request import Handler, Request
from handlers.conversation.rights import Action
from handlers.reminders.chat_rules import (
    LONGEST_ECHO,
    find_chat,
    is_word,
    load_current_rules,
    match_pattern,
)
from language.text import normalise
from locales.answer import Answer, make_answer, make_button, say
from locales.phrases import shorten_text
from scheduler.planning import waiting

LONGEST_PAUSE = 60  # days


async def handle_pause(request: Request) -> Answer:
    """Answer `/tamdung`: pause until a day ("15/10"), go on ("thôi"), or say how it stands."""
    if not _may_pause(request):
        return make_answer(say("reminders-not-allowed"))
    text = normalise(request.args)
    if not text:
        return await _show_pause(request)
    if is_word("resume", text):
        return await _pause_until(request, None)
    match = match_pattern("until", text)
    possible = days.parse_days(text[match.end() :] if match else text, request.today)
    if not possible:
        echo = shorten_text(text, LONGEST_ECHO)
        return make_answer(say("pause-needs-day", text=echo), say("pause-usage"))
    if len(possible) > 1:
        rows = [[make_button(say("button-day", day=d), "mute", d)] for d in possible]
        return make_answer(say("pause-which"), buttons=rows)
    return await _pause_until(request, possible[0])


def _may_pause(request: Request) -> bool:
    """Return whether the sender may pause this chat: their own, or a group as an admin."""
    group = request.incoming.chat_kind == "group"
    return request.may_do(Action.REMINDERS_ALL if group else Action.REMINDERS_OWN)


async def _show_pause(request: Request) -> Answer:
    async with request.read() as session:
        chat = await find_chat(session, request)
    until = chat.muted_until if chat is not None else None
    if until is None or until < request.today:
        return make_answer(say("pause-is-not"), say("pause-usage"))
    return make_answer(say("pause-is", day=until), say("pause-usage"))


async def choose_pause_day(request: Request) -> Answer:
    """Answer the button of a day: pause until then."""
    if not _may_pause(request):
        return make_answer(say("reminders-not-allowed"))
    day = days.parse_iso_day(request.args)
    return refuse_button() if day is None else await _pause_until(request, day)


async def _pause_until(request: Request, day: date | None) -> Answer:
    """Store the last day of the pause (None: no pause), and move the notices that wait."""
    if day is not None and day < request.today:
        return make_answer(say("pause-past", day=day))
    if day is not None and (day - request.today).days > LONGEST_PAUSE:
        return make_answer(say("pause-too-long", day=day, most=LONGEST_PAUSE))
    async with request.write() as session:
        chat = await find_chat(session, request)
        if chat is None:
            return make_answer(say("reminders-not-allowed"))
        rules = await load_current_rules(session, request)
        before, chat.muted_until = chat.muted_until, day
        session.add(chat)
        await waiting.move_waiting_notices(session, chat, request.now, rules)
        request.record_change(
            session,
            "pause",
            "chat",
            chat.id,
            before={"until": before.isoformat() if before else None},
            after={"until": day.isoformat() if day else None},
        )
    if day is None:
        return make_answer(say("pause-over"))
    blocks = [say("pause-set", day=day, again=rules.calendar.next_working_day(day))]
    if request.incoming.chat_kind == "private":
        blocks.append(say("pause-meanwhile", agency=rules.supervisor))
    return make_answer(*blocks)


COMMANDS: dict[str, Handler] = {"tamdung": handle_pause}
ACTIONS: dict[str, Handler] = {"mute": choose_pause_day}
