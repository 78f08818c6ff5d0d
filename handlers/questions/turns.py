"""Lines that turn over what was shown: another page, the first lines of it, the answer before."""

from __future__ import annotations

from dataclasses import replace

from handlers.conversation import words
from handlers.conversation.request import Request
from handlers.questions import ask
from handlers.questions.answers import TASKS_PER_PAGE
from language.questions.question import FIGURES, Question
from language.times.numbers import read_number_text
from locales.answer import Answer, make_answer, say

_PAGES = ("next", "previous", "start", "end")
_KINDS = (*_PAGES, "first", "back", "other", "open")


async def turn_over(request: Request) -> Answer | None:
    """Show what the line turns to of what was shown before; None if it turns over nothing."""
    typed = words.make_typed_text(request.incoming.text.strip(" .,!?"))
    found = ((kind, words.get_pattern("turns", kind).fullmatch(typed.folded)) for kind in _KINDS)
    kind, match = next(((k, m) for k, m in found if m is not None), ("", None))
    if match is None:
        return None
    async with request.read() as session:
        since = request.now - ask.ELLIPSIS_WITHIN
        shown = await ask.load_previous(session, request, since)
        before = await ask.load_previous(session, request, since, before=1)
    if shown is None:
        return make_answer(say("turn-nothing"))
    if kind in ("back", "other") and not _is_line_of_list(shown):
        if before is None or kind == "other":
            return make_answer(say("turn-which" if kind == "other" else "turn-nothing"))
        return await ask.answer_question(request, before)
    if kind == "open":
        return await ask.answer_question(request, Question("list", plan=shown.plan))
    turned = _turn_list(shown, kind, match["count"] if kind == "first" else None)
    if turned is None:
        return make_answer(say("turn-no-more"))
    answer = await ask.answer_question(request, turned)
    return (
        replace(answer, blocks=(say("turn-choose"), *answer.blocks)) if kind == "other" else answer
    )


def _is_line_of_list(question: Question) -> bool:
    """Return whether one task of a list of several is shown."""
    listed = len(question.listed_own) + len(question.listed_shared)
    return question.task is not None and listed > 1


def _turn_list(shown: Question, kind: str, count: str | None) -> Question | None:
    """Return the question of the list shown before as it is turned; None if it has no such page."""
    listed = len(shown.listed_own) + len(shown.listed_shared)
    intent = shown.intent if shown.intent in FIGURES and not shown.item else "list"
    whole = replace(shown, intent=intent, task=None, item=None, first=None)
    offset, size = shown.offset, shown.first or TASKS_PER_PAGE
    if count is not None:
        return replace(whole, intent="list", first=read_number_text(count) or 1, offset=0)
    offset = {
        "next": offset + size,
        "previous": max(offset - TASKS_PER_PAGE, 0),
        "end": max(listed - 1, 0) // TASKS_PER_PAGE * TASKS_PER_PAGE,
        "start": 0,
    }.get(kind, offset)
    no_more = (kind == "next" and offset >= listed) or (kind == "previous" and not shown.offset)
    return None if no_more else replace(whole, offset=offset)
