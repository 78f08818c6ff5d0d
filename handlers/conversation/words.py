"""Words and patterns of `locales/vi/commands.toml`: what people write to make the bot do something."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from language.text import fold, normalise, strip_marks
from locales.data import load_data


def _load_commands() -> Mapping[str, Any]:
    return load_data("commands")


@lru_cache(maxsize=256)
def get_pattern(table: str, name: str) -> re.Pattern[str]:
    """The pattern `name` of a table, for text without marks in lower case."""
    return re.compile(_load_commands()[table][name])


def get_word(table: str, name: str) -> str:
    """A single string of a table."""
    return str(_load_commands()[table][name])


@lru_cache(maxsize=64)
def _index_words(table: str) -> Mapping[str, str]:
    return {
        fold(said): name
        for name, words in _load_commands()[table].items()
        if isinstance(words, list)
        for said in words
    }


def find_entry(table: str, text: str) -> str | None:
    """Which entry of a table of word lists `text` is, as a whole; None for none."""
    return _index_words(table).get(fold(text))


def is_one_of(table: str, name: str, text: str) -> bool:
    """Whether `text` as a whole is one of the words of this list."""
    return fold(text) in {fold(said) for said in _load_commands()[table][name]}


def list_words(table: str, name: str) -> tuple[str, ...]:
    """The words of a list, the longest first."""
    return tuple(sorted(_load_commands()[table][name], key=len, reverse=True))


def find_rest_after(text: str, beginning: str) -> str | None:
    """What follows `beginning` as whole words at the start of `text`; None where it does not start so."""
    typed = make_typed_text(text)
    start = fold(beginning)
    if typed.folded == start or typed.folded.startswith((start + " ", start + ":")):
        return typed.text[len(start) :].lstrip(" :")
    return None


def find_rest_after_any(table: str, name: str, text: str) -> str | None:
    """What follows one of the words of this list at the start of `text`; None where it starts with none."""
    found = (find_rest_after(text, word) for word in list_words(table, name))
    return next((rest for rest in found if rest is not None), None)


@dataclass(frozen=True)
class TypedText:
    """A text as people typed it, and beside it without marks in lower case, character for character."""

    text: str
    folded: str

    def search(self, found: re.Pattern[str]) -> re.Match[str] | None:
        """The first place of a pattern in the folded text."""
        return found.search(self.folded)

    def get_original(self, match: re.Match[str], group: int = 0) -> str:
        """What was typed where `match` is."""
        return self.text[match.start(group) : match.end(group)]

    def remove_match(self, match: re.Match[str], group: int = 0) -> TypedText:
        """The text with that place left out."""
        return make_typed_text(f"{self.text[: match.start(group)]} {self.text[match.end(group) :]}")


def make_typed_text(text: str) -> TypedText:
    """`text` normalised, with its folded twin."""
    typed = normalise(text)
    lowered = strip_marks(typed).lower()
    if len(lowered) != len(typed):  # a letter whose lower case is longer: none in Vietnamese
        lowered = "".join(c.lower()[:1] or c for c in strip_marks(typed))
    return TypedText(typed, lowered)
