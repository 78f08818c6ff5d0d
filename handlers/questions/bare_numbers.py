"""Mend what a question leaves in words: the bare number of a task, and an exception.

In a plan that counts its tasks 1, 2, 3, "nhiệm vụ 6" names the task 6, not a subject "6". What
follows "trừ" is left out, so that such a question is not answered with just that.
"""

from __future__ import annotations

import re
from dataclasses import replace

from handlers.conversation import words
from language.questions.question import EXCEPTION, Question
from language.text import fold

_NUMBER = re.compile(r"\d{1,3}[a-d]?")


def add_task_word(text: str) -> str | None:
    """Return a text that begins with a bare number as a question about that task; None for others.

    "6" and "6 hạn khi nào", but not "6 tháng" or "30/11".
    """
    typed = words.make_typed_text(text)
    if words.get_pattern("plain", "bare_number").fullmatch(typed.folded) is None:
        return None
    return f"{words.list_words('plain', 'task')[0]} {typed.text}"


def mend_question(question: Question) -> Question:
    """Return the question with a number that is left as its subject read as a task's number."""
    if any(_leaves_out(text) for text in (question.words, question.ignored) if text):
        return EXCEPTION
    left = (question.words or "").strip()
    if _NUMBER.fullmatch(left.lower()) is None:
        return question
    intent = "show" if question.intent == "list" else question.intent
    said = tuple(dict.fromkeys(("code", *(s for s in question.said if s != "words"))))
    role = question.role if intent == "who" else None
    return replace(
        question, intent=intent, words=None, code=left, unheld=False, role=role, said=said
    )


def _leaves_out(text: str) -> bool:
    """Return whether the words that are left say that something is left out."""
    typed, alone = text.lower(), words.list_words("plain", "leaves_out")
    if typed in alone or (typed.isascii() and typed in {fold(word) for word in alone}):
        return True  # with marks they must be right: "trụ" is another word
    return any(typed.startswith(f"{word} ") for word in words.list_words("plain", "except"))
