"""Commands written as sentences: "báo cáo xong nhiệm vụ II.4, BC số 123/BC-STP".

Reports and requests for more time ("xin gia hạn 2.1.3 đến 15/12 vì ..."). What is asked, is not
read here but in `handlers/questions`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from sqlmodel.ext.asyncio.session import AsyncSession

from handlers.conversation import cases, days, words
from handlers.conversation.cases import AssignmentCase
from handlers.conversation.refusals import refuse_dialogue
from handlers.conversation.request import Request
from handlers.conversation.rights import Action
from handlers.conversation.words import TypedText
from handlers.tasks.find import find_tasks_by_code, has_code
from handlers.work import evidence, extension_days, more_time, report, report_evidence
from handlers.work.evidence import StoredFile
from language import search
from locales.answer import Answer, Button, make_answer, make_button, say
from locales.phrases import shorten_text
from models.assignments import OPEN, Status
from models.plans import Task
from models.queries.task_query import TaskQuery
from models.queries.task_search import find_tasks

CommandKind = Literal["done", "received", "progress", "more"]

KINDS: tuple[tuple[CommandKind, Action, str], ...] = (
    ("more", Action.EXTEND, "more"),
    ("done", Action.REPORT, "done"),
    ("progress", Action.REPORT, "work"),
    ("received", Action.REPORT, "got"),
)
"""The kinds of commands, each with its right and the button that does the same; first match."""

LABEL_LENGTH = 45  # characters on a button
MOST_OFFERED = 6
LONGEST_SENTENCE = 1500  # characters of a sentence that may be a command


@dataclass(frozen=True)
class SentenceCommand:
    """A command in a sentence: its kind and the text behind it.

    `is_strong`: the words are clear enough to be a command even without a task's number.
    `is_own`: it is one only of somebody whose agency is responsible for the task, else a question.
    """

    kind: CommandKind
    rest: TypedText
    is_strong: bool
    is_own: bool = False


def read_sentence(text: str) -> SentenceCommand | None:
    """Return the command in a sentence; None for a question or anything else."""
    if len(text) > LONGEST_SENTENCE:
        return None
    typed = words.make_typed_text(text)
    if typed.search(words.get_pattern("sentences", "asks")):
        return None
    start = words.get_pattern("sentences", "before").match(typed.folded)
    place = start.end() if start else 0
    ordered = words.get_pattern("sentences", "orders").search(typed.folded[:place]) is not None
    rest = words.make_typed_text(typed.text[place:])
    strong = typed.search(words.get_pattern("sentences", "strong")) is not None
    for kind, _, _ in KINDS:
        found = words.get_pattern("sentences", kind).match(rest.folded)
        if found is not None and not rest.folded[found.end() : found.end() + 1].isalnum():
            if ordered and not strong and kind != "more":
                return None  # somebody is asked to do it
            if kind == "done" and _is_partial(rest.folded[found.end() :]):
                return SentenceCommand("progress", rest, strong)
            return SentenceCommand(kind, words.make_typed_text(rest.text[found.end() :]), strong)
    return (
        _read_more_behind(rest) or _read_progress_behind(rest) or _read_done_behind(typed, strong)
    )


def _read_more_behind(typed: TypedText) -> SentenceCommand | None:
    """Return what "V.3 em xin thêm 10 ngày" asks for: more time behind the number of a task."""
    for name, match in find_codes(typed):
        if typed.folded[: match.start()].strip(" ,"):
            continue
        behind = words.make_typed_text(typed.text[match.end() :])
        asked = words.get_pattern("sentences", "more_behind").match(behind.folded)
        if asked is not None:
            rest = words.make_typed_text(f"{name} {behind.text[asked.end(1) :]}")
            return SentenceCommand("more", rest, is_strong=False)
    return None


def _read_progress_behind(typed: TypedText) -> SentenceCommand | None:
    """Return what "V.3 em đang làm, khoảng 70%" says: progress behind the number of a task.

    "Đang làm" itself is no part of the note, other words are.
    """
    if typed.search(words.get_pattern("sentences", "progress_asks")):
        return None
    for name, match in find_codes(typed):
        if typed.folded[: match.start()].strip(" ,"):
            continue
        behind = words.make_typed_text(typed.text[match.end() :])
        said = words.get_pattern("sentences", "progress_behind").match(behind.folded)
        if said is None:
            return None
        rest = words.make_typed_text(f"{name} {behind.text[said.end() :].lstrip(' ,:')}")
        return SentenceCommand("progress", rest, is_strong=False, is_own=True)
    return None


def _is_partial(folded: str) -> bool:
    """Return whether what stands behind "xong" says that only a part of it is done."""
    return words.get_pattern("sentences", "partial").match(folded) is not None


def _read_done_behind(typed: TypedText, strong: bool) -> SentenceCommand | None:
    """Return what "II.4 xong rồi" says: a report behind the number of a task."""
    behind = typed.search(words.get_pattern("sentences", "done_behind"))
    if behind is None or not typed.folded[: behind.start()].strip():
        return None
    to_others = (
        words.get_pattern("sentences", "to_others").search(typed.folded) is not None and not strong
    )
    if to_others or words.get_pattern("sentences", "not_yet").search(
        typed.folded[: behind.start()]
    ):
        return None
    if _is_partial(typed.folded[behind.end() :]):
        return SentenceCommand("progress", typed, is_strong=False, is_own=True)
    return SentenceCommand("done", typed.remove_match(behind), False)


def find_codes(typed: TypedText) -> Iterator[tuple[str, re.Match[str]]]:
    """Yield what may be a task's number or code, and its match; those behind "nhiệm vụ" first."""
    for name in ("named_code", "code"):
        for match in words.get_pattern("sentences", name).finditer(typed.folded):
            yield typed.get_original(match, 1), match


