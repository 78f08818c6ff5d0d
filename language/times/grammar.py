"""The grammar of time: `locales/vi/deadlines.toml`, its word lists, and the compiler of its forms.

Not for finding forms in a text: that is `scanner`.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from language.text import fold, strip_marks
from locales.data import load_data

_LITERAL = re.compile(r"[^\W\d_]+|\d+")
_LOOK = re.compile(r"\(\?<?[=!](?:[^()]|\((?:[^()]|\([^()]*\))*\))*\)")
_STARTS_OF_WORDS = re.compile(r"(?:\(\?:|\||\)\? ?)([a-z]+)")
_STARTS_WITH_DIGIT = re.compile(r"(?:\(\?:|\||\)\? ?)(?:\d|\[[0-9]|\\d)")
_PLACE = re.compile(r"\{(?:(\w+)=)?(\w+)\}")


def load_grammar() -> dict[str, Any]:
    """Return the content of `locales/vi/deadlines.toml`."""
    return load_data("deadlines")


@cache
def load_words(table: str, key: str) -> tuple[str, ...]:
    """Return a word list of deadlines.toml, folded."""
    return tuple(fold(word) for word in load_grammar()[table][key])


def join_words(table: str, key: str) -> str:
    """Return the alternatives of a word list for a regular expression on folded text.

    A word that only its marks tell apart ("dựng") is found in either spelling.
    """
    pattern, distinct = load_distinct_words()
    words: list[str] = load_grammar()[table][key]
    spelt = [pattern.sub(lambda found: distinct[found.group()], word) for word in words]
    return "|".join(dict.fromkeys(strip_marks(word) for word in [*words, *spelt]))


@cache
def load_distinct_words() -> tuple[re.Pattern[str], dict[str, str]]:
    """Return the words that only their marks tell apart: (what finds them, their spellings)."""
    words: dict[str, str] = load_grammar()["distinct"]
    return re.compile(r"\b(?:" + "|".join(map(re.escape, words)) + r")\b"), words


@cache
def load_spellings() -> tuple[re.Pattern[str], dict[str, str]]:
    """Return words written in two ways: (what finds them, the spelling that the forms use).

    Raise ValueError if the two have different lengths: places in the text would move.
    """
    words: dict[str, str] = load_grammar()["spellings"]
    if any(len(word) != len(other) for word, other in words.items()):
        raise ValueError("a spelling must be as long as the word it is read as")
    return re.compile(r"\b(?:" + "|".join(map(re.escape, words)) + r")\b"), words


@dataclass(frozen=True, slots=True)
class FormPiece:
    """A compiled part of a form: its expression, its first words, whether it may be empty."""

    source: str
    firsts: frozenset[str]
    empty: bool


class FormCompiler:
    """Compile one form; the notation is explained at the head of deadlines.toml."""

    def __init__(self, say: str, places: Mapping[str, str]) -> None:
        self._say, self._places, self._at = say, places, 0
        self.names: list[str] = []

    def compile_form(self) -> FormPiece:
        """Return the whole form compiled. Raise ValueError if it does not follow the notation."""
        piece = self._compile_choice("")
        if self._at != len(self._say):
            raise ValueError(f"form not understood at {self._at}: {self._say}")
        return piece

    def _compile_choice(self, closing: str) -> FormPiece:
        """Compile alternatives up to `closing`, or to the end of the form."""
        branches = [self._compile_sequence(closing)]
        while self._at < len(self._say) and self._say[self._at] == "|":
            self._at += 1
            branches.append(self._compile_sequence(closing))
        firsts = frozenset().union(*(b.firsts for b in branches))
        return FormPiece(
            "|".join(b.source for b in branches), firsts, any(b.empty for b in branches)
        )

    def _compile_sequence(self, closing: str) -> FormPiece:
        pieces: list[FormPiece] = []
        while self._at < len(self._say) and self._say[self._at] not in f"|{closing}":
            pieces.append(self._compile_piece())
        firsts: set[str] = set()
        for piece in pieces:
            firsts |= piece.firsts
            if not piece.empty:
                return FormPiece("".join(p.source for p in pieces), frozenset(firsts), False)
        return FormPiece("".join(p.source for p in pieces), frozenset(firsts), True)

    def _compile_piece(self) -> FormPiece:
        say, at = self._say, self._at
        if say.startswith("(?", at):
            return self._compile_look_around()
        if say[at] in "([":
            return self._compile_group(optional=say[at] == "[")
        if say[at] == "{":
            return self._compile_place()
        word = _LITERAL.match(say, at)
        if word:
            self._at = word.end()
            return _compile_word(word.group().lower())
        if say[at] in "?*+":
            raise ValueError(f"{say[at]} means nothing in a form: {say}")
        self._at += 1
        blank = say[at] == " "
        return FormPiece(" ?" if blank else re.escape(say[at]), frozenset(), blank)

    def _compile_group(self, *, optional: bool) -> FormPiece:
        self._at += 1
        inner = self._compile_choice("]" if optional else ")")
        self._at += 1
        source = f"(?:{inner.source})?" if optional else f"(?:{inner.source})"
        return FormPiece(source, inner.firsts, inner.empty or optional)

    def _compile_place(self) -> FormPiece:
        place = _PLACE.match(self._say, self._at)
        if place is None:
            raise ValueError(f"place not understood at {self._at}: {self._say}")
        self._at = place.end()
        self.names.append(place[1] or place[2])
        source = self._places[place[2]]
        return FormPiece(source, _find_first_words(source), False)

    def _compile_look_around(self) -> FormPiece:
        """Compile a look-ahead or look-behind, which is written as a regular expression."""
        start, depth = self._at, 0
        while True:
            if self._say[self._at] == "\\":
                self._at += 2
                continue
            depth += {"(": 1, ")": -1}.get(self._say[self._at], 0)
            self._at += 1
            if depth == 0:
                source = self._say[start : self._at]
                return FormPiece(re.sub(r"(?<!\\)\((?!\?)", "(?:", source), frozenset(), True)


def _compile_word(word: str) -> FormPiece:
    """Compile a word or number of a form; a word of [distinct] is found in either spelling."""
    if word.isdigit():
        return FormPiece(word, frozenset({"0"}), False)
    bare, distinct = strip_marks(word), load_distinct_words()[1].get(word)
    if distinct is None:
        return FormPiece(bare, frozenset({bare}), False)
    return FormPiece(f"(?:{distinct}|{bare})", frozenset({distinct, bare}), False)


def _find_first_words(source: str) -> frozenset[str]:
    """Return the words that a place of [places] may begin with; "0" stands for digits.

    A place that begins with a group within its group ("((?:hai |ba )?muoi") may name more words
    than those: they are only looked at in vain.
    """
    bare = _LOOK.sub("", source)
    if bare.startswith("((?:"):
        found = set(_STARTS_OF_WORDS.findall(bare))
        return frozenset(found | {"0"} if _STARTS_WITH_DIGIT.search(bare) else found)
    alternatives = re.match(r"\(([^()]*)", bare)
    choices = alternatives[1].split("|") if alternatives else []
    words = {word[0] for choice in choices if (word := re.match(r"[a-z]+", choice))}
    return frozenset(words or {"0"})
