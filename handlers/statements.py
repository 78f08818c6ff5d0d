"""Statements without a task's number: "tôi đã làm xong ...", "1 xong rồi", and decisions in words.

What is said as done is a report, not a search: the task is offered with the button that writes the
report. Nothing is written from words that may mean several tasks. Sentences with a task's number
are commands (`handlers/sentences.py`), except those of a supervisor, which get the buttons.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from handlers import offers, sentences
from handlers.conversation import cases, words
from handlers.conversation.cases import AssignmentCase
from handlers.conversation.request import Request
from handlers.conversation.rights import Action
from handlers.conversation.words import TypedText
from handlers.questions import ask
from handlers.questions.answers import find_list_index
from handlers.questions.look_up import look_up_tasks
from handlers.work import evidence, queue, report_evidence
from handlers.work.task_buttons import make_decision_buttons, make_extension_buttons
from language import search
from language.questions.question import ABOUT_ONE_TASK
from locales.answer import Answer, Button, Sentence, make_answer, make_button, say
from models.assignments import Extension, Status
from models.plans import Task

_BUTTONS = {"done": "done", "received": "got", "progress": "work"}


@dataclass(frozen=True)
class Statement:
    """What is said: "done", "received", "progress" or "decide", of a line, of words, or of "it".

    `document`: the number and day of a document that was named with it.
    """

    kind: str
    rest: TypedText
    line: int | None = None
    document: str | None = None
    is_sure: bool = True  # False: it is a statement only of a task that is shown or has the words


def read_statement(text: str) -> Statement | None:
    """Return what the text states; None for a question or anything else."""
    typed = words.make_typed_text(text)
    if len(text) > words.LONGEST_ORDER:
        return None
    if _find_any(typed, "protests"):
        return Statement("done", words.make_typed_text(""), is_sure=False)
    decision = _read_decision(_drop_talk(typed))
    if decision is not None:
        return decision
    if _find_any(typed, "asks", "begins_question"):
        return None
    return _read_report(typed) or _read_unsure_statement(_drop_talk(typed))


def _read_report(typed: TypedText) -> Statement | None:
    """Return what the text reports for sure: "tôi đã làm xong ...", "1 xong rồi", a document."""
    if _names_document(typed):
        reports = words.get_pattern("statements", "reports").match(typed.folded)
        if reports is not None:
            return _make_done(typed.text[reports.end() :])
    typed = _drop_talk(typed)
    if words.get_pattern("statements", "only_document").fullmatch(typed.folded):
        return _make_done(typed.text)
    for kind in ("done", "received"):
        line = words.get_pattern("statements", f"line_{kind}").match(typed.folded)
        if line is not None:
            statement = _make_done(typed.text[line.end() :])
            return replace(statement, kind=kind, line=int(line.group(1)))
    for name, kind in _SAID.items():
        said = words.get_pattern("statements", name).match(typed.folded)
        if said is not None:
            return replace(_make_done(typed.text[said.end() :]), kind=kind)
    return None


def _read_decision(typed: TypedText) -> Statement | None:
    """Return what a supervisor decides: "trả lại II.1 vì chưa ký", "II.1 cho gia hạn"."""
    if _find_any(typed, "decide_asks", "begins_question"):
        return None
    decides = words.get_pattern("statements", "decides").match(typed.folded)
    if decides is not None:
        return Statement("decide", words.make_typed_text(typed.text[decides.end() :]))
    behind = words.get_pattern("statements", "decides_behind").match(typed.folded)
    return Statement("decide", typed) if behind is not None else None


def _make_done(behind: str) -> Statement:
    """Return that work is done of what stands behind: words of a task, and a document."""
    rest, document = evidence.take_document(words.make_typed_text(behind))
    left = words.get_pattern("statements", "particles").sub("", _fold_ends(rest.text))
    about = rest if search.list_search_words(left) else words.make_typed_text("")
    return Statement("done", about, document=document)


def _drop_talk(typed: TypedText) -> TypedText:
    """Return the text without polite words before it; "đã" is no "dạ"."""
    talk = words.get_pattern("statements", "talk").match(typed.folded)
    if talk is None:
        return typed
    polite, done = typed.text[: talk.end()].casefold(), words.get_word("statements", "already")
    end = polite.find(done) if done in polite else talk.end()
    return words.make_typed_text(typed.text[end:])


def _read_unsure_statement(typed: TypedText) -> Statement | None:
    """Return what a line states that may be none: "đã nhận" alone, "... làm xong rồi" of nobody."""
    for name in ("received", "progress"):
        if words.get_pattern("statements", f"only_{name}").fullmatch(typed.folded):
            is_figure = name == "progress" and any(letter.isdigit() for letter in typed.text)
            note = typed.text if is_figure else None
            return Statement(name, words.make_typed_text(""), is_sure=False, document=note)
    rest, document = evidence.take_document(typed) if _names_document(typed) else (typed, None)
    said = words.get_pattern("statements", "said_behind").match(rest.folded)
    if said is None and document is not None:
        said = words.get_pattern("statements", "said_with_document").match(rest.folded)
    if said is None:
        return None
    what = rest.get_original(said, "what")
    folded = words.make_typed_text(what).folded
    if words.get_pattern("sentences", "to_others").search(folded):
        return None
    if words.get_pattern("sentences", "not_yet").search(folded + " "):
        return None
    statement = Statement("done", words.make_typed_text(what), is_sure=False)
    return replace(statement, document=document)


_SAID = {
    "said_done": "done",
    "said_received": "received",
    "said_sent": "done",
}
"""The patterns of what is said, each with the kind of statement."""


def _names_document(typed: TypedText) -> bool:
    """Return whether the number of a document is in the text ("120/BC-STC")."""
    return words.get_pattern("evidence", "number").search(typed.folded) is not None


def _fold_ends(text: str) -> str:
    """Return the text folded, without signs around it."""
    return words.make_typed_text(text).folded.strip(" ,.;:!-–")


def _find_any(typed: TypedText, *names: str) -> bool:
    return any(words.get_pattern("statements", name).search(typed.folded) for name in names)


async def answer_statement(request: Request) -> Answer | None:
    """Offer what the statement reports or decides; None if it states nothing."""
    statement = read_statement(request.incoming.text)
    if statement is None:
        return None
    answer = report_evidence.mention_left_file(request, await _answer_kind(request, statement))
    if answer is None:
        return None
    return await offers.keep_offer(request, answer, statement.document)


async def answer_bare_number(request: Request) -> Answer | None:
    """Offer what is said of a bare number: "đã xong 1", "tiếp nhận 3", "xin gia hạn 1 đến ...".

    None if the message says nothing of the kind.
    """
    command = sentences.read_sentence(request.incoming.text)
    numbers, rest = sentences.read_bare_numbers(command.rest) if command else ([], None)
    if command is None or rest is None or not numbers:
        return None
    async with request.write() as session:
        answer = await _offer_numbered(session, request, command.kind, numbers, rest)
    _, document = evidence.take_document(rest) if command.kind == "done" else (rest, None)
    answer = report_evidence.mention_left_file(request, answer)
    return await offers.keep_offer(request, answer, document) if answer is not None else None


async def _offer_numbered(
    session: AsyncSession,
    request: Request,
    kind: sentences.CommandKind,
    numbers: Sequence[str],
    rest: TypedText,
) -> Answer | None:
    """Offer the button for the task of each number; ask which if there is none, or two are."""
    tasks: list[Task] = []
    for number in numbers[: sentences.MOST_OFFERED]:
        tasks += await _find_tasks_by_number(session, request, number)
    if not tasks:
        return make_answer(say("statement-which")) if request.sender.agency_posts else None
    if len(tasks) > 1:
        question = "wish-which" if len(numbers) == 1 else "wish-each"
        return await sentences.offer_each(session, request, kind, tasks, question)
    if kind == "more":
        return await sentences.ask_time_for_task(session, request, tasks[0], rest)
    return await _offer_report(session, request, Statement(kind, rest), tasks[0].id)


async def _find_tasks_by_number(session: AsyncSession, request: Request, number: str) -> list[Task]:
    """Return the task of this number, and that of this line of the list shown a short time ago.

    The sender's own come before others; a line counts only if it is theirs, or no task has it.
    """
    tasks = await sentences.find_tasks_of_number(session, request, number)
    since = request.now - ask.ELLIPSIS_WITHIN
    line = int(number) if number.isdecimal() else 0
    task_id = await _find_task_on_screen(session, request, line, since)
    shown = await session.get(Task, task_id) if task_id is not None else None
    if shown is None or shown in tasks:
        return tasks
    if not tasks:
        return [shown]
    own = [task for task in (*tasks, shown) if await sentences.is_own_task(session, request, task)]
    return own or tasks


async def _answer_kind(request: Request, statement: Statement) -> Answer | None:
    async with request.read() as session:
        if statement.kind == "decide":
            return await _offer_decision(session, request, statement)
        if not request.sender.agency_posts:  # nobody who reports
            shown = await ask.load_previous(session, request)
            is_shown = shown is not None and shown.task is not None and not statement.rest.text
            if shown is None or not is_shown or statement.is_sure:
                return None
            return await ask.answer_question(request, replace(shown, intent="show", item=None))
        named = (
            await sentences.find_named_task(session, request, statement.rest)
            if statement.line is None
            else None
        )
        if named is not None:
            return await _offer_report(session, request, statement, named[0].id)
        if statement.line is None and statement.rest.text:
            kind: sentences.CommandKind = "done" if statement.kind == "done" else "received"
            offered = await sentences.offer_tasks_by_words(session, request, kind, statement.rest)
            if not statement.is_sure:
                return offered
            return offered or make_answer(say("statement-which"))
        task_id = await _find_task_on_screen(session, request, statement.line)
        if task_id is None:
            return make_answer(say("statement-which")) if statement.is_sure else None
        return await _offer_report(session, request, statement, task_id)


async def _find_task_on_screen(
    session: AsyncSession, request: Request, line: int | None, since: datetime | None = None
) -> int | None:
    """Return the task of the answer before, or of the line of its list; none before `since`."""
    previous = await ask.load_previous(session, request, since)
    if previous is None:
        return None
    if line is None:
        return previous.task
    if since is not None and previous.intent in ABOUT_ONE_TASK:
        return None  # one task is no list
    names = await request.app.load_registry_names(session)
    result = await look_up_tasks(session, previous, names, request.today)
    index = find_list_index(line, len(result.tasks.all_ids))
    return None if index is None else result.tasks.all_ids[index]


async def _offer_report(
    session: AsyncSession, request: Request, statement: Statement, task_id: int
) -> Answer:
    """Offer the button that reports on the task, or say why there is none."""
    found = await cases.find_cases_of_task(session, task_id)
    if not found:
        return make_answer(say("statement-which"))
    allowed = [case for case in found if case.may_do(request, Action.REPORT)]
    if not allowed:
        refusal = cases.explain_refusal(found[0], request, Action.REPORT)
        return refusal or make_answer(say("statement-which"))
    case = cases.find_next_case(allowed)
    if case is None:
        return make_answer(say("statement-settled", task=allowed[0].describe_task()))
    button = _BUTTONS[statement.kind]
    return make_answer(
        say(f"statement-{statement.kind}"),
        *case.describe_case(request),
        buttons=[[make_button(say(f"button-{button}"), button, case.id)]],
        asks=True,
    )


async def _offer_decision(
    session: AsyncSession, request: Request, statement: Statement
) -> Answer | None:
    """Offer the buttons that decide on the report or the request for more time of a task.

    Without a task's number it is the one shown before, else all that waits.
    """
    named = await sentences.find_named_task(session, request, statement.rest)
    tasks = [named[0]] if named is not None else []
    numbers, _ = sentences.read_bare_numbers(statement.rest)
    if not tasks and len(numbers) == 1:
        tasks = await sentences.find_tasks_of_number(session, request, numbers[0])
    if len(tasks) != 1 and search.list_search_words(statement.rest.text):
        return None
    if len(tasks) != 1 and not request.may_do(Action.CONFIRM):
        return None
    on_screen = await _find_task_on_screen(session, request, None) if not tasks else None
    task_id = tasks[0].id if len(tasks) == 1 else on_screen
    if task_id is None:
        return await queue.show_queue(request)
    found = await cases.find_cases_of_task(session, task_id)
    allowed = [case for case in found if case.may_do(request, Action.CONFIRM)]
    if not allowed:
        return cases.explain_refusal(found[0], request, Action.CONFIRM) if found else None
    blocks: list[Sentence] = []
    rows: list[list[Button]] = []
    for case in allowed:
        buttons = await _make_buttons_of_case(session, case)
        if buttons:
            blocks += case.describe_case(request)
            rows += buttons
    if not rows:
        return make_answer(say("statement-nothing-waits", task=allowed[0].describe_task()))
    return make_answer(say("statement-decide"), *blocks, buttons=rows, asks=True)


async def _make_buttons_of_case(
    session: AsyncSession, case: AssignmentCase
) -> Sequence[list[Button]]:
    rows: list[list[Button]] = []
    if case.assignment.status == Status.REPORTED:
        report = await cases.find_last_report(session, case.id)
        if report is not None:
            rows.append(make_decision_buttons(report.id))
    waiting = select(Extension).where(
        Extension.assignment_id == case.id, col(Extension.decision).is_(None)
    )
    extension = (await session.exec(waiting.order_by(col(Extension.id).desc()).limit(1))).first()
    if extension is not None:
        rows += make_extension_buttons(extension.id)
    return rows
