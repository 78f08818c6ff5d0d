"""A fault of what a person gave: the sentence says what is wrong and what to do."""

from __future__ import annotations

from locales.answer import Sentence


class UserError(Exception):
    """What was asked cannot be done; `said` is the answer."""

    def __init__(self, sentence: Sentence) -> None:
        super().__init__(sentence.id)
        self.sentence = sentence
