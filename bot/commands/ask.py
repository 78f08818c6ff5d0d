"""`ask` of the command line: questions answered as the router does, with what was understood, for programs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from bot.application import make_app_context, open_registry
from bot.settings import Settings
from handlers.conversation.incoming import Incoming
from handlers.conversation.rights import ActivePost, Sender
from handlers.conversation.turn import AppContext, Request
from handlers.questions.answers import compose_answer
from handlers.questions.look_up import QuestionResult, look_up_tasks, understand_question
from locales.answer import Answer
from locales.fluent import render_pages, strip_markup
from models.people import PostRole

LIMIT = 1_000_000  # units of a text; the command line does not cut


@dataclass
class AskResult:
    """One question answered."""

    result: QuestionResult
    text: str
    tasks: list[dict[str, Any]]

    def as_json(self) -> dict[str, Any]:
        """The object of `ask --json` (command-line.md)."""
        asked = self.result.question
        due = (
            None
            if asked.due is None
            else [None if day is None else day.isoformat() for day in asked.due]
        )
        return {
            "intent": asked.intent,
            "agencies": list(asked.agencies),
            "unknown_agency": asked.unknown_agency,
            "role": asked.role,
            "status": asked.status,
            "due": due,
            "code": asked.code,
            "section": asked.section,
            "plan": asked.plan,
            "words": asked.words,
            "keys": [task["key"] for task in self.tasks if not task["shared"]],
            "shared_keys": [task["key"] for task in self.tasks if task["shared"]],
            "tasks": self.tasks,
            "answer": self.text,
        }


async def answer_questions(
    settings: Settings, asked: Sequence[tuple[str, date, str | None]]
) -> list[AskResult]:
    """Answers each (question, today, asker's agency) by itself; none is a follow-up of another."""
    async with open_registry(settings.database_url.get_secret_value()) as database:
        shared = make_app_context(database, settings)
        return [
            await _answer_question(
                shared, text, datetime.combine(today, time(9), settings.zone), who
            )
            for text, today, who in asked
        ]


async def _answer_question(
    shared: AppContext, text: str, now: datetime, agency: str | None
) -> AskResult:
    incoming = Incoming("command-line", "", "private", "", "", agency or "", now, text)
    async with shared.database.read() as session:
        scene = await shared.load_registry_names(session)
        name = None
        if agency:
            found = scene.directory.find_agency(agency)
            name = found.names[0] if len(found.names) == 1 else agency
        holding = ActivePost(PostRole.FOCAL_POINT, scene.agency_ids.get(name or ""), name)
        turn = Request(
            incoming,
            shared,
            Sender(None, agency or "", (holding,) if name else ()),
            _ignore_progress,
        )
        question = understand_question(text, scene, name, now.date(), None)
        result = await look_up_tasks(session, question, scene, now.date())
        said = await compose_answer(session, result, scene, turn)
        tasks = await _load_task_rows(session, result)
    return AskResult(
        result, "\n".join(strip_markup(page) for page in render_pages(said, LIMIT)), tasks
    )


async def _load_task_rows(session: Any, result: QuestionResult) -> list[dict[str, Any]]:
    from sqlmodel import col, select

    from models.plans import Task

    numbers = {plan.id: plan.number or plan.title for plan in result.plans}
    ids = result.tasks.all_ids
    rows = {
        task_id: (plan_id, key)
        for start in range(0, len(ids), 500)
        for task_id, plan_id, key in await session.exec(
            select(Task.id, Task.plan_id, Task.key).where(
                col(Task.id).in_(ids[start : start + 500])
            )
        )
    }
    shared = set(result.tasks.shared)
    return [
        {
            "plan": numbers.get(rows[task_id][0]),
            "key": rows[task_id][1],
            "shared": task_id in shared,
        }
        for task_id in ids
    ]


async def _ignore_progress(_: Answer) -> None:
    """Nobody watches."""
