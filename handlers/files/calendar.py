"""Deadlines as a calendar file (`/lich`), for phones and Outlook."""

from __future__ import annotations

from dataclasses import replace

from handlers.board.feed import renew_feed
from handlers.conversation import words
from handlers.conversation.request import Handler, Request
from handlers.files.ordering import (
    AnsweredOtherwise,
    explain_no_file,
    make_file,
    name_file,
    prepare_order,
    read_work,
    tell_shared_left_out,
)
from handlers.questions.ask import list_own_agencies
from locales.answer import Answer, Sentence, make_answer, say
from locales.user_error import UserError
from reports.orders import FileKind


async def send_calendar(request: Request) -> Answer:
    """Answer `/lich [agency or plan]`: send the deadlines of one's own agency, or of that one.

    `/lich mới` gives the address of a calendar that a phone fetches by itself.
    """
    if words.is_one_of("board", "renew", request.args):
        return await renew_feed(request)
    return await send_calendar_of(request, request.args)


async def send_calendar_of(request: Request, text: str) -> Answer:
    """Send the deadlines of the agency or plan that a text names; else of the sender's agency."""
    left_out: list[Sentence] = []
    own = list_own_agencies(request.sender)
    try:
        async with request.read() as session:
            question = await read_work(session, request, text.strip())
        if not question.agencies and question.plan is None:
            question = replace(question, agencies=own)
        about = replace(question, intent="progress")
        order = await prepare_order(request, FileKind.CALENDAR, about)
        left_out = await tell_shared_left_out(request, about)
        made = await make_file(request, order)
    except AnsweredOtherwise as other:
        return other.answer
    except UserError as error:
        return explain_no_file(error, left_out)
    done = say("file-done-ics", count=made.figures["rows"], about=order.about)
    file = name_file(request, FileKind.CALENDAR, made)
    return make_answer(done, *left_out, say("file-done-ics-how"), files=[file])


COMMANDS: dict[str, Handler] = {"lich": send_calendar}
