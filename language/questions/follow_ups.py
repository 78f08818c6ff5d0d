"""Read lines that mean something only after an answer.

They ask for a line of its list, for its task, or for the same question changed.
"""

from language.questions.labels import ABOUT_MANY_TASKS, ASKS_MUCH, STATE_OF_TASK, STATUSES
from language.questions.line import QuestionLine, opens_follow_up
from language.questions.phrases import Phrase, load_phrases, match_list_at
from language.questions.question import FIGURES, Intent, Question
from language.questions.subject import list_subject_words
from language.search import is_stop_word

SHORT_LINE = 9  # words of a line that may be a follow-up by its end alone


def read_item(line: QuestionLine) -> int | None:
    """Return the line of the last list that "chi tiết số 3" or "cái đầu tiên" means.

    -1 is the last line; None if no line is meant.
    """
    if line.codes or line.mentions or line.windows or line.has_own_agency:
        return None
    for at, token in enumerate(line.tokens):
        number = int(token.text) if token.text.isdecimal() else None
        size = next(
            (
                n
                for n in (4, 3, 2, 1)
                if at >= n and match_list_at(line.tokens, at - n, "item", n) == n
            ),
            0,
        )
        if size and number is not None and not _has_content_outside(line, at - size, at + 1):
            return number
        word = _read_ordinal_at(line, at)
        if word and not _has_content_outside(line, at, at + word[0]):
            return word[1]
    return None


def _has_content_outside(line: QuestionLine, start: int, end: int) -> bool:
    return any(line.is_content(i) for i in range(len(line.tokens)) if not start <= i < end)


def read_reference(line: QuestionLine) -> Intent | None:
    """Return what is asked of the task of the answer before: "ai làm việc đó", "hạn khi nào"."""
    if line.has_filter() or line.windows or line.means_everybody or list_subject_words(line):
        return None
    if _asks_when_done(line):
        return "when"
    pronoun = line.has_label("talk.it") or _is_deadline_alone(line)
    if not pronoun and line.has_label(*ABOUT_MANY_TASKS):
        return None
    if line.has_label("intent.who") or (pronoun and line.has_label("role.partner", "role.lead")):
        return "who"
    if line.has_label("intent.when") or (
        pronoun and line.has_label("deadline.word", "deadline.due")
    ):
        return "when"
    return (
        "show"
        if line.has_label("intent.show", "intent.show_of_task")
        or (pronoun and line.has_label(*STATE_OF_TASK))
        else None
    )


def _asks_when_done(line: QuestionLine) -> bool:
    """Return whether the line says nothing but "bao giờ xong"."""
    labels = {label for p in line.phrases for label in p.labels if label not in _SAYS_NOTHING}
    return "intent.when" in labels and labels <= {"intent.when", "status.done", "status.must"}


_SAYS_NOTHING = frozenset({"filler", "words.of", "intent.greeting"})


def _is_deadline_alone(line: QuestionLine) -> bool:
    """Return whether the line says nothing but "hạn"."""
    return all(
        is_stop_word(token.text) or line.find_phrase_over(at) in _list_deadlines(line)
        for at, token in enumerate(line.tokens)
    ) and bool(_list_deadlines(line))


def _list_deadlines(line: QuestionLine) -> list[Phrase]:
    return [p for p in line.phrases if "deadline.word" in p.labels]


def asks_how_many(line: QuestionLine) -> bool:
    """Return whether the line only asks for the number of what was shown: "bao nhiêu cái"."""
    return (
        line.has_label("intent.count")
        and _names_nothing(line)
        and not line.has_label(*STATUSES, "intent.progress", "intent.list")
    )


def _read_ordinal_at(line: QuestionLine, at: int) -> tuple[int, int] | None:
    """Return (number of words, line) of "đầu tiên" or "cuối cùng" behind a noun, or None."""
    if at == 0 or line.tokens[at - 1].folded not in load_phrases().rules["lines"]:
        return None
    for size in (2, 1):
        key = tuple(t.folded for t in line.tokens[at : at + size])
        if len(key) == size and key in load_phrases().ordinals:
            return size, load_phrases().ordinals[key]
    return None


def asks_how_far(line: QuestionLine) -> bool:
    """Return whether the line says nothing but "mấy phần trăm rồi", "xong chưa"."""
    return (
        line.has_label("talk.how_far")
        and _names_nothing(line)
        and not line.has_label("talk.that", "talk.it")
    )


def _names_nothing(line: QuestionLine) -> bool:
    """Return whether a short line names no tasks of its own: no filter, day, subject or all."""
    return (
        len(line.tokens) <= SHORT_LINE
        and not line.has_filter()
        and not line.windows
        and not line.means_everybody
        and not line.has_label(*_NAMES_ALL)
        and not list_subject_words(line)
    )


