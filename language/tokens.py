"""A line of Vietnamese as words that remember where they stood. Not for sentences, nor for what the words mean."""

import re
from collections.abc import Sequence
from typing import NamedTuple

from language.text import normalise, strip_marks

_WORD = re.compile(r"[^\W_]+")
AND = "va"  # "và" between the parts of a name: "Sở Tài nguyên (và) Môi trường" are one name


class WordToken(NamedTuple):
    """One word: as typed, folded, and the span of the text it was read from; `gap` is what stands before it."""

    text: str
    folded: str
    start: int
    end: int
    gap: str

    @property
    def has_capital(self) -> bool:
        """Whether it starts with a capital letter."""
        return self.text[0].isupper()

    @property
    def has_marks(self) -> bool:
        """Whether it was typed with diacritics."""
        return not self.text.isascii()


def split_words(text: str) -> list[WordToken]:
    """The words of `text` (NFC expected, so that spans are those of `text`), in order."""
    bare = strip_marks(text.lower())
    if len(bare) != len(
        text
    ):  # a letter whose small form is longer (İ): compare the normal form instead
        text = normalise(text)
        bare = strip_marks(text).lower()[: len(text)]
    found: list[WordToken] = []
    before = 0
    for match in _WORD.finditer(text):
        start, end = match.span()
        found.append(WordToken(text[start:end], bare[start:end], start, end, text[before:start]))
        before = end
    return found


def make_name_key(text: str) -> tuple[str, ...]:
    """What two spellings of one name have in common: its folded words without "và"."""
    return tuple(token.folded for token in split_words(normalise(text)) if token.folded != AND)


def join_tokens(tokens: Sequence[WordToken], text: str) -> str:
    """The stretch of `text` from the first to the last of `tokens`, blanks made one; empty for none."""
    return normalise(text[tokens[0].start : tokens[-1].end]) if tokens else ""