def read_bare_numbers(rest: TypedText) -> tuple[list[str], TypedText]:
    """Return the bare numbers right behind a verb ("xong 1 và 3"), and the text behind them.

    None are there in "xong 3 việc", "gia hạn 5 ngày", "hoàn thành 70%".
    """
    numbers: list[str] = []
    bare, joined = (words.get_pattern("sentences", n) for n in ("bare_number", "bare_joined"))
    while (found := bare.match(rest.folded)) is not None:
        numbers.append(rest.get_original(found).strip(" :").split()[-1])
        rest = words.make_typed_text(rest.text[found.end() :])
        more = joined.match(rest.folded)
        if more is None:
            break
        rest = words.make_typed_text(rest.text[more.end() :])
    return numbers, rest


async def is_report_on_task(request: Request) -> bool:
    """Return whether the message reports on a task that it names: it is no note on another."""
    command = read_sentence(request.incoming.text)
    if command is None:
        return False
    async with request.read() as session:
        if await find_named_task(session, request, command.rest) is not None:
            return True
        numbers, _ = read_bare_numbers(command.rest)
        return bool(numbers and await find_tasks_of_number(session, request, numbers[0]))


async def find_tasks_of_number(session: AsyncSession, request: Request, number: str) -> list[Task]:
    """Return the tasks with this number or code; the sender's own alone if there are such."""
    found = await find_tasks_by_code(session, request, number)
    found = [task for task in found if has_code(task, number)]
    own = [task for task in found if await is_own_task(session, request, task)]
    return own or found


async def run_sentence(request: Request) -> Answer | None:
    """Do what the sentence commands, or say why not; None if it commands nothing about a task."""
    typed = words.make_typed_text(request.incoming.text.strip(" .!"))
    cancels = typed.search(words.get_pattern("sentences", "cancel"))
    if cancels is not None and any(letter.isdigit() for letter in cancels.group(1)):
        return make_answer(say("cancel-by-command", key=typed.get_original(cancels, 1)))
    command = read_sentence(request.incoming.text)
    if command is None:
        return None
    try:
        file = await _keep_file(request, command)
    except evidence.FileTooLarge:
        return report_evidence.refuse_large_file()
    answer = await _run_command(request, command, file)
    return answer if file is not None else report_evidence.mention_left_file(request, answer)


async def _keep_file(request: Request, command: SentenceCommand) -> StoredFile | None:
    """Store the file that came with a report, before anything is written.

    None if there is none, or if no report follows at once. Raises FileTooLarge.
    """
    sent = request.incoming.file
    if sent is None or command.kind != "done":
        return None
    async with request.read() as session:
        named = await find_named_task(session, request, command.rest)
        if named is None or await _list_joined_tasks(session, request, named[1]):
            return None
        chosen = await _choose_case(session, request, command, *named)
    if isinstance(chosen, Answer) or chosen[0].assignment.status not in (*OPEN, Status.REPORTED):
        return None
    return await evidence.store_evidence_file(sent, request.app.options)


async def _run_command(
    request: Request, command: SentenceCommand, file: StoredFile | None
) -> Answer | None:
    """Do what the sentence commands; `file` is evidence that came with it."""
    async with request.write() as session:
        named = await find_named_task(session, request, command.rest)
        if named is None:
            if not command.is_strong:
                return None
            return await offer_tasks_by_words(session, request, command.kind, command.rest)
        task, rest = named
        if command.is_own and not await is_own_task(session, request, task):
            return None
        others = await _list_joined_tasks(session, request, rest)
        if others and command.kind in ("done", "received"):
            return await offer_each(session, request, command.kind, [task, *others])
        chosen = await _choose_case(session, request, command, task, rest)
        if isinstance(chosen, Answer):
            return chosen
        return await run_on_case(session, request, command.kind, *chosen, file)