def is_follow_up(line: QuestionLine, question: Question) -> bool:
    """Return whether the line only makes sense after another.

    "còn sở tài chính?", "thế quá hạn thì sao?".
    """
    if line.has_label("talk.that"):
        return True
    if line.has_label("task.noun") or question.code or line.level_counted is not None:
        return False
    opens = opens_follow_up(line)
    if question.intent != "list" and not opens:
        return False
    closes = any(
        (size := match_list_at(line.tokens, at, "so_what"))
        and all(is_stop_word(token.text) for token in line.tokens[at + size :])
        for at in range(max(len(line.tokens) - 5, 1), len(line.tokens))
    )  # "vì sao trễ" asks for itself
    return bool(opens) or (closes and len(line.tokens) <= SHORT_LINE)


def is_elliptic(line: QuestionLine, question: Question) -> bool:
    """Return whether the line names a state, days or a number, and neither agency nor noun.

    "cái nào trễ", "tháng 12 thôi", "trễ mấy cái" are about what the answer before was about.
    """
    named = any(getattr(question, name) for name in ("status", "due", "done_in", "agencies"))
    return (
        question.intent in FIGURES
        and line.level_counted is None
        and (named or question.intent == "count" or bool(line.list_labels("role")))
        and len(line.tokens) <= SHORT_LINE
        and not any(getattr(question, name) for name in _NARROWED_ALONE)
        and (not question.agencies or line.tokens[0].folded in load_phrases().rules["pronouns"])
        and not line.means_everybody
        and (not line.has_label(*_NAMES_ALL) or _names_only_work(line))
    )


def _names_only_work(line: QuestionLine) -> bool:
    """Return whether the line has a state and a noun behind it, and no others: "trễ mấy việc"."""
    others = tuple(name for name in _NAMES_ALL if name != "task.noun")
    return begins_with_state(line) and not line.has_label(*others)


def asks_what_is_left(line: QuestionLine) -> bool:
    """Return whether the line only asks how much is left to do: "còn mấy việc nữa"."""
    return (
        line.has_label("intent.count")
        and line.has_label("task.noun")
        and any(token.folded in load_phrases().rules["left"] for token in line.tokens)
        and len(line.tokens) <= SHORT_LINE
        and not line.has_filter()
        and not line.windows
        and not line.means_everybody
        and not line.has_label(*_COUNTS_OTHERWISE)
        and not any(
            phrase.labels & {*STATUSES}
            and line.tokens[phrase.start].folded not in load_phrases().rules["left"]
            for phrase in line.phrases
        )
        and not list_subject_words(line)
    )


def begins_with_state(line: QuestionLine) -> bool:
    """Return whether the line says how work stands before what is asked: "trễ việc gì"."""
    first = next((p for p in line.phrases if p.labels - _SAYS_NOTHING), None)
    return (
        first is not None
        and bool(first.labels & {"status.overdue", "status.done"})
        and not any(line.is_content(at) for at in range(first.start))
        and line.tokens[first.start].folded not in load_phrases().rules["left"]
    )


def asks_by_agency(line: QuestionLine) -> bool:
    """Return whether the line only asks for the answer before by agency: "chia theo từng sở"."""
    return (
        line.has_label("words.each")
        and len(line.tokens) <= SHORT_LINE
        and not line.has_filter()
        and not line.windows
        and not line.has_label("task.noun", "intent.who", *STATUSES, *ASKS_MUCH)
        and len(list_subject_words(line)) <= 1
    )


def asks_for_everybody(line: QuestionLine) -> bool:
    """Return whether the line only widens the answer before to all agencies: "còn cả tỉnh?"."""
    return (
        line.means_everybody
        and len(line.tokens) <= SHORT_LINE
        and not line.has_filter()
        and not line.windows
        and not line.has_label("task.noun", "intent.who", "words.each", *STATUSES, *ASKS_MUCH)
        and not list_subject_words(line)
    )


def is_bare_list(line: QuestionLine) -> bool:
    """Return whether the line only asks to be shown what was counted: "kể ra xem"."""
    return (
        line.has_label("intent.list_surely", "talk.show_list")
        and _names_nothing(line)
        and not line.has_label(*STATUSES, "words.everything")
    )


_NARROWED_ALONE = (
    *("unknown_agency", "candidates", "needs_agency", "own"),
    *("code", "section", "plan", "words", "manner", "others"),
)
_COUNTS_OTHERWISE = (
    *("intent.who", "words.everybody", "words.superlative", "words.each"),
    "role.partner",
)
_NAMES_ALL = (
    *("task.noun", "intent.who", "words.everybody", "words.superlative", "words.each"),
    "words.document",
)


def list_named_fields(line: QuestionLine, question: Question) -> tuple[str, ...]:
    """Return the names of the question's fields that the line itself names."""
    names = [
        name
        for name in ("status", "due", "code", "section", "plan", "words")
        if getattr(question, name)
    ]
    asks_own = question.needs_agency and not line.has_label("talk.that")
    if question.agencies or question.unknown_agency or question.candidates or asks_own:
        names.append("agencies")
    if line.list_labels("role"):
        names.append("role")
    if question.intent != "list" or line.has_label("intent.list", "task.noun"):
        names.append("intent")
    return tuple(names)
