"""The forms of `locales/vi/deadlines.toml`: the file, and the compiler of its notation.

Not for finding forms in a text: that is `scanner`.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from language.text import strip_marks
from locales.data import load_data

_LITERAL = re.compile(r"[^\W\d_]+|\d+")
_LOOK = re.compile(r"\(\?[^()]*\)")
_PLACE = re.compile(r"\{(?:(\w+)=)?(\w+)\}")


def load_grammar() -> dict[str, Any]:
    """`locales/vi/deadlines.toml`, read once."""
    return load_data("deadlines")


@cache
def load_distinct_words() -> tuple[re.Pattern[str], dict[str, str]]:
    words: dict[str, str] = load_grammar()["distinct"]
    return re.compile(r"\b(?:" + "|".join(map(re.escape, words)) + r")\b"), words


@cache
def load_spellings() -> tuple[re.Pattern[str], dict[str, str]]:
    words: dict[str, str] = load_grammar()["spellings"]
    if any(len(word) != len(kept) for word, kept in words.items()):
        raise ValueError("a spelling must be as long as the word it is read as")
    return re.compile(r"\b(?:" + "|".join(map(re.escape, words)) + r")\b"), words


@dataclass(frozen=True, slots=True)
class FormPiece:
    """A compiled part of a form: its regular expression, the words it may begin with, whether it may be empty."""

    source: str
    firsts: frozenset[str]
    empty: bool


class FormCompiler:
    """Compiles one form of the mini-notation (see the head of deadlines.toml)."""

    def __init__(self, say: str, places: Mapping[str, str]) -> None:
        self._say, self._places, self._at = say, places, 0
        self.names: list[str] = []

    def compile_form(self) -> FormPiece:
        piece = self._compile_choice("")
        if self._at != len(self._say):
            raise ValueError(f"form not understood at {self._at}: {self._say}")
        return piece

    def _compile_choice(self, closing: str) -> FormPiece:
        """Alternatives up to `closing` (or the end of the form)."""
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
            closing = ")" if say[at] == "(" else "]"
            self._at += 1
            inner = self._compile_choice(closing)
            self._at += 1
            return FormPiece(
                f"(?:{inner.source}){'?' if closing == ']' else ''}",
                inner.firsts,
                inner.empty or closing == "]",
            )
        if say[at] == "{":
            place = _PLACE.match(say, at)
            if place is None:
                raise ValueError(f"place not understood at {at}: {say}")
            self._at = place.end()
            self.names.append(place[1] or place[2])
            source = self._places[place[2]]
            return FormPiece(source, _find_first_words(source), False)
        word = _LITERAL.match(say, at)
        if word is None:
            if say[at] in "?*+":
                raise ValueError(f"{say[at]} means nothing in a form: {say}")
            self._at += 1
            return FormPiece(
                " ?" if say[at] == " " else re.escape(say[at]), frozenset(), say[at] == " "
            )
        self._at = word.end()
        _, words = load_distinct_words()
        literal = word.group().lower()
        if literal.isdigit():
            return FormPiece(literal, frozenset({"0"}), False)
        kept = words.get(literal)
        bare = strip_marks(literal)
        source = f"(?:{kept}|{bare})" if kept else bare
        return FormPiece(source, frozenset({kept, bare} if kept else {bare}), False)

    def _compile_look_around(self) -> FormPiece:
        """A look-ahead or look-behind, written as a regular expression."""
        start, depth = self._at, 0
        while True:
            depth += {"(": 1, ")": -1}.get(self._say[self._at], 0)
            self._at += 1
            if depth == 0:
                source = self._say[start : self._at]
                return FormPiece(re.sub(r"\((?!\?)", "(?:", source), frozenset(), True)


def _find_first_words(source: str) -> frozenset[str]:
    """The words that a place of [places] may begin with; "0" stands for digits."""
    alternatives = re.match(r"\(([^()]*)", _LOOK.sub("", source))
    words = {
        word[0]
        for a in (alternatives[1].split("|") if alternatives else [])
        if (word := re.match(r"[a-z]+", a))
    }
    return frozenset(words or {"0"})
