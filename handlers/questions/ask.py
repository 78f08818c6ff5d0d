"""Answers questions in chat from the registry alone (docs/dev/questions.md), and the buttons below.

What a text means is for `language.questions`; what it finds for `look_up`; what it says for
`answers`. Here the question is kept for its buttons and for the question that follows.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from handlers.conversation import words as command_words
from handlers.conversation.cases import parse_id
from handlers.conversation.refusals import refuse_button
from handlers.conversation.registry_names import RegistryNames
from handlers.conversation.request import Handler, Request
from handlers.conversation.rights import ROLES_SEEING_ALL, Sender
from handlers.questions.answers import (
    compose_answer,
    compose_whole_task,
    find_list_index,
    may_see_all,
)
from handlers.questions.facts import compose_not_joined
from handlers.questions.filters import is_own_beside
from handlers.questions.look_up import (
    INTENTS_ABOUT_TASKS,
    QuestionResult,
    join_follow_up,
    look_up_tasks,
    note_list,
    read_question,
)
from handlers.tasks.find import find_tasks_by_code, has_code
from language.questions.question import ABOUT_ONE_TASK, Question
from language.text import normalise
from locales.answer import Answer, make_answer, pack_action, say, unpack_action
from models.dialogues import Asked
from models.plans import Role
from models.queries.task_search import TaskPage
from models.storage.faults import REGISTRY_FAULTS

NUMBERED = ("q:", "file:")  # what the actions of buttons begin with that go on from a question
NOTE_SECONDS = 5.0  # that an answer waits for its question to be stored

_NARROWING_FIELDS = (
    *("agencies", "unknown_agency", "candidates", "needs_agency"),
    *("due", "code", "section", "plan", "words"),
)
ELLIPSIS_WITHIN = timedelta(minutes=30)  # "cái nào trễ" goes on with a question of that time
_INTENTS_SAME_FOR_ALL = frozenset({"list", "count", "progress"})


async def answer_message(request: Request) -> Answer:
    """Answer what the sender typed."""
    return await answer_text(request, request.incoming.text)


async def answer_text(request: Request, text: str) -> Answer:
    """Answer `text` as a question of the sender's."""
    async with request.read() as session:
        question = await read_own_question(session, request, text)
        return await _answer_read_question(session, request, question)


async def read_own_question(session: AsyncSession, request: Request, text: str) -> Question:
    """Return the question that `text` asks by itself, read once for all who ask it on a day."""
    app, agencies = request.app, list_own_agencies(request.sender)
    key = ("understood", text, request.today, agencies)
    cached: Question | None = app.cache.get(key)
    if cached is not None:
        return cached
    version = app.cache.version
    names = await app.load_registry_names(session)
    question = read_question(text, names, next(iter(agencies), None), request.today)
    question = _widen_to_all_own(question, names, agencies)
    app.cache.store(key, question, version)
    return question


async def _answer_read_question(
    session: AsyncSession, request: Request, question: Question
) -> Answer:
    """Answer a question; one that goes on with the question before is joined with it first."""
    if question.code and question.code.isdecimal():
        question = await _read_line_number(session, request, question)
    if question.follow_up or question.elliptic:
        since = request.now - ELLIPSIS_WITHIN if question.elliptic else None
        previous = await load_previous(session, request, since)
        question = join_follow_up(previous, question, request.today)
    return await answer_question(request, question, session=session)


async def _read_line_number(
    session: AsyncSession, request: Request, question: Question
) -> Question:
    """Return a number that no task has as the line of the list shown before, if it has one.

    "3", "việc 3 hạn khi nào".
    """
    typed, code = command_words.make_typed_text(request.incoming.text), question.code or ""
    named = typed.search(command_words.get_pattern("turns", "line")) is not None
    found = await find_tasks_by_code(session, request, code) if named else []
    if not named or question.more_codes or any(has_code(task, code) for task in found):
        return question
    previous = await load_previous(session, request, request.now - ELLIPSIS_WITHIN)
    listed = (*previous.listed_own, *previous.listed_shared) if previous is not None else ()
    index, is_bare = find_list_index(int(code), len(listed)), typed.text.strip(" .") == code
    if not listed or (index is None and not is_bare):
        return question
    intent = question.intent if question.intent in ABOUT_ONE_TASK else "show"
    role = question.role or Role.LEAD if intent == "who" else None
    return Question(intent, role=role, follow_up=True, item=int(code), said=("intent",))


