"""A line of Vietnamese as words that remember where they stood. Not for sentences, nor for what the words mean."""

import re
from collections.abc import Sequence
from typing import NamedTuple

from language.text import normalise, strip_marks

_WORD = re.compile(r"[^\W_]+")
AND = "va"  # "và" between the parts of a name: "Sở Tài nguyên (và) Môi trường" are one name


class Token(NamedTuple):
    """One word: as typed, folded, and the span of the text it was read from; `gap` is what stands before it."""

    text: str
    folded: str
    start: int
    end: int
    gap: str

    @property
    def capital(self) -> bool:
        """Whether it starts with a capital letter."""
        return self.text[0].isupper()

    @property
    def marked(self) -> bool:
        """Whether it was typed with diacritics."""
        return not self.text.isascii()


def tokens_of(text: str) -> list[Token]:
    """The words of `text` (NFC expected, so that spans are those of `text`), in order."""
    bare = strip_marks(text.lower())
    if len(bare) != len(text):  # a letter whose small form is longer (İ): compare the normal form instead
        text = normalise(text)
        bare = strip_marks(text).lower()[: len(text)]
    found: list[Token] = []
    before = 0
    for match in _WORD.finditer(text):
        start, end = match.span()
        found.append(Token(text[start:end], bare[start:end], start, end, text[before:start]))
        before = end
    return found


def key_of(text: str) -> tuple[str, ...]:
    """What two spellings of one name have in common: its folded words without "và"."""
    return tuple(token.folded for token in tokens_of(normalise(text)) if token.folded != AND)


def joined(tokens: Sequence[Token], text: str) -> str:
    """The stretch of `text` from the first to the last of `tokens`, blanks made one; empty for none."""
    return normalise(text[tokens[0].start : tokens[-1].end]) if tokens else ""
