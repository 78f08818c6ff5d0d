"""`ask`: questions answered as in chat, with what was understood, for programs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.application import make_app_context, open_registry
from bot.settings import Settings
from handlers.conversation.incoming import Incoming, ignore_progress
from handlers.conversation.registry_names import RegistryNames
from handlers.conversation.request import AppContext, Request
from handlers.conversation.rights import ActivePost, Sender
from handlers.questions.answers import compose_answer
from handlers.questions.look_up import QuestionResult, look_up_tasks, understand_question
from language.questions.question import Question
from language.text import normalise
from locales.answer import Sentence, say
from locales.fluent import load_sentences, render_pages, strip_markup
from locales.user_error import UserError
from models.people import PostRole
from models.plans import load_task_keys

LONGEST_PAGE = 1_000_000  # units of a text; the command line does not cut
ASKED_AT = time(9)  # the hour of the day at which a question counts as asked


@dataclass(frozen=True)
class AskedQuestion:
    """A question, the day on which it is asked, and the asker's agency.

    `fault` says what is wrong with its line; it is the answer then.
    """

    text: str
    today: date
    agency: str | None
    fault: Sentence | None = None


def read_question_line(item: dict[str, Any], today: date, asker: str | None) -> AskedQuestion:
    """Return the question of a line with `q` and perhaps `today` and `as`."""
    text, agency = normalise(str(item["q"])), item.get("as") or asker
    asked = AskedQuestion(text, today, str(agency) if agency else None)
    if not item.get("today"):
        return asked
    try:
        return replace(asked, today=date.fromisoformat(str(item["today"])))
    except ValueError:
        return replace(asked, fault=say("cli-wrong-day", text=str(item["today"])[:40]))


@dataclass(frozen=True)
class AskResult:
    """One question answered."""

    result: QuestionResult
    text: str
    tasks: list[dict[str, Any]]

    def as_json(self) -> dict[str, Any]:
        """Return the object of `ask --json` (docs/dev/command-line.md)."""
        question = self.result.question
        due = None
        if question.due is not None:
            due = [None if day is None else day.isoformat() for day in question.due]
        return {
            "intent": question.intent,
            "agencies": list(question.agencies),
            "unknown_agency": question.unknown_agency,
            "role": question.role,
            "status": question.status,
            "due": due,
            "code": question.code,
            "section": question.section,
            "plan": question.plan,
            "words": question.words,
            "keys": [task["key"] for task in self.tasks if not task["shared"]],
            "shared_keys": [task["key"] for task in self.tasks if task["shared"]],
            "tasks": self.tasks,
            "answer": self.text,
        }


async def answer_questions(
    settings: Settings, questions: Sequence[AskedQuestion], asker: str | None = None
) -> list[AskResult]:
    """Answer each question by itself; none is a follow-up of another.

    What is wrong with one line is the answer to it. `asker` is the agency of the whole command:
    raises UserError if nobody knows it.
    """
    async with open_registry(settings.database_url.get_secret_value()) as database:
        context = make_app_context(database, settings)
        if asker is not None:
            async with context.database.read() as session:
                _find_asker(await context.load_registry_names(session), asker)
        return [await _answer_line(context, question, settings) for question in questions]


async def _answer_line(context: AppContext, asked: AskedQuestion, settings: Settings) -> AskResult:
    """Answer a question, or say what is wrong with its line."""
    fault = asked.fault
    if fault is None:
        try:
            moment = datetime.combine(asked.today, ASKED_AT, settings.zone)
            return await _answer_question(context, asked, moment)
        except UserError as error:
            fault = error.sentence
    text = load_sentences().to_text(fault)
    return AskResult(QuestionResult(Question("unknown")), text, [])


def _find_asker(names: RegistryNames, agency: str) -> str:
    """Return the canonical name of the asker's agency. Raises UserError if nobody knows it."""
    match = names.directory.find_agency(agency)
    if len(match.names) != 1:
        raise UserError(say("cli-unknown-agency", name=agency))
    return match.names[0]


async def _answer_question(context: AppContext, asked: AskedQuestion, now: datetime) -> AskResult:
    agency = asked.agency or ""
    incoming = Incoming("command-line", "", "private", "", "", agency, now, asked.text)
    async with context.database.read() as session:
        names = await context.load_registry_names(session)
        name = _find_asker(names, agency) if agency else None
        post = ActivePost(PostRole.FOCAL_POINT, names.agency_ids.get(name or ""), name)
        sender = Sender(None, agency, (post,) if name else ())
        request = Request(incoming, context, sender, ignore_progress)
        question = understand_question(asked.text, names, name, now.date(), None)
        result = await look_up_tasks(session, question, names, now.date())
        answer = await compose_answer(session, result, names, request)
        tasks = await _list_tasks(session, result)
    pages = render_pages(answer, LONGEST_PAGE)
    return AskResult(result, "\n".join(strip_markup(page) for page in pages), tasks)


async def _list_tasks(session: AsyncSession, result: QuestionResult) -> list[dict[str, Any]]:
    numbers = {plan.id: plan.full_name for plan in result.plans}
    shared = set(result.tasks.shared)
    tasks = []
    for task_id, plan_id, key in await load_task_keys(session, result.tasks.all_ids):
        tasks.append({"plan": numbers.get(plan_id), "key": key, "shared": task_id in shared})
    return tasks
