"""Recognise lines that ask nothing of the registry.

They are greetings, help, changes, persons and other topics.
"""

from itertools import pairwise

from language.questions.labels import ABOUT_REGISTRY, ASKS, INTERROGATIVES, STATUSES
from language.questions.line import QuestionLine
from language.questions.phrases import OWN, Phrase, load_phrases, match_list_at
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
    if _orders_others(line):
        return not line.has_label(*INTERROGATIVES) and "?" not in line.text
    coded = any(code.kind == "code" for code in line.codes)
    first = next((p for p in line.phrases if not p.labels & {"filler", "intent.greeting"}), None)
    if first is None:
        return False
    lists = line.has_label("intent.list_surely") and (
        "intent.change" not in first.labels
        or line.tokens[first.start].folded in load_phrases().rules["hands_over"]
    )  # an imperative outweighs nouns behind it: "xóa ... khỏi danh sách"
    counted = line.level_counted is not None
    asks = line.has_label(*INTERROGATIVES) or lists or counted or "?" in line.text
    if asks:
        return False
    creates = line.tokens[first.start].folded in load_phrases().rules["creates"]
    if line.has_label("intent.progress") and not coded and not creates:
        return False
    opens = "intent.change" in first.labels and not any(
        line.is_content(i) for i in range(first.start)
    )
    asks_whether = line.has_label("intent.progress", "status.unfinished")
    return opens or (coded and line.has_label("status.done") and not asks_whether)


def _orders_others(line: QuestionLine) -> bool:
    """Return whether an agency is to be given something: "giao cho sở A báo cáo tôi"."""
    rules = load_phrases().rules
    opening = [token.folded for token in line.tokens[:2]]
    if len(opening) < 2 or opening[0] not in rules["hands_to"] or opening[1] not in rules["to"]:
        return False
    third = line.tokens[2:3]
    mention = next((m for m in line.mentions if third and m.start == third[0].start), None)
    if mention is None or line.has_label("task.noun"):
        return False
    return opening[0] != "giao" or bool(line.text[mention.end :].strip(" .!"))


def read_small_talk(line: QuestionLine) -> Question | None:
    """Return help or a greeting, if the line names nothing of the registry."""
    if all(token.folded in load_phrases().rules["nods"] for token in line.tokens):
        return Question("greeting", manner="agreement")
    if _introduces_sender(line):
        return Question("greeting")
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


def _introduces_sender(line: QuestionLine) -> bool:
    """Return whether the line only says who writes: "em là Hoa, chuyên viên sở Y tế"."""
    asking = frozenset({*ASKS, *STATUSES, *_ABOUT_WORK})
    if line.codes or line.windows:
        return False
    if any(p.labels & asking and not _is_post(line, p) for p in line.phrases):
        return False
    rules = load_phrases().rules
    words = [token.folded for token in line.tokens]
    start = next((at for at, word in enumerate(words) if word not in rules["hails"]), 0)
    if (
        words[start : start + 1] == []
        or line.tokens[start].text.lower() not in load_phrases().subjects
    ):
        return False
    behind = words[start + 1 : start + 2]
    named = bool(line.mentions) or line.has_label(OWN) or line.unknown_agency is not None
    return (bool(behind) and behind[0] in rules["is_somebody"]) and (
        named or any(token.has_capital for token in line.tokens[start + 2 :])
    )


def _is_post(line: QuestionLine, phrase: Phrase) -> bool:
    """Return whether the phrase is what somebody is ("đầu mối"), before an agency."""
    return bool(match_list_at(line.tokens, phrase.start, "introduces"))


_ABOUT_WORK = ("task.noun", "deadline.due", "deadline.word", "role.lead", "role.partner")


def _is_about_registry(line: QuestionLine) -> bool:
    return bool(
        line.codes or line.mentions or line.unknown_agency or line.has_own_agency
    ) or line.has_label(*ABOUT_REGISTRY)
