"""Recognise lines that ask nothing of the registry.

They are greetings, help, changes, persons and other topics.
"""

from itertools import pairwise

from language.questions.labels import ABOUT_REGISTRY, ASKS, INTERROGATIVES, STATUSES
from language.questions.line import QuestionLine
from language.questions.phrases import load_phrases
from language.questions.question import Question
from language.questions.subject import is_subject_known
from language.search import is_stop_word

_MANNERS = ("thanks", "farewell", "agreement")


def is_about_person(line: QuestionLine) -> bool:
    """Return whether a person's own work is asked for ("việc của chị Hoa").

    People are not in the registry.

    This is a case of docs/dev/questions.md rule 11.
    """
    if line.mentions or line.codes or line.text.isupper():
        return False
    titles = load_phrases().rules["titles"]
    owners = load_phrases().rules["belongs_to_person"]
    for at, (title, name) in enumerate(pairwise(line.tokens)):
        if (
            title.folded not in titles
            or not is_stop_word(title.text)  # "Châu" is a place
            or (title.has_capital and at > 0)
            or not name.has_capital
            or line.is_taken[at + 1]
            or name.gap.strip()
        ):
            continue
        whose = at > 0 and line.tokens[at - 1].folded in owners
        if whose or (at == 0 and line.has_verb_at(at + 2)):
            return True
    return False


def asks_for_help(line: QuestionLine) -> bool:
    """Return whether the bot is asked about; "sở y tế làm được gì rồi" is not about it."""
    phrases = [p for p in line.phrases if "intent.help_surely" in p.labels]
    able = [
        p
        for p in phrases
        if [t.folded for t in line.tokens[p.start : p.start + 2]] == ["lam", "duoc"]
    ]
    return len(phrases) > len(able) or (
        bool(phrases) and not line.mentions and not line.has_own_agency and not line.windows
    )


def is_off_topic(line: QuestionLine) -> bool:
    """Return whether the line is about something outside the registry, such as the weather."""
    return _has_topic(line, "intent.off_topic")


def is_perhaps_off_topic(line: QuestionLine) -> bool:
    """Return whether a person or a place is named, and nothing of the registry outweighs that.

    A task's number, a known subject, or a state of tasks does: "chủ tịch tỉnh hỏi II.4 tới đâu".
    """
    if not _has_topic(line, "intent.off_topic_perhaps"):
        return False
    states = line.has_label("task.noun", "intent.progress", "deadline.word", "deadline.due")
    return not (
        line.codes
        or (states and line.has_label(*ASKS, *STATUSES))
        or is_subject_known(line, one_task=True)
    )


def _has_topic(line: QuestionLine, label: str) -> bool:
    """Return whether a phrase with the label stands in the line, and is no part of a task."""
    for phrase in line.phrases:
        if label in phrase.labels:
            words = [t.folded for t in line.tokens[phrase.start : phrase.end]]
            if not all(
                line.context.has_task_with(*pair)
                for pair in (pairwise(words) if len(words) > 1 else [words])
            ):
                return True
    return False


def is_change_request(line: QuestionLine) -> bool:
    """Return whether the line asks to change something.

    Its verb opens the line, and nothing is asked.

    This is docs/dev/questions.md rule 11.
    """
    coded = any(code.kind == "code" for code in line.codes)
    first = next((p for p in line.phrases if not p.labels & {"filler", "intent.greeting"}), None)
    if first is None:
        return False
    lists = line.has_label("intent.list_surely") and (
        "intent.change" not in first.labels
        or line.tokens[first.start].folded in load_phrases().rules["hands_over"]
    )  # an imperative outweighs nouns behind it: "xóa ... khỏi danh sách"
    asks = line.has_label(*INTERROGATIVES) or lists or "?" in line.text
    if asks or (line.has_label("intent.progress") and not coded):
        return False
    opens = "intent.change" in first.labels and not any(
        line.is_content(i) for i in range(first.start)
    )
    asks_whether = line.has_label("intent.progress", "status.unfinished")
    return opens or (coded and line.has_label("status.done") and not asks_whether)


def read_small_talk(line: QuestionLine) -> Question | None:
    """Return help or a greeting, if the line names nothing of the registry."""
    about_registry = _is_about_registry(line)
    if not line.has_label("intent.help", "intent.greeting") or about_registry:
        return None
    left = [i for i in range(len(line.tokens)) if line.is_content(i)]
    if line.has_label("intent.help") and len(left) <= 1:
        return Question("help")
    if line.has_label("intent.greeting") and len(left) <= 2:
        return Question(
            "greeting",
            manner=next((m for m in _MANNERS if line.has_label(f"manner.{m}")), None),
        )
    return None


def _is_about_registry(line: QuestionLine) -> bool:
    return bool(
        line.codes or line.mentions or line.unknown_agency or line.has_own_agency
    ) or line.has_label(*ABOUT_REGISTRY)
