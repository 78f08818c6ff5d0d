"""Recognise questions about facts: of the plan itself, of those that have not joined, or unkept.

What a task has is a closed set: lead, partners, product, day, state. Of anything else the bot says
that the registry does not keep it.
"""

from collections.abc import Sequence
from dataclasses import replace

from language.questions.labels import ABOUT_TASKS, STATUSES
from language.questions.line import QuestionLine
from language.questions.phrases import OWN
from language.questions.question import UNKNOWN, Question
from language.questions.subject import is_subject_known, list_subject_words
from language.search import split_pieces


def read_fact_question(line: QuestionLine) -> Question | None:
    """Return the question about a fact, or None if the line asks something else."""
    if _asks_about_plan(line):
        number = next((code.value for code in line.codes if code.kind == "plan"), None)
        return Question("show", plan=number, manner="plan")
    if line.has_label("fact.not_joined") and not _names_task(line):
        return replace(UNKNOWN, manner="not_joined")
    if line.has_label("fact.look") and not line.codes and not is_subject_known(line):
        return _read_look(line)
    return _read_unkept(line)


def _names_task(line: QuestionLine) -> bool:
    return any(code.kind == "code" for code in line.codes) or is_subject_known(line)


def _asks_about_plan(line: QuestionLine) -> bool:
    """Return whether the plan's own number, day or issuer is asked for."""
    named = any(code.kind == "plan" for code in line.codes)
    if not (named or line.has_label("words.plan")):
        return False
    if not line.has_label("fact.of_plan") and not _asks_for_day_alone(line):
        return False
    facts = {i for p in line.phrases if p.labels & _PLAN_LABELS for i in range(p.start, p.end)}
    left = [i for i in list_subject_words(line, everything=True) if i not in facts]
    left = [] if _is_title_of_plan(line, left) else left
    return not left and not any(code.kind == "code" for code in line.codes)


def _asks_for_day_alone(line: QuestionLine) -> bool:
    """Return whether a day is asked for, and nothing of tasks is said: "kế hoạch 16 ngày mấy"."""
    return line.has_label("fact.day_of_plan") and not (
        line.windows or line.mentions or line.has_label(*ABOUT_TASKS, *STATUSES)
    )


def _is_title_of_plan(line: QuestionLine, left: Sequence[int]) -> bool:
    """Return whether the words are all in the title of every plan that is meant.

    "kế hoạch cải cách hành chính số bao nhiêu" asks for the number of a plan of that title.
    """
    titles = [set(split_pieces(title)) for title in line.context.titles]
    words = {word for at in left for word in split_pieces(line.tokens[at].text)}
    return bool(titles) and all(words <= title for title in titles)


_PLAN_LABELS = frozenset({"words.plan", "fact.of_plan", "fact.day_of_plan"})


def _read_look(line: QuestionLine) -> Question:
    """Return the question for the one look: what is late, what comes up, what waits."""
    names = tuple(dict.fromkeys(name for m in line.mentions for name in m.names))
    asker = line.context.asker if line.has_label(OWN) else None
    if asker is not None:
        names += line.context.directory.find_registry_names(asker)
    return Question("progress", agencies=names, role="lead" if names else None, manner="look")


def _read_unkept(line: QuestionLine) -> Question | None:
    """Return that an attribute is asked for that the registry does not keep ("kinh phí")."""
    for phrase in line.phrases:
        if not phrase.labels & {"fact.unkept", "fact.unkept_surely"}:
            continue
        words = [token.folded for token in line.tokens[phrase.start : phrase.end]]
        behind = line.tokens[phrase.end : phrase.end + 1]
        held = line.context.has_task_with(*words)
        if held and behind and line.context.has_task_with(words[-1], behind[0].folded):
            continue  # "kinh phí quản lý hành chính" is a subject
        sure = "fact.unkept_surely" in phrase.labels
        coded = any(code.kind == "code" for code in line.codes)
        if sure or coded or line.has_label("talk.it", "intent.count", "intent.where", "intent.who"):
            name = line.join_words(phrase.start, phrase.end)
            return replace(UNKNOWN, manner="not_kept", ignored=name)
    return None
