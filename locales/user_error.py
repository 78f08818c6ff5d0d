"""The base of errors that a person can mend: the sentence says what is wrong and what to do."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from locales.answer import Sentence


class UserError(Exception):
    """What was asked for cannot be done; `sentence` is the answer, a message id with values."""

    def __init__(self, sentence: Sentence) -> None:
        super().__init__(sentence.id)
        self.sentence = sentence

    @property
    def message_id(self) -> str:
        """The id of the sentence."""
        return self.sentence.id

    @property
    def values(self) -> Mapping[str, Any]:
        """What stands in the sentence."""
        return self.sentence.values
