"""`ask` of the command line: questions answered as the router does, with what was understood, for programs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from bot.application import house, registry
from bot.settings import Settings
from handlers.conversation.incoming import Incoming
from handlers.conversation.rights import Holding, Who
from handlers.conversation.turn import House, Turn
from handlers.questions import ask
from handlers.questions.ask import Result
from locales.answer import Answer
from locales.fluent import plain, render
from models.people import PostRole

LIMIT = 1_000_000  # units of a text; the command line does not cut


@dataclass
class Told:
    """One question answered."""

    result: Result
    text: str
    tasks: list[dict[str, Any]]

    def as_json(self) -> dict[str, Any]:
        """The object of `ask --json` (command-line.md)."""
        asked = self.result.question
        due = None if asked.due is None else [None if day is None else day.isoformat() for day in asked.due]
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


async def ask_all(settings: Settings, asked: Sequence[tuple[str, date, str | None]]) -> list[Told]:
    """Answers each (question, today, asker's agency) by itself; none is a follow-up of another."""
    async with registry(settings.database_url.get_secret_value()) as database:
        shared = house(database, settings)
        return [
            await _ask(shared, text, datetime.combine(today, time(9), settings.zone), who) for text, today, who in asked
        ]


async def _ask(shared: House, text: str, now: datetime, agency: str | None) -> Told:
    incoming = Incoming("command-line", "", "private", "", "", agency or "", now, text)
    async with shared.database.read() as session:
        scene = await shared.scene(session)
        name = None
        if agency:
            found = scene.directory.find(agency)
            name = found.names[0] if len(found.names) == 1 else agency
        holding = Holding(PostRole.FOCAL_POINT, scene.agency_ids.get(name or ""), name)
        turn = Turn(incoming, shared, Who(None, agency or "", (holding,) if name else ()), _no_progress)
        question = ask.understand(text, scene, name, now.date(), None)
        result = await ask.look_up(session, question, scene, now.date())
        said = await ask.compose(session, result, scene, turn)
        tasks = await _tasks(session, result)
    return Told(result, "\n".join(plain(page) for page in render(said, LIMIT)), tasks)


async def _tasks(session: Any, result: Result) -> list[dict[str, Any]]:
    from sqlmodel import col, select

    from models.plans import Task

    numbers = {plan.id: plan.number or plan.title for plan in result.plans}
    ids = result.found.all
    rows = {
        task_id: (plan_id, key)
        for start in range(0, len(ids), 500)
        for task_id, plan_id, key in await session.exec(
            select(Task.id, Task.plan_id, Task.key).where(col(Task.id).in_(ids[start : start + 500]))
        )
    }
    shared = set(result.found.shared)
    return [
        {"plan": numbers.get(rows[task_id][0]), "key": rows[task_id][1], "shared": task_id in shared} for task_id in ids
    ]


async def _no_progress(_: Answer) -> None:
    """Nobody watches."""
