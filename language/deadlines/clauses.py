"""Cut a deadline cell into its clauses: bullets, numbered lines, sentences, brackets.

Not for what the words mean. The patterns are marks and units, no word lists to mend.
"""

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise

from language.deadlines.torn_words import mend_torn_quarters, mend_torn_words
from language.times.english_dates import write_english_dates
from language.times.scanner import DeadlineToken, fold_for_scan, load_scanner
from language.times.weekday_lists import spread_weekdays

# A bullet stands at the start or behind a blank: "1.", "a)", "(1)", "(i)", "I.", "-", "+", "•".
_BULLET = re.compile(
    r"(?<![^ ])(?:\d{1,2}[.)]|\(\d{1,2}\)|\((?:[a-z]|[ivx]{1,4})\)|[a-z]\)|[ivx]{1,4}\.(?= )"
    r"|[-+*•–—·▪])(?: (?=\S)|(?=[^\W\d_]))"
)
_LINE_OF_BULLET = re.compile(r"\n[ \t]*(?=(?:\(?\d{1,2}[.)]|\(?[a-z]\)|[-+*•–—·▪])[ \t]*\w)")
_TIME = re.compile(r"quy |thang |nam |[tq]\.?\d|q\.?[iv]|[ivx]{1,4}(?=[ /,.-]|$)")
# Bullets that stand in lines of their own: a dash within one joins two times.
_BULLET_AFTER_BREAK = re.compile(r"[;/] ?[-–+](?= ?\w)")
_TIME_WITH_YEAR = re.compile(
    r"(?:quy|thang) ?[a-z0-9]{1,3} ?(?:[/-]|nam|, ?nam) ?(?:19|20)\d\d|[ivx]{1,4}(?=[ /,.-]|$)"
)
_YEAR_AT_END = re.compile(r"(?:19|20)\d\d\W*$")
_BEFORE_BULLET = frozenset(";.:/")  # a sentence, a line or an announcement ended just before it
_ALWAYS_BULLETS = frozenset("*•·▪")
_CLAUSE_END = re.compile(r"; ?|(?<![^ ])/ (?=\D)|(?<=[\w)\"”])\. (?=\S)")
_BLANKS_AND_MARKS = 4  # times: how much longer a text is before blanks and marks are joined
_SEMICOLON = re.compile(r" ?; ?")
_LIST_GOES_ON = re.compile(r" ?(?:[;.,)]|$|(?:hang|moi) nam)")
_BRACKET = re.compile(r"[()]")


@dataclass(slots=True)
class Clause:
    """A clause as places in the cell, its tokens outside brackets, and its brackets as clauses."""

    start: int
    end: int
    tokens: list[DeadlineToken] = field(default_factory=list)
    brackets: list["Clause"] = field(default_factory=list)


@dataclass(slots=True)
class DeadlineCell:
    """A deadline cell: readable and folded text of one length, and its clauses."""

    readable: str
    folded: str
    clauses: list[Clause]


def cut_cell(text: str, longest: int) -> tuple[DeadlineCell, bool]:
    """Return (`text` as a cell of clauses, whether it had over `longest` characters).

    What stands behind that many characters is left away. The time is linear in the length.
    """
    behind = _BLANKS_AND_MARKS * longest
    near = write_english_dates(mend_torn_quarters(text[:behind]))
    readable, folded = fold_for_scan(_LINE_OF_BULLET.sub(" / ", near) if "\n" in near else near)
    readable, folded = mend_torn_words(readable, folded)
    too_long = len(readable) > longest or (len(text) > behind and not text[behind:].isspace())
    readable, folded = readable[:longest], folded[:longest]
    marks = list(_find_bullets(readable, folded))
    folded = _blank_marks(folded, marks)
    tokens = spread_weekdays(folded, load_scanner().scan(folded))
    brackets = _find_brackets(folded)
    ends = list(_find_clause_ends(readable, folded))
    if ends:
        inside = _Stretches([(t.start, t.end) for t in tokens] + brackets)
        listed = _find_list_semicolons(folded, tokens)
        ends = [end for end in ends if end not in listed and not inside.is_inside(end)]
    cuts = sorted({0, *(start for start, _ in marks), *ends, len(folded)})
    return DeadlineCell(readable, folded, list(_make_clauses(cuts, tokens, brackets))), too_long


def mend_sentence(text: str) -> str:
    """Return a sentence normalised, with the words of time that scanning tore whole again."""
    return mend_torn_words(*fold_for_scan(mend_torn_quarters(text)))[0]