def list_own_agencies(sender: Sender) -> tuple[str, ...]:
    """Return the agencies that "của tôi" means: all in which the sender has a post."""
    return tuple(dict.fromkeys(post.agency for post in sender.agency_posts if post.agency))


def _widen_to_all_own(question: Question, names: RegistryNames, own: tuple[str, ...]) -> Question:
    """Return the question with all of the sender's agencies if it is about the first of them."""
    first = names.directory.find_registry_names(own[0]) if own else ()
    if not question.own or len(own) < 2 or not set(first) <= set(question.agencies):
        return question
    others = (name for agency in own for name in names.directory.find_registry_names(agency))
    return replace(question, agencies=tuple(dict.fromkeys((*question.agencies, *others))))


def restrict_question(request: Request, question: Question) -> Question:
    """Return the question as the sender may ask it.

    If the settings bind focal points to their agency, a question without it is about it.
    """
    about_tasks = question.intent in INTENTS_ABOUT_TASKS
    mine, sees = list_own_agencies(request.sender), request.sender.has_role(*ROLES_SEEING_ALL)
    of_asker = question.manner == "look" or question.left
    if of_asker and mine and not question.agencies and not sees:
        question = replace(question, agencies=mine, role=Role.LEAD)
    if may_see_all(request) or question.task is not None or not about_tasks:
        return question
    own = request.sender.seen_agencies
    if not own:
        return replace(question, needs_agency=True)
    if question.agencies and set(question.agencies) <= set(own):
        return question
    # Figures of what others lead are theirs.
    role = Role.LEAD if question.intent == "progress" else "any"
    role = question.role or role
    narrowed = replace(question, agencies=own, role=role, listed_own=(), listed_shared=())
    return replace(narrowed, comparison=None)  # others' figures are not shown


async def answer_question(
    request: Request, question: Question, *, session: AsyncSession | None = None
) -> Answer:
    """Answer a question from its task number `offset` on, and store it with the chat.

    `session` is one for queries that is open already. The answer depends on the registry and the
    day alone (except for one task shown whole, and for help), so it is looked up once for all who
    ask the same.
    """
    if question.manner == "not_joined":
        async with nullcontext(session) if session is not None else request.read() as reader:
            return await compose_not_joined(reader, request)
    cache, question = request.app.cache, restrict_question(request, question)
    offset = question.offset
    listed = (question.listed_own, question.listed_shared)
    key = ("answer", question, listed, question.nearest, question.candidates, request.today, offset)
    answer, tasks = cache.get(key) or (None, TaskPage())
    task_id: int | None = None
    if answer is None:
        version = cache.version
        async with nullcontext(session) if session is not None else request.read() as reader:
            names = await request.app.load_registry_names(reader)
            result = await look_up_tasks(reader, question, names, request.today)
            answer = await compose_answer(reader, result, names, request, offset)
            task_id, tasks = _find_task_of_result(result), result.tasks
        if question.intent in _INTENTS_SAME_FOR_ALL and question.item is None:
            cache.store(key, (answer, tasks), version)
    if question.intent not in INTENTS_ABOUT_TASKS or question.it:
        return answer
    task_id = task_id if task_id is not None else _find_only_task(answer)
    shown = note_list(replace(question, task=task_id), tasks)
    asked_id = await store_question_if_possible(request, shown)
    return _number_buttons(answer, asked_id)


def _find_task_of_result(result: QuestionResult) -> int | None:
    """Return the id of the one task that the answer shows; None if it shows several or none."""
    ids, item = result.tasks.all_ids, result.question.item
    if item is not None and (index := find_list_index(item, len(ids))) is not None:
        return ids[index]
    return ids[0] if len(ids) == 1 else None


def _find_only_task(answer: Answer) -> int | None:
    """Return the id of the task of a cached answer that lists one task alone."""
    actions = {button.action for row in answer.buttons for button in row}
    ids = [
        value for name, value in (unpack_action(action, 2) for action in actions) if name == "show"
    ]
    return int(ids[0]) if len(ids) == 1 else None


