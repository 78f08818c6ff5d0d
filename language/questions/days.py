"""days"""

from language.questions.line import QuestionLine
from language.questions.phrases import OWN
from language.times import windows
from language.times.windows import TimeWindow


def read_windows(line: QuestionLine) -> list[TimeWindow]:
    """The windows of time, none over a code."""
    read = windows.find_windows(_strike_names(line), line.context.today, line.context.plan_years)
    return [
        w
        for w in read
        if not any(code.start < w.end and w.start < code.end for code in line.codes)
        and not _is_idle(line, w)
        and not _is_in_word(line, w)
    ]


def _is_in_word(line: QuestionLine, window: TimeWindow) -> bool:
    """Whether a day of one word belongs to the word before it, as some task has it ("thuong mai")."""
    within = line.find_words(window.start, window.end)
    if len(within) != 1 or within.start == 0 or not line.tokens[within.start].text.isalpha():
        return False
    return line.context.has_task_with(
        line.tokens[within.start - 1].folded, line.tokens[within.start].folded
    )


def _strike_names(line: QuestionLine) -> str:
    """The text with agencies, codes and "của tôi" struck out: no day is read from them ("tôi" is no "tới")."""
    text = list(line.text)
    struck = [i for i, taken in enumerate(line.is_taken) if taken]
    for phrase in line.list_own_phrases():
        struck += range(phrase.start, phrase.end)
    for phrase in line.phrases:
        if line.tokens[phrase.start].folded == "het" and phrase.end - phrase.start > 1:
            struck.append(phrase.start)
        if OWN in phrase.labels and phrase not in line.list_own_phrases():
            struck += range(
                phrase.start + 1, phrase.end
            )  # of "7 ngay toi co", "toi" is a part of the days
    for index in struck:
        token = line.tokens[index]
        text[token.start : token.end] = "_" * (token.end - token.start)
    return "".join(text)


def _is_idle(line: QuestionLine, window: TimeWindow) -> bool:
    """Whether the days are a manner of speaking ("đến nay") or the name of a document's day."""
    within = line.find_words(window.start, window.end)
    return any(
        p.start <= within.start and within.stop <= p.end and "filler" in p.labels
        for p in line.phrases
    )
