"""Takes work out as a file (`/xuat`, the button under a list): Excel, Word, the plan format."""

from __future__ import annotations

import json

from handlers.conversation import words
from handlers.conversation.refusals import refuse_button
from handlers.conversation.request import Handler, Request
from handlers.conversation.rights import Action
from handlers.files.ordering import (
    AnsweredOtherwise,
    explain_no_file,
    find_work,
    make_file,
    name_file,
    prepare_order,
    read_work,
    tell_shared_left_out,
)
from handlers.files.period_report import (
    find_this_month,
    send_period_report,
    send_report,
)
from handlers.plans.upload import export_plan
from handlers.questions.ask import load_asked, store_question
from language.questions.question import Question
from locales.answer import (
    Answer,
    Button,
    File,
    Sentence,
    make_answer,
    make_button,
    say,
    unpack_action,
)
from locales.user_error import UserError
from reports.orders import FileKind

EXPORT_NAME = "ke-hoach.json"  # in Vietnamese, as people see it among their files


async def export_work(request: Request) -> Answer:
    """Answer `/xuat [format] [question or plan]`: send a file, or ask in which format."""
    name, rest = _split_format(request.args)
    if name == "json":
        return await _send_plan(request, rest or None)
    if name == "word":
        request.args = rest
        return await send_period_report(request)
    try:
        async with request.read() as session:
            question = await read_work(session, request, rest)
        if name == "excel":
            return await send_sheet(request, question)
        async with request.read() as session:
            await find_work(session, request, question)
            names = await request.app.load_registry_names(session)
    except AnsweredOtherwise as other:
        return other.answer
    asked = await store_question(request, question)
    rows = [[_make_button(asked, kind) for kind in ("xlsx", "docx")]]
    if request.may_do(Action.IMPORT):
        if rest and names.find_plans(rest):  # the plan itself was asked for
            plan = await _send_plan(request, rest)
            return make_answer(*plan.blocks, buttons=rows, files=plan.files)
        rows[0].append(_make_button(asked, "json"))
    return make_answer(say("file-which-format"), buttons=rows)


def _split_format(text: str) -> tuple[str | None, str]:
    """Return the format that a text begins with, and the rest."""
    for name in ("excel", "word", "json"):
        rest = words.find_rest_after_any("formats", name, text)
        if rest is not None:
            return name, rest
    return None, text.strip()


def _make_button(asked: int, kind: str) -> Button:
    return make_button(say(f"button-file-{kind}"), "file", asked, kind)


async def _send_plan(request: Request, name: str | None) -> Answer:
    """Send a plan as a file of the plan format."""
    if not request.may_do(Action.IMPORT):
        return make_answer(say("import-not-allowed"))
    try:
        plan = await export_plan(request.app, name)
    except UserError as error:
        return make_answer(error.sentence)
    content = json.dumps(plan.as_json(), ensure_ascii=False, indent=1).encode()
    return make_answer(
        say("export-done", count=len(plan.tasks)), files=[File(EXPORT_NAME, content)]
    )


async def send_sheet(request: Request, question: Question) -> Answer:
    """Send the status table of the work that `question` means, as an Excel file."""
    left_out: list[Sentence] = []
    try:
        order = await prepare_order(request, FileKind.SHEET, question)
        left_out = await tell_shared_left_out(request, question)
        made = await make_file(request, order)
    except AnsweredOtherwise as other:
        return other.answer
    except UserError as error:
        return explain_no_file(error, left_out)
    done = say(
        "file-done-xlsx",
        count=made.figures["rows"],
        late=made.figures["open_late"],
        about=order.about,
    )
    return make_answer(done, *left_out, files=[name_file(request, FileKind.SHEET, made)])


async def send_by_button(request: Request) -> Answer:
    """Answer a button "file": the work of a stored question in the format of the button."""
    number, kind = unpack_action(request.args, 2)
    async with request.read() as session:
        row = await load_asked(session, request, number)
    if row is None:
        return refuse_button()
    question = Question.from_json(row.question)
    if kind == FileKind.SHEET:
        return await send_sheet(request, question)
    if kind == FileKind.REPORT:
        return await send_report(request, question, find_this_month(request))
    if kind == "json":
        return await _send_plan(request, question.plan)
    return refuse_button()


COMMANDS: dict[str, Handler] = {"xuat": export_work}
ACTIONS: dict[str, Handler] = {"file": send_by_button}