async def find_named_task(
    session: AsyncSession, request: Request, typed: TypedText
) -> tuple[Task, TypedText] | None:
    """Return the task that the text names by number or code, and the text without it.

    Codes below the one that is written are no tasks that were named: "việc số 2" is not 2.1.1.
    """
    for code, match in find_codes(typed):
        found = await find_tasks_of_number(session, request, code)
        if len(found) == 1:
            return found[0], typed.remove_match(match)
    return None


async def _list_joined_tasks(
    session: AsyncSession, request: Request, rest: TypedText
) -> list[Task]:
    """Return the tasks that are named beside the first: "II.2" of "xong II.3 và II.2"."""
    joined = words.get_pattern("sentences", "joined_code")
    tasks: list[Task] = []
    while (begin := joined.match(rest.folded)) is not None:
        after = words.make_typed_text(rest.text[begin.end() :])
        code = words.get_pattern("sentences", "code").match(after.folded)
        named = await find_named_task(session, request, after) if code is not None else None
        if named is None:
            break
        tasks.append(named[0])
        rest = named[1]
    return tasks


async def offer_each(
    session: AsyncSession,
    request: Request,
    kind: CommandKind,
    tasks: Sequence[Task],
    question: str = "wish-each",
) -> Answer:
    """Offer a button for each of several tasks of one sentence; nothing is written before."""
    _, action, button = next(row for row in KINDS if row[0] == kind)
    rows, refused = [], []
    for task in tasks[:MOST_OFFERED]:
        found = await cases.find_cases_of_task(session, task.id)
        case = cases.find_next_case([c for c in found if c.may_do(request, action)])
        if case is not None:
            rows.append([_make_task_button(case, button)])
        elif found and (refusal := cases.explain_refusal(found[0], request, action)):
            refused += [found[0].describe_task(), *refusal.blocks]
    if not rows and not refused:
        return refuse_dialogue()
    asked = [say(question)] if rows else []
    return make_answer(*asked, *refused, buttons=rows, asks=True)


def _make_task_button(case: AssignmentCase, button: str) -> Button:
    title = shorten_text(case.task.title, LABEL_LENGTH)
    return make_button(say("button-task", key=case.task.key, title=title), button, case.id)


async def is_own_task(session: AsyncSession, request: Request, task: Task) -> bool:
    """Return whether an agency of the sender is responsible for the task."""
    agencies = {h.agency_id for h in request.sender.agency_posts}
    return any(
        agencies & case.agency_ids for case in await cases.find_cases_of_task(session, task.id)
    )


async def _choose_case(
    session: AsyncSession, request: Request, command: SentenceCommand, task: Task, rest: TypedText
) -> tuple[AssignmentCase, TypedText] | Answer:
    """Return the assignment that the sentence is about, and what else it says; or what to ask."""
    found = await cases.find_cases_of_task(session, task.id)
    if not found:
        return refuse_dialogue()
    action, button = next((a, b) for kind, a, b in KINDS if kind == command.kind)
    allowed = [case for case in found if case.may_do(request, action)]
    if not allowed:
        return cases.explain_refusal(found[0], request, action) or refuse_dialogue()
    own = [
        case
        for case in allowed
        if any(h.agency_id in case.agency_ids for h in request.sender.agency_posts)
    ] or allowed
    owner = await _find_owner(session, request, rest)
    if owner is not None:
        agency_ids, rest = owner
        own = [case for case in allowed if agency_ids & case.agency_ids]
        if not own:
            return _ask_whose(allowed, button, "wish-other-agency")
    open_ones = [case for case in own if case.assignment.status in OPEN]
    if len({case.assignment.agency_id for case in open_ones}) > 1:
        return _ask_whose(open_ones, button)
    case = cases.find_next_case(open_ones) or cases.find_next_case(own, [Status.REPORTED]) or own[0]
    return case, rest


async def _find_owner(
    session: AsyncSession, request: Request, rest: TypedText
) -> tuple[frozenset[int], TypedText] | None:
    """Return the ids of the agency whose task it is said to be, and the text behind its name.

    "II.4 của sở X coi như xong": what names the agency is no note of the report.
    """
    of = words.get_pattern("sentences", "owner").match(rest.folded)
    if of is None:
        return None
    names, behind = await request.app.load_registry_names(session), rest.text[of.end() :]
    mention = next(iter(names.directory.find_mentions(behind, request.today)), None)
    if mention is None or mention.start or not mention.names:
        return None
    found = (names.agency_ids.get(name) for name in mention.names)
    ids = frozenset(number for number in found if number is not None)
    return ids, words.make_typed_text(behind[mention.end :])


