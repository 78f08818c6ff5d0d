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
from handlers.files.period_report import (
    compare_periods,
    find_this_month,
    names_no_period,
    refuse_period,
    send_report,
    send_report_of,
)
from handlers.files.periods import read_period
from handlers.questions.ask import load_previous
from language.typing_slips import mend_raw_telex
from locales.answer import Answer, make_answer, say
from models.queries.periods import Period, find_period


async def grant_wish(request: Request) -> Answer | None:
    """Send the file that a sentence wishes for; None if it wishes for none."""
    text = request.incoming.text.strip(" .!")
    if not text or len(text) > words.LONGEST_ORDER or _matches("sent", text):
        return None
    text = _write_out(text)
    for said in dict.fromkeys((text, mend_raw_telex(text))):
        typed = words.make_typed_text(said)
        for read_wish in _READERS:
            answer = await read_wish(request, typed)
            if answer is not None:
                return answer
    return None


def _write_out(text: str) -> str:
    """Return the text with "báo cáo" for "bc"."""
    typed = words.make_typed_text(text)
    short = typed.search(words.get_pattern("wishes", "short_report"))
    if short is None:
        return text
    report = words.get_word("wishes", "report_noun").strip()
    return f"{typed.text[: short.start()]}{report}{typed.text[short.end() :]}"


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
    mark = mark or typed.search(words.get_pattern("wishes", "table"))
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
    text = _take_rest(rest, 0)
    if match["verb"] is None and _asks(text):
        return None
    if period is None and match["verb"] is None:
        return refuse_period() if names_no_period(rest.text.strip()) else None
    is_named = _matches("scope", text) or _matches("subject", rest.text)
    if match["verb"] is None and text and not is_named and not await _is_of_state(request, text):
        return None
    return await send_report_of(request, text, period or find_this_month(request))


async def _read_summary_wish(request: Request, typed: TypedText) -> Answer | None:
    """Send the report on a period that is to be summed up: "tổng hợp tháng 11 cho tôi"."""
    match = typed.search(words.get_pattern("wishes", "summary"))
    if match is None:
        return None
    period, rest = read_period(words.make_typed_text(typed.text[match.end() :]), request.today)
    text = _take_rest(rest, 0)
    if period is None or _asks(text) or (text and not _matches("scope", text)):
        return None
    return await send_report_of(request, text, period)


async def _is_of_state(request: Request, text: str) -> bool:
    """Return whether a text means the tasks of a state ("các việc quá hạn") and nothing else."""
    if _asks(text):
        return False
    try:
        async with request.read() as session:
            question = await read_work(session, request, text)
    except AnsweredOtherwise:
        return False
    return question.status is not None and not (question.words or question.code)


def _asks(text: str) -> bool:
    pattern = words.get_pattern("sentences", "asks")
    return words.make_typed_text(text).search(pattern) is not None


async def _read_word_wish(request: Request, typed: TypedText) -> Answer | None:
    """Send the report that a sentence wants as a Word file, or as PDF: "tình hình ... ra word"."""
    mark = typed.search(words.get_pattern("wishes", "word"))
    if mark is None or _asks(typed.text):
        return None
    ahead = _cut_verb(words.make_typed_text(typed.text[: mark.start()])).text
    behind = _cut_polite_words(words.make_typed_text(typed.text[mark.end() :])).text
    is_pdf = mark[0].endswith("pdf")
    if (ahead and behind) or (is_pdf and not _matches("about_report", ahead or behind)):
        return None
    if not (ahead or behind):
        async with request.read() as session:
            last = await load_previous(session, request)
        about = replace(last, item=None) if last is not None else ALL_WORK
        return await send_report(request, about, find_this_month(request))
    period, rest = read_period(words.make_typed_text(ahead or behind), request.today)
    report = words.get_word("wishes", "report_noun")
    named = words.make_typed_text(
        rest.text if _matches("report", rest.text) else report + rest.text
    )
    match = named.search(words.get_pattern("wishes", "report"))
    text = _take_rest(named, match.end() if match is not None else 0)
    answer = await send_report_of(request, text, period or find_this_month(request))
    if not is_pdf or not answer.files:
        return answer
    return make_answer(*answer.blocks, say("file-no-pdf"), files=answer.files)


def _matches(name: str, text: str) -> bool:
    """Return whether a text says what the pattern of this name is for."""
    pattern = words.get_pattern("wishes", name)
    return words.make_typed_text(text).search(pattern) is not None


async def _read_comparison(request: Request, typed: TypedText) -> Answer | None:
    match = typed.search(words.get_pattern("wishes", "comparison"))
    if match is None:
        return None
    period, before, rest = _read_two_periods(request, typed)
    if period is None:
        return None
    ahead, _ = read_period(words.make_typed_text(typed.text[: match.start()]), request.today)
    is_past = period.last < request.today
    if before is None and ahead is None and is_past:  # "so với năm ngoái": this year
        period, before = find_period(period.kind, request.today), period
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
    if before is None and len(question.agencies) > 1:
        return None  # agencies are compared, in one period
    return await compare_periods(request, question, period, before or period.previous)


def _read_two_periods(
    request: Request, typed: TypedText
) -> tuple[Period | None, Period | None, TypedText]:
    """Return the period that is compared, the earlier one if it is named, and the rest."""
    last_year = typed.search(words.get_pattern("periods", "same_of_last_year"))
    if last_year is not None:
        period, rest = read_period(typed.remove_match(last_year), request.today)
        period = period or find_this_month(request)
        return period, period.year_before, rest
    period, rest = read_period(typed, request.today)
    other, rest = read_period(rest, request.today)
    if period is None or other is None:
        return period, None, rest
    before, now = sorted((period, other), key=lambda one: one.first)
    return now, before, rest


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
    _read_word_wish,
    _read_export_wish,
    _read_chart_wish,
    _read_comparison,
    _read_report_wish,
    _read_summary_wish,
    _read_calendar_wish,
)
"""Each answers its kind of wish, or nothing."""
