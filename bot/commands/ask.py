"""`ask`: questions answered as in chat, with what was understood, for programs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.application import make_app_context, open_registry
from bot.settings import Settings
from handlers.conversation.incoming import Incoming
from handlers.conversation.request import AppContext, Request
from handlers.conversation.rights import ActivePost, Sender
from handlers.conversation.user_error import UserError
from handlers.questions.answers import compose_answer
from handlers.questions.look_up import QuestionResult, look_up_tasks, understand_question
from locales.answer import Answer, say
from locales.fluent import render_pages, strip_markup
from models.people import PostRole
from models.plans import load_task_keys

LONGEST_PAGE = 1_000_000  # units of a text; the command line does not cut
ASKED_AT = time(9)  # the hour of the day at which a question counts as asked


@dataclass(frozen=True)
class AskedQuestion:
    """A question, the day on which it is asked, and the asker's agency."""

    text: str
    today: date
    agency: str | None


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
    settings: Settings, questions: Sequence[AskedQuestion]
) -> list[AskResult]:
    """Answer each question by itself; none is a follow-up of another."""
    async with open_registry(settings.database_url.get_secret_value()) as database:
        context = make_app_context(database, settings)
        return [
            await _answer_question(
                context, question, datetime.combine(question.today, ASKED_AT, settings.zone)
            )
            for question in questions
        ]


async def _answer_question(context: AppContext, asked: AskedQuestion, now: datetime) -> AskResult:
    agency = asked.agency or ""
    incoming = Incoming("command-line", "", "private", "", "", agency, now, asked.text)
    async with context.database.read() as session:
        names = await context.load_registry_names(session)
        name = None
        if agency:
            match = names.directory.find_agency(agency)
            if len(match.names) != 1:
                raise UserError(say("cli-unknown-agency", name=agency))
            name = match.names[0]
        post = ActivePost(PostRole.FOCAL_POINT, names.agency_ids.get(name or ""), name)
        sender = Sender(None, agency, (post,) if name else ())
        request = Request(incoming, context, sender, _ignore_progress)
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


async def _ignore_progress(_: Answer) -> None:
    """Do nothing: nobody watches."""
