"""What the words of one item in a cell of agencies tell, without the directory of agencies."""

import re
from collections.abc import Sequence

from language.agencies.tables import load_agency_tables
from language.text import normalise
from language.tokens import AND, WordToken, split_words

SEPARATOR = re.compile(r"[,;:\n/+•|]|(?:^|\s)[-–—*](?:\s|$)|[–—]|\.\s")
_JOINT = re.compile(r"\s*[-–&,]?\s*")
_EDGE_MARKS = " \t\n-–—*•+.,;:/|…"


def is_field_of_room(tokens: Sequence[WordToken], start: int, at: int) -> bool:
    """Return whether a field ends the name of a room: "Phòng Tổ chức - Pháp chế"."""
    words = load_agency_tables().cell_words
    if (tokens[start].folded,) not in words["rooms"]:
        return False
    end = at + count_phrase_words(tokens, at, words["fields"])
    is_end = end >= len(tokens) or bool(SEPARATOR.search(tokens[end].gap))
    return at - start > 1 and end > at and is_end


def ends_name_of_several(tokens: Sequence[WordToken], start: int, at: int) -> bool:
    """Return whether what begins like an agency at `at` ends the name from word `start`.

    So do settlements with one head ("Trưởng các thôn, bản"), the people for whom a body is
    there ("Cục Nhà giáo và Cán bộ ..."), and the zones of a board.
    """
    words = load_agency_tables().cell_words
    first = at + (tokens[at].folded == "cac")
    if count_phrase_words(tokens, first, words["settlements"]):
        end = at - (tokens[at - 1].folded == AND)
        is_listed = any(
            count_phrase_words(tokens, one, words["settlements"]) == end - one
            for one in range(max(start, end - 3), end)
        )
        return is_listed and not tokens[at].has_capital
    if tokens[at - 1].folded != AND:
        return False
    if tokens[at].has_capital and count_phrase_words(tokens, at, words["persons"]):
        return True
    is_zone = bool(count_phrase_words(tokens, first, words["zones"]))
    return is_zone and bool(count_phrase_words(tokens, start, words["zone_boards"]))


def is_inside_name(tokens: Sequence[WordToken], at: int) -> bool:
    """Return whether word `at` goes on with a phrase of names ("dự án đầu tư xây dựng")."""
    phrases = load_agency_tables().cell_words["kept"]
    folded = [t.folded for t in tokens[max(at - 3, 0) : at + 3]]
    middle = min(at, 3)
    return any(
        tuple(folded[start : start + len(phrase)]) == phrase
        for phrase in phrases
        for start in range(middle - len(phrase) + 1, middle)
        if start >= 0
    )


def count_phrase_words(
    tokens: Sequence[WordToken], at: int, phrases: frozenset[tuple[str, ...]]
) -> int:
    """Return how many words the longest of `phrases` at `at` has; 0 if there is none."""
    words = tuple(t.folded for t in tokens[at : at + 4])
    return next((size for size in range(len(words), 0, -1) if words[:size] in phrases), 0)


def find_joint_office_end(tokens: Sequence[WordToken], at: int) -> int | None:
    """Return the word behind an office of two bodies ("Văn phòng HĐND và UBND xã"), or None.

    It is one agency, of the level or place that follows, and none of the two bodies.
    """
    for office in load_agency_tables().cell_words["joint_offices"]:
        words, end = list(office), at
        while words and end < len(tokens):
            if tokens[end].folded == words[0]:
                words.pop(0)
            elif end == at or tokens[end].folded != AND:
                break
            if end > at and not _JOINT.fullmatch(tokens[end].gap):
                break
            end += 1
        if not words:
            return end
    return None


def fold_without_and(tokens: Sequence[WordToken]) -> tuple[str, ...]:
    """Return the folded words without "và"."""
    return tuple(token.folded for token in tokens if token.folded != AND)


def is_made_of(words: Sequence[str], phrases: frozenset[tuple[str, ...]]) -> bool:
    """Return whether the words are nothing but these phrases, one after the other."""
    at = 0
    while at < len(words):
        size = next(
            (
                n
                for n in range(min(6, len(words) - at), 0, -1)
                if tuple(words[at : at + n]) in phrases
            ),
            0,
        )
        if not size:
            return False
        at += size
    return True


def write_out_name(tidy: str) -> str:
    """Return an unknown name, tidied, as the registry keeps it.

    Abbreviations are expanded, and it begins with a capital letter.
    """
    tokens = split_words(tidy)
    out: list[str] = []
    at = 0
    while at < len(tokens):
        for size in (4, 3, 2, 1):
            part = tokens[at : at + size]
            long = (
                load_agency_tables().abbreviations.get(fold_without_and(part))
                if len(part) == size and AND not in (part[0].folded, part[-1].folded)
                else None
            )
            if long and (size > 1 or part[0].text.isupper()):
                out.append((tokens[at].gap if out else "") + long)
                at += size
                break
        else:
            out.append((tokens[at].gap if out else "") + tokens[at].text)
            at += 1
    tidy = normalise("".join(out)).strip(_EDGE_MARKS)
    return tidy[:1].upper() + tidy[1:]
