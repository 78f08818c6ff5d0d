"""Split a line of Vietnamese into words that remember their place.

Not for sentences, nor for meanings.
"""

import re
from collections.abc import Sequence
from typing import NamedTuple

from language.text import normalise, strip_marks

_WORD = re.compile(r"[^\W_]+")
AND = "va"  # "và" between the parts of a name: "Sở Tài nguyên (và) Môi trường" are one name


class WordToken(NamedTuple):
    """One word: as typed, folded, and its span in the text.

    `gap` is the text between it and the word before.
    """

    text: str
    folded: str
    start: int
    end: int
    gap: str

    @property
    def has_capital(self) -> bool:
        """Return whether the word starts with a capital letter."""
        return self.text[0].isupper()

    @property
    def has_marks(self) -> bool:
        """Return whether the word was typed with diacritics."""
        return not self.text.isascii()


def split_words(text: str) -> list[WordToken]:
    """Return the words of `text` in order.

    `text` must be in NFC, so that the spans are those of `text`.
    """
    bare = strip_marks(text.lower())
    if len(bare) != len(text):  # a letter whose small form is longer (İ): take the normal form
        text = normalise(text)
        bare = strip_marks(text).lower()[: len(text)]
    words: list[WordToken] = []
    before = 0
    for match in _WORD.finditer(text):
        start, end = match.span()
        words.append(WordToken(text[start:end], bare[start:end], start, end, text[before:start]))
        before = end
    return words


def make_name_key(text: str) -> tuple[str, ...]:
    """Return what all spellings of a name share: its folded words without "và"."""
    return tuple(token.folded for token in split_words(normalise(text)) if token.folded != AND)


def join_tokens(tokens: Sequence[WordToken], text: str) -> str:
    """Return the text from the first to the last of `tokens` with single blanks.

    Empty if there are none.
    """
    return normalise(text[tokens[0].start : tokens[-1].end]) if tokens else ""