def _number_buttons(answer: Answer, asked_id: int | None) -> Answer:
    """Return the answer with the number of its question in the buttons that change it.

    If the question could not be stored (None), it has none of these buttons.
    """

    def number_action(action: str) -> str:
        name, rest = unpack_action(action, 2)
        return pack_action(name, asked_id, rest) if action.startswith(NUMBERED) else action

    rows = (
        tuple(
            replace(button, action=number_action(button.action))
            for button in row
            if asked_id is not None or not button.action.startswith(NUMBERED)
        )
        for row in answer.buttons
    )
    return replace(answer, buttons=tuple(row for row in rows if row))


async def load_previous(
    session: AsyncSession, request: Request, since: datetime | None = None, *, before: int = 0
) -> Question | None:
    """Return the last question of the sender in this chat; None if it was asked before `since`.

    `before`: the one so many questions before it.
    """
    incoming = request.incoming
    statement = (
        select(Asked)
        .where(
            Asked.channel == incoming.channel,
            Asked.chat == incoming.chat,
            Asked.sender == incoming.sender,
        )
        .order_by(col(Asked.id).desc())
        .offset(before)
        .limit(1)
    )
    row = (await session.exec(statement)).first()
    if row is None or (since is not None and row.asked_at < since):
        return None
    return Question.from_json(row.question)


async def store_question(request: Request, question: Question) -> int:
    """Store the question for its buttons and for follow-ups; return its number."""
    incoming = request.incoming
    values = {
        "channel": incoming.channel,
        "chat": incoming.chat,
        "sender": incoming.sender,
        "question": question.to_json(),
        "asked_at": request.now,
    }
    return await request.app.questions.save_question(values)


async def store_question_if_possible(request: Request, question: Question) -> int | None:
    """Store the question; None if the registry cannot be written now: an answer needs no number."""
    if request.app.database.outage.fault is not None:
        return None
    try:
        async with asyncio.timeout(NOTE_SECONDS):
            return await store_question(request, question)
    except (TimeoutError, *REGISTRY_FAULTS):
        return None


# --- buttons ------------------------------------------------------------------------------------


async def load_asked(session: AsyncSession, request: Request, number: str) -> Asked | None:
    """Return the stored question that a button of this chat names."""
    asked_id, incoming = parse_id(number), request.incoming
    row = await session.get(Asked, asked_id) if asked_id is not None else None
    is_here = row is not None and (row.channel, row.chat) == (incoming.channel, incoming.chat)
    return row if is_here else None


async def change_question(request: Request) -> Answer:
    """Answer a button "q": another page, role, status, plan or agency of the same question."""
    number, change = unpack_action(request.args, 2)
    async with request.read() as session:
        row = await load_asked(session, request, number)
        if row is None:
            return refuse_button()
        names = await request.app.load_registry_names(session)
    question = Question.from_json(row.question)
    if change[:1] == "p" and change[1:].isdecimal():
        turned = replace(question, offset=int(change[1:8]), first=None)
        return replace(await answer_question(request, turned), replace=True)
    apply_change = _CHANGES.get(change[:1])
    # What was shown is not what the changed question finds.
    question = replace(
        question,
        task=None,
        item=None,
        it=False,
        first=None,
        offset=0,
        listed_own=(),
        listed_shared=(),
    )
    other = apply_change(question, change[1:], names) if apply_change is not None else None
    return refuse_button() if other is None else await answer_question(request, other)


_STATUS_LETTERS = {"o": "overdue", "u": "unfinished", "d": "done", "n": None}


def _change_role(question: Question, letter: str, names: RegistryNames) -> Question | None:
    roles = {"p": Role.PARTNER, "l": Role.LEAD}
    return replace(question, role=roles[letter]) if letter in roles else None


def _change_status(question: Question, letter: str, names: RegistryNames) -> Question | None:
    if letter not in _STATUS_LETTERS:
        return None
    due = question.due if letter != "n" else None
    return _replace_status(question, letter, due=due)


def _list_status(question: Question, letter: str, names: RegistryNames) -> Question | None:
    if letter not in _STATUS_LETTERS:
        return None
    return _replace_status(question, letter, intent="list", manner=None, comparison=None)


def _replace_status(question: Question, letter: str, **more: Any) -> Question:
    """Return the question in another status, without what belongs to the status before."""
    status = _STATUS_LETTERS[letter]
    return replace(question, status=status, done_in=None, every=None, **more)


