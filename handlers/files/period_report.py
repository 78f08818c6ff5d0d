"""Word reports of a period (`/baocao`), and a period compared with the one before."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from handlers.conversation import words
from handlers.conversation.request import Handler, Request
from handlers.files.ordering import (
    AnsweredOtherwise,
    cover_all_states,
    make_file,
    name_file,
    prepare_order,
    read_work,
)
from handlers.files.periods import find_month, read_period
from language.questions.question import Question
from locales.answer import Answer, Sentence, make_answer, say
from locales.user_error import UserError
from models.queries.periods import Period
from reports.figure_table import name_period
from reports.orders import FileKind, FileOrder, MadeFile

COMPARED = ("done", "came_due", "became_late", "open_late")
"""What two periods are compared by: fields of a flow, and what is late at the end."""


async def send_period_report(request: Request) -> Answer:
    """Answer `/baocao [period] [plan or agency]`: send the Word report of the period."""
    typed = words.make_typed_text(request.args)
    period, rest = read_period(typed, request.today)
    return await send_report_of(request, rest.text.strip(), period or find_this_month(request))


def find_this_month(request: Request) -> Period:
    """Return the month to report on when none is named."""
    return find_month(request.today)


async def send_report_of(request: Request, text: str, period: Period) -> Answer:
    """Send the report on the work that `text` names: a plan, an agency; all if it is empty."""
    try:
        async with request.read() as session:
            question = await read_work(session, request, text)
    except AnsweredOtherwise as other:
        return other.answer
    if question.due is not None or names_no_period(text):
        return refuse_period()
    return await send_report(request, question, period)


def names_no_period(text: str) -> bool:
    """Return whether a text names days or a period for which no report is made: "tháng 13"."""
    pattern = words.get_pattern("periods", "none")
    return words.make_typed_text(text).search(pattern) is not None


def refuse_period() -> Answer:
    """Say for which periods reports are made."""
    return make_answer(say("report-which-period"))


async def send_report(request: Request, question: Question, period: Period) -> Answer:
    """Send the Word report on the work of `question` in a period."""
    about, dropped = cover_all_states(question)
    found = await _make_period_file(request, FileKind.REPORT, about, period)
    if isinstance(found, Answer):
        return found
    order, made = found
    figures = made.figures
    done = say(
        "file-done-docx",
        period=name_period(period),
        done=figures["done"],
        due=figures["came_due"],
        late=figures["open_late"],
        about=order.about,
    )
    return make_answer(
        *(done, *dropped, say("file-done-docx-blank")),
        files=[name_file(request, FileKind.REPORT, made)],
    )


async def compare_periods(
    request: Request, question: Question, period: Period, before: Period
) -> Answer:
    """Say what was done, came due and became late in a period, and in an earlier one."""
    about, dropped = cover_all_states(question)
    found = await _make_period_file(request, FileKind.COMPARISON, about, period, before)
    if isinstance(found, Answer):
        return found
    order, made = found
    now, then = made.figures["now"], made.figures["before"]
    if not now["known"]:
        return make_answer(say("report-nothing", period=name_period(period)))
    head = say(
        "compare-head",
        period=name_period(period),
        before=name_period(before),
        about=order.about,
    )
    lines: list[Sentence] = []
    for name in COMPARED:
        change = now[name] - then[name]
        signed = f"+{change}" if change > 0 else str(change)
        earlier = say("compare-before", before=then[name], change=signed)
        if not then["known"]:
            earlier = say("compare-before-none")
        lines.append(say(f"compare-{name.replace('_', '-')}", now=now[name], earlier=earlier))
    day, day_before = (date.fromisoformat(part["day"]) for part in (now, then))
    foot = say("compare-foot", day=day, before=day_before)
    return make_answer(head, *lines, *dropped, foot)


async def _make_period_file(
    request: Request,
    kind: FileKind,
    question: Question,
    period: Period,
    before: Period | None = None,
) -> tuple[FileOrder, MadeFile] | Answer:
    """Make a file on the work of `question` in a period; return an answer if there is none."""
    try:
        order = replace(await prepare_order(request, kind, question, period), before=before)
        return order, await make_file(request, order)
    except AnsweredOtherwise as other:
        return other.answer
    except UserError as error:
        return make_answer(error.sentence)


COMMANDS: dict[str, Handler] = {"baocao": send_period_report}
