"""`export --format xlsx`, `report`, `chart` and `calendar`: the files that the chat sends."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from bot.application import make_app_context, open_registry
from bot.commands.options import write_out_file
from bot.settings import Settings
from handlers.conversation.incoming import Incoming, ignore_progress
from handlers.conversation.request import AppContext, Request
from handlers.conversation.rights import ActivePost, Sender
from handlers.files.ordering import AnsweredOtherwise, make_file, prepare_order, read_work
from handlers.plans.preview import find_plan
from language.questions.question import Question
from locales.user_error import UserError
from models.people import PostRole
from models.queries.periods import Period
from reports.orders import FileKind, MadeFile


@dataclass(frozen=True)
class Wanted:
    """A file that the command line wants, and the work that it is about."""

    kind: FileKind
    plan: str | None = None
    agency: str | None = None
    question: str | None = None
    period: Period | None = None


async def write_file(settings: Settings, wanted: Wanted, now: datetime, out: Path) -> MadeFile:
    """Make a file and write it to `out`. Raises UserError."""
    async with open_registry(settings.database_url.get_secret_value()) as database:
        request = _make_request(make_app_context(database, settings), now)
        try:
            question = await _read_question(request, wanted)
            order = await prepare_order(request, wanted.kind, question, wanted.period)
        except AnsweredOtherwise as other:
            raise UserError(other.answer.blocks[0]) from other
        made = await make_file(request, order)
    await asyncio.to_thread(write_out_file, out, made.content)
    return made


async def _read_question(request: Request, wanted: Wanted) -> Question:
    """Return the question about the work that a command names."""
    async with request.read() as session:
        question = await read_work(session, request, wanted.question or "")
        if wanted.plan is not None:
            plan = await find_plan(session, wanted.plan)
            question = replace(question, plan=plan.number or str(plan.first_year))
    if wanted.agency is not None:
        question = replace(question, agencies=(wanted.agency,))
    if wanted.kind is not FileKind.SHEET:
        question = replace(question, intent="progress", status=None, due=None)
    return question


def _make_request(context: AppContext, now: datetime) -> Request:
    """Return a request of the operator, who may see everything."""
    incoming = Incoming("command-line", "", "private", "", "", "", now)
    operator = Sender(None, "", (ActivePost(PostRole.ADMIN),))
    return Request(incoming, context, operator, ignore_progress)
