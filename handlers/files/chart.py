"""Charts (`/bieudo`): progress by agency, or what is due by week."""

from __future__ import annotations

from dataclasses import replace

from handlers.conversation import words
from handlers.conversation.request import Handler, Request
from handlers.files.ordering import (
    AnsweredOtherwise,
    find_work,
    make_file,
    name_file,
    prepare_order,
    read_work,
)
from handlers.questions.answers import compose_answer
from language.questions.question import Question
from locales.answer import Answer, make_answer, say
from locales.user_error import UserError
from models.queries.figures import Figures
from reports.orders import FileKind


async def send_asked_chart(request: Request) -> Answer:
    """Answer `/bieudo [tiến độ | theo thời gian] [plan or agency]`: send the chart."""
    return await send_chart_of(request, request.args)


async def send_chart_of(request: Request, text: str) -> Answer:
    """Send the chart that a text names, of the work that it names besides."""
    typed = words.make_typed_text(text)
    kind = FileKind.PROGRESS_CHART
    for name, one in (("timeline", FileKind.TIMELINE_CHART), ("progress", kind)):
        match = typed.search(words.get_pattern("charts", name))
        if match is not None:
            kind, typed = one, typed.remove_match(match)
            break
    try:
        async with request.read() as session:
            question = await read_work(session, request, typed.text.strip(" ,.:;"))
        return await send_chart(request, kind, question)
    except AnsweredOtherwise as other:
        return other.answer


async def send_chart(request: Request, kind: FileKind, question: Question) -> Answer:
    """Send a chart of the work that `question` means. Raises AnsweredOtherwise."""
    about = replace(question, intent="progress")
    order = await prepare_order(request, kind, about)
    try:
        made = await make_file(request, order)
    except UserError as error:
        if error.sentence.id != "chart-missing":
            return make_answer(error.sentence)
        return await _show_bars(request, about, error)
    total = Figures(**made.figures)
    done = say(
        f"file-done-{kind.value}",
        done=total.done_total,
        count=total.dated_total,
        percent=total.percent_done,
        late=total.open_late,
        about=order.about,
    )
    return make_answer(done, files=[name_file(request, kind, made)])


async def _show_bars(request: Request, question: Question, error: UserError) -> Answer:
    """Show the bars of the answer in chat, and say what is missing for a picture."""
    async with request.read() as session:
        result = await find_work(session, request, question)
        names = await request.app.load_registry_names(session)
        answer = await compose_answer(session, result, names, request)
    return make_answer(*answer.blocks, error.sentence)


COMMANDS: dict[str, Handler] = {"bieudo": send_asked_chart}
