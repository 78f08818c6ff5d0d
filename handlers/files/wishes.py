"""Files that are wished for in a sentence: "xuất excel danh sách việc quá hạn", "vẽ biểu đồ".

Also a period compared with the one before ("tháng này so với tháng trước").
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace

from handlers.conversation import words
from handlers.conversation.request import Request
from handlers.conversation.words import TypedText
from handlers.files.calendar import send_calendar_of
from handlers.files.chart import send_chart_of
from handlers.files.export import export_work, send_sheet
from handlers.files.ordering import ALL_WORK, AnsweredOtherwise, read_work
from handlers.files.period_report import compare_periods, find_this_month, send_report_of
from handlers.files.periods import read_period
from handlers.questions.ask import load_previous
from locales.answer import Answer


async def grant_wish(request: Request) -> Answer | None:
    """Send the file that a sentence wishes for; None if it wishes for none."""
    text = request.incoming.text.strip(" .!")
    if not text or len(text) > words.LONGEST_ORDER:
        return None
    typed = words.make_typed_text(text)
    for read_wish in _READERS:
        answer = await read_wish(request, typed)
        if answer is not None:
            return answer
    return None


def _cut_polite_words(typed: TypedText) -> TypedText:
    """Return the text without what is said for politeness before and behind it."""
    for name in ("behind", "before"):
        match = typed.search(words.get_pattern("wishes", name))
        if match is not None and match[0]:
            typed = typed.remove_match(match)
    return words.make_typed_text(typed.text.strip(" ,.;:?"))


async def _read_sheet_wish(request: Request, typed: TypedText) -> Answer | None:
    """Send the table that a sentence asks for; alone, the wish is about the last list."""
    mark = typed.search(words.get_pattern("wishes", "sheet"))
    if mark is None:
        return None
    ahead = _cut_verb(words.make_typed_text(typed.text[: mark.start()]))
    behind = _cut_polite_words(words.make_typed_text(typed.text[mark.end() :]))
    if ahead.text and behind.text:
        return None  # the word stands in a subject
    text = ahead.text or behind.text
    try:
        async with request.read() as session:
            before = await load_previous(session, request)
            if words.is_one_of("wishes", "this_list", text) or not text:
                question = replace(before, item=None) if before is not None else ALL_WORK
            else:
                question = await read_work(session, request, _complete_text(text))
    except AnsweredOtherwise as other:
        return other.answer
    return await send_sheet(request, question)


def _cut_verb(typed: TypedText) -> TypedText:
    """Return the text without the politeness and the verb that a wish begins with."""
    rest = _cut_polite_words(typed)
    verb = rest.search(words.get_pattern("wishes", "sheet_verb"))
    return _cut_polite_words(rest.remove_match(verb)) if verb is not None else rest


def _complete_text(text: str) -> str:
    """Return what is left of a sentence as a question: "của Sở Y tế" is about its tasks."""
    if words.make_typed_text(text).search(words.get_pattern("wishes", "dangling")) is None:
        return text
    return f"{words.get_word('wishes', 'tasks')} {text}"


async def _read_chart_wish(request: Request, typed: TypedText) -> Answer | None:
    match = typed.search(words.get_pattern("wishes", "chart"))
    return None if match is None else await send_chart_of(request, _take_rest(typed, match.end()))


async def _read_calendar_wish(request: Request, typed: TypedText) -> Answer | None:
    match = typed.search(words.get_pattern("wishes", "calendar"))
    if match is None:
        return None
    return await send_calendar_of(request, _take_rest(typed, match.end()))


async def _read_report_wish(request: Request, typed: TypedText) -> Answer | None:
    """Send the report that a sentence asks for: with a verb of writing, or with a period."""
    match = typed.search(words.get_pattern("wishes", "report"))
    if match is None:
        return None
    period, rest = read_period(words.make_typed_text(typed.text[match.end() :]), request.today)
    if period is None and match["verb"] is None:
        return None
    text = _take_rest(rest, 0)
    is_named = _matches("scope", text) or _matches("subject", rest.text)
    if match["verb"] is None and text and not is_named:
        return None
    return await send_report_of(request, text, period or find_this_month(request))


def _matches(name: str, text: str) -> bool:
    """Return whether a text says what the pattern of this name is for."""
    pattern = words.get_pattern("wishes", name)
    return words.make_typed_text(text).search(pattern) is not None


async def _read_comparison(request: Request, typed: TypedText) -> Answer | None:
    match = typed.search(words.get_pattern("wishes", "comparison"))
    if match is None:
        return None
    period, rest = read_period(typed, request.today)
    if period is None:
        return None
    other, rest = read_period(rest, request.today)
    if other is not None and other.kind is period.kind and other.first > period.first:
        period = other
    text = rest.text
    for name in ("comparison", "comparison_noise"):
        found = words.make_typed_text(text).search(words.get_pattern("wishes", name))
        if found is not None:
            text = words.make_typed_text(text).remove_match(found).text
    try:
        async with request.read() as session:
            question = await read_work(session, request, _take_rest(words.make_typed_text(text), 0))
    except AnsweredOtherwise as other:
        return other.answer
    return await compare_periods(request, question, period)


async def _read_export_wish(request: Request, typed: TypedText) -> Answer | None:
    """Ask in which format a list is wanted: "xuất danh sách việc quá hạn"."""
    match = typed.search(words.get_pattern("wishes", "export"))
    if match is None:
        return None
    request.args = _cut_polite_words(words.make_typed_text(typed.text[match.end() :])).text
    return await export_work(request)


def _take_rest(typed: TypedText, start: int) -> str:
    """Return what is behind a wish, without words that only tie it to the wish."""
    rest = _cut_polite_words(words.make_typed_text(typed.text[start:]))
    match = rest.search(words.get_pattern("wishes", "ties"))
    return (rest.remove_match(match) if match is not None else rest).text.strip(" ,.;:?")


_READERS: tuple[Callable[[Request, TypedText], Awaitable[Answer | None]], ...] = (
    _read_sheet_wish,
    _read_export_wish,
    _read_chart_wish,
    _read_comparison,
    _read_report_wish,
    _read_calendar_wish,
)
"""Each answers its kind of wish, or nothing."""
