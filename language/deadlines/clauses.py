"""Cut a deadline cell into its clauses: bullets, numbered lines, sentences, brackets.

Not for what the words mean. The patterns are marks and units, no word lists to mend.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise

from language.deadlines.torn_words import mend_torn_quarters, mend_torn_words
from language.times.english_dates import write_english_dates
from language.times.scanner import DeadlineToken, fold_for_scan, load_scanner
from language.times.weekday_lists import spread_weekdays

# A bullet stands at the start or behind a blank: "1.", "a)", "(1)", "(i)", "I.", "-", "+", "•".
# It is free at the start, and where a sentence, a line or an announcement ended just before it.
_BULLET = re.compile(
    r"(?<![^ ])(?P<free>\A|(?<=[;.:/] ))?"
    r"(?:(?P<roman>[ivx]{1,4}\.(?= ))|(?P<dash>[-+–])|(?P<dot>[*•·▪])|—"
    r"|\d{1,2}[.)]|\(\d{1,2}\)|\((?:[a-z]|[ivx]{1,4})\)|[a-z]\))(?:(?P<blank> )(?=\S)|(?=[^\W\d_]))"
)
_DASHES = ("-", "–", "+")
_LINE_OF_BULLET = re.compile(r"\n[ \t]*(?=(?:\(?\d{1,2}[.)]|\(?[a-z]\)|[-+*•–—·▪])[ \t]*\w)")
_TIME = re.compile(r"quy |thang |nam |[tq]\.?\d|q\.?[iv]|[ivx]{1,4}(?=[ /,.;)-]|$)")
# Bullets that stand in lines of their own: a dash within one joins two times.
_BULLET_AFTER_BREAK = re.compile(r"[;/] ?[-–+](?= ?\w)")
_TIME_WITH_YEAR = re.compile(
    r"(?:quy|thang) ?[a-z0-9]{1,3} ?(?:[/-]|nam|, ?nam) ?(?:19|20)\d\d|[ivx]{1,4}(?=[ /,.;)-]|$)"
)
_YEAR_BEFORE = re.compile(r"(?<=(?:19|20)\d\d )|(?<=(?:19|20)\d\d\W )")
_CLAUSE_END = re.compile(r"; ?|(?<![^ ])/ (?=\D)|(?<=(?P<last>[\w)\"”]))\. (?=\S)")
_BLANKS_AND_MARKS = 4  # times: how much longer a text is before blanks and marks are joined
_SEMICOLON = re.compile(r" ?; ?")
_LIST_GOES_ON = re.compile(r" ?(?:[;.,)]|$|(?:hang|moi) nam)")
_BRACKET = re.compile(r"[()]")
_OPENING = re.compile(r"[^\w(]{0,2}(?=\()")


@dataclass(slots=True)
class Clause:
    """A clause as places in the cell, its tokens outside brackets, and its brackets as clauses."""

    start: int
    end: int
    tokens: list[DeadlineToken] = field(default_factory=list)
    brackets: list["Clause"] = field(default_factory=list)

    def sort_brackets(self) -> dict[int, "Clause"]:
        """Return the brackets by the places at which they open."""
        return {bracket.start: bracket for bracket in self.brackets}


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
    too_long = len(readable) > longest or bool(text[behind:].strip())
    readable, folded = readable[:longest], folded[:longest]
    marks = list(_find_bullets(readable, folded))
    folded = _blank_marks(folded, marks)
    tokens = spread_weekdays(folded, load_scanner().scan(folded))
    brackets = _find_brackets(folded)
    ends = list(_find_clause_ends(readable, folded))
    if ends:
        whole = [*brackets, *((token.start, token.end) for token in tokens)]
        inside = {place for start, end in whole for place in range(start + 1, end)}
        inside |= _find_list_semicolons(folded, tokens)
        ends = [end for end in ends if end not in inside]
    cuts = sorted({0, *(start for start, _ in marks), *ends, len(folded)})
    return DeadlineCell(readable, folded, list(_make_clauses(cuts, tokens, brackets))), too_long


def find_bracket(by_start: dict[int, Clause], folded: str, place: int) -> Clause | None:
    """Return the bracket that opens right behind a place, at most a mark and a blank away."""
    opening = _OPENING.match(folded, place) if by_start else None
    return by_start.get(opening.end()) if opening else None


def mend_sentence(text: str) -> str:
    """Return a sentence normalised, with the words of time that scanning tore whole again."""
    readable, _ = mend_torn_words(*fold_for_scan(mend_torn_quarters(text)))
    return readable


def _find_list_semicolons(folded: str, tokens: list[DeadlineToken]) -> set[int]:
    """Return the places behind semicolons that part the days of a list: "trước 15/3; 15/6".

    Weekdays too: "thứ 2; thứ 5 hằng tuần".
    """
    found: set[int] = set()
    ends: set[int] = set()  # of ranges: "đến ngày 20/3" begins no list
    for left, right in pairwise(tokens):
        if left.kind == "preposition" and left.form["role"] == "to":
            ends.add(right.start)
        if left.kind != right.kind or not _SEMICOLON.fullmatch(folded, left.end, right.start):
            continue
        is_day = right.kind == "day" and left.start not in ends
        if right.kind == "weekday" or (is_day and _goes_on(folded, left, right)):
            found.add(right.start)
    return found


def _goes_on(folded: str, left: DeadlineToken, right: DeadlineToken) -> bool:
    """Return whether the second day is one of a list; "15/6; ngày 20/7/2026" begins anew."""
    dated = "y" in right.values and "y" not in left.values
    anew = dated and folded.startswith("ngay", right.start)
    return not anew and _LIST_GOES_ON.match(folded, right.end) is not None


def _find_bullets(readable: str, folded: str) -> Iterator[tuple[int, int]]:
    """Yield the places of the marks of bullets and numbered lines."""
    dashed = folded.startswith(_DASHES)
    parted = _BULLET_AFTER_BREAK.search(folded) is not None
    opening = _BULLET.match(folded)
    numbered = opening is not None and not opening["dash"]
    roman = opening is not None and opening["roman"] and readable[: opening.end()].isupper()
    for mark in _BULLET.finditer(folded):
        start, end = mark.span()
        free = mark["free"] is not None
        if mark["roman"] and readable[start:end].isupper() and not (roman and free):
            continue  # "Quý I. Quý II" are no numbers of bullets
        inline = dashed or mark["blank"] if mark["dash"] else numbered
        if inline and mark["dash"] and _is_time_at(folded, end):
            inline = dashed and not parted and not _is_range_at(folded, start, end)
        if free or mark["dot"] or (inline and readable[end].isupper()):
            yield start, end


def _is_time_at(folded: str, at: int) -> bool:
    """Return whether a quarter, month or year begins here: a dash before it joins two times."""
    return _TIME.match(folded, at) is not None


def _is_range_at(folded: str, start: int, end: int) -> bool:
    """Return whether a dash joins a time to one without a year: "- Quý II - Quý IV/2026"."""
    dated = _TIME_WITH_YEAR.match(folded, end) is not None
    return dated and _YEAR_BEFORE.match(folded, start) is None


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
        abbreviated = end["last"] and readable[end.start("last")].isupper()
        if abbreviated or (end["last"] and not readable[end.end()].isupper()):
            continue  # "TP. Huế", "ngày 1. 2"
        yield end.end()


def _find_brackets(folded: str) -> list[tuple[int, int]]:
    """Return the outermost brackets as (start, end); one that is not closed ends with the text."""
    found: list[tuple[int, int]] = []
    opened: list[int] = []
    for bracket in _BRACKET.finditer(folded):
        if bracket.group() == "(":
            opened.append(bracket.start())
        elif opened:
            start = opened.pop()
            if not opened:
                found.append((start, bracket.end()))
    if opened:
        found.append((opened[0], len(folded)))
    return found


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
