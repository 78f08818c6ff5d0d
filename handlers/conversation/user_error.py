"""An error that a person can mend: its sentence says what is wrong and what to do."""

from __future__ import annotations

from locales.answer import Sentence


class UserError(Exception):
    """The command cannot be done; `sentence` is the answer."""

    def __init__(self, sentence: Sentence) -> None:
        super().__init__(sentence.id)
        self.sentence = sentence
