"""What all files of a chat share: which work they are about, by whose rights, and their making."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from sqlmodel.ext.asyncio.session import AsyncSession

from handlers.conversation import words
from handlers.conversation.request import Request
from handlers.questions.answers import compose_answer, explain_unanswerable, may_see_all
from handlers.questions.ask import (
    list_own_agencies,
    load_previous,
    read_own_question,
    restrict_question,
)
from handlers.questions.filters import describe_filters
from handlers.questions.look_up import (
    KIND_STATUSES,
    QuestionResult,
    join_follow_up,
    look_up_tasks,
)
from language.questions.question import Question
from locales.answer import Answer, File, Sentence, make_answer, say
from locales.fluent import load_sentences
from locales.phrases import join_beside
from locales.user_error import UserError
from models.queries.periods import Period
from models.queries.task_query import TaskQuery
from models.queries.task_search import find_tasks
from models.queries.task_view import load_task_views
from models.queries.work_scope import count_tasks_with_work
from reports.figure_table import name_period
from reports.orders import FileKind, FileOrder, MadeFile

ALL_WORK = Question("list")


class AnsweredOtherwise(Exception):
    """The question behind a file has an answer instead: an agency to choose, no such plan ..."""

    def __init__(self, answer: Answer) -> None:
        super().__init__()
        self.answer = answer


async def find_work(session: AsyncSession, request: Request, question: Question) -> QuestionResult:
    """Return the work that a file is about, as far as the sender may see it.

    Raises AnsweredOtherwise if the question finds nothing or must be asked again.
    """
    task_id = question.task
    about = replace(question, item=None) if task_id is None else ALL_WORK
    question = restrict_question(request, about)
    names = await request.app.load_registry_names(session)
    result = await look_up_tasks(session, question, names, request.today)
    if task_id is not None:
        await _narrow_to_task(session, result, task_id)
    refusal = explain_unanswerable(result, request)
    if refusal is not None:
        raise AnsweredOtherwise(refusal)
    if not result.tasks.all_ids:
        raise AnsweredOtherwise(await compose_answer(session, result, names, request))
    if result.query is not None and not may_see_all(request):
        result.query = replace(result.query, own_only=True)
    return result


async def _narrow_to_task(session: AsyncSession, result: QuestionResult, task_id: int) -> None:
    """Let the work be that of one task, of whichever plan, as far as the question goes."""
    views = await load_task_views(session, [task_id])
    if result.query is None or not views:
        return
    view = views[0]
    result.query = replace(result.query, plans=(view.task.plan_id,), tasks=(task_id,))
    result.question = replace(result.question, code=view.task.key)
    result.plans, result.tasks = [view.plan], await find_tasks(session, result.query)


def cover_all_states(question: Question) -> tuple[Question, list[Sentence]]:
    """Return a question without the state that it asks for, and the sentence that says so.

    A report and a comparison have work of every state.
    """
    status = question.status
    if status is None or status in KIND_STATUSES:
        return replace(question, intent="progress"), []
    whole = replace(question, intent="progress", status=None, done_in=None)
    state = say(f"filter-{status.replace('_', '-')}")
    return whole, [say("file-all-states", state=state)]


async def prepare_order(
    request: Request, kind: FileKind, question: Question, period: Period | None = None
) -> FileOrder:
    """Return the order of a file about the work that `question` means, by the sender's rights.

    Raises AnsweredOtherwise.
    """
    async with request.read() as session:
        result = await find_work(session, request, question)
        about = await describe_work(session, request, result)
    if result.query is None:
        raise AnsweredOtherwise(make_answer(say("no-plan")))
    agency = next(iter(list_own_agencies(request.sender)), None)
    return make_order(request, kind, result.query, about, period=period, agency=agency)


async def tell_shared_left_out(request: Request, question: Question) -> list[Sentence]:
    """Say how many tasks of the list are in no file: they come through a collective.

    An agency that has not joined holds no part of them once others have.
    """
    if not question.agencies:
        return []
    async with request.read() as session:
        result = await find_work(session, request, question)
        if result.query is None or not result.tasks.shared:
            return []
        held = await count_tasks_with_work(session, result.query, result.tasks.shared)
    count, agencies = len(result.tasks.shared) - held, result.question.agencies
    return [say("file-shared-left-out", count=count, names=agencies)] if count > 0 else []


def explain_no_file(error: UserError, left_out: Sequence[Sentence]) -> Answer:
    """Say why there is no file: for what was left out of it, if nothing is in it."""
    is_empty = error.sentence.id == "file-nothing" and bool(left_out)
    return make_answer(*(left_out if is_empty else [error.sentence]))


async def describe_work(session: AsyncSession, request: Request, result: QuestionResult) -> str:
    """Return in words what a question was understood as."""
    names = await request.app.load_registry_names(session)
    return load_sentences().to_text(join_beside(describe_filters(result, names)))


def make_order(
    request: Request,
    kind: FileKind,
    query: TaskQuery,
    about: str,
    *,
    period: Period | None = None,
    agency: str | None = None,
) -> FileOrder:
    """Return the order of a file about the tasks of `query`."""
    url, template = request.app.database.given_url, request.app.options.report_template
    return FileOrder(kind, url, query, about, request.now, period, agency, template)


async def make_file(request: Request, order: FileOrder) -> MadeFile:
    """Have the file made, and show how far it is. Raises UserError."""
    making = {"period": name_period(order.period)} if order.period else {}

    async def tell_rows(rows: int) -> None:
        await request.progress(make_answer(say("file-rows", count=rows)))

    await request.progress(make_answer(say(f"file-making-{order.kind.value}", **making)))
    return await request.app.files.make_file(order, tell_rows)


def name_file(request: Request, kind: FileKind, made: MadeFile) -> File:
    """Return a made file with the name under which people find it among theirs."""
    name = load_sentences().to_text(say(f"file-name-{kind.value}"))
    return File(f"{name}-{request.today:%Y-%m-%d}.{kind.ending}", made.content)


async def read_work(session: AsyncSession, request: Request, text: str) -> Question:
    """Return the question about work that `text` asks; all work if it says nothing.

    The number of a plan alone means the plan. An agency alone means all its work: only what says so
    goes on with the question before. Raises AnsweredOtherwise if it is not understood.
    """
    if not text or words.is_one_of("wishes", "all_work", text):
        return ALL_WORK
    names = await request.app.load_registry_names(session)
    plans = names.find_plans(text)
    if plans:
        return replace(ALL_WORK, plan=plans[0].number or text)
    question = await read_own_question(session, request, text)
    if not question.follow_up:
        return question
    goes_on = words.make_typed_text(text).search(words.get_pattern("wishes", "goes_on"))
    is_about_list = question.it or question.item is not None or goes_on is not None
    previous = await load_previous(session, request) if is_about_list else None
    return join_follow_up(previous, question, request.today)
