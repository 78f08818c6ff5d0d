"""Words and patterns of `locales/vi/commands.toml`: what people write to command the bot."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from language.text import fold, normalise, strip_marks
from locales.data import load_data

LONGEST_ORDER = 300  # characters of an order, a wish or a statement; more is a letter


@lru_cache(maxsize=256)
def get_pattern(table: str, name: str) -> re.Pattern[str]:
    """Return the pattern `name` of a table, for text without marks in lower case.

    The names of the table "slots" in braces stand for what that table says.
    """
    commands = load_data("commands")
    pattern: str = commands[table][name]
    for slot, words in commands["slots"].items():
        pattern = pattern.replace(f"{{{slot}}}", words)
    return re.compile(pattern)


def get_word(table: str, name: str) -> str:
    """Return a single string of a table."""
    return str(load_data("commands")[table][name])


@lru_cache(maxsize=64)
def _index_words(table: str) -> Mapping[str, str]:
    """Return the entry of each folded word of a table."""
    return {
        fold(word): name
        for name, words in load_data("commands")[table].items()
        if isinstance(words, list)
        for word in words
    }


def find_entry(table: str, text: str) -> str | None:
    """Return the entry of a table whose word list has `text` as a whole; None if none has."""
    return _index_words(table).get(fold(text))


def is_one_of(table: str, name: str, text: str) -> bool:
    """Return whether `text` as a whole is one of the words of this list."""
    return fold(text) in {fold(word) for word in load_data("commands")[table][name]}


def list_words(table: str, name: str) -> tuple[str, ...]:
    """Return the words of a list, the longest first."""
    return tuple(sorted(load_data("commands")[table][name], key=len, reverse=True))


def find_rest_after(text: str, beginning: str) -> str | None:
    """Return what follows `beginning` as whole words; None if `text` does not start with it."""
    typed = make_typed_text(text)
    start = fold(beginning)
    if typed.folded == start or typed.folded.startswith((start + " ", start + ":")):
        return typed.text[len(start) :].lstrip(" :")
    return None


def find_rest_after_any(table: str, name: str, text: str) -> str | None:
    """Return what follows one of the list's words at the start of `text`; None without one."""
    rests = (find_rest_after(text, word) for word in list_words(table, name))
    return next((rest for rest in rests if rest is not None), None)


@dataclass(frozen=True)
class TypedText:
    """A text as typed, and the same without marks in lower case, character for character."""

    text: str
    folded: str

    def search(self, pattern: re.Pattern[str]) -> re.Match[str] | None:
        """Return the first match of a pattern in the folded text."""
        return pattern.search(self.folded)

    def get_original(self, match: re.Match[str], group: int | str = 0) -> str:
        """Return the text as typed at the place of `match`."""
        return self.text[match.start(group) : match.end(group)]

    def remove_match(self, match: re.Match[str], group: int = 0) -> TypedText:
        """Return the text without the place of `match`."""
        return make_typed_text(f"{self.text[: match.start(group)]} {self.text[match.end(group) :]}")


def make_typed_text(text: str) -> TypedText:
    """Return `text` normalised, with its folded twin."""
    typed = normalise(text)
    lowered = strip_marks(typed).lower()
    if len(lowered) != len(typed):  # a letter whose lower case is longer: none in Vietnamese
        lowered = "".join(c.lower()[:1] or c for c in strip_marks(typed))
    return TypedText(typed, lowered)