def _ask_whose(
    open_ones: Sequence[AssignmentCase], button: str, question: str = "wish-whose"
) -> Answer:
    """Ask which of several agencies with this task the sentence is about."""
    first: dict[int | None, AssignmentCase] = {}
    for case in open_ones:
        first.setdefault(case.assignment.agency_id, case)
    rows = [
        [
            make_button(
                say("button-agency", name=shorten_text(case.agency or "…", LABEL_LENGTH)),
                button,
                case.id,
            )
        ]
        for case in list(first.values())[:MOST_OFFERED]
    ]
    return make_answer(say(question), open_ones[0].describe_task(), buttons=rows, asks=True)


async def run_on_case(
    session: AsyncSession,
    request: Request,
    kind: CommandKind,
    case: AssignmentCase,
    rest: TypedText,
    file: StoredFile | None,
) -> Answer:
    """Run the command on one assignment with what else was said; `file` is evidence of a report."""
    before = words.get_pattern("sentences", "particles_before").match(rest.folded)
    if kind == "done" and before is not None:
        rest = rest.remove_match(before)
    particles = rest.search(words.get_pattern("sentences", "particles"))
    typed = (rest.text[: particles.start()] if particles else rest.text).strip(" ,.;:-–")
    if kind == "done":
        proof = evidence.read_evidence(typed, request.said_at.date())
        is_given = file is not None or not proof.is_empty
        if case.assignment.status == Status.REPORTED and is_given and not proof.future:
            return await report_evidence.add_to_last_report(session, case, request, proof, file)
        return await report.report_done(session, case, request, proof, file)
    if kind == "received":
        return await report.receive_task(session, case, request)
    if kind == "progress":
        return await report.note_progress(session, case, request, typed or None)
    return await _ask_more_time(session, request, case, words.make_typed_text(typed))


async def _ask_more_time(
    session: AsyncSession, request: Request, case: AssignmentCase, typed: TypedText
) -> Answer:
    """Ask for more time; the day that the sentence names is repeated before it is stored."""
    because = typed.search(words.get_pattern("sentences", "because"))
    reason = typed.get_original(because, 1) if because else None
    until = typed.search(words.get_pattern("sentences", "until"))
    query = days.parse_days(typed.get_original(until, 1), request.said_at.date()) if until else ()
    calendar = await days.load_calendar(session)
    more = extension_days.read_more_days(typed.text, case, request.today, calendar)
    if more is not None:
        query = (more,)
    if len(query) != 1:
        return await more_time.ask_day(session, case, request, reason)
    return await more_time.repeat_day(session, case, request, query[0], reason)


async def ask_time_for_task(
    session: AsyncSession, request: Request, task: Task, rest: TypedText
) -> Answer:
    """Ask for more time for a task, as if it had been named; `rest` may say the day and why."""
    command = SentenceCommand("more", rest, is_strong=True)
    chosen = await _choose_case(session, request, command, task, rest)
    if isinstance(chosen, Answer):
        return chosen
    return await run_on_case(session, request, "more", *chosen, None)


async def offer_tasks_by_words(
    session: AsyncSession, request: Request, kind: CommandKind, typed: TypedText
) -> Answer | None:
    """Offer the sender's own tasks that fit the words; None if no task does."""
    agencies = tuple(h.agency_id for h in request.sender.agency_posts if h.agency_id is not None)
    query_words = search.list_search_words(typed.text)
    if not agencies or not query_words:
        return None
    registry = await request.app.load_registry_names(session)
    plans = tuple(p.id for p in registry.list_plans_in_force(request.today))
    collectives = tuple(c for a in agencies for c in registry.collectives.get(a, ()))
    query = TaskQuery(
        request.today,
        plans=plans,
        agencies=agencies,
        collectives=collectives,
        status="unfinished",
        words=query_words,
    )
    found = await find_tasks(session, query)
    if not found.all_ids:
        return await _explain_done(session, request, replace(query, status="done"))
    _, action, button = next(row for row in KINDS if row[0] == kind)
    rows, settled = [], []
    for task_id in found.all_ids[:MOST_OFFERED]:
        own_cases = [
            c for c in await cases.find_cases_of_task(session, task_id) if c.may_do(request, action)
        ]
        settled += own_cases[:1]
        case = cases.find_next_case(
            [c for c in own_cases if c.assignment.agency_id in agencies] or own_cases
        )
        if case is not None:
            rows.append([_make_task_button(case, button)])
    if rows:
        return make_answer(say("wish-which"), buttons=rows, asks=True)
    if settled:
        return make_answer(say("statement-settled", task=settled[0].describe_task()))
    return None


async def _explain_done(session: AsyncSession, request: Request, query: TaskQuery) -> Answer | None:
    """Return that the one task that the words fit is done already; None if there is no such."""
    ids = (await find_tasks(session, query)).all_ids
    found = await cases.find_cases_of_task(session, ids[0]) if len(ids) == 1 else []
    if not found:
        return None
    return make_answer(say("statement-settled", task=found[0].describe_task()))
