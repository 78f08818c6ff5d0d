"""Find the days that a question names, as windows of time.

Days in names, in codes and in manners of speaking do not count.
"""

import re
from dataclasses import replace
from datetime import timedelta
from itertools import pairwise

from language.questions.line import QuestionLine
from language.questions.phrases import OWN, load_phrases
from language.questions.question import FIGURES, Days, Question
from language.questions.subject import list_used_windows
from language.search import is_stop_word
from language.text import fold, strip_marks
from language.times import windows
from language.times.periods import move_day
from language.times.windows import TimeWindow

# In code because the units and their meanings go together.
_LONGER_THAN = re.compile(
    r"\b(?:han|tre|cham) (?P<span>(?:da )?(?:hon|tren|qua)"
    r" (?P<count>\d{1,3}) ?(?P<unit>ngay|tuan|thang))(?! ?\d)"
)
_SHORTER_THAN = re.compile(
    r"\b(?:han|tre|cham) (?P<span>(?:chua |khong )?(?:duoi|it hon|qua|den|toi|day)"
    r" (?P<count>\d{1,3}) ?(?P<unit>ngay|tuan|thang))(?! ?\d)"
)
_CALENDAR_UNITS = {"ngay": "day", "tuan": "week", "thang": "month"}


def read_windows(line: QuestionLine) -> list[TimeWindow]:
    """Return the windows of time in the line; none lies over a code."""
    read = _leave_out_plan_year(
        line, windows.find_windows(_strike_names(line), line.context.today, line.context.plan_years)
    )
    away = [w for w in read if _is_of_absence(line, w)]
    read = [w for w in read if w not in away] or away  # the only day is asked about
    return [
        w
        for w in read
        if not any(code.start < w.end and w.start < code.end for code in line.codes)
        and not _is_idle(line, w)
        and not _is_in_word(line, w)
    ]


def _is_of_absence(line: QuestionLine, window: TimeWindow) -> bool:
    """Return whether somebody is away on the days: "mai em nghỉ"."""
    rules = load_phrases().rules
    end = line.find_words(window.start, window.end).stop
    around = [token.folded for token in line.tokens[max(end - 1, 0) : end + 2]]
    return any(who in rules["asking"] and does in rules["away"] for who, does in pairwise(around))


def _leave_out_plan_year(line: QuestionLine, read: list[TimeWindow]) -> list[TimeWindow]:
    """Return the windows without that of "kế hoạch năm nay", which is the plan itself."""
    plans = {p.end for p in line.phrases if "words.plan" in p.labels}
    kept = []
    for window in read:
        within = line.find_words(window.start, window.end)
        this_year = [line.tokens[i].folded for i in within] == ["nam", "nay"]
        if this_year and plans & {within.start, within.start + 1}:
            line.take_words(within.start, within.stop)
        else:
            kept.append(window)
    return kept


def _is_in_word(line: QuestionLine, window: TimeWindow) -> bool:
    """Return whether a day of one word belongs to the word before it ("thuong mai").

    Some task then has the two words side by side.
    """
    within = line.find_words(window.start, window.end)
    if len(within) != 1 or within.start == 0 or not line.tokens[within.start].text.isalpha():
        return False
    return line.context.has_task_with(
        line.tokens[within.start - 1].folded, line.tokens[within.start].folded
    )


def _strike_names(line: QuestionLine) -> str:
    """Return the text without agencies, codes and "của tôi".

    No day is read from them ("tôi" is not "tới").
    """
    text = list(line.text)
    names = [i for i, is_taken in enumerate(line.is_taken) if is_taken]
    for phrase in line.list_own_phrases():
        names += range(phrase.start, phrase.end)
    for phrase in line.phrases:
        if line.tokens[phrase.start].folded == "het" and phrase.end - phrase.start > 1:
            names.append(phrase.start)
        if OWN in phrase.labels and phrase not in line.list_own_phrases():
            names += range(
                phrase.start + 1, phrase.end
            )  # of "7 ngay toi co", "toi" is a part of the days
    names += [i for i in range(len(line.tokens)) if _is_no_number(line, i)]
    for index in names:
        token = line.tokens[index]
        text[token.start : token.end] = "_" * (token.end - token.start)
    return "".join(text)


