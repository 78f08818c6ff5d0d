"""Write what stands in capitals as people write names: "UBND CÁC XÃ, PHƯỜNG" in small letters."""

import re
from functools import cache
from itertools import pairwise

from language.text import fold
from language.typing_slips import is_syllable
from locales.data import load_data
from plans.tables.columns import load_column_words

_LONGEST_ABBREVIATION = 5  # letters; longer ones are in columns.toml
_WORD = re.compile(r"[^\W\d_]+")
_NUMERAL = re.compile(r"X?(?:I{2,3}|IV|VI{2,3}|IX)")  # "VI" and "XI" are words, too


def lower_capitals(text: str) -> str:
    """Return a name in capitals as the state writes it, other texts unchanged.

    The kind of the body and its field begin with a capital ("Phòng Kinh tế"), the words of a place
    all do. Words that no name begins with ("CÁC", "XÃ") are small, abbreviations stay. A bracket
    behind the name stays as it is.
    """
    if not text.isupper():
        name, bracket, rest = text.partition("(")
        return lower_capitals(name) + bracket + rest if name.isupper() and bracket else text
    heading = load_column_words()["heading"]
    kept = "|".join(heading["abbreviations"])
    small = "|".join(map(re.escape, heading["small_words"]))
    pattern = re.compile(rf"\b(?:({kept})|({small})|([^\W\d_]+))\b", re.IGNORECASE)
    pieces: list[str] = []
    end, before, in_place = 0, "", False
    while found := pattern.search(text, end):
        gap = text[end : found.start()]
        before, in_place = ("", False) if gap.strip() else (before, in_place)
        if found[2] and _begins_compound(text, found):
            found = _WORD.search(text, found.start()) or found
            written = _write_word(found[0], before)
        elif found[2]:
            written = found[2].lower()
            in_place = written in load_data("agencies")["level_names"]
        elif found.lastindex == 1:
            written, in_place = found[1].upper(), False
        else:
            written = _write_word(found[0], "" if in_place else before)
        before = found[0].lower()
        pieces += (gap, written)
        end = found.end()
    return "".join(pieces) + text[end:]


def _begins_compound(text: str, found: re.Match[str]) -> bool:
    """Return whether a small word begins a longer one: "XÃ" in "XÃ HỘI"."""
    follows = re.match(r" ([^\W\d_]+)", text[found.end() :])
    return follows is not None and (found[0].lower(), follows[1].lower()) in _list_pairs()


def _write_word(word: str, before: str) -> str:
    """Return a word of a name as it is written behind the word `before`, "" at its beginning."""
    if _is_abbreviation(word) or _NUMERAL.fullmatch(word):
        return word
    return word.lower() if (before, word.lower()) in _list_pairs() else word.capitalize()


@cache
def _list_pairs() -> frozenset[tuple[str, str]]:
    """Return the words that are small behind another one, as the names of agencies have them."""
    agencies = load_data("agencies")["agency"]
    names = [name for one in agencies for name in (one["name"], *one.get("names", ()))]
    pairs = [
        (before.lower(), word)
        for name in names
        if name[0].isupper()
        for before, word in pairwise(re.findall(r"[^\W\d_]+|[^\w\s]", name))
        if word.islower()
    ]
    heading = load_column_words()["heading"]
    single = set(heading["small_words"]) - set(load_data("agencies")["level_names"])
    pairs = [pair for pair in pairs if pair[0] not in single]
    return frozenset(
        [*pairs, *(pair for one in heading["compounds"] for pair in pairwise(one.split()))]
    )


def _is_abbreviation(word: str) -> bool:
    """Return whether a short word is none that one could say: "TNHH", "BIDV", but not "ANA"."""
    letters = word.replace("Đ", "D")
    short = letters.isascii() and len(letters) <= _LONGEST_ABBREVIATION
    return short and not _can_be_said(fold(word))


def _can_be_said(folded: str) -> bool:
    """Return whether a word is made of syllables."""
    return is_syllable(folded) or any(
        is_syllable(folded[:place]) and _can_be_said(folded[place:])
        for place in range(1, len(folded))
    )