def _change_plan(question: Question, number: str, names: RegistryNames) -> Question | None:
    plan = next((p for p in names.plans if str(p.id) == number), None)
    return replace(question, plan=plan.number or str(plan.first_year)) if plan else None


def _choose_agency(question: Question, number: str, names: RegistryNames) -> Question | None:
    offered = question.candidates or question.nearest
    if not number.isdecimal() or int(number[:4]) >= len(offered):
        return None
    chosen = (offered[int(number[:4])],)
    return replace(question, agencies=chosen, unknown_agency=None, candidates=(), nearest=())


def _widen_question(question: Question) -> Question:
    """Return the question for all agencies, or for all subjects if it was about no agency.

    What the asker's agency does with another, all do with it.
    """
    if not is_own_beside(question):
        if question.agencies:
            return replace(question, agencies=(), role=None)
        return replace(question, role=None, section=None, words=None, parts=())
    alone = replace(question, agencies=question.others, others=(), together=False, own=False)
    return replace(alone, role=Role.PARTNER)


_CHANGES: dict[str, Callable[[Question, str, RegistryNames], Question | None]] = {
    "r": _change_role,
    "s": _change_status,
    "L": _list_status,
    "k": _change_plan,
    "a": _choose_agency,
    "e": lambda question, _, __: _widen_question(question),
    "2": lambda question, _, __: question.second,
}
"""What the letter of a button changes; the rest of the button's text says to what."""


async def show_task(request: Request) -> Answer:
    """Answer a button that shows one task whole."""
    task_id = parse_id(request.args)
    if task_id is None:
        return refuse_button()
    async with request.read() as session:
        answer = await compose_whole_task(session, request, task_id)
        previous = await load_previous(session, request)
    if answer.blocks:
        shown = replace(previous or Question("list"), task=task_id)
        await store_question_if_possible(request, shown)
    return answer


# --- commands -----------------------------------------------------------------------------------


def _make_command_handler(name: str, *, needs: str | None = None) -> Handler:
    """Return the handler of a command that is short for a question's beginning.

    `name` names that beginning in `commands.toml`; `needs` is the reply if nothing follows.
    """

    async def answer_command(request: Request) -> Answer:
        if needs is not None and not request.args:
            return make_answer(say(needs))
        beginning = command_words.get_word("questions", name)
        return await answer_text(request, f"{beginning} {request.args}".strip())

    return answer_command


def _make_agency_handler(name: str) -> Handler:
    """Return the handler of a command that may name an agency.

    What narrows nothing is then the name of an agency that nobody knows, not everybody's tasks.
    """

    async def answer_command(request: Request) -> Answer:
        text = normalise(request.args)
        beginning = command_words.get_word("questions", name)
        async with request.read() as session:
            question = await read_own_question(session, request, f"{beginning} {text}".strip())
            if (
                question.ignored is not None
                and question.intent in INTENTS_ABOUT_TASKS
                and not any(getattr(question, field) for field in _NARROWING_FIELDS)
            ):
                directory = (await request.app.load_registry_names(session)).directory
                nearest = directory.find_nearest(text)
                unknown = replace(question, unknown_agency=text, nearest=nearest)
                return await answer_question(request, unknown, session=session)
            return await _answer_read_question(session, request, question)

    return answer_command


async def search_tasks(request: Request) -> Answer:
    """Answer `/tim`: the tasks that hold most of the words, in any order; all of it is subject."""
    words = normalise(request.args)
    if not words:
        return make_answer(say("command-needs-words"))
    async with request.read() as session:
        vocabulary = (await request.app.load_registry_names(session)).vocabulary.pieces
    question = Question("list", words=words, said=("words",))
    nowhere = not any(piece in vocabulary for piece in question.search_words)
    return await answer_question(request, replace(question, unheld=nowhere))


COMMANDS: dict[str, Handler] = {
    "nhiemvu": _make_agency_handler("tasks_of"),
    "congviec": _make_command_handler("own_tasks"),
    "han": _make_command_handler("due", needs="command-needs-day"),
    "quahan": _make_agency_handler("overdue"),
    "tiendo": _make_agency_handler("progress"),
    "tim": search_tasks,
}
ACTIONS: dict[str, Handler] = {"q": change_question, "show": show_task}