def _is_no_number(line: QuestionLine, index: int) -> bool:
    """Return whether a word only looks like a number: "tâm" in "trọng tâm tháng 12"."""
    token = line.tokens[index]
    if is_stop_word(token.text) or token.folded not in load_phrases().folded_numbers:
        return False
    behind = line.tokens[index + 1 : index + 3]
    named = len(behind) > 1 and behind[1].text.isdigit()
    unit = bool(behind) and behind[0].folded in load_phrases().rules["before_next"]
    unlike = not token.text.isascii() and token.text.lower() not in load_phrases().numbers
    return unlike or (named and unit)


def _is_idle(line: QuestionLine, window: TimeWindow) -> bool:
    """Return whether the days are a manner of speaking ("đến nay")."""
    within = line.find_words(window.start, window.end)
    return any(
        p.start <= within.start and within.stop <= p.end and "filler" in p.labels
        for p in line.phrases
    )


def read_due(line: QuestionLine) -> tuple[Days, bool] | None:
    """Return the days asked for, and whether they are one day; None if there are none.

    Two windows joined by "và" are one.
    """
    since = _read_overdue_span(line)
    if since is not None:
        return since, False
    spans = list_used_windows(line)
    if not spans:
        return None
    first = spans[0]
    for other in spans[1:]:
        if (
            _is_joint(fold(line.text[first.end : other.start]).strip(" ,"))
            and first.first_day
            and other.last_day
        ):
            return (first.first_day, other.last_day), False
    return (first.first_day, first.last_day), first.single


def _is_joint(folded: str) -> bool:
    return not folded or folded in load_phrases().rules["joins_days"]


def _read_overdue_span(line: QuestionLine) -> Days | None:
    """Return the days that "quá hạn hơn 1 tháng" and "quá hạn dưới 1 tuần" mean, or None."""
    if not line.has_label("status.overdue"):
        return None
    folded = strip_marks(line.text.lower())
    longer, shorter = _LONGER_THAN.search(folded), _SHORTER_THAN.search(folded)
    match = longer or shorter
    if match is None:
        return None
    for index in line.find_words(*match.span("span")):
        line.is_taken[index] = True
    since = move_day(line.context.today, -int(match["count"]), _CALENDAR_UNITS[match["unit"]])
    if since is None:
        return None
    before = timedelta(days=1)
    return (None, since - before) if longer else (since, line.context.today - before)


def read_days_of_work(line: QuestionLine, question: Question) -> Question:
    """Return the question with its days as those in which the work was done.

    "tuần trước làm được gì" names them, "tháng 10 phải xong việc gì" names days of deadlines.
    """
    due = question.due
    past = due is not None and due[0] is not None and due[0] <= line.context.today
    if question.status != "done" or not past or line.has_label(*_FOR_DEADLINES):
        return question
    return replace(question, due=None, single=False, done_in=due)


def read_reports_of_days(line: QuestionLine, question: Question) -> Question:
    """Return the question for what was reported in days: "hôm nay đơn vị nào báo cáo chưa"."""
    due, today = question.due, line.context.today
    if due is None or due[0] is None or due[0] > today or question.intent not in FIGURES:
        return question
    if question.status not in (None, "unfinished", "done") or line.has_label(*_FOR_DEADLINES):
        return question
    rules, words = load_phrases().rules, [token.folded for token in line.tokens]
    ends = [p.end for p in line.phrases if "intent.who" in p.labels]
    asks = any(
        next((word for word in words[end:] if word not in rules["has_done"]), "")
        in rules["reports"]
        for end in ends
    )
    if not asks:
        return question
    line.ignored_words = None
    return replace(question, status="came_in", due=None, single=False, done_in=due)


_FOR_DEADLINES = ("deadline.due", "deadline.word", "status.must")
