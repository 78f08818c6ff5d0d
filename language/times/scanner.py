"""Words of time in Vietnamese text: the forms of `locales/vi/deadlines.toml` compiled, and the tokens found by them.

Not for what the words mean together: that is `deadlines` (plans), `windows` (questions).
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from language.text import normalise, strip_marks
from locales.data import load_data

_WORD = re.compile(r"[a-z]+|\d+")
_BOUNDARY = "(?:(?<![a-z0-9])|(?![a-z0-9]))"
_LITERAL = re.compile(r"[^\W\d_]+|\d+")
_LOOK = re.compile(r"\(\?[^()]*\)")
_PLACE = re.compile(r"\{(?:(\w+)=)?(\w+)\}")
_MARKS = str.maketrans("‐‑‒−∕⁄／", "----///")  # hyphens and slashes that word processors put
_SLIPS = (  # letters that scanning puts for digits: "O1/12", "l5/6", "2O26"
    (re.compile(r"(?<![a-z0-9])o(?=\d)|(?<=\d)o(?=[\d/])"), "0"),
    (re.compile(r"(?<![a-z0-9])[li](?=\d? ?/ ?\d)|(?<=/)[li](?=\d)"), "1"),
)
_NOW_FOR_DAY = re.compile(
    r"\bngxy(?= ?\d{1,2}(?: ?[/.-] ?\d| thang))"
)  # "trước ngay 15/9": a day, not "at once"


_CompiledForms = tuple[re.Pattern[str], dict[str, tuple[Mapping[str, Any], list[tuple[str, int]]]]]


@dataclass(frozen=True, slots=True)
class DeadlineToken:
    """One word of time: its kind, its place in the folded text, what its form says of it, what was filled in."""

    kind: str
    start: int
    end: int
    form: Mapping[str, Any]
    values: Mapping[str, str]

    def read_number(self, place: str) -> int | None:
        """The whole number filled in at `place`; None where there is none."""
        text = self.values.get(place)
        if text is None:
            return None
        return int(text) if text.isdigit() else load_grammar()["numbers"].get(text)


def load_grammar() -> dict[str, Any]:
    """`locales/vi/deadlines.toml`, read once."""
    return load_data("deadlines")


@cache
def _load_distinct_words() -> tuple[re.Pattern[str], dict[str, str]]:
    words: dict[str, str] = load_grammar()["distinct"]
    return re.compile(r"\b(?:" + "|".join(map(re.escape, words)) + r")\b"), words


@cache
def _load_spellings() -> tuple[re.Pattern[str], dict[str, str]]:
    words: dict[str, str] = load_grammar()["spellings"]
    if any(len(word) != len(kept) for word, kept in words.items()):
        raise ValueError("a spelling must be as long as the word it is read as")
    return re.compile(r"\b(?:" + "|".join(map(re.escape, words)) + r")\b"), words


def fold_for_scan(text: str) -> tuple[str, str]:
    """`text` normalised as (readable, folded): the same length, so a place in one is the same place in the other.

    Folded is lower case without marks; words that only their marks tell apart keep a spelling of their own.
    """
    readable = normalise(text)
    lower = readable.lower()
    if not _MARKS.keys().isdisjoint(map(ord, lower)):
        lower = lower.translate(_MARKS)
    if len(lower) != len(readable):
        lower = "".join(low if len(low := c.lower()) == 1 else c for c in readable)
    if not lower.isascii():
        pattern, words = _load_distinct_words()
        lower = strip_marks(pattern.sub(lambda found: words[found.group()], lower))
    pattern, words = _load_spellings()
    if any(word in lower for word in words):
        lower = pattern.sub(lambda found: words[found.group()], lower)
    if "ngxy" in lower:
        lower = _NOW_FOR_DAY.sub("ngay", lower)
    for slip, digit in _SLIPS:
        lower = slip.sub(digit, lower)
    return readable, lower


@dataclass(frozen=True, slots=True)
class _FormPiece:
    """A compiled part of a form: its regular expression, the words it may begin with, whether it may be empty."""

    source: str
    firsts: frozenset[str]
    empty: bool


class _FormCompiler:
    """Compiles one form of the mini-notation (see the head of deadlines.toml)."""

    def __init__(self, say: str, places: Mapping[str, str]) -> None:
        self._say, self._places, self._at = say, places, 0
        self.names: list[str] = []

    def compile_form(self) -> _FormPiece:
        piece = self._compile_choice("")
        if self._at != len(self._say):
            raise ValueError(f"form not understood at {self._at}: {self._say}")
        return piece

    def _compile_choice(self, closing: str) -> _FormPiece:
        """Alternatives up to `closing` (or the end of the form)."""
        branches = [self._compile_sequence(closing)]
        while self._at < len(self._say) and self._say[self._at] == "|":
            self._at += 1
            branches.append(self._compile_sequence(closing))
        firsts = frozenset().union(*(b.firsts for b in branches))
        return _FormPiece(
            "|".join(b.source for b in branches), firsts, any(b.empty for b in branches)
        )

    def _compile_sequence(self, closing: str) -> _FormPiece:
        pieces: list[_FormPiece] = []
        while self._at < len(self._say) and self._say[self._at] not in f"|{closing}":
            pieces.append(self._compile_piece())
        firsts: set[str] = set()
        for piece in pieces:
            firsts |= piece.firsts
            if not piece.empty:
                return _FormPiece("".join(p.source for p in pieces), frozenset(firsts), False)
        return _FormPiece("".join(p.source for p in pieces), frozenset(firsts), True)

    def _compile_piece(self) -> _FormPiece:
        say, at = self._say, self._at
        if say.startswith("(?", at):
            return self._compile_look_around()
        if say[at] in "([":
            closing = ")" if say[at] == "(" else "]"
            self._at += 1
            inner = self._compile_choice(closing)
            self._at += 1
            return _FormPiece(
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
            return _FormPiece(source, _find_first_words(source), False)
        word = _LITERAL.match(say, at)
        if word is None:
            if say[at] in "?*+":
                raise ValueError(f"{say[at]} means nothing in a form: {say}")
            self._at += 1
            return _FormPiece(
                " ?" if say[at] == " " else re.escape(say[at]), frozenset(), say[at] == " "
            )
        self._at = word.end()
        _, words = _load_distinct_words()
        literal = word.group().lower()
        if literal.isdigit():
            return _FormPiece(literal, frozenset({"0"}), False)
        kept = words.get(literal)
        bare = strip_marks(literal)
        source = f"(?:{kept}|{bare})" if kept else bare
        return _FormPiece(source, frozenset({kept, bare} if kept else {bare}), False)

    def _compile_look_around(self) -> _FormPiece:
        """A look-ahead or look-behind, written as a regular expression."""
        start, depth = self._at, 0
        while True:
            depth += {"(": 1, ")": -1}.get(self._say[self._at], 0)
            self._at += 1
            if depth == 0:
                source = self._say[start : self._at]
                return _FormPiece(re.sub(r"\((?!\?)", "(?:", source), frozenset(), True)


def _find_first_words(source: str) -> frozenset[str]:
    """The words that a place of [places] may begin with; "0" stands for digits."""
    alternatives = re.match(r"\(([^()]*)", _LOOK.sub("", source))
    words = {
        word[0]
        for a in (alternatives[1].split("|") if alternatives else [])
        if (word := re.match(r"[a-z]+", a))
    }
    return frozenset(words or {"0"})


class Scanner:
    """The forms of one grammar, arranged by the word they begin with, so that a scan is linear in the text."""

    def __init__(self, forms: Iterable[Mapping[str, Any]], places: Mapping[str, str]) -> None:
        """`forms` are tables with `kind` and `say` (deadlines.toml); `places` what may be filled in."""
        by_first: dict[str, list[tuple[Mapping[str, Any], str, list[str]]]] = {}
        for form in forms:
            for say in form["say"]:
                compiler = _FormCompiler(say, places)
                piece = compiler.compile_form()
                if re.compile(piece.source).groups != len(compiler.names):
                    raise ValueError(f"a place of this form is not one group: {say}")
                for first in piece.firsts:
                    by_first.setdefault(first, []).append((form, piece.source, compiler.names))
        self._by_first = {
            first: self._compile_forms(compiled) for first, compiled in by_first.items()
        }

    @staticmethod
    def _compile_forms(compiled: list[tuple[Mapping[str, Any], str, list[str]]]) -> _CompiledForms:
        alternatives: list[str] = []
        meaning: dict[str, tuple[Mapping[str, Any], list[tuple[str, int]]]] = {}
        group = 0
        for number, (form, source, names) in enumerate(compiled):
            alternatives.append(f"(?P<f{number}>{source}){_BOUNDARY}")
            meaning[f"f{number}"] = (form, [(name, group + 2 + i) for i, name in enumerate(names)])
            group += 1 + len(names)
        return re.compile("|".join(alternatives)), meaning

    def scan(self, folded: str) -> list[DeadlineToken]:
        """The tokens of `folded` from left to right; they do not overlap."""
        tokens: list[DeadlineToken] = []
        after = 0
        for word in _WORD.finditer(folded):
            at = word.start()
            text = word.group()
            key = text if text[0] > "9" else "0"
            if at < after or key not in self._by_first or (at and folded[at - 1].isalnum()):
                continue
            pattern, meaning = self._by_first[key]
            match = pattern.match(folded, at)
            if match is None or match.lastgroup is None:
                continue
            form, names = meaning[match.lastgroup]
            found = {
                name: value for name, group in names if (value := match.group(group)) is not None
            }
            tokens.append(DeadlineToken(form["kind"], at, match.end(), form, found))
            after = match.end()
        return tokens


@cache
def load_scanner() -> Scanner:
    """The scanner of the official forms (deadlines.toml)."""
    return Scanner(load_grammar()["form"], load_grammar()["places"])