def _find_list_semicolons(folded: str, tokens: list[DeadlineToken]) -> set[int]:
    """Return the places behind semicolons that part the days of a list: "trước 15/3; 15/6".

    Weekdays too: "thứ 2; thứ 5 hằng tuần".
    """
    found: set[int] = set()
    ends: set[int] = set()  # of ranges: "đến ngày 20/3" begins no list
    for left, right in pairwise(tokens):
        if left.kind == "preposition" and left.form["role"] == "to":
            ends.add(right.start)
        if left.kind == right.kind == "weekday" and _SEMICOLON.fullmatch(
            folded, left.end, right.start
        ):
            found.add(right.start)
        if not left.kind == right.kind == "day" or left.start in ends:
            continue
        dated = "y" in right.values and "y" not in left.values
        if dated and folded.startswith("ngay", right.start):
            continue  # "15/6; ngày 20/7/2026" begins anew
        if not _SEMICOLON.fullmatch(folded, left.end, right.start):
            continue
        if _LIST_GOES_ON.match(folded, right.end):
            found.add(right.start)
    return found


class _Stretches:
    """Stretches of text in order, so that the one that holds a place is found fast."""

    def __init__(self, stretches: list[tuple[int, int]]) -> None:
        self._stretches = sorted(stretches)
        self._starts = [start for start, _ in self._stretches]

    def is_inside(self, place: int) -> bool:
        """Return whether `place` lies within a stretch, not at its ends."""
        at = bisect_right(self._starts, place) - 1
        return any(start < place < end for start, end in self._stretches[max(0, at - 1) : at + 1])


def _find_bullets(readable: str, folded: str) -> Iterator[tuple[int, int]]:
    """Yield the places of the marks of bullets and numbered lines."""
    dashed, numbered, roman = folded[:1] in ("-", "–", "+"), False, False
    parted = _BULLET_AFTER_BREAK.search(folded) is not None
    for mark in _BULLET.finditer(folded):
        start, end = mark.span()
        before = folded[start - 2] if start > 1 else ""
        first = mark.group()[0]
        if first in "ivx" and mark.group().startswith(".", -2) and readable[start].isupper():
            roman = roman or start == 0
            if not roman or (before not in _BEFORE_BULLET and start > 0):
                continue  # "Quý I. Quý II" are no numbers of bullets
        inline = first in "-–+" and (end - start == 2 or dashed) and readable[end].isupper()
        if inline and _is_time_at(folded, end):
            inline = dashed and not parted and not _is_range_at(folded, start, end)
        inline = inline or (numbered and first not in "-–+" and readable[end].isupper())
        numbered = numbered or (start == 0 and first not in "-–+")
        if start == 0 or before in _BEFORE_BULLET or first in _ALWAYS_BULLETS or inline:
            yield start, end


def _is_time_at(folded: str, at: int) -> bool:
    """Return whether a quarter, month or year begins here: a dash before it joins two times."""
    return _TIME.match(folded, at) is not None


def _is_range_at(folded: str, start: int, end: int) -> bool:
    """Return whether a dash joins a time to one without a year: "- Quý II - Quý IV/2026"."""
    if _TIME_WITH_YEAR.match(folded, end) is None:
        return False
    return not _YEAR_AT_END.search(folded, max(0, start - 8), start)


def _blank_marks(folded: str, marks: list[tuple[int, int]]) -> str:
    """Return `folded` with blanks for its marks, so that "1. 12/2026" is not read as a day."""
    pieces, after = [], 0
    for start, end in marks:
        pieces += [folded[after:start], " " * (end - start)]
        after = end
    return "".join([*pieces, folded[after:]])


def _find_clause_ends(readable: str, folded: str) -> Iterator[int]:
    """Yield the ends of clauses: behind ";", " / ", and a full stop before a capital."""
    for end in _CLAUSE_END.finditer(folded):
        stop = end.group()[0] == "."
        if stop and (not readable[end.end()].isupper() or readable[end.start() - 1].isupper()):
            continue  # "ngày 1. 2", "TP. Huế"
        yield end.end()


def _find_brackets(folded: str) -> list[tuple[int, int]]:
    """Return the outermost brackets as (start, end); one that is not closed ends with the text."""
    found, depth, start = [], 0, 0
    for bracket in _BRACKET.finditer(folded):
        if bracket.group() == "(":
            start = start if depth else bracket.start()
            depth += 1
        elif depth:
            depth -= 1
            if depth == 0:
                found.append((start, bracket.end()))
    return [*found, (start, len(folded))] if depth else found


def _make_clauses(
    cuts: list[int], tokens: list[DeadlineToken], brackets: list[tuple[int, int]]
) -> Iterator[Clause]:
    """Yield the stretches between `cuts`, each with its tokens and brackets."""
    token_at = bracket_at = 0
    for start, end in pairwise(cuts):
        clause = Clause(start, end)
        while bracket_at < len(brackets) and brackets[bracket_at][0] < end:
            clause.brackets.append(Clause(*brackets[bracket_at]))
            bracket_at += 1
        within = 0
        while token_at < len(tokens) and tokens[token_at].start < end:
            token = tokens[token_at]
            while within < len(clause.brackets) and clause.brackets[within].end <= token.start:
                within += 1
            inside = within < len(clause.brackets) and clause.brackets[within].start <= token.start
            (clause.brackets[within] if inside else clause).tokens.append(token)
            token_at += 1
        yield clause
