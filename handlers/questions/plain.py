"""Tell a plain question from an answer, while a dialogue waits for a note, a reason or a day."""

from __future__ import annotations

from handlers import sentences
from handlers.conversation import days, words
from handlers.conversation.request import Request
from handlers.questions.ask import list_own_agencies
from handlers.questions.look_up import INTENTS_ABOUT_TASKS, read_question
from language.questions.question import Question

_NARROWING_STATUSES = frozenset({"overdue", "due_soon"})
_ANSWERED_MANNERS = frozenset(
    {"plan", "not_joined", "look", "not_kept", "exception", "thanks", "farewell"}
)


async def is_plain_question(request: Request) -> bool:
    """Return whether the message asks about tasks, though no question mark says so.

    "việc quá hạn" asks; "tiến độ chậm do mưa lũ" is a note. Only what is understood to the last
    word asks: a note that is taken for a question would be lost.
    """
    typed = words.make_typed_text(request.incoming.text)
    asks = typed.search(words.get_pattern("plain", "asks")) is not None
    lists = typed.search(words.get_pattern("plain", "lists")) is not None
    asks_state = typed.search(words.get_pattern("plain", "asks_state")) is not None
    if not asks and not lists and not asks_state:
        return False
    question = await _read_own_question(request)
    if asks_state and question.agencies and question.intent in INTENTS_ABOUT_TASKS:
        return True
    if question.intent not in INTENTS_ABOUT_TASKS or "intent" not in question.said:
        return False
    if question.follow_up or question.ignored or question.unknown_agency:
        return False
    return asks or _is_narrowed(question)


async def asks_instead_of_day(request: Request) -> bool:
    """Return whether the message is a question, while a dialogue waits for a day.

    What is no day is no answer there, so that nothing is lost if it is taken for a question.
    """
    text = request.incoming.text
    span = words.make_typed_text(text).search(words.get_pattern("more_time", "span"))
    understood = span or days.parse_days(text, request.today)
    if understood or days.is_day_out_of_reach(text, request.today):
        return False
    question = await _read_own_question(request)
    if question.it or question.item is not None:  # of a task shown before: "để xem đã"
        return False
    answered = question.intent == "help" or question.manner in _ANSWERED_MANNERS
    if question.manner == "change" and not _asks_more_time(text):
        return True
    return answered or question.intent in INTENTS_ABOUT_TASKS


def _asks_more_time(text: str) -> bool:
    """Return whether the message asks for more time, with or without a verb before it."""
    command = sentences.read_sentence(text)
    return command is not None and command.kind == "more"


def is_wish(text: str) -> bool:
    """Return whether the message asks the bot for something, whatever a dialogue waits for."""
    return words.make_typed_text(text).search(words.get_pattern("plain", "requests")) is not None


async def _read_own_question(request: Request) -> Question:
    """Return the question that the message asks by itself."""
    async with request.read() as session:
        names = await request.app.load_registry_names(session)
    agency = next(iter(list_own_agencies(request.sender)), None)
    return read_question(request.incoming.text, names, agency, request.today)


def _is_narrowed(question: Question) -> bool:
    """Return whether the question names an agency, days or lateness, and no subject."""
    named = question.agencies or question.due or question.status in _NARROWING_STATUSES
    return bool(named) and not question.words
