"""Words of time in Vietnamese text: the tokens that the forms of deadlines.toml find.

Not for what the words mean together: that is `language.deadlines` and `windows`.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from language.text import normalise, strip_marks
from language.times.grammar import FormCompiler, load_distinct_words, load_grammar, load_spellings
from language.times.numbers import has_other_digits, read_number_text

_WORD = re.compile(r"[a-z]+|\d+")
_BOUNDARY = "(?:(?<![a-z0-9])|(?![a-z0-9]))"
_MARKS = str.maketrans("‐‑‒−∕⁄／", "----///")  # hyphens and slashes that word processors put
_BAR = re.compile(r"(?<=[a-z0-9])\|(?=\d)")  # "I|2026": a slash
_SLIPS = (  # letters that scanning puts for digits: "O1/12", "l5/6", "3l/12", "2O26"
    (re.compile(r"(?<![a-z0-9])o(?=\d)|(?<=\d)o(?=[\d/])"), "0"),
    (
        re.compile(
            r"[li](?:(?<![a-z0-9].)(?=\d? ?/ ?\d)|(?<=/.)(?=\d)"
            r"|(?<=(?<!\d)[0-3].)(?= ?/ ?\d)|(?<=/[01].)(?= ?/ ?20))"
        ),
        "1",
    ),
)
# "trước ngay 15/9": a day ("ngày"), not "at once" ("ngay"), which [distinct] spells "ngxy".
_NOW_FOR_DAY = re.compile(r"\bngxy(?= ?\d{1,2}(?: ?[/.-] ?\d| thang))")

_FormSource = tuple[Mapping[str, Any], str, list[str]]  # a form, its expression, its places
_CompiledForms = tuple[re.Pattern[str], dict[str, tuple[Mapping[str, Any], list[tuple[str, int]]]]]


@dataclass(frozen=True, slots=True)
class DeadlineToken:
    """One word of time: its kind and place, its form, the values of the form's places."""

    kind: str
    start: int
    end: int
    form: Mapping[str, Any]
    values: Mapping[str, str]

    def read_number(self, place: str) -> int | None:
        """Return the whole number at `place` of the form; None if there is none."""
        text = self.values.get(place)
        return None if text is None else read_number_text(text)

    @property
    def has_other_digits(self) -> bool:
        """Whether a number in words disagrees with the digits behind it: "ba mươi (20) ngày"."""
        return any("(" in text and has_other_digits(text) for text in self.values.values())


def fold_for_scan(text: str) -> tuple[str, str]:
    """Return `text` normalised as (readable, folded), of one length: places in both are the same.

    Folded is lower case without marks; words that only their marks tell apart have spellings of
    their own ("sáu" is "sxu", "sau" stays).
    """
    readable = normalise(text)
    lower = readable.lower()
    if not _MARKS.keys().isdisjoint(map(ord, lower)):
        lower = lower.translate(_MARKS)
    if len(lower) != len(readable):
        lower = "".join(low if len(low := c.lower()) == 1 else c for c in readable)
    if not lower.isascii():
        pattern, words = load_distinct_words()
        lower = strip_marks(pattern.sub(lambda found: words[found.group()], lower))
    pattern, words = load_spellings()
    if any(word in lower for word in words):
        lower = pattern.sub(lambda found: words[found.group()], lower)
    if "ngxy" in lower:
        lower = _NOW_FOR_DAY.sub("ngay", lower)
    if "|" in lower:
        lower = _BAR.sub("/", lower)
    for slip, digit in _SLIPS:
        lower = slip.sub(digit, lower)
    return readable, lower


class Scanner:
    """The forms of one grammar by their first word, so that a scan is linear in the text."""

    def __init__(self, forms: Iterable[Mapping[str, Any]], places: Mapping[str, str]) -> None:
        """Sort `forms`, tables with `kind` and `say`, and the `places` that may stand in them.

        Raise ValueError if a form does not follow the notation.
        """
        self._by_first: dict[str, list[_FormSource]] = {}
        for form in forms:
            for say in form["say"]:
                compiler = FormCompiler(say, places)
                piece = compiler.compile_form()
                for first in piece.firsts:
                    sources = self._by_first.setdefault(first, [])
                    sources.append((form, piece.source, compiler.names))
        self._compiled: dict[str, _CompiledForms] = {}  # those of the words met so far

    def _compile_forms(self, first: str) -> _CompiledForms:
        alternatives: list[str] = []
        meaning: dict[str, tuple[Mapping[str, Any], list[tuple[str, int]]]] = {}
        group = 0
        for number, (form, source, names) in enumerate(self._by_first[first]):
            # The empty group tells which form matched. Behind the form it lets `re` see how each
            # begins, and try only those that can match.
            alternatives.append(f"(?:{source}){_BOUNDARY}(?P<f{number}>)")
            meaning[f"f{number}"] = (form, [(name, group + 1 + i) for i, name in enumerate(names)])
            group += len(names) + 1
        pattern = re.compile("|".join(alternatives))
        if pattern.groups != group:
            raise ValueError(f"a place of a form that begins with {first} is not one group")
        self._compiled[first] = pattern, meaning
        return pattern, meaning

    def scan(self, folded: str) -> list[DeadlineToken]:
        """Return the tokens of `folded` from left to right; they do not overlap."""
        tokens: list[DeadlineToken] = []
        after = 0
        for word in _WORD.finditer(folded):
            at = word.start()
            text = word.group()
            key = text if text[0] > "9" else "0"
            if at < after or key not in self._by_first or (at and folded[at - 1].isalnum()):
                continue
            pattern, meaning = self._compiled.get(key) or self._compile_forms(key)
            match = pattern.match(folded, at)
            if match is None or match.lastgroup is None:
                continue
            form, names = meaning[match.lastgroup]
            values = {name: value for name, group in names if (value := match[group]) is not None}
            tokens.append(DeadlineToken(form["kind"], at, match.end(), form, values))
            after = match.end()
        return tokens


@cache
def load_scanner() -> Scanner:
    """Return the scanner of the official forms (deadlines.toml)."""
    return Scanner(load_grammar()["form"], load_grammar()["places"])
